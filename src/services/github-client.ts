import { Octokit } from '@octokit/rest'
import type { LimitFunction } from 'p-limit'
import { NoAnswer } from './decode.ts'
import { type Ask, GitHubError, givenUp, type Parameters, type Read } from './github-ask.ts'
import { redirectInWords, type Send } from './http.ts'
import { hide } from './mask.ts'
import { OutOfTime, Pace } from './pace.ts'
import { oneLine } from './problem.ts'
import { type Asking, askedWait, type Failure, isLimit, type Patience, persist } from './retry.ts'

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

/** An App's new token may be refused for this long after its sign-in, in ms. */
const SIGN_IN_SETTLES = 10_000

/** An attempt that was not made: GitHub has asked for a pause while it waited for a slot. */
const HELD_UP = new Error('held up')

/** What every client of one GitHub shares. */
export interface Connection extends Asking {
  /** Without a slash at its end. */
  baseUrl: string
  send: Send
  /** Lets so many requests be under way at once. */
  slots: LimitFunction
  /** So many requests of the rate limit are kept for the writes: see {@link keptFor}. */
  kept: number
}

/** The requests that a write may need: the write itself, and once more for what goes wrong. */
export const REQUESTS_PER_WRITE = 2
/** What else may be asked once the runs have been looked at. */
const KEPT_REQUESTS = 10

/** How many requests of the rate limit are kept for so many writes. */
export function keptFor(writes: number): number {
  return REQUESTS_PER_WRITE * writes + KEPT_REQUESTS
}

/** What one credential has left of its hour. */
export interface Budget {
  /** The least `x-ratelimit-remaining` seen in the present window. */
  remaining: number
  /** When the limit is reset, ms since the epoch on GitHub's clock. */
  resetAt: number
  /** The same on this machine's clock. */
  lastsUntil: number
}

/**
 * GitHub's API with one credential, through Octokit. Octokit's own retries ignore `retry-after` and are left out for
 * this action's one policy, and its own pacing knows no deadline.
 */
export class GitHubClient {
  readonly octokit: Octokit
  readonly #request: Octokit['request']
  readonly #connection: Connection
  readonly #pace: Pace
  #budget: Budget | undefined
  #underWay = 0
  #scopes: readonly string[] | undefined
  /** Since when nothing at all was answered: then it is not tried anew for each of many requests. */
  #silence: { since: number; error: GitHubError } | undefined
  /** The last refusal because of a limit. */
  #refusal: GitHubError | undefined
  /** A request that asks again after a 401. Others wait: GitHub blocks a credential after several bad sign-ins. */
  #asksAgain: { leader: object; over: Promise<void>; end: (error?: GitHubError) => void } | undefined
  /** When an App signed in, ms since the epoch, local clock, and what it was granted. */
  #signedIn: { at: number; permissions: Readonly<Record<string, string>> } | undefined

  /** @param credential Octokit's `auth`, or an `authStrategy` with what it takes; masked already */
  constructor(credential: { auth: unknown; authStrategy?: unknown }, connection: Connection) {
    this.#connection = connection
    this.#pace = new Pace(connection.clock)
    this.octokit = new Octokit({
      ...credential,
      baseUrl: connection.baseUrl,
      // Octokit prints every 404 to stderr otherwise, though here a missing secret is an ordinary answer, and headers too.
      request: { fetch: fetchBy(connection.send), log: SILENT },
      log: SILENT,
    })
    this.#request = this.octokit.request.defaults({ request: { parseSuccessResponseBody: false } })
  }

  get budget(): Budget | undefined {
    return this.#budget
  }

  /** Until when GitHub has asked to send nothing, ms since the epoch on this machine's clock; past when it has not. */
  get heldUntil(): number {
    return this.#pace.heldUntil
  }

  /** The scopes of a classic token, from the answers seen so far; undefined for every other kind of token. */
  get scopes(): readonly string[] | undefined {
    return this.#scopes
  }

