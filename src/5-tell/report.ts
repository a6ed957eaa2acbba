import type { Inputs } from '../1-read/inputs.ts'
import type { Facts } from '../2-look/look.ts'
import { type CopyState, type Decision, lackingRoles, type Reason } from '../3-decide/decide.ts'
import { problemsOf, type Rotated } from '../4-rotate-and-write/rotate-and-write.ts'
import { expiryOf, type RotationLog } from '../4-rotate-and-write/rotation.ts'
import type { Destination } from '../destination.ts'
import { Problem, someOf } from '../services/problem.ts'
import { messageOf } from './messages.ts'

/** What happened, as data: the log, the outputs and the summary are made from this and nothing else. */
export interface Report {
  status: 'rotated' | 'skipped' | 'planned' | 'failed'
  /** Whether a new token was issued, whatever became of it. */
  rotated: boolean
  key?: { id: string; name: string }
  because?: Reason
  graceMinutes?: number
  /** Whether the grace period was left to this action. */
  graceIsAuto?: boolean
  /** RFC 3339. */
  tokenIssuedAt?: string
  /** RFC 3339. */
  oldTokenExpiresAt?: string
  destinations: readonly DestinationReport[]
  warnings: readonly string[]
  /** Whole sentences, one for each annotation. */
  errors: readonly string[]
}

export interface DestinationReport {
  destination: Destination
  result: CopyState | 'created' | 'updated' | 'failed'
  error?: string
}

/** What had been done when the run ended, however it ended. */
export interface Progress {
  inputs?: Inputs
  facts?: Facts
  decision?: Decision
  rotations?: RotationLog
  rotated?: Rotated
}

/**
 * The one place where the verdict is computed: exit 0 is every status but `failed`.
 *
 * @param thrown what ended the run early; empty when nothing did
 */
export function reportOf(progress: Progress, thrown: readonly unknown[]): Report {
  const { inputs, facts, decision, rotations, rotated } = progress
  const errors = [...thrown, ...(rotated && facts ? problemsOf(facts.key, rotated) : [])]
  const expiresAt = rotated?.oldTokenExpiresAt ?? (rotations && decision && expiryOf(rotations, decision.graceMinutes))
  return {
    status: statusOf(progress, errors),
    rotated: rotated !== undefined || (rotations?.lost.length ?? 0) > 0,
    ...(facts && { key: { id: facts.key.id, name: facts.key.name } }),
    ...(facts && { tokenIssuedAt: rotated?.issuedAt ?? rotations?.lost.at(-1) ?? facts.key.issuedAt }),
    ...(decision && { because: decision.because }),
    ...(decision?.rotate && { graceMinutes: decision.graceMinutes, graceIsAuto: inputs?.grace === 'auto' }),
    ...(expiresAt && { oldTokenExpiresAt: expiresAt }),
    destinations: destinationsOf(progress, errors),
    warnings: warningsOf(progress),
    errors: errors.map(messageOf),
  }
}

function statusOf({ decision, rotated, inputs }: Progress, errors: readonly unknown[]): Report['status'] {
  if (errors.length > 0 || decision === undefined) return 'failed'
  if (rotated !== undefined) return 'rotated'
  if (!decision.rotate) return 'skipped'
  if (inputs?.dryRun) return 'planned'
  throw new Error('Invariant violation: a rotation was decided, and neither carried out nor refused')
}

function destinationsOf(
  { facts, decision, rotations, rotated }: Progress,
  errors: readonly unknown[],
): DestinationReport[] {
  if (rotated !== undefined) {
    return rotated.written.map((one) =>
      one.result === 'failed'
        ? { destination: one.destination, result: one.result, error: one.error.message }
        : { destination: one.destination, result: one.result },
    )
  }
  if (facts === undefined) return errors.flatMap(failedDestination)
  // A token was issued, or may have been, and no copy holds it.
  const isSuperseded = rotations !== undefined && (rotations.open || rotations.lost.length > 0)
  return facts.copies.map(({ destination }, index) => {
    const state = decision?.states[index] ?? 'failed'
    return { destination, result: isSuperseded && state === 'current' ? 'stale' : state }
  })
}

/** Before everything was looked at, only a destination that failed is known. */
function failedDestination(error: unknown): DestinationReport[] {
  if (!(error instanceof Problem) || error.parts.destination === undefined) return []
  return [{ destination: error.parts.destination, result: 'failed', error: error.message }]
}

function warningsOf({ facts, decision, rotations }: Progress): string[] {
  if (facts === undefined || !decision?.rotate) return []
  const lacking = lackingRoles(facts)
  const lost = rotations?.lost.length ?? 0
  const warnings = []
  if (lacking.length > 0) {
    warnings.push(
      `The managing key lacks roles of the key by name: ${someOf(lacking)}. incident.io compares what the roles allow, ` +
        'and refuses a rotation, with nothing changed, when that is less.',
    )
  }
  if (lost > 0) {
    warnings.push(
      `${lost === 1 ? 'A token was' : `${lost} tokens were`} issued and lost on the way, so the key was rotated again. ` +
        'Nobody holds what was lost; it dies when its grace period ends.',
    )
  }
  return warnings
}
