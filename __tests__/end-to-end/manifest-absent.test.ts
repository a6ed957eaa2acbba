import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import type { SecretsPlace } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, onlyError, play } from './helpers.ts'
import {
  APP,
  addKey,
  changesAt,
  DEPLOY,
  deletions,
  expectNothingChanged,
  keysOf,
  manifestOf,
  reconcile,
  secretDeletions,
  statusesOf,
} from './manifest.ts'
import { addWideToken } from './manifest-changes.ts'
import { DAY } from './runs.ts'

describe('absent', () => {
  const GONE = { name: 'Old exporter', state: 'absent', secret: 'EXPORTER_KEY' }
  const used = (scene: Scene, days: number) => ({ lastUsedAt: new Date(scene.clock.now() - days * DAY) })

  test('deletes the secrets, then the key; a second run finds it gone', () =>
    play(async (scene) => {
      const token = addWideToken(scene)
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, 8))
      const production: SecretsPlace = {
        kind: 'environment',
        owner: 'octo',
        repository: 'app',
        environment: 'production',
      }
      scene.github.store(production).set('EXPORTER_KEY', 'x')
      const yaml = manifestOf({
        ...GONE,
        destinations: [{ repository: 'octo/app' }, { environment: 'octo/app/production' }, { organization: 'octo' }],
      })
      let atDeletion: unknown
      scene.incident.onRequest = ({ method }) => {
        if (method === 'DELETE') {
          atDeletion = [scene.github.store(production), scene.github.store(APP)].map((one) => one.get('EXPORTER_KEY'))
        }
      }
      const result = await reconcile(scene, yaml, { with: { 'github-token': token } })
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(deletions(scene).map(({ path }) => path)).toEqual([`/v1/api_keys/${id}`])
      expect(atDeletion).toEqual([undefined, undefined])
      expect(scene.incident.key(id)).toBeUndefined()
      expect(keysOf(result)).toEqual([
        expect.objectContaining({
          name: 'Old exporter',
          id,
          status: 'deleted',
          rotated: false,
          steps: ['delete EXPORTER_KEY in octo/app', 'delete EXPORTER_KEY in octo/app/production', 'delete the key'],
          destinations: [
            expect.objectContaining({ kind: 'repository', result: 'missing' }),
            expect.objectContaining({ kind: 'environment', result: 'missing' }),
            expect.objectContaining({ kind: 'organization', result: 'missing' }),
          ],
        }),
      ])
      expect(result.outputs).toMatchObject({ status: 'rotated', rotated: 'false', due: '1' })
      expect(result.summary).toContain('deleted')
      // Nothing else was deleted, and nothing rotated.
      expect(changesAt(scene)).toHaveLength(1)
      expect(secretDeletions(scene).map(({ path }) => path)).toHaveLength(2)
      expect(scene.github.secret(scene.repository, scene.secret)?.value === scene.key.token).toBe(true)

      const second = await reconcile(scene, yaml, { with: { 'github-token': token } })
      expect([second.exitCode, second.outputs.status]).toEqual([0, 'unchanged'])
      expect(statusesOf(second)).toEqual(['Old exporter: unchanged'])
      expect(deletions(scene)).toHaveLength(1)
    }))

  test.each([0.01, 6.9])('a key that was last used %p days ago is not deleted', (days) =>
    play(async (scene) => {
      const { id, token } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, days))
      const result = await reconcile(scene, manifestOf(GONE, DEPLOY))
      expect(onlyError(result)).toMatch(
        /^Could not delete the API key "Old exporter" .*less than 7 days ago.*"even-if-used: true"/,
      )
      expect(statusesOf(result)).toEqual(['Old exporter: failed', 'CI deploy key: rotated'])
      expectCurrent(scene)
      expect(scene.incident.key(id)).toBeDefined()
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')?.value === token).toBe(true)
      expect(secretDeletions(scene)).toEqual([])
    }),
  )

  test('a key that was last used 7.1 days ago is deleted', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, 7.1))
      const result = await reconcile(scene, manifestOf(GONE, DEPLOY))
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(statusesOf(result)).toEqual(['Old exporter: deleted', 'CI deploy key: rotated'])
      expectCurrent(scene)
      expect(scene.incident.key(id)).toBeUndefined()
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')).toBeUndefined()
    }))

  test('a key that was used is deleted with even-if-used', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, 0))
      const result = await reconcile(scene, manifestOf({ ...GONE, 'even-if-used': true }))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Old exporter: deleted']])
      expect(scene.incident.key(id)).toBeUndefined()
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')).toBeUndefined()
    }))

  test('a key that was never used is deleted, by its id as well', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY')
      const result = await reconcile(scene, manifestOf({ id, state: 'absent', secret: 'EXPORTER_KEY' }))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Old exporter: deleted']])
      expect(scene.incident.key(id)).toBeUndefined()
    }))

  test.each([{}, { 'even-if-used': true }])('the calling key is never deleted: %j', (more) =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, 'MANAGING_KEY', scene.managingToken)
      const entry = { name: 'Key manager', state: 'absent', secret: 'MANAGING_KEY', ...more }
      const result = await reconcile(scene, manifestOf(entry, DEPLOY), { with: { force: 'true' } })
      expect(onlyError(result)).toMatch(/^Could not delete the API key "Key manager" .*it is the managing key itself/)
      expect(statusesOf(result)).toEqual(['Key manager: failed', 'CI deploy key: rotated'])
      expect(deletions(scene)).toEqual([])
      expect(secretDeletions(scene)).toEqual([])
    }),
  )

  test('a key of the name of the calling key is never deleted either, whatever its roles', () =>
    play(async (scene) => {
      // Whose roles differ is another key to this run; who calls is known by its name and roles alone. They are changed
      // while the run looks: when it asks who calls, one is not there yet.
      const change = (answer: Answer) => {
        const { identity } = answer.body as { identity: { roles: object[] } }
        return { ...answer, body: { identity: { ...identity, roles: identity.roles.slice(1) } } }
      }
      scene.incident.faults.add({ path: /\/identity$/, fault: { kind: 'answer', change } })
      const entry = { name: 'Key manager', state: 'absent', secret: 'MANAGING_KEY', 'even-if-used': true }
      const result = await reconcile(scene, manifestOf(entry))
      expect(onlyError(result)).toMatch(/"Key manager" .*it is the managing key itself/)
      expectNothingChanged(scene)
      expect(scene.incident.journal.map(({ fault }) => fault)).toContain('answer')
    }))

  describe('a key that is not found while its secrets exist', () => {
    const leave = (scene: Scene) => scene.github.setSecret(scene.repository, 'EXPORTER_KEY', 'left over')
    const left = (scene: Scene) => scene.github.secret(scene.repository, 'EXPORTER_KEY') !== undefined
    /** A key that manages the keys of a team alone. */
    const teamManager = ({ incident }: Scene) =>
      incident.addKey({ name: 'Team manager', roles: ['viewer'], teamIds: ['T1'], teamRoles: ['api_keys_manage'] })

    test.each([{}, { force: 'true' }])('may be one of a near name: refused, %j', (block) =>
      play(async (scene) => {
        leave(scene)
        addKey(scene, 'Old Exporter', 'OTHER_KEY')
        const result = await reconcile(scene, manifestOf(GONE, DEPLOY), { with: block })
        expect(onlyError(result)).toMatch(
          /^Could not delete the secrets of the API key "Old exporter": .*Did you mean "Old Exporter"\?.*"even-if-used: true"/,
        )
        expect(statusesOf(result)).toEqual(['Old exporter: failed', 'CI deploy key: rotated'])
        expect([left(scene), secretDeletions(scene)]).toEqual([true, []])
      }),
    )

    test('may be one of another team, where the managing key sees its own teams only: refused', () =>
      play(async (scene) => {
        leave(scene)
        const { token } = teamManager(scene)
        const result = await reconcile(scene, manifestOf(GONE), { with: { 'incident-api-key': token } })
        expect(onlyError(result)).toMatch(/the managing key sees no such key.*Use a managing key of the whole account/)
        expectNothingChanged(scene)
      }))

    test.each([false, true])('with even-if-used they are deleted all the same; by a key of a team: %p', (isOfTeam) =>
      play(async (scene) => {
        leave(scene)
        addKey(scene, 'Old Exporter', 'OTHER_KEY')
        const { token } = teamManager(scene)
        const block = isOfTeam ? { 'incident-api-key': token } : {}
        const result = await reconcile(scene, manifestOf({ ...GONE, 'even-if-used': true }), { with: block })
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Old exporter: deleted']])
        expect([left(scene), changesAt(scene)]).toEqual([false, []])
      }),
    )

    test('and when they are gone it is unchanged, whoever looks and whatever is near', () =>
      play(async (scene) => {
        addKey(scene, 'Old Exporter', 'OTHER_KEY')
        const { token } = teamManager(scene)
        const result = await reconcile(scene, manifestOf(GONE), { with: { 'incident-api-key': token } })
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Old exporter: unchanged']])
      }))
  })

  test.each([
    ['its first secret is deleted', [{ repository: 'octo/app' }]],
    ['it is deleted, when no secret is left', [{ repository: 'octo/app', as: 'NO_SECRET' }]],
  ])('a key that is used after the look, right before %s, is not deleted', (_, destinations) =>
    play(async (scene) => {
      const { id, token } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, 30))
      scene.incident.onRequest = async ({ method, path }) => {
        if (method !== 'GET' || path !== `/v1/api_keys/${id}`) return
        const key = scene.incident.key(id)
        if (key !== undefined) key.lastUsedAt = scene.clock.now()
      }
      const result = await reconcile(scene, manifestOf({ ...GONE, destinations }))
      expect(onlyError(result)).toMatch(/"Old exporter" .*less than 7 days ago\. Nothing was changed for it/)
      expect(scene.incident.key(id)).toBeDefined()
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')?.value === token).toBe(true)
      expectNothingChanged(scene)
    }),
  )

  test('secrets that are left over of a key that is gone are deleted', () =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, 'EXPORTER_KEY', 'left over')
      const result = await reconcile(scene, manifestOf(GONE))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Old exporter: deleted']])
      expect(keysOf(result)[0]?.steps).toEqual(['delete EXPORTER_KEY in octo/app'])
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')).toBeUndefined()
      expect(changesAt(scene)).toEqual([])
    }))

  test.each([{}, { id: '01GONE', name: undefined }])('what is absent already is unchanged: %j', (more) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...GONE, ...more }))
      expect([result.exitCode, result.outputs.status, result.outputs.due]).toEqual([0, 'unchanged', '0'])
      expectNothingChanged(scene)
    }),
  )

  test('a key that cannot be deleted is told, and what was deleted before is not denied', () =>
    play(
      async (scene) => {
        addKey(scene, 'Old exporter', 'EXPORTER_KEY')
        scene.incident.faults.add({ method: 'DELETE', times: 99, fault: { kind: 'status', status: 500 } })
        const result = await reconcile(scene, manifestOf(GONE))
        const error = onlyError(result)
        expect(error).toMatch(/^Could not delete the API key "Old exporter"/)
        expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')).toBeUndefined()
        expect(keysOf(result)[0]).toMatchObject({ status: 'failed', steps: ['delete EXPORTER_KEY in octo/app'] })
        expect(error).not.toContain('Nothing was changed')
      },
      { speed: 30 },
    ))

  test('a managing key that may do less than the key deletes it: incident.io compares nothing then', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', { roles: ['security_settings_editor'] })
      const result = await reconcile(scene, manifestOf(GONE))
      expect([result.exitCode, result.annotations]).toEqual([0, []])
      expect(scene.incident.key(id)).toBeUndefined()
    }))

  test('force passes over a secret that cannot be deleted: the run fails for it, and the key is kept', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY')
      const destinations = [{ repository: 'octo/app' }, { repository: 'octo/nowhere' }]
      const result = await reconcile(scene, manifestOf({ ...GONE, destinations }), { with: { force: 'true' } })
      expect(onlyError(result)).toMatch(/^Could not prepare to delete the secret EXPORTER_KEY in octo\/nowhere: /)
      expect(keysOf(result)[0]).toMatchObject({
        status: 'failed',
        steps: ['delete EXPORTER_KEY in octo/app'],
        destinations: [{ result: 'missing' }, { result: 'failed' }],
      })
      // The next run knows by it that something is left to do.
      expect([scene.incident.key(id)?.name, deletions(scene)]).toEqual(['Old exporter', []])
    }))
})
