import { Clock } from './clock.ts'
import type { Answer } from './faults.ts'
import { type Context, routes } from './incident-io/endpoints.ts'
import { methodNotAllowed, notFound, Refusal, unauthenticated } from './incident-io/errors.ts'
import { type KeyRecord, type KeySeed, KeyStore, type TokenRecord } from './incident-io/keys.ts'
import { RateLimiter } from './incident-io/rate-limit.ts'
import { findRoute, type LoopbackServer, type Request, startServer } from './server.ts'

export type { KeyRecord, KeySeed, TokenRecord }

export interface IncidentIo extends LoopbackServer {
  url: string
  clock: Clock
  /** The undocumented worst case: a rotation ends at once every token that an earlier rotation had given a grace. */
  rotationEndsEarlierTokens: boolean
  /** Requests a minute for each key. */
  rateLimit: number
  /** How far Show and List are behind: they show the keys as they were so many ms ago. */
  readLag: number
  /** Adds a key as the dashboard would, whatever its roles. */
  addKey(seed: KeySeed): { id: string; token: string }
  /** Deletes a key as the dashboard would. */
  removeKey(id: string): void
  /** Rotates a key as the dashboard would, and returns its new token. */
  rotateKey(id: string, graceMinutes: number): string
  key(id: string): KeyRecord | undefined
  keys(): KeyRecord[]
  /** The key that a token opens now: `undefined` for an expired or unknown one. */
  keyOf(token: string): KeyRecord | undefined
  /** Oldest first; the last one is the current one. */
  tokensOf(id: string): TokenRecord[]
}

/** Starts a stand-in for incident.io's API of API keys, as https://docs.incident.io/api-reference describes it. */
export async function startIncidentIo(
  options: { clock?: Clock; roundTripMs?: number; port?: number } = {},
): Promise<IncidentIo> {
  const clock = options.clock ?? new Clock()
  const store = new KeyStore(clock)
  const limiter = new RateLimiter(clock)
  const server = await startServer({
    ...options,
    service: 'incident.io',
    clock,
    handle: (request) => handle(request, { store, limiter, clock, switches: incidentIo }),
  })
  const incidentIo: IncidentIo = Object.assign(server, {
    url: server.origin,
    clock,
    rotationEndsEarlierTokens: false,
    rateLimit: 1200,
    readLag: 0,
    addKey: (seed: KeySeed) => store.seed(seed),
    removeKey: (id: string) => store.remove(id),
    rotateKey(id: string, graceMinutes: number) {
      const key = store.get(id)
      if (key === undefined) throw new Error(`There is no key with the id ${id}`)
      return store.rotate(key, graceMinutes, incidentIo.rotationEndsEarlierTokens)
    },
    key: (id: string) => store.get(id),
    keys: () => store.all(),
    keyOf: (token: string) => store.open(token),
    tokensOf: (id: string) => store.tokens(id),
  })
  return incidentIo
}

interface Service {
  store: KeyStore
  limiter: RateLimiter
  clock: Clock
  switches: Pick<IncidentIo, 'rotationEndsEarlierTokens' | 'rateLimit' | 'readLag'>
}

function handle(request: Request, service: Service): Answer {
  const { store, limiter, clock, switches } = service
  return refusing(() => {
    const caller = authenticate(request, store)
    const headers = limiter.count(caller, switches.rateLimit)
    caller.lastUsedAt = clock.now()
    const { rotationEndsEarlierTokens, readLag } = switches
    const readAt = clock.now() - readLag
    const answer = refusing(() => dispatch(request, { store, caller, rotationEndsEarlierTokens, readAt }))
    return { ...answer, headers: { ...headers, ...answer.headers } }
  })
}

function refusing(attempt: () => Answer): Answer {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof Refusal) return error.answer()
    throw error
  }
}

function authenticate(request: Request, store: KeyStore): KeyRecord {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) {
    throw unauthenticated('missing_authorization_material', 'No authorization material provided in request')
  }
  const key = store.open(token)
  if (!key) throw unauthenticated('invalid_authorization_material', 'The API key is unknown or no longer valid')
  return key
}

function dispatch(request: Request, context: Context): Answer {
  const found = findRoute(routes, request.method, request.path)
  if (found) return found.route.handle(context, request, found.parameters)
  const isKnownPath = routes.some(({ method }) => findRoute(routes, method, request.path))
  throw isKnownPath ? methodNotAllowed() : notFound('There is no such endpoint')
}
