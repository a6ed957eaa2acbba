import { describe, expect, test } from '@jest/globals'
import type { RunSeed, SecretsPlace } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { play, warningsOf } from './helpers.ts'
import { asked, holdersOf, keepIn, widen } from './holding.ts'
import { addHistory, addRun, ago, atRisk, CI, graceSent, MINUTE, USES, USES_NONE } from './runs.ts'

const APP = { owner: 'octo', repository: 'app' }
const PRODUCTION: SecretsPlace = { kind: 'environment', environment: 'production', ...APP }
const IN_PRODUCTION = { destinations: 'environment: octo/app/production' }
const boundTo = (environment: string) => USES.replace('runs-on: x', `runs-on: x\n    environment: ${environment}`)
const RUNNING = [{ name: 'a', status: 'in_progress' }]
const QUEUED = [{ name: 'a', status: 'queued' }]

/** The environment, and a secret in it that holds the key's token. */
function addProduction(scene: Scene): void {
  widen(scene)
  scene.github.addEnvironment('octo/app', 'production')
  keepIn(scene, PRODUCTION)
}

describe('the secret of an environment is held by jobs that have started', () => {
  const cases: [string, { file: string; run?: Partial<RunSeed>; holds: boolean }][] = [
    ['one that runs and is bound to it', { file: boundTo('production'), holds: true }],
    ['its name in another case', { file: boundTo('{name: PRODUCTION, url: "https://x.test"}'), holds: true }],
    ['an expression', { file: boundTo('${{ inputs.where }}'), holds: true }],
    [
      'a called workflow',
      { file: 'on: push\njobs: {a: {uses: ./.github/workflows/deploy.yml, secrets: inherit}}', holds: true },
    ],
    [
      'a called workflow that is given another value of that name, which its environment’s comes before',
      {
        file: 'on: push\njobs: {a: {uses: ./b.yml, secrets: {INCIDENT_API_KEY: "${{ secrets.OTHER }}"}}}',
        holds: true,
      },
    ],
    ['another environment', { file: boundTo('staging'), holds: false }],
    ['no environment', { file: USES, holds: false }],
    ['another secret', { file: boundTo('production').replace('INCIDENT_API_KEY', 'OTHER'), holds: false }],
    ['queued', { file: boundTo('production'), run: { status: 'queued', jobs: QUEUED }, holds: false }],
    [
      'waiting for an approval',
      {
        file: boundTo('production'),
        run: { status: 'waiting', jobs: [{ name: 'a', status: 'waiting' }] },
        holds: false,
      },
    ],
    [
      'between two jobs',
      {
        file: boundTo('production'),
        run: { jobs: [{ name: 'b', status: 'completed' }, ...QUEUED] },
        holds: false,
      },
    ],
    [
      'waiting for an approval, with a job that runs',
      { file: boundTo('production'), run: { status: 'waiting', jobs: RUNNING }, holds: true },
    ],
    [
      'queued for its next job, with one that runs',
      { file: boundTo('production'), run: { status: 'queued', jobs: [...RUNNING, ...QUEUED] }, holds: true },
    ],
    [
      'started again, nothing running',
      { file: boundTo('production'), run: { status: 'queued', attempt: 2, jobs: QUEUED }, holds: true },
    ],
  ]

  test('whatever else the run does', () =>
    play(async (scene) => {
      addProduction(scene)
      for (const [index, [name, { file, run }]] of cases.entries()) {
        const workflow = `.github/workflows/${index}.yml`
        scene.github.addFile('octo/app', workflow, file)
        addRun(scene, 10, { workflow, name, jobs: RUNNING, ...run })
      }
      const holders = await holdersOf(scene, IN_PRODUCTION.destinations)
      expect(new Set(holders)).toEqual(new Set(cases.flatMap(([name, { holds }]) => (holds ? [name] : []))))
    }))

  test.each<[string, Partial<RunSeed>, number]>([
    ['a job that runs, for what it still needs', { jobs: RUNNING }, 32],
    ['none that is queued', { status: 'queued', jobs: QUEUED }, 15],
    [
      'a re-run, from its new start',
      { attempt: 2, startedAt: new Date(Date.now() - 20 * MINUTE), jobs: [{ name: 'b', status: 'completed' }] },
      22,
    ],
  ])('and the grace period covers %s', (_, run, grace) =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addHistory(scene, 40)
      addRun(scene, 10, run)
      const result = await scene.rotate({ with: IN_PRODUCTION })
      expect([result.exitCode, warningsOf(result)]).toEqual([0, []])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
    }),
  )

  test.each(['2024', '""'])('a job named %s may be any, so it counts beside a name that is computed', (name) =>
    play(async (scene) => {
      addProduction(scene)
      const file = `on: push
jobs:
  deploy: {name: ${name}, environment: production, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
  test: {name: "\${{ matrix.os }}", strategy: {matrix: {os: [x]}}, steps: [{run: make}]}
`
      scene.github.addFile('octo/app', CI, file)
      addHistory(scene, 40)
      addRun(scene, 10, { jobs: [{ name: '2024', status: 'in_progress', startedAt: ago(scene, 10) }] })
      await scene.rotate({ with: IN_PRODUCTION })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    }),
  )

  test('a job whose name the file computes is matched to that definition, and not to one with a plain name', () =>
    play(async (scene) => {
      addProduction(scene)
      const file = `on: push
jobs:
  build: {name: Deploy, steps: [{run: make}]}
  deploy:
    name: Deploy (\${{ matrix.target }})
    environment: production
    strategy: {matrix: {target: [production]}}
    steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]
`
      scene.github.addFile('octo/app', CI, file)
      addHistory(scene, 40)
      const build = { name: 'Deploy', status: 'completed', startedAt: ago(scene, 10), completedAt: ago(scene, 5) }
      addRun(scene, 10, {
        jobs: [build, { name: 'Deploy (production)', status: 'in_progress', startedAt: ago(scene, 5) }],
      })
      await scene.rotate({ with: IN_PRODUCTION })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    }))

  const TWO_JOBS = `on: push
jobs:
  deploy: {timeout-minutes: 30, environment: production, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
  e2e: {timeout-minutes: 200, needs: deploy, steps: [{run: npm test}]}
`
  test.each<[string, RunSeed['jobs'], number]>([
    ['the job that holds it, and not for those behind it', [{ name: 'deploy', status: 'in_progress' }], 27],
    [
      'no job that holds it no more',
      [
        { name: 'deploy', status: 'completed' },
        { name: 'e2e', status: 'in_progress' },
      ],
      15,
    ],
  ])('and waits for %s', (_, jobs, grace) =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addFile('octo/app', CI, TWO_JOBS)
      addRun(scene, 5, { jobs: (jobs ?? []).map((one) => ({ ...one, startedAt: ago(scene, 5) })) })
      const { outputs } = await scene.rotate({ with: IN_PRODUCTION })
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: grace }]])
    }),
  )

  test('the coding agent works in the environment of its name', () =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addEnvironment('octo/app', 'copilot')
      keepIn(scene, { ...PRODUCTION, environment: 'copilot' })
      addRun(scene, 5, {
        name: 'agent',
        workflow: 'dynamic/copilot-swe-agent/copilot',
        event: 'dynamic',
        jobs: RUNNING,
      })
      addRun(scene, 5, { name: 'Pages', workflow: 'dynamic/pages/pages-build', event: 'dynamic', jobs: RUNNING })
      expect(await holdersOf(scene, 'environment: octo/app/copilot')).toEqual(['agent'])
      expect(await holdersOf(scene, IN_PRODUCTION.destinations)).toEqual([])
    }))

  test('jobs that cannot be read count', () =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addHistory(scene, 40)
      addRun(scene, 10, { jobs: QUEUED })
      const fault = { kind: 'status', status: 404, body: {} } as const
      scene.github.faults.add({ path: /\/jobs$/, fault })
      await scene.rotate({ with: IN_PRODUCTION })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 42 }])
    }))

  test('a run holds it that holds another secret of the list', () =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addRun(scene, 10, { name: 'queued', status: 'queued', jobs: QUEUED })
      expect(await holdersOf(scene, IN_PRODUCTION.destinations)).toEqual([])
      expect(await holdersOf(scene, `${IN_PRODUCTION.destinations}\nrepository`)).toEqual(['queued'])
    }))
})

