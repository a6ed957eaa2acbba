import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ROOT, readActionFile } from '../../sandbox/runner.ts'
import { DEFAULTS, MOST_MINUTES } from '../../src/1-read/defaults.ts'
import type { KeyOutcome } from '../../src/5-tell/key-outcome.ts'
import { renderManifestOutputs } from '../../src/5-tell/manifest-outputs.ts'
import { renderOutputs } from '../../src/5-tell/outputs.ts'
import type { Report } from '../../src/5-tell/report.ts'
import { userAgentFor } from '../../src/world.ts'

const action = await readActionFile()
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
const readme = read('README.md')

/** The rows of the README's table under a heading, cell by cell, without code marks. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

/** An input's default as the README writes it. */
const inTable = ({ default: value, required }: { default?: string; required?: boolean }): string =>
  required ? 'required' : (value ?? '')

test('the README’s inputs are those of action.yml, in its order, with its defaults', () => {
  expect(tableUnder('Inputs').map(([name, value]) => [name, value])).toEqual(
    Object.entries(action.inputs).map(([name, input]) => [name, inTable(input)]),
  )
})

test('the ranges that the README and action.yml tell are those of the code', () => {
  for (const [name, most] of Object.entries(MOST_MINUTES)) {
    const row = tableUnder('Inputs').find(([input]) => input === name)?.[2] ?? ''
    for (const text of [row, action.inputs[name]?.description ?? '']) {
      expect([name, text]).toEqual([name, expect.stringMatching(new RegExp(`minutes.*\\b0 to ${most}\\b`))])
    }
  }
})

test('the README’s outputs are those of action.yml, in its order', () => {
  expect(tableUnder('Outputs').map(([name]) => name)).toEqual(Object.keys(action.outputs))
})

test('the defaults in the code are those of action.yml', () => {
  const declared = Object.entries(action.inputs).filter(([name]) => name in DEFAULTS)
  expect(Object.fromEntries(declared.map(([name, input]) => [name, input.default]))).toEqual(DEFAULTS)
})

const REPORT: Report = {
  status: 'rotated',
  rotated: true,
  key: { id: '', name: '' },
  graceMinutes: 0,
  tokenIssuedAt: '',
  oldTokenExpiresAt: '',
  destinations: [],
  runsAtRisk: [],
  notes: [],
  warnings: [],
  errors: ['no'],
}
const KEY: KeyOutcome = {
  name: '',
  id: '',
  status: 'rotated',
  isDue: true,
  isChanged: true,
  steps: [],
  because: undefined,
  report: REPORT,
}
const OF_ONE = renderOutputs(REPORT)
const OF_MANY = renderManifestOutputs({
  status: 'rotated',
  manifest: '',
  rotated: true,
  keys: [KEY],
  due: [],
  unlisted: [],
  notes: [],
  warnings: [],
  errors: [],
})

test('what the code outputs, without a manifest and with one, is what action.yml declares', () => {
  expect(Object.keys(OF_MANY)).toEqual(expect.arrayContaining(Object.keys(OF_ONE)))
  expect(Object.keys({ ...OF_ONE, ...OF_MANY })).toEqual(Object.keys(action.outputs))
})

test('what is said of a key in the output "keys" is what the code gives', () => {
  const row = tableUnder('Outputs').find(([name]) => name === 'keys')
  const [given] = JSON.parse(OF_MANY.keys ?? '') as object[]
  for (const text of [row?.[1] ?? '', action.outputs.keys?.description ?? '']) {
    const [, names = ''] = /\{(name, [^}]*)\}/.exec(text) ?? []
    expect(names.replaceAll('?', '').split(', ')).toEqual(Object.keys(given ?? {}))
  }
})

test('the User-Agent carries the version of package.json', () => {
  const { version } = JSON.parse(read('package.json'))
  expect(userAgentFor('octo/app', 1, 2)).toBe(`rotate-incident-key/${version} (octo/app; run 1/2)`)
})
