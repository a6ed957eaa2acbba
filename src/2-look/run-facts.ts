import type { Job, Run } from '../services/github-runs.ts'
import { isOfFork } from './given.ts'
import type { WorkflowFile } from './job-names.ts'
import { orCareful, type RunRead, readProgress, readSource } from './read-run.ts'
import type { RunDetails } from './run-details.ts'
import type { Watch } from './watches.ts'
import { WorkDone } from './work-done.ts'
import { mayBeIn, mayReadEnvironment, usesSecret } from './workflow-file.ts'
import { jobsHeldUp, longestByTimeout, longestOf, type Turns } from './workflow-jobs.ts'

/** The facts that an estimate of a run's need rests on. */
export interface Work {
  /** Minutes it has run already; 0 for a queued one. */
  elapsed: number
  /** Minutes that past runs of its workflow took. */
  history: readonly number[]
  /** The most that the timeouts of its jobs leave it, in minutes; undefined if they do not say. */
  bound: number | undefined
  /** Whether a job of it may wait for an approval, so that past runs took longer than they worked. */
  mayPause: boolean
  /** Whether it must not keep a key from being rotated: the run of a fork, and the rotating run itself. */
  defersNothing: boolean
  /** Where it waits for concurrency groups, or jobs of it do. */
  queues: readonly QueuePlace[]
}

/** A place in line for a concurrency group. */
export interface QueuePlace {
  /** Minutes of work before the wait, so that the past says what comes after it; 0 for a whole run. */
  elapsed: number
  /** The runs whose turns come before; undefined if the place is unknown. */
  ahead: readonly RunAhead[] | undefined
  /** Whether `ahead` may hold runs of other groups, because GitHub did not say. */
  isGuess: boolean
  /** Whether the run cancels what is ahead of it (`cancel-in-progress: true`). */
  cancelsAhead: boolean
}

/** A run that is ahead in a concurrency group, with all of its jobs that are. */
export interface RunAhead extends Work {
  /** Whether it ends only after someone's approval. */
  waitsForApproval: boolean
  /** The minutes after which the group is free again at the latest, by the job that holds it; undefined if unknown. */
  most: number | undefined
}

/** A run that holds the old value, and what is known of how long it takes. */
export interface RunFacts extends Work {
  /** OWNER/REPO */
  repository: string
  runId: number
  /** The workflow's name, from outside. */
  workflow: string
  status: string
  url: string
  /** ms since the epoch on GitHub's clock. */
  startedAt: number
  /** Whether it waits for someone's approval, and no job of it is running. */
  waits: boolean
  /** Whether a job of it that holds the value waits for an approval, whatever its other jobs do. */
  hasWaitingJob: boolean
  /** Whether the rotating run is ahead of it: then it ends only after that. */
  waitsForOwnRun: boolean
}

/** A run that may use secrets that it is given. */
export interface Holder {
  read: RunRead
  using: readonly Watch[]
}

const MINUTE = 60_000

/**
 * Reads what is known of a run.
 *
 * @param given the secrets that GitHub gives it
 * @returns undefined if it provably uses none of them
 */
export async function readHolder(run: Run, given: readonly Watch[], details: RunDetails): Promise<Holder | undefined> {
  const source = await readSource(run, details)
  const using = given.filter((watch) => mayUse(source.files, watch))
  if (using.length === 0) return undefined
  const isByStart = using.some(({ by }) => by.kind === 'started jobs')
  // A job reads the secrets of its environment after the wait.
  const waits = !isOnlyByStart(using) || run.attempt > 1
  return { read: await readProgress(source, details, { jobs: isByStart, waits }), using }
}

/** When and how a run is looked at. */
interface View {
  /** OWNER/REPO */
  repository: string
  /** ms since the epoch on GitHub's clock. */
  now: number
  /** When everything was written, ms since the epoch on GitHub's clock: a job that begins later gets the new value. */
  writtenAt: number | undefined
  queues: readonly QueuePlace[]
  waitsForOwnRun: boolean
}

/** Returns the facts of a run; undefined if no job of it has read the secret. */
export function factsOf(
  { read, using }: Holder,
  { repository, now, writtenAt = Number.POSITIVE_INFINITY, queues, waitsForOwnRun }: View,
): RunFacts | undefined {
  const { run, files } = read
  const jobs = read.jobs ?? []
  const onlyByStart = isOnlyByStart(using)
  const begun = jobs.filter(({ status, startedAt }) => status === 'in_progress' && !(startedAt > writtenAt))
  const holding = onlyByStart ? begun.filter((job) => mayHold(job, files, using)) : begun
  // A job reads the secrets of its environment when it starts; what a re-run is given is uncertain.
  const mayHaveRead = read.jobs === undefined || holding.length > 0 || run.attempt > 1
  if (!mayHaveRead && onlyByStart) return undefined
  const work = workOf(read, now, begun)
  return {
    ...work,
    ...(onlyByStart && holding.length > 0 && { bound: boundBy(files, (file) => longestOf(file, holding, now)) }),
    queues,
    repository,
    runId: run.id,
    workflow: run.workflow,
    status: run.status,
    url: run.url,
    startedAt: run.startedAt,
    waits: run.status === 'waiting' && read.jobs !== undefined && !isAboutToRun(jobs, files),
    hasWaitingJob: !onlyByStart && waitsForApproval(read),
    waitsForOwnRun,
  }
}

const isOnlyByStart = (using: readonly Watch[]): boolean => using.every(({ by }) => by.kind === 'started jobs')

