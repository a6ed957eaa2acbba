import { Clock } from './clock.ts'
import { type GitHub, startGitHub } from './github.ts'
import { type IncidentIo, startIncidentIo } from './incident-io.ts'
import { runStep, type Step, type StepResult } from './runner.ts'

/** A repository whose secret holds the token of an API key, and a managing key that may rotate it. */
export interface Scene {
  clock: Clock
  incident: IncidentIo
  github: GitHub
  /** The key to rotate, and the token that the secret holds at first. */
  key: { id: string; name: string; token: string }
  managingToken: string
  githubToken: string
  repository: string
  secret: string
  /** The `with:` block of a plain rotation. */
  with: Record<string, string>
  /** Runs the main step with that block, changed as `step.with` says. */
  rotate(step?: Partial<Step>): Promise<StepResult>
  /** Runs the post step of a main step. */
  finish(main: StepResult, step?: Partial<Step>): Promise<StepResult>
  /** Every token that was ever issued, and every credential: none of them may be seen anywhere. */
  credentials(): string[]
  close(): Promise<void>
}

export interface SceneOptions {
  /** How long ago the token was issued, in days. */
  tokenAgeDays?: number
  roundTripMs?: number
  /** How much faster time goes by for the stand-ins and for the action; real time otherwise. */
  speed?: number
  /** The keys beside the one to rotate: they come before it in the list. */
  otherKeys?: number
  ports?: { incident: number; github: number }
  /** Of GitHub's API: `/api/v3` on GitHub Enterprise Server. */
  basePath?: string
}

const DAY = 24 * 60 * 60 * 1000

/** Starts both stand-ins and sets the scene. */
export async function setScene(options: SceneOptions = {}): Promise<Scene> {
  const { tokenAgeDays = 40, roundTripMs = 0, speed = 1, otherKeys = 0, ports, basePath = '' } = options
  const clock = new Clock({ speed })
  const incident = await startIncidentIo({ clock, roundTripMs, ...(ports && { port: ports.incident }) })
  const github = await startGitHub({ clock, roundTripMs, basePath, ...(ports && { port: ports.github }) })

  // A little more, so that it is whole days old at the end of a run too.
  const issuedAt = new Date(clock.now() - tokenAgeDays * DAY - (tokenAgeDays > 0 ? 3_600_000 : 0))
  for (let count = 1; count <= otherKeys; count++) incident.addKey({ name: `Other key ${count}`, roles: ['viewer'] })
  const name = 'CI deploy key'
  const { id, token } = incident.addKey({ name, roles: ['viewer', 'incident_creator'], issuedAt, createdAt: issuedAt })
  const managing = incident.addKey({
    name: 'Key manager',
    roles: ['viewer', 'incident_creator', 'api_keys_manage'],
    issuedAt,
    createdAt: issuedAt,
  })

  const repository = 'octo/app'
  const secret = 'INCIDENT_API_KEY'
  github.addRepository(repository, { private: true })
  github.setSecret(repository, secret, token, new Date(issuedAt.getTime() + 5000))
  const githubToken = github.addToken({
    kind: 'fine-grained',
    repositories: [repository],
    permissions: { secrets: 'write', actions: 'read', contents: 'read', metadata: 'read' },
  })

  const block = {
    'incident-api-key': managing.token,
    'key-name': name,
    'secret-name': secret,
    'github-token': githubToken,
    'incident-api-url': incident.url,
  }
  const prepare = (step: Partial<Step> = {}): Step => ({
    ...step,
    with: { ...block, ...step.with },
    env: { GITHUB_API_URL: github.url, ...(speed === 1 ? {} : fastTime(speed)), ...step.env },
  })

  return {
    clock,
    incident,
    github,
    key: { id, name, token },
    managingToken: managing.token,
    githubToken,
    repository,
    secret,
    with: block,
    rotate: (step) => runStep('main', prepare(step)),
    finish: (main, step) => runStep('post', prepare({ ...step, state: main.state })),
    credentials: () => [
      githubToken,
      ...github.issuedTokens(),
      ...incident.keys().flatMap((key) => incident.tokensOf(key.id).map((one) => one.token)),
    ],
    close: async () => {
      await Promise.all([incident.close(), github.close()])
    },
  }
}

/** Lets time go by faster in a Node process: `Date` and timers, by a module that is loaded before the action. */
function fastTime(speed: number): Record<string, string> {
  const module = new URL('./fast-time.mjs', import.meta.url).href
  return { NODE_OPTIONS: `--import=${module}`, SANDBOX_SPEED: String(speed) }
}
