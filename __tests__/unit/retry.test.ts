import { describe, expect, test } from '@jest/globals'
import type { Clock } from '../../src/services/clock.ts'
import { askedWait, type Failure, isPassing, type Patience, persist, waitBefore } from '../../src/services/retry.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const answer = (status: number, headers: Record<string, string> = {}, more: object = {}): Failure => ({
  kind: 'answer',
  status,
  headers,
  ...more,
})
const NO_ANSWER: Failure = { kind: 'no-answer' }

describe('what may pass', () => {
  test.each<[Failure, boolean]>([
    [NO_ANSWER, true],
    [answer(500), true],
    [answer(503), true],
    [answer(429), true],
    [answer(408), true],
    [answer(403, { 'retry-after': '3' }), true],
    [answer(403, { 'x-ratelimit-remaining': '0' }), true],
    [answer(403, {}, { message: 'You have exceeded a secondary rate limit' }), true],
    [answer(403, {}, { message: 'Resource not accessible by integration' }), false],
    [answer(401), false],
    [answer(404), false],
    [answer(422), false],
    [answer(302), false],
  ])('%j: %p', (failure, passing) => {
    expect(isPassing(failure)).toBe(passing)
  })
})

describe('the wait that is asked for, in ms', () => {
  test.each<[string, Failure, number | undefined]>([
    ['retry-after in seconds', answer(429, { 'retry-after': '7' }), 7000],
    ['retry-after in parts of seconds', answer(429, { 'retry-after': '1.5' }), 1500],
    ['retry-after that could be a year', answer(503, { 'retry-after': '3600.5' }), 3_600_500],
    ['retry-after that is no number', answer(503, { 'retry-after': '120;' }), undefined],
    ['retry-after as a date', answer(503, { 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }), 9000],
    [
      'a date counts from the service’s own clock',
      answer(503, { 'retry-after': 'Sun, 01 Mar 2026 13:00:09 GMT', date: 'Sun, 01 Mar 2026 13:00:00 GMT' }),
      9000,
    ],
    ['incident.io’s older form', answer(429, {}, { retryAfter: 'Sun, 01 Mar 2026 12:00:20 UTC' }), 20_000],
    ['incident.io’s newer form', answer(429, {}, { retryAfter: '2026-03-01T12:00:20Z' }), 20_000],
    ['the header comes first', answer(429, { 'retry-after': '1' }, { retryAfter: '2026-03-01T12:00:20Z' }), 1000],
    ['a date that is past', answer(429, {}, { retryAfter: '2026-03-01T11:00:00Z' }), 0],
    ['no date at all', answer(429, {}, { retryAfter: 'tomorrow' }), undefined],
    [
      'the end of the rate window',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 30) }),
      30_000,
    ],
    ['a secondary limit without a time: a minute', answer(403, {}, { message: 'secondary rate limit' }), 60_000],
    ['a server’s error names none', answer(500), undefined],
    ['no answer names none', NO_ANSWER, undefined],
  ])('%s', (_, failure, wait) => {
    expect(askedWait(failure, NOW)).toBe(wait)
  })
})

describe('the wait before the next attempt, in ms', () => {
  const facts = { now: NOW, timeLeft: 30_000, stubborn: false, random: 0 }
  test.each<[string, Failure, number, object, number | undefined]>([
    ['begins with a quarter of a second', NO_ANSWER, 1, {}, 250],
    ['doubles', NO_ANSWER, 4, {}, 2000],
    ['jitters up to twice that', NO_ANSWER, 4, { random: 1 }, 4000],
    ['ends at fifteen seconds', NO_ANSWER, 30, { random: 1 }, 15_000],
    ['is what the service asks for', answer(429, { 'retry-after': '12' }), 1, {}, 12_000],
    ['is its own pace when the service asks for none', answer(429, { 'retry-after': '0' }), 3, {}, 1000],
    ['gives up on what cannot pass', answer(404), 1, {}, undefined],
    ['gives up when time has run out', NO_ANSWER, 1, { timeLeft: 0 }, undefined],
    ['gives up on a wait that is too long', answer(429, { 'retry-after': '31' }), 1, {}, undefined],
    ['gives up on a wait of a year', answer(429, { 'retry-after': '31536000' }), 1, {}, undefined],
    ['cuts it for what must succeed', answer(429, { 'retry-after': '31' }), 1, { stubborn: true }, 30_000],
  ])('%s', (_, failure, attempt, change, wait) => {
    expect(waitBefore(failure, attempt, { ...facts, ...change })).toBe(wait)
  })
})

describe('persisting', () => {
  /** A clock whose sleep moves the time. */
  function fakeClock(): Clock {
    let now = NOW
    return {
      now: () => now,
      sleep: async (ms) => {
        now += ms
      },
    }
  }

  const waiting = (clock: Clock, deadline = Number.POSITIVE_INFINITY) => ({
    clock,
    random: () => 0,
    deadline: () => deadline,
  })

  async function persistFor(clock: Clock, patience: Patience, failures: number): Promise<number> {
    let attempts = 0
    const attempt = async () => {
      attempts += 1
      if (attempts <= failures) throw new Error('no')
    }
    await persist(attempt, () => NO_ANSWER, patience, waiting(clock)).catch(() => {})
    return attempts
  }

  test('ends with the first success', async () => {
    const clock = fakeClock()
    expect(await persistFor(clock, { until: () => NOW + 30_000, stubborn: false }, 2)).toBe(3)
    expect(clock.now() - NOW).toBe(250 + 500)
  })

  test('uses the whole time when it must succeed', async () => {
    const clock = fakeClock()
    await persistFor(clock, { until: () => NOW + 30_000, stubborn: true }, Number.POSITIVE_INFINITY)
    expect(clock.now() - NOW).toBe(30_000)
  })

  test('ends when everything must be done', async () => {
    const clock = fakeClock()
    const patience = { until: () => NOW + 3_600_000, stubborn: true }
    const attempt = async () => {
      throw new Error('no')
    }
    const failing = persist(attempt, () => NO_ANSWER, patience, waiting(clock, NOW + 9000))
    await expect(failing).rejects.toThrow('no')
    expect(clock.now() - NOW).toBe(9000)
  })

  test('a wait ends early when patience does', async () => {
    const clock = fakeClock()
    let asked = 0
    const until = () => (asked++ < 3 ? NOW + 3_600_000 : NOW + 1000)
    const attempt = async () => {
      throw new Error('no')
    }
    const failureOf = () => answer(429, { 'retry-after': '3000' })
    await expect(persist(attempt, failureOf, { until, stubborn: true }, waiting(clock))).rejects.toThrow('no')
    expect(clock.now() - NOW).toBeLessThanOrEqual(2000)
  })
})
