import type { Job, Run } from '../services/github-runs.ts'
import { isOfFork } from './given.ts'
import type { WorkflowFile } from './job-names.ts'
import { orCareful, type RunRead, readProgress, readSource } from './read-run.ts'
import type { RunDetails } from './run-details.ts'
import type { Watch } from './watches.ts'
import { mayBeIn, mayReadEnvironment, usesSecret } from './workflow-file.ts'
import { jobsHeldUp, longestByTimeout, longestOf, readySince, type Turns } from './workflow-jobs.ts'

/** What says how long a run still takes. */
export interface Work {
  /** Minutes it has run already; 0 for a queued one. */
  elapsed: number
  /** Minutes that past runs of its workflow took. */
  history: readonly number[]
  /** The most that the timeouts of its jobs leave it, in minutes; undefined if they do not say. */
  bound: number | undefined
  /** Whether a job of it may wait for an approval, so that past runs took longer than they worked. */
  mayPause: boolean
  /** Whether it is of a fork, whose author must not keep a key from being rotated. */
  isOfFork: boolean
  /** Where it waits for concurrency groups, or jobs of it do. */
  queues: readonly QueuePlace[]
}

/** A place in line for a concurrency group. */
export interface QueuePlace {
  /** Minutes of work before the wait, so that the past says what comes after it; 0 for a whole run. */
  elapsed: number
  /** The runs whose turns come before; undefined if the place is unknown. */
  ahead: readonly RunAhead[] | undefined
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
}

/** Returns the facts of a run; undefined if no job of it has read the secret. */
export function factsOf(
  { read, using }: Holder,
  { repository, now, writtenAt = Number.POSITIVE_INFINITY, queues }: View,
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
  const elapsed = { waiting: () => sinceFirst(begun, run, now), in_progress: () => elapsedOf(run, jobs, now) }
  return {
    elapsed: run.status in elapsed ? elapsed[run.status as keyof typeof elapsed]() : 0,
    history,
    bound: boundBy(files, (file) => longestByTimeout(file, jobs ?? [], now, turns)),
    mayPause: read.mayPause || (jobs ?? []).some(isWaitingJob),
    isOfFork: isOfFork(run),
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
    if (line === undefined || jobId === undefined) return []
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
 * How long a run has worked already, in minutes: since its first job began, because a run may have waited before that for
 * a runner, for others of its concurrency group or for an approval. Unknown jobs may have begun just now.
 */
function elapsedOf(run: Run, jobs: readonly Job[] | undefined, now: number): number {
  if (jobs === undefined) return 0
  if (jobs.length === 0) return Math.max(0, (now - run.startedAt) / MINUTE) || 0
  return sinceFirst(jobs.filter(hasBegun), run, now)
}

const hasBegun = ({ status }: Job): boolean => status === 'in_progress' || status === 'completed'

/** Minutes since the first of these jobs began; 0 without one. */
function sinceFirst(jobs: readonly Job[], run: Run, now: number): number {
  return Math.max(0, (now - firstStart(jobs, run)) / MINUTE)
}

/** A partial re-run lists jobs of an earlier attempt too, which are no work of this one: none counts from before it. */
function firstStart(jobs: readonly Job[], run: Run): number {
  const starts = jobs.map(({ startedAt }) => Math.max(startedAt, run.startedAt)).filter((at) => !Number.isNaN(at))
  return Math.min(Number.POSITIVE_INFINITY, ...starts)
}

/**
 * Returns how long a run had worked when a job of it began to wait for a concurrency group, in minutes: until the jobs
 * that it needs had ended. Past runs then say what comes after the wait.
 */
export function elapsedBefore({ run, jobs, files }: RunRead, jobId: number): number {
  const job = jobs?.find(({ id }) => id === jobId)
  if (jobs === undefined || job === undefined) return 0
  const first = firstStart(jobs.filter(hasBegun), run)
  const since = files.map((file) => orCareful(() => readySince(file, job, jobs), undefined) ?? first)
  return Math.max(0, (Math.min(...since) - first) / MINUTE) || 0
}

/** Returns the longest by every file that a run may execute; undefined unless all of them say. */
export function boundBy(
  files: readonly WorkflowFile[],
  longest: (file: WorkflowFile) => number | undefined,
): number | undefined {
  const bound = Math.max(...files.map((file) => orCareful(() => longest(file), undefined) ?? Number.NaN))
  return Number.isNaN(bound) ? undefined : bound
}
