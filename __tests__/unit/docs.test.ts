import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT, readActionFile } from '../../sandbox/runner.ts'
import { parseDestinations } from '../../src/1-read/destinations.ts'
import { KINDS, storeOf } from '../../src/destination.ts'

const action = await readActionFile()
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
const readme = read('README.md')
const EXAMPLES = readdirSync(join(ROOT, 'examples'))

interface Workflow {
  permissions: object
  concurrency: object
  jobs: Record<string, { steps: { uses?: string; with?: Record<string, string> }[] }>
}

const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap((job) => job.steps)

/** The lines of a text, without what all of them are indented by. */
function dedented(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const indent = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(indent))
}

describe.each(EXAMPLES)('examples/%s', (file) => {
  const workflow = parse(read('examples', file)) as Workflow
  const steps = stepsOf(workflow).filter(({ uses }) => uses?.includes('rotate-incident-key'))

  test('gives the run no permissions, and neither cancels a run nor drops one that waits', () => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.concurrency).toEqual({ group: expect.stringMatching(/./), queue: 'max' })
  })

  test('names every action by a commit', () => {
    for (const { uses = '' } of stepsOf(workflow)) expect(uses).toMatch(/@([0-9a-f]{40}|<[A-Z ]+>)$/)
  })

  test('gives the action inputs that it has: all that are required, and a token or an App', () => {
    expect(steps).toHaveLength(1)
    const given = Object.keys(steps[0]?.with ?? {})
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(given))
    const required = Object.entries(action.inputs).filter(([, input]) => input.required)
    expect(given).toEqual(expect.arrayContaining(required.map(([name]) => name)))
    const credentials = given.filter((name) => name.startsWith('github-') && name !== 'github-api-url')
    expect([['github-token'], ['github-app-id', 'github-app-private-key']]).toContainEqual(credentials)
  })

  test('has destinations without a mistake', () => {
    const block = steps[0]?.with ?? {}
    const around = { secretName: block['secret-name'], repository: 'acme/ops' }
    const { destinations, mistakes } = parseDestinations(block.destinations ?? '', around)
    expect(mistakes).toEqual([])
    expect(destinations.length).toBeGreaterThan(0)
  })
})

describe('the README', () => {
  const [quickStart, ...excerpts] = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')

  test('shows in its quick start an example, to the letter', () => {
    expect(quickStart).toBe(read('examples', 'scheduled.yml'))
  })

  test('shows beside it only what stands in an example, but for the indent', () => {
    const inExample = (lines: readonly string[], file: string) => {
      const all = read('examples', file).split('\n')
      return all.some((_, at) => {
        const part = all.slice(at, at + lines.length)
        return dedented(part.join('\n')).join('\n') === lines.join('\n')
      })
    }
    for (const excerpt of excerpts) {
      expect([excerpt, EXAMPLES.some((file) => inExample(dedented(excerpt), file))]).toEqual([excerpt, true])
    }
  })

  test('links every example', () => {
    const unlinked = EXAMPLES.filter((file) => file !== 'scheduled.yml' && !readme.includes(`(examples/${file})`))
    expect(unlinked).toEqual([])
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
