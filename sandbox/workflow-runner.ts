import { type Contexts, fill, holds, valueIn } from './expressions.ts'
import type { StepResult } from './runner.ts'
import { calledPath, isOurs, type Job, parseWorkflow, read, type Scalar, type WorkflowStep } from './workflows.ts'

/** What starts a run, and what the repository has for it. */
export interface Start {
  event: 'schedule' | 'workflow_dispatch' | 'push' | 'repository_dispatch'
  /** Of a schedule, the one that started it. */
  cron?: string
  /** What somebody chose at the button, beside the defaults. */
  inputs?: Record<string, Scalar>
  /** The secrets and variables of the repository's environments; there are no others. */
  environments: Record<string, { secrets: Record<string, string>; vars?: Record<string, string> }>
  /** Runs a step of this repository's action with its `with:` block. */
  rotate(block: Record<string, string>): Promise<StepResult>
}

/** What was run: the `with:` block of each step of ours and what came of it, and the groups that the run waited in. */
export interface Played {
  steps: { job: string; with: Record<string, string>; result: StepResult }[]
  groups: string[]
}

/** Plays a workflow, as far as it is about this repository's action. No other step is run. */
export async function playWorkflow(text: string, start: Start): Promise<Played> {
  const played: Played = { steps: [], groups: [] }
  const workflow = parseWorkflow(text)
  const trigger = workflow.on[start.event]
  if (trigger === undefined) throw new Error(`the workflow is not started by ${start.event}`)
  const inputs = withDefaults(trigger?.inputs ?? {}, start.inputs ?? {})
  const github = { event_name: start.event, event: { schedule: start.cron ?? null } }
  await playJobs(text, { github, inputs }, { start, played, handedOver: undefined })
  return played
}

interface Stage {
  start: Start
  played: Played
  /** The names of the secrets that a caller hands over, with their values there; undefined for the workflow that is started. */
  handedOver: Record<string, string> | undefined
}

/** Plays the jobs in the order of the file. */
async function playJobs(text: string, contexts: Contexts, stage: Stage): Promise<void> {
  const { jobs, concurrency } = parseWorkflow(text)
  if (concurrency !== undefined) stage.played.groups.push(fill(concurrency.group, contexts))
  const needs: Record<string, { outputs: Record<string, string> }> = {}
  for (const [name, job] of Object.entries(jobs)) {
    if (job.if !== undefined && !holds(job.if, { ...contexts, needs })) continue
    for (const matrix of matrixOf(job, { ...contexts, needs })) {
      needs[name] = { outputs: await playJob(name, job, { ...contexts, needs, matrix }, stage) }
    }
  }
}

/** The combinations of a job's matrix: a single empty one without a matrix. */
function matrixOf({ strategy }: Job, contexts: Contexts): Record<string, string>[] {
  if (strategy === undefined) return [{}]
  return (valueIn(strategy.matrix, contexts) as { include: Record<string, string>[] }).include
}

async function playJob(
  name: string,
  job: Job,
  contexts: Contexts,
  { start, played, handedOver }: Stage,
): Promise<Record<string, string>> {
  const environment = job.environment === undefined ? undefined : fill(job.environment, contexts)
  const { secrets: own = {}, vars = {} } = environment === undefined ? {} : (start.environments[environment] ?? {})
  const secrets = handedOver === undefined ? own : ofThoseHandedOver(own, handedOver)
  const around = { ...contexts, vars, secrets }

  const called = calledPath(job)
  if (called !== undefined) {
    const { inputs = {} } = parseWorkflow(read(called)).on.workflow_call ?? {}
    const given = Object.fromEntries(Object.entries(job.with ?? {}).map(([key, value]) => [key, typed(value, around)]))
    const handing = filled(job.secrets ?? {}, around)
    const passed = { github: contexts.github, inputs: withDefaults(inputs, given) }
    await playJobs(read(called), passed, { start, played, handedOver: handing })
    return {}
  }

  const env = filled(job.env ?? {}, around)
  const steps: Record<string, { outputs: Record<string, string> }> = {}
  for (const step of job.steps ?? []) {
    if (!isOurs(step)) continue
    const block = blockOf(step, { ...around, env, steps })
    const result = await start.rotate(block)
    played.steps.push({ job: name, with: block, result })
    if (step.id !== undefined) steps[step.id] = { outputs: result.outputs }
  }
  return filled(job.outputs ?? {}, { ...around, steps })
}

const blockOf = (step: WorkflowStep, contexts: Contexts) => filled(step.with ?? {}, contexts)

/**
 * The secrets of a called job. The value that its environment has for a name comes before the one that the caller hands
 * over, and a name that the caller does not hand over is not there.
 *
 * @see https://docs.github.com/actions/how-tos/reuse-automations/reuse-workflows
 * @see https://github.com/actions/runner/issues/1490
 */
const ofThoseHandedOver = (own: Record<string, string>, handedOver: Record<string, string>) =>
  Object.fromEntries(Object.entries(handedOver).map(([name, value]) => [name, own[name] ?? value]))

const filled = (values: Record<string, Scalar>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, contexts)]))

/** A value that is no expression keeps its type. */
const typed = (value: Scalar, contexts: Contexts): Scalar => (typeof value === 'string' ? fill(value, contexts) : value)

/** What GitHub gives for an input that was left out. */
const EMPTY: Record<string, Scalar> = { boolean: false, number: 0 }

function withDefaults(
  declared: Record<string, { type: string; default?: Scalar; options?: string[] }>,
  given: Record<string, Scalar>,
): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type, default: value, options }]) => [
      name,
      given[name] ?? value ?? options?.[0] ?? EMPTY[type] ?? '',
    ]),
  )
}
