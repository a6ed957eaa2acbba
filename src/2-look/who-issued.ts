import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { PastRun } from '../services/github-runs.ts'
import { CLOCK_ALLOWANCE } from './staleness.ts'

/** Who issued the key's present token: a run of this workflow, or something else; unknown when nobody can tell. */
export type Issuer = 'this workflow' | 'something else' | 'unknown'

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
  // A run that was started again has left no dates of its earlier attempts. Its conclusion says nothing of this step,
  // which may have been killed and let pass (continue-on-error).
  const mayHaveIssued = ({ attempt, createdAt, startedAt, endedAt }: PastRun) =>
    (attempt > 1 ? createdAt : startedAt) - CLOCK_ALLOWANCE <= issuedAt && issuedAt <= endedAt + CLOCK_ALLOWANCE
  const wasOurs = runs.some((run) => (run.id !== ownRunId || run.attempt > 1) && mayHaveIssued(run))
  return wasOurs ? 'this workflow' : 'something else'
}
