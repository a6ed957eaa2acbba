import { describe, expect, test } from '@jest/globals'
import type { RunSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, expectUntouched, onlyError, play, warningsOf } from './helpers.ts'
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
  withTimeout,
} from './runs.ts'

describe('which runs count', () => {
  interface Case {
    file?: string
    run?: Partial<RunSeed>
    minutesAgo?: number
    grace: number
    risk?: number
  }
  const cases: Record<string, Case> = {
    'one that uses the secret, for what it still needs': { file: USES, grace: 32 },
    'one that uses none of them does not': { file: USES_NONE, grace: 15 },
    'one whose file cannot be read does': { run: { workflow: '.github/workflows/gone.yml' }, grace: 60, risk: 1 },
    'one that is queued needs its whole duration': { file: USES, run: { status: 'queued' }, minutesAgo: 25, grace: 42 },
    'one that is pending too': { file: USES, run: { status: 'pending' }, grace: 42 },
    'one with a conclusion is finished': { file: USES, run: { conclusion: 'success' }, grace: 15 },
    'one that is made by GitHub itself does not': {
      run: { workflow: 'dynamic/pages/pages-build', event: 'dynamic' },
      grace: 15,
    },
    'the rotating run itself does not': { file: USES, run: { id: 4711 }, grace: 15 },
    'a re-run under way does, from its new start': {
      file: USES,
      run: {
        attempt: 2,
        createdAt: new Date(Date.now() - 20 * 24 * 60 * MINUTE),
        startedAt: new Date(Date.now() - 10 * MINUTE),
      },
      grace: 32,
    },
    'one that waits for an approval is told': { file: USES, run: { status: 'waiting' }, grace: 15, risk: 1 },
    'a running job of one that waits counts': {
      file: USES,
      run: {
        status: 'waiting',
        jobs: [{ name: 'a', status: 'in_progress', startedAt: new Date(Date.now() - 10 * MINUTE) }],
      },
      grace: 32,
      risk: 1,
    },
  }
  test.each(Object.entries(cases))('%s', (_, { file, run, minutesAgo = 10, grace, risk = 0 }) =>
    play(async (scene) => {
      if (file !== undefined) scene.github.addFile('octo/app', CI, file)
      addHistory(scene, 40)
      addRun(scene, minutesAgo, run)
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
      expect(atRisk(result.outputs)).toHaveLength(risk)
      expectCurrent(scene)
    }),
  )

  test('one that waited for a runner or an approval has worked only since its first job began', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 50)
      addRun(scene, 45, { jobs: [{ name: 'a', status: 'in_progress', startedAt: ago(scene, 1) }] })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 51 }])
    }))

  test('a job of an earlier attempt is no work of a re-run', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 50)
      addRun(scene, 60, {
        attempt: 2,
        startedAt: ago(scene, 1),
        jobs: [
          { name: 'build', status: 'completed', startedAt: ago(scene, 30), completedAt: ago(scene, 20) },
          { name: 'a', status: 'in_progress', startedAt: ago(scene, 1) },
        ],
      })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 51 }])
    }))

  test.each([
    ['cannot be read', 500, [{ name: 'a', status: 'in_progress' }], 42],
    [
      'are about to run',
      200,
      [
        { name: 'a', status: 'queued' },
        { name: 'b', status: 'waiting' },
      ],
      42,
    ],
  ])('one that waits, and whose jobs %s, counts', (_, status, jobs, grace) =>
    play(
      async (scene) => {
        scene.github.addFile('octo/app', CI, USES)
        addHistory(scene, 40)
        addRun(scene, 10, { status: 'waiting', jobs })
        const fault = { kind: 'status', status, body: {} } as const
        if (status !== 200) scene.github.faults.add({ path: /\/jobs$/, times: Number.POSITIVE_INFINITY, fault })
        await scene.rotate()
        expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
      },
      { speed: 20 },
    ),
  )

  test('of a pull request both its own file and the default branch’s must be clean', () =>
    play(async (scene) => {
      const sha = 'f'.repeat(40)
      scene.github.addFile('octo/app', CI, USES)
      scene.github.addFile('octo/app', CI, USES_NONE, sha)
      addHistory(scene, 40)
      addRun(scene, 10, { event: 'pull_request_target', headSha: sha })
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    }))
})

