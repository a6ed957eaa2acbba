import type { Inputs } from '../1-read/inputs.ts'
import type { Facts } from '../2-look/look.ts'
import type { RunsSeen } from '../2-look/look-at-runs.ts'
import { type CopyState, type Decision, lackingRoles, type Reason } from '../3-decide/decide.ts'
import { isAtRisk, MARGIN } from '../3-decide/grace.ts'
import { LONGEST_GRACE, needOf, type RunNeed } from '../3-decide/needs.ts'
import { namesOf, needTooLong } from '../3-decide/too-long.ts'
import { problemsOf, type Rotated } from '../4-rotate-and-write/rotate-and-write.ts'
import { expiryOf, type RotationLog } from '../4-rotate-and-write/rotation.ts'
import { type Destination, nameOf } from '../destination.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { messageOf } from './messages.ts'
import { plural } from './words.ts'

/** What happened, as data: the log, the outputs and the summary are made from this and nothing else. */
export interface Report {
  status: 'rotated' | 'skipped' | 'deferred' | 'planned' | 'failed'
  /** Whether a new token was issued, whatever became of it. */
  rotated: boolean
  key?: { id: string; name: string }
  because?: Reason
  graceMinutes?: number
  /** Why the grace period is what it is; undefined when it was asked for. */
  graceBecause?: string
  /** RFC 3339. */
  tokenIssuedAt?: string
  /** RFC 3339. */
  oldTokenExpiresAt?: string
  destinations: readonly DestinationReport[]
  /** Runs whose token may die before they end. */
  runsAtRisk: readonly RunNeed[]
  /** The runs in flight against the grace period; undefined when there is none. */
  timeline?: Timeline
  warnings: readonly string[]
  /** Whole sentences, one for each annotation. */
  errors: readonly string[]
}

export interface Timeline {
  /** When the key is rotated, or would be: ms since the epoch. */
  rotatedAt: number
  graceMinutes: number
  runs: readonly RunNeed[]
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
  /** Runs that were queued between the first look and the write. */
  later?: RunsSeen
}

/**
 * The one place where the verdict is computed: exit 0 is every status but `failed`.
 *
 * @param thrown what ended the run early; empty when nothing did
 */
export function reportOf(progress: Progress, thrown: readonly unknown[]): Report {
  const { inputs, facts, decision, rotations, rotated } = progress
  const errors = [...thrown, ...(rotated && facts ? problemsOf(facts.key, rotated) : [])]
  const isDue = decision !== undefined && decision.action !== 'skip'
  const expiresAt = rotated?.oldTokenExpiresAt ?? (rotations && decision && expiryOf(rotations, decision.grace.minutes))
  return {
    status: statusOf(progress, errors),
    rotated: rotated !== undefined || (rotations?.lost.length ?? 0) > 0,
    ...(facts && { key: { id: facts.key.id, name: facts.key.name } }),
    ...(facts && { tokenIssuedAt: rotated?.issuedAt ?? rotations?.lost.at(-1) ?? facts.key.issuedAt }),
    ...(decision && { because: decision.because }),
    ...(isDue && { graceMinutes: decision.grace.minutes }),
    ...(isDue && inputs?.grace === 'auto' && { graceBecause: graceInWords(progress) }),
    ...(expiresAt && { oldTokenExpiresAt: expiresAt }),
    destinations: destinationsOf(progress, errors),
    runsAtRisk: runsAtRisk(progress),
    ...timelineOf(progress),
    warnings: warningsOf(progress),
    errors: errors.map(messageOf),
  }
}

function statusOf({ decision, rotated, inputs }: Progress, errors: readonly unknown[]): Report['status'] {
  if (errors.length > 0 || decision === undefined) return 'failed'
  if (rotated !== undefined) return 'rotated'
  if (decision.action === 'skip') return 'skipped'
  if (decision.action === 'defer') return 'deferred'
  if (inputs?.dryRun) return 'planned'
  throw new Error('Invariant violation: a rotation was decided, and neither carried out nor refused')
}

const needsOfLater = (later: RunsSeen | undefined): RunNeed[] => (later?.holders ?? []).map(needOf)

