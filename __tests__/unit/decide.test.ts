import { describe, expect, test } from '@jest/globals'
import type { Age } from '../../src/1-read/age.ts'
import type { Inputs } from '../../src/1-read/inputs.ts'
import type { Facts } from '../../src/2-look/look.ts'
import { stateOf } from '../../src/2-look/staleness.ts'
import { decide, lackingRoles } from '../../src/3-decide/decide.ts'
import type { Access } from '../../src/services/github.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-03-01T12:00:00Z')

interface Case {
  age: number
  min?: Age
  max?: number
  force?: boolean
  /** When the copy was written, ms after the token was issued; undefined: it does not exist. */
  copy?: number | undefined
}

const KEY = {
  id: 'K',
  name: 'key',
  roles: [],
  teamIds: [],
  teamRoles: [],
  comments: undefined,
  lastUsedAt: undefined,
  unread: [],
}
const ACCESS: Access = {
  by: 'other token',
  permissions: {},
  seesAllRepositories: true,
  scopes: undefined,
  budget: undefined,
  heldUntil: 0,
}

function decideFor({ age, min = HOUR, max, force = false, ...rest }: Case) {
  const written = 'copy' in rest ? rest.copy : 5000
  const inputs: Inputs = {
    incidentApiKey: '',
    key: { by: 'id', id: 'K' },
    destinations: [],
    github: { by: 'token', token: '' },
    grace: 'auto',
    minGraceMinutes: 15,
    longRuns: 'defer',
    maxWaitMinutes: 0,
    minTokenAge: min,
    maxTokenAge: max,
    force,
    dryRun: false,
    event: undefined,
    incidentApiUrl: '',
    githubApiUrl: '',
  }
  const issuedAt = NOW - age
  const facts: Facts = {
    key: { ...KEY, issuedAt: new Date(issuedAt).toISOString() },
    issuedAt,
    caller: { name: '', roles: [], teamRoles: [] },
    runs: { at: NOW, holders: [], ids: new Set(), watches: [], busy: new Set() },
    passedOver: [],
    writesAhead: 0,
    issuer: undefined,
    failedRepair: undefined,
    archived: [],
    credentials: [{ access: ACCESS, owners: ['octo'], writes: 1 }],
    copies: [
      {
        destination: { kind: 'repository', owner: 'octo', repository: 'app', secret: 'S' },
        updatedAt: written === undefined ? undefined : issuedAt + written,
        writtenAt: undefined,
        seal: () => ({ keyId: '', encryptedValue: '' }),
      },
    ],
  }
  const { action, because } = decide(inputs, facts, NOW)
  return { rotate: action === 'rotate', because: because.kind }
}

describe('whether to rotate', () => {
  test.each<[string, Case, boolean, string]>([
    ['a token of a minute is young', { age: 60_000 }, false, 'young'],
    ['an hour is due by default', { age: HOUR }, true, 'due'],
    ['an age counts a tenth early', { age: 54 * 60_000 }, true, 'due'],
    ['and no earlier', { age: 54 * 60_000 - 1 }, false, 'young'],
    ['a week counts at most six hours early', { age: 7 * DAY - 6 * HOUR, min: 7 * DAY }, true, 'due'],
    ['and no earlier than that', { age: 7 * DAY - 6 * HOUR - 1, min: 7 * DAY }, false, 'young'],
    ['an age of 0 is always due', { age: 0, min: 0 }, true, 'due'],
    ['a token from the future is young', { age: -HOUR }, false, 'young'],
    ['and due when every age is', { age: -HOUR, min: 0 }, true, 'due'],
    ['never means only mending', { age: 365 * DAY, min: 'never' }, false, 'only-heals'],
    ['past the highest age too', { age: 365 * DAY, min: 'never', max: 30 * DAY }, false, 'only-heals'],
    ['past the highest age', { age: 31 * DAY, min: DAY, max: 30 * DAY }, true, 'overdue'],
    ['below the highest age', { age: 29 * DAY, min: DAY, max: 30 * DAY }, true, 'due'],
    ['force asks for no age', { age: 0, force: true }, true, 'forced'],
    ['force asks for nothing', { age: 0, min: 'never', force: true }, true, 'forced'],
    ['a stale copy is mended whatever the age', { age: 60_000, copy: -DAY }, true, 'healing'],
    ['also when never', { age: 60_000, min: 'never', copy: -DAY }, true, 'healing'],
    ['a missing copy is filled', { age: 60_000, copy: undefined }, true, 'healing'],
    ['2 s are allowed for the clocks', { age: 60_000, copy: -2000 }, false, 'young'],
    ['and no more', { age: 60_000, copy: -2001 }, true, 'healing'],
  ])('%s', (_, given, rotate, because) => {
    expect(decideFor(given)).toEqual({ rotate, because })
  })
})

test.each([
  [undefined, 'missing'],
  [NOW, 'current'],
  [NOW - 2000, 'current'],
  [NOW - 2001, 'stale'],
] as const)('a copy written at %p is %s', (updatedAt, state) => {
  expect(stateOf({ updatedAt }, NOW)).toBe(state)
})

test('roles that the caller lacks are compared by name, and account level covers team level', () => {
  const key = { ...KEY, roles: ['viewer', 'brand_new'], teamRoles: ['schedules_editor', 'on_call_editor'] }
  const caller = { name: '', roles: ['viewer', 'schedules_editor'], teamRoles: ['escalation_creator'] }
  expect(lackingRoles({ key, caller })).toEqual(['brand_new', 'on_call_editor (for teams)'])
})
