import type { Job } from '../services/github-runs.ts'
import { type Definition, definitionOf, definitionsIn, isRecord, type WorkflowFile } from './job-names.ts'

/**
 * The time that jobs of a run have worked, along the chain of jobs that each of them followed. A wait for a concurrency
 * group is no work: past runs did not take longer for it. The wait for a runner counts, since past runs have it too.
 */
export class WorkDone {
  readonly #file: WorkflowFile
  readonly #begun: readonly Job[]
  readonly #start: number
  /** Whether any job may wait in line: then an unknown job may, too. */
  readonly #hasLines: boolean
  readonly #known = new Map<Job, number>()

  /**
   * @param jobs of the run; a partial re-run lists those of an earlier attempt too, which are no work of this one
   * @param attemptedAt when the run's latest attempt began, ms since the epoch on GitHub's clock
   */
  constructor(file: WorkflowFile, jobs: readonly Job[], attemptedAt: number) {
    this.#file = file
    this.#begun = jobs.filter(({ status, startedAt }) => hasBegun(status) && !Number.isNaN(startedAt))
    const definitions = definitionsIn(file)
    this.#hasLines = definitions === undefined || Object.values(definitions).some(mayWaitInLine)
    this.#start = Math.min(...this.#begun.map(({ startedAt }) => Math.max(startedAt, attemptedAt)))
  }

  /** Returns how long the run had worked before this job could begin, in ms. */
  before(job: Job): number {
    return Math.max(0, ...this.#followedBy(job).map((one) => this.atEnd(one)))
  }

  /** Returns how long the run had worked when this job ended, in ms. */
  atEnd(job: Job): number {
    return this.atStart(job) + this.#length(job)
  }

  /** Returns how long the run had worked when this job began, in ms. */
  atStart(job: Job): number {
    const known = this.#known.get(job)
    if (known !== undefined) return known
    // Jobs whose dates make a circle find this.
    this.#known.set(job, 0)
    const ready = Math.max(this.#start, ...this.#followedBy(job).map(({ completedAt }) => completedAt))
    const definition = this.#definitionOf(job)
    const mayWait = definition === undefined ? this.#hasLines : mayWaitInLine(definition[1])
    const waited = mayWait ? 0 : Math.max(0, job.startedAt - ready)
    const work = this.before(job) + (waited || 0)
    this.#known.set(job, work)
    return work
  }

  #length({ startedAt, completedAt }: Job): number {
    return Math.max(0, completedAt - Math.max(startedAt, this.#start)) || 0
  }

  /** The jobs that had to end before this one: those that it needs, and those of its own run ahead in its group. */
  #followedBy(job: Job): Job[] {
    const definition = this.#definitionOf(job)
    if (definition === undefined) return []
    const needed = needsOf(definition[1])
    return this.#begun.filter((one) => {
      if (one === job || !(one.completedAt <= startOf(job))) return false
      const other = this.#definitionOf(one)
      return other !== undefined && (needed.has(other[0]) || shareGroup(definition, other))
    })
  }

  #definitionOf(job: Job): Definition | undefined {
    return definitionOf(this.#file, job)
  }
}

/** Whether a job may wait for a concurrency group, its own or a called workflow's. */
const mayWaitInLine = (definition: unknown): boolean =>
  !isRecord(definition) || definition.concurrency !== undefined || definition.uses !== undefined

const hasBegun = (status: string): boolean => status === 'in_progress' || status === 'completed'

/** A job that has not begun follows everything that has ended. */
const startOf = ({ status, startedAt }: Job): number => (hasBegun(status) ? startedAt : Number.POSITIVE_INFINITY)

/** Returns the ids of the jobs that a job needs. */
export function needsOf(definition: unknown): Set<string> {
  return new Set(isRecord(definition) ? [definition.needs ?? []].flat().map(String) : [])
}

/** Whether jobs of two definitions, or of one, take turns with each other. */
function shareGroup([id, one]: Definition, [otherId, other]: Definition): boolean {
  if (!isRecord(one) || !isRecord(other)) return false
  if (id === otherId) return one.concurrency !== undefined || one.uses !== undefined
  const group = groupOf(one)
  return group !== undefined && group === groupOf(other)
}

function groupOf({ concurrency }: Record<string, unknown>): string | undefined {
  const group = isRecord(concurrency) ? concurrency.group : concurrency
  return typeof group === 'string' ? group.toLowerCase() : undefined
}
