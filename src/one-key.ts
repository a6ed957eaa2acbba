import { asAnswer } from './1-read/answer.ts'
import type { Inputs } from './1-read/inputs.ts'
import { type Asking, type Glimpse, look, lookingAt } from './2-look/look.ts'
import { lookAtKey } from './2-look/look-at-key.ts'
import { lookAgain, type RunsSeen } from './2-look/look-at-runs.ts'
import { whyIgnored } from './2-look/why-ignored.ts'
import { decide } from './3-decide/decide.ts'
import { refusalOf } from './3-decide/refusal.ts'
import { rotateAndWrite } from './4-rotate-and-write/rotate-and-write.ts'
import { baselineOf, noRotations } from './4-rotate-and-write/rotation.ts'
import { RotationState } from './4-rotate-and-write/state.ts'
import { decidedInLines, doneInLines, seenInLines } from './5-tell/phases.ts'
import type { Progress } from './5-tell/progress.ts'
import { reportOf } from './5-tell/report.ts'
import { tell } from './5-tell/tell.ts'
import { sayTogether } from './services/log.ts'
import { errorsIn } from './services/problem.ts'
import { endOfWaiting, waitForRuns } from './wait.ts'
import { connect, type World } from './world.ts'

/**
 * One key: read, look, decide, rotate and write, tell.
 *
 * @returns whether everything is well; what happened has been told already
 */
export async function rotateOneKey(given: Inputs, world: World): Promise<boolean> {
  const inputs = asAnswer(given)
  const progress: Progress = { inputs }
  const errors = await carryOut(inputs, world, progress).then(() => [], errorsIn)
  const report = reportOf(progress, errors)
  await tell(report)
  return report.status !== 'failed'
}

async function carryOut(inputs: Inputs, world: World, progress: Progress): Promise<void> {
  const { clock, context, stopping } = world
  const services = connect(inputs, world, inputs.destinations.length)

  // An event that is about another key must not fail because of this one's destinations.
  const asking = inputs.event && (await lookAtKey(inputs.key, services.incident, context))
  progress.ignored = asking && (await whyIgnored(inputs.event, asking.key, services.github, context))
  if (progress.ignored !== undefined) return

  const lookAndDecide = async (known?: Asking) => {
    const whenFailed = (glimpse: Glimpse) => void Object.assign(progress, { glimpse })
    const facts = await look(inputs, services, context, { asking: known, whenFailed })
    progress.facts = facts
    const now = clock.now()
    sayTogether('Look', seenInLines(facts, now))
    const decision = decide(inputs, facts, now)
    progress.decision = decision
    sayTogether('Decide', decidedInLines(decision))
    return { facts, decision }
  }
  let { facts, decision } = await lookAndDecide(asking)
  const waitsUntil = endOfWaiting(inputs, clock.now())
  while (decision.worthWaiting.length > 0 && clock.now() < waitsUntil) {
    await waitForRuns(decision.worthWaiting, waitsUntil, services.github, world)
    // What was seen before the wait counts no more.
    Object.assign(progress, { facts: undefined, decision: undefined })
    services.github.signInAnew()
    ;({ facts, decision } = await lookAndDecide())
  }
  const refusal = refusalOf(inputs, facts, decision, clock.now())
  if (refusal !== undefined) throw refusal
  if (decision.action !== 'rotate' || inputs.dryRun) return

  stopping.shield()
  progress.rotations = noRotations()
  let lookingAgain: Promise<RunsSeen> | undefined
  const onWritten = () => {
    lookingAgain = lookAgain(facts.runs, lookingAt(services.github, context))
  }
  const effects = { ...services, ...world, state: new RotationState(0), onWritten }
  const { minutes } = decision.grace
  progress.rotated = await rotateAndWrite(baselineOf(facts), minutes, facts.copies, progress.rotations, effects)
  sayTogether('Rotate and write', doneInLines(progress.rotated))
  progress.later = await lookingAgain
}
