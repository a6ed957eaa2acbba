import type { Job } from '../services/github-runs.ts'

/** A workflow file as its YAML says, from outside and unchecked. */
export type WorkflowFile = unknown

const MINUTE = 60_000
/** The longest that a run can live, in minutes: 35 days. https://docs.github.com/actions/reference/limits */
const LONGEST_RUN = 35 * 24 * 60

/**
 * Whether a workflow may use a secret. It surely does not when no expression of it names the secret, indexes `secrets`
 * with anything but another name, or hands all of them on. When in doubt, it uses it.
 */
export function usesSecret(file: WorkflowFile, secret: string): boolean {
  if (!isRecord(file) || !isRecord(file.jobs)) return true
  const seen = new Set<unknown>()
  const visit = (value: unknown, key: string): boolean => {
    if (typeof value === 'string') {
      if (key === 'secrets' && value.trim() === 'inherit') return true
      // An `if` is an expression without its braces. Elsewhere everything behind the first brace is looked through: text
      // between two expressions may only make a workflow count that need not.
      const start = key === 'if' ? 0 : value.indexOf('${{')
      return start >= 0 && mentions(value.slice(start), secret)
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) return false
    if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return true
    seen.add(value)
    return Object.entries(value).some(([name, one]) => visit(name, '') || visit(one, name))
  }
  return visit(file, '')
}

/** Whether an expression may read this secret: `secrets.NAME`, `secrets['NAME']`, or `secrets` in any way but by another name. */
function mentions(expression: string, secret: string): boolean {
  return [...expression.matchAll(/\bsecrets\b/gi)].some(({ index }) => {
    const rest = expression.slice(index + 'secrets'.length)
    const name = /^\s*\.\s*([A-Za-z_][\w-]*)/.exec(rest)?.[1] ?? /^\s*\[\s*'([^']*)'\s*\]/.exec(rest)?.[1]
    return name === undefined || name.toUpperCase() === secret.toUpperCase()
  })
}

/**
 * The longest that a run of this workflow can go on, by the `timeout-minutes` of its jobs along the longest chain of
 * `needs`. Jobs that are known to have ended or begun count with what is left of them; those that wait for an approval,
 * and those that need them, with nothing, since nobody knows when they begin.
 *
 * @param jobs of the run, as far as they are known
 * @param now ms since the epoch on GitHub's clock
 * @returns minutes; undefined when a job sets no number (the default of 360 says nothing), calls another workflow, or
 *   runs a matrix one after the other, and when it cannot be told which job waits
 */
export function longestByTimeout(file: WorkflowFile, jobs: readonly Job[], now: number): number | undefined {
  const definitions = definitionsIn(file)
  const held = heldUpIn(file, jobs)
  if (definitions === undefined || held === undefined) return undefined
  const byName = Map.groupBy(Object.entries(definitions), ([id, one]) => nameOf(id, one))
  const above = new Set<string>()
  const totals = new Map<string, number>()
  const total = (id: string): number => {
    const known = totals.get(id)
    if (known !== undefined) return known
    const definition = definitions[id]
    if (!isRecord(definition) || above.has(id)) return Number.NaN
    if (held.has(id)) return 0
    above.add(id)
    const before = [definition.needs ?? []].flat().map((need) => total(String(need)))
    above.delete(id)
    const name = nameOf(id, definition)
    const listed = byName.get(name)?.length === 1 ? jobs.filter((job) => job.name === name) : []
    const sum = leftOf(definition, listed, now) + Math.max(0, ...before)
    totals.set(id, sum)
    return sum
  }
  const longest = Math.max(...Object.keys(definitions).map((id) => total(id)))
  return Number.isFinite(longest) ? longest : undefined
}

/**
 * The longest that these jobs can go on, by their own `timeout-minutes`.
 *
 * @param running jobs of the run that have begun
 * @param now ms since the epoch on GitHub's clock
 * @returns minutes; undefined when one of them sets no number, calls another workflow, or is not surely found in the file
 */
export function longestOf(file: WorkflowFile, running: readonly Job[], now: number): number | undefined {
  const lefts = running.map((job) => {
    const definition = definitionOf(file, job)?.[1]
    return isRecord(definition) ? leftOf({ ...definition, strategy: undefined }, [job], now) : Number.NaN
  })
  const longest = Math.max(...lefts)
  return Number.isFinite(longest) ? longest : undefined
}

