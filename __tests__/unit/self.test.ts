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
  ['the same for teams', OF_TEAMS, OF_TEAMS, true],
  ['a name that differs by case', { ...MANAGER, name: 'key manager' }, MANAGER, false],
  ['another name', { ...MANAGER, name: 'Key manager 2' }, MANAGER, false],
  ['a key of that name that may not manage keys', { ...MANAGER, roles: ['viewer'] }, MANAGER, false],
  ['a role more than the caller is told to have', { ...MANAGER, roles: [...MANAGER.roles, 'editor'] }, MANAGER, true],
  ['a role less', { ...MANAGER, roles: ['api_keys_manage'] }, MANAGER, true],
  ['roles for teams that the caller is not told to have', { ...MANAGER, teamRoles: ['on_call_editor'] }, MANAGER, true],
  ['for teams what the caller is told to have for the account', { ...OF_TEAMS, roles: [] }, MANAGER, true],
])('whether the managing key is the one to rotate: %s', (_, key, caller, isSelf) => {
  const facts = {
    key: { id: 'K', issuedAt: '', teamRoles: [], ...key },
    caller: { teamRoles: [], ...caller },
  }
  expect(rotatesItself(facts)).toBe(isSelf)
})
