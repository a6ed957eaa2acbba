import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { client } from '../stand-ins/client.ts'
import { errorsOf, play, rotations, warningsOf, writes } from './helpers.ts'
import { addOrganization, keepIn, ORGANIZATION } from './holding.ts'
import {
  addKey,
  changesAt,
  creations,
  deletions,
  expectHolds,
  keysOf,
  manifestOf,
  reconcile,
  secretDeletions,
  statusesOf,
  updates,
} from './manifest.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

/** Waits are minutes here, and seconds in a run of the tests. */
const FAST = { speed: 20 }
const ALWAYS = Number.POSITIVE_INFINITY
/** Stands in bodies of answers that nobody may see. */
const MARK = 'only-for-the-eyes-of-the-service'
const BODY = { type: 'api_error', status: 500, request_id: 'abc', errors: [{ code: 'x', message: MARK }], token: MARK }
const FORBIDDEN: Fault = { kind: 'status', status: 403, body: { message: 'Forbidden' } }

const CREATE = { method: 'POST', path: /^\/v1\/api_keys$/ }
const LIST = { method: 'GET', path: /^\/v1\/api_keys$/ }
const NEW = { name: 'New', secret: 'NEW', create: true, roles: ['viewer'], comments: 'Made here' }
/** A key that is due beside the one that the test is about. */
const OLD = { name: 'CI deploy key', secret: 'INCIDENT_API_KEY' }

const namedOf = ({ incident }: Scene, name: string) => incident.keys().filter((key) => key.name === name)
const idOf = (scene: Scene, name: string): string => namedOf(scene, name)[0]?.id ?? ''

/** Kills the main step when such a request arrives; it takes effect, or does not, and nobody hears of it. */
async function killAt(
  scene: Scene,
  service: 'incident' | 'github',
  rule: { method: string; path: RegExp },
  when: 'before' | 'after',
  yaml: string,
) {
  let pid = 0
  scene[service].faults.add({ ...rule, fault: { kind: 'hang', when } })
  scene[service].onRequest = ({ method, path }) => {
    if (method === rule.method && rule.path.test(path)) process.kill(pid, 'SIGKILL')
  }
  const main = await reconcile(scene, yaml, {
    onStart: (started) => {
      pid = started
    },
  })
  delete scene[service].onRequest
  scene[service].faults.clear()
  expect(main.signal).toBe('SIGKILL')
  return main
}

/** The post step does not read the manifest. */
const finish = (scene: Scene, main: StepResult, step: Partial<Step> = {}) =>
  scene.finish(main, { ...step, with: { manifest: 'keys.yml', 'key-name': '', 'secret-name': '' } })

const shownBy = ({ raw, summary, outputs, state }: StepResult): string =>
  // What looks like a token is masked before anything else, and the mask has to name it.
  [raw.replace(/^::add-mask::.*$/gm, ''), summary, JSON.stringify(outputs), JSON.stringify(state)].join('\n')

