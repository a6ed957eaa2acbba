import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as timeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliCompressSync, deflateSync, gzip, gzipSync } from 'node:zlib'
import type { Clock } from './clock.ts'
import { type Answer, describeFault, type Fault, Faults, strikesBefore } from './faults.ts'
import type { Exchange } from './journal.ts'

const jsonType = 'application/json; charset=utf-8'

export interface Request {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  /** Parsed JSON; undefined without a body. */
  body: unknown
  /** The body was there, but no JSON. */
  malformed: boolean
}

export interface ServerOptions {
  service: Exchange['service']
  clock: Clock
  /** Real milliseconds; half goes by before a request is handled, half before its answer leaves. */
  roundTripMs?: number
  /** A free one when left out. */
  port?: number
  /** Whether large bodies are encoded for clients that accept gzip; true if left out. */
  encodes?: boolean
  handle: (request: Request) => Answer
  /** Told when a request has arrived; what it returns is called when the answer has gone or the connection is broken. */
  arrive?: (request: Request) => () => void
}

export type RequestHook = (exchange: { method: string; path: string }) => void | Promise<void>

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  origin: string
  journal: Exchange[]
  faults: Faults
  /** Until when every request is answered with 503: real time, in ms of `performance.now()`. */
  awayUntil: number
  /** How far the `Date` of responses is behind the service's clock, in ms. */
  dateLag: number
  /** Called, and waited for, before each request is handled. */
  onRequest?: RequestHook
  /** Serves a connection that was made elsewhere, such as one by TLS. */
  take(connection: Duplex): void
  /** Stops listening and breaks every connection. */
  close(): Promise<void>
}

/** Starts a server on 127.0.0.1 that keeps a journal, adds a network's round trip and does faults on demand. */
export async function startServer(options: ServerOptions): Promise<LoopbackServer> {
  // The default of 5 s would now and then close a connection just as a client takes it up again.
  const http = createServer({ keepAliveTimeout: 60_000 })
  const server: LoopbackServer = {
    origin: '',
    journal: [],
    faults: new Faults(),
    dateLag: 0,
    awayUntil: 0,
    take: (connection) => void http.emit('connection', connection),
    close: () => close(http),
  }
  http.on('request', (incoming, response) => {
    // A broken connection, by a fault or by the client, is part of what this server is for.
    serve(server, options, incoming, response).catch((error) => {
      const broken = incoming.socket.destroyed
      response.destroy()
      if (!broken) throw error
    })
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  server.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return server
}

const AWAY: Fault = { kind: 'status', status: 503, headers: {}, body: '<html>Service Unavailable</html>' }

/** A wait that keeps no process alive once the connections that it delays are gone. */
function sleep(ms: number): Promise<void> {
  return timeout(ms, undefined, { ref: false })
}

function close(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}

async function serve(
  server: LoopbackServer,
  options: ServerOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { clock } = options
  const request = await read(incoming)
  const exchange = begin(options.service, clock.now(), incoming, request)
  server.journal.push(exchange)
  const leave = options.arrive?.(request)
  response.on('close', () => {
    exchange.endedAt = clock.now()
    leave?.()
  })
  const isAway = performance.now() < server.awayUntil
  const taken = isAway ? AWAY : server.faults.take(request.method, request.path)
  if (taken?.kind === 'outage') server.awayUntil = performance.now() + taken.ms
  const fault: Fault | undefined = taken?.kind === 'outage' ? { kind: 'reset', when: 'after' } : taken
  if (fault) exchange.fault = describeFault(fault)
  const halfWay = (options.roundTripMs ?? 0) / 2
  if (halfWay > 0) await sleep(halfWay)
  await server.onRequest?.({ method: request.method, path: request.path })
  const answer = fault && strikesBefore(fault) ? undefined : options.handle(request)
  if (fault?.kind === 'late') setTimeout(() => options.handle(request), fault.ms).unref()
  if (halfWay > 0) await sleep(halfWay)
  const encodes = (options.encodes ?? true) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const date = new Date(clock.now() - server.dateLag)
  await deliver(answer, fault, { exchange, response, date, encodes })
}

async function read(incoming: IncomingMessage): Promise<Request & { text: string }> {
  const url = new URL(incoming.url ?? '/', 'http://loopback')
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value)
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    text,
    ...parse(text),
  }
}

function parse(text: string): { body: unknown; malformed: boolean } {
  if (text === '') return { body: undefined, malformed: false }
  try {
    return { body: JSON.parse(text), malformed: false }
  } catch {
    return { body: undefined, malformed: true }
  }
}

function begin(
  service: Exchange['service'],
  at: number,
  incoming: IncomingMessage,
  request: Request & { text: string },
): Exchange {
  return {
    service,
    at,
    endedAt: at,
    method: request.method,
    path: request.path,
    query: incoming.url?.split('?')[1] ?? '',
    requestHeaders: request.headers,
    requestBody: request.malformed ? request.text : request.body,
    status: undefined,
    responseHeaders: {},
    responseBody: undefined,
  }
}

interface Delivery {
  exchange: Exchange
  response: ServerResponse
  date: Date
  /** Whether a large body is encoded. */
  encodes: boolean
}

/** On another thread: a page of runs takes some milliseconds, in which no other request would be answered. */
const encode = promisify<Buffer, Buffer>(gzip)

