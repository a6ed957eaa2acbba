import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  FAST,
  onlyError,
  play,
  rotations,
  writes,
} from './helpers.ts'
import { manifestOf, reconcile } from './manifest.ts'
import { startNetwork } from './tunnel.ts'

const INCIDENT = 'api.incident.test'
const GITHUB = 'api.octo.ghe.com'

/** Rotates through a proxy that takes some of the requests for a connection, and never answers them. */
async function rotateThrough(scene: Scene, swallows: (host: string) => boolean) {
  const network = await startNetwork({ [INCIDENT]: scene.incident.origin, [GITHUB]: scene.github.origin }, { swallows })
  const result = await scene.rotate({
    with: { 'incident-api-url': `https://${INCIDENT}` },
    env: { GITHUB_API_URL: `https://${GITHUB}`, NODE_EXTRA_CA_CERTS: network.authority, https_proxy: network.proxy },
  })
  await network.close()
  return result
}

describe('a proxy that takes a request for a connection and never answers', () => {
  test('is given up after 15 seconds, with nothing changed', () =>
    play(async (scene) => {
      const began = scene.clock.now()
      const result = await rotateThrough(scene, (host) => host.startsWith(INCIDENT))
      expect(onlyError(result)).toContain('incident.io gave no answer within 15 s')
      expectUntouched(scene)
      expect(scene.clock.now() - began).toBeLessThan(120_000)
    }, FAST))

  test('once, between the rotation and the write: the write is sent again', () =>
    play(async (scene) => {
      let swallowed = 0
      const result = await rotateThrough(
        scene,
        (host) => host.startsWith(GITHUB) && rotations(scene).length > 0 && swallowed++ === 0,
      )
      expect([errorsOf(result), result.exitCode, rotations(scene).length]).toEqual([[], 0, 1])
      expect(swallowed).toBeGreaterThan(1)
      expectCurrent(scene)
    }, FAST))
})

/** Stands before a service, hands everything on, and answers the first of such requests by another protocol. */
async function startSwitch(origin: string, request: RegExp) {
  let hasSwitched = false
  const server = createServer((client) => {
    const service = connect(Number(new URL(origin).port), '127.0.0.1')
    for (const socket of [client, service]) socket.on('error', () => {})
    let isHeard = true
    service.on('data', (answer) => isHeard && client.write(answer))
    client.on('close', () => service.destroy())
    client.on('data', (data) => {
      service.write(data)
      if (hasSwitched || !request.test(String(data))) return
      hasSwitched = true
      isHeard = false
      client.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, hasSwitched: () => hasSwitched, close: () => server.close() }
}

describe('another protocol for an answer is no answer', () => {
  test('to the rotation: its token is lost, and the key is rotated again', () =>
    play(async (scene) => {
      const between = await startSwitch(scene.incident.origin, /^POST \S+\/actions\/rotate /)
      const result = await scene.rotate({ with: { 'incident-api-url': between.url } })
      between.close()
      expect([errorsOf(result), result.exitCode, between.hasSwitched()]).toEqual([[], 0, true])
      expect(rotations(scene)).toHaveLength(2)
      expectCurrent(scene)
    }, FAST))

  test('to the write: it is sent again', () =>
    play(async (scene) => {
      const between = await startSwitch(scene.github.origin, /^PUT /)
      const result = await scene.rotate({ env: { GITHUB_API_URL: between.url } })
      between.close()
      expect([errorsOf(result), result.exitCode, between.hasSwitched()]).toEqual([[], 0, true])
      expect([rotations(scene).length, writes(scene).length]).toEqual([1, 2])
      expectCurrent(scene)
    }, FAST))
})

/** As a portal answers that wants somebody to sign in first. */
const PORTAL: readonly Fault[] = [200, 202, 203, 206, 226].map((status) => ({
  kind: 'status',
  status,
  body: '<html>Sign in to the network</html>',
}))

describe('what stands between answers in the place of a service', () => {
  test.each(PORTAL)('the write with $status: it is sent again', (fault) =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault })
      const result = await scene.rotate()
      expect([errorsOf(result), result.exitCode, writes(scene).length]).toEqual([[], 0, 2])
      expectCurrent(scene)
    }, FAST),
  )

  test('every write: nobody takes that for success', () =>
    play(async (scene) => {
      for (const fault of PORTAL.slice(0, 1)) scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '0' } })
      expect(onlyError(result)).toContain('GitHub gave an unexpected answer (200)')
      expect(JSON.parse(result.outputs.destinations ?? '')[0].result).toBe('failed')
    }, FAST))

  test('the deletions of a key that is to be absent: they are sent again', () =>
    play(async (scene) => {
      const old = scene.incident.addKey({ name: 'Old exporter', roles: ['viewer'] })
      scene.github.setSecret(scene.repository, 'OLD_KEY', old.token)
      for (const fault of PORTAL) {
        scene.github.faults.add({ method: 'DELETE', path: /OLD_KEY/, fault })
        scene.incident.faults.add({ method: 'DELETE', fault })
      }
      const result = await reconcile(scene, manifestOf({ name: 'Old exporter', secret: 'OLD_KEY', state: 'absent' }))
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(scene.github.secret(scene.repository, 'OLD_KEY')).toBeUndefined()
      expect(scene.incident.keys().some(({ id }) => id === old.id)).toBe(false)
    }, FAST))
})
