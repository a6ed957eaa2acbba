import { giveValidKey } from '../2-look/explain-incident-io.ts'
import type { Facts } from '../2-look/look.ts'
import { rotatesItself } from '../3-decide/self.ts'
import type { RunContext } from '../run-context.ts'
import { type Clock, isLater, isSameInstant } from '../services/clock.ts'
import type { IncidentIo, Issue } from '../services/incident-io.ts'
import { lookRepeatedly } from '../services/look-repeatedly.ts'
import { Problem, quote } from '../services/problem.ts'
import { askedWait, isLimit, LOOK_PATIENCE } from '../services/retry.ts'
import type { Stopping } from './stopping.ts'

/** A token that was just issued. It is in this object and in the sealed boxes, and nowhere else. */
export interface FreshToken {
  token: string
  /** RFC 3339, by incident.io's clock. */
  issuedAt: string
  /** Whose it is, as the key was before. */
  key: Baseline
  /** Of a managing key that rotated itself: goes on with the token before, which is known to work. */
  disown?: () => void
}

/** The key as it was before a rotation: by its issue date one sees whether a rotation took effect. */
export interface Baseline {
  id: string
  name: string
  /** RFC 3339, as incident.io gave it. */
  issuedAt: string
  /** Whether it is the managing key. */
  isSelf: boolean
}

/** What is known of the requests for a token that this run has sent: rotations, or the making of a key. */
export interface RotationLog {
  /** How many were sent. */
  sent: number
  /** Whether the key was made by this run: then nobody holds an older token. */
  isNew: boolean
  /** Whether the outcome of the last one is unknown. */
  open: boolean
  /** The issue dates of tokens that nobody is to use: their answers were lost, or they were refused, or superseded. */
  lost: string[]
  /** Whether something else of the key was changed before. */
  isUpdated: boolean
  /** Whether a copy holds one of those that were lost: then it looks new, and is not. */
  isWritten: boolean
  /** The issue dates of tokens of another run that superseded ours while ours stood in a copy. */
  foreign: string[]
}

export interface RotationEffects {
  incident: IncidentIo
  context: RunContext
  clock: Clock
  /** When everything must be done, ms since the epoch. */
  deadline: () => number
  stopping: Pick<Stopping, 'isAsked' | 'asked'>
}

/** The rotations that one run may send: an answer may be lost twice. */
export const MOST_ROTATIONS = 3
/** Why a request for a token that changed nothing is not sent again. */
export const CANCELLED = 'this run was cancelled'
/** Less than this before everything must be done, no token is asked for any more, in ms. */
export const TIME_FOR_A_ROTATION = 30_000
const MINUTE = 60_000

/** The key as it was looked at. */
export function baselineOf(facts: Facts): Baseline {
  const { id, name, issuedAt } = facts.key
  return { id, name, issuedAt, isSelf: rotatesItself(facts) }
}

/** Why the outcome of a request is not known, and incident.io's id of it where there was an answer. */
export type Unclear = Pick<Extract<Issue, { kind: 'unknown' }>, 'cause' | 'requestId'>

export const noRotations = (): RotationLog => ({
  sent: 0,
  isNew: false,
  open: false,
  lost: [],
  isUpdated: false,
  isWritten: false,
  foreign: [],
})

/**
 * When the token that the jobs in flight hold dies (RFC 3339): its grace period began with the first token that was
 * issued after it, held or lost. Undefined where there is none.
 */
export function expiryOf(log: RotationLog, graceMinutes: number, issuedAt = ''): string | undefined {
  if (log.isNew) return undefined
  const began = Date.parse(log.lost[0] ?? issuedAt)
  return Number.isNaN(began) ? undefined : new Date(began + graceMinutes * MINUTE).toISOString()
}

/**
 * Issues a new token, exactly once as far as anyone can tell. The request is never repeated blindly: when its outcome
 * is unknown, the key is shown. If its issue date has not moved, the rotation did not happen and is sent again; if it
 * has, the token is lost, and the key is rotated again with the same grace.
 *
 * @param log is kept up to date; rotations that it holds already count
 * @throws Problem when incident.io refuses, or when no token could be had in {@link MOST_ROTATIONS} tries
 */
