import { randomBytes } from 'node:crypto'
import sodium from 'libsodium-wrappers'
import { Clock } from './clock.ts'
import type { Answer } from './faults.ts'
import { accessHeaders, checkAccess, sees } from './github/access.ts'
import { answerApp, findAppEndpoint } from './github/app-endpoints.ts'
import { type App, type AppCredentials, type AppSeed, AppStore, type InstallationSeed } from './github/apps.ts'
import { concurrencyEndpoints } from './github/concurrency-endpoints.ts'
import { asOneSegment, contentsEndpoint } from './github/contents.ts'
import type { Endpoint } from './github/endpoints.ts'
import { environmentsEndpoints } from './github/environments.ts'
import { Refusal } from './github/errors.ts'
import { answerOrganization } from './github/organization.ts'
import { OrganizationStore } from './github/organizations.ts'
import { limitExceeded, RateLimit } from './github/rate-limit.ts'
import { redirect } from './github/redirect.ts'
import { type Repository, RepositoryStore } from './github/repositories.ts'
import { repositoryEndpoint } from './github/repository.ts'
import { repositorySecretsEndpoints } from './github/repository-secrets.ts'
import type { ConcurrencySeed } from './github/run-records.ts'
import type { JobSeed, RunChange, RunSeed } from './github/run-store.ts'
import { runsEndpoints } from './github/runs.ts'
import { SecondaryLimit, type SecondaryLimitOptions, type SecondaryRefusal } from './github/secondary-limit.ts'
import type { SecretRecord } from './github/secret-store.ts'
import { openStore, type SecretOptions, type SecretsPlace, type Store } from './github/stores.ts'
import { payerOf, type TokenRecord, type TokenSeed, TokenStore } from './github/tokens.ts'
import { answerUser } from './github/user.ts'
import { findRoute, type LoopbackServer, type Request, startServer } from './server.ts'

export type {
  AppCredentials,
  AppSeed,
  ConcurrencySeed,
  InstallationSeed,
  JobSeed,
  RunChange,
  RunSeed,
  SecondaryLimitOptions,
  SecondaryRefusal,
  SecretOptions,
  SecretRecord,
  SecretsPlace,
  Store,
  TokenSeed,
}

export interface GitHub extends LoopbackServer {
  /** With the base path. */
  url: string
  clock: Clock
  /** The primary limit, counted for each token or installation. Setting a number gives every token a fresh hour with it. */
  readonly rateLimit: { limit: number; remaining: number }
  /** The owner of repositories is a user unless it was added here. */
  addOrganization(login: string): void
  /** Private unless told otherwise: a token that is not for it gets a 404. */
  addRepository(fullName: string, options?: { private?: boolean; archived?: boolean }): void
  /** Its old path then redirects to `/repositories/ID/…`, with 301 (GET) or 307, and tokens for it stay so. */
  renameRepository(from: string, to: string): void
  /** One that anything may be deployed to, unless it has reviewers. */
  addEnvironment(fullName: string, name: string, options?: { hasReviewers?: boolean }): void
  addToken(seed: TokenSeed): string
  revokeToken(token: string): void
  addApp(seed?: AppSeed): AppCredentials
  /** Returns the installation's id. */
  installApp(app: Pick<AppCredentials, 'id'>, seed: InstallationSeed): number
  /** Every token that an App was given for an installation, oldest first: none of them may be seen anywhere. */
  issuedTokens(): string[]
  /** Puts the secondary limits into force, with all counts afresh. */
  enforceSecondaryLimits(options?: SecondaryLimitOptions): void
  /** What the secondary limits refused, oldest first. */
  readonly refusals: readonly SecondaryRefusal[]
  /** The secrets of one kind in one place, to be read and changed behind the API's back. */
  store(place: SecretsPlace): Store
  /** Stores a secret of a repository for Actions behind the API's back. */
  setSecret(fullName: string, name: string, value: string, updatedAt?: Date): void
  secret(fullName: string, name: string): SecretRecord | undefined
  /** Changes the public key: a box sealed for the old one then gets a 422. */
  replaceKeyPair(fullName: string): void
  /** The commit at the head of the default branch; it stays the same whatever files are added. */
  headSha(fullName: string): string
  /** Puts a file into a commit: the head of the default branch, or the one that is given. No other commit has it. */
  addFile(fullName: string, path: string, text: string, ref?: string): void
  /**
   * Returns the run's id.
   * @throws Error if a status contradicts the queue of a concurrency group
   */
  addRun(fullName: string, seed: RunSeed): number
  /**
   * Changes a run now. Another attempt keeps the jobs of those before and has none until it is given some.
   * @throws Error if a status contradicts the queue of a concurrency group
   */
  updateRun(fullName: string, id: number, change: RunChange): void
}