/** Minutes left of a job; NaN when they cannot be told. */
function leftOf(definition: Record<string, unknown>, [job, another]: readonly Job[], now: number): number {
  const { 'timeout-minutes': timeout, strategy, uses } = definition
  const isOne = strategy === undefined && uses === undefined && another === undefined
  if (isOne && job?.status === 'completed') return 0
  if (typeof timeout !== 'number' || !(timeout > 0) || uses !== undefined) return Number.NaN
  const most = Math.min(timeout, LONGEST_RUN)
  if (strategy !== undefined) return isRecord(strategy) && strategy['max-parallel'] === undefined ? most : Number.NaN
  // A job that is not listed has not begun; two of one name cannot be told apart.
  if (job === undefined || !isOne) return most
  return job.status === 'in_progress' ? Math.max(0, most - (now - job.startedAt) / MINUTE) : most
}

/** Those of the jobs that cannot begin, by the file, before somebody has approved one. */
export function jobsHeldUp(file: WorkflowFile, jobs: readonly Job[]): Job[] {
  const held = heldUpIn(file, jobs)
  return jobs.filter((job) => job.status !== 'in_progress' && held?.has(definitionOf(file, job)?.[0] ?? ''))
}

/**
 * The ids of the jobs that only wait for an approval, or need one of which something waits.
 *
 * @returns undefined when it cannot be told which job waits
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
    (isRecord(one) ? [one.needs ?? []].flat() : []).map((need) => ({ need: String(need), id })),
  )
  return Map.groupBy(needs, ({ need }) => need)
}

function definitionsIn(file: WorkflowFile): Record<string, unknown> | undefined {
  return isRecord(file) && isRecord(file.jobs) ? file.jobs : undefined
}

/** The id and the definition of a job, by the name under which GitHub lists it; undefined when not surely one is it. */
function definitionOf(file: WorkflowFile, { name }: Job): readonly [string, unknown] | undefined {
  const [found, another] = Object.entries(definitionsIn(file) ?? {}).filter(([id, one]) =>
    isListedAs(name, nameOf(id, one)),
  )
  return another === undefined ? found : undefined
}

/** The name that a job is given; an id where it is given none. */
function nameOf(id: string, definition: unknown): unknown {
  return isRecord(definition) ? (definition.name ?? id) : id
}

/** Jobs of a matrix have their values behind the name in parentheses, those of a called workflow their own name. */
function isListedAs(listed: string, name: unknown): boolean {
  if (typeof name !== 'string') return false
  return listed === name || listed.startsWith(`${name} (`) || listed.startsWith(`${name} / `)
}

/** The environments that jobs of the workflow are bound to; undefined for one that only an expression names. */
export function environmentsOf(file: WorkflowFile): (string | undefined)[] {
  if (!isRecord(file) || !isRecord(file.jobs)) return []
  const jobs = Object.values(file.jobs).filter((job) => isRecord(job) && job.environment !== undefined)
  return [...new Set(jobs.map((job) => nameOfEnvironment((job as Record<string, unknown>).environment)))]
}

function nameOfEnvironment(environment: unknown): string | undefined {
  const name = isRecord(environment) ? environment.name : environment
  return typeof name === 'string' && !name.includes('${{') ? name.trim() : undefined
}

/**
 * Whether a job of the workflow may read a secret of this environment. A called workflow whose jobs are bound to one reads
 * its secrets whatever the caller hands on.
 */
export function mayReadEnvironment(file: WorkflowFile, secret: string, environment: string): boolean {
  const calls = isPlain(file) && isPlain(file.jobs) && Object.values(file.jobs).some((job) => isPlain(job) && job.uses)
  return Boolean(calls) || (mayUseEnvironment(file, environment) && usesSecret(file, secret))
}

/**
 * Whether a job of the workflow may be bound to this environment, and so hold its secrets. It surely is not when it names
 * none or another one; one that calls another workflow may be. When in doubt, it may.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idenvironment
 */
export function mayUseEnvironment(file: WorkflowFile, environment: string): boolean {
  if (!isPlain(file) || !isPlain(file.jobs)) return true
  return Object.values(file.jobs).some((job) => mayBeBound(job, environment))
}

/** Whether a job of a run may be bound to this environment: it surely is not when the file says so of it. */
export function mayBeIn(file: WorkflowFile, job: Job, environment: string): boolean {
  if (!isPlain(file) || !isPlain(file.jobs)) return true
  const definition = definitionOf(file, job)
  return definition === undefined || mayBeBound(definition[1], environment)
}

function mayBeBound(job: unknown, environment: string): boolean {
  if (!isPlain(job) || job.uses !== undefined) return true
  if (job.environment === undefined) return false
  const name = nameOfEnvironment(job.environment)
  // "Environment names are not case sensitive."
  // https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
  return name === undefined || name.toLowerCase() === environment.trim().toLowerCase()
}

/** Whether it is an ordinary map of YAML: those of other kinds keep their entries where nobody looks. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
