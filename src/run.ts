import { readInputs } from './1-read/inputs.ts'
import { look, lookingAt } from './2-look/look.ts'
import { lookAtRuns, type RunsSeen } from './2-look/look-at-runs.ts'
import { decide } from './3-decide/decide.ts'
import { refusalOf } from './3-decide/refusal.ts'
import { rotateAndWrite } from './4-rotate-and-write/rotate-and-write.ts'
import { baselineOf, noRotations } from './4-rotate-and-write/rotation.ts'
import type { Progress } from './5-tell/progress.ts'
import { type Report, reportOf } from './5-tell/report.ts'
import { tell } from './5-tell/tell.ts'
import { errorsIn } from './services/problem.ts'
import { waitForRuns } from './wait.ts'
import { connect, type World } from './world.ts'

/**
 * The main step: read, look, decide, rotate and write, tell.
 *
 * @returns what happened; it has been told already
 */
export async function run(world: World): Promise<Report> {
  const progress: Progress = {}
  const errors = await carryOut(world, progress).then(() => [], errorsIn)
  const report = reportOf(progress, errors)
  await tell(report)
  return report
}

async function carryOut(world: World, progress: Progress): Promise<void> {
  const { env, clock, context, stopping } = world

  const inputs = readInputs(env)
  progress.inputs = inputs
  const services = connect(inputs, world)

  const lookAndDecide = async () => {
    const facts = await look(inputs, services, context)
    progress.facts = facts
    progress.decision = decide(inputs, facts, clock.now())
    return { facts, decision: progress.decision }
  }
  let { facts, decision } = await lookAndDecide()
  if (decision.yields && inputs.maxWaitMinutes > 0 && !inputs.dryRun) {
    await waitForRuns(decision.grace.tooLong, inputs, services.github, world)
    // What was seen before the wait counts no more.
    Object.assign(progress, { facts: undefined, decision: undefined })
    services.github.signInAnew()
    ;({ facts, decision } = await lookAndDecide())
  }
  const refusal = refusalOf(inputs, facts, decision)
  if (refusal !== undefined) throw refusal
  if (decision.action !== 'rotate' || inputs.dryRun) return

  const { minutes } = decision.grace
  stopping.shield()
  progress.rotations = noRotations()
  // Runs that were queued between the first look and the write hold the old value too, and so do jobs that began. What the
  // first look could not see is not asked for again.
  let lookingAgain: Promise<RunsSeen | undefined> = Promise.resolve(undefined)
  const onWritten = () => {
    const looking = lookingAt(services.github, context)
    const since = { first: facts.runs, writtenAt: looking.now() }
    lookingAgain = lookAtRuns([Promise.resolve({ watches: facts.runs.watches })], { ...looking, since })
  }
  const effects = { ...services, ...world, onWritten }
  progress.rotated = await rotateAndWrite(baselineOf(facts), minutes, facts.copies, progress.rotations, effects)
  progress.later = await lookingAgain
}
