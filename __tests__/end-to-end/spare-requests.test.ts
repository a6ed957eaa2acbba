import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  FAST,
  onlyError,
  play,
  rotations,
  warningsOf,
  writes,
} from './helpers.ts'
import { addOrganization, keepIn, ORGANIZATION } from './holding.ts'
import { pass } from './rivals.ts'
import { addRun, ago, graceSent } from './runs.ts'

const LISTS = /\/actions\/runs$/
const runLists = ({ github }: Scene) => github.journal.filter(({ path }) => LISTS.test(path)).length

/** An organization's secret that many repositories can read, each with more past runs than one list holds. */
function addBusyReaders(scene: Scene, count: number): void {
  addOrganization(scene)
  keepIn(scene, ORGANIZATION, { visibility: 'all' })
  for (let index = 0; index < count; index++) {
    const repository = `octo/busy-${index}`
    scene.github.addRepository(repository)
    addRun(scene, 60, { status: 'completed', conclusion: 'success', updatedAt: ago(scene, 50) }, repository)
  }
  const change = (answer: { status: number; headers: Record<string, string>; body: unknown }) => {
    const body = answer.body as { total_count: number }
    return { ...answer, body: { ...body, total_count: body.total_count * 5000 } }
  }
  scene.github.faults.add({ path: /busy-\d+\/actions\/runs$/, times: ALWAYS, fault: { kind: 'answer', change } })
}

describe('looking at runs leaves enough requests for the writes', () => {
  test('the rotation goes on with 60 minutes, and says what was not looked at', () =>
    play(async (scene) => {
      addBusyReaders(scene, 34)
      scene.github.rateLimit.limit = 180
      const result = await scene.rotate({ with: { destinations: 'organization: octo' } })
      expect([result.exitCode, graceSent(scene)]).toEqual([0, [{ grace_period_minutes: 60 }]])
      expect(warningsOf(result)).toEqual([
        expect.stringMatching(/^The runs of octo\/.* could not be read: .*too few requests are left.* is 60 minutes/),
      ])
      expect(writes(scene).map(({ status }) => status)).toEqual([204])
      // What is kept for the write was not used up by lists.
      expect(scene.github.rateLimit.remaining).toBeGreaterThan(5)
    }))

  test('the post step asks for no runs when it rotates again', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'hang', when: 'after' } })
      let pid = 0
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) setTimeout(() => process.kill(pid, 'SIGKILL'), 100)
      }
      const main = await scene.rotate({
        onStart: (started) => {
          pid = started
        },
      })
      scene.incident.onRequest = () => {}
      const before = runLists(scene)
      const post = await scene.finish(main)
      expect([main.signal, post.exitCode]).toEqual(['SIGKILL', 0])
      expect(rotations(scene)).toHaveLength(2)
      expect(runLists(scene)).toBe(before)
      expectCurrent(scene)
    }))
})

test('force passes over an owner whose requests are used up', () =>
  play(async (scene) => {
    const app = scene.github.addApp()
    for (const owner of ['octo', 'acme']) {
      scene.github.addOrganization(owner)
      const permissions = { secrets: 'write', actions: 'read', contents: 'read' } as const
      scene.github.installApp(app, { owner, repositories: 'all', permissions })
    }
    for (const name of ['acme/one', 'acme/two']) scene.github.addRepository(name)
    const used = { 'x-ratelimit-remaining': '1' }
    scene.github.faults.add({
      path: /^\/repos\/acme\//,
      times: ALWAYS,
      fault: { kind: 'answer', change: (answer) => ({ ...answer, headers: { ...answer.headers, ...used } }) },
    })
    const result = await scene.rotate({
      with: {
        'github-token': '',
        'github-app-id': app.clientId,
        'github-app-private-key': app.privateKey,
        destinations: 'repository: octo/app\nrepository: acme/one\nrepository: acme/two',
        force: 'true',
      },
    })
    expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([1, 'failed', 'true'])
    const failed = { result: 'failed', error: expect.stringContaining('x-ratelimit-remaining is 1') }
    expect(JSON.parse(result.outputs.destinations ?? '')).toEqual([
      expect.objectContaining({ repository: 'app', result: 'updated' }),
      expect.objectContaining({ repository: 'one', ...failed }),
      expect.objectContaining({ repository: 'two', ...failed }),
    ])
    expect(writes(scene)).toHaveLength(1)
    expectCurrent(scene)
  }))

