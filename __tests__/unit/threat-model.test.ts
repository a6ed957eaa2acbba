import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ROOT } from '../../sandbox/runner.ts'

const model = readFileSync(join(ROOT, 'docs', 'threat-model.md'), 'utf8')
const LINKS = [...model.matchAll(/\[([^[\]]+)\]\(\.\.\/(__tests__\/[\w./-]+)\)/g)].map(
  ([, name = '', file = '']) => [name, file] as const,
)

/** The names of a file's tests as they are written there: of a table of tests, the pattern. */
function namesIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:\btest|[)\]>])\(\s*(['"])(.*?)\1,/g)].map(([, , name = '']) => name)
}

describe('the threat model', () => {
  test('names a test for each invariant', () => {
    const section = model.split('\n## Invariants\n')[1]?.split('\n## ')[0] ?? ''
    const rows = section.split('\n').filter((line) => /^\| (?!---|what )/.test(line))
    expect(rows.length).toBeGreaterThan(10)
    expect(rows.filter((row) => !row.includes('](../__tests__/'))).toEqual([])
  })

  test.each(LINKS)('names the test “%s” of %s, which is there', (name, file) => {
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true])
    expect(namesIn(file)).toContain(name)
  })
})
