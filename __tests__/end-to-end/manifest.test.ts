import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import {
  errorsOf,
  expectCurrent,
  expectMasked,
  expectUntouched,
  onlyError,
  play,
  rotations,
  warningsOf,
} from './helpers.ts'
import {
  addKey,
  changesAt,
  DAY,
  expectHolds,
  expectNothingChanged,
  expectSilence,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  statusesOf,
} from './manifest.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

const MINUTE = 60_000
const DEPLOY = { name: 'CI deploy key', secret: 'INCIDENT_API_KEY' }

/** The ids of the keys that were asked to be rotated, in order. */
const rotated = (scene: Scene): string[] => rotations(scene).map(({ path }) => path.split('/')[3] ?? '')
const expectSecret = (scene: Scene, secret: string, token: string): void =>
  expect(scene.github.secret(scene.repository, secret)?.value === token).toBe(true)

/** A summary whose foldings close, and whose tables have as many cells in each row as in their head. */
function expectWellFormed(summary: string): void {
  const tags = [...summary.matchAll(/<(\/?)(details|summary)>/g)].map(([tag]) => tag)
  const open: string[] = []
  for (const tag of tags) {
    if (tag.startsWith('</')) expect(open.pop()).toBe(tag.replace('/', ''))
    else open.push(tag)
  }
  expect(open).toEqual([])
  // No HTML but that.
  expect(summary.replace(/<\/?(details|summary)>|<br>/g, '').replace(/```[\s\S]*?```/g, '')).not.toMatch(/<[a-z/!]/i)
  for (const block of summary.split('\n\n').filter((one) => one.startsWith('|'))) {
    const cells = block
      .trimEnd()
      .split('\n')
      .map((row) => row.replace(/\\[\\|]/g, '').split('|').length)
    expect(new Set(cells).size).toBe(1)
  }
}

