import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Entry } from '../../src/1-read/entry.ts'
import type { Inputs, ManifestInputs } from '../../src/1-read/inputs.ts'
import type { Facts, Shared } from '../../src/2-look/look.ts'
import type { Copy } from '../../src/2-look/look-at-copies.ts'
import type { Decision } from '../../src/3-decide/decide.ts'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import type { KeyPlan, Step } from '../../src/3-decide/plan-key.ts'
import type { Rotated } from '../../src/4-rotate-and-write/rotate-and-write.ts'
import { noRotations } from '../../src/4-rotate-and-write/rotation.ts'
import { type KeyProgress, outcomeOf, stepInWords } from '../../src/5-tell/key-outcome.ts'
import { renderManifestOutputs } from '../../src/5-tell/manifest-outputs.ts'
import { type ManifestProgress, manifestReportOf } from '../../src/5-tell/manifest-report.ts'
import { countsOf, renderManifestSummary } from '../../src/5-tell/manifest-summary.ts'
import { Problem } from '../../src/services/problem.ts'

const GOLDEN = join(import.meta.dirname, '..', 'golden')
const DAY = 86_400_000
const NOW = Date.parse('2026-03-01T12:00:00Z')
const ISSUED_AT = '2026-03-01T12:00:00.123456Z'
const CALLER = { name: 'Key manager', roles: ['viewer', 'api_keys_manage'], teamRoles: [] }
const DESTINATION = { kind: 'repository', owner: 'octo', repository: 'app', secret: 'INCIDENT_API_KEY' } as const
const POLICY = {
  grace: 'auto',
  minGraceMinutes: 15,
  longRuns: 'defer',
  minTokenAge: 0,
  maxTokenAge: undefined,
} as const
const COMMON = {
  ...POLICY,
  incidentApiKey: '',
  github: { by: 'token', token: '' },
  incidentApiUrl: '',
  githubApiUrl: '',
  maxWaitMinutes: 0,
  force: false,
  dryRun: false,
  event: undefined,
} as const
const COPY: Copy = {
  destination: DESTINATION,
  updatedAt: NOW - 40 * DAY,
  writtenAt: '2026-01-20T12:00:00Z',
  seal: () => ({ keyId: '', encryptedValue: '' }),
}
const DUE = { kind: 'due', age: 40 * DAY, minTokenAge: 30 * DAY } as const
const ROTATE: Step = { kind: 'rotate' }
/** Nothing asks it anything here. */
const SHARED = { copying: new Map(), shares: {}, seen: () => 0 } as unknown as Shared

interface Case {
  name?: string
  id?: string
  /** Undefined: there is no such key. */
  age?: number | undefined
  entry?: Partial<Entry>
  inputs?: Partial<Inputs>
  steps?: Step[]
  done?: Step[]
  decision?: Partial<Decision> | undefined
  rotated?: Partial<Rotated> | undefined
  errors?: unknown[]
  warnings?: string[]
  seen?: Partial<KeyPlan['seen']>
  plan?: Partial<KeyPlan>
}

