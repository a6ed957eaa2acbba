import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  FAST,
  onlyError,
  play,
  rotations,
  warningsOf,
  writes,
} from './helpers.ts'
import { addOrganization } from './holding.ts'
import { addRun, atRisk, CI, graceSent, USES, USES_NONE } from './runs.ts'

const status = (code: number, headers: Record<string, string> = {}, body: unknown = {}): Fault => ({
  kind: 'status',
  status: code,
  headers,
  body,
})
const changed = (change: (body: Record<string, unknown>, answer: Answer) => unknown): Fault => ({
  kind: 'answer',
  change: (answer) => ({ ...answer, body: change(answer.body as Record<string, unknown>, answer) }),
})

/** Hands requests on to a service, and encodes what it returns, whatever the client accepts. */
async function startEncoder(origin: string, encoding: string, encode: (body: Buffer) => Buffer) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { 'content-length': _, 'accept-encoding': __, connection: ___, host: ____, ...headers } = request.headers
    const body = Buffer.concat(chunks)
    const answer = await fetch(origin + request.url, {
      method: request.method ?? 'GET',
      headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
      ...(body.length > 0 && { body }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const { 'content-length': length, ...others } = Object.fromEntries(answer.headers)
    const isEncoded = bytes.length > 0
    response.writeHead(answer.status, { ...others, ...(isEncoded && { 'content-encoding': encoding }) })
    response.end(isEncoded ? encode(bytes) : bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** Plays a scene with both services behind an encoder. */
function playEncoded(
  encoding: string,
  encode: (body: Buffer) => Buffer,
  act: (scene: Scene) => Promise<void>,
  options?: { speed: number },
): Promise<void> {
  return play(async (scene) => {
    const origins = [scene.incident.url, scene.github.url]
    const [incident, github] = await Promise.all(origins.map((origin) => startEncoder(origin, encoding, encode)))
    const step = { with: { 'incident-api-url': incident?.url ?? '' }, env: { GITHUB_API_URL: github?.url } }
    try {
      await act({ ...scene, rotate: () => scene.rotate(step) })
    } finally {
      for (const one of [incident, github]) one?.server.close()
    }
  }, options)
}

describe('an answer that is JSON of a wrong shape', () => {
  const SHAPES: unknown[] = [
    null,
    [],
    'text',
    { api_keys: 7, identity: [], key: {}, key_id: null, updated_at: 'soon' },
    JSON.parse('{"__proto__": {"api_keys": [], "key": "x", "key_id": 1}}'),
    JSON.parse('{"api_keys": [{"id": {"toString": 1}}], "key": {"toString": 1}, "updated_at": {"toString": 1}}'),
    `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  ]
  const ENDPOINTS = [
    ['incident', /identity/],
    ['incident', /api_keys$/],
    ['github', /public-key/],
    ['github', /secrets\/INCIDENT_API_KEY$/],
  ] as const
  test.each(ENDPOINTS.map(([service, path]) => [String(path), service, path] as const))(
    'ends the run with nothing changed: %s',
    (_, service, path) =>
      play(async (scene) => {
        // Another one each time; a text is sent as it is, and says that it is JSON.
        let asked = 0
        const headers = { 'content-type': 'application/json' }
        const change = () => ({ status: 200, headers, body: SHAPES[asked++ % SHAPES.length] })
        scene[service].faults.add({ method: 'GET', path, times: ALWAYS, fault: { kind: 'answer', change } })
        while (asked < SHAPES.length) expect(onlyError(await scene.rotate())).not.toContain('fault of the action')
        expectUntouched(scene)
      }, FAST),
  )
})

describe('an answer that is too large costs an attempt, and no more', () => {
  const HUGE = 'x'.repeat(21 * 1024 * 1024)
  const header: Fault = { kind: 'answer', change: (answer) => ({ ...answer, headers: { huge: HUGE.slice(0, 1e5) } }) }
  test.each<[string, Fault]>([
    ['a body', changed((body) => ({ ...body, HUGE }))],
    ['a header', header],
  ])('%s: the token in it is lost, and the key is rotated again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /rotate$/, fault })
      scene.github.faults.add({ method: 'PUT', fault: header })
      const result = await scene.rotate()
      expect([result.exitCode, rotations(scene).length, writes(scene).length]).toEqual([0, 2, 2])
      expectCurrent(scene)
    }, FAST),
  )

  test('a body that grows without end when it is decoded is cut off at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await play(async (scene) => {
      const result = await scene.rotate({ with: { 'incident-api-url': url }, env: { GITHUB_API_URL: url } })
      expect(errorsOf(result).join()).toContain('an answer larger than 20 MB')
    }, FAST).finally(() => server.close())
  })

  test('GitHub is asked for gzip, and incident.io for no encoding', () =>
    play(async (scene) => {
      await scene.rotate()
      expectCurrent(scene)
      const accepted = ({ journal }: Scene['github' | 'incident']) =>
        new Set(journal.map(({ requestHeaders }) => requestHeaders['accept-encoding']))
      expect([accepted(scene.github), accepted(scene.incident)]).toEqual([new Set(['gzip']), new Set(['identity'])])
    }))

  test.each<[string, string, (body: Buffer) => Buffer]>([
    ['gzip', 'gzip', gzipSync],
    ['gzip in capitals', 'GZIP', gzipSync],
    ['deflate', 'deflate', deflateSync],
    ['deflate without the zlib header', 'deflate', deflateRawSync],
    ['br', 'br', brotliCompressSync],
    ['no encoding', 'identity', (body) => body],
  ])('a body in %s is decoded, from either service', (_, encoding, encode) =>
    playEncoded(encoding, encode, async (scene) => {
      expect((await scene.rotate()).outputs.status).toBe('rotated')
      expect(rotations(scene)).toHaveLength(1)
      expectCurrent(scene)
    }),
  )

  test.each<[string, string, (body: Buffer) => Buffer]>([
    ['is broken', 'gzip', (body) => gzipSync(body).fill(0, 12, 20)],
    ['ends too early', 'gzip', (body) => gzipSync(body).subarray(0, -12)],
    ['is unknown', 'zstd', (body) => body],
  ])('a body whose encoding %s is no response', (_, encoding, encode) =>
    playEncoded(
      encoding,
      encode,
      async (scene) => {
        const result = await scene.rotate()
        expect(errorsOf(result).join()).toMatch(
          /no answer \((in an unknown encoding|its encoding, \w+, is broken: \w+, \d+ bytes)\)/,
        )
        expectUntouched(scene)
      },
      FAST,
    ),
  )
})

test.each([
  ['a command', '\n::stop-commands::t'],
  ['a space', ' '],
  ['an escape', 'inc_\u001b[2J'],
  ['beyond ASCII', 'inc_\u202e'],
  ['half of a character', 'inc_half\ud800'],
  ['endless', 'x'.repeat(4097)],
  ['empty', ''],
  ['a number', 7],
  ['an object', { a: 1 }],
])('a token that is %s is none, and is never shown', (_, token) =>
  play(async (scene) => {
    scene.incident.faults.add({ path: /rotate$/, fault: changed((body) => ({ ...body, token })) })
    const result = await scene.rotate()
    expect(result.exitCode).toBe(0)
    expect(result.raw.split('\n').filter((line) => line.startsWith('::stop'))).toEqual([])
    expectCurrent(scene)
  }),
)

describe('redirects', () => {
  test.each([
    ['incident', /identity/, '/v1/identity'],
    ['github', /public-key/, '#again'],
  ] as const)('that go round in circles are followed three times (%s)', (service, path, location) =>
    play(async (scene) => {
      scene[service].faults.add({ path, times: ALWAYS, fault: status(307, { location }) })
      expect(onlyError(await scene.rotate())).toContain('307')
      expect(scene[service].journal.filter((one) => path.test(one.path))).toHaveLength(4)
      expectUntouched(scene)
    }),
  )

  test.each([
    'https://127.0.0.1/',
    '//localhost:1/',
    'http:\\\\localhost:1',
    'http://127.0.0.1:1@localhost:1/',
    'file:///etc/passwd',
    'data:,x',
    'http://[',
  ])('to %s are not followed', (location) =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /identity/, fault: status(308, { location }) })
      scene.github.faults.add({ path: /public-key/, fault: status(302, { location }) })
      expect(errorsOf(await scene.rotate()).join()).toMatch(/308.*302/s)
      expectUntouched(scene)
    }),
  )

  test('of a rotation are followed on the same host only', () =>
    play(async (scene) => {
      scene.incident.faults.add({
        path: /rotate$/,
        times: ALWAYS,
        fault: status(307, { location: 'http://localhost:1/v1' }),
      })
      expect(onlyError(await scene.rotate())).toContain('307')
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }, FAST))
})

test('the links between pages are never followed, only their numbers read', () =>
  play(async (scene) => {
    addOrganization(scene, { visibility: 'all' })
    const link = '<http://localhost:1/?page=2>; rel="next", <http://localhost:1/?page=1>; rel="last"'
    scene.github.faults.add({
      path: /orgs\/octo\/repos/,
      times: ALWAYS,
      fault: { kind: 'answer', change: (answer) => ({ ...answer, headers: { ...answer.headers, link } }) },
    })
    const result = await scene.rotate({ with: { destinations: 'organization: octo' } })
    expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
  }))

describe('a wait of a year', () => {
  const YEARS: [string, Record<string, string>][] = [
    ['in seconds', { 'retry-after': '31536000' }],
    ['in hundreds of digits', { 'retry-after': '9'.repeat(400) }],
    ['as a date', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }],
    ['by the end of the rate limit', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9'.repeat(30) }],
  ]
  test.each(YEARS)('%s, before the rotation: nobody waits', (_, headers) =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /identity/, times: ALWAYS, fault: status(429, headers) })
      scene.github.faults.add({ path: /public-key/, times: ALWAYS, fault: status(403, headers) })
      expect((await scene.rotate()).exitCode).toBe(1)
      expectUntouched(scene)
    }),
  )

  test.each(YEARS.slice(2))('%s, from the rotation and a write: it is cut to minutes', (_, headers) =>
    play(async (scene) => {
      const { github, incident, clock } = scene
      incident.faults.add({ path: /rotate$/, fault: status(503, headers) })
      github.faults.add({ method: 'PUT', fault: status(429, headers) })
      const began = clock.now()
      const result = await scene.rotate({ with: { 'grace-period-minutes': '0' } })
      expect(result.exitCode).toBe(0)
      expect(clock.now() - began).toBeLessThan(240_000)
      expectCurrent(scene)
    }, FAST),
  )
})

test('a limit of a year on a write: the last try is sent before the old token dies', () =>
  play(async (scene) => {
    scene.github.faults.add({ method: 'PUT', fault: status(429, { 'retry-after': '31536000' }) })
    const { exitCode, outputs } = await scene.rotate({ with: { 'grace-period-minutes': '2' } })
    expect([exitCode, writes(scene).length]).toEqual([0, 2])
    expect(writes(scene).at(-1)?.at).toBeLessThan(Date.parse(outputs['old-token-expires-at'] ?? ''))
    expectCurrent(scene)
  }, FAST))

test('a list of keys whose every page is new is given up after 200', () =>
  play(async (scene) => {
    let page = 0
    const fault = changed((body) => ({ ...body, pagination_meta: { after: `page ${page++}` } }))
    scene.incident.faults.add({ path: /api_keys$/, times: ALWAYS, fault })
    expect(onlyError(await scene.rotate())).toContain('a list of keys that does not end')
    expect(scene.incident.journal.filter(({ path }) => path.endsWith('/api_keys'))).toHaveLength(200)
    expectUntouched(scene)
  }))

test('a million runs in flight are asked for in six requests, and give 60 minutes', () =>
  play(async (scene) => {
    addRun(scene, 5)
    const fault = changed((body) => ({ ...body, total_count: 1e6 }))
    scene.github.faults.add({ path: /actions\/runs$/, times: ALWAYS, fault })
    const result = await scene.rotate()
    expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
    expect(warningsOf(result)[0]).toContain('more runs in flight')
    // Six before the rotation, and six behind the writes.
    expect(scene.github.journal.filter(({ path }) => path.endsWith('/actions/runs'))).toHaveLength(12)
  }))

describe('a public key that cannot be sealed for', () => {
  const HIGH = `ec${'ff'.repeat(30)}7f`
  test.each([
    ['of 31 bytes', Buffer.alloc(31, 7).toString('base64')],
    ['of 33 bytes', Buffer.alloc(33, 7).toString('base64')],
    ['of no bytes', ''],
    ['of a megabyte', Buffer.alloc(1024 * 1024, 7).toString('base64')],
    ['that is no base64', '%'.repeat(44)],
    ['of low order: 0', Buffer.alloc(32).toString('base64')],
    ['of low order: 1', Buffer.from(`01${'00'.repeat(31)}`, 'hex').toString('base64')],
    ['of low order: p − 1', Buffer.from(HIGH, 'hex').toString('base64')],
  ])('%s ends the run with nothing changed', (_, key) =>
    play(async (scene) => {
      scene.github.faults.add({ path: /public-key/, fault: changed((body) => ({ ...body, key })) })
      expect(onlyError(await scene.rotate())).toContain('not a key of 32 bytes')
      expectUntouched(scene)
    }),
  )
})

describe('a workflow file of a pull request', () => {
  /** A pull request of a fork is in flight, with a workflow file of its own. */
  const addPullRequest = (scene: Scene, text: string, onDefault = USES_NONE) => {
    const headSha = 'e'.repeat(40)
    scene.github.addFile('octo/app', CI, onDefault)
    scene.github.addFile('octo/app', CI, text, headSha)
    addRun(scene, 5, { event: 'pull_request_target', headSha, headRepository: 'mallory/app' })
  }
  /** A larger one is not read, in bytes. */
  const LARGEST = 256 * 1024
  const bomb = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]\n`)
  test.each([
    ['whose aliases multiply', `a-1: &a-1 x\n${bomb.join('')}jobs: {}\n`],
    ['of 50 MB', '#'.repeat(50 * 1024 * 1024)],
    ['of a hundred thousand levels', `jobs: ${'['.repeat(100_000)}`],
    ['with a prototype', 'jobs: {__proto__: {uses: x}, constructor: {prototype: {steps: 1}}}\n__proto__: {jobs: 1}\n'],
    ['that names itself', 'jobs: &a {b: *a, <<: *a}\n'],
  ])('%s holds nothing back', (_, text) =>
    play(
      async (scene) => {
        addPullRequest(scene, text)
        expect((await scene.rotate()).exitCode).toBe(0)
        expectCurrent(scene)
      },
      // The stand-in answers nothing else while it packs 50 MB.
      { speed: 5 },
    ),
  )

  test('that uses no secret hides no use on the default branch', () =>
    play(async (scene) => {
      addPullRequest(scene, USES_NONE, USES)
      expect(atRisk((await scene.rotate({ with: { 'grace-period-minutes': '0' } })).outputs)).toHaveLength(1)
    }))

  const alias = (at: number) => `- &${at} x\n- [${`*${at},`.repeat(98)}]\n`
  test.each([
    ['of forty thousand keys', Array.from({ length: 43_000 }, (_, at) => `k${at.toString(36)}:\n`).join('')],
    ['of fifty thousand aliases', Array.from({ length: 520 }, (_, at) => alias(at)).join('')],
    ['of nothing but mistakes', `[${','.repeat(LARGEST - 2)}`],
  ])('%s keeps nobody busy', (_, text) =>
    play(async (scene) => {
      expect(text.length / LARGEST).toBeCloseTo(1, 1)
      expect(text.length).toBeLessThan(LARGEST)
      addPullRequest(scene, text)
      const began = Date.now()
      expect((await scene.rotate()).exitCode).toBe(0)
      // A second, as a rule; with each one compared with every other it is fourteen, and more.
      expect(Date.now() - began).toBeLessThan(8000)
      expectCurrent(scene)
    }),
  )

  test.each([
    [LARGEST, 0],
    [LARGEST + 1, 1],
  ])('of %p bytes: one of more than 256 kB counts as using the secret', (size, counted) =>
    play(async (scene) => {
      addPullRequest(scene, USES_NONE.padEnd(size, '#'))
      expect(atRisk((await scene.rotate({ with: { 'grace-period-minutes': '0' } })).outputs)).toHaveLength(counted)
    }),
  )
})