describe('several keys in one run', () => {
  test('are rotated, mended, filled or left alone, each by its own policy', () =>
    play(async (scene) => {
      const stale = addKey(scene, 'Stale key', 'STALE_KEY', { ageDays: 3 })
      scene.github.setSecret(scene.repository, 'STALE_KEY', 'older', new Date(scene.clock.now() - 9 * DAY))
      const young = addKey(scene, 'Young key', 'YOUNG_KEY', { ageDays: 3 })
      const asked = addKey(scene, 'Eager key', 'EAGER_KEY', { ageDays: 3 })
      const late = addKey(scene, 'Late key', 'LATE_KEY', { ageDays: 300 })
      const yaml = manifestOf(
        DEPLOY,
        { name: 'Young key', secret: 'YOUNG_KEY' },
        { name: 'Stale key', secret: 'STALE_KEY', 'min-grace-minutes': 3 },
        { id: asked.id, secret: 'EAGER_KEY', 'min-token-age': '2d', 'grace-period-minutes': 7 },
        { id: late.id, secret: 'LATE_KEY', 'min-token-age': 'never' },
      )
      const result = await reconcile(scene, yaml, { with: { 'min-token-age': '30d', 'min-grace-minutes': '21' } })
      expect(result.exitCode).toBe(0)
      expect(result.annotations).toEqual([])
      expect(statusesOf(result)).toEqual([
        'CI deploy key: rotated',
        'Young key: unchanged',
        'Stale key: rotated',
        'Eager key: rotated',
        'Late key: unchanged',
      ])
      expect(keysOf(result).map((one) => one.grace_period_minutes)).toEqual([21, undefined, 3, 7, undefined])
      expect(rotated(scene).sort()).toEqual([scene.key.id, stale.id, asked.id].sort())
      expectCurrent(scene)
      expectHolds(scene, stale.id, 'STALE_KEY')
      expectHolds(scene, asked.id, 'EAGER_KEY')
      expectSecret(scene, 'YOUNG_KEY', young.token)
      expectSecret(scene, 'LATE_KEY', late.token)
      expectMasked(scene, result)
    }))

  test('are told one by one in the outputs', () =>
    play(async (scene) => {
      const young = addKey(scene, 'Young key', 'YOUNG_KEY', { ageDays: 3 })
      const yaml = manifestOf({ name: 'Young key', secret: 'YOUNG_KEY', 'min-token-age': '30d' }, DEPLOY)
      const { outputs, exitCode } = await reconcile(scene, yaml)
      expect(exitCode).toBe(0)
      const [first, second] = [scene.incident.tokensOf(scene.key.id), scene.incident.key(young.id)]
      const app = { kind: 'repository', owner: 'octo', repository: 'app' }
      const issuedAt = first.at(-1)?.issuedAt ?? 0
      const [, deploy] = JSON.parse(outputs.keys ?? '')
      expect(Date.parse(deploy.token_issued_at)).toBe(Math.floor(issuedAt))
      const keys = [
        {
          name: 'Young key',
          id: young.id,
          status: 'unchanged',
          rotated: false,
          steps: [],
          token_issued_at: expect.stringContaining(new Date(second?.issuedAt ?? 0).toISOString().slice(0, 19)),
          destinations: [{ ...app, secret: 'YOUNG_KEY', result: 'current' }],
          runs_at_risk: [],
        },
        {
          name: 'CI deploy key',
          id: scene.key.id,
          status: 'rotated',
          rotated: true,
          steps: ['rotate'],
          token_issued_at: deploy.token_issued_at,
          old_token_expires_at: new Date(Date.parse(deploy.token_issued_at) + 15 * MINUTE).toISOString(),
          grace_period_minutes: 15,
          destinations: [{ ...app, secret: 'INCIDENT_API_KEY', result: 'updated' }],
          runs_at_risk: [],
        },
      ]
      expect(JSON.parse(outputs.keys ?? '')).toEqual(keys)
      expect({ ...outputs, keys: '' }).toEqual({
        status: 'rotated',
        rotated: 'true',
        keys: '',
        due: '1',
        matrix: '{"include":[{"key-name":"CI deploy key"}]}',
        destinations: JSON.stringify(keys.flatMap(({ destinations }) => destinations)),
        'runs-at-risk': '[]',
      })
    }))

  test('are all left alone by a second run, which says so', () =>
    play(async (scene) => {
      addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf(
        { ...DEPLOY, roles: ['incident_creator'], comments: 'x' },
        {
          name: 'Second key',
          secret: 'SECOND_KEY',
          destinations: [{ repository: 'octo/app' }, { repository: '', as: 'OTHER' }],
        },
        { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
        { name: 'Gone key', secret: 'GONE_KEY', state: 'absent' },
      ).replace('"repository":""', '"repository":null')
      const first = await reconcile(scene, yaml)
      expect([first.exitCode, first.outputs.status]).toEqual([0, 'rotated'])
      const [changes, puts] = [
        changesAt(scene).length,
        scene.github.journal.filter(({ method }) => method === 'PUT').length,
      ]
      const second = await reconcile(scene, yaml)
      expect(second.exitCode).toBe(0)
      expect(second.outputs).toMatchObject({
        status: 'unchanged',
        rotated: 'false',
        due: '0',
        matrix: '{"include":[]}',
      })
      expect(keysOf(second).map(({ status, steps }) => [status, steps])).toEqual(Array(4).fill(['unchanged', []]))
      expect(second.annotations).toEqual([])
      expect(changesAt(scene)).toHaveLength(changes)
      expect(scene.github.journal.filter(({ method }) => method === 'PUT')).toHaveLength(puts)
      expect(second.summary).toContain('Nothing to do')
    }))

  test('list the keys once a page, and look at what they share once', () =>
    play(
      async (scene) => {
        for (const one of ['A', 'B', 'C']) addKey(scene, `Key ${one}`, `KEY_${one}`, { ageDays: 3 })
        const entries = ['A', 'B', 'C'].map((one) => ({ name: `Key ${one}`, secret: `KEY_${one}` }))
        const result = await reconcile(scene, manifestOf(DEPLOY, ...entries), { with: { 'min-token-age': '30d' } })
        expect(result.exitCode).toBe(0)
        const pages = scene.incident.journal.filter(({ path }) => path === '/v1/api_keys')
        expect(pages.map(({ query }) => query.replace(/after=.*/, 'after'))).toEqual([
          'page_size=250',
          'page_size=250&after',
          'page_size=250&after',
        ])
        // Only the one that was rotated is shown afterwards.
        const shown = scene.incident.journal.filter(({ method, path }) => method === 'GET' && /api_keys\/./.test(path))
        expect(new Set(shown.map(({ path }) => path))).toEqual(new Set([`/v1/api_keys/${scene.key.id}`]))
        expect(scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))).toHaveLength(1)
        expectCurrent(scene)
      },
      { otherKeys: 595 },
    ))

  test('are rotated whatever their ages with force, and those to be absent are not forced', () =>
    play(
      async (scene) => {
        const used = addKey(scene, 'Used key', 'USED_KEY', { lastUsedAt: new Date(scene.clock.now() - DAY) })
        const second = addKey(scene, 'Second key', 'SECOND_KEY', { ageDays: 0 })
        const yaml = manifestOf(
          DEPLOY,
          { name: 'Second key', secret: 'SECOND_KEY', 'min-token-age': 'never' },
          { name: 'Used key', secret: 'USED_KEY', state: 'absent' },
        )
        const result = await reconcile(scene, yaml, { with: { force: 'true' } })
        expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'Second key: rotated', 'Used key: failed'])
        expect(onlyError(result)).toContain('"Used key"')
        expectCurrent(scene)
        expectHolds(scene, second.id, 'SECOND_KEY')
        expectSecret(scene, 'USED_KEY', used.token)
      },
      { tokenAgeDays: 0 },
    ))
})

