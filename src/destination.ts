/** A GitHub secret that holds the key's token. */
export interface Destination {
  kind: Kind
  /** The repository's owner, or the organization. */
  owner: string
  /** Undefined for a secret of an organization. */
  repository?: string
  /** Of the kind `environment` only. */
  environment?: string
  /** The secret's name, upper case as GitHub stores it. */
  secret: string
}

export const KINDS = ['repository', 'environment', 'organization', 'dependabot', 'codespaces', 'agents'] as const
export type Kind = (typeof KINDS)[number]

/** What GitHub asks for one kind of secret, in a repository or in an organization. */
export interface Store {
  /** Between the owner's or repository's path and `/secrets/…`. */
  path: (environment: string) => string
  /** The permission as GitHub's API spells it, for Apps and in `X-Accepted-GitHub-Permissions`. */
  permission: string
  /** The permission as the settings page of a fine-grained token or an App names it. */
  permissionName: string
  /** The scope that a classic token needs. */
  scope: 'repo' | 'admin:org'
  isClosedToApps?: true
  /** Whether GitHub Enterprise Server lacks it (3.17 to 3.19 do). */
  isCloudOnly?: true
}

/** Everything in which the kinds differ, for a secret of a repository. https://docs.github.com/rest/actions/secrets */
const OF_REPOSITORIES: Partial<Record<Kind, Store>> = {
  repository: { path: () => 'actions', permission: 'secrets', permissionName: 'Secrets', scope: 'repo' },
  environment: {
    path: (environment) => `environments/${encodeURIComponent(environment)}`,
    permission: 'environments',
    permissionName: 'Environments',
    scope: 'repo',
  },
  dependabot: {
    path: () => 'dependabot',
    permission: 'dependabot_secrets',
    permissionName: 'Dependabot secrets',
    scope: 'repo',
  },
  codespaces: {
    path: () => 'codespaces',
    permission: 'codespaces_secrets',
    permissionName: 'Codespaces secrets',
    scope: 'repo',
    isCloudOnly: true,
  },
  agents: {
    path: () => 'agents',
    permission: 'agent_secrets',
    permissionName: 'Agent secrets',
    scope: 'repo',
    isCloudOnly: true,
  },
}

/** The same for a secret of an organization. */
const OF_ORGANIZATIONS: Partial<Record<Kind, Store>> = {
  organization: {
    path: () => 'actions',
    permission: 'organization_secrets',
    permissionName: 'Secrets (of the organization)',
    scope: 'admin:org',
  },
  dependabot: {
    path: () => 'dependabot',
    permission: 'organization_dependabot_secrets',
    permissionName: 'Organization Dependabot secrets',
    scope: 'admin:org',
  },
  codespaces: {
    path: () => 'codespaces',
    permission: 'organization_codespaces_secrets',
    permissionName: 'Organization Codespaces secrets',
    scope: 'admin:org',
    isClosedToApps: true,
    isCloudOnly: true,
  },
  agents: {
    path: () => 'agents',
    permission: 'organization_agent_secrets',
    permissionName: 'Agent secrets (of the organization)',
    scope: 'admin:org',
    isCloudOnly: true,
  },
}

/** Where GitHub keeps this destination's kind of secret, and what it asks for. */
export function storeOf({ kind, repository }: Pick<Destination, 'kind' | 'repository'>): Store {
  const store = (repository === undefined ? OF_ORGANIZATIONS : OF_REPOSITORIES)[kind]
  if (store === undefined) throw new Error(`Invariant violation: ${kind} secrets have no such place`)
  return store
}

/** Whether it is a secret of an organization: then it has a visibility. */
export function isOfOrganization({ repository }: Pick<Destination, 'repository'>): boolean {
  return repository === undefined
}

/** The destination in words, as messages name it: `NAME in octo/app (Dependabot)`. */
export function nameOf(destination: Destination): string {
  return `${destination.secret} in ${placeOf(destination)}`
}

/** Where the destination is, as messages and tables name it. */
export function placeOf({ kind, owner, repository, environment }: Destination): string {
  const where = [owner, repository, environment].filter((part) => part !== undefined).join('/')
  return kind === 'repository' || kind === 'environment' || kind === 'organization' ? where : `${where} (${kind})`
}

/** The part of GitHub's path before `/secrets/…`; one public key serves all secrets below it. */
export function pathOf(destination: Destination): string {
  const { owner, repository, environment = '' } = destination
  const holder =
    repository === undefined
      ? `/orgs/${encodeURIComponent(owner)}`
      : `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`
  return `${holder}/${storeOf(destination).path(environment)}`
}