/** The bytes of frozen bodies, which cannot change: GitHub has enough machines to respond at once, this one has not. */
const frozen = new WeakMap<object, Bytes>()

/** A body's bytes, and the promise of them encoded. */
class Bytes {
  readonly plain: Buffer
  #encoded: Promise<Buffer> | undefined

  constructor(body: unknown) {
    this.plain = Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body))
  }

  encoded(): Promise<Buffer> {
    this.#encoded ??= encode(this.plain)
    return this.#encoded
  }
}

function bytesOf(body: unknown): Bytes {
  if (typeof body !== 'object' || body === null || !Object.isFrozen(body)) return new Bytes(body)
  const known = frozen.get(body) ?? new Bytes(body)
  frozen.set(body, known)
  return known
}

/** Smaller bodies are sent as they are, as servers commonly do. In bytes. */
const MIN_ENCODED = 1000

/** Sends an answer the way a fault wants it; `answer` is undefined where the request was kept from its effect. */
async function deliver(answer: Answer | undefined, fault: Fault | undefined, delivery: Delivery): Promise<void> {
  const { response } = delivery
  switch (fault?.kind) {
    case 'hang':
      return
    case 'outage':
      throw new Error('Invariant violation: an outage begins with a reset')
    case 'late':
      return fault.answer && send(fault.answer, delivery)
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    case 'status':
      return send({ status: fault.status, headers: fault.headers ?? {}, body: fault.body }, delivery)
  }
  if (!answer) throw new Error('Invariant violation: a request without an answer')
  switch (fault?.kind) {
    case undefined:
      return send(answer, delivery)
    case 'delay':
      await sleep(fault.ms)
      return send(answer, delivery)
    case 'answer':
      return send(fault.change(structuredClone(answer)), delivery)
    case 'unreadable':
      return send(unreadable(answer), delivery)
    case 'cut-off':
      if (answer.body === undefined) response.socket?.resetAndDestroy()
      else await cutOff(answer, delivery)
      return
    case 'drip':
      return drip(answer, delivery, fault.ms)
    case 'encoded':
      return sendEncoded(answer, delivery, fault.encoding)
  }
}

async function send(answer: Answer, delivery: Delivery): Promise<void> {
  delivery.response.end(await head(answer, delivery))
}

/** All but the last character of the JSON, announced as JSON and complete as HTTP goes. */
function unreadable({ status, headers, body }: Answer): Answer {
  const text = JSON.stringify(body ?? {})
  return {
    status: status === 204 ? 200 : status,
    headers: { ...headers, 'content-type': jsonType },
    body: text.slice(0, -1),
  }
}

async function cutOff(answer: Answer, delivery: Delivery): Promise<void> {
  const bytes = await head(answer, delivery)
  delivery.response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => delivery.response.destroy())
}

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }

async function sendEncoded(answer: Answer, delivery: Delivery, encoding: keyof typeof ENCODERS): Promise<void> {
  const bytes = ENCODERS[encoding](Buffer.from(JSON.stringify(answer.body ?? null)))
  const headers = { ...answer.headers, 'content-encoding': encoding, 'content-length': String(bytes.length) }
  await head({ ...answer, headers }, { ...delivery, encodes: false })
  delivery.response.end(bytes)
}

async function drip(answer: Answer, delivery: Delivery, ms: number): Promise<void> {
  const { response } = delivery
  const bytes = await head(answer, delivery)
  response.flushHeaders()
  for (let i = 0; i < bytes.length && !response.destroyed; i++) {
    response.write(bytes.subarray(i, i + 1))
    await sleep(ms)
  }
  response.end()
}

/** Writes the status line and the headers, notes the answer in the journal, and returns the body's bytes. */
async function head(answer: Answer, { exchange, response, date, encodes }: Delivery): Promise<Buffer> {
  const { status, body } = answer
  const content = bytesOf(body)
  const isEncoded = encodes && content.plain.length >= MIN_ENCODED
  const bytes = isEncoded ? await content.encoded() : content.plain
  const type = typeof body === 'string' ? 'text/html; charset=utf-8' : jsonType
  const headers: Record<string, string> = {
    date: date.toUTCString(),
    ...(bytes.length > 0 && { 'content-type': type }),
    ...(isEncoded && { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }),
    ...(status !== 204 && { 'content-length': String(bytes.length) }),
    ...answer.headers,
  }
  response.writeHead(status, headers)
  Object.assign(exchange, { status, responseHeaders: headers, responseBody: body })
  return bytes
}

export interface Route<Handler> {
  method: string
  /** Segments that start with a colon are parameters: `/v1/api_keys/:id` */
  path: string
  handle: Handler
}

/** The route of a request, with its parameters decoded; `undefined` for an unknown path or method. */
export function findRoute<Handler>(
  routes: ReadonlyArray<Route<Handler>>,
  method: string,
  path: string,
): { route: Route<Handler>; parameters: Record<string, string> } | undefined {
  for (const route of routes) {
    const parameters = route.method === method ? matchPath(route.path, path) : undefined
    if (parameters) return { route, parameters }
  }
  return undefined
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/')
  const values = path.split('/')
  if (names.length !== values.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [i, name] of names.entries()) {
    const value = values[i] ?? ''
    if (name.startsWith(':') && value !== '') parameters[name.slice(1)] = decode(value)
    else if (name !== value) return undefined
  }
  return parameters
}

/** A segment whose percent signs are no encoding stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
