import { nearest } from '../1-read/nearest.ts'
import { type Facts, NO_RUNS } from '../2-look/look.ts'
import type { Seen } from '../2-look/look-at-manifest.ts'
import type { CopyState } from '../2-look/staleness.ts'
import { type Destination, nameOf } from '../destination.ts'
import { type Key, type KeyFields, MANAGING } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { archivedInWords } from './archived.ts'
import { type Change, changesBetween, fieldsFor, fieldsOfNew, whyNotSettable } from './changes.ts'
import { type Decision, decide, decideOnNew } from './decide.ts'
import { warningsOfLackingRoles } from './lacking-roles.ts'
import { refusalOf } from './refusal.ts'
import { rotatesItself } from './self.ts'

/** One thing to do with a key, in the order in which they are done. */
export type Step =
  | { kind: 'create'; fields: KeyFields }
  | { kind: 'update'; fields: KeyFields; changes: readonly Change[] }
  | { kind: 'rotate' }
  /** Goes with a rotation: a copy that does not hold the key's token. */
  | { kind: 'fill'; destination: Destination; state: Exclude<CopyState, 'current'> }
  | { kind: 'delete secret'; destination: Destination }
  | { kind: 'delete key' }

/** What is to be done with one key of the manifest. */
export interface KeyPlan {
  seen: Seen
  /** Nothing to do when there are none. */
  steps: readonly Step[]
  /** Of a key that is there and is to stay, or is to be made, as they are decided on. */
  facts: Facts | undefined
  decision: Decision | undefined
  /** Whether it is the managing key itself: it comes last. */
  isSelf: boolean
  /** Whether its rotation has to wait for another run, since this one may not write that much. */
  isPutOff: boolean
  /** What is wrong; what can be done all the same stands among the steps. */
  errors: readonly unknown[]
  /** Whole sentences. */
  warnings: readonly string[]
}

/** An absent key that was used so short a while ago may be missed, in ms. */
const USED = 7 * 24 * 60 * 60 * 1000

/**
 * What is to be done with one key.
 *
 * @param writesAhead how many writes of other keys may come before its own
 * @param now ms since the epoch on this machine's clock
 */
export function planKey(seen: Seen, writesAhead: number, now: number): KeyPlan {
  const { caller, key, errors } = seen
  const isSelf = key !== undefined && rotatesItself({ key, caller })
  const facts = seen.facts && { ...seen.facts, writesAhead }
  const plan = { seen, steps: [], facts, decision: undefined, isSelf, isPutOff: false, errors, warnings: [] }
  if (errors.length > 0 || seen.ignored !== undefined) return plan
  if (seen.entry.state === 'absent') return planDeletion(plan, now + seen.clockAhead)
  return facts === undefined ? planCreation(plan) : planRotation(plan, facts, now)
}

function planRotation(plan: KeyPlan, facts: Facts, now: number): KeyPlan {
  const { entry, inputs } = plan.seen
  const decision = decide(inputs, facts, now)
  // An event of the audit log mends copies, and nothing else.
  const fields = inputs.event === undefined ? fieldsFor(entry, facts.key) : facts.key
  const changes = changesBetween(facts.key, fields)
  const consequence = isStale({ decision }) ? 'Its stale copies are mended all the same.' : undefined
  const unsettable = changes.length > 0 ? whyNotSettable(fields, facts.key, consequence) : undefined
  // Jobs fail with a stale copy: it is mended whatever else is wrong.
  if (unsettable !== undefined && !isStale({ decision })) return { ...plan, decision, errors: [unsettable] }
  // Where runs are waited for first, what they stand in the way of is decided on once more.
  const waits = decision.worthWaiting.length > 0 && inputs.maxWaitMinutes > 0 && !inputs.dryRun
  const refusal = waits ? undefined : refusalOf(inputs, facts, decision, now)
  const errors = [unsettable, refusal].filter((error) => error !== undefined)
  if (refusal !== undefined) return { ...plan, decision, errors }
  const rotates = decision.action === 'rotate' || waits
  const isUpdated = changes.length > 0 && unsettable === undefined
  return {
    ...plan,
    // What is warned of is what it is to be.
    facts: { ...facts, key: { ...facts.key, ...(isUpdated && fields) } },
    decision,
    errors,
    steps: [
      ...(isUpdated ? [{ kind: 'update', fields, changes } as const] : []),
      ...(rotates ? [{ kind: 'rotate' } as const, ...fillsOf(facts.copies, decision.states)] : []),
    ],
    warnings: [
      ...plan.warnings,
      ...(isUpdated ? takenAway(changes, facts.key.name) : []),
      ...(isUpdated ? misspelt(changes, [...plan.seen.caller.roles, ...facts.key.roles]) : []),
      ...(isUpdated && !rotates ? lackingFor(plan, fields, changes) : []),
    ],
  }
}

