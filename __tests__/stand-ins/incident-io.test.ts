import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type IncidentIo, startIncidentIo } from '../../sandbox/incident-io.ts'
import { client } from './client.ts'

const minute = 60_000

let incident: IncidentIo

beforeEach(async () => {
  incident = await startIncidentIo()
})

afterEach(async () => {
  await incident.close()
  const lines = await violations(incident.journal)
  expect(lines.filter((line) => !line.includes(': request:'))).toEqual([])
})

const as = (token: string) => client(incident.url, token)

function seedManager(roles = ['viewer', 'incident_creator']) {
  const { id, token } = incident.addKey({ name: 'Manager', roles: [...roles, 'api_keys_manage'] })
  return { id, token, call: as(token) }
}

const fields = (more: object = {}) => ({
  name: 'New',
  role_names: ['viewer'],
  team_ids: [],
  team_role_names: [],
  ...more,
})

describe('who may call', () => {
  test('a missing or unknown token gets 401 with the error envelope', async () => {
    const none = await fetch(`${incident.url}/v1/identity`)
    expect(none.status).toBe(401)
    expect(await none.json()).toEqual({
      type: 'authentication_error',
      status: 401,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      errors: [{ code: 'missing_authorization_material', message: 'No authorization material provided in request' }],
    })
    expect((await as('inc_unknown')('GET', '/v1/identity')).status).toBe(401)
  })

  test('any key may ask who it is, but only a manager may manage', async () => {
    const call = as(incident.addKey({ name: 'Reader', roles: ['viewer'] }).token)
    const { status, body } = await call('GET', '/v1/identity')
    expect(status).toBe(200)
    expect(body.identity).toMatchObject({ name: 'Reader', roles: ['viewer'] })
    const refused = await call('GET', '/v1/api_keys')
    expect(refused.status).toBe(403)
    expect(refused.body.type).toBe('resource_forbidden')
  })

  test('a manager of teams sees and manages keys of its teams only, and the account level covers teams', async () => {
    const teamKey = (name: string, team: string) =>
      incident.addKey({ name, roles: [], teamIds: [team], teamRoles: ['schedules_editor'] })
    const ours = teamKey('Ours', 'A')
    const theirs = teamKey('Theirs', 'B')
    const { id, token } = incident.addKey({
      name: 'Manager of A',
      roles: [],
      teamIds: ['A'],
      teamRoles: ['api_keys_manage', 'schedules_editor'],
    })
    const call = as(token)
    const { body } = await call('GET', '/v1/api_keys')
    expect(body.api_keys.map((key: { id: string }) => key.id)).toEqual([ours.id, id])
    const rotate = (key: string) => call('POST', `/v1/api_keys/${key}/actions/rotate`, { grace_period_minutes: 5 })
    expect((await rotate(ours.id)).status).toBe(201)
    expect((await rotate(theirs.id)).status).toBe(404)
    expect((await call('DELETE', `/v1/api_keys/${theirs.id}`)).status).toBe(404)
    const inTeam = (team: string) => fields({ role_names: [], team_ids: [team], team_role_names: ['schedules_editor'] })
    expect((await call('POST', '/v1/api_keys', inTeam('A'))).status).toBe(201)
    expect((await call('POST', '/v1/api_keys', inTeam('B'))).status).toBe(403)
    expect((await call('POST', '/v1/api_keys', fields({ role_names: ['schedules_editor'] }))).status).toBe(403)
    const account = seedManager(['schedules_editor'])
    expect((await account.call('POST', '/v1/api_keys', inTeam('B'))).status).toBe(201)
  })
})

