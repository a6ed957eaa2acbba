// Judges the estimator on runs that wait in line for a concurrency group. How a queue really ends is played by other code
// (play-queues.ts) than the one that is judged (src/3-decide/needs.ts).
import type { QueuePlace, RunAhead, RunFacts } from '../../src/2-look/run-facts.ts'
import { needsOf, type RunNeed } from '../../src/3-decide/needs.ts'
import { barOf, mulberry32, WORKLOADS } from '../workloads.ts'
import { populate, type Settings } from './in-flight.ts'
import { playQueues } from './play-queues.ts'
import { graceForNeed, LONGEST_GRACE, type Rule } from './rules.ts'
import { Sample, type SeenRun } from './sample.ts'
import { inPercent, type JudgedRow, type Section, toJudgedTable } from './table.ts'
import { count, newTally, resultOf, type Tally } from './tally.ts'

/** A line whose last run is judged. */
interface Queue {
  workload: string
  /** How many runs wait for the one that holds the group. */
  waiting: number
}

const QUEUES: readonly Queue[] = [
  { workload: 'steady 5 min', waiting: 1 },
  { workload: 'steady 5 min', waiting: 4 },
  { workload: 'typical 10 min', waiting: 1 },
  { workload: 'typical 10 min', waiting: 4 },
  { workload: 'two-peaked by cache hits', waiting: 1 },
  { workload: 'rare hangs up to the timeout', waiting: 1 },
  { workload: 'long deploys of 40 min', waiting: 1 },
]

/** Runs of the workflow that are in flight in other groups. Without the API they count as ahead, but are not. */
const OTHERS = 2

/** One draw: the runs of a workflow at a random moment. */
interface Moment {
  history: readonly number[]
  holder: SeenRun
  /** Durations of the runs in line in minutes, in the order of their turns. */
  waiting: readonly number[]
  others: readonly SeenRun[]
}

/** The estimator with one way to know what is ahead. */
interface Judged {
  hasApi: boolean
  tally: Tally
  /** Draws whose last run needs longer than incident.io allows: to defer is right. */
  tooLong: Deferrals
  /** All other draws: to defer is wrong. */
  shortEnough: Deferrals
}

interface Deferrals {
  draws: number
  deferred: number
}

/** Returns the report on runs in line. */
export function judgeQueues(settings: Settings): Section {
  const { estimator: _, ...others } = settings.rules
  const rules = { 'without the queue': ruleWithoutQueue, ...others }
  const rows = QUEUES.flatMap((queue, index) =>
    judge(queue, { ...settings, seed: settings.seed * 1000 + 100 + index, rules }),
  )
  const columns = ['estimator', ...Object.keys(rules)]
  const { lines, reached } = toJudgedTable('queue', columns, rows, ['right deferrals', 'wrong deferrals'])
  const head = [
    'Queues: one run holds a concurrency group, and the last run that waits for it needs the old token until it ends.',
    `Coverage of the draws whose last run ends within ${LONGEST_GRACE} minutes, and mean grace. Without the API, ${OTHERS} runs of other`,
    `groups count as ahead. A deferral is right if the last run ends after ${LONGEST_GRACE} minutes, and wrong otherwise.`,
    `${settings.draws} draws a queue, ${settings.length} past runs each, seed ${settings.seed}.`,
  ]
  return { lines: [...head, '', ...lines], reached }
}

/** Judges the run as if it waited for nothing: the difference is what reading the queue is worth. */
const ruleWithoutQueue: Rule = (history) => graceForNeed(needOf(history, []).safeMinutes)

/** Returns two rows, on the same draws: with the API and without it. */
function judge({ workload, waiting }: Queue, { seed, draws, length, rules }: Settings): JudgedRow[] {
  const random = mulberry32(seed)
  const sample = new Sample(populate(WORKLOADS[workload] ?? (() => 0), random), random)
  const judged = [true, false].map(newJudged)
  const judgedRules = Object.values(rules).map((rule) => ({ rule, tally: newTally() }))
  for (let draw = 0; draw < draws; draw++) {
    const moment = drawMoment(sample, waiting, length)
    const needed = endOfLast(moment)
    for (const one of judged) judgeMoment(moment, needed, one)
    for (const { rule, tally } of judgedRules) count(tally, needed, rule(moment.history, 0))
  }
  return judged.map(({ hasApi, tally, tooLong, shortEnough }) => ({
    name: `${workload}, ${waiting} waiting, ${hasApi ? 'with' : 'without'} API`,
    bar: barOf(workload),
    results: [tally, ...judgedRules.map((one) => one.tally)].map(resultOf),
    more: [tooLong, shortEnough].map(shareOf),
  }))
}

const newJudged = (hasApi: boolean): Judged => ({
  hasApi,
  tally: newTally(),
  tooLong: { draws: 0, deferred: 0 },
  shortEnough: { draws: 0, deferred: 0 },
})

const shareOf = ({ draws, deferred }: Deferrals): string =>
  draws === 0 ? '–' : `${inPercent((100 * deferred) / draws)} of ${draws}`

function drawMoment(sample: Sample, waiting: number, length: number): Moment {
  return {
    history: sample.pickHistory(length),
    holder: sample.pickInFlight(),
    waiting: Array.from({ length: waiting }, sample.pick),
    others: Array.from({ length: OTHERS }, () => sample.pickInFlight()),
  }
}

/** Returns in how many minutes the last run in line really ends. */
function endOfLast({ holder, waiting, others }: Moment): number {
  const left = ({ duration, elapsed }: SeenRun): number => duration - elapsed
  const elsewhere = others.map((run, index) => ({ group: `branch ${index}`, minutes: left(run) }))
  const line = [left(holder), ...waiting].map((minutes) => ({ group: 'main', minutes }))
  return playQueues([...elsewhere, ...line]).at(-1) ?? 0
}

function judgeMoment(moment: Moment, needed: number, { hasApi, tally, tooLong, shortEnough }: Judged): void {
  const place = { elapsed: 0, ahead: aheadOfLast(moment, hasApi), isGuess: !hasApi, cancelsAhead: false }
  const { safeMinutes, likelyMinutes } = needOf(moment.history, [place])
  count(tally, needed, graceForNeed(safeMinutes))
  const deferrals = needed > LONGEST_GRACE ? tooLong : shortEnough
  deferrals.draws++
  if (likelyMinutes > LONGEST_GRACE) deferrals.deferred++
}

/** Returns the runs that count as ahead of the last one. Without the API, all older ones of the workflow do. */
function aheadOfLast({ history, holder, waiting, others }: Moment, hasApi: boolean): RunAhead[] {
  const line = [holder.elapsed, ...waiting.slice(1).map(() => 0)]
  const ahead = hasApi ? line : [...others.map(({ elapsed }) => elapsed), ...line]
  return ahead.map((elapsed) => ({ ...workOf(history, elapsed), waitsForApproval: false, most: undefined }))
}

const workOf = (history: readonly number[], elapsed: number) => ({
  elapsed,
  history,
  bound: undefined,
  mayPause: false,
  defersNothing: false,
  queues: [],
})

/** Returns what a run that has not begun needs. */
function needOf(history: readonly number[], queues: readonly QueuePlace[]): RunNeed {
  const facts: RunFacts = {
    ...workOf(history, 0),
    queues,
    repository: 'acme/app',
    runId: 1,
    workflow: 'Deploy',
    status: 'pending',
    url: 'https://github.com/acme/app/actions/runs/1',
    startedAt: 0,
    waits: false,
    hasWaitingJob: false,
    waitsForOwnRun: false,
  }
  return needsOf([facts])[0] as RunNeed
}
