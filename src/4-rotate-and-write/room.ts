/**
 * Room that is shared by what goes on at the same time: who finds none waits until somebody leaves. What is left unsettled
 * stays occupied.
 */
export class Room {
  readonly #size: number
  #occupied = 0
  #inside = 0
  #left = Promise.withResolvers<void>()

  constructor(size: number) {
    this.#size = size
  }

  /** @returns whether there is room; false when nobody is inside any more who could make some */
  async enter(size: number): Promise<boolean> {
    while (this.#occupied + size > this.#size) {
      if (this.#inside === 0) return false
      await this.#left.promise
    }
    this.#occupied += size
    this.#inside += 1
    return true
  }

  /** @param size what it takes no longer */
  leave(size: number): void {
    this.#occupied -= size
    this.#inside -= 1
    this.#left.resolve()
    this.#left = Promise.withResolvers<void>()
  }
}
