import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { Queues, readAhead } from '../../src/2-look/queues.ts'
import type { RunRead, Wait } from '../../src/2-look/read-run.ts'
import type { RunDetails } from '../../src/2-look/run-details.ts'
import type { QueuePlace, RunAhead, RunFacts } from '../../src/2-look/run-facts.ts'
import { cancelsAhead, longestByTimeout } from '../../src/2-look/workflow-jobs.ts'
import { needsOf } from '../../src/3-decide/needs.ts'
import type { GroupMember } from '../../src/services/github-groups.ts'
import type { Job, Run } from '../../src/services/github-runs.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000
const OWN_RUN = 4711
const steady = (minutes: number) => Array.from({ length: 100 }, () => minutes)

const AHEAD: RunAhead = {
  elapsed: 0,
  history: steady(20),
  bound: undefined,
  mayPause: false,
  defersNothing: false,
  queues: [],
  waitsForApproval: false,
  most: undefined,
}

const inLine = (...ahead: Partial<RunAhead>[]): QueuePlace => ({
  elapsed: 0,
  ahead: ahead.map((one) => ({ ...AHEAD, ...one })),
  isGuess: false,
  cancelsAhead: false,
})

function need(facts: Partial<RunFacts>) {
  const { waitsForApproval, most, ...work } = AHEAD
  const shown = { repository: 'o/r', runId: 1, workflow: 'CI', status: 'pending', url: '', startedAt: 0 }
  const run: RunFacts = { ...work, ...shown, waits: false, hasWaitingJob: false, waitsForOwnRun: false, ...facts }
  const [found] = needsOf([run])
  return [found?.safeMinutes, found?.likelyMinutes, found?.by, found?.waitMinutes].map((one) =>
    typeof one === 'number' ? Math.round(one) : one,
  )
}

describe('needsOf, for a run in line', () => {
  const UNKNOWN = { history: [], elapsed: 5 }

  test.each<[string, Partial<RunFacts>, unknown[]]>([
    ['its own duration without a line', {}, [20, 20, 'history', 0]],
    ['its own after the rest of the run ahead', { queues: [inLine({ elapsed: 5 })] }, [35, 35, 'history', 15]],
    ['its own after everything ahead', { queues: [inLine({ elapsed: 5 }, {}, {})] }, [75, 75, 'history', 55]],
    ['the longest of several lines', { queues: [inLine({}), inLine({}, {})] }, [60, 60, 'history', 40]],
    [
      'the time that past runs took after the jobs before the wait',
      { queues: [{ ...inLine({}), elapsed: 15 }], elapsed: 19 },
      [25, 25, 'history', 20],
    ],
    [
      'the time of its other jobs when they take longer than the wait',
      { history: steady(50), elapsed: 5, queues: [{ ...inLine({ elapsed: 19 }), elapsed: 40 }] },
      [45, 45, 'history', 0],
    ],
    ['its timeouts after the line', { history: [], bound: 30, queues: [inLine({})] }, [50, 50, 'timeout', 20]],
    [
      'no more than the job that holds the group may take',
      { queues: [inLine({ most: 3, bound: 3 })] },
      [23, 23, 'history', 3],
    ],
    [
      'a bound for a job ahead if nothing else is known of it',
      { queues: [inLine({ ...UNKNOWN, most: 8, bound: 8 })] },
      [28, 28, 'history', 8],
    ],
    [
      '60 and at risk when it is unknown what is ahead',
      { queues: [{ ...inLine(), ahead: undefined }] },
      [60, 0, 'nothing', undefined],
    ],
    [
      'no deferral at an unknown place, however long it takes itself',
      { history: steady(90), queues: [{ ...inLine(), ahead: undefined }] },
      [60, 0, 'nothing', undefined],
    ],
    [
      'at least 60 when it is unknown how long one ahead takes',
      { queues: [inLine(UNKNOWN)] },
      [80, 20, 'nothing', undefined],
    ],
    [
      'a deferral for the known needs ahead, even if another is unknown',
      { history: steady(40), queues: [inLine(UNKNOWN, { history: steady(35) })] },
      [135, 75, 'nothing', undefined],
    ],
    [
      'no deferral by runs that may not be ahead',
      { queues: [{ ...inLine({ history: steady(55) }), isGuess: true }] },
      [75, 20, 'history', 55],
    ],
    [
      'at most 5 minutes for a run that it cancels',
      { queues: [{ ...inLine({}), cancelsAhead: true }] },
      [25, 25, 'history', 5],
    ],
    [
      'at most 5 minutes for an unknown run that it cancels',
      { queues: [{ ...inLine(UNKNOWN), cancelsAhead: true }] },
      [25, 20, 'history', 5],
    ],
    [
      'an unknown time after a run that waits for an approval',
      { queues: [inLine({ waitsForApproval: true })] },
      [80, 20, 'nothing', undefined],
    ],
    [
      'no deferral by the run of a fork ahead',
      { queues: [inLine({ defersNothing: true, history: steady(55) })] },
      [75, 20, 'history', 55],
    ],
    [
      'no deferral of a fork by the runs ahead',
      { defersNothing: true, queues: [inLine({ history: steady(90) })] },
      [110, 0, 'history', 90],
    ],
    [
      'no deferral by approvals in the past of a run ahead',
      { queues: [inLine({ mayPause: true, history: steady(55) })] },
      [75, 20, 'history', 55],
    ],
    [
      'in addition, the wait of the holder in another group',
      { queues: [inLine({ queues: [inLine({ elapsed: 10 })] })] },
      [50, 50, 'history', 30],
    ],
  ])('gives %s', (_, facts, expected) => {
    expect(need(facts)).toEqual(expected)
  })

  test('adds up a line of a hundred for each of a thousand runs', () => {
    const line = Array.from({ length: 100 }, () => AHEAD)
    const { waitsForApproval, most, ...work } = AHEAD
    const shown = { repository: 'o/r', runId: 1, workflow: 'CI', status: 'pending', url: '', startedAt: 0 }
    const run: RunFacts = { ...work, ...shown, waits: false, hasWaitingJob: false, waitsForOwnRun: false }
    const runs = Array.from({ length: 1000 }, () => ({ ...run, queues: [{ ...inLine(), ahead: line }] }))
    expect(needsOf(runs)[999]?.likelyMinutes).toBe(2020)
  })
})

