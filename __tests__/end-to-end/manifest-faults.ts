import type { Fault } from '../../sandbox/faults.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { namedOf, WITH_MANIFEST } from './manifest.ts'

/** Stands in bodies of answers that nobody may see. */
export const MARK = 'only-for-the-eyes-of-the-service'
export const BODY = {
  type: 'api_error',
  status: 500,
  request_id: 'abc',
  errors: [{ code: 'x', message: MARK }],
  token: MARK,
}
export const FORBIDDEN: Fault = { kind: 'status', status: 403, body: { message: 'Forbidden' } }

export const NEW = { name: 'New', secret: 'NEW', create: true, roles: ['viewer'], comments: 'Made here' }

export const idOf = (scene: Scene, name: string): string => namedOf(scene, name)[0]?.id ?? ''

/** The post step does not read the manifest. */
export const finish = (scene: Scene, main: StepResult, step: Partial<Step> = {}) =>
  scene.finish(main, { ...step, with: WITH_MANIFEST })

export const shownBy = ({ raw, summary, outputs, state }: StepResult): string =>
  // What looks like a token is masked before anything else, and the mask has to name it.
  [raw.replace(/^::add-mask::.*$/gm, ''), summary, JSON.stringify(outputs), JSON.stringify(state)].join('\n')
