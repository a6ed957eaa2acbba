import { describe, expect, test } from '@jest/globals'
import type { ConcurrencySeed, JobSeed, RunSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, expectCurrent, expectUntouched, play, warningsOf } from './helpers.ts'
import { addHistory, addRun, ago, atRisk, CI, graceSent, MINUTE, USES, USES_NONE } from './runs.ts'

const DEPLOY: ConcurrencySeed = { group: 'deploy' }
const MAX: ConcurrencySeed = { group: 'deploy', queue: 'max' }
const OTHER = '.github/workflows/other.yml'
const ROTATE = '.github/workflows/rotate.yml'
const OWN_RUN = 4711

const withConcurrency = (concurrency: string, file = USES) => `concurrency: ${concurrency}\n${file}`
const jobWith = (more: string) => USES.replace('runs-on: x', `runs-on: x\n    ${more}`)

/** 100 past runs of 19, 20 or 21 minutes. */
function addVariedHistory(scene: Scene, workflow = CI): void {
  for (let index = 1; index <= 100; index++) {
    const createdAt = ago(scene, 60 * index)
    const updatedAt = new Date(createdAt.getTime() + (19 + (index % 3)) * MINUTE)
    scene.github.addRun('octo/app', { workflow, status: 'completed', createdAt, updatedAt })
  }
}

/** A run in progress whose only job began so many minutes ago, and which holds a group as a whole. */
function addHolder(scene: Scene, minutesAgo: number, seed: Partial<RunSeed> = {}): number {
  const jobs: JobSeed[] = [{ name: 'a', status: 'in_progress', startedAt: ago(scene, minutesAgo) }]
  return addRun(scene, minutesAgo, { concurrency: DEPLOY, jobs, ...seed })
}

const addPending = (scene: Scene, minutesAgo: number, seed: Partial<RunSeed> = {}): number =>
  addRun(scene, minutesAgo, { status: 'pending', concurrency: DEPLOY, ...seed })

/** The minutes that runs at risk need, by the ids of the runs. */
const needed = (outputs: Record<string, string>): Record<string, number> =>
  Object.fromEntries(
    atRisk(outputs).map((run: { run_id: number; needs_minutes: number }) => [run.run_id, run.needs_minutes]),
  )

const groupRequests = ({ github }: Scene) => github.journal.filter(({ path }) => path.includes('concurrency_groups'))

/** Lets GitHub refuse one of the endpoints for concurrency groups. */
function refuse(scene: Scene, path: RegExp, status = 403): void {
  const body = { message: 'Resource not accessible by personal access token', documentation_url: 'x', status: '403' }
  scene.github.faults.add({ path, times: ALWAYS, fault: { kind: 'status', status, body } })
}

