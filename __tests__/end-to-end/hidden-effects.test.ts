import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, onlyError, play, refusal, rotations, warningsOf } from './helpers.ts'
import { creations, expectHolds, manifestOf, namedOf, reconcile } from './manifest.ts'
import { finish, idOf, NEW } from './manifest-faults.ts'

const ROTATE = { method: 'POST', path: /\/actions\/rotate$/ }
const CREATE = { method: 'POST', path: /^\/v1\/api_keys$/ }
const HTML = '<html><h1>Request blocked</h1></html>'

/** Responses that a proxy or a firewall gives instead of incident.io's. */
const FOREIGN: Record<string, Omit<Extract<Fault, { kind: 'status' }>, 'kind'>> = {
  'a 403 page of a firewall': { status: 403, body: HTML },
  'an empty 403': { status: 403, body: '' },
  'a 400 without a body': { status: 400 },
  'a 401 of a proxy': { status: 401, body: { error: 'unauthorized' } },
  'a 404 page': { status: 404, body: HTML },
  'a 407': { status: 407, body: HTML },
  'a 409': { status: 409, body: { message: 'Conflict' } },
  'a 413': { status: 413, body: HTML },
  'a 451': { status: 451, body: HTML },
  'problem details of a gateway': { status: 422, body: { type: 'about:blank', title: 'Unprocessable', status: 422 } },
}
/** A proxy sent the request twice, and returns the second response. */
const TWICE: Record<string, Fault> = {
  "incident.io's 409": { ...refusal(409), afterEffect: true } as Fault,
  "incident.io's 422": { ...refusal(422), afterEffect: true } as Fault,
}
const HIDING: [string, Fault][] = [
  ...Object.entries(FOREIGN).map(([name, response]): [string, Fault] => [
    name,
    { kind: 'status', ...response, afterEffect: true },
  ]),
  ...Object.entries(TWICE),
]

describe('a rotation that took effect although its response is an error', () => {
  test.each(HIDING)('is followed by another one: %s', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '20' } })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(3)
      expect(warningsOf(result)).toEqual([expect.stringContaining('A token was issued and lost')])
      expectCurrent(scene)
      expect((await scene.finish(result)).raw).toBe('')
    }, FAST),
  )

  test.each(HIDING)('leaves its intent to the post step if no other response arrives either: %s', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault, times: ALWAYS })
      const main = await scene.rotate({ with: { 'grace-period-minutes': '20' } })
      const [first] = scene.incident.tokensOf(scene.key.id)
      const expiry = new Date(Math.floor(first?.expiresAt ?? 0)).toISOString()
      expect(main.outputs).toMatchObject({ status: 'failed', rotated: 'true' })
      expect(Math.abs(Date.parse(main.outputs['old-token-expires-at'] ?? '') - Date.parse(expiry))).toBeLessThan(2)
      expect(onlyError(main)).toContain(main.outputs['old-token-expires-at'])
      scene.incident.faults.clear()
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expectCurrent(scene)
    }, FAST),
  )

  test('leaves its intent if the key cannot be shown afterwards', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'status', status: 403, body: HTML, afterEffect: true } })
      scene.incident.faults.add({ path: /api_keys\/\w+$/, fault: refusal(403), times: ALWAYS })
      const main = await scene.rotate()
      expect(onlyError(main)).toMatch(/status 403.*the key could not be shown.*If the key was rotated/)
      scene.incident.faults.clear()
      expect((await scene.finish(main)).exitCode).toBe(0)
      expectCurrent(scene)
    }, FAST))
})

describe('a rotation that took no effect', () => {
  test.each(Object.entries(FOREIGN))('is sent again after %s', (_, response) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'status', ...response } })
      const result = await scene.rotate()
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
      expect(warningsOf(result)).toEqual([])
      expectCurrent(scene)
    }, FAST),
  )

  test.each([400, 401, 403, 404, 409, 422])("is not sent again after incident.io's own %d", (status) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: refusal(status) })
      const main = await scene.rotate()
      expect(onlyError(main)).toMatch(new RegExp(`answered ${status}.*Nothing was changed`))
      expect(rotations(scene)).toHaveLength(1)
      expect(main.outputs.rotated).toBe('false')
      expect((await scene.finish(main)).raw).toBe('')
    }, FAST),
  )

  test('more than three times loses nothing, so the key is rotated as soon as incident.io responds', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, times: 4, fault: { kind: 'status', status: 503, body: HTML } })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 5])
      expectCurrent(scene)
    }, FAST))
})

describe('a key that was created although the response is an error', () => {
  test.each(HIDING)('is found by its name and rotated: %s', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), result.exitCode, creations(scene).length]).toEqual([[], 0, 1])
      expect(namedOf(scene, 'New')).toHaveLength(1)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
      expect((await finish(scene, result)).raw).toBe('')
    }, FAST),
  )

  test("incident.io's own 403 is a refusal, and nothing was created", () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: refusal(403) })
      const result = await reconcile(scene, manifestOf(NEW))
      expect(errorsOf(result)).toEqual([expect.stringMatching(/answered 403.*Nothing was changed/)])
      expect([creations(scene).length, namedOf(scene, 'New')]).toEqual([1, []])
    }, FAST))
})

describe('a new token that is refused', () => {
  test('is not replaced if the key was deleted meanwhile: the error says that', () =>
    play(async (scene) => {
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') scene.incident.removeKey(scene.key.id)
      }
      const main = await scene.rotate()
      expect(onlyError(main)).toMatch(
        /the key was deleted during this run\. Its secrets hold a token that no longer works/,
      )
      expect(onlyError(main)).not.toContain('force')
      expect(rotations(scene)).toHaveLength(1)
    }, FAST))

  test('is not replaced if another rotation is the reason, and its token is in place', () =>
    play(async (scene) => {
      const { incident, github, key, repository, secret } = scene
      let isDone = false
      github.onRequest = ({ method }) => {
        if (method !== 'PUT' || isDone) return
        isDone = true
        // After our write: within 2 s it would count as ours.
        setTimeout(() => {
          const token = incident.rotateKey(key.id, 0)
          github.setSecret(repository, secret, token)
        }, scene.clock.realDelay(4000))
      }
      incident.faults.add({ path: /identity$/, skip: 1, times: 3, fault: { kind: 'reset', when: 'before' } })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
      expectCurrent(scene)
    }, FAST))
})
