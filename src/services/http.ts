import http, { type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
import type { ServiceTime } from './clock.ts'
import { Connections, SpareAgent, sharedLookup } from './connections.ts'
import { decode, MAX_BODY, NoAnswer, tooLarge } from './decode.ts'
import { Distance } from './distance.ts'
import { oneLine } from './problem.ts'

export interface HttpRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
  /** Whether a slow response is read for as long as bytes arrive: what it holds is given once. */
  isReadPatiently?: boolean
}

/** A whole answer: status line, headers and the complete body. */
export interface HttpAnswer {
  status: number
  /** By lower-case name. */
  headers: Record<string, string>
  body: string
  url: string
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>

/** A request without a complete answer for this long has failed, in milliseconds. */
export const REQUEST_TIMEOUT = 15_000
/** The longest that a response is read patiently, in ms. */
const PATIENT_TIMEOUT = 2 * 60_000
/** A timer that is this late tells of a machine that stood still: what has arrived meanwhile is read first. In ms. */
const STANDSTILL = 1000
/**
 * How long a connection to one of several addresses is tried before the next one, in ms: Node's 250 ms are too short for a
 * host that is far away.
 */
const ADDRESS_TIMEOUT = 2500
const MOST_REDIRECTS = 3
/** Connections are kept, and a service may have so many. */
const CONNECTIONS = {
  keepAlive: true,
  maxSockets: 100,
  lookup: sharedLookup,
  autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT,
}

/**
 * The one way out of this process, for both services. Which proxy a request goes through is decided by
 * `@actions/http-client`, which honours `http_proxy`, `https_proxy` and `no_proxy` and never sends a loopback host
 * through a proxy.
 *
 * The requests themselves are Node's, because a request that is given up must be given up for good: one that a slow
 * proxy lets through later would rotate the key behind our back. What is added to them: a limit on the time and the
 * size of the whole answer, and redirects that stay on the origin they came from, since each carries a credential.
 */
export class Http {
  readonly #agents: Agent[] = []
  readonly #now: () => number
  #secureContext: SecureContext | undefined

  /** @param now ms since the epoch on this machine's clock */
  constructor(now: () => number) {
    this.#now = now
    spellOutNoProxy(process.env)
  }

  /**
   * A sender for one service, with connections of its own: an agent speaks either http or https.
   *
   * @param userAgent the whole `User-Agent`, sent as it is
   * @param time is told the `Date` of every answer
   * @param distance is told how long it takes
   * @param connections is given the agent that makes them
   */
  sender(
    userAgent: string,
    time: ServiceTime,
    distance = new Distance([], () => {}),
    connections = new Connections(),
  ): Send {
    let agent: Promise<Agent> | undefined
    return async (request) => {
      const sentAt = this.#now()
      const headers = { ...request.headers, 'user-agent': userAgent }
      agent ??= this.#agentFor(new URL(request.url))
      const around = { agent: await agent, distance }
      connections.by(around.agent)
      const limit = new TimeLimit(REQUEST_TIMEOUT, this.#now, request.isReadPatiently)
      const answer = await answerInTime(limit, (given) => follow({ ...request, headers }, { ...around, given }))
      // An error page may have the date of a proxy, whose clock is its own.
      if (answer.status < 400) time.observe(answer.headers.date, sentAt, this.#now())
      return answer
    }
  }

  /** An agent that goes through a proxy where there is one. What its connections trust is made once for all of them. */
  async #agentFor(url: URL): Promise<Agent> {
    const isSecure = url.protocol === 'https:'
    const isProxied = Boolean(getProxyUrl(url)?.hostname)
    const agent = isProxied
      ? await proxyAgent(url)
      : isSecure
        ? new SpareAgent(CONNECTIONS)
        : new http.Agent(CONNECTIONS)
    if (isSecure) {
      this.#secureContext ??= createSecureContext()
      // Node's types do not tell of its options.
      Object.assign((agent as Agent & { options: object }).options, { secureContext: this.#secureContext })
    }
    // One that goes through a proxy closes by itself what it has no use for.
    if (!isProxied) this.#agents.push(agent)
    return agent
  }

  /** Closes every connection, so that the process can end. */
  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }
}

/** Few runners are behind a proxy: what goes through one is loaded for them only. */
async function proxyAgent(url: URL): Promise<Agent> {
  const { HttpClient } = await import('@actions/http-client')
  const agent: Agent & { proxyOptions?: { host?: string } } = new HttpClient(undefined, [], CONNECTIONS).getAgent(
    url.href,
  )
  // Its tunnel takes the host out of a URL, where an IPv6 address is in brackets.
  if (agent.proxyOptions?.host !== undefined) agent.proxyOptions.host = withoutBrackets(agent.proxyOptions.host)
  return agent
}

/** `@actions/http-client` knows `.example.com`, but not `*.example.com`, which curl and others take for the same. */
function spellOutNoProxy(env: NodeJS.ProcessEnv): void {
  for (const name of ['no_proxy', 'NO_PROXY']) {
    const value = env[name]
    if (value !== undefined) env[name] = value.replace(/(^|,)\s*\*\./g, '$1.')
  }
}

/** Gives an exchange, redirects included, so much time; whatever of it is under way then is given up for good. */
async function answerInTime(limit: TimeLimit, work: (given: TimeLimit) => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await work(limit)
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(reasonOf(error), { cause: error })
  } finally {
    limit.end()
  }
}

/** Does what an `AbortSignal` does, for a fraction of its processor time. */
class TimeLimit {
  readonly #ms: number
  readonly #now: () => number
  readonly #isPatient: boolean
  readonly #began: number
  #due: number
  #timer: NodeJS.Timeout
  #stopping: NodeJS.Immediate | undefined
  #error: NoAnswer | undefined
  #request: ClientRequest | undefined
  #giveUp: ((error: NoAnswer) => void) | undefined

