import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'
import { VERSION } from '../../src/version.ts'
import { userAgentFor } from '../../src/world.ts'

const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')

describe('the version', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
  const released = headings.slice(1).map((heading) => /^(\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$/.exec(heading) ?? [])

  test('is the same in package.json, its lock, the changelog and the User-Agent', () => {
    const lock = JSON.parse(read('package-lock.json'))
    expect({ lock: lock.version, root: lock.packages[''].version }).toEqual({ lock: version, root: version })
    expect(released[0]?.[1]).toBe(version)
    expect(VERSION).toBe(version)
    expect(userAgentFor('octo/app', 1, 2)).toContain(`rotate-incident-key/${version} `)
  })

  test('is that of the changelog’s top, below what is unreleased, and older ones follow by their dates', () => {
    expect(headings[0]).toBe('Unreleased')
    expect(released.length).toBeGreaterThan(0)
    const dates = released.map(([, , date]) => date)
    expect(dates).toEqual(dates.map(() => expect.any(String)))
    expect(dates).toEqual([...dates].sort().reverse())
    expect(new Set(headings).size).toBe(headings.length)
  })

  test('is what the comments beside the action’s commit say, and what is to be verified', () => {
    const files = ['README.md', ...globSync('{examples,docs}/*', { cwd: ROOT })]
    const said = files.flatMap((file) =>
      [...read(file).matchAll(/rotate-incident-key(?:\/[\w./-]+)?@\S*( SHA>)?(.*)$/gm)].map(([line, , comment]) => {
        return { file, line, comment: comment?.trim() }
      }),
    )
    expect(said.length).toBeGreaterThan(readdirSync(join(ROOT, 'examples')).length - 1)
    for (const { file, line, comment } of said) {
      expect({ file, line, comment }).toEqual({ file, line, comment: `# v${version}` })
    }
    const verified = [...read('SECURITY.md').matchAll(/\bv\d+\.\d+\.\d+\b/g)].map(([tag]) => tag)
    expect(new Set(verified)).toEqual(new Set([`v${version}`]))
  })
})

interface Metadata {
  name: string
  author: string
  description: string
  branding: { icon: string; color: string }
}

/** https://docs.github.com/actions/reference/metadata-syntax-for-github-actions#branding */
const COLORS = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']
/** Some of Feather's 4.28.0, without those that GitHub leaves out. */
const ICONS = ['key', 'lock', 'refresh-ccw', 'refresh-cw', 'repeat', 'rotate-ccw', 'rotate-cw', 'shield', 'unlock']
const LEFT_OUT = ['coffee', 'columns', 'divide', 'frown', 'hexagon', 'key', 'meh', 'mouse-pointer', 'smile', 'tool']

describe('action.yml has what the Marketplace asks for', () => {
  const action = parse(read('action.yml')) as Metadata

  test('an icon and a color that it knows', () => {
    expect(COLORS).toContain(action.branding.color)
    expect(ICONS.filter((icon) => !LEFT_OUT.includes(icon))).toContain(action.branding.icon)
  })

  test('a name, an author, and a description of less than 125 characters', () => {
    expect(action.name).toMatch(/\S/)
    expect(action.author).toMatch(/\S/)
    expect(action.description.length).toBeLessThan(125)
  })
})

