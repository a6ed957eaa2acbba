import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectUntouched, play, rotations, warningsOf } from './helpers.ts'
import { currentOnes, expectWell, ONE, PUT, resultsOf, TWO, when } from './rivals.ts'
import { addHistory, addRun, atRisk, CI, graceSent, USES } from './runs.ts'

/** A token is known to strangers: what stands in the way of an ordinary rotation must not stand in the way of this one. */
const NOW = { force: 'true', 'grace-period-minutes': '0' }
const IN_THE_WAY = { 'max-wait-minutes': '60', 'min-token-age': '30d', 'long-runs': 'fail' }

/** A run that has begun, one that is queued and one that waits for somebody: all of them hold the token. */
function addLongRuns(scene: Scene): number[] {
  scene.github.addFile('octo/app', CI, USES)
  addHistory(scene, 300)
  return [
    addRun(scene, 20, { name: 'Nightly' }),
    addRun(scene, 5, { name: 'Release', status: 'queued' }),
    addRun(scene, 60, { name: 'Deploy', status: 'waiting' }),
  ]
}

const idsAtRisk = ({ outputs }: StepResult): number[] => atRisk(outputs).map(({ run_id }: { run_id: number }) => run_id)

/** The token that strangers know opens nothing any more. */
function expectDead({ incident, key }: Scene): void {
  expect(incident.keyOf(key.token)).toBeUndefined()
}

describe('an emergency', () => {
  test('waits for no run, no age and no policy, and tells which runs will fail now', () =>
    play(
      async (scene) => {
        const runs = addLongRuns(scene)
        const result = await scene.rotate({ with: { ...IN_THE_WAY, ...NOW } })
        expectWell(scene, result, ONE)
        expectDead(scene)
        expect(graceSent(scene)).toEqual([{ grace_period_minutes: 0 }])
        expect(result.outputs['old-token-expires-at']).toBe(
          new Date(scene.incident.tokensOf(scene.key.id)[0]?.expiresAt ?? 0).toISOString(),
        )
        expect(new Set(idsAtRisk(result))).toEqual(new Set(runs))
        expect(result.summary).toContain('**Runs that may outlive the old token**')
        for (const [index, name] of ['Nightly', 'Release', 'Deploy'].entries()) {
          expect(result.summary).toContain(`${name} [\\#${runs[index]}]`)
        }
        expect(warningsOf(result)).toEqual([
          expect.stringMatching(/may die before 3 runs in flight end: .*start a new run/),
        ])
        expect(result.summary).toContain('force is true')
      },
      { tokenAgeDays: 0 },
    ))

  test('and without force age and runs do stand in the way', () =>
    play(
      async (scene) => {
        addLongRuns(scene)
        expect((await scene.rotate({ with: IN_THE_WAY })).outputs.status).toBe('skipped')
        const due = { ...IN_THE_WAY, 'min-token-age': '0' }
        const refused = await scene.rotate({ with: { ...due, 'max-wait-minutes': '0' } })
        expect(errorsOf(refused)).toEqual([expect.stringContaining('for longer than the 60 minutes')])
        expectUntouched(scene)
      },
      { tokenAgeDays: 0 },
    ))

  test('tells of a run that was queued while the secret was written, too', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 10)
      let late = 0
      when(scene, 'github', PUT, () => {
        late = addRun(scene, 0, { name: 'Late', status: 'queued' })
      })
      const result = await scene.rotate({ with: NOW })
      expectWell(scene, result, ONE)
      expect(idsAtRisk(result)).toEqual([late])
      expect(result.summary).toContain('Late')
    }))

  test('a run that does not use the secret is not told', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, 'on: push\njobs: {}\n')
      addHistory(scene, 300)
      addRun(scene, 20)
      const result = await scene.rotate({ with: NOW })
      expectWell(scene, result, ONE)
      expect(idsAtRisk(result)).toEqual([])
    }))
})