const endpoints: readonly Endpoint[] = [
  repositoryEndpoint,
  ...environmentsEndpoints,
  ...repositorySecretsEndpoints,
  ...runsEndpoints,
  contentsEndpoint,
]

/** The endpoints of github.com. GitHub Enterprise Server, which has a base path, lacks the concurrency groups. */
const cloudEndpoints: readonly Endpoint[] = [...endpoints, ...concurrencyEndpoints]

/**
 * Starts a stand-in for GitHub's REST API of secrets, of the repositories and organizations that have them, and of
 * workflow runs and files, as https://docs.github.com/rest describes it.
 */
export async function startGitHub(
  options: { clock?: Clock; roundTripMs?: number; basePath?: string; port?: number } = {},
): Promise<GitHub> {
  await sodium.ready
  const clock = options.clock ?? new Clock()
  const organizations = new OrganizationStore()
  const repositories = new RepositoryStore(organizations)
  const tokens = new TokenStore(clock)
  const apps = new AppStore(clock)
  const rateLimit = new RateLimit(clock)
  const secondaryLimit = new SecondaryLimit(clock)
  const basePath = options.basePath ?? ''
  const server = await startServer({
    ...options,
    service: 'GitHub',
    clock,
    handle: (request) =>
      handle(request, {
        organizations,
        repositories,
        tokens,
        apps,
        rateLimit,
        secondaryLimit,
        clock,
        basePath,
        url: github.url,
      }),
    arrive: (request) => secondaryLimit.arrive(request, payerOfRequest(request, { tokens, apps })),
  })
  const github: GitHub = Object.assign(server, {
    url: server.origin + basePath,
    clock,
    rateLimit,
    addOrganization: (login: string) => organizations.add(login, clock.now()),
    addRepository(fullName: string, { private: isPrivate = true, archived = false } = {}) {
      repositories.add(fullName, { private: isPrivate, archived, createdAt: clock.now() })
    },
    renameRepository(from: string, to: string) {
      repositories.rename(from, to)
      tokens.renameRepository(from, to)
      apps.renameRepository(from, to)
    },
    addEnvironment: (fullName: string, name: string, { hasReviewers = false } = {}) =>
      repositories.get(fullName).addEnvironment(name, clock.now(), hasReviewers),
    addToken: (seed: TokenSeed) => tokens.add(seed),
    revokeToken: (token: string) => tokens.remove(token),
    addApp: (seed: AppSeed = {}) => apps.add(seed),
    installApp: ({ id }: Pick<AppCredentials, 'id'>, seed: InstallationSeed) => apps.install(id, seed),
    issuedTokens: () => [...tokens.issued],
    enforceSecondaryLimits: (limits?: SecondaryLimitOptions) => secondaryLimit.enforce(limits),
    refusals: secondaryLimit.refusals,
    store: (place: SecretsPlace) => openStore(place, { organizations, repositories, clock }),
    setSecret(fullName: string, name: string, value: string, updatedAt?: Date) {
      const at = updatedAt?.getTime() ?? clock.now()
      repositories.get(fullName).secrets.repository.write(name, value, { at, counts: false })
    },
    secret: (fullName: string, name: string) => repositories.get(fullName).secrets.repository.get(name),
    replaceKeyPair: (fullName: string) => repositories.get(fullName).secrets.repository.replaceKeyPair(),
    headSha: (fullName: string) => repositories.get(fullName).head,
    addFile(fullName: string, path: string, text: string, ref?: string) {
      repositories.get(fullName).addFile(path, text, ref)
    },
    addRun(fullName: string, seed: RunSeed) {
      const { runs, head } = repositories.get(fullName)
      return runs.add(seed, { head, now: clock.now() }).id
    },
    updateRun(fullName: string, id: number, change: RunChange) {
      repositories.get(fullName).runs.update(id, change, clock.now())
    },
  })
  return github
}

