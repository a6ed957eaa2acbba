import pLimit from 'p-limit'
import type { ServiceTime } from './clock.ts'
import { Connections } from './connections.ts'
import { Distance } from './distance.ts'
import { type App, type Granted, Installations } from './github-app.ts'
import type { AskAs } from './github-ask.ts'
import { type Budget, type Connection, GitHubClient } from './github-client.ts'
import { type GitHubPlaces, gitHubPlaces } from './github-places.ts'
import { type GitHubRuns, gitHubRuns } from './github-runs.ts'
import { type GitHubSecrets, gitHubSecrets } from './github-secrets.ts'
import type { Send } from './http.ts'
import type { Patience } from './retry.ts'

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
  /** Until when GitHub has asked to send nothing, ms since the epoch on this machine's clock; past when it has not. */
  readonly heldUntil: number
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
  /** An App signs in anew for each owner, since what it was granted may have changed. */
  signInAnew(): void
}

/** GitHub lets no more than 100 requests be under way at once. */
const MOST_AT_ONCE = 90
/** Beside a near GitHub, more connections only cost. */
const FEW_AT_ONCE = 5
/** Where GitHub lets requests wait for so many idle ms, so many may be under way: what is only slow is not far away yet. */
const AT_ONCE_AFTER = new Map([
  [5, 20],
  [12, MOST_AT_ONCE],
])

/**
 * How many connections are opened as soon as GitHub is known to be far away. Five workflows with runs in flight need about
 * twenty at once, and a connection that is opened only then is late by two round trips. With nothing running, a rotation
 * takes up to 3 % longer with them (`npm run bench -- --peer` with an older build).
 */
const SPARE_CONNECTIONS = 16

/** @param credential masked already */
export function gitHub(
  credential: GitHubCredential,
  {
    sender,
    ...connection
  }: Omit<Connection, 'slots' | 'send'> & { sender: (distance: Distance, connections: Connections) => Send },
  time: ServiceTime,
): GitHub {
  const connections = new Connections()
  const slots = pLimit(FEW_AT_ONCE)
  const distance = new Distance([...AT_ONCE_AFTER.keys()], (waited) => {
    slots.concurrency = AT_ONCE_AFTER.get(waited) ?? MOST_AT_ONCE
    if (slots.concurrency === MOST_AT_ONCE) connections.openSpare(SPARE_CONNECTIONS)
  })
  const { signIn, signInAnew } = signerIn(credential, { ...connection, send: sender(distance, connections), slots })
  const askAs: AskAs = (owner) => async (route, read, options) =>
    (await signIn(owner, options?.patience)).client.ask(route, read, options)
  return {
    time,
    secrets: gitHubSecrets(askAs),
    runs: gitHubRuns(askAs),
    places: gitHubPlaces(askAs),
    access: async (owner) => (await signIn(owner)).access,
    signInAnew,
  }
}

interface SignedIn {
  client: GitHubClient
  access: Access
}

interface SignerIn {
  signIn(owner: string, patience?: Patience): Promise<SignedIn>
  signInAnew(): void
}

function signerIn(credential: GitHubCredential, connection: Connection): SignerIn {
  if (credential.by === 'token') {
    const { token } = credential
    const client = new GitHubClient({ auth: token }, connection)
    const by = token.startsWith('ghp_') ? 'classic token' : 'other token'
    const signedIn = { client, access: accessBy(client, by, () => ({ permissions: {}, seesAllRepositories: true })) }
    return { signIn: async () => signedIn, signInAnew() {} }
  }
  const installations = new Installations(credential, connection)
  const known = new Map<GitHubClient, SignedIn & { granted: Granted }>()
  return {
    async signIn(owner, patience) {
      const { client, granted } = await installations.get(owner, patience)
      const signedIn: SignedIn & { granted: Granted } = known.get(client) ?? {
        client,
        granted,
        access: accessBy(client, 'app', () => signedIn.granted),
      }
      known.set(client, signedIn)
      signedIn.granted = granted
      return signedIn
    },
    signInAnew: () => installations.forget(),
  }
}

/** A live view: what was granted, scopes and budget are those of the latest answers. */
function accessBy(client: GitHubClient, by: Access['by'], granted: () => Granted): Access {
  return {
    by,
    get permissions() {
      return granted().permissions
    },
    get seesAllRepositories() {
      return granted().seesAllRepositories
    },
    get scopes() {
      return client.scopes
    },
    get budget() {
      return client.budget
    },
    get heldUntil() {
      return client.heldUntil
    },
  }
}
