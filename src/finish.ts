import { readInputs } from './1-read/inputs.ts'
import { look } from './2-look/look.ts'
import { readStored } from './2-look/look-at-copies.ts'
import { stateOf } from './2-look/staleness.ts'
import { problemsOf, rotateAndWrite, writePatience } from './4-rotate-and-write/rotate-and-write.ts'
import { baselineOf, noRotations } from './4-rotate-and-write/rotation.ts'
import { type Saved, type Sealed, state } from './4-rotate-and-write/state.ts'
import { STOP_PATIENCE } from './4-rotate-and-write/stopping.ts'
import { type SealedCopy, writeAll } from './4-rotate-and-write/write.ts'
import { messageOf } from './5-tell/messages.ts'
import { nameOf } from './destination.ts'
import { isSameInstant } from './services/clock.ts'
import type { GitHub } from './services/github.ts'
import type { IncidentIo } from './services/incident-io.ts'
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
  const services = connect(inputs, world)
  const { intent, sealed } = saved
  const key = await services.incident.show(intent.key.id).catch((error) => {
    throw unseen(saved, error)
  })
  const isUntouched = isSameInstant(key.issuedAt, intent.key.issuedAt)

  if (sealed === undefined) return isUntouched ? undefined : rotateAgain()
  if (!isSameInstant(key.issuedAt, sealed.issuedAt)) {
    return say(
      'Another rotation came after this one, so the values that were saved are not written: they are superseded.',
    )
  }
  const older = await olderCopies(sealed, services)
  if (older.length === 0) return
  const { oldTokenExpiresAt } = sealed
  const patience = writePatience(Date.parse(oldTokenExpiresAt) - services.incident.time.offset)
  const written = await writeAll(older, tokenIsGone, { ...services, ...world, patience, oldTokenExpiresAt })
  for (const { destination, result } of written) say(`${nameOf(destination)}: ${result}`)
  const failed = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []))
  if (failed.some(({ cause }) => cause instanceof TokenGone)) return rotateAgain()
  if (failed.length > 0) throw new AggregateError(failed)

  /** The token is lost: what the main step meant to do is done anew. */
  async function rotateAgain(): Promise<void> {
    say('The main step ended before the new token was safe; rotating once more.')
    // Nothing can be put off any more: what cannot be written is passed over, and told.
    const facts = await look({ ...inputs, force: true }, services, world.context, { withRuns: false })
    // The grace period of the token that jobs hold began with the token that was lost.
    const log = { ...noRotations(), lost: [key.issuedAt] }
    const baseline = baselineOf(facts)
    const rotated = await rotateAndWrite(baseline, intent.graceMinutes, facts.copies, log, { ...services, ...world })
    for (const { destination, result } of rotated.written) say(`${nameOf(destination)}: ${result}`)
    const problems = [...facts.passedOver, ...problemsOf(baseline, rotated)]
    if (problems.length > 0) throw new AggregateError(problems)
  }
}

/**
 * The saved values that were not written: the copy is as it was before the rotation, or older than the token. One whose
 * date cannot be read is written, since the key says that the saved token is its current one.
 */
async function olderCopies(
  sealed: Sealed,
  { incident, github }: { incident: IncidentIo; github: GitHub },
): Promise<SealedCopy[]> {
  const issuedAt = Date.parse(sealed.issuedAt) - incident.time.offset
  const older = await Promise.all(
    sealed.copies.map(async (copy) => {
      const stored = await readStored(copy.destination, github).catch(() => undefined)
      const date = stored?.writtenAt
      const isOlder =
        date === undefined ||
        date === copy.writtenAt ||
        stateOf({ updatedAt: Date.parse(date) - github.time.offset }, issuedAt) !== 'current'
      // Who can read an organization's secret may have been changed since it was sealed.
      return isOlder ? [{ ...copy, ...(stored?.visibility && { visibility: stored.visibility }) }] : []
    }),
  )
  return older.flat()
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
