import { performance } from 'node:perf_hooks'

/** What is waited for: each takes its own time. */
export type Awaited = 'connection' | 'answer'

/** How many waits for one thing reached the next mark, and how many were over before. */
interface Tally {
  late: number
  soon: number
}

/** A single wait of so many idle ms passes every mark: what it holds up must not wait for it. */
const TOO_LATE = 250

/**
 * How far away a service is, by how long it lets requests wait. Beside a near one, a few connections do as much as many,
 * and each of them costs a handshake; waiting for a distant one costs more than connections do.
 *
 * Only the time counts in which this process had nothing to do: while it works, more connections would win nothing, and
 * an answer that is there is not seen.
 */
export class Distance {
  readonly #marks: readonly number[]
  readonly #pass: (mark: number) => void
  #passed = 0
  #tallies = none()

  /**
   * @param marks idle ms, rising, all of them less than {@link TOO_LATE}
   * @param pass is told each mark once, when most waits for connections, or for answers, take at least as long: a single
   *   one that is a little late says nothing about the way
   */
  constructor(marks: readonly number[], pass: (mark: number) => void) {
    this.#marks = marks
    this.#pass = pass
  }

  /**
   * To be called when something is waited for.
   *
   * @returns to be called when it is there, or never will be; once more does nothing
   */
  begin(awaited: Awaited): () => void {
    const began = idleTime()
    const waited = () => idleTime() - began
    let isOver = this.#passed === this.#marks.length
    let next = this.#passed
    let timer: NodeJS.Timeout | undefined
    const watch = () => {
      const left = (this.#marks[next] ?? TOO_LATE) - waited()
      if (left > 0) timer = setTimeout(watch, Math.ceil(left))
      // What came while this process was busy is seen first.
      else setImmediate(() => !isOver && reach())
    }
    const reach = () => {
      if (next === this.#marks.length) return this.#passAll()
      if (next === this.#passed) this.#count(awaited, 'late')
      next += 1
      watch()
    }
    if (!isOver) watch()
    return () => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      if (waited() < (this.#marks[this.#passed] ?? 0)) this.#count(awaited, 'soon')
    }
  }

  #count(awaited: Awaited, how: keyof Tally): void {
    const tally = this.#tallies[awaited]
    tally[how] += 1
    if (tally.late > tally.soon) this.#passNext()
  }

  #passAll(): void {
    while (this.#passed < this.#marks.length) this.#passNext()
  }

  #passNext(): void {
    const mark = this.#marks[this.#passed]
    if (mark === undefined) return
    this.#passed += 1
    this.#tallies = none()
    this.#pass(mark)
  }
}

const none = (): Record<Awaited, Tally> => ({ connection: { late: 0, soon: 0 }, answer: { late: 0, soon: 0 } })

/** For how long this process has had nothing to do so far, in ms. */
const idleTime = (): number => performance.nodeTiming.idleTime
