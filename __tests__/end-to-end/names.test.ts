import { describe, expect, test } from '@jest/globals'
import { ALWAYS, errorsOf, expectCurrent, expectUntouched, FAST, onlyError, play } from './helpers.ts'

/** Loaded before the action. */
const preload = (source: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` })
const NAMES = 'https://api.incident.invalid'
const manyDestinations = Array.from({ length: 25 }, (_, index) => `repository: octo/service-${index}`).join('\n')

describe('names that cannot be resolved', () => {
  test('are looked up once at a time for each host, and called that', () =>
    play(async (scene) => {
      // As a dead name server: each look-up takes 5 s.
      const env = preload(`import dns from 'node:dns'
        let most = 0, now = 0
        dns.lookup = (host, options, callback) => {
          most = Math.max(most, ++now)
          setTimeout(() => {
            now--
            callback(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }))
          }, 250)
        }
        process.on('exit', () => console.log('at once: ' + most))`)
      const result = await scene.rotate({
        with: {
          destinations: manyDestinations,
          'incident-api-url': NAMES,
          'github-api-url': 'https://api.github.invalid',
        },
        env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS}` },
      })
      expect(result.exitCode).toBe(1)
      expect(errorsOf(result).join()).toMatch(/EAI_AGAIN\), since the name of the host could not be resolved/)
      expect(Number(/at once: (\d+)/.exec(result.raw)?.[1])).toBeLessThanOrEqual(2)
      expectUntouched(scene)
    }, FAST))
})

test('a host with two addresses of which the second answers after 2 s is reached', () =>
  play(async (scene) => {
    const env = preload(`import net from 'node:net'
      const { connect } = net.Socket.prototype
      net.Socket.prototype.connect = function (...given) {
        const [options] = [given[0]].flat()
        if (!(options.autoSelectFamilyAttemptTimeout >= 2500)) throw new Error('gives an address too little time')
        return connect.apply(this, given)
      }`)
    const result = await scene.rotate({ env })
    expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
    expectCurrent(scene)
  }))

test('a server that requires a client certificate is not taken for one that is not trusted', () =>
  play(async (scene) => {
    const env = preload(`import http from 'node:http'
      const { request } = http
      http.request = (options, ...more) => {
        const made = request({ ...options, agent: undefined, createConnection: undefined }, ...more)
        queueMicrotask(() => made.destroy(Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })))
        return made
      }`)
    const result = await scene.rotate({ env })
    expect(errorsOf(result).join()).toMatch(/requires a client certificate/)
    expect(errorsOf(result).join()).not.toMatch(/not trusted/)
  }, FAST))

test('libsodium that cannot be loaded is not a bad public key', () =>
  play(async (scene) => {
    const env = preload(`const { compile } = WebAssembly
      delete globalThis.WebAssembly
      globalThis.WebAssembly = undefined`)
    const error = onlyError(await scene.rotate({ env }))
    expect(error).toMatch(/libsodium, which encrypts the token, could not be loaded .*Nothing was changed/)
    expectUntouched(scene)
  }))

test('too many open files are not a full disk', () =>
  play(async (scene) => {
    const env = preload(`import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      const append = fs.appendFileSync
      fs.appendFileSync = (path, ...more) => {
        if (path !== process.env.GITHUB_STATE) return append(path, ...more)
        throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' })
      }
      syncBuiltinESMExports()`)
    const error = onlyError(await scene.rotate({ env }))
    expect(error).toMatch(/\(EMFILE\).*Raise the limit of open files/)
    expect(error).not.toContain('Free space')
    expectUntouched(scene)
  }))

test('a redirect on the same host that is not followed names its target and the input, and no other host', () =>
  play(async (scene) => {
    const path = '/repos/octo/app/actions/secrets/public-key'
    const fault = { kind: 'status', status: 302, headers: { location: path }, body: '' } as const
    scene.github.faults.add({ path: /public-key$/, times: ALWAYS, fault })
    const error = onlyError(await scene.rotate())
    expect(error).toContain(`a redirect to ${scene.github.url}${path} that is not followed, because it would change`)
    expect(error).toContain('check "github-api-url"')
    expect(error).not.toContain('another host')
    expectUntouched(scene)
  }))
