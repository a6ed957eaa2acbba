import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import sodium from 'libsodium-wrappers'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'

const repository = 'octo/app'
const secrets = `/repos/${repository}/actions/secrets`

let github: GitHub

beforeEach(async () => {
  github = await startGitHub()
  github.addRepository(repository)
})

afterEach(async () => {
  await github.close()
  const lines = await violations(github.journal)
  expect(lines.filter((line) => !line.includes(': request:'))).toEqual([])
})

const as = (seed: TokenSeed) => client(github.url, github.addToken(seed))
const repositories = [repository]
const writer: TokenSeed = { kind: 'fine-grained', repositories, permissions: { secrets: 'write' } }
const reader: TokenSeed = { kind: 'fine-grained', repositories, permissions: { secrets: 'read' } }

function seal(value: string, key: string): string {
  const publicKey = sodium.from_base64(key, sodium.base64_variants.ORIGINAL)
  return sodium.to_base64(sodium.crypto_box_seal(value, publicKey), sodium.base64_variants.ORIGINAL)
}

describe('writing a secret', () => {
  test('a sealed box is opened and stored, created first and updated then', async () => {
    const call = as(writer)
    const { key, key_id } = (await call('GET', `${secrets}/public-key`)).body
    const put = (name: string, value: string) =>
      call('PUT', `/repos/Octo/APP/actions/secrets/${name}`, { encrypted_value: seal(value, key), key_id })
    const created = await put('api_key', 'first ✓')
    expect([created.status, created.body]).toEqual([201, {}])
    expect(github.secret(repository, 'API_KEY')).toMatchObject({ name: 'API_KEY', value: 'first ✓', writes: 1 })

    github.clock.advance(5000)
    expect((await put('API_KEY', 'second')).status).toBe(204)
    const { createdAt = 0, updatedAt = 0, ...stored } = github.secret(repository, 'API_KEY') ?? {}
    expect(stored).toEqual({ name: 'API_KEY', value: 'second', writes: 2 })
    expect(updatedAt - createdAt).toBeGreaterThanOrEqual(5000)
    const { body } = await call('GET', `${secrets}/Api_Key`)
    expect(body.updated_at).toBe(new Date(updatedAt).toISOString().replace(/\.\d+/, ''))
    expect(Object.keys(body)).toEqual(['name', 'created_at', 'updated_at'])
  })

  test('a replaced key pair: neither the old key nor the old key_id will do any more', async () => {
    const call = as(writer)
    const old = (await call('GET', `${secrets}/public-key`)).body
    github.replaceKeyPair(repository)
    const { key, key_id } = (await call('GET', `${secrets}/public-key`)).body
    for (const [sealedFor, id] of [
      [old.key, old.key_id],
      [old.key, key_id],
      [key, old.key_id],
    ]) {
      const box = { encrypted_value: seal('x', sealedFor), key_id: id }
      const { status, body } = await call('PUT', `${secrets}/NAME`, box)
      expect(status).toBe(422)
      expect(body).toMatchObject({ message: expect.stringMatching(/improperly encrypted secret/), status: '422' })
    }
    expect(github.secret(repository, 'NAME')).toBeUndefined()
  })

  test.each(['1NAME', 'MY-NAME', 'GITHUB_NAME'])('the name %s gets 422', async (name) => {
    const call = as(writer)
    const { key, key_id } = (await call('GET', `${secrets}/public-key`)).body
    const box = { encrypted_value: seal('x', key), key_id }
    expect((await call('PUT', `${secrets}/${name}`, box)).status).toBe(422)
  })

  test.each([
    {},
    { encrypted_value: 'YWJj' },
    { encrypted_value: 'no base64', key_id: '1' },
    { encrypted_value: 'YWJj', key_id: 1 },
  ])('the body %p gets 422', async (body) => {
    expect((await as(writer)('PUT', `${secrets}/NAME`, body)).status).toBe(422)
  })
})

