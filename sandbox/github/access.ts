import { Refusal } from './errors.ts'
import type { Repository } from './repositories.ts'
import { isSameName, type TokenRecord } from './tokens.ts'

/** The fine-grained permission that an endpoint asks for. */
export interface Need {
  permission: string
  level: 'read' | 'write'
}

/**
 * What GitHub tells about a token on every answer: what a classic token holds and what would do, or what permission
 * the endpoint accepts of the other kinds.
 * https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#insufficient-permissions-errors
 */
export function accessHeaders(token: TokenRecord, need: Need): Record<string, string> {
  if (token.kind === 'classic') {
    return { 'x-oauth-scopes': token.scopes.join(', '), 'x-accepted-oauth-scopes': 'repo' }
  }
  return { 'x-accepted-github-permissions': `${need.permission}=${need.level}` }
}

/** Whether a token can tell that a repository is there at all. */
export function sees(token: TokenRecord, repository: Repository): boolean {
  if (!repository.private) return true
  return isFor(token, repository) && (token.kind !== 'classic' || token.scopes.includes('repo'))
}

const isFor = (token: TokenRecord, repository: Repository): boolean =>
  token.repositories.some((name) => isSameName(name, repository.fullName))

/** Throws what GitHub answers a token that may not. Permission comes before existence: nothing else was looked at yet. */
export function checkAccess(token: TokenRecord, repository: Repository, need: Need, documentation: string): void {
  if (!sees(token, repository)) throw new Refusal(404, 'Not Found', documentation)
  if (!isGranted(token, repository, need)) throw new Refusal(403, denial[token.kind], documentation)
  if (repository.archived && need.level === 'write') {
    throw new Refusal(403, 'Repository was archived so is read-only.', documentation)
  }
}

const denial: Record<TokenRecord['kind'], string> = {
  classic: 'Must have admin rights to Repository.',
  'fine-grained': 'Resource not accessible by personal access token',
  installation: 'Resource not accessible by integration',
  workflow: 'Resource not accessible by integration',
}

/** What anyone may read of a public repository, and a workflow's GITHUB_TOKEN of its own. */
const open = ['actions', 'contents']

function isGranted(token: TokenRecord, repository: Repository, { permission, level }: Need): boolean {
  const isOpen = open.includes(permission) && level === 'read'
  if (permission === 'metadata' || (isOpen && !repository.private)) return true
  if (!isFor(token, repository)) return false
  switch (token.kind) {
    case 'classic':
      return token.scopes.includes('repo')
    case 'fine-grained':
    case 'installation': {
      const granted = token.permissions[permission]
      return granted === 'write' || granted === level
    }
    case 'workflow':
      return isOpen
  }
}
