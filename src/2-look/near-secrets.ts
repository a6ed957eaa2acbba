import { nearest } from '../1-read/nearest.ts'
import { type Destination, pathOf } from '../destination.ts'
import type { GitHubSecrets } from '../services/github-secrets.ts'
import { ONCE } from '../services/retry.ts'
import type { Facts } from './look.ts'

/** Names of secrets that may have been meant, by the destinations whose own do not exist. */
export type NearSecrets = ReadonlyMap<Destination, string>

/** A misspelt name is misspelt everywhere: more places tell nothing new. */
const MOST_PLACES = 10
/** A hint is not worth waiting for any longer, in ms. */
const PATIENCE = 2000

/**
 * Looks for what may have been meant where a secret does not exist: in a dry run, before one is made. A hint only: what cannot be had, or not soon, is left
 * out, and nothing is thrown.
 *
 * @param missing the destinations whose secrets do not exist
 * @param others every destination of this run: what one of them names is not meant by another
 */
export async function nearSecrets(
  missing: readonly Destination[],
  others: readonly Destination[],
  secrets: Pick<GitHubSecrets, 'list'>,
): Promise<NearSecrets> {
  const found = new Map<Destination, string>()
  const places = [...Map.groupBy(missing, placeIn)].slice(0, MOST_PLACES)
  const asking = places.map(async ([place, group]) => {
    const taken = new Set(others.filter((one) => placeIn(one) === place).map(({ secret }) => secret))
    const { names: all } = await secrets.list(group[0] as Destination, ONCE)
    const names = all.filter((name) => !taken.has(name.toUpperCase()))
    const lower = names.map((name) => name.toLowerCase())
    for (const destination of group) {
      const near = nearest(destination.secret, lower)
      if (near !== undefined) found.set(destination, names[lower.indexOf(near)] as string)
    }
  })
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE)
  })
  await Promise.race([Promise.allSettled(asking), tooLong])
  clearTimeout(timer)
  // What comes later must not change what is told.
  return new Map(found)
}

/** The destinations whose secrets do not exist. */
export function missingIn({ copies }: Pick<Facts, 'copies'>): Destination[] {
  return copies.filter(({ writtenAt }) => writtenAt === undefined).map(({ destination }) => destination)
}

const placeIn = (destination: Destination): string => pathOf(destination).toLowerCase()
