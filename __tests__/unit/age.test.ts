import { expect, test } from '@jest/globals'
import { nearAge, parseAge } from '../../src/1-read/age.ts'

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

test.each([
  ['7', '7d'],
  ['7 days', '7d'],
  ['90min', '90m'],
  ['12 Hours', '12h'],
  ['2W', '2w'],
  ['00', '0'],
  [' 0 ', '0'],
  ['0 days', '0d'],
  ['Never', undefined],
  ['soon', undefined],
  ['-1d', undefined],
])('the age that %p may mean is %p', (text, age) => {
  expect(nearAge(text)).toBe(age)
})
