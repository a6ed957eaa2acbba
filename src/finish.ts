import { type Inputs, readInputs } from './1-read/inputs.ts'
import { look } from './2-look/look.ts'
import { readStored } from './2-look/look-at-copies.ts'
import { stateOf } from './2-look/staleness.ts'
import { confirm, isTheirs, pause } from './4-rotate-and-write/confirm.ts'
import { problemsOf, rotateAndWrite, writePatience } from './4-rotate-and-write/rotate-and-write.ts'
import { baselineOf, noRotations } from './4-rotate-and-write/rotation.ts'
import { type Saved, type Sealed, state } from './4-rotate-and-write/state.ts'
import { STOP_PATIENCE } from './4-rotate-and-write/stopping.ts'
import { type SealedCopy, writeAll } from './4-rotate-and-write/write.ts'
import { messageOf } from './5-tell/messages.ts'
import { nameOf } from './destination.ts'
import { isSameInstant } from './services/clock.ts'
import type { GitHub } from './services/github.ts'
import { type IncidentIo, IncidentIoError, type Key } from './services/incident-io.ts'
import { complain, say } from './services/log.ts'
import { errorsIn, Problem, quote } from './services/problem.ts'
import { connect, type World } from './world.ts'

/**
 * The post step: finishes what a main step that was killed, cancelled or partly refused has left. Silent when there is
 * nothing to do.
 *
 * @returns whether everything is well now
 */
export async function finish(world: World): Promise<boolean> {
  world.stopping.shield()
  world.stopping.finishBy(world.clock.now() + STOP_PATIENCE)
  try {
    const saved = state.read()
    if (saved !== undefined) await finishRotation(saved, world)
    return true
  } catch (thrown) {
    for (const error of errorsIn(thrown)) complain(messageOf(error))
    return false
  }
}

async function finishRotation(saved: Saved, world: World): Promise<void> {
  const inputs = readInputs(world.env)
  const work: Work = { saved, inputs, world, ...connect(inputs, world) }
  const { intent, sealed } = saved
  const key = await keyNow(work)
  if (sealed === undefined) {
    // The issue date has moved although nothing was sealed: a token was issued, and its answer lost.
    if (key !== undefined && !isSameInstant(key.issuedAt, intent.key.issuedAt)) await rotateAgain(key.issuedAt, work)
    return
  }
  if (key !== undefined && !isSameInstant(key.issuedAt, sealed.issuedAt)) return yieldToNewer(key, sealed, work)
  const left = await copiesLeft(sealed, key === undefined ? undefined : sealed.issuedAt, work)
  if (left.length > 0) await writeSaved(left, sealed, work)
}

/** What every part of the finishing works with. */
interface Work {
  saved: Saved
  inputs: Inputs
  incident: IncidentIo
  github: GitHub
  world: World
}

/** The key as it is; undefined when the managing key has rotated itself, and its old token is dead as it should be. */
async function keyNow({ saved, incident }: Work): Promise<Key | undefined> {
  try {
    return await incident.show(saved.intent.key.id)
  } catch (error) {
    const isDead = error instanceof IncidentIoError && error.status === 401
    if (isDead && saved.intent.key.isSelf && saved.sealed !== undefined) return undefined
    throw unseen(saved, error)
  }
}

/** Writes the saved values, and looks whether another run has rotated the key meanwhile. */
async function writeSaved(left: readonly SealedCopy[], sealed: Sealed, work: Work): Promise<void> {
  const { saved, incident, world } = work
  const { issuedAt, oldTokenExpiresAt } = sealed
  const patience = writePatience(Date.parse(oldTokenExpiresAt) - incident.time.offset)
  const written = await writeAll(left, tokenIsGone, { ...work, ...world, patience, oldTokenExpiresAt })
  for (const { destination, result } of written) say(`${nameOf(destination)}: ${result}`)
  const failed = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []))
  if (failed.some(({ cause }) => cause instanceof TokenGone)) return rotateAgain(issuedAt, work)
  if (failed.length > 0) throw new AggregateError(failed)
  const standing = await confirm(saved.intent.key.id, issuedAt, written, { ...work, ...world })
  if (standing.kind === 'superseded' && !standing.isEverywhere) await rotateAgain(standing.issuedAt, work)
}

