// Judges rules on real runs of workflows by walking forward in time: at each moment only the runs that had ended by then
// are known.
import { BAR } from '../workloads.ts'
import { LONGEST_GRACE, type Rule } from './rules.ts'
import { cellOf, type Section, toMarkdown } from './table.ts'
import { count, coverageOf, meanOf, newTally, type Result, resultOf, type Tally } from './tally.ts'

/** A run of a series, in minutes since a moment that is the same for the whole series. */
export interface PastRun {
  start: number
  /** Infinity for a run in flight. */
  end: number
  /** `success` or another conclusion in GitHub's words; null for a run in flight. */
  conclusion: string | null
}

/** Runs of workflows, by the workflow's name. */
export type Histories = Readonly<Record<string, readonly PastRun[]>>

/** Each run is judged at no fewer moments than this … */
const MIN_MOMENTS = 20
/** … and at least once in these minutes, so that the last 60 minutes of a long run are judged often enough. */
const MAX_STEP = 2

/** If there are more series, only those with the lowest coverage are shown. */
const MAX_SHOWN = 10

/** Durations of past runs in minutes, newest first: what a rule may know at a moment. */
interface Known {
  /** Durations of the last runs that ended in success or failure. */
  finished: readonly number[]
  /** Durations of those that ended in success or failure, of the last runs of any conclusion. */
  amongCompleted: readonly number[]
}

interface Judge {
  name: string
  rule: Rule
  by: keyof Known
}

interface Series {
  name: string
  runs: number
  /** One tally a judge. */
  tallies: readonly Tally[]
}

/** Returns the report on real runs. The estimator must reach the bar in the total. */
export function judgeHistories(
  histories: Histories,
  { length, rules }: { length: number; rules: Readonly<Record<string, Rule>> },
): Section {
  const judges = judgesOf(rules, length)
  const series = Object.entries(histories)
    .map(([name, runs]) => judgeSeries(name, runs, judges, length))
    // A series without a judged run measures nothing.
    .filter(({ tallies }) => tallies.every(({ weight }) => weight > 0))
  const totals = judges.map((_, index) => totalOf(series.flatMap(({ tallies }) => tallies[index] ?? [])))
  const shown = series.length > MAX_SHOWN ? worstOf(series) : series
  const runs = series.reduce((sum, one) => sum + one.runs, 0)
  const table = [
    ['series', 'runs', ...judges.map(({ name }) => name)],
    ...shown.map((one) => [one.name, String(one.runs), ...one.tallies.map((tally) => cellOf(resultOf(tally)))]),
    [`all ${series.length} series`, String(runs), ...totals.map(cellOf)],
  ]
  const head = [
    'Real runs, seen at moments spread evenly over each. Only runs that had ended by the moment are known.',
    `Coverage of the time at which ${LONGEST_GRACE} minutes could cover the rest of the run, and mean grace.`,
    'The mean grace of all series is the mean of theirs.',
    `At most ${length} past runs. The bar of all series together is ${BAR} %.`,
    ...(shown === series ? [] : [`The ${MAX_SHOWN} series with the lowest coverage are shown.`]),
  ]
  return { lines: [...head, '', ...toMarkdown(table)], reached: (totals[0]?.coverage ?? 0) >= BAR }
}

function judgesOf(rules: Readonly<Record<string, Rule>>, length: number): Judge[] {
  const judges = Object.entries(rules).map(([name, rule]): Judge => ({ name, rule, by: 'finished' }))
  const former = judges
    .slice(0, 1)
    .map(({ name, rule }): Judge => ({ name: `${name}, last ${length} completed`, rule, by: 'amongCompleted' }))
  return [...judges.slice(0, 1), ...former, ...judges.slice(1)]
}

function judgeSeries(name: string, runs: readonly PastRun[], judges: readonly Judge[], length: number): Series {
  const newestFirst = runs.toSorted((a, b) => b.start - a.start)
  const finished = newestFirst.filter(isFinished)
  const tallies = judges.map(newTally)
  for (const run of finished) {
    const recall = recallDuring(run, newestFirst, length)
    for (const { elapsed, weight } of momentsOf(run)) {
      const known = recall(run.start + elapsed)
      judges.forEach(({ rule, by }, index) => {
        const grace = rule(known[by], elapsed)
        count(tallies[index] as Tally, run.end - run.start - elapsed, grace, weight)
      })
    }
  }
  return { name, runs: finished.length, tallies }
}

/** Reports whether a run worked to its end: the duration of a cancelled one says little about others. */
export const isFinished = ({ conclusion }: PastRun): boolean => conclusion === 'success' || conclusion === 'failure'

/** Returns moments in the middle of equal parts of a run. All together have the run's duration as weight, in minutes. */
function momentsOf({ start, end }: PastRun): { elapsed: number; weight: number }[] {
  const moments = Math.max(MIN_MOMENTS, Math.ceil((end - start) / MAX_STEP))
  const weight = (end - start) / moments
  return Array.from({ length: moments }, (_, index) => ({ elapsed: (index + 0.5) * weight, weight }))
}

/** Returns a function that returns what is known at a moment of a run. */
function recallDuring(run: PastRun, newestFirst: readonly PastRun[], length: number): (moment: number) => Known {
  // A run that starts later cannot have ended during this one.
  const completed = newestFirst.filter(({ start }) => start < run.end)
  const finished = completed.filter(isFinished)
  return (moment) => ({
    finished: durationsOf(lastEnded(finished, moment, length)),
    amongCompleted: durationsOf(lastEnded(completed, moment, length).filter(isFinished)),
  })
}

function lastEnded(newestFirst: readonly PastRun[], moment: number, length: number): PastRun[] {
  const ended: PastRun[] = []
  for (const run of newestFirst) {
    if (run.end <= moment && ended.push(run) === length) break
  }
  return ended
}

const durationsOf = (runs: readonly PastRun[]): number[] =>
  runs.map(({ start, end }) => end - start).filter((minutes) => minutes > 0)

/** Returns the coverage of all moments, and the mean of the series' mean graces. */
function totalOf(tallies: readonly Tally[]): Result {
  return { coverage: coverageOf(tallies), meanGrace: meanOf(tallies.map((tally) => resultOf(tally).meanGrace)) }
}

function worstOf(series: readonly Series[]): Series[] {
  const estimatorCoverage = ({ tallies }: Series): number => coverageOf(tallies.slice(0, 1))
  const measured = series.filter((one) => !Number.isNaN(estimatorCoverage(one)))
  return measured.sort((a, b) => estimatorCoverage(a) - estimatorCoverage(b)).slice(0, MAX_SHOWN)
}
