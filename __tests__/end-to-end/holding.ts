import type { SecretOptions, SecretsPlace } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { addHistory, addRun, atRisk, CI, USES } from './runs.ts'

export const ORGANIZATION: SecretsPlace = { kind: 'organization', owner: 'octo' }

/** Lets the scene's token write secrets of every kind, in `octo` and in the repositories of `octo`. */
export function widen({ github, githubToken }: Scene, repositories: string[] = ['octo/*']): void {
  github.addToken({
    kind: 'fine-grained',
    token: githubToken,
    repositories,
    organizations: ['octo'],
    permissions: {
      actions: 'read',
      contents: 'read',
      secrets: 'write',
      environments: 'write',
      dependabot_secrets: 'write',
      codespaces_secrets: 'write',
      agent_secrets: 'write',
      organization_secrets: 'write',
      organization_dependabot_secrets: 'write',
      organization_agent_secrets: 'write',
    },
  })
}

/** Puts the key's token into a secret of another kind. */
export function keepIn({ github, secret, key }: Scene, place: SecretsPlace, options?: SecretOptions): void {
  github.store(place).set(secret, key.token, undefined, options)
}

/** An organization with a private, a public and an archived repository beside `octo/app`, and a secret of its own. */
export function addOrganization(scene: Scene, options?: SecretOptions): void {
  scene.github.addOrganization('octo')
  scene.github.addRepository('octo/web')
  scene.github.addRepository('octo/open', { private: false })
  scene.github.addRepository('octo/old', { archived: true })
  widen(scene)
  if (options !== undefined) keepIn(scene, ORGANIZATION, options)
}

/** A run of a workflow that uses the secret, begun ten minutes ago, where past ones took so long. */
export function addUser(scene: Scene, repository: string, minutes: number): number {
  scene.github.addFile(repository, CI, USES)
  addHistory(scene, minutes, 100, CI, repository)
  return addRun(scene, 10, { name: 'Nightly' }, repository)
}

/** The names of the runs that hold the old value: all of them are at risk when it dies at once. */
export async function holdersOf(scene: Scene, destinations: string): Promise<string[]> {
  const { outputs } = await scene.rotate({
    with: { destinations, 'dry-run': 'true', 'grace-period-minutes': '0' },
  })
  return atRisk(outputs).map(({ workflow }: { workflow: string }) => workflow)
}

/** The repositories whose runs were asked for, one entry a call. */
export function asked({ github }: Scene): string[] {
  return github.journal.flatMap(({ path }) => /^\/repos\/(.+)\/actions\/runs$/.exec(path)?.[1] ?? [])
}
