import dns, { type LookupAddress, type LookupOptions } from 'node:dns'

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