export async function rotateOnce(
  key: Baseline,
  graceMinutes: number,
  log: RotationLog,
  effects: RotationEffects,
): Promise<FreshToken> {
  const { incident, context, clock, deadline, stopping } = effects
  const start = clock.now()
  // The later one: a token may have been lost, or another run may have rotated since.
  const known = () =>
    [key.issuedAt, ...log.lost].reduce((latest, date) => (Date.parse(date) > Date.parse(latest) ? date : latest))
  const problem = (cause: string, advice: string, requestId?: string) => {
    const mayBeDead = key.isSelf && graceMinutes === 0 && (log.open || log.lost.length > 0)
    return new Problem({
      goal: 'rotate',
      subject: `the API key ${quote(key.name)} (${key.id})`,
      cause,
      remedy: mayBeDead ? DEAD_BY_ITSELF : `${advice} ${consequence(log, graceMinutes)}`,
      requestId,
    })
  }
  let last: Unclear = { cause: 'no time was left' }

  while (log.sent < MOST_ROTATIONS && clock.now() + TIME_FOR_A_ROTATION < deadline()) {
    log.open = true
    const answer = await incident.rotate(key.id, graceMinutes)
    log.open = answer.kind === 'unknown'
    if (answer.kind === 'refused') {
      const wait = waitFor(answer, clock.now())
      const expiry = Date.parse(expiryOf(log, graceMinutes) ?? '') - incident.time.offset
      const patienceEnd = Math.min(deadline(), Math.max(start + LOOK_PATIENCE, expiry || 0))
      if (wait === undefined || clock.now() + wait > patienceEnd) {
        const isOwnRefusal = key.isSelf && answer.status !== 401 && wait === undefined
        throw problem(
          refusal(answer),
          isOwnRefusal ? ROTATE_BY_HAND : adviceFor(answer.status, context),
          answer.requestId,
        )
      }
      await Promise.race([clock.sleep(wait), stopping.asked])
      if (isCancelled(log, effects)) throw problem(CANCELLED, 'Run again.')
      continue
    }
    log.sent += 1
    if (answer.kind === 'issued') {
      const disown = key.isSelf && incident.actAs(answer.token)
      const issuedAt = await issueDate(key.id, answer.issuedAt, known(), effects)
      return { token: answer.token, issuedAt, key, ...(disown && { disown }) }
    }
    last = answer
    const shown = await issueDateAfter(key.id, known(), effects)
    if (shown === 'unreadable') {
      const unseen = `${last.cause}, and the key could not be shown to tell whether it was rotated`
      throw problem(unseen, 'Run again.', last.requestId)
    }
    log.open = false
    if (shown !== 'unmoved') log.lost.push(shown.movedTo)
    if (isCancelled(log, effects)) throw problem(CANCELLED, 'Run again.')
  }
  throw problem(`${log.sent} tries ended without a token (${last.cause})`, 'Run again.', last.requestId)
}

/** Whether a signal came while no token was issued, so that nothing is left half done. */
export function isCancelled({ open, lost, isWritten }: RotationLog, { stopping }: RotationEffects): boolean {
  return stopping.isAsked && !open && lost.length === 0 && !isWritten
}

/** The issue date of the new token: as it was answered, else as the key shows it, else what the time is at incident.io. */
async function issueDate(
  id: string,
  answered: string | undefined,
  known: string,
  effects: RotationEffects,
): Promise<string> {
  if (answered !== undefined && isLater(answered, known)) return answered
  const shown = await issueDateAfter(id, known, effects)
  if (typeof shown === 'object' && isLater(shown.movedTo, known)) return shown.movedTo
  return new Date(effects.clock.now() + effects.incident.time.offset).toISOString()
}

/**
 * Whether the key's issue date has moved away from `known`. Each look is patient by itself, so one that fails says that the
 * key cannot be seen at all.
 */
async function issueDateAfter(
  id: string,
  known: string,
  { incident, clock }: RotationEffects,
): Promise<'unmoved' | 'unreadable' | { movedTo: string }> {
  const see = async () => {
    const shown = await incident.show(id).catch(() => undefined)
    if (shown === undefined) return 'unreadable'
    return isSameInstant(shown.issuedAt, known) ? undefined : { movedTo: shown.issuedAt }
  }
  return (await lookRepeatedly(see, clock)) ?? 'unmoved'
}

/** A limit is a refusal: nothing happened, so the same request may be sent again after the wait it asks for, in ms. */
export function waitFor({ failure }: Extract<Issue, { kind: 'refused' }>, now: number): number | undefined {
  return isLimit(failure) ? Math.max(1000, askedWait(failure, now) ?? 0) : undefined
}

/** What a refusal says that anybody may see. */
export function refusal({ status, type }: { status: number; type: string | undefined }): string {
  return `incident.io answered ${status}${type === undefined ? '' : ` (${type})`}`
}

/** The managing key's only token may be one that nobody has. */
export const DEAD_BY_ITSELF =
  'It is the managing key itself, and if it was rotated, its old token is dead. Run again; when incident.io refuses it then, rotate it in the dashboard, and write the new token into its secrets.'

const ROTATE_BY_HAND =
  'It is the managing key itself, which incident.io does not let rotate itself: rotate it in the dashboard, and write the new token into its secret.'

function adviceFor(status: number, context: RunContext): string {
  switch (status) {
    case 401:
      return giveValidKey(context)
    case 403:
      return 'The managing key must have every scope of the key it rotates: give it those roles in the dashboard, or rotate this key there.'
    case 404:
      return 'The key was deleted meanwhile, or the managing key no longer sees it.'
    default:
      return 'Run again; when it persists, ask the support of incident.io.'
  }
}

/** What a rotation that ended without a token has changed. */
export function consequence(log: RotationLog, graceMinutes: number): string {
  if (log.lost.length === 0 && !log.open) {
    return log.isUpdated ? 'It was updated before, and no token was issued.' : 'Nothing was changed.'
  }
  const repair = 'the next run sees that the copies are older than the token, rotates and writes them.'
  if (log.isWritten) {
    return 'Copies hold a token that dies or is refused, although they look new: run again with "force: true".'
  }
  if (log.isNew) return `The key was made, and nobody holds its token: ${repair}`
  const expiry = expiryOf(log, graceMinutes)
  return expiry === undefined
    ? `If the key was rotated, the old token dies ${graceMinutes} minutes after that: ${repair}`
    : `The key has a token that nobody holds, and the old one dies at ${expiry}: ${repair}`
}
