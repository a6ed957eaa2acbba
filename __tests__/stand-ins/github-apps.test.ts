import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { violations } from '../../sandbox/conformance.ts'
import { type AppCredentials, type GitHub, startGitHub } from '../../sandbox/github.ts'
import { client } from './client.ts'
import { jwt } from './jwt.ts'

const repository = 'octo/app'
const publicKey = `/repos/${repository}/actions/secrets/public-key`
const hour = 3_600_000

// A key takes long to make: one is enough for all tests.
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string

let github: GitHub
let app: AppCredentials

beforeEach(async () => {
  github = await startGitHub()
  github.addOrganization('octo')
  github.addRepository(repository)
  app = github.addApp({ privateKey })
})

afterEach(async () => {
  await github.close()
  const lines = await violations(github.journal)
  expect(lines.filter((line) => !line.includes(': request:'))).toEqual([])
})

const seconds = () => Math.floor(github.clock.now() / 1000)
const claims = () => ({ iss: app.id, iat: seconds() - 60, exp: seconds() + 540 })

/** Calls as the App: with a JSON web token whose claims are good unless changed. */
const asApp = (change: object = {}) => client(github.url, jwt({ ...claims(), ...change }, app.privateKey))

const install = (permissions: Record<string, 'read' | 'write'> = { secrets: 'write' }) =>
  github.installApp(app, { owner: 'octo', repositories: [repository], permissions })

async function tokenOf(installation: number, body?: unknown): Promise<string> {
  const { status, body: answer } = await asApp()('POST', `/app/installations/${installation}/access_tokens`, body)
  expect(status).toBe(201)
  return answer.token
}

