import { expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, type SecretOptions, type SecretsPlace, startGitHub } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectUnseen, play } from './helpers.ts'
import { startNetwork } from './tunnel.ts'

const HOST = 'ghe.office.test'
const PLACES: SecretsPlace[] = [
  { kind: 'repository', owner: 'octo', repository: 'app' },
  { kind: 'environment', owner: 'octo', repository: 'app', environment: 'production' },
  { kind: 'organization', owner: 'octo' },
  { kind: 'dependabot', owner: 'octo', repository: 'app' },
  { kind: 'dependabot', owner: 'octo' },
]
const DESTINATIONS = `
  repository
  environment: octo/app/production
  organization: octo
  dependabot: octo/app
  dependabot: octo`

/** A GitHub Enterprise Server with an organization, every place of above, and a GitHub App that may write there. */
async function startServer({ clock, key, secret }: Scene) {
  const server = await startGitHub({ clock, basePath: '/api/v3' })
  server.addOrganization('octo')
  server.addRepository('octo/app')
  server.addRepository('octo/site')
  server.addEnvironment('octo/app', 'production')
  const selected: SecretOptions = { visibility: 'selected', selectedRepositories: ['octo/site', 'octo/app'] }
  for (const place of PLACES) {
    server.store(place).set(secret, key.token, undefined, place.repository === undefined ? selected : undefined)
  }
  const app = server.addApp()
  server.installApp(app, {
    owner: 'octo',
    repositories: 'all',
    permissions: {
      actions: 'read',
      contents: 'read',
      secrets: 'write',
      environments: 'write',
      organization_secrets: 'write',
      dependabot_secrets: 'write',
      organization_dependabot_secrets: 'write',
    },
  })
  return { server, app }
}

/** What was sent for something, with the credential's kind: `Bearer ey` is a web token that the App signed. */
const sent = ({ journal }: GitHub, path: RegExp) =>
  journal
    .filter((one) => path.test(one.path))
    .map((one) => `${one.method} ${one.path} ${one.requestHeaders.authorization?.slice(0, 9)}`)

test('GitHub Enterprise Server, by https and through a proxy: an App writes secrets of several kinds', () =>
  play(async (scene) => {
    const { server, app } = await startServer(scene)
    const network = await startNetwork({ [HOST]: server.origin, 'api.incident.test': scene.incident.origin })
    const result = await scene.rotate({
      with: {
        'github-token': '',
        'github-app-id': String(app.id),
        'github-app-private-key': app.privateKey,
        'incident-api-url': 'https://api.incident.test',
        destinations: DESTINATIONS,
        force: 'true',
      },
      env: {
        GITHUB_API_URL: `https://${HOST}/api/v3`,
        https_proxy: network.proxy,
        NODE_EXTRA_CA_CERTS: network.authority,
      },
    })
    await Promise.all([network.close(), server.close()])

    expect(result.exitCode).toBe(0)
    const token = scene.incident.tokensOf(scene.key.id).at(-1)?.token
    for (const place of PLACES) {
      const stored = server.store(place).get(scene.secret)
      expect(stored?.value === token).toBe(true)
      if (place.repository === undefined) {
        expect(stored?.visibility).toBe('selected')
        expect(stored?.selectedRepositories.toSorted()).toEqual(['octo/app', 'octo/site'])
      }
    }
    expect(scene.incident.keyOf(token ?? '')?.id).toBe(scene.key.id)

    expect(sent(server, /installation/)).toEqual([
      'GET /api/v3/orgs/octo/installation bearer ey',
      expect.stringMatching(/^POST \/api\/v3\/app\/installations\/\d+\/access_tokens bearer ey$/),
    ])
    expect(server.journal.filter(({ path }) => !path.startsWith('/api/v3/'))).toEqual([])
    expect(new Set(server.journal.map(({ requestHeaders }) => requestHeaders.host))).toEqual(new Set([HOST]))
    expect(new Set(network.requests.map(({ line }) => line))).toEqual(
      new Set([`CONNECT ${HOST}:443`, 'CONNECT api.incident.test:443']),
    )
    expectUnseen(result, [...server.issuedTokens(), ...app.privateKey.split('\n').filter((line) => line.length > 60)])
    expect(await violations(server.journal)).toEqual([])
  }))