  /**
   * @param ms from now on
   * @param now ms since the epoch, local clock
   * @param isPatient whether bytes that arrive begin it again
   */
  constructor(ms: number, now: () => number, isPatient = false) {
    this.#ms = ms
    this.#now = now
    this.#isPatient = isPatient
    this.#began = now()
    this.#due = this.#began + ms
    this.#timer = setTimeout(() => this.#pass(), ms)
  }

  /**
   * Destroys a request, wherever it is, when time is over; one that still waits for a connection is then never sent.
   *
   * @param giveUp is told: a request that waits for a proxy's answer does not tell that it was destroyed
   */
  watch(request: ClientRequest, giveUp: (error: NoAnswer) => void): void {
    this.#request = request
    this.#giveUp = giveUp
    if (this.#error !== undefined) this.#stop(this.#error)
  }

  /** To be called when bytes of a response have arrived. */
  arrived(): void {
    if (this.#isPatient && this.#error === undefined) this.#wait(this.#ms)
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer)
    const left = Math.max(0, Math.min(ms, this.#began + PATIENT_TIMEOUT - this.#now()))
    this.#due = this.#now() + left
    this.#timer = setTimeout(() => this.#pass(), left)
  }

  /** If the timer is late, the machine stood still: what arrived meanwhile gets a moment to be read. */
  #pass(): void {
    const isLate = this.#now() > this.#due + STANDSTILL
    if (isLate) {
      this.#due = Number.POSITIVE_INFINITY
      this.#timer = setTimeout(() => this.#pass(), STANDSTILL)
      return
    }
    // Timers come before sockets are read.
    this.#stopping = setImmediate(() => this.#stop(new NoAnswer(`no answer within ${this.#ms / 1000} s`)))
  }

  #stop(error: NoAnswer): void {
    this.#error = error
    this.#request?.destroy()
    this.#giveUp?.(error)
  }

  end(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#stopping)
  }
}

/** What an exchange has to keep to, and whom it tells. */
interface Exchange {
  agent: Agent
  /** How long it may take. */
  given: TimeLimit
  distance: Distance
}

async function follow(request: HttpRequest, around: Exchange): Promise<HttpAnswer> {
  let current = request
  for (let hop = 0; ; hop++) {
    const answer = await exchange(current, around)
    const target = redirectTarget(current, answer)
    if (target === undefined || hop === MOST_REDIRECTS) return answer
    current = { ...current, url: target }
  }
}

function exchange(
  { method, url, headers, body }: HttpRequest,
  { agent, given, distance }: Exchange,
): Promise<HttpAnswer> {
  const address = addressOf(url)
  const request = (address.protocol === 'https:' ? https : http).request({
    ...address,
    agent,
    method,
    headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
  })
  return new Promise((resolve, reject) => {
    given.watch(request, reject)
    const waited = measure(request, distance)
    let isAnswered = false
    request.on('response', (message) => {
      isAnswered = true
      waited()
      given.arrived()
      message.on('data', () => given.arrived())
      const status = message.statusCode ?? 0
      readBody(message, (text) => resolve({ status, headers: headersOf(message), body: text, url }), reject)
    })
    request.on('error', reject)
    // Nobody asked for another protocol. Unheard, it would end the connection without an error.
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(new NoAnswer('no answer (another protocol was offered)'))
    })
    request.on('close', () => {
      waited()
      if (!isAnswered) reject(new NoAnswer('no answer (the connection was closed)'))
    })
    request.end(body)
  })
}

/** A URL as Node's requests take it with the least work. */
export function addressOf(url: string) {
  const { protocol, hostname, port, pathname, search } = new URL(url)
  return { protocol, hostname: withoutBrackets(hostname), port, path: pathname + search }
}

/** An IPv6 address is in brackets in a URL only. */
const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '')

