import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, type SecretsPlace, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'
import { sealed } from './seal.ts'

/** Every kind of secret that an organization may have: its path in the organization, its permission and its place. */
const kinds: Array<[string, string, SecretsPlace]> = [
  ['actions', 'organization_secrets', { kind: 'organization', owner: 'octo' }],
  ['dependabot', 'organization_dependabot_secrets', { kind: 'dependabot', owner: 'octo' }],
  ['codespaces', 'organization_codespaces_secrets', { kind: 'codespaces', owner: 'octo' }],
  ['agents', 'organization_agent_secrets', { kind: 'agents', owner: 'octo' }],
]

let github: GitHub

beforeEach(async () => {
  github = await startGitHub()
  github.addOrganization('octo')
  for (const name of ['octo/app', 'octo/web', 'mona/site']) github.addRepository(name)
  github.addRepository('octo/open', { private: false, archived: true })
})

afterEach(async () => {
  await github.close()
  const lines = await violations(github.journal)
  expect(lines.filter((line) => !line.includes(': request:'))).toEqual([])
})

const as = (seed: TokenSeed) => client(github.url, github.addToken(seed))
const organizations = ['Octo']
const owner: TokenSeed = { kind: 'classic', scopes: ['repo', 'admin:org'], repositories: ['octo/app'], organizations }
const namesIn = (body: Array<{ full_name: string }>) => body.map(({ full_name }) => full_name)

/** The ids that the API tells, as a client would learn them. */
async function idsOf(...names: string[]): Promise<number[]> {
  const call = as({ kind: 'classic', scopes: ['repo'], repositories: names })
  return Promise.all(names.map(async (name) => (await call('GET', `/repos/${name}`)).body.id))
}