describe('links', () => {
  const FILES = ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', '.github/PULL_REQUEST_TEMPLATE.md']

  /** As GitHub makes the anchor of a heading. */
  const anchorOf = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
  const anchorsIn = (file: string) =>
    [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading))

  function expectTarget(link: string, from: string): void {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? from : join(dirname(from), path)
    expect([link, existsSync(join(ROOT, target))]).toEqual([link, true])
    if (anchor !== undefined) expect(anchorsIn(target)).toContain(anchor)
  }

  test.each(FILES)('in %s lead somewhere', (file) => {
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) expectTarget(link, file)
  })

  test('in the forms for issues lead to a file of this repository', () => {
    for (const file of readdirSync(join(ROOT, '.github', 'ISSUE_TEMPLATE'))) {
      const links = read('.github', 'ISSUE_TEMPLATE', file).matchAll(/\]\(\.\.\/blob\/HEAD\/([^)\s]+)\)/g)
      for (const [, link = ''] of links) expectTarget(link, '')
    }
  })

  test('files that CONTRIBUTING.md names are there', () => {
    const named = [...read('CONTRIBUTING.md').matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.[a-z]+)`/g)].map(
      ([, file = '']) => file,
    )
    expect(named.length).toBeGreaterThan(15)
    const places = ['', 'src', 'sandbox/github']
    const missing = named.filter((file) => !places.some((place) => existsSync(join(ROOT, place, file))))
    expect(missing).toEqual([])
  })
})

describe('the house of CONTRIBUTING.md', () => {
  interface Arrow {
    from: string
    to: string
  }

  /** Every import of src, types too: from which file, and which file or package. */
  const arrows: Arrow[] = globSync('src/**/*.ts', { cwd: ROOT }).flatMap((path) => {
    const from = path.replaceAll('\\', '/')
    return [...read(from).matchAll(/(?:from |import\(|^import )'([^']+)'/gm)].map(([, name = '']) => {
      const to = name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), name)).replaceAll('\\', '/') : name
      return { from, to }
    })
  })
  const ROOMS = ['src/1-read', 'src/2-look', 'src/3-decide', 'src/4-rotate-and-write', 'src/5-tell']
  const EVERYBODY_KNOWS = ['src/destination.ts', 'src/run-context.ts', 'src/limits.ts']
  const roomOf = (file: string) => ROOMS.findIndex((room) => file.startsWith(`${room}/`))
  const isOurs = ({ to }: Arrow) => to.startsWith('src/')
  const told = ({ from, to }: Arrow) => `${from} → ${to}`

  test('has each room in its table, and each room is there', () => {
    const rows = [...read('CONTRIBUTING.md').matchAll(/^\| (`[^|]+`) \|/gm)].map(([, cell = '']) => cell)
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    const folders = rooms.filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}`)
    expect(rows.flatMap((cell) => cell.match(/src\/[\w-]+(?=`)/g) ?? [])).toEqual(folders.sort())
    expect(arrows.length).toBeGreaterThan(300)
  })

  test('a room knows itself, those before it, the workshop, and what everybody knows', () => {
    const wrong = arrows.filter(isOurs).filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)]
      if (here === -1) return false
      const isKnown = there === -1 ? to.startsWith('src/services/') || EVERYBODY_KNOWS.includes(to) : there <= here
      return !isKnown
    })
    expect(wrong.map(told)).toEqual([])
  })

  test('the workshop knows no room and no story', () => {
    const inside = arrows.filter(isOurs).filter(({ from }) => from.startsWith('src/services/'))
    const wrong = inside.filter(({ to }) => !to.startsWith('src/services/') && !EVERYBODY_KNOWS.includes(to))
    expect(wrong.map(told)).toEqual([])
  })

  test('nothing of src knows the sandbox, the tests or the scripts', () => {
    expect(arrows.filter(({ to }) => /^(sandbox|__tests__|scripts|dist)\//.test(to)).map(told)).toEqual([])
  })

  test('two files open connections', () => {
    const NETWORK = /^(node:(http|https|http2|net|tls|dgram|dns)|@actions\/(http-client|github)|undici)(\/|$)/
    expect(new Set(arrows.filter(({ to }) => NETWORK.test(to)).map(({ from }) => from))).toEqual(
      new Set(['src/services/http.ts', 'src/services/connections.ts']),
    )
    // The global one would know no proxy.
    const callers = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => /(?<![\w.])fetch\(/.test(read(file)))
    expect(callers).toEqual([])
  })

  test('deciding touches nothing: neither the runner, nor the system, nor a clock', () => {
    const packages = arrows.filter(({ from, to }) => from.startsWith('src/3-decide/') && !isOurs({ from, to }))
    expect(packages.map(told)).toEqual([])
    const impure = globSync('src/3-decide/*.ts', { cwd: ROOT }).filter((file) =>
      /Date\.now|new Date\(\)|Math\.random|setTimeout|process\./.test(read(file)),
    )
    expect(impure).toEqual([])
  })
})

describe('the release workflow', () => {
  interface Job {
    permissions: Record<string, string>
    steps: { id?: string; uses?: string; run?: string }[]
  }
  const { jobs, ...workflow } = parse(read('.github', 'workflows', 'release.yml')) as {
    on: unknown
    jobs: Record<string, Job>
  }
  const script = jobs.check?.steps.find(({ id }) => id === 'version')?.run ?? ''

  /** What the step of the workflow says of a tag, beside these files. */
  async function check(tag: string, files: { 'package.json': string; 'CHANGELOG.md': string }) {
    const folder = await mkdtemp(join(tmpdir(), 'release-'))
    try {
      await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
      await writeFile(join(folder, 'output'), '')
      const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, TAG: tag, GITHUB_OUTPUT: 'output' }
      const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env })
      return { status, said: String(stdout), output: await readFile(join(folder, 'output'), 'utf8') }
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  const files = { 'package.json': read('package.json'), 'CHANGELOG.md': read('CHANGELOG.md') }

  test('takes the tag of this version, with its section of the changelog as the notes', async () => {
    const { status, said, output } = await check(`v${VERSION}`, files)
    expect([status, said]).toEqual([0, ''])
    const [, , notes = ''] = /^notes<<(\S+)\n([\s\S]*)\n\1\n$/.exec(output) ?? []
    expect(notes).toMatch(/^\n?### /)
    expect(notes).not.toMatch(/^## /m)
    expect(files['CHANGELOG.md']).toContain(notes)
    // A relative link would lead nowhere from the page of a release.
    expect(notes).not.toMatch(/\]\((?!https:)/)
  })

  test('refuses the tag of another version', async () => {
    const { status, said, output } = await check('v99.0.0', files)
    expect([status, said, output]).toEqual([1, expect.stringContaining(`not v${VERSION}`), ''])
  })

  test.each([
    ['no section', '# Changelog\n\n## Unreleased\n\n- Something\n'],
    ['an empty section', `## Unreleased\n\n## ${VERSION} - 2026-01-01\n\n## 0.0.1 - 2025-01-01\n\n- Something\n`],
    ['a section without a date', `## ${VERSION}\n\n- Something\n`],
    ['that of a longer number only', `## ${VERSION}1 - 2026-01-01\n\n- Something\n`],
  ])('refuses a version with %s in the changelog', async (_, changelog) => {
    const { status, said, output } = await check(`v${VERSION}`, { ...files, 'CHANGELOG.md': changelog })
    expect([status, said, output]).toEqual([1, expect.stringContaining('CHANGELOG.md has no section'), ''])
  })

  test('starts for the tag of a version, and not for the major tag that it moves', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
  })

  test('lets one job write and one sign, and neither has the code of a package', () => {
    const mayWrite = Object.entries(jobs).flatMap(([name, { permissions }]) =>
      Object.entries(permissions).flatMap(([scope, level]) => (level === 'write' ? [`${name}: ${scope}`] : [])),
    )
    expect(mayWrite).toEqual(['attest: id-token', 'attest: attestations', 'publish: contents'])
    const runs = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ run = '' }) => /\.ci\/|npm|npx/.test(run)),
    )
    expect(runs.map(([name]) => name)).toEqual(['prove'])
  })

  test.each(readdirSync(join(ROOT, '.github', 'workflows')))('no expression stands in a script of %s', (file) => {
    const { jobs: all } = parse(read('.github', 'workflows', file)) as { jobs: Record<string, Partial<Job>> }
    const scripts = Object.values(all).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []))
    expect(scripts.filter((text) => text.includes('${{'))).toEqual([])
  })
})
