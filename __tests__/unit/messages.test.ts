import { expect, test } from '@jest/globals'
import { cannotPrepare } from '../../src/2-look/explain-github.ts'
import { messagesOf } from '../../src/5-tell/messages.ts'
import type { Destination } from '../../src/destination.ts'
import { InputProblem, Problem } from '../../src/services/problem.ts'

const inApp = (secret: string): Destination => ({ kind: 'repository', owner: 'octo', repository: 'app', secret })
const DEAD = { cause: 'GitHub answered 401 (Bad credentials)', remedy: 'Give another token.' }

test('what stands in the way of a secret names the secret and its place', () => {
  expect(messagesOf([cannotPrepare(inApp('KEY'), DEAD)])).toEqual([
    'Could not prepare to write the secret KEY in octo/app: GitHub answered 401 (Bad credentials). Give another token.',
  ])
})

test('what stands in the way of several secrets is one mistake, and names them all', () => {
  const others = { ...DEAD, cause: 'GitHub answered 403' }
  const errors = [
    cannotPrepare(inApp('KEY'), DEAD),
    cannotPrepare(inApp('OTHER'), others),
    cannotPrepare({ ...inApp('KEY'), kind: 'dependabot' }, DEAD),
    // One of two keys of a manifest.
    cannotPrepare(inApp('KEY'), DEAD),
  ]
  expect(messagesOf(errors)).toEqual([
    expect.stringMatching(/write the secrets KEY in octo\/app, KEY in octo\/app \(dependabot\): GitHub answered 401/),
    expect.stringMatching(/write the secret OTHER in octo\/app: GitHub answered 403/),
  ])
})

test('of hundreds of secrets only the first are named', () => {
  const errors = Array.from({ length: 500 }, (_, index) => cannotPrepare(inApp(`KEY_${index}`), DEAD))
  expect(messagesOf(errors)).toEqual([
    expect.stringMatching(/the secrets KEY_0 in .*KEY_19 in octo\/app and 480 more: /),
  ])
})

test('a write that failed is told for each secret', () => {
  const failed = (secret: string) =>
    new Problem({ goal: 'write', subject: secret, destination: inApp(secret), ...DEAD })
  expect(messagesOf([failed('ONE'), failed('TWO')])).toHaveLength(2)
})

test('the same sentence is told once', () => {
  expect(messagesOf([new InputProblem('Give a name.'), new InputProblem('Give a name.')])).toEqual(['Give a name.'])
})
