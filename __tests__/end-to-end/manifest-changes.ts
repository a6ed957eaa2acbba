import type { Scene } from '../../sandbox/scene.ts'

export const YOUNG = { with: { 'min-token-age': '90d' } }

/** A token for everything of the organization `octo`, and an environment. */
export function addWideToken({ github }: Scene): string {
  github.addOrganization('octo')
  github.addRepository('octo/web')
  github.addEnvironment('octo/app', 'production')
  return github.addToken({
    kind: 'classic',
    scopes: ['repo', 'admin:org'],
    repositories: ['octo/*'],
    organizations: ['octo'],
  })
}

/** Gives the managing key more roles, in the dashboard. */
export function allow({ incident }: Scene, ...roles: string[]): void {
  incident
    .keys()
    .find(({ name }) => name === 'Key manager')
    ?.roles.push(...roles)
}
