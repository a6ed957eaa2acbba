import type { Clock } from '../clock.ts'
import type { Request } from '../server.ts'
import { Refusal } from './errors.ts'

const minute = 60_000
const hour = 3_600_000

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
export interface SecondaryLimitOptions {
  /** Requests that may be under way at once: 100. */
  concurrent?: number
  /** Points in any 60 s: 900. A GET or a HEAD costs 1, any other request 5. */
  pointsPerMinute?: number
  /** Requests in any 60 s that may create content, which here is every POST, PUT, PATCH and DELETE: 80. */
  contentPerMinute?: number
  /** The same in any hour: 500. */
  contentPerHour?: number
  /** Whether a refusal tells in `retry-after` when to come back: yes. GitHub does so usually, not always. */
  retryAfter?: boolean
}

export interface SecondaryRefusal {
  limit: 'concurrent requests' | 'points a minute' | 'content a minute' | 'content an hour'
  /** When, in the stand-in clock's milliseconds since 1970. */
  at: number
  method: string
  path: string
}

/** Nobody can tell when one of the requests under way will end: a second, in ms, is the least that a header can say. */
const untilOneHasEnded = 1000

/** The secondary limits, counted for each payer: an App's installation, or a token without one. Off until enforced. */
export class SecondaryLimit {
  /** Oldest first. */
  readonly refusals: SecondaryRefusal[] = []
  readonly #clock: Clock
  #limits: Required<SecondaryLimitOptions> | undefined
  #windows = new Map<string, Record<'points' | 'content' | 'hourly', SlidingWindow>>()
  #underWay = new Map<string, number>()
  /** Those that arrived while as many as may be were under way. */
  readonly #tooMany = new WeakSet<Request>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Starts all counts afresh. */
  enforce(options: SecondaryLimitOptions = {}): void {
    this.#limits = {
      concurrent: 100,
      pointsPerMinute: 900,
      contentPerMinute: 80,
      contentPerHour: 500,
      retryAfter: true,
      ...options,
    }
    this.#windows = new Map()
    this.#underWay = new Map()
  }

  /** Counts a request as under way until what this returns is called; one too many is refused and not counted. */
  arrive(request: Request, payer: string): () => void {
    const underWay = this.#underWay
    const count = underWay.get(payer) ?? 0
    if (!this.#limits) return () => undefined
    if (count >= this.#limits.concurrent) {
      this.#tooMany.add(request)
      return () => undefined
    }
    underWay.set(payer, count + 1)
    return () => {
      const left = (underWay.get(payer) ?? 0) - 1
      if (left > 0) underWay.set(payer, left)
      else underWay.delete(payer)
    }
  }

  /**
   * Throws the 403 of a request that is beyond a limit, and counts any other. A refused request uses nothing up, so
   * `retry-after` is when the same request would pass if none came in between.
   */
  count(request: Request, payer: string): void {
    if (!this.#limits) return
    const now = this.#clock.now()
    const { points, content, hourly } = this.#windowsOf(payer, this.#limits)
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    const costs = [
      { limit: 'points a minute', window: points, cost: isReading ? 1 : 5 },
      { limit: 'content a minute', window: content, cost: isReading ? 0 : 1 },
      { limit: 'content an hour', window: hourly, cost: isReading ? 0 : 1 },
    ] as const
    const waits = costs.map(({ limit, window, cost }) => ({ limit, wait: window.wait(cost, now) }))
    const concurrent = {
      limit: 'concurrent requests' as const,
      wait: this.#tooMany.has(request) ? untilOneHasEnded : 0,
    }
    const longest = [...waits, concurrent].reduce((a, b) => (b.wait > a.wait ? b : a))
    if (longest.wait > 0) {
      const { method, path } = request
      this.refusals.push({ limit: longest.limit, at: now, method, path })
      throw refusal(this.#limits.retryAfter ? longest.wait : undefined)
    }
    for (const { window, cost } of costs) if (cost > 0) window.add(cost, now)
  }

  #windowsOf(payer: string, limits: Required<SecondaryLimitOptions>) {
    const known = this.#windows.get(payer) ?? {
      points: new SlidingWindow(minute, limits.pointsPerMinute),
      content: new SlidingWindow(minute, limits.contentPerMinute),
      hourly: new SlidingWindow(hour, limits.contentPerHour),
    }
    this.#windows.set(payer, known)
    return known
  }
}

/** What was used in the last `length` ms, of at most `limit`. It never holds more entries than fit the limit. */
class SlidingWindow {
  readonly #length: number
  readonly #limit: number
  #entries: { at: number; cost: number }[] = []
  #used = 0

  constructor(length: number, limit: number) {
    this.#length = length
    this.#limit = limit
  }

  /** How many ms it takes until so much more fits; 0 when it does now. */
  wait(cost: number, now: number): number {
    this.#forget(now - this.#length)
    if (cost === 0) return 0
    let excess = this.#used + cost - this.#limit
    if (excess <= 0) return 0
    for (const entry of this.#entries) {
      excess -= entry.cost
      if (excess <= 0) return entry.at + this.#length - now
    }
    return this.#length
  }

  add(cost: number, now: number): void {
    this.#entries.push({ at: now, cost })
    this.#used += cost
  }

  #forget(before: number): void {
    let over = 0
    for (const { at, cost } of this.#entries) {
      if (at > before) break
      this.#used -= cost
      over += 1
    }
    if (over > 0) this.#entries.splice(0, over)
  }
}

/** `wait` is in ms. */
function refusal(wait: number | undefined): Refusal {
  return new Refusal(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to ' +
      'GitHub Support for help, please include the request ID.',
    'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    wait === undefined ? {} : { 'retry-after': String(Math.ceil(wait / 1000)) },
  )
}
