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
import { areAllStale } from './staleness.ts'
import { holdersOf, OrganizationLists, type Shares, type Watched, watchesOf, watchesOfOrganization } from './watches.ts'
import { type Issuer, whoIssued } from './who-issued.ts'
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
  credentials: readonly Credential[]
  /** How many writes of other keys may come first. */
  writesAhead: number
  runs: RunsSeen
  /** Who issued the key's token, asked when every copy is older than it. */
  issuer: Issuer | undefined
}

/** What is asked for. */
export type Wanted = Pick<Inputs, 'key' | 'destinations' | 'force'>

/** What is known before looking, and who is told of it. */
interface Known {
  withRuns?: boolean
  asking?: Asking | undefined
  glimpse?: Glimpse
}

/** Which key, and who asks for it. */
export interface Asking {
  caller: Identity
  key: Key
}

/** What has been seen, also where looking fails in the end. */
export interface Glimpse {
  key?: Key
  /** When the key's token was issued: ms since the epoch on this machine's clock. */
  issuedAt?: number
  copies: Copy[]
}

/**
 * Asks everything that can be asked before the rotation, all at once, so that whatever can be known to fail is known
 * while nothing has changed.
 *
 * @param asking where the key is known already
 * @param glimpse is told at once what is seen
 * @param withRuns false where the grace period is decided already
 * @throws Problem, or AggregateError of several
 */
export async function look(
  wanted: Wanted,
  { incident, github }: Services,
  context: RunContext,
  { withRuns = true, asking, glimpse = { copies: [] } }: Known = {},
): Promise<Facts> {
  const { destinations } = wanted
  const shared = startLooking(destinations, github, context)
  const finding = asking === undefined ? lookAtKey(wanted.key, incident, context) : Promise.resolve(asking)
  const notice = ({ key }: Asking) =>
    void Object.assign(glimpse, { key, issuedAt: Date.parse(key.issuedAt) - incident.time.offset })
  finding.then(notice, () => {})
  for (const copy of shared.copying.values()) copy.then((seen) => glimpse.copies.push(seen)).catch(() => {})
  const work = allOrProblems([
    finding,
    copiesOf([...shared.copying.values()], wanted.force),
    withRuns ? runsOf(destinations, shared, github, context) : Promise.resolve(NO_RUNS),
  ])
  const [found, copies, runs] = await whileSaying(
    'Looking',
    () =>
      shared.seen() < destinations.length
        ? `Looking: ${shared.seen()} of ${destinations.length} destinations, and the runs in flight.`
        : 'Waiting for incident.io, or for what GitHub tells of the runs in flight.',
    work,
  )
  return { ...(await factsOf(found, copies, wanted.force, { incident, github }, context)), runs }
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
  /** How many copies have been seen. */
  seen: () => number
}

/** Begins to look at destinations: at everything at once, and at what several of them share once. */
export function startLooking(destinations: readonly Destination[], github: GitHub, context: RunContext): Shared {
  const copying = new Map(
    lookAtCopies(destinations, github, context).map((copy, index) => [destinations[index] as Destination, copy]),
  )
  const organizations = new Set(destinations.filter(isOfOrganization).map(({ owner }) => owner.toLowerCase())).size
  const shares = { writes: destinations.length, organizations, lists: new OrganizationLists(github.places) }
  let seen = 0
  for (const copy of copying.values()) copy.finally(() => seen++).catch(() => {})
  return { copying, shares, seen: () => seen }
}

/** Nobody was looked at. */
export const NO_RUNS: RunsSeen = { at: 0, holders: [], ids: new Set(), watches: [] }

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
  const issuer = areAllStale(writable.copies, issuedAt)
    ? await whoIssued(issuedAt + github.time.offset, github, context)
    : undefined
  return { caller, key, issuedAt, ...writable, writesAhead: 0, runs: NO_RUNS, issuer }
}

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
