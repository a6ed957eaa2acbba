import { describe, expect, test } from '@jest/globals'
import type { SecretsPlace } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, expectMasked, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import {
  APP,
  addKey,
  changesAt,
  creations,
  DAY,
  deletions,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  reconcile,
  secretDeletions,
  statusesOf,
  updates,
} from './manifest.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

const DEPLOY = { name: 'CI deploy key', secret: 'INCIDENT_API_KEY' }
const YOUNG = { with: { 'min-token-age': '90d' } }

/** A token for everything of the organization `octo`, and an environment. */
function widen({ github }: Scene): string {
  github.addOrganization('octo')
  github.addRepository('octo/web')
  github.addEnvironment('octo/app', 'production')
  return github.addToken({
    kind: 'classic',
    scopes: ['repo', 'admin:org'],
    repositories: ['octo/*'],
    organizations: ['octo'],
  })
}

/** Gives the managing key more roles, in the dashboard. */
function allow({ incident }: Scene, ...roles: string[]): void {
  incident
    .keys()
    .find(({ name }) => name === 'Key manager')
    ?.roles.push(...roles)
}

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
      const step = { with: { 'github-token': widen(scene) } }
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

  test('of a name that is there in other letters is made, and warned of', () =>
    play(async (scene) => {
      addKey(scene, 'NEW Key', 'OTHER_KEY')
      const entry = { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] }
      const result = await reconcile(scene, manifestOf(entry))
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

  test('that took place is not denied when the rotation behind it is refused', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'status', status: 403 } })
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, comments: 'New' }))
      const error = onlyError(result)
      expect(scene.incident.key(scene.key.id)?.comments).toBe('New')
      expect(keysOf(result)[0]?.steps).toEqual(['change its comments: "New"'])
      expect(error).not.toContain('Nothing was changed')
    }))

  test('is sent again when its answer is lost', () =>
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

describe('absent', () => {
  const GONE = { name: 'Old exporter', state: 'absent', secret: 'EXPORTER_KEY' }
  const used = (scene: Scene, days: number) => ({ lastUsedAt: new Date(scene.clock.now() - days * DAY) })

  test('deletes the secrets, then the key; a second run finds it gone', () =>
    play(async (scene) => {
      const token = widen(scene)
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

  test.each([
    [0.01, 1],
    [6.9, 1],
    [7.1, 0],
  ])('a key that was last used %p days ago: exit code %p', (days, exitCode) =>
    play(async (scene) => {
      const { id, token } = addKey(scene, 'Old exporter', 'EXPORTER_KEY', used(scene, days))
      const result = await reconcile(scene, manifestOf(GONE, DEPLOY))
      expect(result.exitCode).toBe(exitCode)
      expectCurrent(scene)
      if (exitCode === 0) return
      expect(onlyError(result)).toMatch(
        /^Could not delete the API key "Old exporter" .*less than 7 days ago.*"even-if-used: true"/,
      )
      expect(statusesOf(result)).toEqual(['Old exporter: failed', 'CI deploy key: rotated'])
      expect(scene.incident.key(id)).toBeDefined()
      expect(scene.github.secret(scene.repository, 'EXPORTER_KEY')?.value === token).toBe(true)
      expect(secretDeletions(scene)).toEqual([])
    }),
  )

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
      // Whose roles differ is another key to this run; who calls is known by its name and roles alone.
      const manager = scene.incident.keys().find(({ name }) => name === 'Key manager')
      scene.incident.onRequest = ({ path }) => {
        // They are changed while the run looks.
        if (path === '/v1/api_keys') manager?.roles.push('catalog_viewer')
      }
      const entry = { name: 'Key manager', state: 'absent', secret: 'MANAGING_KEY', 'even-if-used': true }
      const result = await reconcile(scene, manifestOf(entry))
      expect(onlyError(result)).toMatch(/"Key manager" .*it is the managing key itself/)
      expectNothingChanged(scene)
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

  test('a secret that cannot be deleted keeps the key', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY')
      scene.github.faults.add({
        method: 'DELETE',
        path: /EXPORTER_KEY$/,
        times: Number.POSITIVE_INFINITY,
        fault: { kind: 'status', status: 403, body: { message: 'Not now' } },
      })
      const result = await reconcile(scene, manifestOf(GONE))
      const error = onlyError(result)
      expect(error).toMatch(/delete the secret.*EXPORTER_KEY/)
      expect(deletions(scene)).toEqual([])
      expect(scene.incident.key(id)).toBeDefined()
      expect(keysOf(result)[0]).toMatchObject({ status: 'failed', steps: [], destinations: [{ result: 'failed' }] })
    }))

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

  test('a deletion whose answer is lost is sent again, and gone is gone', () =>
    play(async (scene) => {
      const { id } = addKey(scene, 'Old exporter', 'EXPORTER_KEY')
      scene.incident.faults.add({ method: 'DELETE', fault: { kind: 'status', status: 503, afterEffect: true } })
      const result = await reconcile(scene, manifestOf(GONE))
      expect([result.exitCode, statusesOf(result)]).toEqual([0, ['Old exporter: deleted']])
      expect(deletions(scene).map(({ status }) => status)).toEqual([503, 404])
      expect(scene.incident.key(id)).toBeUndefined()
    }))

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
      expect(onlyError(result)).toContain('octo/nowhere')
      expect(keysOf(result)[0]).toMatchObject({
        status: 'failed',
        steps: ['delete EXPORTER_KEY in octo/app'],
        destinations: [{ result: 'missing' }, { result: 'failed' }],
      })
      // The next run knows by it that something is left to do.
      expect([scene.incident.key(id)?.name, deletions(scene)]).toEqual(['Old exporter', []])
    }))
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
