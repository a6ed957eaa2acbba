import { expect, test } from '@jest/globals'
import { stillNeeded } from '../../src/3-decide/still-needed.ts'

/** The longest grace period, in minutes: a need beyond it is as good as unknown. */
const LONGEST_GRACE = 60

const repeat = (minutes: number, times: number): number[] => Array.from({ length: times }, () => minutes)
/** A hundred durations spread evenly. */
const between = (from: number, to: number): number[] =>
  Array.from({ length: 100 }, (_, index) => from + ((to - from) * index) / 99)
const HISTORIES: [string, number[]][] = [
  ['steady', between(4, 6)],
  ['scattered', between(1, 30)],
  ['two-peaked', [...between(3, 5), ...repeat(20, 5), ...repeat(21, 5)]],
  ['with one hang', [...between(7, 9), 60]],
  ['short', [5, 7, 6]],
]

test.each<[string, number[], number]>([
  ['no history', [], 0],
  ['no history, in flight', [], 12],
  ['outlived by far', between(4, 6), 30],
  ['as long as the longest', [5, 5, 7], 7],
  ['only runs of no time', [0, 0, 0], 0],
  ['only what is no duration', [Number.NaN, -3, Infinity], 0],
  ['an unknown start', between(4, 6), Number.NaN],
])('%s tells nothing', (_, history, elapsed) => {
  expect(stillNeeded(history, elapsed)).toBeUndefined()
})

test.each<[string, number[], number, number, number]>([
  ['a queued run of a steady workflow: the longest and a bit', between(4, 6), 0, 6, 7],
  ['the same after 3 minutes: 3 less', between(4, 6), 3, 3, 4],
  ['always the same: just that', repeat(5, 100), 0, 5, 5],
  ['always the same, in flight', repeat(5, 100), 2, 3, 3],
  ['scattered: a larger margin', between(1, 30), 0, 31, 38],
  ['a long deploy about to end: far less than the longest grace', between(35, 45), 34, 11, 15],
  ['two-peaked, beyond the first peak: the second', [...repeat(4, 70), ...between(13, 15)], 6, 9, 11],
  ['a hang in a hundred: it may be another', [...repeat(8, 99), 60], 0, 60, 400],
  ['one past run: as good as nothing', [5], 0, LONGEST_GRACE, Infinity],
  ['two past runs', [5, 5], 0, LONGEST_GRACE, Infinity],
  ['five past runs: still too few', repeat(5, 5), 0, LONGEST_GRACE, Infinity],
  ['twenty past runs: enough where they are steady', between(4.5, 5.5).slice(40, 60), 0, 5, 7],
])('%s', (_, history, elapsed, least, most) => {
  const need = stillNeeded(history, elapsed)
  expect(need).toBeGreaterThanOrEqual(least)
  expect(need).toBeLessThanOrEqual(most)
})

test.each(HISTORIES)('%s: never negative, never short of a past run, and the end never moves nearer', (_, history) => {
  const longest = Math.max(...history)
  let end = 0
  for (let elapsed = 0; elapsed < longest; elapsed += 0.1) {
    const need = stillNeeded(history, elapsed) ?? Number.NaN
    expect(elapsed + need).toBeGreaterThanOrEqual(Math.max(longest, end) - 1e-9)
    end = elapsed + need
  }
  expect(stillNeeded(history, longest)).toBeUndefined()
})

test.each(HISTORIES)('%s: the order of the history does not matter, nor what is no duration', (_, history) => {
  const expected = stillNeeded(history, 2)
  expect(stillNeeded(history.toReversed(), 2)).toBeCloseTo(expected ?? Number.NaN, 9)
  expect(stillNeeded([0, ...history, Number.NaN, -1, Infinity], 2)).toBe(expected)
})

test.each(HISTORIES)('%s: the unit does not matter', (_, history) => {
  const inSeconds = history.map((minutes) => minutes * 60)
  expect((stillNeeded(inSeconds, 120) ?? Number.NaN) / 60).toBeCloseTo(stillNeeded(history, 2) ?? Number.NaN, 9)
})

test('the history stays as it is, and a start in the future is a queued run', () => {
  const history = Object.freeze([5, 7, 6])
  expect(stillNeeded(history, -1)).toBe(stillNeeded(history, 0))
  expect(history).toEqual([5, 7, 6])
})

test('more of the same history asks for less', () => {
  const needs = [1, 3, 10, 50, 100].map((count) => stillNeeded(between(4, 6).slice(-count), 0) ?? Number.NaN)
  expect(needs).toEqual(needs.toSorted((a, b) => b - a))
})
