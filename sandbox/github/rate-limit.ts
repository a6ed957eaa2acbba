import type { Clock } from '../clock.ts'
import { Refusal } from './errors.ts'
import type { TokenRecord } from './tokens.ts'

const hour = 3_600_000

/** The primary rate limit: every token has its own budget for an hour from its first request. */
export class RateLimit {
  readonly #clock: Clock
  readonly #windows = new Map<string, { start: number; remaining: number }>()
  #limit = 5000
  #remaining = 5000

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get limit(): number {
    return this.#limit
  }

  /** Sets the budget of an hour; every token starts afresh with it. */
  set limit(requests: number) {
    this.#limit = requests
    this.remaining = requests
  }

  /** What a token has left when its first hour starts. */
  get remaining(): number {
    return this.#remaining
  }

  /** Sets what every token has left of its hour, which starts afresh. */
  set remaining(requests: number) {
    this.#remaining = requests
    this.#windows.clear()
  }

  /** Counts a request, by an unknown token as well as by a known one, and tells whether it is within the limit. */
  count(token: string): { allowed: boolean; headers: Record<string, string> } {
    const window = this.#window(token)
    const allowed = window.remaining > 0
    if (allowed) window.remaining -= 1
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(this.#limit),
        'x-ratelimit-remaining': String(window.remaining),
        'x-ratelimit-reset': String(Math.ceil((window.start + hour) / 1000)),
        'x-ratelimit-used': String(this.#limit - window.remaining),
        'x-ratelimit-resource': 'core',
      },
    }
  }

  #window(token: string): { start: number; remaining: number } {
    const now = this.#clock.now()
    const known = this.#windows.get(token)
    if (known && now < known.start + hour) return known
    const window = { start: now, remaining: known ? this.#limit : this.#remaining }
    this.#windows.set(token, window)
    return window
  }
}

/** What a token gets that has used its hour's budget up. */
export function limitExceeded(token: TokenRecord): Refusal {
  const isInstallation = token.kind === 'installation' || token.kind === 'workflow'
  return new Refusal(
    403,
    `API rate limit exceeded for ${isInstallation ? 'installation' : 'user'} ID ${token.id}. If you reach out to GitHub ` +
      'Support for help, please include the request ID.',
    'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  )
}
