import type { Clock } from '../services/clock.ts'
import type { IncidentIo } from '../services/incident-io.ts'
import { Problem, quote } from '../services/problem.ts'
import { askedWait, isLimit, LOOK_PATIENCE } from '../services/retry.ts'

/** A token that was just issued. It is in this object and in the sealed boxes, and nowhere else. */
export interface FreshToken {
  token: string
  /** RFC 3339, as incident.io gave it. */
  issuedAt: string
}

/** The key as it was before a rotation: by its issue date one sees whether a rotation took effect. */
export interface Baseline {
  id: string
  name: string
  issuedAt: string
}

/** The rotations that one run may send: an answer may be lost twice. */
export const MOST_ROTATIONS = 3
/** When the key is shown after an unknown outcome, in ms: a slow rotation may still take effect. */
const SHOWN_AFTER = [0, 1000, 2500, 5000]

/** What is known of the rotations that this run has sent. */
export interface RotationLog {
  /** How many were sent. */
  sent: number
  /** Whether the outcome of the last one is unknown. */
  open: boolean
  /** The issue dates of tokens that nobody holds: their answers were lost, or they were refused. */
  lost: string[]
}

export const noRotations = (): RotationLog => ({ sent: 0, open: false, lost: [] })

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
  { incident, clock }: { incident: IncidentIo; clock: Clock },
): Promise<FreshToken> {
  const subject = `the API key ${quote(key.name)} (${key.id})`
  const refusalEnd = clock.now() + LOOK_PATIENCE
  let known = log.lost.at(-1) ?? key.issuedAt
  let cause = ''
  while (log.sent < MOST_ROTATIONS) {
    log.open = true
    const answer = await incident.rotate(key.id, graceMinutes)
    log.open = answer.kind === 'unknown'
    if (answer.kind === 'refused' && isLimit(answer.failure)) {
      // A limit is a refusal: nothing happened, so the same request may be sent again after the wait it asks for.
      const wait = askedWait(answer.failure, clock.now()) ?? 1000
      if (clock.now() + wait > refusalEnd) throw refused(subject, answer, log)
      await clock.sleep(wait)
      continue
    }
    log.sent += 1
    if (answer.kind === 'refused') throw refused(subject, answer, log)
    if (answer.kind === 'rotated') {
      const serverNow = new Date(clock.now() + incident.time.offset).toISOString()
      return { token: answer.token, issuedAt: answer.issuedAt ?? serverNow }
    }
    cause = answer.cause
    const shown = await issueDateAfter(key.id, known, { incident, clock })
    if (shown === 'unreadable') throw unknown(subject, cause)
    log.open = false
    if (shown === 'unmoved') continue
    log.lost.push(shown.movedTo)
    known = shown.movedTo
  }
  throw new Problem({
    goal: 'rotate',
    subject,
    cause: `${MOST_ROTATIONS} tries ended without a token (${cause})`,
    remedy: remedyFor(log),
  })
}

/**
 * Shows the key a few times over 5 s, until its issue date has moved away from `known`. Each look is patient by itself,
 * so one that fails says that the key cannot be seen at all.
 */
async function issueDateAfter(
  id: string,
  known: string,
  { incident, clock }: { incident: IncidentIo; clock: Clock },
): Promise<'unmoved' | 'unreadable' | { movedTo: string }> {
  const start = clock.now()
  for (const at of SHOWN_AFTER) {
    await clock.sleep(Math.max(0, start + at - clock.now()))
    const shown = await incident.show(id).catch(() => undefined)
    if (shown === undefined) return 'unreadable'
    if (shown.issuedAt !== known) return { movedTo: shown.issuedAt }
  }
  return 'unmoved'
}

function refused(
  subject: string,
  answer: { status: number; type: string | undefined; requestId: string | undefined },
  log: RotationLog,
): Problem {
  const { status, type, requestId } = answer
  const cause = `incident.io answered ${status}${type === undefined ? '' : ` (${type})`}`
  const remedy =
    status === 403
      ? 'The managing key must have every scope of the key it rotates: give it those roles in the dashboard, or rotate this key there.'
      : status === 401
        ? 'Give a living API key with the role api_keys_manage as "incident-api-key".'
        : status === 404
          ? 'The key was deleted meanwhile, or the managing key no longer sees it.'
          : 'Run again; when it persists, ask the support of incident.io.'
  return new Problem({ goal: 'rotate', subject, cause, remedy: `${remedy} ${remedyFor(log)}`, requestId })
}

function unknown(subject: string, cause: string): Problem {
  return new Problem({
    goal: 'rotate',
    subject,
    cause: `${cause}, and the key could not be shown to tell whether it was rotated`,
    remedy:
      'Run again: when the token was issued, the next run sees that the copies are older, rotates and writes them.',
  })
}

function remedyFor(log: RotationLog): string {
  return log.lost.length === 0
    ? 'Nothing was changed.'
    : 'The key has a token that nobody holds, and the old one dies when its grace period ends: run again, which rotates and writes every copy.'
}