/**
 * Another rotation came after this one: its run is given some time to write. A copy that it has not written after us holds
 * an older token; where it is not known when we wrote, none is taken for theirs.
 */
async function yieldToNewer(key: Key, sealed: Sealed, work: Work): Promise<void> {
  await pause(work.world)
  const { written } = work.saved
  const areTheirs = await Promise.all(
    sealed.copies.map(({ destination }, index) =>
      isTheirs(destination, written?.[index] ?? undefined, key.issuedAt, work),
    ),
  )
  if (written === undefined || !areTheirs.every(Boolean)) return rotateAgain(key.issuedAt, work)
  say('Another rotation came after this one, and wrote its token everywhere: the saved values are superseded.')
}

/**
 * The token is lost: what the main step meant to do is done anew.
 *
 * @param lostAt RFC 3339: when the token was issued from which on the one that jobs hold has its grace period
 */
async function rotateAgain(lostAt: string, { saved, inputs, incident, github, world }: Work): Promise<void> {
  say('The main step ended before the new token was safe; rotating once more.')
  // Nothing can be put off any more: what cannot be written is passed over, and told.
  const facts = await look({ ...inputs, force: true }, { incident, github }, world.context, { withRuns: false })
  const log = { ...noRotations(), lost: [lostAt] }
  const baseline = baselineOf(facts)
  const effects = { ...world, incident, github }
  const rotated = await rotateAndWrite(baseline, saved.intent.graceMinutes, facts.copies, log, effects)
  for (const { destination, result } of rotated.written) say(`${nameOf(destination)}: ${result}`)
  const problems = [...facts.passedOver, ...problemsOf(baseline, rotated)]
  if (problems.length > 0) throw new AggregateError(problems)
}

/**
 * The saved values that were not written: the copy is as it was before the rotation, or older than the token. One whose
 * date cannot be read is written, since the key says that the saved token is its current one.
 *
 * @param issuedAt RFC 3339: when the key's current token was issued; undefined when the key cannot say, and then only a
 *   copy that surely is as it was counts
 */
async function copiesLeft(
  sealed: Sealed,
  issuedAt: string | undefined,
  { incident, github }: Work,
): Promise<SealedCopy[]> {
  const at = Date.parse(issuedAt ?? '') - incident.time.offset
  const left = await Promise.all(
    sealed.copies.map(async (copy) => {
      const stored = await readStored(copy.destination, github).catch(() => 'unreadable' as const)
      if (stored === 'unreadable') return issuedAt === undefined ? [] : [copy]
      const { writtenAt, visibility } = stored
      const updatedAt = writtenAt === undefined ? undefined : Date.parse(writtenAt) - github.time.offset
      const isLeft =
        writtenAt === copy.writtenAt || (issuedAt !== undefined && stateOf({ updatedAt }, at) !== 'current')
      // Who can read an organization's secret may have been changed since it was sealed.
      return isLeft ? [{ ...copy, ...(writtenAt !== undefined && visibility && { visibility }) }] : []
    }),
  )
  return left.flat()
}

/** The key cannot be asked whether the saved values are still the current ones. */
function unseen({ intent, sealed }: Saved, error: unknown): Problem {
  const consequence =
    sealed === undefined
      ? `If the key was rotated, the old token dies ${intent.graceMinutes} minutes after that.`
      : `The key was rotated, and the old token dies at ${sealed.oldTokenExpiresAt}.`
  return new Problem(
    {
      goal: 'finish the rotation of',
      subject: `the API key ${quote(intent.key.name)} (${intent.key.id})`,
      cause: error instanceof Error ? error.message : 'no answer',
      remedy: `${consequence} Run again before then: the next run sees which copies are older than the token, rotates and writes them.`,
    },
    { cause: error },
  )
}

/** A public key was replaced, and the token that could be sealed for the new one ended with the main step. */
class TokenGone extends Error {}

function tokenIsGone(): never {
  throw new TokenGone()
}
