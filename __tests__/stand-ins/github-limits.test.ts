import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'
import { jwt } from './jwt.ts'

const repository = 'octo/app'
const secrets = `/repos/${repository}/actions/secrets`
const publicKey = `${secrets}/public-key`
const minute = 60_000
const hour = 60 * minute

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

const writer: TokenSeed = { kind: 'fine-grained', repositories: [repository], permissions: { secrets: 'write' } }
type Call = ReturnType<typeof client>
const caller = (): Call => client(github.url, github.addToken(writer))

/** How many of so many requests, one after the other, are not refused. A DELETE finds nothing, and counts all the same. */
async function passing(call: Call, method: 'GET' | 'DELETE', count: number): Promise<number> {
  let passed = 0
  for (let i = 0; i < count; i++) {
    const { status } = await call(method, method === 'GET' ? publicKey : `${secrets}/NONE`)
    passed += status === 403 ? 0 : 1
  }
  return passed
}

const refused = () => Object.groupBy(github.refusals, ({ limit }) => limit)

test('there are none until they are enforced', async () => {
  expect(await passing(caller(), 'DELETE', 100)).toBe(100)
  expect(github.refusals).toEqual([])
})

test('80 writes a minute, told like GitHub tells it; reading goes on meanwhile', async () => {
  github.enforceSecondaryLimits()
  const call = caller()
  expect(await passing(call, 'DELETE', 80)).toBe(80)
  const { status, headers, body } = await call('PUT', `${secrets}/NAME`, { encrypted_value: 'YWJj', key_id: '1' })
  expect(status).toBe(403)
  expect(body).toEqual({
    message: expect.stringMatching(/^You have exceeded a secondary rate limit\. Please wait a few minutes before/),
    documentation_url: expect.stringMatching(/#about-secondary-rate-limits$/),
    status: '403',
  })
  expect(headers.get('x-ratelimit-remaining')).toBe('4919')
  const { limit, at, ...what } = github.refusals[0] ?? {}
  expect([limit, what]).toEqual(['content a minute', { method: 'PUT', path: `${secrets}/NAME` }])
  expect(Math.abs(Number(at) - github.clock.now())).toBeLessThan(1000)
  expect((await call('GET', publicKey)).status).toBe(200)

  const wait = Number(headers.get('retry-after'))
  expect(wait).toBeGreaterThan(50)
  expect(wait).toBeLessThanOrEqual(60)
  github.clock.advance(wait * 1000)
  expect(await passing(call, 'DELETE', 1)).toBe(1)
})

test('the minute slides: what was used makes room a minute later, not with the minute', async () => {
  github.enforceSecondaryLimits({ contentPerMinute: 10 })
  const call = caller()
  expect(await passing(call, 'DELETE', 5)).toBe(5)
  github.clock.advance(40_000)
  expect(await passing(call, 'DELETE', 6)).toBe(5)
  github.clock.advance(21_000)
  expect(await passing(call, 'DELETE', 6)).toBe(5)
  github.clock.advance(18_000)
  expect(await passing(call, 'DELETE', 1)).toBe(0)
  expect(refused()['content a minute']).toHaveLength(3)
})

test('500 writes an hour', async () => {
  github.enforceSecondaryLimits()
  const call = caller()
  for (let i = 0; i < 10; i++) {
    expect(await passing(call, 'DELETE', 50)).toBe(50)
    github.clock.advance(minute)
  }
  const { status, headers } = await call('DELETE', `${secrets}/NONE`)
  expect(status).toBe(403)
  expect(github.refusals[0]?.limit).toBe('content an hour')
  const wait = Number(headers.get('retry-after')) * 1000
  expect(wait).toBeGreaterThan(hour - 11 * minute)
  expect(wait).toBeLessThanOrEqual(hour - 10 * minute)
  github.clock.advance(wait)
  expect(await passing(call, 'DELETE', 51)).toBe(50)
})

test('900 points a minute: a write costs as much as five reads', async () => {
  github.enforceSecondaryLimits({ pointsPerMinute: 21 })
  const call = caller()
  expect(await passing(call, 'DELETE', 3)).toBe(3)
  expect(await passing(call, 'GET', 2)).toBe(2)
  expect(await passing(call, 'DELETE', 1)).toBe(0)
  expect(await passing(call, 'GET', 5)).toBe(4)
  expect(refused()['points a minute']).toHaveLength(2)

  github.enforceSecondaryLimits()
  expect(await passing(call, 'GET', 901)).toBe(900)
})

test('100 at once, counted from the arrival of a request until its answer has gone', async () => {
  github.enforceSecondaryLimits()
  const call = caller()
  const other = caller()
  const asked = 121
  const arrived = Promise.withResolvers<void>()
  github.onRequest = () => {
    if (github.journal.length === asked) arrived.resolve()
    return arrived.promise
  }
  const statuses = async (count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => call('GET', publicKey)))
    return Map.groupBy(answers, ({ status }) => status)
  }
  const [first, ofOther] = await Promise.all([statuses(asked - 1), other('GET', publicKey)])
  expect([first.get(200)?.length, first.get(403)?.length]).toEqual([100, 20])
  expect(first.get(403)?.[0]?.headers.get('retry-after')).toBe('1')
  expect(ofOther.status).toBe(200)
  expect(Object.keys(refused())).toEqual(['concurrent requests'])
  expect((await statuses(100)).get(200)).toHaveLength(100)
})

