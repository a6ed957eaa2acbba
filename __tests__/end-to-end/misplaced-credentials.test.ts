import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectUntouched, onlyError, play } from './helpers.ts'
import { manifestOf, reconcile } from './manifest.ts'

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()
const INCIDENT = `inc_${'a1b2'.repeat(16)}`
const AGE = `AGE-SECRET-KEY-1${'QPZRY9X8'.repeat(7)}QP`
/** GitHub's new form: a JWT of about 520 characters. */
const JWT = `ghs_${'eyJhbGciOi'.repeat(20)}.${'eyJpc3Mi-_'.repeat(20)}.${'sIgNaTuRe-'.repeat(11)}`
const GITHUB_TOKENS = [
  `ghp_${'x'.repeat(36)}`,
  `gho_${'x'.repeat(36)}`,
  `ghu_${'x'.repeat(36)}`,
  `ghs_${'x'.repeat(36)}`,
  JWT,
  `github_pat_${'x'.repeat(82)}`,
]

/** Nothing was asked of either service, and the value is not shown, in whole or cut. */
function expectRefused(scene: Scene, result: StepResult, value: string): void {
  expect(result.exitCode).toBe(1)
  expect([scene.incident.journal, scene.github.journal]).toEqual([[], []])
  const log = result.raw.replace(/^::add-mask::.*$/gm, '')
  const all = log + result.summary + JSON.stringify([result.outputs, result.state])
  for (const line of value.split('\n').filter((one) => one.length > 20)) expect(all).not.toContain(line.slice(0, 20))
  expectUntouched(scene)
}

describe('a credential in the input of another one is refused before any request', () => {
  const WAYS: [string, string, string, RegExp][] = [
    ...GITHUB_TOKENS.map((token): [string, string, string, RegExp] => [
      `${token.slice(0, 12)}, ${token.length} characters`,
      'incident-api-key',
      token,
      /"incident-api-key" holds a GitHub token, which belongs in "github-token": exchange the values/,
    ]),
    ['an API key', 'github-token', INCIDENT, /"github-token" holds an incident\.io API key, .*"incident-api-key"/],
    ["an App's key", 'github-token', PEM, /"github-token" holds a private key, .*"github-app-private-key"/],
    ["an App's key", 'incident-api-key', PEM, /"incident-api-key" holds a private key, .*"github-app-private-key"/],
    ['an age key', 'incident-api-key', AGE, /holds an age private key, which no input takes: remove it/],
    ['an age key', 'github-token', AGE, /holds an age private key, which no input takes: remove it/],
  ]
  test.each(WAYS)('%s in %s', (_, input, value, message) =>
    play(async (scene) => {
      const result = await scene.rotate({ with: { [input]: value } })
      expect(onlyError(result)).toMatch(message)
      expectRefused(scene, result, value)
    }),
  )

  test.each([
    ['the App id', { 'github-app-id': PEM, 'github-app-private-key': '12345' }, PEM],
    ['the App id', { 'github-app-id': INCIDENT, 'github-app-private-key': PEM }, INCIDENT],
    ['the private key', { 'github-app-id': '12345', 'github-app-private-key': JWT }, JWT],
  ])('in %s', (_, app, value) =>
    play(async (scene) => {
      const result = await scene.rotate({ with: { 'github-token': '', ...app } })
      expect(errorsOf(result).join()).toMatch(/holds (a private key|an incident|a GitHub token).*No request was sent/)
      expectRefused(scene, result, value)
    }),
  )

  test('both exchanged are two errors', () =>
    play(async (scene) => {
      const exchanged = { 'incident-api-key': scene.githubToken, 'github-token': scene.managingToken }
      const result = await scene.rotate({ with: exchanged })
      expect(errorsOf(result)).toHaveLength(2)
      expectRefused(scene, result, scene.githubToken)
    }))
})

describe("GitHub's new form of installation tokens is recognised", () => {
  test.each(['key-id', 'key-name', 'secret-name', 'destinations'])('in %s, and goes nowhere', (input) =>
    play(async (scene) => {
      const rest = input === 'key-id' ? { 'key-name': '' } : {}
      const result = await scene.rotate({ with: { ...rest, [input]: JWT } })
      expectRefused(scene, result, JWT)
    }),
  )

  test('in a manifest', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ name: JWT, secret: 'KEY' }))
      expectRefused(scene, result, JWT)
    }))
})

test.each([
  'force',
  'dry-run',
  'min-token-age',
  'max-token-age',
  'grace-period-minutes',
  'min-grace-minutes',
  'max-wait-minutes',
  'long-runs',
])('a credential in %s is not repeated', (input) =>
  play(async (scene) => {
    for (const value of [JWT, INCIDENT, PEM, AGE]) {
      const result = await scene.rotate({ with: { [input]: value } })
      expect(errorsOf(result).join()).toContain(`"${input}": a credential is`)
      expectRefused(scene, result, value)
    }
  }),
)
