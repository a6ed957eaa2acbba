import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import { generate } from 'selfsigned'

/** A company's network: hosts with certificates of its own authority, and a proxy that leads to them by name. */
export interface Network {
  /** The authority's certificate: a file for `NODE_EXTRA_CA_CERTS`. */
  authority: string
  /** The proxy's URL, with the user and the password that it asks for. */
  proxy: string
  /** What the proxy was asked for, refused or not, like `CONNECT api.incident.test:443`, with the headers. */
  requests: { line: string; headers: IncomingMessage['headers'] }[]
  /** Where all the hosts listen; a URL with this port needs no proxy when names are {@link LOOPBACK_NAMES}. */
  port: number
  close(): Promise<void>
}

export interface NetworkOptions {
  /** What the proxy asks for: `user:password`. */
  login?: string
  /** Whether the proxy itself is reached by TLS. */
  secureProxy?: boolean
  /** The proxy's address; `127.0.0.1` if left out. */
  proxyAddress?: string
  /** Whether the proxy takes a request for this host, like `api.incident.test:443`, and never answers. */
  swallows?: (host: string) => boolean
}

/** For `NODE_OPTIONS`: every name leads to this machine. */
export const LOOPBACK_NAMES = `--import=${new URL('./loopback-names.mjs', import.meta.url).href}`

/** @param hosts by name, the origin of the stand-in behind it: `http://127.0.0.1:PORT` */
export async function startNetwork(hosts: Record<string, string>, options: NetworkOptions = {}): Promise<Network> {
  const { login, secureProxy = false, proxyAddress = '127.0.0.1', swallows = () => false } = options
  const { authority, ...certificate } = await certify(Object.keys(hosts))
  const folder = await mkdtemp(join(tmpdir(), 'network-'))
  const file = join(folder, 'authority.pem')
  await writeFile(file, authority)

  const sockets = new Sockets()
  const front = createTlsServer(certificate, (socket) => {
    // By the name in the handshake, as a load balancer does; a name that is none of these leads nowhere.
    const origin = typeof socket.servername === 'string' ? hosts[socket.servername] : undefined
    if (origin === undefined) socket.destroy()
    else sockets.link(socket, connect(Number(new URL(origin).port), '127.0.0.1'))
  })
  // A client that does not trust the certificate hangs up.
  front.on('tlsClientError', () => {})
  const port = await listen(front)

  const requests: Network['requests'] = []
  const proxy: Server = secureProxy ? createHttpsServer(certificate) : createHttpServer()
  proxy.on('connect', ({ method, url = '', headers }: IncomingMessage, socket: Duplex) => {
    requests.push({ line: `${method} ${url}`, headers })
    sockets.keep(socket)
    if (swallows(url)) return
    if (login !== undefined && headers['proxy-authorization'] !== basic(login)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="office"\r\n\r\n')
    } else if (!(url.replace(/:\d+$/, '') in hosts)) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    } else {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      sockets.link(socket, connect(port, '127.0.0.1'))
    }
  })
  const proxyPort = await listen(proxy, proxyAddress)
  const address = `${proxyAddress.includes(':') ? `[${proxyAddress}]` : proxyAddress}:${proxyPort}`
  const user = login === undefined ? '' : `${login.split(':').map(encodeURIComponent).join(':')}@`

  return {
    authority: file,
    proxy: `${secureProxy ? 'https' : 'http'}://${user}${address}`,
    requests,
    port,
    close: async () => {
      front.close()
      proxy.close()
      sockets.destroy()
      await rm(folder, { recursive: true })
    },
  }
}

/** The open sockets of a network. */
class Sockets {
  readonly #open = new Set<Duplex>()

  /** A broken connection is part of what a network is for. */
  keep(socket: Duplex): void {
    this.#open.add(socket)
    socket.on('error', () => {}).on('close', () => this.#open.delete(socket))
  }

  /** Hands on whatever arrives at one end, and that it closed. */
  link(one: Duplex, other: Duplex): void {
    this.keep(one)
    this.keep(other)
    one.pipe(other).pipe(one)
    one.on('close', () => other.destroy())
    other.on('close', () => one.destroy())
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy()
  }
}

const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`

async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, address, resolve))
  return (server.address() as AddressInfo).port
}

/** An authority's certificate, and one that it gave for these hosts and for a proxy on this machine. */
async function certify(hosts: readonly string[]): Promise<{ authority: string; cert: string; key: string }> {
  const quick = { keyType: 'ec', algorithm: 'sha256' } as const
  const authority = await generate([{ name: 'commonName', value: 'Office authority' }], {
    ...quick,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  const names = hosts.map((value) => ({ type: 2 as const, value }))
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Office' }], {
    ...quick,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'subjectAltName', altNames: [...names, { type: 7, ip: '127.0.0.1' }, { type: 7, ip: '::1' }] },
    ],
  })
  return { authority: authority.cert, cert, key }
}
