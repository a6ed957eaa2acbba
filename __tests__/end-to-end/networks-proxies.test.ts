import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, expectUnseen, expectUntouched, onlyError, play } from './helpers.ts'
import { LOOPBACK_NAMES, type Network, type NetworkOptions, startNetwork } from './tunnel.ts'

const INCIDENT = 'api.incident.test'
/** As GitHub gives it to an enterprise with data residency; the network of the test leads to its stand-in. */
const GITHUB = 'api.octo.ghe.com'
const LOGIN = 'office:pass w%rd/1@2'
/** What must not be seen of it: as it is, as a URL has it, and as the header has it. */
const LOGIN_FORMS = [LOGIN, ...LOGIN.split(':').slice(1), encodeURIComponent(LOGIN.split(':')[1] ?? '')]

interface Way {
  /** Beside the certificate authority, which is trusted unless it is taken away here. */
  env: (network: Network) => Record<string, string | undefined>
  network?: NetworkOptions
  /** The services that are reached past the proxy. */
  direct?: readonly string[]
}

/** Rotates a key over a network where the services have their own names and certificates. */
async function rotateOver(
  scene: Scene,
  { env, network: options, direct = [] }: Way,
): Promise<{ result: StepResult; asked: string[]; network: Network }> {
  const network = await startNetwork({ [INCIDENT]: scene.incident.origin, [GITHUB]: scene.github.origin }, options)
  const url = (host: string) => `https://${host}${direct.includes(host) ? `:${network.port}` : ''}`
  try {
    const result = await scene.rotate({
      with: { 'incident-api-url': url(INCIDENT) },
      env: { GITHUB_API_URL: url(GITHUB), NODE_EXTRA_CA_CERTS: network.authority, ...env(network) },
    })
    return { result, network, asked: [...new Set(network.requests.map(({ line }) => line))].sort() }
  } finally {
    await network.close()
  }
}

const TO_BOTH = [`CONNECT ${INCIDENT}:443`, `CONNECT ${GITHUB}:443`]
const hostsOf = ({ journal }: Scene['incident']) => new Set(journal.map(({ requestHeaders }) => requestHeaders.host))

function expectRotated(scene: Scene, result: StepResult): void {
  expect(result.outputs.status).toBe('rotated')
  expect(result.exitCode).toBe(0)
  expectCurrent(scene)
}

describe('a rotation through a proxy, to hosts with certificates of an own authority', () => {
  const WAYS: Record<string, Way> = {
    https_proxy: { env: ({ proxy }) => ({ https_proxy: proxy }) },
    HTTPS_PROXY: { env: ({ proxy }) => ({ HTTPS_PROXY: proxy }) },
    'a proxy that is reached by TLS itself': {
      network: { secureProxy: true },
      env: ({ proxy }) => ({ https_proxy: proxy }),
    },
    'a proxy with an IPv6 address': {
      network: { proxyAddress: '::1' },
      env: ({ proxy }) => ({ https_proxy: proxy }),
    },
    'a proxy with an IPv6 address that is reached by TLS': {
      network: { proxyAddress: '::1', secureProxy: true },
      env: ({ proxy }) => ({ https_proxy: proxy }),
    },
    'no_proxy with other hosts': {
      env: ({ proxy }) => ({ https_proxy: proxy, no_proxy: `octo.ghe.example,incident.io, ${GITHUB}:8443` }),
    },
  }
  test.each(Object.entries(WAYS))('%s', (_, way) =>
    play(async (scene) => {
      const { result, asked, network } = await rotateOver(scene, way)
      expectRotated(scene, result)
      expect(asked).toEqual(TO_BOTH)
      // The proxy sees where to, and nothing of what is sent.
      expect(JSON.stringify(network.requests)).not.toMatch(/inc_|github_pat_|authorization/)
      expect(hostsOf(scene.incident)).toEqual(new Set([INCIDENT]))
    }),
  )

  test('a proxy that asks for a user and a password: neither is seen anywhere', () =>
    play(async (scene) => {
      const way: Way = { network: { login: LOGIN }, env: ({ proxy }) => ({ https_proxy: proxy }) }
      const { result, asked } = await rotateOver(scene, way)
      expectRotated(scene, result)
      expect(asked).toEqual(TO_BOTH)
      expectUnseen(result, LOGIN_FORMS)
      // They are the proxy's, and no service's.
      const sent = [...scene.incident.journal, ...scene.github.journal].map(({ requestHeaders }) => requestHeaders)
      expect(JSON.stringify(sent)).not.toMatch(/proxy-authorization/i)
    }))
})

