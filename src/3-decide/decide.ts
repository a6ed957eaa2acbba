import type { Inputs } from '../1-read/inputs.ts'
import type { Copy, Facts } from '../2-look/look.ts'

/** Whether a copy holds the key's current token, as far as its date tells. */
export type CopyState = 'current' | 'stale' | 'missing'

/** Why the key is rotated, or is not. Times are milliseconds. */
export type Reason =
  | { kind: 'forced' }
  | { kind: 'healing'; stale: number; missing: number }
  | { kind: 'due'; age: number; minTokenAge: number }
  | { kind: 'overdue'; age: number; maxTokenAge: number }
  | { kind: 'young'; age: number; dueIn: number }
  | { kind: 'only-heals'; age: number }

export interface Decision {
  rotate: boolean
  because: Reason
  /** How long the old token is to live on, in whole minutes. */
  graceMinutes: number
  states: readonly CopyState[]
}

/** incident.io's longest grace period, in minutes; `auto` gives it until runs in flight are looked at. */
export const LONGEST_GRACE = 60
/** The services' clocks are compared through `Date` headers of whole seconds; so much is allowed, in ms. */
const CLOCK_ALLOWANCE = 2000
/** An age counts as reached early by a tenth, at most 6 h, so that a weekly schedule that drifts stays weekly. */
const EARLY_SHARE = 0.1
const MOST_EARLY = 6 * 60 * 60 * 1000

/**
 * Decides whether to rotate now.
 *
 * @param now ms since the epoch on this machine's clock, like every time in `facts`
 */
export function decide(inputs: Inputs, facts: Facts, now: number): Decision {
  const states = facts.copies.map((copy) => stateOf(copy, facts.issuedAt))
  // Clocks differ a little: a token is never younger than new.
  const because = reasonFor(inputs, states, Math.max(0, now - facts.issuedAt))
  return {
    rotate: because.kind !== 'young' && because.kind !== 'only-heals',
    because,
    graceMinutes: inputs.grace === 'auto' ? LONGEST_GRACE : inputs.grace,
    states,
  }
}

/** A copy that was written before the key's token was issued holds an older token. */
export function stateOf({ updatedAt }: Pick<Copy, 'updatedAt'>, issuedAt: number): CopyState {
  if (updatedAt === undefined) return 'missing'
  return updatedAt + CLOCK_ALLOWANCE < issuedAt ? 'stale' : 'current'
}

function reasonFor(inputs: Inputs, states: readonly CopyState[], age: number): Reason {
  const { force, minTokenAge, maxTokenAge } = inputs
  if (force) return { kind: 'forced' }
  const stale = states.filter((state) => state === 'stale').length
  const missing = states.filter((state) => state === 'missing').length
  if (stale + missing > 0) return { kind: 'healing', stale, missing }
  if (minTokenAge === 'never') return { kind: 'only-heals', age }
  if (maxTokenAge !== undefined && age > maxTokenAge) return { kind: 'overdue', age, maxTokenAge }
  const reached = minTokenAge - Math.min(minTokenAge * EARLY_SHARE, MOST_EARLY)
  return age >= reached ? { kind: 'due', age, minTokenAge } : { kind: 'young', age, dueIn: reached - age }
}

/** Roles of the key that the managing key lacks by name: incident.io compares scopes, so this is a hint, no verdict. */
export function lackingRoles({ key, caller }: Pick<Facts, 'key' | 'caller'>): string[] {
  const forAccount = new Set(caller.roles)
  const forTeams = new Set([...caller.roles, ...caller.teamRoles])
  return [
    ...key.roles.filter((role) => !forAccount.has(role)),
    ...key.teamRoles.filter((role) => !forTeams.has(role)).map((role) => `${role} (for teams)`),
  ]
}
