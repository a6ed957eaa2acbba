import { describe, expect, test } from '@jest/globals'
import { errorsOf, onlyError, play } from './helpers.ts'
import { DEPLOY, expectSilence, manifestOf, reconcile } from './manifest.ts'

describe('what is wrong is told before any request', () => {
  test.each([
    [{ 'secret-name': 'INCIDENT_API_KEY' }, '"secret-name"'],
    [{ destinations: 'organization: octo' }, '"destinations"'],
  ])('%j beside a manifest', (input, name) =>
    play(async (scene) => {
      const error = onlyError(await reconcile(scene, manifestOf(DEPLOY), { with: input }))
      expect(error).toContain(`Inputs "manifest" and ${name} are both given`)
      expectSilence(scene)
    }),
  )

  test('a name and an id together', () =>
    play(async (scene) => {
      const step = { with: { 'key-name': 'A', 'key-id': 'B' } }
      expect(onlyError(await reconcile(scene, manifestOf(DEPLOY), step))).toContain('are both given')
      expectSilence(scene)
    }))

  test('a file that is not there', () =>
    play(async (scene) => {
      const error = onlyError(await reconcile(scene, '', { with: { manifest: 'other.yml' } }))
      expect(error).toMatch(/^Manifest other\.yml: there is no such file.*actions\/checkout/)
      expectSilence(scene)
    }))

  test('every mistake of the file, with its place, in the order of the file', () =>
    play(async (scene) => {
      const yaml = [
        'keys:',
        '  - name: CI deploy key',
        '    secret: INCIDENT_API_KEY',
        '    min-token-age: 30 days',
        '    grace-period-minutes: 61',
        '  - name: Second key',
        '    secert: SECOND_KEY',
        '  - name: CI deploy key',
        '    secret: INCIDENT_API_KEY',
        '  - name: Fourth key',
        '    secret: GITHUB_KEY',
        '    destinations: [{repository: octo}]',
      ].join('\n')
      const result = await reconcile(scene, yaml)
      expect([result.exitCode, result.outputs.status]).toEqual([1, 'failed'])
      const errors = errorsOf(result)
      const places = errors.map((error) =>
        /^Manifest keys\.yml, line (\d+), column (\d+): /.exec(error)?.slice(1).join(':'),
      )
      expect(places).toEqual(['4:20', '5:27', '7:5', '8:11', '11:13', '12:33'])
      // Each with the line, and a caret below the column.
      const lines = yaml.split('\n')
      for (const [index, error] of errors.entries()) {
        const [line = 0, column = 0] = (places[index] ?? '').split(':').map(Number)
        const [shown = '', caret = ''] = error.split('\n').slice(-2)
        expect(shown.trim()).toBe(lines[line - 1]?.trim())
        expect(shown.slice(caret.indexOf('^'))).toBe(lines[line - 1]?.slice(column - 1))
        expect(result.summary).toContain(`\n\n\`\`\`text\n${shown}\n${caret}\n\`\`\`\n`)
      }
      expect(result.summary).toMatch(/^### ❌ Failed: keys\.yml\n/)
      expectSilence(scene)
    }))

  test.each<[string, Record<string, unknown>[], RegExp]>([
    ['two entries for one key', [DEPLOY, { ...DEPLOY, secret: 'OTHER' }], /line 3, column \d+: .*line 2.*too/],
    [
      'one secret fed by two keys',
      [DEPLOY, { ...DEPLOY, name: 'Other' }],
      /line 3, column \d+: .*a secret holds one token/,
    ],
    [
      'one environment, in other letters, fed by two keys',
      [
        { ...DEPLOY, destinations: [{ environment: 'octo/app/production' }] },
        { ...DEPLOY, name: 'Other', destinations: [{ environment: 'octo/App/Production' }] },
      ],
      /line 3, column \d+: .*is fed by the key "CI deploy key" on line 2 already.*a secret holds one token/,
    ],
    ['ages out of range', [{ ...DEPLOY, 'min-token-age': '1y' }], /line 2, column \d+: .*"min-token-age"/],
    ['minutes out of range', [{ ...DEPLOY, 'min-grace-minutes': 61 }], /"min-grace-minutes"/],
    [
      'ages that are crossed',
      [{ ...DEPLOY, 'min-token-age': '2w', 'max-token-age': '1w' }],
      /is above "max-token-age"/,
    ],
    ['teams without roles for them', [{ ...DEPLOY, 'team-ids': ['T'], 'team-roles': [] }], /both empty or both not/],
    [
      'a key to be made with api_keys_manage',
      [{ ...DEPLOY, create: true, roles: ['api_keys_manage'] }],
      /cannot be created/,
    ],
    ['no secret', [{ name: 'CI deploy key' }], /names no secret/],
  ])('%s', (_, entries, error) =>
    play(async (scene) => {
      expect(onlyError(await reconcile(scene, manifestOf(...entries)))).toMatch(error)
      expectSilence(scene)
    }),
  )

  test('a kind of secret that this GitHub does not have', () =>
    play(async (scene) => {
      const yaml = manifestOf(DEPLOY, { name: 'Other', secret: 'OTHER', destinations: [{ codespaces: 'octo/app' }] })
      const result = await reconcile(scene, yaml, { with: { 'github-api-url': 'http://127.0.0.1:9/api/v3' } })
      expect(onlyError(result)).toBe(
        'Manifest keys.yml, line 3: the entry: octo/app (codespaces) cannot be written, since GitHub Enterprise Server has no Codespaces secrets. Leave it out.',
      )
      expect(result.summary).toMatch(/^### ❌ Failed: keys\.yml\n/)
      expectSilence(scene)
    }))

  test('a token in the file, which is never shown', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: `use ${scene.key.token}` }))
      expect(onlyError(result)).toContain('this holds a token')
      expectSilence(scene)
    }))
})
