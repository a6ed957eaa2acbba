import { expect } from '@jest/globals'
import type { Policy } from '../../src/1-read/entry.ts'
import { type ManifestAround, parseManifest } from '../../src/1-read/manifest.ts'

export const HOUR = 3_600_000
export const DEFAULTS: Policy = {
  grace: 'auto',
  minGraceMinutes: 15,
  longRuns: 'defer',
  minTokenAge: HOUR,
  maxTokenAge: undefined,
}
export const AROUND: ManifestAround = { defaults: DEFAULTS, repository: 'octo/app', hidesTokens: () => false }
export const parse = (text: string, around: Partial<ManifestAround> = {}) =>
  parseManifest(text, { ...AROUND, ...around })
/** The mistakes of a text as `line:column sentence`. Each caret must be under the character that it is about. */
export const mistakesOf = async (text: string, around: Partial<ManifestAround> = {}) => {
  const { mistakes } = await parse(text, around)
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const { line, column, sentence, frame } of mistakes) {
    expect(sentence).toMatch(/[.?]$/)
    const source = lines[line - 1] ?? ''
    if (source.trim() === '' || /stand for too much/.test(sentence)) expect(frame).toBe('')
    else if (source.length < 60 && /^[\x20-\x7e]*$/.test(source)) {
      const [shown = '', caret = ''] = frame.split('\n')
      expect(caret).toMatch(/^ *\^$/)
      expect(shown.slice(caret.length - 1)).toBe(source.slice(column - 1).trimEnd())
    }
  }
  return mistakes.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`)
}
/** An entry with more lines, and the mistakes in them. */
export const entry = (...lines: string[]) =>
  ['keys:', '  - name: A', '    secret: K', ...lines.map((line) => `    ${line}`), ''].join('\n')
export const destinations = (...lines: string[]) => entry('destinations:', ...lines.map((line) => `  ${line}`))

/** The manifest of the contract. */
export const CONTRACT = `keys:
  - name: CI deploy key            # or id
    secret: INCIDENT_API_KEY
    destinations:
      - repository: octo/app
      - environment: octo/app/production
      - organization: octo
        as: INCIDENT_TOKEN
    min-token-age: 30d             # also: max-token-age, grace-period-minutes, min-grace-minutes, long-runs
    roles: [viewer, incident_creator]   # left out: left alone
    team-ids: []
    team-roles: []
    comments: Used by the deploy pipeline
    create: true                   # create it when it is missing (default false)
  - name: Old exporter
    state: absent                  # delete the secrets and the key
    secret: EXPORTER_KEY
    destinations: [{repository: octo/app}]
`
