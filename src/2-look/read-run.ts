import type { GroupMember, GroupPlace } from '../services/github-groups.ts'
import type { Job, Run } from '../services/github-runs.ts'
import type { WorkflowFile } from './job-names.ts'
import type { RunDetails, Unsaid } from './run-details.ts'
import { callsOf, environmentsOf } from './workflow-file.ts'
import { mayWaitInJobs } from './workflow-jobs.ts'

/** The files of a run, and its past, which was asked for together with them. */
export interface RunSource {
  run: Run
  /** Every file that the run may execute; undefined for one that cannot be read. */
  files: readonly (WorkflowFile | undefined)[]
  /** Minutes that past runs of its workflow took. */
  history: Promise<readonly number[]>
}

/** Everything that GitHub says of a run. */
export interface RunRead extends Omit<RunSource, 'history'> {
  /** Minutes that past runs of its workflow took. */
  history: readonly number[]
  /** Undefined if they could not be read; empty if they do not matter. */
  jobs: readonly Job[] | undefined
  /** Whether a job of it may wait for an approval, so that past runs took longer than they worked. */
  mayPause: boolean
  /** Where the run waits for concurrency groups, or jobs of it do. */
  waits: readonly Wait[]
}

/** A place in which a run, or a job of it, waits for a concurrency group. */
export interface Wait {
  /** Undefined for the whole run. */
  jobId: number | undefined
  line: Line | Unsaid
}

/** Everything that holds a concurrency group or waits for it, in the order of the turns. */
export interface Line {
  group: string
  members: readonly GroupMember[]
}

/** Asks what is asked of every run, in one round, and reads its files: they say whether the rest matters. */
export async function readSource(run: Run, details: RunDetails): Promise<RunSource> {
  const files = refsOf(run).map((ref) => fileOf(run, ref, details))
  // Files first, those of all runs: what comes next depends on them.
  const history = Promise.resolve().then(() => details.history(run.workflowId))
  return { run, files: await Promise.all(files), history }
}

/**
 * Reads what else says how long a run takes: its jobs, whether its past may have waited for approvals, and what it waits
 * for.
 *
 * @param asked whether its jobs are needed for anything else, and whether it matters what it waits for
 */
export async function readProgress(
  source: RunSource,
  details: RunDetails,
  asked: { jobs: boolean; waits: boolean },
): Promise<RunRead> {
  const { run } = source
  const reading = readJobs(source, asked.jobs, details)
  const [history, jobs, mayPause, waits] = await Promise.all([
    source.history,
    reading,
    // It makes only a past uncertain.
    source.history.then((past) => past.length > 0 && mayPauseIn(source, details)),
    asked.waits ? waitsOf(run, reading, details) : [],
  ])
  return { ...source, history, jobs, mayPause, waits }
}

/** Jobs matter if something of the run may have begun, if one may wait, and if only their timeouts can tell. */
async function readJobs(
  { run, files, history }: RunSource,
  areAsked: boolean,
  details: RunDetails,
): Promise<readonly Job[] | undefined> {
  const mayHaveBegun = run.status === 'waiting' || run.status === 'in_progress'
  const mayWait = files.some((file) => orCareful(() => file === undefined || mayWaitInJobs(file), true))
  const matter = areAsked || mayHaveBegun || (hasFile(run) && mayWait)
  return matter || (await history).length === 0 ? details.jobs(run.id) : []
}

async function waitsOf(run: Run, reading: Promise<RunRead['jobs']>, details: RunDetails): Promise<Wait[]> {
  if (run.status === 'pending') return waitsAt([undefined], await details.places(run.id), details)
  const pending = ((await reading) ?? []).filter(({ status }) => status === 'pending').map(({ id }) => id)
  return pending.length === 0 ? [] : waitsAt(pending, await details.places(run.id), details)
}

/** @param pending the ids of the jobs that wait, if GitHub does not say where; undefined for the whole run */
function waitsAt(
  pending: readonly (number | undefined)[],
  places: readonly GroupPlace[] | Unsaid,
  details: RunDetails,
): Promise<Wait[]> | Wait[] {
  if (typeof places === 'string') return pending.map((jobId) => ({ jobId, line: places }))
  return Promise.all(
    places
      .filter(({ isPending }) => isPending)
      .map(async (place) => ({
        jobId: place.jobId,
        line: lineOf(place, await details.members(place.group)),
      })),
  )
}

/** A group that does not list a place has changed meanwhile. */
function lineOf({ group, runId, jobId }: GroupPlace, members: readonly GroupMember[] | Unsaid): Wait['line'] {
  if (typeof members === 'string') return members
  return members.some((one) => one.runId === runId && one.jobId === jobId) ? { group, members } : 'unknown'
}

async function mayPauseIn({ run, files }: RunSource, details: RunDetails): Promise<boolean> {
  const refs = refsOf(run)
  const pauses = await Promise.all(files.map((file, index) => mayPauseAt(file, refs[index], details, new Set())))
  return pauses.includes(true)
}

/**
 * Whether a job of a workflow, or of one that it calls, may have to wait for an approval. Called files of this repository
 * are read at the same commit; those of others count as if a job of theirs may.
 *
 * @param seen the paths of files that were looked at already
 */
async function mayPauseAt(
  file: WorkflowFile | undefined,
  ref: string | undefined,
  details: RunDetails,
  seen: Set<string>,
): Promise<boolean> {
  const environments = orCareful(() => environmentsOf(file), [undefined])
  const calls = orCareful(() => callsOf(file), [undefined])
  if (environments.includes(undefined) || calls.includes(undefined)) return true
  const paths = calls.filter((path) => path !== undefined && !seen.has(path)) as string[]
  for (const path of paths) seen.add(path)
  const pauses = await Promise.all([
    ...environments.map((name) => details.mayPause(name ?? '')),
    ...paths.map(async (path) => {
      const called = await details.file(path, ref)
      return called === undefined || mayPauseAt(called, ref, details, seen)
    }),
  ])
  return pauses.includes(true)
}

/**
 * The commits whose file a run may execute; undefined for the default branch. `pull_request` runs a merge of the head and
 * the base, and `pull_request_target` the default branch's file although `head_sha` is the pull request's: all of them
 * count, so that a fork cannot make a user of the secret look clean.
 */
function refsOf({ event, headSha, baseRefs }: Run): (string | undefined)[] {
  return event.startsWith('pull_request') ? [headSha, undefined, ...baseRefs] : [headSha]
}

function fileOf(run: Run, ref: string | undefined, details: RunDetails): Promise<WorkflowFile | undefined> {
  return hasFile(run) ? details.file(run.path, ref) : Promise.resolve(undefined)
}

/** A run that GitHub makes itself has no file. */
const hasFile = ({ path }: Run): boolean => !path.startsWith('dynamic/')

/** Returns what is read from a file, or the careful value if the file, which is from outside, breaks the reading. */
export function orCareful<T>(read: () => T, careful: T): T {
  try {
    return read()
  } catch {
    return careful
  }
}