describe('a run that waits for a concurrency group', () => {
  test('needs the rest of the run ahead and then its own duration', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addVariedHistory(scene)
      addHolder(scene, 5)
      addPending(scene, 2)
      const result = await scene.rotate()
      expect(result.outputs).toMatchObject({ status: 'rotated', 'runs-at-risk': '[]' })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 39 }])
      expectCurrent(scene)
    }))

  test('defers the rotation when four in line are expected to take more than an hour', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, queue: max}'))
      addVariedHistory(scene)
      addHolder(scene, 5, { concurrency: MAX })
      const pending = [4, 3, 2, 1].map((minutesAgo) => addPending(scene, minutesAgo, { concurrency: MAX }))
      const { outputs } = await scene.rotate()
      expect(outputs.status).toBe('deferred')
      expect(needed(outputs)).toEqual({ [Number(pending[2])]: 79, [Number(pending[3])]: 100 })
      expectUntouched(scene)
    }))

  test('is at risk with long-runs: proceed when its turn comes too late', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, queue: max}'))
      addVariedHistory(scene)
      addHolder(scene, 5, { concurrency: MAX })
      const pending = [4, 3, 2, 1].map((minutesAgo) => addPending(scene, minutesAgo, { concurrency: MAX }))
      const { outputs, summary } = await scene.rotate({ with: { 'long-runs': 'proceed' } })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(Object.keys(needed(outputs))).toEqual(pending.slice(2).map(String))
      expect(summary).toContain('| 100 minutes, of which it waits in line for 79 minutes | pending |')
    }))

  test('defers the rotation when two deploys of 35 minutes are in line', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 35)
      addHolder(scene, 5)
      const pending = addPending(scene, 2)
      const { outputs } = await scene.rotate()
      expect(outputs.status).toBe('deferred')
      expect(needed(outputs)).toEqual({ [pending]: 65 })
      expectUntouched(scene)
    }))

  test('needs its own duration only, when its turn has come', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 40)
      const holder = addHolder(scene, 5)
      addPending(scene, 2)
      scene.github.updateRun('octo/app', holder, { status: 'completed' })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 42 }])
    }))

  test('adds at most 5 minutes for a run ahead that it cancels', () =>
    play(async (scene) => {
      const seed = { concurrency: { group: 'deploy', cancelInProgress: true } }
      scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, cancel-in-progress: true}'))
      addHistory(scene, 35)
      addHolder(scene, 5, seed)
      addPending(scene, 2, seed)
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 42 }])
    }))

  test('waits for the whole run ahead when only an expression may cancel it', () =>
    play(async (scene) => {
      const seed = { concurrency: { group: 'deploy', cancelInProgress: true } }
      scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, cancel-in-progress: "${{ true }}"}'))
      addHistory(scene, 35)
      addHolder(scene, 5, seed)
      addPending(scene, 2, seed)
      expect((await scene.rotate()).outputs.status).toBe('deferred')
    }))

  test('counts a run of another workflow that holds the group, even one that does not use the secret', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      scene.github.addFile('octo/app', OTHER, withConcurrency('deploy', USES_NONE))
      addHistory(scene, 20)
      addHistory(scene, 30, 100, OTHER)
      addHolder(scene, 12, { workflow: OTHER, name: 'Other' })
      addPending(scene, 2)
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 40 }])
      expect(outputs['runs-at-risk']).toBe('[]')
    }))

  test('finds the group whatever expression names it, and other runs of its workflow are not ahead', () =>
    play(async (scene) => {
      const group = (branch: string) => ({ concurrency: { group: `CI-refs/heads/${branch}` } })
      scene.github.addFile('octo/app', CI, withConcurrency('"CI-${{ github.ref }}"'))
      addHistory(scene, 20)
      addHolder(scene, 19, group('a'))
      addHolder(scene, 1, group('b'))
      addPending(scene, 0.5, group('a'))
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 23 }])
    }))

  test('counts the rotating run when that holds the group', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', ROTATE, withConcurrency('deploy', USES_NONE))
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      addHistory(scene, 10, 100, ROTATE)
      addHolder(scene, 2, { id: OWN_RUN, workflow: ROTATE, name: 'Rotate' })
      addPending(scene, 1)
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 30 }])
    }))

  test('is not waited for when it waits for the rotating run, whose rest defers nothing', () =>
    play(
      async (scene) => {
        scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
        addHistory(scene, 61)
        addHolder(scene, 2, { id: OWN_RUN, workflow: CI, name: 'Rotate' })
        addPending(scene, 1)
        const result = await scene.rotate({ with: { 'max-wait-minutes': '5' } })
        expect(result.outputs.status).toBe('deferred')
        expect(result.log.filter((line) => line.startsWith('Waiting for 1 run'))).toEqual([])
      },
      { speed: 20 },
    ))

  test('is not deferred by the rest of the rotating run', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 40)
      addHolder(scene, 2, { id: OWN_RUN, workflow: CI, name: 'Rotate' })
      addPending(scene, 1)
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
    }))

  test('is at risk when it is unknown how long the run ahead takes', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      addHolder(scene, 5, { workflow: OTHER })
      const pending = addPending(scene, 2)
      const { outputs, summary } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
      expect(Object.keys(needed(outputs))).toContain(String(pending))
      expect(summary).toContain('| unknown, and waits in line for an unknown time | pending |')
    }))

  test('is at risk, and defers nothing, when the run ahead waits for an approval', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 50)
      const jobs = [{ name: 'a', status: 'waiting' }]
      const holder = addRun(scene, 5, { status: 'waiting', concurrency: DEPLOY, jobs })
      const pending = addPending(scene, 2)
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
      expect(Object.keys(needed(outputs)).sort()).toEqual([holder, pending].map(String).sort())
    }))

  test('waits for what the run ahead waits for in another group', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      scene.github.addFile('octo/app', OTHER, withConcurrency('other', jobWith('concurrency: database')))
      addHistory(scene, 20)
      addHistory(scene, 10, 100, OTHER)
      const database = (status: string): JobSeed[] => [
        { name: 'a', status, startedAt: ago(scene, 2), concurrency: { group: 'database' } },
      ]
      addRun(scene, 2, { workflow: OTHER, jobs: database('in_progress') })
      addRun(scene, 2, { workflow: OTHER, concurrency: DEPLOY, jobs: database('pending') })
      addPending(scene, 1)
      await scene.rotate()
      // 8 of the first, 10 of the second, 20 of its own, and the margin.
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 40 }])
    }))
})

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

  test('has no bound before it has asked for its group', () =>
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

  test('of a called workflow waits for its group', () =>
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
    ['as well', true],
    ['also when its file cannot be read', false],
  ])('of a queued run is seen %s', (_, hasFile) =>
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

  test('does not include it for a run ahead of another either', () =>
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

describe('a run ahead that does not run yet', () => {
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
      scene.github.addFile('octo/app', OTHER, withConcurrency('other', jobWith('concurrency: database')))
      addHistory(scene, 20)
      addHistory(scene, 10, 100, OTHER)
      const database = (status: string): JobSeed[] => [
        { name: 'a', status, startedAt: ago(scene, 2), concurrency: { group: 'database' } },
      ]
      addRun(scene, 2, { workflow: OTHER, jobs: database('in_progress') })
      const holder = addRun(scene, 2, { workflow: OTHER, concurrency: DEPLOY, jobs: database('pending') })
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

describe('odd answers about concurrency groups', () => {
  const setLine = (scene: Scene, group = 'deploy') => {
    scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
    addHistory(scene, 20)
    addHolder(scene, 15, { workflow: OTHER, concurrency: { group } })
    addHistory(scene, 40, 100, OTHER)
    addHolder(scene, 19, { concurrency: { group: 'another' } })
    return addPending(scene, 2, { concurrency: { group } })
  }
  const answer = (scene: Scene, path: RegExp, change: (body: never) => unknown, times = ALWAYS) =>
    scene.github.faults.add({
      path,
      times,
      fault: { kind: 'answer', change: (one) => ({ ...one, body: change(one.body as never) }) },
    })

  test.each(['.', '..'])('a group named %j would be another path, so the place is unknown', (group) =>
    play(async (scene) => {
      const pending = setLine(scene, group)
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
      expect(needed(outputs)).toEqual({ [pending]: 60 })
      expect(groupRequests(scene).filter(({ path }) => !path.includes('/runs/'))).toEqual([])
    }),
  )

  test('a name that no URL can hold ends nothing', () =>
    play(async (scene) => {
      setLine(scene)
      answer(scene, /\/runs\/\d+\/concurrency_groups$/, (body: { concurrency_groups: object[] }) => ({
        ...body,
        concurrency_groups: body.concurrency_groups.map((group) => ({ ...group, group_name: 'x\ud800' })),
      }))
      expect((await scene.rotate()).outputs.status).toBe('rotated')
    }))

  test('a group that lists others, but not the run, leaves the place unknown', () =>
    play(async (scene) => {
      const pending = setLine(scene)
      answer(scene, /\/actions\/concurrency_groups\//, (body: { group_members: object[] }) => ({
        ...body,
        group_members: body.group_members.slice(0, 1),
      }))
      const { outputs } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(needed(outputs)).toEqual({ [pending]: 60 })
    }))

  test.each([
    ['of a run', /\/runs\/\d+\/concurrency_groups$/],
    ['of a group', /\/actions\/concurrency_groups\//],
  ])('a response %s without a list is asked for once only', (_, path) =>
    play(async (scene) => {
      setLine(scene)
      answer(scene, path, () => ({}))
      expect((await scene.rotate()).outputs.status).toBe('rotated')
      expect(groupRequests(scene).filter((one) => path.test(one.path))).toHaveLength(1)
    }),
  )

  test('an item without a job is not cancelled by the setting of a run that runs already', () =>
    play(async (scene) => {
      const calling = 'jobs:\n  call:\n    uses: octo/shared/.github/workflows/deploy.yml@v1\n    secrets: inherit\n'
      scene.github.addFile('octo/app', CI, `concurrency: {group: x, cancel-in-progress: true}\n${calling}`)
      addHistory(scene, 30)
      const called = (status: string): JobSeed[] => [
        { name: 'call / a', status, concurrency: { group: 'shared', level: 'called workflow' } },
      ]
      addRun(scene, 1, { jobs: called('in_progress') })
      addRun(scene, 1, { jobs: called('pending') })
      answer(
        scene,
        /concurrency_groups/,
        (body: { group_members?: object[]; concurrency_groups?: { group_members: object[] }[] }) => {
          const bare = (members: object[] = []) => members.map((one) => ({ ...one, job_id: null }))
          return {
            ...body,
            ...(body.group_members && { group_members: bare(body.group_members) }),
            ...(body.concurrency_groups && {
              concurrency_groups: body.concurrency_groups.map((one) => ({
                ...one,
                group_members: bare(one.group_members),
              })),
            }),
          }
        },
      )
      expect((await scene.rotate()).outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
    }))
})

describe('without an API for concurrency groups', () => {
  const setLine = (scene: Scene) => {
    scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
    addHistory(scene, 20)
    addHolder(scene, 5)
    return addPending(scene, 2)
  }

  test('everything older and unfinished of the same workflow counts as ahead: on GitHub Enterprise Server', () =>
    play(
      async (scene) => {
        setLine(scene)
        const { outputs } = await scene.rotate()
        expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 37 }]])
        expect(groupRequests(scene).map(({ status }) => status)).toEqual([404])
      },
      { basePath: '/api/v3' },
    ))

  test.each<[string, RegExp, number]>([
    ['GitHub refuses the places of a run', /\/runs\/\d+\/concurrency_groups$/, 403],
    ['GitHub refuses the members of a group', /\/actions\/concurrency_groups\//, 403],
    ['the group is not active any more', /\/actions\/concurrency_groups\//, 404],
  ])('everything older and unfinished of the same workflow counts as ahead: %s', (_, path, status) =>
    play(async (scene) => {
      setLine(scene)
      refuse(scene, path, status)
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 37 }]])
    }),
  )

  test('a newer run, and a finished one, are not ahead', () =>
    play(async (scene) => {
      setLine(scene)
      addHolder(scene, 1, { concurrency: { group: 'another' } })
      refuse(scene, /concurrency_groups/)
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 37 }])
    }))

  test('runs that may be in other groups defer nothing', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('"${{ github.ref }}"'))
      addHistory(scene, 35)
      addHolder(scene, 5, { concurrency: { group: 'a' } })
      addHolder(scene, 4, { concurrency: { group: 'b' } })
      addPending(scene, 2, { concurrency: { group: 'b' } })
      refuse(scene, /concurrency_groups/)
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
      expect(Object.values(needed(outputs))).toEqual([96])
    }))

  test('two deploys of 35 minutes defer the rotation, when all runs of the file are in one group', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 35)
      addHolder(scene, 5)
      addPending(scene, 2)
      refuse(scene, /concurrency_groups/)
      expect((await scene.rotate()).outputs.status).toBe('deferred')
    }))

  test('a run at an unknown place gets 60 minutes, is at risk, and defers nothing', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 90)
      addHolder(scene, 5, { workflow: 'dynamic/pages/pages-build', event: 'dynamic' })
      const pending = addPending(scene, 2)
      refuse(scene, /concurrency_groups/)
      const { outputs, summary } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: 60 }]])
      expect(needed(outputs)).toEqual({ [pending]: 60 })
      expect(summary).toContain('waits in line for an unknown time')
    }))

  test('a group that does not list the run leaves its place unknown', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      const holder = addHolder(scene, 5, { workflow: OTHER })
      const pending = addPending(scene, 2)
      scene.github.onRequest = ({ path }) => {
        if (!path.endsWith('/actions/concurrency_groups/deploy')) return
        scene.github.updateRun('octo/app', pending, { status: 'completed', conclusion: 'cancelled' })
      }
      const { outputs } = await scene.rotate()
      expect(Object.keys(needed(outputs)).sort()).toEqual([holder, pending].map(String).sort())
    }))
})

