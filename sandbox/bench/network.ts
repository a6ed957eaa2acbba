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
 * Leads to a stand-in by TLS, through a network with a round trip of so many ms. Each direction of each connection is
 * half a round trip long and keeps its order; its bandwidth is the loopback's. What a client sends first waits for one
 * round trip more, which is the TCP handshake's; the TLS handshake pays by itself.
 */
export async function startFront(
  standIn: LoopbackServer,
  certificate: { cert: string; key: string },
  roundTripMs: number,
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
    carry(socket, inner, roundTripMs / 2, performance.now() + roundTripMs * 1.5)
    carry(inner, socket, roundTripMs / 2)
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

/** Hands on what arrives at one end so many ms later at the other, and nothing before a moment. */
function carry(from: Socket, to: Socket, ms: number, notBefore = 0): void {
  const onTheWay: { due: number; arrive: () => void }[] = []
  const send = (arrive: () => void) => {
    onTheWay.push({ due: Math.max(notBefore, performance.now() + ms), arrive })
    if (onTheWay.length === 1) wait()
  }
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
  from.on('data', (bytes) => send(() => to.write(bytes)))
  from.on('end', () => send(() => to.end()))
}

/** On a free port of this machine only. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
