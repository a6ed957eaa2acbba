import { expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { play } from './helpers.ts'
import { agentOf, currentOnes, ours, pass, SECRETS, TWO } from './rivals.ts'
import { HOUR } from './runs.ts'

/** How long the runs A and B are held up at a request, in ms of the scene. */
interface Delays {
  rotate?: [number, number]
  write?: [number, number]
  second?: [number, number]
  confirm?: [number, number]
}

/** Two runs rotate the same key at the same moment; then either may be late with what follows. */
const ROUNDS: Delays[] = [
  {},
  { rotate: [0, 300] },
  { rotate: [0, 1000], write: [1500, 0] },
  { rotate: [300, 0], write: [0, 900] },
  { write: [0, 1200], second: [600, 0] },
  { write: [1200, 0], second: [1200, 0] },
  { rotate: [0, 100], write: [3000, 0] },
  { rotate: [100, 0], confirm: [0, 4000] },
  { write: [500, 0], confirm: [0, 2500] },
  { rotate: [0, 2500], write: [4000, 0], confirm: [2500, 2500] },
]

const RUNS = ['A', 'B'] as const
const ID = { A: '1001', B: '1002' }

/** Holds both runs until they are about to rotate, and delays them from there on: each kind of request once. */
function race(scene: Scene, delays: Delays): void {
  const arrived = new Set<string>()
  const delayed = new Set<string>()
  const bothArrived = Promise.withResolvers<void>()
  const hold = (service: 'incident' | 'github') => async (request: { method: string; path: string }) => {
    const agent = agentOf(scene[service].journal.at(-1) as (typeof scene.incident.journal)[number])
    const run = RUNS.findIndex((one) => agent.includes(`run ${ID[one]}/`))
    const kind = kindOf(`${request.method} ${request.path}`)
    if (run < 0 || kind === undefined) return
    if (kind === 'rotate') arrived.add(agent)
    if (arrived.size === RUNS.length) bothArrived.resolve()
    if (kind === 'rotate') await bothArrived.promise
    if (delayed.has(agent + kind)) return
    delayed.add(agent + kind)
    await pass(scene, delays[kind]?.[run] ?? 0)
  }
  scene.incident.onRequest = hold('incident')
  scene.github.onRequest = hold('github')
}

function kindOf(request: string): keyof Delays | undefined {
  if (request.endsWith('/rotate')) return 'rotate'
  if (request.startsWith('PUT ')) return request.endsWith('SECOND') ? 'second' : 'write'
  return /^GET \/v1\/api_keys\/\w+$/.test(request) ? 'confirm' : undefined
}

test('two runs at the same time: no success with a superseded token, and one more run mends the rest', () =>
  play(
    async (scene) => {
      const rotate = (run: keyof typeof ID) =>
        scene.rotate({ with: { ...TWO, force: 'true' }, env: { GITHUB_RUN_ID: ID[run] } })
      let settled = 0
      for (const delays of ROUNDS) {
        race(scene, delays)
        const sent = ours(scene).length
        const results: StepResult[] = await Promise.all([rotate('A'), rotate('B')])
        expect(ours(scene).length - sent).toBeLessThanOrEqual(6)
        if (results.every(({ exitCode }) => exitCode === 0)) {
          expect([delays, currentOnes(scene)]).toEqual([delays, SECRETS])
          settled += 1
        }
        scene.clock.advance(2 * HOUR)
      }
      // Three rotations and a random pause are enough, nearly always.
      expect(settled).toBeGreaterThanOrEqual(8)
      expect((await scene.rotate({ with: TWO })).exitCode).toBe(0)
      expect(currentOnes(scene)).toEqual(SECRETS)
    },
    { speed: 20 },
  ))
