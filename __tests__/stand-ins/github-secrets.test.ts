import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, type SecretsPlace, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'
import { sealed } from './seal.ts'

const repository = 'octo/app'
const environment = 'prod/EU west'
const at = { owner: 'octo', repository: 'app' }

/** Every kind of secret that a repository may have: its path in the repository, its permission and its place. */
const kinds: Array<[string, string, SecretsPlace]> = [
  ['actions', 'secrets', { kind: 'repository', ...at }],
  ['environments/prod%2FEU%20west', 'environments', { kind: 'environment', ...at, environment }],
  ['dependabot', 'dependabot_secrets', { kind: 'dependabot', ...at }],
  ['codespaces', 'codespaces_secrets', { kind: 'codespaces', ...at }],
  ['agents', 'agent_secrets', { kind: 'agents', ...at }],
]

let github: GitHub

beforeEach(async () => {
  github = await startGitHub()
  github.addRepository(repository)
  github.addEnvironment(repository, environment)
})

afterEach(async () => {
  await github.close()
  expect(await violations(github.journal)).toEqual([])
})

const as = (seed: TokenSeed) => client(github.url, github.addToken(seed))
const repositories = [repository]
const classic: TokenSeed = { kind: 'classic', repositories, scopes: ['repo'] }

describe.each(kinds)('secrets at %s', (path, permission, place) => {
  const secrets = `/repos/${repository}/${path}/secrets`
  const holding = (level: 'read' | 'write') => ({ repositories, permissions: { [permission]: level } })

  test('are sealed for a key of their own, written, read, listed and deleted', async () => {
    const call = as({ kind: 'fine-grained', ...holding('write') })
    expect((await call('PUT', `${secrets}/name`, await sealed(call, secrets, 'first'))).status).toBe(201)
    expect((await call('PUT', `${secrets}/NAME`, await sealed(call, secrets, 'second'))).status).toBe(204)
    expect(github.store(place).get('NAME')).toMatchObject({ name: 'NAME', value: 'second', writes: 2 })
    expect(Object.keys((await call('GET', `${secrets}/NAME`)).body)).toEqual(['name', 'created_at', 'updated_at'])
    expect((await call('GET', secrets)).body).toMatchObject({ total_count: 1, secrets: [{ name: 'NAME' }] })
    expect((await call('DELETE', `${secrets}/NAME`)).status).toBe(204)
    expect(github.store(place).get('NAME')).toBeUndefined()
  })

  test('neither their names nor their key are those of another kind', async () => {
    github.store(place).set('NAME', 'mine')
    const call = as(classic)
    const keys = new Set<string>()
    for (const [other, , otherPlace] of kinds) {
      expect(github.store(otherPlace).get('NAME')?.value).toBe(other === path ? 'mine' : undefined)
      keys.add((await call('GET', `/repos/${repository}/${other}/secrets/public-key`)).body.key_id)
    }
    expect(keys.size).toBe(kinds.length)
  })

  test('a box for a key pair that was replaced gets 422', async () => {
    const call = as(classic)
    const body = await sealed(call, secrets, 'value')
    github.store(place).replaceKeyPair()
    expect((await call('PUT', `${secrets}/NAME`, body)).status).toBe(422)
    expect(github.store(place).get('NAME')).toBeUndefined()
  })

  test('want their own permission, which the answer names', async () => {
    // https://docs.github.com/rest/codespaces/repository-secrets: to read takes "Codespaces secrets" (write).
    const level = path === 'codespaces' ? 'write' : 'read'
    for (const kind of ['fine-grained', 'installation'] as const) {
      const reader = as({ kind, ...holding('read') })
      const read = await reader('GET', `${secrets}/NAME`)
      const refused = await reader('DELETE', `${secrets}/NAME`)
      expect([read.status, refused.status]).toEqual([level === 'read' ? 404 : 403, 403])
      expect((await as({ kind, ...holding(level) })('GET', `${secrets}/NAME`)).status).toBe(404)
      expect(read.headers.get('x-accepted-github-permissions')).toBe(`${permission}=${level}`)
      expect(refused.headers.get('x-accepted-github-permissions')).toBe(`${permission}=write`)
      expect((await as({ kind, ...holding('write') })('DELETE', `${secrets}/NAME`)).status).toBe(404)
      const others = kinds.map(([, name]) => name).filter((name) => name !== permission)
      const permissions = Object.fromEntries(others.map((name) => [name, 'write' as const]))
      expect((await as({ kind, repositories, permissions })('GET', `${secrets}/public-key`)).status).toBe(403)
    }
  })

  test('are open to a classic token with repo, and to no GITHUB_TOKEN', async () => {
    const told = await as(classic)('DELETE', `${secrets}/NAME`)
    expect([told.status, told.headers.get('x-accepted-oauth-scopes')]).toEqual([404, 'repo'])
    const workflow = as({ kind: 'workflow', repositories })
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await workflow(method, `${secrets}/NAME`)
      expect([status, body.message]).toEqual([403, 'Resource not accessible by integration'])
    }
  })

  test('of an archived repository can be read, not written', async () => {
    github.addRepository('octo/old', { archived: true })
    github.addEnvironment('octo/old', environment)
    const call = as({ kind: 'classic', repositories: ['octo/old'], scopes: ['repo'] })
    const old = `/repos/octo/old/${path}/secrets`
    expect((await call('GET', `${old}/public-key`)).status).toBe(200)
    const { status, body } = await call('DELETE', `${old}/NAME`)
    expect([status, body.message]).toEqual([403, 'Repository was archived so is read-only.'])
  })
})

