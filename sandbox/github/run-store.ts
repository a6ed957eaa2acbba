import { ConcurrencyGroups } from './concurrency.ts'
import type { ConcurrencySeed, JobRecord, RunRecord, RunStatus } from './run-records.ts'

export interface JobSeed {
  name: string
  status: string
  /** For a completed job when left out, `success`, or `cancelled` if a newcomer asked it to end. */
  conclusion?: string
  /** When left out, the start of the run's attempt: GitHub tells a job that waits a start, too. */
  startedAt?: Date
  /** For a completed job when left out, the run's last change. */
  completedAt?: Date
  /** If left out, a job that is set again under the same name keeps its setting. */
  concurrency?: ConcurrencySeed
}

export interface RunSeed {
  /** When left out, one that grows with `createdAt`. */
  id?: number
  /** A path like `.github/workflows/ci.yml`, also with an `@ref`, or `dynamic/…`. */
  workflow: string
  /** The workflow's name; its file's name when left out. */
  name?: string
  status: RunStatus
  /**
   * For a completed run when left out, `success`, or `cancelled` if a newcomer asked it to end. GitHub has runs that are
   * `in_progress` with a conclusion.
   */
  conclusion?: string
  /** `push` when left out. */
  event?: string
  /** The login of who made it, like `dependabot[bot]`; `octocat` when left out. */
  actor?: string
  /** The login of who started the latest attempt; the actor when left out. */
  triggeringActor?: string
  createdAt: Date
  /** `run_started_at`, of the latest attempt; `createdAt` when left out. */
  startedAt?: Date
  /** When left out, the clock's now; for a completed run `startedAt`. */
  updatedAt?: Date
  attempt?: number
  /** The head of the default branch when left out. */
  headSha?: string
  /** The full name of a fork; the repository itself when left out. */
  headRepository?: string
  referencedWorkflows?: Array<{ path: string; sha: string; ref?: string }>
  /** Those of the latest attempt. */
  jobs?: JobSeed[]
  /** The `concurrency` setting of the workflow. */
  concurrency?: ConcurrencySeed
}

export type RunChange = Partial<
  Pick<RunSeed, 'status' | 'conclusion' | 'startedAt' | 'updatedAt' | 'attempt' | 'jobs' | 'triggeringActor'>
>

/** Ids count milliseconds from here, so that they have about as many digits as GitHub's. */
const firstId = Date.UTC(2016, 0, 1)

/** Without a ref that it may have been called at. */
const withoutRef = (path: string): string => path.replace(/@.*$/, '')

const fileName = (path: string): string => withoutRef(path).split('/').at(-1) ?? ''

/** A repository's workflows and their runs. */
export class RunStore {
  readonly concurrency = new ConcurrencyGroups()
  readonly #runs = new Map<number, RunRecord>()
  /** Paths in the order they came up, which their ids stand for. */
  readonly #workflows: string[] = []
  readonly #repositoryId: number
  #lastJobId = 0

  constructor(repositoryId: number) {
    this.#repositoryId = repositoryId
  }

