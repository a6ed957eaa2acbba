import type { Copy } from '../2-look/look-at-copies.ts'
import { nameOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { IncidentIo, KeyFields } from '../services/incident-io.ts'
import { warn } from '../services/log.ts'
import { Problem, quote, someOf, TOO_MANY_FILES } from '../services/problem.ts'
import type { Patience, Waiting } from '../services/retry.ts'
import { confirm, type Standing } from './confirm.ts'
import { createOnce } from './creation.ts'
import {
  type Baseline,
  consequence,
  EXPIRY_MARGIN,
  expiryOf,
  lastMoment,
  MAX_TOKENS,
  type RotationLog,
  rotateOnce,
} from './rotation.ts'
import type { Intent, SavedState } from './state.ts'
import type { Stopping } from './stopping.ts'
import { type Proof, verify, verifyOnce } from './verify.ts'
import { sealAll, type Written, writeAll } from './write.ts'

/** What the rotation came to. */
export interface Rotated {
  key: Baseline
  /** RFC 3339. */
  issuedAt: string
  /** When the token that the jobs in flight hold dies (RFC 3339), by incident.io's clock; undefined for a new key. */
  oldTokenExpiresAt: string | undefined
  written: readonly Written[]
  proof: Proof
  standing: Standing
}

export interface Effects extends Waiting {
  incident: IncidentIo
  github: GitHub
  context: RunContext
  stopping: Pick<Stopping, 'isAsked' | 'asked'>
  /** Where it is saved what a killed step leaves to finish. */
  state: SavedState
  /** Told as soon as everything was written, while the rotation is still being confirmed. */
  onWritten?: () => void
}

/** The key to rotate, or what a key is to be that is still to be made. */
export type Start = Baseline | KeyFields

/**
 * The critical section: from the first request that changes something to the last write. Signals do not stop it, and
 * whatever stops it all the same is repaired by the post step, or by the next run.
 *
 * @param start a key to rotate, or to make
 * @param log is kept up to date, also when this throws
 * @throws Problem when no token could be had
 */
export async function rotateAndWrite(
  start: Start,
  graceMinutes: number,
  copies: readonly Copy[],
  log: RotationLog,
  effects: Effects,
): Promise<Rotated> {
  const { incident, state } = effects
  const destinations = copies.map(({ destination }) => destination)
  let target: Start = start
  const intent: Intent = { key: 'id' in start ? start : { name: start.name }, graceMinutes, destinations }
  // Before anything changes: without it the post step could not tell that something did.
  try {
    state.saveIntent(intent)
  } catch (error) {
    throw cannotSave(start, consequence(log, graceMinutes), error)
  }
  for (;;) {
    // Killed before this line: nothing has changed. Killed behind it, with the answer on its way: the post step sees
    // that the issue date has moved although nothing is sealed, and rotates once more; so does the next run.
    const issuing = 'id' in target ? rotateOnce(target, graceMinutes, log, effects) : createOnce(target, log, effects)
    const { token, issuedAt, key, disown } = await issuing.catch((error) => {
      // A request that was given up may still be carried out: then the post step finds that the key has moved.
      const isSettled = !log.open && log.lost.length === 0 && log.unsettledAt === undefined
      if (isSettled) saveIfPossible(() => state.settle())
      throw error
    })
    // Killed here: as above. The token was in this process only; the old one lives until its grace ends.
    const sealed = sealAll(token, copies)
    const oldTokenExpiresAt = expiryOf(log, graceMinutes, issuedAt)
    const { unsettledAt } = log
    const isSaved = saveIfPossible(() =>
      state.saveSealed({ keyId: key.id, issuedAt, oldTokenExpiresAt, unsettledAt, copies: sealed }),
    )
    // Killed from here on: the post step writes what is saved; without it, the next run sees the older copies.
    const patience = writePatience(oldTokenExpiresAt, incident)
    const writingSince = effects.clock.now()
    const [written, firstProof] = await Promise.all([
      writeAll(sealed, (seal) => seal(token), { ...effects, patience, oldTokenExpiresAt }).then((all) => {
        // Behind this the post step can tell our copies from those of another run that rotates at the same time.
        saveIfPossible(() => state.saveWritten(all.map(timeOf)))
        return all
      }),
      verify(token, effects),
    ])
    // Without the sealed values the post step could only rotate again.
    const areAllWritten = written.every(({ result }) => result !== 'failed')
    if (!isSaved && areAllWritten) saveIfPossible(() => state.settle())
    effects.onWritten?.()
    // Killed here: everything is written, and at most another run's newer token is written over. The post step sees that.
    // The token before is known to work, and shows the key.
    if (firstProof.kind === 'refused') disown?.()
    const finishing = { until: () => lastMoment(writingSince, oldTokenExpiresAt, effects), stubborn: true }
    const standing = await confirm({ keyId: key.id, issuedAt, unsettledAt }, written, effects, finishing)
    const proof =
      firstProof.kind === 'unknown' && standing.kind === 'current' ? await verifyOnce(token, effects) : firstProof
    const isSuperseded = standing.kind === 'superseded' && !standing.isEverywhere
    const isRefused = standing.kind === 'current' && proof.kind === 'refused'
    if (!(isSuperseded || isRefused) || log.issued >= MAX_TOKENS) {
      // What could not be written stays saved, so that the post step tries once more. So does what another run has
      // superseded, or may have, for it to tell which copies are ours.
      const isSure = standing.kind !== 'unknown' && !isSuperseded
      if (areAllWritten && isSure) saveIfPossible(() => state.settle())
      const current = standing.kind === 'superseded' && standing.isEverywhere ? standing.issuedAt : issuedAt
      return { key, issuedAt: current, oldTokenExpiresAt, written, proof, standing }
    }
    // A token that incident.io refuses for good is as good as lost, and so is one that another run has superseded while
    // it stands in a copy. Killed during the next rotation: the post step must not take this one's sealed values for
    // what it has to write, and sees that the issue date has moved since the beginning.
    log.lost.push(issuedAt)
    log.isWritten = true
    if (standing.kind === 'superseded') log.foreign.push(standing.issuedAt)
    target = { ...key, issuedAt: standing.kind === 'superseded' ? standing.issuedAt : issuedAt }
    saveIfPossible(() => state.saveIntent(intent))
  }
}

/** When a copy was written; one whose date is not known counts as written last. */
function timeOf(one: Written): number | null {
  if (one.result === 'failed') return null
  return Number.isNaN(one.at) ? Number.MAX_SAFE_INTEGER : one.at
}

/**
 * Saves state, which is never a reason to stop the work once the key is rotated.
 *
 * @returns whether it was saved
 */
function saveIfPossible(save: () => void): boolean {
  try {
    save()
    return true
  } catch (error) {
    warn(
      `The state for the post step could not be saved (${codeOf(error)}); if this job is killed, the next run repairs the secrets.`,
    )
    return false
  }
}

/** The system's code of an error; a file that is missing is told without one. */
const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'the file is missing')

