import { readAccess, readGitHubAccess, type ServiceAccess } from './1-read/access.ts'
import { MOST_WRITES } from './1-read/destinations.ts'
import { look } from './2-look/look.ts'
import { readStored } from './2-look/look-at-copies.ts'
import { stateOf } from './2-look/staleness.ts'
import { writingMinutes } from './3-decide/grace.ts'
import { confirm, isTheirs, lagOfDates, pause } from './4-rotate-and-write/confirm.ts'
import {
  deletedMeanwhile,
  problemsOf,
  rotateAndWrite,
  UNCONFIRMED,
  writePatience,
} from './4-rotate-and-write/rotate-and-write.ts'
import { type Baseline, baselineOf, DEAD_BY_ITSELF, noRotations } from './4-rotate-and-write/rotation.ts'
import { type Saved, type Sealed, savedRotations, UNSAVED } from './4-rotate-and-write/state.ts'
import { STOP_PATIENCE } from './4-rotate-and-write/stopping.ts'
import { isTimeLeft, type SealedCopy, type Written, writeAll } from './4-rotate-and-write/write.ts'
import { messageOf, messagesOf } from './5-tell/messages.ts'
import { nameOf } from './destination.ts'
import { isLater } from './services/clock.ts'
import { isGone, isUnauthorized, type Key, keyOf } from './services/incident-io.ts'
import { complain, say } from './services/log.ts'
import { lookRepeatedly } from './services/look-repeatedly.ts'
import { allOrProblems, errorsIn, Problem, quote, someOf } from './services/problem.ts'
import { BEFORE_ROTATION, UNTIL_THE_END } from './services/retry.ts'
import { connect, type Services, type World } from './world.ts'

/**
 * The post step: finishes what a main step that was killed, cancelled or partly refused has left. Silent when there is
 * nothing to do.
 *
 * @returns whether everything is well now
 */
export async function finish(begun: World): Promise<boolean> {
  const world = { ...begun, lookPatience: UNTIL_THE_END }
  world.stopping.shield()
  world.stopping.finishBy(world.clock.now() + STOP_PATIENCE)
  try {
    const all = savedRotations(world.env)
    const writes = all.reduce((sum, { intent }) => sum + intent.destinations.length, 0)
    let access: ServiceAccess
    try {
      access = readAccess(world.env)
    } catch (mistakes) {
      throw new AggregateError(await finishWithoutInputs(all, errorsIn(mistakes), writes, world))
    }
    const services = connect(access, world, writes)
    await allOrProblems(all.map((saved) => finishRotation({ saved, ...services, world })))
    return true
  } catch (thrown) {
    for (const message of messagesOf(errorsIn(thrown))) complain(message)
    return false
  }
}

/**
 * The post step may be given no inputs, or those of another action. What is sealed is written all the same if there is a
 * credential for GitHub.
 *
 * @returns one problem for each key
 * @see https://github.com/actions/runner/issues/3514
 */
async function finishWithoutInputs(
  all: readonly Saved[],
  mistakes: readonly unknown[],
  writes: number,
  world: World,
): Promise<Problem[]> {
  const access = readGitHubAccess(world.env)
  const services = access && connect(access, world, writes)
  const finishing = all.map(async (saved) => {
    const { sealed } = saved
    const work = services && { saved, ...services, world }
    const written = work === undefined || sealed === undefined ? undefined : await writeUnconfirmed(sealed, work)
    return withoutInputs(saved, mistakes.map(messageOf), written, world.clock.now())
  })
  return Promise.all(finishing)
}

/** Writes the saved values over secrets that are as they were before the rotation. */
async function writeUnconfirmed(sealed: Sealed, work: Work): Promise<readonly Written[]> {
  const left = await copiesLeft(sealed, undefined, work)
  const { oldTokenExpiresAt } = sealed
  const patience = writePatience(oldTokenExpiresAt, work.incident)
  const written = await writeAll(left, tokenIsGone, { ...work, ...work.world, patience, oldTokenExpiresAt })
  for (const { destination, result } of written) say(`${nameOf(destination)}: ${result}`)
  return written
}

/** Returns sentences about the secrets that were written without the managing key. */
function unconfirmedInWords(written: readonly Written[] | undefined): string[] {
  if (written === undefined) return []
  const names = (isWritten: boolean) =>
    written.flatMap(({ destination, result }) => ((result !== 'failed') === isWritten ? [nameOf(destination)] : []))
  return [
    ...(names(true).length > 0 ? [`The saved token was written to ${someOf(names(true))}.`] : []),
    ...(names(false).length > 0 ? [`It could not be written to ${someOf(names(false))}.`] : []),
    'Whether it is still the current one could not be confirmed.',
  ]
}