/** Whether a copy holds a token that is not the key's any more. */
export function isStale({ decision }: Pick<KeyPlan, 'decision'>): boolean {
  return decision?.states.includes('stale') ?? false
}

function fillsOf(copies: readonly { destination: Destination }[], states: readonly CopyState[]): Step[] {
  return copies.flatMap(({ destination }, index): Step[] => {
    const state = states[index] ?? 'current'
    return state === 'current' ? [] : [{ kind: 'fill', destination, state }]
  })
}

/** A role is gone for every token of the key at once, the one that running jobs hold too. */
function takenAway(changes: readonly Change[], name: string): string[] {
  return changes
    .filter(({ field, removed }) => field !== 'comments' && removed.length > 0)
    .map(
      ({ field, removed }) =>
        `The key ${quote(name)} loses ${field} at once (${removed.map(quote).join(', ')}): jobs that are running and need them fail.`,
    )
}

/** A role that nobody here has, and that is nearly one that somebody has. incident.io's own list grows. */
function misspelt(changes: readonly Change[], known: readonly string[]): string[] {
  return changes
    .filter(({ field }) => field === 'roles' || field === 'team roles')
    .flatMap(({ added }) => added.filter((role) => !known.includes(role)))
    .flatMap((role) => {
      const near = nearest(role, known)
      return near === undefined ? [] : [`The role ${quote(role)} may be misspelt; did you mean ${quote(near)}?`]
    })
}

/** Where no rotation warns of it. */
function lackingFor({ seen: { caller } }: KeyPlan, fields: KeyFields, changes: readonly Change[]): string[] {
  if (!changes.some(({ field, added }) => field !== 'comments' && added.length > 0)) return []
  return warningsOfLackingRoles({ key: fields, caller })
}

function planCreation(plan: KeyPlan): KeyPlan {
  const { entry, copies, caller, inputs } = plan.seen
  const fields = fieldsOfNew(entry, entry.key.by === 'name' ? entry.key.name : entry.key.id)
  const refusal = whyNotSettable(fields, undefined)
  if (refusal !== undefined) return { ...plan, errors: [refusal] }
  if (plan.seen.similar.length > 0 && !inputs.force)
    return { ...plan, errors: [similarKey(fields.name, plan.seen.similar)] }
  // Its token would be nowhere.
  if (copies.copies.length === 0) return { ...plan, warnings: [...plan.warnings, archivedInWords(copies.archived)] }
  const decision = decideOnNew(copies, inputs.minGraceMinutes)
  const key = { ...fields, id: '', issuedAt: '', lastUsedAt: undefined, unread: [] }
  const isEmpty = fields.roles.length + fields.teamRoles.length === 0
  const existing = copies.copies
    .filter(({ writtenAt }) => writtenAt !== undefined)
    .map(({ destination }) => nameOf(destination))
  return {
    ...plan,
    decision,
    facts: {
      ...copies,
      key,
      caller,
      issuedAt: Number.NaN,
      writesAhead: 0,
      runs: NO_RUNS,
      issuer: undefined,
      failedRepair: undefined,
    },
    steps: [{ kind: 'create', fields }, ...fillsOf(copies.copies, decision.states)],
    warnings: [
      ...plan.warnings,
      ...nearlyNamed(fields.name, plan.seen.near),
      ...(isEmpty
        ? [`The key ${quote(fields.name)} is made without any role, so it may do nothing; give it "roles".`]
        : []),
      ...(existing.length > 0
        ? [
            `The first token of the key ${quote(fields.name)} is written over what these secrets hold now: ${someOf(existing)}.`,
          ]
        : []),
    ],
  }
}