describe('rotate', () => {
  const rotation = (id: string, minutes: unknown) =>
    ['POST', `/v1/api_keys/${id}/actions/rotate`, { grace_period_minutes: minutes }] as const

  test('gives a new token once, and the old one lives until its grace ends', async () => {
    const { call } = seedManager()
    const { id, token: old } = incident.addKey({ name: 'CI', roles: ['viewer'], createdAt: new Date('2026-01-01') })
    const { status, body } = await call(...rotation(id, 30))
    expect(status).toBe(201)
    expect(body.token).toMatch(/^inc_[0-9a-f]{64}$/)
    expect(body.api_key.created_at).toBe('2026-01-01T00:00:00.000000Z')
    expect(Date.parse(body.api_key.token_last_issued_at)).toBeGreaterThan(incident.clock.now() - minute)
    const shown = await call('GET', `/v1/api_keys/${id}`)
    expect(JSON.stringify(shown.body)).not.toContain('inc_')
    expect(shown.body.api_key.token_last_issued_at).toBe(body.api_key.token_last_issued_at)

    incident.clock.advance(29 * minute)
    expect((await as(old)('GET', '/v1/identity')).status).toBe(200)
    incident.clock.advance(minute)
    expect((await as(old)('GET', '/v1/identity')).status).toBe(401)
    expect((await as(body.token)('GET', '/v1/identity')).status).toBe(200)
    expect(incident.keyOf(body.token)?.id).toBe(id)
  })

  test('without a grace the old token dies at once', async () => {
    const { call } = seedManager()
    const { id, token } = incident.addKey({ name: 'CI', roles: ['viewer'] })
    await call(...rotation(id, 0))
    expect(incident.keyOf(token)).toBeUndefined()
  })

  test.each([
    [false, [true, true, true]],
    [true, [false, true, true]],
  ])('a second rotation in a grace; ends earlier tokens: %s', async (switched, expected) => {
    incident.rotationEndsEarlierTokens = switched
    const { call } = seedManager()
    const { id } = incident.addKey({ name: 'CI', roles: ['viewer'] })
    await call(...rotation(id, 60))
    await call(...rotation(id, 5))
    expect(incident.tokensOf(id).map(({ token }) => incident.keyOf(token) !== undefined)).toEqual(expected)
  })

  test('a key may rotate itself, and go on with its new token', async () => {
    const { id, call } = seedManager()
    const { status, body } = await call(...rotation(id, 0))
    expect(status).toBe(201)
    expect((await call('GET', '/v1/api_keys')).status).toBe(401)
    expect((await as(body.token)('GET', '/v1/api_keys')).status).toBe(200)
  })

  test('needs every scope of the key', async () => {
    const { call } = seedManager(['viewer'])
    const { id, token } = incident.addKey({ name: 'CI', roles: ['viewer', 'incident_editor'] })
    expect((await call(...rotation(id, 30))).status).toBe(403)
    expect(incident.tokensOf(id)).toEqual([{ token, issuedAt: incident.key(id)?.issuedAt }])
  })

  test.each([undefined, '30', 1.5, -1, 61])('refuses %p minutes and names the field', async (minutes) => {
    const { call } = seedManager()
    const { id } = incident.addKey({ name: 'CI', roles: ['viewer'] })
    const { status, body } = await call(...rotation(id, minutes))
    expect(status).toBe(422)
    expect(body.errors[0].source).toEqual({ field: 'grace_period_minutes' })
    expect(incident.tokensOf(id)).toHaveLength(1)
  })
})

