import { expect } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import type { Fault } from '../../sandbox/faults.ts'
import type { Exchange } from '../../sandbox/journal.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import { type Scene, type SceneOptions, setScene } from '../../sandbox/scene.ts'

/** A response that refuses in incident.io's error format. */
export function refusal(status: number, headers: Record<string, string> = {}): Fault {
  const body = { type: 'refused', status, request_id: '0a1b2c3d', errors: [] }
  return { kind: 'status', status, headers, body }
}

/** A fault that never ends. */
export const ALWAYS = Number.POSITIVE_INFINITY
/** Waits are minutes here, and seconds in a run of the tests. */
export const FAST = { speed: 20 }

/**
 * Sets a scene, plays it, and then holds what no scene may break: no credential is seen anywhere, the log shows no
 * stack trace, and every request and answer is as both services describe them.
 */
export async function play(
  act: (scene: Scene & { results: StepResult[] }) => Promise<void>,
  options?: SceneOptions,
): Promise<void> {
  const results: StepResult[] = []
  const scene = await setScene(options)
  const recorded = {
    ...scene,
    results,
    rotate: record(results, scene.rotate),
    finish: record(results, scene.finish),
  }
  try {
    await act(recorded)
    const credentials = scene.credentials()
    for (const result of results) expectUnseen(result, credentials)
    expectRightHosts(scene)
    expect(await violations([...scene.incident.journal, ...scene.github.journal])).toEqual([])
  } finally {
    await scene.close()
  }
}

function record<A extends unknown[]>(results: StepResult[], step: (...args: A) => Promise<StepResult>) {
  return async (...args: A): Promise<StepResult> => {
    const result = await step(...args)
    results.push(result)
    return result
  }
}

/** Nothing that a step leaves behind holds a credential, in clear or encoded; the runner's own mask commands aside. */
export function expectUnseen(result: StepResult, credentials: readonly string[]): void {
  const log = result.raw.replace(/^::add-mask::.*$/gm, '')
  const seen = [log, JSON.stringify(result.outputs), JSON.stringify(result.state), result.summary].join('\n')
  const decoded = Object.values(result.state).map((value) => Buffer.from(value, 'base64').toString('latin1'))
  // Markdown shows a character that is escaped, and a zero-width space is not seen at all.
  const rendered = result.summary.replace(/\\(.)|\u200b/g, '$1')
  const everything = [seen, rendered, ...decoded].join('\n').toLowerCase()
  for (const credential of credentials) {
    const bytes = Buffer.from(credential)
    const forms = [credential, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
    for (const form of forms) expect(everything.includes(form.toLowerCase())).toBe(false)
  }
  expect(log).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
}

/** Whatever was sent as a credential was masked, those that GitHub gave an App too. */
export function expectMasked({ incident, github }: Scene, result: StepResult): void {
  const masks = new Set(result.masks)
  for (const { requestHeaders } of [...incident.journal, ...github.journal]) {
    expect(masks.has(requestHeaders.authorization?.replace(/^\S+ /, '') ?? '')).toBe(true)
  }
}

/** An incident.io token goes to incident.io as the bearer, GitHub's token to GitHub, and neither anywhere else. */
function expectRightHosts(scene: Scene): void {
  const incidentTokens = scene.credentials().filter((credential) => credential.startsWith('inc_'))
  for (const { path, query, requestHeaders, requestBody } of scene.github.journal) {
    const sent = JSON.stringify([path, query, requestHeaders, requestBody])
    for (const token of incidentTokens) expect(sent.includes(token)).toBe(false)
  }
  for (const { path, query, requestHeaders, requestBody } of scene.incident.journal) {
    const { authorization: _, ...headers } = requestHeaders
    expect(JSON.stringify([path, query, headers, requestBody])).not.toMatch(/inc_|github_pat_|gh[ps]_/)
  }
}

/** The secret opens to a token that incident.io accepts as the key's current one. */
export function expectCurrent({ github, incident, repository, secret, key }: Scene): void {
  const value = github.secret(repository, secret)?.value ?? ''
  expect(incident.tokensOf(key.id).at(-1)?.token === value).toBe(true)
  expect(incident.keyOf(value)?.id).toBe(key.id)
}

/** Nothing that matters was changed: no request to rotate, no write, the secret still holds the first token. */
export function expectUntouched(scene: Scene): void {
  expect(rotations(scene)).toHaveLength(0)
  expect(writes(scene)).toHaveLength(0)
  expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
}

export const rotations = ({ incident }: Scene): Exchange[] =>
  incident.journal.filter(({ path }) => path.endsWith('/actions/rotate'))
export const writes = ({ github }: Scene): Exchange[] => github.journal.filter(({ method }) => method === 'PUT')

export const errorsOf = ({ annotations }: StepResult): string[] =>
  annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
export const warningsOf = ({ annotations }: StepResult): string[] =>
  annotations.filter(({ level }) => level === 'warning').map(({ message }) => message)

/** The one error that a step ended with. */
export function onlyError(result: StepResult): string {
  expect(result.exitCode).toBe(1)
  expect(result.outputs.status).toBe('failed')
  const errors = errorsOf(result)
  expect(errors).toHaveLength(1)
  return errors[0] ?? ''
}
