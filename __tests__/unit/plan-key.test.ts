import { describe, expect, test } from '@jest/globals'
import type { Entry } from '../../src/1-read/entry.ts'
import type { Facts } from '../../src/2-look/look.ts'
import { lackingRoles } from '../../src/3-decide/decide.ts'
import { isDue, planFor } from '../../src/3-decide/plan.ts'
import type { Identity } from '../../src/services/incident-io.ts'
import { Problem } from '../../src/services/problem.ts'
import { CALLER, type Case, DAY, errorOf, HOUR, NOW, planOf, seenOf, stepsOf } from './plan.ts'

/** A run in flight that is expected to need the token for three hours more. */
const LONG: Partial<Facts> = {
  runs: {
    at: NOW,
    holders: [
      {
        repository: 'octo/app',
        runId: 1,
        workflow: 'Nightly',
        status: 'in_progress',
        url: '',
        startedAt: NOW - HOUR,
        waits: false,
        hasWaitingJob: false,
        waitsForOwnRun: false,
        elapsed: 60,
        history: [],
        bound: 180,
        mayPause: false,
        defersNothing: false,
        queues: [],
      },
    ],
    ids: new Set([1]),
    watches: [],
    busy: new Set(),
  },
}

describe('the steps of one key', () => {
  test.each<[string, Case, string[]]>([
    ['a token that is due', {}, ['rotate']],
    ['a young one', { age: 0.01 }, []],
    ['a young one by its own policy', { inputs: { minTokenAge: 50 * DAY } }, []],
    ['force', { age: 0.01, inputs: { force: true } }, ['rotate']],
    ['a stale copy', { age: 0.01, copies: [0, 3, 0] }, ['rotate', 'fill stale']],
    ['a missing copy', { age: 0.01, copies: [undefined, 0] }, ['rotate', 'fill missing']],
    [
      'never, with a missing copy',
      { inputs: { minTokenAge: 'never' }, copies: [undefined] },
      ['rotate', 'fill missing'],
    ],
    ['comments that differ', { age: 0.01, entry: { comments: 'New' } }, ['update comments']],
    [
      'what differs comes before the rotation',
      { entry: { roles: [], comments: 'x' } },
      ['update roles and comments', 'rotate'],
    ],
    ['what is the same', { age: 0.01, entry: { roles: ['viewer'], comments: '', teamIds: [] } }, []],
    ['comments that differ in white space around them', { age: 0.01, entry: { comments: ' \n' } }, []],
    [
      'an event mends, and changes nothing',
      { copies: [50], inputs: { event: {} as never }, entry: { comments: 'New' } },
      ['rotate', 'fill stale'],
    ],
    ['an event without anything to mend', { inputs: { event: {} as never }, entry: { comments: 'New' } }, []],
    ['a dry run', { inputs: { dryRun: true }, entry: { comments: 'New' } }, ['update comments', 'rotate']],
    ['a missing key', { age: undefined }, ['create', 'fill missing']],
    [
      'a missing key whose secret is there',
      { age: undefined, copies: [undefined, 5] },
      ['create', 'fill missing', 'fill stale'],
    ],
    [
      'absent',
      { entry: { state: 'absent' }, copies: [1, undefined, 2] },
      ['delete secret', 'delete secret', 'delete key'],
    ],
    ['absent, with no secret left', { entry: { state: 'absent' }, copies: [undefined] }, ['delete key']],
    [
      'absent, with no key left',
      { age: undefined, entry: { state: 'absent', create: true }, copies: [3] },
      ['delete secret'],
    ],
    ['absent already', { age: undefined, entry: { state: 'absent' }, copies: [undefined] }, []],
    ['what an event is not about', { seen: { ignored: { key: undefined, because: { kind: 'another-key' } } } }, []],
    ['what could not be seen', { seen: { errors: [new Error('x')], facts: undefined } }, []],
  ])('%s', (_, given, steps) => {
    const plan = planOf(given)
    expect(stepsOf(plan)).toEqual(steps)
    expect(isDue(plan)).toBe(steps.length > 0)
    expect(plan.errors).toEqual(given.seen?.errors ?? [])
  })

  test.each<[string, Case, string[], string]>([
    ['is put off', { entry: { comments: 'New' } }, ['update comments'], 'defer'],
    ['proceeds', { inputs: { longRuns: 'proceed' } }, ['rotate'], 'rotate'],
    ['is overdue', { inputs: { maxTokenAge: 30 * DAY } }, ['rotate'], 'rotate'],
    ['is mended', { copies: [50] }, ['rotate', 'fill stale'], 'rotate'],
    ['is filled later', { copies: [undefined, 0] }, [], 'defer'],
    [
      'is filled later by never, below the highest age',
      { inputs: { minTokenAge: 'never', maxTokenAge: 60 * DAY }, copies: [undefined, 0] },
      [],
      'defer',
    ],
    [
      'is filled by never, past the highest age',
      { inputs: { minTokenAge: 'never', maxTokenAge: 30 * DAY }, copies: [undefined, 0] },
      ['rotate', 'fill missing'],
      'rotate',
    ],
    ['is waited for first', { inputs: { maxWaitMinutes: 5 } }, ['rotate'], 'defer'],
    ['is not waited for in a dry run', { inputs: { maxWaitMinutes: 5, dryRun: true } }, [], 'defer'],
  ])('of a key with a run that needs its token for too long: it %s', (_, given, steps, action) => {
    const plan = planOf({ ...given, facts: LONG })
    expect([stepsOf(plan), plan.decision?.action]).toEqual([steps, action])
    expect(isDue(plan)).toBe(true)
  })

  test('are none with long-runs: fail, and the key is due all the same: a later run may wait', () => {
    const plan = planOf({ entry: { comments: 'New' }, inputs: { longRuns: 'fail' }, facts: LONG })
    expect([stepsOf(plan), isDue(plan)]).toEqual([[], true])
    expect(errorOf(plan)).toContain('Nightly')
  })
})

