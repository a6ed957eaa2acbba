import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { parse as parseYaml } from 'yaml'
import { ROOT } from '../../sandbox/runner.ts'
import schema from '../../schema/manifest.schema.json' with { type: 'json' }
import { parseAge } from '../../src/1-read/age.ts'
import type { Policy } from '../../src/1-read/entry.ts'
import { KINDS } from '../../src/destination.ts'
import { CONTRACT, DEFAULTS, destinations, entry, HOUR, mistakesOf, parse } from './manifest.ts'

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
    ['never beside a highest age', entry('min-token-age: never', 'max-token-age: 1w')],
  ])('may have %s', async (_, text) => {
    expect(await mistakesOf(text)).toEqual([])
  })
})

describe('the defaults', () => {
  test('count in the ages, and are not told of when both are theirs', async () => {
    const defaults: Policy = { ...DEFAULTS, minTokenAge: 2 * HOUR, maxTokenAge: HOUR }
    expect(await mistakesOf(entry(), { defaults })).toEqual([])
    expect(await mistakesOf(entry('min-token-age: 3h'), { defaults })).toEqual([
      '4:20 "min-token-age" (3h) is above the input "max-token-age"; give a max-token-age that is not below it.',
    ])
    expect(await mistakesOf(entry('min-token-age: 1h'), { defaults })).toEqual([])
    expect(await mistakesOf(entry('min-token-age: never'), { defaults })).toEqual([])
    expect(await mistakesOf(entry('max-token-age: 1h'), { defaults: { ...DEFAULTS, minTokenAge: 'never' } })).toEqual(
      [],
    )
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