  /** The newest first. */
  all(): RunRecord[] {
    return [...this.#runs.values()].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
  }

  get(id: number): RunRecord | undefined {
    return this.#runs.get(id)
  }

  /** The id of a workflow, from its path, that is new now or was known. */
  workflow(path: string): number {
    const plain = withoutRef(path)
    if (!this.#workflows.includes(plain)) this.#workflows.push(plain)
    return this.#repositoryId * 100 + this.#workflows.indexOf(plain)
  }

  /** What an endpoint was asked for: an id, or the name of a file in `.github/workflows`. */
  findWorkflow(idOrFile: string): number | undefined {
    const path = this.#workflows.find((one) =>
      /^\d+$/.test(idOrFile) ? this.workflow(one) === Number(idOrFile) : one === `.github/workflows/${idOrFile}`,
    )
    return path === undefined ? undefined : this.workflow(path)
  }

  add(seed: RunSeed, { head, now }: { head: string; now: number }): RunRecord {
    const createdAt = seed.createdAt.getTime()
    const startedAt = seed.startedAt?.getTime() ?? createdAt
    const workflowId = this.workflow(seed.workflow)
    const actor = seed.actor ?? 'octocat'
    const run: RunRecord = {
      id: this.#newId(seed.id, createdAt),
      workflowId,
      number: [...this.#runs.values()].filter((one) => one.workflowId === workflowId).length + 1,
      path: seed.workflow,
      name: seed.name ?? fileName(seed.workflow),
      status: seed.status,
      conclusion: conclusionOf(seed),
      event: seed.event ?? 'push',
      actor,
      triggeringActor: seed.triggeringActor ?? actor,
      createdAt,
      startedAt,
      updatedAt: seed.updatedAt?.getTime() ?? (seed.status === 'completed' ? startedAt : now),
      attempt: seed.attempt ?? 1,
      headSha: seed.headSha ?? head,
      headRepository: seed.headRepository,
      referencedWorkflows: seed.referencedWorkflows ?? [],
      jobs: [],
      concurrency: seed.concurrency,
      isAskedToEnd: false,
    }
    this.#runs.set(run.id, run)
    this.#setJobs(run, seed.jobs ?? [])
    this.concurrency.update(run, now)
    return run
  }

  /** A status without a conclusion ends the one that was; another attempt starts now unless told otherwise. */
  update(id: number, change: RunChange, now: number): void {
    const run = this.#runs.get(id)
    if (!run) throw new Error(`There is no run ${id}`)
    if (change.attempt !== undefined && change.attempt !== run.attempt) {
      run.startedAt = now
      run.isAskedToEnd = false
    }
    run.attempt = change.attempt ?? run.attempt
    run.triggeringActor = change.triggeringActor ?? run.triggeringActor
    run.startedAt = change.startedAt?.getTime() ?? run.startedAt
    run.updatedAt = change.updatedAt?.getTime() ?? now
    if (change.status !== undefined || change.conclusion !== undefined) {
      run.conclusion = conclusionOf({ status: run.status, ...change }, run.isAskedToEnd)
    }
    run.status = change.status ?? run.status
    if (change.jobs) this.#setJobs(run, change.jobs)
    this.concurrency.update(run, now)
  }

  #newId(wanted: number | undefined, createdAt: number): number {
    if (wanted !== undefined && this.#runs.has(wanted)) throw new Error(`There is a run ${wanted} already`)
    let id = wanted ?? Math.max(1, Math.floor(createdAt) - firstId)
    while (this.#runs.has(id)) id += 1
    return id
  }

  /** Replaces the jobs of the latest attempt; the first of them stays the job that it was, and so on. */
  #setJobs(run: RunRecord, seeds: readonly JobSeed[]): void {
    const before = run.jobs.filter(({ attempt }) => attempt === run.attempt)
    const earlier = run.jobs.filter(({ attempt }) => attempt !== run.attempt)
    const jobs = seeds.map((seed, i) => {
      const known = before[i]
      if (!known) return toJob(seed, run, { id: this.#newJobId() })
      // The record stays the same object, because a concurrency group refers to it.
      return Object.assign(known, toJob(seed, run, known))
    })
    run.jobs = [...earlier, ...jobs]
  }

  #newJobId(): number {
    this.#lastJobId += 1
    return this.#repositoryId * 1_000_000 + this.#lastJobId
  }
}

function toJob(seed: JobSeed, run: RunRecord, known: Pick<JobRecord, 'id'> & Partial<JobRecord>): JobRecord {
  const completed = seed.status === 'completed' ? run.updatedAt : null
  const isAskedToEnd = known.isAskedToEnd ?? false
  return {
    id: known.id,
    attempt: run.attempt,
    name: seed.name,
    status: seed.status,
    conclusion: conclusionOf(seed, isAskedToEnd),
    createdAt: run.startedAt,
    startedAt: seed.startedAt?.getTime() ?? run.startedAt,
    completedAt: seed.completedAt?.getTime() ?? completed,
    concurrency: seed.concurrency ?? (known.name === seed.name ? known.concurrency : undefined),
    isAskedToEnd,
  }
}

function conclusionOf(
  { status, conclusion }: { status: string; conclusion?: string },
  isAskedToEnd = false,
): string | null {
  if (conclusion !== undefined || status !== 'completed') return conclusion ?? null
  return isAskedToEnd ? 'cancelled' : 'success'
}
