import type { Clock } from '../clock.ts'
import { Refusal } from './errors.ts'

const minute = 60_000

/** Counts each key's requests in every minute of the clock. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #windows = new Map<string, { minute: number; used: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts a request; returns the headers that tell what is left, or throws the 429. */
  count(key: { id: string; name: string }, limit: number): Record<string, string> {
    const now = this.#clock.now()
    const current = Math.floor(now / minute)
    const known = this.#windows.get(key.id)
    const window = known?.minute === current ? known : { minute: current, used: 0 }
    this.#windows.set(key.id, window)
    window.used += 1
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
    }
    if (window.used <= limit) return headers
    throw tooMany(key.name, limit, { now, end: (current + 1) * minute, headers })
  }
}

function tooMany(
  name: string,
  limit: number,
  { now, end, headers }: { now: number; end: number; headers: Record<string, string> },
): Refusal {
  return new Refusal(
    429,
    'too_many_requests',
    [{ code: 'too_many_requests', message: 'Too many requests. We recommend exponential backoff.' }],
    {
      headers: { ...headers, 'retry-after': String(Math.ceil((end - now) / 1000)) },
      rateLimit: { name, limit, remaining: 0, retry_after: new Date(end).toUTCString().replace('GMT', 'UTC') },
    },
  )
}