describe.each(kinds)('an organization’s secrets at %s', (path, permission, place) => {
  const secrets = `/orgs/octo/${path}/secrets`
  const repositories: string[] = []

  test('are sealed for a key of their own, written, read, listed and deleted', async () => {
    const call = as(owner)
    const put = async (name: string, value: string) =>
      call('PUT', `${secrets}/${name}`, { ...(await sealed(call, secrets, value)), visibility: 'private' })
    expect((await put('name', 'first')).status).toBe(201)
    expect((await put('NAME', 'second')).status).toBe(204)
    expect(github.store(place).get('NAME')).toMatchObject({ value: 'second', writes: 2, visibility: 'private' })
    const { body } = await call('GET', `/orgs/OCTO/${path}/secrets/NAME`)
    expect(Object.keys(body)).toEqual(['name', 'created_at', 'updated_at', 'visibility'])
    expect((await call('GET', secrets)).body).toMatchObject({ total_count: 1, secrets: [{ visibility: 'private' }] })
    expect((await call('DELETE', `${secrets}/NAME`)).status).toBe(204)
    expect((await call('GET', `${secrets}/NAME`)).status).toBe(404)
  })

  test('neither their names nor their key are those of another kind', async () => {
    github.store(place).set('NAME', 'mine')
    const keys = new Set<string>()
    for (const [other, , otherPlace] of kinds) {
      expect(github.store(otherPlace).get('NAME')?.value).toBe(other === path ? 'mine' : undefined)
      keys.add((await as(owner)('GET', `/orgs/octo/${other}/secrets/public-key`)).body.key_id)
    }
    expect(keys.size).toBe(kinds.length)
  })

  test('a PUT replaces: the selection is kept only by sending it back', async () => {
    const [app = 0, web = 0] = await idsOf('octo/app', 'octo/web')
    github.store(place).set('NAME', 'old', undefined, {
      visibility: 'selected',
      selectedRepositories: ['octo/app', 'octo/web'],
    })
    const call = as(owner)
    const put = async (fields: object) =>
      call('PUT', `${secrets}/NAME`, { ...(await sealed(call, secrets, 'new')), ...fields })
    const reach = () => {
      const { visibility, selectedRepositories } = github.store(place).get('NAME') ?? {}
      return [visibility, selectedRepositories]
    }
    expect((await put({ visibility: 'selected', selected_repository_ids: [app, web] })).status).toBe(204)
    expect(reach()).toEqual(['selected', ['octo/app', 'octo/web']])
    expect((await put({ visibility: 'selected' })).status).toBe(204)
    expect(reach()).toEqual(['selected', []])
    await put({ visibility: 'selected', selected_repository_ids: [web] })
    expect((await put({ visibility: 'all', selected_repository_ids: [web] })).status).toBe(204)
    expect(reach()).toEqual(['all', []])
    await put({ visibility: 'selected' })
    expect(reach()).toEqual(['selected', []])
  })

  test('a PUT without a right visibility or with a wrong selection gets 422 and changes nothing', async () => {
    const [app = 0, site = 0] = await idsOf('octo/app', 'mona/site')
    const call = as(owner)
    const box = await sealed(call, secrets, 'value')
    const visibility = 'selected'
    for (const fields of [
      {},
      { visibility: 'public' },
      { visibility, selected_repository_ids: app },
      { visibility, selected_repository_ids: [app, site] },
      { visibility, selected_repository_ids: ['octo/app'] },
    ]) {
      expect((await call('PUT', `${secrets}/NAME`, { ...box, ...fields })).status).toBe(422)
    }
    expect(github.store(place).get('NAME')).toBeUndefined()
  })

  test('the selected repositories have a list of their own, page by page', async () => {
    const [app = 0, web = 0] = await idsOf('octo/app', 'octo/web')
    github.store(place).set('NAME', 'value', undefined, { visibility: 'selected', selectedRepositories: ['octo/app'] })
    const call = as(owner)
    const { body } = await call('GET', `${secrets}/NAME`)
    const list = new URL(body.selected_repositories_url).pathname
    expect(list).toBe(`${secrets}/NAME/repositories`)
    expect((await call('PUT', list, { selected_repository_ids: [app, web] })).status).toBe(204)
    const first = await call('GET', `${list}?per_page=1`)
    expect(first.body).toMatchObject({ total_count: 2, repositories: [{ id: app, full_name: 'octo/app' }] })
    expect(first.headers.get('link')).toContain('page=2>; rel="next"')
    const second = await call('GET', `${list}?per_page=1&page=2`)
    expect(namesIn(second.body.repositories)).toEqual(['octo/web'])
    expect((await call('GET', `${secrets}/NONE/repositories`)).status).toBe(404)
    github.store(place).set('NAME', 'value', undefined, { visibility: 'all', selectedRepositories: [] })
    expect((await call('PUT', list, { selected_repository_ids: [app] })).status).toBe(409)
  })

  test('want admin:org of a classic token, and a token for the organization', async () => {
    const told = await as({ ...owner, scopes: ['repo'] })('GET', `${secrets}/public-key`)
    expect([told.status, told.body.message]).toEqual([403, 'Must have admin rights to Repository.'])
    expect(told.headers.get('x-accepted-oauth-scopes')).toBe('admin:org')
    expect((await as({ ...owner, organizations: ['mona'] })('GET', `${secrets}/public-key`)).status).toBe(404)
    expect((await as(owner)('GET', `/orgs/mona/${path}/secrets/public-key`)).status).toBe(404)
  })

  test('want their own permission of a fine-grained token', async () => {
    const holding = (permissions: Record<string, 'read' | 'write'>) =>
      as({ kind: 'fine-grained', repositories, organizations, permissions })
    const reader = holding({ [permission]: 'read' })
    const refused = await reader('DELETE', `${secrets}/NAME`)
    expect([(await reader('GET', `${secrets}/public-key`)).status, refused.status]).toEqual([200, 403])
    expect(refused.headers.get('x-accepted-github-permissions')).toBe(`${permission}=write`)
    expect((await holding({ [permission]: 'write' })('DELETE', `${secrets}/NAME`)).status).toBe(404)
    const others = ['secrets', ...kinds.map(([, name]) => name).filter((name) => name !== permission)]
    const wrong = holding(Object.fromEntries(others.map((name) => [name, 'write' as const])))
    expect((await wrong('GET', `${secrets}/public-key`)).status).toBe(403)
    const elsewhere = as({ kind: 'fine-grained', repositories: ['octo/app'], permissions: { [permission]: 'write' } })
    expect((await elsewhere('GET', `${secrets}/public-key`)).status).toBe(404)
  })

  test('are open to an App with the permission, except for Codespaces, and to no GITHUB_TOKEN', async () => {
    const app = as({ kind: 'installation', repositories: ['octo/app'], permissions: { [permission]: 'write' } })
    const { status, body } = await app('GET', `${secrets}/public-key`)
    expect(status).toBe(path === 'codespaces' ? 403 : 200)
    if (status === 403) expect(body.message).toBe('Resource not accessible by integration')
    const workflow = await as({ kind: 'workflow', repositories: ['octo/app'] })('GET', `${secrets}/public-key`)
    expect([workflow.status, workflow.body.message]).toEqual([403, 'Resource not accessible by integration'])
    const stranger = as({ kind: 'installation', repositories: ['mona/site'], permissions: { [permission]: 'write' } })
    expect((await stranger('GET', `${secrets}/public-key`)).status).toBe(404)
  })
})

