import { describe, expect, test } from '@jest/globals'
import type { SecretsPlace } from '../../sandbox/github.ts'
import { errorsOf, expectMasked, onlyError, play, warningsOf, writes } from './helpers.ts'
import {
  APP,
  addKey,
  changesAt,
  creations,
  DEPLOY,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  reconcile,
  statusesOf,
} from './manifest.ts'
import { addWideToken, allow, YOUNG } from './manifest-changes.ts'

describe('create', () => {
  const NEW = {
    name: 'New key',
    secret: 'NEW_KEY',
    create: true,
    roles: ['viewer', 'incident_creator'],
    'team-ids': ['T1', 'T2'],
    'team-roles': ['schedules_reader'],
    comments: 'Made by the manifest: 100 % "quoted"\n',
    destinations: [
      { repository: 'octo/app' },
      { environment: 'octo/app/production' },
      { organization: 'octo', as: 'ORGANIZATION_KEY' },
      { dependabot: 'octo/web' },
    ],
  }
  const PLACES: [SecretsPlace, string][] = [
    [APP, 'NEW_KEY'],
    [{ kind: 'environment', owner: 'octo', repository: 'app', environment: 'production' }, 'NEW_KEY'],
    [{ kind: 'organization', owner: 'octo' }, 'ORGANIZATION_KEY'],
    [{ kind: 'dependabot', owner: 'octo', repository: 'web' }, 'NEW_KEY'],
  ]

  test('makes the key as it is given, and stores its first token everywhere; then nothing is left to do', () =>
    play(async (scene) => {
      const step = { with: { 'github-token': addWideToken(scene) } }
      allow(scene, 'schedules_reader')
      const result = await reconcile(scene, manifestOf(NEW), step)
      expect([result.exitCode, errorsOf(result), warningsOf(result)]).toEqual([0, [], []])
      expect(creations(scene).map(({ requestBody }) => requestBody)).toEqual([
        {
          name: 'New key',
          comments: NEW.comments,
          role_names: NEW.roles,
          team_ids: NEW['team-ids'],
          team_role_names: NEW['team-roles'],
        },
      ])
      expect(changesAt(scene)).toHaveLength(1)
      const key = scene.incident.keys().find(({ name }) => name === 'New key')
      const id = key?.id ?? ''
      expect(scene.incident.tokensOf(id)).toHaveLength(1)
      for (const [place, secret] of PLACES) expectHolds(scene, id, secret, place)
      expect(scene.github.store(PLACES[2]?.[0] ?? APP).get('ORGANIZATION_KEY')?.visibility).toBe('private')

      const [told] = keysOf(result)
      expect(told).toEqual({
        name: 'New key',
        id,
        status: 'created',
        rotated: true,
        steps: ['make the key with viewer, incident_creator, schedules_reader (for teams)', ...fills('missing')],
        token_issued_at: told?.token_issued_at,
        destinations: PLACES.map(([place, secret]) => ({ ...place, secret, result: 'created' })),
        runs_at_risk: [],
      })
      expect(Date.parse(told?.token_issued_at ?? '')).toBe(Math.floor(key?.issuedAt ?? 0))
      expect(result.outputs).toMatchObject({ status: 'rotated', rotated: 'true', 'key-id': id, 'key-name': 'New key' })
      expect(result.outputs['old-token-expires-at']).toBeUndefined()
      expect(result.summary).not.toContain('Old token')
      expectMasked(scene, result)

      const second = await reconcile(scene, manifestOf(NEW), step)
      expect([second.exitCode, second.outputs.status, statusesOf(second)]).toEqual([
        0,
        'unchanged',
        ['New key: unchanged'],
      ])
      expect(changesAt(scene)).toHaveLength(1)
      expect(writes(scene)).toHaveLength(4)
    }))

  const fills = (state: string) =>
    [
      'NEW_KEY in octo/app',
      'NEW_KEY in octo/app/production',
      'ORGANIZATION_KEY in octo',
      'NEW_KEY in octo/web (dependabot)',
    ].map((name) => `fill ${name} (${state})`)

  test('writes over a secret that is there, and warns of it', () =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, 'NEW_KEY', 'of a key that was deleted')
      const { destinations: _, 'team-ids': __, 'team-roles': ___, ...entry } = NEW
      const result = await reconcile(scene, manifestOf(entry))
      expect([result.exitCode, keysOf(result)[0]?.destinations[0]?.result]).toEqual([0, 'updated'])
      expectHolds(scene, keysOf(result)[0]?.id ?? '', 'NEW_KEY')
      expect(warningsOf(result)).toEqual([
        'The first token of the key "New key" is written over what these secrets hold now: NEW_KEY in octo/app.',
      ])
    }))

  test('of a name that is there in other letters is made with force, and warned of', () =>
    play(async (scene) => {
      addKey(scene, 'NEW Key', 'OTHER_KEY')
      const entry = { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] }
      const result = await reconcile(scene, manifestOf(entry), { with: { force: 'true' } })
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['New key: created']])
      expect(warningsOf(result)).toEqual(['There is no key "New key", and so one is made; but there is "NEW Key".'])
    }))

  test('without roles is told, since such a key may do nothing', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ name: 'New key', secret: 'NEW_KEY', create: true }))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['New key: created']])
      expect(creations(scene)[0]?.requestBody).toEqual({
        name: 'New key',
        role_names: [],
        team_ids: [],
        team_role_names: [],
      })
      expect(warningsOf(result)).toEqual([expect.stringContaining('"New key" is made without any role')])
    }))

  test('leaves a key that is there as it is, but for what differs', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, create: true }), YOUNG)
      expect(statusesOf(result)).toEqual(['CI deploy key: unchanged'])
      expectNothingChanged(scene)
    }))

  test('is refused by incident.io where the managing key may not give a role: one warning, one error, nothing changed', () =>
    play(async (scene) => {
      const yaml = manifestOf({ name: 'New key', secret: 'NEW_KEY', create: true, roles: ['catalog_editor'] }, DEPLOY)
      const result = await reconcile(scene, yaml)
      const error = onlyError(result)
      expect(error).toMatch(
        /^Could not make the API key "New key": incident\.io answered 403 .*request_id .*Nothing was changed\.$/,
      )
      expect(warningsOf(result)).toEqual([expect.stringContaining('by name: catalog_editor')])
      expect(statusesOf(result)).toEqual(['New key: failed', 'CI deploy key: rotated'])
      expect(scene.incident.keys().map(({ name }) => name)).not.toContain('New key')
      expect(scene.github.secret(scene.repository, 'NEW_KEY')).toBeUndefined()
    }))

  test('is not begun where its secrets cannot be written', () =>
    play(async (scene) => {
      const entry = { ...NEW, destinations: [{ repository: 'octo/nowhere' }], 'team-ids': [], 'team-roles': [] }
      const result = await reconcile(scene, manifestOf(entry))
      expect(onlyError(result)).toContain('octo/nowhere')
      expectNothingChanged(scene)
    }))

  test('is left out: a missing key is an error', () =>
    play(async (scene) => {
      const result = await reconcile(
        scene,
        manifestOf({ ...NEW, create: false, destinations: [{ repository: 'octo/app' }] }),
      )
      expect(onlyError(result)).toMatch(/named "New key": none of the 2 API keys/)
      expectNothingChanged(scene)
    }))

  test.each([
    [{ 'team-ids': ['T'] }, /teams and no roles for them/],
    [{ 'team-roles': ['schedules_reader'] }, /roles for teams and no teams/],
  ])('is refused with %j alone', (more, error) =>
    play(async (scene) => {
      const yaml = manifestOf({ name: 'New key', secret: 'NEW_KEY', create: true, ...more })
      expect(onlyError(await reconcile(scene, yaml))).toMatch(error)
      expectNothingChanged(scene)
    }),
  )
})

test('force makes a key although one of its secrets cannot be written, and the run fails for it', () =>
  play(async (scene) => {
    const entry = { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] }
    const destinations = [{ repository: 'octo/app' }, { repository: 'octo/nowhere' }]
    const result = await reconcile(scene, manifestOf({ ...entry, destinations }), { with: { force: 'true' } })
    expect(onlyError(result)).toContain('octo/nowhere')
    expect(keysOf(result)[0]).toMatchObject({ status: 'failed', rotated: true })
    expectHolds(scene, keysOf(result)[0]?.id ?? '', 'NEW_KEY')
  }))
