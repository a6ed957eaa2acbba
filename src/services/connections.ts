import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import type { Agent } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'

/** An agent that can open connections before they are needed. */
export class SpareAgent extends https.Agent {
  readonly #spare = new Set<Duplex>()
  #options: object | undefined

  override createConnection(...given: Parameters<https.Agent['createConnection']>) {
    this.#options = given[0]
    const [spare] = this.#spare
    if (spare === undefined) return super.createConnection(...given)
    this.#spare.delete(spare)
    return spare
  }

  /** Opens connections like the last one, if there was one. */
  openSpare(count: number): void {
    const options = this.#options
    if (options === undefined) return
    for (let index = 0; index < count; index++) {
      const socket = super.createConnection(options as never) as Duplex
      this.#spare.add(socket)
      for (const end of ['error', 'close'] as const) socket.once(end, () => this.#spare.delete(socket))
    }
  }

  override destroy(): void {
    super.destroy()
    for (const socket of this.#spare) socket.destroy()
  }
}

/** The connections to one service. */
export class Connections {
  #agent: Agent | undefined

  /** @param agent that makes them */
  by(agent: Agent): void {
    this.#agent = agent
  }

  /** Opens some more before they are needed. Through a proxy, none. */
  openSpare(count: number): void {
    if (this.#agent instanceof SpareAgent) this.#agent.openSpare(count)
  }
}

type Callback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void

const pending = new Map<string, Callback[]>()

/**
 * Looks up the addresses of a host, once for all who ask at the same time. Node looks up names on four threads, which
 * cannot be cancelled: with a dead name server, one look-up for each connection would hold up the process for minutes.
 */
export function sharedLookup(host: string, options: LookupOptions, callback: Callback): void {
  const what = JSON.stringify([host, options])
  const waiting = pending.get(what)
  if (waiting !== undefined) return void waiting.push(callback)
  const callbacks = [callback]
  pending.set(what, callbacks)
  dns.lookup(host, options, (...result) => {
    pending.delete(what)
    for (const one of callbacks) one(...result)
  })
}