describe('the managing key in the file', () => {
  const entries = [
    { name: 'Key manager', secret: 'MANAGING_KEY' },
    DEPLOY,
    { name: 'Second key', secret: 'SECOND_KEY' },
    { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
  ]

  test('is rotated last, and later calls carry its new token', () =>
    play(async (scene) => {
      const managing = scene.incident.keys().find(({ name }) => name === 'Key manager')?.id ?? ''
      scene.github.setSecret(scene.repository, 'MANAGING_KEY', scene.managingToken)
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      const result = await reconcile(scene, manifestOf(...entries))
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(statusesOf(result)).toEqual([
        'Key manager: rotated',
        'CI deploy key: rotated',
        'Second key: rotated',
        'New key: created',
      ])
      expect(keysOf(result)[0]?.grace_period_minutes).toBe(60)
      expect(rotated(scene).at(-1)).toBe(managing)
      expect(changesAt(scene).at(-1)?.path).toContain(managing)
      // Every other key was settled before, and what is asked later is asked with the new token.
      const [rotation] = rotations(scene).slice(-1)
      const own = scene.incident.journal.indexOf(rotation as never)
      const fresh = scene.incident.tokensOf(managing).at(-1)?.token ?? ''
      const later = scene.incident.journal.slice(own + 1)
      expect(later.length).toBeGreaterThan(0)
      expect(later.every(({ requestHeaders }) => requestHeaders.authorization === `Bearer ${fresh}`)).toBe(true)
      expectHolds(scene, managing, 'MANAGING_KEY')
      expectCurrent(scene)
      expectHolds(scene, second.id, 'SECOND_KEY')
    }))

  test('is rotated although others fail before it', () =>
    play(async (scene) => {
      const managing = scene.incident.keys().find(({ name }) => name === 'Key manager')?.id ?? ''
      scene.incident.faults.add({
        path: new RegExp(`${scene.key.id}/actions/rotate`),
        fault: { kind: 'status', status: 403 },
      })
      const result = await reconcile(scene, manifestOf(...entries.slice(0, 2)))
      expect(statusesOf(result)).toEqual(['Key manager: rotated', 'CI deploy key: failed'])
      expect(onlyError(result)).toContain('"CI deploy key"')
      expect(rotated(scene)).toEqual([scene.key.id, managing])
      expectHolds(scene, managing, 'MANAGING_KEY')
    }))

  test('is not cut off: a grace period of 0 is refused, for it alone', () =>
    play(async (scene) => {
      const zero = { 'grace-period-minutes': 0 }
      const result = await reconcile(scene, manifestOf({ ...entries[0], ...zero }, { ...DEPLOY, ...zero }))
      expect(statusesOf(result)).toEqual(['Key manager: failed', 'CI deploy key: rotated'])
      expect(onlyError(result)).toMatch(/"Key manager".*managing key itself/)
      expectCurrent(scene)
    }))
})

describe('one key that fails stops no other', () => {
  test('whatever it fails of; each error names what it is about', () =>
    play(async (scene) => {
      const refused = addKey(scene, 'Refused key', 'REFUSED_KEY', { ageDays: 50 })
      addKey(scene, 'Lost key', 'LOST_KEY')
      scene.incident.faults.add({
        path: new RegExp(`${refused.id}/actions/rotate`),
        fault: { kind: 'status', status: 403, body: { type: 'resource_forbidden', request_id: 'abc-1' } },
      })
      const yaml = manifestOf(
        { name: 'No such key', secret: 'NO_KEY' },
        { name: 'Refused key', secret: 'REFUSED_KEY' },
        { name: 'Lost key', secret: 'LOST_KEY', destinations: [{ repository: 'octo/nowhere' }] },
        { id: '01UNKNOWN', secret: 'UNKNOWN_KEY' },
        DEPLOY,
      )
      const result = await reconcile(scene, yaml)
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([1, 'failed', 'true'])
      expect(statusesOf(result)).toEqual([
        'No such key: failed',
        'Refused key: failed',
        'Lost key: failed',
        '01UNKNOWN: failed',
        'CI deploy key: rotated',
      ])
      const errors = errorsOf(result)
      expect(errors).toEqual([
        expect.stringMatching(/the API key named "No such key": none of the 4 API keys/),
        expect.stringMatching(/^Could not rotate the API key "Refused key" .*403.*request_id abc-1/),
        expect.stringContaining('octo/nowhere'),
        expect.stringMatching(/the id "01UNKNOWN".*as "name"/),
      ])
      expect(keysOf(result).map(({ error }) => error)).toEqual([...errors, undefined])
      expectCurrent(scene)
      expect(scene.incident.tokensOf(refused.id)).toHaveLength(1)
      // Nobody can mend by a job of its own what is not due.
      expect(matrixOf(result)).toEqual(['Refused key', 'CI deploy key'])
      expectWellFormed(result.summary)
      for (const error of ['No such key', 'octo/nowhere', '01UNKNOWN']) expect(result.summary).toContain(error)
    }))

  test('also when one of its secrets cannot be written', () =>
    play(
      async (scene) => {
        const second = addKey(scene, 'Second key', 'SECOND_KEY')
        scene.github.faults.add({
          method: 'PUT',
          path: /SECOND_KEY$/,
          times: Number.POSITIVE_INFINITY,
          fault: { kind: 'status', status: 403, body: { message: 'Not now' } },
        })
        const yaml = manifestOf({ name: 'Second key', secret: 'SECOND_KEY', 'grace-period-minutes': 0 }, DEPLOY)
        const result = await reconcile(scene, yaml)
        expect(statusesOf(result)).toEqual(['Second key: failed', 'CI deploy key: rotated'])
        expect(onlyError(result)).toContain('SECOND_KEY')
        expect(keysOf(result)[0]).toMatchObject({
          rotated: true,
          steps: ['rotate'],
          destinations: [{ result: 'failed' }],
        })
        expect(scene.incident.tokensOf(second.id)).toHaveLength(2)
        expectCurrent(scene)
      },
      { speed: 30 },
    ))

  test('a token that may not write secrets rotates none of them', () =>
    play(async (scene) => {
      addKey(scene, 'Second key', 'SECOND_KEY')
      const token = scene.github.addToken({ kind: 'workflow', repositories: [scene.repository] })
      const yaml = manifestOf(DEPLOY, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'github-token': token } })
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([1, 'failed', 'false'])
      expect(statusesOf(result)).toEqual(['CI deploy key: failed', 'Second key: failed'])
      expect(errorsOf(result).length).toBeGreaterThan(0)
      for (const error of errorsOf(result)) expect(error).toMatch(/GITHUB_TOKEN/)
      expectNothingChanged(scene)
    }))

  test.each([
    ['lacks api_keys_manage', (scene: Scene) => scene.key.token, /lacks the role api_keys_manage/],
    ['is unknown', () => `inc_${'0'.repeat(64)}`, /Give a valid API key with the role api_keys_manage/],
  ])('a managing key that %s is one error', (_, token, error) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY, { name: 'Second key', secret: 'B' }), {
        with: { 'incident-api-key': token(scene) },
      })
      expect(onlyError(result)).toMatch(error)
      expect(result.outputs).toMatchObject({ keys: '[]', due: '0', matrix: '{"include":[]}' })
      expectNothingChanged(scene)
    }),
  )
})

