import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectUntouched, onlyError, play } from './helpers.ts'

interface Mistake {
  with?: Record<string, string>
  env?: Record<string, string>
  /** Changes the scene before the run, and may give inputs that depend on it. */
  prepare?: (scene: Scene) => Record<string, string> | undefined
  /** What the one error says, in this order. */
  says: (string | RegExp)[]
}

const INPUT_MISTAKES: Record<string, Mistake> = {
  'no key': { with: { 'key-name': '' }, says: ['"key-name" and "key-id" are both empty', 'give one of them'] },
  'two keys': { with: { 'key-id': '01K' }, says: ['"key-name" ("CI deploy key")', '"key-id" ("01K")', 'only one'] },
  'an id that climbs': {
    with: { 'key-name': '', 'key-id': '..' },
    says: ['"key-id": ".."', 'like 01', 'copy it from'],
  },
  'a hyphen': { with: { 'secret-name': 'incident-key' }, says: ['"secret-name": "incident-key"', '"incident_key"'] },
  'a leading digit': { with: { 'secret-name': '1KEY' }, says: ['"secret-name": "1KEY"', '"_1KEY"'] },
  'a reserved prefix': {
    with: { 'secret-name': 'GITHUB_KEY' },
    says: ['"secret-name": "GITHUB_KEY"', 'GITHUB_', 'choose'],
  },
  'no secret name': { with: { 'secret-name': '' }, says: ['"secret-name" is empty', 'INCIDENT_API_KEY'] },
  'white space for a secret name': { with: { 'secret-name': ' \t ' }, says: ['"secret-name" is empty'] },
  'white space for the managing key': {
    with: { 'incident-api-key': '   ' },
    says: ['"incident-api-key" is empty', '${{ secrets.INCIDENT_MANAGING_KEY }}', "another environment than the job's"],
  },
  'white space for the token': {
    with: { 'github-token': ' \n ' },
    says: ['"github-token" is empty', '${{ secrets.SECRETS_WRITER_TOKEN }}'],
  },
  'two words for the managing key': {
    with: { 'incident-api-key': 'inc_a inc_b' },
    says: ['"incident-api-key" holds white space'],
  },
  'grace 61': { with: { 'grace-period-minutes': '61' }, says: ['"grace-period-minutes": "61"', 'auto', '0 to 60'] },
  'grace -1': { with: { 'grace-period-minutes': '-1' }, says: ['"grace-period-minutes": "-1"', '0 to 60'] },
  'grace 1.5': { with: { 'grace-period-minutes': '1.5' }, says: ['"grace-period-minutes": "1.5"', '0 to 60'] },
  'grace abc': {
    with: { 'grace-period-minutes': 'abc' },
    says: ['"grace-period-minutes": "abc"', '0 to 60', 'like 30'],
  },
  'a least grace of 61': {
    with: { 'min-grace-minutes': '61' },
    says: ['"min-grace-minutes": "61"', '0 to 60', 'like 30'],
  },
  'a least grace with its unit': { with: { 'min-grace-minutes': '20 minutes' }, says: ['0 to 60', 'Did you mean 20?'] },
  'long runs that nobody knows': {
    with: { 'long-runs': 'wait' },
    says: ['"long-runs": "wait"', 'defer, proceed or fail', 'write one', '"max-wait-minutes"'],
  },
  'a wait of forever': {
    with: { 'max-wait-minutes': 'forever' },
    says: ['"max-wait-minutes": "forever"', '0 to 7200', 'like 30'],
  },
  'a wait in hours': { with: { 'max-wait-minutes': '2h' }, says: ['"max-wait-minutes": "2h"', 'Did you mean 120?'] },
  'an age of soon': { with: { 'min-token-age': 'soon' }, says: ['"min-token-age": "soon"', '30d', 'never'] },
  'a highest age of soon': { with: { 'max-token-age': 'soon' }, says: ['"max-token-age": "soon"', '30d'] },
  'a highest age of never': { with: { 'max-token-age': 'never' }, says: ['"max-token-age": "never"', /2w\.$/] },
  'an age of Never': {
    with: { 'min-token-age': 'Never' },
    says: ['"min-token-age": "Never"', 'Did you mean "never"?'],
  },
  'an age of 00': { with: { 'min-token-age': '00' }, says: ['"min-token-age": "00"', 'Did you mean "0"?'] },
  'crossed ages': {
    with: { 'min-token-age': '30d', 'max-token-age': '2w' },
    says: ['"min-token-age" and "max-token-age"', '"30d" is above "2w"', 'not below', 'like 60d'],
  },
  'ages crossed by a default': { with: { 'max-token-age': '30m' }, says: ['"1h" is above "30m"'] },
  'a vague force': { with: { force: 'yes please' }, says: ['"force": "yes please"', 'true or false'] },
  'a vague dry run': { with: { 'dry-run': 'yes please' }, says: ['"dry-run": "yes please"', 'true or false'] },
  'plain http for incident.io': {
    with: { 'incident-api-url': 'http://api.incident.io' },
    says: ['"incident-api-url": "http://api.incident.io"', 'https:'],
  },
  'plain http for GitHub': {
    with: { 'github-api-url': 'http://github.example.com/api/v3' },
    says: ['"github-api-url": "http://github.example.com/api/v3"', 'https:'],
  },
  'a URL that is none': {
    with: { 'incident-api-url': 'incident.io' },
    says: ['"incident-api-url": "incident.io"', 'https:'],
  },
  'certificates that nobody checks': {
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    says: ['NODE_TLS_REJECT_UNAUTHORIZED', 'Remove'],
  },
  'no repository to write to': { env: { GITHUB_REPOSITORY: '' }, says: ['GITHUB_REPOSITORY', 'OWNER/REPO'] },
}