const runOf = (id: number, seed: Partial<Run> = {}): Run => ({
  id,
  workflowId: 1,
  workflow: 'CI',
  path: '.github/workflows/ci.yml',
  status: 'in_progress',
  event: 'push',
  headSha: '',
  createdAt: NOW - 10 * MINUTE,
  startedAt: NOW - 10 * MINUTE,
  url: '',
  baseRefs: [],
  attempt: 1,
  isDependabots: false,
  fork: undefined,
  ...seed,
})
const jobOf = (id: number, name: string, seed: Partial<Job> = {}): Job => ({
  id,
  name,
  status: 'in_progress',
  startedAt: NOW - 5 * MINUTE,
  completedAt: Number.NaN,
  ...seed,
})
const readOf = (run: Run, seed: Partial<RunRead> = {}): RunRead => ({
  run,
  files: [parse('jobs: {a: {timeout-minutes: 30}}')],
  history: steady(20),
  jobs: [],
  mayPause: false,
  waits: [],
  ...seed,
})
const member = (runId: number, jobId?: number, isPending = false): GroupMember => ({ runId, jobId, isPending })
const waitIn = (group: string, members: GroupMember[], jobId?: number): Wait => ({ jobId, line: { group, members } })

function placesOf(reads: readonly RunRead[]) {
  const runs = reads.map(({ run }) => run)
  const queues = new Queues(new Map(reads.map((read) => [read.run.id, read])), runs, OWN_RUN, NOW)
  return (index: number) => queues.of(reads[index] as RunRead)
}

