import type { Job } from '../services/github-runs.ts'
import { definitionOf, definitionsIn, isRecord, type WorkflowFile } from './job-names.ts'

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

/** The environments that jobs of the workflow are bound to; undefined for one that only an expression names. */
export function environmentsOf(file: WorkflowFile): (string | undefined)[] {
  const jobs = jobsIn(file).filter(({ environment }) => environment !== undefined)
  return [...new Set(jobs.map(({ environment }) => nameOfEnvironment(environment)))]
}

/**
 * Returns the workflows that jobs of this one call: the path of each in the same repository at the same commit, and
 * undefined for one of another repository, and for one that cannot be read.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_iduses
 */
export function callsOf(file: WorkflowFile): (string | undefined)[] {
  const calls = jobsIn(file).flatMap(({ uses }) => (uses === undefined ? [] : [uses]))
  return [...new Set(calls.map((uses) => LOCAL_CALL.exec(String(uses).trim())?.[1]))]
}

/** GitHub calls workflows only from this folder, and no path may lead out of it. */
const LOCAL_CALL = /^[.$]\/(\.github\/workflows\/[^/@]+\.ya?ml)$/i

const jobsIn = (file: WorkflowFile): Record<string, unknown>[] =>
  Object.values(definitionsIn(file) ?? {}).filter((job) => isRecord(job))

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
