import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '../../sandbox/journal.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, play, rotations, warningsOf, writes } from './helpers.ts'
import {
  creations,
  DAY,
  expectHolds,
  expectNothingChanged,
  expectSilence,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  statusesOf,
} from './manifest.ts'

/** Time goes by so much faster where writes are paced over minutes. */
const FAST = { speed: 60 }
/** The post step has four minutes: at the speed above that is little for a busy machine. */
const POST = { speed: 30 }
const HOUR = 3_600_000
const ALWAYS = Number.POSITIVE_INFINITY
const PERMISSIONS = { secrets: 'write', actions: 'read', contents: 'read' } as const
/** So that nothing is due again an hour later. */
const MONTHLY = { 'min-token-age': '30d' }

interface Built {
  /** The entries of the manifest. */
  entries: Record<string, unknown>[]
  ids: string[]
  repositories: string[]
  token: string
}

interface Plan {
  keys: number
  /** The repositories that a key of this number is in. */
  inRepositories: (key: number) => string[]
  /** How old its token is, in days; the first one is the oldest when left out. */
  ageDays?: (key: number) => number
}

const repositoriesOf = (owner: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `${owner}/service-${from + index}`)
const secretOf = (key: number): string => `KEY_${key}`

/** Keys whose tokens are in secrets of many repositories, and a fine-grained token for all of those. */
function build(scene: Scene, { keys, inRepositories, ageDays = (key) => 400 - key }: Plan): Built {
  const { incident, github, clock } = scene
  const numbers = Array.from({ length: keys }, (_, index) => index)
  const repositories = [...new Set(numbers.flatMap(inRepositories))]
  for (const owner of new Set(repositories.map((name) => name.split('/')[0] ?? ''))) github.addOrganization(owner)
  for (const repository of repositories) github.addRepository(repository)
  const ids = numbers.map((key) => {
    const issuedAt = new Date(clock.now() - ageDays(key) * DAY)
    const made = incident.addKey({ name: `Key ${key}`, roles: ['viewer'], issuedAt, createdAt: issuedAt })
    for (const repository of inRepositories(key)) {
      github.setSecret(repository, secretOf(key), made.token, new Date(issuedAt.getTime() + 5000))
    }
    return made.id
  })
  const entries = numbers.map((key) => ({
    name: `Key ${key}`,
    secret: secretOf(key),
    destinations: inRepositories(key).map((repository) => ({ repository })),
  }))
  const owners = [...new Set(repositories.map((name) => `${name.split('/')[0]}/*`))]
  const token = github.addToken({ kind: 'fine-grained', repositories: owners, permissions: PERMISSIONS })
  return { entries, ids, repositories, token }
}

/**
 * Where time goes by faster, a request still has 15 s of real time: hundreds of them at once on a busy machine are no
 * service that is silent.
 */
const UNHURRIED = {
  NODE_OPTIONS: ['../../sandbox/fast-time.mjs', `data:text/javascript,${encodeURIComponent(slowTimeouts())}`]
    .map((module) => `--import=${new URL(module, import.meta.url).href}`)
    .join(' '),
}

function slowTimeouts(): string {
  return `const fast = globalThis.setTimeout
globalThis.setTimeout = (callback, ms, ...rest) => fast(callback, ms === 15000 ? ms * ${FAST.speed} : ms, ...rest)`
}

const run = (scene: Scene, { entries, token }: Pick<Built, 'entries' | 'token'>, step: Partial<Step> = {}) =>
  reconcile(scene, manifestOf(...entries), {
    ...step,
    with: { 'github-token': token, ...step.with },
    env: { ...UNHURRIED, ...step.env },
  })

const finish = (scene: Scene, main: StepResult, more: Record<string, string>) =>
  scene.finish(main, { with: { manifest: 'keys.yml', 'key-name': '', 'secret-name': '', ...more }, env: UNHURRIED })

const OWNERS = ['octo', 'acme', 'umbrella', 'initech']
/** The inputs of an App that is installed for all of these, with limits of its own in each. */
function asApp({ github }: Scene): Record<string, string> {
  const app = github.addApp()
  for (const owner of OWNERS) github.installApp(app, { owner, repositories: 'all', permissions: PERMISSIONS })
  return { 'github-token': '', 'github-app-id': app.clientId, 'github-app-private-key': app.privateKey }
}

/** Every copy of these keys holds its key's current token. */
function expectAllHold(scene: Scene, { ids }: Built, { inRepositories }: Plan, keys = ids.map((_, key) => key)): void {
  for (const key of keys) {
    for (const name of inRepositories(key)) {
      const [owner = '', repository = ''] = name.split('/')
      expectHolds(scene, ids[key] ?? '', secretOf(key), { kind: 'repository', owner, repository })
    }
  }
}

const issuedTo = ({ incident }: Scene, { ids }: Built): number[] =>
  ids.flatMap((id, key) => (incident.tokensOf(id).length > 1 ? [key] : []))

