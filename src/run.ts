import { type Inputs, type ManifestInputs, readInputs } from './1-read/inputs.ts'
import { reportOf } from './5-tell/report.ts'
import { tell, tryOutputs } from './5-tell/tell.ts'
import { rotateOneKey } from './one-key.ts'
import { errorsIn } from './services/problem.ts'
import type { World } from './world.ts'

/**
 * The main step: one key, or the keys of a manifest.
 *
 * @returns whether everything is well; what happened has been told already
 * @throws Problem when it cannot be told
 */
export async function run(world: World): Promise<boolean> {
  tryOutputs()
  let inputs: Inputs | ManifestInputs
  try {
    inputs = await readInputs(world.env)
  } catch (thrown) {
    await tell(reportOf({}, errorsIn(thrown)))
    return false
  }
  if (!('manifest' in inputs)) return rotateOneKey(inputs, world)
  const { reconcile } = await import('./many-keys.ts')
  return reconcile(inputs, world)
}
