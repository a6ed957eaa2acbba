import { describe, expect, test } from '@jest/globals'
import { ALWAYS, errorsOf, play, rotations } from './helpers.ts'
import { keysOf } from './manifest.ts'
import {
  asApp,
  build,
  expectAllHold,
  FASTER,
  finish,
  OWNERS,
  type Plan,
  repositoriesOf,
  run,
} from './manifest-scale.ts'

/** The post step has four minutes: at the speed of the other tests that is little for a busy machine. */
const POST = { speed: 20 }

describe('the state for the post step', () => {
  const sizeOf = (state: Record<string, string>) => ({
    largest: Math.max(...Object.values(state).map(({ length }) => length)),
    total: Object.entries(state).reduce((sum, [name, value]) => sum + name.length + value.length, 0),
  })

  test('of four keys at once with 120 destinations each fits, and the post step starts and finishes them', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 30))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const app = asApp(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      let pid = 0
      let shown = 0
      // All of them are rotated, sealed and saved when the last token is tried.
      scene.incident.onRequest = ({ path }) => {
        if (path === '/v1/identity' && ++shown === 5) setTimeout(() => process.kill(pid, 'SIGKILL'), 300)
      }
      const main = await run(scene, built, {
        with: app,
        onStart: (started) => {
          pid = started
        },
      })
      expect([main.signal, rotations(scene).length]).toEqual(['SIGKILL', 4])
      delete scene.incident.onRequest
      scene.github.faults.clear()
      const { largest, total } = sizeOf(main.state)
      expect(largest).toBeLessThanOrEqual(30_000)
      expect(total).toBeGreaterThan(250_000)
      expect(total).toBeLessThanOrEqual(1_000_000)

      const post = await finish(scene, main, app)
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 4])
      expectAllHold(scene, built, plan)
    }, POST))

  test('of keys that would fill it together: one waits until another is done, and nobody fails', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 75))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const result = await run(scene, built, { with: asApp(scene) })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(rotations(scene)).toHaveLength(4)
      expectAllHold(scene, built, plan)
    }, FASTER))

  test('of keys that stay unfinished and fill it: the next one fails, and only when nobody is under way any more', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 75))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const refused = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      // One repository is enough to leave all that was sealed unsettled.
      const path = /octo\/service-7\/actions\/secrets\/KEY_\d$/
      scene.github.faults.add({ method: 'PUT', path, times: ALWAYS, fault: refused })
      const app = asApp(scene)
      const main = await run(scene, built, { with: app })
      expect(main.exitCode).toBe(1)
      const failed = keysOf(main).flatMap(({ rotated }, key) => (rotated ? [] : [key]))
      expect([failed.length, rotations(scene).length]).toEqual([1, 3])
      const told = keysOf(main)[failed[0] ?? 0]
      expect(told).toMatchObject({ status: 'failed', rotated: false, steps: [] })
      expect(told?.error).toMatch(
        /^Could not rotate the API key "Key \d": what keys before it left unfinished fills the 1000 kB .*No token of it was issued/,
      )
      expect(scene.incident.tokensOf(built.ids[failed[0] ?? 0] ?? '')).toHaveLength(1)
      expect(sizeOf(main.state).total).toBeLessThanOrEqual(1_000_000)
    }, FASTER))

  test('of 20 keys whose writes all fail stays within it, and what is well leaves empty values', () =>
    play(async (scene) => {
      const REPOSITORIES = repositoriesOf('octo', 10)
      const plan: Plan = { keys: 20, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const refused = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      scene.github.faults.add({ method: 'PUT', path: /KEY_\d*[13579]$/, times: ALWAYS, fault: refused })
      const main = await run(scene, built)
      expect(main.exitCode).toBe(1)
      expect(rotations(scene)).toHaveLength(20)
      const { largest, total } = sizeOf(main.state)
      expect(largest).toBeLessThanOrEqual(30_000)
      expect(total).toBeLessThanOrEqual(1_000_000)
      const left = Object.entries(main.state).filter(([, value]) => value !== '')
      const slots = new Set(left.map(([name]) => Number(/^rotation-(\d+)-/.exec(name)?.[1])))
      expect([...slots].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => 2 * index + 1))

      scene.github.faults.clear()
      const post = await finish(scene, main, { 'github-token': built.token })
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 20])
      expect(post.log.filter((line) => line.endsWith(': updated'))).toHaveLength(100)
      expectAllHold(scene, built, plan)
    }, FASTER))
})