function progressOf(one: Case, dryRun = false): KeyProgress {
  const { name = 'CI deploy key', steps = [], errors = [], warnings = [], inputs } = one
  const age = 'age' in one ? one.age : 40
  const entry: Entry = {
    key: { by: 'name', name },
    state: 'present',
    destinations: [DESTINATION],
    policy: POLICY,
    roles: undefined,
    teamIds: undefined,
    teamRoles: undefined,
    comments: undefined,
    create: false,
    evenIfUsed: false,
    line: 2,
    ...one.entry,
  }
  const fields = { name, roles: ['viewer'], teamRoles: [], teamIds: [], comments: undefined }
  const id = one.id ?? `ID-${name.replace(/\W/g, '')}`
  const issuedAt = age === undefined ? '' : new Date(NOW - age * DAY).toISOString()
  const key = age === undefined ? undefined : { ...fields, id, issuedAt, lastUsedAt: undefined }
  const asked: Inputs = { ...COMMON, key: entry.key, destinations: entry.destinations, dryRun, ...inputs }
  const copies = { copies: [COPY], passedOver: [], credentials: [] }
  const facts: Facts = {
    key: { ...fields, id: key === undefined ? '' : id, issuedAt, lastUsedAt: undefined },
    issuedAt: Date.parse(issuedAt),
    caller: CALLER,
    writesAhead: 0,
    runs: { at: NOW, holders: [], ids: new Set(), watches: [] },
    issuer: undefined,
    ...copies,
  }
  const rotates = steps.some(({ kind }) => kind === 'rotate' || kind === 'create')
  const decision: Decision = {
    action: rotates ? 'rotate' : 'skip',
    because: rotates ? DUE : { kind: 'young', age: 2 * DAY, dueIn: 28 * DAY },
    needs: [],
    grace: { minutes: 15, longest: undefined, atRisk: [], tooLong: [] },
    yields: false,
    states: ['current'],
    ...one.decision,
  }
  const isDecided = entry.state === 'present' && !('facts' in (one.seen ?? {}))
  const seen = {
    entry,
    inputs: asked,
    caller: CALLER,
    key,
    copies,
    facts,
    shared: SHARED,
    ignored: undefined,
    errors: [],
    near: [],
    ...one.seen,
  }
  const known = isDecided ? { facts, decision } : { facts: undefined, decision: undefined }
  return {
    plan: { seen, steps, ...known, isSelf: false, isPutOff: false, errors: [], warnings, ...one.plan },
    slot: 0,
    telling: {
      inputs: asked,
      ignored: seen.ignored,
      ...(isDecided && { facts, decision }),
      ...(one.rotated && {
        rotations: noRotations(),
        rotated: {
          key: { id, name, issuedAt, isSelf: false },
          issuedAt: ISSUED_AT,
          oldTokenExpiresAt: '2026-03-01T12:15:00.123Z',
          written: [{ destination: DESTINATION, result: 'updated', at: NOW }],
          proof: 'works',
          standing: { kind: 'current' },
          ...one.rotated,
        },
      }),
    },
    done: one.done ?? [],
    deleted: (one.done ?? []).flatMap((step) => (step.kind === 'delete secret' ? [step.destination] : [])),
    errors,
  }
}

const INPUTS: ManifestInputs = { ...COMMON, manifest: 'keys.yml', entries: [], pick: undefined }
const reportFor = (
  keys: Case[],
  { dryRun = false, unlisted = [] }: Partial<ManifestProgress> & { dryRun?: boolean } = {},
) =>
  manifestReportOf(
    { inputs: { ...INPUTS, dryRun }, keys: keys.map((one) => progressOf(one, dryRun)), unlisted },
    [],
    NOW,
  )

const FIELDS = {
  name: 'New key',
  roles: ['viewer'],
  teamIds: ['T'],
  teamRoles: ['on_call_editor'],
  comments: undefined,
}
const UPDATE: Step = {
  kind: 'update',
  fields: FIELDS,
  changes: [
    { field: 'roles', added: ['a'], removed: ['b', 'c'] },
    { field: 'comments', added: ['"x" | <y>'], removed: ['z'] },
  ],
}
const DELETE: Step[] = [{ kind: 'delete secret', destination: DESTINATION }, { kind: 'delete key' }]

