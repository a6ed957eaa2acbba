import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { startGitHub } from '../../sandbox/github.ts'
import { expectCurrent, expectUntouched, FAST, onlyError, play } from './helpers.ts'

/** A server that notes what reaches it and refuses it. */
async function startTrap(): Promise<{ url: string; seen: IncomingMessage[]; close(): Promise<void> }> {
  const seen: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    seen.push(request)
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    seen.push(request)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close }
}

const proxies = (url: string) => ({ http_proxy: url, https_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url })

test('a loopback host is never reached through a proxy', () =>
  play(async (scene) => {
    const proxy = await startTrap()
    const result = await scene.rotate({ env: proxies(proxy.url) })
    await proxy.close()
    expect(result.exitCode).toBe(0)
    expect(proxy.seen).toEqual([])
    expectCurrent(scene)
  }))

test('both services are reached through the proxy, as a tunnel that it cannot look into', () =>
  play(
    async (scene) => {
      const proxy = await startTrap()
      const urls = { 'incident-api-url': 'https://api.incident.test', 'github-api-url': 'https://ghe.test/api/v3' }
      const result = await scene.rotate({ with: urls, env: proxies(proxy.url) })
      await proxy.close()
      expect(result.exitCode).toBe(1)
      expect(new Set(proxy.seen.map(({ method, url }) => `${method} ${url}`))).toEqual(
        new Set(['CONNECT api.incident.test:443', 'CONNECT ghe.test:443']),
      )
      expect(JSON.stringify(proxy.seen.map(({ rawHeaders }) => rawHeaders))).not.toMatch(/inc_|github_pat_/)
    },
    { speed: 20 },
  ))

/** A tunnel that opens only after the action has given its request up, and a server behind it that notes what arrives. */
async function startLateTunnel(host: string) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  })
  const folder = await mkdtemp(join(tmpdir(), 'late-tunnel-'))
  const authority = join(folder, 'authority.pem')
  await writeFile(authority, cert)

  const arrived: string[] = []
  const upstream = createTlsServer({ cert, key }, (request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const opened: Promise<unknown>[] = []
  const sockets: Duplex[] = []
  const proxy = createServer().on('connect', (_, socket, head) => {
    sockets.push(socket.on('error', () => {}))
    opened.push(
      new Promise<void>((resolve) => setTimeout(resolve, 1000)).then(() => {
        const tunnel = connect((upstream.address() as AddressInfo).port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n')
          tunnel.write(head)
          tunnel.pipe(socket).pipe(tunnel)
        })
        sockets.push(tunnel.on('error', () => {}))
      }),
    )
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    authority,
    arrived,
    opened,
    close: async () => {
      await Promise.all(opened)
      await new Promise((resolve) => setTimeout(resolve, 300))
      for (const socket of sockets) socket.destroy()
      upstream.closeAllConnections()
      upstream.close()
      proxy.close()
      await rm(folder, { recursive: true })
    },
  }
}

test('a request that was given up is never sent, however late the proxy lets it through', () =>
  play(
    async (scene) => {
      const tunnel = await startLateTunnel('incident.test')
      const result = await scene.rotate({
        with: { 'incident-api-url': 'https://incident.test' },
        env: { ...proxies(tunnel.url), NODE_EXTRA_CA_CERTS: tunnel.authority },
      })
      await tunnel.close()
      expect(onlyError(result)).toContain('no answer within 15 s')
      expect(tunnel.opened.length).toBeGreaterThan(1)
      expect(tunnel.arrived).toEqual([])
    },
    { speed: 20 },
  ))

test('a host that no_proxy names is not', () =>
  play(
    async (scene) => {
      const proxy = await startTrap()
      const urls = { 'incident-api-url': 'https://api.incident.invalid', 'github-api-url': 'https://ghe.test' }
      await scene.rotate({ with: urls, env: { ...proxies(proxy.url), no_proxy: '.incident.invalid' } })
      await proxy.close()
      expect(new Set(proxy.seen.map(({ url }) => url))).toEqual(new Set(['ghe.test:443']))
    },
    { speed: 20 },
  ))

test.each(['incident', 'github'] as const)('a redirect to another host is not followed (%s)', (service) =>
  play(async (scene) => {
    const trap = await startTrap()
    scene[service].faults.add({
      times: Number.POSITIVE_INFINITY,
      fault: { kind: 'status', status: 307, headers: { location: `${trap.url}/x` }, body: {} },
    })
    expect(onlyError(await scene.rotate())).toContain('307')
    await trap.close()
    expect(trap.seen).toEqual([])
    expectUntouched(scene)
  }),
)

test('a redirected write is no write', () =>
  play(async (scene) => {
    const fault = {
      kind: 'status',
      status: 302,
      headers: { location: 'https://elsewhere.test/login?next=x' },
      body: {},
    } as const
    scene.github.faults.add({ method: 'PUT', times: Number.POSITIVE_INFINITY, fault })
    expect(onlyError(await scene.rotate())).toContain('a redirect to https://elsewhere.test/login that is not followed')
  }, FAST))

test('a repository that was renamed is found by its old name', () =>
  play(async (scene) => {
    scene.github.renameRepository('octo/app', 'octo/renamed')
    const result = await scene.rotate()
    expect(result.exitCode).toBe(0)
    expect(scene.github.secret('octo/renamed', scene.secret)?.value).toBe(
      scene.incident.tokensOf(scene.key.id).at(-1)?.token,
    )
  }))

test('GitHub Enterprise Server is reached under its path', () =>
  play(async (scene) => {
    const server = await startGitHub({ clock: scene.clock, basePath: '/api/v3' })
    server.addRepository('octo/app')
    const token = server.addToken({
      kind: 'fine-grained',
      repositories: ['octo/app'],
      permissions: { secrets: 'write' },
    })
    const result = await scene.rotate({ with: { 'github-token': token }, env: { GITHUB_API_URL: server.url } })
    await server.close()
    expect(result.exitCode).toBe(0)
    expect(server.url).toMatch(/\/api\/v3$/)
    expect(server.secret('octo/app', scene.secret)?.value).toBe(scene.incident.tokensOf(scene.key.id).at(-1)?.token)
  }))

test('clocks that differ by most of an hour change nothing', () =>
  play(async (scene) => {
    expect((await scene.rotate()).outputs.status).toBe('rotated')
    scene.clock.advance(48.5 * 60_000)
    const result = await scene.rotate()
    expect(result.outputs.status).toBe('skipped')
    expect(result.log.join()).toContain('48 minutes old')
  }))
