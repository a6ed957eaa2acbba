import type { Destination } from '../destination.ts'
import type { Access, GitHub } from '../services/github.ts'
import { type Budget, REQUESTS_PER_WRITE } from '../services/github-client.ts'
import { errorsIn, Problem } from '../services/problem.ts'
import { cannotPrepare } from './explain-github.ts'
import { Archived, type Copy } from './look-at-copies.ts'
import { nearMisses } from './near-secrets.ts'

/** Copies that can be written, and destinations that are left out. */
export interface Copies {
  copies: readonly Copy[]
  /** Why `force` leaves out others; each names its destination. */
  passedOver: readonly Problem[]
  /** Destinations in archived repositories. */
  archived: readonly Destination[]
}

/** What one credential has to write. */
export interface Credential {
  /** The same object for everything that one credential writes. */
  access: Access
  owners: readonly string[]
  writes: number
}

/**
 * All destinations; with `force` those that can be written, when there is one at least.
 *
 * @param areFilled whether missing secrets are created: then a slip in a name is refused
 * @throws Problem, or AggregateError of several
 */
export async function copiesOf(
  copying: readonly Promise<Copy>[],
  isForced: boolean,
  areFilled = true,
): Promise<Copies> {
  const settled = await Promise.allSettled(copying)
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? errorsIn(one.reason) : []))
  const archived = reasons.flatMap((error) => (error instanceof Archived ? [error.destination] : []))
  const copies = once(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  const misses = isForced || !areFilled ? [] : nearMisses(copies)
  const errors = [...reasons.filter((error) => !(error instanceof Archived)), ...misses]
  const passedOver = isForced ? errors.filter((error) => error instanceof Problem) : []
  const isNothingLeft = copies.length === 0 && passedOver.length > 0
  if (isNothingLeft || passedOver.length < errors.length)
    throw errors.length === 1 ? errors[0] : new AggregateError(errors)
  return { copies, passedOver, archived }
}

/** One copy for each place: a repository that was renamed has two names. */
function once(copies: readonly Copy[]): Copy[] {
  const first = new Map(copies.toReversed().map((copy) => [placeIdOf(copy), copy]))
  return copies.filter((copy) => first.get(placeIdOf(copy)) === copy)
}

/** Returns what is the same for two names of one place. */
export function placeIdOf({ destination, repositoryId }: Pick<Copy, 'destination' | 'repositoryId'>): string {
  const { kind, owner, repository, environment, secret } = destination
  const place = repositoryId ?? `${owner}/${repository}`
  return JSON.stringify([kind, place, environment, secret]).toLowerCase()
}

/**
 * Those of them that the rate limits leave enough requests for, by credential. To be asked last, since looking uses
 * requests too.
 *
 * @param isForced passes over what cannot be written, when something else can, and spares nothing
 * @throws Problem, or AggregateError of several
 */
export async function withinRateLimits(
  { copies, passedOver, archived }: Copies,
  github: GitHub,
  isForced: boolean,
): Promise<Copies & { credentials: readonly Credential[] }> {
  const accesses = await Promise.all(copies.map(({ destination }) => github.access(destination.owner)))
  const groups = [...Map.groupBy(copies, (copy) => accesses[copies.indexOf(copy)] as Access)].map(
    ([access, group]) => ({
      access,
      group,
      lacking: lackOfRequests(access, group, isForced),
    }),
  )
  const lacking = groups.flatMap((one) => one.lacking)
  const affordable = groups.filter((one) => one.lacking.length === 0)
  if (lacking.length > 0 && (!isForced || affordable.length === 0)) throw new AggregateError(lacking)
  return {
    copies: affordable.flatMap(({ group }) => group),
    passedOver: [...passedOver, ...lacking],
    archived,
    credentials: affordable.map(({ access, group }) => ({
      access,
      owners: [...new Set(group.map(({ destination }) => destination.owner.toLowerCase()))],
      writes: group.length,
    })),
  }
}

/** A problem for each destination that there may be no request for; none when there are enough. */
function lackOfRequests({ budget }: Access, group: readonly Copy[], isForced: boolean): Problem[] {
  const needed = group.length * (isForced ? 1 : REQUESTS_PER_WRITE)
  if (budget === undefined || budget.remaining >= needed) return []
  return group.map(({ destination }) => tooFewRequests(budget, needed, destination, isForced))
}

function tooFewRequests(
  { remaining, resetAt }: Budget,
  needed: number,
  destination: Destination,
  isForced: boolean,
): Problem {
  // Dates beyond the year 275760 cannot be written down.
  const reset = Math.abs(resetAt) < 8.64e15 ? ` until ${new Date(resetAt).toISOString()}` : ''
  return cannotPrepare(destination, {
    cause: `too few requests are left at GitHub: x-ratelimit-remaining is ${remaining}${reset}, and ${needed} are needed to be sure of the writes`,
    remedy: `${isForced ? '' : 'Nothing was changed. '}Run again after the limit is reset, or use a credential with a limit of its own.`,
  })
}