describe('the making of a key whose outcome is unknown', () => {
  const NOTHING_HAPPENED: Record<string, Fault> = {
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'status 500': { kind: 'status', status: 500, body: BODY },
    '502 with HTML': { kind: 'status', status: 502, body: `<html>${MARK}</html>` },
    'status 408': { kind: 'status', status: 408, body: BODY },
    'a hang before it took effect': { kind: 'hang', when: 'before' },
  }
  test.each(Object.entries(NOTHING_HAPPENED))('%s: the keys are listed, and it is asked for again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault })
      const result = await reconcile(scene, manifestOf(OLD, NEW))
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'New: created'])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([2, 1])
      expect(scene.incident.tokensOf(idOf(scene, 'New'))).toHaveLength(1)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      expect(shownBy(result)).not.toContain(MARK)
    }, FAST),
  )

  const TOKEN_LOST: Record<string, Fault> = {
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang after it took effect': { kind: 'hang', when: 'after' },
    'an error after it took effect': { kind: 'status', status: 500, body: BODY, afterEffect: true },
    'a body that was cut off': { kind: 'cut-off' },
    'a body that cannot be read': { kind: 'unreadable' },
    'an answer without a token': {
      kind: 'answer',
      change: (answer) => ({ ...answer, body: { ...(answer.body as object), token: null } }),
    },
    'an answer without the key': {
      kind: 'answer',
      change: (answer) => ({ ...answer, body: { token: (answer.body as { token: string }).token } }),
    },
    'an answer whose key has no id': {
      kind: 'answer',
      change: (answer) => {
        const { api_key, token } = answer.body as { api_key: object; token: string }
        return { ...answer, body: { api_key: { ...api_key, id: undefined }, token } }
      },
    },
  }
  test.each(Object.entries(TOKEN_LOST))('%s: the key is there, and is rotated', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault })
      const result = await reconcile(scene, manifestOf(OLD, NEW))
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'New: created'])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([1, 1])
      expect(scene.incident.tokensOf(idOf(scene, 'New'))).toHaveLength(2)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      expect(shownBy(result)).not.toContain(MARK)
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }, FAST),
  )

  test('a key that stands in the list a little later is found', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'reset', when: 'before' } })
      let lists = 0
      scene.incident.onRequest = ({ method, path }) => {
        // The first list is that of the look.
        if (method === 'GET' && path === '/v1/api_keys' && ++lists === 4) {
          scene.incident.addKey({ name: 'New', roles: ['viewer'] })
        }
      }
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), result.exitCode, creations(scene).length]).toEqual([[], 0, 1])
      expect(namedOf(scene, 'New')).toHaveLength(1)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('and a list that cannot be read: it is not made blindly, and the next run finds it', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'reset', when: 'after' } })
      const silent: Fault = { kind: 'status', status: 503, body: BODY }
      scene.incident.faults.add({ ...LIST, skip: 1, times: ALWAYS, fault: silent })
      const result = await reconcile(scene, manifestOf(OLD, NEW))
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'New: failed'])
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/^Could not make the API key "New".* the keys could not be listed/),
      ])
      expect([result.exitCode, creations(scene).length]).toEqual([1, 1])
      expect(shownBy(result)).not.toContain(MARK)
      scene.incident.faults.clear()
      const next = await reconcile(scene, manifestOf(OLD, NEW))
      expect([errorsOf(next), statusesOf(next)]).toEqual([[], ['CI deploy key: unchanged', 'New: rotated']])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([1, 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('and a list that cannot be read: the post step finds it', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'reset', when: 'after' } })
      const silent: Fault = { kind: 'status', status: 503, body: BODY }
      scene.incident.faults.add({ ...LIST, skip: 1, times: ALWAYS, fault: silent })
      const main = await reconcile(scene, manifestOf(NEW))
      scene.incident.faults.clear()
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode, creations(scene).length]).toEqual([[], 0, 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('an answer without the key, and a list that does not show it yet: it is not made twice, and the post step finds it', () =>
    play(async (scene) => {
      const withoutKey = ({ body, ...answer }: Answer) => ({
        ...answer,
        body: { token: (body as { token: string }).token },
      })
      const withoutNew = ({ body, ...answer }: Answer) => {
        const { api_keys: keys, ...rest } = body as { api_keys: { name: string }[] }
        return { ...answer, body: { ...rest, api_keys: keys.filter(({ name }) => name !== 'New') } }
      }
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'answer', change: withoutKey } })
      scene.incident.faults.add({ ...LIST, times: ALWAYS, fault: { kind: 'answer', change: withoutNew } })
      const main = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(main)).toEqual([
        expect.stringMatching(/^Could not make the API key "New".* it is not listed yet/),
      ])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([1, 1])
      scene.incident.faults.clear()
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode, creations(scene).length]).toEqual([[], 0, 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('three tries, and no more', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, times: ALWAYS, fault: { kind: 'reset', when: 'before' } })
      const result = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/"New": 3 tries ended without a token .*Nothing was changed/),
      ])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([3, 0])
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      scene.incident.faults.clear()
      expect(statusesOf(await reconcile(scene, manifestOf(NEW)))).toEqual(['New: created'])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('and each answer to the rotations lost too: three tries in all, and the next run mends it', () =>
    play(async (scene) => {
      scene.incident.faults.add({
        method: 'POST',
        path: /api_keys/,
        times: ALWAYS,
        fault: { kind: 'reset', when: 'after' },
      })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([result.exitCode, creations(scene).length, rotations(scene).length]).toEqual([1, 1, 2])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/The key was made, and nobody holds its token/)])
      scene.incident.faults.clear()
      const next = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(next), statusesOf(next)]).toEqual([[], ['New: rotated']])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))

  test('a key of the same name that somebody else made meanwhile is not taken for ours, nor made a second time', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'reset', when: 'after' } })
      scene.incident.onRequest = ({ method, path }) => {
        if (method === 'POST' && path === '/v1/api_keys') scene.incident.addKey({ name: 'New', roles: ['viewer'] })
      }
      const result = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(result)).toEqual([expect.stringMatching(/several keys carry its name now/)])
      expect([creations(scene).length, rotations(scene).length, writes(scene).length]).toEqual([1, 0, 0])
    }, FAST))
})

