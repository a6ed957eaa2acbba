import { MAX_LINE } from '../limits.ts'
import type { GroupMember } from '../services/github-groups.ts'
import type { Job, Run } from '../services/github-runs.ts'
import type { WorkflowFile } from './job-names.ts'
import { orCareful, type RunRead, readProgress, readSource, type Wait } from './read-run.ts'
import type { RunDetails } from './run-details.ts'
import {
  boundBy,
  elapsedBefore,
  type QueuePlace,
  type RunAhead,
  type Work,
  waitsForApproval,
  workOf,
} from './run-facts.ts'
import { cancelsAhead, hasFixedGroup, hasOwnSteps, longestInTurn } from './workflow-jobs.ts'

/**
 * Reads the runs that are ahead of others in concurrency groups, and those that are ahead of them in turn.
 *
 * @param reads of runs that may wait
 * @param runs in flight
 * @returns these, and what was read, by the ids of the runs
 */
export async function readAhead(
  reads: readonly RunRead[],
  runs: readonly Run[],
  details: RunDetails,
): Promise<ReadonlyMap<number, RunRead>> {
  const known = new Map(reads.map((read) => [read.run.id, read]))
  for (let waiting = reads; waiting.length > 0; ) {
    const ids = new Set(waiting.flatMap((read) => read.waits.flatMap((wait) => aheadOf(read.run, wait, runs))))
    const unread = runs.filter(({ id }) => ids.has(id) && !known.has(id))
    waiting = await Promise.all(unread.map((run) => readOneAhead(run, details)))
    for (const read of waiting) known.set(read.run.id, read)
  }
  return known
}

async function readOneAhead(run: Run, details: RunDetails): Promise<RunRead> {
  return readProgress(await readSource(run, details), details, { jobs: false, waits: true })
}

const aheadOf = (run: Run, wait: Wait, runs: readonly Run[]): number[] =>
  membersAhead(run, wait, runs).map(({ runId }) => runId)

/** The other runs, and jobs of them, that are ahead of one. If GitHub refuses to say, older runs of its workflow. */
function membersAhead(run: Run, { jobId, line }: Wait, runs: readonly Run[]): GroupMember[] {
  if (line === 'unknown') return []
  if (line === 'refused') return olderThan(run, runs)
  const place = line.members.findIndex((one) => one.runId === run.id && one.jobId === jobId)
  return line.members.slice(0, place).filter(({ runId }) => runId !== run.id)
}

/** The unfinished runs of the same workflow whose attempt began before; none if they are too many for one line. */
function olderThan({ id, workflowId, startedAt }: Run, runs: readonly Run[]): GroupMember[] {
  const older = runs.filter((one) => one.workflowId === workflowId && (one.startedAt - startedAt || one.id - id) < 0)
  if (older.length > MAX_LINE) return []
  return older.map((one) => ({ runId: one.id, jobId: undefined, isPending: one.status === 'pending' }))
}

/** A place in line, and the group; undefined if it is unknown. */
type GroupedPlace = QueuePlace & { group: string | undefined }

/** The places in line of runs, as far as everything ahead of them was read. */
export class Queues {
  readonly #reads: ReadonlyMap<number, RunRead>
  readonly #runs: readonly Run[]
  readonly #ownRunId: number
  readonly #now: number
  readonly #places = new Map<RunRead, readonly GroupedPlace[]>()
  readonly #works = new Map<RunRead, Omit<Work, 'queues'>>()

  /**
   * @param ownRunId the rotating run, which must not defer itself
   * @param now ms since the epoch on GitHub's clock
   */
  constructor(reads: ReadonlyMap<number, RunRead>, runs: readonly Run[], ownRunId: number, now: number) {
    this.#reads = reads
    this.#runs = runs
    this.#ownRunId = ownRunId
    this.#now = now
  }

