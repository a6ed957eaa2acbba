import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, play, warningsOf } from './helpers.ts'
import { addHistory, addRun, CI, graceSent, USES_NONE } from './runs.ts'

describe('what cannot be seen', () => {
  test('without the permission to read runs it gives 60, and says which one is missing', () =>
    play(async (scene) => {
      const permissions = { secrets: 'write' } as const
      const token = scene.github.addToken({ kind: 'fine-grained', repositories: ['octo/app'], permissions })
      const result = await scene.rotate({ with: { 'github-token': token } })
      expect(result.exitCode).toBe(0)
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/runs of octo\/app could not be read.*"actions=read"/)])
      expectCurrent(scene)
    }))

  test('an error that stays gives 60 and a warning', () =>
    play(
      async (scene) => {
        const fault = { kind: 'status', status: 500, body: {} } as const
        scene.github.faults.add({ path: /\/actions\/runs/, times: Number.POSITIVE_INFINITY, fault })
        const result = await scene.rotate()
        expect(result.exitCode).toBe(0)
        expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
        expect(warningsOf(result)).toEqual([expect.stringContaining('500')])
      },
      { speed: 20 },
    ))

  test.each([
    ['in other words', { message: 'Must have admin rights to Repository.' }, {}, '"actions=read"'],
    ['without a word', {}, {}, '"actions=read"'],
    ['with the header', { message: 'No' }, { 'x-accepted-github-permissions': 'actions=write' }, '"actions=write"'],
  ])('a refusal %s names the permission that is missing', (_, body, headers, permission) =>
    play(async (scene) => {
      const fault = { kind: 'status', status: 403, headers, body } as const
      scene.github.faults.add({ path: /\/actions\/runs/, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(warningsOf(result)).toEqual([expect.stringContaining(`lacks the permission ${permission}`)])
    }),
  )
})

describe('a workflow file from outside', () => {
  /** Rotates while a pull request with this workflow file is in flight. */
  const withFile = (text: string, act: (result: StepResult, scene: Scene) => void) =>
    play(async (scene) => {
      const sha = 'e'.repeat(40)
      scene.github.addFile('octo/app', CI, USES_NONE)
      scene.github.addFile('octo/app', CI, text, sha)
      addRun(scene, 5, { event: 'pull_request_target', headSha: sha, headRepository: 'mallory/app' })
      act(await scene.rotate(), scene)
    })

  test.each([
    'on: push\njobs: {}\nx: [\n ::stop-commands::pwned, !foo y ]\n',
    'on: push\njobs: {}\n? ["##[set-output name=status]pwned"]\n: 1\n',
    'on: push\njobs: {}\nx: &a\n  ::error::pwned: *b\n',
  ])('prints nothing: %j', (text) =>
    withFile(text, ({ raw, exitCode }, { github }) => {
      expect(exitCode).toBe(0)
      expect(github.journal.some(({ path }) => path.endsWith('/contents/.github/workflows/ci.yml'))).toBe(true)
      expect(raw).not.toContain('pwned')
    }),
  )

  test('cannot hold a rotation back by being endless', () => {
    const jobs = Array.from({ length: 8000 }, (_, index) => `  j${index}: {timeout-minutes: 1, needs: j${index + 1}}\n`)
    return withFile(`jobs:\n${jobs.join('')}  j8000: {timeout-minutes: 1}\n`, (result, scene) => {
      expect(result.exitCode).toBe(0)
      expectCurrent(scene)
    })
  })
})

test('what goes wrong in the look after the writes fails nothing', () =>
  play(
    async (scene) => {
      const fault = { kind: 'status', status: 200, body: { total_count: 0, workflow_runs: null } } as const
      scene.github.faults.add({ path: /\/actions\/runs$/, skip: 1, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate()
      expect(result.outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expect(warningsOf(result)).toEqual([expect.stringContaining('queued during the rotation were not checked')])
    },
    { speed: 20 },
  ))

test('without the permission to read files every run counts, and a warning says so', () =>
  play(async (scene) => {
    scene.github.addFile('octo/app', CI, USES_NONE)
    addHistory(scene, 40)
    addRun(scene, 10)
    const permissions = { secrets: 'write', actions: 'read' } as const
    const token = scene.github.addToken({ kind: 'fine-grained', repositories: ['octo/app'], permissions })
    const result = await scene.rotate({ with: { 'github-token': token } })
    expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    expect(warningsOf(result)).toEqual([expect.stringContaining('"Contents: read"')])
  }))
