import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse as parseYaml } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'
import schema from '../../schema/manifest.schema.json' with { type: 'json' }
import { parseAge } from '../../src/1-read/age.ts'
import type { Policy } from '../../src/1-read/entry.ts'
import { type ManifestAround, parseManifest } from '../../src/1-read/manifest.ts'
import { readManifest } from '../../src/1-read/manifest-file.ts'
import { KINDS } from '../../src/destination.ts'
import { errorsIn, InputProblem, ManifestProblem } from '../../src/services/problem.ts'

const HOUR = 3_600_000
const DEFAULTS: Policy = {
  grace: 'auto',
  minGraceMinutes: 15,
  longRuns: 'defer',
  minTokenAge: HOUR,
  maxTokenAge: undefined,
}
const AROUND: ManifestAround = { defaults: DEFAULTS, repository: 'octo/app', hidesTokens: () => false }
const parse = (text: string, around: Partial<ManifestAround> = {}) => parseManifest(text, { ...AROUND, ...around })
/** The mistakes of a text as `line:column sentence`. Each caret must be under the character that it is about. */
const mistakesOf = async (text: string, around: Partial<ManifestAround> = {}) => {
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
const entry = (...lines: string[]) =>
  ['keys:', '  - name: A', '    secret: K', ...lines.map((line) => `    ${line}`), ''].join('\n')
const destinations = (...lines: string[]) => entry('destinations:', ...lines.map((line) => `  ${line}`))

/** The manifest of the contract. */
const CONTRACT = `keys:
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
const LEFT_ALONE = { roles: undefined, teamIds: undefined, teamRoles: undefined, comments: undefined }
const APP = { kind: 'repository', owner: 'octo', repository: 'app' }

describe('a good manifest', () => {
  test('is that of the contract', async () => {
    expect(await parse(CONTRACT)).toStrictEqual({
      mistakes: [],
      entries: [
        {
          key: { by: 'name', name: 'CI deploy key' },
          state: 'present',
          destinations: [
            { ...APP, secret: 'INCIDENT_API_KEY' },
            { ...APP, kind: 'environment', environment: 'production', secret: 'INCIDENT_API_KEY' },
            { kind: 'organization', owner: 'octo', secret: 'INCIDENT_TOKEN' },
          ],
          policy: { ...DEFAULTS, minTokenAge: 720 * HOUR },
          roles: ['viewer', 'incident_creator'],
          teamIds: [],
          teamRoles: [],
          comments: 'Used by the deploy pipeline',
          create: true,
          evenIfUsed: false,
          line: 2,
        },
        {
          key: { by: 'name', name: 'Old exporter' },
          state: 'absent',
          destinations: [{ ...APP, secret: 'EXPORTER_KEY' }],
          policy: DEFAULTS,
          ...LEFT_ALONE,
          create: false,
          evenIfUsed: false,
          line: 15,
        },
      ],
    })
  })

  test('is the example', async () => {
    const text = readFileSync(join(ROOT, 'examples/incident-keys.yml'), 'utf8')
    const { entries, mistakes } = await parse(text)
    expect(mistakes).toEqual([])
    expect(entries).toHaveLength(5)
    const [, path = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(text.split('\n')[0] ?? '') ?? []
    expect(JSON.parse(readFileSync(join(ROOT, 'examples', path), 'utf8'))).toEqual(schema)
  })

  test('may be of three lines', async () => {
    const { entries, mistakes } = await parse('keys:\n  - id: " 01H "\n    secret: k')
    expect(mistakes).toEqual([])
    expect(entries).toEqual([
      expect.objectContaining({ key: { by: 'id', id: '01H' }, destinations: [{ ...APP, secret: 'K' }] }),
    ])
  })

  test.each<[string[], Partial<Policy>]>([
    [['grace-period-minutes: auto'], { grace: 'auto' }],
    [['grace-period-minutes: 0'], { grace: 0 }],
    [['grace-period-minutes: 60', 'min-grace-minutes: 0'], { grace: 60, minGraceMinutes: 0 }],
    [['long-runs: fail'], { longRuns: 'fail' }],
    [['min-token-age: 0'], { minTokenAge: 0 }],
    [['min-token-age: "0"'], { minTokenAge: 0 }],
    [['min-token-age: never'], { minTokenAge: 'never' }],
    [['max-token-age: 2w'], { maxTokenAge: 336 * HOUR }],
    [['min-token-age: 90m', 'max-token-age: 90m'], { minTokenAge: 1.5 * HOUR, maxTokenAge: 1.5 * HOUR }],
  ])('has the policy that it gives, and the rest from the inputs: %j', async (lines, policy) => {
    const { entries, mistakes } = await parse(entry(...lines))
    expect(mistakes).toEqual([])
    expect(entries[0]?.policy).toEqual({ ...DEFAULTS, ...policy })
  })

  test.each([
    ['repository:', { ...APP, secret: 'K' }],
    ['repository: ~', { ...APP, secret: 'K' }],
    ['repository: Acme/Site', { kind: 'repository', owner: 'Acme', repository: 'Site', secret: 'K' }],
    ['environment: octo/app/eu/x y', { ...APP, kind: 'environment', environment: 'eu/x y', secret: 'K' }],
    ['organization: octo', { kind: 'organization', owner: 'octo', secret: 'K' }],
    ['dependabot: octo/app', { ...APP, kind: 'dependabot', secret: 'K' }],
    ['codespaces: octo', { kind: 'codespaces', owner: 'octo', secret: 'K' }],
    ['{ agents: octo, as: other }', { kind: 'agents', owner: 'octo', secret: 'OTHER' }],
  ])('has destinations: %s', async (line, destination) => {
    const { entries, mistakes } = await parse(destinations(`- ${line}`))
    expect(mistakes).toEqual([])
    expect(entries[0]?.destinations).toStrictEqual([destination])
  })

  test('may name a destination twice in one entry', async () => {
    const text = destinations('- repository: octo/app', '- repository:', '- repository: Octo/APP', '  as: k')
    expect((await parse(text)).entries[0]?.destinations).toEqual([{ ...APP, secret: 'K' }])
  })

  test('may switch an entry to absent and leave the rest in place', async () => {
    const rest = ['create: true', 'roles: [api_keys_manage]', 'team-ids: []', 'team-roles: [x]', 'even-if-used: true']
    const text = entry('state: absent', ...rest, 'min-token-age: 2w', 'max-token-age: 1w', 'comments: ""')
    const { entries, mistakes } = await parse(text)
    expect(mistakes).toEqual([])
    expect(entries).toEqual([expect.objectContaining({ state: 'absent', evenIfUsed: true, comments: '' })])
  })

  test.each([
    ['a mark of the byte order and CRLF', `\uFEFF${CONTRACT.replaceAll('\n', '\r\n')}`],
    ['anchors', 'keys:\n- &a {name: A, secret: A, roles: &r [x]}\n- {name: B, secret: B, roles: *r}'],
    ['quotes and JSON', '{"keys": [{"name": "A", "secret": "K", "roles": []}]}'],
    ['a name of 200 characters', `keys: [{name: ${'🚀'.repeat(200)}, secret: K}]`],
    ['destinations that all have an as', 'keys: [{id: x, destinations: [{repository: , as: A}, {agents: o, as: B}]}]'],
    ['names and ids that look alike', 'keys: [{id: x, secret: A}, {name: x, secret: B}, {name: X, secret: C}]'],
    ['one secret in other places', `${CONTRACT}  - {name: B, secret: EXPORTER_KEY, destinations: [{agents: octo}]}`],
    ['a role that nobody knows', entry('roles: [of_the_future, "2024"]', 'create: true')],
    ['api_keys_manage without create', entry('roles: [api_keys_manage]')],
  ])('may have %s', async (_, text) => {
    expect(await mistakesOf(text)).toEqual([])
  })
})

const NO_KEYS = 'the file holds no keys; begin it with "keys:", and list them below, like "- name: CI deploy key".'
const LIST = 'the list of the API keys to look after, at least one.'
const ENTRY = 'what one API key should be: its name or its id, and the secrets that hold its token.'
const PLACE = 'a place whose secret holds the token: one kind with its target, like repository: octo/app.'
const AGE = '0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w'
const MIN_AGE = `an age below which the token is not rotated, as ${AGE}; never to only mend.`
const MAX_AGE = `an age past which long-runs: defer becomes proceed, as ${AGE}.`
const GRACE = 'how long the old token lives on, as auto or a whole number of minutes from 0 to 60 without quotes.'
const LEAST = 'the least grace period that auto gives, as a whole number of minutes from 0 to 60.'
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

describe('a mistake in an entry says what was given, and what would be right', () => {
  test.each([
    // Properties
    ['secrt: X', '4:5 unknown property "secrt"; did you mean "secret"?'],
    ['secret-name: X', '4:5 unknown property "secret-name"; did you mean "secret"?'],
    ['minTokenAge: 1d', '4:5 unknown property "minTokenAge"; did you mean "min-token-age"?'],
    ['team_ids: []', '4:5 unknown property "team_ids"; did you mean "team-ids"?'],
    ['Roles: []', '4:5 unknown property "Roles"; did you mean "roles"?'],
    [
      'repository: octo/app',
      '4:5 unknown property "repository" of an entry; it belongs to an item of the list "destinations".',
    ],
    [
      'frobnicate: 1',
      `4:5 unknown property "frobnicate"; the properties here are ${Object.keys(schema.definitions.entry.properties).join(', ')}.`,
    ],
    ['__proto__: {}', expect.stringMatching(/^4:5 unknown property "__proto__"; the properties here/)],
    ['constructor: {}', expect.stringMatching(/^4:5 unknown property "constructor"; the properties here/)],
    ['id: x', '4:5 this entry has both "name" and "id"; leave one of them out.'],
    // Values
    [
      'state: gone',
      '4:12 "state" is the text "gone", which is not valid: present, or absent to delete the secrets and the key.',
    ],
    ['state: Absent', expect.stringMatching(/^4:12 "state" is the text "Absent", .*; did you mean "absent"\?$/)],
    ['state: true', expect.stringMatching(/^4:12 "state" is true, which is not valid: present, or absent/)],
    ['min-token-age: 30', `4:20 "min-token-age" is the number 30, which is not valid: ${MIN_AGE}`],
    ['min-token-age: 30 d', `4:20 "min-token-age" is the text "30 d", which is not valid: ${MIN_AGE}`],
    ['min-token-age:', `4:5 "min-token-age" is empty, which is not valid: ${MIN_AGE}`],
    ['max-token-age: never', `4:20 "max-token-age" is the text "never", which is not valid: ${MAX_AGE}`],
    ['max-token-age: [1d]', `4:20 "max-token-age" is a list, which is not valid: ${MAX_AGE}`],
    ['grace-period-minutes: 61', `4:27 "grace-period-minutes" is the number 61, which is not valid: ${GRACE}`],
    ['grace-period-minutes: -1', `4:27 "grace-period-minutes" is the number -1, which is not valid: ${GRACE}`],
    ['grace-period-minutes: 1.50', `4:27 "grace-period-minutes" is the number 1.50, which is not valid: ${GRACE}`],
    ['grace-period-minutes: "30"', `4:27 "grace-period-minutes" is the text "30", which is not valid: ${GRACE}`],
    ['min-grace-minutes: 61', `4:24 "min-grace-minutes" is the number 61, which is not valid: ${LEAST}`],
    [
      'min-grace-minutes: "15"',
      '4:24 "min-grace-minutes" is the text "15" where a whole number is wanted; write it without quotes: 15.',
    ],
    ['min-grace-minutes: auto', `4:24 "min-grace-minutes" is the text "auto" where a whole number is wanted: ${LEAST}`],
    [
      'long-runs: defr',
      expect.stringMatching(/^4:16 "long-runs" is the text "defr", which .*; did you mean "defer"\?$/),
    ],
    [
      'create: yes',
      '4:13 "create" is the text "yes" where true or false is wanted: true to make the key when it is missing, else false.',
    ],
    [
      'even-if-used: "true"',
      '4:19 "even-if-used" is the text "true" where true or false is wanted; write it without quotes: true.',
    ],
    ['roles: viewer', '4:12 "roles" is the text "viewer" where a list is wanted; write [viewer].'],
    [
      'roles: viewer, on_call_editor',
      expect.stringMatching(/^4:12 "roles" is the text .* where a list is wanted: the list of the /),
    ],
    [
      'roles: [viewer, ""]',
      '4:21 this item of "roles" is empty text, which is not valid: the name of a role, like viewer.',
    ],
    [
      'team-ids: [01, a]',
      '4:16 this item of "team-ids" is the number 01 where text is wanted; put it in quotes: "01".',
    ],
    ['team-roles: [a, b, a]', '4:24 "a" stands twice in "team-roles"; leave one of them out.'],
    [
      'comments: null',
      expect.stringMatching(/^4:15 "comments" is empty where text is wanted: the key's comments, of at /),
    ],
    [
      `comments: ${'x'.repeat(5001)}`,
      expect.stringMatching(/^4:15 "comments" is the text "x{200}…", which is not valid/),
    ],
    // What makes no sense
    [
      'min-token-age: 2w\n    max-token-age: 1w',
      '4:20 "min-token-age" (2w) is above "max-token-age" (1w); give a max-token-age that is not below it.',
    ],
    ['min-token-age: never\n    max-token-age: 1w', expect.stringMatching(/^4:20 "min-token-age" \(never\) is above/)],
    [
      'max-token-age: 0',
      '4:20 the input "min-token-age" is above "max-token-age" (0); give a max-token-age that is not below it.',
    ],
    [
      'team-ids: []\n    team-roles: [x]',
      '4:15 "team-ids" is empty, and "team-roles" is not; incident.io wants both empty or both not.',
    ],
    [
      'team-ids: [x]\n    team-roles: []',
      '5:17 "team-roles" is empty, and "team-ids" is not; incident.io wants both empty or both not.',
    ],
    [
      'roles: [viewer, api_keys_manage]\n    create: true',
      expect.stringMatching(/^4:21 a key with api_keys_manage cannot be created through the API; /),
    ],
    [
      'team-roles: [api_keys_manage]\n    create: true',
      expect.stringMatching(/^4:18 a key with api_keys_manage cannot/),
    ],
  ])('number %#', async (lines, mistake) => {
    expect(await mistakesOf(entry(lines))).toEqual([mistake])
  })

  test.each([
    ['keys:\n  - secret: K', '2:5 this entry has none of name, id; give one of them.'],
    ['keys:\n  - nam: A\n    secret: K', '2:5 unknown property "nam"; did you mean "name"?'],
    ['keys:\n  -', `2:4 this entry is empty where a mapping is wanted: ${ENTRY}`],
    ['keys:\n  - A', `2:5 this entry is the text "A" where a mapping is wanted: ${ENTRY}`],
    [
      'keys:\n  - name: 2024\n    secret: K',
      '2:11 "name" is the number 2024 where text is wanted; put it in quotes: "2024".',
    ],
    [
      'keys:\n  - name: 0x10\n    secret: K',
      '2:11 "name" is the number 0x10 where text is wanted; put it in quotes: "0x10".',
    ],
    ['keys:\n  - name: True\n    secret: K', '2:11 "name" is true where text is wanted; put it in quotes: "True".'],
    [
      'keys:\n  - name: " "\n    secret: K',
      '2:11 "name" is the text " ", which is not valid: the exact name of the API key, of 1 to 200 characters.',
    ],
    [
      `keys:\n  - name: ${'x'.repeat(201)}\n    secret: K`,
      expect.stringMatching(/^2:11 "name" is the text "x{200}…", which is not/),
    ],
    [
      'keys:\n  - id: ""\n    secret: K',
      '2:9 "id" is empty text, which is not valid: the id of the API key, in the place of its name.',
    ],
    ['keys:\n  - id: ..\n    secret: K', '2:9 ".." is not an id; copy it from incident.io\'s dashboard.'],
    [
      'keys:\n  - id: x\n    secret: K\n    create: true',
      expect.stringMatching(/^4:5 an id is given by incident\.io when the key is made; /),
    ],
    [
      'keys:\n  - name: A\n    secret: a-b',
      expect.stringMatching(/^3:13 "secret": "a-b" is not a name that GitHub takes; .*"a_b"\.$/),
    ],
    [
      'keys:\n  - name: A\n    secret: github_x',
      expect.stringMatching(/^3:13 "secret": "github_x" begins with GITHUB_/),
    ],
    [
      'keys:\n  - name: A\n    secret:',
      expect.stringMatching(/^3:5 "secret" is empty where text is wanted: the name of the GitHub/),
    ],
    [
      'keys:\n  - name: A',
      '2:5 this entry names no secret; give "secret", the name of the GitHub secret that holds the token.',
    ],
    [
      'keys:\n  - name: A\n    destinations: [{repository: , }, {agents: o}]',
      expect.stringMatching(/^2:5 this entry names no secret/),
    ],
  ])('number %#', async (text, mistake) => {
    expect(await mistakesOf(text)).toEqual([mistake])
  })
})

describe('a mistake in a destination', () => {
  test.each([
    ['- repository', '5:9 this destination is the text "repository" where a mapping is wanted; write "repository:".'],
    [
      '- agents:octo',
      '5:9 this destination is the text "agents:octo" where a mapping is wanted; write "agents: octo".',
    ],
    ['- octo/app', `5:9 this destination is the text "octo/app" where a mapping is wanted: ${PLACE}`],
    ['- repo: octo/app', '5:9 unknown property "repo"; did you mean "repository"?'],
    ['- repository:\n        secret: X', '6:9 unknown property "secret"; did you mean "as"?'],
    ['- gitlab: x', `5:9 unknown property "gitlab"; the properties here are ${KINDS.join(', ')}, as.`],
    ['- as: X', `5:9 this destination has none of ${KINDS.join(', ')}; give one of them.`],
    [
      '- repository:\n        agents: octo',
      '6:9 this destination has both "repository" and "agents"; make two items of the list of them.',
    ],
    ['- repository:\n        roles: []', '6:9 unknown property "roles" of a destination; it belongs to the entry.'],
    [
      '- repository: ""',
      '5:21 "repository" is empty text, which is not valid: OWNER/REPO, or nothing for the repository that the workflow runs in.',
    ],
    ['- repository: 1', '5:21 "repository" is the number 1 where text is wanted; put it in quotes: "1".'],
    [
      '- agents:',
      '5:9 "agents" is empty where text is wanted: OWNER/REPO, or ORG for the organization\'s secrets of agents.',
    ],
    [
      '- repository: octo',
      '5:21 the kind repository takes only OWNER/REPO, and not "octo"; write "repository: octo/app".',
    ],
    [
      '- environment: production',
      expect.stringMatching(/^5:22 the kind environment takes only .*; write "environment: octo\/app\/production"\.$/),
    ],
    [
      '- repository: a/b as X',
      expect.stringMatching(
        /^5:21 "b as X" is not the name .* The secret's name is a property of its own here, "as"\.$/,
      ),
    ],
    [
      '- repository: https://u:p@github.com/a/b',
      expect.stringMatching(/^5:21 ((?!u:p).)* holds a URL .*; write "repository: a\/b"\.$/),
    ],
    [
      '- repository:\n        as: ""',
      expect.stringMatching(/^6:13 "as" is empty text, which is not valid: the name of the GitHub secret in this/),
    ],
    ['- repository:\n        as: a-b', expect.stringMatching(/^6:13 "as": "a-b" is not a name that GitHub takes/)],
  ])('number %#', async (line, mistake) => {
    expect(await mistakesOf(destinations(line))).toEqual([mistake])
  })

  test('is to have none', async () => {
    expect(await mistakesOf(entry('destinations: []'))).toEqual([
      '4:19 "destinations" is an empty list, which is not valid: the list of the places whose secrets hold the token, at least one; left out, it is the repository that the workflow runs in.',
    ])
    expect(await mistakesOf(entry('destinations: repository'))).toEqual([
      expect.stringMatching(/^4:19 "destinations" is the text "repository" where a list is wanted: the list/),
    ])
  })

  test('is to name no secret where the entry names none', async () => {
    const text = 'keys:\n  - name: A\n    destinations:\n      - agents: octo\n        as: X\n      - repository:'
    expect(await mistakesOf(text)).toEqual([
      '6:9 this destination has no "as", and its entry no "secret"; give one of them, to name the GitHub secret.',
    ])
  })

  test('is told of the entry where it was left out', async () => {
    const unknown = { repository: undefined }
    expect(await mistakesOf(entry(), unknown)).toEqual([
      expect.stringMatching(/^2:5 "repository" alone means .*GITHUB_REPOSITORY is ""/),
    ])
    expect(await mistakesOf(destinations('- repository:'), unknown)).toEqual([
      expect.stringMatching(/^5:9 "repository" alone means/),
    ])
  })
})

describe('entries against each other', () => {
  const two = (first: string, second: string) => `keys:\n  - { ${first} }\n\n  - { ${second} }\n`

  test.each([
    [
      'name: A, secret: K',
      'name: A, secret: L',
      '4:13 the entry on line 2 is for the key with the name "A" too; make one entry of both.',
    ],
    [
      'name: A, secret: K',
      'name: "A ", secret: L',
      '4:13 the entry on line 2 is for the key with the name "A " too; make one entry of both.',
    ],
    [
      'id: x, secret: K',
      'state: absent, id: x, secret: L',
      '4:26 the entry on line 2 is for the key with the id "x" too; make one entry of both.',
    ],
    [
      'name: A, secret: K',
      'name: B, secret: k, destinations: [{agents: o}, {repository: Octo/App}]',
      '4:55 K in Octo/App is fed by the key "A" on line 2 already, and here, on line 4, by another one; a secret holds one token. Give one of them another name ("as"), or take the place out of one entry.',
    ],
    [
      'id: x, secret: K',
      'name: B, state: absent, secret: K',
      '4:5 K in octo/app is fed by the key "x" on line 2 already, and here, on line 4, by another one; a secret holds one token. Give one of them another name ("as"), or take the place out of one entry.',
    ],
  ])('%s | %s', async (first, second, mistake) => {
    expect(await mistakesOf(two(first, second))).toEqual([mistake])
  })

  test('are told beside the mistakes of each, in the order of the file', async () => {
    const text = `${entry('long-runs: x')}  - name: A\n    secrt: L\n  - name: B\n    secret: K\n  - name: C\n    secret: K`
    expect((await mistakesOf(text)).map((mistake) => mistake.slice(0, 20))).toEqual([
      '4:16 "long-runs" is ',
      '5:11 the entry on li',
      '6:5 unknown property',
      '9:5 K in octo/app is',
    ])
  })

  test('leave those out that are wrong', async () => {
    const { entries } = await parse(`${entry('long-runs: x')}  - name: B\n    secret: L`)
    expect(entries.map(({ line }) => line)).toEqual([5])
  })
})

describe('the defaults', () => {
  test('count in the ages, and are not told of when both are theirs', async () => {
    const defaults: Policy = { ...DEFAULTS, minTokenAge: 2 * HOUR, maxTokenAge: HOUR }
    expect(await mistakesOf(entry(), { defaults })).toEqual([])
    expect(await mistakesOf(entry('min-token-age: never'), { defaults })).toEqual([
      '4:20 "min-token-age" (never) is above the input "max-token-age"; give a max-token-age that is not below it.',
    ])
    expect(await mistakesOf(entry('min-token-age: 1h'), { defaults })).toEqual([])
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

describe('the schema', () => {
  const { entry: entries, destination } = schema.definitions

  test('is strict, and takes the contract’s example', () => {
    const validate = new Ajv({ strict: true, allErrors: true }).compile(schema)
    expect([validate(parseYaml(CONTRACT)), validate.errors]).toEqual([true, null])
  })

  test('describes every property, without a dot at its end', () => {
    const all = [schema, entries, destination, ...Object.values(schema.properties)]
    for (const one of [...all, ...Object.values(entries.properties), ...Object.values(destination.properties)]) {
      expect(one.description).toMatch(/[^.]$/)
    }
    for (const one of [schema, entries, destination]) expect(one).toMatchObject({ additionalProperties: false })
  })

  test('has the properties of an entry', async () => {
    const { entries: read } = await parse(CONTRACT)
    const { key, destinations: _, policy, line, ...rest } = read[0] ?? ({} as never)
    const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const expected = ['name', 'id', 'secret', 'destinations', ...[policy, rest].flatMap(Object.keys).map(kebab)]
    expect(Object.keys(entries.properties).sort()).toEqual(
      expected.map((name) => (name === 'grace' ? 'grace-period-minutes' : name)).sort(),
    )
    expect([key, line]).toEqual([{ by: 'name', name: 'CI deploy key' }, 2])
  })

  test('has every kind of destination', () => {
    expect(Object.keys(destination.properties)).toEqual([...KINDS, 'as'])
    expect(destination.oneOf.map(({ required }) => required)).toEqual(KINDS.map((kind) => [kind]))
  })

  test('knows an age when it sees one', () => {
    for (const [name, never] of [
      ['min-token-age', true],
      ['max-token-age', false],
    ] as const) {
      const [{ pattern = '' } = {}] = entries.properties[name].anyOf as readonly { pattern?: string }[]
      for (const text of ['0', '1m', '99999w', '100000d', '1', '01', '1D', '1d ', '', '-1d', '1.5h', '2 w', 'x']) {
        expect([text, new RegExp(pattern).test(text)]).toEqual([text, parseAge(text) !== undefined])
      }
      expect(new RegExp(pattern).test('never')).toBe(never)
    }
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
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('is read from the workspace', async () => {
    await mkdir(join(folder, '.github'))
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
    // Root may read everything.
    if (process.getuid?.() === 0) return
    expect((await problemsOf('closed.yml'))[0]?.message).toMatch(
      /^Manifest closed\.yml: the file cannot be read \(EACCES\)/,
    )
  })

  test('has no token for a name', async () => {
    const [problem] = await problemsOf('ghp_x', { hidesTokens: (word) => word === 'ghp_x' })
    expect(problem?.message).toMatch(/the input "manifest" holds a token, and not a path\. .*revoke it\.$/)
    expect(problem?.message).not.toContain('ghp_x')
  })
})
