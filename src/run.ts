import { readInputs } from './1-read/inputs.ts'
import { look } from './2-look/look.ts'
import { decide } from './3-decide/decide.ts'
import { rotateAndWrite } from './4-rotate-and-write/rotate-and-write.ts'
import { noRotations } from './4-rotate-and-write/rotation.ts'
import { type Progress, type Report, reportOf } from './5-tell/report.ts'
import { tell } from './5-tell/tell.ts'
import { errorsIn } from './services/problem.ts'
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
  const { env, clock, stopping } = world

  const inputs = readInputs(env)
  progress.inputs = inputs

  const services = connect(inputs, world)
  const facts = await look(inputs, services, world.context)
  progress.facts = facts

  const decision = decide(inputs, facts, clock.now())
  progress.decision = decision
  if (!decision.rotate || inputs.dryRun) return

  stopping.shield()
  progress.rotations = noRotations()
  const { id, name, issuedAt } = facts.key
  const effects = { ...services, ...world }
  progress.rotated = await rotateAndWrite(
    { id, name, issuedAt },
    decision.graceMinutes,
    facts.copies,
    progress.rotations,
    effects,
  )
}
