import { GitHubError } from '../services/github-ask.ts'
import type { GitHubRuns, Job, RepositoryName, Run } from '../services/github-runs.ts'
import { oneLine, quote } from '../services/problem.ts'
import { LACKS_PERMISSION } from './explain.ts'
import { longestByTimeout, mayWaitForApproval, usesSecret, type WorkflowFile } from './workflow-file.ts'

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
  /** The most that the timeouts of its jobs leave it, in minutes; undefined when they do not tell. */
  bound: number | undefined
  /** Whether a job of it may wait for an approval, so that past runs took longer than they worked. */
  mayPause: boolean
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
  /** What made runs count that need not, as a sentence for the user. */
  note?: string
}

const NO_FILES =
  'The token in "github-token" may not read the workflow files, so every run counts as using the secret. Give it "Contents: read".'
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
      ...(details.filesRefused ? { note: NO_FILES } : {}),
      ...(isComplete ? {} : { gap: 'There are more runs in flight than GitHub lists, so some were not looked at.' }),
    }
  } catch (error) {
    return { at: watch.now(), holders: [], ids: new Set(), gap: gapBehind(error, watch.repository) }
  }
}

function gapBehind(error: unknown, { owner, repository }: RepositoryName): string {
  const what = `The runs of ${owner}/${repository} could not be read`
  if (!(error instanceof GitHubError)) return `${what}: an answer of GitHub was not as expected.`
  const { status, said, headers, message } = error
  const permission = headers['x-accepted-github-permissions'] ?? 'actions=read'
  const lacks = (status === 403 && LACKS_PERMISSION.test(said)) || status === 404
  return `${what}: ${oneLine(message)}.${lacks ? ` The token in "github-token" lacks the permission ${quote(permission)} for it.` : ''}`
}

/** What is known of a run; undefined when it surely does not use the secret. */
async function factsOf(run: Run, details: Details, watch: Watch): Promise<RunFacts | undefined> {
  const [files, history] = await Promise.all([filesOf(run, details), details.history(run.workflowId)])
  if (!files.some((file) => file === undefined || maySurely(() => usesSecret(file, watch.secret), true)))
    return undefined

  const isWaiting = run.status === 'waiting'
  const isRunning = run.status === 'in_progress'
  // Its jobs matter where something of it may have begun, and where only their timeouts can tell.
  const jobs = isWaiting || isRunning || history.length === 0 ? await details.jobs(run.id) : []
  const begun = (jobs ?? []).filter(({ status }) => status === 'in_progress')
  const soon = (jobs ?? []).some(({ status }) => UNDER_WAY.includes(status))
  return {
    repository: `${watch.repository.owner}/${watch.repository.repository}`,
    runId: run.id,
    workflow: run.workflow,
    status: run.status,
    url: run.url,
    startedAt: run.startedAt,
    elapsed: isWaiting ? sinceFirst(begun, run, watch) : isRunning ? elapsedOf(run, jobs, watch) : 0,
    history,
    bound: maySurely(() => boundOf(files, jobs ?? [], watch.now()), undefined),
    mayPause: files.some(mayWaitForApproval),
    waits: isWaiting && jobs !== undefined && !soon,
  }
}

/** States of a job that runs, or will without anybody's doing. */
const UNDER_WAY = ['in_progress', 'queued', 'pending', 'requested']

/**
 * How long a run has worked already, in minutes: since its first job began, since a run may have waited before that for
 * a runner, for others of its concurrency group or for an approval. Unknown jobs may have begun just now.
 */
function elapsedOf(run: Run, jobs: readonly Job[] | undefined, watch: Watch): number {
  if (jobs === undefined) return 0
  if (jobs.length === 0) return Math.max(0, (watch.now() - run.startedAt) / MINUTE) || 0
  return sinceFirst(
    jobs.filter(({ status }) => status === 'in_progress' || status === 'completed'),
    run,
    watch,
  )
}

/** A partial re-run lists jobs of an earlier attempt too, which are no work of this one: none counts from before it. */
function sinceFirst(jobs: readonly Job[], run: Run, watch: Watch): number {
  const starts = jobs.map(({ startedAt }) => Math.max(startedAt, run.startedAt))
  return Math.max(0, ...starts.map((startedAt) => (watch.now() - startedAt) / MINUTE)) || 0
}

/** A file from outside may be made to break what reads it; then the answer is the careful one. */
function maySurely<T>(read: () => T, careful: T): T {
  try {
    return read()
  } catch {
    return careful
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
 * default branch's file although `head_sha` is the pull request's: all of them count, so that a fork cannot make a user
 * of the secret look clean.
 */
function filesOf(run: Run, details: Details): Promise<(WorkflowFile | undefined)[]> {
  const refs = run.event.startsWith('pull_request') ? [run.headSha, undefined, ...run.baseRefs] : [run.headSha]
  return Promise.all(refs.map((ref) => details.file(run.path, ref)))
}

/** Without warnings, and with plain objects only, whatever tags a file uses. */
const QUIET = { logLevel: 'error', resolveKnownTags: false } as const

/** Files, histories and jobs, each asked for once, all together not endlessly; what cannot be read is left open. */
class Details {
  readonly #runs: GitHubRuns
  readonly #repository: RepositoryName
  readonly #asked = new Map<string, Promise<unknown>>()
  /** Whether the token may not read files. */
  filesRefused = false

  constructor(runs: GitHubRuns, repository: RepositoryName) {
    this.#runs = runs
    this.#repository = repository
  }

  file(path: string, ref: string | undefined): Promise<WorkflowFile | undefined> {
    return this.#once(`file ${path} ${ref}`, undefined, async () => {
      const text = await this.#runs.file(this.#repository, path, ref).catch((error) => {
        this.filesRefused ||= error instanceof GitHubError && error.status === 403
        throw error
      })
      const { parse } = await import(/* webpackMode: "eager" */ 'yaml')
      // Its warnings would print lines of a file from outside, and the runner reads commands in whatever is printed.
      return text === undefined ? undefined : (parse(text, QUIET) as WorkflowFile)
    })
  }

  history(workflowId: number): Promise<readonly number[]> {
    return this.#once(`history ${workflowId}`, [], () => this.#runs.history(this.#repository, workflowId))
  }

  /** Undefined when they cannot be told. */
  jobs(runId: number): Promise<readonly Job[] | undefined> {
    return this.#once<readonly Job[] | undefined>(`jobs ${runId}`, undefined, () =>
      this.#runs.jobs(this.#repository, runId),
    )
  }

  #once<T>(what: string, otherwise: T, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(what) as Promise<T> | undefined
    if (known !== undefined) return known
    const asked = this.#asked.size < MOST_DETAILS ? ask().catch(() => otherwise) : Promise.resolve(otherwise)
    this.#asked.set(what, asked)
    return asked
  }
}
