import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import { renderLog } from '../../src/5-tell/log.ts'
import { escapeMarkdown } from '../../src/5-tell/markdown.ts'
import { type Report, reportOf } from '../../src/5-tell/report.ts'
import { renderSummary } from '../../src/5-tell/summary.ts'
import { reasonInWords, span } from '../../src/5-tell/words.ts'
import { logLine } from '../../src/services/log.ts'
import { ManifestProblem } from '../../src/services/problem.ts'

const GOLDEN = join(import.meta.dirname, '..', 'golden')
const DAY = 86_400_000
const destination = { kind: 'repository', owner: 'octo', repository: 'app', secret: 'INCIDENT_API_KEY' } as const

const ROTATED_AT = Date.parse('2026-03-01T12:00:00Z')
const deploy: RunNeed = {
  repository: 'octo/app',
  runId: 4712,
  workflow: 'Deploy',
  status: 'in_progress',
  url: 'https://github.com/octo/app/actions/runs/4712',
  startedAt: ROTATED_AT - 300_000,
  safeMinutes: 40,
  likelyMinutes: 0,
  waitMinutes: 0,
  by: 'history',
  waits: false,
  hasWaitingJob: false,
  waitsForOwnRun: false,
}

const rotated: Report = {
  status: 'rotated',
  rotated: true,
  key: { id: '01FCNDV6P870EA6S7TK1DSYDG0', name: 'CI deploy key' },
  because: { kind: 'due', age: 41 * DAY, minTokenAge: 30 * DAY },
  graceMinutes: 42,
  graceBecause: '"Deploy" needs it for 40 minutes by its past runs',
  tokenIssuedAt: '2026-03-01T12:00:00.123456Z',
  oldTokenExpiresAt: '2026-03-01T12:42:00.123Z',
  destinations: [{ destination, result: 'updated' }],
  runsAtRisk: [],
  timeline: { rotatedAt: ROTATED_AT, graceMinutes: 42, runs: [deploy] },
  notes: [],
  warnings: [],
  errors: [],
}

const { oldTokenExpiresAt: _, graceBecause: __, timeline: ___, ...planned } = rotated
const REPORTS: Record<string, Report> = {
  rotated,
  planned: {
    ...planned,
    status: 'planned',
    rotated: false,
    because: { kind: 'healing', stale: 1, missing: 0 },
    graceMinutes: 1,
    destinations: [{ destination, result: 'stale' }],
    warnings: ['The managing key lacks roles of the key "CI deploy key" by name: catalog_viewer.'],
  },
  skipped: {
    status: 'skipped',
    rotated: false,
    key: { id: '01FCNDV6P870EA6S7TK1DSYDG0', name: 'A | key`s <name> [x](http://y) @z' },
    because: { kind: 'young', age: 2 * 3_600_000, dueIn: 5 * DAY },
    tokenIssuedAt: '2026-03-01T12:00:00.123456Z',
    destinations: [{ destination, result: 'current' }],
    runsAtRisk: [],
    notes: [],
    warnings: [],
    errors: [],
  },
  deferred: {
    ...planned,
    status: 'deferred',
    rotated: false,
    graceMinutes: 60,
    runsAtRisk: [
      { ...deploy, safeMinutes: 95 },
      { ...deploy, workflow: '<b>|[x](y)', url: 'javascript:alert(1)', waits: true, status: 'waiting' },
      { ...deploy, workflow: 'New', by: 'nothing', safeMinutes: 60 },
    ],
    timeline: {
      rotatedAt: ROTATED_AT,
      graceMinutes: 60,
      runs: [
        { ...deploy, safeMinutes: 95 },
        { ...deploy, workflow: 'title: `x`\n```', safeMinutes: 5 },
      ],
    },
    warnings: ['The rotation is put off.'],
  },
  'failed-before': {
    status: 'failed',
    rotated: false,
    destinations: [],
    runsAtRisk: [],
    notes: [],
    warnings: [],
    errors: ['Input "secret-name": "a-b" is not a name that GitHub takes.', 'Could not | find <it>.'],
  },
  'manifest-mistakes': reportOf({}, [
    new ManifestProblem('keys/of_ours.yml', 'unknown property "nam"; did you mean "name"?\n  - nam: x\n    ^', {
      line: 2,
      column: 5,
    }),
    new ManifestProblem(
      'keys/of_ours.yml',
      '"roles" is not valid.\n  roles: "```` <img src=x>"  # *a* @octo\n         ^',
      {
        line: 3,
        column: 12,
      },
    ),
    new ManifestProblem('keys/of_ours.yml', '7 more mistakes are not told; mend those above first.'),
  ]),
  'failed-write': {
    ...rotated,
    status: 'failed',
    destinations: [{ destination, result: 'failed', error: 'Could not write INCIDENT_API_KEY in octo/app.' }],
    errors: ['Could not write INCIDENT_API_KEY in octo/app.'],
  },
}

