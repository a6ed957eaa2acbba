import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { renderManifestOutputs } from '../../src/5-tell/manifest-outputs.ts'
import { manifestReportOf } from '../../src/5-tell/manifest-report.ts'
import { countsOf, renderManifestSummary } from '../../src/5-tell/manifest-summary.ts'
import {
  type Case,
  CREATED,
  DAY,
  DEFERRED,
  DELETED,
  DESTINATION,
  FAILED,
  INPUTS,
  ISSUED_AT,
  NOW,
  PUT_OFF,
  ROTATE,
  ROTATED,
  reportFor,
  SKIPPED,
  UPDATE,
  UPDATED,
  YOUNG,
} from './manifest-telling.ts'

const GOLDEN = join(import.meta.dirname, '..', 'golden')

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
].map((one) => ({
  ...one,
  roles: [],
  teamIds: [],
  teamRoles: [],
  comments: undefined,
  lastUsedAt: undefined,
  unread: [],
}))

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
