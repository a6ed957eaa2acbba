import { explainIncidentIo } from './2-look/explain-incident-io.ts'
import { cancelled } from './2-look/key-problems.ts'
import { type Facts, lookingAt, runsOf } from './2-look/look.ts'
import { lookAnew, type MayRotate } from './2-look/look-at-manifest.ts'
import { decide } from './3-decide/decide.ts'
import { planAgain } from './3-decide/plan.ts'
import { inUse, isInUse, isStale, type KeyPlan, type Step } from './3-decide/plan-key.ts'
import { refusalOf, sizeOfState, tooMuchUnfinished } from './3-decide/refusal.ts'
import { deleteKey, deleteSecret, updateKey } from './4-rotate-and-write/change-key.ts'
import type { Room } from './4-rotate-and-write/room.ts'
import { rotateAndWrite, type Start } from './4-rotate-and-write/rotate-and-write.ts'
import { baselineOf, noRotations } from './4-rotate-and-write/rotation.ts'
import { RotationState } from './4-rotate-and-write/state.ts'
import { type KeyProgress, nameIn, titleOf } from './5-tell/key-outcome.ts'
import type { Progress } from './5-tell/progress.ts'
import type { Destination } from './destination.ts'
import { isGone, type Key, type KeyFields } from './services/incident-io.ts'
import { inGroup } from './services/log.ts'
import { errorsIn, quote } from './services/problem.ts'
import type { RememberedRuns } from './services/remember.ts'
import { endOfWaiting, waitForRuns } from './wait.ts'
import type { Services, World } from './world.ts'

/** What is known of a key before anything was done with it. */
export function progressOf({ seen: { inputs, ignored, glimpse }, facts, decision }: KeyPlan): Progress {
  return { inputs, ignored, ...(glimpse && { glimpse }), ...(facts && { facts }), ...(decision && { decision }) }
}

/** What the work on every key shares. */
export interface Workshop {
  services: Services
  runs: RememberedRuns
  world: World
  isRotated: MayRotate
  /** When the keys were looked at, ms since the epoch. */
  seenAt: number
  /** Lets a few keys be worked on at once. */
  limit: <T>(work: () => Promise<T>) => Promise<T>
  /** For what the post step would be handed of keys that are not settled, in bytes. */
  room: Room
}

/** What was seen of a key counts no more after so long, in ms. */
const FRESH = 60_000
/** A key whose destination is down keeps others from their turn for no longer than this, in ms. */
const LONGEST_TURN = 60_000

/** Takes the steps of one key's plan; what goes wrong with it stops no other. */
export async function workOn(one: KeyProgress, workshop: Workshop): Promise<void> {
  try {
    const hasWaited = await waitIfAsked(one, workshop)
    let work: Promise<void> | undefined
    await workshop.limit(() => {
      work = inGroup(titleOf(one.plan), () => takeSteps(one, hasWaited, workshop))
      return Promise.race([work.catch(() => {}), pause(LONGEST_TURN)])
    })
    await work
  } catch (thrown) {
    one.errors.push(...errorsIn(thrown))
  }
}

/** Keeps nothing from ending. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

/** @returns whether anything was waited for */
async function waitIfAsked(one: KeyProgress, workshop: Workshop): Promise<boolean> {
  const { services, runs, world } = workshop
  const until = endOfWaiting(one.plan.seen.inputs, world.clock.now())
  for (let hasWaited = false; ; hasWaited = true) {
    const { decision } = one.plan
    const isOver = world.clock.now() >= until || world.deadline() !== Number.POSITIVE_INFINITY
    if (decision === undefined || decision.worthWaiting.length === 0 || isOver) return hasWaited
    await waitForRuns(decision.worthWaiting, until, services.github, world)
    // Nothing is begun any more behind a cancel.
    if (world.stopping.isAsked) return true
    services.github.signInAnew()
    runs.forget()
    // Others may have begun meanwhile, for which there is still time to wait.
    if (world.clock.now() < until) await planAnew(one, workshop)
  }
}

async function takeSteps(one: KeyProgress, hasWaited: boolean, workshop: Workshop): Promise<void> {
  const { world, seenAt } = workshop
  checkNotCancelled(one, workshop)
  if (hasWaited || world.clock.now() - seenAt > FRESH) await planAnew(one, workshop)
  if (one.plan.steps.some(({ kind }) => kind === 'rotate')) await decideAnew(one, workshop)
  for (const step of one.plan.steps) {
    if (await take(step, one, workshop)) one.done.push(step)
  }
}

/** To be called right before something is changed: what is begun from then on is not left half done. */
function begin(one: KeyProgress, workshop: Workshop): void {
  checkNotCancelled(one, workshop)
  workshop.world.stopping.shield()
}

