import { stateOf } from '../2-look/staleness.ts'
import type { Destination } from '../destination.ts'
import { isLater } from '../services/clock.ts'
import type { GitHub } from '../services/github.ts'
import type { IncidentIo, Key } from '../services/incident-io.ts'
import type { Patience, Waiting } from '../services/retry.ts'
import { LAST_LOOK } from './stopping.ts'
import type { Written } from './write.ts'

/** Whether the token that was written is still the key's, as another run may have rotated it meanwhile. */
export type Standing =
  | { kind: 'current' }
  /** A newer token was issued (RFC 3339). It is in every copy, or there are some that we wrote last. */
  | { kind: 'superseded'; issuedAt: string; isEverywhere: boolean }
  /** The key could not be shown. */
  | { kind: 'unknown'; error?: unknown }

/** What the services are asked behind the writes is tried for so long, in ms. */
const CONFIRM_PATIENCE = 30_000
const PATIENCE: Patience = { until: (since) => since + CONFIRM_PATIENCE, stubborn: true }
/** Two runs that race must not go on in step: each waits for some of this time, in ms. */
const PAUSE = { least: 2000, most: 10_000 }

export interface ConfirmEffects extends Waiting {
  incident: IncidentIo
  github: GitHub
}

/**
 * Shows the key behind the writes. When a newer token was issued meanwhile, whoever rotated is given some time to write
 * it, and the copies are looked at: one that was written after us is theirs, and holds the newer token; one that we wrote
 * last holds the superseded one, whatever its date.
 *
 * @param issuedAt RFC 3339: when the token that was written was issued
 */
export async function confirm(
  keyId: string,
  issuedAt: string,
  written: readonly Written[],
  effects: ConfirmEffects,
): Promise<Standing> {
  const show = () => beforeTheEnd(effects.incident.show(keyId, PATIENCE), effects)
  let shown: Key
  try {
    shown = await show()
  } catch (error) {
    return { kind: 'unknown', error }
  }
  if (!isLater(shown.issuedAt, issuedAt)) return { kind: 'current' }

  await pause(effects)
  const later = await show().catch(() => shown)
  const areTheirs = await Promise.all(
    written.map((one) =>
      isTheirs(one.destination, one.result === 'failed' ? undefined : one.at, later.issuedAt, effects),
    ),
  )
  return { kind: 'superseded', issuedAt: later.issuedAt, isEverywhere: areTheirs.every(Boolean) }
}

/** What a service is asked when everything should be done already is given up when GitHub is about to end the step. */
function beforeTheEnd<T>(asked: Promise<T>, { clock, deadline }: Waiting): Promise<T> {
  const end = deadline() + LAST_LOOK
  if (end === Number.POSITIVE_INFINITY) return asked
  const isOver = clock.sleep(Math.max(0, end - clock.now())).then(() => {
    throw new Error('no time was left')
  })
  return Promise.race([asked, isOver])
}

/** Waits for a random time, as far as there is time. */
export async function pause({ clock, random, deadline }: Waiting): Promise<void> {
  const ms = PAUSE.least + random() * (PAUSE.most - PAUSE.least)
  await clock.sleep(Math.max(0, Math.min(ms, deadline() - clock.now())))
}

/**
 * Whether a copy was written by somebody else after us, with a token that is not older than the newest.
 *
 * @param ourWrite ms since the epoch on GitHub's clock; undefined when we did not write it
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
  // Dates are whole seconds: what was written in the same one counts as ours.
  const isAfterUs = ourWrite === undefined || writtenAt > ourWrite
  const issuedAt = Date.parse(newest) - incident.time.offset
  return isAfterUs && stateOf({ updatedAt: writtenAt - github.time.offset }, issuedAt) === 'current'
}
