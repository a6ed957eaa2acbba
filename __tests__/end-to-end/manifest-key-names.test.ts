import { describe, expect, test } from '@jest/globals'
import { readActionFile } from '../../sandbox/runner.ts'
import { onlyError, play, refusal } from './helpers.ts'
import {
  addKey,
  DEPLOY,
  expectHolds,
  expectNothingChanged,
  expectSecret,
  expectWellFormed,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  rotated,
  statusesOf,
} from './manifest.ts'

describe('which keys there are', () => {
  test('keys in no entry are told with the age of their tokens', () =>
    play(async (scene) => {
      addKey(scene, 'Unlisted key', 'X', { ageDays: 200 })
      const result = await reconcile(scene, manifestOf(DEPLOY))
      expect(result.exitCode).toBe(0)
      expect(result.log.join('\n')).toMatch(
        /2 keys in no entry of the manifest:[\s\S]*"Unlisted key" \(.+\): the token is 200 days old/,
      )
      expect(result.summary).toContain('2 keys in no entry of the manifest')
      expect(result.summary).toMatch(/\| Unlisted key \| .* \| 200 days \|/)
      expect(result.summary).not.toMatch(/\| CI deploy key \| \S+ \| \d+ days \|/)
    }))

  test('two entries that come to one key by its name and its id are one mistake, told once', () =>
    play(async (scene) => {
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf(
        DEPLOY,
        { name: 'Second key', secret: 'SECOND_KEY' },
        { id: scene.key.id, secret: 'OTHER' },
      )
      const result = await reconcile(scene, yaml)
      expect(statusesOf(result)).toEqual(['CI deploy key: failed', 'Second key: rotated', 'CI deploy key: failed'])
      expect(onlyError(result)).toMatch(
        /"CI deploy key" .*the entries on lines 2 and 4 of the manifest are both about it/,
      )
      expect(rotated(scene)).toEqual([second.id])
      expectSecret(scene, scene.secret, scene.key.token)
      expectHolds(scene, second.id, 'SECOND_KEY')
    }))

  test.each(['key-id', 'key-name'])('so are they when %s picks the key', (input) =>
    play(async (scene) => {
      const yaml = manifestOf(DEPLOY, { id: scene.key.id, secret: 'OTHER' })
      const result = await reconcile(scene, yaml, {
        with: { [input]: input === 'key-id' ? scene.key.id : 'CI deploy key' },
      })
      expect(statusesOf(result)).toEqual(['CI deploy key: failed'])
      expect(onlyError(result)).toMatch(/the entries on lines 2 and 3 of the manifest are both about it/)
    }),
  )

  test('a name that two keys carry is an error that lists their ids', () =>
    play(async (scene) => {
      const [first, second] = [addKey(scene, 'Twin', 'TWIN_A'), addKey(scene, 'Twin', 'TWIN_B')]
      const yaml = manifestOf({ name: 'Twin', secret: 'TWIN_A' }, DEPLOY)
      const result = await reconcile(scene, yaml)
      const error = onlyError(result)
      expect(error).toContain(`2 keys carry this name: ${first.id}, ${second.id}`)
      expect(error).toContain('as "id"')
      expect(rotated(scene)).toEqual([scene.key.id])
      // An entry is about one of them.
      expect(result.log.join('\n')).not.toMatch(/"Twin" \(.+\): the token is/)
    }))

  test.each([{ create: true, roles: ['viewer'] }, { state: 'absent' }])(
    'neither is one of two keys of a name guessed at: %j',
    (more) =>
      play(async (scene) => {
        const [first, second] = [addKey(scene, 'Twin', 'TWIN_A'), addKey(scene, 'Twin', 'TWIN_B')]
        const result = await reconcile(scene, manifestOf({ name: 'Twin', secret: 'TWIN_A', ...more }))
        expect(onlyError(result)).toContain(`2 keys carry this name: ${first.id}, ${second.id}`)
        expectNothingChanged(scene)
      }),
  )

  test('an unknown name suggests near ones', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, name: 'CI deploi key' }))
      expect(onlyError(result)).toContain(`Did you mean "CI deploy key" (${scene.key.id})?`)
      expectNothingChanged(scene)
    }))
})

describe('text from outside stays text', () => {
  const NASTY =
    '::error::x\n::set-output name=a::b ##[add-mask]octo <img src=x onerror=alert(1)> | [a](http://evil) `b` @all </details>'

  test('the name of a key forges no command and no Markdown, in an entry and in none', () =>
    play(async (scene) => {
      const { id } = addKey(scene, NASTY, 'NASTY')
      addKey(scene, `${NASTY} twice`, 'TWICE')
      const other = addKey(scene, `${NASTY} refused`, 'REFUSED')
      scene.incident.faults.add({ path: new RegExp(`${other.id}/actions`), fault: refusal(403) })
      const yaml = manifestOf({ id, secret: 'NASTY', roles: [] }, { id: other.id, secret: 'REFUSED' })
      const result = await reconcile(scene, yaml)
      expect(result.annotations.map(({ level }) => level).sort()).toEqual(['error', 'warning'])
      expect(onlyError(result)).toMatch(/^Could not rotate the API key "::error::x\\n::set-output/)
      expect(keysOf(result)[0]).toMatchObject({ name: NASTY, status: 'rotated' })
      expect(matrixOf(result)).toContain(NASTY)
      expect(Object.keys(result.outputs).sort()).toEqual([
        'destinations',
        'due',
        'keys',
        'matrix',
        'rotated',
        'runs-at-risk',
        'status',
      ])
      const lines = result.raw.split('\n')
      expect(lines.filter((line) => line.includes('##[') && !/^::(group|warning|error)::/.test(line))).toEqual([])
      expect(new Set(lines.flatMap((line) => /^::([\w-]+)/.exec(line)?.[1] ?? []))).toEqual(
        new Set(['add-mask', 'group', 'endgroup', 'warning', 'error']),
      )
      // Markdown is not read in a title (https://github.github.com/gfm/#html-blocks), and HTML is.
      const titles = [...result.summary.matchAll(/<summary>(.*)<\/summary>/g)].map(([, title = '']) => title)
      expect(titles).toHaveLength(3)
      for (const title of titles) expect(title).not.toMatch(/[<>]|@all|:\/\//)
      const markdown = result.summary.replace(/<summary>.*<\/summary>/g, '')
      expect(markdown).not.toMatch(/<img|(?<!\\)\]\(|(?<!\\)`b|@all/)
      expectWellFormed(result.summary)
    }))

  test('one alone forges no output either', () =>
    play(async (scene) => {
      const { id } = addKey(scene, NASTY, 'NASTY')
      const result = await reconcile(scene, manifestOf({ id, secret: 'NASTY' }, DEPLOY), { with: { 'key-id': id } })
      expect(result.outputs['key-name']).toBe(NASTY)
      expect(result.outputs.status).toBe('rotated')
      const { outputs } = await readActionFile()
      expect(Object.keys(result.outputs).sort()).toEqual(Object.keys(outputs).sort())
    }))

  test('a name in the title of a folding shows no backslashes', () =>
    play(async (scene) => {
      addKey(scene, 'ci_deploy [eu] #2', 'SECOND_KEY')
      const result = await reconcile(scene, manifestOf({ name: 'ci_deploy [eu] #2', secret: 'SECOND_KEY' }))
      // Markdown is not read inside of a block of HTML (https://github.github.com/gfm/#html-blocks).
      const titles = [...result.summary.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, title]) => title)
      expect(titles).toEqual([expect.not.stringContaining('\\'), '2 keys in no entry of the manifest'])
    }))
})