describe('key-name and key-id pick one entry', () => {
  test.each<[string, (id: string) => Record<string, string>]>([
    ['the name of the entry', () => ({ 'key-name': 'Second key' })],
    ['the id of its key', (id) => ({ 'key-id': id })],
  ])('by %s, and nothing else is touched', (_, pick) =>
    play(async (scene) => {
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      addKey(scene, 'Unlisted key', 'UNLISTED_KEY')
      const yaml = manifestOf(
        { ...DEPLOY, destinations: [{ repository: 'octo/nowhere' }] },
        { name: 'Second key', secret: 'SECOND_KEY' },
        { name: 'No such key', secret: 'NO_KEY' },
      )
      const result = await reconcile(scene, yaml, { with: pick(second.id) })
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(statusesOf(result)).toEqual(['Second key: rotated'])
      expectHolds(scene, second.id, 'SECOND_KEY')
      expect(rotated(scene)).toEqual([second.id])
      expect(scene.github.journal.filter(({ path }) => path.includes('nowhere'))).toEqual([])
      expect(result.raw).not.toContain('Unlisted key')
      // As if there were no manifest.
      const [only] = keysOf(result)
      expect(result.outputs).toMatchObject({
        'key-id': second.id,
        'key-name': 'Second key',
        'token-issued-at': only?.token_issued_at,
        'old-token-expires-at': only?.old_token_expires_at,
        'grace-period-minutes': '15',
      })
    }),
  )

  test('by the name of the key of an entry that has its id', () =>
    play(async (scene) => {
      addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf({ id: scene.key.id, secret: scene.secret }, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'key-name': scene.key.name } })
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated'])
      expectCurrent(scene)
    }))

  test('a name goes before an id that is spelled the same', () =>
    play(async (scene) => {
      const second = addKey(scene, scene.key.id, 'SECOND_KEY')
      const yaml = manifestOf({ id: scene.key.id, secret: scene.secret }, { id: second.id, secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'key-name': scene.key.id } })
      expect([errorsOf(result), rotated(scene)]).toEqual([[], [second.id]])
    }))

  test('by a name with white space around it, as without a manifest', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'key-name': ' CI deploy key ' } })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
    }))

  test('one that is still to be made, too', () =>
    play(async (scene) => {
      const yaml = manifestOf(DEPLOY, { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] })
      const result = await reconcile(scene, yaml, { with: { 'key-name': 'New key' } })
      expect(statusesOf(result)).toEqual(['New key: created'])
      expectUntouched({ ...scene, github: { ...scene.github, journal: [] } })
    }))

  test.each([
    ['CI deploi key', 'Did you mean "CI deploy key"?'],
    ['Something else', 'leave "key-name" and "key-id" out for all of its keys'],
  ])('an unknown name is an error that helps: %s', (name, remedy) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'key-name': name } })
      const error = onlyError(result)
      expect(error).toContain(`"${name}" in the manifest`)
      expect(error).toContain(remedy)
      expectNothingChanged(scene)
      expect(scene.github.journal).toEqual([])
    }),
  )

  test('every key that is due can be picked by what the matrix says', () =>
    play(async (scene) => {
      const [first, second] = [
        addKey(scene, 'Twin', 'TWIN_A', { ageDays: 60 }),
        addKey(scene, 'Twin', 'TWIN_B', { ageDays: 50 }),
      ]
      const yaml = manifestOf({ id: first.id, secret: 'TWIN_A' }, { id: second.id, secret: 'TWIN_B' })
      const plan = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
      const names = matrixOf(plan)
      // A name that several carry tells nothing, so the id stands in its place.
      expect(names).toEqual([first.id, second.id])
      for (const [index, name] of names.entries()) {
        const result = await reconcile(scene, yaml, { with: { 'key-name': index === 0 ? name : ` ${name}\n` } })
        expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
        expect(result.outputs).toMatchObject({ 'key-id': name, 'key-name': 'Twin', status: 'rotated' })
      }
      expect(rotated(scene)).toEqual([first.id, second.id])
      expectHolds(scene, first.id, 'TWIN_A')
      expectHolds(scene, second.id, 'TWIN_B')
    }))
})

