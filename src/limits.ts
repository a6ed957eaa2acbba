/**
 * How long steps under `always()` or `cancelled()` may go on after a cancel or after the job's timeout, in minutes.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation
 */
export const MAX_CLEANUP = 5

/**
 * How many runs and jobs may wait for one concurrency group, with `queue: max`.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#concurrency
 */
export const MAX_LINE = 100
