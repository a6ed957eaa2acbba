import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { auditEntry, repositoryDispatch } from '../../sandbox/audit-log.ts'
import { ROOT } from '../../sandbox/runner.ts'
import { type AuditEvent, isAbout, readEvent, runNamedIn } from '../../src/1-read/event.ts'
import { eventInWords } from '../../src/5-tell/event.ts'
import { escapeMarkdown } from '../../src/5-tell/markdown.ts'
import { hide } from '../../src/services/mask.ts'
import { InputProblem } from '../../src/services/problem.ts'
import { VERSION } from '../../src/version.ts'
import { userAgentFor } from '../../src/world.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The environment of a run that a repository_dispatch has started, with this text in the event's file. */
function startedBy(text: string): NodeJS.ProcessEnv {
  const file = join(folder, 'event.json')
  writeFileSync(file, text)
  return { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: file }
}

const read = (payload: unknown) =>
  readEvent(startedBy(JSON.stringify({ ...repositoryDispatch({}), client_payload: payload })))

const key = { id: '01FCNDV6P870EA6S7TK1DSYDG0', name: 'CI deploy key' }
const lisa = { type: 'user', id: '01G0J1EXE7AXZ2C93K61WBPYEH', name: 'Lisa Karlin Curtis' }
const BROWSER = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const entry = auditEntry(key, {
  actor: lisa,
  userAgent: BROWSER,
  occurredAt: new Date('2026-03-01T12:00:00.123Z'),
  location: '203.0.113.7',
})
const event: AuditEvent = {
  keyIds: [key.id],
  occurredAt: '2026-03-01T12:00:00.123Z',
  actor: lisa,
  roles: undefined,
  location: '203.0.113.7',
  userAgent: BROWSER,
}
const nothing: AuditEvent = {
  keyIds: [],
  occurredAt: undefined,
  actor: { type: undefined, id: undefined, name: undefined },
  roles: undefined,
  location: undefined,
  userAgent: undefined,
}