describe('a dry run', () => {
  test('changes nothing and tells the plan', () =>
    play(async (scene) => {
      const old = addKey(scene, 'Old exporter', 'OLD_KEY', { ageDays: 100 })
      addKey(scene, 'Young key', 'YOUNG_KEY', { ageDays: 1 })
      addKey(scene, 'Stale key', 'NOWHERE', { ageDays: 50 })
      addKey(scene, 'Unlisted key', 'UNLISTED_KEY', { ageDays: 90 })
      const yaml = manifestOf(
        { ...DEPLOY, roles: ['viewer'], comments: 'Deploys' },
        { name: 'Young key', secret: 'YOUNG_KEY' },
        { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
        { name: 'Old exporter', secret: 'OLD_KEY', state: 'absent' },
        { name: 'Stale key', secret: 'STALE_KEY' },
      )
      const result = await reconcile(scene, yaml, { with: { 'dry-run': 'true', 'min-token-age': '30d' } })
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ status: 'planned', rotated: 'false', due: '4' })
      expect(statusesOf(result)).toEqual([
        'CI deploy key: planned',
        'Young key: unchanged',
        'New key: planned',
        'Old exporter: planned',
        'Stale key: planned',
      ])
      expect(keysOf(result).map(({ steps }) => steps)).toEqual([
        [
          'change its roles: - incident_creator (at once, for running jobs too)',
          'change its comments: "Deploys"',
          'rotate',
        ],
        [],
        ['make the key with viewer', 'fill NEW_KEY in octo/app (missing)'],
        ['delete OLD_KEY in octo/app', 'delete the key'],
        ['rotate', 'fill STALE_KEY in octo/app (missing)'],
      ])
      expect(matrixOf(result)).toEqual(['Old exporter', 'Stale key', 'CI deploy key', 'New key'])
      expect(keysOf(result)[2]?.id).toBeUndefined()
      expectNothingChanged(scene)
      expect(scene.github.secret(scene.repository, 'OLD_KEY')?.value === old.token).toBe(true)

      // The titles of groups stand in commands.
      const log = result.raw
      for (const line of [
        /"CI deploy key" \(.+\) planned: the token is 40 days old/,
        /change its roles: - incident_creator/,
        /make the key with viewer/,
        /delete the key/,
        /"Young key" \(.+\) unchanged: the token is 1 day old, due in 28 days/,
        /"Unlisted key" \(.+\): the token is 90 days old/,
      ]) {
        expect(log).toMatch(line)
      }
      expect(result.summary).toContain('Would be carried out (dry run): keys.yml')
      expect(result.summary).toMatch(/change its roles: - incident\\_creator.*<br>.*<br>rotate/)
      expect(result.summary).toMatch(/\| Unlisted key \| \S+ \| 90 days \|/)
      expect(warningsOf(result)).toContainEqual(expect.stringMatching(/"CI deploy key" loses roles at once/))
      expectWellFormed(result.summary)
    }))

  test('carries out afterwards what it planned', () =>
    play(async (scene) => {
      const yaml = manifestOf(
        { ...DEPLOY, comments: 'Deploys' },
        { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
      )
      const plan = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
      const result = await reconcile(scene, yaml)
      expect(keysOf(result).map(({ steps }) => steps)).toEqual(keysOf(plan).map(({ steps }) => steps))
      expect(result.outputs.matrix).toBe(plan.outputs.matrix)
    }))

  test('of a manifest with nothing to do says unchanged, with an empty matrix', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'dry-run': 'true', 'min-token-age': '90d' } })
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ status: 'unchanged', due: '0', matrix: '{"include":[]}' })
      expectNothingChanged(scene)
    }))

  test('tells of more keys than GitHub has jobs for: the oldest 256, and how many are due', () =>
    play(async (scene) => {
      const entries = Array.from({ length: 260 }, (_, index) => {
        // Shuffled, so that neither the order of the file nor that of the list is that of the ages.
        const age = ((index * 7) % 260) + 10
        addKey(scene, `Key ${age}`, `KEY_${age}`, { ageDays: age })
        return { name: `Key ${age}`, secret: `KEY_${age}` }
      })
      const result = await reconcile(scene, manifestOf(...entries), { with: { 'dry-run': 'true' } })
      expect([result.exitCode, errorsOf(result), result.outputs.due]).toEqual([0, [], '260'])
      expect(matrixOf(result)).toEqual(Array.from({ length: 256 }, (_, index) => `Key ${269 - index}`))
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^260 keys are due, and GitHub runs 256 jobs/)])
      expect(keysOf(result)).toHaveLength(260)
      expect(Buffer.byteLength(result.summary)).toBeLessThan(1024 * 1024)
      expectNothingChanged(scene)
    }))
})

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

