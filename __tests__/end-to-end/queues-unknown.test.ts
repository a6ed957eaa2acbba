import { describe, expect, test } from '@jest/globals'
import type { JobSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, play } from './helpers.ts'
import { addHolder, addPending, groupRequests, needed, OTHER, refuse, withConcurrency } from './lines.ts'
import { addHistory, addRun, CI, graceSent } from './runs.ts'

describe('odd responses about concurrency groups', () => {
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

  test('a group name that no URL can hold does not stop the rotation', () =>
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
    ['of a run’s groups', /\/runs\/\d+\/concurrency_groups$/],
    ['of a group’s members', /\/actions\/concurrency_groups\//],
  ])('a response without the list %s is requested only once', (_, path) =>
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
