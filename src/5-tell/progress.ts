import type { Inputs } from '../1-read/inputs.ts'
import type { Facts, Glimpse } from '../2-look/look.ts'
import type { RunsSeen } from '../2-look/look-at-runs.ts'
import type { Ignored } from '../2-look/why-ignored.ts'
import type { Decision } from '../3-decide/decide.ts'
import { isAtRisk } from '../3-decide/grace.ts'
import { needsOf, type RunNeed } from '../3-decide/needs.ts'
import type { Rotated } from '../4-rotate-and-write/rotate-and-write.ts'
import type { RotationLog } from '../4-rotate-and-write/rotation.ts'

const MINUTE = 60_000

/** What had been done when the run ended, however it ended. */
export interface Progress {
  inputs?: Inputs
  /** Why the event that started this run leads to nothing. */
  ignored?: Ignored | undefined
  /** What had been seen when looking failed. */
  glimpse?: Glimpse
  facts?: Facts
  decision?: Decision
  rotations?: RotationLog
  rotated?: Rotated
  /** Runs that were queued between the first look and the write. */
  later?: RunsSeen | undefined
}

/** What the runs need that were queued behind the first look, in minutes from the second one on. */
export function needsOfLater({ later }: Progress): RunNeed[] {
  return needsOf(later?.holders ?? [])
}

/** How much of the grace period had gone by at the second look, in minutes: as long as that was behind the first. */
export function minutesGoneBy({ facts, later }: Progress): number {
  return facts === undefined || later === undefined ? 0 : Math.max(0, later.at - facts.runs.at) / MINUTE
}

/** The runs whose token may die before they end, those that were queued behind the first look too. */
export function runsAtRisk(progress: Progress): RunNeed[] {
  const { decision } = progress
  if (decision === undefined || decision.action === 'skip') return []
  const { minutes, atRisk } = decision.grace
  const left = minutes - minutesGoneBy(progress)
  return [...atRisk, ...needsOfLater(progress).filter((need) => isAtRisk(need, left))]
}