describe('nothing that cannot be seen stands in its way', () => {
  test('the permission to read runs is missing', () =>
    play(async (scene) => {
      const permissions = { secrets: 'write' } as const
      const token = scene.github.addToken({ kind: 'fine-grained', repositories: ['octo/app'], permissions })
      const result = await scene.rotate({ with: { ...NOW, 'github-token': token } })
      expectWell(scene, result, ONE)
      expectDead(scene)
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 0 }])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/"actions=read".*Runs at risk may be missing/)])
    }))

  test.each<[string, Fault]>([
    ['fail', { kind: 'status', status: 503, body: {} }],
    ['break off', { kind: 'reset', when: 'before' }],
  ])('the runs %s: after half a minute it goes on', (_, fault) =>
    play(
      async (scene) => {
        scene.github.faults.add({ path: /\/actions\/runs/, times: Number.POSITIVE_INFINITY, fault })
        const result = await scene.rotate({ with: NOW })
        expectWell(scene, result, ONE)
        expectDead(scene)
        const began = scene.incident.journal[0]?.at ?? 0
        const sentAt = rotations(scene)[0]?.at ?? Number.POSITIVE_INFINITY
        expect(sentAt - began).toBeLessThan(60_000)
      },
      { speed: 20 },
    ),
  )

  test('the rate limit leaves one request for each write', () =>
    play(async (scene) => {
      Object.assign(scene.github.rateLimit, { limit: 5000, remaining: 5 })
      const result = await scene.rotate({ with: NOW })
      expectWell(scene, result, ONE)
      expectDead(scene)
    }))
})

describe('one destination that fails', () => {
  const forbidden = { kind: 'status', status: 403, body: { message: 'Resource not accessible by token' } } as const

  test('while looking is passed over, and the old token dies all the same', () =>
    play(async (scene) => {
      const block = { destinations: 'repository\nrepository: octo/gone', ...NOW }
      const result = await scene.rotate({ with: block })
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([1, 'failed', 'true'])
      expect(resultsOf(result)).toEqual(['updated', 'failed'])
      expect(errorsOf(result)).toEqual([expect.stringContaining('octo/gone')])
      expect(currentOnes(scene, ONE)).toEqual(ONE)
      expectDead(scene)
    }))

  test('and without force nothing is changed', () =>
    play(async (scene) => {
      const destinations = 'repository\nrepository: octo/gone'
      const result = await scene.rotate({ with: { destinations, 'grace-period-minutes': '0' } })
      expect(result.exitCode).toBe(1)
      expectUntouched(scene)
    }))

  test('while it is written stops no other', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', path: /SECOND$/, times: Number.POSITIVE_INFINITY, fault: forbidden })
      const result = await scene.rotate({ with: { ...TWO, ...NOW } })
      expect([result.exitCode, result.outputs.status]).toEqual([1, 'failed'])
      expect(resultsOf(result)).toEqual(['updated', 'failed'])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^Could not write SECOND in octo\/app/)])
      expect(currentOnes(scene, ONE)).toEqual(ONE)
      expectDead(scene)
    }))

  test('when no destination can be written, nothing is changed', () =>
    play(async (scene) => {
      const destinations = 'repository: octo/gone\nrepository: octo/lost'
      const result = await scene.rotate({ with: { destinations, ...NOW } })
      expect([result.exitCode, resultsOf(result)]).toEqual([1, ['failed', 'failed']])
      expectUntouched(scene)
    }))
})

test.each([
  [
    { 'grace-period-minutes': '0', 'min-token-age': '90d' },
    [expect.stringMatching(/a token that has leaked stays valid.*"force: true"/)],
  ],
  [{ 'grace-period-minutes': '10', 'min-token-age': '90d' }, []],
])('a run that rotates nothing warns if its grace period would have ended a leaked token: %j', (block, warnings) =>
  play(async (scene) => {
    const result = await scene.rotate({ with: block })
    expect([result.outputs.status, warningsOf(result)]).toEqual(['skipped', warnings])
  }),
)
