import { describe, expect, test } from '@jest/globals'
import { playAll } from '../../sandbox/chaos/campaign.ts'
import type { Case } from '../../sandbox/chaos/case.ts'
import { FAULTS, faultNamed } from '../../sandbox/chaos/faults.ts'
import { violationsOf } from '../../sandbox/chaos/invariants.ts'
import { both, boundaries, CLEAN, faultCase, killCase, playClean, recordSpots } from '../../sandbox/chaos/plan.ts'
import type { Moment, Story } from '../../sandbox/chaos/play.ts'
import { criticalOf, isRotation } from '../../sandbox/chaos/spots.ts'
import type { Exchange } from '../../sandbox/journal.ts'

// The fast share of the fault campaign: npm run chaos has the rest.
const OPTIONS = { speed: 20, parallel: 2 }

const spots = await recordSpots('token', OPTIONS)
const critical = criticalOf(spots)

async function expectNoViolations(cases: readonly Case[]): Promise<void> {
  const outcomes = await playAll(cases, OPTIONS)
  expect(outcomes.flatMap(({ name, violations }) => violations.map((one) => `${name}: ${one}`))).toEqual([])
}

// Each of them is held for every case, so it must be able to fail.
describe('an invariant tells what breaks it', () => {
  const playing = playClean({ ...CLEAN, name: 'clean', row: 'clean', flavour: 'token' }, OPTIONS)
  const momentsOf = ({ moments }: Story) => moments as [Moment, Moment, Moment]
  const spoilt: [string, (story: Story) => unknown][] = [
    ['no credential is seen: main', (story) => (momentsOf(story)[0].result.raw += story.credentials[0])],
    [
      'no credential is seen: post',
      (story) => (momentsOf(story)[1].result.state.x = btoa(`at ${story.credentials.at(-1)}`)),
    ],
    [
      'no credential is seen: next left the file core behind',
      (story) => Object.assign(momentsOf(story)[2], { leftBehind: ['core'] }),
    ],
    [
      'credentials go to their own service',
      ({ journal, credentials }) => Object.assign(journal[0] ?? {}, { query: credentials.at(-1) }),
    ],
    ['every credential is masked', (story) => momentsOf(story)[0].result.masks.splice(0)],
    ['a step ends as steps end', (story) => Object.assign(momentsOf(story)[0].result, { exitCode: 13 })],
    ['exit 0 only', (story) => Object.assign(momentsOf(story)[0].copies[1] ?? {}, { value: 'inc_old' })],
    ['what is told is true', (story) => Object.assign(momentsOf(story)[0].copies[1] ?? {}, { value: 'inc_old' })],
    ['the old token lives', (story) => Object.assign(momentsOf(story)[2].tokens[0] ?? {}, { expiresAt: 0 })],
    ['the post step heals', (story) => Object.assign(momentsOf(story)[1].result, { exitCode: 1 })],
    ['the post step is silent', (story) => Object.assign(momentsOf(story)[1].result, { raw: 'updated' })],
    ['three rotations at most', (story) => Object.assign(momentsOf(story)[1], { tokens: Array(6).fill({}) })],
    ['a token that was had', ({ journal }) => (journal as Exchange[]).unshift(...journal.filter(isRotation))],
    ['only those who could', (story) => Object.assign(momentsOf(story)[1].copies[2] ?? {}, { visibility: 'all' })],
    ['a clean run ends', (story) => Object.assign(momentsOf(story)[2].result, { exitCode: 1 })],
    ['what was planned', (story) => Object.assign(story, { isMet: false })],
  ]
  test.each(spoilt)('%s', async (told, spoil) => {
    const story = structuredClone(await playing)
    expect(violationsOf(story)).toEqual([])
    spoil(story)
    expect(violationsOf(story)).toEqual(expect.arrayContaining([expect.stringContaining(told)]))
  })
})

test('every fault, once at each request from the rotation to the proof', () =>
  expectNoViolations(
    FAULTS.map((kind) => {
      const spots = critical.filter((spot) => kind.fits?.(spot) ?? true)
      return faultCase('token', kind, spots, 1)
    }),
  ))

test.each(['500', 'reset after it took effect', 'unreadable body'])('a rotation that never gives a token: %s', (name) =>
  expectNoViolations([faultCase('token', faultNamed(name), critical.filter(isRotation), Number.POSITIVE_INFINITY)]),
)

test('SIGKILL at each boundary from the rotation to the proof, with and without the post step', () =>
  expectNoViolations(boundaries(critical, ['SIGKILL']).flatMap((kill) => both('token', kill))))

test('a signal, and a cancel as the runner does it, while the key rotates', () =>
  expectNoViolations(
    boundaries(critical.filter(isRotation), ['SIGTERM', 'cancel']).map((kill) => killCase('token', kill, true)),
  ))
