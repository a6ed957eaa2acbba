/** The time as the run sees it, passed in so that waiting can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch on this machine's clock. */
  now(): number
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/**
 * Whether two RFC 3339 times are one instant, however they are spelled. incident.io gives microseconds, which `Date` does
 * not keep: they are compared as far as both have them.
 */
export function isSameInstant(one: string, other: string): boolean {
  if (Math.floor(Date.parse(one) / 1000) !== Math.floor(Date.parse(other) / 1000)) return false
  const [digits, others] = [one, other].map((time) => /\.(\d+)/.exec(time)?.[1] ?? '') as [string, string]
  const length = Math.min(digits.length, others.length)
  return digits.slice(0, length) === others.slice(0, length)
}

/** Whether a time is later than another, both as incident.io gives them: one that lags behind is not. */
export function isLater(one: string, than: string): boolean {
  return !isSameInstant(one, than) && Date.parse(one) >= Date.parse(than)
}

/** What is possible for a service's time is this close together where its answers are not slow, in ms. */
const WELL_KNOWN = 2000

/**
 * How far a service's clock is ahead of this machine's, measured from the `Date` headers of its answers.
 *
 * A `Date` header is cut to whole seconds and was written between sending and receiving, so each answer bounds the
 * difference from both sides; the bounds of all answers together narrow it down to well under a second.
 */
export class ServiceTime {
  #atLeast = Number.NEGATIVE_INFINITY
  #atMost = Number.POSITIVE_INFINITY

  /**
   * @param date the answer's `Date` header; anything that is no date is passed over
   * @param sentAt this machine's clock when the request was sent, ms since the epoch
   * @param receivedAt this machine's clock when the answer had come, ms since the epoch
   */
  observe(date: string | undefined, sentAt: number, receivedAt: number): void {
    const served = Date.parse(date ?? '')
    if (Number.isNaN(served)) return
    const atLeast = served - receivedAt
    const atMost = served + 1000 - sentAt
    const agrees = atLeast <= this.#atMost && atMost >= this.#atLeast
    this.#atLeast = agrees ? Math.max(atLeast, this.#atLeast) : atLeast
    this.#atMost = agrees ? Math.min(atMost, this.#atMost) : atMost
  }

  /**
   * Milliseconds to add to this machine's time to get the service's; 0 while nothing was measured. It is in the middle of
   * what is possible. Answers that were slow on one of the two ways leave much open, and the middle is wrong then: where
   * this machine's clock may be right, it is taken to be.
   */
  get offset(): number {
    if (!Number.isFinite(this.#atLeast)) return 0
    const isOpen = this.#atMost - this.#atLeast > WELL_KNOWN
    if (isOpen && this.#atLeast <= 0 && this.#atMost >= 0) return 0
    return Math.round((this.#atLeast + this.#atMost) / 2)
  }
}
