import { describe, expect, test } from '@jest/globals'
import { decidedInLines, doneInLines, seenInLines } from '../../src/5-tell/phases.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000
const ISSUED = '2026-02-28T12:00:00.000000Z'
const EXPIRES = '2026-03-01T12:42:00Z'

const copyIn = (repository: string, updatedAt?: number) => ({
  destination: { kind: 'repository', owner: 'octo', repository, secret: 'KEY' } as const,
  updatedAt,
})
const needOf = (workflow: string, minutes: number) => ({
  workflow,
  safeMinutes: minutes,
  waitMinutes: 0,
  url: 'https://github.com/x',
})
const many = <T>(count: number, one: (index: number) => T) => Array.from({ length: count }, (_, index) => one(index))

function seen({ copies = [copyIn('app', NOW - 5 * MINUTE)], holders = 0, gap = undefined as string | undefined } = {}) {
  const runs = { holders: many(holders, () => ({})), gap }
  const facts = { key: { name: 'CI "key"', id: 'K1', issuedAt: ISSUED }, issuedAt: Date.parse(ISSUED), copies, runs }
  return seenInLines(facts as unknown as Parameters<typeof seenInLines>[0], NOW).join('\n')
}

describe('what was seen', () => {
  test.each([
    ['the key', {}, 'The token of "CI \\"key\\"" (K1) was issued 1 day ago, at 2026-02-28T12:00:00.000000Z.'],
    ['a copy', {}, 'KEY in octo/app was written 5 minutes ago.'],
    ['a copy that is missing', { copies: [copyIn('new')] }, 'KEY in octo/new does not exist yet.'],
    [
      'many copies',
      { copies: [...many(20, (index) => copyIn(`r${index}`, NOW)), copyIn('a')] },
      '21 secrets, of which 1 does not exist yet.',
    ],
    ['no runs', {}, 'No run in flight needs the token.'],
    ['a run', { holders: 1 }, '1 run in flight may need the token.'],
    ['runs that cannot be seen', { holders: 1, gap: 'No.' }, 'Not every run in flight could be seen.'],
  ])('%s', (_, facts, line) => {
    expect(seen(facts).split('\n')).toContain(line)
  })
})

function decided(action: string, needs: readonly object[] = []) {
  const because = { kind: 'forced' }
  const decision = { action, because, needs, grace: { minutes: 42 } }
  return decidedInLines(decision as unknown as Parameters<typeof decidedInLines>[0])
}

describe('what was decided', () => {
  test.each([
    ['skip', ['Nothing to do: force is true.']],
    ['refuse', ['A rotation is due (force is true), and is refused.']],
    [
      'defer',
      [
        'A rotation is due (force is true), and is put off.',
        '"A" (https://github.com/x) needs the old token for 9 minutes.',
      ],
    ],
    [
      'rotate',
      [
        'Rotate: force is true.',
        '"A" (https://github.com/x) needs the old token for 9 minutes.',
        'The old token is to live on for 42 minutes.',
      ],
    ],
  ])('%s', (action, lines) => {
    expect(decided(action, [needOf('A', 8.2)])).toEqual(lines)
  })

  test('with the runs that need it longest, and how many others there are', () => {
    const lines = decided(
      'rotate',
      many(22, (index) => needOf(`W${index}`, index)),
    )
    expect(lines).toHaveLength(23)
    expect([lines[1], lines.at(-2)]).toEqual([
      '"W21" (https://github.com/x) needs the old token for 21 minutes.',
      '2 more runs need it for no longer.',
    ])
  })
})

describe('what was done', () => {
  const rotated = {
    issuedAt: ISSUED,
    oldTokenExpiresAt: EXPIRES as string | undefined,
    written: [{ result: 'updated' }, { result: 'created' }],
    proof: { kind: 'works' },
    standing: { kind: 'current' },
  }
  const done = (one: object) => doneInLines({ ...rotated, ...one } as unknown as Parameters<typeof doneInLines>[0])

  test.each([
    [
      'all of it',
      {},
      [
        `A token was issued at ${ISSUED}; the old one dies at ${EXPIRES}.`,
        '2 of 2 secrets written.',
        'incident.io takes the new token.',
        "It is the key's newest.",
      ],
    ],
    [
      'for a new key, and only so far',
      {
        oldTokenExpiresAt: undefined,
        written: [{ result: 'failed' }],
        proof: { kind: 'unknown' },
        standing: { kind: 'unknown' },
      },
      [`A token was issued at ${ISSUED}.`, '0 of 1 secret written.'],
    ],
  ])('%s', (_, one, lines) => {
    expect(done(one)).toEqual(lines)
  })
})
