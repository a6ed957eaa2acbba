import { describe, expect, test } from '@jest/globals'
import { countRounds } from '../../sandbox/bench/rounds.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, play } from './helpers.ts'

/** Each stand-in keeps an answer for so long, in ms: what is asked meanwhile did not wait for it. */
const ROUND_TRIP = 250

/** The dependent rounds of everything that was asked: look, rotate, write and verify, confirm. */
function rounds({ incident, github }: Scene): number {
  return countRounds([...incident.journal, ...github.journal], 0)
}

describe('one key, found on one page, with nothing in flight: four dependent rounds', () => {
  test.each([
    ['by its name', {}],
    ['by its id', { 'key-name': '' }],
    ['with an age that is due', { 'min-token-age': '30d' }],
    ['with a number for the grace period', { 'grace-period-minutes': '30' }],
  ])('%s', (_, inputs) =>
    play(
      async (scene) => {
        const byId = 'key-name' in inputs ? { 'key-id': scene.key.id } : {}
        const result = await scene.rotate({ with: { ...inputs, ...byId } })
        expect(result.exitCode).toBe(0)
        expectCurrent(scene)
        expect(rounds(scene)).toBe(4)
      },
      { roundTripMs: ROUND_TRIP },
    ),
  )
})

test('nothing to do: one round', () =>
  play(
    async (scene) => {
      expect((await scene.rotate({ with: { 'min-token-age': '90d' } })).outputs.status).toBe('skipped')
      expect(rounds(scene)).toBe(1)
    },
    { roundTripMs: ROUND_TRIP },
  ))

test.each([
  ['none', [], 0],
  ['one', [[0, 10]], 1],
  [
    'at the same time',
    [
      [0, 10],
      [1, 12],
      [9, 20],
    ],
    1,
  ],
  [
    'one behind the other',
    [
      [0, 10],
      [10, 20],
      [20, 30],
    ],
    3,
  ],
  [
    'one that is slow beside two',
    [
      [0, 30],
      [1, 10],
      [12, 20],
    ],
    2,
  ],
])('what counts as a round: %s', (_, spans, count) => {
  expect(
    countRounds(
      spans.map(([at = 0, endedAt = 0]) => ({ at, endedAt })),
      0,
    ),
  ).toBe(count)
})
