import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, play, rotations } from './helpers.ts'
import { creations, expectHolds, manifestOf, namedOf, reconcile } from './manifest.ts'
import { finish, idOf, NEW } from './manifest-faults.ts'
import { PUT } from './rivals.ts'

const ROTATE = { method: 'POST', path: /\/actions\/rotate$/ }
const CREATE = { method: 'POST', path: /^\/v1\/api_keys$/ }
const OUTAGES: [string, Fault][] = [
  ['503', { kind: 'status', status: 503, body: '' }],
  ['connections that break', { kind: 'reset', when: 'before' }],
  ['silence', { kind: 'hang', when: 'before' }],
]

/** Lets incident.io lose the response to the first matching request, and be away for so many ms from then on. */
function loseThenAway(scene: Scene, rule: { method: string; path: RegExp }, fault: Fault, ms: number): void {
  const { incident, clock } = scene
  incident.faults.add({ ...rule, fault: { kind: 'reset', when: 'after' } })
  incident.onRequest = ({ method, path }) => {
    if (method !== rule.method || !rule.path.test(path)) return
    delete incident.onRequest
    incident.faults.add({ times: ALWAYS, fault })
    setTimeout(() => incident.faults.clear(), clock.realDelay(ms))
  }
}

describe('incident.io is away for 150 s after a rotation whose response is lost', () => {
  test.each(OUTAGES)('the main step waits, rotates and writes: %s', (_, fault) =>
    play(async (scene) => {
      loseThenAway(scene, ROTATE, fault, 150_000)
      const result = await scene.rotate({ with: { 'grace-period-minutes': '15' } })
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 2])
      expectCurrent(scene)
    }, FAST),
  )

  test.each(OUTAGES)('the post step waits, rotates and writes: %s', (_, fault) =>
    play(async (scene) => {
      let pid = 0
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'hang', when: 'after' } })
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) process.kill(pid, 'SIGKILL')
      }
      const main = await scene.rotate({
        with: { 'grace-period-minutes': '15' },
        onStart: (started) => {
          pid = started
        },
      })
      delete scene.incident.onRequest
      scene.incident.faults.add({ times: ALWAYS, fault })
      setTimeout(() => scene.incident.faults.clear(), scene.clock.realDelay(150_000))
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expectCurrent(scene)
    }, FAST),
  )

  test.each(OUTAGES)('a key that was created is found: %s', (_, fault) =>
    play(async (scene) => {
      loseThenAway(scene, CREATE, fault, 90_000)
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), creations(scene).length, namedOf(scene, 'New').length]).toEqual([[], 1, 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
      expect((await finish(scene, result)).raw).toBe('')
    }, FAST),
  )
})

test.each([
  ['main', 8],
  ['post', 8],
])('attempts that did nothing do not use up the tokens of the %s step', (step, times) =>
  play(async (scene) => {
    scene.incident.faults.add({ ...ROTATE, fault: { kind: 'reset', when: 'after' } })
    if (step === 'post')
      scene.incident.faults.add({ path: /api_keys\/\w+$/, fault: { kind: 'status', status: 400, body: {} } })
    scene.incident.faults.add({ ...ROTATE, times, fault: { kind: 'status', status: 503, body: '' } })
    const result = await scene.rotate({ with: { 'grace-period-minutes': '15' } })
    expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
    expectCurrent(scene)
  }, FAST),
)

describe('a complete response is used', () => {
  test.each(['gzip', 'deflate', 'br'] as const)('although it is encoded, which nobody asked for: %s', (encoding) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, times: ALWAYS, fault: { kind: 'encoded', encoding } })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
      expectCurrent(scene)
    }),
  )

  test.each([
    ['20 s', 20_000],
    ['100 s', 100_000],
  ])('although it comes in pieces over %s', (_, ms) =>
    play(async (scene) => {
      scene.incident.faults.add({
        ...ROTATE,
        times: ALWAYS,
        fault: { kind: 'drip', ms: scene.clock.realDelay(ms) / 700 },
      })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
      expectCurrent(scene)
    }, FAST),
  )

  test('of a creation too', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...CREATE, fault: { kind: 'drip', ms: scene.clock.realDelay(20_000) / 700 } })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), scene.incident.tokensOf(idOf(scene, 'New')).length]).toEqual([[], 1])
    }, FAST))

  test('although the machine stood still while it was on its way', () =>
    play(async (scene) => {
      let pid = 0
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'delay', ms: 100 } })
      scene.incident.onRequest = ({ path }) => {
        if (!path.endsWith('/rotate')) return
        process.kill(pid, 'SIGSTOP')
        setTimeout(() => process.kill(pid, 'SIGCONT'), scene.clock.realDelay(40_000))
      }
      const result = await scene.rotate({
        onStart: (started) => {
          pid = started
        },
      })
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
      expectCurrent(scene)
    }, FAST))
})

test('a response in pieces is given up after 15 s without a byte', () =>
  play(async (scene) => {
    scene.incident.faults.add({ ...ROTATE, fault: { kind: 'drip', ms: scene.clock.realDelay(20_000) } })
    const result = await scene.rotate()
    expect([errorsOf(result), rotations(scene).length]).toEqual([[], 2])
    expectCurrent(scene)
  }, FAST))

test('a token that could not be verified for 40 s is verified after the key was shown', () =>
  play(async (scene) => {
    const { incident, github, clock } = scene
    github.onRequest = ({ method }) => {
      if (!PUT.test(`${method} `)) return
      delete github.onRequest
      incident.faults.add({ times: ALWAYS, fault: { kind: 'status', status: 503, body: '' } })
      setTimeout(() => incident.faults.clear(), clock.realDelay(40_000))
    }
    incident.faults.add({ path: /identity$/, skip: 1, fault: { kind: 'delay', ms: clock.realDelay(1000) } })
    const result = await scene.rotate()
    expect([errorsOf(result), rotations(scene).length]).toEqual([[], 1])
    expectCurrent(scene)
  }, FAST))