describe('an absent key', () => {
  const ABSENT: Partial<Entry> = { state: 'absent' }
  const at = (days: number) => ({ lastUsedAt: new Date(NOW - days * DAY).toISOString() })

  test.each<[string, Case, RegExp | undefined]>([
    ['never used', { entry: ABSENT }, undefined],
    ['used just now', { entry: ABSENT, key: at(0) }, /it was used at 2026-03-01T12:00:00.000Z, less than 7 days ago/],
    ['used a little less than 7 days ago', { entry: ABSENT, key: at(6.9999) }, /less than 7 days ago/],
    ['used 7 days ago', { entry: ABSENT, key: at(7) }, undefined],
    [
      'used a little more, by a clock that is ahead',
      { entry: ABSENT, key: at(7.01), seen: { clockAhead: -DAY } },
      /less than 7/,
    ],
    [
      'used a little less, by one that is behind',
      { entry: ABSENT, key: at(6.99), seen: { clockAhead: DAY } },
      undefined,
    ],
    ['used in the future', { entry: ABSENT, key: at(-1) }, /less than 7 days ago/],
    ['used at a time that was not read', { entry: ABSENT, key: { unread: ['last_used_at'] } }, /counts as in use now/],
    ['whose roles were not read', { entry: ABSENT, key: { unread: ['roles'] } }, undefined],
    [
      'used just now, by its id',
      { entry: { ...ABSENT, key: { by: 'id', id: 'K' } }, key: at(0) },
      /less than 7 days ago/,
    ],
    ['used, and even-if-used', { entry: { ...ABSENT, evenIfUsed: true }, key: at(0) }, undefined],
    ['used, and forced', { entry: ABSENT, key: at(0), inputs: { force: true } }, /less than 7 days ago/],
    [
      'the managing key',
      { entry: ABSENT, name: CALLER.name, key: { roles: CALLER.roles } },
      /it is the managing key itself/,
    ],
    [
      'the managing key, even-if-used',
      { entry: { ...ABSENT, evenIfUsed: true }, name: CALLER.name, key: { roles: [...CALLER.roles].reverse() } },
      /it is the managing key itself/,
    ],
    // Of who calls, incident.io tells the name and the roles as they are now, and other roles may be listed.
    ['one of its name with other roles', { entry: ABSENT, name: CALLER.name }, /it is the managing key itself/],
  ])('%s', (_, given, error) => {
    const plan = planOf(given)
    if (error === undefined) expect(plan.errors).toEqual([])
    else expect(errorOf(plan)).toMatch(error)
    expect(stepsOf(plan)).toEqual(error === undefined ? ['delete secret', 'delete key'] : [])
  })

  const OF_TEAMS: Identity = { name: 'Team manager', roles: ['viewer'], teamRoles: ['api_keys_manage'] }
  test.each<[string, Case, RegExp | undefined, string[]]>([
    ['its secrets are deleted', {}, undefined, ['delete secret']],
    [
      'with a key of a near name: refused',
      { seen: { near: ['Key', 'kye'] } },
      /^Could not delete the secrets of the API key "key": .*Nothing was changed for it\. Did you mean "Key", "kye"\?/,
      [],
    ],
    [
      'with a near name, and even-if-used',
      { entry: { evenIfUsed: true }, seen: { near: ['Key'] } },
      undefined,
      ['delete secret'],
    ],
    ['with a near name, and no secret: unchanged', { copies: [undefined], seen: { near: ['Key'] } }, undefined, []],
    [
      'seen by a key of teams: refused',
      { seen: { caller: OF_TEAMS } },
      /the managing key sees no such key.*Use a managing key of the whole account.*"even-if-used: true"/,
      [],
    ],
    [
      'seen by a key of teams, and even-if-used',
      { entry: { evenIfUsed: true }, seen: { caller: OF_TEAMS } },
      undefined,
      ['delete secret'],
    ],
    ['seen by a key of teams, and no secret', { copies: [undefined], seen: { caller: OF_TEAMS } }, undefined, []],
    ['with force and a near name: refused', { inputs: { force: true }, seen: { near: ['Key'] } }, /Did you mean/, []],
  ])('that is not found, %s', (_, given, error, steps) => {
    const plan = planOf({ age: undefined, copies: [3], ...given, entry: { ...ABSENT, ...given.entry } })
    if (error === undefined) expect(plan.errors).toEqual([])
    else expect(errorOf(plan)).toMatch(error)
    expect(stepsOf(plan)).toEqual(steps)
  })

  test('is kept with force while one of its secrets cannot be written', () => {
    const seen = seenOf({ entry: ABSENT, copies: [1, 2], inputs: { force: true } })
    const problem = new Problem({ goal: 'write', subject: 'a secret', cause: 'no', remedy: 'Do.' })
    const [plan] = planFor([{ ...seen, copies: { ...seen.copies, passedOver: [problem] } }], NOW)
    expect([plan && stepsOf(plan), plan?.errors]).toEqual([['delete secret', 'delete secret'], [problem]])
  })
})

