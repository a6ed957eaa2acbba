import { describe, expect, test } from '@jest/globals'
import type { ConcurrencySeed, JobSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, play } from './helpers.ts'
import { addHolderInLine, addPending, jobWith, needed, OTHER, withConcurrency } from './lines.ts'
import { addHistory, addRun, ago, atRisk, CI, graceSent } from './runs.ts'

describe('a job that waits for a concurrency group', () => {
  const TWO_JOBS = `on: push
jobs:
  build: {runs-on: x, timeout-minutes: 30, steps: [{run: make}]}
  deploy:
    runs-on: x
    needs: build
    concurrency: production
    timeout-minutes: 15
    steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]
`
  const PRODUCTION: ConcurrencySeed = { group: 'production', queue: 'max' }
  const deploying = (scene: Scene, minutesAgo: number): JobSeed[] => [
    { name: 'build', status: 'completed', startedAt: ago(scene, 60), completedAt: ago(scene, 50) },
    { name: 'deploy', status: 'in_progress', startedAt: ago(scene, minutesAgo), concurrency: PRODUCTION },
  ]
  const waiting = (scene: Scene, began: number, ended: number): JobSeed[] => [
    { name: 'build', status: 'completed', startedAt: ago(scene, began), completedAt: ago(scene, ended) },
    { name: 'deploy', status: 'pending', concurrency: PRODUCTION },
  ]

  test('needs the rest of the job ahead and then what past runs took after the jobs that it needs', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, TWO_JOBS)
      addHistory(scene, 25)
      addRun(scene, 60, { jobs: deploying(scene, 5) })
      // Built in 15 of 25 minutes, and in line for 20 since.
      addRun(scene, 35, { jobs: waiting(scene, 35, 20) })
      await scene.rotate()
      // 10 minutes are left of the job ahead, and 10 of its own follow.
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 22 }])
    }))

  test('is bounded by the timeouts when everything ahead is known', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, TWO_JOBS)
      addRun(scene, 60, { jobs: deploying(scene, 5) })
      addRun(scene, 35, { jobs: waiting(scene, 35, 20) })
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 27 }])
      expect(outputs['runs-at-risk']).toBe('[]')
    }))

  test('has no bound before it asks for its group', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, TWO_JOBS)
      addRun(scene, 5, { jobs: [{ name: 'build', status: 'in_progress', startedAt: ago(scene, 5) }] })
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(atRisk(outputs)).toHaveLength(1)
    }))

  test('takes turns with the other jobs of its matrix: their timeouts add up', () =>
    play(async (scene) => {
      const matrix = 'strategy: {matrix: {x: [1, 2, 3]}}\n    concurrency: {group: production, queue: max}'
      scene.github.addFile('octo/app', CI, jobWith(`timeout-minutes: 15\n    ${matrix}`))
      const leg = (x: number, status: string): JobSeed => ({
        name: `a (${x})`,
        status,
        startedAt: ago(scene, 5),
        concurrency: PRODUCTION,
      })
      addRun(scene, 5, { jobs: [leg(1, 'in_progress'), leg(2, 'pending'), leg(3, 'pending')] })
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 42 }])
      expect(outputs['runs-at-risk']).toBe('[]')
    }))

  test('takes turns with the jobs of other runs: each run counts once', () =>
    play(async (scene) => {
      const matrix = 'strategy: {matrix: {x: [1, 2]}}\n    concurrency: {group: production, queue: max}'
      scene.github.addFile('octo/app', CI, jobWith(matrix))
      addHistory(scene, 20)
      const legs = (status: string): JobSeed[] =>
        [1, 2].map((x) => ({
          name: `a (${x})`,
          status: x === 2 ? 'pending' : status,
          startedAt: ago(scene, 5),
          concurrency: PRODUCTION,
        }))
      addRun(scene, 5, { jobs: legs('in_progress') })
      addRun(scene, 2, { jobs: legs('pending') })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 37 }])
    }))

  test('waits for the group of the workflow that its job calls', () =>
    play(async (scene) => {
      const calling =
        'on: push\njobs:\n  call:\n    uses: octo/shared/.github/workflows/deploy.yml@v1\n    secrets: inherit\n'
      scene.github.addFile('octo/app', CI, calling)
      addHistory(scene, 20)
      const called = (status: string): JobSeed[] => [
        {
          name: 'call / deploy',
          status,
          startedAt: ago(scene, 5),
          concurrency: { group: 'shared', level: 'called workflow' },
        },
      ]
      addRun(scene, 5, { jobs: called('in_progress') })
      addRun(scene, 5, { jobs: called('pending') })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 37 }])
    }))

  test.each([
    ['can be read', true],
    ['cannot be read', false],
  ])('is found in a queued run whose file %s', (_, hasFile) =>
    play(async (scene) => {
      if (hasFile) scene.github.addFile('octo/app', CI, jobWith('concurrency: production'))
      addHistory(scene, 20)
      const job = (status: string): JobSeed[] => [
        { name: 'a', status, startedAt: ago(scene, 5), concurrency: PRODUCTION },
      ]
      addRun(scene, 5, { jobs: job('in_progress') })
      addRun(scene, 2, { status: 'queued', jobs: job('pending') })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 37 }])
    }),
  )
})

