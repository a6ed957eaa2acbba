import type { Change } from '../3-decide/changes.ts'
import { isDue } from '../3-decide/plan.ts'
import type { KeyPlan, Step } from '../3-decide/plan-key.ts'
import { type Destination, nameOf } from '../destination.ts'
import { quote } from '../services/problem.ts'
import type { Progress } from './progress.ts'
import { type DestinationReport, type Report, reportOf } from './report.ts'
import { reasonInWords } from './words.ts'

/** What had been done with one key of the manifest when the run ended. */
export interface KeyProgress {
  plan: KeyPlan
  /** Which of the keys, from 0. */
  slot: number
  telling: Progress
  /** The steps that were taken. */
  done: Step[]
  deleted: Destination[]
  errors: unknown[]
  /** When its copies were written, ms since the epoch on GitHub's clock. */
  writtenAt?: number
}

/** What became of one key. */
export interface KeyOutcome {
  name: string
  /** Undefined for a key that is missing. */
  id: string | undefined
  status: 'rotated' | 'created' | 'updated' | 'deleted' | 'unchanged' | 'deferred' | 'planned' | 'skipped' | 'failed'
  /** Whether it had, or has, something to do. */
  isDue: boolean
  /** Whether something of it was changed. */
  isChanged: boolean
  /** What was done, or would be, each as a line. */
  steps: readonly string[]
  /** Why it is rotated, or is not. */
  because: string | undefined
  report: Report
}

/** How a key is called in titles and messages: by its name, else as its entry has it. */
export function titleOf({ seen: { key, entry } }: KeyPlan): string {
  return quote(nameIn({ key, entry }))
}

export function outcomeOf(one: KeyProgress, dryRun: boolean): KeyOutcome {
  const { plan, telling, done, errors } = one
  const { key, entry } = plan.seen
  const report = entry.state === 'absent' ? reportOfAbsent(one) : reportOf(telling, errors)
  const taken = dryRun ? plan.steps : done
  const id = report.key?.id ?? key?.id
  return {
    name: nameIn(plan.seen),
    id: id === '' ? undefined : id,
    status: statusOf(one, report, dryRun),
    isDue: isDue(plan),
    isChanged: done.length > 0,
    steps: taken.flatMap((step) => stepInWords(step)),
    because: report.because && reasonInWords(report.because),
    report: {
      ...report,
      warnings: [...plan.warnings, ...report.warnings.map((warning) => `${titleOf(plan)}: ${warning}`)],
    },
  }
}

/** Its name, else what its entry says. */
export function nameIn({ key, entry }: Pick<KeyPlan['seen'], 'key' | 'entry'>): string {
  return key?.name ?? (entry.key.by === 'name' ? entry.key.name : entry.key.id)
}

function statusOf({ plan, telling, done }: KeyProgress, report: Report, dryRun: boolean): KeyOutcome['status'] {
  if (report.errors.length > 0) return 'failed'
  if (plan.seen.ignored !== undefined) return 'skipped'
  if (dryRun && plan.steps.length > 0) return 'planned'
  const did = new Set(done.map(({ kind }) => kind))
  if (did.has('create')) return 'created'
  if (telling.rotated !== undefined) return 'rotated'
  if (did.has('delete key') || did.has('delete secret')) return 'deleted'
  if (plan.isPutOff || telling.decision?.action === 'defer') return 'deferred'
  return did.has('update') ? 'updated' : 'unchanged'
}

/** A step as a reviewer wants to read it. */
export function stepInWords(step: Step): string[] {
  switch (step.kind) {
    case 'create':
      return [`make the key with ${rolesInWords(step.fields)}`]
    case 'update':
      return step.changes.map((change) => `change its ${change.field}: ${changeInWords(change)}`)
    case 'rotate':
      return ['rotate']
    case 'fill':
      return [`fill ${nameOf(step.destination)} (${step.state})`]
    case 'delete secret':
      return [`delete ${nameOf(step.destination)}`]
    case 'delete key':
      return ['delete the key']
  }
}

function rolesInWords({ roles, teamRoles }: { roles: readonly string[]; teamRoles: readonly string[] }): string {
  return [...roles, ...teamRoles.map((role) => `${role} (for teams)`)].join(', ') || 'no role'
}

function changeInWords({ field, added, removed }: Change): string {
  if (field === 'comments') return added.length > 0 ? quote(added.join()) : 'none'
  const lost = removed.map((one) => `- ${one} (at once, for running jobs too)`)
  return [...added.map((one) => `+ ${one}`), ...lost].join(', ')
}

/** A key that is to be absent is not decided on like the others. */
function reportOfAbsent({ plan, deleted, telling, errors }: KeyProgress): Report {
  const { key, copies } = plan.seen
  const report = reportOf(telling, errors)
  const destinations = copies.copies.map(
    ({ destination, writtenAt }): DestinationReport => ({
      destination,
      result: writtenAt === undefined || deleted.includes(destination) ? 'missing' : 'current',
    }),
  )
  const archived = copies.archived.map((destination) => ({ destination, result: 'archived' as const }))
  const failed = [...report.destinations.filter(({ result }) => result === 'failed'), ...archived]
  const others = destinations.filter(({ destination }) => !failed.some((one) => one.destination === destination))
  return { ...report, ...(key && { key: { id: key.id, name: key.name } }), destinations: [...others, ...failed] }
}
