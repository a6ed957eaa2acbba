import { readInputs } from './1-read/inputs.ts'
import { look } from './2-look/look.ts'
import { decide } from './3-decide/decide.ts'
import { rotateAndWrite } from './4-rotate-and-write/rotate-and-write.ts'
import { noRotations } from './4-rotate-and-write/rotation.ts'
import { state } from './4-rotate-and-write/state.ts'
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
  await tell(report, world.mask)
  return report
}

async function carryOut(world: World, progress: Progress): Promise<void> {
  const { env, mask, clock, stopping } = world

  const inputs = readInputs(env, mask)
  progress.inputs = inputs

  const services = connect(inputs, world)
  const facts = await look(inputs, services, world.context)
  progress.facts = facts

  const decision = decide(inputs, facts, clock.now())
  progress.decision = decision
  if (!decision.rotate || inputs.dryRun) return

  const { key, copies } = facts
  state.saveIntent({ key: { id: key.id, name: key.name, issuedAt: key.issuedAt }, graceMinutes: decision.graceMinutes })
  stopping.shield()
  progress.rotations = noRotations()
  const effects = { ...services, ...world }
  progress.rotated = await rotateAndWrite(key, decision.graceMinutes, copies, progress.rotations, effects)
}