test('ids as text are refused, except by Dependabot', async () => {
  const [app] = await idsOf('octo/app')
  const call = as(owner)
  const statuses: number[] = []
  for (const [path] of kinds) {
    const secrets = `/orgs/octo/${path}/secrets`
    const reach = { visibility: 'selected', selected_repository_ids: [String(app)] }
    statuses.push(
      (await call('PUT', `${secrets}/NAME`, { ...(await sealed(call, secrets, 'value')), ...reach })).status,
    )
  }
  expect(statuses).toEqual([422, 201, 422, 422])
  expect(github.store({ kind: 'dependabot', owner: 'octo' }).get('NAME')?.selectedRepositories).toEqual(['octo/app'])
})

test('a secret set again behind the API keeps its reach', () => {
  const store = github.store({ kind: 'organization', owner: 'octo' })
  store.set('NAME', 'old', undefined, { visibility: 'selected', selectedRepositories: ['octo/web'] })
  store.set('NAME', 'new', new Date('2026-01-01T00:00:00Z'))
  expect(store.get('NAME')).toMatchObject({ value: 'new', visibility: 'selected', selectedRepositories: ['octo/web'] })
  store.set('OTHER', 'value')
  expect(store.get('OTHER')).toMatchObject({ visibility: 'all', selectedRepositories: [] })
})

describe('who owns what', () => {
  const anyone: TokenSeed = { kind: 'workflow', repositories: ['mona/site'] }

  test('an organization is told from a user', async () => {
    const call = as(anyone)
    const organization = await call('GET', '/orgs/OCTO')
    expect([organization.status, organization.body.login, organization.body.type]).toEqual([
      200,
      'octo',
      'Organization',
    ])
    expect((await call('GET', '/orgs/mona')).status).toBe(404)
    const types = []
    for (const login of ['octo', 'MONA']) types.push((await call('GET', `/users/${login}`)).body)
    expect(types).toMatchObject([
      { login: 'octo', type: 'Organization' },
      { login: 'mona', type: 'User' },
    ])
    expect((await call('GET', '/users/nobody')).status).toBe(404)
    expect((await as(owner)('GET', '/repos/octo/app')).body.owner.type).toBe('Organization')
    expect((await call('GET', '/repos/mona/site')).body.owner.type).toBe('User')
  })

  test('the repositories are those that the token may see, the newest first', async () => {
    const all = await as({ ...owner, repositories: ['octo/app', 'octo/web'] })('GET', '/orgs/octo/repos')
    expect(namesIn(all.body)).toEqual(['octo/open', 'octo/web', 'octo/app'])
    expect(all.body[0]).toMatchObject({ archived: true, private: false, visibility: 'public' })
    expect(all.body[1]).toMatchObject({ archived: false, private: true, visibility: 'private' })
    expect(namesIn((await as(owner)('GET', '/orgs/octo/repos')).body)).toEqual(['octo/open', 'octo/app'])
    expect(namesIn((await as(anyone)('GET', '/orgs/octo/repos')).body)).toEqual(['octo/open'])
    expect((await as(owner)('GET', '/orgs/mona/repos')).status).toBe(404)
  })

  test.each([
    ['type=public', ['octo/open']],
    ['type=private', ['octo/app']],
    ['type=all&sort=full_name', ['octo/app', 'octo/open']],
    ['sort=full_name&direction=desc', ['octo/open', 'octo/app']],
    ['sort=created&direction=asc', ['octo/app', 'octo/open']],
  ])('the repositories by %s', async (query, names) => {
    expect(namesIn((await as(owner)('GET', `/orgs/octo/repos?${query}`)).body)).toEqual(names)
  })

  test('the repositories go page by page, at most 100 on each', async () => {
    for (let number = 0; number < 150; number++) github.addRepository(`octo/public-${number}`, { private: false })
    const call = as(anyone)
    const first = await call('GET', '/orgs/octo/repos?per_page=1000&type=public')
    expect(first.body).toHaveLength(100)
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await call('GET', next.slice(github.url.length))
    expect(second.body).toHaveLength(51)
    expect(second.headers.get('link')).toBeNull()
    expect(new Set([...namesIn(first.body), ...namesIn(second.body)]).size).toBe(151)
  })
})