describe('a secondary limit', () => {
  test('that holds a long look up for a second does not end it', () =>
    play(
      async (scene) => {
        const names = Array.from({ length: 260 }, (_, index) => `octo/service-${index}`)
        for (const name of names) scene.github.addRepository(name)
        const permissions = { secrets: 'write', actions: 'read', contents: 'read' } as const
        const token = scene.github.addToken({ kind: 'fine-grained', repositories: ['octo/*'], permissions })
        // 560 at once, the others over more than half a minute: these waited longer for their turn than a try may take.
        const fault = { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: {} } as const
        scene.github.faults.add({ method: 'GET', path: /^\/repos\//, skip: 745, fault })
        const destinations = names.map((name) => `repository: ${name}`).join('\n')
        const result = await scene.rotate({ with: { destinations, 'github-token': token, 'dry-run': 'true' } })
        expect(result.annotations.filter(({ level }) => level === 'error')).toEqual([])
        expect([result.exitCode, result.outputs.status]).toEqual([0, 'planned'])
        expect(scene.github.journal.filter(({ status }) => status === 429)).toHaveLength(1)
        expect(warningsOf(result).join()).not.toContain('could not be read')
      },
      { speed: 10 },
    ))

  test.each([
    ['longer than the old token would live: nothing is rotated', '600', 1],
    ['shorter than that: the writes wait for it', '120', 0],
  ])('that runs into while looking at runs asks for a pause %s', (_, pause, exitCode) =>
    play(
      async (scene) => {
        const body = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' }
        const fault = { kind: 'status', status: 403, headers: { 'retry-after': pause }, body } as const
        // By then everything else has been asked.
        scene.github.onRequest = ({ path }) => (LISTS.test(path) ? pass(scene, 2000) : undefined)
        scene.github.faults.add({ path: LISTS, fault })
        const result = await scene.rotate({ with: { 'grace-period-minutes': '5' } })
        expect(result.exitCode).toBe(exitCode)
        if (exitCode === 0) return expectCurrent(scene)
        expect(onlyError(result)).toMatch(
          /GitHub has asked for a pause until 2.* die after 5 minutes.*Nothing was changed/,
        )
        expectUntouched(scene)
      },
      { speed: 40 },
    ),
  )

  test('that names no time is waited for about a minute', () =>
    play(
      async (scene) => {
        const body = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' }
        scene.github.faults.add({ method: 'PUT', fault: { kind: 'status', status: 429, headers: {}, body } })
        expect((await scene.rotate()).exitCode).toBe(0)
        const [first = 0, second = 0] = writes(scene).map(({ at }) => at)
        expect(second - first).toBeGreaterThan(55_000)
        expectCurrent(scene)
      },
      { speed: 40 },
    ))
})

test('a write that GitHub refuses with 422 for another reason than a stale key is not rotated again', () =>
  play(async (scene) => {
    const fault = { kind: 'status', status: 422, body: { message: 'Validation Failed' } } as const
    scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault })
    const main = await scene.rotate()
    expect(onlyError(main)).toContain('422 (Validation Failed)')
    expect(writes(scene)).toHaveLength(3)
    const post = await scene.finish(main)
    expect([post.exitCode, writes(scene).length, rotations(scene).length]).toEqual([1, 6, 1])
  }, FAST))

test('a silent GitHub is given up for 300 destinations as soon as for one', () =>
  play(
    async (scene) => {
      scene.github.faults.add({ times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const destinations = Array.from({ length: 300 }, (_, index) => `repository: octo/service-${index}`).join('\n')
      const result = await scene.rotate({ with: { destinations } })
      expect([result.exitCode, errorsOf(result)[0]]).toEqual([1, expect.stringContaining('no answer within 15 s')])
      expect(scene.clock.now() - (scene.incident.journal[0]?.at ?? 0)).toBeLessThan(60_000)
      expectUntouched(scene)
    },
    { speed: 20 },
  ))
