import { describe, expect, test } from '@jest/globals'
import type { RunSeed } from '../../sandbox/github.ts'
import { play } from './helpers.ts'
import { addHistory, addRun, ago, atRisk, CI, graceSent, USES } from './runs.ts'

const boundTo = (environment: string) => USES.replace('runs-on: x', `runs-on: x\n    environment: ${environment}`)

describe('a past that may have waited for approvals says little about work', () => {
  test.each<[string, string, boolean, 'rotated' | 'deferred']>([
    ['an environment with reviewers puts nothing off', 'production', true, 'rotated'],
    ['one without does', 'production', false, 'deferred'],
    ['one that is not there does', 'nowhere', true, 'deferred'],
    ['one that only an expression names does not', '${{ inputs.where }}', false, 'rotated'],
  ])('%s', (_, environment, hasReviewers, status) =>
    play(async (scene) => {
      scene.github.addEnvironment('octo/app', 'production', { hasReviewers })
      scene.github.addFile('octo/app', CI, boundTo(environment))
      addHistory(scene, 600, 30)
      addRun(scene, 5, { status: 'queued' })
      const result = await scene.rotate()
      expect(result.outputs.status).toBe(status)
      expect(atRisk(result.outputs)).toHaveLength(1)
    }),
  )

  test('where the environments cannot be read, nothing is put off', () =>
    play(async (scene) => {
      const fault = { kind: 'status', status: 403, body: { message: 'Resource not accessible' } } as const
      scene.github.faults.add({ path: /\/environments\/production$/, times: Number.POSITIVE_INFINITY, fault })
      scene.github.addFile('octo/app', CI, boundTo('production'))
      addHistory(scene, 600, 30)
      addRun(scene, 5, { status: 'queued' })
      expect((await scene.rotate()).outputs.status).toBe('rotated')
    }))
})

describe('the past of a workflow that calls another', () => {
  const CALLED = '.github/workflows/deploy.yml'
  const INNER = '.github/workflows/inner.yml'
  const calling = (uses: string) =>
    `on: push\njobs:\n  call:\n    uses: ${uses}\n    secrets:\n      KEY: \${{ secrets.INCIDENT_API_KEY }}\n`

  const playCall = (uses: string, files: Record<string, string>, status: 'rotated' | 'deferred') =>
    play(async (scene) => {
      scene.github.addEnvironment('octo/app', 'production', { hasReviewers: true })
      scene.github.addEnvironment('octo/app', 'preview')
      scene.github.addFile('octo/app', CI, calling(uses))
      for (const [path, text] of Object.entries(files)) scene.github.addFile('octo/app', path, text)
      addHistory(scene, 600, 30)
      addRun(scene, 5, { status: 'queued' })
      const { outputs } = await scene.rotate()
      expect(outputs.status).toBe(status)
      expect(atRisk(outputs)).toHaveLength(1)
      expect(scene.github.journal.filter(({ path }) => !path.startsWith('/repos/octo/app/'))).toEqual([])
    })

  test.each<[string, string, Record<string, string>]>([
    ['a local workflow', `./${CALLED}`, { [CALLED]: boundTo('production') }],
    ['a workflow of this repository at this commit', `$/${CALLED}`, { [CALLED]: boundTo('production') }],
    [
      'a workflow that calls another in turn',
      `./${CALLED}`,
      { [CALLED]: calling(`./${INNER}`), [INNER]: boundTo('production') },
    ],
    ['an environment that only an expression names', `./${CALLED}`, { [CALLED]: boundTo('${{ inputs.where }}') }],
    ['a workflow of another repository', `octo/shared/${CALLED}@v1`, {}],
    ['a workflow that cannot be read', `./${CALLED}`, {}],
    ['a path that leads elsewhere', './../../../../user/repos', {}],
    ['a path out of its folder', './.github/workflows/../../deploy.yml', { 'deploy.yml': USES }],
  ])('may have waited for approvals, and defers nothing: %s', (_, uses, files) => playCall(uses, files, 'rotated'))

  test.each<[string, Record<string, string>]>([
    ['no environment', { [CALLED]: USES }],
    ['an environment without reviewers', { [CALLED]: boundTo('preview') }],
    ['workflows that call each other', { [CALLED]: calling(`./${INNER}`), [INNER]: calling(`./${CALLED}`) }],
  ])('is real work, and defers the rotation: %s', (_, files) => playCall(`./${CALLED}`, files, 'deferred'))

  test('is read at the commit of the run', () =>
    play(async (scene) => {
      const headSha = 'a'.repeat(40)
      scene.github.addEnvironment('octo/app', 'production', { hasReviewers: true })
      scene.github.addFile('octo/app', CALLED, USES)
      scene.github.addFile('octo/app', CI, calling(`./${CALLED}`), headSha)
      scene.github.addFile('octo/app', CALLED, boundTo('production'), headSha)
      addHistory(scene, 600, 30)
      addRun(scene, 5, { status: 'queued', headSha })
      expect((await scene.rotate()).outputs.status).toBe('rotated')
    }))
})

describe('a run with a job that waits for an approval, and one that runs', () => {
  test.each<RunSeed['status']>(['in_progress', 'waiting'])('%s: it counts, and is told as at risk', (status) =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 40)
      const jobs = [
        { name: 'a', status: 'in_progress', startedAt: ago(scene, 10) },
        { name: 'deploy', status: 'waiting' },
      ] as const
      addRun(scene, 10, { status, jobs: [...jobs] })
      const { outputs, summary } = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
      expect(atRisk(outputs)).toHaveLength(1)
      expect(summary).toContain('| waits for an approval |')
    }),
  )

  const TWO_JOBS = `on: push
jobs:
  build: {timeout-minutes: 30, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
  deploy: {timeout-minutes: 120, environment: production, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
  notify: {timeout-minutes: 100, needs: deploy, steps: [{run: "\${{ secrets.INCIDENT_API_KEY }}"}]}
`
  const BUILDING = { name: 'build', status: 'in_progress' } as const
  const BUILT = { name: 'build', status: 'completed' } as const

  test.each<[string, NonNullable<RunSeed['status']>, number, typeof BUILDING | typeof BUILT, number]>([
    ['only the one that runs counts', 'waiting', 0, BUILDING, 27],
    ['whatever the state of the run', 'in_progress', 0, BUILDING, 27],
    ['nor one that needs it', 'waiting', 0, BUILT, 15],
    ['and a long past puts nothing off', 'waiting', 200, BUILDING, 60],
    ['nor one of a run that is queued', 'queued', 200, BUILDING, 60],
  ])('the waiting job puts nothing off: %s', (_, status, past, build, grace) =>
    play(async (scene) => {
      scene.github.addEnvironment('octo/app', 'production', { hasReviewers: past > 0 })
      scene.github.addFile('octo/app', CI, TWO_JOBS)
      if (past > 0) addHistory(scene, past, 30)
      const jobs = [
        { ...build, startedAt: ago(scene, 5) },
        { name: 'deploy', status: 'waiting' },
        { name: 'notify', status: 'queued' },
      ] as const
      addRun(scene, 5, { status, jobs: [...jobs] })
      const { outputs } = await scene.rotate()
      expect([outputs.status, graceSent(scene)]).toEqual(['rotated', [{ grace_period_minutes: grace }]])
      expect(atRisk(outputs)).toHaveLength(1)
    }),
  )
})
