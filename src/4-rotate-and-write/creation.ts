import { giveValidKey } from '../2-look/explain-incident-io.ts'
import type { RunContext } from '../run-context.ts'
import { type Issue, type Key, type KeyFields, keyOf } from '../services/incident-io.ts'
import { lookRepeatedly } from '../services/look-repeatedly.ts'
import { Problem, quote } from '../services/problem.ts'
import { backoff, isLimit, LOOK_PATIENCE, type Patience } from '../services/retry.ts'
import {
  type Baseline,
  CANCELLED,
  type FreshToken,
  isCancelled,
  lastMoment,
  looksAfter,
  MAX_TOKENS,
  type RotationEffects,
  type RotationLog,
  refusal,
  rotateOnce,
  TIME_FOR_A_ROTATION,
  type Unclear,
  waitFor,
} from './rotation.ts'

/** A new key may not be listed at once: it is looked for at these times, in ms from the end of the request on. */
export const LISTING_LOOKS = [0, 1000, 2500, 5000, 10_000, 15_000]

/**
 * Creates a key, exactly once as far as incident.io shows. Unless the request returned the token, the key is looked for by
 * its name: if it is listed, its first token is lost, and it is rotated; if it is not, it is created again.
 *
 * @param fields of a key whose name no other key has
 * @param log is kept up to date
 * @throws Problem if incident.io refuses, if it issued {@link MAX_TOKENS} tokens and none arrived, or if time is up
 */
export async function createOnce(fields: KeyFields, log: RotationLog, effects: RotationEffects): Promise<FreshToken> {
  const { incident, context, clock, deadline, random, stopping } = effects
  const start = clock.now()
  const { name } = fields
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal: 'make', subject: `the API key ${quote(name)}`, cause, remedy, requestId })
  const baseline = (id: string, issuedAt: string): Baseline => ({ id, name, issuedAt, isSelf: false })
  // The time that it takes to know what an attempt did is not counted.
  let spentLooking = 0
  const until = () => Math.min(deadline(), start + LOOK_PATIENCE + spentLooking)
  let last: Unclear = { cause: 'no time was left' }
  log.isNew = true

  for (let failures = 1; clock.now() < until() && clock.now() + TIME_FOR_A_ROTATION < deadline(); failures++) {
    log.open = true
    const response = await incident.create(fields)
    if (response.kind === 'issued') {
      log.issued += 1
      if (response.keyId !== undefined && response.issuedAt !== undefined) {
        log.open = false
        const { token, issuedAt, keyId } = response
        return { token, issuedAt, key: baseline(keyId, issuedAt) }
      }
    }
    last = unclear(response)
    const givenUpAt = clock.now()
    const looks = response.kind === 'refused' ? looksAfter(response) : LISTING_LOOKS
    // It may have taken effect: then nothing is known until the keys are listed.
    const patience = { until: () => lastMoment(start, undefined, effects), stubborn: true }
    const found = await keysNamed(name, looks, patience, effects)
    spentLooking += clock.now() - givenUpAt
    const why = whyUnclear(found, response.kind === 'issued')
    if (why !== undefined) {
      throw problem(
        `${last.cause}, and ${why}`,
        'Run again: the next run looks for it by its name, rotates it and writes its token.',
        last.requestId,
      )
    }
    log.open = false
    const key = found?.[0]
    if (key !== undefined) {
      if (response.kind !== 'issued') log.issued += 1
      log.lost.push(key.issuedAt)
      return rotateOnce(baseline(key.id, key.issuedAt), 0, log, effects)
    }
    if (isCancelled(log, effects)) throw problem(CANCELLED, 'Nothing was changed. Run again.')
    if (response.kind === 'unknown') log.unsettledAt = givenUpAt
    const wait = Math.max(response.kind === 'issued' ? 0 : waitFor(response, clock.now()), backoff(failures, random()))
    if (response.kind === 'refused' && (!isLimit(response.failure) || clock.now() + wait > until())) {
      throw problem(last.cause, `${adviceForNew(response.status, context)} Nothing was changed.`, last.requestId)
    }
    await clock.sleep(wait, stopping.asked)
    if (isCancelled(log, effects)) throw problem(CANCELLED, 'Nothing was changed. Run again.')
  }
  throw problem(`no token was issued in time (${last.cause})`, 'Nothing was changed. Run again.', last.requestId)
}

function unclear(response: Issue): Unclear {
  switch (response.kind) {
    case 'issued':
      return { cause: 'an answer without the id of the key' }
    case 'unknown':
      return response
    case 'refused':
      return { cause: refusal(response), requestId: response.requestId }
  }
}

/** Returns why it is unknown which key was created, or whether one was; undefined if it is known. */
function whyUnclear(found: readonly Key[] | undefined, isMade: boolean): string | undefined {
  if (found === undefined) return 'the keys could not be listed to tell whether it was made'
  if (found.length > 1) return 'several keys carry its name now'
  return isMade && found.length === 0 ? 'it is not listed yet' : undefined
}

/** Returns the keys with a name; undefined if they cannot be listed. */
async function keysNamed(
  name: string,
  looks: readonly number[],
  patience: Patience,
  { incident, clock }: RotationEffects,
): Promise<Key[] | undefined> {
  const see = async () => {
    const listed = await incident.list(patience).catch(() => undefined)
    if (listed === undefined) return 'unlisted'
    const found = listed.filter((key) => key.name === name)
    return found.length > 0 ? found.map(keyOf) : undefined
  }
  const seen = (await lookRepeatedly(see, clock, looks)) ?? []
  return seen === 'unlisted' ? undefined : seen
}

function adviceForNew(status: number, context: RunContext): string {
  switch (status) {
    case 401:
      return giveValidKey(context)
    case 403:
      return 'The managing key can give only what it may do itself: give it these roles in the dashboard, or make this key there.'
    case 422:
    case 400:
      return 'Check its name, roles, teams and comments in the manifest.'
    default:
      return 'Run again; when it persists, ask the support of incident.io.'
  }
}
