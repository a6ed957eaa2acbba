import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import {
  addKey,
  changesAt,
  DEPLOY,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  reconcile,
  statusesOf,
  updates,
} from './manifest.ts'
import { allow, YOUNG } from './manifest-changes.ts'
import { addHistory, addRun, CI, DAY, USES } from './runs.ts'

describe('update', () => {
  /** A key with everything, whose token is young. */
  const addFull = (scene: Scene) =>
    addKey(scene, 'Full key', 'FULL_KEY', {
      ageDays: 3,
      roles: ['viewer', 'incident_creator'],
      teamIds: ['T1', 'T2'],
      teamRoles: ['schedules_reader', 'on_call_editor'],
      comments: 'Written in the dashboard',
    })
  const FULL = { name: 'Full key', secret: 'FULL_KEY' }
  const BODY = {
    name: 'Full key',
    comments: 'Written in the dashboard',
    role_names: ['viewer', 'incident_creator'],
    team_ids: ['T1', 'T2'],
    team_role_names: ['schedules_reader', 'on_call_editor'],
  }

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['comments', { comments: 'New' }, { comments: 'New' }, ['change its comments: "New"']],
    ['no comments any more', { comments: '' }, { comments: '' }, ['change its comments: none']],
    [
      'roles',
      { roles: ['viewer', 'catalog_viewer'] },
      { role_names: ['viewer', 'catalog_viewer'] },
      ['change its roles: + catalog_viewer, - incident_creator (at once, for running jobs too)'],
    ],
    ['teams', { 'team-ids': ['T2', 'T3', 'T1'] }, { team_ids: ['T2', 'T3', 'T1'] }, ['change its teams: + T3']],
    [
      'roles for teams, and roles that are the same',
      { 'team-roles': ['on_call_editor'], roles: ['incident_creator', 'viewer'] },
      { team_role_names: ['on_call_editor'], role_names: ['incident_creator', 'viewer'] },
      ['change its team roles: - schedules_reader (at once, for running jobs too)'],
    ],
    [
      'no teams any more',
      { 'team-ids': [], 'team-roles': [] },
      { team_ids: [], team_role_names: [] },
      [
        'change its teams: - T1 (at once, for running jobs too), - T2 (at once, for running jobs too)',
        'change its team roles: - schedules_reader (at once, for running jobs too), - on_call_editor (at once, for running jobs too)',
      ],
    ],
  ])('puts right what is given and differs, and sends the rest back as it was: %s', (_, given, sent, steps) =>
    play(async (scene) => {
      allow(scene, 'catalog_viewer', 'schedules_reader', 'on_call_editor')
      const { id, token } = addFull(scene)
      const yaml = manifestOf({ ...FULL, ...given })
      const result = await reconcile(scene, yaml, YOUNG)
      expect([result.exitCode, errorsOf(result)]).toEqual([0, []])
      expect(changesAt(scene).map(({ method, path }) => `${method} ${path}`)).toEqual([`PUT /v1/api_keys/${id}`])
      expect(updates(scene)[0]?.requestBody).toEqual({ ...BODY, ...sent })
      expect(keysOf(result)).toEqual([expect.objectContaining({ status: 'updated', rotated: false, steps })])
      expect(result.outputs).toMatchObject({ status: 'rotated', rotated: 'false', due: '1' })
      expect(scene.github.secret(scene.repository, 'FULL_KEY')?.value === token).toBe(true)
      for (const step of steps) expect(result.raw).toContain(step)

      const second = await reconcile(scene, yaml, YOUNG)
      expect(statusesOf(second)).toEqual(['Full key: unchanged'])
      expect(updates(scene)).toHaveLength(1)
    }),
  )

  test.each<[string, Record<string, unknown>]>([
    ['roles in another order', { roles: ['incident_creator', 'viewer'] }],
    ['teams in another order', { 'team-ids': ['T2', 'T1'], 'team-roles': ['on_call_editor', 'schedules_reader'] }],
    ['the same comments', { comments: 'Written in the dashboard' }],
    ['comments with white space around them', { comments: '  Written in the dashboard\n' }],
  ])('%s are no difference', (_, given) =>
    play(async (scene) => {
      addFull(scene)
      const result = await reconcile(scene, manifestOf({ ...FULL, ...given }), YOUNG)
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Full key: unchanged']])
      expectNothingChanged(scene)
    }),
  )

  test.each(['', ' ', '\n'])('empty comments are no difference to none: %j', (comments) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments }), YOUNG)
      expect(statusesOf(result)).toEqual(['CI deploy key: unchanged'])
      expectNothingChanged(scene)
    }),
  )

  test('comes before the rotation', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: 'New' }))
      expect(result.exitCode).toBe(0)
      expect(changesAt(scene).map(({ method }) => method)).toEqual(['PUT', 'POST'])
      expect(updates(scene)[0]?.requestBody).toEqual({
        name: 'CI deploy key',
        comments: 'New',
        role_names: ['viewer', 'incident_creator'],
        team_ids: [],
        team_role_names: [],
      })
      expect(keysOf(result)[0]).toMatchObject({ status: 'rotated', steps: ['change its comments: "New"', 'rotate'] })
      expectCurrent(scene)
    }))

  test('takes the managing key’s scopes: roles that it can rotate only afterwards are no hindrance', () =>
    play(async (scene) => {
      const wide = addKey(scene, 'Wide key', 'WIDE_KEY', { roles: ['viewer', 'catalog_editor'] })
      const result = await reconcile(scene, manifestOf({ name: 'Wide key', secret: 'WIDE_KEY', roles: ['viewer'] }))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Wide key: rotated']])
      expectHolds(scene, wide.id, 'WIDE_KEY')
      // What it had is of no consequence any more.
      expect(warningsOf(result)).toEqual([expect.stringMatching(/"Wide key" loses roles at once \("catalog_editor"\)/)])
    }))

  test('warns of a role that is taken away, and of none that is given', () =>
    play(async (scene) => {
      allow(scene, 'catalog_viewer')
      const yaml = manifestOf({ ...DEPLOY, roles: ['viewer', 'catalog_viewer'] })
      const result = await reconcile(scene, yaml)
      expect(warningsOf(result)).toEqual([
        'The key "CI deploy key" loses roles at once ("incident_creator"): jobs that are running and need them fail.',
      ])
      expect(result.summary).toContain('loses roles at once')
    }))

  test('of a key whose rotation is put off is made all the same', () =>
    play(async (scene) => {
      scene.github.addFile(scene.repository, CI, USES)
      addHistory(scene, 180)
      addRun(scene, 10)
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: 'New' }))
      expect(result.exitCode).toBe(0)
      expect(changesAt(scene).map(({ method }) => method)).toEqual(['PUT'])
      expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: ['change its comments: "New"'] })
    }))

  test('that incident.io refuses leaves the key alone, and is told once', () =>
    play(async (scene) => {
      const result = await reconcile(
        scene,
        manifestOf({ ...DEPLOY, roles: ['viewer', 'incident_creator', 'catalog_editor'] }),
      )
      expect(onlyError(result)).toMatch(
        /^Could not update the API key "CI deploy key" .*request_id .*It was not rotated\./,
      )
      expect(warningsOf(result)).toEqual([expect.stringContaining('by name: catalog_editor')])
      expect(rotations(scene)).toEqual([])
      expect(writes(scene)).toEqual([])
      expect(keysOf(result)[0]).toMatchObject({ status: 'failed', rotated: false, steps: [] })
    }))

  test('of a role that incident.io does not know is told in its words', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, roles: ['viewer', 'of_the_future'] }))
      expect(onlyError(result)).toMatch(/of_the_future.*Check its roles, teams and comments in the manifest/)
      expect(rotations(scene)).toEqual([])
    }))

  test('whose answer is lost is sent again, and the rotation follows', () =>
    play(async (scene) => {
      scene.incident.faults.add({ method: 'PUT', fault: { kind: 'status', status: 503, afterEffect: true } })
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: 'New' }))
      expect(result.exitCode).toBe(0)
      expect(updates(scene)).toHaveLength(2)
      expectCurrent(scene)
    }))

  describe('that cannot be made keeps no stale copy from being mended', () => {
    const stale = (scene: Scene, secret = 'INCIDENT_API_KEY') =>
      scene.github.setSecret(scene.repository, secret, 'older', new Date(scene.clock.now() - 90 * DAY))

    test.each<[string, Record<string, unknown>, number, RegExp]>([
      ['403', { roles: ['viewer', 'catalog_editor'] }, 403, /^Could not update the API key "CI deploy key" .* 403/],
      ['422', { roles: ['viewer', 'of_the_future'] }, 422, /^Could not update the API key "CI deploy key" .* 422/],
    ])('since incident.io answers %s', (_, given, status, error) =>
      play(async (scene) => {
        stale(scene)
        const result = await reconcile(scene, manifestOf({ ...DEPLOY, ...given }), YOUNG)
        expect(onlyError(result)).toMatch(error)
        expect(updates(scene).map((one) => one.status)).toEqual([status])
        expect(keysOf(result)[0]).toMatchObject({
          status: 'failed',
          rotated: true,
          steps: ['rotate', 'fill INCIDENT_API_KEY in octo/app (stale)'],
        })
        expectCurrent(scene)
      }),
    )

    test('since it has api_keys_manage', () =>
      play(async (scene) => {
        const { id } = addKey(scene, 'Second manager', 'MANAGER_KEY', { roles: ['viewer', 'api_keys_manage'] })
        stale(scene, 'MANAGER_KEY')
        const entry = { name: 'Second manager', secret: 'MANAGER_KEY', comments: 'New' }
        const result = await reconcile(scene, manifestOf(entry), YOUNG)
        expect(onlyError(result)).toMatch(/"Second manager" .*it has the role api_keys_manage/)
        expect(keysOf(result)[0]).toMatchObject({ status: 'failed', rotated: true })
        expect([updates(scene), rotations(scene).length]).toEqual([[], 1])
        expectHolds(scene, id, 'MANAGER_KEY')
      }))

    test('which is planned in a dry run, and fails it', () =>
      play(async (scene) => {
        addKey(scene, 'Second manager', 'MANAGER_KEY', { roles: ['viewer', 'api_keys_manage'] })
        stale(scene, 'MANAGER_KEY')
        const entry = { name: 'Second manager', secret: 'MANAGER_KEY', comments: 'New' }
        const result = await reconcile(scene, manifestOf(entry), { with: { ...YOUNG.with, 'dry-run': 'true' } })
        expect(onlyError(result)).toContain('api_keys_manage')
        expect(keysOf(result)[0]?.steps).toEqual(['rotate', 'fill MANAGER_KEY in octo/app (stale)'])
        expectNothingChanged(scene)
      }))
  })

  describe('of a key with api_keys_manage', () => {
    const seed = { roles: ['viewer', 'api_keys_manage'], comments: 'Made in the dashboard' }
    const MANAGER = { name: 'Second manager', secret: 'MANAGER_KEY' }

    test.each<Record<string, unknown>>([
      { comments: 'New' },
      { roles: ['viewer'] },
      { roles: ['viewer', 'api_keys_manage', 'incident_creator'] },
    ])('is refused before anything is sent: %j', (given) =>
      play(async (scene) => {
        addKey(scene, 'Second manager', 'MANAGER_KEY', seed)
        const result = await reconcile(scene, manifestOf({ ...MANAGER, ...given }))
        expect(onlyError(result)).toMatch(
          /^Could not update the API key "Second manager" .*it has the role api_keys_manage/,
        )
        expect(statusesOf(result)).toEqual(['Second manager: failed'])
        expectNothingChanged(scene)
      }),
    )

    test('is refused in a dry run too, and stops no other', () =>
      play(async (scene) => {
        addKey(scene, 'Second manager', 'MANAGER_KEY', seed)
        const yaml = manifestOf({ ...MANAGER, comments: 'New' }, DEPLOY)
        const plan = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
        expect(onlyError(plan)).toContain('api_keys_manage')
        expectNothingChanged(scene)
        expect(statusesOf(await reconcile(scene, yaml))).toEqual(['Second manager: failed', 'CI deploy key: rotated'])
      }))

    test('is not needed where nothing differs: it is rotated', () =>
      play(async (scene) => {
        const { id } = addKey(scene, 'Second manager', 'MANAGER_KEY', seed)
        const given = { roles: ['api_keys_manage', 'viewer'], comments: seed.comments, 'team-ids': [] }
        const result = await reconcile(scene, manifestOf({ ...MANAGER, ...given }))
        expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Second manager: rotated']])
        expectHolds(scene, id, 'MANAGER_KEY')
      }))
  })

  test.each<[Record<string, unknown>, RegExp]>([
    [{ roles: ['viewer', 'api_keys_manage'] }, /the role api_keys_manage cannot be given through the API/],
    [{ 'team-ids': ['T1'] }, /teams and no roles for them/],
    [{ 'team-roles': ['schedules_reader'] }, /roles for teams and no teams/],
  ])('to what incident.io never takes is refused before anything is sent: %j', (given, error) =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, ...given }))
      expect(onlyError(result)).toMatch(error)
      expect(keysOf(result)[0]).toMatchObject({ name: 'CI deploy key', status: 'failed', rotated: false })
      expectNothingChanged(scene)
    }),
  )
})
