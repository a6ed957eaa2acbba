import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Gives ids like incident.io's: 48 bits of time and 80 random ones (https://github.com/ulid/spec), always increasing. */
export class Ulids {
  readonly #clock: Clock
  #last = 0n

  constructor(clock: Clock) {
    this.#clock = clock
  }

  next(): string {
    const time = BigInt(Math.floor(this.#clock.now())) << 80n
    const fresh = time | BigInt(`0x${randomBytes(10).toString('hex')}`)
    this.#last = fresh > this.#last ? fresh : this.#last + 1n
    return encode(this.#last)
  }
}

function encode(value: bigint): string {
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += crockford[Number((value >> shift) & 31n)]
  return text
}