describe('who is given a secret of each kind', () => {
  const DYNAMIC = { event: 'dynamic' }
  const DEPENDABOT = { actor: 'dependabot[bot]', workflow: CI }
  const NONE = '.github/workflows/none.yml'
  const runs: [string, Partial<RunSeed>, ('repository' | 'dependabot' | 'agents')[]][] = [
    ['a push', { workflow: CI }, ['repository']],
    ['a pull request', { workflow: CI, event: 'pull_request' }, ['repository']],
    ['Dependabot’s updates', { ...DYNAMIC, workflow: 'dynamic/dependabot/dependabot-updates' }, ['dependabot']],
    ['Dependabot’s pull request', { ...DEPENDABOT, event: 'pull_request' }, ['dependabot']],
    ['Dependabot’s push', { ...DEPENDABOT, event: 'push' }, ['dependabot']],
    ['Dependabot’s, started again by a human', { ...DEPENDABOT, attempt: 2, triggeringActor: 'mona' }, ['dependabot']],
    [
      'a push, started again by Dependabot',
      { workflow: CI, attempt: 2, triggeringActor: 'dependabot[bot]' },
      ['repository'],
    ],
    ['Dependabot’s pull request that uses nothing', { ...DEPENDABOT, event: 'pull_request', workflow: NONE }, []],
    ['what follows a run of Dependabot', { ...DEPENDABOT, event: 'workflow_run' }, ['repository', 'dependabot']],
    ['the coding agent', { ...DYNAMIC, workflow: 'dynamic/copilot-swe-agent/copilot' }, ['agents']],
    ['the code review', { ...DYNAMIC, workflow: 'dynamic/copilot-pull-request-reviewer/copilot' }, []],
    ['Pages', { ...DYNAMIC, workflow: 'dynamic/pages/pages-build-deployment' }, []],
  ]

  test.each([
    ['repository', 'repository'],
    ['dependabot', 'dependabot: octo/app'],
    ['agents', 'agents: octo/app'],
  ] as const)('%s', (kind, destination) =>
    play(async (scene) => {
      widen(scene)
      keepIn(scene, { kind, ...APP })
      scene.github.addFile('octo/app', CI, USES)
      scene.github.addFile('octo/app', NONE, USES_NONE)
      for (const [name, run] of runs) addRun(scene, 5, { name, ...run })
      const given = runs.flatMap(([name, , kinds]) => (kinds.includes(kind) ? [name] : []))
      expect(new Set(await holdersOf(scene, destination))).toEqual(new Set(given))
    }),
  )

  test.each([
    ['dependabot', 'dynamic/dependabot/dependabot-updates'],
    ['agents', 'dynamic/copilot-swe-agent/copilot'],
  ] as const)('and the grace period covers them (%s)', (kind, workflow) =>
    play(async (scene) => {
      widen(scene)
      keepIn(scene, { kind, ...APP })
      addHistory(scene, 25, 100, workflow)
      addRun(scene, 5, { workflow, event: 'dynamic' })
      await scene.rotate({ with: { destinations: `${kind}: octo/app` } })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 22 }])
    }),
  )

  test('codespaces that are open cannot be seen: that is said, and nobody is asked', () =>
    play(async (scene) => {
      widen(scene)
      keepIn(scene, { kind: 'codespaces', ...APP })
      scene.github.addFile('octo/app', CI, USES)
      addRun(scene, 5)
      const { log, summary, outputs, annotations } = await scene.rotate({
        with: { destinations: 'codespaces: octo/app' },
      })
      const note = /A codespace that is open keeps the value .* until it is stopped and resumed: INCIDENT.*octo\/app/
      expect(log.filter((line) => note.test(line))).toHaveLength(1)
      expect(summary.replaceAll('\\', '')).toMatch(note)
      expect([annotations, atRisk(outputs), asked(scene)]).toEqual([[], [], []])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
    }))
})

