import { describe, expect, test } from '@jest/globals'
import type { Entry } from '../../src/1-read/entry.ts'
import { changesBetween, fieldsFor, fieldsOfNew, whyNotSettable } from '../../src/3-decide/changes.ts'
import type { Key, KeyFields } from '../../src/services/incident-io.ts'

const FIELDS: KeyFields = {
  name: 'key',
  roles: ['viewer', 'incident_creator'],
  teamIds: ['T1', 'T2'],
  teamRoles: ['schedules_reader'],
  comments: 'Used by the deploy pipeline',
}
const KEY: Key = { ...FIELDS, id: 'K', issuedAt: '2026-03-01T12:00:00.123456Z', lastUsedAt: undefined, unread: [] }
const ENTRY: Entry = {
  key: { by: 'name', name: 'key' },
  state: 'present',
  destinations: [],
  policy: { grace: 'auto', minGraceMinutes: 15, longRuns: 'defer', minTokenAge: 0, maxTokenAge: undefined },
  roles: undefined,
  teamIds: undefined,
  teamRoles: undefined,
  comments: undefined,
  create: false,
  evenIfUsed: false,
  line: 2,
}

describe('what a key is to be', () => {
  test.each<[Partial<Entry>, Partial<KeyFields>]>([
    [{}, {}],
    [{ roles: [] }, { roles: [] }],
    [{ roles: ['catalog_viewer'] }, { roles: ['catalog_viewer'] }],
    [{ teamIds: ['T3'] }, { teamIds: ['T3'] }],
    [{ teamRoles: [] }, { teamRoles: [] }],
    [{ comments: '' }, { comments: '' }],
    // It is sent as it is given.
    [{ comments: 'New\n' }, { comments: 'New\n' }],
    [
      { comments: 'New', teamIds: [] },
      { comments: 'New', teamIds: [] },
    ],
  ])('is what %j gives, and the rest as it is', (given, fields) => {
    expect(fieldsFor({ ...ENTRY, ...given }, KEY)).toStrictEqual({ ...FIELDS, ...fields })
  })

  test('has the name that it has, also where its entry names it by its id', () => {
    expect(fieldsFor({ ...ENTRY, key: { by: 'id', id: 'K' } }, KEY).name).toBe('key')
  })

  test('is nothing but what is given, when it is new', () => {
    expect(fieldsOfNew({ ...ENTRY, roles: ['viewer'] }, 'New key')).toStrictEqual({
      name: 'New key',
      roles: ['viewer'],
      teamIds: [],
      teamRoles: [],
      comments: undefined,
    })
  })
})

describe('what differs', () => {
  test.each<[string, Partial<KeyFields>, ReturnType<typeof changesBetween>]>([
    ['nothing', {}, []],
    ['the order of roles and of teams', { roles: ['incident_creator', 'viewer'], teamIds: ['T2', 'T1'] }, []],
    ['a role that is told twice', { roles: ['viewer', 'incident_creator', 'viewer'] }, []],
    ['a role more', { roles: [...FIELDS.roles, 'new'] }, [{ field: 'roles', added: ['new'], removed: [] }]],
    ['a role less', { roles: ['viewer'] }, [{ field: 'roles', added: [], removed: ['incident_creator'] }]],
    ['another role', { roles: ['viewer', 'new'] }, [{ field: 'roles', added: ['new'], removed: ['incident_creator'] }]],
    [
      'no teams any more',
      { teamIds: [], teamRoles: [] },
      [
        { field: 'teams', added: [], removed: ['T1', 'T2'] },
        { field: 'team roles', added: [], removed: ['schedules_reader'] },
      ],
    ],
    ['roles are compared with case', { teamIds: ['t1', 'T2'] }, [{ field: 'teams', added: ['t1'], removed: ['T1'] }]],
    [
      'other comments',
      { comments: 'New' },
      [{ field: 'comments', added: ['New'], removed: ['Used by the deploy pipeline'] }],
    ],
    ['no comments', { comments: '' }, [{ field: 'comments', added: [], removed: ['Used by the deploy pipeline'] }]],
  ])('%s', (_, change, changes) => {
    expect(changesBetween(FIELDS, { ...FIELDS, ...change })).toEqual(changes)
  })

  test.each([
    [undefined, '', 0],
    ['', undefined, 0],
    [undefined, 'x', 1],
    [' ', '', 0],
    ['', ' \n', 0],
    [undefined, '\t', 0],
    ['x', 'x\n', 0],
    [' x', 'x', 0],
    ['x\ny', 'x y', 1],
    ['x', ' ', 1],
  ])('comments of %j are to be %j: %p changes', (before, after, count) => {
    expect(changesBetween({ ...FIELDS, comments: before }, { ...FIELDS, comments: after })).toHaveLength(count)
  })
})

describe('what incident.io would not set', () => {
  const MANAGER = { ...KEY, roles: ['viewer', 'api_keys_manage'] }
  const TEAM_MANAGER = { ...KEY, teamRoles: ['api_keys_manage'] }

  test.each<[string, KeyFields, Key | undefined, RegExp | undefined]>([
    ['anything else', FIELDS, KEY, undefined],
    ['a new key', FIELDS, undefined, undefined],
    ['a role of the future', { ...FIELDS, roles: ['of_the_future'] }, KEY, undefined],
    ['no teams', { ...FIELDS, teamIds: [], teamRoles: [] }, KEY, undefined],
    [
      'a key with api_keys_manage',
      { ...MANAGER, comments: 'New' },
      MANAGER,
      /^Could not update .*"key" \(K\).*it has the role/,
    ],
    ['one that would lose it', FIELDS, MANAGER, /it has the role api_keys_manage/],
    ['one that has it for teams', FIELDS, TEAM_MANAGER, /it has the role api_keys_manage/],
    ['one that would get it', { ...FIELDS, roles: ['api_keys_manage'] }, KEY, /cannot be given through the API/],
    ['one that would get it for teams', { ...FIELDS, teamRoles: ['api_keys_manage'] }, KEY, /cannot be given through/],
    ['a new one with it', MANAGER, undefined, /^Could not make the API key "key": the role api_keys_manage cannot/],
    [
      'roles that were not read',
      FIELDS,
      { ...KEY, unread: ['roles'] },
      /cannot be read wholly \(roles\), and an update/,
    ],
    ['lists that were not read', FIELDS, { ...KEY, unread: ['team_ids', 'team_roles'] }, /\(team_ids, team_roles\)/],
    ['a key whose last use was not read', FIELDS, { ...KEY, unread: ['last_used_at'] }, undefined],
    ['teams without roles for them', { ...FIELDS, teamRoles: [] }, KEY, /teams and no roles for them/],
    ['roles for teams without teams', { ...FIELDS, teamIds: [] }, undefined, /roles for teams and no teams/],
  ])('%s', (_, after, before, problem) => {
    const found = whyNotSettable(after, before)
    if (problem === undefined) expect(found).toBeUndefined()
    else {
      expect(found?.message).toMatch(problem)
      expect(found?.message).toContain('Nothing was changed for it.')
    }
  })
})