/** Whoever was queued behind the first look is told against the same grace period. */
function runsAtRisk({ decision, later }: Progress): RunNeed[] {
  if (decision === undefined || decision.action === 'skip') return []
  const { minutes, atRisk } = decision.grace
  return [...atRisk, ...needsOfLater(later).filter((need) => isAtRisk(need, minutes))]
}

function timelineOf({ facts, decision, rotated, later }: Progress): { timeline?: Timeline } {
  if (facts === undefined || decision === undefined || decision.action === 'skip') return {}
  const runs = [...decision.needs, ...needsOfLater(later)]
  if (runs.length === 0) return {}
  const rotatedAt = rotated === undefined ? facts.runs.at : Date.parse(rotated.issuedAt)
  return { timeline: { rotatedAt, graceMinutes: decision.grace.minutes, runs } }
}

/** Why `auto` gives what it gives. */
function graceInWords({ facts, decision }: Progress): string {
  if (facts === undefined || decision === undefined) return ''
  const { longest, minutes } = decision.grace
  if (facts.runs.gap !== undefined) return 'not every run could be seen'
  if (longest === undefined) {
    return decision.needs.length === 0
      ? 'no run in flight needs the old token'
      : 'no run in flight needs the old token, but those that wait for an approval'
  }
  const name = quote(longest.workflow)
  if (longest.by === 'nothing') return `${name} needs it for an unknown time`
  const by = longest.by === 'history' ? 'by its past runs' : 'by the timeouts of its jobs'
  const needed = Math.ceil(longest.minutes)
  const isLeast = minutes < LONGEST_GRACE && minutes > needed + MARGIN + 1 ? '; min-grace-minutes is more' : ''
  return `${name} needs it for ${plural(needed, 'minute')} ${by}${isLeast}`
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

function warningsOf(progress: Progress): string[] {
  const { inputs, facts, decision, rotations, later } = progress
  if (facts === undefined || decision === undefined || decision.action === 'skip') return []
  const warnings: string[] = []
  const lacking = lackingRoles(facts)
  if (lacking.length > 0) {
    warnings.push(
      `The managing key lacks roles of the key by name: ${someOf(lacking)}. incident.io compares what the roles allow, ` +
        'and refuses a rotation, with nothing changed, when the other roles do not allow the same.',
    )
  }
  if (inputs?.force !== true && decision.because.kind === 'healing' && decision.because.missing > 0) {
    const missing = facts.copies.filter((_, index) => decision.states[index] === 'missing')
    warnings.push(
      `${someOf(missing.map(({ destination }) => nameOf(destination)))} did not exist. If the name is a typo, correct it: ` +
        'what else holds a token of this key stops working when the grace period ends.',
    )
  }
  if (facts.runs.note !== undefined) warnings.push(facts.runs.note)
  if (facts.runs.gap !== undefined) {
    const consequence = inputs?.grace === 'auto' ? 'So the grace period is 60 minutes. ' : ''
    warnings.push(`${facts.runs.gap} ${consequence}Runs at risk may be missing from the list.`)
  } else if (later?.gap !== undefined) {
    warnings.push(`${later.gap} Runs that were queued during the rotation were not checked.`)
  }
  if (decision.action === 'defer') {
    warnings.push(
      `The rotation is put off, because ${needTooLong(decision.grace.tooLong)}. Run again when they have ended, give ` +
        '"max-wait-minutes" to wait for them, or "max-token-age" to rotate anyway past that age.',
    )
  } else if (progress.rotated !== undefined || inputs?.dryRun) {
    const atRisk = runsAtRisk(progress)
    if (atRisk.length > 0) {
      warnings.push(
        `The old token may die before ${plural(atRisk.length, 'run')} in flight ${atRisk.length === 1 ? 'ends' : 'end'}: ` +
          `${namesOf(atRisk)}. If one fails, start a new run.`,
      )
    }
  }
  const lost = rotations?.lost.length ?? 0
  if (lost > 0) {
    warnings.push(
      `${lost === 1 ? 'A token was' : `${lost} tokens were`} issued and lost on the way, so the key was rotated again. ` +
        'Nobody holds what was lost; it dies when its grace period ends.',
    )
  }
  return warnings
}