describe('the line of a run', () => {
  test('ends before the run itself', () => {
    const members = [member(1), member(2, undefined, true), member(3, undefined, true)]
    const waits = [waitIn('deploy', members)]
    const places = placesOf([
      readOf(runOf(1)),
      readOf(runOf(2, { status: 'pending' }), { waits }),
      readOf(runOf(3, { status: 'pending' }), { waits }),
    ])
    expect(places(0)).toEqual([])
    expect(places(1)[0]?.ahead?.map(({ elapsed }) => elapsed)).toEqual([10])
    expect(places(2)[0]?.ahead?.map(({ elapsed }) => elapsed)).toEqual([10, 0])
  })

  test('contains an unread run as one that takes an unknown time', () => {
    const waits = [waitIn('deploy', [member(9), member(2, undefined, true)])]
    const [place] = placesOf([readOf(runOf(2, { status: 'pending' }), { waits })])(0)
    expect(place?.ahead).toMatchObject([{ history: [], bound: undefined }])
  })

  test('is unknown for runs that wait for each other', () => {
    const one = readOf(runOf(1), { jobs: [jobOf(11, 'a')], waits: [waitIn('y', [member(2), member(1, 11, true)], 11)] })
    const two = readOf(runOf(2), { jobs: [jobOf(21, 'a')], waits: [waitIn('x', [member(1), member(2, 21, true)], 21)] })
    const [place] = placesOf([one, two])(0)
    expect(place?.ahead?.[0]?.queues[0]?.ahead?.[0]?.queues[0]?.ahead).toBeUndefined()
    expect(need({ queues: place ? [place] : [] }).slice(2)).toEqual(['nothing', undefined])
  })

  test('counts a job that holds the group by its own timeout, and not by what else its run waits for', () => {
    const elsewhere = waitIn('y', [member(9), member(1, 12, true)], 12)
    const holder = readOf(runOf(1), { jobs: [jobOf(11, 'a')], waits: [elsewhere] })
    const waits = [waitIn('x', [member(1, 11), member(2, 21, true)], 21)]
    const [place] = placesOf([holder, readOf(runOf(2), { jobs: [jobOf(21, 'a', { status: 'pending' })], waits })])(1)
    expect(place?.ahead).toMatchObject([{ most: 25, bound: 25, queues: [] }])
  })

  test('is none for a job that waits for jobs of its own run only', () => {
    const waits = [waitIn('x', [member(1, 11), member(1, 12, true)], 12)]
    expect(placesOf([readOf(runOf(1), { jobs: [jobOf(11, 'a'), jobOf(12, 'a')], waits })])(0)).toEqual([])
  })

  test('is unknown without the API when more runs of the workflow are older than one line can hold', () => {
    const older = Array.from({ length: 101 }, (_, index) => readOf(runOf(index + 1)))
    const waiting = readOf(runOf(900, { status: 'pending', startedAt: NOW }), {
      waits: [{ jobId: undefined, line: 'refused' }],
    })
    expect(placesOf([...older, waiting])(101)).toMatchObject([{ ahead: undefined }])
    expect(placesOf([...older.slice(1), waiting])(100)[0]?.ahead).toHaveLength(100)
  })

  test.each<[string, string, number | undefined, boolean]>([
    ['one group for all runs of the file', 'concurrency: deploy', undefined, false],
    ['one group with settings', 'concurrency: {group: deploy}', undefined, false],
    ['an expression', 'concurrency: "${{ github.ref }}"', undefined, true],
    ['a job', 'concurrency: deploy', 11, true],
  ])('without the API is a guess unless all runs of the file are in one group: %s', (_, text, jobId, isGuess) => {
    const files = [parse(`${text}\njobs: {a: {}}`)]
    const waiting = readOf(runOf(2, { startedAt: NOW }), { files, waits: [{ jobId, line: 'refused' }] })
    expect(placesOf([readOf(runOf(1)), waiting])(1)).toMatchObject([{ isGuess }])
  })

  test('includes runs ahead of runs ahead, each read once', async () => {
    const asked: number[] = []
    const members: Record<string, GroupMember[]> = {
      x: [member(2), member(1, undefined, true)],
      y: [member(3, 31), member(2, 21, true)],
    }
    const jobs: Record<number, Job[]> = { 2: [jobOf(21, 'a', { status: 'pending' })], 3: [jobOf(31, 'a')] }
    const details = {
      file: async () => parse('jobs: {a: {concurrency: y}}'),
      history: async () => steady(20),
      jobs: async (id: number) => {
        asked.push(id)
        return jobs[id] ?? []
      },
      places: async () => [{ ...member(2, 21, true), group: 'y' }],
      members: async (group: string) => members[group],
      mayPause: async () => false,
    } as unknown as RunDetails
    const first = readOf(runOf(1, { status: 'pending' }), { waits: [waitIn('x', members.x ?? [])] })
    const reads = await readAhead([first], [runOf(1), runOf(2), runOf(3), runOf(4)], details)
    expect([...reads.keys()]).toEqual([1, 2, 3])
    expect(asked).toEqual([2, 3])
  })
})

describe('a workflow file', () => {
  test.each<[string, string, string | undefined, boolean]>([
    ['true', '{group: x, cancel-in-progress: true}', undefined, true],
    ['false', '{group: x, cancel-in-progress: false}', undefined, false],
    ['an expression', '{group: x, cancel-in-progress: "${{ true }}"}', undefined, false],
    ['a text', '{group: x, cancel-in-progress: "true"}', undefined, false],
    ['a group alone', 'x', undefined, false],
    ['the job’s own setting', '{group: x, cancel-in-progress: true}', 'a', true],
    ['another job', '{group: x, cancel-in-progress: true}', 'b', false],
    ['a called workflow', '{group: x, cancel-in-progress: true}', 'call', false],
  ])(
    'lets a newcomer cancel runs ahead only when cancel-in-progress is literally true: %s',
    (_, concurrency, job, cancels) => {
      const file = parse(
        job === undefined
          ? `concurrency: ${concurrency}\njobs: {a: {}}`
          : `jobs: {a: {concurrency: ${concurrency}}, b: {concurrency: x}, call: {uses: x, concurrency: ${concurrency}}}`,
      )
      expect(cancelsAhead(file, job === undefined ? undefined : jobOf(1, job))).toBe(cancels)
    },
  )

  const TURNS =
    'a: {timeout-minutes: 30, concurrency: x}, b: {timeout-minutes: 10, concurrency: x, needs: c}, c: {timeout-minutes: 7}'
  const A = jobOf(1, 'a')
  const B = jobOf(2, 'b', { status: 'pending' })
  const C = jobOf(3, 'c', { status: 'completed' })
  test.each<[string, Job[], [number, Job[]][], number | undefined]>([
    ['two jobs of one run add up', [A, B, C], [[2, [A]]], 35],
    ['a place that is unknown gives none', [A, B, C], [], undefined],
    ['a job that has not asked for its group yet gives none', [A, C], [], undefined],
    ['a job that is queued for its group gives none', [A, { ...B, status: 'queued' }, C], [], undefined],
    ['jobs that have ended count nothing', [{ ...A, status: 'completed' }, { ...B, status: 'completed' }, C], [], 0],
  ])('bounds a run by the timeouts of its jobs: %s', (_, jobs, turns, minutes) => {
    expect(longestByTimeout(parse(`jobs: {${TURNS}}`), jobs, NOW, new Map(turns))).toBe(minutes)
  })
})
