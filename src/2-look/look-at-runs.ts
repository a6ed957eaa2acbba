import { GitHubError } from '../services/github-ask.ts'
import type { GitHubRuns, Job, RepositoryName, Run } from '../services/github-runs.ts'
import { oneLine, quote, someOf } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'
import { isSignOn } from './explain-github.ts'
import { isGiven, isOfFork } from './given.ts'
import { RunDetails } from './run-details.ts'
import type { Watch, Watched } from './watches.ts'
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

/** The runs that hold the old value, as far as they could be seen. */
export interface RunsSeen {
  /** ms since the epoch on GitHub's clock. */
  at: number
  /** Those that may use the secret. */
  holders: readonly RunFacts[]
  /** Every run in flight, by id, whatever it uses. */
  ids: ReadonlySet<number>
  /** Where they were seen. */
  watches: readonly Watch[]
  /** Why not all of them could be seen, as a sentence for the user; undefined when they were. */
  gap?: string
  /** What made runs count that need not, as a sentence for the user. */
  note?: string
}

const NO_FILES =
  'The credential for GitHub may not read the workflow files, so every run counts as using the secret. Give it "Contents: read".'
const TOO_MANY_DETAILS =
  'There are too many runs in flight to look at the files, the past and the jobs of each: the latest ones count as using the secret, for as long as can be.'
const MINUTE = 60_000

/** What looking at runs takes beside where to look. */
export interface Looking {
  runs: GitHubRuns
  /** The run that this action is part of: it does not hold itself back. */
  ownRunId: number
  /** ms since the epoch on GitHub's clock; asked when the answers are there, since they measure that clock. */
  now: () => number
  /** What a second look has to tell; the first one tells everything. */
  since?: SecondLook
}

/** A look behind the writes, at who took the old value after the first look. */
export interface SecondLook {
  first: RunsSeen
  /** When everything was written: what begins later is given the new value. ms since the epoch on GitHub's clock. */
  writtenAt: number
}

/**
 * The runs in flight that were given a secret's present value, and what they still need.
 *
 * Never fails: what cannot be seen is said, and makes the grace period the longest.
 *
 * @param watching where to look; what is known at once is looked at at once
 */
export async function lookAtRuns(watching: readonly Promise<Watched>[], looking: Looking): Promise<RunsSeen> {
  const listed = new Map<string, Promise<Listed>>()
  const list = ({ repository }: Watch): Promise<Listed> => {
    const name = fullName(repository).toLowerCase()
    const known = listed.get(name) ?? listRuns(repository, looking)
    listed.set(name, known)
    return known
  }
  for (const one of watching) one.then(({ watches }) => watches.forEach(list)).catch(() => {})
  const watched = await Promise.all(watching)
  const watches = watched.flatMap((one) => one.watches)
  const groups = Map.groupBy(watches, ({ repository }) => fullName(repository).toLowerCase())
  const seen = await Promise.all(
    [...groups.values()].map(async (group) => holdersAmong(await list(group[0] as Watch), group, looking)),
  )
  const lists = await Promise.all(listed.values())
  const gaps = [...watched.flatMap(({ gap }) => gap ?? []), ...gapsIn(lists)]
  const unread = new Set(lists.filter(({ error }) => error !== undefined).map(({ repository }) => repository))
  return {
    at: looking.now(),
    holders: seen.flatMap(({ holders }) => holders),
    ids: new Set(seen.flatMap(({ ids }) => ids)),
    watches: watches.filter(({ repository }) => !unread.has(repository)),
    ...noteOn(seen),
    ...(gaps.length > 0 ? { gap: gaps.join(' ') } : {}),
  }
}

/**
 * Runs that were queued between the first look and the write hold the old value too, and so do jobs that began. What the
 * first look could not see is not asked for again.
 *
 * @param writtenAt ms since the epoch on GitHub's clock; now, unless it was before
 */
export function lookAgain(first: RunsSeen, looking: Looking, writtenAt = looking.now()): Promise<RunsSeen> {
  return lookAtRuns([Promise.resolve({ watches: first.watches })], { ...looking, since: { first, writtenAt } })
}