/** The runner's file cannot be written, so that nothing is begun that a killed job would leave half done. */
function cannotSave(start: Start, changed: string, error: unknown): Problem {
  const id = 'id' in start ? ` (${start.id})` : ''
  const remedy = TOO_MANY_FILES.includes(codeOf(error))
    ? 'Raise the limit of open files of the runner (ulimit -n).'
    : "Free space on the runner's disk; in a container, mount the folder of the file so that it may be written."
  return new Problem(
    {
      goal: id === '' ? 'make' : 'rotate',
      subject: `the API key ${quote(start.name)}${id}`,
      cause:
        `the file in which the runner keeps state for the post step (GITHUB_STATE) cannot be written (${codeOf(error)}), ` +
        'and what a killed job leaves undone could not be finished without it',
      remedy: `${changed} ${remedy} Then run again.`,
    },
    { cause: error },
  )
}

/** incident.io's longest grace period, in ms. */
const LONGEST_PATIENCE = 60 * 60_000
/**
 * A place that passed the preflight may refuse a write for a moment: single requests with a good credential have been
 * refused with 401, 403, 404 and 409. In ms.
 */
const REFUSAL_PATIENCE = 2 * 60_000
/** Nobody waits for the token of a new key: its writes are tried for so long, in ms. */
const NEW_KEY_PATIENCE = 10 * 60_000