describe('a stale copy is mended although its key cannot be what it is to be', () => {
  test.each<[string, Case, RegExp]>([
    [
      'since it has api_keys_manage',
      { key: { roles: ['api_keys_manage'] }, entry: { comments: 'x' } },
      /it has the role api_keys_manage/,
    ],
    ['since incident.io refuses it', { entry: { teamIds: ['T'] } }, /no roles for them/],
  ])('%s', (_, given, error) => {
    const plan = planOf({ age: 0.01, copies: [0, 3], ...given })
    expect([stepsOf(plan), isDue(plan)]).toEqual([['rotate', 'fill stale'], true])
    expect(errorOf(plan)).toMatch(error)
    // What is not done is not warned of.
    expect([plan.warnings, plan.facts?.key.teamIds]).toEqual([[], []])
  })

  test('but not a missing one', () => {
    const plan = planOf({ age: 0.01, copies: [0, undefined], entry: { teamIds: ['T'] } })
    expect([stepsOf(plan), errorOf(plan)]).toEqual([[], expect.stringMatching(/no roles for them/)])
  })
})

describe('what is refused', () => {
  test.each<[string, Case, RegExp]>([
    [
      'an update of a key with api_keys_manage',
      { key: { roles: ['api_keys_manage'] }, entry: { comments: 'x' } },
      /it has the role api_keys_manage/,
    ],
    ['an update to api_keys_manage', { entry: { roles: ['api_keys_manage'] } }, /cannot be given/],
    ['an update to teams without roles', { entry: { teamIds: ['T'] } }, /no roles for them/],
    ['a new key with roles for teams alone', { age: undefined, entry: { teamRoles: ['x'] } }, /no teams/],
    ['a young key’s update too', { age: 0.01, entry: { roles: ['api_keys_manage'] } }, /cannot be given/],
    ['two rotators', { copies: [40.01], facts: { issuer: 'something else' } }, /two rotators are taking turns/],
    [
      'a managing key that cuts itself off',
      { name: CALLER.name, key: { roles: CALLER.roles }, inputs: { grace: 0 } },
      /managing key itself/,
    ],
  ])('%s', (_, given, error) => {
    const plan = planOf(given)
    expect(errorOf(plan)).toMatch(error)
    expect(plan.steps).toEqual([])
    expect(isDue(plan)).toBe(false)
  })

  test('is not the rotation of a key with api_keys_manage that does not differ', () => {
    const plan = planOf({
      key: { roles: ['api_keys_manage', 'viewer'] },
      entry: { roles: ['viewer', 'api_keys_manage'] },
    })
    expect([stepsOf(plan), plan.errors]).toEqual([['rotate'], []])
  })
})