/** What a refusal of GitHub begins with: what the user wants, and not what was asked of GitHub. */
const PREPARE = 'Could not prepare to write the secret INCIDENT_API_KEY in octo/app: '

const REFUSALS: Record<string, Mistake> = {
  'an unknown name': { with: { 'key-name': 'Zebra' }, says: ['"Zebra"', 'none of the 2', 'Copy the name'] },
  'a near miss': { with: { 'key-name': 'ci deploy kye' }, says: ['"ci deploy kye"', 'Did you mean "CI deploy key" ('] },
  'a name of two keys': {
    prepare: ({ incident }) => {
      incident.addKey({ name: 'CI deploy key', roles: ['viewer'] })
      return undefined
    },
    says: ['2 keys carry this name', /01[A-Z0-9]{24}, 01[A-Z0-9]{24}/, '"key-id"'],
  },
  'an unknown id': { with: { 'key-name': '', 'key-id': '01NONE' }, says: ['"01NONE"', 'no such key', 'request_id'] },
  'an id for a name': {
    prepare: ({ key }) => ({ 'key-name': key.id }),
    says: ['this is the id of the key "CI deploy key"', 'Give it as "key-id"'],
  },
  'a dead managing key': {
    with: { 'incident-api-key': 'inc_dead' },
    says: [
      'Could not sign in to incident.io with the managing key: ',
      '401',
      'request_id',
      '"incident-api-key" is wrong',
    ],
  },
  'a managing key without the role': {
    prepare: ({ incident }) => ({ 'incident-api-key': incident.addKey({ name: 'Reader', roles: ['viewer'] }).token }),
    says: ['api_keys_manage', 'it has viewer', 'dashboard'],
  },
  'a managing key that lacks scopes of the key': {
    prepare: ({ incident }) => {
      incident.addKey({ name: 'Wide', roles: ['viewer', 'manage_settings'], issuedAt: new Date(Date.now() - 1e10) })
      return { 'key-name': 'Wide' }
    },
    says: ['rotate the API key "Wide"', '403', 'request_id', 'every scope', 'Nothing was changed.'],
  },
  'a dead GitHub token': {
    with: { 'github-token': 'github_pat_dead' },
    says: [PREPARE, '401', '"github-token"', 'expired or revoked'],
  },
  "the workflow's own token": {
    prepare: ({ github }) => ({ 'github-token': github.addToken({ kind: 'workflow', repositories: ['octo/app'] }) }),
    says: [PREPARE, '403', 'Resource not accessible by integration', 'GITHUB_TOKEN can neither read nor write secrets'],
  },
  'a token that may only read': {
    prepare: ({ github }) => ({
      'github-token': github.addToken({
        kind: 'fine-grained',
        repositories: ['octo/app'],
        permissions: { secrets: 'read' },
      }),
    }),
    says: [PREPARE, '403', 'secrets=write', 'read and write'],
  },
  'a token that does not see the repository': {
    prepare: ({ github }) => ({
      'github-token': github.addToken({ kind: 'fine-grained', repositories: [], permissions: { secrets: 'write' } }),
    }),
    says: [PREPARE, '404', 'does not exist, or the token may not see it'],
  },
  'a classic token without its scope': {
    prepare: ({ github }) => ({
      'github-token': github.addToken({ kind: 'classic', scopes: ['gist'], repositories: ['octo/app'] }),
    }),
    says: [PREPARE, 'lacks the scope repo (it has gist)'],
  },
  'too few requests left': {
    prepare: ({ github }) => {
      github.rateLimit.remaining = 5
      return undefined
    },
    says: [
      PREPARE,
      'too few requests are left at GitHub',
      'x-ratelimit-remaining is 1',
      '2 are needed',
      'Nothing was changed.',
    ],
  },
}

