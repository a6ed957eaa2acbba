import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT, readActionFile } from '../../sandbox/runner.ts'
import { DEFAULTS } from '../../src/1-read/inputs.ts'
import { renderOutputs } from '../../src/5-tell/outputs.ts'
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

test('the README’s outputs are those of action.yml, in its order', () => {
  expect(tableUnder('Outputs').map(([name]) => name)).toEqual(Object.keys(action.outputs))
})

test('the defaults in the code are those of action.yml', () => {
  const declared = Object.entries(action.inputs).filter(([name]) => name in DEFAULTS)
  expect(Object.fromEntries(declared.map(([name, input]) => [name, input.default]))).toEqual(DEFAULTS)
})

test('what the code outputs is what action.yml declares', () => {
  const outputs = renderOutputs({
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
    errors: [],
  })
  expect(Object.keys(outputs)).toEqual(Object.keys(action.outputs))
})

test('the User-Agent carries the version of package.json', () => {
  const { version } = JSON.parse(read('package.json'))
  expect(userAgentFor('octo/app', 1, 2)).toBe(`rotate-incident-key/${version} (octo/app; run 1/2)`)
})

describe('every workflow in the README and in examples/', () => {
  const fenced = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')
  const files = readdirSync(join(ROOT, 'examples')).map((file) => read('examples', file))
  const workflows = [...fenced, ...files]

  test('the quick start is the example, to the letter', () => {
    expect(fenced[0]).toBe(read('examples', 'scheduled.yml'))
  })

  test.each(workflows)('holds to the house rules: %#', (text) => {
    const workflow = parse(text) as {
      permissions: object
      concurrency: object
      jobs: Record<string, { steps: { uses?: string; with?: Record<string, string> }[] }>
    }
    expect(workflow.permissions).toEqual({})
    // Neither cancels a run nor drops one that waits.
    expect(workflow.concurrency).toEqual({ group: expect.stringMatching(/./), queue: 'max' })
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)
    for (const { uses, with: block } of steps) {
      if (uses !== undefined) expect(uses).toMatch(/@([0-9a-f]{40}|<[A-Z ]+>)$/)
      if (uses?.includes('rotate-incident-key')) {
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(block ?? {})))
        const required = Object.entries(action.inputs).filter(([, input]) => input.required)
        expect(Object.keys(block ?? {})).toEqual(expect.arrayContaining(required.map(([name]) => name)))
      }
    }
  })
})