describe('the other endpoints', () => {
  test('list gives every key once, page by page, and the last page has no cursor', async () => {
    const { id, call } = seedManager()
    const seeded = [id, ...['a', 'b', 'c'].map((name) => incident.addKey({ name, roles: [] }).id)]
    const listed: string[] = []
    const sizes: number[] = []
    let after: string | undefined
    do {
      const { body } = await call('GET', `/v1/api_keys?page_size=2${after ? `&after=${after}` : ''}`)
      listed.push(...body.api_keys.map((key: { id: string }) => key.id))
      sizes.push(body.api_keys.length)
      after = body.pagination_meta.after
    } while (after)
    expect(listed).toEqual(seeded)
    expect(sizes).toEqual([2, 2])
    expect((await call('GET', '/v1/api_keys')).body.pagination_meta).toEqual({ page_size: 25 })
    const tooMany = await call('GET', '/v1/api_keys?page_size=251')
    expect([tooMany.status, tooMany.body.errors[0].source.field]).toEqual([422, 'page_size'])
  })

  test('create, update and delete', async () => {
    const { id: manager, call } = seedManager()
    const created = await call('POST', '/v1/api_keys', fields({ comments: 'For the exporter' }))
    expect(created.status).toBe(201)
    const { id } = created.body.api_key
    expect(created.body.api_key.creator).toEqual({ api_key: { id: manager, name: 'Manager' } })
    expect(incident.keyOf(created.body.token)?.comments).toBe('For the exporter')

    const updated = await call('PUT', `/v1/api_keys/${id}`, fields({ name: 'Renamed', role_names: [] }))
    expect(updated.status).toBe(200)
    expect(updated.body.api_key).toMatchObject({ id, name: 'Renamed', roles: [] })
    expect(updated.body.api_key).not.toHaveProperty('comments')

    expect((await call('DELETE', `/v1/api_keys/${id}`)).status).toBe(204)
    expect((await call('GET', `/v1/api_keys/${id}`)).status).toBe(404)
    expect((await as(created.body.token)('GET', '/v1/identity')).status).toBe(401)
  })

  test.each([
    [422, 'name', { name: '' }],
    [422, 'comments', { comments: 'x'.repeat(5001) }],
    [422, 'role_names', { role_names: undefined }],
    [422, 'role_names', { role_names: ['no_such_role'] }],
    [422, 'role_names', { role_names: ['api_keys_manage'] }],
    [422, 'team_role_names', { team_ids: ['A'] }],
    [422, 'team_ids', { team_role_names: ['schedules_editor'] }],
    [403, undefined, { role_names: ['incident_editor'] }],
  ])('create answers %p about %p', async (status, field, change) => {
    const { call } = seedManager()
    const answer = await call('POST', '/v1/api_keys', fields(change))
    expect([answer.status, answer.body.errors[0].source?.field]).toEqual([status, field])
    expect(incident.keys()).toHaveLength(1)
  })

  test('a body that is no JSON, an unknown path and an unknown method', async () => {
    const { token, call } = seedManager()
    const headers = { authorization: `Bearer ${token}` }
    const { status } = await fetch(`${incident.url}/v1/api_keys`, { method: 'POST', headers, body: '{"name":' })
    expect(status).toBe(400)
    expect((await call('GET', '/v1/incidents')).status).toBe(404)
    expect((await call('PATCH', '/v1/api_keys')).status).toBe(405)
  })

  test('using a token moves last_used_at of its key', async () => {
    const { call } = seedManager()
    const { id, token } = incident.addKey({ name: 'CI', roles: ['viewer'] })
    expect((await call('GET', `/v1/api_keys/${id}`)).body.api_key).not.toHaveProperty('last_used_at')
    await as(token)('GET', '/v1/identity')
    const { body } = await call('GET', `/v1/api_keys/${id}`)
    expect(body.api_key.last_used_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  })
})

test('past the rate limit a key gets 429 until the minute is over; other keys do not', async () => {
  // Away from the end of a minute, so that it does not end in the middle of the test.
  incident.clock.advance(minute - (incident.clock.now() % minute) + 18_000)
  const { call } = seedManager()
  const other = seedManager()
  incident.rateLimit = 2
  await call('GET', '/v1/identity')
  expect((await call('GET', '/v1/identity')).headers.get('x-ratelimit-remaining')).toBe('0')
  const { status, headers, body } = await call('GET', '/v1/identity')
  expect(status).toBe(429)
  const seconds = Number(headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(30)
  expect(seconds).toBeLessThanOrEqual(42)
  expect(body.rate_limit).toMatchObject({ name: 'Manager', limit: 2, remaining: 0 })
  expect(body.rate_limit.retry_after).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:00 UTC$/)
  expect((await other.call('GET', '/v1/identity')).status).toBe(200)
  incident.clock.advance(seconds * 1000)
  expect((await call('GET', '/v1/identity')).status).toBe(200)
})
