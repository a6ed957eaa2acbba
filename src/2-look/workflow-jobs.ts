import { MAX_CLEANUP } from '../limits.ts'
import type { Job } from '../services/github-runs.ts'
import { definitionOf, definitionsIn, isRecord, type WorkflowFile } from './job-names.ts'
import { needsOf } from './work-done.ts'

const MINUTE = 60_000
/** The longest that a run can live, in minutes: 35 days. https://docs.github.com/actions/reference/limits */
const LONGEST_RUN = 35 * 24 * 60

/**
 * Jobs of one run that wait for a concurrency group, by their ids, each with the same run's jobs that take their turns
 * before. A job that waits, and is not among them, waits for an unknown time.
 */
export type Turns = ReadonlyMap<number, readonly Job[]>

const NO_TURNS: Turns = new Map()

/**
 * Returns the longest that a run of this workflow can go on, by the `timeout-minutes` of its jobs along the longest chain
 * of `needs`. Jobs that have ended or begun count with what is left of them. Jobs that wait for an approval, and those that
 * need them, count nothing, because it is unknown when they begin. Waiting for other runs' turns is not included.
 *
 * @param jobs of the run, as far as they are known
 * @param now ms since the epoch on GitHub's clock
 * @returns minutes; undefined if a job sets no number (the default of 360 says nothing), calls another workflow, runs a
 *   matrix one after the other, waits for a concurrency group at an unknown place or will have to ask for one, and if it
 *   is unknown which job waits for an approval
 */
export function longestByTimeout(
  file: WorkflowFile,
  jobs: readonly Job[],
  now: number,
  turns: Turns = NO_TURNS,
): number | undefined {
  const definitions = definitionsIn(file)
  const held = heldUpIn(file, jobs)
  if (definitions === undefined || held === undefined) return undefined
  const byDefinition = Map.groupBy(jobs, (job) => definitionOf(file, job)?.[0])
  const above = new Set<string>()
  const totals = new Map<string, number>()
  const total = (id: string): number => {
    const known = totals.get(id)
    if (known !== undefined) return known
    const definition = definitions[id]
    if (!isRecord(definition) || above.has(id)) return Number.NaN
    if (held.has(id)) return 0
    above.add(id)
    const before = [...needsOf(definition)].map((need) => total(need))
    above.delete(id)
    const listed = byDefinition.get(id) ?? []
    const left =
      definition.concurrency === undefined
        ? leftOf(definition, listed, now)
        : leftInTurn(definition, listed, (ahead) => longestInTurn(file, ahead, now), turns)
    const sum = left + Math.max(0, ...before)
    totals.set(id, sum)
    return sum
  }
  const longest = Math.max(...Object.keys(definitions).map((id) => total(id)))
  return Number.isFinite(longest) ? longest : undefined
}

/**
 * Returns the longest that these jobs can go on, by their own `timeout-minutes`.
 *
 * @param begun jobs of the run that have begun, or begin next
 * @param now ms since the epoch on GitHub's clock
 * @returns minutes; undefined if one of them sets no number, calls another workflow, or is not found in the file
 */
export function longestOf(file: WorkflowFile, begun: readonly Job[], now: number): number | undefined {
  const longest = Math.max(...begun.map((job) => leftOfOne(file, job, now)))
  return Number.isFinite(longest) ? longest : undefined
}

/**
 * Returns the longest that jobs of a run can take one after the other, by their own `timeout-minutes`.
 *
 * @param jobs that hold a concurrency group, or wait for it
 * @param now ms since the epoch on GitHub's clock
 * @returns minutes; undefined if it is unknown for one of them
 */
export function longestInTurn(file: WorkflowFile, jobs: readonly Job[], now: number): number | undefined {
  const sum = jobs.reduce((minutes, job) => minutes + leftOfOne(file, job, now), 0)
  return Number.isFinite(sum) ? sum : undefined
}

/** Minutes left of one listed job, of a matrix too; NaN if unknown. */
function leftOfOne(file: WorkflowFile, job: Job, now: number): number {
  const definition = definitionOf(file, job)?.[1]
  return isRecord(definition) ? leftOf({ ...definition, strategy: undefined }, [job], now) : Number.NaN
}

/** Minutes left of the jobs of one definition that asks for no group; NaN if unknown. */
function leftOf(definition: Record<string, unknown>, [job, another]: readonly Job[], now: number): number {
  const { 'timeout-minutes': timeout, strategy, uses } = definition
  const isOne = strategy === undefined && uses === undefined && another === undefined
  if (isOne && job?.status === 'completed') return 0
  if (typeof timeout !== 'number' || !(timeout > 0) || uses !== undefined) return Number.NaN
  const most = Math.min(timeout, LONGEST_RUN) + (mayCleanUp(definition) ? MAX_CLEANUP : 0)
  if (strategy !== undefined) return isRecord(strategy) && strategy['max-parallel'] === undefined ? most : Number.NaN
  // A job that is not listed has not begun; two of one name cannot be told apart.
  if (job === undefined || !isOne) return most
  return job.status === 'in_progress' ? Math.max(0, most - (now - job.startedAt) / MINUTE) : most
}

