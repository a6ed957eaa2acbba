import type { Glimpse } from '../2-look/look.ts'
import { type CopyState, stateOf } from '../2-look/staleness.ts'
import { notesOn } from '../2-look/watches.ts'
import type { Ignored } from '../2-look/why-ignored.ts'
import type { Reason } from '../3-decide/decide.ts'
import type { RunNeed } from '../3-decide/needs.ts'
import { problemsOf } from '../4-rotate-and-write/rotate-and-write.ts'
import { expiryOf } from '../4-rotate-and-write/rotation.ts'
import type { Destination } from '../destination.ts'
import { ManifestProblem, Problem } from '../services/problem.ts'
import { eventInWords } from './event.ts'
import { messagesOf } from './messages.ts'
import { minutesGoneBy, needsOfLater, type Progress, runsAtRisk } from './progress.ts'
import { graceReasons, warningsOf } from './warnings.ts'

/** What happened, as data: the log, the outputs and the summary are made from this and nothing else. */
export interface Report {
  status: 'rotated' | 'skipped' | 'deferred' | 'planned' | 'failed'
  /** Whether a new token was issued, whatever became of it. */
  rotated: boolean
  key?: { id: string; name: string }
  /** The name of the key, or the manifest, that was asked for, where no key was seen. */
  asked?: string
  because?: Reason | Ignored['because']
  graceMinutes?: number
  /** Why the grace period is what it is; undefined when it was asked for. */
  graceBecause?: string
  /** The run that decided the grace period; undefined if no run did. */
  graceRun?: Pick<RunNeed, 'runId' | 'url'>
  /** RFC 3339. */
  tokenIssuedAt?: string
  /** RFC 3339. */
  oldTokenExpiresAt?: string
  destinations: readonly DestinationReport[]
  /** Runs whose token may die before they end. */
  runsAtRisk: readonly RunNeed[]
  /** The runs in flight against the grace period; undefined when there is none. */
  timeline?: Timeline
  /** Worth knowing, and nothing to act on: whole sentences. */
  notes: readonly string[]
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
  result: CopyState | 'created' | 'updated' | 'failed' | 'archived'
  error?: string
}

/** Whether a destination holds the key's current token. */
export function isWell({ result }: DestinationReport): boolean {
  return result === 'created' || result === 'updated' || result === 'current'
}

/**
 * The one place where the verdict is computed: exit 0 is every status but `failed`.
 *
 * @param thrown what ended the run early; empty when nothing did
 */
export function reportOf(progress: Progress, thrown: readonly unknown[]): Report {
  const { inputs, ignored, glimpse, facts, decision, rotations, rotated } = progress
  const key = rotated?.key ?? facts?.key ?? ignored?.key ?? glimpse?.key
  const errors = errorsOf(progress, thrown)
  const isDue = decision !== undefined && decision.action !== 'skip'
  const hasOldToken = decision?.because.kind !== 'missing-key'
  const expiresAt = rotated?.oldTokenExpiresAt ?? (rotations && decision && expiryOf(rotations, decision.grace.minutes))
  return {
    status: statusOf(progress, errors),
    rotated: rotated !== undefined || (rotations?.lost.length ?? 0) > 0,
    ...(key && { key: { id: key.id, name: key.name } }),
    ...(!key && askedFor(progress, thrown)),
    ...tokenIssuedAt(progress),
    ...(ignored && { because: ignored.because }),
    ...(decision && { because: decision.because }),
    ...(isDue && hasOldToken && { graceMinutes: decision.grace.minutes }),
    ...(isDue && hasOldToken && inputs?.grace === 'auto' && graceReasons(progress)),
    ...(expiresAt && { oldTokenExpiresAt: expiresAt }),
    destinations: destinationsOf(progress, errors),
    runsAtRisk: runsAtRisk(progress),
    ...timelineOf(progress),
    notes: [...eventNotes(progress), ...(isDue ? notesOn(inputs?.destinations ?? []) : [])],
    warnings: warningsOf(progress),
    errors: messagesOf(errors),
  }
}

function askedFor({ inputs }: Progress, thrown: readonly unknown[]): Pick<Report, 'asked'> {
  if (inputs?.key.by === 'name') return { asked: inputs.key.name }
  const mistake = thrown.find((error) => error instanceof ManifestProblem)
  return mistake === undefined ? {} : { asked: mistake.file }
}