  /** Returns where a run waits, or jobs of it do. */
  of(read: RunRead): readonly GroupedPlace[] {
    const known = this.#places.get(read)
    if (known !== undefined) return known
    // Runs that wait for each other, in two groups, find this here, because it is unknown how that ends.
    this.#places.set(read, [{ ...UNKNOWN_PLACE, group: undefined }])
    const places = read.waits.flatMap((wait) => this.#place(read, wait) ?? [])
    this.#places.set(read, places)
    return places
  }

  /** Whether a run waits for the rotating run. */
  waitsForOwnRun({ run, waits }: RunRead): boolean {
    return waits.some((wait) => aheadOf(run, wait, this.#runs).includes(this.#ownRunId))
  }

  /** Undefined if a job waits for jobs of its own run only: past runs did so too. */
  #place(read: RunRead, wait: Wait): GroupedPlace | undefined {
    const { jobId, line } = wait
    const isKnown = typeof line !== 'string'
    const group = isKnown ? line.group : undefined
    const byRun = Map.groupBy(membersAhead(read.run, wait, this.#runs), ({ runId }) => runId)
    if (byRun.size === 0) return isKnown ? undefined : { ...UNKNOWN_PLACE, group }
    const job = jobOf(read, jobId)
    // Another item may be that of a called workflow, whose settings are in another file.
    const isInFile = jobId === undefined ? read.run.status === 'pending' : job !== undefined
    return {
      group,
      elapsed: jobId === undefined ? 0 : elapsedBefore(read, jobId),
      ahead: [...byRun].map(([runId, members]) => this.#ahead(this.#reads.get(runId), members, group)),
      isGuess: !isKnown && !(jobId === undefined && inAll(read, hasFixedGroup)),
      cancelsAhead: isInFile && inAll(read, (file) => cancelsAhead(file, job)),
    }
  }

  /**
   * @param members the run itself, or those of its jobs that are ahead
   * @param group undefined if GitHub did not say
   */
  #ahead(read: RunRead | undefined, members: readonly GroupMember[], group: string | undefined): RunAhead {
    // It ended meanwhile, or GitHub did not list it.
    if (read === undefined) return UNKNOWN_RUN
    const work = this.#work(read)
    const isHolder = members[0]?.isPending === false
    const jobs = members.map(({ jobId }) => jobOf(read, jobId)).filter((job) => job !== undefined)
    const areJobs = jobs.length === members.length && inAll(read, (file) => jobs.every((job) => hasOwnSteps(file, job)))
    // A run that holds the group as a whole may wait for others itself.
    const queues = isHolder && !areJobs && group !== undefined ? this.#otherPlaces(read, group) : []
    if (!areJobs) return { ...work, queues, waitsForApproval: waitsForApproval(read), most: undefined }
    const bound = boundBy(read.files, (file) => longestInTurn(file, jobs, this.#now))
    const isRunning = jobs.length === 1 && jobs[0]?.status === 'in_progress'
    return {
      ...work,
      elapsed: isHolder ? work.elapsed : Math.min(...jobs.map(({ id }) => elapsedBefore(read, id))),
      bound: bound ?? work.bound,
      queues,
      waitsForApproval: jobs.some(({ status }) => status === 'waiting'),
      // A job that runs waits for no runner, which its timeout would not count.
      most: isRunning ? bound : undefined,
    }
  }

  /** Where a run waits in other groups: what is ahead of it in this one is ahead of everything after it anyway. */
  #otherPlaces(read: RunRead, group: string): readonly QueuePlace[] {
    return this.of(read).filter((place) => place.group !== group)
  }

  #work(read: RunRead): Omit<Work, 'queues'> {
    const known = this.#works.get(read)
    if (known !== undefined) return known
    const work = workOf(read, this.#now)
    const isOwn = read.run.id === this.#ownRunId
    this.#works.set(read, isOwn ? { ...work, defersNothing: true } : work)
    return this.#work(read)
  }
}

const jobOf = ({ jobs }: RunRead, jobId: number | undefined): Job | undefined =>
  jobId === undefined ? undefined : jobs?.find(({ id }) => id === jobId)

/** Whether it holds for every file that the run may execute. */
const inAll = ({ files }: RunRead, holds: (file: WorkflowFile) => boolean): boolean =>
  files.every((file) => orCareful(() => holds(file), false))

const UNKNOWN_PLACE: QueuePlace = { elapsed: 0, ahead: undefined, isGuess: true, cancelsAhead: false }

const UNKNOWN_RUN: RunAhead = {
  elapsed: 0,
  history: [],
  bound: undefined,
  mayPause: false,
  defersNothing: false,
  queues: [],
  waitsForApproval: false,
  most: undefined,
}
