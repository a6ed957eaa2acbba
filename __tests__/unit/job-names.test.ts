import { describe, expect, test } from '@jest/globals'
import { definitionOf } from '../../src/2-look/job-names.ts'
import type { Job } from '../../src/services/github-runs.ts'

const job = (name: string): Job => ({ id: 1, name, status: 'queued', startedAt: 0, completedAt: Number.NaN })
const idOf = (names: Record<string, unknown>, listed: string): string | undefined => {
  const jobs = Object.fromEntries(
    Object.entries(names).map(([id, name]) => [id, name === '' ? {} : typeof name === 'object' ? name : { name }]),
  )
  return definitionOf({ jobs }, job(listed))?.[0]
}

describe('the definition of a listed job', () => {
  test.each<[string, Record<string, unknown>, string, string | undefined]>([
    ['is found by its id', { a: '', b: '' }, 'a', 'a'],
    ['is found by its name', { a: 'Test', b: 'Build' }, 'Build', 'b'],
    ['is not found by its id if it has a name', { a: 'Test' }, 'a', undefined],
    ['is found by its name and the values of a matrix', { a: 'Test' }, 'Test (ubuntu, 24)', 'a'],
    ['is found by its name and the name of a called job', { a: 'Deploy' }, 'Deploy / migrate', 'a'],
    ['is found by the text before an expression', { a: 'Deploy ${{ matrix.x }}', b: 'Test' }, 'Deploy production', 'a'],
    ['is found by the text around an expression', { a: 'On ${{ matrix.os }} test', b: 'Lint' }, 'On linux test', 'a'],
    ['is found by the text between two expressions', { a: '${{ a }} on ${{ b }}' }, 'Test on linux', 'a'],
    ['is found by an expression that ends in quotes', { a: "${{ format('}} {0}', x) }} z", b: 'y' }, 'anything z', 'a'],
    ['is found by an expression with a matrix after it', { a: '${{ x }} test' }, 'unit test (24)', 'a'],
    [
      'is unknown when the text after the expression differs',
      { a: 'Deploy ${{ x }} now' },
      'Deploy it later',
      undefined,
    ],
    ['is unknown when the parts overlap', { a: 'ab${{ x }}bc' }, 'abc', undefined],
    ['is unknown when the order differs', { a: '${{ x }}one${{ y }}two' }, 'two one', undefined],
    ['is unknown when two fit', { a: 'Deploy', b: 'Deploy (${{ matrix.x }})' }, 'Deploy (production)', undefined],
    ['is unknown when an expression alone fits as well', { a: 'Deploy', b: '${{ matrix.name }}' }, 'Deploy', undefined],
    ['is found when only an expression fits', { a: 'Deploy', b: '${{ matrix.name }} x' }, 'Lint x', 'b'],
    ['is found by the text before an expression without an end', { a: "Deploy ${{ 'x }} y" }, 'Deploy anything', 'a'],
    ['is found by a name that is not text, which may be any', { a: 5 }, '5', 'a'],
    ['is unknown when a name that is not text fits as well', { a: 2024, b: 'Test' }, 'Test', undefined],
    ['is unknown when an empty name fits as well', { a: { name: '' }, b: '${{ x }}' }, 'x', undefined],
    [
      'is unknown in a file with more jobs than GitHub runs',
      Object.fromEntries([...Array(1001).keys()].map((i) => [`a${i}`, ''])),
      'a1',
      undefined,
    ],
  ])('%s', (_, names, listed, id) => {
    expect(idOf(names, listed)).toBe(id)
  })

  test('is found or unknown, without hanging, for any name from outside', () => {
    const names = [
      '${{'.repeat(80_000),
      "${{ '".repeat(50_000),
      '${{ x }}a'.repeat(25_000),
      `\${{ ${'}'.repeat(200_000)}`,
    ]
    for (const name of names) {
      expect(['a', undefined]).toContain(idOf({ a: name }, 'a'.repeat(100_000)))
    }
  })
})
