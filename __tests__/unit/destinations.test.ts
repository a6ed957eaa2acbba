import { describe, expect, test } from '@jest/globals'
import { parseDestinations } from '../../src/1-read/destinations.ts'

const AROUND = { secretName: 'My_Key', repository: 'octo/app' }
const parse = (text: string, around = {}) => parseDestinations(text, { ...AROUND, ...around })
/** The one mistake of a text; its prefix is taken off. */
const mistakeOf = (text: string, around = {}) => {
  const { mistakes } = parse(text, around)
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]).toMatch(/^Input "destinations", line 1: .*\.$/s)
  return mistakes[0]?.replace(/^Input "destinations", line 1: /, '')
}

const OWN = { kind: 'repository', owner: 'octo', repository: 'app', secret: 'MY_KEY' }
const environment = (name: string, secret = 'MY_KEY') => ({
  kind: 'environment',
  owner: 'octo',
  repository: 'app',
  environment: name,
  secret,
})

describe('a line is read', () => {
  test.each([
    ['', OWN],
    [' \n\t\n', OWN],
    ['repository', OWN],
    ['repository as other', { ...OWN, secret: 'OTHER' }],
    ['repository: acme/site', { ...OWN, owner: 'acme', repository: 'site' }],
    ['repository: acme/site as OTHER', { ...OWN, owner: 'acme', repository: 'site', secret: 'OTHER' }],
    ['repository: Acme-Inc_x/My.Site_2-', { ...OWN, owner: 'Acme-Inc_x', repository: 'My.Site_2-' }],
    ['repository:acme/site', { ...OWN, owner: 'acme', repository: 'site' }],
    [
      '\t repository \t:  acme / site  \t as \t OTHER  ',
      { ...OWN, owner: 'acme', repository: 'site', secret: 'OTHER' },
    ],
    ['repository: acme/as as OTHER', { ...OWN, owner: 'acme', repository: 'as', secret: 'OTHER' }],
    ['environment: octo/app/production', environment('production')],
    ['environment: octo/app/ production ', environment('production')],
    ['environment: octo/app/eu/production', environment('eu/production')],
    ['environment: octo/app//x/', environment('/x/')],
    ['environment: octo/app/Production (EU)', environment('Production (EU)')],
    ['environment: octo/app/a: b', environment('a: b')],
    ['environment: octo/app/good as gold as KEY', environment('good as gold', 'KEY')],
    ['environment: octo/app/as KEY', environment('as KEY')],
    ['environment: octo/app/ as KEY as KEY', environment('as KEY', 'KEY')],
    ['environment: octo/app/Größe 🚀', environment('Größe 🚀')],
    [`environment: octo/app/${'x'.repeat(255)}`, environment('x'.repeat(255))],
    ['organization: octo', { kind: 'organization', owner: 'octo', secret: 'MY_KEY' }],
    ['organization: octo as ORG_KEY', { kind: 'organization', owner: 'octo', secret: 'ORG_KEY' }],
    ['dependabot: octo/app', { ...OWN, kind: 'dependabot' }],
    ['dependabot: octo', { kind: 'dependabot', owner: 'octo', secret: 'MY_KEY' }],
    ['codespaces: octo/app', { ...OWN, kind: 'codespaces' }],
    ['codespaces: octo', { kind: 'codespaces', owner: 'octo', secret: 'MY_KEY' }],
    ['agents: octo/app', { ...OWN, kind: 'agents' }],
    ['agents: octo', { kind: 'agents', owner: 'octo', secret: 'MY_KEY' }],
  ])('%j', (text, destination) => {
    expect(parse(text)).toStrictEqual({ destinations: [destination], mistakes: [] })
  })
})

