import { randomBytes } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import { type Destination, pathOf } from '../destination.ts'
import type { ServiceTime } from './clock.ts'
import { GitHubError, unreadable } from './github-ask.ts'
import { type GitHubRuns, gitHubRuns } from './github-runs.ts'
import { NoAnswer, type Send } from './http.ts'
import { oneLine } from './problem.ts'
import { type Failure, lookPatience, type Patience, persist, type Waiting } from './retry.ts'

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28'

/** A public key that a value is sealed for: 32 bytes of X25519 in standard base64. */
export interface PublicKey {
  keyId: string
  key: string
}

/** A value sealed for one public key. Ciphertext: no secret. */
export interface SealedValue {
  keyId: string
  encryptedValue: string
}

export interface GitHub {
  readonly time: ServiceTime
  readonly runs: GitHubRuns
  /** The least `x-ratelimit-remaining` seen in the present window, and when the limit is reset (ms since the epoch). */
  readonly budget: { remaining: number; resetAt: number } | undefined
  /** The scopes of a classic token, from the answers seen so far; undefined for every other kind of token. */
  readonly scopes: readonly string[] | undefined
  publicKey(destination: Destination, patience?: Patience): Promise<PublicKey>
  /** When the secret was last written (RFC 3339); undefined when there is no such secret. */
  updatedAt(destination: Destination): Promise<string | undefined>
  /**
   * Asks to delete a secret that cannot exist: GitHub checks the permission first, so this tells a token that may only
   * read from one that may write, and changes nothing.
   *
   * @returns what GitHub said; undefined when it did not refuse
   */
  probeWrite(destination: Destination): Promise<GitHubError | undefined>
  /** Writes a sealed value. Safe to repeat, and repeated while patience lasts. */
  write(destination: Destination, value: SealedValue, patience: Patience): Promise<'created' | 'updated'>
}

/**
 * GitHub's API as this action uses it, through Octokit. Octokit's own retries ignore `retry-after` and are left out for
 * this action's one policy.
 *
 * @param token masked already
 * @param baseUrl without a slash at its end
 */
export function gitHub(token: string, baseUrl: string, send: Send, time: ServiceTime, waiting: Waiting): GitHub {
  let budget: GitHub['budget']
  let scopes: readonly string[] | undefined

  const octokit = new Octokit({
    auth: token,
    baseUrl,
    request: { fetch: fetchBy(send) },
    // Octokit prints every 404 to stderr otherwise; here a missing secret is an ordinary answer.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  octokit.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = API_VERSION
  })

  /** One request and the reading of its answer, repeated for as long as patience allows. */
  function ask<T>(
    route: string,
    read: (answer: { status: number; data: Record<string, unknown> }) => T,
    {
      patience = lookPatience(waiting.clock),
      parameters = {},
    }: { patience?: Patience; parameters?: Record<string, string> } = {},
  ): Promise<T> {
    const attempt = async () => {
      try {
        const answer = await octokit.request(route, parameters)
        notice(answer.headers)
        // Octokit takes a redirect, which is not followed to another host, for a success.
        if (answer.status >= 300) throw redirected(answer)
        return read({ status: answer.status, data: Object(answer.data) })
      } catch (error) {
        const seen = error instanceof GitHubError ? error : gitHubError(error)
        notice(seen.headers)
        throw seen
      }
    }
    return persist(attempt, (error) => (error as GitHubError).failure, patience, waiting)
  }

  function notice(headers: Record<string, unknown>): void {
    const given = headers['x-ratelimit-remaining']
    if (typeof given === 'string' && /^\d+$/.test(given)) {
      const seen = { remaining: Number(given), resetAt: Number(headers['x-ratelimit-reset']) * 1000 }
      // Answers may come out of order within one window; a later window begins anew.
      if (budget === undefined || seen.resetAt > budget.resetAt || seen.remaining < budget.remaining) budget = seen
    }
    const listed = headers['x-oauth-scopes']
    if (typeof listed === 'string') scopes = listed.split(',').map((scope) => scope.trim())
  }

  return {
    time,
    runs: gitHubRuns(ask),
    get budget() {
      return budget
    },
    get scopes() {
      return scopes
    },

    publicKey(destination, patience) {
      const read = ({ data }: { data: Record<string, unknown> }) => {
        if (typeof data.key !== 'string' || !['string', 'number'].includes(typeof data.key_id)) {
          throw unreadable('a public key')
        }
        return { keyId: String(data.key_id), key: data.key }
      }
      return ask(`GET ${pathOf(destination)}/secrets/public-key`, read, patience && { patience })
    },

    async updatedAt(destination) {
      const read = ({ data }: { data: Record<string, unknown> }) => {
        const date = String(data.updated_at)
        if (Number.isNaN(Date.parse(date))) throw unreadable('the date of the secret')
        return date
      }
      try {
        return await ask(`GET ${pathOf(destination)}/secrets/${destination.secret}`, read)
      } catch (error) {
        if (error instanceof GitHubError && error.status === 404) return undefined
        throw error
      }
    },

    async probeWrite(destination) {
      const name = `ROTATE_INCIDENT_KEY_PROBE_${randomBytes(12).toString('hex').toUpperCase()}`
      try {
        return await ask(`DELETE ${pathOf(destination)}/secrets/${name}`, () => undefined)
      } catch (error) {
        return error as GitHubError
      }
    },

    write(destination, { keyId, encryptedValue }, patience) {
      return ask(
        `PUT ${pathOf(destination)}/secrets/${destination.secret}`,
        ({ status }) => (status === 201 ? 'created' : 'updated'),
        { patience, parameters: { encrypted_value: encryptedValue, key_id: keyId } },
      )
    },
  }
}

/** What Octokit needs of `fetch`, over this action's own sender: proxies, limits and redirects are decided there. */
function fetchBy(send: Send) {
  return async (url: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
    const { method, headers, body } = init
    const answer = await send({ method, url, headers, ...(body === undefined ? {} : { body }) })
    const entries = new Map(Object.entries(answer.headers))
    const bytes = async () => new TextEncoder().encode(answer.body).buffer
    return {
      status: answer.status,
      url: answer.url,
      headers: entries,
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

function redirected({ status, headers }: { status: number; headers: object }): GitHubError {
  const failure: Failure = { kind: 'answer', status, headers: headers as Record<string, string> }
  return new GitHubError(status, 'a redirect that is not followed, so that no credential goes to another host', failure)
}