/**
 * Patience for the writes: until shortly before the old token dies, and at least for a while.
 *
 * @param oldTokenExpiresAt RFC 3339; undefined for a new key
 */
export function writePatience(oldTokenExpiresAt: string | undefined, { time }: Pick<IncidentIo, 'time'>): Patience {
  if (oldTokenExpiresAt === undefined) {
    const refusalsUntil = (since: number) => since + REFUSAL_PATIENCE
    return { until: (since) => since + NEW_KEY_PATIENCE, stubborn: true, refusalsUntil }
  }
  const diesAt = Date.parse(oldTokenExpiresAt) - time.offset
  const within = (since: number, longest: number) =>
    Math.max(since + EXPIRY_MARGIN, Math.min(diesAt - EXPIRY_MARGIN, since + longest))
  return {
    // A date that is far off does not make patience endless.
    until: (since) => within(since, LONGEST_PATIENCE),
    stubborn: true,
    refusalsUntil: (since) => within(since, REFUSAL_PATIENCE),
  }
}

type Named = Pick<Baseline, 'id' | 'name'>

/** What is wrong with a rotation that was carried out, one problem each; none when every copy holds a proven token. */
export function problemsOf(key: Named, { written, proof, standing, oldTokenExpiresAt }: Rotated): Problem[] {
  const problems = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []))
  const holders = written.flatMap(({ destination, result }) => (result === 'failed' ? [] : [nameOf(destination)]))
  if (proof.kind === 'works') return [...problems, ...raceProblems(key, standing)]
  if (standing.kind === 'superseded' || standing.kind === 'gone') return [...problems, ...raceProblems(key, standing)]
  const oldToken = (dies: string) => (oldTokenExpiresAt === undefined ? '' : `${dies} ${oldTokenExpiresAt}.`)
  const unproven =
    proof.kind === 'refused'
      ? {
          cause: `incident.io refuses it${standing.kind === 'current' ? `, after ${MAX_TOKENS} rotations` : ', and did not show the key'}`,
          remedy: `${oldToken('The token that jobs already running hold dies at')} Rotate the key in the dashboard, and ask the support of incident.io.`,
          requestId: proof.requestId,
        }
      : {
          cause: 'incident.io gave no answer that tells',
          remedy: `${holders.length === 0 ? '' : `It is written to ${someOf(holders)}. `}${oldToken('The old one dies at')} Check that jobs work, or run again with force: true.`,
        }
  const subject = `the new token of the API key ${quote(key.name)} (${key.id})`
  return [...problems, new Problem({ goal: 'see at work', subject, ...unproven })]
}

/** A copy that was written with a superseded token looks new: the next run cannot tell. */
export const UNCONFIRMED =
  'If something else rotated the key while it was written, the copies hold a token that dies, although they look new. ' +
  'Look in the dashboard when the key was last rotated; to be sure, run again with "force: true".'

/** Its secrets were written with a token that ended with the key. */
export function deletedMeanwhile(subject: string): Problem {
  return new Problem({
    goal: 'keep',
    subject,
    cause: 'the key was deleted during this run',
    remedy: 'Its secrets hold a token that no longer works. Create a key, and store its token in them.',
  })
}

/** A token that is not surely the key's current one must not be taken for success. */
function raceProblems({ id, name }: Named, standing: Standing): Problem[] {
  const subject = `the new token of the API key ${quote(name)} (${id})`
  if (standing.kind === 'unknown') {
    return [
      new Problem({
        goal: 'confirm',
        subject,
        cause: 'incident.io could not be asked whether it is still the current one',
        remedy: UNCONFIRMED,
      }),
    ]
  }
  if (standing.kind === 'gone') return [deletedMeanwhile(subject)]
  if (standing.kind === 'current' || standing.isEverywhere) return []
  return [
    new Problem({
      goal: 'keep',
      subject,
      cause: `something else rotates this key at the same time, the last time at ${standing.issuedAt}, and it went on through ${MAX_TOKENS} rotations`,
      remedy:
        'Some copies hold a token that dies, although they look new. Let one workflow alone rotate this key, with all its ' +
        'destinations, and run it with "force: true".',
    }),
  ]
}