describe('what lines cost', () => {
  test('nothing when nothing waits, even where groups are held', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      addHolder(scene, 5)
      await scene.rotate()
      expect(groupRequests(scene)).toEqual([])
    }))

  test('one request for each run that waits and one for each group', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, queue: max}'))
      addHistory(scene, 5)
      addHolder(scene, 2, { concurrency: MAX })
      for (const minutesAgo of [1.8, 1.6, 1.4, 1.2]) addPending(scene, minutesAgo, { concurrency: MAX })
      addHolder(scene, 1, { concurrency: { group: 'b' } })
      addPending(scene, 0.5, { concurrency: { group: 'b' } })
      await scene.rotate()
      const paths = groupRequests(scene).map(({ path }) => path.replace(/\/runs\/\d+/, '/runs/ID'))
      const counts = Object.fromEntries(
        [...Map.groupBy(paths, (path) => path)].map(([path, all]) => [path, all.length]),
      )
      expect(counts).toEqual({
        '/repos/octo/app/actions/runs/ID/concurrency_groups': 5,
        '/repos/octo/app/actions/concurrency_groups/deploy': 1,
        '/repos/octo/app/actions/concurrency_groups/b': 1,
      })
    }))

  test('nothing for a run that does not use the secret', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy', USES_NONE))
      addHolder(scene, 2)
      addPending(scene, 1)
      await scene.rotate()
      expect(groupRequests(scene)).toEqual([])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
    }))

  test('at most a hundred runs and a hundred groups of a repository are asked for', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('"${{ github.ref }}"'))
      addHistory(scene, 5)
      for (let index = 0; index < 110; index++) {
        addHolder(scene, 3, { concurrency: { group: `branch ${index}` } })
        addPending(scene, 2, { concurrency: { group: `branch ${index}` } })
      }
      const result = await scene.rotate()
      expect(groupRequests(scene).length).toBeLessThanOrEqual(200)
      expect(warningsOf(result)).toEqual(
        expect.arrayContaining([expect.stringContaining('too many runs in flight to look at')]),
      )
    }))
})

