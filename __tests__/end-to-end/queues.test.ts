import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, expectUntouched, play, warningsOf } from './helpers.ts'
import {
  addHolder,
  addHolderInLine,
  addPending,
  addVariedHistory,
  DEPLOY,
  groupRequests,
  MAX,
  needed,
  OTHER,
  OWN_RUN,
  ROTATE,
  withConcurrency,
} from './lines.ts'
import { addHistory, addRun, CI, graceSent, USES_NONE } from './runs.ts'

/** A run that holds a group, and four that wait for it, each of about 20 minutes. Returns the ids of the four. */
function addLine(scene: Scene): number[] {
  scene.github.addFile('octo/app', CI, withConcurrency('{group: deploy, queue: max}'))
  addVariedHistory(scene)
  addHolder(scene, 5, { concurrency: MAX })
  return [4, 3, 2, 1].map((minutesAgo) => addPending(scene, minutesAgo, { concurrency: MAX }))
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
      const pending = addLine(scene)
      const { outputs } = await scene.rotate()
      expect(outputs.status).toBe('deferred')
      expect(needed(outputs)).toEqual({ [Number(pending[2])]: 79, [Number(pending[3])]: 100 })
      expectUntouched(scene)
    }))

  test('is at risk with long-runs: proceed when its turn comes too late', () =>
    play(async (scene) => {
      const pending = addLine(scene)
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
      addHistory(scene, 20)
      addHolderInLine(scene)
      addPending(scene, 1)
      await scene.rotate()
      // 8 of the first, 10 of the second, 20 of its own, and the margin.
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 40 }])
    }))
})

describe('a look at concurrency groups', () => {
  test('sends no request when nothing waits, even if groups are held', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy'))
      addHistory(scene, 20)
      addHolder(scene, 5)
      await scene.rotate()
      expect(groupRequests(scene)).toEqual([])
    }))

  test('sends one request for each run that waits and one for each group', () =>
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

  test('sends no request for a run that does not use the secret', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, withConcurrency('deploy', USES_NONE))
      addHolder(scene, 2)
      addPending(scene, 1)
      await scene.rotate()
      expect(groupRequests(scene)).toEqual([])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
    }))

  test('asks for at most 100 runs and 100 groups of a repository', () =>
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

test('a run that begins to wait in line during the rotation is compared with what is left of the grace period', () =>
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
