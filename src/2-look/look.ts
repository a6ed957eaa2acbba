import type { Inputs } from '../1-read/inputs.ts'
import { type Destination, isOfOrganization, nameOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { Identity, IncidentIo, Key } from '../services/incident-io.ts'
import { whileSaying } from '../services/log.ts'
import { allOrProblems, type Problem } from '../services/problem.ts'
import { type Copy, lookAtCopies } from './look-at-copies.ts'
import { lookAtKey } from './look-at-key.ts'
import { type Looking, lookAtRuns, type RunsSeen } from './look-at-runs.ts'
import { areAllStale, stateOf } from './staleness.ts'
import { holdersOf, OrganizationLists, type Shares, type Watched, watchesOf, watchesOfOrganization } from './watches.ts'
import { type Issuer, issuerAmong, repeatedFailure, runsUntil } from './who-issued.ts'
import { type Copies, type Credential, copiesOf, withinRateLimits } from './writable.ts'

/** Everything that the decision rests on. All times are ms since the epoch on this machine's clock. */
export interface Facts {
  key: Key
  /** When the key's token was issued. */
  issuedAt: number
  caller: Identity
  copies: readonly Copy[]
  /** Destinations that cannot be written, which `force` passes over. */
  passedOver: readonly Problem[]
  /** Destinations in archived repositories, which are left out. */
  archived: readonly Destination[]
  credentials: readonly Credential[]
  /** How many writes of other keys may come first. */
  writesAhead: number
  runs: RunsSeen
  /** Who issued the key's token, asked when every copy is older than it. */
  issuer: Issuer | undefined
  /**
   * The URL of the run that issued the key's token and failed, as the run before it did; asked if there is something to
   * repair and the token is young.
   */
  failedRepair: string | undefined
}

/** What is asked for. */
export type Wanted = Pick<Inputs, 'key' | 'destinations' | 'force'>

/** Which key, and who asks for it. */
export interface Asking {
  caller: Identity
  key: Key
}

/** What was seen although looking failed. */
export interface Glimpse {
  key: Key | undefined
  /** When the key's token was issued: ms since the epoch on this machine's clock; NaN when that was not seen. */
  issuedAt: number
  copies: readonly Copy[]
}

/** How to look, beside what is wanted. */
interface How {
  /** False where the grace period is decided already. */
  withRuns?: boolean
  /** Where the key is known already. */
  asking?: Asking | undefined
  /** Is told what was seen all the same. */
  whenFailed?: (glimpse: Glimpse) => void
}

/**
 * Asks everything that can be asked before the rotation, all at once, so that whatever can be known to fail is known
 * while nothing has changed.
 *
 * @throws Problem, or AggregateError of several
 */
export async function look(
  wanted: Wanted,
  { incident, github }: Services,
  context: RunContext,
  { withRuns = true, asking, whenFailed }: How = {},
): Promise<Facts> {
  const { destinations } = wanted
  const shared = startLooking(destinations, github, context)
  const finding = asking === undefined ? lookAtKey(wanted.key, incident, context) : Promise.resolve(asking)
  const copying = [...shared.copying.values()]
  const work = allOrProblems([
    finding,
    copiesOf(copying, wanted.force),
    withRuns ? runsOf(destinations, shared, github, context) : Promise.resolve(NO_RUNS),
  ])
  try {
    const [found, copies, runs] = await whileSaying(
      'Looking',
      () =>
        shared.seen() < destinations.length
          ? `Looking: ${shared.seen()} of ${destinations.length} destinations, and the runs in flight.`
          : 'Waiting for incident.io, or for what GitHub tells of the runs in flight.',
      work,
    )
    return { ...(await factsOf(found, copies, wanted.force, { incident, github }, context)), runs }
  } catch (error) {
    const found = await finding.catch(() => undefined)
    whenFailed?.(await glimpseOf(found?.key, copying, incident))
    throw error
  }
}

/** What was seen of a key, and of its copies beside those that could not be looked at. */
export async function glimpseOf(
  key: Key | undefined,
  copying: readonly Promise<Copy>[],
  { time }: IncidentIo,
): Promise<Glimpse> {
  const settled = await Promise.allSettled(copying)
  const copies = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  return { key, issuedAt: Date.parse(key?.issuedAt ?? '') - time.offset, copies }
}

/** Both services, as they are looked at. */
export interface Services {
  incident: IncidentIo
  github: GitHub
}

/** What is being looked at, shared by all keys whose destinations these are. */
export interface Shared {
  copying: ReadonlyMap<Destination, Promise<Copy>>
  shares: Shares
  /** Every destination of this run. */
  named: readonly Destination[]
  /** How many copies have been seen. */
  seen: () => number
}

/**
 * Begins to look at destinations: at everything at once, and at what several of them share once.
 *
 * @param named every destination of this run, whichever are looked at
 */
export function startLooking(
  destinations: readonly Destination[],
  github: GitHub,
  context: RunContext,
  named = destinations,
): Shared {
  const copying = new Map(
    lookAtCopies(destinations, github, context, named).map((copy, index) => [destinations[index] as Destination, copy]),
  )
  const organizations = new Set(destinations.filter(isOfOrganization).map(({ owner }) => owner.toLowerCase())).size
  const shares = { writes: destinations.length, organizations, lists: new OrganizationLists(github.places) }
  let seen = 0
  for (const copy of copying.values()) copy.finally(() => seen++).catch(() => {})
  return { copying, shares, named, seen: () => seen }
}

/** Nobody was looked at. */
export const NO_RUNS: RunsSeen = { at: 0, holders: [], ids: new Set(), watches: [], busy: new Set() }

/** The runs in flight that hold what these destinations hold. */
export function runsOf(
  destinations: readonly Destination[],
  { copying, shares }: Shared,
  github: GitHub,
  context: RunContext,
): Promise<RunsSeen> {
  const watching = destinations.map((destination) => watchesFor(destination, copying.get(destination), shares, github))
  return lookAtRuns(watching, lookingAt(github, context))
}

/**
 * Everything but the runs, from what was seen of a key and its copies.
 *
 * @throws Problem, or AggregateError of several, where the rate limits do not allow the writes
 */
export async function factsOf(
  { caller, key }: Asking,
  copies: Copies,
  isForced: boolean,
  { incident, github }: Services,
  context: RunContext,
): Promise<Facts> {
  const writable = await withinRateLimits(copies, github, isForced)
  const issuedAt = Date.parse(key.issuedAt) - incident.time.offset
  const facts = { caller, key, issuedAt, ...writable, writesAhead: 0, runs: NO_RUNS }
  return { ...facts, ...(await repairFacts(facts, isForced, github, context)) }
}

/** Reads the history of this workflow, as far as repairing secrets depends on it. */
async function repairFacts(
  { copies, issuedAt }: Pick<Facts, 'copies' | 'issuedAt'>,
  isForced: boolean,
  github: GitHub,
  context: RunContext,
): Promise<Pick<Facts, 'issuer' | 'failedRepair'>> {
  const asksWho = areAllStale(copies, issuedAt)
  const isRepair = copies.some((copy) => stateOf(copy, issuedAt) !== 'current')
  const isYoung = isRepair && !isForced && context.now() - issuedAt < REPAIR_PAUSE
  if (!asksWho && !isYoung) return { issuer: undefined, failedRepair: undefined }
  const at = issuedAt + github.time.offset
  const runs = await runsUntil(at, github, context)
  return {
    issuer: asksWho ? (runs === undefined ? 'unknown' : issuerAmong(runs, context.runId, at)) : undefined,
    failedRepair: isYoung && runs !== undefined ? repeatedFailure(runs, context.runId, at)?.url : undefined,
  }
}

/** After two runs that failed to repair a secret, the next repair waits until the key's token is this old, in ms. */
const REPAIR_PAUSE = 6 * 60 * 60_000

/** How the runs are looked at. */
export function lookingAt(github: GitHub, { now, runId }: RunContext): Looking {
  return { runs: github.runs, ownRunId: runId, now: () => now() + github.time.offset }
}

/** Where the runs are that hold a destination's value; of an organization's that is known when the secret is. */
async function watchesFor(
  destination: Destination,
  copying: Promise<Copy> | undefined,
  shares: Shares,
  github: GitHub,
): Promise<Watched> {
  if (!isOfOrganization(destination)) return watchesOf(destination)
  if (holdersOf(destination) === undefined) return { watches: [] }
  const copy = await copying?.catch(() => undefined)
  if (copy === undefined) return { watches: [], gap: `Who can read ${nameOf(destination)} could not be seen.` }
  if (copy.writtenAt === undefined) return { watches: [] }
  return watchesOfOrganization(destination, copy.visibility?.level, copy.selected ?? [], shares, github)
}