function checkNotCancelled({ plan, done }: KeyProgress, { world }: Workshop): void {
  if (world.deadline() !== Number.POSITIVE_INFINITY) throw cancelled(nameIn(plan.seen), done.length > 0)
}

/** What was seen a while ago may have been changed by another run. */
async function planAnew(one: KeyProgress, { services, world, isRotated }: Workshop): Promise<void> {
  const again = await lookAnew(one.plan.seen, services, world.context, isRotated)
  const plan = planAgain(one.plan, again, world.clock.now())
  Object.assign(one, { plan, telling: progressOf(plan), errors: [...plan.errors] })
}

/** @returns whether it was done */
async function take(step: Step, one: KeyProgress, workshop: Workshop): Promise<boolean> {
  const { services, world } = workshop
  const { seen, facts } = one.plan
  const effects = { ...services, context: world.context }
  switch (step.kind) {
    case 'create':
      if (facts === undefined) return false
      await issue(one, step.fields, facts, workshop)
      return true
    case 'update':
      return seen.key !== undefined && update(one, seen.key, step.fields, workshop)
    case 'rotate':
      return rotate(one, workshop)
    case 'fill':
      return holds(one, step.destination)
    case 'delete secret':
      if (one.deleted.length === 0) await checkUnused(one, workshop)
      begin(one, workshop)
      await deleteSecret(step.destination, titleOf(one.plan), effects)
      one.deleted.push(step.destination)
      return true
    case 'delete key':
      if (seen.key === undefined) return false
      if (one.deleted.length === 0) await checkUnused(one, workshop)
      begin(one, workshop)
      await deleteKey(seen.key, effects)
      return true
  }
}

/** Whether a destination was given the new token. */
function holds({ telling }: KeyProgress, destination: Destination): boolean {
  return telling.rotated?.written.some((one) => one.destination === destination && one.result !== 'failed') ?? false
}

/** Jobs fail with a stale copy: it is mended although the key could not be updated. */
async function update(one: KeyProgress, key: Key, fields: KeyFields, workshop: Workshop): Promise<boolean> {
  const { services, world } = workshop
  begin(one, workshop)
  try {
    const consequence = isStale(one.plan) ? 'Its stale copies are mended all the same.' : 'It was not rotated.'
    await updateKey(key, fields, consequence, { ...services, context: world.context })
    return true
  } catch (error) {
    if (!isStale(one.plan)) throw error
    one.errors.push(error)
    return false
  }
}

/**
 * Others were worked on meanwhile, so the runs in flight are looked at and decided on anew.
 *
 * @throws Problem where that speaks against the rotation
 */
async function decideAnew({ plan, telling }: KeyProgress, { services, world }: Workshop): Promise<void> {
  const { seen, facts: known } = plan
  if (known === undefined) return
  const runs = await runsOf(seen.inputs.destinations, seen.shared, services.github, world.context)
  const facts = { ...known, runs }
  const decision = decide(seen.inputs, facts, world.clock.now())
  Object.assign(telling, { facts, decision })
  const refusal = refusalOf(seen.inputs, facts, decision, world.clock.now())
  if (refusal !== undefined) throw refusal
}

async function rotate(one: KeyProgress, workshop: Workshop): Promise<boolean> {
  const { facts, decision } = one.telling
  if (facts === undefined || decision?.action !== 'rotate') return false
  await issue(one, baselineOf(facts), facts, workshop)
  return true
}

/** Rotates or makes the key, and writes its token. */
async function issue(one: KeyProgress, start: Start, facts: Facts, workshop: Workshop): Promise<void> {
  const { services, world, room } = workshop
  const { telling } = one
  const size = sizeOfState(facts.copies)
  if (!(await room.enter(size))) throw tooMuchUnfinished(start)
  const state = new RotationState(one.slot)
  const onWritten = () => {
    one.writtenAt = lookingAt(services.github, world.context).now()
  }
  try {
    begin(one, workshop)
    telling.rotations = { ...noRotations(), isUpdated: one.done.some(({ kind }) => kind === 'update') }
    const minutes = telling.decision?.grace.minutes ?? 0
    const effects = { ...services, ...world, state, onWritten }
    telling.rotated = await rotateAndWrite(start, minutes, facts.copies, telling.rotations, effects)
  } finally {
    room.leave(state.isSettled ? size : 0)
  }
}

/** A key that is to be absent may have been used since it was looked at. */
async function checkUnused({ plan }: KeyProgress, { services, world }: Workshop): Promise<void> {
  const { entry, key } = plan.seen
  if (key === undefined || entry.evenIfUsed) return
  const now = await services.incident.show(key.id).catch((error) => {
    if (isGone(error)) return undefined
    throw explainIncidentIo(error, 'look up', `the API key ${quote(key.name)} (${key.id})`, world.context)
  })
  if (now !== undefined && isInUse(now, world.clock.now() + services.incident.time.offset)) throw inUse(now)
}
