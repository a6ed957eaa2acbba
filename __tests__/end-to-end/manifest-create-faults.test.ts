import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import { ALWAYS, errorsOf, FAST, play, rotations, warningsOf, writes } from './helpers.ts'
import { creations, DEPLOY, expectHolds, keysOf, manifestOf, namedOf, reconcile, statusesOf } from './manifest.ts'
import { BODY, FORBIDDEN, finish, idOf, MARK, NEW, shownBy } from './manifest-faults.ts'

const CREATE = { method: 'POST', path: /^\/v1\/api_keys$/ }
const LIST = { method: 'GET', path: /^\/v1\/api_keys$/ }

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
      const result = await reconcile(scene, manifestOf(DEPLOY, NEW))
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
      const result = await reconcile(scene, manifestOf(DEPLOY, NEW))
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
      const result = await reconcile(scene, manifestOf(DEPLOY, NEW))
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated', 'New: failed'])
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/^Could not make the API key "New".* the keys could not be listed/),
      ])
      expect([result.exitCode, creations(scene).length]).toEqual([1, 1])
      expect(shownBy(result)).not.toContain(MARK)
      scene.incident.faults.clear()
      const next = await reconcile(scene, manifestOf(DEPLOY, NEW))
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

  test('of the last answer the id is told, and nothing else', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, times: ALWAYS, fault: { kind: 'status', status: 500, body: BODY } })
      const result = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/no token was issued in time \(status 500\) \(incident\.io request_id abc\)\. /),
      ])
      expect(shownBy(result)).not.toContain(MARK)
    }, FAST))

  test('ends after a minute if no key is created, with nothing changed', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, times: ALWAYS, fault: { kind: 'reset', when: 'before' } })
      const result = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/"New": no token was issued in time .*Nothing was changed/),
      ])
      expect(creations(scene).length).toBeGreaterThan(2)
      expect(namedOf(scene, 'New')).toEqual([])
      const post = await finish(scene, result)
      expect([post.exitCode, post.log]).toEqual([0, []])
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
      const result = await reconcile(scene, manifestOf(DEPLOY, NEW))
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
      const result = await reconcile(scene, manifestOf(DEPLOY, NEW))
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
