import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, onlyError, play, rotations, warningsOf } from './helpers.ts'
import {
  addKey,
  changesAt,
  creations,
  DEPLOY,
  deletions,
  expectHolds,
  manifestOf,
  reconcile,
  secretDeletions,
  updates,
} from './manifest.ts'

const LIST = { method: 'GET', path: /^\/v1\/api_keys$/ }
const SHOW = { method: 'GET', path: /^\/v1\/api_keys\/\w+$/ }
const UPDATE = { method: 'PUT', path: /^\/v1\/api_keys\/\w+$/ }
const IDENTITY = { method: 'GET', path: /^\/v1\/identity$/ }

const status = (code: number, body: unknown = {}, afterEffect = false): Fault => ({
  kind: 'status',
  status: code,
  body,
  afterEffect,
})
/** The key as it was shown before a rotation, as a service does whose copies lag behind each other. */
const lagging = (date: string): Fault => ({
  kind: 'answer',
  change: (answer) => {
    const body = answer.body as { api_key: object }
    return { ...answer, body: { ...body, api_key: { ...body.api_key, token_last_issued_at: date } } }
  },
})

describe('a list of keys that is none is not taken for an empty one', () => {
  const NO_LISTS = [{}, [], { api_keys: null }, { api_keys: {} }]
  test.each(NO_LISTS)('%j: the secret of a key that is to be absent stays', (body) =>
    play(async (scene) => {
      addKey(scene, 'Old exporter', 'OLD_KEY')
      scene.incident.faults.add({ ...LIST, times: ALWAYS, fault: status(200, body) })
      const result = await reconcile(scene, manifestOf({ name: 'Old exporter', secret: 'OLD_KEY', state: 'absent' }))
      expect(onlyError(result)).toContain('a page without a list of keys')
      expect([deletions(scene), secretDeletions(scene)]).toEqual([[], []])
    }, FAST),
  )

  test.each(NO_LISTS)('%j: a key that is there is not made again', (body) =>
    play(async (scene) => {
      addKey(scene, 'Made', 'MADE')
      scene.incident.faults.add({ ...LIST, fault: status(200, body) })
      const entry = { name: 'Made', secret: 'MADE', create: true, roles: ['viewer'] }
      const result = await reconcile(scene, manifestOf(entry), { with: { 'min-token-age': '90d' } })
      expect([errorsOf(result), result.outputs.status, creations(scene)]).toEqual([[], 'unchanged', []])
    }, FAST),
  )
})

describe('a key that is shown as it was before', () => {
  test.each([1, ALWAYS])('behind the writes, %p times: nobody else rotated it', (times) =>
    play(async (scene) => {
      const date = new Date(scene.incident.key(scene.key.id)?.issuedAt ?? 0).toISOString()
      scene.incident.faults.add({ ...SHOW, times, fault: lagging(date) })
      const result = await scene.rotate()
      expect([errorsOf(result), warningsOf(result), rotations(scene).length]).toEqual([[], [], 1])
      expectCurrent(scene)
    }, FAST),
  )

  test('in the answer to the rotation: the old token dies when it does', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /rotate$/, fault: lagging('2020-01-01T00:00:00.000000Z') })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
      const expires = Date.parse(result.outputs['old-token-expires-at'] ?? '')
      expect(expires - scene.clock.now()).toBeGreaterThan(10 * 60_000)
      expectCurrent(scene)
    }, FAST))

  test('once in the post step: the lost token is seen all the same', () =>
    play(async (scene) => {
      let pid = 0
      scene.incident.faults.add({ path: /rotate$/, fault: { kind: 'hang', when: 'after' } })
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) process.kill(pid, 'SIGKILL')
      }
      const date = new Date(scene.incident.key(scene.key.id)?.issuedAt ?? 0).toISOString()
      const main = await scene.rotate({
        onStart: (started) => {
          pid = started
        },
      })
      delete scene.incident.onRequest
      scene.incident.faults.add({ ...SHOW, fault: lagging(date) })
      const post = await scene.finish(main)
      expect([main.signal, errorsOf(post), post.exitCode]).toEqual(['SIGKILL', [], 0])
      expectCurrent(scene)
    }, FAST))
})

describe('the new token is seen to work', () => {
  test.each([status(200), status(200, []), status(200, { maintenance: true }), status(403), status(404), status(409)])(
    'behind %j: it is asked again',
    (fault) =>
      play(async (scene) => {
        scene.incident.faults.add({ ...IDENTITY, skip: 1, fault })
        const result = await scene.rotate()
        expect([errorsOf(result), result.exitCode, rotations(scene).length]).toEqual([[], 0, 1])
        expectCurrent(scene)
      }, FAST),
  )

  test('or the step fails: an answer about nobody proves nothing', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...IDENTITY, skip: 1, times: ALWAYS, fault: status(200) })
      expect(onlyError(await scene.rotate())).toMatch(/^Could not see at work the new token/)
    }, FAST))
})

