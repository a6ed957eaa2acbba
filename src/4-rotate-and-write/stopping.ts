import type { Clock } from '../services/clock.ts'

/** So long after a cancel no request is begun any more, in ms: the last one may take 15 s more. */
export const STOP_PATIENCE = 220_000
/**
 * So long behind that the key is looked at for the last time, in ms. Within four minutes everything is done: GitHub ends
 * all of it after five.
 */
export const LAST_LOOK = 17_000

/**
 * SIGINT and SIGTERM, from the moment that work must not be interrupted any more. Before it they end the process at
 * once, as Node does by itself.
 */
export class Stopping {
  #deadline = Number.POSITIVE_INFINITY
  readonly #clock: Clock
  readonly #asked = new AbortController()
  #isShielded = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** When the work must be done, ms since the epoch; infinite while nobody asked to stop. */
  get deadline(): number {
    return this.#deadline
  }

  /** Whether a signal came. */
  get isAsked(): boolean {
    return this.#asked.signal.aborted
  }

  /** Aborts when a signal comes: what it is given to waits no longer. */
  get asked(): AbortSignal {
    return this.#asked.signal
  }

  /** The work must be done by then whatever comes: the post step has only so long. */
  finishBy(deadline: number): void {
    this.#deadline = Math.min(this.#deadline, deadline)
  }

  /** From now on a signal shortens patience instead of ending the process. */
  shield(): void {
    if (this.#isShielded) return
    this.#isShielded = true
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        this.finishBy(this.#clock.now() + STOP_PATIENCE)
        this.#asked.abort()
      })
    }
  }
}
