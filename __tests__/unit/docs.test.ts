import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { setCompany } from '../../sandbox/demo/company.ts'
import { unfolded } from '../../sandbox/demo/stage.ts'
import { ROOT } from '../../sandbox/runner.ts'
import { readManifest } from '../../src/1-read/manifest-file.ts'
import { KINDS, storeOf } from '../../src/destination.ts'
import { errorsIn } from '../../src/services/problem.ts'

const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
const readme = read('README.md')
const EXAMPLES = readdirSync(join(ROOT, 'examples'))

/** The lines of a text, without what all of them are indented by. */
function dedented(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const indent = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(indent))
}

/** Whether these lines stand together in an example, but for the indent. */
function isInAnExample(excerpt: string): boolean {
  const lines = dedented(excerpt)
  return EXAMPLES.some((file) => {
    const all = read('examples', file).split('\n')
    return all.some((_, at) => dedented(all.slice(at, at + lines.length).join('\n')).join('\n') === lines.join('\n'))
  })
}

describe('the README', () => {
  const [quickStart, ...excerpts] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')

  test('shows in its quick start an example, to the letter', () => {
    expect(quickStart).toBe(read('examples', 'scheduled.yml'))
  })

  test('shows beside it only what stands in an example, but for the indent', () => {
    for (const excerpt of excerpts) expect([excerpt, isInAnExample(excerpt)]).toEqual([excerpt, true])
  })

  test('links every example', () => {
    const unlinked = EXAMPLES.filter((file) => file !== 'scheduled.yml' && !readme.includes(`(examples/${file})`))
    expect(unlinked).toEqual([])
  })

  test('says in six short lines how it works', () => {
    const [, section = ''] = /\n## How it works\n\n([\s\S]*?)\n\n## /.exec(readme) ?? []
    const lines = section.split('\n')
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['1. ', '2. ', '3. ', '4. ', '5. ', '6. '])
    for (const line of lines) expect(line.replace(/\]\(.*?\)/g, '').length).toBeLessThan(125)
  })

  test('answers in the order that a newcomer asks', () => {
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual([
      'See it work',
      'Quick start',
      'How it works',
      'Permissions',
      'Inputs',
      'Outputs',
      'Recipes',
      'When something fails',
      'Security',
      'Performance',
      'Versions',
      'Contributing',
    ])
  })

  test('says of every command what it does', () => {
    const [, section = ''] = readme.split('\n## Contributing\n')
    const rows = section.split('\n').filter((line) => line.startsWith('| `'))
    const told = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    expect(told.sort()).toEqual(Object.keys(JSON.parse(read('package.json')).scripts).sort())
  })

  test('says of every kind what GitHub asks for', () => {
    const rows = readme.split('\n').filter((line) => KINDS.some((kind) => line.startsWith(`| \`${kind}\` |`)))
    const told = rows.map((row) => {
      const [kind, target, , scope, , app] = row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', ''))
      return { kind, level: target === 'ORG' ? 'organization' : 'repository', scope, app }
    })
    const asked = KINDS.flatMap((kind) =>
      [{ kind, repository: 'app' }, { kind }].flatMap((place) => {
        const level = 'repository' in place ? 'repository' : 'organization'
        if (level === 'organization' && (kind === 'repository' || kind === 'environment')) return []
        if (level === 'repository' && kind === 'organization') return []
        const { scope, permission, isClosedToApps } = storeOf(place)
        return { kind, level, scope, app: isClosedToApps ? 'closed to Apps' : permission }
      }),
    )
    expect(told).toEqual(asked)
  })
})

describe('docs/keys-as-code.md', () => {
  const text = read('docs', 'keys-as-code.md')
  const blocks = (language: string) =>
    [...text.matchAll(/```([a-z]+)\n([\s\S]*?)```/g)].flatMap(([, of, block = '']) => (of === language ? block : []))
  const [example, mistaken = '', condition = ''] = blocks('yaml')
  const [, mistakes, plan = ''] = blocks('text')
  const { entry, destination } = JSON.parse(read('schema', 'manifest.schema.json')).definitions as Record<
    'entry' | 'destination',
    { properties: Record<string, { description: string }> }
  >

  /** The rows of the table under a heading, cell by cell, without code marks. */
  const tableUnder = (heading: string) =>
    (text.split(`\n### ${heading}\n`)[1]?.split('\n#')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll('`', '')),
      )

  test('shows the whole example, to the letter', () => {
    expect(example).toBe(read('examples', 'incident-keys.yml'))
    expect(isInAnExample(condition)).toBe(true)
  })

  test('has every property of the schema in its tables, with what it is when it is left out', () => {
    const rows = tableUnder('Every property of a key')
    expect(rows.map(([name]) => name)).toEqual(Object.keys(entry.properties))
    for (const [name = '', leftOut] of rows) {
      const [, said] = /\(left out: (.*)\)$/.exec(entry.properties[name]?.description ?? '') ?? []
      if (said !== undefined) expect([name, leftOut]).toEqual([name, said])
    }
    const targets = tableUnder('Every property of a destination').map(([name]) => name)
    expect(targets).toEqual(Object.keys(destination.properties))
  })

  test('shows the mistakes as they are told', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
    try {
      await writeFile(join(workspace, 'incident-keys.yml'), mistaken)
      const defaults = {
        grace: 'auto',
        minGraceMinutes: 15,
        longRuns: 'defer',
        minTokenAge: 3_600_000,
        maxTokenAge: undefined,
      } as const
      const around = { defaults, repository: 'acme/ops', hidesTokens: () => false }
      const reading = readManifest('incident-keys.yml', around, { GITHUB_WORKSPACE: workspace })
      const told = await reading.then(() => [], errorsIn)
      expect(told.map((error) => `Error: ${(error as Error).message}\n`).join('')).toBe(mistakes)
    } finally {
      await rm(workspace, { recursive: true })
    }
  })

  test('shows the plan of the demo as the log has it, but for the ids', async () => {
    const company = await setCompany()
    try {
      const lines = unfolded(await company.run({ 'dry-run': 'true' }))
      const withoutIds = (log: string) => log.trimEnd().replace(/\([0-9A-Z]{26}\)/g, '(ID)')
      expect(withoutIds(lines.join('\n'))).toContain(withoutIds(plan))
    } finally {
      await company.close()
    }
  })
})

describe('links', () => {
  const FILES = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`)]

  /** As GitHub makes the anchor of a heading. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
  const anchorsIn = (file: string) =>
    [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

  test.each(FILES)('in %s lead somewhere', (file) => {
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? file : join(dirname(file), path)
      expect([link, existsSync(join(ROOT, target))]).toEqual([link, true])
      if (anchor !== undefined) expect(anchorsIn(target)).toContain(anchor)
    }
  })
})

test('the messages that the README explains are those of the action', () => {
  const section = readme.split('\nMessages you may meet before the rotation:\n')[1]?.split('\n## ')[0] ?? ''
  const messages = section.split('\n').filter((line) => line.startsWith('| `'))
  expect(messages.length).toBeGreaterThan(10)
  const said = ['src', 'sandbox'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(folder, file)),
  )
  for (const row of messages) {
    // What stands for something else, like a name or a number.
    const parts = [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].flatMap(([, text = '']) => text.split(/"?…"?/))
    for (const part of parts.map((one) => one.trim()).filter((one) => one !== '')) {
      expect([part, said.some((text) => text.includes(part))]).toEqual([part, true])
    }
  }
})