const ROTATED: Case = { steps: [ROTATE], done: [ROTATE], rotated: {} }
const YOUNG: Case = { name: 'Young key', age: 2 }
const UPDATED: Case = { name: 'Updated key', age: 2, steps: [UPDATE], done: [UPDATE] }
const FILL: Step = { kind: 'fill', destination: DESTINATION, state: 'stale' }
const CREATE: Step = { kind: 'create', fields: FIELDS }
const CREATED: Case = {
  name: 'New key',
  age: undefined,
  steps: [CREATE],
  done: [CREATE],
  decision: { because: { kind: 'missing-key' }, states: ['missing'] },
  rotated: { oldTokenExpiresAt: undefined, written: [{ destination: DESTINATION, result: 'created', at: NOW }] },
}
const DELETED: Case = { name: 'Old exporter', age: 300, entry: { state: 'absent' }, steps: DELETE, done: DELETE }
const NIGHTLY: RunNeed = {
  repository: 'octo/app',
  runId: 4712,
  workflow: 'Nightly',
  status: 'in_progress',
  url: 'https://github.com/octo/app/actions/runs/4712',
  startedAt: NOW - 600_000,
  minutes: 170,
  surely: 165,
  by: 'history',
  waits: false,
}
const DEFERRED: Case = {
  name: 'Busy key',
  age: 50,
  decision: {
    action: 'defer',
    because: DUE,
    yields: true,
    needs: [NIGHTLY],
    grace: { minutes: 60, longest: NIGHTLY, atRisk: [NIGHTLY], tooLong: [NIGHTLY] },
  },
}
const PUT_OFF: Case = { name: 'Late key', decision: { action: 'skip', because: DUE }, plan: { isPutOff: true } }
const FAILED: Case = {
  name: 'Bad key',
  steps: [ROTATE],
  errors: [
    new Problem({
      goal: 'rotate',
      subject: 'the API key "Bad key" (K)',
      cause: 'no',
      remedy: 'Do.',
      destination: DESTINATION,
    }),
  ],
}
const SKIPPED: Case = {
  name: 'Other key',
  seen: { facts: undefined, ignored: { key: undefined, because: { kind: 'another-key' } } },
}

describe('what became of a key', () => {
  test.each<[string, Case, boolean, Record<string, unknown>]>([
    ['rotated', ROTATED, false, { status: 'rotated', isDue: true, steps: ['rotate'], id: 'ID-CIdeploykey' }],
    [
      'left alone',
      YOUNG,
      false,
      { status: 'unchanged', isDue: false, steps: [], because: expect.stringContaining('due in 28 days') },
    ],
    ['changed alone', UPDATED, false, { status: 'updated', isDue: true }],
    [
      'changed and rotated',
      { ...ROTATED, steps: [UPDATE, ROTATE], done: [UPDATE, ROTATE] },
      false,
      { status: 'rotated' },
    ],
    ['made', CREATED, false, { status: 'created', id: 'ID-Newkey' }],
    ['to be made', { ...CREATED, done: [], rotated: undefined }, true, { status: 'planned', id: undefined }],
    ['deleted', DELETED, false, { status: 'deleted', id: 'ID-Oldexporter', because: undefined }],
    [
      'to be deleted',
      { ...DELETED, done: [] },
      true,
      { status: 'planned', steps: ['delete INCIDENT_API_KEY in octo/app', 'delete the key'] },
    ],
    [
      'gone already',
      { age: undefined, entry: { state: 'absent' } },
      false,
      { status: 'unchanged', isDue: false, id: undefined },
    ],
    ['put off', DEFERRED, false, { status: 'deferred', isDue: true }],
    ['put off in a dry run', DEFERRED, true, { status: 'deferred', isDue: true }],
    ['failed', FAILED, false, { status: 'failed', isDue: true, steps: [] }],
    [
      'failed behind an update',
      { ...FAILED, steps: [UPDATE, ROTATE], done: [UPDATE] },
      false,
      { status: 'failed', steps: expect.arrayContaining([expect.stringContaining('change its roles')]) },
    ],
    ['put off for lack of writes', PUT_OFF, false, { status: 'deferred', isDue: true, isChanged: false }],
    ['put off in a dry run for lack of writes', PUT_OFF, true, { status: 'deferred', isDue: true }],
    [
      'changed, and put off for lack of writes',
      { ...PUT_OFF, steps: [UPDATE], done: [UPDATE] },
      false,
      { status: 'deferred', isDue: true, isChanged: true },
    ],
    ['not made yet for lack of writes', { ...PUT_OFF, age: undefined }, false, { status: 'deferred', id: undefined }],
    ['not changed by a dry run', { steps: [UPDATE] }, true, { status: 'planned', isChanged: false }],
    [
      'not done, though it was planned',
      { steps: [UPDATE, ROTATE, FILL], done: [UPDATE, ROTATE], errors: [new Error('x')], rotated: {} },
      false,
      { status: 'failed', isChanged: true, steps: expect.not.arrayContaining([expect.stringContaining('fill')]) },
    ],
    ['not what the event is about', SKIPPED, false, { status: 'skipped', isDue: false }],
    ['planned', { steps: [UPDATE, ROTATE] }, true, { status: 'planned', isDue: true }],
    [
      'named by its id',
      { age: undefined, entry: { key: { by: 'id', id: '01X' } }, errors: [new Error('x')], seen: { facts: undefined } },
      false,
      { name: '01X', status: 'failed' },
    ],
  ])('%s', (_, given, dryRun, outcome) => {
    expect(outcomeOf(progressOf(given, dryRun), dryRun)).toMatchObject(outcome)
  })

  test('one deleted has no copies left; one that is to be still has them', () => {
    const results = (given: Case, dryRun: boolean) =>
      outcomeOf(progressOf(given, dryRun), dryRun).report.destinations.map(({ result }) => result)
    expect(results(DELETED, false)).toEqual(['missing'])
    expect(results({ ...DELETED, done: [] }, true)).toEqual(['current'])
    expect(results({ ...DELETED, done: [], errors: FAILED.errors ?? [] }, false)).toEqual(['failed'])
  })

  test('warnings name the key, each once', () => {
    const { warnings } = reportFor([
      {
        ...ROTATED,
        decision: { because: { kind: 'healing', stale: 0, missing: 1 }, states: ['missing'] },
        warnings: ['The key "CI deploy key" x.'],
      },
    ])
    expect(warnings).toEqual([
      'The key "CI deploy key" x.',
      expect.stringMatching(/^"CI deploy key": INCIDENT_API_KEY in octo\/app did not exist/),
    ])
  })

  test('one put off for lack of writes is not said to be put off for runs', () => {
    const { warnings } = reportFor([{ ...PUT_OFF, warnings: ['It is put off.'] }])
    expect(warnings).toEqual(['It is put off.'])
    expect(renderManifestSummary(reportFor([PUT_OFF]))).not.toMatch(/runs? in flight/)
  })
})