describe('two that make keys of one name at the same time', () => {
  test('are told once, behind all writes, with both ids', () =>
    play(async (scene) => {
      let other = { id: '' }
      scene.incident.onRequest = ({ method, path }) => {
        if (method === 'POST' && path === '/v1/api_keys') {
          other = scene.incident.addKey({ name: 'New', roles: ['viewer'] })
        }
      }
      const result = await reconcile(scene, manifestOf(OLD, NEW))
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: rotated', 'New: failed']])
      const ours = keysOf(result)[1]?.id ?? ''
      expect([creations(scene).length, ours === '', ours === other.id]).toEqual([1, false, false])
      const ids = [other.id, ours].map((id) => `(?=.*${id})`).join('')
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(
          new RegExp(`^Could not make only one API key "New": something else made one at the same time: ${ids}`),
        ),
      ])
      // What was made is in its place.
      expect(keysOf(result)[1]).toMatchObject({ rotated: true, destinations: [{ result: 'created' }] })
      expectHolds(scene, ours, 'NEW')
      const last = writes(scene).at(-1)?.at ?? Number.POSITIVE_INFINITY
      const lists = scene.incident.journal.filter(({ method, path }) => method === 'GET' && path === '/v1/api_keys')
      expect([lists.length, (lists.at(-1)?.at ?? 0) > last]).toEqual([2, true])
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }))

  test('is not known when the keys cannot be listed any more, and what was done is well', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...LIST, skip: 1, times: ALWAYS, fault: FORBIDDEN })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['New: created']])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))
})

describe('the making of a key that is refused', () => {
  test('by a limit: it is asked for again after the wait', () =>
    play(async (scene) => {
      scene.incident.faults.add({
        ...CREATE,
        fault: { kind: 'status', status: 429, headers: { 'retry-after': '5' }, body: BODY },
      })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      const [first, second] = creations(scene).map(({ at }) => at)
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(4900)
      expect(namedOf(scene, 'New')).toHaveLength(1)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
      expect(shownBy(result)).not.toContain(MARK)
    }, FAST))

  test.each([
    [403, /answered 403 .*can give only what it may do itself.* Nothing was changed/],
    [422, /answered 422 .*Check its name, roles, teams and comments in the manifest/],
    [401, /answered 401 .*Give a valid API key/],
  ])('with %i: the error says what to do, nothing is left to finish, and the others go on', (status, told) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, times: ALWAYS, fault: { kind: 'status', status, body: BODY } })
      const result = await reconcile(scene, manifestOf(OLD, NEW))
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: rotated', 'New: failed']])
      expect(errorsOf(result)).toEqual([expect.stringMatching(told)])
      expect([creations(scene).length, namedOf(scene, 'New').length]).toEqual([1, 0])
      expect(shownBy(result)).not.toContain(MARK)
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }, FAST),
  )

  test('by incident.io itself, since the managing key lacks a role', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...NEW, roles: ['global_access'] }))
      expect(errorsOf(result)).toEqual([expect.stringMatching(/answered 403 .*can give only what it may do itself/)])
      expect(warningsOf(result)).toEqual([expect.stringContaining('global_access')])
      expect(namedOf(scene, 'New')).toHaveLength(0)
    }))
})

