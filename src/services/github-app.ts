import { createAppAuth } from '@octokit/auth-app'
import { GitHubError, unreadable } from './github-ask.ts'
import { type Connection, GitHubClient } from './github-client.ts'
import { hide } from './mask.ts'

/** A GitHub App, as it signs in: its id or client id, and its private key as PEM. */
export interface App {
  id: string
  privateKey: string
}

/** An App's installation in an account: a credential of its own. */
export interface Installation {
  client: GitHubClient
  /** What the account granted: permission → `read`, `write` or `admin`. */
  permissions: Readonly<Record<string, string>>
  /** Whether it is for all repositories of the account. */
  seesAllRepositories: boolean
}

/** The App has no access to an account's repositories. */
export class InstallationError extends Error {
  override name = 'InstallationError'
  readonly owner: string
  /** What was being done. */
  readonly goal: string
  /** What GitHub answered; undefined when there is no installation. */
  readonly answer: GitHubError | undefined

  constructor(owner: string, goal: string, answer?: GitHubError) {
    super(`the App is not installed for ${owner}`, { cause: answer })
    this.owner = owner
    this.goal = goal
    this.answer = answer
  }
}

/**
 * Finds an App's installation for each owner that is asked for, once, and signs in there.
 *
 * @throws InstallationError
 */
export function installationsOf({ id, privateKey }: App, connection: Connection) {
  const auth = { appId: id, privateKey }
  const app = new GitHubClient({ authStrategy: createAppAuth, auth }, connection)

  const install = async (owner: string): Promise<Installation> => {
    const account = encodeURIComponent(owner)
    const find = async (kind: 'orgs' | 'users') => {
      try {
        return await app.ask(`GET /${kind}/${account}/installation`, ({ data }) => {
          if (typeof data.id !== 'number') throw unreadable('the id of the installation')
          return data.id
        })
      } catch (error) {
        // "Integration not found" says that there is no such App.
        if (error instanceof GitHubError && error.status === 404 && !/integration/i.test(error.said)) return undefined
        throw error
      }
    }
    const installationId = await step(owner, 'find', async () => (await find('orgs')) ?? (await find('users')))
    if (installationId === undefined) throw new InstallationError(owner, 'find')
    const client = new GitHubClient({ authStrategy: createAppAuth, auth: { ...auth, installationId } }, connection)
    const granted = await step(owner, 'sign in to', () =>
      client.persist(async () => {
        // Octokit keeps the token, and renews it before it expires.
        const { token, permissions, repositorySelection } = (await client.octokit.auth({
          type: 'installation',
        })) as { token: string; permissions: Record<string, string>; repositorySelection: string }
        hide(token)
        return { permissions, seesAllRepositories: repositorySelection === 'all' }
      }, 'POST'),
    )
    return { client, ...granted }
  }

  const known = new Map<string, Promise<Installation>>()
  return (owner: string): Promise<Installation> => {
    const found = known.get(owner.toLowerCase()) ?? install(owner)
    known.set(owner.toLowerCase(), found)
    return found
  }
}

async function step<T>(owner: string, goal: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof GitHubError ? new InstallationError(owner, goal, error) : error
  }
}
