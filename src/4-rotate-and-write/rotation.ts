import { giveValidKey } from '../2-look/explain-incident-io.ts'
import type { Facts } from '../2-look/look.ts'
import { rotatesItself } from '../3-decide/self.ts'
import type { RunContext } from '../run-context.ts'
import { type Clock, isLater, isSameInstant } from '../services/clock.ts'
import { type IncidentIo, type Issue, isGone } from '../services/incident-io.ts'
import { lookRepeatedly, SEVERAL_LOOKS } from '../services/look-repeatedly.ts'
import { Problem, quote } from '../services/problem.ts'
import { askedWait, backoff, isLimit, LOOK_PATIENCE, type Patience } from '../services/retry.ts'
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
  /** How many tokens this step is known to have been issued, lost ones included. */
  issued: number
  /** Whether the key was made by this run: then nobody holds an older token. */
  isNew: boolean
  /** Whether the outcome of the last one is unknown. */
  open: boolean
  /**
   * When the last request of unknown outcome was given up after which the key looked unmoved: ms since the epoch, local
   * clock. It may still be carried out.
   */
  unsettledAt: number | undefined
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
  /** In [0, 1), for the jitter. */
  random: () => number
  /** When everything must be done, ms since the epoch. */
  deadline: () => number
  stopping: Pick<Stopping, 'isAsked' | 'asked'>
}

const MINUTE = 60_000
/** How many tokens one step may be issued: two may be lost, and one more. */
export const MAX_TOKENS = 3
/** Why a request for a token that changed nothing is not sent again. */
export const CANCELLED = 'this run was cancelled'
/** Less than this before everything must be done, no token is asked for any more, in ms. */
export const TIME_FOR_A_ROTATION = 30_000

/** The key as it was looked at. */
export function baselineOf(facts: Facts): Baseline {
  const { id, name, issuedAt } = facts.key
  return { id, name, issuedAt, isSelf: rotatesItself(facts) }
}

/** Why the outcome of a request is not known, and incident.io's id of it where there was an answer. */
export type Unclear = Pick<Extract<Issue, { kind: 'unknown' }>, 'cause' | 'requestId'>

