import { stat } from 'node:fs'
import { describe, expect, jest, test } from '@jest/globals'
import { Distance } from '../../src/services/distance.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** Longer than a near service lets anybody wait. */
const LONG = 120

const MARKS = [20, 40]

function build() {
  const pass = jest.fn()
  return { distance: new Distance(MARKS, pass), pass }
}

/** Keeps this process busy, so that no timer and no answer is seen. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Always has something to do, and sees what there is to see all the while. */
async function work(ms: number): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    block(1)
    await new Promise(setImmediate)
  }
}

describe('a service is near', () => {
  test('while every answer comes at once', async () => {
    const { distance, pass } = build()
    const ends = Array.from({ length: 50 }, () => distance.begin('answer'))
    for (const end of ends) end()
    await pause(LONG)
    expect(pass).not.toHaveBeenCalled()
  })

  test('while most answers come at once', async () => {
    const { distance, pass } = build()
    distance.begin('answer')()
    distance.begin('answer')
    await pause(LONG)
    expect(pass).not.toHaveBeenCalled()
  })

  test('when its answer came while this process was busy', async () => {
    const { distance, pass } = build()
    // Behind this come the timers, and only then what is read meanwhile.
    setImmediate(() => {
      stat(import.meta.filename, distance.begin('answer'))
      block(LONG)
    })
    await pause(2 * LONG)
    expect(pass).not.toHaveBeenCalled()
  })

  test('while this process has other work to do: more connections would win nothing', async () => {
    const { distance, pass } = build()
    const ends = [distance.begin('answer'), distance.begin('answer')]
    await work(LONG)
    for (const end of ends) end()
    await pause(LONG)
    expect(pass).not.toHaveBeenCalled()
  })
})

describe('a service is far away', () => {
  test('when it is waited for; each mark is told once', async () => {
    const { distance, pass } = build()
    const ends = [distance.begin('answer'), distance.begin('answer')]
    await pause(LONG)
    expect(pass.mock.calls).toEqual([[20], [40]])
    for (const end of ends) end()
    distance.begin('answer')
    await pause(LONG)
    expect(pass).toHaveBeenCalledTimes(2)
  })

  test('when most answers are late', async () => {
    const { distance, pass } = build()
    distance.begin('answer')()
    distance.begin('answer')
    distance.begin('answer')
    await pause(LONG)
    expect(pass.mock.calls).toEqual([[20], [40]])
  })

  test('when its answers are late, however soon it takes connections', async () => {
    const { distance, pass } = build()
    for (let count = 0; count < 5; count++) distance.begin('connection')()
    distance.begin('answer')
    await pause(LONG)
    expect(pass.mock.calls).toEqual([[20], [40]])
  })

  test('when a single answer is very late: what it holds up must not wait for it', async () => {
    const { distance, pass } = build()
    for (let count = 0; count < 100; count++) distance.begin('answer')()
    distance.begin('answer')
    await pause(500)
    expect(pass.mock.calls).toEqual([[20], [40]])
  })

  test('when most answers are late, each counted once', async () => {
    const { distance, pass } = build()
    const soon = distance.begin('answer')
    for (let count = 0; count < 5; count++) soon()
    distance.begin('answer')
    distance.begin('answer')
    await pause(LONG)
    expect(pass.mock.calls).toEqual([[20], [40]])
  })

  test('only as far as most answers come: one that is later yet says nothing', async () => {
    const pass = jest.fn()
    const distance = new Distance([20, 100], pass)
    const ends = [distance.begin('answer'), distance.begin('answer')]
    const later = distance.begin('answer')
    await pause(40)
    for (const end of ends) end()
    await pause(80)
    later()
    expect(pass.mock.calls).toEqual([[20]])
  })

  test('only as far as it was waited for', async () => {
    const pass = jest.fn()
    const end = new Distance([20, 200], pass).begin('answer')
    await pause(60)
    end()
    expect(pass.mock.calls).toEqual([[20]])
  })
})

test('keeps no timer when it is over', () => {
  const { distance } = build()
  const before = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length
  distance.begin('answer')()
  expect(process.getActiveResourcesInfo().filter((one) => one === 'Timeout')).toHaveLength(before)
})