function withoutInputs(
  saved: Saved,
  mistakes: readonly string[],
  written: readonly Written[] | undefined,
  now: number,
): Problem {
  const { key, graceMinutes } = saved.intent
  return new Problem({
    goal: 'finish the rotation of',
    subject: `the API key ${quote(key.name)}${'id' in key ? ` (${key.id})` : ''}`,
    cause:
      `the post step was given other inputs than the main step, as happens in a composite action inside another one ` +
      `(${mistakes.map((mistake) => mistake.split(/[;.] |\.$/)[0]).join('; ')})`,
    remedy: [
      ...unconfirmedInWords(written),
      consequence(graceMinutes, key, saved.sealed),
      `${againIn(saved, now)}. Use the action in a workflow, or in a composite action that no other one uses.`,
    ].join(' '),
  })
}

/** Whatever the grace period: the writes of an hour at GitHub's limits, and what the last one is tried for, in ms. */
const LONGEST_WRITING = (writingMinutes(MOST_WRITES) + 1) * 60_000

/** What every part of the finishing works with. */
interface Work extends Services {
  saved: Saved
  world: World
}

async function finishRotation(work: Work): Promise<void> {
  const { sealed } = work.saved
  if (sealed === undefined) {
    const key = await keyWithLostToken(work)
    if (key !== undefined) await rotateAgain(key, work)
    return
  }
  const key = await keyNow(sealed, work)
  if (key !== undefined && isLater(key.issuedAt, sealed.issuedAt)) return yieldToNewer(key, sealed, work)
  const left = await copiesLeft(sealed, key === undefined ? undefined : sealed.issuedAt, work)
  if (left.length > 0) await writeSaved(left, sealed, work)
}

/**
 * The key whose token was issued and sealed nowhere: its issue date has moved, or it was still to be made and is there.
 * Undefined when nothing was issued.
 */
async function keyWithLostToken(work: Work): Promise<Key | undefined> {
  const { saved, incident } = work
  const { key: before } = saved.intent
  try {
    if ('id' in before) {
      return await keyOnceMoved(before, work)
    }
    const [made, ...others] = (await incident.list()).filter(({ name }) => name === before.name)
    if (others.length > 0) throw severalKeys(before.name)
    return made && keyOf(made)
  } catch (error) {
    throw error instanceof Problem ? error : unseen(saved, error, work.world.clock.now())
  }
}

/** The key, when it was rotated. */
function keyOnceMoved({ id, issuedAt }: Baseline, { incident, world: { clock } }: Work): Promise<Key | undefined> {
  const see = async () => {
    const key = await incident.show(id)
    return isLater(key.issuedAt, issuedAt) ? key : undefined
  }
  return lookRepeatedly(see, clock)
}

/** The key as it is; undefined when its old token is dead as it should be. */
async function keyNow(sealed: Sealed, work: Work): Promise<Key | undefined> {
  try {
    return await work.incident.show(sealed.keyId)
  } catch (error) {
    if (isDeadByItself(error, work)) return undefined
    // The managing key may be that of another action.
    const written = isUnauthorized(error) ? await writeUnconfirmed(sealed, work) : undefined
    throw unseen(work.saved, error, work.world.clock.now(), written)
  }
}

/** Writes the saved values, and looks whether another run has rotated the key meanwhile. */
async function writeSaved(left: readonly SealedCopy[], sealed: Sealed, work: Work): Promise<void> {
  const { incident, world } = work
  const { keyId, issuedAt, oldTokenExpiresAt } = sealed
  const patience = writePatience(oldTokenExpiresAt, incident)
  const written = await writeAll(left, tokenIsGone, { ...work, ...world, patience, oldTokenExpiresAt })
  for (const { destination, result } of written) say(`${nameOf(destination)}: ${result}`)
  const failed = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []))
  if (failed.some(({ cause }) => cause instanceof TokenGone)) return rotateAgain({ id: keyId, issuedAt }, work)
  if (failed.length > 0) throw new AggregateError(failed)
  const standing = await confirm(sealed, written, { ...work, ...world, context: world.context }, UNTIL_THE_END)
  if (standing.kind === 'superseded' && !standing.isEverywhere) {
    await rotateAgain({ id: keyId, issuedAt: standing.issuedAt }, work)
  }
  if (standing.kind === 'gone') throw deletedMeanwhile(subjectOf(work))
  if (standing.kind === 'unknown' && !isDeadByItself(standing.error, work)) throw unconfirmed(standing.error, work)
}

/** The managing key has rotated itself, and its old token is dead as it should be. */
function isDeadByItself(error: unknown, { saved: { intent } }: Work): boolean {
  return isUnauthorized(error) && 'id' in intent.key && intent.key.isSelf
}

const subjectOf = ({ saved: { intent } }: Work): string => `the new token of the API key ${quote(intent.key.name)}`

/** What was saved is written, and nobody can tell whether it still was the key's token then. */
function unconfirmed(error: unknown, work: Work): Problem {
  return new Problem(
    {
      goal: 'confirm',
      subject: subjectOf(work),
      cause: 'incident.io could not be asked whether it is still the current one',
      remedy: UNCONFIRMED,
    },
    { cause: error },
  )
}