describe('reading and deleting', () => {
  test('a secret that was set behind the API shows its date and never its value', async () => {
    github.setSecret(repository, 'old', 'value-1', new Date('2026-01-01T10:20:30.900Z'))
    const { body } = await as(reader)('GET', `${secrets}/OLD`)
    expect(body).toEqual({ name: 'OLD', created_at: '2026-01-01T10:20:30Z', updated_at: '2026-01-01T10:20:30Z' })
    expect(github.secret(repository, 'OLD')?.writes).toBe(0)
  })

  test('the list goes page by page', async () => {
    for (const name of ['C', 'A', 'B']) github.setSecret(repository, name, 'x')
    const call = as(reader)
    const first = await call('GET', `${secrets}?per_page=2`)
    expect(first.body.total_count).toBe(3)
    expect(first.body.secrets.map(({ name }: { name: string }) => name)).toEqual(['A', 'B'])
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await call('GET', next.slice(github.url.length))
    expect(second.body.secrets.map(({ name }: { name: string }) => name)).toEqual(['C'])
    expect(second.headers.get('link')).toBeNull()
  })

  test('deleting: 204, and 404 for a name that is not there', async () => {
    github.setSecret(repository, 'NAME', 'x')
    const call = as(writer)
    expect((await call('DELETE', `${secrets}/name`)).status).toBe(204)
    expect((await call('DELETE', `${secrets}/NAME`)).status).toBe(404)
    expect((await call('GET', `${secrets}/NAME`)).status).toBe(404)
  })

  test('the repository itself', async () => {
    const { status, body } = await as(reader)('GET', '/repos/OCTO/app')
    expect(status).toBe(200)
    expect(body).toMatchObject({ full_name: repository, private: true, archived: false, owner: { login: 'octo' } })
  })
})

describe('what each kind of token may', () => {
  const none: TokenSeed = { kind: 'fine-grained', repositories, permissions: {} }
  const classic = (...scopes: string[]): TokenSeed => ({ kind: 'classic', repositories, scopes })
  const personal = 'Resource not accessible by personal access token'
  const integration = 'Resource not accessible by integration'

  test.each<[TokenSeed, string, number, string | undefined]>([
    [reader, 'GET', 404, 'Not Found'],
    [reader, 'DELETE', 403, personal],
    [writer, 'DELETE', 404, 'Not Found'],
    [none, 'GET', 403, personal],
    [{ kind: 'installation', repositories, permissions: { secrets: 'read' } }, 'DELETE', 403, integration],
    [{ kind: 'installation', repositories, permissions: { secrets: 'write' } }, 'DELETE', 404, 'Not Found'],
    [{ kind: 'workflow', repositories }, 'GET', 403, integration],
    [{ kind: 'workflow', repositories }, 'DELETE', 403, integration],
    [classic('repo', 'workflow'), 'DELETE', 404, 'Not Found'],
  ])('%p: %s of a secret that is not there gives %p', async (seed, method, status, message) => {
    const answer = await as(seed)(method, `${secrets}/NAME`)
    expect([answer.status, answer.body.message]).toEqual([status, message])
    expect(answer.body.status).toBe(String(status))
    const told = seed.kind === 'classic' ? 'x-accepted-oauth-scopes' : 'x-accepted-github-permissions'
    const wanted = seed.kind === 'classic' ? 'repo' : `secrets=${method === 'GET' ? 'read' : 'write'}`
    expect(answer.headers.get(told)).toBe(wanted)
    expect(answer.headers.get('x-oauth-scopes')).toBe(seed.kind === 'classic' ? 'repo, workflow' : null)
  })

  test('a private repository is not there for a token that is not for it, or for a classic one without repo', async () => {
    github.addRepository('octo/other')
    for (const seed of [writer, classic('repo')]) {
      expect((await as(seed)('GET', '/repos/octo/other/actions/secrets/public-key')).status).toBe(404)
    }
    expect((await as(classic('workflow'))('GET', `${secrets}/public-key`)).status).toBe(404)
    expect((await as(writer)('GET', '/repos/octo/none/actions/secrets/public-key')).status).toBe(404)
  })

  test('a public repository is there for everyone, but its secrets are not', async () => {
    github.addRepository('octo/open', { private: false })
    const call = as(classic('repo'))
    expect((await call('GET', '/repos/octo/open')).status).toBe(200)
    const { status, body } = await call('GET', '/repos/octo/open/actions/secrets/public-key')
    expect([status, body.message]).toEqual([403, 'Must have admin rights to Repository.'])
  })

  test('an archived repository can be read, not written', async () => {
    github.addRepository('octo/old', { archived: true })
    const call = as({ kind: 'classic', repositories: ['octo/old'], scopes: ['repo'] })
    expect((await call('GET', '/repos/octo/old/actions/secrets/public-key')).status).toBe(200)
    const { status, body } = await call('DELETE', '/repos/octo/old/actions/secrets/NAME')
    expect([status, body.message]).toEqual([403, 'Repository was archived so is read-only.'])
  })

  test('an unknown or a revoked token gets 401', async () => {
    const token = github.addToken(writer)
    const call = client(github.url, token)
    expect((await call('GET', `${secrets}/public-key`)).status).toBe(200)
    github.revokeToken(token)
    const { status, body } = await call('GET', `${secrets}/public-key`)
    expect([status, body.message]).toEqual([401, 'Bad credentials'])
  })
})

