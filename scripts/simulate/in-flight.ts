// Judges rules on runs seen in flight at a random moment.
import { barOf, type Draw, mulberry32, type Random } from '../workloads.ts'
import { LONGEST_GRACE, type Rule } from './rules.ts'
import { Sample } from './sample.ts'
import { type Section, toJudgedTable } from './table.ts'
import { count, newTally, type Result, resultOf } from './tally.ts'

/** How a simulation is set up. */
export interface Settings {
  seed: number
  /** Draws a row. */
  draws: number
  /** Past runs a draw. */
  length: number
  rules: Readonly<Record<string, Rule>>
}

/** How many runs of a workload are drawn once. Histories and runs in flight are then samples of them. */
const POPULATION = 20_000

/** Returns the durations of runs of a workload, in minutes. */
export const populate = (draw: Draw, random: Random): number[] => Array.from({ length: POPULATION }, () => draw(random))

/** Durations of runs of workflows in minutes, or how to draw them, by name. */
export type Workloads = Readonly<Record<string, readonly number[] | Draw>>

export function judgeInFlight(workloads: Workloads, { seed, draws, length, rules }: Settings): Section {
  const rows = Object.entries(workloads).map(([name, workload], index) => {
    // Each workload has its own generator, so that an added workload does not change the others' draws.
    const random = mulberry32(seed * 1000 + index)
    const durations = typeof workload === 'function' ? populate(workload, random) : workload
    const sample = new Sample(durations, random)
    return { name, bar: barOf(name), results: judge(sample, Object.values(rules), draws, length) }
  })
  const { lines, reached } = toJudgedTable('workload', Object.keys(rules), rows)
  const head = [
    `Coverage of the runs that ${LONGEST_GRACE} minutes could cover, and mean grace.`,
    `${draws} draws a workload, ${length} past runs each, seed ${seed}.`,
  ]
  return { lines: [...head, '', ...lines], reached }
}

/** Returns the result of each rule on the same draws. */
function judge(sample: Sample, rules: readonly Rule[], draws: number, length: number): Result[] {
  const judged = rules.map((rule) => ({ rule, tally: newTally() }))
  for (let draw = 0; draw < draws; draw++) {
    const history = sample.pickHistory(length)
    const { duration, elapsed } = sample.pickInFlight()
    for (const { rule, tally } of judged) count(tally, duration - elapsed, rule(history, elapsed))
  }
  return judged.map(({ tally }) => resultOf(tally))
}
