import { describe, expect, test } from '@jest/globals'
import { isLater, isSameInstant, ServiceTime } from '../../src/services/clock.ts'

/** A service that is 7,300 ms ahead, asked at this time with 40 ms on the way there and back. */
function askAt(time: ServiceTime, sentAt: number, ahead = 7300): void {
  const served = sentAt + 20 + ahead
  time.observe(new Date(Math.floor(served / 1000) * 1000).toUTCString(), sentAt, sentAt + 40)
}

test('one answer tells the offset to about half a second', () => {
  const time = new ServiceTime()
  askAt(time, 1_000_000_000_400)
  expect(Math.abs(time.offset - 7300)).toBeLessThan(600)
})

test('several answers narrow it down', () => {
  const time = new ServiceTime()
  for (let at = 0; at < 60; at++) askAt(time, 1_000_000_000_000 + at * 137)
  expect(Math.abs(time.offset - 7300)).toBeLessThan(60)
})

describe('answers that take 7 s', () => {
  /** Slow on the way there, so that the date is that of the end. */
  const askSlowly = (time: ServiceTime, ahead: number): void => {
    for (let at = 1_000_000_000_000; at < 1_000_000_010_000; at += 1137) {
      time.observe(new Date(Math.floor((at + 7000 + ahead) / 1000) * 1000).toUTCString(), at, at + 7000)
    }
  }

  test('do not make a clock wrong that agrees with them', () => {
    const time = new ServiceTime()
    askSlowly(time, 0)
    expect(Math.abs(time.offset)).toBeLessThan(1)
  })

  test.each([90_000, -90_000])('tell of one that is %p ms off', (ahead) => {
    const time = new ServiceTime()
    askSlowly(time, ahead)
    expect(Math.abs(time.offset - ahead)).toBeLessThan(4000)
  })
})

test('a service whose clock was set ahead meanwhile is measured again', () => {
  const time = new ServiceTime()
  askAt(time, 1_000_000_000_000)
  askAt(time, 1_000_000_060_000, 90_000)
  expect(Math.abs(time.offset - 90_000)).toBeLessThan(600)
})

describe('a date of 20 minutes ago', () => {
  const OLD = -20 * 60_000

  test.each([
    ['before', [OLD, 7300]],
    ['after', [7300, OLD]],
  ])('is ignored %s a date of now', (_, shifts) => {
    const time = new ServiceTime()
    for (const [index, shift] of shifts.entries()) askAt(time, 1_000_000_000_000 + index * 137, shift)
    expect(Math.abs(time.offset - 7300)).toBeLessThan(600)
  })

  test('in every response of one service is ignored if the other service agrees with this machine', () => {
    const [one, other] = ServiceTime.pair()
    askAt(one, 1_000_000_000_000, OLD)
    askAt(other, 1_000_000_000_000, 0)
    expect(Math.abs(one.offset)).toBeLessThan(600)
  })

  test('is that of the service if this machine is as far from the other one', () => {
    const [one, other] = ServiceTime.pair()
    askAt(one, 1_000_000_000_000, OLD)
    askAt(other, 1_000_000_000_000, OLD)
    expect(Math.abs(one.offset - OLD)).toBeLessThan(600)
  })
})

test('a service that gives no date has the time of the other one', () => {
  const [one, other] = ServiceTime.pair()
  askAt(other, 1_000_000_000_000)
  expect(Math.abs(one.offset - 7300)).toBeLessThan(600)
})

test('without a usable date nothing is assumed', () => {
  const time = new ServiceTime()
  time.observe(undefined, 0, 10)
  time.observe('not a date', 0, 10)
  expect(time.offset).toBe(0)
})

test.each([
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123456Z', true],
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123457Z', false],
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123Z', true],
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123457Z', true],
  ['2026-03-01T12:00:00.999999600Z', '2026-03-01T12:00:01.000000Z', true],
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.124Z', true],
  ['2026-03-01T12:00:00.9996Z', '2026-03-01T12:00:01Z', true],
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123459Z', false],
  ['2026-03-01T12:00:00.121456Z', '2026-03-01T12:00:00.123Z', false],
  ['2026-03-01T12:00:00.12Z', '2026-03-01T12:00:00.120000Z', true],
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.9Z', true],
  ['2026-03-01T12:00:00.5Z', '2026-03-01T13:00:00.5+01:00', true],
  ['2026-03-01T12:00:00.5Z', '2026-03-01T12:00:01.5Z', false],
])('%s and %s: %p', (one, other, same) => {
  expect(isSameInstant(one, other)).toBe(same)
})

test.each([
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123457Z', false],
  ['2026-03-01T12:00:00.123457Z', '2026-03-01T12:00:00.123456789Z', false],
  ['2026-03-01T12:00:00.123456Z', '2026-03-01T12:00:00.123455Z', true],
  ['2026-03-01T12:00:00.123455Z', '2026-03-01T12:00:00.123456Z', false],
  ['2026-03-01T13:00:01+01:00', '2026-03-01T12:00:00Z', true],
])('%s is later than %s: %p', (one, than, later) => {
  expect(isLater(one, than)).toBe(later)
})