describe('how long they need', () => {
  const play32 = (prepare: (scene: Scene) => void, grace: number, risk: number) =>
    play(async (scene) => {
      prepare(scene)
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
      expect(atRisk(result.outputs)).toHaveLength(risk)
    })

  test('without a history, by the timeouts of its jobs', () =>
    play32(
      (scene) => {
        scene.github.addFile('octo/app', CI, withTimeout(30))
        addRun(scene, 5, { jobs: [{ name: 'a', status: 'in_progress', startedAt: ago(scene, 4) }] })
      },
      28,
      0,
    ))

  test.each(['always()', '!cancelled()', '${{ failure() || cancelled( ) }}'])(
    'the bound includes 5 minutes of cleaning up for a step under %s',
    (condition) =>
      play32(
        (scene) => {
          const cleanUp = `${withTimeout(30)}      - if: "${condition}"\n        run: clean up\n`
          scene.github.addFile('octo/app', CI, cleanUp)
          addRun(scene, 5, { jobs: [{ name: 'a', status: 'in_progress', startedAt: ago(scene, 4) }] })
        },
        33,
        0,
      ),
  )

  test('one that has outlived its history, by the timeouts', () =>
    play32(
      (scene) => {
        scene.github.addFile('octo/app', CI, withTimeout(55))
        addHistory(scene, 10)
        addRun(scene, 30, { jobs: [{ name: 'a', status: 'in_progress', startedAt: ago(scene, 30) }] })
      },
      27,
      0,
    ))

  test('with neither, 60 minutes, and it is told as at risk', () =>
    play32(
      (scene) => {
        scene.github.addFile('octo/app', CI, USES)
        addRun(scene, 5)
      },
      60,
      1,
    ))
})

describe('the history of a workflow', () => {
  /** Adds past runs of a duration in minutes, one an hour, the newest of them `hoursAgo`. */
  const addPast = (scene: Scene, minutes: number, conclusion: string, count: number, hoursAgo = 0) => {
    for (let index = 1; index <= count; index++) {
      const createdAt = ago(scene, 60 * (hoursAgo + index))
      const updatedAt = new Date(createdAt.getTime() + minutes * MINUTE)
      scene.github.addRun('octo/app', { workflow: CI, status: 'completed', conclusion, createdAt, updatedAt })
    }
  }

  test.each<[string, (scene: Scene) => void, number]>([
    [
      'reaches back past a page of runs that were cancelled',
      (scene) => {
        addPast(scene, 1, 'cancelled', 150)
        addPast(scene, 40, 'success', 30, 150)
      },
      32,
    ],
    [
      'holds runs that failed beside those that succeeded',
      (scene) => {
        addPast(scene, 40, 'failure', 50)
        addPast(scene, 40, 'success', 50, 50)
      },
      32,
    ],
    [
      'holds no more than the last 100 of both',
      (scene) => {
        addPast(scene, 30, 'failure', 60)
        addPast(scene, 30, 'success', 60, 60)
        addPast(scene, 50, 'failure', 60, 120)
      },
      22,
    ],
  ])('%s', (_, prepare, grace) =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      prepare(scene)
      addRun(scene, 10)
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
    }),
  )
})

describe('a file that reads otherwise for GitHub than for this action', () => {
  test.each(['\u0085', '\u2028', '\u2029'])('counts as using the secret when %j may end a comment', (lineBreak) =>
    play(async (scene) => {
      const hidden = USES_NONE.replace('run: npm test', `run: npm test # x${lineBreak}\n`)
      scene.github.addFile('octo/app', CI, hidden)
      addHistory(scene, 40)
      addRun(scene, 10)
      await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    }),
  )
})

