import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { PastRun } from '../services/github-runs.ts'
import { CLOCK_ALLOWANCE } from './staleness.ts'

/** Who issued the key's present token: a run of this workflow, or something else; unknown when nobody can tell. */
export type Issuer = 'this workflow' | 'something else' | 'unknown'

/**
 * Reads the runs of this workflow that were created before a token was issued, at most 100.
 *
 * @param issuedAt ms since the epoch on GitHub's clock
 * @returns undefined if they cannot be read
 */
export async function runsUntil(
  issuedAt: number,
  { runs }: GitHub,
  { runId, repository, workflowFile }: RunContext,
): Promise<readonly PastRun[] | undefined> {
  if (repository === undefined) return undefined
  try {
    const own = await runs.workflowOf(repository, runId).catch(() => workflowFile)
    if (own === undefined) return undefined
    return await runs.pastRuns(repository, own, new Date(issuedAt + CLOCK_ALLOWANCE))
  } catch {
    return undefined
  }
}

/** Whether one of these runs was in progress when a token was issued. Times are ms since the epoch on GitHub's clock. */
export function issuerAmong(runs: readonly PastRun[], ownRunId: number, issuedAt: number): Issuer {
  return issuersAmong(runs, ownRunId, issuedAt).length > 0 ? 'this workflow' : 'something else'
}

/**
 * Returns the failed run of this workflow that issued a token, if the run before it failed too: repairing what they could
 * not write would fail again.
 *
 * @param issuedAt ms since the epoch on GitHub's clock
 */
export function repeatedFailure(runs: readonly PastRun[], ownRunId: number, issuedAt: number): PastRun | undefined {
  const newestFirst = runs.toSorted((a, b) => b.createdAt - a.createdAt)
  const [issuer] = issuersAmong(newestFirst, ownRunId, issuedAt)
  if (issuer === undefined || !issuer.hasFailed) return undefined
  const before = newestFirst[newestFirst.indexOf(issuer) + 1]
  return before?.hasFailed ? issuer : undefined
}

/** The runs that were in progress when a token was issued. */
function issuersAmong(runs: readonly PastRun[], ownRunId: number, issuedAt: number): PastRun[] {
  // A run that was started again has left no dates of its earlier attempts. Its conclusion says nothing of this step,
  // which may have been killed and let pass (continue-on-error).
  const mayHaveIssued = ({ attempt, createdAt, startedAt, endedAt }: PastRun) =>
    (attempt > 1 ? createdAt : startedAt) - CLOCK_ALLOWANCE <= issuedAt && issuedAt <= endedAt + CLOCK_ALLOWANCE
  return runs.filter((run) => (run.id !== ownRunId || run.attempt > 1) && mayHaveIssued(run))
}
