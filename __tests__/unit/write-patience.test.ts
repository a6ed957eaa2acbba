import { expect, test } from '@jest/globals'
import { writePatience } from '../../src/4-rotate-and-write/rotate-and-write.ts'
import { ServiceTime } from '../../src/services/clock.ts'

const MINUTE = 60_000
const BEGAN = Date.parse('2026-03-01T12:00:00Z')
const time = new ServiceTime()

test.each([
  ['until shortly before the old token dies', '2026-03-01T12:42:00Z', 41.5],
  ['for half a minute at least', '2026-03-01T12:00:10Z', 0.5],
  ['for an hour at most, however far off the date is', '2099-01-01T00:00:00Z', 60],
  ['for ten minutes, of a new key', undefined, 10],
])('a write is tried %s', (_, expiry, minutes) => {
  const { until, stubborn } = writePatience(expiry, { time })
  expect([(until(BEGAN) - BEGAN) / MINUTE, stubborn]).toEqual([minutes, true])
})
