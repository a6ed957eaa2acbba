import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '../../sandbox/journal.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, play, rotations, warningsOf, writes } from './helpers.ts'
import { creations, expectNothingChanged, expectSilence, keysOf, matrixOf, statusesOf } from './manifest.ts'
import {
  asApp,
  asked,
  type Built,
  build,
  expectAllHold,
  FASTER,
  finish,
  issuedTo,
  MONTHLY,
  OWNERS,
  type Plan,
  repositoriesOf,
  run,
  secretOf,
} from './manifest-scale.ts'
import { DAY, HOUR } from './runs.ts'

/** The lists of runs, not those of a single status. */
const runLists = ({ github }: Scene): Exchange[] =>
  asked(github.journal, 'GET', /\/actions\/runs$/).filter(({ query }) => !query.includes('status='))

describe('60 keys over 20 repositories', () => {
  const REPOSITORIES = repositoriesOf('octo', 20)
  const plan: Plan = { keys: 60, inRepositories: (key) => [REPOSITORIES[key % 20] ?? ''] }

  test('that are all due ask for what they share once', () =>
    play(async (scene) => {
      const built = build(scene, plan)
      scene.github.enforceSecondaryLimits()
      const result = await run(scene, built)
      expect([errorsOf(result), warningsOf(result), result.exitCode]).toEqual([[], [], 0])
      expectAllHold(scene, built, plan)
      expect(scene.github.refusals).toEqual([])

      const { incident, github } = scene
      const byCaller = asked(incident.journal, 'GET', /^\/v1\/identity$/).filter(
        ({ requestHeaders }) => requestHeaders.authorization === `Bearer ${scene.managingToken}`,
      )
      expect([byCaller.length, asked(incident.journal, 'GET', /^\/v1\/api_keys$/).length]).toEqual([1, 1])
      // Each key: rotate, identity of its new token, show.
      expect(incident.journal.length).toBe(2 + 3 * 60)

      expect(asked(github.journal, 'GET', /\/public-key$/)).toHaveLength(20)
      expect(asked(github.journal, 'DELETE', /PROBE/)).toHaveLength(20)
      expect(asked(github.journal, 'GET', /\/secrets\/KEY_\d+$/)).toHaveLength(60)
      expect(writes(scene)).toHaveLength(60)
      // Before everything, before the rotations a minute later, and behind the writes.
      const lists = [...Map.groupBy(runLists(scene), ({ path }) => path).values()].map(({ length }) => length)
      expect(lists).toHaveLength(20)
      expect(Math.max(...lists)).toBeLessThanOrEqual(3)
      expect(github.journal.length).toBeLessThanOrEqual(20 + 20 + 60 + 60 + 3 * 20)
    }, FASTER))

  test('of which two are due write these, and look at the runs of their repositories alone', () =>
    play(async (scene) => {
      const built = build(scene, { ...plan, ageDays: (key) => (key < 2 ? 60 : 3) })
      const entries = built.entries.map((entry) => ({ ...entry, ...MONTHLY }))
      const result = await run(scene, { ...built, entries })
      expect([result.exitCode, issuedTo(scene, built)]).toEqual([0, [0, 1]])
      expect([writes(scene).length, rotations(scene).length]).toEqual([2, 2])
      expect(new Set(runLists(scene).map(({ path }) => path))).toEqual(
        new Set(['/repos/octo/service-0/actions/runs', '/repos/octo/service-1/actions/runs']),
      )
      expect(runLists(scene).length).toBeLessThanOrEqual(4)
      expect([matrixOf(result), result.outputs.due]).toEqual([['Key 0', 'Key 1'], '2'])
    }, FASTER))

  test('that are to be made are each made once, between two lists of keys', () =>
    play(async (scene) => {
      const built = build(scene, { ...plan, keys: 20 })
      const entries = built.entries.map((entry, index) => ({
        ...entry,
        name: `New ${index}`,
        create: true,
        roles: ['viewer'],
      }))
      const result = await run(scene, { ...built, entries })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      // Once before everything, and once behind it, since another run may have made keys of these names too.
      expect([creations(scene).length, asked(scene.incident.journal, 'GET', /api_keys$/).length]).toEqual([20, 2])
      const names = scene.incident.keys().map(({ name }) => name)
      expect(names.filter((name) => name.startsWith('New ')).length).toBe(20)
      // Nobody holds a token of a key that is still to be made.
      expect(runLists(scene)).toHaveLength(0)
    }, FASTER))
})

test('more repositories than 30 are probed with one for the owner and the kind', () =>
  play(async (scene) => {
    const REPOSITORIES = repositoriesOf('octo', 40)
    const plan: Plan = { keys: 40, inRepositories: (key) => [REPOSITORIES[key] ?? ''] }
    const built = build(scene, plan)
    const result = await run(scene, built, { with: { 'dry-run': 'true' } })
    expect([result.exitCode, result.outputs.status]).toEqual([0, 'planned'])
    expect(asked(scene.github.journal, 'DELETE', /PROBE/)).toHaveLength(1)
    expectNothingChanged(scene)
  }, FASTER))