function noteOn(seen: readonly Pick<RunDetails, 'filesRefused' | 'areCut'>[]): { note?: string } {
  if (seen.some(({ filesRefused }) => filesRefused)) return { note: NO_FILES }
  return seen.some(({ areCut }) => areCut) ? { note: TOO_MANY_DETAILS } : {}
}

/** The runs in flight of a repository; undefined when they could not be read. */
interface Listed {
  repository: RepositoryName
  runs: readonly Run[]
  isComplete: boolean
  error?: unknown
}

async function listRuns(repository: RepositoryName, { runs, now }: Looking): Promise<Listed> {
  try {
    return { repository, ...(await runs.inFlight(repository, now())) }
  } catch (error) {
    return { repository, runs: [], isComplete: true, error }
  }
}

/** Why not every run could be seen, as sentences; repositories with one cause are told together. */
function gapsIn(listed: readonly Listed[]): string[] {
  const failed = listed.filter(({ error }) => error !== undefined)
  const byCause = Map.groupBy(failed, ({ error }) => causeOf(error))
  const unread = [...byCause].map(([cause, all]) => `The runs of ${namesOf(all)} could not be read: ${cause}`)
  const cut = listed.filter(({ isComplete }) => !isComplete)
  if (cut.length === 0) return unread
  return [...unread, `There are more runs in flight in ${namesOf(cut)} than GitHub lists, so some were not looked at.`]
}

const namesOf = (listed: readonly Listed[]): string =>
  someOf(
    listed.map(({ repository }) => fullName(repository)),
    5,
  )

function causeOf(error: unknown): string {
  if (!(error instanceof GitHubError)) return 'an answer of GitHub was not as expected.'
  const { status, headers, message, failure } = error
  const permission = headers['x-accepted-github-permissions'] ?? 'actions=read'
  const isForbidden = status === 403 && !isLimit(failure) && !isSignOn(error)
  const lacks = isForbidden || status === 404
  return `${oneLine(message)}.${lacks ? ` The credential for GitHub lacks the permission ${quote(permission)} for it.` : ''}`
}

async function holdersAmong(
  { repository, runs }: Listed,
  watches: readonly Watch[],
  looking: Looking,
): Promise<{ holders: RunFacts[]; ids: number[]; filesRefused: boolean; areCut: boolean }> {
  const { ownRunId } = looking
  const details = new RunDetails(looking.runs, repository)
  // The oldest first: where not all can be looked at, the long ones are among them.
  const candidates = runs.filter((run) => run.id !== ownRunId).sort((a, b) => a.createdAt - b.createdAt)
  const facts = await Promise.all(candidates.map((run) => factsOf(run, watches, repository, details, looking)))
  return {
    holders: facts.filter((one) => one !== undefined),
    ids: runs.map(({ id }) => id),
    filesRefused: details.filesRefused,
    areCut: details.areCut,
  }
}

/** What is known of a run; undefined when it surely holds none of the secrets, or does not use it. */
async function factsOf(
  run: Run,
  watches: readonly Watch[],
  repository: RepositoryName,
  details: RunDetails,
  { now, since }: Looking,
): Promise<RunFacts | undefined> {
  const given = watches.filter(({ by }) => isGiven(run, by) && isNew(run, by, since))
  if (given.length === 0) return undefined
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
  const writtenAt = since?.writtenAt ?? Number.POSITIVE_INFINITY
  const begun = jobs.filter(({ status, startedAt }) => status === 'in_progress' && !(startedAt > writtenAt))
  const holding = isOnlyByStart ? begun.filter((job) => mayHold(job, files, using)) : begun
  // A job reads the secrets of its environment when it starts; what a re-run is given is uncertain.
  const mayHaveRead = known === undefined || holding.length > 0 || run.attempt > 1
  if (!mayHaveRead && isOnlyByStart) return undefined
  return {
    repository: fullName(repository),
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

/**
 * Whether a second look has to tell it: a run that was queued since, or one in which a job may have read the secrets of
 * its environment since.
 */
function isNew({ id, createdAt }: Run, { kind }: Watch['by'], since: SecondLook | undefined): boolean {
  if (since === undefined) return true
  const { first, writtenAt } = since
  if (kind === 'started jobs') return !first.holders.some(({ runId }) => runId === id)
  return !first.ids.has(id) && createdAt <= writtenAt
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

const fullName = ({ owner, repository }: RepositoryName): string => `${owner}/${repository}`

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
