import { randomBytes } from 'node:crypto'
import sodium from 'libsodium-wrappers'
import { Clock } from './clock.ts'
import type { Answer } from './faults.ts'
import { accessHeaders, checkAccess, sees } from './github/access.ts'
import { asOneSegment, contentsEndpoint } from './github/contents.ts'
import type { Endpoint } from './github/endpoints.ts'
import { Refusal } from './github/errors.ts'
import { limitExceeded, RateLimit } from './github/rate-limit.ts'
import { type Repository, RepositoryStore, type SecretRecord } from './github/repositories.ts'
import { repositoryEndpoint } from './github/repository.ts'
import type { JobSeed, RunChange, RunSeed } from './github/run-store.ts'
import { runsEndpoints } from './github/runs.ts'
import { secretsEndpoints } from './github/secrets.ts'
import { type TokenRecord, type TokenSeed, TokenStore } from './github/tokens.ts'
import { findRoute, type LoopbackServer, type Request, startServer } from './server.ts'

export type { JobSeed, RunChange, RunSeed, SecretRecord, TokenSeed }

export interface GitHub extends LoopbackServer {
  /** With the base path. */
  url: string
  clock: Clock
  /** The primary limit, counted for each token. Setting a number gives every token a fresh hour with it. */
  readonly rateLimit: { limit: number; remaining: number }
  /** Private unless told otherwise: a token that is not for it gets a 404. */
  addRepository(fullName: string, options?: { private?: boolean; archived?: boolean }): void
  /** Its old path then redirects to `/repositories/ID/…`, with 301 (GET) or 307, and tokens for it stay so. */
  renameRepository(from: string, to: string): void
  addToken(seed: TokenSeed): string
  revokeToken(token: string): void
  /** Stores a secret behind the API's back. */
  setSecret(fullName: string, name: string, value: string, updatedAt?: Date): void
  secret(fullName: string, name: string): SecretRecord | undefined
  /** Changes the public key: a box sealed for the old one then gets a 422. */
  replaceKeyPair(fullName: string): void
  /** The commit at the head of the default branch; it stays the same whatever files are added. */
  headSha(fullName: string): string
  /** Puts a file into a commit: the head of the default branch, or the one that is given. No other commit has it. */
  addFile(fullName: string, path: string, text: string, ref?: string): void
  /** Returns its id. */
  addRun(fullName: string, seed: RunSeed): number
  /** Changes a run now. Another attempt keeps the jobs of those before and has none until it is given some. */
  updateRun(fullName: string, id: number, change: RunChange): void
}

const endpoints: readonly Endpoint[] = [repositoryEndpoint, ...secretsEndpoints, ...runsEndpoints, contentsEndpoint]

/**
 * Starts a stand-in for GitHub's REST API of repository secrets, workflow runs and files, as
 * https://docs.github.com/rest describes it.
 */
export async function startGitHub(
  options: { clock?: Clock; roundTripMs?: number; basePath?: string; port?: number } = {},
): Promise<GitHub> {
  await sodium.ready
  const clock = options.clock ?? new Clock()
  const repositories = new RepositoryStore()
  const tokens = new TokenStore()
  const rateLimit = new RateLimit(clock)
  const basePath = options.basePath ?? ''
  const server = await startServer({
    ...options,
    service: 'GitHub',
    clock,
    handle: (request) => handle(request, { repositories, tokens, rateLimit, clock, basePath, url: github.url }),
  })
  const github: GitHub = Object.assign(server, {
    url: server.origin + basePath,
    clock,
    rateLimit,
    addRepository(fullName: string, { private: isPrivate = true, archived = false } = {}) {
      repositories.add(fullName, { private: isPrivate, archived, createdAt: clock.now() })
    },
    renameRepository(from: string, to: string) {
      repositories.rename(from, to)
      tokens.renameRepository(from, to)
    },
    addToken: (seed: TokenSeed) => tokens.add(seed),
    revokeToken: (token: string) => tokens.remove(token),
    setSecret(fullName: string, name: string, value: string, updatedAt?: Date) {
      repositories.get(fullName).store(name, value, updatedAt?.getTime() ?? clock.now(), { counts: false })
    },
    secret: (fullName: string, name: string) => repositories.get(fullName).secret(name),
    replaceKeyPair: (fullName: string) => repositories.get(fullName).replaceKeyPair(),
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
  repositories: RepositoryStore
  tokens: TokenStore
  rateLimit: RateLimit
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
    return { ...error.answer(), headers }
  }
}

function dispatch(request: Request, service: Service, headers: Record<string, string>): Answer {
  const { clock, basePath, url } = service
  const token = authenticate(request, service, headers)
  if (!request.path.startsWith(`${basePath}/`)) throw new Refusal(404, 'Not Found')
  const path = request.path.slice(basePath.length)
  const { repository, rest, moved } = findRepository(path, service.repositories)
  const found = findRoute(endpoints, request.method, asOneSegment(rest))
  if (!repository || !found) throw new Refusal(404, 'Not Found')
  if (moved && sees(token, repository)) return redirect(request, `${url}/repositories/${repository.id}${rest}`)
  const { handle: endpoint } = found.route
  Object.assign(headers, accessHeaders(token, endpoint.need))
  checkAccess(token, repository, endpoint.need, endpoint.documentation)
  return endpoint.answer({ request, repository, parameters: found.parameters, endpoint, clock, url: url + path })
}

function authenticate(request: Request, service: Service, headers: Record<string, string>): TokenRecord {
  const given = /^(?:Bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const { allowed, headers: limits } = service.rateLimit.count(given)
  Object.assign(headers, limits)
  const token = service.tokens.get(given)
  if (!token) throw new Refusal(401, given === '' ? 'Requires authentication' : 'Bad credentials')
  if (!allowed) throw limitExceeded(token)
  return token
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

/** https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
function redirect(request: Request, address: string): Answer {
  const location = [address, request.query].filter((part) => String(part) !== '').join('?')
  const isRead = request.method === 'GET'
  return {
    status: isRead ? 301 : 307,
    headers: { location },
    body: {
      message: isRead ? 'Moved Permanently' : 'Temporary Redirect',
      url: location,
      documentation_url: 'https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api',
    },
  }
}

/** Like `E5B2:3F1A:12AB34C:25CD678:65F0A1B2`. */
function requestId(): string {
  return [2, 2, 4, 4, 4].map((bytes) => randomBytes(bytes).toString('hex').toUpperCase()).join(':')
}
