import { type GitHubAnswer, GitHubError, unreadable } from './github-ask.ts'
import { type Connection, GitHubClient } from './github-client.ts'
import { hide } from './mask.ts'
import type { Patience } from './retry.ts'

/** A GitHub App, as it signs in: its id or client id, and its private key as PEM. */
export interface App {
  id: string
  privateKey: string
}

/** An App that is signed in for an account: a credential of its own. */
export interface Installation {
  client: GitHubClient
  granted: Granted
}

/** What an account granted the App. */
export interface Granted {
  /** Permission → `read`, `write` or `admin`. */
  permissions: Readonly<Record<string, string>>
  /** Whether it is for all repositories of the account. */
  seesAllRepositories: boolean
}

/** The App has no access to an account's repositories. */
export class InstallationError extends Error {
  override name = 'InstallationError'
  readonly owner: string
  /** What GitHub answered; undefined when there is no installation. */
  readonly answer: GitHubError | undefined

  constructor(owner: string, answer?: GitHubError) {
    super(`the App cannot sign in for ${owner}`, { cause: answer })
    this.owner = owner
    this.answer = answer
  }
}

/** An App's installations: found once for each owner that is asked for, and signed in to. */
export class Installations {
  readonly #auth: { appId: string; privateKey: string }
  readonly #connection: Connection
  readonly #app: Promise<GitHubClient>
  readonly #clients = new Map<string, Promise<GitHubClient>>()
  readonly #signedIn = new Map<string, Promise<Installation>>()

  constructor({ id, privateKey }: App, connection: Connection) {
    this.#auth = { appId: id, privateKey }
    this.#connection = connection
    this.#app = this.#signedBy(this.#auth)
    this.#app.catch(() => {})
  }

  /**
   * Signs in for an owner, once; what failed may be tried again.
   *
   * @throws InstallationError
   */
  get(owner: string, patience?: Patience): Promise<Installation> {
    return once(this.#signedIn, owner, async () => {
      const client = await once(this.#clients, owner, () => this.#find(owner, patience))
      return { client, granted: await step(owner, () => signIn(client, patience)) }
    })
  }

  /** From now on it is signed in anew, since an account may have changed what it granted. */
  forget(): void {
    this.#signedIn.clear()
  }

  async #find(owner: string, patience: Patience | undefined): Promise<GitHubClient> {
    const account = encodeURIComponent(owner)
    const find = async (kind: 'orgs' | 'users') => {
      try {
        return await (await this.#app).ask(`GET /${kind}/${account}/installation`, readId, patience && { patience })
      } catch (error) {
        // "Integration not found" says that there is no such App.
        if (error instanceof GitHubError && error.status === 404 && !/integration/i.test(error.said)) return undefined
        throw error
      }
    }
    const installationId = await step(owner, async () => (await find('orgs')) ?? (await find('users')))
    if (installationId === undefined) throw new InstallationError(owner)
    return this.#signedBy({ ...this.#auth, installationId })
  }

  async #signedBy(auth: { appId: string; privateKey: string; installationId?: number }): Promise<GitHubClient> {
    const { createAppAuth } = await import('@octokit/auth-app')
    return new GitHubClient({ authStrategy: createAppAuth, auth }, this.#connection)
  }
}

function readId({ data }: GitHubAnswer): number {
  if (typeof data.id !== 'number') throw unreadable('the id of the installation')
  return data.id
}

/** Asks for a token, which Octokit keeps, and renews before it expires. */
function signIn(client: GitHubClient, patience: Patience | undefined): Promise<Granted> {
  const attempt = async () => {
    // Always a new one: one that is kept says what was granted when it was made.
    const { token, permissions, repositorySelection } = (await client.octokit.auth({
      type: 'installation',
      refresh: true,
    })) as { token?: unknown; permissions: Record<string, string>; repositorySelection: string }
    if (typeof token !== 'string' || token === '') throw unreadable('the token of the installation')
    hide(token)
    // Each App may at least read metadata.
    if (Object.keys(permissions).length === 0) throw unreadable('the permissions of the installation')
    client.noteSignIn(permissions)
    return { permissions, seesAllRepositories: repositorySelection === 'all' }
  }
  return client.persist(attempt, 'POST', patience)
}

/** What is under way or was found for an owner; what failed is forgotten. */
function once<T>(known: Map<string, Promise<T>>, owner: string, find: () => Promise<T>): Promise<T> {
  const name = owner.toLowerCase()
  const found = known.get(name) ?? find()
  known.set(name, found)
  found.catch(() => {
    if (known.get(name) === found) known.delete(name)
  })
  return found
}

async function step<T>(owner: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof GitHubError ? new InstallationError(owner, error) : error
  }
}
