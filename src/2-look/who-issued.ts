import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { PastRun } from '../services/github-runs.ts'
import type { Copy } from './look-at-copies.ts'

/** Who issued the key's present token: a run of this workflow, or something else; unknown when nobody can tell. */
export type Issuer = 'this workflow' | 'something else' | 'unknown'

/** The services' clocks are compared through `Date` headers of whole seconds, in ms. */
const CLOCK_ALLOWANCE = 2000

/**
 * Whether every copy was written before the key's token was issued. Then either a run of this workflow was killed before
 * it could write, or something else rotates the key.
 *
 * @param issuedAt ms since the epoch on this machine's clock, like the dates of the copies
 */
export function areAllStale(copies: readonly Pick<Copy, 'updatedAt'>[], issuedAt: number): boolean {
  return copies.every(({ updatedAt }) => updatedAt !== undefined && updatedAt + CLOCK_ALLOWANCE < issuedAt)
}

/**
 * Who issued a token, by the run history of this workflow.
 *
 * @param issuedAt ms since the epoch on GitHub's clock
 */
export async function whoIssued(issuedAt: number, { runs }: GitHub, context: RunContext): Promise<Issuer> {
  const { runId, repository, workflowFile } = context
  if (repository === undefined) return 'unknown'
  try {
    const own = await runs.workflowOf(repository, runId).catch(() => workflowFile)
    if (own === undefined) return 'unknown'
    const until = new Date(issuedAt + CLOCK_ALLOWANCE)
    return issuerAmong(await runs.pastRuns(repository, own, until), runId, issuedAt)
  } catch {
    return 'unknown'
  }
}

/** Whether one of these runs was in progress when a token was issued. Times are ms since the epoch on GitHub's clock. */
export function issuerAmong(runs: readonly PastRun[], ownRunId: number, issuedAt: number): Issuer {
  const wasInProgress = ({ startedAt, endedAt }: PastRun) =>
    startedAt - CLOCK_ALLOWANCE <= issuedAt && issuedAt <= endedAt + CLOCK_ALLOWANCE
  // An earlier attempt of this very run has left no dates of its own.
  const wasEarlierAttempt = ({ attempt, createdAt }: PastRun) => attempt > 1 && createdAt <= issuedAt
  const wasOurs = runs.some((run) => (run.id === ownRunId ? wasEarlierAttempt(run) : wasInProgress(run)))
  return wasOurs ? 'this workflow' : 'something else'
}