test.each<[Step, string[]]>([
  [ROTATE, ['rotate']],
  [
    UPDATE,
    [
      'change its roles: + a, - b (at once, for running jobs too), - c (at once, for running jobs too)',
      'change its comments: "\\"x\\" | <y>"',
    ],
  ],
  [
    { kind: 'update', fields: FIELDS, changes: [{ field: 'comments', added: [], removed: ['z'] }] },
    ['change its comments: none'],
  ],
  [CREATE, ['make the key with viewer, on_call_editor (for teams)']],
  [{ kind: 'create', fields: { ...FIELDS, roles: [], teamRoles: [] } }, ['make the key with no role']],
  [{ kind: 'fill', destination: DESTINATION, state: 'stale' }, ['fill INCIDENT_API_KEY in octo/app (stale)']],
  [{ kind: 'delete secret', destination: DESTINATION }, ['delete INCIDENT_API_KEY in octo/app']],
  [{ kind: 'delete key' }, ['delete the key']],
])('%j in words', (step, words) => {
  expect(stepInWords(step)).toEqual(words)
})

describe('the status', () => {
  test.each<[string, Case[]]>([
    ['unchanged', []],
    ['unchanged', [YOUNG]],
    ['unchanged', [YOUNG, SKIPPED]],
    ['skipped', [SKIPPED, SKIPPED]],
    ['deferred', [YOUNG, DEFERRED]],
    ['rotated', [DEFERRED, ROTATED, YOUNG]],
    ['rotated', [UPDATED]],
    ['rotated', [CREATED]],
    ['rotated', [DELETED]],
    ['deferred', [YOUNG, PUT_OFF]],
    // Whatever was changed is told so, of a key that is put off too.
    ['rotated', [{ ...PUT_OFF, steps: [UPDATE], done: [UPDATE] }]],
    ['rotated', [{ ...DEFERRED, steps: [UPDATE], done: [UPDATE] }]],
    ['failed', [{ ...FAILED, done: [UPDATE] }]],
    ['failed', [ROTATED, FAILED]],
  ])('is %s', (status, keys) => {
    const report = reportFor(keys)
    expect(report.status).toBe(status)
    expect(report.rotated).toBe(keys.some((one) => one.rotated !== undefined))
  })

  test('of a dry run is planned where anything is to be done', () => {
    expect(reportFor([YOUNG, { steps: [ROTATE] }, DEFERRED], { dryRun: true }).status).toBe('planned')
    expect(reportFor([YOUNG], { dryRun: true }).status).toBe('unchanged')
  })

  test('is failed when nothing could be looked at', () => {
    const report = manifestReportOf({ inputs: INPUTS, keys: [], unlisted: [] }, [new Error('no')], NOW)
    expect([report.status, report.errors]).toEqual(['failed', [expect.stringContaining('Error: no.')]])
  })
})

