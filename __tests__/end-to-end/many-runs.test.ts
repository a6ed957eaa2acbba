import { describe, expect, test } from '@jest/globals'
import type { JobSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectUntouched, play, warningsOf } from './helpers.ts'
import {
  addHistory,
  addRun,
  ago,
  atRisk,
  CI,
  expectWaited,
  graceSent,
  MINUTE,
  USES,
  USES_NONE,
  WAITING,
} from './runs.ts'

const NIGHTLY = '.github/workflows/nightly.yml'

/** A run that needs the token for two hours, begun before all others. */
function addNightly(scene: Scene, minutesAgo = 10): number {
  scene.github.addFile('octo/app', NIGHTLY, USES)
  addHistory(scene, 120, 50, NIGHTLY)
  return addRun(scene, minutesAgo, { workflow: NIGHTLY, name: 'Nightly' })
}

/** Runs that do not use the secret. */
function addOthers(scene: Scene, count: number): void {
  scene.github.addFile('octo/app', CI, USES_NONE)
  for (let index = 0; index < count; index++) addRun(scene, 5)
}

describe('more runs than a page holds', () => {
  test.each([120, 950])('%i others hide no long run', (count) =>
    play(async (scene) => {
      addNightly(scene)
      addOthers(scene, count)
      const result = await scene.rotate()
      expect(result.outputs.status).toBe('deferred')
      expect(warningsOf(result)).toEqual([expect.stringContaining('"Nightly"')])
      expectUntouched(scene)
    }),
  )

  test('nor do others that begin while it is waited for', () =>
    play(async (scene) => {
      addNightly(scene)
      let lists = 0
      scene.github.onRequest = ({ path }) => {
        if (path.endsWith('/actions/runs') && ++lists === 2) addOthers(scene, 120)
      }
      const result = await scene.rotate({ with: { 'max-wait-minutes': '4' } })
      expectWaited(result)
      expect(result.outputs.status).toBe('deferred')
      expectUntouched(scene)
    }, WAITING))

  test('nor does a list that GitHub cuts off: it is asked for itself', () =>
    play(async (scene) => {
      const id = addNightly(scene)
      let lists = 0
      scene.github.onRequest = ({ path }) => {
        if (path.endsWith('/actions/runs') && ++lists === 2) addOthers(scene, 1010)
      }
      const result = await scene.rotate({ with: { 'max-wait-minutes': '2' } })
      const asked = scene.github.journal.filter(({ path }) => path.endsWith(`/actions/runs/${id}`))
      expect(asked).not.toEqual([])
      expectWaited(result)
      expect(result.log.filter((line) => line.startsWith('Waiting for 1 run'))).toHaveLength(2)
    }, WAITING))

  test('more than GitHub lists give 60 and a warning', () =>
    play(async (scene) => {
      addOthers(scene, 1010)
      const result = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(warningsOf(result)).toEqual([expect.stringContaining('There are more runs in flight in octo/app')])
    }))
})

describe('more jobs than a page holds', () => {
  const completed = (index: number): JobSeed => ({ name: `a ${index}`, status: 'completed' })

  test('a run that waits for an approval holds nothing back', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 120, 50)
      const jobs: JobSeed[] = [...Array(101).keys()].map(completed)
      addRun(scene, 10, { status: 'waiting', jobs: [...jobs, { name: 'deploy', status: 'waiting' }] })
      const result = await scene.rotate()
      expect(result.outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expect(atRisk(result.outputs)).toHaveLength(1)
    }))
})

describe('more runs than are looked at one by one', () => {
  /** Runs of pull requests, each of which brings its own files. */
  const addPullRequests = (scene: Scene, count: number) => {
    scene.github.addFile('octo/app', CI, USES_NONE)
    for (let index = 0; index < count; index++) {
      const headSha = index.toString(16).padStart(40, '0')
      scene.github.addFile('octo/app', CI, USES_NONE, headSha)
      addRun(scene, 5, { event: 'pull_request', headSha, status: index % 2 ? 'queued' : 'in_progress' })
    }
  }

  test('an older one is looked at all the same', () =>
    play(async (scene) => {
      addNightly(scene)
      addPullRequests(scene, 110)
      expect((await scene.rotate()).outputs.status).toBe('deferred')
    }))

  test('those beyond count for the worst, and a warning says so', () =>
    play(async (scene) => {
      addPullRequests(scene, 110)
      const result = await scene.rotate()
      expect(result.outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(warningsOf(result)).toEqual([
        expect.stringContaining('too many runs in flight to look at'),
        expect.stringContaining('may die before'),
      ])
    }))
})

test('the wait goes on for a run that begins meanwhile, as long as there is time', () =>
  play(async (scene) => {
    const first = addNightly(scene)
    let lists = 0
    let second = 0
    scene.github.onRequest = ({ path }) => {
      if (!path.endsWith('/actions/runs')) return
      lists += 1
      if (lists === 2) {
        second = scene.github.addRun('octo/app', {
          workflow: NIGHTLY,
          name: 'Nightly',
          status: 'in_progress',
          createdAt: ago(scene, 0),
        })
        scene.github.updateRun('octo/app', first, {
          status: 'completed',
          updatedAt: new Date(scene.clock.now() + MINUTE),
        })
      }
      if (lists === 12) scene.github.updateRun('octo/app', second, { status: 'completed' })
    }
    const result = await scene.rotate({ with: { 'max-wait-minutes': '30' } })
    expect(result.outputs.status).toBe('rotated')
    expectWaited(result)
  }, WAITING))