test('the log tells failures first, and counts the destinations that are well where there are many', () => {
  const many = Array.from({ length: 23 }, (_, at) => ({
    destination: { ...destination, secret: `KEY_${at}` },
    result: at < 21 ? ('updated' as const) : ('created' as const),
  }))
  const failed = { destination, result: 'failed' as const, error: 'x' }
  expect(renderLog({ ...rotated, destinations: [...many, failed] }).slice(-3)).toEqual([
    'INCIDENT_API_KEY in octo/app: failed',
    '21 secrets: updated',
    '2 secrets: created',
  ])
  expect(renderLog({ ...rotated, destinations: [...many.slice(0, 20), failed] }).slice(-21)).toEqual([
    'INCIDENT_API_KEY in octo/app: failed',
    ...many.slice(0, 20).map((_, at) => `KEY_${at} in octo/app: updated`),
  ])
})

describe('the summary, as it is kept in __tests__/golden (UPDATE_GOLDEN=1 writes it anew)', () => {
  test.each(Object.entries(REPORTS))('%s', (name, report) => {
    const file = join(GOLDEN, `${name}.md`)
    const summary = renderSummary(report)
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, summary)
    expect(summary).toBe(readFileSync(file, 'utf8'))
  })
})

test.each([
  ['rotated', 3],
  ['planned', 3],
  ['skipped', 1],
  ['deferred', 1],
  ['failed-before', 0],
  ['failed-write', 3],
])('the log of %s has %p lines', (name, count) => {
  expect(renderLog(REPORTS[name] as Report)).toHaveLength(count)
})

test.each([
  [0, 'less than a minute'],
  [-5, 'less than a minute'],
  [60_000, '1 minute'],
  [119 * 60_000, '1 hour'],
  [47 * 3_600_000, '1 day'],
  [41.9 * DAY, '41 days'],
])('%p ms are %s', (ms, words) => {
  expect(span(ms)).toBe(words)
})

test.each([
  [{ kind: 'forced' } as const, 'force is true'],
  [{ kind: 'healing', stale: 2, missing: 1 } as const, "2 secrets older than the key's token and 1 secret missing"],
  [
    { kind: 'overdue', age: 40 * DAY, maxTokenAge: 30 * DAY } as const,
    /40 days old, past its max-token-age of 30 days/,
  ],
  [{ kind: 'only-heals', age: DAY } as const, /min-token-age is never/],
])('%j in words', (reason, words) => {
  expect(reasonInWords(reason)).toMatch(words)
})

test.each([
  ['::error::x', '\u200b::error::x'],
  ['  ::add-mask::x', '\u200b::add-mask::x'],
  ['a ##[group]x', 'a # #[group]x'],
  ['a\n::error::b', 'a ::error::b'],
  ['a: b::c', 'a: b::c'],
])('the line %j is logged as %j', (text, line) => {
  expect(logLine(text)).toBe(line)
})

test('Markdown that comes from outside stays text', () => {
  expect(escapeMarkdown('<b>&[a](b)`c`|*d*_e_#1~$x$\n\u202e@octo')).toBe(
    '&lt;b&gt;&amp;\\[a\\](b)\\`c\\`\\|\\*d\\*\\_e\\_\\#1\\~\\$x\\$ @\u200bocto',
  )
  expect(escapeMarkdown('http://x www.y.z')).toBe('http:\u200b//x www.\u200by.z')
})
