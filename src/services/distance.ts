/**
 * How far away a service is, by how long it lets requests wait. Beside a near one, a few connections do as much as many,
 * and each of them costs a handshake; waiting for a distant one costs more than connections do.
 */
export class Distance {
  readonly #marks: readonly number[]
  readonly #pass: (mark: number) => void
  #passed = 0

  /**
   * @param marks ms, rising
   * @param pass is told each mark once, when something was waited for as long as that
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
  begin(): () => void {
    const began = Date.now()
    let isThere = false
    let timer: NodeJS.Timeout | undefined
    const watch = (index: number) => {
      const mark = this.#marks[index]
      if (mark === undefined) return
      timer = setTimeout(
        // What came while this process was busy is seen first.
        () => setImmediate(() => !isThere && reach(index, mark)),
        Math.max(0, mark - (Date.now() - began)),
      )
    }
    const reach = (index: number, mark: number) => {
      if (index >= this.#passed) {
        this.#passed = index + 1
        this.#pass(mark)
      }
      watch(index + 1)
    }
    watch(this.#passed)
    return () => {
      isThere = true
      clearTimeout(timer)
    }
  }
}
