import type { RepositoryName } from './services/github-ask.ts'

/** What is known of the run, by what the runner says. */
export interface RunContext {
  /** `github.run_attempt`: above 1 in a re-run. */
  runAttempt: number
  runId: number
  /** The repository the workflow runs in; undefined outside of GitHub Actions. */
  repository: RepositoryName | undefined
  /** The name of the workflow's file; undefined when it is not known. */
  workflowFile: string | undefined
  /** ms since the epoch on this machine's clock. */
  now: () => number
}

/**
 * Reads the run from the runner's variables.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function runContext(env: NodeJS.ProcessEnv, now: () => number): RunContext {
  const [owner, repository] = (env.GITHUB_REPOSITORY ?? '').split('/')
  // Like octo/app/.github/workflows/rotate.yml@refs/heads/main
  const [, workflowFile] = /\/\.github\/workflows\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '') ?? []
  return {
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT) || 1,
    runId: Number(env.GITHUB_RUN_ID) || 0,
    repository: owner && repository ? { owner, repository } : undefined,
    workflowFile,
    now,
  }
}