describe('longer than an hour', () => {
  const withLongRun = (act: (scene: Scene & { run: number }) => Promise<void>, options?: { speed: number }) =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 120)
      await act({ ...scene, run: addRun(scene, 10, { name: 'Nightly' }) })
    }, options)

  test('defer: nothing is changed, and the run succeeds with a warning', () =>
    withLongRun(async (scene) => {
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ status: 'deferred', rotated: 'false' })
      expect(atRisk(result.outputs)).toEqual([
        {
          repository: 'octo/app',
          run_id: scene.run,
          workflow: 'Nightly',
          status: 'in_progress',
          url: `https://github.com/octo/app/actions/runs/${scene.run}`,
          needs_minutes: 110,
        },
      ])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/put off.*"Nightly".*max-wait-minutes/)])
      expectUntouched(scene)
    }))

  test('proceed: it rotates with 60, and lists the run', () =>
    withLongRun(async (scene) => {
      const result = await scene.rotate({ with: { 'long-runs': 'proceed' } })
      expect(result.outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(atRisk(result.outputs)).toHaveLength(1)
      expect(warningsOf(result)).toEqual([expect.stringMatching(/may die before 1 run in flight ends: "Nightly"/)])
    }))

  test('fail: an error that names it', () =>
    withLongRun(async (scene) => {
      expect(onlyError(await scene.rotate({ with: { 'long-runs': 'fail' } }))).toMatch(/"Nightly".*Nothing was changed/)
      expectUntouched(scene)
    }))

  test.each<[string, Record<string, string>, number]>([
    ['a number', { 'grace-period-minutes': '5' }, 5],
    ['a number of 0', { 'grace-period-minutes': '0' }, 0],
    ['force', { force: 'true' }, 60],
    ['a token past its highest age', { 'max-token-age': '30d' }, 60],
  ])('%s does not yield, and the run is listed all the same', (_, block, grace) =>
    withLongRun(async (scene) => {
      const result = await scene.rotate({ with: block })
      expect(result.outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
      expect(atRisk(result.outputs)).toHaveLength(1)
    }),
  )

  test('mending a stale copy does not yield', () =>
    withLongRun(async (scene) => {
      scene.github.setSecret(scene.repository, scene.secret, 'older', ago(scene, 100 * 24 * 60))
      expect((await scene.rotate()).outputs.status).toBe('rotated')
    }))

  test('filling a missing one does', () =>
    withLongRun(async (scene) => {
      scene.github.addFile('octo/app', CI, USES.replace('INCIDENT_API_KEY', 'NEW_KEY'))
      const result = await scene.rotate({ with: { 'secret-name': 'NEW_KEY' } })
      expect(result.outputs.status).toBe('deferred')
    }))

  test('it waits for the run to end, says so once a minute, and looks at everything again', () =>
    withLongRun(
      async (scene) => {
        let lists = 0
        scene.github.onRequest = ({ path }) => {
          if (path.endsWith('/actions/runs') && ++lists === 15)
            scene.github.updateRun('octo/app', scene.run, { status: 'completed' })
        }
        const result = await scene.rotate({ with: { 'max-wait-minutes': '30' } })
        expect(result.outputs.status).toBe('rotated')
        const waiting = result.log.filter((line) => line.startsWith('Waiting for 1 run'))
        expect(waiting.length).toBeGreaterThan(1)
        expect(waiting[0]).toContain('"Nightly"')
        expect(waiting[0]).toContain('30 minutes left')
        expect(scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))).toHaveLength(2)
        expectCurrent(scene)
      },
      { speed: 60 },
    ))

  test('and defers when the wait is over', () =>
    withLongRun(
      async (scene) => {
        const result = await scene.rotate({ with: { 'max-wait-minutes': '3' } })
        expect(result.outputs.status).toBe('deferred')
        expectWaited(result)
        expectUntouched(scene)
      },
      { speed: 60 },
    ))
})

test('a run that is queued between the look and the write is checked against the grace period', () =>
  play(async (scene) => {
    scene.github.addFile('octo/app', CI, USES)
    addHistory(scene, 40)
    scene.incident.onRequest = ({ path }) => {
      if (path.endsWith('/rotate')) addRun(scene, 0, { status: 'queued' })
    }
    const result = await scene.rotate()
    expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
    expect(atRisk(result.outputs)).toEqual([expect.objectContaining({ status: 'queued', needs_minutes: 40 })])
    expect(errorsOf(result)).toEqual([])
  }))

test('by what is left of it then: the writes took some of it', () =>
  play(
    async (scene) => {
      const { github, incident } = scene
      github.addFile('octo/app', CI, USES)
      addHistory(scene, 14)
      github.faults.add({
        method: 'PUT',
        path: /\/secrets\//,
        fault: { kind: 'status', status: 503, headers: { 'retry-after': '240' }, body: {} },
      })
      incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) addRun(scene, 0, { status: 'queued' })
      }
      const result = await scene.rotate()
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expect(atRisk(result.outputs)).toEqual([expect.objectContaining({ status: 'queued', needs_minutes: 14 })])
    },
    { speed: 60 },
  ))

describe('what it costs', () => {
  const calls = ({ github }: Scene, pattern: RegExp) => github.journal.filter(({ path }) => pattern.test(path)).length

  test('a quiet repository: one list before and one after', () =>
    play(async (scene) => {
      await scene.rotate()
      expect(calls(scene, /\/(runs|contents|jobs)\b/)).toBe(2)
    }))

  test('a busy one: six lists, two for the history of a workflow, one file a commit', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 10, 150)
      for (let index = 0; index < 30; index++) addRun(scene, 2, { status: 'queued' })
      await scene.rotate()
      expect(calls(scene, /\/actions\/runs$/)).toBe(12)
      expect(calls(scene, /\/workflows\/\d+\/runs$/)).toBe(2)
      expect(calls(scene, /\/contents\//)).toBe(1)
      expect(calls(scene, /\/jobs$/)).toBe(0)
    }))
})

test('the summary shows the runs against the grace period', () =>
  play(async (scene) => {
    scene.github.addFile('octo/app', CI, USES)
    addHistory(scene, 40)
    addRun(scene, 10, { name: 'title: <b>|' })
    const { summary, log } = await scene.rotate()
    expect(summary).toContain('```mermaid\ngantt')
    expect(summary).toMatch(/^ {2}30 min left title b :/m)
    expect(summary).not.toContain('<b>')
    expect(log.join('\n')).toContain('for 32 minutes ("title: <b>|" needs it for 30 minutes by its past runs)')
  }))
