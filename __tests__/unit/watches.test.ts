import { describe, expect, test } from '@jest/globals'
import {
  holdersOf,
  notesOn,
  OrganizationLists,
  type Shares,
  watchesOf,
  watchesOfOrganization,
} from '../../src/2-look/watches.ts'
import type { Destination, Kind } from '../../src/destination.ts'
import type { GitHub } from '../../src/services/github.ts'
import { keptFor } from '../../src/services/github-client.ts'
import type { ReaderRepository } from '../../src/services/github-secrets.ts'

const SECRET = 'API_KEY'
const ORGANIZATION: Destination = { kind: 'organization', owner: 'octo', secret: SECRET }
const inApp = (kind: Kind, environment?: string): Destination => ({
  kind,
  owner: 'octo',
  repository: 'app',
  secret: SECRET,
  ...(environment === undefined ? {} : { environment }),
})

test.each<[Destination, object | undefined]>([
  [inApp('repository'), { kind: 'runs' }],
  [inApp('environment', 'eu/west'), { kind: 'started jobs', environment: 'eu/west' }],
  [inApp('dependabot'), { kind: 'dependabot runs' }],
  [inApp('agents'), { kind: 'agent runs' }],
  [inApp('codespaces'), undefined],
])('who holds a secret of a repository: %j', (destination, by) => {
  expect(holdersOf(destination)).toEqual(by)
  const watch = { repository: { owner: 'octo', repository: 'app' }, secret: SECRET, by }
  expect(watchesOf(destination)).toEqual({ watches: by === undefined ? [] : [watch] })
})

describe('the repositories of an organization', () => {
  interface World {
    repositories?: readonly ReaderRepository[] | Error
    remaining?: number
    isForSelected?: boolean
    /** What the organization says to have. */
    count?: number
    /** Of a classic token. */
    scopes?: readonly string[]
  }
  const reader = (repository: string, seed: Partial<ReaderRepository> = {}): ReaderRepository => ({
    id: 1,
    owner: 'octo',
    repository,
    isArchived: false,
    isPublic: false,
    ...seed,
  })
  const many = (count: number) => Array.from({ length: count }, (_, index) => reader(`r${index}`))
  const FEW = [reader('app'), reader('open', { isPublic: true }), reader('old', { isArchived: true })]

  function fake({ repositories = FEW, remaining, isForSelected = false, count, scopes }: World): GitHub {
    const budget = remaining === undefined ? undefined : { remaining, resetAt: 0 }
    const by = scopes === undefined ? 'other token' : 'classic token'
    const github = {
      access: async () => ({ by, scopes, budget, seesAllRepositories: !isForSelected }),
      places: {
        repositoriesOf: async () => {
          if (repositories instanceof Error) throw repositories
          return repositories
        },
        countOf: async () => count,
      },
    }
    return github as unknown as GitHub
  }
  const look = async (
    visibility: string | undefined,
    world: World = {},
    shares: Partial<Shares> = {},
    one: Partial<Destination> = {},
  ) => {
    const github = fake(world)
    const all = { writes: 1, organizations: 1, lists: new OrganizationLists(github.places), ...shares }
    const { watches, gap } = await watchesOfOrganization({ ...ORGANIZATION, ...one }, visibility, SELECTED, all, github)
    return { names: watches.map(({ repository }) => repository.repository), gap }
  }
  const SELECTED = [reader('chosen'), reader('shown', { isPublic: true }), reader('gone', { isArchived: true })]

  test.each<[string | undefined, string[]]>([
    ['all', ['app', 'open']],
    ['private', ['app']],
    ['selected', ['chosen', 'shown']],
    ['something new', ['app', 'open']],
    [undefined, []],
  ])('that can read a secret of the visibility %s', async (visibility, names) => {
    expect(await look(visibility)).toEqual({ names, gap: undefined })
  })

  test('are not asked for what no run holds', async () => {
    const world = { repositories: new Error('not to be asked') }
    expect(await look('all', world, {}, { kind: 'codespaces' })).toEqual({ names: [], gap: undefined })
  })

  test.each<[string, number | undefined, Partial<Shares>, number]>([
    ['enough for two looks, and for the writes', keptFor(5) + 40, { writes: 5 }, 20],
    ['one short', keptFor(5) + 39, { writes: 5 }, 19],
    ['shared with another organization', keptFor(1) + 40, { organizations: 2 }, 10],
    ['hardly any', keptFor(1) + 3, {}, 1],
    ['none', 0, {}, 0],
    ['unknown', undefined, {}, 20],
  ])('as far as the rate limit allows: %s', async (_, remaining, shares, seen) => {
    const world = { repositories: many(20), ...(remaining !== undefined && { remaining }) }
    const { names, gap } = await look('all', world, shares)
    expect(names).toEqual(many(seen).map(({ repository }) => repository))
    if (seen === 20) expect(gap).toBeUndefined()
    else expect(gap).toMatch(new RegExp(`^${20 - seen} of the 20 repositories that can read .* rate limit`))
  })

  test('but not thousands', async () => {
    const { names, gap } = await look('all', { repositories: many(1200), remaining: 5000 })
    expect(names).toHaveLength(1000)
    expect(gap).toMatch(
      /^200 of the 1200 repositories that can read API_KEY in octo were not looked at: 1000 are the most/,
    )
  })

  test.each<[string, World, RegExp]>([
    [
      'an App is not installed for',
      { isForSelected: true },
      /^The GitHub App is installed for selected .* of octo only/,
    ],
    ['a classic token is not shown', { scopes: ['admin:org'] }, /^The classic token lacks the scope repo/],
    ['a token is not shown', { count: 5 }, /^The token is not shown 2 of the repositories of octo/],
  ])('that %s', async (_, world, told) => {
    const { names, gap } = await look('all', world)
    expect(names).toEqual(['app', 'open'])
    expect(gap).toMatch(told)
    // Those that are selected are all named.
    expect(await look('selected', world)).toEqual({ names: ['chosen', 'shown'], gap: undefined })
  })

  test('that a classic token with the scope is shown', async () => {
    expect((await look('all', { scopes: ['repo', 'admin:org'], count: 3 })).gap).toBeUndefined()
  })

  test('that cannot be listed', async () => {
    const { names, gap } = await look('all', { repositories: new Error('GitHub answered 500\n::error::x') })
    expect(names).toEqual([])
    expect(gap).toBe(
      'The repositories that can read API_KEY in octo could not be listed: GitHub answered 500 ::error::x.',
    )
  })

  test('that cannot be listed, where they need not be', async () => {
    expect((await look('selected', { repositories: new Error('not to be asked') })).gap).toBeUndefined()
  })
})

test.each<[Destination[], RegExp[]]>([
  [[inApp('repository'), inApp('environment', 'x'), inApp('dependabot'), inApp('agents'), ORGANIZATION], []],
  [
    [inApp('codespaces'), inApp('repository'), { ...ORGANIZATION, kind: 'codespaces' }],
    [/resumed: API_KEY in octo\/app \(codespaces\), API_KEY in octo \(codespaces\)\.$/],
  ],
])('what is told of them: %j', (destinations, notes) => {
  expect(notesOn(destinations)).toEqual(notes.map((note) => expect.stringMatching(note)))
})
