import { LONGEST_GRACE } from './rules.ts'

/** Counts of judged moments of runs, by weight. */
export interface Tally {
  weight: number
  /** The weight of what 60 minutes could cover. */
  coverable: number
  /** The weight of what 60 minutes could cover and the grace period does cover. */
  covered: number
  /** Minutes times weight. */
  grace: number
}

export interface Result {
  /** The share of what 60 minutes could cover that the grace period does cover, in percent; NaN without any. */
  coverage: number
  /** In minutes, over everything judged; NaN without any. */
  meanGrace: number
}

export const newTally = (): Tally => ({ weight: 0, coverable: 0, covered: 0, grace: 0 })

/**
 * Counts one moment of a run.
 *
 * @param needed minutes that the run really needs the old token
 * @param grace minutes that the old token stays valid
 */
export function count(tally: Tally, needed: number, grace: number, weight = 1): void {
  tally.weight += weight
  tally.grace += grace * weight
  if (needed > LONGEST_GRACE) return
  tally.coverable += weight
  if (needed <= grace) tally.covered += weight
}

export const coverageOf = (tallies: readonly Tally[]): number =>
  (100 * sumOf(tallies.map(({ covered }) => covered))) / sumOf(tallies.map(({ coverable }) => coverable))

export const resultOf = (tally: Tally): Result => ({
  coverage: coverageOf([tally]),
  meanGrace: tally.grace / tally.weight,
})

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
export const meanOf = (numbers: readonly number[]): number => sumOf(numbers) / numbers.length