/**
 * Another rotation came after this one: its run is given some time to write. A copy that it has not written after us holds
 * an older token; where it is not known when we wrote, we may have until the last moment.
 */
async function yieldToNewer(key: Key, sealed: Sealed, work: Work): Promise<void> {
  const lag = await lagOfDates(
    sealed.copies.map(({ destination }) => destination),
    work,
  )
  await pause(work.world)
  const { issuedAt } = await work.incident.show(key.id).catch(() => key)
  const { written } = work.saved
  const ourWriteOf = (index: number) => {
    const at = written === undefined ? lastWriteOf(sealed, work) : (written[index] ?? undefined)
    return at === undefined ? undefined : at + lag
  }
  const areTheirs = await Promise.all(
    sealed.copies.map(({ destination }, index) => isTheirs(destination, ourWriteOf(index), issuedAt, work)),
  )
  if (!areTheirs.every(Boolean)) return rotateAgain({ id: key.id, issuedAt }, work)
  say('Another rotation came after this one, and wrote its token everywhere: the saved values are superseded.')
}

/** When the main step can have written for the last time, ms since the epoch on GitHub's clock; NaN when nobody knows. */
function lastWriteOf({ issuedAt, oldTokenExpiresAt }: Sealed, { incident, github }: Work): number {
  const end = Math.max(Date.parse(oldTokenExpiresAt ?? ''), Date.parse(issuedAt) + LONGEST_WRITING)
  return end - incident.time.offset + github.time.offset
}

/**
 * The token is lost: what the main step meant to do is done anew.
 *
 * @param key and when (RFC 3339) the token was issued from which on the one that jobs hold has its grace period
 */
async function rotateAgain(key: Pick<Key, 'id' | 'issuedAt'>, work: Work): Promise<void> {
  const { saved, incident, github, world } = work
  const { destinations, graceMinutes } = saved.intent
  say('The main step ended before the new token was safe; rotating once more.')
  // Nothing can be put off any more: what cannot be written is passed over, and told.
  const what = { key: { by: 'id', id: key.id }, destinations, force: true } as const
  const facts = await look(what, { incident, github }, world.context, { withRuns: false })
  const log = { ...noRotations(), lost: [key.issuedAt], isNew: !('id' in saved.intent.key) }
  const baseline = baselineOf(facts)
  const effects = { ...world, incident, github, state: UNSAVED }
  const rotated = await rotateAndWrite(baseline, graceMinutes, facts.copies, log, effects)
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
      // There must be time left to write.
      const stored = await readStored(copy.destination, github, BEFORE_ROTATION).catch(() => 'unreadable' as const)
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
function unseen(saved: Saved, error: unknown, now: number, written?: readonly Written[]): Problem {
  const { key, graceMinutes } = saved.intent
  const { sealed } = saved
  if (isGone(error)) return deletedMeanwhile(`the new token of the API key ${quote(key.name)}`)
  return new Problem(
    {
      goal: 'finish the rotation of',
      subject: `the API key ${quote(key.name)}${'id' in key ? ` (${key.id})` : ''}`,
      cause: error instanceof Error ? error.message : 'no answer',
      remedy:
        isUnauthorized(error) && 'id' in key && key.isSelf
          ? DEAD_BY_ITSELF
          : `${[...unconfirmedInWords(written), consequence(graceMinutes, key, sealed)].join(' ')} ${againIn(saved, now)}: the next run sees which copies are older than the token, rotates and writes them.`,
    },
    { cause: error },
  )
}

/** When to run again: a date that has passed, or is about to, is no help. */
function againIn({ sealed }: Saved, now: number): string {
  const isUnknown = sealed?.oldTokenExpiresAt === undefined
  return isUnknown || isTimeLeft(sealed.oldTokenExpiresAt, now) ? 'Run again before then' : 'Run again at once'
}

function consequence(graceMinutes: number, key: object, sealed: Sealed | undefined): string {
  if (!('id' in key)) return 'If the key was made, its token is not in every secret.'
  if (sealed === undefined) return `If the key was rotated, the old token dies ${graceMinutes} minutes after that.`
  return `The key was rotated, and the old token dies at ${sealed.oldTokenExpiresAt}.`
}

/** A key was to be made, and now there are several of its name. */
function severalKeys(name: string): Problem {
  return new Problem({
    goal: 'finish the making of',
    subject: `the API key ${quote(name)}`,
    cause: 'several keys carry its name now',
    remedy: 'Delete those that nobody uses in the dashboard, and run again.',
  })
}

/** A public key was replaced, and the token that could be sealed for the new one ended with the main step. */
class TokenGone extends Error {}

function tokenIsGone(): never {
  throw new TokenGone()
}
