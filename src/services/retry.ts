import type { Clock } from './clock.ts'

/** What went wrong with one attempt, as far as it matters for another one. */
export type Failure =
  | { kind: 'no-answer' }
  | {
      kind: 'answer'
      status: number
      /** By lower-case name. */
      headers: Record<string, string>
      /** The service's own words, by which GitHub's secondary limits are told from a missing permission. */
      message?: string
      /** incident.io's `rate_limit.retry_after`: a date in either of its two forms. */
      retryAfter?: string
    }

/** How long something may be tried for. */
export interface Patience {
  /**
   * No attempt begins after this moment (ms since the epoch, this machine's clock). Asked anew each time.
   *
   * @param since when the first attempt began: waiting for its turn is not trying
   */
  until(since: number): number
  /**
   * Whether this must succeed even when the service asks for a longer wait than there is time left: then the wait is
   * cut to that time, for one last attempt at its end. Otherwise such a wait means giving up at once.
   */
  stubborn: boolean
  /**
   * Until when refusals are repeated too (3xx and 4xx except 422, which says that the request itself is wrong): ms since
   * the epoch, this machine's clock. Never, if left out: before a rotation a refusal is an answer.
   *
   * @param since when the first attempt began
   */
  refusalsUntil?(since: number): number
}

/** What all waiting needs. */
export interface Waiting {
  clock: Clock
  /** In [0, 1), for the jitter. */
  random: () => number
  /** When everything must be done, ms since the epoch: infinite until a signal or the post step sets it. */
  deadline: () => number
}

/** The means to ask a service again and again. */
export interface Asking extends Waiting {
  /** How long a question is tried that may give up: before the rotation half a minute, in the post step to its end. */
  lookPatience: Patience
}

/** What is asked before the rotation is tried for about this long, in milliseconds. */
export const LOOK_PATIENCE = 30_000
const FIRST_BACKOFF = 500
const LONGEST_BACKOFF = 15_000
/** GitHub's advice for a secondary limit that names no time. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const SECONDARY_LIMIT_WAIT = 60_000

/** Patience for something that is asked before the rotation. */
export const BEFORE_ROTATION: Patience = { until: (since) => since + LOOK_PATIENCE, stubborn: false }

/** Patience for something that is asked in the post step, which has a deadline of its own. */
export const UNTIL_THE_END: Patience = { until: () => Number.POSITIVE_INFINITY, stubborn: true }

/** No second try. */
export const ONCE: Patience = { until: (since) => since, stubborn: false }

/** Whether the same request may do better later: a missing or broken answer, a server's error, a limit. */
export function isPassing(failure: Failure): boolean {
  return (
    failure.kind === 'no-answer' || failure.status >= 500 || [408, 429].includes(failure.status) || isLimit(failure)
  )
}

/** Reports whether a service refused a request that may be right all the same. */
function isRefusal(failure: Failure): boolean {
  if (failure.kind === 'no-answer' || isPassing(failure)) return false
  return failure.status >= 300 && failure.status < 500 && failure.status !== 422
}

/** Whether a service refused because of a rate limit; GitHub says 403 for its secondary and primary limits too. */
export function isLimit(failure: Failure): boolean {
  if (failure.kind === 'no-answer') return false
  if (failure.status === 429) return true
  if (failure.status !== 403) return false
  return (
    failure.headers['retry-after'] !== undefined ||
    failure.headers['x-ratelimit-remaining'] === '0' ||
    /rate limit|abuse detection/i.test(failure.message ?? '')
  )
}

/**
 * How long to wait before the next attempt.
 *
 * @param failure what the last attempt ended with
 * @param attempt how many attempts there have been, from 1
 * @param facts `now` and `timeLeft` in ms; `stubborn` as in {@link Patience}; `random` in [0, 1)
 * @returns milliseconds, or undefined to give up
 */
export function waitBefore(
  failure: Failure,
  attempt: number,
  facts: { now: number; timeLeft: number; stubborn: boolean; random: number },
): number | undefined {
  if (!isPassing(failure) || facts.timeLeft <= 0) return undefined
  // Whatever the service asks for, also "0 seconds": never less than our own pace.
  const wait = Math.max(askedWait(failure, facts.now) ?? 0, backoff(attempt, facts.random))
  if (wait <= facts.timeLeft) return wait
  return facts.stubborn ? facts.timeLeft : undefined
}

/**
 * Returns the wait after an attempt that failed, in ms: it doubles up to 15 s, less up to half of it at random.
 *
 * @param attempt how many attempts there have been, from 1
 * @param random in [0, 1)
 */
export function backoff(attempt: number, random: number): number {
  return Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempt - 1)) * (0.5 + random / 2)
}

/** The wait a service asks for, in ms: `retry-after`, then `rate_limit.retry_after`, then the end of its rate window. */
export function askedWait(failure: Failure, now: number): number | undefined {
  if (failure.kind === 'no-answer') return undefined
  const { headers } = failure
  const header = headers['retry-after']
  if (header !== undefined && /^\s*\+?\d+(\.\d+)?\s*$/.test(header)) return Math.ceil(Number(header) * 1000)
  const served = Date.parse(headers.date ?? '')
  const serviceNow = Number.isNaN(served) ? now : served
  for (const date of [header, failure.retryAfter]) {
    // A bare number would be read as a year.
    const at = /^\s*([A-Za-z]|\d{4}-)/.test(date ?? '') ? Date.parse(date ?? '') : Number.NaN
    if (!Number.isNaN(at)) return Math.max(0, at - serviceNow)
  }
  if (!isLimit(failure)) return undefined
  const reset = Number(headers['x-ratelimit-reset'])
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return Math.max(0, reset * 1000 - serviceNow)
  const isSecondary = failure.status === 403 || /secondary rate limit/i.test(failure.message ?? '')
  return isSecondary ? SECONDARY_LIMIT_WAIT : undefined
}

/**
 * Repeats an attempt that is safe to repeat until it succeeds, fails for good, or patience ends.
 *
 * @param attempt the request; its last error is thrown on
 * @param failureOf reads an error; undefined means that repeating cannot help
 * @param turn waits until the next attempt may begin; what it throws ends the trying
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  failureOf: (error: unknown) => Failure | undefined,
  patience: Patience,
  { clock, random, deadline }: Waiting,
  turn: () => Promise<void> = async () => {},
): Promise<T> {
  let since: number | undefined
  for (let count = 1; ; count++) {
    await turn()
    since ??= clock.now()
    const began = since
    const until = () => Math.min(patience.until(began), deadline())
    try {
      return await attempt()
    } catch (error) {
      const failure = failureOf(error)
      const now = clock.now()
      const isRepeated = failure !== undefined && isRefusal(failure) && patience.refusalsUntil !== undefined
      const last = isRepeated ? Math.min(until(), patience.refusalsUntil?.(began) ?? 0) : until()
      const facts = { now, timeLeft: last - now, stubborn: patience.stubborn, random: random() }
      const wait = failure && waitBefore(isRepeated ? { kind: 'no-answer' } : failure, count, facts)
      if (wait === undefined) throw error
      await sleepWithin(wait, until, clock)
    }
  }
}

/** Sleeps in slices, because patience may end early: a signal shortens it. */
export async function sleepWithin(wait: number, until: () => number, clock: Clock): Promise<void> {
  const wake = clock.now() + wait
  for (;;) {
    const left = Math.min(wake, until()) - clock.now()
    if (left <= 0) return
    await clock.sleep(Math.min(left, 1000))
  }
}
