/** The time the stand-ins live by: real time × speed + what `advance` moved. Monotonic while nobody moves it back. */
export class Clock {
  readonly #speed: number
  readonly #start: number
  readonly #origin = performance.now()
  #moved = 0

  constructor(options: { speed?: number; start?: Date } = {}) {
    this.#speed = options.speed ?? 1
    this.#start = (options.start ?? new Date()).getTime()
  }

  /** Milliseconds since 1970, with a fraction: incident.io tells its times in microseconds. */
  now(): number {
    return this.#start + (performance.now() - this.#origin) * this.#speed + this.#moved
  }

  date(): Date {
    return new Date(this.now())
  }

  /** Moves this clock ahead by so many of its own milliseconds. */
  advance(ms: number): void {
    this.#moved += ms
  }

  /** How many real milliseconds go by while this clock counts `ms`. */
  realDelay(ms: number): number {
    return ms / this.#speed
  }
}
