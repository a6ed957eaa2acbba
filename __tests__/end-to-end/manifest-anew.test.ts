import { expect, test } from '@jest/globals'
import { ALWAYS, errorsOf, play, refusal, rotations } from './helpers.ts'
import { addKey, DEPLOY, keysOf, manifestOf, reconcile, statusesOf } from './manifest.ts'
import { DAY } from './runs.ts'

test('a key that is put off for lack of requests, with an update, is not rotated when it is planned anew', () =>
  play(
    async (scene) => {
      const names = ['Down 1', 'Down 2', 'Down 3', 'Down 4']
      const secretOf = (name: string) => name.toUpperCase().replace(' ', '_')
      for (const name of names) addKey(scene, name, secretOf(name), { ageDays: 90 })
      addKey(scene, 'Late', 'LATE', { ageDays: 2 })
      const fault = { kind: 'status', status: 503, body: {} } as const
      scene.github.faults.add({ method: 'PUT', path: /DOWN_/, times: ALWAYS, fault })
      const entries = names.map((name) => ({ name, secret: secretOf(name), 'grace-period-minutes': 3 }))
      // Looking leaves 9: two for each of the four, and one too few.
      scene.github.rateLimit.limit = 16
      const result = await reconcile(scene, manifestOf(...entries, { name: 'Late', secret: 'LATE', comments: 'New' }))
      expect(statusesOf(result).at(-1)).toBe('Late: deferred')
      expect(rotations(scene)).toHaveLength(4)
    },
    { speed: 40 },
  ))

test.each([{ roles: ['viewer', 'catalog_editor'] }, { 'team-ids': ['T'] }])(
  'the error of an update behind which a stale copy is mended does not deny the rotation: %j',
  (given) =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, scene.secret, 'older', new Date(scene.clock.now() - 90 * DAY))
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, ...given }))
      expect(keysOf(result)[0]?.rotated).toBe(true)
      expect(errorsOf(result)).toEqual([expect.not.stringMatching(/It was not rotated|Nothing was changed/)])
    }),
)

test('a key to be absent that something else deletes right before is gone, and its secret is deleted', () =>
  play(async (scene) => {
    const { id } = addKey(scene, 'Exporter', 'EXPORTER')
    const path = new RegExp(`^/v1/api_keys/${id}$`)
    scene.incident.faults.add({ path, times: 9, fault: refusal(404) })
    const result = await reconcile(scene, manifestOf({ name: 'Exporter', secret: 'EXPORTER', state: 'absent' }))
    expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Exporter: deleted']])
    expect(scene.github.secret(scene.repository, 'EXPORTER')).toBeUndefined()
  }))

test('no name is near an id', () =>
  play(async (scene) => {
    scene.incident.addKey({ name: 'X', roles: ['viewer'] })
    scene.github.setSecret(scene.repository, 'EXPORTER', 'x')
    const result = await reconcile(scene, manifestOf({ id: '01GONE', secret: 'EXPORTER', state: 'absent' }))
    expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['01GONE: deleted']])
    expect(scene.github.secret(scene.repository, 'EXPORTER')).toBeUndefined()
  }))
