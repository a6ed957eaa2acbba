import * as core from '@actions/core'
import { readInputs } from './1-read/inputs.ts'
import { explainIncidentIo } from './2-look/explain.ts'
import { look } from './2-look/look.ts'
import { stateOf } from './3-decide/decide.ts'
import { problemsOf, rotateAndWrite, writePatience } from './4-rotate-and-write/rotate-and-write.ts'
import { noRotations } from './4-rotate-and-write/rotation.ts'
import { type Saved, type Sealed, state } from './4-rotate-and-write/state.ts'
import { STOP_PATIENCE } from './4-rotate-and-write/stopping.ts'
import { writeAll } from './4-rotate-and-write/write.ts'
import { messageOf } from './5-tell/messages.ts'
import { logLine } from './5-tell/tell.ts'
import { nameOf } from './destination.ts'
import { errorsIn, quote } from './services/problem.ts'
import { connect, type World } from './world.ts'

/**
 * The post step: finishes what a main step that was killed, cancelled or partly refused has left. Silent when there is
 * nothing to do.
 *
 * @returns whether everything is well now
 */
export async function finish(world: World): Promise<boolean> {
  const saved = state.read()
  if (saved === undefined) return true
  world.stopping.shield()
  world.stopping.finishBy(world.clock.now() + STOP_PATIENCE)
  const errors = await finishRotation(saved, world).catch((thrown) => errorsIn(thrown).map(messageOf))
  for (const error of errors) core.error(world.mask.scrub(error))
  return errors.length === 0
}

/** @returns what is wrong still, as messages */
async function finishRotation(saved: Saved, world: World): Promise<string[]> {
  const inputs = readInputs(world.env, world.mask)
  const services = connect(inputs, world)
  const { intent, sealed } = saved
  const key = await services.incident.show(intent.key.id).catch((error) => {
    throw explainIncidentIo(error, 'finish the rotation of', quote(intent.key.name), world.context)
  })

  /** The token is lost: what the main step meant to do is done anew. */
  const rotateAgain = async (): Promise<string[]> => {
    say(world, 'The main step ended before the new token was safe; rotating once more.')
    const facts = await look(inputs, services, world.context)
    const effects = { ...services, ...world }
    const rotated = await rotateAndWrite(facts.key, intent.graceMinutes, facts.copies, noRotations(), effects)
    return problemsOf(facts.key, rotated).map(({ message }) => message)
  }

  if (sealed === undefined) return key.issuedAt === intent.key.issuedAt ? [] : rotateAgain()
  if (key.issuedAt !== sealed.issuedAt) {
    say(
      world,
      'The key was rotated by something else meanwhile, so the saved values are not written: they would be stale.',
    )
    return []
  }

  const older = await olderCopies(sealed, services)
  if (older.length === 0) return []
  const { oldTokenExpiresAt } = sealed
  const patience = writePatience(Date.parse(oldTokenExpiresAt) - services.incident.time.offset, world)
  const written = await writeAll(older, tokenIsGone, { github: services.github, patience, oldTokenExpiresAt })
  for (const { destination, result } of written) say(world, `${nameOf(destination)}: ${result}`)
  const failed = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []))
  return failed.some(({ cause }) => cause instanceof TokenGone) ? rotateAgain() : failed.map(({ message }) => message)
}

/** The saved values whose destination was last written before the token was issued. */
async function olderCopies(
  sealed: Sealed,
  { incident, github }: ReturnType<typeof connect>,
): Promise<Sealed['copies']> {
  const issuedAt = Date.parse(sealed.issuedAt) - incident.time.offset
  const older = await Promise.all(
    sealed.copies.map(async ({ destination }) => {
      const date = await github.updatedAt(destination)
      const updatedAt = date === undefined ? undefined : Date.parse(date) - github.time.offset
      return stateOf({ updatedAt }, issuedAt) !== 'current'
    }),
  )
  return sealed.copies.filter((_, index) => older[index])
}

/** A public key was replaced, and the token that could be sealed for the new one ended with the main step. */
class TokenGone extends Error {}

function tokenIsGone(): never {
  throw new TokenGone()
}

function say({ mask }: World, line: string): void {
  core.info(logLine(mask.scrub(line)))
}