test('a renamed repository redirects where reading and writing work', async () => {
  const call = as(writer)
  const { key, key_id } = (await call('GET', `${secrets}/public-key`)).body
  github.renameRepository(repository, 'octo/renamed')
  const get = await call('GET', `${secrets}/public-key`)
  expect(get.status).toBe(301)
  const there = new URL(get.headers.get('location') ?? '')
  expect(there.origin).toBe(github.origin)
  expect((await call('GET', there.pathname)).body).toEqual({ key, key_id })

  const box = { encrypted_value: seal('moved', key), key_id }
  const put = await call('PUT', `${secrets}/NAME`, box)
  expect(put.status).toBe(307)
  expect((await call('PUT', new URL(put.headers.get('location') ?? '').pathname, box)).status).toBe(201)
  expect(github.secret('octo/renamed', 'NAME')?.value).toBe('moved')
})

test('every answer tells the rate limit of its token; without any left it is a 403 until the hour is over', async () => {
  const call = as(writer)
  const other = as(reader)
  github.rateLimit.remaining = 2
  const limits = (headers: Headers) =>
    ['limit', 'remaining', 'used', 'resource'].map((name) => headers.get(`x-ratelimit-${name}`))
  expect(limits((await call('GET', `${secrets}/public-key`)).headers)).toEqual(['5000', '1', '4999', 'core'])
  expect(limits((await call('GET', '/repos/octo/none')).headers)).toEqual(['5000', '0', '5000', 'core'])
  const { status, headers, body } = await call('GET', `${secrets}/public-key`)
  expect([status, body.message]).toEqual([403, expect.stringMatching(/^API rate limit exceeded for /)])
  expect((await other('GET', `${secrets}/public-key`)).status).toBe(200)
  const reset = Number(headers.get('x-ratelimit-reset')) * 1000
  expect(reset).toBeGreaterThan(github.clock.now())
  github.clock.advance(reset - github.clock.now())
  expect(limits((await call('GET', `${secrets}/public-key`)).headers)[1]).toBe('4999')
})

test('under the base path of GitHub Enterprise Server', async () => {
  const server = await startGitHub({ basePath: '/api/v3' })
  try {
    server.addRepository(repository)
    const token = server.addToken(writer)
    expect((await client(server.url, token)('GET', `${secrets}/public-key`)).status).toBe(200)
    expect((await client(server.origin, token)('GET', `${secrets}/public-key`)).status).toBe(404)
    expect(await violations(server.journal.slice(0, 1))).toEqual([])
  } finally {
    await server.close()
  }
})
