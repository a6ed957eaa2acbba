import { Refusal } from './errors.ts'
import type { Organization } from './organizations.ts'
import type { Repository } from './repositories.ts'
import { isAmong, isSameName, type Permissions, type TokenRecord } from './tokens.ts'

/** The fine-grained permission that an endpoint asks for, or the scope of a classic token. */
export interface Need {
  permission: string
  /** What the endpoint does. */
  level: 'read' | 'write'
  /** Whether reading takes the permission to write, too. */
  isReadByWriters?: boolean
  /** `repo` when left out. */
  scope?: 'repo' | 'admin:org'
  /** Whether no permission of an App will do. */
  isClosedToApps?: boolean
}

/**
 * What GitHub tells about a token on every answer: what a classic token holds and what would do, or what permission
 * the endpoint accepts of the other kinds.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#insufficient-permissions-errors
 */
export function accessHeaders(token: TokenRecord, need: Need): Record<string, string> {
  if (token.kind === 'classic') {
    return { 'x-oauth-scopes': token.scopes.join(', '), 'x-accepted-oauth-scopes': need.scope ?? 'repo' }
  }
  return { 'x-accepted-github-permissions': `${need.permission}=${acceptedLevel(need)}` }
}

const acceptedLevel = ({ level, isReadByWriters }: Need) => (isReadByWriters ? 'write' : level)

/** Whether a token can tell that a repository is there at all. */
export function sees(token: TokenRecord, repository: Repository): boolean {
  if (!repository.private) return true
  return isFor(token, repository) && (token.kind !== 'classic' || token.scopes.includes('repo'))
}

const isFor = (token: TokenRecord, repository: Repository): boolean => isAmong(repository.fullName, token.repositories)

/** Throws what GitHub answers a token that may not. Permission comes before existence: nothing else was looked at yet. */
export function checkAccess(token: TokenRecord, repository: Repository, need: Need, documentation: string): void {
  if (!sees(token, repository)) throw new Refusal(404, 'Not Found', documentation)
  if (!isGranted(token, repository, need)) throw new Refusal(403, denial[token.kind], documentation)
  if (repository.archived && need.level === 'write') {
    throw new Refusal(403, 'Repository was archived so is read-only.', documentation)
  }
}

/** Like `checkAccess`. That an organization is there is no secret, what it has is. */
export function checkOrganizationAccess(
  token: TokenRecord,
  organization: Organization,
  need: Need,
  documentation: string,
): void {
  if (need.permission === 'metadata') return
  if (!isForOrganization(token, organization)) throw new Refusal(404, 'Not Found', documentation)
  if (!holds(token, need)) throw new Refusal(403, denial[token.kind], documentation)
}

/** What an App installed for an organization, or a workflow there, gets a token for is the organization's too. */
function isForOrganization(token: TokenRecord, { login }: Organization): boolean {
  const isNamed = token.kind !== 'workflow' && token.organizations?.some((name) => isSameName(name, login))
  const isOfApp = token.kind === 'installation' || token.kind === 'workflow'
  return isNamed || (isOfApp && token.repositories.some((name) => isSameName(name.split('/')[0] ?? '', login)))
}

const denial: Record<TokenRecord['kind'], string> = {
  classic: 'Must have admin rights to Repository.',
  'fine-grained': 'Resource not accessible by personal access token',
  installation: 'Resource not accessible by integration',
  workflow: 'Resource not accessible by integration',
}

/** What anyone may read of a public repository, and a workflow's GITHUB_TOKEN of its own. */
const open = ['actions', 'contents']

function isGranted(token: TokenRecord, repository: Repository, need: Need): boolean {
  if (need.permission === 'metadata' || (isOpen(need) && !repository.private)) return true
  return isFor(token, repository) && holds(token, need)
}

const isOpen = ({ permission, level }: Need): boolean => open.includes(permission) && level === 'read'

/** Whether what a token holds would do where it is for. */
function holds(token: TokenRecord, need: Need): boolean {
  switch (token.kind) {
    case 'classic':
      return token.scopes.includes(need.scope ?? 'repo')
    case 'fine-grained':
      return permits(token.permissions, need)
    case 'installation':
      return !need.isClosedToApps && permits(token.permissions, need)
    case 'workflow':
      return isOpen(need)
  }
}

function permits(permissions: Permissions, need: Need): boolean {
  const granted = permissions[need.permission]
  return granted === 'write' || granted === acceptedLevel(need)
}
