import { generateKeyPairSync } from 'node:crypto'
import type { SecretsPlace } from '../github.ts'
import { type Scene, setScene } from '../scene.ts'

/** With a token, as a GitHub App, or with a managing key that rotates itself. */
export type Flavour = 'token' | 'app' | 'self'

/** A scene with several destinations, a job in flight, and what the invariants have to know of it. */
export interface Stage {
  scene: Scene
  /** The key that is rotated. */
  keyId: string
  places: readonly SecretsPlace[]
  /** The `with:` block of a run that begins now: the values of the secrets are as they are stored. */
  block(): Record<string, string>
  /** When the job in flight is done with the old token, ms since 1970 on the stand-ins' clock. */
  jobEndsAt: number
  /** What must not be seen beside the scene's credentials: the lines of a private key. */
  alsoHidden: readonly string[]
  /** Enters a run of the rotating workflow into the run history; returns its id. */
  beginRun(): number
  endRun(id: number, isWell: boolean): void
}

export interface StageOptions {
  /** How much faster time goes by. */
  speed: number
  /** incident.io's undocumented worst case: a rotation ends the tokens that earlier ones gave a grace. */
  pessimistic?: boolean
}

const MINUTE = 60_000
const WORKFLOW = '.github/workflows/deploy.yml'
const DEPLOY = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets.INCIDENT_API_KEY }}
`
/** The job in flight began so long ago, and takes so long as it always did, in minutes. */
const JOB = { begun: 8, takes: 10 }

export const PLACES: readonly SecretsPlace[] = [
  { kind: 'repository', owner: 'octo', repository: 'app' },
  { kind: 'environment', owner: 'octo', repository: 'app', environment: 'production' },
  { kind: 'organization', owner: 'octo' },
]
/** The repositories that can read the organization's secret. */
export const READERS: readonly string[] = ['octo/app', 'octo/web']
const DESTINATIONS = ['repository: octo/app', 'environment: octo/app/production', 'organization: octo']

const PERMISSIONS = {
  actions: 'read',
  contents: 'read',
  metadata: 'read',
  secrets: 'write',
  environments: 'write',
  organization_secrets: 'write',
} as const

let pem: string | undefined

/** Making one takes long: all stages of a process share it. */
function privateKey(): string {
  pem ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  return pem
}

/** Sets the stage: the key's token is in a repository's, an environment's and an organization's secret. */
export async function setStage(flavour: Flavour, { speed, pessimistic = false }: StageOptions): Promise<Stage> {
  const scene = await setScene({ speed })
  const { incident, github, clock, secret, managingToken, githubToken, repository } = scene
  incident.rotationEndsEarlierTokens = pessimistic

  github.addOrganization('octo')
  github.addRepository('octo/web')
  github.addEnvironment(repository, 'production')
  const token = flavour === 'self' ? managingToken : scene.key.token
  const key = incident.keyOf(token)
  if (key === undefined) throw new Error('Invariant violation: a stage without a key')
  for (const place of PLACES) {
    const reach =
      place.kind === 'organization' ? { visibility: 'selected' as const, selectedRepositories: [...READERS] } : {}
    github.store(place).set(secret, token, new Date(key.issuedAt + 5000), reach)
  }
  const all = { repositories: ['octo/*'], organizations: ['octo'], permissions: PERMISSIONS }
  github.addToken({ kind: 'fine-grained', token: githubToken, ...all })
  const jobEndsAt = addJob(scene)
  const credentials = flavour === 'app' ? signUp(scene) : { 'github-token': githubToken }

  return {
    scene,
    keyId: key.id,
    places: PLACES,
    block: () => ({
      'key-name': key.name,
      destinations: DESTINATIONS.join('\n'),
      // The job in flight alone makes the grace period, so that a write that never succeeds is given up in seconds.
      'min-grace-minutes': '1',
      ...(flavour === 'self' && { 'incident-api-key': github.secret(repository, secret)?.value ?? '' }),
      ...credentials,
    }),
    jobEndsAt,
    alsoHidden:
      flavour === 'app'
        ? privateKey()
            .split('\n')
            .filter((line) => line.length > 20)
        : [],
    beginRun: () =>
      github.addRun(repository, {
        workflow: '.github/workflows/rotate.yml',
        name: 'Rotate',
        status: 'in_progress',
        createdAt: clock.date(),
      }),
    endRun: (id, isWell) =>
      github.updateRun(repository, id, { status: 'completed', conclusion: isWell ? 'success' : 'failure' }),
  }
}

/** An App in place of the token: the inputs that it takes. */
function signUp({ github }: Scene): Record<string, string> {
  const app = github.addApp({ privateKey: privateKey() })
  github.installApp(app, { owner: 'octo', repositories: 'all', permissions: PERMISSIONS })
  return { 'github-token': '', 'github-app-id': String(app.id), 'github-app-private-key': privateKey() }
}

/** A run that uses the secret, and past ones that tell how long it takes. Returns when it ends. */
function addJob({ github, clock, repository }: Scene): number {
  const ago = (minutes: number) => new Date(clock.now() - minutes * MINUTE)
  github.addFile(repository, WORKFLOW, DEPLOY)
  for (let hours = 1; hours <= 50; hours++) {
    const createdAt = ago(60 * hours)
    const updatedAt = new Date(createdAt.getTime() + JOB.takes * MINUTE)
    github.addRun(repository, { workflow: WORKFLOW, name: 'Deploy', status: 'completed', createdAt, updatedAt })
  }
  const createdAt = ago(JOB.begun)
  const jobs = [{ name: 'deploy', status: 'in_progress' }]
  github.addRun(repository, { workflow: WORKFLOW, name: 'Deploy', status: 'in_progress', createdAt, jobs })
  return createdAt.getTime() + JOB.takes * MINUTE
}
