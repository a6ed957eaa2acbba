/** What is known of the run, for remedies that depend on it. */
export interface RunContext {
  /** `github.run_attempt`: above 1 in a re-run. */
  runAttempt: number
  runId: number
  /** ms since the epoch on this machine's clock. */
  now: () => number
}
