import { expect, test } from '@jest/globals'
import { rotatesItself } from '../../src/3-decide/self.ts'

interface Who {
  name: string
  roles: string[]
  teamRoles?: string[]
}

const MANAGER: Who = { name: 'Key manager', roles: ['viewer', 'api_keys_manage'] }
const OF_TEAMS: Who = { name: 'Key manager', roles: [], teamRoles: ['schedules_editor', 'api_keys_manage'] }

test.each<[string, Who, Who, boolean]>([
  ['the same name and roles', MANAGER, MANAGER, true],
  ['in another order', { ...MANAGER, roles: ['api_keys_manage', 'viewer'] }, MANAGER, true],
  ['one that is told twice', { ...MANAGER, roles: [...MANAGER.roles, 'viewer'] }, MANAGER, true],
  ['another name', { ...MANAGER, name: 'Key manager 2' }, MANAGER, false],
  ['a name that differs by case', { ...MANAGER, name: 'key manager' }, MANAGER, false],
  ['a role less', { ...MANAGER, roles: ['viewer'] }, MANAGER, false],
  ['a role more', { ...MANAGER, roles: [...MANAGER.roles, 'incident_creator'] }, MANAGER, false],
  ['another role', { ...MANAGER, roles: ['incident_creator', 'api_keys_manage'] }, MANAGER, false],
  ['the same for teams', OF_TEAMS, OF_TEAMS, true],
  ['another role for teams', { ...OF_TEAMS, teamRoles: ['on_call_editor', 'api_keys_manage'] }, OF_TEAMS, false],
  ['a role for teams less', { ...OF_TEAMS, teamRoles: ['api_keys_manage'] }, OF_TEAMS, false],
  ['for teams what is for the account', { name: 'Key manager', roles: [], teamRoles: MANAGER.roles }, MANAGER, false],
])('whether the managing key is the one to rotate: %s', (_, key, caller, isSelf) => {
  const facts = {
    key: { id: 'K', issuedAt: '', teamRoles: [], ...key },
    caller: { teamRoles: [], ...caller },
  }
  expect(rotatesItself(facts)).toBe(isSelf)
})
