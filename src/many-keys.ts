import pLimit from 'p-limit'
import type { ManifestInputs } from './1-read/inputs.ts'
import { keysNamed } from './2-look/find-key.ts'
import { madeTwice } from './2-look/key-problems.ts'
import { lookingAt } from './2-look/look.ts'
import { lookAtManifest, type MayRotate } from './2-look/look-at-manifest.ts'
import { lookAgain } from './2-look/look-at-runs.ts'
import { mayRotate } from './3-decide/decide.ts'
import { byUrgency, planFor } from './3-decide/plan.ts'
import { LARGEST_STATE } from './3-decide/refusal.ts'
import { LISTING_LOOKS } from './4-rotate-and-write/creation.ts'
import { Room } from './4-rotate-and-write/room.ts'
import { type KeyProgress, nameIn } from './5-tell/key-outcome.ts'
import { type ManifestProgress, manifestReportOf } from './5-tell/manifest-report.ts'
import { tellManifest } from './5-tell/tell-manifest.ts'
import type { Clock } from './services/clock.ts'
import type { IncidentIo } from './services/incident-io.ts'
import { say } from './services/log.ts'
import { lookRepeatedly } from './services/look-repeatedly.ts'
import { errorsIn } from './services/problem.ts'
import { rememberRuns } from './services/remember.ts'
import { progressOf, type Workshop, workOn } from './work-on-key.ts'
import { connect, type World } from './world.ts'

/** So many keys are worked on at once. */
const KEYS_AT_ONCE = 4

/**
 * The keys of a manifest: read, look, decide, then change, rotate and write what is due, tell.
 *
 * @returns whether everything is well; what happened has been told already
 */
export async function reconcile(inputs: ManifestInputs, world: World): Promise<boolean> {
  const progress: ManifestProgress = { inputs, keys: [], unlisted: [] }
  const errors = await carryOut(inputs, world, progress).then(() => [], errorsIn)
  const report = manifestReportOf(progress, errors, world.clock.now())
  await tellManifest(report)
  return report.status !== 'failed'
}

async function carryOut(inputs: ManifestInputs, world: World, progress: ManifestProgress): Promise<void> {
  const { clock, context } = world
  const writes = inputs.entries.reduce((sum, { destinations }) => sum + destinations.length, 0)
  const { incident, github } = connect(inputs, world, writes)
  const runs = rememberRuns(github.runs, clock)
  const services = { incident, github: { ...github, runs } }
  const isRotated: MayRotate = (one, facts) => mayRotate(one, facts, clock.now())

  const seen = await lookAtManifest(inputs, services, context, isRotated)
  const seenAt = clock.now()
  progress.unlisted = seen.unlisted
  progress.keys = planFor(seen.keys, seenAt).map((plan, slot) => {
    return { plan, slot, telling: progressOf(plan), done: [], deleted: [], errors: [...plan.errors] }
  })
  const due = progress.keys.filter(({ plan }) => plan.steps.length > 0)
  say(`Keys of ${inputs.manifest} with something to do: ${due.length} of ${progress.keys.length}.`)
  if (inputs.dryRun) return

  const room = new Room(LARGEST_STATE)
  const workshop = { services, runs, world, isRotated, seenAt, limit: pLimit(KEYS_AT_ONCE), room }
  const inOrder = due.sort((a, b) => byUrgency(a.plan, b.plan))
  await Promise.all(inOrder.filter(({ plan }) => !plan.isSelf).map((one) => workOn(one, workshop)))
  // The managing key is rotated last: everything else is asked for with the token that it has now.
  for (const one of inOrder.filter(({ plan }) => plan.isSelf)) await workOn(one, workshop)
  await Promise.all([lookAgainAtAll(progress.keys, workshop), lookForTwins(progress.keys, incident, clock)])
}

/** Two that make a key of one name at the same time both succeed, and neither name tells which is meant any more. */
async function lookForTwins(keys: readonly KeyProgress[], incident: IncidentIo, clock: Clock): Promise<void> {
  const made = keys.filter(({ done }) => done.some(({ kind }) => kind === 'create'))
  const twinsOf = async (some: readonly KeyProgress[]) => {
    const listed = await incident.list().catch(() => [])
    const found = some.map((one) => ({ one, twins: keysNamed(listed, nameIn(one.plan.seen)) }))
    return found.filter(({ twins }) => twins.length > 1)
  }
  const found = new Map((made.length === 0 ? [] : await twinsOf(made)).map(({ one, twins }) => [one, twins]))
  // A request that was given up may have created a key that is listed late.
  const unsettled = made.filter((one) => !found.has(one) && one.telling.rotations?.unsettledAt !== undefined)
  const lookForLate = async () => {
    for (const { one, twins } of await twinsOf(unsettled)) found.set(one, twins)
    return unsettled.every((one) => found.has(one)) || undefined
  }
  if (unsettled.length > 0) await lookRepeatedly(lookForLate, clock, LISTING_LOOKS)
  for (const [one, twins] of found) one.errors.push(madeTwice(nameIn(one.plan.seen), twins))
}

/** Behind all writes: who took an old value after it was looked at. Each repository is asked once. */
async function lookAgainAtAll(keys: readonly KeyProgress[], { services, runs, world }: Workshop): Promise<void> {
  runs.forget()
  const looking = lookingAt(services.github, world.context)
  await Promise.all(
    keys.map(async ({ telling, writtenAt }) => {
      if (writtenAt === undefined || telling.facts === undefined) return
      telling.later = await lookAgain(telling.facts.runs, looking, writtenAt)
    }),
  )
}