describe('no_proxy takes one service past the proxy, and the other one through it', () => {
  const names = { NODE_OPTIONS: LOOPBACK_NAMES }
  const WAYS: [string, string, Way][] = [
    [
      'no_proxy with the name',
      GITHUB,
      {
        direct: [INCIDENT],
        env: ({ proxy }) => ({ ...names, https_proxy: proxy, no_proxy: `example.com, ${INCIDENT}` }),
      },
    ],
    [
      'NO_PROXY with the end of the name',
      INCIDENT,
      { direct: [GITHUB], env: ({ proxy }) => ({ ...names, HTTPS_PROXY: proxy, NO_PROXY: '.GHE.com' }) },
    ],
  ]
  WAYS.push([
    'no_proxy with a * for the start of the name',
    INCIDENT,
    { direct: [GITHUB], env: ({ proxy }) => ({ ...names, https_proxy: proxy, no_proxy: 'example.com, *.ghe.com' }) },
  ])
  test.each(WAYS)('%s', (_, proxied, way) =>
    play(async (scene) => {
      const { result, asked } = await rotateOver(scene, way)
      expectRotated(scene, result)
      expect(asked).toEqual([`CONNECT ${proxied}:443`])
    }),
  )

  test('no_proxy with * takes both past it', () =>
    play(async (scene) => {
      const env: Way['env'] = ({ proxy }) => ({ ...names, https_proxy: proxy, no_proxy: '*' })
      const { result, asked } = await rotateOver(scene, { direct: [INCIDENT, GITHUB], env })
      expectRotated(scene, result)
      expect(asked).toEqual([])
    }))
})

describe('a network that cannot be used', () => {
  const errorsOfBoth = ({ annotations }: StepResult) => annotations.map(({ message }) => message).join('\n')

  test('an authority that the runner does not trust is named, and no credential is sent', () =>
    play(
      async (scene) => {
        const env: Way['env'] = ({ proxy }) => ({ https_proxy: proxy, NODE_EXTRA_CA_CERTS: undefined })
        const { result, asked } = await rotateOver(scene, { env })
        expect(result.exitCode).toBe(1)
        expect(result.outputs.status).toBe('failed')
        const errors = errorsOfBoth(result)
        expect(errors).toMatch(/incident\.io gave no answer \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/)
        expect(errors).toMatch(/GitHub gave no answer \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/)
        expect(asked).toEqual(TO_BOTH)
        expect([...scene.incident.journal, ...scene.github.journal]).toEqual([])
        expectUntouched(scene)
      },
      { speed: 40 },
    ))

  test('a proxy that refuses the password: nothing is changed, and the password is not told', () =>
    play(
      async (scene) => {
        const wrong = 'hunter2-hunter2'
        const env: Way['env'] = ({ proxy }) => ({
          https_proxy: proxy.replace(/:[^:@]*@/, `:${wrong}@`),
          RUNNER_DEBUG: '1',
        })
        const { result, network } = await rotateOver(scene, { network: { login: LOGIN }, env })
        expect(result.exitCode).toBe(1)
        expect(errorsOfBoth(result)).toMatch(/^Could not .* incident\.io gave no answer .* proxy/m)
        expect(errorsOfBoth(result)).toMatch(/^Could not .* GitHub gave no answer .* proxy/m)
        expect(network.requests[0]?.headers['proxy-authorization']).toMatch(/^Basic /)
        expectUnseen(result, [...LOGIN_FORMS, wrong, `office:${wrong}`])
        expectUntouched(scene)
      },
      { speed: 40 },
    ))

  test('a host whose certificate is for another one', () =>
    play(
      async (scene) => {
        const network = await startNetwork({ [INCIDENT]: scene.incident.origin, [GITHUB]: scene.github.origin })
        const result = await scene.rotate({
          with: { 'incident-api-url': `https://another.test:${network.port}` },
          env: {
            GITHUB_API_URL: `https://${GITHUB}:${network.port}`,
            NODE_EXTRA_CA_CERTS: network.authority,
            NODE_OPTIONS: LOOPBACK_NAMES,
          },
        })
        await network.close()
        expect(onlyError(result)).toMatch(/ALTNAME_INVALID\), since its certificate is for another host: check the URL/)
        expect(scene.incident.journal).toEqual([])
        expectUntouched(scene)
      },
      { speed: 40 },
    ))

  test('a proxy that lets only one of the services through', () =>
    play(
      async (scene) => {
        const network = await startNetwork({ [GITHUB]: scene.github.origin })
        const result = await scene.rotate({
          with: { 'incident-api-url': `https://${INCIDENT}` },
          env: {
            GITHUB_API_URL: `https://${GITHUB}`,
            NODE_EXTRA_CA_CERTS: network.authority,
            https_proxy: network.proxy,
          },
        })
        await network.close()
        expect(onlyError(result)).toMatch(/incident\.io gave no answer .* proxy/)
        expectUntouched(scene)
      },
      { speed: 40 },
    ))
})
