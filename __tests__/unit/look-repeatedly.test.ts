import { describe, expect, test } from '@jest/globals'
import { lookRepeatedly } from '../../src/services/look-repeatedly.ts'

/** A clock that goes on only while something sleeps, or is looked at for so many ms. */
function build(takes = 0) {
  let now = 1_000_000
  const start = now
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
  const looks: number[] = []
  const seeing = (what: (count: number) => string | undefined) => async () => {
    looks.push(now - start)
    now += takes
    return what(looks.length)
  }
  return { clock, looks, seeing }
}

describe('looking repeatedly', () => {
  test.each([
    { takes: 0, at: [0, 1000, 2500, 5000] },
    { takes: 400, at: [0, 1000, 2500, 5000] },
    { takes: 2000, at: [0, 2000, 4000, 6000] },
  ])('for 5 s when a look takes $takes ms, and not longer than the looks need', async ({ takes, at }) => {
    const { clock, looks, seeing } = build(takes)
    expect(
      await lookRepeatedly(
        seeing(() => undefined),
        clock,
      ),
    ).toBeUndefined()
    expect(looks).toEqual(at)
  })

  test.each([1, 2, 4])('ends with what is seen at look %i', async (which) => {
    const { clock, looks, seeing } = build()
    expect(
      await lookRepeatedly(
        seeing((count) => (count === which ? 'seen' : undefined)),
        clock,
      ),
    ).toBe('seen')
    expect(looks).toHaveLength(which)
  })

  test('ends with what a look throws', async () => {
    const { clock, looks, seeing } = build()
    const see = seeing((count) => {
      if (count === 2) throw new Error('no answer')
      return undefined
    })
    await expect(lookRepeatedly(see, clock)).rejects.toThrow('no answer')
    expect(looks).toHaveLength(2)
  })
})
