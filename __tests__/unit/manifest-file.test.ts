import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ManifestAround } from '../../src/1-read/manifest.ts'
import { readManifest } from '../../src/1-read/manifest-file.ts'
import { errorsIn, InputProblem, ManifestProblem } from '../../src/services/problem.ts'
import { AROUND, CONTRACT, destinations, entry, mistakesOf, parse } from './manifest.ts'

const NO_KEYS = 'the file holds no keys; begin it with "keys:", and list them below, like "- name: CI deploy key".'
const LIST = 'the list of the API keys to look after, at least one.'
const TOLD = 'this holds a token, which everyone can read who can read the file. Take it out, and revoke it.'

describe('what is no YAML, or of no use', () => {
  test.each([
    ['', [`1:1 ${NO_KEYS}`]],
    ['# nothing\n', [`1:1 ${NO_KEYS}`]],
    ['keys:\n', [`1:1 "keys" is empty where a list is wanted: ${LIST}`]],
    ['keys: []', [`1:7 "keys" is an empty list, which is not valid: ${LIST}`]],
    ['keys:\n  name: A', ['2:3 "keys" is a mapping where a list is wanted; begin each item with "- ".']],
    ['- name: A', [expect.stringMatching(/^1:1 the file is a list where a mapping is wanted: a mapping with the /)]],
    ['{}', [`1:1 the file has no "keys"; give ${LIST}`]],
    ['key: []', ['1:1 unknown property "key"; did you mean "keys"?']],
    ['version: 1\nkeys: [{name: A, secret: K}]', ['1:1 unknown property "version"; the properties here are keys.']],
    ['name: A', ['1:1 unknown property "name"; it belongs to an entry of the list "keys".']],
    ['keys:\n\t- name: A', ['2:1 a tab indents this line; YAML takes only spaces for that.']],
    [entry('comments: a: b'), [expect.stringMatching(/^4:15 this is not YAML: check the indent, and put text that /)]],
    [entry('comments: "\\q"'), [expect.stringMatching(/^4:16 a backslash in double quotes begins an escape seq/)]],
    [entry('comments: @x'), ['4:15 text cannot begin with this character; put it in quotes.']],
    [
      ['keys:', '  - name: A', '   secret: B'].join('\n'),
      [expect.stringMatching(/^3:1 this is not YAML: .*Check the indent here/)],
    ],
    [entry('comments: "x'), [expect.stringMatching(/^\d+:\d+ this is not YAML: missing closing "quote\.$/)]],
    [entry('comments: !secret x'), ['4:15 tags (!name) mean nothing here; take this one away.']],
    [entry('comments: *x'), ['4:15 no anchor (&name) before this alias has its name.']],
    [entry('<<: {}'), ['4:5 unknown property "<<"; merge keys are not read: write out what is merged.']],
    ['%YAML 1.1\n---\nkeys: [{name: no, secret: no}]', []],
    [
      'keys: []\n---\nkeys: []',
      ['2:1 a second document begins here; take "---" away, and list all keys below one "keys".'],
    ],
    [entry('"secret": X'), ['4:5 "secret" is given twice; leave one of them out.']],
    [
      entry('secret: 1', 'x: 1'),
      [
        '4:5 "secret" is given twice; leave one of them out.',
        expect.stringMatching(/^4:13 /),
        expect.stringMatching(/^5:5 unknown/),
      ],
    ],
    ['['.repeat(50_000), [expect.stringMatching(/nested too deeply/)]],
    [`a: &a [1]\nb: [${'*a,'.repeat(1001)}]`, [expect.stringMatching(/^2:3005 there are more than 1000 aliases/)]],
    [
      [
        'a: &a [1,1]',
        ...[...'bcdefgh'].map((name, at) => `${name}: &${name} [${`*${'abcdefg'[at]},`.repeat(9)}]`),
      ].join('\n'),
      [expect.stringMatching(/^1:1 .*its aliases .* stand for too much/)],
    ],
  ])('number %#', async (text, mistakes) => {
    expect(await mistakesOf(text)).toEqual(mistakes)
  })
})

describe('a frame', () => {
  const frameOf = async (text: string) => (await parse(text)).mistakes[0]?.frame

  test.each([
    ['keys:\n    - x: 1\n', '- x: 1\n  ^'],
    ['keys:\r\n    - x: 1\r\n', '- x: 1\n  ^'],
    [entry('comments: "🚀\u0301\u202e", x: 1'), 'comments: "🚀··", x: 1\n          ^'],
    [
      `keys: [{ name: ${'n'.repeat(80)}, x${'y'.repeat(80)}: 1 }]`,
      `…${'n'.repeat(58)}, x${'y'.repeat(59)}…\n${' '.repeat(61)}^`,
    ],
  ])('number %#', async (text, frame) => {
    expect(await frameOf(text)).toBe(frame)
  })
})

describe('a token', () => {
  const TOKEN = 'ghp_0123456789abcdefghij'
  const CODED = `ghp_${[...TOKEN.slice(4)].map((one) => `\\x${one.charCodeAt(0).toString(16)}`).join('')}`

  test.each([
    [`keys: ${TOKEN}`, 1],
    [`# ${TOKEN}.\n${CONTRACT}`, 1],
    [`keys:\n  - name: ${TOKEN}\n    secret: ${TOKEN}`, 2],
    [`keys:\n  - name: "a ${TOKEN} b" # ${TOKEN}`, 3],
    [`keys:\n  - name: "${CODED}"\n    secret: x-y`, 2],
    [`keys:\n  - name: A\n    secret: ["${CODED}", 1`, 2],
    [`keys:\n  - name: A\n    secret: K\n    ${TOKEN}: 1\n    "x${CODED}": 1\n    "y ${CODED}": 1`, 3],
    [entry(`comments: |`, `  Made with`, `  ${TOKEN}, revoked`), 1],
    [entry(`comments: &${TOKEN} x`), 1],
    [entry(`comments: *${TOKEN}`), 2],
    [entry(`comments: !${TOKEN} x`), 2],
    [entry(`roles: [${TOKEN}, ${TOKEN}]`), 2],
    [entry(`state: ${TOKEN}`), 1],
    [entry(`min-token-age: ${TOKEN}`), 1],
    [destinations(`- repository: octo/app as ${TOKEN}`), 1],
    [destinations(`- repository: https://x:${TOKEN}@github.com/octo/app`), 1],
    [destinations(`- ${TOKEN}`), 1],
    [destinations('- repository:', `  as: ${TOKEN}`), 1],
    [`${TOKEN}: [\n`, 2],
    [`${TOKEN} ${'['.repeat(50_000)}`, 1],
  ])('is hidden, told and not shown: number %#', async (text, least) => {
    const hidden = new Set<string>()
    const hidesTokens = (word: string) => {
      if (word === TOKEN) hidden.add(word)
      return word === TOKEN
    }
    const { entries, mistakes } = await parse(text, { hidesTokens })
    expect([...hidden]).toEqual([TOKEN])
    expect(mistakes.length).toBeGreaterThanOrEqual(least)
    expect(mistakes.map(({ sentence }) => sentence)).toContain(TOLD)
    const told = JSON.stringify(mistakes)
    expect(told).not.toContain(TOKEN.slice(4, 14))
    expect(told).not.toContain(CODED.slice(8, 30))
    expect(JSON.stringify(entries)).not.toContain(TOKEN)
  })

  test('is every word before anything is read, and a key of several lines', async () => {
    const asked: string[] = []
    const pem = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', '-----END RSA PRIVATE KEY-----']
    const text = `# ${pem.join('\n# ')}\n${entry('comments: "word \\x41"')}`
    const hidesTokens = (word: string) => asked.push(word) > 0 && word === pem.join('\n')
    const { mistakes } = await parse(text, { hidesTokens })
    expect(mistakes).toMatchObject([{ line: 1, column: 3, sentence: TOLD, frame: `# ${'*'.repeat(31)}\n  ^` }])
    expect(asked).toEqual(expect.arrayContaining(['keys', 'A', 'secret', 'K', 'word', 'word A']))
    expect(new Set(asked).size).toBe(asked.length)
  })
})

describe('the file', () => {
  let folder: string
  const file = async (name: string, text: string | Uint8Array) => writeFile(join(folder, name), text)
  const problemsOf = async (path: string, around: Partial<ManifestAround> = {}) => {
    const thrown = await readManifest(path, { ...AROUND, ...around }, { GITHUB_WORKSPACE: folder }).catch(
      (error) => error,
    )
    const errors = errorsIn(thrown)
    for (const error of errors) {
      expect(error).toBeInstanceOf(ManifestProblem)
      expect(error).toBeInstanceOf(InputProblem)
    }
    return errors as ManifestProblem[]
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'manifest-'))
    await mkdir(join(folder, '.github'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('is read from the workspace', async () => {
    await file('.github/keys.yml', `\uFEFF${CONTRACT}`)
    const read = (env: NodeJS.ProcessEnv, path = '.github/keys.yml') => readManifest(path, AROUND, env)
    expect(await read({ GITHUB_WORKSPACE: folder })).toHaveLength(2)
    expect(await read({}, join(folder, '.github/keys.yml'))).toHaveLength(2)
    expect(await read({}, 'examples/incident-keys.yml')).toHaveLength(5)
  })

  test('is told with its mistakes: one alone, several together', async () => {
    await file('one.yml', 'keys:\n  - name: A\n    secret: B\n    secrt: X\n')
    const [one, ...none] = await problemsOf('one.yml')
    expect(one?.message).toBe(
      'Manifest one.yml, line 4, column 5: unknown property "secrt"; did you mean "secret"?\n  secrt: X\n  ^',
    )
    expect(one).toMatchObject({ name: 'ManifestProblem', file: 'one.yml', line: 4, column: 5 })
    expect(none).toEqual([])
    await file('two.yml', 'keys:\n  - name: A\n    secret: B\n    x: 1\n    y: 2\n')
    expect((await problemsOf('two.yml')).map(({ line }) => line)).toEqual([4, 5])
  })

  test('is not told endlessly', async () => {
    await file('many.yml', `keys:\n${'- x\n'.repeat(120)}`)
    const problems = await problemsOf('many.yml')
    expect(problems).toHaveLength(51)
    expect(problems.at(-1)?.message).toBe('Manifest many.yml: 70 more mistakes are not told; mend those above first.')
  })

  test.each([
    [
      'missing.yml',
      /^Manifest missing\.yml: there is no such file in ".*"; is the repository checked out \(actions\/checkout\) before this step\? If it is, correct the path, which counts from its root\.$/,
    ],
    ['one.yml/x.yml', /there is no such file/],
    ['.github', /^Manifest \.github: this is a directory; give the path of the YAML file in it\.$/],
    ['.', /^Manifest \.: this is a directory/],
    ['empty.yml', /^Manifest empty\.yml: the file is empty; begin it with "keys:", and list the API keys below\.$/],
    ['blank.yml', /the file is empty/],
    ['latin.yml', /^Manifest latin\.yml: this is not text in UTF-8; save it as that\.$/],
    ['utf16.yml', /not text in UTF-8/],
    ['nul.yml', /not text in UTF-8/],
    ['large.yml', /^Manifest large\.yml: the file has 1000001 bytes, and may have 1000000 at the most\.$/],
    ['/dev/null', /^Manifest \/dev\/null: this is not a file; give the path of a YAML file\.$/],
    ['a\0b', /^Manifest a b: the file cannot be read \(ERR_INVALID_ARG_VALUE\)/],
  ])('%j is refused', async (path, message) => {
    await file('one.yml', 'x')
    await file('empty.yml', '')
    await file('blank.yml', ' \n\n')
    await file('latin.yml', Buffer.from('keys: Größe', 'latin1'))
    await file('utf16.yml', Buffer.from('\uFEFFkeys: x', 'utf16le'))
    await file('nul.yml', Buffer.from('keys: x', 'utf16le'))
    await file('large.yml', `#${'x'.repeat(1_000_000)}`)
    const [problem, ...others] = await problemsOf(path)
    expect(problem?.message).toMatch(message)
    expect(problem?.line).toBeUndefined()
    expect(others).toEqual([])
  })

  test('is told when it may not be read', async () => {
    await file('closed.yml', CONTRACT)
    await chmod(join(folder, 'closed.yml'), 0)
    // Root may read everything, and lets somebody else try who may look into the folder.
    const isRoot = process.geteuid?.() === 0
    await chmod(folder, 0o755)
    if (isRoot) process.seteuid?.(65_534)
    try {
      expect((await problemsOf('closed.yml'))[0]?.message).toMatch(
        /^Manifest closed\.yml: the file cannot be read \(EACCES\)/,
      )
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  test('has no token for a name', async () => {
    const [problem] = await problemsOf('ghp_x', { hidesTokens: (word) => word === 'ghp_x' })
    expect(problem?.message).toMatch(/the input "manifest" holds a token, and not a path\. .*revoke it\.$/)
    expect(problem?.message).not.toContain('ghp_x')
  })
})
