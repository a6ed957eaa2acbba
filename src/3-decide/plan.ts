import { MOST_WRITES } from '../1-read/destinations.ts'
import { NO_RUNS } from '../2-look/look.ts'
import type { Seen } from '../2-look/look-at-manifest.ts'
import type { Access } from '../services/github.ts'
import { REQUESTS_PER_WRITE } from '../services/github-client.ts'
import { quote } from '../services/problem.ts'
import { isStale, type KeyPlan, planKey } from './plan-key.ts'

/**
 * What is to be done with every key of the manifest.
 *
 * @param now ms since the epoch on this machine's clock
 * @returns in the order of the manifest
 */
export function planFor(keys: readonly Seen[], now: number): KeyPlan[] {
  const plans = new Map(keys.map((seen) => [seen, planKey(seen, writesAheadOf(seen, keys), now)]))
  // GitHub may not take all the writes of one run: what jobs fail with comes first, then the oldest token.
  const left = new Map<Access, number>()
  for (const plan of [...plans.values()].sort(byUrgency)) plans.set(plan.seen, withinLimits(plan, left))
  return [...plans.values()]
}

/** What is to be done with a key that was looked at once more; what was put off stays put off. */
export function planAgain(before: KeyPlan, seen: Seen, now: number): KeyPlan {
  const plan = planKey(seen, before.facts?.writesAhead ?? 0, now)
  return before.isPutOff ? withoutRotation({ ...plan, warnings: before.warnings }) : plan
}

function withoutRotation(plan: KeyPlan): KeyPlan {
  return {
    ...plan,
    isPutOff: true,
    steps: plan.steps.filter(({ kind }) => kind === 'update'),
    decision: plan.decision && { ...plan.decision, action: 'skip' },
  }
}

/** How many writes of other keys a key's own may have to wait for with its credentials, at the most. */
function writesAheadOf(seen: Seen, keys: readonly Seen[]): number {
  const own = new Set(seen.copies.credentials.map(({ access }) => access))
  const shared = ({ copies }: Seen) => copies.credentials.filter(({ access }) => own.has(access))
  return keys
    .filter((other) => other !== seen && mayWrite(other))
    .map((other) => Math.max(0, ...shared(other).map(({ writes }) => writes)))
    .reduce((sum, writes) => Math.min(MOST_WRITES, sum + writes), 0)
}

/** Whether it is to be rotated, as far as it was looked at for that, or to be made. */
function mayWrite({ entry, facts, errors }: Seen): boolean {
  if (entry.state === 'absent' || errors.length > 0) return false
  return facts === undefined || facts.runs !== NO_RUNS
}

/** The keys that are due: with something to do, put off, or refused because of runs that a later run may wait for. */
export function isDue({ steps, decision, isPutOff }: KeyPlan): boolean {
  return steps.length > 0 || isPutOff || decision?.action === 'defer' || isHeldUp(decision)
}

const isHeldUp = (decision: KeyPlan['decision']): boolean => decision?.action === 'refuse' && decision.yields

/** Stale copies first, then the oldest tokens, then keys that are still to be made. */
export function byUrgency(one: KeyPlan, other: KeyPlan): number {
  return Number(isStale(other)) - Number(isStale(one)) || issuedAt(one) - issuedAt(other) || 0
}

/** When its token was issued, ms since the epoch; a key that is missing has none, and comes last. */
export function issuedAt({ seen: { key } }: KeyPlan): number {
  return Date.parse(key?.issuedAt ?? '') || Number.MAX_SAFE_INTEGER
}

/**
 * The plan, or its rotation put off when a credential has used up what GitHub takes of it.
 *
 * @param left how many more writes each credential has, kept up to date
 */
function withinLimits(plan: KeyPlan, left: Map<Access, number>): KeyPlan {
  if (!plan.steps.some(({ kind }) => kind === 'rotate' || kind === 'create')) return plan
  const { copies, inputs } = plan.seen
  const requests = inputs.force ? 1 : REQUESTS_PER_WRITE
  const leftOf = (access: Access) =>
    left.get(access) ??
    Math.min(MOST_WRITES, Math.floor((access.budget?.remaining ?? Number.POSITIVE_INFINITY) / requests))
  const lacking = copies.credentials.find(({ access, writes }) => writes > leftOf(access))
  if (lacking !== undefined) return putOff(plan, lacking.access)
  for (const { access, writes } of copies.credentials) left.set(access, leftOf(access) - writes)
  return plan
}

function putOff(plan: KeyPlan, { budget }: Access): KeyPlan {
  const { entry, key } = plan.seen
  const name = key?.name ?? (entry.key.by === 'name' ? entry.key.name : entry.key.id)
  const isBudget = budget !== undefined && budget.remaining < MOST_WRITES * REQUESTS_PER_WRITE
  const why = isBudget
    ? `too few requests of GitHub's rate limit are left (${budget.remaining}) beside those that other keys need`
    : `GitHub takes about ${MOST_WRITES} writes an hour of one credential, and other keys use them up`
  return withoutRotation({
    ...plan,
    warnings: [
      ...plan.warnings,
      `The key ${quote(name)} is put off to another run: ${why}. Run once more after an hour, or use a GitHub App that is ` +
        "installed in several accounts: GitHub's limits hold for each of them.",
    ],
  })
}