  /** One request and the reading of its answer, repeated for as long as patience allows. */
  ask: Ask = (route, read, { patience = this.#connection.lookPatience, parameters = {}, spare = false } = {}) => {
    const [method = 'GET'] = route.split(' ')
    const exchange = async (sent: Parameters) => {
      // It may have fallen silent while this one waited for a slot.
      this.#checkSilence(patience)
      if (spare && this.#isShort()) throw givenUp('no answer: too few requests are left of its rate limit')
      this.#underWay += 1
      try {
        return await this.#exchange(route, sent, read)
      } finally {
        this.#underWay -= 1
      }
    }
    const inSlot = (isHeldUp: () => boolean, sent: Parameters) => () => {
      if (isHeldUp()) throw HELD_UP
      return exchange(sent)
    }
    const attempt = async (isHeldUp: () => boolean) => {
      const { slots, clock, deadline } = this.#connection
      if (typeof parameters !== 'function') return slots(inSlot(isHeldUp, parameters))
      // Outside of the slot: what is asked for it needs one itself.
      const sent = await parameters()
      if (clock.now() >= deadline()) throw noTimeLeft()
      return slots(inSlot(isHeldUp, sent))
    }
    return this.persist(attempt, method, patience)
  }

  /** To be called when an App has signed in: its token is not known everywhere at once. */
  noteSignIn(permissions: Readonly<Record<string, string>>): void {
    this.#signedIn = { at: this.#connection.clock.now(), permissions }
  }

  /** Reports whether a 403 may pass, because an App signed in a moment ago and was granted the permission. */
  #isTooEarly({ status, headers, failure }: GitHubError): boolean {
    if (status !== 403 || isLimit(failure) || this.#signedIn === undefined) return false
    const { at, permissions } = this.#signedIn
    const isGranted = [...(headers['x-accepted-github-permissions'] ?? '').matchAll(/(\w+)=\w+/g)].every(
      ([, name = '']) => name in permissions,
    )
    return isGranted && this.#connection.clock.now() < at + SIGN_IN_SETTLES
  }

  #isShort(): boolean {
    const { clock, kept } = this.#connection
    const budget = this.#budget
    return budget !== undefined && budget.remaining - this.#underWay <= kept && budget.lastsUntil > clock.now()
  }

  /** Whether nothing at all was answered for as long as patience lasts. */
  #isSilent(patience: Patience): boolean {
    const silence = this.#silence
    return !patience.stubborn && silence !== undefined && this.#connection.clock.now() > patience.until(silence.since)
  }

  #checkSilence(patience: Patience): void {
    if (this.#silence !== undefined && this.#isSilent(patience)) throw this.#silence.error
  }