describe('the work of a run that waited in line', () => {
  const CHAIN = `on: push
jobs:
  build: {runs-on: x, steps: [{run: make}]}
  deploy: {runs-on: x, needs: build, concurrency: production, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
`
  const built = (scene: Scene, began: number, ended: number): JobSeed => ({
    name: 'build',
    status: 'completed',
    startedAt: ago(scene, began),
    completedAt: ago(scene, ended),
  })
  const PRODUCTION: ConcurrencySeed = { group: 'production', queue: 'max' }

  test('does not include the time in line when its job has just got its turn', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, CHAIN)
      addHistory(scene, 50)
      const deploy = { name: 'deploy', status: 'in_progress', startedAt: ago(scene, 1), concurrency: PRODUCTION }
      addRun(scene, 49, { jobs: [built(scene, 49, 39), deploy] })
      const { outputs } = await scene.rotate()
      // 10 minutes of building and 1 of deploying are done.
      expect([graceSent(scene), outputs['runs-at-risk']]).toEqual([[{ grace_period_minutes: 41 }], '[]'])
    }))

  test('does not include the time in line when the run is ahead of another', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, CHAIN)
      addHistory(scene, 20)
      const deploy = { name: 'deploy', startedAt: ago(scene, 1), concurrency: PRODUCTION }
      addRun(scene, 40, { jobs: [built(scene, 40, 36), { ...deploy, status: 'in_progress' }] })
      addRun(scene, 5, { jobs: [built(scene, 5, 1), { ...deploy, status: 'pending' }] })
      await scene.rotate()
      // 20 - 5 are left of the first, and 20 - 4 of the second follow.
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 33 }])
    }))
})

describe('a run ahead of another that does not run yet', () => {
  const holding = (status: string, timeout: number) => ({
    file: jobWith(`timeout-minutes: ${timeout}\n    concurrency: {group: production, queue: max}`),
    jobs: [{ name: 'a', status, concurrency: { group: 'production', queue: 'max' } }] as JobSeed[],
  })

  test('makes the need unknown when its job waits for an approval, whatever its timeout', () =>
    play(async (scene) => {
      const { file, jobs } = holding('waiting', 10)
      scene.github.addFile('octo/app', OTHER, file)
      scene.github.addFile('octo/app', CI, file)
      addHistory(scene, 20)
      addHistory(scene, 20, 100, OTHER)
      addRun(scene, 5, { workflow: OTHER, status: 'waiting', jobs })
      const pending = addRun(scene, 2, { jobs: [{ ...jobs[0], name: 'a', status: 'pending' }] })
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(Object.keys(needed(outputs))).toContain(String(pending))
    }))

  test('counts by its past when it waits for a runner, which its timeout leaves out', () =>
    play(async (scene) => {
      const { file, jobs } = holding('queued', 5)
      scene.github.addFile('octo/app', OTHER, file)
      scene.github.addFile('octo/app', CI, file)
      addHistory(scene, 10)
      addHistory(scene, 40, 100, OTHER)
      addRun(scene, 5, { workflow: OTHER, status: 'queued', jobs })
      addRun(scene, 2, { jobs: [{ ...jobs[0], name: 'a', status: 'pending' }] })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 52 }])
    }))

  test('adds what it waits for elsewhere when it holds the group and GitHub calls it pending', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      const holder = addHolderInLine(scene)
      addPending(scene, 1)
      const body = /\/actions\/runs$/
      const change = (answer: { status: number; headers: Record<string, string>; body: unknown }) => {
        const runs = (answer.body as { workflow_runs: { id: number; status: string }[] }).workflow_runs
        return {
          ...answer,
          body: {
            ...(answer.body as object),
            workflow_runs: runs.map((run) => (run.id === holder ? { ...run, status: 'pending' } : run)),
          },
        }
      }
      scene.github.faults.add({ path: body, times: ALWAYS, fault: { kind: 'answer', change } })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 40 }])
    }))
})
