// Measures rules on a workflow whose runs become slower from one day to the next. No rule can foresee the change, so
// there is no bar.
import { mulberry32, WORKLOADS } from '../workloads.ts'
import type { Settings } from './in-flight.ts'
import type { Rule } from './rules.ts'
import { cellOf, type Section, toMarkdown } from './table.ts'
import { count, newTally, resultOf, type Tally } from './tally.ts'

/** How many times as long each run takes after the change. */
const FACTOR = 1.5
/** Runs after the change that are judged. */
const AFTER = 100
/** The first runs after the change, which are also shown alone. */
const FIRST = 10
/** With 10,000 draws, the change is played 500 times. */
const DRAWS_A_CHANGE = 20

const SLOWED = ['steady 5 min', 'typical 10 min', 'long deploys of 40 min']

/** How many runs start together. They end before the next ones start. */
const PACES = { 'one at a time': 1, 'five at once': 5 }

/** A run after the change. */
export interface SlowedRun {
  duration: number
  /** Minutes that it has run already when the key rotates. */
  elapsed: number
}

/** A rule with its tallies. */
interface Measured {
  rule: Rule
  all: Tally
  first: Tally
}

/** Returns the report on workflows that become slower. */
export function measureSlowed({ seed, draws, length, rules }: Settings): Section {
  const changes = Math.ceil(draws / DRAWS_A_CHANGE)
  const rows = SLOWED.flatMap((name, index) =>
    Object.entries(PACES).flatMap(([pace, together]) => {
      const measured = Object.values(rules).map((rule): Measured => ({ rule, all: newTally(), first: newTally() }))
      // All paces have the same draws.
      const random = mulberry32(seed * 1000 + 200 + index)
      const pick = (): number => WORKLOADS[name]?.(random) ?? 0
      for (let change = 0; change < changes; change++) {
        const before = Array.from({ length }, pick)
        const after = Array.from({ length: AFTER }, () => slow(pick(), random()))
        for (const one of measured) follow(before, after, together, one)
      }
      return [
        [`${name}, ${pace}, all ${AFTER}`, ...measured.map(({ all }) => cellOf(resultOf(all)))],
        [`${name}, ${pace}, first ${FIRST}`, ...measured.map(({ first }) => cellOf(resultOf(first)))],
      ]
    }),
  )
  const head = [
    `A slower workflow: from one day to the next, every run takes ${FACTOR} times as long. Coverage of the time in flight, and`,
    `mean grace, over ${AFTER} runs after the change and over the first ${FIRST} of them. No bar, because no rule can foresee it.`,
    `${changes} changes a row, ${length} past runs each, seed ${seed}.`,
  ]
  return { lines: [...head, '', ...toMarkdown([['workflow', ...Object.keys(rules)], ...rows])], reached: true }
}

function slow(minutes: number, elapsedShare: number): SlowedRun {
  const duration = minutes * FACTOR
  return { duration, elapsed: duration * elapsedShare }
}

/**
 * Judges a rule on runs that follow each other.
 *
 * @param before durations of runs before the change in minutes, oldest first; a rule knows as many past runs
 * @param after runs after the change, oldest first
 * @param together how many of these start together; a run knows only those that started before
 */
function follow(
  before: readonly number[],
  after: readonly SlowedRun[],
  together: number,
  { rule, all, first }: Measured,
): void {
  const durations = [...before, ...after.map(({ duration }) => duration)]
  after.forEach(({ duration, elapsed }, index) => {
    const ended = Math.floor(index / together) * together
    const history = durations.slice(ended, before.length + ended).reverse()
    const grace = rule(history, elapsed)
    // The weight is the duration, because a run is in flight for as long as it takes.
    for (const tally of index < FIRST ? [all, first] : [all]) count(tally, duration - elapsed, grace, duration)
  })
}
