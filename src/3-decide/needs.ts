import type { RunFacts } from '../2-look/run-facts.ts'
import { stillNeeded } from './still-needed.ts'

/** What a run that may use the secret needs of the old token. */
export interface RunNeed extends Omit<RunFacts, 'elapsed' | 'history' | 'bound' | 'mayPause' | 'isOfFork'> {
  /** How many minutes it needs from now on, with high confidence. */
  minutes: number
  /** How many minutes it surely needs, more likely than not: by this a rotation is put off. */
  surely: number
  /** What that rests on: past runs, the timeouts of its jobs, or nothing. */
  by: 'history' | 'timeout' | 'nothing'
}

/** incident.io's longest grace period, in minutes. */
export const LONGEST_GRACE = 60

/**
 * What a run still needs: by the past runs of its workflow; when it has outlived them, or has none, by the timeouts of
 * its jobs; with neither, all that incident.io allows.
 */
export function needOf({ isOfFork, ...facts }: RunFacts): RunNeed {
  const need = needByFacts(facts)
  // Whoever opens a pull request writes its files, and makes the past of its workflow.
  return isOfFork ? { ...need, surely: 0 } : need
}

function needByFacts({ elapsed, history, bound, mayPause, ...run }: Omit<RunFacts, 'isOfFork'>): RunNeed {
  const known = needFromHistory(history, elapsed)
  if (known !== undefined) {
    // The timeouts do not count the wait for a runner, which the history does: they shorten nothing but what incident.io
    // cannot give anyway. A past that may have waited for approvals says little about work.
    const most = Math.max(LONGEST_GRACE, bound ?? Number.POSITIVE_INFINITY)
    const surely = mayPause ? (bound ?? 0) : Math.min(known.surely, bound ?? Number.POSITIVE_INFINITY)
    return { ...run, minutes: Math.min(known.minutes, most), surely: Math.min(surely, known.surely), by: 'history' }
  }
  if (bound !== undefined) return { ...run, minutes: bound, surely: bound, by: 'timeout' }
  return { ...run, minutes: LONGEST_GRACE, surely: 0, by: 'nothing' }
}

/**
 * The need by past runs. What confidence adds beyond the longest grace is of no use, since nothing can be done with it:
 * there the longest past run counts as it was.
 *
 * @param history minutes
 * @param elapsed minutes
 * @returns minutes; undefined when the history cannot tell
 */
export function needFromHistory(
  history: readonly number[],
  elapsed: number,
): { minutes: number; surely: number } | undefined {
  const needed = stillNeeded(history, elapsed)
  if (needed === undefined) return undefined
  const left = history
    .filter((minutes) => minutes > elapsed)
    .map((minutes) => minutes - elapsed)
    .sort((a, b) => a - b)
  const longest = left.at(-1) ?? 0
  const median = left[Math.floor((left.length - 1) / 2)] ?? 0
  return { minutes: needed > LONGEST_GRACE ? Math.max(LONGEST_GRACE, longest) : needed, surely: median }
}
