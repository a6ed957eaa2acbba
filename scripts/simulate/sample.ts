import type { Random } from '../workloads.ts'

/** A run seen in flight, in minutes. */
export interface SeenRun {
  duration: number
  elapsed: number
}

/** Draws runs of one workflow from durations. */
export class Sample {
  readonly #durations: readonly number[]
  /** The sum of the durations up to each. */
  readonly #upTo: readonly number[]
  readonly #random: Random

  /** @param durations minutes */
  constructor(durations: readonly number[], random: Random) {
    let total = 0
    this.#durations = durations
    this.#random = random
    this.#upTo = durations.map((minutes) => {
      total += minutes
      return total
    })
  }

  /** Returns the duration of a run, in minutes. */
  pick = (): number => this.#durations[Math.floor(this.#random() * this.#durations.length)] ?? 0

  /** Returns the durations of past runs, in minutes. */
  pickHistory(length: number): number[] {
    return Array.from({ length }, this.pick)
  }

  /** Returns a run at a random moment: a run of twice the duration is seen in flight twice as often. */
  pickInFlight(): SeenRun {
    const at = this.#random() * (this.#upTo.at(-1) ?? 0)
    const duration = this.#durations[firstAbove(this.#upTo, at)] ?? 0
    return { duration, elapsed: this.#random() * duration }
  }
}

/** Returns the index of the first of these growing numbers that is above a value. */
function firstAbove(growing: readonly number[], value: number): number {
  let [low, high] = [0, growing.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((growing[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}