/**
 * Minutes left of the jobs of one definition that ask for a concurrency group: they take turns with each other and with
 * other jobs of their run. NaN if one of them has not asked yet, because it is unknown what will be ahead of it.
 */
function leftInTurn(
  definition: Record<string, unknown>,
  listed: readonly Job[],
  left: (jobs: readonly Job[]) => number | undefined,
  turns: Turns,
): number {
  if (definition.uses !== undefined || listed.length === 0) return Number.NaN
  return Math.max(
    ...listed.map((job) => {
      if (job.status === 'completed') return 0
      const before = job.status === 'in_progress' ? [] : turns.get(job.id)
      return (before && left([...before, job])) ?? Number.NaN
    }),
  )
}

/** Whether steps of a job may go on after its timeout. */
function mayCleanUp({ steps }: Record<string, unknown>): boolean {
  return (
    Array.isArray(steps) && steps.some((step) => isRecord(step) && /\b(always|cancelled)\s*\(/i.test(String(step.if)))
  )
}

/** Returns those of the jobs that cannot begin, by the file, before someone has approved one. */
export function jobsHeldUp(file: WorkflowFile, jobs: readonly Job[]): Job[] {
  const held = heldUpIn(file, jobs)
  return jobs.filter((job) => job.status !== 'in_progress' && held?.has(definitionOf(file, job)?.[0] ?? ''))
}

/**
 * The ids of the jobs that only wait for an approval, or need one of which something waits.
 *
 * @returns undefined if it is unknown which job waits
 */
function heldUpIn(file: WorkflowFile, jobs: readonly Job[]): Set<string> | undefined {
  const waiting = new Set<string>()
  const busy = new Set<string>()
  for (const job of jobs.filter(({ status }) => status !== 'completed')) {
    const [id, definition] = definitionOf(file, job) ?? []
    if (id === undefined && job.status === 'waiting') return undefined
    if (id !== undefined && job.status === 'waiting') waiting.add(id)
    // A called workflow may have jobs besides the one that waits.
    if (id !== undefined && (job.status !== 'waiting' || (isRecord(definition) && definition.uses))) busy.add(id)
  }
  const held = new Set([...waiting].filter((id) => !busy.has(id)))
  const dependents = dependentsIn(file)
  const left = [...waiting]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const more = (dependents.get(next) ?? []).filter(({ id }) => !held.has(id))
    for (const { id } of more) {
      held.add(id)
      left.push(id)
    }
  }
  return held
}

/** The ids of the jobs that need a job, by its id. */
function dependentsIn(file: WorkflowFile): Map<string, { id: string }[]> {
  const needs = Object.entries(definitionsIn(file) ?? {}).flatMap(([id, one]) =>
    [...needsOf(one)].map((need) => ({ need, id })),
  )
  return Map.groupBy(needs, ({ need }) => need)
}

/**
 * Whether a newcomer cancels what is ahead of it in its concurrency group. An expression may say either, so only the
 * literal `true` counts.
 *
 * @param job undefined for the whole run
 */
export function cancelsAhead(file: WorkflowFile, job: Job | undefined): boolean {
  const holder = job === undefined ? file : definitionOf(file, job)?.[1]
  // A job that calls a workflow may wait for that workflow's group, which the file does not show.
  if (!isRecord(holder) || (job !== undefined && !hasOwnSteps(file, job))) return false
  return isRecord(holder.concurrency) && holder.concurrency['cancel-in-progress'] === true
}

/** Whether all runs of this file are in one concurrency group: no expression names it. */
export function hasFixedGroup(file: WorkflowFile): boolean {
  if (!isRecord(file)) return false
  const group = isRecord(file.concurrency) ? file.concurrency.group : file.concurrency
  return typeof group === 'string' && !group.includes('${{')
}

/** Whether a job has its steps in this file, and does not stand for a workflow that it calls. */
export function hasOwnSteps(file: WorkflowFile, job: Job): boolean {
  const definition = definitionOf(file, job)?.[1]
  return isRecord(definition) && definition.uses === undefined
}

/** Whether a job may wait for more than a runner: an approval, a concurrency group, or either in a called workflow. */
export function mayWaitInJobs(file: WorkflowFile): boolean {
  return Object.values(definitionsIn(file) ?? {}).some(
    (job) => isRecord(job) && [job.environment, job.concurrency, job.uses].some((one) => one !== undefined),
  )
}
