/** What is waited for: each takes its own time. */
export type Awaited = 'connection' | 'answer'

/** How many waits for one thing reached the next mark, and how many were over before. */
interface Tally {
  late: number
  soon: number
}

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
   * @param marks ms, rising
   * @param pass is told each mark once, when most waits for connections, or for answers, take at least as long: a single
   *   late one says nothing about the way
   */
  constructor(marks: readonly number[], pass: (mark: number) => void) {
    this.#marks = marks
    this.#pass = pass
  }

  /**
   * To be called when something is waited for.
   *
   * @returns to be called when it is there
   */
  begin(awaited: Awaited): () => void {
    const began = Date.now()
    let isThere = false
    let timer: NodeJS.Timeout | undefined
    const watch = (index: number) => {
      const mark = this.#marks[index]
      if (mark === undefined) return
      timer = setTimeout(
        // What came while this process was busy is seen first.
        () => setImmediate(() => !isThere && reach(index)),
        Math.max(0, mark - (Date.now() - began)),
      )
    }
    const reach = (index: number) => {
      if (index === this.#passed) this.#count(awaited, 'late')
      watch(index + 1)
    }
    watch(this.#passed)
    return () => {
      isThere = true
      clearTimeout(timer)
      if (Date.now() - began < (this.#marks[this.#passed] ?? 0)) this.#count(awaited, 'soon')
    }
  }

  #count(awaited: Awaited, how: keyof Tally): void {
    const tally = this.#tallies[awaited]
    tally[how] += 1
    const mark = this.#marks[this.#passed]
    if (tally.late <= tally.soon || mark === undefined) return
    this.#passed += 1
    this.#tallies = none()
    this.#pass(mark)
  }
}

const none = (): Record<Awaited, Tally> => ({ connection: { late: 0, soon: 0 }, answer: { late: 0, soon: 0 } })
