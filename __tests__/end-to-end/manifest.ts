import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { SecretsPlace } from '../../sandbox/github.ts'
import type { KeySeed } from '../../sandbox/incident-io.ts'
import type { Exchange } from '../../sandbox/journal.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { rotations } from './helpers.ts'
import { DAY } from './runs.ts'

export const APP: SecretsPlace = { kind: 'repository', owner: 'octo', repository: 'app' }
/** The entry of the scene's key, which is due. */
export const DEPLOY = { name: 'CI deploy key', secret: 'INCIDENT_API_KEY' }
/** What both steps are given in the place of one key and its secret. */
export const WITH_MANIFEST = { manifest: 'keys.yml', 'key-name': '', 'secret-name': '' }

/** What the output `keys` says of one key. */
export interface KeyOutput {
  name: string
  id?: string
  status: string
  rotated: boolean
  steps: string[]
  token_issued_at?: string
  old_token_expires_at?: string
  grace_period_minutes?: number
  destinations: { kind: string; owner: string; secret: string; result: string; error?: string }[]
  runs_at_risk: { workflow: string }[]
  error?: string
}

/** Writes a manifest into a workspace of its own and runs the main step with it. */
export async function reconcile(
  scene: Pick<Scene, 'rotate'>,
  yaml: string,
  step: Partial<Step> = {},
): Promise<StepResult> {
  const workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
  try {
    await writeFile(join(workspace, 'keys.yml'), yaml)
    return await scene.rotate({
      ...step,
      with: { ...WITH_MANIFEST, ...step.with },
      env: { GITHUB_WORKSPACE: workspace, ...step.env },
    })
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}

/** A manifest of entries, each given as its properties; JSON is YAML. */
export function manifestOf(...entries: Record<string, unknown>[]): string {
  return `keys:\n${entries.map((entry) => `  - ${JSON.stringify(entry)}\n`).join('')}`
}

export const keysOf = ({ outputs }: StepResult): KeyOutput[] => JSON.parse(outputs.keys ?? 'null')
/** The outcomes as `name: status`, in the order of the manifest. */
export const statusesOf = (result: StepResult): string[] =>
  keysOf(result).map(({ name, status }) => `${name}: ${status}`)
/** The names in the output `matrix`. */
export function matrixOf({ outputs }: StepResult): string[] {
  const { include } = JSON.parse(outputs.matrix ?? 'null') as { include: Record<string, string>[] }
  return include.map((one) => {
    expect(Object.keys(one)).toEqual(['key-name'])
    return one['key-name'] ?? ''
  })
}

/** A key whose token is in a secret of `octo/app` since it was issued, `ageDays` ago. */
export function addKey(
  { incident, github, repository, clock }: Scene,
  name: string,
  secret: string,
  { ageDays = 40, ...seed }: { ageDays?: number } & Partial<KeySeed> = {},
): { id: string; token: string } {
  // A little more, so that it is whole days old at the end of a run too.
  const issuedAt = new Date(clock.now() - ageDays * DAY - (ageDays > 0 ? 3_600_000 : 0))
  const key = incident.addKey({ name, roles: ['viewer'], issuedAt, createdAt: issuedAt, ...seed })
  github.setSecret(repository, secret, key.token, new Date(issuedAt.getTime() + 5000))
  return key
}

export const namedOf = ({ incident }: Pick<Scene, 'incident'>, name: string) =>
  incident.keys().filter((key) => key.name === name)
/** The ids of the keys that were asked to be rotated, in order. */
export const rotated = (scene: Scene): string[] => rotations(scene).map(({ path }) => path.split('/')[3] ?? '')

/** Every request that may change something at incident.io, in order. */
export const changesAt = ({ incident }: Pick<Scene, 'incident'>): Exchange[] =>
  incident.journal.filter(({ method }) => method !== 'GET')
export const updates = (scene: Scene): Exchange[] => changesAt(scene).filter(({ method }) => method === 'PUT')
export const creations = (scene: Scene): Exchange[] =>
  changesAt(scene).filter(({ method, path }) => method === 'POST' && path === '/v1/api_keys')
export const deletions = (scene: Scene): Exchange[] => changesAt(scene).filter(({ method }) => method === 'DELETE')
/** The requests to delete a secret, those of the probe for write access aside. */
export const secretDeletions = ({ github }: Scene): Exchange[] =>
  github.journal.filter(({ method, path }) => method === 'DELETE' && !path.includes('PROBE'))

/** The secret holds the key's current token, and incident.io takes it. */
export function expectHolds({ incident, github }: Scene, id: string, secret: string, place: SecretsPlace = APP): void {
  const value = github.store(place).get(secret)?.value ?? ''
  expect([secret, incident.tokensOf(id).at(-1)?.token === value]).toEqual([secret, true])
  expect([secret, incident.keyOf(value)?.id]).toEqual([secret, id])
}

export const expectSecret = (scene: Scene, secret: string, token: string): void =>
  expect(scene.github.secret(scene.repository, secret)?.value === token).toBe(true)

/** Nothing was asked of anybody. */
export function expectSilence({ incident, github }: Scene): void {
  expect(incident.journal).toEqual([])
  expect(github.journal).toEqual([])
}

/** Nothing was changed at incident.io, and no secret was written or deleted. */
export function expectNothingChanged(scene: Scene): void {
  expect(changesAt(scene).map(({ method, path }) => `${method} ${path}`)).toEqual([])
  expect(scene.github.journal.filter(({ method }) => method === 'PUT')).toHaveLength(0)
  expect(secretDeletions(scene)).toHaveLength(0)
}

/** A summary whose foldings close, and whose tables have as many cells in each row as in their head. */
export function expectWellFormed(summary: string): void {
  const tags = [...summary.matchAll(/<(\/?)(details|summary)>/g)].map(([tag]) => tag)
  const open: string[] = []
  for (const tag of tags) {
    if (tag.startsWith('</')) expect(open.pop()).toBe(tag.replace('/', ''))
    else open.push(tag)
  }
  expect(open).toEqual([])
  // No HTML but that.
  expect(summary.replace(/<\/?(details|summary)>|<br>/g, '').replace(/```[\s\S]*?```/g, '')).not.toMatch(/<[a-z/!]/i)
  for (const block of summary.split('\n\n').filter((one) => one.startsWith('|'))) {
    const cells = block
      .trimEnd()
      .split('\n')
      .map((row) => row.replace(/\\[\\|]/g, '').split('|').length)
    expect(new Set(cells).size).toBe(1)
  }
}
