import { GitHubError } from '../services/github.ts'
import type { GitHubRuns, Job, RepositoryName, Run } from '../services/github-runs.ts'
import { oneLine } from '../services/problem.ts'
import { longestByTimeout, usesSecret, type WorkflowFile } from './workflow-file.ts'

/** A run that holds the old value, and what is known of how long it takes. */
export interface RunFacts {
  /** OWNER/REPO */
  repository: string
  runId: number
  /** The workflow's name, from outside. */
  workflow: string
  status: string
  url: string
  /** ms since the epoch on GitHub's clock. */
  startedAt: number
  /** Minutes it has run already; 0 for a queued one. */
  elapsed: number
  /** Minutes that past runs of its workflow took. */
  history: readonly number[]
  /** The most that the timeouts of its jobs leave it, in minutes; undefined when they do not tell, or were not asked. */
  bound: number | undefined
  /** Whether it waits for somebody's approval, and no job of it is running. */
  waits: boolean
}

/** The runs that hold the old value, as far as they could be seen. */
export interface RunsSeen {
  /** ms since the epoch on GitHub's clock. */
  at: number
  /** Those that may use the secret. */
  holders: readonly RunFacts[]
  /** Every run in flight, by id, whatever it uses. */
  ids: ReadonlySet<number>
  /** Why not all of them could be seen, as a sentence for the user; undefined when they were. */
  gap?: string
}

/** More files, histories and lists of jobs than this are not asked for: what is missing is taken for the worst. */
const MOST_DETAILS = 100
const MINUTE = 60_000

/** Where and for what the runs are looked at. */
export interface Watch {
  repository: RepositoryName
  secret: string
  /** The run that this action is part of: it does not hold itself back. */
  ownRunId: number
  /** ms since the epoch on GitHub's clock; asked when the answers are there, since they measure that clock. */
  now: () => number
}

/**
 * The runs in flight that were given the secret's present value, and what they still need: repository secrets are read
 * when a run is queued, so every run that is not finished holds the old value.
 *
 * Never fails: what cannot be seen is said, and makes the grace period the longest.
 */
export async function lookAtRuns(runs: GitHubRuns, watch: Watch, isNew = (_: Run) => true): Promise<RunsSeen> {
  try {
    const { runs: found, isComplete } = await runs.inFlight(watch.repository, watch.now())
    // Runs that GitHub makes itself (Pages, CodeQL, Dependabot, Copilot) get none of the repository's Actions secrets.
    const candidates = found.filter(
      (run) => run.id !== watch.ownRunId && !run.path.startsWith('dynamic/') && isNew(run),
    )
    const details = new Details(runs, watch.repository)
    const holders = await Promise.all(candidates.map((run) => factsOf(run, details, watch)))
    const ids = new Set(found.map(({ id }) => id))
    return {
      at: watch.now(),
      holders: holders.filter((holder) => holder !== undefined),
      ids,
      ...(isComplete ? {} : { gap: 'There are more runs in flight than GitHub lists, so some were not looked at.' }),
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { at: watch.now(), holders: [], ids: new Set(), gap: gapBehind(error, watch.repository) }
  }
}

function gapBehind({ status, said, headers, message }: GitHubError, { owner, repository }: RepositoryName): string {
  const permission = headers['x-accepted-github-permissions'] ?? 'actions=read'
  const advice =
    status === 403 || status === 404
      ? ` The token in "github-token" lacks the permission "${oneLine(permission)}" for it.`
      : ''
  return `The runs of ${owner}/${repository} could not be read: ${said === '' ? message : oneLine(message)}.${advice}`
}

/** What is known of a run; undefined when it surely does not use the secret. */
async function factsOf(run: Run, details: Details, watch: Watch): Promise<RunFacts | undefined> {
  const [files, history] = await Promise.all([filesOf(run, details), details.history(run.workflowId)])
  if (files.every((file) => file !== undefined && !usesSecret(file, watch.secret))) return undefined

  const minutesSince = (start: number) => Math.max(0, (watch.now() - start) / MINUTE)
  const isWaiting = run.status === 'waiting'
  const asRun = run.status === 'in_progress' ? minutesSince(run.startedAt) : 0
  // Its jobs matter where the run as a whole does not tell: while it waits, or when it has outlived its history.
  const isTold = !isWaiting && history.some((minutes) => minutes > asRun)
  const jobs = isTold ? [] : await details.jobs(run.id)
  const running = jobs.filter(({ status }) => status === 'in_progress')
  return {
    repository: `${watch.repository.owner}/${watch.repository.repository}`,
    runId: run.id,
    workflow: run.workflow,
    status: run.status,
    url: run.url,
    startedAt: run.startedAt,
    // The wait for an approval is no work: what runs there began with its first running job.
    elapsed: isWaiting ? Math.max(0, ...running.map(({ startedAt }) => minutesSince(startedAt))) : asRun,
    history,
    bound: isTold ? undefined : boundOf(files, jobs, watch.now()),
    waits: isWaiting && running.length === 0,
  }
}

/** The longest by the timeouts of every file that it may run; all of them must tell. */
function boundOf(files: readonly WorkflowFile[], jobs: readonly Job[], now: number): number | undefined {
  const bounds = files.map((file) => longestByTimeout(file, jobs, now) ?? Number.NaN)
  const longest = Math.max(...bounds)
  return Number.isNaN(longest) ? undefined : longest
}

/**
 * The files that a run may execute. `pull_request` runs a merge of the head and the base, and `pull_request_target` the
 * default branch's file although `head_sha` is the pull request's: both files count, so that a fork cannot make a user
 * of the secret look clean.
 */
function filesOf(run: Run, details: Details): Promise<(WorkflowFile | undefined)[]> {
  const atHead = details.file(run.path, run.headSha)
  return Promise.all(run.event.startsWith('pull_request') ? [atHead, details.file(run.path, undefined)] : [atHead])
}

/** Files, histories and jobs, each asked for once, all together not endlessly; what cannot be read is left open. */
class Details {
  readonly #runs: GitHubRuns
  readonly #repository: RepositoryName
  readonly #asked = new Map<string, Promise<unknown>>()

  constructor(runs: GitHubRuns, repository: RepositoryName) {
    this.#runs = runs
    this.#repository = repository
  }

  file(path: string, ref: string | undefined): Promise<WorkflowFile | undefined> {
    return this.#once(`file ${path} ${ref}`, undefined, async () => {
      const text = await this.#runs.file(this.#repository, path, ref)
      const { parse } = await import(/* webpackMode: "eager" */ 'yaml')
      return text === undefined ? undefined : (parse(text) as WorkflowFile)
    })
  }

  history(workflowId: number): Promise<readonly number[]> {
    return this.#once(`history ${workflowId}`, [], () => this.#runs.history(this.#repository, workflowId))
  }

  jobs(runId: number): Promise<readonly Job[]> {
    return this.#once(`jobs ${runId}`, [], () => this.#runs.jobs(this.#repository, runId))
  }

  #once<T>(what: string, otherwise: T, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(what) as Promise<T> | undefined
    if (known !== undefined) return known
    const asked = this.#asked.size < MOST_DETAILS ? ask().catch(() => otherwise) : Promise.resolve(otherwise)
    this.#asked.set(what, asked)
    return asked
  }
}
