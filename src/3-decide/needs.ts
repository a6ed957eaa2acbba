import type { QueuePlace, RunAhead, RunFacts, Work } from '../2-look/run-facts.ts'
import { MAX_CLEANUP } from '../limits.ts'
import { stillNeeded } from './still-needed.ts'

/** What a run that may use the secret needs of the old token. */
export interface RunNeed
  extends Omit<RunFacts, 'elapsed' | 'history' | 'bound' | 'mayPause' | 'defersNothing' | 'queues'> {
  /** Minutes from now on that the run needs with high confidence. The grace period covers these. */
  safeMinutes: number
  /** Minutes that the run needs, more likely than not. If more than 60, a rotation may be deferred. */
  likelyMinutes: number
  /** What the numbers rest on: past runs, the timeouts of the jobs, or nothing. */
  by: Basis
  /**
   * Minutes of `safeMinutes` that pass before the run, or a job of it, gets its concurrency group; 0 if it waits for
   * none, undefined if its place in line is unknown.
   */
  waitMinutes: number | undefined
}

type Basis = 'history' | 'timeout' | 'nothing'

/** A need in minutes: with high confidence, and more likely than not. */
interface Need {
  safe: number
  likely: number
  by: Basis
}

/** A need, and the minutes of it that are spent in line; undefined if these are unknown. */
interface TotalNeed extends Need {
  wait: number | undefined
}

/** incident.io's longest grace period, in minutes. */
export const LONGEST_GRACE = 60

/** Returns what runs still need: their own work, after everything ahead of them in concurrency groups. */
export function needsOf(runs: readonly RunFacts[]): RunNeed[] {
  // One run may be ahead of many.
  const known: Known = new Map()
  return runs.map((run) => {
    const { elapsed, history, bound, mayPause, defersNothing, queues, ...shown } = run
    const { safe, likely, by, wait } = totalOf(run, known)
    return { ...shown, safeMinutes: safe, likelyMinutes: likely, by, waitMinutes: wait }
  })
}

type Known = Map<RunAhead, Need>

function totalOf(work: Work, known: Known): TotalNeed {
  const lines = work.queues.map((place) => needInLine(work, place, known))
  // A run at an unknown place defers nothing, however long it takes itself.
  if (lines.includes(undefined)) return { ...UNKNOWN, wait: undefined }
  const ways = [{ ...ownNeed(work), wait: 0 }, ...(lines as TotalNeed[])]
  const longest = ways.reduce((most, way) => (way.safe > most.safe ? way : most))
  return {
    ...longest,
    // The author of a fork's pull request, for example, writes its files, and so chooses what it waits for.
    likely: work.defersNothing ? 0 : Math.max(...ways.map(({ likely }) => likely)),
    ...(ways.some(({ by }) => by === 'nothing') && { by: 'nothing' }),
    ...(ways.some(({ wait }) => wait === undefined) && { wait: undefined }),
  }
}

/** Everything ahead in the group takes its turn first, one after the other; undefined if that is unknown. */
function needInLine(
  work: Work,
  { elapsed, ahead, isGuess, cancelsAhead }: QueuePlace,
  known: Known,
): TotalNeed | undefined {
  const needs = ahead?.map((run) => {
    const need = known.get(run) ?? needAhead(run, known)
    known.set(run, need)
    return cancelsAhead ? cutShort(need) : need
  })
  if (needs === undefined) return undefined
  const own = ownNeed({ ...work, elapsed })
  const wait = needs.reduce((sum, { safe }) => sum + safe, 0)
  // Runs that may not be ahead lengthen the grace period, but defer nothing.
  const likely = isGuess ? own.likely : needs.reduce((sum, need) => sum + need.likely, own.likely)
  const isWaitUnknown = needs.some(({ by }) => by === 'nothing')
  if (!isWaitUnknown && own.by !== 'nothing') return { safe: wait + own.safe, likely, by: own.by, wait }
  const safe = Math.max(LONGEST_GRACE, wait + own.safe)
  return { safe, likely, by: 'nothing', wait: isWaitUnknown ? undefined : wait }
}

/** A run that waits for an approval ends at an unknown time, unless the job of it that is ahead runs already. */
function needAhead(run: RunAhead, known: Known): Need {
  const need = run.waitsForApproval ? UNKNOWN : totalOf(run, known)
  return run.most === undefined ? need : limitTo(run.most, need)
}

/** The newcomer cancels a run ahead, which then only cleans up. */
const cutShort = (need: Need): Need => limitTo(MAX_CLEANUP, need)

function limitTo(minutes: number, { safe, likely, by }: Need): Need {
  return {
    safe: Math.min(safe, minutes),
    likely: Math.min(likely, minutes),
    by: by === 'nothing' ? 'timeout' : by,
  }
}

const UNKNOWN: Need = { safe: LONGEST_GRACE, likely: 0, by: 'nothing' }

/**
 * Returns what a run needs from the moment at which it waits for nothing: by the past runs of its workflow; if it has
 * outlived them, or has none, by the timeouts of its jobs; with neither, all that incident.io allows.
 */
function ownNeed({ elapsed, history, bound, mayPause, defersNothing }: Work): Need {
  const known = needFromHistory(history, elapsed)
  if (known !== undefined) {
    // The timeouts do not count the wait for a runner, but the history does: they shorten only what incident.io cannot
    // give anyway. A past that may have waited for approvals says little about work.
    const most = Math.max(LONGEST_GRACE, bound ?? Number.POSITIVE_INFINITY)
    const likely = mayPause ? (bound ?? 0) : Math.min(known.likely, bound ?? Number.POSITIVE_INFINITY)
    return {
      safe: Math.min(known.safe, most),
      // The author of a fork's pull request writes its files, and makes the past of its workflow.
      likely: defersNothing ? 0 : Math.min(likely, known.likely),
      by: 'history',
    }
  }
  if (bound === undefined) return UNKNOWN
  return { safe: bound, likely: defersNothing ? 0 : bound, by: 'timeout' }
}

/**
 * Returns the need by past runs. Confidence beyond the longest grace is of no use, because no grace period covers it:
 * there the longest past run counts as it was.
 *
 * @param history minutes
 * @param elapsed minutes
 * @returns minutes; undefined if the history cannot tell
 */
export function needFromHistory(
  history: readonly number[],
  elapsed: number,
): { safe: number; likely: number } | undefined {
  const needed = stillNeeded(history, elapsed)
  if (needed === undefined) return undefined
  const left = history
    .filter((minutes) => minutes > elapsed)
    .map((minutes) => minutes - elapsed)
    .sort((a, b) => a - b)
  const longest = left.at(-1) ?? 0
  const median = left[Math.floor((left.length - 1) / 2)] ?? 0
  return { safe: needed > LONGEST_GRACE ? Math.max(LONGEST_GRACE, longest) : needed, likely: median }
}
