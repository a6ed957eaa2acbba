import type { Job, Run } from '../services/github-runs.ts'
import { isOfFork } from './given.ts'
import type { RunDetails } from './run-details.ts'
import type { Watch } from './watches.ts'
import {
  environmentsOf,
  jobsHeldUp,
  longestByTimeout,
  longestOf,
  mayBeIn,
  mayReadEnvironment,
  usesSecret,
  type WorkflowFile,
} from './workflow-file.ts'

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
  /** Whether a job of it that holds the value waits for an approval, whatever its other jobs do. */
  hasWaitingJob: boolean
  /** Whether it is of a fork, from which nobody may keep a key from being rotated. */
  isOfFork: boolean
}

const MINUTE = 60_000

/** What looking at a run takes. */
interface Around {
  /** OWNER/REPO */
  repository: string
  details: RunDetails
  /** ms since the epoch on GitHub's clock; asked when the answers are there, since they measure that clock. */
  now: () => number
  /** When everything was written, ms since the epoch on GitHub's clock: what begins later is given the new value. */
  writtenAt: number | undefined
}

/**
 * What is known of a run; undefined when it surely does not use the secrets that it is given.
 *
 * @param given the secrets that GitHub gives it
 */
export async function factsOfRun(
  run: Run,
  given: readonly Watch[],
  { repository, details, now, writtenAt = Number.POSITIVE_INFINITY }: Around,
): Promise<RunFacts | undefined> {
  const [files, history] = await Promise.all([filesOf(run, details), details.history(run.workflowId)])
  const using = given.filter((watch) => mayUse(files, watch))
  if (using.length === 0) return undefined

  const isWaiting = run.status === 'waiting'
  const isRunning = run.status === 'in_progress'
  const isByStart = using.some(({ by }) => by.kind === 'started jobs')
  const isOnlyByStart = using.every(({ by }) => by.kind === 'started jobs')
  const environments = files.flatMap((file) => maySurely(() => environmentsOf(file), [undefined]))
  // Its jobs matter where something of it may have begun, where one may wait, and where only their timeouts can tell.
  const asksJobs = isWaiting || isRunning || isByStart || history.length === 0 || environments.length > 0
  const [known, pauses] = await Promise.all([
    asksJobs ? details.jobs(run.id) : [],
    // Only what a past says is made uncertain by it.
    history.length > 0 && mayPause(environments, details),
  ])
  const jobs = known ?? []
  const begun = jobs.filter(({ status, startedAt }) => status === 'in_progress' && !(startedAt > writtenAt))
  const holding = isOnlyByStart ? begun.filter((job) => mayHold(job, files, using)) : begun
  // A job reads the secrets of its environment when it starts; what a re-run is given is uncertain.
  const mayHaveRead = known === undefined || holding.length > 0 || run.attempt > 1
  if (!mayHaveRead && isOnlyByStart) return undefined
  return {
    repository,
    runId: run.id,
    workflow: run.workflow,
    status: run.status,
    url: run.url,
    startedAt: run.startedAt,
    elapsed: isWaiting ? sinceFirst(begun, run, now) : isRunning ? elapsedOf(run, known, now) : 0,
    history,
    bound: maySurely(
      () =>
        boundBy(files, (file) =>
          isOnlyByStart && holding.length > 0 ? longestOf(file, holding, now()) : longestByTimeout(file, jobs, now()),
        ),
      undefined,
    ),
    mayPause: pauses || jobs.some(isWaitingJob),
    waits: isWaiting && known !== undefined && !isAboutToRun(jobs, files),
    hasWaitingJob: !isOnlyByStart && (isWaiting || jobs.some(isWaitingJob)),
    isOfFork: isOfFork(run),
  }
}

const isWaitingJob = ({ status }: Job): boolean => status === 'waiting'

/** Whether a job of any of these environments may have to wait for an approval. */
async function mayPause(environments: readonly (string | undefined)[], details: RunDetails): Promise<boolean> {
  const pauses = await Promise.all(environments.map((name) => name === undefined || details.mayPause(name)))
  return pauses.includes(true)
}

/** Whether a job may hold the secret of one of these environments, by any of the files that its run may execute. */
function mayHold(job: Job, files: readonly (WorkflowFile | undefined)[], watches: readonly Watch[]): boolean {
  return watches.some(({ by }) =>
    files.some((file) => by.kind !== 'started jobs' || maySurely(() => mayBeIn(file, job, by.environment), true)),
  )
}

/** Whether a job runs, or will without anybody's approval, by any of the files that its run may execute. */
function isAboutToRun(jobs: readonly Job[], files: readonly (WorkflowFile | undefined)[]): boolean {
  const held = files.map((file) => new Set(maySurely(() => jobsHeldUp(file, jobs), [])))
  return jobs.some((job) => UNDER_WAY.includes(job.status) && !held.every((one) => one.has(job)))
}

/** Whether any of the files that a run may execute uses the secret, or cannot be read. */
function mayUse(files: readonly (WorkflowFile | undefined)[], { secret, by }: Watch): boolean {
  return files.some(
    (file) =>
      file === undefined ||
      maySurely(
        () =>
          by.kind === 'started jobs' ? mayReadEnvironment(file, secret, by.environment) : usesSecret(file, secret),
        true,
      ),
  )
}

/** States of a job that runs, or will without anybody's doing. */
const UNDER_WAY = ['in_progress', 'queued', 'pending', 'requested']

/**
 * How long a run has worked already, in minutes: since its first job began, since a run may have waited before that for
 * a runner, for others of its concurrency group or for an approval. Unknown jobs may have begun just now.
 */
function elapsedOf(run: Run, jobs: readonly Job[] | undefined, now: () => number): number {
  if (jobs === undefined) return 0
  if (jobs.length === 0) return Math.max(0, (now() - run.startedAt) / MINUTE) || 0
  return sinceFirst(
    jobs.filter(({ status }) => status === 'in_progress' || status === 'completed'),
    run,
    now,
  )
}

/** A partial re-run lists jobs of an earlier attempt too, which are no work of this one: none counts from before it. */
function sinceFirst(jobs: readonly Job[], run: Run, now: () => number): number {
  const starts = jobs.map(({ startedAt }) => Math.max(startedAt, run.startedAt))
  return Math.max(0, ...starts.map((startedAt) => (now() - startedAt) / MINUTE)) || 0
}

/** A file from outside may be made to break what reads it; then the answer is the careful one. */
function maySurely<T>(read: () => T, careful: T): T {
  try {
    return read()
  } catch {
    return careful
  }
}

/** The longest by every file that a run may execute; all of them must tell. */
function boundBy(
  files: readonly WorkflowFile[],
  longest: (file: WorkflowFile) => number | undefined,
): number | undefined {
  const bound = Math.max(...files.map((file) => longest(file) ?? Number.NaN))
  return Number.isNaN(bound) ? undefined : bound
}

/**
 * The files that a run may execute. `pull_request` runs a merge of the head and the base, and `pull_request_target` the
 * default branch's file although `head_sha` is the pull request's: all of them count, so that a fork cannot make a user
 * of the secret look clean.
 */
function filesOf(run: Run, details: RunDetails): Promise<(WorkflowFile | undefined)[]> {
  // What GitHub runs by itself has no file.
  if (run.path.startsWith('dynamic/')) return Promise.resolve([undefined])
  const refs = run.event.startsWith('pull_request') ? [run.headSha, undefined, ...run.baseRefs] : [run.headSha]
  return Promise.all(refs.map((ref) => details.file(run.path, ref)))
}