test('a round trip is under way until its end', async () => {
  const server = await startGitHub({ roundTripMs: 1000 })
  try {
    server.addRepository(repository)
    server.enforceSecondaryLimits({ concurrent: 1 })
    const call = client(server.url, server.addToken(writer))
    const handled = Promise.withResolvers<void>()
    server.onRequest = () => handled.resolve()
    const first = call('GET', publicKey)
    await handled.promise
    // The first one's answer is on its way by now.
    const [one, two] = await Promise.all([first, call('GET', publicKey)])
    expect([one.status, two.status]).toEqual([200, 403])
    expect((await call('GET', publicKey)).status).toBe(200)
  } finally {
    await server.close()
  }
})

test('a connection that breaks is no longer under way', async () => {
  github.enforceSecondaryLimits({ concurrent: 1 })
  const token = github.addToken(writer)
  const call = client(github.url, token)
  github.faults.add({ fault: { kind: 'hang', when: 'before' } })
  const gaveUp = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const hanging = fetch(github.url + publicKey, { headers, signal: gaveUp.signal }).catch(() => 'gave up')
  while (github.journal.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await call('GET', publicKey)).status).toBe(403)
  gaveUp.abort()
  expect(await hanging).toBe('gave up')
  while (github.journal[0]?.endedAt === github.journal[0]?.at) await new Promise((resolve) => setTimeout(resolve, 5))
  expect((await call('GET', publicKey)).status).toBe(200)
})

test('retry-after can be left out', async () => {
  github.enforceSecondaryLimits({ contentPerMinute: 0, retryAfter: false })
  const { status, headers } = await caller()('DELETE', `${secrets}/NONE`)
  expect([status, headers.get('retry-after')]).toEqual([403, null])
})

test("every token has limits of its own, and all tokens of an App's installation have the same", async () => {
  github.enforceSecondaryLimits({ contentPerMinute: 2 })
  expect(await passing(caller(), 'DELETE', 3)).toBe(2)
  expect(await passing(caller(), 'DELETE', 3)).toBe(2)

  const app = github.addApp()
  const id = github.installApp(app, { owner: 'octo', repositories: 'all', permissions: { secrets: 'write' } })
  const now = Math.floor(github.clock.now() / 1000)
  const asApp = client(github.url, jwt({ iss: app.id, iat: now - 60, exp: now + 540 }, app.privateKey))
  const asInstallation = async () => {
    const { body } = await asApp('POST', `/app/installations/${id}/access_tokens`)
    return client(github.url, body.token)
  }
  const [one, two] = [await asInstallation(), await asInstallation()]
  expect(await passing(one, 'DELETE', 1)).toBe(1)
  expect(await passing(two, 'DELETE', 2)).toBe(1)
  expect((await asApp('POST', `/app/installations/${id}/access_tokens`)).status).toBe(403)
})