describe('an input that cannot be used ends the run before any request', () => {
  test.each(Object.entries(INPUT_MISTAKES))('%s', (_, { with: block = {}, env = {}, says }) =>
    play(async (scene) => {
      const error = onlyError(await scene.rotate({ with: block, env }))
      expectInOrder(error, says)
      expect([...scene.incident.journal, ...scene.github.journal]).toEqual([])
    }),
  )
})

describe('what the services refuse ends the run before anything changes', () => {
  test.each(Object.entries(REFUSALS))('%s', (_, { with: block = {}, env = {}, prepare, says }) =>
    play(async (scene) => {
      const more = prepare?.(scene) ?? {}
      const error = onlyError(await scene.rotate({ with: { ...block, ...more }, env }))
      expectInOrder(error, says)
      expect(scene.github.secret(scene.repository, scene.secret)?.writes).toBe(0)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }),
  )
})

test('several mistakes are told together, one annotation each', () =>
  play(async (scene) => {
    const result = await scene.rotate({
      with: { 'grace-period-minutes': 'long', 'secret-name': 'a-b', force: 'maybe' },
    })
    expect(errorsOf(result)).toHaveLength(3)
    expectUntouched(scene)
  }))

test('an age of never crosses no highest age', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'min-token-age': 'never', 'max-token-age': '30m' } })
    expect([errorsOf(result), result.exitCode, result.outputs.status]).toEqual([[], 0, 'skipped'])
  }))

test('a mistake on each side is told for each side', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'key-name': 'Zebra', 'github-token': 'github_pat_dead' } })
    expect(errorsOf(result)).toEqual([expect.stringContaining('"Zebra"'), expect.stringContaining('401')])
    expectUntouched(scene)
  }))

test.each([
  ['incident-api-key', 'inc_dead'],
  ['github-token', 'github_pat_dead'],
])('a dead %s in a re-run says that re-runs may hold old secrets', (input, value) =>
  play(async (scene) => {
    const first = onlyError(await scene.rotate({ with: { [input]: value } }))
    expect(first).not.toContain('re-run')
    const again = onlyError(await scene.rotate({ with: { [input]: value }, env: { GITHUB_RUN_ATTEMPT: '2' } }))
    expect(again).toMatch(/ re-run.* start a new run/)
  }),
)

test('a classic token with its scope needs no probe', () =>
  play(async (scene) => {
    const token = scene.github.addToken({ kind: 'classic', scopes: ['repo', 'workflow'], repositories: ['octo/app'] })
    const result = await scene.rotate({ with: { 'github-token': token } })
    expect(result.exitCode).toBe(0)
    expect(scene.github.journal.some(({ method }) => method === 'DELETE')).toBe(false)
  }))

function expectInOrder(text: string, parts: readonly (string | RegExp)[]): void {
  let rest = text
  for (const part of parts) {
    const found = typeof part === 'string' ? part : (part.exec(rest)?.[0] ?? String(part))
    expect(rest).toContain(found)
    rest = rest.slice(rest.indexOf(found) + found.length)
  }
}

test('the summary of a key that is not found is headed by the name that was asked for', () =>
  play(async (scene) => {
    const { summary } = await scene.rotate({ with: { 'key-name': 'CI deploy ky' } })
    expect(summary.split('\n')[0]).toBe('### ❌ Failed: CI deploy ky')
  }))
