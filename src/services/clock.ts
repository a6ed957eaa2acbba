/** The time as the run sees it, passed in so that waiting can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch on this machine's clock. It never steps back, and never jumps ahead. */
  now(): number
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/**
 * The clock of this process: the wall clock's time at its start, continued by a monotonic clock. A wall clock that is
 * set meanwhile would lengthen or cut waits by hours.
 */
export class MonotonicClock implements Clock {
  readonly #start = Date.now() - performance.now()
  readonly #sleeping = new Set<NodeJS.Timeout>()

  now(): number {
    return this.#start + performance.now()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = () => {
        clearTimeout(timer)
        this.#sleeping.delete(timer)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#sleeping.add(timer)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Cancels every sleep, so that the process can end. They never resolve. */
  end(): void {
    for (const timer of this.#sleeping) clearTimeout(timer)
  }
}

/**
 * Reports whether two RFC 3339 times are one instant, however they are spelled. incident.io gives up to nanoseconds, and
 * cuts or rounds them: the times are equal within one unit of the coarser spelling.
 */
export function isSameInstant(one: string, other: string): boolean {
  const [a, b] = [instantOf(one), instantOf(other)]
  const difference = a.nanoseconds - b.nanoseconds
  const unit = a.unit > b.unit ? a.unit : b.unit
  return a.unit === b.unit ? difference === 0n : -unit <= difference && difference <= unit
}

/** Reports whether a time is later than another, both as incident.io gives them. A time that lags is not later. */
export function isLater(one: string, than: string): boolean {
  return !isSameInstant(one, than) && instantOf(one).nanoseconds > instantOf(than).nanoseconds
}

/** A time in nanoseconds since the epoch, and the unit of its last digit in nanoseconds. */
function instantOf(time: string): { nanoseconds: bigint; unit: bigint } {
  const digits = /\.(\d{1,9})/.exec(time)?.[1] ?? ''
  const seconds = Math.floor(Date.parse(time) / 1000)
  const unit = 10n ** BigInt(9 - digits.length)
  return { nanoseconds: BigInt(seconds) * 1_000_000_000n + BigInt(digits || 0) * unit, unit }
}

/** Responses leave a service's time open by no more than this if none of them was slow, in ms. */
const WELL_KNOWN = 2000
/** A service that lags more than this after this machine and after the other service has its dates from a cache, in ms. */
const MAX_LAG = 10 * 60_000

/**
 * How far a service's clock is ahead of this machine's, measured from the `Date` headers of its responses.
 *
 * A `Date` header is cut to whole seconds and was written between sending and receiving, so each response bounds the
 * difference from both sides; the bounds of all responses together narrow it down to well under a second. A date can be
 * old, because a cache gave it, but never new.
 */
export class ServiceTime {
  #atLeast = Number.NEGATIVE_INFINITY
  #atMost = Number.POSITIVE_INFINITY
  #other: ServiceTime | undefined

  /** Two services whose times are compared: each stands in for the other if that one gives no usable date. */
  static pair(): [ServiceTime, ServiceTime] {
    const [one, other] = [new ServiceTime(), new ServiceTime()]
    one.#other = other
    other.#other = one
    return [one, other]
  }

  /**
   * @param date the response's `Date` header; anything that is no date is ignored
   * @param sentAt this machine's clock when the request was sent, ms since the epoch
   * @param receivedAt this machine's clock when the response had come, ms since the epoch
   */
  observe(date: string | undefined, sentAt: number, receivedAt: number): void {
    const served = Date.parse(date ?? '')
    if (Number.isNaN(served)) return
    const atLeast = served - receivedAt
    const atMost = served + 1000 - sentAt
    if (atMost < this.#atLeast) return
    const agrees = atLeast <= this.#atMost
    this.#atLeast = agrees ? Math.max(atLeast, this.#atLeast) : atLeast
    this.#atMost = agrees ? Math.min(atMost, this.#atMost) : atMost
  }

  /** Milliseconds to add to this machine's time to get the service's; 0 if nothing was measured. */
  get offset(): number {
    const measured = this.#measured
    const other = this.#other === undefined ? undefined : this.#other.#measured
    if (measured === undefined || other === undefined) return measured ?? other ?? 0
    return measured < Math.min(0, other) - MAX_LAG ? other : measured
  }

  /**
   * The middle of what is possible. Responses that were slow in one of the two directions leave much open, and the middle
   * is wrong then: if this machine's clock may be right, it is taken to be.
   */
  get #measured(): number | undefined {
    if (!Number.isFinite(this.#atLeast)) return undefined
    const isOpen = this.#atMost - this.#atLeast > WELL_KNOWN
    if (isOpen && this.#atLeast <= 0 && this.#atMost >= 0) return 0
    return Math.round((this.#atLeast + this.#atMost) / 2)
  }
}
