import { WRITES } from '../services/pace.ts'
import { LONGEST_GRACE, type RunNeed } from './needs.ts'

/** How long the old token is to live on, and for whom that is not enough. */
export interface Grace {
  /** Whole minutes, 0 to 60. */
  minutes: number
  /** The run whose need decided the number; undefined when no run did. */
  longest: RunNeed | undefined
  /** Runs whose token may die before they end. */
  atRisk: readonly RunNeed[]
  /** Runs that are expected to need the old token for longer than incident.io allows. */
  tooLong: readonly RunNeed[]
}

/** Added to the longest need: the clocks, and the moment between the look and the rotation, in minutes. */
export const MARGIN = 2
/**
 * The grace period: the largest need of a run in flight, the time the writes take at GitHub's limits, and a margin;
 * between the least that was asked for and the most that incident.io allows. A number that was asked for is obeyed.
 *
 * @param needs what the runs need from now on
 * @param writes the most that one credential has to write
 * @param sawAll whether every run could be seen; if not, the grace period is the longest
 */
export function graceFor(
  needs: readonly RunNeed[],
  sawAll: boolean,
  { asked, least, writes }: { asked: 'auto' | number; least: number; writes: number },
): Grace {
  // Whoever waits for an approval is told, and never holds a rotation back.
  const counted = needs.filter(({ waits }) => !waits)
  const longest = counted.reduce<RunNeed | undefined>(
    (most, need) => (need.safeMinutes > (most?.safeMinutes ?? 0) ? need : most),
    undefined,
  )
  const needed = sawAll ? Math.ceil((longest?.safeMinutes ?? 0) + writingMinutes(writes) + MARGIN) : LONGEST_GRACE
  const minutes = asked === 'auto' ? Math.min(LONGEST_GRACE, Math.max(least, needed)) : asked
  return {
    minutes,
    longest,
    atRisk: needs.filter((need) => isAtRisk(need, minutes)),
    tooLong: counted.filter(({ likelyMinutes }) => likelyMinutes > LONGEST_GRACE),
  }
}

/** How long so many writes of one credential take at GitHub's limits, in minutes: a burst at once, the rest paced. */
export function writingMinutes(writes: number): number {
  return Math.max(0, writes - WRITES.size) / WRITES.aMinute
}

/** Whether a run may still need the old token when it dies. */
export function isAtRisk({ safeMinutes, by, waits, hasWaitingJob }: RunNeed, graceMinutes: number): boolean {
  return waits || hasWaitingJob || by === 'nothing' || safeMinutes > graceMinutes
}
