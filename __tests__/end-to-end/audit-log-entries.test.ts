import { describe, expect, test } from '@jest/globals'
import { repositoryDispatch } from '../../sandbox/audit-log.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import { BROWSER, entryOf, PERSON, PLACE, rotateByHand, stepOnEntry, stepOnFile } from './audit-log.ts'
import { onlyError, play } from './helpers.ts'
import { expectWell, ONE } from './rivals.ts'

/** What a step wrote, the runner's own mask commands aside. */
const withoutMasks = ({ raw }: StepResult): string => raw.replace(/^::add-mask::.*$/gm, '')

describe('an entry of another make', () => {
  test.each<[string, (entry: ReturnType<typeof entryOf>) => object]>([
    ['a later version', (entry) => ({ ...entry, version: 7, action: 'api_key.rotated', brand_new: { deep: [1] } })],
    ['a version that is text', (entry) => ({ ...entry, version: 'v2' })],
    ['an unknown type of actor', (entry) => ({ ...entry, actor: { ...entry.actor, type: 'robot_overlord' } })],
    ['an actor that is text', (entry) => ({ ...entry, actor: 'somebody' })],
    ['a null in each place', (entry) => ({ ...entry, actor: null, context: null, occurred_at: null, version: null })],
    ['nothing but its target', ({ targets }) => ({ targets })],
    ['numbers for texts', (entry) => ({ ...entry, occurred_at: 5, context: { location: 7, user_agent: [1] } })],
    ['several targets', (entry) => ({ ...entry, targets: [null, 5, { type: 'team' }, ...entry.targets] })],
    ['an envelope', (entry) => ({ stream: 'x', event: entry })],
  ])('%s mends all the same', (_, change) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, change(entryOf(scene)))
      expectWell(scene, result, ONE)
      expect(result.summary).toMatch(/The audit log&?.*'s entry says that /)
      expect(result.summary).not.toMatch(/undefined|\[object|null/)
    }),
  )
})

describe('the event’s file', () => {
  const [folder, gone] = [import.meta.dirname, `${import.meta.dirname}/no-such-event.json`]

  test.each<[string, string | undefined, RegExp]>([
    ['has no path', undefined, /GITHUB_EVENT_PATH is empty/],
    ['is not there', gone, /cannot be read: ".*no-such-event\.json" \(ENOENT\)/],
    ['is a folder', folder, /cannot be read: ".*" \(EISDIR\)/],
  ])('%s: one error, and nothing is asked for', (_, path, error) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const asked = scene.incident.journal.length
      const env = { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: path }
      expect(onlyError(await scene.rotate({ env, with: { force: 'true' } }))).toMatch(error)
      expect([scene.incident.journal.length - asked, scene.github.journal.length]).toEqual([0, 0])
    }),
  )

  test.each([
    ['is empty', '', /not JSON/],
    ['is no JSON', '{"action": "api_key.rotated", ', /not JSON/],
    ['is a list', '["api_key.rotated"]', /does not tell the type/],
    ['is null', 'null', /does not tell the type/],
    ['tells no type', '{"client_payload": {}}', /does not tell the type/],
    ['tells a type that is no text', '{"action": ["api_key.rotated"]}', /does not tell the type/],
  ])('%s: one error, and nothing is asked for', (_, text, error) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const asked = scene.incident.journal.length
      expect(onlyError(await stepOnFile(scene, text, { with: { force: 'true' } }))).toMatch(error)
      expect([scene.incident.journal.length - asked, scene.github.journal.length]).toEqual([0, 0])
    }),
  )

  test('what it holds is not in the error', () =>
    play(async (scene) => {
      const text = `{"action": "api_key.rotated" ${scene.key.token} ::warning::forged`
      const result = await stepOnFile(scene, text)
      expect(onlyError(result)).not.toContain('forged')
    }))
})

describe('other events', () => {
  test('another type of repository_dispatch is an ordinary run', () =>
    play(async (scene) => {
      const event = { ...repositoryDispatch(entryOf(scene)), action: 'rotate-now' }
      const result = await stepOnFile(scene, JSON.stringify(event))
      expectWell(scene, result, ONE)
      expect(result.summary).not.toContain('Lisa')
    }))

  test('another event with such a file is an ordinary run', () =>
    play(async (scene) => {
      const event = { ...repositoryDispatch(entryOf(scene, {}, { id: 'other', name: 'other' })) }
      const result = await stepOnFile(scene, JSON.stringify(event), { env: { GITHUB_EVENT_NAME: 'workflow_dispatch' } })
      expectWell(scene, result, ONE)
    }))
})

