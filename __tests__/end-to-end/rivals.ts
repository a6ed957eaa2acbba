import { expect } from '@jest/globals'
import type { Exchange } from '../../sandbox/journal.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { client } from '../stand-ins/client.ts'
import { rotations } from './helpers.ts'

/** Two secrets of one repository. */
export const TWO = { destinations: 'repository\nrepository as SECOND' }
/** The secret of the scene. */
export const ONE = ['INCIDENT_API_KEY']
export const SECRETS = ['INCIDENT_API_KEY', 'SECOND']

/** Rotates the key as somebody else does, and returns the token. */
export async function rotateElsewhere({ incident, key, managingToken }: Scene, graceMinutes = 30): Promise<string> {
  const path = `/v1/api_keys/${key.id}/actions/rotate`
  const { body } = await client(incident.url, managingToken)('POST', path, { grace_period_minutes: graceMinutes })
  return body.token
}

/** Does something when the first requests of these kinds arrive, before they are handled: the first, then the second … */
export function when(scene: Scene, service: 'incident' | 'github', request: RegExp, ...acts: (() => unknown)[]): void {
  const left = [...acts]
  scene[service].onRequest = async ({ method, path }) => {
    if (request.test(`${method} ${path}`)) await left.shift()?.()
  }
}

/** The key is shown for the first time when everything is written. */
export const SHOW = /^GET \/v1\/api_keys\/\w+$/
export const PUT = /^PUT /

/** Lets so many milliseconds of the scene's time go by. */
export const pass = ({ clock }: Scene, ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, clock.realDelay(ms)))

export const agentOf = ({ requestHeaders }: Exchange): string => requestHeaders['user-agent'] ?? ''
/** The rotations that the action sent. */
export const ours = (scene: Scene) => rotations(scene).filter((one) => agentOf(one).startsWith('rotate-incident-key/'))

/** Which of these secrets hold the key's current token. */
export function currentOnes({ github, incident, repository, key }: Scene, secrets = SECRETS): string[] {
  const token = incident.tokensOf(key.id).at(-1)?.token
  return secrets.filter((secret) => github.secret(repository, secret)?.value === token)
}

export const resultsOf = ({ outputs }: StepResult): string[] =>
  JSON.parse(outputs.destinations ?? '[]').map(({ result }: { result: string }) => result)

/** All went well: every copy holds the key's current token. */
export function expectWell(scene: Scene, result: StepResult, secrets = SECRETS): void {
  expect([result.exitCode, result.outputs.status, currentOnes(scene, secrets)]).toEqual([0, 'rotated', secrets])
}
