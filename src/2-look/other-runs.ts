import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'

/** Reports whether another run of this workflow is in flight, or may be because the runs cannot be read. Never throws. */
export async function hasOtherRun({ runs }: Pick<GitHub, 'runs'>, context: RunContext): Promise<boolean> {
  const { repository, workflowFile, runId } = context
  // Only GitHub Actions names the file, and only there are there other runs.
  if (repository === undefined || workflowFile === undefined) return false
  try {
    const newest = await runs.newestRuns(repository, workflowFile)
    return newest.some(({ id, endedAt }) => id !== runId && endedAt === Number.POSITIVE_INFINITY)
  } catch {
    return true
  }
}