describe('what the entry tells', () => {
  test('stands in the log and in the summary: who, when, from where', () =>
    play(async (scene) => {
      const entry = entryOf(scene)
      const result = await stepOnEntry(scene, entry)
      const sentence =
        `The audit log's entry says that the user "${PERSON.name}" (id "${PERSON.id}") rotated the key at ` +
        `${entry.occurred_at}, from "${PLACE}", with the user agent "${BROWSER}".`
      expect(result.log).toContain(sentence)
      const shown = result.summary.replace(/\\(.)/g, '$1').replaceAll('\u200b', '')
      expect(shown.split('\n').filter((line) => line === `ℹ️ ${sentence}`)).toHaveLength(1)
    }))

  const COMMANDS = '::error::forged\r\n::set-output name=status::rotated\n##[error]forged\n::add-mask::octo'
  const MARKDOWN =
    '</details><img src=x onerror=alert(1)> | [click](http://evil.example) `b` **c** ![i](//evil) @octocat\n# H\n- [ ] x'
  const TURNED = '\u202egnp.exe\u202c\u2066\u200f\u2028::error::forged\u2029\u0007\u001b[31m\u0000'
  const LONG = 'x'.repeat(9000)

  test.each([
    ['workflow commands', COMMANDS],
    ['Markdown and HTML', MARKDOWN],
    ['marks that turn the direction, and control characters', TURNED],
    ['54 kB, close to what GitHub takes', LONG],
    [
      'all of them, at the end of what is cut',
      `${'y'.repeat(150)}${COMMANDS}${MARKDOWN}${TURNED}${LONG.slice(0, 5000)}`,
    ],
    ['half of a pair', `${'😀'.repeat(149)}x\ud83d`],
  ])('forges nothing: %s', (_, text) =>
    play(async (scene) => {
      const entry = {
        ...entryOf(scene),
        occurred_at: text,
        actor: { type: text, id: text, name: text, metadata: { api_key_roles: text } },
        context: { location: text, user_agent: text },
      }
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entry)
      expectWell(scene, result, ONE)
      expect(result.annotations.map(({ level }) => level)).toEqual(['warning'])
      expect(result.masks).not.toContain('octo')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      const harmful = /[\u0000\u0007\u001b\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029]|##\[/
      expect(result.raw).not.toMatch(harmful)
      expect(result.summary).not.toMatch(harmful)
      expect(result.summary).not.toMatch(
        /<img|<\/details>|\]\(http:\/\/evil|(?<!\\)`b|(?<!\\)\*\*c|@octocat|^# H|^- \[/m,
      )
      const notes = result.summary.split('\n').filter((line) => line.startsWith('ℹ️'))
      expect(notes).toHaveLength(1)
      expect(notes[0]?.length).toBeLessThan(5000)
      expect(result.raw.isWellFormed() && result.summary.isWellFormed()).toBe(true)
    }),
  )

  test('a token in it is never shown', () =>
    play(async (scene) => {
      const { key, managingToken, githubToken } = scene
      const fromDashboard = await rotateByHand(scene)
      const entry = {
        ...entryOf(scene),
        actor: { type: fromDashboard, id: managingToken, name: `my ${fromDashboard}`, metadata: {} },
        context: { location: githubToken, user_agent: `curl -H 'authorization: Bearer ${fromDashboard}' ${key.token}` },
      }
      const result = await stepOnEntry(scene, entry)
      expect(result.exitCode).toBe(0)
    }))

  test('a token in it is not shown when nothing knows it, or when it is cut', () =>
    play(async (scene) => {
      const token = await rotateByHand(scene)
      const entry = {
        ...entryOf(scene),
        occurred_at: `${'x'.repeat(270)} ${token}`,
        actor: { type: 'user', id: `(${token})`, name: `${'y'.repeat(180)} ${token}`, metadata: {} },
      }
      const result = await stepOnEntry(scene, entry)
      expect(result.exitCode).toBe(0)
      // A part of one is no word that anybody should see.
      for (const text of [withoutMasks(result), result.summary]) expect(text).not.toMatch(/inc\\?_[0-9a-f]{8}/)
      expect(result.masks).toContain(token)
      expect(withoutMasks(result)).toContain('(id "(***)")')
      expect(result.summary).toContain('(id "(\\*\\*\\*)")')
    }))

  test.each(['inc_', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'GHP_'])(
    'what looks like a token of either service is masked, and shown as ***: %s',
    (prefix) =>
      play(async (scene) => {
        const token = `${prefix}${'0aZ'.repeat(12)}`
        const entry = {
          ...entryOf(scene),
          context: { location: `<${token}>`, user_agent: `curl ${token}, and ${token}` },
        }
        const result = await stepOnEntry(scene, entry)
        expect(result.exitCode).toBe(0)
        expect(result.masks).toContain(token)
        // The runner puts *** in the place of a mask; this action does so itself, before anything is shown.
        const everything = [withoutMasks(result), result.summary, JSON.stringify(result.outputs)].join('\n')
        expect(everything).not.toContain(token)
        expect(everything).not.toContain('0aZ0aZ')
        expect(withoutMasks(result)).toContain('from "<***>", with the user agent "curl ***, and ***".')
      }),
  )

  test('what is too short for one is shown', () =>
    play(async (scene) => {
      const entry = { ...entryOf(scene), context: { location: 'inc_corp', user_agent: 'ghs_x' } }
      const result = await stepOnEntry(scene, entry)
      expect(withoutMasks(result)).toContain('from "inc_corp", with the user agent "ghs_x".')
    }))

  test('half of a known token is not shown where a text is cut', () =>
    play(async (scene) => {
      const name = `${'y'.repeat(190)}${scene.managingToken}`
      const entry = { ...entryOf(scene), actor: { type: 'user', id: 'x', name, metadata: {} } }
      const result = await stepOnEntry(scene, entry)
      for (const text of [withoutMasks(result), result.summary]) {
        expect(text).toContain('y'.repeat(100))
        expect(text).not.toContain(scene.managingToken.slice(0, 9))
      }
    }))
})
