import type { Exchange } from '../../sandbox/journal.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectHolds, manifestOf, reconcile, WITH_MANIFEST } from './manifest.ts'
import { DAY } from './runs.ts'

/** Time goes by so much faster where writes are paced over minutes. */
export const FASTER = { speed: 60 }
const PERMISSIONS = { secrets: 'write', actions: 'read', contents: 'read' } as const
/** So that nothing is due again an hour later. */
export const MONTHLY = { 'min-token-age': '30d' }

export interface Built {
  /** The entries of the manifest. */
  entries: Record<string, unknown>[]
  ids: string[]
  repositories: string[]
  token: string
}

export interface Plan {
  keys: number
  /** The repositories that a key of this number is in. */
  inRepositories: (key: number) => string[]
  /** How old its token is, in days; the first one is the oldest when left out. */
  ageDays?: (key: number) => number
}

export const repositoriesOf = (owner: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `${owner}/service-${from + index}`)
export const secretOf = (key: number): string => `KEY_${key}`

/** Keys whose tokens are in secrets of many repositories, and a fine-grained token for all of those. */
export function build(scene: Scene, { keys, inRepositories, ageDays = (key) => 400 - key }: Plan): Built {
  const { incident, github, clock } = scene
  const numbers = Array.from({ length: keys }, (_, index) => index)
  const repositories = [...new Set(numbers.flatMap(inRepositories))]
  for (const owner of new Set(repositories.map((name) => name.split('/')[0] ?? ''))) github.addOrganization(owner)
  for (const repository of repositories) github.addRepository(repository)
  const ids = numbers.map((key) => {
    const issuedAt = new Date(clock.now() - ageDays(key) * DAY)
    const made = incident.addKey({ name: `Key ${key}`, roles: ['viewer'], issuedAt, createdAt: issuedAt })
    for (const repository of inRepositories(key)) {
      github.setSecret(repository, secretOf(key), made.token, new Date(issuedAt.getTime() + 5000))
    }
    return made.id
  })
  const entries = numbers.map((key) => ({
    name: `Key ${key}`,
    secret: secretOf(key),
    destinations: inRepositories(key).map((repository) => ({ repository })),
  }))
  const owners = [...new Set(repositories.map((name) => `${name.split('/')[0]}/*`))]
  const token = github.addToken({ kind: 'fine-grained', repositories: owners, permissions: PERMISSIONS })
  return { entries, ids, repositories, token }
}

/**
 * Where time goes by faster, a request still has 15 s of real time: hundreds of them at once on a busy machine are no
 * service that is silent.
 */
export const UNHURRIED = {
  NODE_OPTIONS: ['../../sandbox/fast-time.mjs', `data:text/javascript,${encodeURIComponent(slowTimeouts())}`]
    .map((module) => `--import=${new URL(module, import.meta.url).href}`)
    .join(' '),
}

function slowTimeouts(): string {
  return `const fast = globalThis.setTimeout
globalThis.setTimeout = (callback, ms, ...rest) => fast(callback, ms === 15000 ? ms * ${FASTER.speed} : ms, ...rest)`
}

export const run = (scene: Scene, { entries, token }: Pick<Built, 'entries' | 'token'>, step: Partial<Step> = {}) =>
  reconcile(scene, manifestOf(...entries), {
    ...step,
    with: { 'github-token': token, ...step.with },
    env: { ...UNHURRIED, ...step.env },
  })

export const finish = (scene: Scene, main: StepResult, more: Record<string, string>) =>
  scene.finish(main, { with: { ...WITH_MANIFEST, ...more }, env: UNHURRIED })

export const OWNERS = ['octo', 'acme', 'umbrella', 'initech']
/** The inputs of an App that is installed for all of these, with limits of its own in each. */
export function asApp({ github }: Scene): Record<string, string> {
  const app = github.addApp()
  for (const owner of OWNERS) github.installApp(app, { owner, repositories: 'all', permissions: PERMISSIONS })
  return { 'github-token': '', 'github-app-id': app.clientId, 'github-app-private-key': app.privateKey }
}

/** Every copy of these keys holds its key's current token. */
export function expectAllHold(
  scene: Scene,
  { ids }: Built,
  { inRepositories }: Plan,
  keys = ids.map((_, key) => key),
): void {
  for (const key of keys) {
    for (const name of inRepositories(key)) {
      const [owner = '', repository = ''] = name.split('/')
      expectHolds(scene, ids[key] ?? '', secretOf(key), { kind: 'repository', owner, repository })
    }
  }
}

export const issuedTo = ({ incident }: Scene, { ids }: Built): number[] =>
  ids.flatMap((id, key) => (incident.tokensOf(id).length > 1 ? [key] : []))

export const asked = (journal: readonly Exchange[], method: string, path: RegExp): Exchange[] =>
  journal.filter((one) => one.method === method && path.test(one.path))
