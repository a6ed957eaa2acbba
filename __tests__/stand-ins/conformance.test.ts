import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sodium from 'libsodium-wrappers'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, startGitHub } from '../../sandbox/github.ts'
import { type IncidentIo, startIncidentIo } from '../../sandbox/incident-io.ts'
import type { Exchange } from '../../sandbox/journal.ts'
import { client } from './client.ts'

let incident: IncidentIo
let github: GitHub

/** A right request to each endpoint of both, so that each has an answer in the journal. */
beforeAll(async () => {
  incident = await startIncidentIo()
  const manager = incident.addKey({
    name: 'Manager',
    roles: ['viewer', 'api_keys_manage', 'schedules_editor'],
    teamIds: ['A'],
    teamRoles: ['schedules_editor'],
    comments: 'Rotates the others',
  })
  const keys = client(incident.url, manager.token)
  await keys('GET', '/v1/identity')
  await keys('GET', '/v1/api_keys?page_size=1')
  const fields = { name: 'CI', role_names: ['viewer'], team_ids: ['A'], team_role_names: ['schedules_editor'] }
  const { id } = (await keys('POST', '/v1/api_keys', fields)).body.api_key
  await keys('GET', `/v1/api_keys/${id}`)
  await keys('PUT', `/v1/api_keys/${id}`, { ...fields, comments: 'For CI' })
  await keys('POST', `/v1/api_keys/${id}/actions/rotate`, { grace_period_minutes: 0 })
  await keys('DELETE', `/v1/api_keys/${id}`)
  await keys('DELETE', `/v1/api_keys/${id}`)

  github = await startGitHub()
  github.addRepository('octo/app')
  const token = github.addToken({ kind: 'classic', scopes: ['repo'], repositories: ['octo/app'] })
  const api = client(github.url, token)
  await api('GET', '/repos/octo/app')
  const secrets = '/repos/octo/app/actions/secrets'
  const { key, key_id } = (await api('GET', `${secrets}/public-key`)).body
  const box = sodium.crypto_box_seal('value', Buffer.from(key, 'base64'))
  const body = { encrypted_value: Buffer.from(box).toString('base64'), key_id }
  await api('PUT', `${secrets}/NAME`, body)
  await api('PUT', `${secrets}/NAME`, body)
  await api('GET', `${secrets}/NAME`)
  await api('GET', `${secrets}?per_page=1&page=1`)
  await api('DELETE', `${secrets}/NAME`)
  github.renameRepository('octo/app', 'octo/renamed')
  await api('GET', `${secrets}/public-key`)
  await api('GET', '/repositories/1000000/actions/secrets/public-key')
})

afterAll(() => Promise.all([incident.close(), github.close()]))

/** The journal's first exchange of this kind, as a copy that a test may spoil. */
function exchange(journal: readonly Exchange[], method: string, path: RegExp): Exchange {
  const found = journal.find((one) => one.method === method && path.test(one.path))
  if (!found) throw new Error(`The journal has no ${method} ${path}`)
  return structuredClone(found)
}

test('every request and every answer of both is as the services describe them', async () => {
  const statuses = (journal: readonly Exchange[]) => journal.map(({ status }) => status)
  expect(statuses(incident.journal)).toEqual([200, 200, 201, 200, 200, 201, 204, 404])
  expect(statuses(github.journal)).toEqual([200, 200, 201, 204, 200, 200, 204, 301, 200])
  expect(await violations([...incident.journal, ...github.journal])).toEqual([])
})

test('a property of the wrong type in a request is told', async () => {
  const put = exchange(github.journal, 'PUT', /NAME$/)
  Object.assign(put.requestBody as object, { key_id: 1 })
  const rotation = exchange(incident.journal, 'POST', /rotate$/)
  rotation.requestBody = { grace_period_minutes: '30' }
  expect(await violations([put, rotation])).toEqual([
    'GitHub PUT /repos/octo/app/actions/secrets/NAME: request: /key_id must be string',
    `incident.io POST ${rotation.path}: request: /grace_period_minutes must be integer`,
  ])
})

test('a property or a query that the description does not know is told in a request, and is fine in an answer', async () => {
  const rotation = exchange(incident.journal, 'POST', /rotate$/)
  rotation.requestBody = { grace_period_minutes: 30, graceful: true }
  const list = exchange(incident.journal, 'GET', /api_keys$/)
  list.query = 'name=CI'
  Object.assign(list.responseBody as object, { news: 1 })
  expect(await violations([rotation, list])).toEqual([
    `incident.io POST ${rotation.path}: request: must NOT have additional properties (graceful)`,
    'incident.io GET /v1/api_keys: request: /query must NOT have additional properties (name)',
  ])
})

test('a missing or an unwanted body is told in a request', async () => {
  const put = exchange(github.journal, 'PUT', /NAME$/)
  put.requestBody = undefined
  const get = exchange(github.journal, 'GET', /NAME$/)
  get.requestBody = {}
  expect(await violations([put, get])).toEqual([
    "GitHub PUT /repos/octo/app/actions/secrets/NAME: request: must have required property 'requestBody'",
    'GitHub GET /repos/octo/app/actions/secrets/NAME: request: a body where none belongs',
  ])
})

test('a missing property in an answer is told, unless a fault changed the answer', async () => {
  const get = exchange(github.journal, 'GET', /public-key$/)
  get.responseBody = { key_id: '1' }
  const line = "GitHub GET /repos/octo/app/actions/secrets/public-key: response 200: must have required property 'key'"
  expect(await violations([get])).toEqual([line])
  expect(await violations([{ ...get, fault: 'delay' }])).toEqual([line])
  expect(await violations([{ ...get, fault: 'answer' }])).toEqual([])
})

test('a refusal in another shape and a success that is not described are told', async () => {
  const get = exchange(github.journal, 'GET', /public-key$/)
  const refused = { ...get, status: 418, responseBody: { message: ['no'] } }
  const succeeded = { ...get, status: 202 }
  const lines = await violations([refused, succeeded, { ...refused, service: 'incident.io', path: '/v1/identity' }])
  expect(lines[0]).toMatch(/response 418: \/message must be string$/)
  expect(lines[1]).toMatch(/response 202: a success that this endpoint does not know$/)
  expect(lines).toContain("incident.io GET /v1/identity: response 418: must have required property 'request_id'")
})

test('an endpoint that is not described is told', async () => {
  const get = exchange(github.journal, 'GET', /public-key$/)
  const unknown = [
    { ...get, path: '/repos/octo/app/actions/secrets/public-key/extra' },
    { ...get, method: 'PATCH' },
  ]
  expect(await violations(unknown)).toEqual([
    'GitHub GET /repos/octo/app/actions/secrets/public-key/extra: request: unknown endpoint',
    'GitHub PATCH /repos/octo/app/actions/secrets/public-key: request: unknown endpoint',
  ])
})
