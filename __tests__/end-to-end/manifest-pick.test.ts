import { describe, expect, test } from '@jest/globals'
import { errorsOf, expectCurrent, expectUntouched, onlyError, play } from './helpers.ts'
import {
  addKey,
  DEPLOY,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  rotated,
  statusesOf,
} from './manifest.ts'

describe('key-name and key-id pick one entry', () => {
  test.each<[string, (id: string) => Record<string, string>]>([
    ['the name of the entry', () => ({ 'key-name': 'Second key' })],
    ['the id of its key', (id) => ({ 'key-id': id })],
  ])('by %s, and nothing else is touched', (_, pick) =>
    play(async (scene) => {
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      addKey(scene, 'Unlisted key', 'UNLISTED_KEY')
      const yaml = manifestOf(
        { ...DEPLOY, destinations: [{ repository: 'octo/nowhere' }] },
        { name: 'Second key', secret: 'SECOND_KEY' },
        { name: 'No such key', secret: 'NO_KEY' },
      )
      const result = await reconcile(scene, yaml, { with: pick(second.id) })
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(statusesOf(result)).toEqual(['Second key: rotated'])
      expectHolds(scene, second.id, 'SECOND_KEY')
      expect(rotated(scene)).toEqual([second.id])
      expect(scene.github.journal.filter(({ path }) => path.includes('nowhere'))).toEqual([])
      expect(result.raw).not.toContain('Unlisted key')
      // As if there were no manifest.
      const [only] = keysOf(result)
      expect(result.outputs).toMatchObject({
        'key-id': second.id,
        'key-name': 'Second key',
        'token-issued-at': only?.token_issued_at,
        'old-token-expires-at': only?.old_token_expires_at,
        'grace-period-minutes': '15',
      })
    }),
  )

  test('by the name of the key of an entry that has its id', () =>
    play(async (scene) => {
      addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf({ id: scene.key.id, secret: scene.secret }, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'key-name': scene.key.name } })
      expect(statusesOf(result)).toEqual(['CI deploy key: rotated'])
      expectCurrent(scene)
    }))

  test('a name goes before an id that is spelled the same', () =>
    play(async (scene) => {
      const second = addKey(scene, scene.key.id, 'SECOND_KEY')
      const yaml = manifestOf({ id: scene.key.id, secret: scene.secret }, { id: second.id, secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'key-name': scene.key.id } })
      expect([errorsOf(result), rotated(scene)]).toEqual([[], [second.id]])
    }))

  test('by a name with white space around it, as without a manifest', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'key-name': ' CI deploy key ' } })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
    }))

  test('one that is still to be made, too', () =>
    play(async (scene) => {
      const yaml = manifestOf(DEPLOY, { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] })
      const result = await reconcile(scene, yaml, { with: { 'key-name': 'New key' } })
      expect(statusesOf(result)).toEqual(['New key: created'])
      expectUntouched({ ...scene, github: { ...scene.github, journal: [] } })
    }))

  test.each([
    ['CI deploi key', 'Did you mean "CI deploy key"?'],
    ['Something else', 'leave "key-name" and "key-id" out for all of its keys'],
  ])('an unknown name is an error that helps: %s', (name, remedy) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'key-name': name } })
      const error = onlyError(result)
      expect(error).toContain(`"${name}" in the manifest`)
      expect(error).toContain(remedy)
      expectNothingChanged(scene)
      expect(scene.github.journal).toEqual([])
    }),
  )

  test('every key that is due can be picked by what the matrix says', () =>
    play(async (scene) => {
      const [first, second] = [
        addKey(scene, 'Twin', 'TWIN_A', { ageDays: 60 }),
        addKey(scene, 'Twin', 'TWIN_B', { ageDays: 50 }),
      ]
      const yaml = manifestOf({ id: first.id, secret: 'TWIN_A' }, { id: second.id, secret: 'TWIN_B' })
      const plan = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
      const names = matrixOf(plan)
      // A name that several carry tells nothing, so the id stands in its place.
      expect(names).toEqual([first.id, second.id])
      for (const [index, name] of names.entries()) {
        const result = await reconcile(scene, yaml, { with: { 'key-name': index === 0 ? name : ` ${name}\n` } })
        expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
        expect(result.outputs).toMatchObject({ 'key-id': name, 'key-name': 'Twin', status: 'rotated' })
      }
      expect(rotated(scene)).toEqual([first.id, second.id])
      expectHolds(scene, first.id, 'TWIN_A')
      expectHolds(scene, second.id, 'TWIN_B')
    }))
})
