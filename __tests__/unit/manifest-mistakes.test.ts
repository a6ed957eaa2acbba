import { describe, expect, test } from '@jest/globals'
import schema from '../../schema/manifest.schema.json' with { type: 'json' }
import { KINDS } from '../../src/destination.ts'
import { destinations, entry, mistakesOf, parse } from './manifest.ts'

const ENTRY = 'what one API key should be: its name or its id, and the secrets that hold its token.'
const PLACE = 'a place whose secret holds the token: one kind with its target, like repository: octo/app.'
const AGE = '0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w'
const MIN_AGE = `an age below which the token is not rotated, as ${AGE}; never to only mend.`
const MAX_AGE = `an age past which long-runs: defer becomes proceed, as ${AGE}.`
const GRACE = 'how long the old token lives on, as auto or a whole number of minutes from 0 to 60 without quotes.'
const LEAST = 'the least grace period that auto gives, as a whole number of minutes from 0 to 60.'

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

describe('a mistake beside another one', () => {
  const WRONG = 'long-runs: x'
  /** The beginnings of the mistakes, but for the one of `WRONG`. */
  const besides = async (text: string) =>
    (await mistakesOf(text)).filter((mistake) => !mistake.includes('"long-runs"')).map((one) => one.slice(0, 40))
  const other = (lines: string) => `${entry(WRONG)}  - { name: B, ${lines} }\n`

  test.each([
    ['ages', entry(WRONG, 'min-token-age: 2w', 'max-token-age: 1w'), ['5:20 "min-token-age" (2w) is above "max-']],
    ['an id', 'keys:\n  - { id: .., secret: K, long-runs: x }', ['2:11 ".." is not an id; copy it from inci']],
    ['a secret', 'keys:\n  - { name: A, secret: a-b, long-runs: x }', ['2:24 "secret": "a-b" is not a name that ']],
    ['no secret', 'keys:\n  - { name: A, long-runs: x }', ['2:5 this entry names no secret; give "se']],
    ['a role', entry(WRONG, 'create: true', 'roles: [api_keys_manage]'), ['6:13 a key with api_keys_manage cannot b']],
    ['a place', entry(WRONG, 'destinations: [{repository: octo}]'), ['5:33 the kind repository takes only OWNE']],
    [
      'a place beside one that is none',
      entry('destinations: [x, {repository: octo}]'),
      ['4:20 this destination is the text "x" w', '4:36 the kind repository takes only OWNE'],
    ],
    ['the same secret', other('secret: K'), ['5:5 K in octo/app is fed by the key "A" ']],
    ['the same key', other('secret: L').replace('B', 'A'), ['5:13 the entry on line 2 is for the key w']],
    ['the same key and secret', other('secret: K').replace('B', 'A'), ['5:13 the entry on line 2 is for the key w']],
    [
      'the same secret of what has no name',
      'keys:\n  - { name: 5, secret: K }\n  - { name: B, secret: K }',
      ['2:13 "name" is the number 5 where text ', '3:5 K in octo/app is fed by another key o'],
    ],
  ])('is told too: %s', async (_, text, mistakes) => {
    expect(await besides(text)).toEqual(mistakes.map((one) => expect.stringContaining(one.slice(0, 36))))
  })

  test.each([
    ['no secret but one that is misspelled', 'keys:\n  - { name: A, secrt: K }'],
    ['no secret but one that is none', 'keys:\n  - { name: A, secret: 5 }'],
    [
      'no secret, where a destination that is wrong may have it',
      'keys:\n  - { name: A, destinations: [{agents: o, As: X}] }',
    ],
    ['no secret, where no destination is one', 'keys:\n  - { name: A, destinations: x }'],
    ['the repository of the workflow, beside misspelled destinations', other('secret: K, destination: [{agents: o}]')],
    ['the repository of the workflow, beside what may be destinations', other('secret: K, places: [{agents: o}]')],
    ['the repository of the workflow, beside destinations that are none', other('secret: K, destinations: x')],
    ['an age of the inputs, beside one that is none', entry('min-token-age: 30', 'max-token-age: 0')],
    ['an age of the inputs, beside one that is misspelled', entry('minTokenAge: 0', 'max-token-age: 0')],
    ['ages, where the key may be to be gone', entry('state: gone', 'max-token-age: 0')],
    ['ages, where a misspelled state says so', entry('State: absent', 'max-token-age: 0')],
    [
      'what two entries have by an alias, twice',
      'keys:\n  - { name: A, secret: K, roles: &r [5] }\n  - { name: B, secret: L, roles: *r }',
    ],
  ])('is not told of what follows from it: %s', async (_, text) => {
    expect(await besides(text)).toHaveLength(1)
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

  test.each([
    [
      'name: B, secret: K, destinations: *d',
      '3:41 K in octo/b is fed by the key "A" on line 2 already, and here, on line 3,',
    ],
    [
      'name: B, secret: K, destinations: [*b]',
      '3:42 K in octo/b is fed by the key "A" on line 2 already, and here, on line 3,',
    ],
    ['name: *a, secret: L', '3:13 the entry on line 2 is for the key with the name "A" too;'],
  ])('are told where an alias is, and not where its anchor is: %s', async (second, mistake) => {
    const first = 'name: &a A, secret: K, destinations: &d [&b { repository: octo/b }]'
    const text = `keys:\n  - { ${first} }\n  - { ${second} }`
    expect(await mistakesOf(text)).toEqual([expect.stringContaining(mistake)])
  })

  test('are told beside the mistakes of each, in the order of the file', async () => {
    const text = `${entry('long-runs: x')}  - name: A\n    secrt: L\n  - name: B\n    secret: K\n  - name: C\n    secret: K`
    expect((await mistakesOf(text)).map((mistake) => mistake.slice(0, 20))).toEqual([
      '4:16 "long-runs" is ',
      '5:11 the entry on li',
      '6:5 unknown property',
      '7:5 K in octo/app is',
      '9:5 K in octo/app is',
    ])
  })

  test('leave those out that are wrong', async () => {
    const { entries } = await parse(`${entry('long-runs: x')}  - name: B\n    secret: L`)
    expect(entries.map(({ line }) => line)).toEqual([5])
  })
})
