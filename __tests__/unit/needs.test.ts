import { describe, expect, test } from '@jest/globals'
import type { RunFacts } from '../../src/2-look/run-facts.ts'
import { needFromHistory, needsOf } from '../../src/3-decide/needs.ts'

const many = (minutes: number, count = 100) => Array.from({ length: count }, () => minutes)

describe('the need by past runs', () => {
  test.each<[string, number[], number, { safe: number; likely: number } | undefined]>([
    ['steady runs', many(40), 10, { safe: 30, likely: 30 }],
    ['a queued run', many(40), 0, { safe: 40, likely: 40 }],
    ['steady long ones', many(120), 10, { safe: 110, likely: 110 }],
    ['one past run: long, but nothing is sure', [5], 0, { safe: 60, likely: 5 }],
    ['a hang among short runs', [...many(5, 99), 300], 1, { safe: 299, likely: 4 }],
    ['a run that can only be the hang', [...many(5, 99), 300], 10, { safe: 290, likely: 290 }],
    ['half of the runs are long: not sure', [...many(10, 50), ...many(90, 50)], 0, { safe: 90, likely: 10 }],
    ['more than half are', [...many(10, 49), ...many(90, 51)], 0, { safe: 90, likely: 90 }],
    ['an outlived history', many(5), 6, undefined],
    ['no history', [], 0, undefined],
    ['durations of zero', many(0), 0, undefined],
  ])('%s', (_, history, elapsed, need) => {
    const found = needFromHistory(history, elapsed)
    expect(found && { safe: Math.round(found.safe), likely: Math.round(found.likely) }).toEqual(need)
  })
})

test.each<[string, Partial<RunFacts>, object]>([
  ['the history comes first', { history: many(40), elapsed: 10, bound: 5 }, { by: 'history', safeMinutes: 30 }],
  [
    'timeouts limit what is expected',
    { history: many(600), bound: 10 },
    { by: 'history', safeMinutes: 60, likelyMinutes: 10 },
  ],
  [
    'timeouts do not shorten what fits',
    { history: many(40), bound: 10 },
    { by: 'history', safeMinutes: 40, likelyMinutes: 10 },
  ],
  ['approvals in the past are no work', { history: many(600), mayPause: true }, { safeMinutes: 600, likelyMinutes: 0 }],
  ['nor is what a fork did', { history: many(600), defersNothing: true }, { safeMinutes: 600, likelyMinutes: 0 }],
  ['or says', { bound: 350, defersNothing: true }, { by: 'timeout', safeMinutes: 350, likelyMinutes: 0 }],
  [
    'then the timeouts',
    { history: many(5), elapsed: 10, bound: 50 },
    { by: 'timeout', safeMinutes: 50, likelyMinutes: 50 },
  ],
  ['also one that is used up', { bound: 0 }, { by: 'timeout', safeMinutes: 0 }],
  ['then all that there is', {}, { by: 'nothing', safeMinutes: 60, likelyMinutes: 0 }],
])('%s', (_, facts, need) => {
  const run = {
    repository: 'o/r',
    runId: 1,
    workflow: 'CI',
    status: 'in_progress',
    url: '',
    startedAt: 0,
    waits: false,
    hasWaitingJob: false,
    waitsForOwnRun: false,
    defersNothing: false,
    elapsed: 0,
    history: [],
    bound: undefined,
    mayPause: false,
    queues: [],
  }
  expect(needsOf([{ ...run, ...facts }])).toMatchObject([need])
})