export const noRotations = (): RotationLog => ({
  issued: 0,
  isNew: false,
  open: false,
  unsettledAt: undefined,
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
 * Issues a new token, exactly once as far as incident.io shows. The request is never repeated blindly: unless it returned
 * the token, the key is shown. If its issue date has not moved, the rotation did not happen and may be sent again; if it
 * has, the token is lost, and the key is rotated again with the same grace.
 *
 * @param log is kept up to date; rotations that it holds already count
 * @throws Problem if incident.io refuses, if it issued {@link MAX_TOKENS} tokens and none arrived, or if time is up
 */
export async function rotateOnce(
  key: Baseline,
  graceMinutes: number,
  log: RotationLog,
  effects: RotationEffects,
): Promise<FreshToken> {
  const { incident, context, clock, deadline, random, stopping } = effects
  const start = clock.now()
  // The later one: a token may have been lost, or another run may have rotated since.
  const known = () => [key.issuedAt, ...log.lost].reduce((latest, date) => (isLater(date, latest) ? date : latest))
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
  const isChanged = () => log.lost.length > 0 || log.isWritten
  // Half a minute of trying: the time that it takes to know what an attempt did is not counted.
  let spentLooking = 0
  const until = () => {
    if (!isChanged()) return Math.min(deadline(), start + LOOK_PATIENCE + spentLooking)
    return lastMoment(start, expiryOf(log, graceMinutes), effects)
  }
  const hasTime = () => clock.now() < until() && clock.now() + TIME_FOR_A_ROTATION < deadline()
  let last: Unclear = { cause: 'no time was left' }

  for (let failures = 1; log.issued < MAX_TOKENS && hasTime(); failures++) {
    const sentAt = clock.now()
    log.open = true
    const response = await incident.rotate(key.id, graceMinutes)
    if (response.kind === 'issued') {
      log.open = false
      log.issued += 1
      const disown = key.isSelf && incident.actAs(response.token)
      const issuedAt = await issueDate(key.id, response.issuedAt, known(), effects)
      return { token: response.token, issuedAt, key, ...(disown && { disown }) }
    }
    last = response.kind === 'unknown' ? response : { cause: refusal(response), requestId: response.requestId }
    const givenUpAt = clock.now()
    // It may have taken effect: then the old token's grace period began when it was sent.
    const mayExpireAt = new Date(sentAt + incident.time.offset + graceMinutes * MINUTE).toISOString()
    const patience = {
      until: () => lastMoment(start, expiryOf(log, graceMinutes) ?? mayExpireAt, effects),
      stubborn: true,
    }
    const shown = await issueDateAfter(key.id, known(), looksAfter(response), patience, effects)
    spentLooking += clock.now() - givenUpAt
    if (shown === 'unreadable') {
      const unseen = `${last.cause}, and the key could not be shown to tell whether it was rotated`
      const isSignedOut = response.kind === 'refused' && response.status === 401
      throw problem(unseen, isSignedOut ? giveValidKey(context) : 'Run again.', last.requestId)
    }
    log.open = false
    // Of several requests whose outcome is unknown, any may be the one that moved the date.
    const isUnsettled = shown === 'unmoved' || log.unsettledAt !== undefined
    if (response.kind === 'unknown' && isUnsettled) log.unsettledAt = givenUpAt
    if (shown === 'gone') throw problem('it was deleted meanwhile (incident.io does not know it any more)', IS_GONE)
    if (shown !== 'unmoved') {
      log.issued += 1
      log.lost.push(shown.movedTo)
      continue
    }
    if (isCancelled(log, effects)) throw problem(CANCELLED, 'Run again.')
    const isLimited = response.kind === 'unknown' || isLimit(response.failure)
    const mayPass = isLimited || (isChanged() && !FINAL.includes(response.status))
    const wait = Math.max(waitFor(response, clock.now()), backoff(failures, random()))
    if (response.kind === 'refused' && (!mayPass || clock.now() + wait > until())) {
      const isOwnRefusal = key.isSelf && response.status !== 401 && !mayPass
      throw problem(last.cause, isOwnRefusal ? ROTATE_BY_HAND : adviceFor(response.status, context), last.requestId)
    }
    await clock.sleep(wait, stopping.asked)
    if (isCancelled(log, effects)) throw problem(CANCELLED, 'Run again.')
  }
  const end = log.issued < MAX_TOKENS ? 'no token was issued in time' : `${log.issued} rotations ended without a token`
  throw problem(`${end} (${last.cause})`, 'Run again.', last.requestId)
}

/** Whatever is left to know or to finish after a rotation is tried for at least this long, in ms. */
const MIN_FINISHING = 2 * MINUTE
/** It ends this long before the old token expires, in ms. */
export const EXPIRY_MARGIN = 30_000

/**
 * Until when a rotation that took effect, or may have, is finished: ms since the epoch, local clock.
 *
 * @param since ms since the epoch, local clock
 * @param expiry RFC 3339: when the old token expires; undefined for a new key
 */
export function lastMoment(
  since: number,
  expiry: string | undefined,
  { incident, deadline }: Pick<RotationEffects, 'deadline'> & { incident: Pick<IncidentIo, 'time'> },
): number {
  // After a cancel, and in the post step, the step's own deadline says.
  if (deadline() !== Number.POSITIVE_INFINITY) return deadline()
  const expiresAt = Date.parse(expiry ?? '') - incident.time.offset
  // A date that is far off does not make patience endless.
  const last = Math.min(expiresAt - EXPIRY_MARGIN, since + MAX_FINISHING)
  return Math.max(since + MIN_FINISHING, last || 0)
}

/** incident.io's longest grace period, in ms. */
const MAX_FINISHING = 60 * MINUTE

/** Reports whether a signal came while no token was issued, so that nothing is left half done. */
export function isCancelled(
  { open, lost, isWritten }: RotationLog,
  { stopping }: Pick<RotationEffects, 'stopping'>,
): boolean {
  return stopping.isAsked && !open && lost.length === 0 && !isWritten
}

/** The issue date of the new token: as the response has it, else as the key shows it, else the time at incident.io. */
async function issueDate(
  id: string,
  given: string | undefined,
  known: string,
  effects: RotationEffects,
): Promise<string> {
  if (given !== undefined && isLater(given, known)) return given
  const shown = await issueDateAfter(id, known, SEVERAL_LOOKS, undefined, effects)
  if (typeof shown === 'object' && isLater(shown.movedTo, known)) return shown.movedTo
  return new Date(effects.clock.now() + effects.incident.time.offset).toISOString()
}

const ONE_LOOK = [0]

/**
 * Returns when to look whether a request took effect, in ms from its end on. A proxy may have sent a request twice, of
 * which the second was refused as a conflict or as invalid: then the effect of the first may be shown late.
 */
export function looksAfter(response: Exclude<Issue, { kind: 'issued' }>): readonly number[] {
  return response.kind === 'refused' && ![409, 422].includes(response.status) ? ONE_LOOK : SEVERAL_LOOKS
}

/**
 * Reports whether the key's issue date has moved away from `known`. Each look is patient by itself, so one that fails says
 * that the key cannot be shown.
 */
async function issueDateAfter(
  id: string,
  known: string,
  looks: readonly number[],
  patience: Patience | undefined,
  { incident, clock }: RotationEffects,
): Promise<'unmoved' | 'unreadable' | 'gone' | { movedTo: string }> {
  const see = async () => {
    const shown = await incident.show(id, patience).catch((error) => (isGone(error) ? 'gone' : 'unreadable'))
    if (typeof shown === 'string') return shown as 'gone' | 'unreadable'
    return isSameInstant(shown.issuedAt, known) ? undefined : { movedTo: shown.issuedAt }
  }
  return (await lookRepeatedly(see, clock, looks)) ?? 'unmoved'
}

/** Statuses of refusals that repeating does not change. */
const FINAL = [401, 403, 404]

/** Returns the wait that a limit asks for, in ms; 0 for anything else. */
export function waitFor(response: Exclude<Issue, { kind: 'issued' }>, now: number): number {
  if (response.kind === 'unknown' || !isLimit(response.failure)) return 0
  return Math.max(1000, askedWait(response.failure, now) ?? 0)
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

const IS_GONE =
  'If it was deleted, its secrets hold a token that does not work: create a key and store its token. Otherwise the managing key may no longer see it.'

function adviceFor(status: number, context: RunContext): string {
  switch (status) {
    case 401:
      return giveValidKey(context)
    case 403:
      return 'The managing key must have every scope of the key it rotates: give it those roles in the dashboard, or rotate this key there.'
    case 404:
      return IS_GONE
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