test('a run that waits in line behind the rotation is compared with what is left of the grace period', () =>
  play(async (scene) => {
    scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
    addHistory(scene, 10)
    addHolder(scene, 4)
    let late = 0
    scene.incident.onRequest = ({ path }) => {
      if (path.endsWith('/rotate')) late = addPending(scene, 0)
    }
    const { outputs } = await scene.rotate()
    expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
    expect(needed(outputs)).toEqual({ [late]: 16 })
  }))

test('the summary draws the line, and links to the run that decided the grace period', () =>
  play(async (scene) => {
    scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
    addHistory(scene, 20)
    addHolder(scene, 5)
    const pending = addPending(scene, 2, { name: 'Deploy' })
    const { summary, log } = await scene.rotate({ env: { GITHUB_SERVER_URL: 'https://github.com' } })
    expect(summary).toMatch(/^ {2}0 min rotation :milestone, /m)
    expect(summary).toMatch(/^ {2}15 min left CI :/m)
    expect(summary).toMatch(/^ {2}35 min left Deploy :/m)
    expect(summary).toContain('Times are UTC.')
    expect(summary).toContain(
      `by its past runs, of which it waits in line for 15 minutes: [\\#${pending}](https://github.com/octo/app/actions/runs/${pending}))`,
    )
    expect(log.join('\n')).toMatch(
      /"Deploy" \(\S+\) needs the old token for 35 minutes, of which it waits in line for 15/,
    )
  }))
