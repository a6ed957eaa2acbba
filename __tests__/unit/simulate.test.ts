import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { simulate } from '../../scripts/simulate.ts'
import { mulberry32, WORKLOADS } from '../../scripts/workloads.ts'

/** Too few to tell 99.8 % from 99.7 %; enough to tell a sound estimator from a broken one, in a second. */
const DRAWS = 2000

let rows: ReturnType<typeof read>
let directory: string
beforeAll(() => {
  rows = read(simulate(['--draws', String(DRAWS)]).report)
  directory = mkdtempSync(join(tmpdir(), 'simulate-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** The report's rows by name: of each rule, in the table's order, its coverage in percent and mean grace in minutes. */
function read(report: string): Record<string, { coverage: number; grace: number }[]> {
  const rows = report.split('\n').filter((line) => line.includes(' min |'))
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', , ...cells] = row.split('|').slice(1, -1)
      const numbers = cells.map((cell) => /([\d.]+) % ([\d.]+) min/.exec(cell) ?? [])
      return [name.trim(), numbers.map(([, coverage, grace]) => ({ coverage: Number(coverage), grace: Number(grace) }))]
    }),
  )
}

function samplesFile(name: string, samples: unknown): string {
  const file = join(directory, name)
  writeFileSync(file, JSON.stringify(samples))
  return file
}

test('the estimator about reaches the bar in each workload, with less than 60 minutes where they are steady', () => {
  expect(Object.keys(rows)).toEqual([...Object.keys(WORKLOADS), 'lowest coverage, mean grace'])
  const below = Object.entries(rows).filter(
    ([name, [estimator]]) => !((estimator?.coverage ?? 0) > (/hangs|lowest/.test(name) ? 98.7 : 99.5)),
  )
  expect(below).toEqual([])
  expect(rows['steady 5 min']?.[0]?.grace).toBeLessThan(16)
  expect(rows['typical 10 min']?.[0]?.grace).toBeLessThan(30)
  expect(rows['long deploys of 40 min']?.[0]?.grace).toBeLessThan(40)
})

test('the rules of thumb fare as the fixed ones must', () => {
  const [, thirty, , , sixty] = rows['long deploys of 40 min'] ?? []
  // Of a run of 40 minutes, 30 minutes cover the last three quarters.
  expect(thirty?.coverage).toBeGreaterThan(71)
  expect(thirty?.coverage).toBeLessThan(79)
  expect(sixty).toEqual({ coverage: 100, grace: 60 })
})

test('the same seed draws the same, another one does not', () => {
  const report = (seed: string): string => simulate(['--draws', '300', '--seed', seed]).report.replace(/seed \d+/, '')
  expect(report('3')).toBe(report('3'))
  expect(report('3')).not.toBe(report('4'))
  const random = mulberry32(1)
  expect([random(), random()]).toEqual([expect.closeTo(0.627074, 6), expect.closeTo(0.002736, 6)])
})

test('--workloads runs it on samples of one’s own', () => {
  const file = samplesFile('own.json', { lint: [2, 2, 3], deploy: [38, 40, 41, 42] })
  const { report, reached } = simulate(['--workloads', file, '--draws', '500'])
  const own = read(report)
  expect(Object.keys(own)).toEqual(['lint', 'deploy', 'lowest coverage, mean grace'])
  expect(own.lint?.[0]).toEqual({ coverage: 100, grace: 15 })
  expect(own.deploy?.[0]?.coverage).toBeGreaterThan(99)
  expect(reached).toBe(true)
})

test('missing the bar is told', () => {
  // Most histories of 7 know nothing of the one in fifty that takes five times as long.
  const file = samplesFile('rare.json', { rare: [...Array.from({ length: 49 }, () => 4), 20] })
  const { report, reached } = simulate(['--workloads', file, '--draws', String(DRAWS), '--history', '7'])
  expect(reached).toBe(false)
  expect(report).toContain('The estimator misses the bar.')
})

test('the variants and the alternatives run', () => {
  const { report } = simulate(['--variants', '--alternatives', '--draws', '20'])
  expect(report).toContain(' tail of 10 |')
  expect(report).not.toContain('NaN')
})

test.each([{}, [], { a: [] }, { a: [0] }, { a: ['5'] }, null])('samples %j are refused', (samples) => {
  expect(() => simulate(['--workloads', samplesFile('bad.json', samples)])).toThrow('is to hold')
})

test.each([
  ['--draws', '0'],
  ['--draws', 'x'],
  ['--seed', '1.5'],
  ['--seed', ''],
])('%s %j is refused', (option, value) => {
  expect(() => simulate([option, value])).toThrow('is to be a whole number')
})