describe('the outputs', () => {
  test('name the due keys, oldest first, those that failed too', () => {
    const { due, matrix } = renderManifestOutputs(
      reportFor([{ ...ROTATED, age: 10 }, YOUNG, CREATED, DEFERRED, FAILED, DELETED]),
    )
    expect(due).toBe('5')
    expect(JSON.parse(matrix ?? '')).toEqual({
      include: ['Old exporter', 'Busy key', 'Bad key', 'CI deploy key', 'New key'].map((name) => ({
        'key-name': name,
      })),
    })
  })

  test.each([
    [255, 255],
    [256, 256],
    [257, 256],
    [5000, 256],
  ])('of %p due keys tell %p in the matrix', (count, most) => {
    const keys = Array.from(
      { length: count },
      (_, index): Case => ({ name: `Key ${index}`, age: index + 1, steps: [ROTATE] }),
    )
    const report = reportFor(keys, { dryRun: true })
    const outputs = renderManifestOutputs(report)
    expect(outputs.due).toBe(String(count))
    const { include } = JSON.parse(outputs.matrix ?? '')
    expect(include).toHaveLength(most)
    expect(include[0]).toEqual({ 'key-name': `Key ${count - 1}` })
    expect(report.warnings).toHaveLength(count > most ? 1 : 0)
    expect(Buffer.byteLength(renderManifestSummary(report))).toBeLessThan(1024 * 1024)
  })

  test('hold an empty matrix and no key when there is none', () => {
    expect(renderManifestOutputs(reportFor([]))).toEqual({
      status: 'unchanged',
      rotated: 'false',
      keys: '[]',
      due: '0',
      matrix: '{"include":[]}',
      destinations: '[]',
      'runs-at-risk': '[]',
    })
  })

  test('of one key are those of a run without a manifest, too', () => {
    const outputs = renderManifestOutputs(reportFor([ROTATED]))
    expect(outputs).toMatchObject({
      'key-id': 'ID-CIdeploykey',
      'key-name': 'CI deploy key',
      'token-issued-at': ISSUED_AT,
      'old-token-expires-at': '2026-03-01T12:15:00.123Z',
      'grace-period-minutes': '15',
    })
    expect(JSON.parse(outputs.keys ?? '')).toEqual([
      {
        name: 'CI deploy key',
        id: 'ID-CIdeploykey',
        status: 'rotated',
        rotated: true,
        steps: ['rotate'],
        token_issued_at: ISSUED_AT,
        old_token_expires_at: '2026-03-01T12:15:00.123Z',
        grace_period_minutes: 15,
        destinations: [{ ...DESTINATION, result: 'updated' }],
        runs_at_risk: [],
      },
    ])
    expect(renderManifestOutputs(reportFor([ROTATED, YOUNG]))['key-id']).toBeUndefined()
  })

  test('name a key by its id where several carry its name', () => {
    const keys = [10, 20].map((age): Case => ({ name: 'Twin', id: `01-${age}`, age, steps: [ROTATE] }))
    const { matrix } = renderManifestOutputs(reportFor([...keys, { ...ROTATED, age: 30 }], { dryRun: true }))
    const names = JSON.parse(matrix ?? '').include.map((one: Record<string, string>) => one['key-name'])
    expect(names).toEqual(['CI deploy key', '01-20', '01-10'])
  })

  test('of a key that failed hold the error', () => {
    const [key] = JSON.parse(renderManifestOutputs(reportFor([FAILED])).keys ?? '')
    expect(key).toMatchObject({ status: 'failed', error: 'Could not rotate the API key "Bad key" (K): no. Do.' })
  })
})

