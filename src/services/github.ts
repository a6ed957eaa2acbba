import pLimit from 'p-limit'
import type { ServiceTime } from './clock.ts'
import { type App, installationsOf } from './github-app.ts'
import type { AskAs } from './github-ask.ts'
import { type Budget, type Connection, GitHubClient } from './github-client.ts'
import { type GitHubPlaces, gitHubPlaces } from './github-places.ts'
import { type GitHubRuns, gitHubRuns } from './github-runs.ts'
import { type GitHubSecrets, gitHubSecrets } from './github-secrets.ts'

/** How the action signs in to GitHub: with one token for everything, or as an App with a token for each owner. */
export type GitHubCredential = { by: 'token'; token: string } | ({ by: 'app' } & App)

/** What is known of the credential for one owner. */
export interface Access {
  /** A classic token tells its scopes, an App its permissions; of another token only a trial tells what it may do. */
  readonly by: 'classic token' | 'app' | 'other token'
  /** What an App's installation was granted. */
  readonly permissions: Readonly<Record<string, string>>
  /** Whether an App is installed for all repositories of an account; true for tokens, which do not tell. */
  readonly seesAllRepositories: boolean
  /** The scopes of a classic token, from the answers seen so far. */
  readonly scopes: readonly string[] | undefined
  readonly budget: Budget | undefined
}

/** GitHub's API as this action uses it. Whatever names an owner is asked with the credential for that owner. */
export interface GitHub {
  readonly time: ServiceTime
  readonly secrets: GitHubSecrets
  readonly runs: GitHubRuns
  readonly places: GitHubPlaces
  /**
   * The credential for an owner; the same object for all owners that share one.
   *
   * @throws InstallationError where an App is not installed
   */
  access(owner: string): Promise<Access>
}

/** GitHub lets no more than 100 requests be under way at once. */
const MOST_AT_ONCE = 90

/** @param credential masked already */
export function gitHub(credential: GitHubCredential, connection: Omit<Connection, 'slots'>, time: ServiceTime): GitHub {
  const signIn = signerIn(credential, { ...connection, slots: pLimit(MOST_AT_ONCE) })
  const askAs: AskAs = (owner) => async (route, read, options) => (await signIn(owner)).client.ask(route, read, options)
  return {
    time,
    secrets: gitHubSecrets(askAs),
    runs: gitHubRuns(askAs),
    places: gitHubPlaces(askAs),
    access: async (owner) => (await signIn(owner)).access,
  }
}

interface SignedIn {
  client: GitHubClient
  access: Access
}

function signerIn(credential: GitHubCredential, connection: Connection): (owner: string) => Promise<SignedIn> {
  if (credential.by === 'token') {
    const { token } = credential
    const client = new GitHubClient({ auth: token }, connection)
    const signedIn = { client, access: accessBy(client, token.startsWith('ghp_') ? 'classic token' : 'other token') }
    return async () => signedIn
  }
  const installation = installationsOf(credential, connection)
  const known = new Map<GitHubClient, SignedIn>()
  return async (owner) => {
    const { client, ...granted } = await installation(owner)
    const signedIn = known.get(client) ?? { client, access: accessBy(client, 'app', granted) }
    known.set(client, signedIn)
    return signedIn
  }
}

/** A live view: scopes and budget are those of the latest answers. */
function accessBy(
  client: GitHubClient,
  by: Access['by'],
  granted: Pick<Access, 'permissions' | 'seesAllRepositories'> = { permissions: {}, seesAllRepositories: true },
): Access {
  return {
    by,
    ...granted,
    get scopes() {
      return client.scopes
    },
    get budget() {
      return client.budget
    },
  }
}
