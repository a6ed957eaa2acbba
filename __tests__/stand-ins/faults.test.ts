import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Clock } from '../../sandbox/clock.ts'
import type { Fault } from '../../sandbox/faults.ts'
import { type IncidentIo, startIncidentIo } from '../../sandbox/incident-io.ts'

let incident: IncidentIo
let token: string
let id: string

beforeEach(async () => {
  incident = await startIncidentIo()
  token = incident.addKey({ name: 'Manager', roles: ['viewer', 'api_keys_manage'] }).token
  id = incident.addKey({ name: 'CI', roles: ['viewer'] }).id
})

afterEach(() => incident.close())

const path = () => `/v1/api_keys/${id}/actions/rotate`

function rotate(signal?: AbortSignal): Promise<Response> {
  return fetch(incident.url + path(), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"grace_period_minutes":30}',
    ...(signal && { signal }),
  })
}

const strike = (fault: Fault) => incident.faults.add({ method: 'POST', path: /rotate$/, fault })
const rotations = () => incident.tokensOf(id).length - 1

test.each([
  [{ status: 503, body: '<h1>Down</h1>' }, 0, 'status 503'],
  [{ status: 502, body: '', afterEffect: true }, 1, 'status 502 after'],
])('%p: the answer is replaced', async (answer, effects, name) => {
  strike({ kind: 'status', headers: { 'retry-after': '3' }, ...answer })
  const response = await rotate()
  expect(response.status).toBe(answer.status)
  expect(response.headers.get('retry-after')).toBe('3')
  expect(await response.text()).toBe(answer.body)
  expect(rotations()).toBe(effects)
  expect(incident.journal.at(-1)).toMatchObject({ fault: name, status: answer.status })
})

test.each<[Fault, number]>([
  [{ kind: 'reset', when: 'before' }, 0],
  [{ kind: 'reset', when: 'after' }, 1],
])('%p: the connection breaks without an answer', async (fault, effects) => {
  strike(fault)
  await expect(rotate()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
  expect(rotations()).toBe(effects)
  expect(incident.journal.at(-1)).toMatchObject({ status: undefined, fault: `reset ${effects ? 'after' : 'before'}` })
})

test.each<[Fault, number]>([
  [{ kind: 'hang', when: 'before' }, 0],
  [{ kind: 'hang', when: 'after' }, 1],
])('%p: no answer comes', async (fault, effects) => {
  strike(fault)
  await expect(rotate(AbortSignal.timeout(300))).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(rotations()).toBe(effects)
})

test('cut-off: it took effect, and the body ends too early', async () => {
  strike({ kind: 'cut-off' })
  const response = await rotate()
  expect(response.status).toBe(201)
  await expect(response.text()).rejects.toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
  expect(rotations()).toBe(1)
})

test('unreadable: it took effect, and the body is complete but no JSON', async () => {
  strike({ kind: 'unreadable' })
  const response = await rotate()
  expect(response.status).toBe(201)
  const text = await response.text()
  expect(text).toContain(incident.tokensOf(id).at(-1)?.token)
  expect(() => JSON.parse(text)).toThrow()
})

test('delay: late, but as ever', async () => {
  strike({ kind: 'delay', ms: 300 })
  const start = performance.now()
  expect((await rotate()).status).toBe(201)
  expect(performance.now() - start).toBeGreaterThan(290)
})

test('drip: headers at once, then the body bit by bit', async () => {
  strike({ kind: 'drip', ms: 1 })
  const start = performance.now()
  const response = await rotate()
  const headersAfter = performance.now() - start
  expect(await response.json()).toMatchObject({ api_key: { id } })
  expect(performance.now() - start).toBeGreaterThan(headersAfter + 300)
})

test('answer: it took effect, and the answer is changed', async () => {
  strike({ kind: 'answer', change: (answer) => ({ ...answer, body: { ...(answer.body as object), news: [1] } }) })
  expect(await (await rotate()).json()).toMatchObject({ api_key: { id }, news: [1] })
})

test('a rule lets some pass, strikes so often, and is for its method and path only', async () => {
  const fault: Fault = { kind: 'status', status: 500 }
  incident.faults.add({ method: 'POST', skip: 1, times: 2, fault })
  incident.faults.add({ path: /other/, fault })
  const statuses: number[] = []
  for (let i = 0; i < 4; i++) {
    const shown = await fetch(`${incident.url}/v1/identity`, { headers: { authorization: `Bearer ${token}` } })
    statuses.push(shown.status, (await rotate()).status)
  }
  expect(statuses).toEqual([200, 201, 200, 500, 200, 500, 200, 201])
  incident.faults.add({ times: Infinity, fault })
  expect([(await rotate()).status, (await rotate()).status]).toEqual([500, 500])
  incident.faults.clear()
  expect((await rotate()).status).toBe(201)
})

test('the hook runs before a request is handled', async () => {
  incident.onRequest = async ({ method }) => {
    if (method === 'POST') incident.rateLimit = 0
  }
  expect((await rotate()).status).toBe(429)
})

test('a network round trip takes its time, and the journal tells when', async () => {
  const clock = new Clock({ start: new Date('2026-03-04T05:06:07Z') })
  const far = await startIncidentIo({ clock, roundTripMs: 200 })
  try {
    const start = performance.now()
    const response = await fetch(`${far.url}/v1/identity`)
    expect(performance.now() - start).toBeGreaterThan(190)
    expect(response.headers.get('date')).toBe('Wed, 04 Mar 2026 05:06:07 GMT')
    const [exchange] = far.journal
    expect((exchange?.endedAt ?? 0) - (exchange?.at ?? 0)).toBeGreaterThan(190)
  } finally {
    await far.close()
  }
})

test('closing breaks a connection that hangs', async () => {
  strike({ kind: 'hang', when: 'before' })
  const hanging = rotate()
  while (incident.journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await Promise.all([expect(hanging).rejects.toThrow(), incident.close()])
})

test('a clock runs at its speed and moves when told', async () => {
  const clock = new Clock({ speed: 1000, start: new Date(0) })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(clock.now()).toBeGreaterThan(45_000)
  expect(clock.realDelay(60_000)).toBe(60)
  const before = clock.now()
  clock.advance(3_600_000)
  expect(clock.now() - before).toBeGreaterThanOrEqual(3_600_000)
  expect(clock.date().getUTCHours()).toBe(1)
})