test('200 keys with nothing due: no run is looked at, and the keys are listed by 250', () =>
  play(
    async (scene) => {
      const REPOSITORIES = repositoriesOf('octo', 50)
      const plan: Plan = { keys: 200, inRepositories: (key) => [REPOSITORIES[key % 50] ?? ''], ageDays: () => 3 }
      const built = build(scene, plan)
      scene.github.enforceSecondaryLimits()
      const entries = built.entries.map((entry) => ({ ...entry, ...MONTHLY }))
      const result = await run(scene, { ...built, entries })
      expect([errorsOf(result), result.exitCode, result.outputs.status]).toEqual([[], 0, 'unchanged'])
      expect([result.outputs.due, matrixOf(result)]).toEqual(['0', []])
      expectNothingChanged(scene)
      expect(
        asked(scene.github.journal, 'GET', /\/actions\//).filter(({ path }) => !path.includes('/secrets/')),
      ).toEqual([])
      // 200 of the manifest, 100 others and those of the scene.
      const lists = asked(scene.incident.journal, 'GET', /api_keys$/)
      expect(lists.map(({ query }) => new URLSearchParams(query).get('page_size'))).toEqual(['250', '250'])
      expect(scene.incident.journal).toHaveLength(3)
      // Public keys, secrets, one probe, and the repositories that it says nothing of.
      expect(scene.github.journal).toHaveLength(50 + 200 + 1 + 50)
      expect(scene.github.refusals).toEqual([])
      expect(Buffer.byteLength(result.summary)).toBeLessThan(1_048_576)
    },
    { ...FASTER, otherKeys: 100 },
  ))

describe('more writes than GitHub takes in an hour', () => {
  const REPOSITORIES = repositoriesOf('octo', 50)
  const plan: Plan = { keys: 10, inRepositories: () => REPOSITORIES }
  const monthly = (built: Built) => ({ ...built, entries: built.entries.map((entry) => ({ ...entry, ...MONTHLY })) })

  test('the oldest tokens first, the rest is put off, and an hour later the next run goes on', () =>
    play(async (scene) => {
      const built = monthly(build(scene, { ...plan, ageDays: (key) => 100 + key }))
      scene.github.enforceSecondaryLimits()
      const result = await run(scene, built)
      expect([errorsOf(result), result.exitCode, result.outputs.status]).toEqual([[], 0, 'rotated'])
      // The first one has the youngest token.
      const later = [1, 2, 3, 4, 5, 6, 7, 8, 9]
      expect(issuedTo(scene, built)).toEqual(later)
      expect(statusesOf(result)).toEqual(['Key 0: deferred', ...later.map((key) => `Key ${key}: rotated`)])
      expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: [] })
      expect(writes(scene).filter(({ status }) => status !== 403)).toHaveLength(450)
      expectAllHold(scene, built, plan)
      const post = await finish(scene, result, { 'github-token': built.token })
      expect([post.exitCode, post.raw]).toEqual([0, ''])

      scene.clock.advance(HOUR + 60_000)
      const next = await run(scene, built)
      expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
      expect(statusesOf(next)).toEqual(['Key 0: rotated', ...later.map((key) => `Key ${key}: unchanged`)])
      expectAllHold(scene, built, plan)
      expect(warningsOf(result)).toEqual([
        expect.stringMatching(/^The key "Key 0" is put off to another run: GitHub takes about 450 writes an hour/),
      ])
    }, FASTER))

  test('a copy that holds no living token comes before every age', () =>
    play(async (scene) => {
      const built = monthly(build(scene, plan))
      // The youngest token of all is not in one of its secrets.
      scene.github.setSecret(REPOSITORIES[7] ?? '', secretOf(9), 'inc_old', new Date(scene.clock.now() - 450 * DAY))
      const result = await run(scene, built, { with: { 'dry-run': 'true' } })
      expect([errorsOf(result), result.exitCode, result.outputs.status]).toEqual([[], 0, 'planned'])
      expect(keysOf(result).filter(({ status }) => status === 'deferred')).toEqual([
        expect.objectContaining({ name: 'Key 8' }),
      ])
      expectNothingChanged(scene)
    }, FASTER))

  test('a healed key is worked on first', () =>
    play(async (scene) => {
      const few: Plan = { keys: 9, inRepositories: () => ['octo/service-0'] }
      const built = build(scene, few)
      scene.github.setSecret('octo/service-0', secretOf(8), 'inc_old', new Date(scene.clock.now() - 450 * DAY))
      const result = await run(scene, built)
      expect(result.exitCode).toBe(0)
      const order = rotations(scene).map(({ path }) => built.ids.findIndex((id) => path.includes(id)))
      // Four keys are worked on at once.
      expect(order.slice(0, 4).toSorted()).toEqual([0, 1, 2, 8])
      expectAllHold(scene, built, few)
    }, FASTER))

  test('what is put off says why, and nothing of runs; what needs no writes is done', () =>
    play(async (scene) => {
      const few: Plan = { keys: 10, inRepositories: () => REPOSITORIES, ageDays: (key) => 100 - key }
      const built = monthly(build(scene, few))
      const entries = built.entries.map((entry, key) => (key === 9 ? { ...entry, comments: 'New' } : entry))
      const result = await run(scene, { ...built, entries }, { with: { 'dry-run': 'true' } })
      const last = keysOf(result).at(-1)
      expect([last?.status, last?.steps]).toEqual(['planned', ['change its comments: "New"']])
      expect(warningsOf(result)).toEqual([
        expect.stringMatching(/^The key "Key 9" is put off to another run: GitHub takes about 450 writes an hour/),
      ])
      expect(`${result.raw}${result.summary}`).not.toMatch(/\b0 runs/)
      expect(matrixOf(result)).toContain('Key 9')
    }, FASTER))

  test('with force one request is enough for a write', () =>
    play(async (scene) => {
      const few: Plan = { keys: 3, inRepositories: () => REPOSITORIES.slice(0, 10) }
      const built = monthly(build(scene, few))
      // Looking takes about 60 with the runs, and 30 are left.
      for (const [block, put] of [
        [{}, 2],
        [{ force: 'true' }, 0],
      ] as const) {
        scene.clock.advance(HOUR + 60_000)
        scene.github.rateLimit.limit = 95
        const result = await run(scene, built, { with: { 'dry-run': 'true', ...block } })
        expect([block, errorsOf(result)]).toEqual([block, []])
        const late = statusesOf(result).filter((one) => one.endsWith('deferred'))
        expect([block, late.length > 0]).toEqual([block, put > 0])
      }
    }, FASTER))

  test('requests that are nearly used up put off the rest too', () =>
    play(async (scene) => {
      const few: Plan = { keys: 6, inRepositories: () => REPOSITORIES.slice(0, 10) }
      const built = monthly(build(scene, few))
      // Looking takes about 90, and two are kept for each write.
      scene.github.rateLimit.limit = 185
      const result = await run(scene, built)
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      const done = issuedTo(scene, built)
      expect(done.length).toBeGreaterThan(0)
      expect(done.length).toBeLessThan(6)
      expect(done).toEqual(Array.from({ length: done.length }, (_, key) => key))
      expect(statusesOf(result).filter((one) => one.endsWith('deferred'))).toHaveLength(6 - done.length)
      expectAllHold(scene, built, few)
    }, FASTER))

  test('a key with more destinations than one hour takes is refused, since no later run could write it either', () =>
    play(async (scene) => {
      const many = repositoriesOf('octo', 451)
      const built = build(scene, { keys: 1, inRepositories: () => many })
      const result = await run(scene, built, { with: { 'dry-run': 'true' } })
      expect([result.exitCode, result.outputs.status]).toEqual([1, 'failed'])
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/^Manifest keys\.yml, line 2\b.* 451 destinations.* about 450 writes an hour/),
      ])
      expectSilence(scene)
    }, FASTER))

  test('which an App counts in each account by itself', () =>
    play(async (scene) => {
      const many = [...repositoriesOf('octo', 451), ...repositoriesOf('acme', 450)]
      const built = build(scene, { keys: 1, inRepositories: () => many })
      const second = { ...built.entries[0], name: 'Second', secret: 'SECOND' }
      const entries = [...built.entries, { ...second, destinations: [{ organization: 'octo' }] }]
      const result = await run(scene, { ...built, entries }, { with: { 'dry-run': 'true', ...asApp(scene) } })
      expect(errorsOf(result)).toEqual([
        expect.stringMatching(/^Manifest keys\.yml, line 2\b.* 451 destinations of octo/),
      ])
      expectSilence(scene)
    }, FASTER))
})

