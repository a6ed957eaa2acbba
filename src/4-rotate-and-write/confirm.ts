import { hasOtherRun } from '../2-look/other-runs.ts'
import { CLOCK_ALLOWANCE, stateOf } from '../2-look/staleness.ts'
import type { Destination } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import { isLater } from '../services/clock.ts'
import type { GitHub } from '../services/github.ts'
import { type IncidentIo, isGone, type Key } from '../services/incident-io.ts'
import { lookRepeatedly } from '../services/look-repeatedly.ts'
import type { Patience, Waiting } from '../services/retry.ts'
import { LISTING_LOOKS } from './creation.ts'
import { LAST_LOOK } from './stopping.ts'
import type { Written } from './write.ts'

/** Whether the token that was written is still the key's, as another run may have rotated it meanwhile. */
export type Standing =
  | { kind: 'current' }
  /** A newer token was issued (RFC 3339). It is in every copy, or there are some that we wrote last. */
  | { kind: 'superseded'; issuedAt: string; isEverywhere: boolean }
  /** The key was deleted. */
  | { kind: 'gone' }
  /** The key could not be shown. */
  | { kind: 'unknown'; error?: unknown }

/** Two runs that race must not go on in step: each waits for some of this time, in ms. */
const PAUSE = { least: 2000, most: 10_000 }
/** With another run in flight, the key is shown once more after this long, in ms: it may be shown as it was before. */
const RACE_DELAY = 5000
/** A request that was given up may be carried out until this long after, in ms. */
const LATE_EXECUTION = 20_000

export interface ConfirmEffects extends Waiting {
  incident: IncidentIo
  github: GitHub
  context: RunContext
}

/** The token that is to be confirmed. */
export interface Issued {
  keyId: string
  /** RFC 3339 */
  issuedAt: string
  /** When a request for an earlier token was given up that may still be carried out: ms since the epoch, local clock. */
  unsettledAt: number | undefined
}

/**
 * Shows the key after the writes. If a newer token was issued meanwhile, the run that rotated gets some time to write it,
 * and the copies are read: one that was written after ours is theirs, and holds the newer token; one that we wrote last
 * holds the superseded token, whatever its date.
 *
 * @param patience how long it is tried to show the key
 */
export async function confirm(
  { keyId, issuedAt, unsettledAt }: Issued,
  written: readonly Written[],
  effects: ConfirmEffects,
  patience: Patience,
): Promise<Standing> {
  const { clock } = effects
  const show = () => beforeTheEnd(shownKey(keyId, patience, effects), effects)
  const others = hasOtherRun(effects.github, effects.context)
  let shown: Key
  try {
    shown = await show()
    if (!isLater(shown.issuedAt, issuedAt)) {
      const again = Math.max(
        (await others) ? clock.now() + RACE_DELAY : 0,
        (unsettledAt ?? -LATE_EXECUTION) + LATE_EXECUTION,
      )
      if (again <= clock.now()) return { kind: 'current' }
      await sleepUntil(again, effects)
      shown = await show()
    }
  } catch (error) {
    return isGone(error) ? { kind: 'gone' } : { kind: 'unknown', error }
  }
  if (!isLater(shown.issuedAt, issuedAt)) return { kind: 'current' }

  const lag = await lagOfDates(
    written.map(({ destination }) => destination),
    effects,
  )
  await pause(effects)
  const later = await show().catch(() => shown)
  const areTheirs = await Promise.all(
    written.map((one) => {
      const ourWrite = one.result === 'failed' ? undefined : one.at + lag
      return isTheirs(one.destination, ourWrite, later.issuedAt, effects)
    }),
  )
  return { kind: 'superseded', issuedAt: later.issuedAt, isEverywhere: areTheirs.every(Boolean) }
}

/**
 * Shows the key. One that was created a moment ago may not be shown at once.
 *
 * @throws the error of a key that is gone after 15 s of showing
 */
async function shownKey(id: string, patience: Patience, { incident, clock }: ConfirmEffects): Promise<Key> {
  let gone: unknown
  const see = async () => {
    try {
      return await incident.show(id, patience)
    } catch (error) {
      if (!isGone(error)) throw error
      gone = error
      return undefined
    }
  }
  const key = await lookRepeatedly(see, clock, LISTING_LOOKS)
  if (key === undefined) throw gone
  return key
}

/** What is asked of a service when everything should be done already is given up when GitHub is about to end the step. */
async function beforeTheEnd<T>(asked: Promise<T>, { clock, deadline }: Waiting): Promise<T> {
  const end = deadline() + LAST_LOOK
  if (end === Number.POSITIVE_INFINITY) return asked
  const isDone = new AbortController()
  const isOver = clock.sleep(Math.max(0, end - clock.now()), isDone.signal).then(() => {
    throw new Error('no time was left')
  })
  try {
    return await Promise.race([asked, isOver])
  } finally {
    isOver.catch(() => {})
    isDone.abort()
  }
}

/** Waits for a random time, as far as there is time. */
export function pause(waiting: Waiting): Promise<void> {
  const ms = PAUSE.least + waiting.random() * (PAUSE.most - PAUSE.least)
  return sleepUntil(waiting.clock.now() + ms, waiting)
}

async function sleepUntil(at: number, { clock, deadline }: Waiting): Promise<void> {
  await clock.sleep(Math.max(0, Math.min(at, deadline()) - clock.now()))
}

/**
 * Returns how far the dates of GitHub's responses are provably behind the dates of its secrets, in ms: a secret that was
 * written after the response that shows it. To be asked as soon as a race is noticed, since later nothing shows it.
 */
export async function lagOfDates(
  destinations: readonly Destination[],
  { github }: Pick<ConfirmEffects, 'github'>,
): Promise<number> {
  const lags = await Promise.all(
    destinations.map(async (destination) => {
      const stored = await github.secrets.stored(destination).catch(() => undefined)
      return Date.parse(stored?.writtenAt ?? '') - (stored?.shownAt ?? Number.NaN)
    }),
  )
  return Math.max(0, ...lags.filter((lag) => !Number.isNaN(lag)))
}

/**
 * Reports whether a copy was written by another run after us, with a token that is not older than the newest.
 *
 * @param ourWrite ms since the epoch on GitHub's clock; undefined if we did not write it
 * @param newest RFC 3339: when the key's newest token was issued
 */
export async function isTheirs(
  destination: Destination,
  ourWrite: number | undefined,
  newest: string,
  { incident, github }: Pick<ConfirmEffects, 'incident' | 'github'>,
): Promise<boolean> {
  const stored = await github.secrets.stored(destination).catch(() => undefined)
  if (stored === undefined) return false
  const writtenAt = Date.parse(stored.writtenAt)
  // A write may be dated a little after its response: within that time it counts as ours.
  const isAfterUs = ourWrite === undefined || writtenAt > ourWrite + CLOCK_ALLOWANCE
  const issuedAt = Date.parse(newest) - incident.time.offset
  return isAfterUs && stateOf({ updatedAt: writtenAt - github.time.offset }, issuedAt) === 'current'
}