/**
 * Measures the way to a connection and the handshake of a new one, then the answer.
 *
 * @returns to be called when the answer has come, or none will
 */
function measure(request: ClientRequest, distance: Distance): () => void {
  let isThere = distance.begin('connection')
  const next = () => {
    isThere()
    isThere = distance.begin('answer')
  }
  request.on('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', next)
    else next()
  })
  return () => isThere()
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value = ''] of Object.entries(headers))
    texts[name] = Array.isArray(value) ? value.join(', ') : value
  // With an age the date is that of a cache's copy, and says nothing of the service's clock.
  if (texts.age !== undefined) delete texts.date
  return texts
}

/** By its events, which take a fraction of an iterator's processor time. */
function readBody(message: IncomingMessage, done: (text: string) => void, failed: (error: Error) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  message.on('data', (chunk: Buffer) => {
    size += chunk.length
    chunks.push(chunk)
    if (size > MAX_BODY) message.destroy(tooLarge())
  })
  message.on('end', () => {
    try {
      done(decode(Buffer.concat(chunks), message.headers['content-encoding']))
    } catch (error) {
      failed(error as Error)
    }
  })
  message.on('error', failed)
  message.on('close', () => {
    if (!message.complete) failed(new NoAnswer('no answer (it broke off)'))
  })
}

/**
 * Where a redirect may be followed to: the same origin, with the same method and body (GitHub answers 301 or 307 for a
 * repository that was renamed). Any other redirect stands as the answer, so that no credential follows it.
 */
function redirectTarget(request: HttpRequest, answer: HttpAnswer): string | undefined {
  const keepsMethod =
    [307, 308].includes(answer.status) || ([301, 302].includes(answer.status) && request.method === 'GET')
  const location = answer.headers.location
  if (!keepsMethod || !location || !URL.canParse(location, request.url)) return undefined
  const target = new URL(location, request.url)
  return target.origin === new URL(request.url).origin ? target.href : undefined
}

/**
 * Returns what a redirect that is not followed is about: its target without the query, the reason, and the input to check.
 *
 * @param input the name of the input that the base URL comes from
 */
export function redirectInWords({ location = '' }: Record<string, string>, baseUrl: string, input: string): string {
  const target = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : undefined
  const where = target === undefined ? '' : ` to ${target.origin}${target.pathname}`
  const isHere = target?.origin === new URL(baseUrl).origin
  const why = isHere
    ? `because it would change the request, or followed ${MOST_REDIRECTS} others`
    : 'so that no credential goes to another host'
  return `a redirect${oneLine(where) && ` ${oneLine(where)}`} that is not followed, ${why}; check "${input}"`
}

/** A network failure in a few words: Node's code, and never a header, a body or a URL. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  // What @actions/http-client's tunnel through a proxy says; its code is the same whatever happened.
  const [, status, cause] =
    /^tunneling socket could not be established, (?:statusCode=(\d+)|cause=.*?\b(E[A-Z]+))/.exec(String(message)) ?? []
  if (status !== undefined) return `no answer (the proxy answered ${status})`
  if (cause !== undefined) return `no answer (the proxy: ${cause})`
  if (typeof code !== 'string') return 'no answer'
  const [, why = ''] = CODES.find(([codes]) => codes.test(code)) ?? []
  return `no answer (${code})${why}`
}

/** Explanations of Node's codes for network errors, each with the remedy. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    ', since the name of the host could not be resolved: check the URL and the DNS of the runner',
  ],
  [/^(EMFILE|ENFILE)$/, ', since too many files are open: raise the limit of the runner (ulimit -n)'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)/,
    ', since the server requires a client certificate, which this action cannot give',
  ],
  [/ALTNAME_INVALID/, ', since its certificate is for another host: check the URL'],
  [/CERT_(HAS_EXPIRED|NOT_YET_VALID)/, ', since its certificate is not valid now: check the clock of the runner'],
  [/CERT|SIGNATURE/, ", since its certificate is not trusted: name the authority's in NODE_EXTRA_CA_CERTS"],
]
