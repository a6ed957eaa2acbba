import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectMasked,
  expectUntouched,
  onlyError,
  play,
  refusal,
  rotations,
} from './helpers.ts'
import {
  addKey,
  changesAt,
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
import { DAY, MINUTE } from './runs.ts'

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
        fault: refusal(403),
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

  test('and tells of its secrets that could be looked at', () =>
    play(async (scene) => {
      const yaml = `keys:
  - name: CI deploy key
    destinations: [{repository: octo/app, as: INCIDENT_API_KEY}, {repository: octo/nowhere, as: OTHER}]
`
      const result = await reconcile(scene, yaml)
      expect(onlyError(result)).toContain('octo/nowhere')
      expect(keysOf(result)[0]).toMatchObject({
        rotated: false,
        destinations: [
          { secret: 'INCIDENT_API_KEY', result: 'current' },
          { secret: 'OTHER', result: 'failed' },
        ],
      })
      expectUntouched(scene)
    }))

  test('also when one of its secrets cannot be written', () =>
    play(
      async (scene) => {
        const second = addKey(scene, 'Second key', 'SECOND_KEY')
        scene.github.faults.add({
          method: 'PUT',
          path: /SECOND_KEY$/,
          times: ALWAYS,
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
