import { causeAtGitHub, isOfGitHub } from '../2-look/explain-github.ts'
import type { Copy } from '../2-look/look-at-copies.ts'
import { type Destination, nameOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import { GitHubError } from '../services/github-ask.ts'
import type { PutSecret, SealedValue, Visibility } from '../services/github-secrets.ts'
import { whileSaying } from '../services/log.ts'
import { Problem } from '../services/problem.ts'
import { backoff, type Patience, type Waiting } from '../services/retry.ts'
import { type Sealer, sealerFor } from '../services/seal.ts'

/** What became of one destination. */
export type Written =
  | { destination: Destination; result: 'created' | 'updated'; at: PutSecret['at'] }
  | { destination: Destination; result: 'failed'; error: Problem }

/** A sealed value on its way to its destination. */
export interface SealedCopy {
  destination: Destination
  /** When the copy that it replaces was written, as GitHub gave it; undefined when there was none. */
  writtenAt: string | undefined
  /** Of an organization's secret: as it was, and as it stays. */
  visibility?: Visibility
  value: SealedValue
}

/** GitHub's status if the public key that a value was sealed for has been replaced. */
const STALE_PUBLIC_KEY = 422
/** How many writes of one secret may end with that status, each with the public key fetched again. */
const MAX_STALE_KEYS = 3

/** Seals a token for every destination. Nothing here can fail: each sealer was tried out before the rotation. */
export function sealAll(token: string, copies: readonly Copy[]): SealedCopy[] {
  return copies.map(({ destination, writtenAt, visibility, seal }) => ({
    destination,
    writtenAt,
    ...(visibility && { visibility }),
    value: seal(token),
  }))
}

/** The means to write sealed values. */
export interface WriteEffects extends Pick<Waiting, 'clock' | 'random'> {
  github: GitHub
  context: RunContext
  patience: Patience
  /** RFC 3339; told to the user where a write fails. Undefined for a new key. */
  oldTokenExpiresAt: string | undefined
}

/**
 * Writes every sealed value: a burst at once, then as GitHub's limits allow. No failure stops another write.
 *
 * @param reseal seals the token anew when a public key was replaced meanwhile
 */
export function writeAll(
  sealed: readonly SealedCopy[],
  reseal: (seal: Sealer) => SealedValue,
  effects: WriteEffects,
): Promise<Written[]> {
  let done = 0
  const writeOne = async (copy: SealedCopy): Promise<Written> => {
    const { destination } = copy
    try {
      return { destination, ...(await writeFresh(copy, reseal, effects)) }
    } catch (error) {
      return { destination, result: 'failed', error: writeProblem(error, copy, effects) }
    } finally {
      done += 1
    }
  }
  return whileSaying(
    'Writing',
    () => `Writing: ${done} of ${sealed.length} secrets done.`,
    Promise.all(sealed.map(writeOne)),
  )
}

async function writeFresh(
  { destination, visibility, value: first }: SealedCopy,
  reseal: (seal: Sealer) => SealedValue,
  { github: { secrets }, patience, clock, random }: WriteEffects,
): Promise<PutSecret> {
  let value = first
  for (let attempt = 1; ; attempt++) {
    try {
      return await secrets.write(destination, value, visibility, patience)
    } catch (error) {
      const isStale = error instanceof GitHubError && error.status === STALE_PUBLIC_KEY
      if (!isStale || attempt === MAX_STALE_KEYS) throw error
      const publicKey = await secrets.publicKey(destination, patience)
      if (publicKey.keyId === value.keyId) await clock.sleep(backoff(attempt, random()))
      else value = reseal(await sealerFor(publicKey))
    }
  }
}

function writeProblem(error: unknown, copy: SealedCopy, effects: WriteEffects): Problem {
  const { context, oldTokenExpiresAt, clock } = effects
  const { destination } = copy
  const { cause, remedy } = isOfGitHub(error)
    ? causeAtGitHub(error, destination, context)
    : { cause: 'the value could not be sealed again', remedy: 'Run again.' }
  return new Problem(
    {
      goal: 'write',
      subject: nameOf(destination),
      destination,
      cause,
      remedy: `${consequenceFor(copy, oldTokenExpiresAt, clock.now())} ${remedy}`,
    },
    { cause: error },
  )
}

/** A minute is too short for another run. */
const MINUTE = 60_000

/**
 * Reports whether there is time for another run before a token expires.
 *
 * @param expiry RFC 3339
 * @param now ms since the epoch, local clock
 */
export function isTimeLeft(expiry: string | undefined, now: number): boolean {
  return Date.parse(expiry ?? '') > now + MINUTE
}

/**
 * What a write that failed leaves, and what mends it.
 *
 * @param oldTokenExpiresAt RFC 3339; undefined for a new key
 * @param now ms since the epoch, local clock
 */
function consequenceFor({ writtenAt }: SealedCopy, oldTokenExpiresAt: string | undefined, now: number): string {
  const done = oldTokenExpiresAt === undefined ? 'The key was made' : 'The key is rotated'
  if (writtenAt === undefined) {
    return `${done}, and this secret does not exist yet. Mend the cause and run again: the next run sees that it is missing, rotates and fills it.`
  }
  const mend = 'the cause and run again: the next run sees that this copy is older, rotates and writes it.'
  if (oldTokenExpiresAt === undefined) return `${done}, and this secret does not hold its token. Mend ${mend}`
  const before = isTimeLeft(oldTokenExpiresAt, now) ? 'Before then mend' : 'Mend at once'
  return `${done}, and the old token that this secret still holds dies at ${oldTokenExpiresAt}. ${before} ${mend}`
}