describe('a grace period that is given', () => {
  const REPOSITORIES = repositoriesOf('octo', 110)
  const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES, ageDays: (key) => (key === 0 ? 60 : 3) }

  test('need not be long enough for keys that are not due', () =>
    play(async (scene) => {
      const built = build(scene, plan)
      const entries = built.entries.map((entry) => ({ ...entry, ...MONTHLY, 'grace-period-minutes': 5 }))
      // 110 writes take two minutes; with those of the others it would be nine.
      const result = await run(scene, { ...built, entries }, { with: { 'dry-run': 'true' } })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(statusesOf(result)).toEqual(['Key 0: planned', 'Key 1: unchanged', 'Key 2: unchanged', 'Key 3: unchanged'])
    }, FASTER))

  test('need not be long enough for what another owner takes, whose limits are others', () =>
    play(async (scene) => {
      const each = OWNERS.map((owner) => repositoriesOf(owner, 100))
      const built = build(scene, { keys: 4, inRepositories: (key) => each[key] ?? [] })
      const entries = built.entries.map((entry) => ({ ...entry, 'grace-period-minutes': 5 }))
      const result = await run(
        scene,
        { ...built, entries },
        {
          with: { 'dry-run': 'true', ...asApp(scene) },
        },
      )
      expect([errorsOf(result), result.exitCode, result.outputs.status]).toEqual([[], 0, 'planned'])
    }, FASTER))
})
