import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import { expectCurrent, expectUntouched, onlyError, play, rotations, warningsOf } from './helpers.ts'
import { addOrganization } from './holding.ts'
import { graceSent } from './runs.ts'

/** Changes every JSON answer of a stand-in from here on. */
const always = (change: (answer: Answer) => Answer) => ({
  fault: { kind: 'answer', change } as const,
  times: Number.POSITIVE_INFINITY,
})

describe('incident.io’s promise of compatibility', () => {
  test('unknown properties, another order, new roles and other ids are no error', () =>
    play(async (scene) => {
      const { id } = scene.incident.addKey({
        id: 'key/2027 ✓',
        name: 'Newer key',
        roles: ['viewer'],
        issuedAt: new Date(0),
      })
      scene.incident.faults.add(
        always((answer) => ({
          ...answer,
          body: JSON.parse(JSON.stringify(answer.body), (_, value) =>
            value && typeof value === 'object' && !Array.isArray(value)
              ? Object.fromEntries([['brand_new', { deep: [1] }], ...Object.entries(value).reverse()])
              : value,
          ),
        })),
      )
      const result = await scene.rotate({ with: { 'key-name': 'Newer key', 'secret-name': 'NEWER' } })
      expect(result.exitCode).toBe(0)
      expect(result.outputs['key-id']).toBe(id)
      expect(scene.github.secret(scene.repository, 'NEWER')?.value).toBe(scene.incident.tokensOf(id).at(-1)?.token)
    }))

  test('a token of another form is sealed as it is', () =>
    play(async (scene) => {
      const token = 'incident-key:v2:AbC/+=~'
      scene.incident.faults.add({
        path: /\/rotate$/,
        fault: { kind: 'answer', change: (answer) => ({ ...answer, body: { ...(answer.body as object), token } }) },
      })
      scene.incident.faults.add({
        path: /identity/,
        skip: 1,
        fault: { kind: 'status', status: 200, body: { identity: { name: '', roles: [] } } },
      })
      const result = await scene.rotate()
      expect(result.masks).toContain(token)
      expect(scene.github.secret(scene.repository, scene.secret)?.value).toBe(token)
    }))

  test('an identity whose roles are objects, and new types of errors, are read', () =>
    play(async (scene) => {
      scene.incident.faults.add({
        path: /identity/,
        fault: {
          kind: 'answer',
          change: (answer) => ({ ...answer, body: { identity: { name: 'x', roles: [{ name: 'api_keys_manage' }] } } }),
        },
      })
      scene.incident.faults.add({
        path: /\/rotate$/,
        fault: { kind: 'status', status: 418, body: { type: 'teapot_error', request_id: 'abc-1' } },
      })
      expect(onlyError(await scene.rotate())).toMatch(/418 \(teapot_error\) \(incident\.io request_id abc-1\)/)
    }))
})

