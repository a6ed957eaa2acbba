import type { Clock } from './clock.ts'
import { sleepWithin } from './retry.ts'

/** No time was left for something that waited for its turn. */
export class OutOfTime extends Error {
  override name = 'OutOfTime'
}

/**
 * A bucket that holds so many drops and is refilled at a steady rate: a burst first, then paced. First come, first
 * served.
 */
class Bucket {
  readonly #size: number
  readonly #aMillisecond: number
  readonly #clock: Clock
  #level: number
  #measuredAt: number
  #last: Promise<void> = Promise.resolve()

  constructor({ size, aMinute }: { size: number; aMinute: number }, clock: Clock) {
    this.#size = size
    this.#aMillisecond = aMinute / 60_000
    this.#clock = clock
    this.#level = size
    this.#measuredAt = clock.now()
  }

  /**
   * Takes drops as soon as it is their turn and there are enough.
   *
   * @param isOpen waits while nobody may take any
   * @param until when waiting ends, ms since the epoch; asked anew each time
   * @throws OutOfTime
   */
  take(drops: number, isOpen: () => Promise<void>, until: () => number): Promise<void> {
    const turn = this.#last.then(async () => {
      await isOpen()
      const missing = drops - this.#refill()
      if (missing > 0) await sleepWithin(missing / this.#aMillisecond, until, this.#clock)
      if (this.#clock.now() >= until()) throw new OutOfTime('no time left')
      this.#refill()
      this.#level -= drops
    })
    this.#last = turn.catch(() => {})
    return turn
  }

  /** What is left counts no more: it was too much already. */
  empty(): void {
    this.#level = Math.min(0, this.#refill())
  }

  #refill(): number {
    const now = this.#clock.now()
    this.#level = Math.min(this.#size, this.#level + Math.max(0, now - this.#measuredAt) * this.#aMillisecond)
    this.#measuredAt = now
    return this.#level
  }
}

interface Held {
  until: number
  thenGoOn: boolean
}

/** GitHub counts an answer that only reads as one point, and every other as five. */
const READ_POINTS = 1
const WRITE_POINTS = 5
/** Together at most 880 of GitHub's 900 points in any minute. */
const POINTS = { size: 560, aMinute: 320 }
/** Together at most 75 of GitHub's 80 requests that create content in any minute: they do not arrive as they were sent. */
export const WRITES = { size: 30, aMinute: 45 }

/**
 * The pace at which one credential may ask GitHub: a burst first, then within the documented limits, so that nothing is
 * refused. What is refused all the same holds everything up for as long as GitHub asks.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export class Pace {
  readonly #clock: Clock
  readonly #points: Bucket
  readonly #writes: Bucket
  #heldUntil = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#points = new Bucket(POINTS, clock)
    this.#writes = new Bucket(WRITES, clock)
  }

  /**
   * Waits until a request may be sent.
   *
   * @param deadline when all waiting ends, ms since the epoch; asked anew each time
   * @param held asked when it is held up: until when it may be, in ms since the epoch, and whether it then goes on all
   *   the same
   * @throws OutOfTime
   */
  async turn(method: string, deadline: () => number, held: () => Held): Promise<void> {
    const isOpen = () => this.#opened(deadline, held)
    // A deletion creates no content: only points count.
    if (method === 'PUT' || method === 'POST') await this.#writes.take(1, isOpen, deadline)
    await this.#points.take(method === 'GET' ? READ_POINTS : WRITE_POINTS, isOpen, deadline)
    await isOpen()
  }

  /** Until when nothing is to be sent, ms since the epoch. */
  get heldUntil(): number {
    return this.#heldUntil
  }

  /** Nothing is sent for so many ms: GitHub asked for it. Behind that there is no burst any more. */
  hold(ms: number): void {
    this.#writes.empty()
    this.#heldUntil = Math.max(this.#heldUntil, this.#clock.now() + ms)
  }

  async #opened(deadline: () => number, held: () => Held): Promise<void> {
    if (this.#heldUntil <= this.#clock.now()) return
    const { until, thenGoOn } = held()
    for (;;) {
      const now = this.#clock.now()
      if (this.#heldUntil > until && !thenGoOn) throw new OutOfTime('no time left')
      const left = Math.min(this.#heldUntil, until) - now
      if (left <= 0) return
      if (now >= deadline()) throw new OutOfTime('no time left')
      await sleepWithin(left, deadline, this.#clock)
    }
  }
}