describe('an update', () => {
  const CHANGED = { ...OLD, comments: 'Now with a comment', roles: ['viewer'], 'min-token-age': '90d' }
  const UPDATE = { method: 'PUT', path: /^\/v1\/api_keys\/\w+$/ }
  const PASSING: Record<string, Fault> = {
    'status 500': { kind: 'status', status: 500, body: {} },
    '502 after it took effect': { kind: 'status', status: 502, body: '<html>', afterEffect: true },
    '429 with retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '3' }, body: {} },
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang': { kind: 'hang', when: 'before' },
    'a cut-off body': { kind: 'cut-off' },
    'an unreadable body': { kind: 'unreadable' },
  }
  test.each(Object.entries(PASSING))('%s: is sent again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...UPDATE, fault })
      const result = await reconcile(scene, manifestOf(CHANGED))
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: updated']])
      expect(updates(scene)).toHaveLength(2)
      const key = scene.incident.key(scene.key.id)
      expect([key?.comments, key?.roles, key?.name]).toEqual(['Now with a comment', ['viewer'], 'CI deploy key'])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }, FAST),
  )

  test('that fails for good keeps the key from being rotated, and no other', () =>
    play(async (scene) => {
      const other = addKey(scene, 'Other', 'OTHER')
      scene.incident.faults.add({ ...UPDATE, times: ALWAYS, fault: { kind: 'status', status: 403, body: {} } })
      const result = await reconcile(
        scene,
        manifestOf({ ...CHANGED, 'min-token-age': '1d' }, { name: 'Other', secret: 'OTHER' }),
      )
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: failed', 'Other: rotated']])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^Could not update .* It was not rotated/)])
      expect(updates(scene)).toHaveLength(1)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
      expectHolds(scene, other.id, 'OTHER')
    }, FAST))

  test('behind which the rotation is refused is not told as if nothing had been changed', () =>
    play(async (scene) => {
      const fault: Fault = { kind: 'status', status: 403, body: {} }
      scene.incident.faults.add({ path: /\/rotate$/, times: ALWAYS, fault })
      const result = await reconcile(scene, manifestOf({ ...CHANGED, 'min-token-age': '1d' }))
      expect([result.exitCode, statusesOf(result), updates(scene).length]).toEqual([1, ['CI deploy key: failed'], 1])
      expect(keysOf(result)[0]?.steps).toEqual(expect.arrayContaining([expect.stringContaining('comments')]))
      expect(errorsOf(result)).toEqual([expect.not.stringContaining('Nothing was changed')])
    }, FAST))

  test('behind which the run is killed is not done again by the next one, which rotates', () =>
    play(async (scene) => {
      const yaml = manifestOf({ ...CHANGED, 'min-token-age': '1d' })
      const main = await killAt(scene, 'incident', UPDATE, 'after', yaml)
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      const next = await reconcile(scene, yaml)
      expect([errorsOf(next), statusesOf(next), updates(scene).length]).toEqual([[], ['CI deploy key: rotated'], 1])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    }, FAST))
})

describe('a deletion', () => {
  const GONE = { name: 'Exporter', secret: 'EXPORTER', state: 'absent' }
  const addGone = (scene: Scene) => addKey(scene, 'Exporter', 'EXPORTER')
  const DELETE_KEY = { method: 'DELETE', path: /^\/v1\/api_keys\/\w+$/ }
  const DELETE_SECRET = { method: 'DELETE', path: /\/secrets\/EXPORTER$/ }
  const expectGone = (scene: Scene) => {
    expect(namedOf(scene, 'Exporter')).toEqual([])
    expect(scene.github.secret(scene.repository, 'EXPORTER')).toBeUndefined()
    // Nothing else went with it.
    expect(scene.incident.keyOf(scene.github.secret(scene.repository, 'INCIDENT_API_KEY')?.value ?? '')?.id).toBe(
      scene.key.id,
    )
    expect(scene.incident.keyOf(scene.managingToken)).toBeDefined()
  }
  const PASSING: Record<string, Fault> = {
    'status 500': { kind: 'status', status: 500, body: {} },
    '502 after it took effect': { kind: 'status', status: 502, body: '<html>', afterEffect: true },
    '429 with retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '3' }, body: {} },
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang after it took effect': { kind: 'hang', when: 'after' },
  }
  describe.each([
    ['of the key', 'incident', DELETE_KEY],
    ['of its secret', 'github', DELETE_SECRET],
  ] as const)('%s', (_, service, rule) => {
    test.each(Object.entries(PASSING))('%s: is sent again', (__, fault) =>
      play(async (scene) => {
        addGone(scene)
        scene[service].faults.add({ ...rule, fault })
        const result = await reconcile(scene, manifestOf(GONE))
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Exporter: deleted']])
        expectGone(scene)
      }, FAST),
    )

    test.each(['before', 'after'] as const)('a run that is killed right %s it is carried on by the next one', (when) =>
      play(async (scene) => {
        addGone(scene)
        const main = await killAt(scene, service, rule, when, manifestOf(GONE))
        const post = await finish(scene, main)
        expect([post.exitCode, post.raw]).toEqual([0, ''])
        // While the key is there, the next run knows what is left to do.
        const next = await reconcile(scene, manifestOf(GONE))
        expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
        expectGone(scene)
        const last = await reconcile(scene, manifestOf(GONE))
        expect([last.outputs.status, statusesOf(last)]).toEqual(['unchanged', ['Exporter: unchanged']])
      }, FAST),
    )
  })

  test('of a secret that is refused for good leaves the key, and the others go on', () =>
    play(async (scene) => {
      const { id } = addGone(scene)
      scene.github.faults.add({ ...DELETE_SECRET, times: ALWAYS, fault: FORBIDDEN })
      const result = await reconcile(scene, manifestOf(GONE, OLD))
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['Exporter: failed', 'CI deploy key: rotated']])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^Could not delete .*EXPORTER.*octo\/app: .*403/)])
      expect([deletions(scene).length, scene.incident.key(id)?.name]).toEqual([0, 'Exporter'])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      scene.github.faults.clear()
      expect((await reconcile(scene, manifestOf(GONE))).exitCode).toBe(0)
      expectGone(scene)
    }, FAST))

  test('of a key that is refused for good comes behind its secret, and is tried again by the next run', () =>
    play(async (scene) => {
      addGone(scene)
      scene.incident.faults.add({ ...DELETE_KEY, times: ALWAYS, fault: { kind: 'status', status: 403, body: {} } })
      const result = await reconcile(scene, manifestOf(GONE))
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['Exporter: failed']])
      expect([secretDeletions(scene).length, namedOf(scene, 'Exporter').length]).toEqual([1, 1])
      scene.incident.faults.clear()
      expect(statusesOf(await reconcile(scene, manifestOf(GONE)))).toEqual(['Exporter: deleted'])
      expectGone(scene)
    }, FAST))
})

