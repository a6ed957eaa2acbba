import { getEventListeners } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ROOT } from '../../sandbox/runner.ts'
import { MonotonicClock } from '../../src/services/clock.ts'

describe('a sleep', () => {
  test('ends at once when it is cancelled', async () => {
    const clock = new MonotonicClock()
    const cancel = new AbortController()
    const sleeping = clock.sleep(60_000, cancel.signal)
    cancel.abort()
    await sleeping
    await clock.sleep(60_000, cancel.signal)
  })

  test('keeps no listener on the signal after it has ended', async () => {
    const clock = new MonotonicClock()
    const { signal } = new AbortController()
    await Promise.all([clock.sleep(0, signal), clock.sleep(1, signal)])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

test('the clock does not follow a wall clock that is set back', () => {
  const clock = new MonotonicClock()
  const before = clock.now()
  const { now } = Date
  try {
    Date.now = () => now() - 7_200_000
    expect(clock.now()).toBeGreaterThanOrEqual(before)
  } finally {
    Date.now = now
  }
})

test('the wall clock is read in one place, so that no wait depends on it', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const readers = files.filter((file) =>
    /Date\.now\b|new Date\(\)|Date\(\)/.test(readFileSync(join(ROOT, 'src', file), 'utf8')),
  )
  expect(readers).toEqual(['services/clock.ts'])
  expect(readFileSync(join(ROOT, 'src/services/clock.ts'), 'utf8').match(/Date\.now\b/g)).toHaveLength(1)
})
