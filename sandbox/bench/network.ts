import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { LoopbackServer } from '../server.ts'

/** HTTPS and a network's way in front of a stand-in that speaks HTTP. */
export interface Front {
  port: number
  /** How many connections were made, each of which has paid for its handshakes. */
  readonly connections: number
  close(): void
}

/**
 * How many bytes a TCP connection sends before the first of them is acknowledged: ten segments. Then the window grows by
 * what is acknowledged, so it doubles each round trip.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6928
 */
const INITIAL_WINDOW = 10 * 1460

/**
 * Leads to a stand-in by TLS, through a network with a round trip of so many ms. Each direction of each connection is
 * half a round trip long, keeps its order, and starts slowly, as TCP does; after that, its bandwidth is the loopback's.
 * What a client sends first waits for one round trip more, which is the TCP handshake's; the TLS handshake pays by itself.
 *
 * @param startsSlowly false for a wire that takes everything at once
 */
export async function startFront(
  standIn: LoopbackServer,
  certificate: { cert: string; key: string },
  roundTripMs: number,
  startsSlowly = true,
): Promise<Front> {
  const eachEnd = { allowHalfOpen: true, noDelay: true }
  const tls = createTlsServer({ ...certificate, ...eachEnd }, (socket) => standIn.take(socket))
  tls.on('tlsClientError', () => {})

  const sockets = new Set<Socket>()
  let connections = 0
  const way = createServer(eachEnd, (socket) => {
    connections += 1
    // Without a network there is none to pass.
    if (roundTripMs === 0) return void tls.emit('connection', socket)
    const inner = connect({ port: tlsPort, host: '127.0.0.1', ...eachEnd })
    // What breaks one end breaks the other.
    for (const [one, other] of [[socket, inner] as const, [inner, socket] as const]) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one))
    }
    const window = startsSlowly ? INITIAL_WINDOW : Number.POSITIVE_INFINITY
    carry(socket, inner, { ms: roundTripMs / 2, window, notBefore: performance.now() + roundTripMs * 1.5 })
    carry(inner, socket, { ms: roundTripMs / 2, window, notBefore: 0 })
  })
  const tlsPort = await listen(tls)
  return {
    port: await listen(way),
    get connections() {
      return connections
    },
    close: () => {
      for (const server of [way, tls]) server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

interface Way {
  /** From one end to the other. */
  ms: number
  /** Bytes that may be on the way at first without an acknowledgement. */
  window: number
  /** Nothing arrives before this moment, on the clock of `performance`. */
  notBefore: number
}

/** Hands on what arrives at one end some ms later at the other, no more at once than a TCP sender does. */
function carry(from: Socket, to: Socket, { ms, window, notBefore }: Way): void {
  const there = delay(ms, notBefore)
  const back = delay(ms)
  const waiting: (Buffer | 'end')[] = []
  let unacknowledged = 0
  let largest = window
  const send = () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (next === 'end') return there(() => to.end())
      const part = next.subarray(0, largest - unacknowledged)
      if (part.length < next.length) waiting.unshift(next.subarray(part.length))
      if (part.length === 0) return
      unacknowledged += part.length
      there(() => {
        to.write(part)
        back(() => {
          unacknowledged -= part.length
          largest += part.length
          send()
        })
      })
    }
  }
  from.on('data', (bytes) => {
    waiting.push(bytes)
    send()
  })
  from.on('end', () => {
    waiting.push('end')
    send()
  })
}

/** Returns what does something some ms later, in the order in which it was asked, and nothing before a moment. */
function delay(ms: number, notBefore = 0): (arrive: () => void) => void {
  const onTheWay: { due: number; arrive: () => void }[] = []
  const wait = () => {
    const left = (onTheWay[0]?.due ?? 0) - performance.now()
    // Timers are good to a millisecond: the last one goes by in turns of the event loop.
    if (left > 1) setTimeout(deliver, Math.floor(left))
    else setImmediate(deliver)
  }
  const deliver = () => {
    while (onTheWay[0] && onTheWay[0].due <= performance.now()) {
      onTheWay[0].arrive()
      onTheWay.shift()
    }
    if (onTheWay.length > 0) wait()
  }
  return (arrive) => {
    onTheWay.push({ due: Math.max(notBefore, performance.now() + ms), arrive })
    if (onTheWay.length === 1) wait()
  }
}

/** On a free port of this machine only. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