describe('an event', () => {
  test('of a rotation is read', () => {
    expect(read(entry)).toEqual(event)
  })

  test('by an API key tells its roles', () => {
    const actor = { type: 'api_key', id: '01K', name: 'Key manager', roles: 'viewer,api_keys_manage' }
    const { roles, ...who } = actor
    expect(read(auditEntry(key, { actor, occurredAt: new Date(0) }))).toEqual({
      ...nothing,
      keyIds: [key.id],
      occurredAt: '1970-01-01T00:00:00.000Z',
      actor: who,
      roles,
    })
  })

  test.each<[string, object, Partial<AuditEvent>]>([
    ['a later version', { ...entry, version: 7, severity: { is: 'new' }, id: 'audit_log_event_1' }, {}],
    ['no version', { ...entry, version: undefined }, {}],
    ['a version in its action', { ...entry, action: 'api_key.rotated.2' }, {}],
    ['no action', { ...entry, action: undefined }, {}],
    ['the action of something else', { ...entry, action: 'api_key.deleted' }, { keyIds: [] }],
    [
      'an actor of an unknown type',
      { ...entry, actor: { ...lisa, type: 'robot' } },
      { actor: { ...lisa, type: 'robot' } },
    ],
    ['no actor', { ...entry, actor: undefined }, { actor: nothing.actor }],
    ['no context', { ...entry, context: undefined }, { location: undefined, userAgent: undefined }],
    [
      'blank texts',
      { ...entry, occurred_at: '', context: { location: ' ' } },
      { occurredAt: undefined, location: undefined, userAgent: undefined },
    ],
    ['no targets', { ...entry, targets: [] }, { keyIds: [] }],
    ['targets of other types', { ...entry, targets: [{ type: 'user', id: key.id }, { id: key.id }] }, { keyIds: [] }],
    [
      'several keys',
      {
        ...entry,
        targets: [
          { type: 'api_key', id: 'A' },
          { type: 'team', id: 'B' },
          { type: 'api_key', id: 'C' },
        ],
      },
      { keyIds: ['A', 'C'] },
    ],
    ['an envelope', { entry }, {}],
    ["Splunk's envelope", { time: 1772366400, source: 'workos', event: entry }, {}],
  ])('with %s is read', (_, payload, change) => {
    expect(read(payload)).toEqual({ ...event, ...change })
  })

  const nested = (depth: number): object => (depth === 0 ? entry : { entry: nested(depth - 1) })
  test.each<[string, unknown]>([
    ['no payload', undefined],
    ['null', null],
    ['a text', 'api_key.rotated'],
    ['a number', 7],
    ['a list', [entry]],
    ['nothing in it', {}],
    ['an entry eleven levels deep', nested(11)],
    ['wrong types everywhere', { action: 1, version: 'x', occurred_at: {}, actor: 'lisa', targets: {}, context: [] }],
    [
      'wrong types further in',
      {
        occurred_at: 1,
        actor: { type: [], id: 7, name: {}, metadata: 'x' },
        targets: [1, null, [], { type: 'api_key' }, { type: 'api_key', id: 7 }],
        context: { location: true, user_agent: ['x'] },
      },
    ],
    ['null everywhere', { occurred_at: null, actor: null, targets: null, context: null, metadata: null }],
    ['roles of a wrong type', { actor: { metadata: { api_key_roles: ['viewer'] } } }],
  ])('whose payload is or has %s is about nothing', (_, payload) => {
    expect(read(payload)).toEqual(nothing)
    expect(isAbout(nothing, key.id)).toBe(false)
  })

  test('cannot reach what every object has', () => {
    const text = `{"action":"api_key.rotated","client_payload":{"__proto__":{"targets":[{"type":"api_key","id":"A"}]},"constructor":{"prototype":{"polluted":true}},"actor":{"__proto__":{"name":"x"},"type":"constructor"}}}`
    // An own property of that name is an envelope like any other.
    expect(readEvent(startedBy(text))?.keyIds).toEqual(['A'])
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(readEvent(startedBy(text.replace('"targets"', '"x"')))).toEqual({
      ...nothing,
      actor: { ...nothing.actor, type: 'constructor' },
    })
    expect(eventInWords({ ...nothing, actor: { ...nothing.actor, type: 'constructor' } })).toContain(
      'an actor of the type "constructor" without a name rotated',
    )
  })

  test('has its long texts cut, and not its ids', () => {
    const long = `${'x'.repeat(299)}😀${'y'.repeat(500)}`
    const got = read({ ...entry, actor: { ...lisa, name: long }, targets: [{ type: 'api_key', id: long }] })
    expect(got?.actor.name).toBe(`${'x'.repeat(299)}\ufffd…`)
    expect(got?.keyIds).toEqual([long])
  })

  test('shows no credential, not even half of one', () => {
    const token = `inc_${'5a'.repeat(32)}`
    hide(token)
    const got = read({ ...entry, context: { user_agent: `${'x'.repeat(280)}${token}`, location: token } })
    expect(got).toMatchObject({ userAgent: `${'x'.repeat(280)}***`, location: '***' })
  })

  test.each([undefined, 'schedule', 'workflow_dispatch', 'push'])('%s is none, whatever the file says', (name) => {
    const env = startedBy(JSON.stringify(repositoryDispatch(entry)))
    expect(readEvent({ ...env, GITHUB_EVENT_NAME: name })).toBeUndefined()
    expect(readEvent({ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: '/nowhere' })).toBeUndefined()
  })

  test('of another type is none', () => {
    const text = JSON.stringify({ ...repositoryDispatch(entry), action: 'rotate-now' })
    expect(readEvent(startedBy(text))).toBeUndefined()
  })
})

describe('a repository_dispatch whose type cannot be read ends the run', () => {
  const message = (env: NodeJS.ProcessEnv): string => {
    try {
      readEvent(env)
    } catch (error) {
      expect(error).toBeInstanceOf(InputProblem)
      return (error as InputProblem).message
    }
    throw new Error('It was read')
  }

  test.each(['', 'api_key.rotated', '{"action":', 'secret: "x"'])('when the file is %j, which is not JSON', (text) => {
    expect(message(startedBy(text))).toMatch(
      /GITHUB_EVENT_PATH names a file that is not JSON: ".*event\.json"\. .*nothing was done/,
    )
  })

  test.each(['null', '[]', '7', '{}', '{"action":null}', '{"action":["api_key.rotated"]}'])(
    'when it holds %s',
    (text) => {
      expect(message(startedBy(text))).toMatch(/names a file that does not tell the type/)
    },
  )

  test('when it is not there', () => {
    const env = { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: '/nowhere\n::error::x' }
    expect(message(env)).toContain('cannot be read: "/nowhere\\n::error::x" (ENOENT).')
    expect(message({ GITHUB_EVENT_NAME: 'repository_dispatch' })).toContain('GITHUB_EVENT_PATH is empty.')
  })
})