describe('runs in flight', () => {
  /** A run that surely needs the first key's token for longer than any grace period. */
  function addLongRun(scene: Scene): number {
    scene.github.addFile(scene.repository, CI, USES)
    addHistory(scene, 180)
    return addRun(scene, 10, { name: 'Nightly' })
  }

  test('put off the key that they need alone, by the policy of its entry', () =>
    play(async (scene) => {
      addLongRun(scene)
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf(DEPLOY, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml)
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      expect(statusesOf(result)).toEqual(['CI deploy key: deferred', 'Second key: rotated'])
      expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: [], runs_at_risk: [{ workflow: 'Nightly' }] })
      expect(JSON.parse(result.outputs['runs-at-risk'] ?? '')).toHaveLength(1)
      expect(matrixOf(result).sort()).toEqual(['CI deploy key', 'Second key'])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^"CI deploy key": The rotation is put off/)])
      expectSecret(scene, scene.secret, scene.key.token)
      expectHolds(scene, second.id, 'SECOND_KEY')
      expectWellFormed(result.summary)
    }))

  test('alone put off everything', () =>
    play(async (scene) => {
      addLongRun(scene)
      const result = await reconcile(scene, manifestOf(DEPLOY))
      expect([result.exitCode, result.outputs.status, result.outputs.due]).toEqual([0, 'deferred', '1'])
      expectNothingChanged(scene)
    }))

  test.each([
    [{ 'long-runs': 'proceed' }, 0, 'rotated'],
    [{ 'long-runs': 'fail' }, 1, 'failed'],
    [{ 'max-token-age': '30d' }, 0, 'rotated'],
    [{ 'grace-period-minutes': 5 }, 0, 'rotated'],
  ])('yield to what the entry says: %j', (policy, exitCode, status) =>
    play(async (scene) => {
      addLongRun(scene)
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, ...policy }))
      expect([result.exitCode, result.outputs.status]).toEqual([exitCode, status])
      expect(statusesOf(result)).toEqual([`CI deploy key: ${status}`])
      if (status === 'failed') expectNothingChanged(scene)
      else expectCurrent(scene)
    }),
  )

  test('are waited for, and what outlasts the wait is put off without a word of rotating', () =>
    play(
      async (scene) => {
        addLongRun(scene)
        const second = addKey(scene, 'Second key', 'SECOND_KEY')
        const yaml = manifestOf(DEPLOY, { name: 'Second key', secret: 'SECOND_KEY' })
        const result = await reconcile(scene, yaml, { with: { 'max-wait-minutes': '2' } })
        expect(statusesOf(result)).toEqual(['CI deploy key: deferred', 'Second key: rotated'])
        expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: [] })
        expect(rotated(scene)).toEqual([second.id])
        expectSecret(scene, scene.secret, scene.key.token)
      },
      { speed: 60 },
    ))

  test('that end during the wait let the key be rotated', () =>
    play(
      async (scene) => {
        const run = addLongRun(scene)
        setTimeout(
          () => scene.github.updateRun(scene.repository, run, { status: 'completed', conclusion: 'success' }),
          2000,
        )
        const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'max-wait-minutes': '30' } })
        expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
        expectCurrent(scene)
      },
      { speed: 60 },
    ))

  test('after a wait everything is looked at again: what another run has rotated meanwhile is left alone', () =>
    play(
      async (scene) => {
        const run = addLongRun(scene)
        setTimeout(async () => {
          await fetch(`${scene.incident.url}/v1/api_keys/${scene.key.id}/actions/rotate`, {
            method: 'POST',
            headers: { authorization: `Bearer ${scene.managingToken}`, 'content-type': 'application/json' },
            body: '{"grace_period_minutes":60}',
          })
          const token = scene.incident.tokensOf(scene.key.id).at(-1)?.token ?? ''
          scene.github.setSecret(scene.repository, scene.secret, token)
          scene.github.updateRun(scene.repository, run, { status: 'completed', conclusion: 'success' })
        }, 2000)
        const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'max-wait-minutes': '30' } })
        expect([result.exitCode, result.outputs.rotated]).toEqual([0, 'false'])
        expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
        expectCurrent(scene)
      },
      { speed: 60 },
    ))
})

