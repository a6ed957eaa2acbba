/** What takes longer than this comes from afar, in ms: then waiting costs more than connections do. */
const NEAR = 20

/**
 * How far away a service is, by how long it lets requests wait. Beside a near one, a few connections do as much as many,
 * and each of them costs a handshake.
 */
export class Distance {
  readonly #tellFar: () => void
  #isFar = false

  /** @param tellFar is called once, when the service turns out not to be near */
  constructor(tellFar: () => void) {
    this.#tellFar = tellFar
  }

  /**
   * To be called when something is waited for.
   *
   * @returns to be called when it is there
   */
  begin(): () => void {
    if (this.#isFar) return () => {}
    const timer = setTimeout(() => {
      // What came while this process was busy is seen first.
      setImmediate(() => {
        if (!isThere && !this.#isFar) {
          this.#isFar = true
          this.#tellFar()
        }
      })
    }, NEAR)
    let isThere = false
    return () => {
      isThere = true
      clearTimeout(timer)
    }
  }
}
