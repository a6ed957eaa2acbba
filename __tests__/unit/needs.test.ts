import { describe, expect, test } from '@jest/globals'
import type { RunFacts } from '../../src/2-look/run-facts.ts'
import { needFromHistory, needOf } from '../../src/3-decide/needs.ts'

const many = (minutes: number, count = 100) => Array.from({ length: count }, () => minutes)

describe('the need by past runs', () => {
  test.each<[string, number[], number, { minutes: number; surely: number } | undefined]>([
    ['steady runs', many(40), 10, { minutes: 30, surely: 30 }],
    ['a queued run', many(40), 0, { minutes: 40, surely: 40 }],
    ['steady long ones', many(120), 10, { minutes: 110, surely: 110 }],
    ['one past run: long, but nothing is sure', [5], 0, { minutes: 60, surely: 5 }],
    ['a hang among short runs', [...many(5, 99), 300], 1, { minutes: 299, surely: 4 }],
    ['a run that can only be the hang', [...many(5, 99), 300], 10, { minutes: 290, surely: 290 }],
    ['half of the runs are long: not sure', [...many(10, 50), ...many(90, 50)], 0, { minutes: 90, surely: 10 }],
    ['more than half are', [...many(10, 49), ...many(90, 51)], 0, { minutes: 90, surely: 90 }],
    ['an outlived history', many(5), 6, undefined],
    ['no history', [], 0, undefined],
    ['durations of zero', many(0), 0, undefined],
  ])('%s', (_, history, elapsed, need) => {
    const found = needFromHistory(history, elapsed)
    expect(found && { minutes: Math.round(found.minutes), surely: Math.round(found.surely) }).toEqual(need)
  })
})

test.each<[string, Partial<RunFacts>, object]>([
  ['the history comes first', { history: many(40), elapsed: 10, bound: 5 }, { by: 'history', minutes: 30 }],
  ['timeouts limit what is sure', { history: many(600), bound: 10 }, { by: 'history', minutes: 60, surely: 10 }],
  ['timeouts do not shorten what fits', { history: many(40), bound: 10 }, { by: 'history', minutes: 40, surely: 10 }],
  ['approvals in the past are no work', { history: many(600), mayPause: true }, { minutes: 600, surely: 0 }],
  ['nor is what a fork did', { history: many(600), isOfFork: true }, { minutes: 600, surely: 0 }],
  ['or says', { bound: 350, isOfFork: true }, { by: 'timeout', minutes: 350, surely: 0 }],
  ['then the timeouts', { history: many(5), elapsed: 10, bound: 50 }, { by: 'timeout', minutes: 50, surely: 50 }],
  ['also one that is used up', { bound: 0 }, { by: 'timeout', minutes: 0 }],
  ['then all that there is', {}, { by: 'nothing', minutes: 60, surely: 0 }],
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
    isOfFork: false,
    elapsed: 0,
    history: [],
    bound: undefined,
    mayPause: false,
  }
  expect(needOf({ ...run, ...facts })).toMatchObject(need)
})
