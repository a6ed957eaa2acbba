import type { ConcurrencySeed, JobRecord, RunRecord } from './run-records.ts'

/** A run or a job that holds the lease of a group or waits for it. */
export interface QueueItem {
  run: RunRecord
  /** `undefined` for a workflow-level item. */
  job: JobRecord | undefined
}

/** A concurrency group of a repository. It is active while it has items. */
export interface Group {
  /** As first spelled in this repository. */
  name: string
  /** The holder of the lease, then the items that wait, in their order. */
  items: QueueItem[]
  /** Milliseconds since 1970; `null` until an item acquires the lease. */
  lastAcquiredAt: number | null
}

/** The items that may wait in a group with `queue: max`. */
const MAX_WAITING = 100

/**
 * The concurrency groups of a repository and their queues.
 * @see https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
export class ConcurrencyGroups {
  readonly #groups = new Map<string, Group>()

  /** Returns the groups in which an item holds the lease, sorted by name. */
  active(): Group[] {
    return sorted([...this.#groups.values()].filter(({ items }) => items.length > 0))
  }

  /** Returns an active group. */
  findActive(name: string): Group | undefined {
    const group = this.#groups.get(groupKey(name))
    return group && group.items.length > 0 ? group : undefined
  }

  /** Returns the groups in a run's configuration, active or not, sorted by name. */
  ofRun(run: RunRecord): Group[] {
    return sorted([...new Set(itemsOf(run).map((item) => this.#groupOf(item)))])
  }

  /**
   * Updates the queues after a run was added or changed.
   * @param now ms since the epoch
   * @throws Error if a status contradicts the queue, or if GitHub rejects or cancels such a run
   */
  update(run: RunRecord, now: number): void {
    for (const item of itemsOf(run)) checkSettings(item)
    this.#release(run, now)
    for (const item of itemsOf(run)) {
      const group = this.#groupOf(item)
      const place = group.items.findIndex((other) => isSame(other, item))
      if (hasEnded(item)) continue
      if (place === -1) this.#join(group, item, now)
      else checkStatus(item, group, place > 0)
    }
  }

  #groupOf(item: QueueItem): Group {
    const { group: name } = settingsOf(item)
    const group = this.#groups.get(groupKey(name)) ?? { name, items: [], lastAcquiredAt: null }
    this.#groups.set(groupKey(name), group)
    return group
  }

  #join(group: Group, item: QueueItem, now: number): void {
    const [holder, ...waiting] = group.items
    checkStatus(item, group, holder !== undefined)
    const { queue = 'single', cancelInProgress = false } = settingsOf(item)
    if (queue === 'max' && waiting.length >= MAX_WAITING) {
      this.#cancel(item, now)
      return
    }
    if (queue === 'single') for (const replaced of waiting) this.#cancel(replaced, now)
    if (holder && cancelInProgress) subjectOf(holder).isAskedToEnd = true
    if (!holder) group.lastAcquiredAt = Math.min(now, subjectOf(item).startedAt)
    group.items.push(item)
  }

  #cancel(item: QueueItem, now: number): void {
    endAsCancelled(item, now)
    this.#release(item.run, now)
  }

  /** Removes a run's items that ended, and passes each free lease to the next item. */
  #release(run: RunRecord, now: number): void {
    const remaining = itemsOf(run).filter((item) => !hasEnded(item))
    for (const [key, group] of this.#groups) {
      const [holder] = group.items
      const ofGroup = remaining.filter((item) => groupKey(settingsOf(item).group) === key)
      group.items = group.items.filter((item) => item.run !== run || ofGroup.some((other) => isSame(other, item)))
      const [next] = group.items
      if (next && next !== holder) acquire(group, next, now)
    }
  }
}

/** Returns the text by which groups are compared and sorted. */
export const groupKey = (name: string): string => name.toLowerCase()

function sorted(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => (groupKey(a.name) < groupKey(b.name) ? -1 : 1))
}

/** Returns an item for each `concurrency` setting of a run and of the jobs of its latest attempt. */
function itemsOf(run: RunRecord): QueueItem[] {
  const jobs = run.jobs.filter(({ attempt }) => attempt === run.attempt)
  const items = [undefined, ...jobs].map((job) => ({ run, job }))
  return items.filter((item) => subjectOf(item).concurrency !== undefined)
}

const subjectOf = ({ run, job }: QueueItem): RunRecord | JobRecord => job ?? run

const isSame = (a: QueueItem, b: QueueItem): boolean => a.run === b.run && a.job === b.job

const hasEnded = ({ run, job }: QueueItem): boolean => run.status === 'completed' || job?.status === 'completed'

function settingsOf(item: QueueItem): ConcurrencySeed {
  const { concurrency } = subjectOf(item)
  if (!concurrency) throw new Error('Invariant violation: an item without a concurrency setting')
  return concurrency
}

function acquire(group: Group, item: QueueItem, now: number): void {
  group.lastAcquiredAt = now
  const subject = subjectOf(item)
  if (subject.status !== 'pending') return
  subject.status = 'queued'
  if (!item.job) item.run.updatedAt = now
}

function endAsCancelled({ run, job }: QueueItem, now: number): void {
  const jobs = job ? [job] : run.jobs.filter(({ attempt, status }) => attempt === run.attempt && status !== 'completed')
  const end = { status: 'completed', conclusion: 'cancelled' } as const
  for (const each of jobs) Object.assign(each, { ...end, completedAt: now })
  if (!job) Object.assign(run, { ...end, updatedAt: now })
}

function checkSettings(item: QueueItem): void {
  const { group, queue, cancelInProgress } = settingsOf(item)
  const subject = describeItem(item)
  if (queue === 'max' && cancelInProgress) {
    throw new Error(`${subject} combines queue: max with cancel-in-progress: GitHub rejects such a workflow.`)
  }
  if (item.job && item.run.concurrency && groupKey(item.run.concurrency.group) === groupKey(group)) {
    throw new Error(`${subject} uses the concurrency group "${group}" of its own run: GitHub cancels such a run.`)
  }
}

function checkStatus(item: QueueItem, { name }: Group, mustWait: boolean): void {
  const { status } = subjectOf(item)
  if (mustWait === (status === 'pending')) return
  const reason = mustWait ? 'waits in' : 'holds the lease of'
  throw new Error(`${describeItem(item)} ${reason} the concurrency group "${name}", so it cannot be ${status}.`)
}

const describeItem = ({ run, job }: QueueItem): string =>
  job ? `The job "${job.name}" of the run ${run.id}` : `The run ${run.id}`