interface Service {
  organizations: OrganizationStore
  repositories: RepositoryStore
  tokens: TokenStore
  apps: AppStore
  rateLimit: RateLimit
  secondaryLimit: SecondaryLimit
  clock: Clock
  basePath: string
  url: string
}

/** Every answer, a refusal too, carries what the request's way brought up until then in `headers`. */
function handle(request: Request, service: Service): Answer {
  const headers: Record<string, string> = {
    'x-github-request-id': requestId(),
    'x-github-media-type': 'github.v3; format=json',
  }
  try {
    const answer = dispatch(request, service, headers)
    return { ...answer, headers: { ...headers, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = error.answer()
    return { ...answer, headers: { ...headers, ...answer.headers } }
  }
}

function dispatch(request: Request, service: Service, headers: Record<string, string>): Answer {
  const { clock, basePath, url } = service
  const isBelowBase = request.path.startsWith(`${basePath}/`)
  const path = request.path.slice(basePath.length)
  const ofApps = isBelowBase ? findAppEndpoint(request.method, path) : undefined
  if (ofApps) return answerApp(ofApps, { request, app: authenticateApp(request, service), service })
  const token = authenticate(request, service, headers)
  if (!isBelowBase) throw new Refusal(404, 'Not Found')
  const [, account, login = '', below = ''] = /^\/(orgs|users)\/([^/]+)(\/.*)?$/.exec(path) ?? []
  if (account === 'orgs') {
    return answerOrganization(login, below, { ...service, request, token, headers, url: url + path })
  }
  if (account === 'users' && below === '' && request.method === 'GET') return answerUser(login, service)
  const { repository, rest, moved } = findRepository(path, service.repositories)
  const found = findRoute(basePath === '' ? cloudEndpoints : endpoints, request.method, asOneSegment(rest))
  if (!repository || !found) throw new Refusal(404, 'Not Found')
  if (moved && sees(token, repository)) return redirect(request, `${url}/repositories/${repository.id}${rest}`)
  const { handle: endpoint } = found.route
  Object.assign(headers, accessHeaders(token, endpoint.need))
  checkAccess(token, repository, endpoint.need, endpoint.documentation)
  return endpoint.answer({ request, repository, parameters: found.parameters, endpoint, clock, url: url + path })
}

function authenticate(request: Request, service: Service, headers: Record<string, string>): TokenRecord {
  const given = credentialOf(request)
  const token = service.tokens.get(given)
  const { allowed, headers: limits } = service.rateLimit.count(payerOfRequest(request, service))
  Object.assign(headers, limits)
  if (!token) throw new Refusal(401, given === '' ? 'Requires authentication' : 'Bad credentials')
  if (!allowed) throw limitExceeded(token)
  service.secondaryLimit.count(request, payerOf(token))
  return token
}

/** GitHub tells of no primary limit for what an App asks as itself. */
function authenticateApp(request: Request, service: Service): App {
  const app = service.apps.authenticate(credentialOf(request))
  service.secondaryLimit.count(request, payerOfRequest(request, service))
  return app
}

const credentialOf = (request: Request): string =>
  /^(?:Bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''

/** Whose limits a request counts towards, before its credential is checked. */
function payerOfRequest(request: Request, { tokens, apps }: Pick<Service, 'tokens' | 'apps'>): string {
  const given = credentialOf(request)
  const token = tokens.get(given)
  if (token) return payerOf(token)
  const app = apps.named(given)
  return app ? `App ${app.id}` : given
}

function findRepository(
  path: string,
  repositories: RepositoryStore,
): { repository: Repository | undefined; rest: string; moved: boolean } {
  const [, name, id, rest = ''] = /^\/(?:repos\/([^/]+\/[^/]+)|repositories\/(\d+))(\/.*)?$/.exec(path) ?? []
  if (name === undefined) return { repository: repositories.findById(Number(id)), rest, moved: false }
  const repository = repositories.find(name)
  return { repository: repository ?? repositories.findByFormerName(name), rest, moved: !repository }
}

/** Like `E5B2:3F1A:12AB34C:25CD678:65F0A1B2`. */
function requestId(): string {
  return [2, 2, 4, 4, 4].map((bytes) => randomBytes(bytes).toString('hex').toUpperCase()).join(':')
}