describe('lines', () => {
  const TEXT = ['', '# comment', 'repository', '   # organization: x', '', 'organization: octo as ORG_KEY', '']

  test.each([
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r', 'CR'],
  ])('%j parts them', (end) => {
    expect(parse(TEXT.join(end))).toStrictEqual({
      destinations: [OWN, { kind: 'organization', owner: 'octo', secret: 'ORG_KEY' }],
      mistakes: [],
    })
  })

  test.each(['\n', '\r\n'])('with mistakes are all told, by their numbers (%j)', (end) => {
    const text = ['', '# comment', 'repo: octo/app', 'repository', 'environment: production as a-b'].join(end)
    const { destinations, mistakes } = parse(text)
    expect(destinations).toEqual([OWN])
    expect(mistakes).toEqual([
      expect.stringMatching(/^Input "destinations", line 3: "repo" is no kind/),
      expect.stringMatching(/^Input "destinations", line 5: the kind environment takes only/),
      expect.stringMatching(/^Input "destinations", line 5: the secret's name behind "as": "a-b" is not a name/),
    ])
  })

  test('that are all comments name nothing', () => {
    expect(parse('# repository\n\n#')).toEqual({
      destinations: [],
      mistakes: [expect.stringMatching(/^Input "destinations" holds nothing but comments; .*"repository"/)],
    })
  })

  test('without a secret of their own need the input', () => {
    const text = 'repository\nrepository as A\norganization: octo'
    for (const secretName of ['', undefined]) {
      expect(parse(text, { secretName })).toEqual({
        destinations: [{ ...OWN, secret: 'A' }],
        mistakes: [
          expect.stringMatching(
            /line 1: "repository" names no secret, .*"secret-name" is empty; .*"as INCIDENT_API_KEY"/,
          ),
          expect.stringMatching(/line 3: "organization: octo" names no secret/),
        ],
      })
    }
  })

  test('that all have a secret of their own need no input', () => {
    expect(parse('repository as A\nagents: octo as B', { secretName: undefined }).mistakes).toEqual([])
  })
})

describe('duplicates', () => {
  test.each([
    ['of the own repository', 'repository\nrepository: octo/app', 1],
    ['in other cases', 'repository: Octo/App as key\nrepository: octo/APP as KEY', 1],
    ['of the secret that is the default', 'repository\nrepository as my_key', 1],
    ['of organizations', 'organization: Octo\norganization: octo', 1],
    ['of environments', 'environment: octo/app/a\nenvironment: OCTO/app/a', 1],
    ['of one environment in other cases', 'environment: octo/app/a\nenvironment: octo/app/A', 1],
    ['but for the secret are none', 'repository as A\nrepository as B', 2],
    ['but for the kind are none', 'organization: octo\ndependabot: octo\nagents: octo', 3],
    ['of repository and organization are none', 'dependabot: octo\ndependabot: octo/app', 2],
  ])('%s', (_, text, count) => {
    const { destinations, mistakes } = parse(text)
    expect(mistakes).toEqual([])
    expect(destinations).toHaveLength(count)
  })

  test('keep the first spelling', () => {
    expect(parse('repository: Octo/App\nrepository').destinations).toEqual([
      { ...OWN, owner: 'Octo', repository: 'App' },
    ])
  })
})

describe('a mistake says what was given, and what would be right', () => {
  test.each([
    // A kind that is none
    ['repo: x/y', '"repo" is no kind of destination; write "repository: x/y".'],
    ['repo', '"repo" is no kind of destination; write "repository" or "repository: octo/app".'],
    ['repositories: x/y as K', '"repositories" is no kind of destination; write "repository: x/y as K".'],
    ['env: x/y/z', '"env" is no kind of destination; write "environment: x/y/z".'],
    ['env', '"env" is no kind of destination; write "environment: octo/app/production".'],
    ['enviroment: production', '"enviroment" is no kind of destination; write "environment: octo/app/production".'],
    ['organisation: octo', '"organisation" is no kind of destination; write "organization: octo".'],
    ['org: octo', '"org" is no kind of destination; write "organization: octo".'],
    ['dependbot: octo', '"dependbot" is no kind of destination; write "dependabot: octo".'],
    ['Repository: octo/app', '"Repository" is not in lower case, as kinds are; write "repository: octo/app".'],
    ['ORGANIZATION', '"ORGANIZATION" is not in lower case, as kinds are; write "organization: octo".'],
    [
      'gitlab: octo/app',
      '"gitlab" is no kind of destination; the kinds are repository, environment, organization, dependabot, codespaces, ' +
        'agents: write a line like "repository: octo/app".',
    ],
    ['octo/app', '"octo/app" names no kind of destination; write "repository: octo/app".'],
    ['octo/app as K', '"octo/app" names no kind of destination; write "repository: octo/app as K".'],
    ['octo/app/prod eu', '"octo/app/prod eu" names no kind of destination; write "environment: octo/app/prod eu".'],
    [': octo/app', '": octo/app" names no kind of destination; write "repository: octo/app".'],
    ['as K', '"" names no kind of destination; write "repository as K".'],
    // A colon that is missing, and other notations
    ['repository octo/app', '"repository octo/app" has no colon behind its kind; write "repository: octo/app".'],
    [
      'environment production',
      '"environment production" has no colon behind its kind; write "environment: octo/app/production".',
    ],
    ['repository=octo/app', '"repository=octo/app" has no colon behind its kind; write "repository: octo/app".'],
    ['repo octo/app', '"repo" is no kind of destination; write "repository: octo/app".'],
    ['- repository: x/y', '"- repository: x/y" does not begin with its kind; write "repository: x/y".'],
    ['- repository', '"- repository" has no colon behind its kind; write "repository" or "repository: octo/app".'],
    [
      'repository: "x/y"',
      '"\\"x" is not the name of an owner (letters, digits, hyphens and underscores, at most 100); write "repository: x/y".',
    ],
    // A target that is missing, too short or too long
    ['repository:', '"repository:" names no target; write "repository".'],
    [
      'environment',
      '"environment" names no target; write environment: OWNER/REPO/ENVIRONMENT, like "environment: octo/app/production".',
    ],
    ['organization', '"organization" names no target; write organization: ORG, like "organization: octo".'],
    [
      'dependabot: as K',
      '"dependabot:" names no target; write dependabot: OWNER/REPO or ORG, like "dependabot: octo/app as K".',
    ],
    [
      'environment: production',
      'the kind environment takes only OWNER/REPO/ENVIRONMENT, and not "production"; write "environment: octo/app/production".',
    ],
    [
      'environment: x/y',
      'the kind environment takes only OWNER/REPO/ENVIRONMENT, and not "x/y"; write "environment: x/y/production".',
    ],
    ['repository: site', 'the kind repository takes only OWNER/REPO, and not "site"; write "repository: octo/site".'],
    ['repository: x/y/', 'the kind repository takes only OWNER/REPO, and not "x/y/"; write "repository: x/y".'],
    [
      'repository: x/y/z',
      'the kind repository takes only OWNER/REPO, and not "x/y/z"; write "repository: x/y" or "environment: x/y/z".',
    ],
    [
      'organization: octo/app',
      'the kind organization takes only ORG, and not "octo/app"; write "organization: octo" or "repository: octo/app".',
    ],
    ['agents: x/y/z', 'the kind agents takes only OWNER/REPO or ORG, and not "x/y/z"; write "agents: x/y".'],
    // Addresses
    [
      'https://github.com/x/y',
      '"https://github.com/x/y" holds a URL where only names belong; write "repository: x/y".',
    ],
    ['https://github.com/x', '"https://github.com/x" holds a URL where only names belong; write "organization: x".'],
    [
      'repository: https://github.com/x/y.git',
      '"repository: https://github.com/x/y.git" holds a URL where only names belong; write "repository: x/y".',
    ],
    [
      'git@github.com:x/y.git',
      '"git@github.com:x/y.git" holds a URL where only names belong; write "repository: x/y".',
    ],
    ['github.com/x/y', '"github.com/x/y" holds a URL where only names belong; write "repository: x/y".'],
    [
      'dependabot: http://ghes.example:8443/x/y/settings?a=b',
      '"dependabot: http://ghes.example:8443/x/y/settings?***" holds a URL where only names belong; write "dependabot: x/y".',
    ],
    [
      'organization: https://github.com/octo',
      '"organization: https://github.com/octo" holds a URL where only names belong; write "organization: octo".',
    ],
    // Comments
    [
      'repository: x/y # the site',
      '"y # the site" is not the name of a repository (letters, digits, dots, hyphens and underscores, at most 100, and ' +
        'not only one or two dots); write "repository: x/y". A comment needs a line of its own.',
    ],
  ])('%j', (text, mistake) => {
    expect(mistakeOf(text)).toBe(mistake)
  })

  test.each([
    ['repository: a b/c', /^"a b" is not the name of an owner .*like "repository: octo\/app"/],
    ['repository: a.b/c', /^"a\.b" is not the name of an owner/],
    ['repository: a.b/c/d', /^"repository: a\.b\/c\/d" holds a URL .*; write "repository: c\/d"/],
    ['https://github.com/orgs/octo', /holds a URL .*; write "organization: octo"/],
    ['https://github.com/', /^"https:\/\/github\.com\/" holds a URL .*like "repository: octo\/app"/],
    ['https://github.com', /is no kind of destination/],
    ['repository: ../c', /^"\.\." is not the name of an owner/],
    ['repository: /c', /^"" is not the name of an owner/],
    [`repository: ${'x'.repeat(101)}/c`, /^"x{101}" is not the name of an owner/],
    ['repository: a/..', /^"\.\." is not the name of a repository/],
    ['repository: a/.', /^"\." is not the name of a repository/],
    ['repository: a/ü', /^"ü" is not the name of a repository/],
    [`repository: a/${'x'.repeat(101)}`, /^"x{101}" is not the name of a repository/],
    ['repository: a/b?c', /^"b\?c" is not the name of a repository/],
    ['environment: a/b/..', /^"\.\." is not the name of an environment/],
    ['environment: a/b/.', /^"\." is not the name of an environment/],
    ['environment: a/b/', /^"" is not the name of an environment .*like "environment: octo\/app\/production"/],
    ['environment: a/b/x\u0000y', /^"x\\u0000y" is not the name of an environment/],
    ['environment: a/b/x\u001by', /^"x\\u001by" is not the name of an environment/],
    ['environment: a/b/x\u2028y', /is not the name of an environment/],
    ['environment: a/b/x\ud800y', /is not the name of an environment/],
    [`environment: a/b/${'x'.repeat(256)}`, /^"x{200}…" is not the name of an environment/],
    ['repository: x/y as', /^the secret's name behind "as" is empty; .*like INCIDENT_API_KEY/],
    ['repository: x/y as MY KEY', /^the secret's name behind "as": "MY KEY" is not a name .*like "MY_KEY"/],
    ['repository as github_key', /^the secret's name behind "as": "github_key" begins with GITHUB_/],
    ['environment: x/y/good as new gold', /"new gold" is not a name .*the secret's name must still follow/],
    ['https://me:pass@github.com/x/y', /^"\*\*\*@github\.com\/x\/y" holds a URL .*; write "repository: x\/y"\.$/],
    ['x: https://me:pass@[::1]/x/y', /^((?!pass).)*$/],
  ])('%j', (text, mistake) => {
    expect(mistakeOf(text)).toMatch(mistake)
  })
})

describe('a workflow whose repository is not known', () => {
  test.each(['', undefined, 'octo', 'octo/app/x', '/', '../..'])('%j', (repository) => {
    expect(mistakeOf('', { repository })).toMatch(
      /^"repository" alone .*GITHUB_REPOSITORY is ".*write "repository: OWNER\/REPO"/,
    )
    expect(mistakeOf('environment: test', { repository })).toMatch(/write "environment: OWNER\/REPO\/test"/)
    expect(parse('repository: x/y\norganization: octo', { repository }).mistakes).toEqual([])
  })
})

describe('a token where a name belongs', () => {
  const TOKEN = 'ghp_0123456789abcdefghij'
  const OTHER = 'inc_0123456789abcdefghij'

  test.each([
    `repository: octo/app as ${TOKEN}`,
    `repository: ${TOKEN}`,
    `environment: octo/app/${TOKEN}`,
    `environment: octo/app/x ${TOKEN} as KEY`,
    `https://x:${TOKEN}@github.com/octo/app`,
    `secret="${TOKEN}"`,
    `${TOKEN} ${OTHER}`,
    TOKEN,
  ])('is hidden and not told: %s', (line) => {
    const hidden: string[] = []
    const hidesTokens = (word: string) => {
      const isToken = word === TOKEN || word === OTHER
      if (isToken) hidden.push(word)
      return isToken
    }
    expect(mistakeOf(line, { hidesTokens })).toMatch(/^it holds a token where names belong\. .*revoke it\.$/)
    expect(parse(line, { hidesTokens }).destinations).toEqual([])
    for (const token of [TOKEN, OTHER]) expect(hidden.includes(token)).toBe(line.includes(token))
  })
})

test('a line cannot break a line of the log', () => {
  const { mistakes } = parse(
    '::error::x\u0007\u001b[31m\n\u0085%0A::stop-commands::x\nrepository: a/b\u000bc as \u0000',
  )
  expect(mistakes).toHaveLength(4)
  for (const mistake of mistakes) expect([...mistake].filter((character) => character < ' ')).toEqual([])
})
