import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, play } from './helpers.ts'

/** Loaded before the action: from the first PUT on, the wall clock differs by so many ms. */
function wallClockSteps(ms: number): Record<string, string> {
  const source = `import https from 'node:http'
    const { now } = Date
    const { request } = https
    https.request = (options, ...more) => {
      if (options.method === 'PUT') Date.now = () => now() + ${ms}
      return request(options, ...more)
    }`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` }
}

describe('a wall clock that is set during the writes', () => {
  test.each([
    ['back by two hours', -7_200_000],
    ['ahead by two hours', 7_200_000],
  ])('%s: a write that failed once is repeated at once', (_, ms) =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'status', status: 502, body: '' } })
      const began = scene.clock.now()
      const result = await scene.rotate({ env: wallClockSteps(ms) })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(scene.clock.now() - began).toBeLessThan(10_000)
      expectCurrent(scene)
    }),
  )
})

/** How long a step goes on after its last request, in ms of real time. */
async function timeAfterLastRequest(scene: Scene, step: () => Promise<unknown>): Promise<number> {
  await step()
  const last = Math.max(...[...scene.incident.journal, ...scene.github.journal].map(({ endedAt }) => endedAt))
  return scene.clock.realDelay(scene.clock.now() - last)
}

describe('the post step ends when its work is done', () => {
  test('after it wrote what was left', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'reset', when: 'before' } })
      const main = await scene.rotate({ with: { 'grace-period-minutes': '1' } })
      scene.github.faults.clear()
      expect(await timeAfterLastRequest(scene, () => scene.finish(main))).toBeLessThan(600)
      expectCurrent(scene)
    }, FAST))

  test('after it rotated again', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /rotate$/, times: ALWAYS, fault: { kind: 'reset', when: 'after' } })
      const main = await scene.rotate()
      scene.incident.faults.clear()
      expect(await timeAfterLastRequest(scene, () => scene.finish(main))).toBeLessThan(600)
      expectCurrent(scene)
    }, FAST))
})
