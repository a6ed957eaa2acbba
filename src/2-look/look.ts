import type { Inputs } from '../1-read/inputs.ts'
import { whileSaying } from '../5-tell/say.ts'
import { type Destination, isOfOrganization } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { Budget } from '../services/github-client.ts'
import type { Identity, IncidentIo, Key } from '../services/incident-io.ts'
import { allOrProblems, errorsIn, Problem } from '../services/problem.ts'
import { type Copy, lookAtCopies } from './look-at-copies.ts'
import { lookAtKey } from './look-at-key.ts'
import { type Looking, lookAtRuns, type RunsSeen } from './look-at-runs.ts'
import { type Shares, type Watched, watchesOf, watchesOfOrganization } from './watches.ts'

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
}

/** What one credential has to write, and what it may. */
export interface Credential {
  owners: readonly string[]
  writes: number
  budget: Budget | undefined
}

/** A request of each kind a write may need: the write itself, and once more for what goes wrong. */
const REQUESTS_PER_WRITE = 2

/**
 * Asks everything that can be asked before the rotation, all at once, so that whatever can be known to fail is known
 * while nothing has changed.
 *
 * @throws Problem, or AggregateError of several
 */
export async function look(
  inputs: Inputs,
  { incident, github }: { incident: IncidentIo; github: GitHub },
  context: RunContext,
): Promise<Facts> {
  const { destinations } = inputs
  const copying = lookAtCopies(destinations, github, context)
  const shares = { writes: destinations.length, organizations: destinations.filter(isOfOrganization).length }
  const watching = destinations.map((destination, index) => watchesFor(destination, copying[index], shares, github))
  let seen = 0
  for (const copy of copying) copy.finally(() => seen++).catch(() => {})
  const work = allOrProblems([
    lookAtKey(inputs.key, incident, context),
    inputs.force ? writableOf(copying) : allOf(copying),
    lookAtRuns(watching, lookingAt(github, context)),
  ])
  const [{ caller, key }, { copies, passedOver }, runs] = await whileSaying(
    () => `Looking: ${seen} of ${destinations.length} destinations, and the runs in flight.`,
    work,
  )
  const credentials = await credentialsOf(copies, github)
  for (const credential of credentials) checkBudget(credential, inputs.force)
  return {
    caller,
    key,
    issuedAt: Date.parse(key.issuedAt) - incident.time.offset,
    copies,
    passedOver,
    credentials,
    runs,
  }
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
  // What keeps a destination from being looked at is told where it is looked at.
  const copy = await copying?.catch(() => undefined)
  if (copy?.writtenAt === undefined) return { watches: [] }
  return watchesOfOrganization(destination, copy.visibility?.level, copy.selected ?? [], shares, github)
}

interface Copies {
  copies: readonly Copy[]
  passedOver: readonly Problem[]
}

async function allOf(copying: readonly Promise<Copy>[]): Promise<Copies> {
  return { copies: await allOrProblems(copying), passedOver: [] }
}

/** Those that can be written, when there is one at least. */
async function writableOf(copying: readonly Promise<Copy>[]): Promise<Copies> {
  const settled = await Promise.allSettled(copying)
  const copies = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? errorsIn(one.reason) : []))
  const passedOver = errors.filter((error) => error instanceof Problem)
  if (copies.length === 0 || passedOver.length < errors.length) throw new AggregateError(errors)
  return { copies, passedOver }
}

async function credentialsOf(copies: readonly Copy[], github: GitHub): Promise<Credential[]> {
  const owners = copies.map(({ destination }) => destination.owner)
  const accesses = await Promise.all(owners.map((owner) => github.access(owner)))
  return [...Map.groupBy(accesses.keys(), (index) => accesses[index])].map(([access, indexes]) => ({
    owners: [...new Set(indexes.map((index) => owners[index]?.toLowerCase() ?? ''))],
    writes: indexes.length,
    budget: access?.budget,
  }))
}

/** @param isForced whether the writes themselves are enough, with nothing to spare */
function checkBudget({ budget, owners, writes }: Credential, isForced: boolean): void {
  const needed = writes * (isForced ? 1 : REQUESTS_PER_WRITE)
  if (budget === undefined || budget.remaining >= needed) return
  // Dates beyond the year 275760 cannot be written down.
  const reset = Math.abs(budget.resetAt) < 8.64e15 ? ` until ${new Date(budget.resetAt).toISOString()}` : ''
  throw new Problem({
    goal: 'rotate',
    subject: `with so few requests left at GitHub for ${owners.join(', ')}`,
    cause: `x-ratelimit-remaining is ${budget.remaining}${reset}, and ${needed} are needed to be sure of the writes`,
    remedy: 'Nothing was changed. Run again after the limit is reset, or use a token with a limit of its own.',
  })
}
