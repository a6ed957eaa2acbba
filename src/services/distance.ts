/** What is waited for: each takes its own time. */
export type Awaited = 'connection' | 'answer'

/** How many waits for one thing reached the next mark, and how many were over before. */
interface Tally {
  late: number
  soon: number
}

/** A single wait of so many ms passes every mark: what it holds up must not wait for it. */
const TOO_LATE = 250

/**
 * How far away a service is, by how long it lets requests wait. Beside a near one, a few connections do as much as many,
 * and each of them costs a handshake; waiting for a distant one costs more than connections do.
 */
export class Distance {
  readonly #marks: readonly number[]
  readonly #pass: (mark: number) => void
  #passed = 0
  #tallies = none()

  /**
   * @param marks ms, rising, all of them less than {@link TOO_LATE}
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
    const began = Date.now()
    let isOver = this.#passed === this.#marks.length
    let timer: NodeJS.Timeout | undefined
    const watch = (index: number) => {
      timer = setTimeout(
        // What came while this process was busy is seen first.
        () => setImmediate(() => !isOver && reach(index)),
        Math.max(0, (this.#marks[index] ?? TOO_LATE) - (Date.now() - began)),
      )
    }
    const reach = (index: number) => {
      if (index === this.#marks.length) return this.#passAll()
      if (index === this.#passed) this.#count(awaited, 'late')
      watch(index + 1)
    }
    if (!isOver) watch(this.#passed)
    return () => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      if (Date.now() - began < (this.#marks[this.#passed] ?? 0)) this.#count(awaited, 'soon')
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
