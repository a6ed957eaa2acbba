import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Step, StepResult } from '../runner.ts'
import { type Scene, setScene } from '../scene.ts'

const DAY = 86_400_000

export const FILE = 'incident-keys.yml'

/** A key that is due, one to create, one to update, one to delete, and one with nothing to do. */
export const MANIFEST = `keys:
  - name: CI deploy key
    secret: INCIDENT_API_KEY
    destinations:
      - repository: octo/app
      - repository: octo/billing
        as: INCIDENT_TOKEN
    roles: [viewer, incident_creator]

  - name: Incident reporter
    secret: INCIDENT_REPORTER_KEY
    destinations: [{ repository: octo/billing }]
    roles: [viewer]
    create: true

  - name: Chat bot
    secret: INCIDENT_CHAT_KEY
    destinations: [{ repository: octo/app }]
    roles: [viewer, incident_creator]

  - name: Old exporter
    state: absent
    secret: EXPORTER_KEY
    destinations: [{ repository: octo/exporter }]

  - name: Status page
    secret: INCIDENT_STATUS_KEY
    destinations: [{ repository: octo/app }]
`

type Key = { id: string; token: string }

/** A company with three repositories and the keys that its manifest is about. */
export interface Company {
  scene: Scene
  chatBot: Key
  oldExporter: Key
  statusPage: Key
  /** The manifest on the disk, and the folder that it is in. */
  file: string
  /** The `with:` block of the run that keeps the manifest true. */
  with: Record<string, string>
  /** Runs the main step and the post step; returns what the main step left. */
  run(more?: Record<string, string>): Promise<StepResult>
  /** Every credential that there is or was: none of them may be seen anywhere. */
  credentials(): string[]
  close(): Promise<void>
}

export async function setCompany(): Promise<Company> {
  const scene = await setScene()
  const { github, incident, clock } = scene
  for (const repository of ['octo/billing', 'octo/exporter']) github.addRepository(repository)
  github.setSecret('octo/billing', 'INCIDENT_TOKEN', scene.key.token)

  const addKey = (name: string, ageDays: number, repository: string, secret: string, roles = ['viewer']): Key => {
    // A little more, so that it is whole days old at the end of a run too.
    const issuedAt = new Date(clock.now() - ageDays * DAY - 3_600_000)
    const key = incident.addKey({ name, roles, issuedAt, createdAt: issuedAt, lastUsedAt: issuedAt })
    github.setSecret(repository, secret, key.token, new Date(issuedAt.getTime() + 5000))
    return key
  }
  const chatBot = addKey('Chat bot', 3, 'octo/app', 'INCIDENT_CHAT_KEY', ['viewer', 'incident_editor'])
  const oldExporter = addKey('Old exporter', 200, 'octo/exporter', 'EXPORTER_KEY')
  const statusPage = addKey('Status page', 2, 'octo/app', 'INCIDENT_STATUS_KEY')

  const githubToken = github.addToken({
    kind: 'fine-grained',
    repositories: ['octo/app', 'octo/billing', 'octo/exporter'],
    permissions: { secrets: 'write', actions: 'read', contents: 'read', metadata: 'read' },
  })
  const workspace = await mkdtemp(join(tmpdir(), 'rotate-incident-key-workspace-'))
  const file = join(workspace, FILE)
  await writeFile(file, MANIFEST)

  const block = {
    ...scene.with,
    'github-token': githubToken,
    'key-name': '',
    'secret-name': '',
    manifest: FILE,
    'min-token-age': '30d',
  }
  return {
    scene,
    chatBot,
    oldExporter,
    statusPage,
    file,
    with: block,
    async run(more = {}) {
      const step: Partial<Step> = { with: { ...block, ...more }, env: { GITHUB_WORKSPACE: workspace } }
      const main = await scene.rotate(step)
      const post = await scene.finish(main, step)
      return { ...main, raw: main.raw + post.raw, masks: [...main.masks, ...post.masks] }
    },
    credentials: () => [...scene.credentials(), githubToken, oldExporter.token],
    close: async () => {
      await scene.close()
      await rm(workspace, { recursive: true, force: true })
    },
  }
}