describe('text from outside stays text', () => {
  const NASTY =
    '::error::x\n::set-output name=a::b ##[add-mask]octo <img src=x onerror=alert(1)> | [a](http://evil) `b` @all'

  test('a key’s name forges no command and no Markdown', () =>
    play(async (scene) => {
      const { id } = scene.incident.addKey({ name: NASTY, roles: ['viewer'], issuedAt: new Date(0) })
      const result = await scene.rotate({ with: { 'key-name': '', 'key-id': id, 'secret-name': 'NASTY' } })
      expect(result.exitCode).toBe(0)
      expect(result.annotations).toEqual([{ level: 'warning', message: expect.stringContaining('did not exist') }])
      expect(result.outputs['key-name']).toBe(NASTY)
      expect(result.raw).not.toMatch(/##\[|^::set-output/m)
      expect(result.summary).not.toMatch(/<img|(?<!\\)\]\(|(?<!\\)`b|@all/)
      expect(result.summary.split('\n')[0]).toContain('Rotated')
    }))

  test('a server’s error message forges nothing either', () =>
    play(async (scene) => {
      const errors = [{ code: 'x', message: '%0A::add-mask::a\n::stop-commands::t\n##[error]x' }]
      const body = { type: 'resource_forbidden', status: 403, request_id: 'r\n::error::x', errors }
      scene.incident.faults.add({ path: /identity/, fault: { kind: 'status', status: 403, body } })
      const result = await scene.rotate()
      expect(onlyError(result)).toContain('403')
      expect(result.raw.split('\n').filter((line) => line.startsWith('::stop'))).toEqual([])
      expectUntouched(scene)
    }))

  test.each([201, 403, 422, 500])('nothing of the body of a rotation is shown (%p)', (status) =>
    play(
      async (scene) => {
        const leak = `inc_${'ab12'.repeat(16)}`
        const errors = [{ code: leak, message: `the token is ${leak}`, source: { field: leak } }]
        const body = { type: leak, status, request_id: leak, errors, token: { value: leak }, debug: leak }
        scene.incident.faults.add({ path: /\/rotate$/, times: 99, fault: { kind: 'status', status, body } })
        const result = await scene.rotate({ env: { RUNNER_DEBUG: '1' } })
        expect(result.exitCode).toBe(1)
        expect(
          [result.raw, JSON.stringify(result.outputs), result.summary, JSON.stringify(result.state)].join(),
        ).not.toContain(leak)
      },
      { speed: 20 },
    ),
  )
})

test('the log names a credential that a server sends back no more than anything else', () =>
  play(async (scene) => {
    const body = { message: `bad token ${scene.githubToken} for ${scene.managingToken}` }
    scene.github.faults.add({ path: /public-key/, fault: { kind: 'status', status: 400, body } })
    const result = await scene.rotate()
    expect(onlyError(result)).toContain('bad token *** for ***')
    expect(result.summary).not.toContain(scene.githubToken)
  }))

test('a credential that would be cut in two is taken out before', () =>
  play(async (scene) => {
    for (const length of [230, 270, 298]) {
      const body = { message: `${'x'.repeat(length)}${scene.managingToken}` }
      scene.github.faults.add({ path: /public-key/, fault: { kind: 'status', status: 400, body } })
      const error = onlyError(await scene.rotate())
      expect(error).toContain('x'.repeat(200))
      expect(error).not.toContain(scene.managingToken.slice(0, 9))
    }
  }))

test.each(['secret-name', 'key-name', 'key-id'])('a token where %s belongs is refused and never shown', (input) =>
  play(async (scene) => {
    for (const token of [scene.key.token, scene.managingToken, scene.githubToken]) {
      const rest = input === 'key-id' ? { 'key-name': '' } : {}
      const result = await scene.rotate({ with: { ...rest, [input]: token } })
      expect(onlyError(result)).toContain(`"${input}" holds a token`)
    }
    expectUntouched(scene)
    expect(scene.github.journal).toEqual([])
  }),
)

test('a password in a URL is not shown', () =>
  play(async (scene) => {
    const urls = [
      'https://admin:hunter2@api.incident.io',
      'https://api.incident.io/?access_token=hunter2',
      'x//a:hunter2@b',
      'https:a:hunter2@b',
    ]
    for (const url of urls) {
      const result = await scene.rotate({ with: { 'incident-api-url': url } })
      expect(onlyError(result)).toContain('"incident-api-url"')
      expect(result.raw + result.summary).not.toContain('hunter2')
    }
  }))

test('a list of keys that never ends is given up', () =>
  play(async (scene) => {
    scene.incident.faults.add({
      path: /api_keys$/,
      ...always((answer) => ({ ...answer, body: { ...(answer.body as object), pagination_meta: { after: 'again' } } })),
    })
    expect(onlyError(await scene.rotate())).toContain('the same page of keys again')
    expect(rotations(scene)).toHaveLength(0)
  }))

describe('a list of GitHub’s that claims to be endless is given up at its first page', () => {
  const claim = (change: (answer: Answer) => Partial<Answer>) => always((answer) => ({ ...answer, ...change(answer) }))
  const counting = (total_count: number) => claim(({ body }) => ({ body: { ...(body as object), total_count } }))
  const LAST = '<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=1000000000>; rel="last"'

  test.each([20_000, 1e6, 1e9])('by its count: %p repositories', (count) =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'selected' })
      scene.github.faults.add({ path: /\/repositories$/, ...counting(count) })
      expect(onlyError(await scene.rotate({ with: { destinations: 'organization: octo' } }))).toContain(
        `a list of ${count / 100} pages`,
      )
      expect(scene.github.journal.filter(({ path }) => path.endsWith('/repositories'))).toHaveLength(1)
      expectUntouched(scene)
    }),
  )

  test('by the link to its last page', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      const fault = claim(({ headers }) => ({ headers: { ...headers, link: LAST } }))
      scene.github.faults.add({ path: /\/orgs\/octo\/repos$/, ...fault })
      const result = await scene.rotate({ with: { destinations: 'organization: octo' } })
      expect([result.exitCode, graceSent(scene)]).toEqual([0, [{ grace_period_minutes: 60 }]])
      expect(warningsOf(result).join()).toContain('a list of 1000000000 pages')
      expect(scene.github.journal.length).toBeLessThan(50)
    }))
})

test('an answer without an end is cut off', () =>
  play(
    async (scene) => {
      const body = { message: 'x'.repeat(25 * 1024 * 1024) }
      scene.github.faults.add({ path: /public-key/, times: 99, fault: { kind: 'status', status: 500, body } })
      expect(onlyError(await scene.rotate())).toContain('larger than 20 MB')
      expectUntouched(scene)
    },
    // So much must arrive within the time that an answer may take.
    { speed: 5 },
  ))

test('an answer that drips in is given up after 15 s', () =>
  play(
    async (scene) => {
      scene.incident.faults.add({ path: /identity/, fault: { kind: 'drip', ms: 40 } })
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      const asked = scene.incident.journal.filter(
        ({ path, requestHeaders }) =>
          path.endsWith('/identity') && requestHeaders.authorization === `Bearer ${scene.managingToken}`,
      )
      expect(asked.map(({ fault }) => fault)).toEqual(['drip', undefined])
      expectCurrent(scene)
    },
    { speed: 20 },
  ))
