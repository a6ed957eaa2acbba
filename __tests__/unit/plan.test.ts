import { describe, expect, test } from '@jest/globals'
import type { Inputs } from '../../src/1-read/inputs.ts'
import type { Seen } from '../../src/2-look/look-at-manifest.ts'
import { byUrgency, isDue, issuedAt, planFor } from '../../src/3-decide/plan.ts'
import { type KeyPlan, planKey } from '../../src/3-decide/plan-key.ts'
import type { Access } from '../../src/services/github.ts'
import { ACCESS, type Case, HOUR, NOW, seenOf, stepsOf } from './plan.ts'

test('stale copies come first, then the oldest tokens, and keys that are to be made last', () => {
  const plans = planFor(
    [
      seenOf({ name: 'new', age: undefined }),
      seenOf({ name: 'young', age: 2 }),
      seenOf({ name: 'old', age: 90 }),
      seenOf({ name: 'stale', age: 3, copies: [5] }),
      seenOf({ name: 'missing', age: 4, copies: [undefined] }),
    ],
    NOW,
  )
  expect(plans.map(({ seen }) => seen.key?.name ?? 'new')).toEqual(['new', 'young', 'old', 'stale', 'missing'])
  const sorted = [...plans].sort(byUrgency).map(({ seen }) => seen.key?.name ?? 'new')
  expect(sorted).toEqual(['stale', 'old', 'missing', 'young', 'new'])
  // A key that is missing has no token.
  expect(plans.map(issuedAt).indexOf(Number.MAX_SAFE_INTEGER)).toBe(0)
})

