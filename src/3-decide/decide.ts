import type { Inputs } from '../1-read/inputs.ts'
import type { Facts } from '../2-look/look.ts'
import { type CopyState, stateOf } from '../2-look/staleness.ts'
import type { Identity, KeyFields } from '../services/incident-io.ts'
import { type Grace, graceFor } from './grace.ts'
import { needsOf, type RunNeed } from './needs.ts'
import { rotatesItself } from './self.ts'

/** Why the key is rotated, or is not. Times are milliseconds. */
export type Reason =
  | { kind: 'forced' }
  | { kind: 'healing'; stale: number; missing: number }
  | { kind: 'due'; age: number; minTokenAge: number }
  | { kind: 'overdue'; age: number; maxTokenAge: number }
  | { kind: 'young'; age: number; dueIn: number }
  | { kind: 'only-heals'; age: number }
  /** An event of the audit log started this run, and every copy is current. */
  | { kind: 'answered' }
  /** There is no such key, and one is to be made. */
  | { kind: 'missing-key' }
  /** Every destination is in an archived repository. */
  | { kind: 'archived' }
  /** Two runs in a row failed to repair these secrets: the next repair waits. */
  | { kind: 'repair-paused'; stale: number; missing: number }

export interface Decision {
  /** `defer` and `refuse`: a rotation is due, and runs in flight need the old token for too long. */
  action: 'rotate' | 'skip' | 'defer' | 'refuse'
  because: Reason
  /** What the runs in flight that may use the secret need. */
  needs: readonly RunNeed[]
  grace: Grace
  /** Whether the rotation would yield to the runs that need too long. */
  yields: boolean
  /** Those of them that are worth waiting for first: a run in line for the rotating run ends only after that. */
  worthWaiting: readonly RunNeed[]
  states: readonly CopyState[]
}

/** An age counts as reached early by a tenth, at most 6 h, so that a weekly schedule that drifts stays weekly. */
const EARLY_SHARE = 0.1
const MOST_EARLY = 6 * 60 * 60 * 1000

/**
 * Decides whether to rotate now, and with which grace period.
 *
 * @param now ms since the epoch on this machine's clock, like every time in `facts`
 */
export function decide(inputs: Inputs, facts: Facts, now: number): Decision {
  const { age, states, because } = reasonOf(inputs, facts, now)
  const isDue = isReasonToRotate(because)
  const needs = needsOf(facts.runs.holders)
  // Calls that this run still makes with the old token, in the post step too, must not be cut off.
  const sawAll = facts.runs.gap === undefined && !rotatesItself(facts)
  const grace = graceFor(needs, sawAll, {
    asked: inputs.grace,
    least: inputs.minGraceMinutes,
    writes: facts.writesAhead + Math.max(0, ...facts.credentials.map(({ writes }) => writes)),
  })
  const yields = isDue && grace.tooLong.length > 0 && mayYield(inputs, because)
  const isRefused = because.kind === 'repair-paused' || (isDue && takesTurns(inputs, facts))
  const action = isRefused ? 'refuse' : !isDue ? 'skip' : yields ? yieldTo(inputs, age) : 'rotate'
  const worthWaiting = yields ? grace.tooLong.filter(({ waitsForOwnRun }) => !waitsForOwnRun) : []
  return { action, because, needs, grace, yields, worthWaiting, states }
}

/** Whether a rotation is due, as far as it can be told without the runs in flight. */
export function mayRotate(inputs: Inputs, facts: Facts, now: number): boolean {
  return isReasonToRotate(reasonOf(inputs, facts, now).because)
}

function reasonOf(inputs: Inputs, facts: Facts, now: number) {
  const states = facts.copies.map((copy) => stateOf(copy, facts.issuedAt))
  // Clocks differ a little: a token is never younger than new.
  const age = Math.max(0, now - facts.issuedAt)
  const isNothingLeft = facts.copies.length === 0 && facts.archived.length > 0
  const because: Reason = isNothingLeft
    ? { kind: 'archived' }
    : reasonFor(inputs, states, age, facts.failedRepair !== undefined)
  return { age, states, because }
}

