import { expect, test } from '@jest/globals'
import { parseAge } from '../../src/1-read/age.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test.each([
  ['0', 0],
  ['90m', 90 * MINUTE],
  ['12h', 12 * 60 * MINUTE],
  ['30d', 30 * DAY],
  ['2w', 14 * DAY],
  ['0m', 0],
  ['00012h', 12 * 60 * MINUTE],
])('%s is an age', (text, ms) => {
  expect(parseAge(text)).toBe(ms)
})

test.each(['soon', '', '7', '1.5h', '-1d', '1 d', '1D', '1y', 'd', '1d2h', '999999d', 'never', '١d'])(
  '%j is no age',
  (text) => {
    expect(parseAge(text)).toBeUndefined()
  },
)