test('a secret of a key to be absent that force passes over is told, and is no success', () =>
  play(async (scene) => {
    addKey(scene, 'Exporter', 'EXPORTER')
    const destinations = [{ repository: 'octo/app' }, { repository: 'octo/elsewhere' }]
    const yaml = manifestOf({ name: 'Exporter', secret: 'EXPORTER', state: 'absent', destinations })
    const result = await reconcile(scene, yaml, { with: { force: 'true' } })
    expect([result.exitCode, statusesOf(result)]).toEqual([1, ['Exporter: failed']])
    expect(errorsOf(result)).toEqual([expect.stringContaining('octo/elsewhere')])
  }))

describe('a write that fails for good', () => {
  const THREE = manifestOf(OLD, { name: 'Second', secret: 'SECOND' }, NEW)
  async function fail(scene: Scene) {
    const second = addKey(scene, 'Second', 'SECOND')
    scene.github.faults.add({ method: 'PUT', path: /SECOND$/, times: ALWAYS, fault: FORBIDDEN })
    const main = await reconcile(scene, THREE)
    expect([main.exitCode, main.outputs.status]).toEqual([1, 'failed'])
    expect(statusesOf(main)).toEqual(['CI deploy key: rotated', 'Second: failed', 'New: created'])
    expect(errorsOf(main)).toEqual([expect.stringMatching(/^Could not write SECOND in octo\/app: .*403.* dies at 2/)])
    expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    expectHolds(scene, idOf(scene, 'New'), 'NEW')
    return { main, second }
  }

  test('on one key: the post step tries again, and writes what was sealed', () =>
    play(async (scene) => {
      const { main, second } = await fail(scene)
      const stillFailing = await finish(scene, main)
      expect([stillFailing.exitCode, errorsOf(stillFailing)]).toEqual([1, [expect.stringContaining('SECOND')]])
      scene.github.faults.clear()
      const post = await finish(scene, main)
      expect([post.exitCode, post.log]).toEqual([0, ['SECOND in octo/app: updated']])
      expect(rotations(scene)).toHaveLength(2)
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('on one key: the next run heals that one alone', () =>
    play(async (scene) => {
      const { second } = await fail(scene)
      scene.github.faults.clear()
      const before = changesAt(scene).length
      const next = await reconcile(scene, THREE)
      expect([errorsOf(next), statusesOf(next)]).toEqual([
        [],
        ['CI deploy key: unchanged', 'Second: rotated', 'New: unchanged'],
      ])
      expect(changesAt(scene)).toHaveLength(before + 1)
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('on the first token of a new key: the next run heals it', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', path: /NEW$/, times: ALWAYS, fault: FORBIDDEN })
      const main = await reconcile(scene, manifestOf(NEW))
      expect([main.exitCode, errorsOf(main)]).toEqual([
        1,
        [expect.stringMatching(/^Could not write NEW .*The key was made/)],
      ])
      // It was not filled.
      expect(keysOf(main)[0]?.steps).toEqual(['make the key with viewer'])
      scene.github.faults.clear()
      const next = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(next), statusesOf(next), creations(scene).length]).toEqual([[], ['New: rotated'], 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))
})

describe('while several keys are worked on', () => {
  const THREE = manifestOf(OLD, { name: 'Second', secret: 'SECOND' }, { name: 'Third', secret: 'THIRD' })
  const addTwo = (scene: Scene) => [addKey(scene, 'Second', 'SECOND'), addKey(scene, 'Third', 'THIRD')] as const
  const sentFor = (scene: Scene, id: string) => rotations(scene).filter(({ path }) => path.includes(id)).length

  test.each([
    ['and writes nothing', false],
    ['and its token is written over', true],
  ])('another rotation of one of them %s: that one is rotated again, and no other', (_, writesToo) =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      let done = false
      scene.github.onRequest = async ({ method, path }) => {
        if (done || method !== 'PUT' || !path.endsWith('SECOND')) return
        done = true
        const rotate = client(scene.incident.url, scene.managingToken)
        const { body } = await rotate('POST', `/v1/api_keys/${second.id}/actions/rotate`, { grace_period_minutes: 30 })
        if (writesToo) scene.github.setSecret(scene.repository, 'SECOND', body.token)
      }
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(warningsOf(result)).toContainEqual(
        expect.stringMatching(/^"Second": Something else rotated the key during this run/),
      )
      // One of the three is the other one's.
      expect([sentFor(scene, scene.key.id), sentFor(scene, second.id), sentFor(scene, third.id)]).toEqual([1, 3, 1])
      for (const [id, secret] of [
        [scene.key.id, 'INCIDENT_API_KEY'],
        [second.id, 'SECOND'],
        [third.id, 'THIRD'],
      ] as const) {
        expectHolds(scene, id, secret)
      }
    }, FAST),
  )

  test('a public key that is replaced is fetched again, and every value sealed anew', () =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      let replaced = false
      scene.incident.onRequest = ({ path }) => {
        if (replaced || !path.endsWith('/rotate')) return
        replaced = true
        scene.github.replaceKeyPair(scene.repository)
      }
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode, rotations(scene).length]).toEqual([[], 0, 3])
      expect(
        writes(scene)
          .map(({ status }) => status)
          .toSorted(),
      ).toEqual([204, 204, 204, 422, 422, 422])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      expectHolds(scene, second.id, 'SECOND')
      expectHolds(scene, third.id, 'THIRD')
    }, FAST))

  test('a rotation whose answer is lost is done again, and no other key hears of it', () =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      scene.incident.faults.add({ path: new RegExp(`${second.id}/actions`), fault: { kind: 'reset', when: 'after' } })
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^"Second": A token was issued and lost/)])
      expect([sentFor(scene, scene.key.id), sentFor(scene, second.id), sentFor(scene, third.id)]).toEqual([1, 2, 1])
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('a rotation that is refused stops no other, and leaves nothing to finish', () =>
    play(async (scene) => {
      const [second] = addTwo(scene)
      const fault: Fault = { kind: 'status', status: 403, body: BODY }
      scene.incident.faults.add({ path: new RegExp(`${second.id}/actions`), times: ALWAYS, fault })
      const result = await reconcile(scene, THREE)
      expect([result.exitCode, statusesOf(result)]).toEqual([
        1,
        ['CI deploy key: rotated', 'Second: failed', 'Third: rotated'],
      ])
      expect(shownBy(result)).not.toContain(MARK)
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }, FAST))

  test('a key that cannot be looked at stops no other', () =>
    play(async (scene) => {
      addTwo(scene)
      scene.github.faults.add({ method: 'GET', path: /secrets\/SECOND$/, times: ALWAYS, fault: FORBIDDEN })
      const result = await reconcile(scene, THREE)
      expect([result.exitCode, statusesOf(result)]).toEqual([
        1,
        ['CI deploy key: rotated', 'Second: failed', 'Third: rotated'],
      ])
      expect(rotations(scene)).toHaveLength(2)
    }, FAST))
})