describe('what GitHub takes of one credential', () => {
  const many = (count: number, at: number | undefined) => Array<number | undefined>(count).fill(at)

  test('goes to the most urgent keys; the others are put off, but for what needs no writes', () => {
    const plans = planFor(
      [
        seenOf({ name: 'A', age: 10, copies: many(200, 10), entry: { comments: 'New' } }),
        seenOf({ name: 'B', age: 90, copies: many(200, 90) }),
        seenOf({ name: 'C', age: 3, copies: [...many(199, 3), 5] }),
        seenOf({ name: 'D', age: 5, copies: many(50, 5) }),
      ].map((seen) => ({ ...seen, inputs: { ...seen.inputs, grace: 60 } })),
      NOW,
    )
    expect(plans.map((plan) => stepsOf(plan).slice(0, 2))).toEqual([
      ['update comments'],
      ['rotate'],
      ['rotate', 'fill stale'],
      ['rotate'],
    ])
    expect(plans.map(({ decision }) => decision?.action)).toEqual(['skip', 'rotate', 'rotate', 'rotate'])
    expect(plans.map(({ isPutOff }) => isPutOff)).toEqual([true, false, false, false])
    expect(plans.map(isDue)).toEqual([true, true, true, true])
    expect(plans.map(({ warnings }) => warnings)).toEqual([
      [expect.stringMatching(/^The key "A" is put off to another run: GitHub takes about 450 writes an hour/)],
      [],
      [],
      [],
    ])
  })

  test.each<[string, Partial<Inputs>, number, string[]]>([
    ['two requests are kept for each write', {}, 8, ['A', 'B']],
    ['with force one is enough', { force: true }, 8, ['A', 'B', 'C', 'D']],
    ['nothing is left', {}, 0, []],
    ['one is left of two', {}, 7, ['A']],
  ])('or of its requests an hour: %s', (_, inputs, remaining, rotated) => {
    const access: Access = { ...ACCESS, budget: { remaining, resetAt: NOW + HOUR, lastsUntil: NOW + HOUR } }
    const plans = planFor(
      ['A', 'B', 'C', 'D'].map((name, index) =>
        seenOf({ name, age: 90 - index, copies: many(2, 40 - index), inputs: { grace: 15, ...inputs }, access }),
      ),
      NOW,
    )
    const names = ({ isPutOff }: KeyPlan) => !isPutOff
    expect(plans.filter(names).map(({ seen }) => seen.key?.name)).toEqual(rotated)
    expect(plans.flatMap(({ warnings }) => warnings)).toEqual(
      Array(4 - rotated.length).fill(expect.stringContaining(`rate limit are left (${remaining})`)),
    )
  })

  test('is counted for each credential by itself', () => {
    const plans = planFor(
      ['A', 'B', 'C'].map((name) =>
        seenOf({ name, copies: many(400, 40), access: { ...ACCESS }, inputs: { force: true } }),
      ),
      NOW,
    )
    expect(plans.map(({ decision }) => decision?.action)).toEqual(['rotate', 'rotate', 'rotate'])
  })

  test.each<Partial<Inputs>>([{ minGraceMinutes: 0 }, { grace: 15 }])(
    'is not used up by keys that are left alone: %j',
    (inputs) => {
      const plans = planFor(
        [
          ...['A', 'B', 'C'].map((name) => seenOf({ name, age: 0.01, copies: many(440, 0) })),
          seenOf({ name: 'due', copies: [40], inputs }),
        ],
        NOW,
      )
      expect([plans.flatMap(({ errors }) => errors), plans.map(stepsOf)]).toEqual([[], [[], [], [], ['rotate']]])
      expect(plans[3]?.decision?.grace.minutes).toBe(inputs.grace ?? 2)
    },
  )

  test('of keys that are written at the same time is waited for, with a longer grace period', () => {
    const plans = planFor(
      ['A', 'B'].map((name) => seenOf({ name, copies: many(200, 40), inputs: { minGraceMinutes: 0 } })),
      NOW,
    )
    // 400 writes of one credential: 30 at once, then 45 a minute; and 2 minutes more.
    expect(plans.map(({ decision }) => decision?.grace.minutes)).toEqual([11, 11])
  })

  test('is not counted twice for the key with the most', () => {
    const plans = planFor(
      [
        seenOf({ name: 'A', copies: many(300, 40), inputs: { grace: 10 } }),
        seenOf({ name: 'B', copies: many(2, 40), inputs: { minGraceMinutes: 0 } }),
      ],
      NOW,
    )
    // 302 writes take 6 minutes.
    expect([plans.flatMap(({ errors }) => errors), plans.map(stepsOf)]).toEqual([[], [['rotate'], ['rotate']]])
    expect(plans[1]?.decision?.grace.minutes).toBe(9)
  })

  test('of keys that are to be made is waited for, and of those that are not written it is not', () => {
    const due = seenOf({ name: 'due', inputs: { minGraceMinutes: 0 } })
    const graceBeside = (...others: Seen[]) => planFor([due, ...others], NOW)[0]?.decision?.grace.minutes
    expect(graceBeside()).toBe(2)
    // 90 writes: 30 at once, then 45 a minute; and 2 minutes more.
    expect(graceBeside(seenOf({ name: 'new', age: undefined, copies: many(89, undefined) }))).toBe(4)
    const unwritten: Case[] = [
      { entry: { state: 'absent' } },
      { age: 0.01 },
      { seen: { errors: [new Error('x')] } },
      { age: undefined, entry: { state: 'absent' } },
    ]
    expect(
      unwritten.map((one) => graceBeside(seenOf({ name: 'other', copies: many(89, one.age ?? 40), ...one }))),
    ).toEqual([2, 2, 2, 2])
  })

  test('is waited for behind all other keys: one that takes long makes room for the next', () => {
    const plans = planFor(
      [10, 100, 20, 50, 80].map((count, index) => seenOf({ name: `key ${index}`, copies: many(count, 40) })),
      NOW,
    )
    expect(plans.map(({ facts }) => facts?.writesAhead)).toEqual([250, 160, 240, 210, 180])
  })

  test('is waited for behind no more than GitHub takes in an hour', () => {
    const plans = planFor(
      ['A', 'B', 'C', 'D'].map((name) => seenOf({ name, copies: many(200, 40) })),
      NOW,
    )
    expect(plans.map(({ facts }) => facts?.writesAhead)).toEqual([450, 450, 450, 450])
  })

  test('and other keys write makes no grace period that was given too short', () => {
    const plans = planFor(
      ['A', 'B'].map((name) => seenOf({ name, copies: many(200, 40), inputs: { grace: 5 } })),
      NOW,
    )
    // 200 writes take four minutes, and 400 more than eight.
    expect([plans.flatMap(({ errors }) => errors), plans.map(stepsOf)]).toEqual([[], [['rotate'], ['rotate']]])
    expect(plans.map(({ decision }) => decision?.grace.minutes)).toEqual([5, 5])
    const [alone] = [seenOf({ copies: many(200, 40), inputs: { grace: 3 } })].map((seen) => planKey(seen, 0, NOW))
    expect(alone?.errors).toHaveLength(1)
  })

  test('of other credentials is not waited for', () => {
    const plans = planFor(
      ['A', 'B'].map((name) =>
        seenOf({ name, copies: many(200, 40), access: { ...ACCESS }, inputs: { minGraceMinutes: 0 } }),
      ),
      NOW,
    )
    expect(plans.map(({ decision }) => decision?.grace.minutes)).toEqual([6, 6])
  })

  test('puts off the making of a key too', () => {
    const plans = planFor(
      [
        seenOf({ name: 'A', copies: many(440, 40) }),
        seenOf({ name: 'new', age: undefined, copies: many(20, undefined) }),
      ],
      NOW,
    )
    expect(plans.map(stepsOf)[1]).toEqual([])
    expect(plans.map(isDue)).toEqual([true, true])
    expect(plans.map(({ isPutOff }) => isPutOff)).toEqual([false, true])
  })

  test('is not needed for a deletion', () => {
    const plans = planFor(
      [
        seenOf({ name: 'A', copies: many(440, 40) }),
        seenOf({ name: 'absent', entry: { state: 'absent' }, copies: many(20, 3) }),
      ],
      NOW,
    )
    expect(plans.map(({ steps, isPutOff }) => [steps.length, isPutOff])).toEqual([
      [1, false],
      [21, false],
    ])
  })
})