test('an event is about the keys that it names, to the letter', () => {
  expect(isAbout(event, key.id)).toBe(true)
  expect(isAbout(event, key.id.toLowerCase())).toBe(false)
  expect(isAbout(event, '')).toBe(false)
})

describe('the run that a user agent names', () => {
  test('is the one that userAgentFor was given', () => {
    const run = { repository: { owner: 'octo', repository: 'app.js' }, runId: 19876543210 }
    expect(runNamedIn(userAgentFor('octo/app.js', 19876543210, 2))).toEqual(run)
    expect(read({ ...entry, context: { user_agent: userAgentFor('octo/app.js', 19876543210, 2) } })).toMatchObject({
      userAgent: `rotate-incident-key/${VERSION} (octo/app.js; run 19876543210/2)`,
    })
  })

  test('is told by the longest that there is', () => {
    const [owner, repository] = ['o'.repeat(100), 'r'.repeat(100)]
    const longest = userAgentFor(`${owner}/${repository}`, Number.MAX_SAFE_INTEGER, 999)
    const got = read({ ...entry, context: { user_agent: longest } })
    expect(runNamedIn(got?.userAgent)).toEqual({ repository: { owner, repository }, runId: Number.MAX_SAFE_INTEGER })
  })

  test('may be one of another version', () => {
    expect(runNamedIn('rotate-incident-key/12.0.0-beta.1+x (a/b; run 1/1)')?.runId).toBe(1)
  })

  test.each([
    undefined,
    '',
    BROWSER,
    'curl/8.5.0',
    'rotate-incident-key',
    'rotate-incident-key/0.1.0',
    'rotate-incident-key/ (a/b; run 1/1)',
    'Rotate-Incident-Key/0.1.0 (a/b; run 1/1)',
    ' rotate-incident-key/0.1.0 (a/b; run 1/1)',
    'rotate-incident-key/0.1.0 (a/b; run 1/1) ',
    'rotate-incident-key/0.1.0 (a/b; run 1/1)\n',
    'x\nrotate-incident-key/0.1.0 (a/b; run 1/1)',
    'Mozilla rotate-incident-key/0.1.0 (a/b; run 1/1)',
    'rotate-incident-key/0.1.0  (a/b; run 1/1)',
    'rotate-incident-key/0.1.0\u202e (a/b; run 1/1)',
    'rotate-incident-key/0.1.0\n(a/b; run 1/1)',
    'rotate-incident-key/0.1.0 (a/b; run 1)',
    'rotate-incident-key/0.1.0 (a/b; run 0/1)',
    'rotate-incident-key/0.1.0 (a/b; run 01/1)',
    'rotate-incident-key/0.1.0 (a/b; run -1/1)',
    'rotate-incident-key/0.1.0 (a/b; run 1.5/1)',
    'rotate-incident-key/0.1.0 (a/b; run 1e3/1)',
    'rotate-incident-key/0.1.0 (a/b; run ١/1)',
    'rotate-incident-key/0.1.0 (a/b; run 1/0)',
    'rotate-incident-key/0.1.0 (a/b; run 1/1/1)',
    'rotate-incident-key/0.1.0 (a/b; run 9007199254740992/1)',
    'rotate-incident-key/0.1.0 (a/b; run 99999999999999999999/1)',
    'rotate-incident-key/0.1.0 (/b; run 1/1)',
    'rotate-incident-key/0.1.0 (a/; run 1/1)',
    'rotate-incident-key/0.1.0 (; run 1/1)',
    'rotate-incident-key/0.1.0 (a/b/c; run 1/1)',
    'rotate-incident-key/0.1.0 (../b; run 1/1)',
    'rotate-incident-key/0.1.0 (a/..; run 1/1)',
    'rotate-incident-key/0.1.0 (a/b?x=1; run 1/1)',
    'rotate-incident-key/0.1.0 (a/b#; run 1/1)',
    'rotate-incident-key/0.1.0 (a%2fb/c; run 1/1)',
    'rotate-incident-key/0.1.0 (a.b/c; run 1/1)',
    `rotate-incident-key/0.1.0 (${'a'.repeat(101)}/c; run 1/1)`,
    `rotate-incident-key/0.1.0 (a/b; run 1/1)${' '.repeat(100_000)}`,
  ])('is none in %j', (userAgent) => {
    expect(runNamedIn(userAgent)).toBeUndefined()
  })
})