describe('what changed between the first look and the work', () => {
  /** A run that needs too long; it is in flight until it is ended. */
  function addLongRun(scene: Scene): () => void {
    scene.github.addFile('octo/app', CI, USES)
    addHistory(scene, 90, 50)
    const id = addRun(scene, 1)
    return () => scene.github.updateRun('octo/app', id, { status: 'completed', conclusion: 'success' })
  }

  /** Runs the main step, which waits; does something meanwhile, and lets the wait end. */
  function waitAnd(scene: Scene, yaml: string, act: () => Promise<void>) {
    const end = addLongRun(scene)
    let lists = 0
    scene.github.onRequest = async ({ path }) => {
      if (!path.endsWith('/actions/runs') || ++lists !== 2) return
      await act()
      end()
    }
    return reconcile(scene, yaml, { with: { 'max-wait-minutes': '5' } })
  }

  test('a run that needs too long although it was waited for: the key is put off, and no step was taken', () =>
    play(
      async (scene) => {
        addLongRun(scene)
        const result = await reconcile(scene, manifestOf(OLD), { with: { 'max-wait-minutes': '2' } })
        expect([result.exitCode, statusesOf(result)]).toEqual([0, ['CI deploy key: deferred']])
        expect(result.outputs.status).toBe('deferred')
        expect(changesAt(scene)).toEqual([])
        expect(keysOf(result)[0]?.steps).toEqual([])
      },
      { speed: 40 },
    ))

  test('a key that somebody else rotated and wrote while it was waited is not rotated again', () =>
    play(
      async (scene) => {
        const result = await waitAnd(scene, manifestOf(OLD), async () => {
          const rotate = client(scene.incident.url, scene.managingToken)
          const path = `/v1/api_keys/${scene.key.id}/actions/rotate`
          const { body } = await rotate('POST', path, { grace_period_minutes: 60 })
          scene.github.setSecret(scene.repository, scene.secret, body.token)
        })
        expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
        expect(rotations(scene)).toHaveLength(1)
        expect(statusesOf(result)).toEqual(['CI deploy key: unchanged'])
        expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      },
      { speed: 60 },
    ))

  test('a key that somebody else updated while it was waited is not updated once more, and is rotated', () =>
    play(
      async (scene) => {
        const result = await waitAnd(scene, manifestOf({ ...OLD, comments: 'New' }), async () => {
          const key = scene.incident.key(scene.key.id)
          if (key !== undefined) key.comments = 'New\n'
        })
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
        expect([updates(scene), keysOf(result)[0]?.steps]).toEqual([[], ['rotate']])
      },
      { speed: 60 },
    ))

  test('a role that somebody else gave while it was waited is taken away, and nothing is written over unseen', () =>
    play(
      async (scene) => {
        const yaml = manifestOf({ ...OLD, roles: ['viewer', 'incident_creator'] })
        const result = await waitAnd(scene, yaml, async () => {
          const key = scene.incident.key(scene.key.id)
          key?.roles.push('api_keys_write_of_the_future')
          if (key !== undefined) key.comments = 'Written meanwhile'
        })
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
        expect(updates(scene).map(({ requestBody }) => requestBody)).toEqual([
          expect.objectContaining({ role_names: ['viewer', 'incident_creator'], comments: 'Written meanwhile' }),
        ])
        expect(warningsOf(result)).toEqual([expect.stringContaining('loses roles at once')])
      },
      { speed: 60 },
    ))

  test('a key that something else deleted while it was waited fails, and nothing is made', () =>
    play(
      async (scene) => {
        const result = await waitAnd(scene, manifestOf({ ...OLD, create: true, roles: ['viewer'] }), async () => {
          const { id } = scene.key
          await client(scene.incident.url, scene.managingToken)('DELETE', `/v1/api_keys/${id}`)
        })
        expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: failed']])
        expect([creations(scene), rotations(scene), writes(scene)]).toEqual([[], [], []])
      },
      { speed: 60 },
    ))

  describe('when four keys whose destination is down are worked on', () => {
    const DOWN = ['Down 1', 'Down 2', 'Down 3', 'Down 4']
    const secretOf = (name: string) => name.toUpperCase().replace(' ', '_')
    // Their writes are tried for as long as their old tokens live.
    const entries = DOWN.map((name) => ({ name, secret: secretOf(name), 'grace-period-minutes': 4 }))

    /** Runs the main step with these, which come first, and others; does something as soon as they are written. */
    async function runWith(scene: Scene, others: Record<string, unknown>[], act: () => Promise<void> | void) {
      for (const name of DOWN) addKey(scene, name, secretOf(name), { ageDays: 90 })
      const fault: Fault = { kind: 'status', status: 503, body: {} }
      scene.github.faults.add({ method: 'PUT', path: /DOWN_\d$/, times: ALWAYS, fault })
      let acted = false
      scene.github.onRequest = async ({ method }) => {
        if (acted || method !== 'PUT') return
        acted = true
        await act()
      }
      const result = await reconcile(scene, manifestOf(...others, ...entries))
      expect(result.exitCode).toBe(1)
      expect(statusesOf(result).slice(others.length)).toEqual(DOWN.map((name) => `${name}: failed`))
      return result
    }

    test('they keep others from their turn for a minute at the most', () =>
      play(
        async (scene) => {
          const result = await runWith(scene, [OLD], () => {})
          expect(statusesOf(result)[0]).toBe('CI deploy key: rotated')
          expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
          const own = rotations(scene).find(({ path }) => path.includes(scene.key.id))?.at ?? Number.NaN
          const tried = writes(scene).filter(({ path }) => path.includes('DOWN'))
          // They went on, minutes longer, while the other one was worked on.
          expect(own).toBeLessThan((tried.at(-1)?.at ?? Number.NaN) - 60_000)
          // And four are worked on at once.
          expect(own).toBeGreaterThan(tried[0]?.at ?? Number.NaN)
        },
        { speed: 40 },
      ))

    test('what others changed meanwhile is seen by who comes behind them, since the look is over a minute old', () =>
      play(
        async (scene) => {
          const rotatedElsewhere = addKey(scene, 'Taken', 'TAKEN')
          const updatedElsewhere = addKey(scene, 'Updated', 'UPDATED', { ageDays: 0 })
          const used = addKey(scene, 'Used', 'USED')
          const yaml = [
            { name: 'Taken', secret: 'TAKEN' },
            { name: 'Updated', secret: 'UPDATED', comments: 'New' },
            { ...NEW },
            { name: 'Used', secret: 'USED', state: 'absent' },
          ]
          const result = await runWith(scene, yaml, async () => {
            const ask = client(scene.incident.url, scene.managingToken)
            const path = `/v1/api_keys/${rotatedElsewhere.id}/actions/rotate`
            const { body } = await ask('POST', path, { grace_period_minutes: 60 })
            scene.github.setSecret(scene.repository, 'TAKEN', body.token)
            const key = scene.incident.key(updatedElsewhere.id)
            if (key !== undefined) key.comments = 'New'
            scene.incident.addKey({ name: 'New', roles: ['viewer'] })
            const absent = scene.incident.key(used.id)
            if (absent !== undefined) absent.lastUsedAt = scene.clock.now()
          })
          expect(statusesOf(result).slice(0, 4)).toEqual([
            'Taken: unchanged',
            'Updated: unchanged',
            'New: failed',
            'Used: failed',
          ])
          expect(errorsOf(result)).toContainEqual(
            expect.stringMatching(
              /^Could not make the API key "New": something else has made a key of this name meanwhile\. Nothing was changed for it/,
            ),
          )
          expect(errorsOf(result)).toContainEqual(expect.stringMatching(/"Used" .*less than 7 days ago/))
          expect([creations(scene), updates(scene), deletions(scene), secretDeletions(scene)]).toEqual([[], [], [], []])
          expect(scene.incident.tokensOf(rotatedElsewhere.id)).toHaveLength(2)
          expectHolds(scene, rotatedElsewhere.id, 'TAKEN')
          expect(scene.github.secret(scene.repository, 'NEW')).toBeUndefined()
        },
        { speed: 40 },
      ))
  })

  test('who can read a secret of an organization is kept as it became while it was waited', () =>
    play(
      async (scene) => {
        addOrganization(scene)
        keepIn(scene, ORGANIZATION, { visibility: 'all' })
        const yaml = manifestOf({ ...OLD, destinations: [{ organization: 'octo' }] })
        const result = await waitAnd(scene, yaml, async () => {
          keepIn(scene, ORGANIZATION, { visibility: 'selected', selectedRepositories: ['octo/app'] })
        })
        expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
        expect(scene.github.store(ORGANIZATION).get('INCIDENT_API_KEY')?.visibility).toBe('selected')
      },
      { speed: 60 },
    ))
})
