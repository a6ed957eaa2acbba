import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Actor, type AuditEntry, auditEntry, repositoryDispatch } from '../../sandbox/audit-log.ts'
import type { RunChange, RunSeed } from '../../sandbox/github.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { agentOf, rotateElsewhere } from './rivals.ts'

export const ROTATE = '.github/workflows/rotate.yml'
export const PERSON: Actor = { type: 'user', id: '01G0J1EXE7AXZ2C93K61WBPYEH', name: 'Lisa Karlin Curtis' }
/** The address is one of those that are kept for documentation. */
export const PLACE = '203.0.113.7'
export const BROWSER = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
export const TURNS = /two rotators are taking turns\. Nothing was changed\./

/** What stands in an entry beside the key. */
export interface Told {
  actor?: Actor
  userAgent?: string | undefined
  location?: string | undefined
}

/** The audit log's entry of a rotation of the scene's key, or of another one. */
export function entryOf(
  { clock, key }: Scene,
  { actor = PERSON, userAgent = BROWSER, location = PLACE }: Told = {},
  about: { id: string; name: string } = key,
): AuditEntry {
  return auditEntry(about, { actor, userAgent, location, occurredAt: clock.date() })
}

/** The agent of a run of this action. */
export const agentOfRun = (runId: number, repository = 'octo/app', attempt = 1): string =>
  `rotate-incident-key/0.1.0 (${repository}; run ${runId}/${attempt})`

/** A run of the rotating workflow, in progress and just made unless told otherwise. */
export function addRotatingRun({ github, clock, repository }: Scene, seed: Partial<RunSeed> = {}): number {
  const event = 'repository_dispatch'
  return github.addRun(repository, { workflow: ROTATE, status: 'in_progress', event, createdAt: clock.date(), ...seed })
}

/** A step of a run that GitHub knows: in progress while the action runs, and completed then. */
export async function stepOf(
  scene: Scene,
  step: Partial<Step> = {},
  { id = addRotatingRun(scene), end = {} }: { id?: number; end?: RunChange } = {},
): Promise<StepResult> {
  const { github, repository } = scene
  const env = {
    GITHUB_RUN_ID: String(id),
    GITHUB_WORKFLOW_REF: `${repository}/${ROTATE}@refs/heads/main`,
    ...step.env,
  }
  const result = await scene.rotate({ ...step, env })
  github.updateRun(repository, id, { status: 'completed', ...end })
  return result
}

/** The step, started by an event whose file holds this text. */
export async function stepOnFile(
  scene: Scene,
  text: string,
  step: Partial<Step> = {},
  run: Parameters<typeof stepOf>[2] = {},
): Promise<StepResult> {
  return withFile('event.json', text, (path) => {
    const env = { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: path, ...step.env }
    return stepOf(scene, { ...step, env }, run)
  })
}

/** The step, started by an entry of the audit log. */
export function stepOnEntry(
  scene: Scene,
  entry: object = entryOf(scene),
  step: Partial<Step> = {},
  run: Parameters<typeof stepOf>[2] = {},
): Promise<StepResult> {
  return stepOnFile(scene, JSON.stringify(repositoryDispatch(entry, scene.repository)), step, run)
}

/** Somebody rotates the key in the dashboard, so long after our newest copy that it is no turn of another rotator. */
export async function rotateByHand(scene: Scene): Promise<string> {
  const token = await rotateElsewhere(scene)
  scene.clock.advance(60_000)
  return token
}

/** The `User-Agent` of the last rotation of the journal, as the audit log's entry of it has it. */
export function lastAgent({ incident }: Scene): string {
  const last = incident.journal.findLast(({ path }) => path.endsWith('/actions/rotate'))
  return last === undefined ? '' : agentOf(last)
}

/** Which secrets GitHub was asked about, in whatever way. */
export const asksForSecrets = ({ github }: Scene): string[] =>
  github.journal.map(({ path }) => path).filter((path) => /\/secrets(\/|$)/.test(path))

/** A file in a folder of its own, for as long as something takes. */
export async function withFile<T>(name: string, text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-log-'))
  try {
    const path = join(folder, name)
    await writeFile(path, text)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a `with:` block takes away for a manifest. */
const OF_ONE_KEY = { 'key-name': '', 'secret-name': '' }

/** The step with a manifest, started by an entry of the audit log. */
export function manifestOnEntry(
  scene: Scene,
  manifest: string,
  entry: object,
  step: Partial<Step> = {},
): Promise<StepResult> {
  return withFile('keys.yml', manifest, (path) =>
    stepOnEntry(scene, entry, { ...step, with: { ...OF_ONE_KEY, manifest: path, ...step.with } }),
  )
}