/**
 * Returns how long a run still works, without what it waits for.
 *
 * @param now ms since the epoch on GitHub's clock
 * @param begun its jobs in progress, those aside that are given the new value
 */
export function workOf(
  read: RunRead,
  now: number,
  begun: readonly Job[] = (read.jobs ?? []).filter(({ status }) => status === 'in_progress'),
): Omit<Work, 'queues'> {
  const { run, files, history, jobs } = read
  const turns = turnsOf(read)
  return {
    elapsed: elapsedOf(read, begun, now),
    history,
    bound: boundBy(files, (file) => longestByTimeout(file, jobs ?? [], now, turns)),
    mayPause: read.mayPause || (jobs ?? []).some(isWaitingJob),
    defersNothing: isOfFork(run),
  }
}

/** Whether a run, or a job of it, waits for someone's approval. */
export function waitsForApproval({ run, jobs }: RunRead): boolean {
  return run.status === 'waiting' || (jobs ?? []).some(isWaitingJob)
}

const isWaitingJob = ({ status }: Job): boolean => status === 'waiting'

/** Jobs of a run that wait in groups of which GitHub says who is in them, each with the run's jobs ahead of it. */
function turnsOf({ run, jobs, waits }: RunRead): Turns {
  const turns = waits.flatMap(({ jobId, line }) => {
    if (typeof line === 'string' || jobId === undefined) return []
    const own = line.members.filter(({ runId }) => runId === run.id).map((one) => one.jobId)
    const ids = own.slice(0, own.indexOf(jobId))
    const ahead = (jobs ?? []).filter(({ id }) => ids.includes(id))
    return ahead.length < ids.length ? [] : [[jobId, ahead] as const]
  })
  return new Map(turns)
}

/** Whether a job may hold the secret of one of these environments, by any of the files that its run may execute. */
function mayHold(job: Job, files: readonly (WorkflowFile | undefined)[], watches: readonly Watch[]): boolean {
  return watches.some(({ by }) =>
    files.some((file) => by.kind !== 'started jobs' || orCareful(() => mayBeIn(file, job, by.environment), true)),
  )
}

/** Whether a job runs, or will without anybody's approval, by any of the files that its run may execute. */
function isAboutToRun(jobs: readonly Job[], files: readonly (WorkflowFile | undefined)[]): boolean {
  const held = files.map((file) => new Set(orCareful(() => jobsHeldUp(file, jobs), [])))
  return jobs.some((job) => UNDER_WAY.includes(job.status) && !held.every((one) => one.has(job)))
}

/** Whether any of the files that a run may execute uses the secret, or cannot be read. */
function mayUse(files: readonly (WorkflowFile | undefined)[], { secret, by }: Watch): boolean {
  return files.some(
    (file) =>
      file === undefined ||
      orCareful(
        () =>
          by.kind === 'started jobs' ? mayReadEnvironment(file, secret, by.environment) : usesSecret(file, secret),
        true,
      ),
  )
}

/** States of a job that runs, or will without anybody's doing. */
const UNDER_WAY = ['in_progress', 'queued', 'pending', 'requested']

/**
 * How long a run has worked already, in minutes, by the job in progress that has come the shortest way. Waiting for a
 * runner or an approval before the first job is no work, and neither is waiting for a concurrency group. Unknown jobs may
 * have begun just now.
 *
 * @param inProgress its jobs in progress
 */
function elapsedOf(read: RunRead, inProgress: readonly Job[], now: number): number {
  const { run, jobs } = read
  const isInProgress = run.status === 'in_progress'
  if (jobs === undefined || !(isInProgress || (run.status === 'waiting' && inProgress.length > 0))) return 0
  if (jobs.length === 0) return Math.max(0, (now - run.startedAt) / MINUTE) || 0
  const ended = jobs.filter(({ status }) => status === 'completed')
  return leastMinutes(read, (work) =>
    inProgress.length > 0
      ? Math.min(...inProgress.map((job) => work.atStart(job) + now - Math.max(job.startedAt, run.startedAt)))
      : Math.max(0, ...ended.map((job) => work.atEnd(job))),
  )
}

/**
 * Returns how long a run had worked when a job of it began to wait for a concurrency group, in minutes. Past runs then say
 * what comes after the wait.
 */
export function elapsedBefore(read: RunRead, jobId: number): number {
  const job = read.jobs?.find(({ id }) => id === jobId)
  return job === undefined ? 0 : leastMinutes(read, (work) => work.before(job))
}

const works = new WeakMap<RunRead, readonly WorkDone[]>()

/**
 * The least work by any file that the run may execute, in minutes.
 *
 * @param workedFor in ms
 */
function leastMinutes(read: RunRead, workedFor: (work: WorkDone) => number): number {
  const { run, jobs = [], files } = read
  const known = works.get(read) ?? files.map((file) => new WorkDone(file, jobs, run.startedAt))
  works.set(read, known)
  return Math.max(0, Math.min(...known.map((work) => orCareful(() => workedFor(work), 0))) / MINUTE) || 0
}

/** Returns the longest by every file that a run may execute; undefined unless all of them say. */
export function boundBy(
  files: readonly WorkflowFile[],
  longest: (file: WorkflowFile) => number | undefined,
): number | undefined {
  const bound = Math.max(...files.map((file) => orCareful(() => longest(file), undefined) ?? Number.NaN))
  return Number.isNaN(bound) ? undefined : bound
}