/** Everything that went wrong: what ended the run early, and what did not. */
export function errorsOf({ facts, rotated }: Progress, thrown: readonly unknown[]): unknown[] {
  return [...thrown, ...(facts?.passedOver ?? []), ...(rotated ? problemsOf(rotated.key, rotated) : [])]
}

function tokenIssuedAt({ ignored, glimpse, facts, rotations, rotated }: Progress): Pick<Report, 'tokenIssuedAt'> {
  const seen = facts?.key.issuedAt ?? ignored?.key?.issuedAt ?? glimpse?.key?.issuedAt
  const known = rotated?.issuedAt ?? rotations?.lost.at(-1) ?? seen
  // A key that is still to be made has none.
  return known ? { tokenIssuedAt: known } : {}
}

/** Who rotated the key, where somebody told it. */
function eventNotes({ inputs, ignored }: Progress): string[] {
  if (inputs?.event === undefined || ignored?.because.kind === 'another-key') return []
  return [eventInWords(inputs.event)]
}

function statusOf({ ignored, decision, rotated, inputs }: Progress, errors: readonly unknown[]): Report['status'] {
  if (errors.length === 0 && ignored !== undefined) return 'skipped'
  if (errors.length > 0 || decision === undefined) return 'failed'
  if (rotated !== undefined) return 'rotated'
  if (decision.action === 'skip') return 'skipped'
  if (decision.action === 'defer') return 'deferred'
  if (inputs?.dryRun) return 'planned'
  throw new Error('Invariant violation: a rotation was decided, and neither carried out nor refused')
}

function timelineOf(progress: Progress): { timeline?: Timeline } {
  const { facts, decision, rotated } = progress
  if (facts === undefined || decision === undefined || decision.action === 'skip') return {}
  const goneBy = minutesGoneBy(progress)
  const queued = needsOfLater(progress).map((need) => later(need, goneBy))
  const runs = [...decision.needs, ...queued]
  if (runs.length === 0) return {}
  const rotatedAt = rotated === undefined ? facts.runs.at : Date.parse(rotated.issuedAt)
  return { timeline: { rotatedAt, graceMinutes: decision.grace.minutes, runs } }
}

/** A need that was read some minutes after the others, counted from where those are. */
function later(need: RunNeed, minutes: number): RunNeed {
  const { safeMinutes, waitMinutes } = need
  return {
    ...need,
    safeMinutes: safeMinutes + minutes,
    waitMinutes: waitMinutes && waitMinutes + minutes,
  }
}

function destinationsOf(
  { glimpse, facts, decision, rotations, rotated }: Progress,
  errors: readonly unknown[],
): DestinationReport[] {
  const archived = (facts?.archived ?? []).map((destination) => ({ destination, result: 'archived' as const }))
  const passedOver = [...(facts?.passedOver ?? []).flatMap(failedDestination), ...archived]
  if (rotated !== undefined) {
    const { standing } = rotated
    const isStale = standing.kind === 'superseded' && !standing.isEverywhere
    const written = rotated.written.map((one) =>
      one.result === 'failed'
        ? { destination: one.destination, result: one.result, error: one.error.message }
        : { destination: one.destination, result: isStale ? ('stale' as const) : one.result },
    )
    return [...written, ...passedOver]
  }
  if (facts === undefined) {
    const failed = errors.flatMap(failedDestination)
    return [...statesIn(glimpse, failed), ...failed]
  }
  // A token was issued, or may have been, and no copy holds it.
  const isSuperseded = rotations !== undefined && (rotations.open || rotations.lost.length > 0)
  const states = facts.copies.map(({ destination }, index): DestinationReport => {
    const state = decision?.states[index] ?? 'failed'
    return { destination, result: isSuperseded && state === 'current' ? 'stale' : state }
  })
  return [...states, ...passedOver]
}

/** The copies that were seen although looking failed, beside those for which it did. */
function statesIn(glimpse: Glimpse | undefined, failed: readonly DestinationReport[]): DestinationReport[] {
  if (glimpse?.key === undefined) return []
  const { copies, issuedAt } = glimpse
  return copies
    .filter(({ destination }) => !failed.some((one) => one.destination === destination))
    .map((copy) => ({ destination: copy.destination, result: stateOf(copy, issuedAt) }))
}

/** A destination that failed, where an error is about one. */
function failedDestination(error: unknown): DestinationReport[] {
  if (!(error instanceof Problem) || error.parts.destination === undefined) return []
  return [{ destination: error.parts.destination, result: 'failed', error: error.message }]
}