  /**
   * Repeats an attempt, each in its turn, for as long as patience allows; its errors become a {@link GitHubError}.
   *
   * @param attempt is given a way to see whether all were told to wait since its turn: then it throws {@link HELD_UP}, and
   *   has another turn
   */
  persist<T>(
    attempt: (isHeldUp: () => boolean) => Promise<T>,
    method: string,
    patience: Patience = this.#connection.lookPatience,
  ): Promise<T> {
    const { clock, deadline } = this.#connection
    let since: number | undefined
    let last: GitHubError | undefined
    let heldUntil = 0
    const leader = {}
    const repeatsRefusals = patience.refusalsUntil !== undefined
    const isHeldUp = () => this.#pace.heldUntil > Math.max(heldUntil, clock.now())
    const readably = async (): Promise<T> => {
      const sentAt = clock.now()
      since ??= sentAt
      try {
        const answer = await attempt(isHeldUp)
        this.#silence = undefined
        if (this.#asksAgain?.leader === leader) this.#asksAgain.end()
        return answer
      } catch (error) {
        if (error === HELD_UP) {
          await turn()
          return readably()
        }
        const seen = error instanceof GitHubError ? error : gitHubError(error)
        last = seen
        this.#notice(seen.headers)
        if (seen.status === 401 && repeatsRefusals) this.#askAgain(leader)
        // Any other response shows that the credential is good: what is wrong with one place stops no other.
        else if (seen.failure.kind === 'answer' && this.#asksAgain?.leader === leader) this.#asksAgain.end()
        if (seen.failure.kind === 'no-answer') this.#silence ??= { since: sentAt, error: seen }
        else this.#silence = undefined
        if (isLimit(seen.failure)) {
          this.#refusal = seen
          this.#pace.hold(askedWait(seen.failure, clock.now()) ?? 0)
        }
        throw seen
      }
    }
    const held = () => {
      // Being held up, several times or behind an attempt, makes patience no longer.
      since ??= clock.now()
      return { until: patience.until(since), thenGoOn: patience.stubborn }
    }
    const turn = async () => {
      this.#checkSilence(patience)
      const asksAgain = this.#asksAgain
      if (repeatsRefusals && asksAgain !== undefined && asksAgain.leader !== leader) await asksAgain.over
      try {
        // Whoever waits for a turn gives up too when nothing is answered.
        await this.#pace.turn(method, () => (this.#isSilent(patience) ? 0 : deadline()), held)
        heldUntil = this.#pace.heldUntil
      } catch (error) {
        if (!(error instanceof OutOfTime)) throw error
        this.#checkSilence(patience)
        throw last ?? this.#refusal ?? noTimeLeft(error)
      }
    }
    const failureOf = (error: unknown): Failure =>
      this.#isTooEarly(error as GitHubError) ? { kind: 'no-answer' } : (error as GitHubError).failure
    return persist(readably, failureOf, patience, this.#connection, turn).catch((error) => {
      if (this.#asksAgain?.leader === leader) this.#asksAgain.end(error.status === 401 ? error : undefined)
      throw error
    })
  }

  /** From now on only this request asks, until the credential is good again: then the others ask, or give up too. */
  #askAgain(leader: object): void {
    if (this.#asksAgain !== undefined) return
    const { promise: over, resolve, reject } = Promise.withResolvers<void>()
    over.catch(() => {})
    const end = (error?: GitHubError) => {
      this.#asksAgain = undefined
      if (error === undefined) resolve()
      else reject(error)
    }
    this.#asksAgain = { leader, over, end }
  }

  async #exchange<T>(route: string, parameters: Parameters, read: Read<T>): Promise<T> {
    const answer = await this.#request(route, parameters)
    this.#notice(answer.headers)
    // Octokit takes a redirect, which is not followed to another host, for a success.
    if (answer.status >= 300) throw redirected(answer, this.#connection.baseUrl)
    const body = readJson(answer.data)
    return read({ status: answer.status, headers: answer.headers, data: Object(body), body, url: answer.url })
  }

  #notice(headers: Record<string, unknown>): void {
    const given = headers['x-ratelimit-remaining']
    if (typeof given === 'string' && /^\d+$/.test(given)) {
      const resetAt = Number(headers['x-ratelimit-reset']) * 1000
      const now = this.#connection.clock.now()
      const nowThere = Date.parse(String(headers.date))
      const lastsUntil = resetAt + (Number.isNaN(nowThere) ? 0 : now - nowThere)
      const seen = { remaining: Number(given), resetAt, lastsUntil }
      // Answers may come out of order within one window; a later window begins anew.
      const known = this.#budget
      if (known === undefined || seen.resetAt > known.resetAt || seen.remaining < known.remaining) this.#budget = seen
    }
    const listed = headers['x-oauth-scopes']
    if (typeof listed === 'string') this.#scopes = listed.split(',').map((scope) => scope.trim())
  }
}

/** No number in these answers is too large for JavaScript; Octokit looks for some in each, which takes its time. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What Octokit needs of `fetch`, over this action's own sender: proxies, limits and redirects are decided there. */
function fetchBy(send: Send) {
  return async (url: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
    const { method, headers, body } = init
    // An App's tokens are made and renewed by Octokit: none is sent before it is masked.
    hide((headers.authorization ?? '').replace(/^\S+\s+/, ''))
    // A page of 100 runs is 1.2 MB, and 16 kB when it is encoded.
    const versioned = { ...headers, 'x-github-api-version': API_VERSION, 'accept-encoding': 'gzip' }
    const answer = await send({ method, url, headers: versioned, ...(body === undefined ? {} : { body }) })
    const entries = Object.entries(answer.headers)
    const bytes = async () => new TextEncoder().encode(answer.body).buffer
    return {
      status: answer.status,
      url: answer.url,
      headers: Object.assign(entries, { get: (name: string) => answer.headers[name] }),
      body: answer.body,
      text: async () => answer.body,
      arrayBuffer: bytes,
    }
  }
}

/** Octokit reports a missing answer as status 500 without a response: that means unknown, not refused. */
function gitHubError(error: unknown): GitHubError {
  const { response, cause } = error as {
    response?: { status: number; headers: Record<string, string>; data?: { message?: unknown } }
    cause?: unknown
  }
  if (response === undefined) {
    const said = cause instanceof NoAnswer ? cause.message : 'no answer that can be read'
    return new GitHubError(0, said, { kind: 'no-answer' }, { cause: error })
  }
  const message = typeof response.data?.message === 'string' ? oneLine(response.data.message) : ''
  const failure: Failure = { kind: 'answer', status: response.status, headers: response.headers, message }
  return new GitHubError(response.status, message, failure, { cause: error })
}

function noTimeLeft(cause?: unknown): GitHubError {
  return new GitHubError(0, 'no answer: no time was left to ask', { kind: 'no-answer' }, { cause })
}

function redirected({ status, headers }: { status: number; headers: object }, baseUrl: string): GitHubError {
  const failure = { kind: 'answer' as const, status, headers: headers as Record<string, string> }
  return new GitHubError(status, redirectInWords(failure.headers, baseUrl, 'github-api-url'), failure)
}