test('what keeps several keys from being rotated is told once', () => {
  expect(reportFor([FAILED, { ...FAILED, name: 'Second' }]).errors).toHaveLength(1)
})

test('the counts', () => {
  expect(countsOf(reportFor([ROTATED, YOUNG, ROTATED]).keys)).toBe('2 rotated, 1 unchanged.')
  expect(countsOf([])).toBe('No key.')
})

const NASTY = '</summary></details> | `x` [a](http://b) @octo <img src=x> \\'
const unlisted = [
  { id: '01A', name: 'Nobody’s key', issuedAt: new Date(NOW - 200 * DAY).toISOString() },
  { id: '01|B', name: NASTY, issuedAt: new Date(NOW - 3 * DAY).toISOString() },
].map((one) => ({ ...one, roles: [], teamIds: [], teamRoles: [], comments: undefined, lastUsedAt: undefined }))

describe('the summary, as it is kept in __tests__/golden (UPDATE_GOLDEN=1 writes it anew)', () => {
  const quiet = Array.from({ length: 21 }, (_, index): Case => ({ ...YOUNG, name: `Quiet key ${index + 1}` }))
  test.each([
    ['manifest-carried-out', reportFor([ROTATED, YOUNG, UPDATED, CREATED, DELETED, DEFERRED, FAILED], { unlisted })],
    [
      'manifest-planned',
      reportFor([{ steps: [ROTATE] }, { name: 'Other key', age: 2, steps: [UPDATE] }, ...quiet], { dryRun: true }),
    ],
    ['manifest-unchanged', reportFor([YOUNG])],
  ])('%s', (name, report) => {
    const file = join(GOLDEN, `${name}.md`)
    const summary = renderManifestSummary(report)
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, summary)
    expect(summary).toBe(readFileSync(file, 'utf8'))
  })

  test('no name closes or opens anything', () => {
    const summary = renderManifestSummary(reportFor([{ ...ROTATED, name: NASTY }], { unlisted }))
    expect(summary.match(/<\/?(details|summary)>/g)).toEqual(
      Array(2).fill(['<details>', '<summary>', '</summary>', '</details>']).flat(),
    )
    // Markdown is not read in a title (https://github.github.com/gfm/#html-blocks), and HTML is.
    const titles = [...summary.matchAll(/<summary>(.*)<\/summary>/g)].map(([, title = '']) => title)
    expect(titles[0]).toBe(
      '✅ rotated: &lt;/summary&gt;&lt;/details&gt; | `x` [a](http:\u200b//b) @\u200bocto &lt;img src=x&gt; \\',
    )
    for (const title of titles) expect(title).not.toMatch(/[<>]|@octo|:\/\//)
    const markdown = summary.replace(/<summary>.*<\/summary>/g, '')
    expect(markdown).not.toMatch(/<img|(?<!\\)\]\(|(?<!\\)`x|@octo/)
  })

  test('no title ends before its line does', () => {
    const summary = renderManifestSummary(reportFor([{ ...ROTATED, name: 'a\n\nb\r\n</summary>\u2028# c' }]))
    expect(summary).toContain('<summary>✅ rotated: a b &lt;/summary&gt; # c</summary>')
    expect(summary).not.toMatch(/^# c/m)
  })
})