describe('what of a key cannot be read', () => {
  const CHANGED = { ...DEPLOY, comments: 'New', 'min-token-age': '90d' }
  const GONE = { name: 'Gone', secret: 'GONE', state: 'absent' }
  const listed = (properties: object): Fault => ({
    kind: 'answer',
    change: (answer) => {
      const body = answer.body as { api_keys: object[] }
      return { ...answer, body: { ...body, api_keys: body.api_keys.map((key) => ({ ...key, ...properties })) } }
    },
  })

  test.each([
    ['roles', { roles: undefined }],
    ['roles', { roles: null }],
    ['roles', { roles: 'viewer' }],
    ['roles', { roles: [{ name: 'viewer' }, { title: 'Editor' }] }],
    ['team_ids', { team_ids: [{ id: 'T' }] }],
    ['team_roles', { team_roles: {} }],
    ['comments', { comments: ['a'] }],
  ])('is not updated away: %s of %j', (property, given) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...LIST, times: ALWAYS, fault: listed(given) })
      const error = onlyError(await reconcile(scene, manifestOf(CHANGED)))
      expect(error).toMatch(/^Could not update the API key "CI deploy key" .*Nothing was changed for it/)
      expect(error).toContain(`cannot be read wholly (${property})`)
      expect(changesAt(scene)).toEqual([])
      // What is not updated is none of it.
      const rotation = await reconcile(scene, manifestOf(DEPLOY))
      expect([errorsOf(rotation), rotation.outputs.status]).toEqual([[], 'rotated'])
    }, FAST),
  )

  test.each([
    { team_ids: null, team_roles: null, comments: null },
    { team_ids: undefined, team_roles: undefined, comments: undefined },
    { roles: [{ name: 'of_the_future', level: 7 }], team_ids: [17], team_roles: ['a_name'], kind: {} },
  ])('is not what is left out, or new: %j is updated', (given) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...LIST, times: ALWAYS, fault: listed(given) })
      scene.incident.faults.add({ ...UPDATE, fault: status(200, { api_key: { id: 'K' } }) })
      const result = await reconcile(scene, manifestOf(CHANGED))
      expect([errorsOf(result), updates(scene).length]).toEqual([[], 1])
    }, FAST),
  )

  test.each(['yesterday', '', 1_700_000_000, {}, true])('is a use: %j as last_used_at keeps the key', (given) =>
    play(async (scene) => {
      addKey(scene, 'Gone', 'GONE')
      scene.incident.faults.add({ ...LIST, times: ALWAYS, fault: listed({ last_used_at: given }) })
      const error = onlyError(await reconcile(scene, manifestOf(GONE)))
      expect(error).toMatch(/^Could not delete the API key "Gone" .*counts as in use now.*"even-if-used: true"/)
      expect([deletions(scene), secretDeletions(scene)]).toEqual([[], []])
      const meant = await reconcile(scene, manifestOf({ ...GONE, 'even-if-used': true }))
      expect([errorsOf(meant), deletions(scene).length]).toEqual([[], 1])
    }, FAST),
  )
})

test('an update that is answered without the key is sent again', () =>
  play(async (scene) => {
    const key = addKey(scene, 'Other', 'OTHER', { roles: ['viewer'] })
    scene.incident.faults.add({ method: 'PUT', fault: status(200) })
    const entry = { name: 'Other', secret: 'OTHER', comments: 'New', 'min-token-age': 'never' }
    const result = await reconcile(scene, manifestOf(entry))
    expect([errorsOf(result), result.exitCode, updates(scene).length]).toEqual([[], 0, 2])
    expectHolds(scene, key.id, 'OTHER')
  }, FAST))

test.each([
  status(499, {}, true),
  status(409, { type: 'client_timeout' }, true),
  status(400, { type: 'request_timeout' }, true),
])('a rotation that timed out may have taken effect: %j', (fault) =>
  play(async (scene) => {
    scene.incident.faults.add({ path: /rotate$/, fault })
    const result = await scene.rotate()
    expect([errorsOf(result), result.exitCode, rotations(scene).length]).toEqual([[], 0, 2])
    expectCurrent(scene)
  }, FAST),
)

test('a permission that is missing is named although no requests are left either', () =>
  play(async (scene) => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(scene.clock.now() / 1000 + 3600) }
    const fault: Fault = {
      ...status(403, { message: 'Resource not accessible by personal access token' }),
      headers,
    } as Fault
    scene.github.faults.add({ path: /public-key$/, times: ALWAYS, fault })
    expect(onlyError(await scene.rotate())).toContain('the token lacks the permission')
  }, FAST))