describe('in words', () => {
  const DOCS = readFileSync(join(ROOT, 'docs', 'audit-log.md'), 'utf8').replace(/\n> /g, ' ')

  test('an event tells who, when and from where, as the documentation shows it', () => {
    expect(eventInWords(event)).toBe(
      'The audit log\'s entry says that the user "Lisa Karlin Curtis" (id "01G0J1EXE7AXZ2C93K61WBPYEH") rotated the key at ' +
        '2026-03-01T12:00:00.123Z, from "203.0.113.7", with the user agent "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)".',
    )
    expect(DOCS).toContain(eventInWords(event))
  })

  test.each<[Partial<AuditEvent>, string]>([
    [
      { actor: { ...lisa, type: 'api_key' }, roles: 'viewer,x' },
      'the API key "Lisa Karlin Curtis" (id "01G0J1EXE7AXZ2C93K61WBPYEH", roles "viewer,x") rotated',
    ],
    [{ actor: { type: 'system', id: undefined, name: 'incident.io' } }, 'the system "incident.io" rotated'],
    [
      { actor: { type: 'workflow', id: 'W', name: undefined } },
      'the incident.io workflow without a name (id "W") rotated',
    ],
    [{ actor: { type: 'robot', id: undefined, name: 'R2' } }, 'an actor of the type "robot" "R2" rotated'],
    [{ actor: nothing.actor }, 'an actor of no type without a name rotated'],
    [{ occurredAt: '2026-03-01T12:00:00.123456+01:00' }, 'at 2026-03-01T12:00:00.123456+01:00, from'],
    [{ occurredAt: 'yesterday' }, 'at "yesterday", from'],
    [{ occurredAt: '2026-03-01T12:00:00Z\n::error::x' }, 'at "2026-03-01T12:00:00Z\\n::error::x", from'],
    [{ occurredAt: undefined }, 'at a time that it does not tell, from'],
    [{ location: undefined, userAgent: undefined }, 'from a place that it does not tell.'],
  ])('%j: %s', (change, words) => {
    expect(eventInWords({ ...event, ...change })).toContain(words)
  })

  const HOSTILE = [
    'x"\n::error::boom',
    '\r\n##[error]boom',
    '::add-mask::e',
    '"), and all is well. ("',
    '\u202egnikcatta\u2066',
    '\u2028\u2029\u0085\u0007\u001b[31mred',
    '<img src=x onerror=alert(1)> ![x](https://evil.example/x.png) @octocat | # `code` www.evil.example',
    '```mermaid\ngraph TD\n```',
    '\ud800 half',
    'x'.repeat(100_000),
  ]
  test.each(HOSTILE)('%j stays a quoted word on one line', (text) => {
    const got = read({
      ...entry,
      occurred_at: text,
      actor: { type: text, id: text, name: text, metadata: { api_key_roles: text } },
      context: { location: text, user_agent: text },
    }) as AuditEvent
    const sentence = eventInWords(got)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(sentence).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e\u2066]/)
    expect(sentence.length).toBeLessThan(2000)
    // What stands outside of the quotation marks is ours.
    expect(sentence.replace(/"(?:[^"\\]|\\.)*"/g, '""')).toBe(
      'The audit log\'s entry says that an actor of the type "" "" (id "", roles "") rotated the key at "", from "", with the user agent "".',
    )
    expect(escapeMarkdown(sentence)).not.toMatch(/<|(?<!\\)[`|]|https:\/\/|@octocat|www\.evil/)
  })
})

describe('the stand-in for the relay', () => {
  test('makes entries of the documented shape', () => {
    expect(entry).toEqual({
      action: 'api_key.rotated',
      version: 1,
      occurred_at: '2026-03-01T12:00:00.123Z',
      actor: { ...lisa, metadata: {} },
      targets: [{ type: 'api_key', ...key }],
      context: { location: '203.0.113.7', user_agent: BROWSER },
      metadata: {},
    })
  })

  test('refuses what GitHub refuses', () => {
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`p${index}`, index]))
    expect(() => repositoryDispatch(many)).toThrow('more than 10 properties')
    expect(() => repositoryDispatch({ entry: many })).not.toThrow()
    expect(() => repositoryDispatch({ text: 'x'.repeat(70_000) })).toThrow('too large')
  })
})