describe('the warnings', () => {
  test.each<[string, Case, RegExp[]]>([
    ['none', { entry: { comments: 'New' } }, []],
    ['a role taken away', { entry: { roles: [] } }, [/"key" loses roles at once \("viewer"\)/]],
    [
      'teams taken away',
      { key: { teamIds: ['T'], teamRoles: ['x'] }, entry: { teamIds: [], teamRoles: [] } },
      [/loses teams at once \("T"\)/, /loses team roles at once \("x"\)/],
    ],
    ['a role given that the managing key has', { entry: { roles: ['viewer', 'viewer'] } }, []],
    [
      'a role given that it lacks',
      { age: 0.01, entry: { roles: ['viewer', 'new'] } },
      [/roles of the key "key" by name: new\./],
    ],
    ['such a role that it has already', { age: 0.01, key: { roles: ['new'] }, entry: { comments: 'New' } }, []],
    [
      'a role that is nearly one of those it has',
      { entry: { roles: ['viewr'] } },
      [/loses roles at once/, /"viewr" may be misspelt; did you mean "viewer"\?$/],
    ],
    // The rotation warns of it.
    ['such a role before a rotation', { entry: { roles: ['viewer', 'new'] } }, []],
    ['a new key with such a role', { age: undefined, entry: { roles: ['viewer', 'new'] } }, []],
    ['a new key without a role', { age: undefined }, [/made without any role/]],
    [
      'a new key over secrets that exist',
      { age: undefined, copies: [undefined, 5, 7], entry: { roles: ['viewer'] } },
      [/"key" is written over what these secrets hold now: S in octo\/app-1, S in octo\/app-2\.$/],
    ],
    [
      'a new key beside one of its name but for the case',
      { age: undefined, entry: { roles: ['viewer'] }, seen: { near: ['kei', 'KEY'] } },
      [/^There is no key "key", and so one is made; but there is "KEY"\.$/],
    ],
  ])('%s', (_, given, warnings) => {
    expect(planOf(given).warnings).toEqual(warnings.map((one) => expect.stringMatching(one)))
  })
})

test.each<[string, Case]>([
  ['that is rotated', { entry: { roles: ['viewer', 'new'] } }],
  ['that is to be made', { age: undefined, entry: { roles: ['viewer', 'new'] } }],
])('a key %s is warned of as it is to be', (_, given) => {
  const { facts } = planOf(given)
  expect(facts && lackingRoles(facts)).toEqual(['new'])
})

test('the managing key is known by its name and its roles', () => {
  expect(planOf({ name: CALLER.name, key: { roles: [...CALLER.roles].reverse() } }).isSelf).toBe(true)
  expect(planOf({ name: CALLER.name }).isSelf).toBe(false)
  expect(planOf({ key: { roles: CALLER.roles } }).isSelf).toBe(false)
})
