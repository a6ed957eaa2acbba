import type { Copy } from './look-at-copies.ts'

/** Whether a copy holds the key's current token, as far as its date tells. */
export type CopyState = 'current' | 'stale' | 'missing'

/** The services' clocks are compared through `Date` headers of whole seconds; so much is allowed, in ms. */
export const CLOCK_ALLOWANCE = 2000

/**
 * A copy that was written before the key's token was issued holds an older token.
 *
 * @param issuedAt ms since the epoch on this machine's clock, like the date of the copy
 */
export function stateOf({ updatedAt }: Pick<Copy, 'updatedAt'>, issuedAt: number): CopyState {
  if (updatedAt === undefined) return 'missing'
  return updatedAt + CLOCK_ALLOWANCE < issuedAt ? 'stale' : 'current'
}

/**
 * Whether every copy was written before the key's token was issued, or is missing. Then either a run of this workflow was
 * killed before it could write, or something else rotates the key. Where there is no copy at all, none is expected yet.
 */
export function areAllStale(copies: readonly Pick<Copy, 'updatedAt'>[], issuedAt: number): boolean {
  const states = copies.map((copy) => stateOf(copy, issuedAt))
  return states.includes('stale') && !states.includes('current')
}