describe('signing in as an App', () => {
  test('the private key comes in the form that GitHub hands out, and in the other one', () => {
    expect(app.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(app.privateKeyPkcs8).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    const publicKeys = [app.privateKey, app.privateKeyPkcs8, github.addApp().privateKey].map((pem) =>
      createPublicKey(pem).export({ type: 'spki', format: 'pem' }),
    )
    expect(publicKeys[0]).toBe(publicKeys[1])
    expect(publicKeys[0]).not.toBe(publicKeys[2])
  })

  test('the App itself, by its id as a number and as a text, and by its client id', async () => {
    install({ actions: 'read' })
    for (const iss of [app.id, String(app.id), app.clientId]) {
      const { status, body } = await asApp({ iss })('GET', '/app')
      expect(status).toBe(200)
      expect(body).toMatchObject({ id: app.id, client_id: app.clientId, slug: 'rotator', installations_count: 1 })
      expect(body.permissions).toEqual({ metadata: 'read', actions: 'read' })
    }
  })

  const undecodable = 'A JSON web token could not be decoded'
  const expired = /^'Expiration time' claim \('exp'\) must be a numeric value representing the future time/
  const tooFar = "'Expiration time' claim ('exp') is too far in the future"
  const issuedLater = /^'Issued at' claim \('iat'\) must be an Integer/

  test.each<[string, (now: number) => object, number, string | RegExp]>([
    ['an unknown issuer', () => ({ iss: 1 }), 404, 'Integration not found'],
    ['no issuer', () => ({ iss: undefined }), 401, "Missing 'issuer' claim ('iss') in assertion"],
    ['no exp', () => ({ exp: undefined }), 401, expired],
    ['exp as a text', (now) => ({ exp: String(now + 60) }), 401, expired],
    ['exp now', (now) => ({ exp: now }), 401, expired],
    ['exp in more than ten minutes', (now) => ({ exp: now + 605 }), 401, tooFar],
    ['no iat', () => ({ iat: undefined }), 401, issuedLater],
    ['iat with a fraction', (now) => ({ iat: now - 0.5 }), 401, issuedLater],
    ['iat in the future', (now) => ({ iat: now + 5 }), 401, issuedLater],
  ])('%s is refused', async (_, change, status, message) => {
    const answer = await asApp(change(seconds()))('GET', '/app')
    expect(answer.status).toBe(status)
    expect(answer.body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  test('exp in ten minutes and iat now will do', async () => {
    const now = seconds()
    expect((await asApp({ iat: now, exp: now + 600 })('GET', '/app')).status).toBe(200)
  })

  test("another key, another algorithm, and any other token: no App's token", async () => {
    const other = github.addApp()
    const personal = github.addToken({ kind: 'classic', repositories: [repository], scopes: ['repo'] })
    const tokens = [
      jwt(claims(), other.privateKey),
      jwt(claims(), app.privateKey, { alg: 'none' }),
      jwt(claims(), app.privateKey, { alg: 'HS256' }),
      jwt(claims(), app.privateKey).replace(/\.[^.]*$/, ''),
      jwt(null, app.privateKey),
      'a.b.c',
      personal,
    ]
    for (const token of tokens) {
      const { status, body } = await client(github.url, token)('GET', '/app')
      expect([status, body.message]).toEqual([401, undecodable])
    }
  })

  test('no other endpoint takes a JSON web token', async () => {
    install()
    for (const path of [publicKey, `/repos/${repository}`]) {
      const { status, body } = await asApp()('GET', path)
      expect([status, body.message]).toEqual([401, 'Bad credentials'])
    }
  })
})

describe('finding an installation', () => {
  test('by organization, by its name as if it were a user, and by repository', async () => {
    const id = install()
    for (const path of ['/orgs/Octo', '/users/octo', `/repos/${repository}`]) {
      const { status, body } = await asApp()('GET', `${path}/installation`)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        id,
        app_id: app.id,
        account: { login: 'octo', type: 'Organization' },
        target_type: 'Organization',
        repository_selection: 'selected',
        permissions: { metadata: 'read', secrets: 'write' },
        suspended_at: null,
      })
    }
  })

  test('a user is no organization', async () => {
    github.addRepository('mona/app')
    const id = github.installApp(app, { owner: 'mona', repositories: 'all', permissions: {} })
    expect((await asApp()('GET', '/orgs/mona/installation')).status).toBe(404)
    const { body } = await asApp()('GET', '/users/mona/installation')
    expect(body).toMatchObject({ id, target_type: 'User', account: { type: 'User' }, repository_selection: 'all' })
    expect((await asApp()('GET', '/repos/mona/app/installation')).body.id).toBe(id)
  })

  test('where the App is not installed there is none, and none of another App', async () => {
    github.addRepository('octo/other')
    const installation = install()
    const other = github.addApp()
    const asOther = client(github.url, jwt({ ...claims(), iss: other.id }, other.privateKey))
    expect((await asApp()('GET', '/repos/octo/other/installation')).status).toBe(404)
    expect((await asApp()('GET', '/repos/octo/none/installation')).status).toBe(404)
    expect((await asApp()('GET', '/orgs/none/installation')).status).toBe(404)
    expect((await asApp()('GET', '/users/none/installation')).status).toBe(404)
    expect((await asOther('GET', '/orgs/octo/installation')).status).toBe(404)
    expect((await asOther('POST', `/app/installations/${installation}/access_tokens`)).status).toBe(404)
  })

  test('a renamed repository redirects', async () => {
    const id = install()
    github.renameRepository(repository, 'octo/renamed')
    const moved = await asApp()('GET', `/repos/${repository}/installation`)
    expect(moved.status).toBe(301)
    const there = new URL(moved.headers.get('location') ?? '')
    expect((await asApp()('GET', there.pathname)).body.id).toBe(id)
  })
})

describe("an installation's token", () => {
  test('has the permissions and the repositories of its installation, for an hour', async () => {
    github.addRepository('octo/other')
    const installation = install()
    const { body } = await asApp()('POST', `/app/installations/${installation}/access_tokens`)
    expect(body).toEqual({
      token: expect.stringMatching(/^ghs_\w{36}$/),
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      permissions: { metadata: 'read', secrets: 'write' },
      repository_selection: 'selected',
    })
    expect(github.issuedTokens()).toEqual([body.token])
    const left = Date.parse(body.expires_at) - github.clock.now()
    expect(left).toBeGreaterThan(hour - 5000)
    expect(left).toBeLessThanOrEqual(hour)

    const call = client(github.url, body.token)
    expect((await call('GET', publicKey)).status).toBe(200)
    expect((await call('GET', `/repos/${repository}/actions/runs`)).status).toBe(403)
    expect((await call('GET', '/repos/octo/other/actions/secrets/public-key')).status).toBe(404)
    github.clock.advance(left)
    const late = await call('GET', publicKey)
    expect([late.status, late.body.message]).toEqual([401, 'Bad credentials'])
    expect(github.issuedTokens()).toEqual([body.token])
  })

  test("is for the organization's own secrets too", async () => {
    const call = client(github.url, await tokenOf(install({ organization_secrets: 'read' })))
    expect((await call('GET', '/orgs/octo/actions/secrets/public-key')).status).toBe(200)
    expect((await call('GET', publicKey)).status).toBe(403)
  })

  test('for all repositories is for later ones too, and for no other owner', async () => {
    const permissions = { secrets: 'read' } as const
    const id = github.installApp(app, { owner: 'Octo', repositories: 'all', permissions })
    const call = client(github.url, await tokenOf(id))
    github.addRepository('octo/later')
    github.addRepository('octo-2/app')
    expect((await call('GET', publicKey)).status).toBe(200)
    expect((await call('GET', '/repos/octo/later/actions/secrets/public-key')).status).toBe(200)
    expect((await call('GET', '/repos/octo-2/app/actions/secrets/public-key')).status).toBe(404)
  })

  test('can be asked to be for less, not for more', async () => {
    github.addRepository('octo/other')
    github.addRepository('octo/third')
    const permissions = { secrets: 'write', actions: 'read' } as const
    const repositories = [repository, 'octo/other']
    const id = github.installApp(app, { owner: 'octo', repositories, permissions })
    const ask = (body: object) => asApp()('POST', `/app/installations/${id}/access_tokens`, body)
    const { status, body } = await ask({ repositories: ['other'], permissions: { secrets: 'read' } })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      permissions: { metadata: 'read', secrets: 'read' },
      repository_selection: 'selected',
      repositories: [{ full_name: 'octo/other' }],
    })
    const call = client(github.url, body.token)
    expect((await call('GET', '/repos/octo/other/actions/secrets/public-key')).status).toBe(200)
    expect((await call('DELETE', '/repos/octo/other/actions/secrets/NAME')).status).toBe(403)
    expect((await call('GET', publicKey)).status).toBe(404)

    const [{ id: repositoryId }] = body.repositories
    expect((await ask({ repository_ids: [repositoryId] })).body.repositories[0].full_name).toBe('octo/other')
    const more = [{ repositories: ['third'] }, { repository_ids: [1] }, { permissions: { actions: 'write' } }]
    for (const wanted of more) expect((await ask(wanted)).status).toBe(422)
  })

  test('is not given by a suspended installation', async () => {
    const id = github.installApp(app, { owner: 'octo', repositories: 'all', permissions: {}, suspended: true })
    const found = await asApp()('GET', '/orgs/octo/installation')
    expect(found.body).toMatchObject({ id, suspended_at: expect.any(String), suspended_by: expect.any(Object) })
    const { status, body } = await asApp()('POST', `/app/installations/${id}/access_tokens`)
    expect([status, body.message]).toEqual([403, 'This installation has been suspended'])
    expect(github.issuedTokens()).toEqual([])
  })

  test("shares the hour's budget with the others of its installation", async () => {
    const id = install()
    const [one, two] = [client(github.url, await tokenOf(id)), client(github.url, await tokenOf(id))]
    expect((await one('GET', publicKey)).headers.get('x-ratelimit-remaining')).toBe('4999')
    expect((await two('GET', publicKey)).headers.get('x-ratelimit-remaining')).toBe('4998')
  })
})

test("GitHub's own library signs in with any form of the key and of the id", async () => {
  const installationId = install()
  for (const appId of [app.id, String(app.id), app.clientId]) {
    for (const key of [app.privateKey, app.privateKeyPkcs8, app.privateKey.replaceAll('\n', '\\n')]) {
      const auth = { appId, privateKey: key, installationId }
      const octokit = new Octokit({ baseUrl: github.url, authStrategy: createAppAuth, auth })
      expect(await octokit.auth({ type: 'installation' })).toMatchObject({
        permissions: { metadata: 'read', secrets: 'write' },
        repositorySelection: 'selected',
      })
      expect((await octokit.request(`GET ${publicKey}`)).status).toBe(200)
    }
  }
})

test("GitHub's own library corrects its clock where the stand-in's is another one", async () => {
  const installationId = install()
  github.clock.advance(24 * hour)
  const auth = { appId: app.id, privateKey: app.privateKey, installationId }
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const octokit = new Octokit({ baseUrl: github.url, authStrategy: createAppAuth, auth, log })
  expect((await octokit.request(`GET ${publicKey}`)).status).toBe(200)
})