const NO_REASONS: readonly Reason['kind'][] = ['young', 'only-heals', 'answered', 'archived', 'repair-paused']

function isReasonToRotate({ kind }: Reason): boolean {
  return !NO_REASONS.includes(kind)
}

/** A number and `force` never yield, and neither does the mending of a stale copy: jobs hold a dead token then. */
function mayYield({ grace, force }: Inputs, because: Reason): boolean {
  return grace === 'auto' && !force && !(because.kind === 'healing' && because.stale > 0)
}

/** A token of somebody else's that was issued so soon after our newest copy tells of two rotators, in ms. */
const TURN = 2 * 60 * 60 * 1000

/** Whether something else rotates this key in turns with this workflow: to heal would only go on with it. */
export function takesTurns({ force }: Inputs, { copies, issuedAt, issuer }: Facts): boolean {
  const newest = Math.max(...copies.map(({ updatedAt }) => updatedAt ?? Number.NEGATIVE_INFINITY))
  return !force && issuer === 'something else' && issuedAt - newest < TURN
}

/** What `long-runs` asks for; past the highest age nothing is put off any more. */
function yieldTo({ longRuns, maxTokenAge }: Inputs, age: number): Decision['action'] {
  switch (longRuns) {
    case 'proceed':
      return 'rotate'
    case 'fail':
      return 'refuse'
    case 'defer':
      return maxTokenAge !== undefined && age > maxTokenAge ? 'rotate' : 'defer'
  }
}

function reasonFor(inputs: Inputs, states: readonly CopyState[], age: number, isPaused: boolean): Reason {
  if (inputs.force) return { kind: 'forced' }
  const stale = states.filter((state) => state === 'stale').length
  const missing = states.filter((state) => state === 'missing').length
  if (stale + missing === 0) return reasonByAge(inputs, age)
  if (!isPaused) return { kind: 'healing', stale, missing }
  const byAge = reasonByAge(inputs, age)
  return isReasonToRotate(byAge) ? byAge : { kind: 'repair-paused', stale, missing }
}

function reasonByAge(inputs: Inputs, age: number): Reason {
  const { minTokenAge, maxTokenAge } = inputs
  if (inputs.event !== undefined) return { kind: 'answered' }
  if (minTokenAge === 'never') return { kind: 'only-heals', age }
  if (maxTokenAge !== undefined && age > maxTokenAge) return { kind: 'overdue', age, maxTokenAge }
  const reached = minTokenAge - Math.min(minTokenAge * EARLY_SHARE, MOST_EARLY)
  return age >= reached ? { kind: 'due', age, minTokenAge } : { kind: 'young', age, dueIn: reached - age }
}

/** A key that is still to be made: nobody holds a token of it, so nobody is waited for. */
export function decideOnNew({ copies }: Pick<Facts, 'copies'>, minGraceMinutes: number): Decision {
  const grace = { minutes: minGraceMinutes, longest: undefined, atRisk: [], tooLong: [] }
  const states = copies.map(({ writtenAt }) => (writtenAt === undefined ? 'missing' : 'stale'))
  return {
    action: 'rotate',
    because: { kind: 'missing-key' },
    needs: [],
    grace,
    yields: false,
    worthWaiting: [],
    states,
  }
}

/**
 * Roles of the key that the managing key lacks by name: incident.io compares scopes, so this is a hint, no verdict. It
 * lacks none of its own.
 */
export function lackingRoles({ key, caller }: { key: KeyFields; caller: Identity }): string[] {
  if (rotatesItself({ key, caller })) return []
  const forAccount = new Set(caller.roles)
  const forTeams = new Set([...caller.roles, ...caller.teamRoles])
  return [
    ...key.roles.filter((role) => !forAccount.has(role)),
    ...key.teamRoles.filter((role) => !forTeams.has(role)).map((role) => `${role} (for teams)`),
  ]
}