describe('what is wrong is told before any request', () => {
  test.each([
    [{ 'secret-name': 'INCIDENT_API_KEY' }, '"secret-name"'],
    [{ destinations: 'organization: octo' }, '"destinations"'],
  ])('%j beside a manifest', (input, name) =>
    play(async (scene) => {
      const error = onlyError(await reconcile(scene, manifestOf(DEPLOY), { with: input }))
      expect(error).toContain(`Inputs "manifest" and ${name} are both given`)
      expectSilence(scene)
    }),
  )

  test('a name and an id together', () =>
    play(async (scene) => {
      const step = { with: { 'key-name': 'A', 'key-id': 'B' } }
      expect(onlyError(await reconcile(scene, manifestOf(DEPLOY), step))).toContain('are both given')
      expectSilence(scene)
    }))

  test('a file that is not there', () =>
    play(async (scene) => {
      const error = onlyError(await reconcile(scene, '', { with: { manifest: 'other.yml' } }))
      expect(error).toMatch(/^Manifest other\.yml: there is no such file.*actions\/checkout/)
      expectSilence(scene)
    }))

  test('every mistake of the file, with its place, in the order of the file', () =>
    play(async (scene) => {
      const yaml = [
        'keys:',
        '  - name: CI deploy key',
        '    secret: INCIDENT_API_KEY',
        '    min-token-age: 30 days',
        '    grace-period-minutes: 61',
        '  - name: Second key',
        '    secert: SECOND_KEY',
        '  - name: CI deploy key',
        '    secret: INCIDENT_API_KEY',
        '  - name: Fourth key',
        '    secret: GITHUB_KEY',
        '    destinations: [{repository: octo}]',
      ].join('\n')
      const result = await reconcile(scene, yaml)
      expect([result.exitCode, result.outputs.status]).toEqual([1, 'failed'])
      const errors = errorsOf(result)
      const places = errors.map((error) =>
        /^Manifest keys\.yml, line (\d+), column (\d+): /.exec(error)?.slice(1).join(':'),
      )
      expect(places).toEqual(['4:20', '5:27', '7:5', '8:11', '11:13', '12:33'])
      // Each with the line, and a caret below the column.
      const lines = yaml.split('\n')
      for (const [index, error] of errors.entries()) {
        const [line = 0, column = 0] = (places[index] ?? '').split(':').map(Number)
        const [shown = '', caret = ''] = error.split('\n').slice(-2)
        expect(shown.trim()).toBe(lines[line - 1]?.trim())
        expect(shown.slice(caret.indexOf('^'))).toBe(lines[line - 1]?.slice(column - 1))
      }
      expectSilence(scene)
    }))

  test.each<[string, Record<string, unknown>[], RegExp]>([
    ['two entries for one key', [DEPLOY, { ...DEPLOY, secret: 'OTHER' }], /line 3, column \d+: .*line 2.*too/],
    [
      'one secret fed by two keys',
      [DEPLOY, { ...DEPLOY, name: 'Other' }],
      /line 3, column \d+: .*a secret holds one token/,
    ],
    [
      'one environment, in other letters, fed by two keys',
      [
        { ...DEPLOY, destinations: [{ environment: 'octo/app/production' }] },
        { ...DEPLOY, name: 'Other', destinations: [{ environment: 'octo/App/Production' }] },
      ],
      /line 3, column \d+: .*is fed by the key "CI deploy key" on line 2 already.*a secret holds one token/,
    ],
    ['ages out of range', [{ ...DEPLOY, 'min-token-age': '1y' }], /line 2, column \d+: .*"min-token-age"/],
    ['minutes out of range', [{ ...DEPLOY, 'min-grace-minutes': 61 }], /"min-grace-minutes"/],
    [
      'ages that are crossed',
      [{ ...DEPLOY, 'min-token-age': '2w', 'max-token-age': '1w' }],
      /is above "max-token-age"/,
    ],
    ['teams without roles for them', [{ ...DEPLOY, 'team-ids': ['T'], 'team-roles': [] }], /both empty or both not/],
    [
      'a key to be made with api_keys_manage',
      [{ ...DEPLOY, create: true, roles: ['api_keys_manage'] }],
      /cannot be created/,
    ],
    ['no secret', [{ name: 'CI deploy key' }], /names no secret/],
  ])('%s', (_, entries, error) =>
    play(async (scene) => {
      expect(onlyError(await reconcile(scene, manifestOf(...entries)))).toMatch(error)
      expectSilence(scene)
    }),
  )

  test('a token in the file, which is never shown', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: `use ${scene.key.token}` }))
      expect(onlyError(result)).toContain('this holds a token')
      expectSilence(scene)
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
      scene.incident.faults.add({ path: new RegExp(`${other.id}/actions`), fault: { kind: 'status', status: 403 } })
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

