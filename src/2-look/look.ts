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
import { type Credential, copiesOf, withinRateLimits } from './writable.ts'

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
  runs: RunsSeen
  /** Who issued the key's token, asked when every copy is older than it. */
  issuer: Issuer | undefined
}

/**
 * Asks everything that can be asked before the rotation, all at once, so that whatever can be known to fail is known
 * while nothing has changed.
 *
 * @param withRuns false where the grace period is decided already
 * @throws Problem, or AggregateError of several
 */
export async function look(
  inputs: Inputs,
  { incident, github }: { incident: IncidentIo; github: GitHub },
  context: RunContext,
  { withRuns = true } = {},
): Promise<Facts> {
  const { destinations } = inputs
  const copying = lookAtCopies(destinations, github, context)
  const organizations = new Set(destinations.filter(isOfOrganization).map(({ owner }) => owner.toLowerCase())).size
  const shares = { writes: destinations.length, organizations, lists: new OrganizationLists(github.places) }
  const watching = withRuns
    ? destinations.map((destination, index) => watchesFor(destination, copying[index], shares, github))
    : []
  let seen = 0
  for (const copy of copying) copy.finally(() => seen++).catch(() => {})
  const work = allOrProblems([
    lookAtKey(inputs.key, incident, context),
    copiesOf(copying, inputs.force),
    lookAtRuns(watching, lookingAt(github, context)),
  ])
  const [{ caller, key }, copies, runs] = await whileSaying(
    () => `Looking: ${seen} of ${destinations.length} destinations, and the runs in flight.`,
    work,
  )
  const writable = await withinRateLimits(copies, github, inputs.force)
  const issuedAt = Date.parse(key.issuedAt) - incident.time.offset
  const issuer = areAllStale(writable.copies, issuedAt)
    ? await whoIssued(issuedAt + github.time.offset, github, context)
    : undefined
  return { caller, key, issuedAt, ...writable, runs, issuer }
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