const asked = (journal: readonly Exchange[], method: string, path: RegExp): Exchange[] =>
  journal.filter((one) => one.method === method && path.test(one.path))
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
    }, FAST))

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
    }, FAST))

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
    }, FAST))
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
  }, FAST))

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
      // Public keys, secrets, and one probe.
      expect(scene.github.journal).toHaveLength(50 + 200 + 1)
      expect(scene.github.refusals).toEqual([])
      expect(Buffer.byteLength(result.summary)).toBeLessThan(1_048_576)
    },
    { ...FAST, otherKeys: 100 },
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
    }, FAST))

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
    }, FAST))

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
    }, FAST))

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
    }, FAST))

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
    }, FAST))

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
    }, FAST))

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
    }, FAST))

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
    }, FAST))
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
    }, FAST))

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
    }, FAST))
})

describe('the state for the post step', () => {
  const sizeOf = (state: Record<string, string>) => ({
    largest: Math.max(...Object.values(state).map(({ length }) => length)),
    total: Object.entries(state).reduce((sum, [name, value]) => sum + name.length + value.length, 0),
  })

  test('of four keys at once with 120 destinations each fits, and the post step starts and finishes them', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 30))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const app = asApp(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      let pid = 0
      let shown = 0
      // All of them are rotated, sealed and saved when the last token is tried.
      scene.incident.onRequest = ({ path }) => {
        if (path === '/v1/identity' && ++shown === 5) setTimeout(() => process.kill(pid, 'SIGKILL'), 300)
      }
      const main = await run(scene, built, {
        with: app,
        onStart: (started) => {
          pid = started
        },
      })
      expect([main.signal, rotations(scene).length]).toEqual(['SIGKILL', 4])
      delete scene.incident.onRequest
      scene.github.faults.clear()
      const { largest, total } = sizeOf(main.state)
      expect(largest).toBeLessThanOrEqual(30_000)
      expect(total).toBeGreaterThan(250_000)
      expect(total).toBeLessThanOrEqual(1_000_000)

      const post = await finish(scene, main, app)
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 4])
      expectAllHold(scene, built, plan)
    }, POST))

  test('of keys that would fill it together: one waits until another is done, and nobody fails', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 75))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const result = await run(scene, built, { with: asApp(scene) })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(rotations(scene)).toHaveLength(4)
      expectAllHold(scene, built, plan)
    }, FAST))

  test('of keys that stay unfinished and fill it: the next one fails, and only when nobody is under way any more', () =>
    play(async (scene) => {
      const REPOSITORIES = OWNERS.flatMap((owner) => repositoriesOf(owner, 75))
      const plan: Plan = { keys: 4, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const refused = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      // One repository is enough to leave all that was sealed unsettled.
      const path = /octo\/service-7\/actions\/secrets\/KEY_\d$/
      scene.github.faults.add({ method: 'PUT', path, times: ALWAYS, fault: refused })
      const app = asApp(scene)
      const main = await run(scene, built, { with: app })
      expect(main.exitCode).toBe(1)
      const failed = keysOf(main).flatMap(({ rotated }, key) => (rotated ? [] : [key]))
      expect([failed.length, rotations(scene).length]).toEqual([1, 3])
      const told = keysOf(main)[failed[0] ?? 0]
      expect(told).toMatchObject({ status: 'failed', rotated: false, steps: [] })
      expect(told?.error).toMatch(
        /^Could not rotate the API key "Key \d": what keys before it left unfinished fills the 1000 kB .*No token of it was issued/,
      )
      expect(scene.incident.tokensOf(built.ids[failed[0] ?? 0] ?? '')).toHaveLength(1)
      expect(sizeOf(main.state).total).toBeLessThanOrEqual(1_000_000)
    }, FAST))

  test('of 20 keys whose writes all fail stays within it, and what is well leaves empty values', () =>
    play(async (scene) => {
      const REPOSITORIES = repositoriesOf('octo', 10)
      const plan: Plan = { keys: 20, inRepositories: () => REPOSITORIES }
      const built = build(scene, plan)
      const refused = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      scene.github.faults.add({ method: 'PUT', path: /KEY_\d*[13579]$/, times: ALWAYS, fault: refused })
      const main = await run(scene, built)
      expect(main.exitCode).toBe(1)
      expect(rotations(scene)).toHaveLength(20)
      const { largest, total } = sizeOf(main.state)
      expect(largest).toBeLessThanOrEqual(30_000)
      expect(total).toBeLessThanOrEqual(1_000_000)
      const left = Object.entries(main.state).filter(([, value]) => value !== '')
      const slots = new Set(left.map(([name]) => Number(/^rotation-(\d+)-/.exec(name)?.[1])))
      expect([...slots].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => 2 * index + 1))

      scene.github.faults.clear()
      const post = await finish(scene, main, { 'github-token': built.token })
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 20])
      expect(post.log.filter((line) => line.endsWith(': updated'))).toHaveLength(100)
      expectAllHold(scene, built, plan)
    }, FAST))
})
