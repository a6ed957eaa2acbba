import type { Inputs } from '../1-read/inputs.ts'
import type { Facts } from '../2-look/look.ts'
import type { Copy } from '../2-look/look-at-copies.ts'
import type { Credential } from '../2-look/writable.ts'
import { nameOf } from '../destination.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { type Decision, takesTurns } from './decide.ts'
import { writingMinutes } from './grace.ts'
import { rotatesItself } from './self.ts'
import { tooLongRuns } from './too-long.ts'

/** Writes stop so long before the old token dies, in minutes. */
const WRITE_MARGIN = 0.5
const MINUTE = 60_000

/** State comes back in the environment of the post step: Linux takes about 2 MB of it. In bytes. */
export const LARGEST_STATE = 1_000_000
/** A sealed token is shorter than so many characters; a token has less than 200. */
const LONGEST_BOX = 400

const ADVICE =
  'Nothing was changed. Use a secret of the organization in the place of many of repositories, or a GitHub App that is ' +
  "installed in several accounts: GitHub's limits hold for each of them."

/**
 * Why a rotation that is due must not be begun; undefined when nothing speaks against it.
 *
 * @param now ms since the epoch on this machine's clock
 */
export function refusalOf(inputs: Inputs, facts: Facts, decision: Decision, now: number): Problem | undefined {
  if (decision.because.kind === 'repair-paused') return repairPaused(facts, decision)
  if (decision.because.kind === 'archived') return inputs.force ? allArchived(facts) : undefined
  if (takesTurns(inputs, facts)) return twoRotators(facts)
  if (decision.action === 'refuse') return tooLongRuns(facts.key, decision.grace.tooLong)
  if (decision.action !== 'rotate') return undefined
  if (rotatesItself(facts) && decision.grace.minutes === 0 && !inputs.force) return cutOff(facts)
  const { minutes } = decision.grace
  const unwritable = facts.credentials.map(
    (one) => tooManyWrites(one, minutes, inputs.force) ?? heldUp(one, minutes, inputs.force, now),
  )
  return unwritable.find((problem) => problem !== undefined) ?? tooMuchState(facts)
}

/**
 * A set of destinations that cannot be written before the old token dies.
 *
 * @param isForced a forced rotation waits for nothing, and a grace period of 0 leaves no time for any write anyway
 */
function tooManyWrites({ owners, writes }: Credential, graceMinutes: number, isForced: boolean): Problem | undefined {
  const minutes = writingMinutes(writes)
  if (graceMinutes === 0 || isForced || minutes <= graceMinutes - WRITE_MARGIN) return undefined
  return new Problem({
    goal: 'rotate',
    subject: `with ${writes} destinations of ${someOf(owners.map(quote), 3)}`,
    cause: `at GitHub's limits the writes take ${Math.ceil(minutes)} minutes, and the old token dies after ${graceMinutes}`,
    remedy: `${ADVICE} Or give a longer "grace-period-minutes".`,
  })
}

/** GitHub has just asked to wait for longer than the old token would live. A forced rotation waits for nothing. */
function heldUp(
  { access: { heldUntil }, owners, writes }: Credential,
  graceMinutes: number,
  isForced: boolean,
  now: number,
): Problem | undefined {
  // Writes go on for so long at least, however short the grace period is.
  const lastWrite = now + Math.max(graceMinutes - WRITE_MARGIN, WRITE_MARGIN) * MINUTE
  if (isForced || heldUntil <= lastWrite) return undefined
  return new Problem({
    goal: 'rotate',
    subject: `with ${writes} destinations of ${someOf(owners.map(quote), 3)}`,
    cause: `GitHub has asked for a pause until ${new Date(heldUntil).toISOString()}, and the old token would die after ${graceMinutes} minutes`,
    remedy: 'Nothing was changed. Run again behind that pause, or use a credential with limits of its own.',
  })
}

/** A secret that two runs in a row could not repair: each further rotation would put running jobs at risk for nothing. */
function repairPaused({ key, copies, failedRepair }: Facts, { states }: Decision): Problem {
  const places = copies.filter((_, index) => states[index] !== 'current').map(({ destination }) => nameOf(destination))
  return new Problem({
    goal: 'repair',
    subject: someOf(places, 5),
    cause: `the run that rotated the key ${quote(key.name)} (${key.id}) at ${key.issuedAt} failed, and so did the run before it (${failedRepair})`,
    remedy:
      'Nothing was changed. Look up in that run why the secret could not be written, and remove the cause. Then run once ' +
      'with "force: true", or wait: 6 hours after that rotation the next run tries again.',
  })
}

function allArchived({ key, archived }: Facts): Problem {
  return new Problem({
    goal: 'rotate',
    subject: `the API key ${quote(key.name)} (${key.id})`,
    cause: `every destination is in an archived repository, where no secret can be written: ${someOf(archived.map(nameOf), 5)}`,
    remedy: 'Nothing was changed. Name a destination that is not archived, or unarchive the repository.',
  })
}

/** Two workflows that rotate one key in turns, each making the other's copies stale. */
function twoRotators({ key }: Facts): Problem {
  return new Problem({
    goal: 'rotate',
    subject: `the API key ${quote(key.name)} (${key.id})`,
    cause: `something else rotated it at ${key.issuedAt}, less than two hours after this workflow did: two rotators are taking turns`,
    remedy:
      'Nothing was changed. Let one workflow alone rotate this key, with all its destinations, and turn the other off; ' +
      'then run this once with "force: true".',
  })
}

/** The managing key that rotates itself with a grace period of 0. */
function cutOff({ key }: Facts): Problem {
  return new Problem({
    goal: 'rotate',
    subject: `the API key ${quote(key.name)} (${key.id})`,
    cause:
      'it is the managing key itself, and with "grace-period-minutes: 0" its token would die before the new one is safe',
    remedy:
      'Nothing was changed. Leave "grace-period-minutes" at auto, which gives it 60, or give "force: true" as well.',
  })
}

/** How many bytes of state these copies will take, at most: they are handed over as base64 of JSON. */
export function sizeOfState(copies: readonly Copy[]): number {
  const value = { keyId: 'x'.repeat(20), encryptedValue: 'x'.repeat(LONGEST_BOX) }
  const sealed = copies.map(({ destination, writtenAt, visibility }) => ({ destination, writtenAt, visibility, value }))
  // The intent names them once more.
  const destinations = copies.map(({ destination }) => destination)
  return Math.ceil(Buffer.byteLength(JSON.stringify([sealed, destinations])) / 3) * 4
}

/** Other keys of this run could not be finished, and left so much to the post step that there is no room for one more. */
export function tooMuchUnfinished({ name }: { name: string }): Problem {
  return new Problem({
    goal: 'rotate',
    subject: `the API key ${quote(name)}`,
    cause: `what keys before it left unfinished fills the ${LARGEST_STATE / 1000} kB that a runner hands over to the post step`,
    remedy: 'No token of it was issued. See what went wrong with the others, and run again.',
  })
}

function tooMuchState({ copies }: Facts): Problem | undefined {
  const size = sizeOfState(copies)
  if (size <= LARGEST_STATE) return undefined
  return new Problem({
    goal: 'rotate',
    subject: `with ${copies.length} destinations`,
    cause: `what a killed run leaves to the post step would be ${Math.ceil(size / 1000)} kB, and a runner hands over ${LARGEST_STATE / 1000} kB at most`,
    remedy: ADVICE,
  })
}
