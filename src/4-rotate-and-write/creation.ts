import { giveValidKey } from '../2-look/explain-incident-io.ts'
import type { RunContext } from '../run-context.ts'
import { type Key, type KeyFields, keyOf } from '../services/incident-io.ts'
import { lookRepeatedly } from '../services/look-repeatedly.ts'
import { Problem, quote } from '../services/problem.ts'
import { LOOK_PATIENCE } from '../services/retry.ts'
import {
  type Baseline,
  CANCELLED,
  type FreshToken,
  isCancelled,
  MOST_ROTATIONS,
  type RotationEffects,
  type RotationLog,
  refusal,
  rotateOnce,
  TIME_FOR_A_ROTATION,
  type Unclear,
  waitFor,
} from './rotation.ts'

/**
 * Makes a key, exactly once as far as anyone can tell. When the outcome of the request is unknown, the key is looked for by
 * its name: if it is there, its first token is lost, and it is rotated; if it is not, it is asked for again.
 *
 * @param fields of a key whose name no other key carries
 * @param log is kept up to date
 * @throws Problem when incident.io refuses, or when no token could be had in {@link MOST_ROTATIONS} tries
 */
export async function createOnce(fields: KeyFields, log: RotationLog, effects: RotationEffects): Promise<FreshToken> {
  const { incident, context, clock, deadline, stopping } = effects
  const start = clock.now()
  const { name } = fields
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal: 'make', subject: `the API key ${quote(name)}`, cause, remedy, requestId })
  const baseline = (id: string, issuedAt: string): Baseline => ({ id, name, issuedAt, isSelf: false })
  let last: Unclear = { cause: 'no time was left' }
  log.isNew = true

  while (log.sent < MOST_ROTATIONS && clock.now() + TIME_FOR_A_ROTATION < deadline()) {
    log.open = true
    const answer = await incident.create(fields)
    if (answer.kind === 'refused') {
      log.open = false
      const wait = waitFor(answer, clock.now())
      if (wait === undefined || clock.now() + wait > Math.min(deadline(), start + LOOK_PATIENCE)) {
        throw problem(refusal(answer), `${adviceForNew(answer.status, context)} Nothing was changed.`, answer.requestId)
      }
      await Promise.race([clock.sleep(wait), stopping.asked])
      if (isCancelled(log, effects)) throw problem(CANCELLED, 'Nothing was changed. Run again.')
      continue
    }
    log.sent += 1
    if (answer.kind === 'issued' && answer.keyId !== undefined && answer.issuedAt !== undefined) {
      log.open = false
      const { token, issuedAt, keyId } = answer
      return { token, issuedAt, key: baseline(keyId, issuedAt) }
    }
    last = answer.kind === 'unknown' ? answer : { cause: 'an answer without the id of the key' }
    const found = await keysNamed(name, effects)
    const why = whyUnclear(found, answer.kind === 'issued')
    if (why !== undefined) {
      throw problem(
        `${last.cause}, and ${why}`,
        'Run again: the next run looks for it by its name, rotates it and writes its token.',
        last.requestId,
      )
    }
    log.open = false
    const key = found?.[0]
    if (key === undefined && isCancelled(log, effects)) throw problem(CANCELLED, 'Nothing was changed. Run again.')
    if (key === undefined) continue
    log.lost.push(key.issuedAt)
    return rotateOnce(baseline(key.id, key.issuedAt), 0, log, effects)
  }
  throw problem(
    `${log.sent} tries ended without a token (${last.cause})`,
    'Nothing was changed. Run again.',
    last.requestId,
  )
}

/** Why nobody can tell which key was made, or whether one was; undefined when it is clear. */
function whyUnclear(found: readonly Key[] | undefined, isMade: boolean): string | undefined {
  if (found === undefined) return 'the keys could not be listed to tell whether it was made'
  if (found.length > 1) return 'several keys carry its name now'
  return isMade && found.length === 0 ? 'it is not listed yet' : undefined
}

/** The keys that carry a name; undefined when they cannot be listed. */
async function keysNamed(name: string, { incident, clock }: RotationEffects): Promise<Key[] | undefined> {
  const see = async () => {
    const listed = await incident.list().catch(() => undefined)
    if (listed === undefined) return 'unlisted'
    const found = listed.filter((key) => key.name === name)
    return found.length > 0 ? found.map(keyOf) : undefined
  }
  const seen = (await lookRepeatedly(see, clock)) ?? []
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
