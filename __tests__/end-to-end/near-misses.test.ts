import { describe, expect, test } from '@jest/globals'
import { ALWAYS, errorsOf, expectUntouched, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import { creations, DEPLOY, manifestOf, namedOf, reconcile, statusesOf } from './manifest.ts'
import { NEW } from './manifest-faults.ts'

const SLIP = { 'secret-name': 'INCIDENT_APIKEY' }

describe('a missing secret with a similar name in its place', () => {
  test('is refused, so that the right one is not made stale', () =>
    play(async (scene) => {
      const error = onlyError(await scene.rotate({ with: SLIP }))
      expect(error).toMatch(
        /INCIDENT_APIKEY in octo\/app: it does not exist.*Did you mean "INCIDENT_API_KEY"\?.*"force: true"/,
      )
      expectUntouched(scene)
    }))

  test('is refused by a dry run too', () =>
    play(async (scene) => {
      expect(onlyError(await scene.rotate({ with: { ...SLIP, 'dry-run': 'true' } }))).toContain('Did you mean')
    }))

  test('is created with force', () =>
    play(async (scene) => {
      const result = await scene.rotate({ with: { ...SLIP, force: 'true' } })
      expect([errorsOf(result), result.outputs.status]).toEqual([[], 'rotated'])
      expect(scene.github.secret(scene.repository, 'INCIDENT_APIKEY')).toBeDefined()
    }))

  test('is created if the similar one is a destination itself', () =>
    play(async (scene) => {
      const destinations = 'repository\nrepository as INCIDENT_APIKEY'
      const result = await scene.rotate({ with: { destinations } })
      expect([errorsOf(result), writes(scene).length]).toEqual([[], 2])
    }))

  test('is created if the names cannot be read', () =>
    play(async (scene) => {
      const fault = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      scene.github.faults.add({ path: /\/secrets$/, times: ALWAYS, fault })
      const result = await scene.rotate({ with: SLIP })
      expect([errorsOf(result), warningsOf(result)]).toEqual([[], [expect.stringContaining('did not exist')]])
    }))

  test('is created if the similar one belongs to another entry of the manifest, whichever entry runs', () =>
    play(async (scene) => {
      scene.incident.addKey({ name: 'Other', roles: ['viewer'] })
      const yaml = manifestOf(DEPLOY, { name: 'Other', secret: 'INCIDENT_APIKEY' })
      const result = await reconcile(scene, yaml, { with: { 'key-name': 'Other' } })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Other: rotated']])
    }))
})

test('the normal run asks for no list of secrets', () =>
  play(async (scene) => {
    await scene.rotate()
    expect(scene.github.journal.some(({ path }) => path.endsWith('/secrets'))).toBe(false)
  }))

describe('a key to be created with a similar name', () => {
  test.each(['NEW', 'new', 'N-e-w', ' New'])('is refused next to %j', (name) =>
    play(async (scene) => {
      scene.incident.addKey({ name, roles: ['viewer'] })
      const result = await reconcile(scene, manifestOf({ ...NEW, name: 'New' }))
      expect(errorsOf(result)).toEqual([expect.stringMatching(/"New".*Did you mean .*"force: true"/)])
      expect([creations(scene), rotations(scene), namedOf(scene, 'New')]).toEqual([[], [], []])
    }),
  )

  test('is created with force', () =>
    play(async (scene) => {
      scene.incident.addKey({ name: 'NEW', roles: ['viewer'] })
      const result = await reconcile(scene, manifestOf(NEW), { with: { force: 'true' } })
      expect([errorsOf(result), namedOf(scene, 'New').length]).toEqual([[], 1])
    }))

  test('is created if another entry names the similar one', () =>
    play(async (scene) => {
      scene.incident.addKey({ name: 'NEW', roles: ['viewer'] })
      const result = await reconcile(scene, manifestOf(NEW, { name: 'NEW', secret: 'UPPER' }))
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['New: created', 'NEW: rotated']])
    }))
})
