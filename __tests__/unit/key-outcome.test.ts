import { describe, expect, test } from '@jest/globals'
import type { Step } from '../../src/3-decide/plan-key.ts'
import { outcomeOf, stepInWords } from '../../src/5-tell/key-outcome.ts'
import { renderManifestSummary } from '../../src/5-tell/manifest-summary.ts'
import {
  type Case,
  CREATE,
  CREATED,
  DEFERRED,
  DELETED,
  DESTINATION,
  FAILED,
  FIELDS,
  FILL,
  PUT_OFF,
  progressOf,
  ROTATE,
  ROTATED,
  reportFor,
  SKIPPED,
  UPDATE,
  UPDATED,
  YOUNG,
} from './manifest-telling.ts'

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
