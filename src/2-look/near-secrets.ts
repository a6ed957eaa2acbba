import { nearest } from '../1-read/nearest.ts'
import { isSimilar } from '../1-read/similar.ts'
import { placeOf } from '../destination.ts'
import { type Problem, quote } from '../services/problem.ts'
import { cannotPrepare } from './explain-github.ts'
import type { Copy } from './look-at-copies.ts'

/** Returns the name of a secret that may have been meant by a missing one, as a hint. */
export function nearSecret({
  destination,
  otherNames = [],
}: Pick<Copy, 'destination' | 'otherNames'>): string | undefined {
  const lower = otherNames.map((name) => name.toLowerCase())
  const near = nearest(destination.secret, lower)
  return near === undefined ? undefined : otherNames[lower.indexOf(near)]
}

/** Returns why missing secrets whose names are slips are not created: one problem for each. */
export function nearMisses(copies: readonly Copy[]): Problem[] {
  return copies.flatMap(({ destination, otherNames = [] }) => {
    const similar = otherNames.filter((name) => isSimilar(name, destination.secret))
    if (similar.length === 0) return []
    return [
      cannotPrepare(destination, {
        cause: `it does not exist, and ${placeOf(destination)} holds a secret with a similar name`,
        remedy: `Did you mean ${similar.map(quote).join(' or ')}? Nothing was changed. Correct the name. If you mean a new secret, run once with "force: true".`,
      }),
    ]
  })
}
