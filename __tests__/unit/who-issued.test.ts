import { describe, expect, test } from '@jest/globals'
import { areAllStale } from '../../src/2-look/staleness.ts'
import { issuerAmong, repeatedFailure } from '../../src/2-look/who-issued.ts'
import type { PastRun } from '../../src/services/github-runs.ts'

const MINUTE = 60_000
const ISSUED = Date.parse('2026-03-01T12:00:00.500Z')
const OWN = 7

/** A run of this workflow that lasted from so many minutes to so many, the issue being 0. */
function run(from: number, to: number, change: Partial<PastRun> = {}): PastRun {
  const startedAt = ISSUED + from * MINUTE
  const endedAt = ISSUED + to * MINUTE
  return { id: 1, attempt: 1, createdAt: startedAt, startedAt, endedAt, hasFailed: false, url: 'U', ...change }
}

describe('who issued a token', () => {
  const yes = 'this workflow'
  const no = 'something else'
  const second = 1 / 60
  const never = Number.POSITIVE_INFINITY

  test.each<[string, PastRun[], typeof yes | typeof no]>([
    ['without any run', [], no],
    ['a run in progress', [run(-1, 1)], yes],
    ['a run that ended before', [run(-3, -1)], no],
    ['a run that began behind it', [run(1, 3)], no],
    ['one among others', [run(60, 61), run(-1, 1, { id: 2 }), run(-61, -60, { id: 3 })], yes],
    ['runs before and behind it', [run(60, 61), run(-61, -60, { id: 2 })], no],
    ['a run that has not ended', [run(-30, never)], yes],
    ['a run that has not ended, and began behind it', [run(1, never)], no],
    ['the clocks, two seconds: a run that ended so long before', [run(-3, -2 * second)], yes],
    ['and no more', [run(-3, -2.1 * second)], no],
    ['two seconds: a run that began so long behind', [run(2 * second, 3)], yes],
    ['and no more than that', [run(2.1 * second, 3)], no],
    ['this very run', [run(-1, never, { id: OWN })], no],
    ['this very run beside one in progress', [run(-1, never, { id: OWN }), run(-2, 0)], yes],
    ['an earlier attempt of this very run', [run(60, never, { id: OWN, attempt: 2, createdAt: ISSUED - MINUTE })], yes],
    [
      'this very run, started again, and made after it',
      [run(60, never, { id: OWN, attempt: 2, createdAt: ISSUED + MINUTE })],
      no,
    ],
    ['an earlier attempt of another run', [run(60, 61, { attempt: 2, createdAt: ISSUED - MINUTE })], yes],
    ['another run, started again, and made after it', [run(60, 61, { attempt: 2, createdAt: ISSUED + MINUTE })], no],
    [
      'another run, started again, and ended before',
      [run(-3, -1, { attempt: 2, createdAt: ISSUED - 60 * MINUTE })],
      no,
    ],
    ['a run without dates', [run(Number.NaN, Number.NaN)], no],
  ])('%s', (_, runs, issuer) => {
    expect(issuerAmong(runs, OWN, ISSUED)).toBe(issuer)
  })
})

describe('a repeated failure', () => {
  const failed = { hasFailed: true }
  const issuer = run(-1, 1, { ...failed, url: 'issuer' })
  const before = run(-60, -59, { id: 2, ...failed })

  test.each<[string, PastRun[], string | undefined]>([
    ['is that of the run that issued the token and of the run before it', [issuer, before], 'issuer'],
    ['is found whatever the order of the runs', [before, issuer], 'issuer'],
    ['is none if the run before succeeded', [issuer, run(-60, -59, { id: 2 })], undefined],
    ['is none if the run that issued the token succeeded', [run(-1, 1), before], undefined],
    ['is none without a run before', [issuer], undefined],
    ['is none if no run issued the token', [before], undefined],
    ['counts the run right before only', [issuer, run(-30, -29, { id: 3 }), before], undefined],
  ])('%s', (_, runs, url) => {
    expect(repeatedFailure(runs, OWN, ISSUED)?.url).toBe(url)
  })
})

test.each<[string, (number | undefined)[], boolean]>([
  ['one older', [-MINUTE], true],
  ['all older', [-MINUTE, -2 * MINUTE], true],
  ['one of them newer', [-MINUTE, MINUTE], false],
  ['one of them within what clocks are allowed', [-MINUTE, -2000], false],
  ['one of them missing', [-MINUTE, undefined], true],
  ['one of them missing, and one current', [undefined, MINUTE], false],
  ['all missing', [undefined, undefined], false],
])('whether every copy is older than the token: %s', (_, copies, areAll) => {
  const written = copies.map((at) => ({ updatedAt: at === undefined ? undefined : ISSUED + at }))
  expect(areAllStale(written, ISSUED)).toBe(areAll)
})