describe('who takes the old value during the rotation is told', () => {
  const namesOf = (outputs: Record<string, string>) =>
    new Set(atRisk(outputs).map(({ workflow }: { workflow: string }) => workflow))

  test('a run that is queued, and a job of it that starts', () =>
    play(async (scene) => {
      addProduction(scene)
      keepIn(scene, { kind: 'dependabot', ...APP })
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addHistory(scene, 40)
      scene.incident.onRequest = ({ path }) => {
        if (!path.endsWith('/rotate')) return
        addRun(scene, 0, { name: 'queued', status: 'queued', jobs: QUEUED })
        addRun(scene, 0, { name: 'started', jobs: RUNNING })
        addRun(scene, 0, { name: 'Dependabot', status: 'queued', event: 'pull_request', actor: 'dependabot[bot]' })
      }
      const destinations = `${IN_PRODUCTION.destinations}\ndependabot: octo/app`
      const { outputs } = await scene.rotate({ with: { destinations } })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expect(namesOf(outputs)).toEqual(new Set(['started', 'Dependabot']))
    }))

  test('a job that starts of a run that was seen before', () =>
    play(async (scene) => {
      addProduction(scene)
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addHistory(scene, 40)
      const queue = (name: string) => addRun(scene, 10, { name, status: 'queued', jobs: QUEUED })
      const start = (run: number, startedAt: Date) =>
        scene.github.updateRun('octo/app', run, {
          status: 'in_progress',
          jobs: [{ name: 'a', status: 'in_progress', startedAt }],
        })
      const [before, behind] = [queue('before the write'), queue('behind the write')]
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) start(before, ago(scene, 0))
      }
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') start(behind, ago(scene, -1))
      }
      const { outputs } = await scene.rotate({ with: IN_PRODUCTION })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expect(namesOf(outputs)).toEqual(new Set(['before the write']))
    }))
})
