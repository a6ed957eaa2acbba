// The rules that are judged: the estimator, rules of thumb, and what was tried before.
import { stillNeeded } from '../../src/3-decide/still-needed.ts'

/**
 * Returns the grace period for a run, in minutes.
 *
 * @param history durations of past runs of its workflow in minutes, newest first
 * @param elapsed minutes that the run has run already
 */
export type Rule = (history: readonly number[], elapsed: number) => number

/** The default `min-grace-minutes`. */
const SHORTEST_GRACE = 15
/** The longest grace period of incident.io, in minutes. */
export const LONGEST_GRACE = 60
/** The action adds this to what a run needs, in minutes. */
const ALLOWANCE = 2

const clamp = (minutes: number): number => Math.min(LONGEST_GRACE, Math.max(SHORTEST_GRACE, Math.ceil(minutes)))

/**
 * Returns the grace period that the action gives for a need.
 *
 * @param needed minutes; undefined if no estimate is possible
 */
export const graceForNeed = (needed: number | undefined): number => clamp((needed ?? LONGEST_GRACE) + ALLOWANCE)

const forNeed =
  (need: (history: readonly number[], elapsed: number) => number | undefined): Rule =>
  (history, elapsed) =>
    graceForNeed(need(history, elapsed))

const longestOf =
  (count: number, factor: number): Rule =>
  (history) =>
    history.length === 0 ? LONGEST_GRACE : clamp(Math.max(...history.slice(0, count)) * factor)

export const RULES: Readonly<Record<string, Rule>> = {
  estimator: forNeed(stillNeeded),
  'fixed 30': () => 30,
  'longest of 20 + 25 %': longestOf(20, 1.25),
  'longest of 100 × 1.5': longestOf(100, 1.5),
  'fixed 60': () => LONGEST_GRACE,
}

/** Estimators that were tried before this one, and other values of its constants. */
export const ALTERNATIVES: Readonly<Record<string, Rule>> = {
  estimator: forNeed(stillNeeded),
  'longest × 1.25 − elapsed': forNeed(longestTimes(1.25)),
  'longest × 1.5 − elapsed': forNeed(longestTimes(1.5)),
  'tail of 3': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 3)),
  'tail of 10': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 10)),
  'tail of 20': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 20)),
  'miss 0.1 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.001)),
  'miss 0.2 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.002)),
  'miss 0.4 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.004)),
  'tail of 10, logs': forNeed(inLogs),
}

function longestTimes(factor: number) {
  return (history: readonly number[], elapsed: number): number | undefined => {
    const longest = Math.max(...history)
    return longest > elapsed ? longest * factor - elapsed : undefined
  }
}

/** Continues the tail in the logarithms of the durations: a Pareto tail instead of an exponential one. */
function inLogs(history: readonly number[], elapsed: number): number | undefined {
  const shortest = Math.min(...history)
  const from = Math.max(elapsed, shortest * 0.999)
  // Logarithms must be above 0, as durations are: the shortest counts as 1.
  const toLog = (minutes: number): number => Math.log(minutes / shortest) + 1
  const need = stillNeeded(history.map(toLog), toLog(from), undefined, 10)
  return need === undefined ? undefined : from * Math.exp(need) - elapsed
}