describe('environments', () => {
  const reader: TokenSeed = { kind: 'installation', repositories, permissions: { actions: 'read' } }

  test('are listed page by page, and found in any case', async () => {
    github.addEnvironment(repository, 'staging')
    const call = as(reader)
    const { body, headers } = await call('GET', `/repos/${repository}/environments?per_page=1`)
    expect(body).toMatchObject({ total_count: 2, environments: [{ name: environment }] })
    expect(headers.get('link')).toContain('rel="next"')
    const one = await call('GET', `/repos/${repository}/environments/PROD%2Feu%20West`)
    expect([one.status, one.body.name]).toEqual([200, environment])
    expect(new URL(one.body.url).pathname).toBe(`/repos/${repository}/environments/prod%2FEU%20west`)
  })

  test('a missing one has neither key nor secrets', async () => {
    const call = as(classic)
    const secrets = `/repos/${repository}/environments/none/secrets`
    const body = await sealed(call, `/repos/${repository}/environments/prod%2FEU%20west/secrets`, 'value')
    const answers = [
      await call('GET', `/repos/${repository}/environments/none`),
      await call('GET', `${secrets}/public-key`),
      await call('GET', `${secrets}/NAME`),
      await call('PUT', `${secrets}/NAME`, body),
      await call('DELETE', `${secrets}/NAME`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect(answers.map(({ body }) => body.message)).toEqual(answers.map(() => 'Not Found'))
  })

  test('reading them takes actions: read', async () => {
    const { status, headers } = await as({
      kind: 'fine-grained',
      repositories,
      permissions: { environments: 'write' },
    })('GET', `/repos/${repository}/environments`)
    expect([status, headers.get('x-accepted-github-permissions')]).toEqual([403, 'actions=read'])
    expect((await as({ kind: 'workflow', repositories })('GET', `/repos/${repository}/environments`)).status).toBe(200)
  })

  test('a renamed repository keeps them', async () => {
    github.store({ kind: 'environment', ...at, environment }).set('NAME', 'value')
    github.renameRepository(repository, 'octo/renamed')
    const call = as({ kind: 'classic', repositories: ['octo/renamed'], scopes: ['repo'] })
    const moved = await call('GET', `/repos/${repository}/environments/prod%2FEU%20west/secrets/NAME`)
    expect(moved.status).toBe(301)
    const there = new URL(moved.headers.get('location') ?? '').pathname
    expect((await call('GET', there)).body).toMatchObject({ name: 'NAME' })
  })
})

test('a store is there for a place that is there only', () => {
  const places: SecretsPlace[] = [
    { kind: 'repository', owner: 'octo', repository: 'none' },
    { kind: 'environment', ...at, environment: 'none' },
    { kind: 'organization', ...at },
    { kind: 'organization', owner: 'octo' },
  ]
  for (const place of places) expect(() => github.store(place)).toThrow('There is no')
  github.addOrganization('octo')
  expect(() => github.store({ kind: 'environment', owner: 'octo' })).toThrow('There is no place')
})
