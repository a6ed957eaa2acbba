import { expect } from '@jest/globals'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf } from './helpers.ts'
import { addKey, changesAt, expectHolds, manifestOf, namedOf, reconcile, WITH_MANIFEST } from './manifest.ts'
import { MINUTE } from './runs.ts'

export const BROKEN = { kind: 'status', status: 503, body: {} } as const

export type Service = 'incident' | 'github'

/** The names of the keys, and the secret of each. */
export const NAMES = ['CI deploy key', 'Second', 'Third', 'New']
export const SECRETS: Record<string, string> = {
  'CI deploy key': 'INCIDENT_API_KEY',
  Second: 'SECOND',
  Third: 'THIRD',
  New: 'NEW',
}
export const entriesOf = (names: readonly string[]) =>
  names.map((name) => ({
    name,
    secret: SECRETS[name] ?? name.toUpperCase(),
    ...(name === 'New' && { create: true, roles: ['viewer'] }),
  }))
/** Three keys that are due, and one that is to be made. */
export const ALL = manifestOf(...entriesOf(NAMES))

export function addKeys(scene: Scene): void {
  addKey(scene, 'Second', 'SECOND', { ageDays: 50 })
  addKey(scene, 'Third', 'THIRD', { ageDays: 60 })
}

/** Sends a signal when such a request arrives for the so-and-so-manieth time. */
export function signalAt(
  scene: Scene,
  { service, request, nth = 1, signal }: { service: Service; request: RegExp; nth?: number; signal: NodeJS.Signals },
) {
  const victim = { pid: 0, sent: false }
  let count = 0
  let pause: Promise<void> | undefined
  scene[service].onRequest = async ({ method, path }) => {
    if (!victim.sent && request.test(`${method} ${path}`) && ++count === nth) {
      victim.sent = true
      process.kill(victim.pid, signal)
      // The signal is there before any answer. Who is killed gets none, and what was asked for takes effect at once.
      if (signal !== 'SIGKILL') pause = new Promise((resolve) => setTimeout(resolve, 100))
    }
    await pause
  }
  const onStart = (pid: number) => {
    victim.pid = pid
  }
  return { victim, onStart }
}

/** Nothing goes wrong any more. */
export function calm({ incident, github }: Scene): void {
  for (const service of [incident, github]) {
    delete service.onRequest
    service.faults.clear()
  }
}

/** The post step of a job whose workspace is gone: it needs no manifest. */
export async function finish(scene: Scene, main: StepResult, step: Partial<Step> = {}): Promise<StepResult> {
  return scene.finish(main, { ...step, with: WITH_MANIFEST, env: { GITHUB_WORKSPACE: '/nowhere' } })
}

/** Whatever key there is, its secret holds its current token. */
export function expectAllHold(scene: Scene, names: readonly string[]): void {
  for (const name of names) {
    const [key, ...others] = namedOf(scene, name)
    expect([name, others.length]).toEqual([name, 0])
    if (key !== undefined) expectHolds(scene, key.id, SECRETS[name] ?? name.toUpperCase())
  }
}

/** Every token that a job may hold has lived, or lives, for its whole grace period: the least is a quarter of an hour. */
export function expectGraces({ incident }: Scene): void {
  for (const { id, name } of incident.keys()) {
    const [first, second] = incident.tokensOf(id)
    // A token that was lost, or that nobody was given, has no jobs; the first one of a key that was not made here has.
    if (first === undefined || second === undefined || name === 'New') continue
    expect((first.expiresAt ?? 0) - second.issuedAt).toBeGreaterThanOrEqual(15 * MINUTE - 1)
  }
}

/** One clean run ends with everything current, and after it nothing is left to do. */
export async function expectMended(scene: Scene, yaml: string, names: readonly string[]): Promise<void> {
  calm(scene)
  const next = await reconcile(scene, yaml)
  expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
  expectAllHold(scene, names)
  expect(names.filter((name) => namedOf(scene, name).length !== 1)).toEqual([])
  expectGraces(scene)
  const before = changesAt(scene).length
  const last = await reconcile(scene, yaml)
  expect([last.exitCode, last.outputs.status, changesAt(scene).length]).toEqual([0, 'unchanged', before])
}