/** A key that is to be created next to one with a similar name is a slip, most likely. */
function similarKey(name: string, similar: readonly string[]): Problem {
  return new Problem({
    goal: 'make',
    subject: `the API key ${quote(name)}`,
    cause: 'there is a key with a similar name, which no entry of the manifest names',
    remedy: `Did you mean ${similar.map(quote).join(' or ')}? Nothing was changed for it. Correct the name. If you mean a new key, run once with "force: true".`,
  })
}

/** A key that is to be made beside one of the same name but for its case may be a slip. */
function nearlyNamed(name: string, near: readonly string[]): string[] {
  return near
    .filter((other) => other.trim().toLowerCase() === name.trim().toLowerCase())
    .map((other) => `There is no key ${quote(name)}, and so one is made; but there is ${quote(other)}.`)
}

/** @param now ms since the epoch on incident.io's clock */
function planDeletion(plan: KeyPlan, now: number): KeyPlan {
  const { entry, key, caller, copies } = plan.seen
  const secrets = copies.copies
    .filter(({ writtenAt }) => writtenAt !== undefined)
    .map(({ destination }): Step => ({ kind: 'delete secret', destination }))
  const name = entry.key.by === 'name' ? entry.key.name : entry.key.id
  // A key that is not seen may be alive, under a name that is nearly this one, or in a team of others.
  const seesAll = caller.roles.includes(MANAGING)
  const mayBeAlive = key === undefined && (!seesAll || plan.seen.near.length > 0)
  if (mayBeAlive && secrets.length > 0 && !entry.evenIfUsed)
    return { ...plan, errors: [unseenKey(name, plan.seen.near)] }
  // Of who calls incident.io tells the name, so that alone is enough here.
  if (key !== undefined && key.name === caller.name) return { ...plan, errors: [ownKey(key)] }
  if (key !== undefined && !entry.evenIfUsed && isInUse(key, now)) return { ...plan, errors: [inUse(key)] }
  // What cannot be deleted keeps the key: while it is there, the next run knows what is left to do. So it comes last.
  const last: Step[] = key === undefined || copies.passedOver.length > 0 ? [] : [{ kind: 'delete key' }]
  const warnings = copies.archived.length > 0 ? [...plan.warnings, archivedInWords(copies.archived)] : plan.warnings
  return { ...plan, errors: copies.passedOver, steps: [...secrets, ...last], warnings }
}

/**
 * Whether a key was used a short while ago, or nobody can tell.
 *
 * @param now ms since the epoch on incident.io's clock
 */
export function isInUse({ lastUsedAt, unread }: Key, now: number): boolean {
  return unread.includes('last_used_at') || now - Date.parse(lastUsedAt ?? '') < USED
}

function ownKey({ id, name }: Key): Problem {
  return new Problem({
    goal: 'delete',
    subject: `the API key ${quote(name)} (${id})`,
    cause: 'it is the managing key itself, with which everything is done',
    remedy: 'Nothing was changed for it. Take its entry out of the manifest, and delete it in the dashboard.',
  })
}

export function inUse({ id, name, lastUsedAt }: Key): Problem {
  return new Problem({
    goal: 'delete',
    subject: `the API key ${quote(name)} (${id})`,
    cause:
      lastUsedAt === undefined
        ? 'it was used at a time that cannot be read, so it counts as in use now'
        : `it was used at ${lastUsedAt}, less than 7 days ago`,
    remedy:
      'Nothing was changed for it. Find out what still uses it, and run again when it has been idle for 7 days; or give ' +
      'its entry "even-if-used: true", and whatever uses it fails at once.',
  })
}

function unseenKey(name: string, near: readonly string[]): Problem {
  return new Problem({
    goal: 'delete the secrets of',
    subject: `the API key ${quote(name)}`,
    cause: 'the managing key sees no such key, so nobody can tell whether it is still in use',
    remedy:
      `Nothing was changed for it. ${near.length > 0 ? `Did you mean ${near.map(quote).join(', ')}? Correct the name` : 'Use a managing key of the whole account'}. ` +
      'If the key is deleted already, give its entry "even-if-used: true" for one run, which deletes the secrets.',
  })
}