describe('an event of the audit log', () => {
  test('mends the copies of the key that it is about, and skips the others', () =>
    play(async (scene) => {
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      scene.github.setSecret(scene.repository, scene.secret, 'older', new Date(scene.clock.now() - 100 * DAY))
      const entry = {
        action: 'api_key.rotated',
        version: 1,
        occurred_at: new Date(scene.clock.now()).toISOString(),
        actor: { type: 'user', id: 'U', name: 'Lisa' },
        targets: [{ type: 'api_key', id: scene.key.id, name: scene.key.name }],
        context: { location: '1.2.3.4', user_agent: 'Mozilla' },
      }
      const { mkdtemp, rm, writeFile } = await import('node:fs/promises')
      const folder = await mkdtemp('/tmp/event-')
      await writeFile(`${folder}/event.json`, JSON.stringify({ action: 'api_key.rotated', client_payload: entry }))
      const yaml = manifestOf(
        { ...DEPLOY, comments: 'waits for the next run' },
        { name: 'Second key', secret: 'SECOND_KEY', comments: 'new' },
        { name: 'New key', secret: 'NEW_KEY', create: true },
      )
      const result = await reconcile(scene, yaml, {
        env: { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: `${folder}/event.json` },
      })
      await rm(folder, { recursive: true })
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'Second key: skipped', 'New key: skipped'])
      expect(changesAt(scene).map(({ path }) => path)).toEqual([`/v1/api_keys/${scene.key.id}/actions/rotate`])
      expectCurrent(scene)
      expectSecret(scene, 'SECOND_KEY', second.token)
      expect(result.summary).toContain('Lisa')
    }))
})
