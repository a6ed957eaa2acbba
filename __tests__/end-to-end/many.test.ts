import { describe, expect, test } from '@jest/globals'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectUntouched, onlyError, play, rotations, writes } from './helpers.ts'
import { UNHURRIED } from './manifest-scale.ts'

const KEY = 'INCIDENT_API_KEY'
/** Time goes by so much faster where writes are paced over minutes. */
const FAST = { speed: 30 }

/** So many repositories of an organization, and a fine-grained token for all of them. */
function build({ github }: Scene, count: number, owner = 'octo') {
  github.addOrganization(owner)
  const names = Array.from({ length: count }, (_, index) => `${owner}/service-${index}`)
  for (const name of names) github.addRepository(name)
  const token = github.addToken({
    kind: 'fine-grained',
    repositories: [`${owner}/*`],
    permissions: { secrets: 'write', actions: 'read', contents: 'read' },
  })
  return { names, lines: names.map((name) => `repository: ${name}`), token }
}

const rotateTo = (scene: Scene, lines: string[], token: string, { with: more, env = {} }: Partial<Step> = {}) =>
  scene.rotate({ with: { destinations: lines.join('\n'), 'github-token': token, ...more }, env })

function expectAllCurrent({ github, incident, key }: Scene, names: readonly string[]): void {
  const current = incident.tokensOf(key.id).at(-1)?.token
  expect(names.filter((name) => github.secret(name, KEY)?.value !== current)).toEqual([])
}

const count = (result: StepResult, pattern: RegExp) => result.log.filter((line) => pattern.test(line)).length

describe('within GitHub’s limits', () => {
  test('30 destinations are written at once, and nothing is refused', () =>
    play(async (scene) => {
      const { names, lines, token } = build(scene, 30)
      scene.github.enforceSecondaryLimits()
      const result = await rotateTo(scene, lines, token)
      expect([result.exitCode, scene.github.refusals]).toEqual([0, []])
      expectAllCurrent(scene, names)
      const [first, last] = [writes(scene)[0]?.at ?? 0, writes(scene).at(-1)?.at ?? 0]
      expect(last - first).toBeLessThan(15_000)
      expect(scene.github.journal.filter(({ method }) => method === 'DELETE')).toHaveLength(30)
    }))

  test('slow writes go out together, however soon everything before was answered', () =>
    play(async (scene) => {
      const { names, lines, token } = build(scene, 30)
      const ms = 1500
      scene.github.faults.add({ method: 'PUT', times: Number.POSITIVE_INFINITY, fault: { kind: 'delay', ms } })
      expect((await rotateTo(scene, lines, token)).exitCode).toBe(0)
      expectAllCurrent(scene, names)
      const [first, last] = [writes(scene)[0]?.at ?? 0, writes(scene).at(-1)?.at ?? 0]
      // None has waited until another was answered.
      expect(last - first).toBeLessThan(ms)
    }))

  test('when one is refused, those that have not gone out wait with it', () =>
    play(async (scene) => {
      const { names, lines, token } = build(scene, 12)
      const body = { message: 'You have exceeded a secondary rate limit' }
      const fault = { kind: 'status', status: 403, headers: { 'retry-after': '3' }, body } as const
      scene.github.faults.add({ method: 'PUT', fault })
      expect((await rotateTo(scene, lines, token)).exitCode).toBe(0)
      expectAllCurrent(scene, names)
      const refusedAt = writes(scene)[0]?.at ?? 0
      expect(writes(scene).filter(({ at }) => at < refusedAt + 2500).length).toBeLessThan(9)
    }))

  test('200 are paced, with progress, and all of them written', () =>
    play(async (scene) => {
      const { names, lines, token } = build(scene, 200)
      scene.github.enforceSecondaryLimits()
      const result = await rotateTo(scene, lines, token, { env: UNHURRIED })
      expect(result.exitCode).toBe(0)
      expectAllCurrent(scene, names)
      expect(scene.github.refusals.length).toBeLessThanOrEqual(5)
      expect(writes(scene)).toHaveLength(200 + scene.github.refusals.length)
      expect(count(result, /^Writing: \d+ of 200 secrets done/)).toBeGreaterThan(5)
      // One for the owner and the kind stands for all.
      expect(scene.github.journal.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
      expect(Number(result.outputs['grace-period-minutes'])).toBe(15)
    }, FAST))

  test('a limit that is lower than the documented one is waited for, and not hammered at', () =>
    play(async (scene) => {
      const { names, lines, token } = build(scene, 60)
      scene.github.enforceSecondaryLimits({ contentPerMinute: 20 })
      const result = await rotateTo(scene, lines, token, { env: UNHURRIED })
      expect(result.exitCode).toBe(0)
      expectAllCurrent(scene, names)
      expect(scene.github.refusals.length).toBeLessThan(90)
    }, FAST))
})

describe('a set that cannot be written in time is refused before the rotation', () => {
  test('more than GitHub takes in an hour of one credential', () =>
    play(async (scene) => {
      const { lines, token } = build(scene, 451)
      const error = onlyError(await rotateTo(scene, lines, token))
      expect(error).toContain('names 451 destinations, and GitHub takes about 450 writes an hour of one credential')
      expect(error).toContain('secret of the organization')
      expect(error).toContain('GitHub App')
      expect([scene.incident.journal, scene.github.journal]).toEqual([[], []])
    }))

  test('more than a short grace period leaves time for', () =>
    play(async (scene) => {
      const { lines, token } = build(scene, 100)
      const error = onlyError(await rotateTo(scene, lines, token, { with: { 'grace-period-minutes': '1' } }))
      expect(error).toContain('the writes take 2 minutes, and the old token dies after 1')
      expectUntouched(scene)
    }))
})

describe('500 destinations', () => {
  /** An App in two organizations, whose limits count for each. */
  const build500 = (scene: Scene) => {
    const [one, other] = [build(scene, 250, 'octo'), build(scene, 250, 'acme')]
    const app = scene.github.addApp()
    for (const owner of ['octo', 'acme']) {
      const permissions = { secrets: 'write', actions: 'read', contents: 'read' } as const
      scene.github.installApp(app, { owner, repositories: 'all', permissions })
    }
    const block = {
      'github-token': '',
      'github-app-id': app.clientId,
      'github-app-private-key': app.privateKey,
      destinations: [...one.lines, ...other.lines].join('\n'),
    }
    return { names: [...one.names, ...other.names], block }
  }

  test('are handed over to the post step, which starts and goes on with them; the next run ends it', () =>
    play(async (scene) => {
      const { names, block } = build500(scene)
      scene.github.enforceSecondaryLimits()
      let pid = 0
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') process.kill(pid, 'SIGKILL')
      }
      const main = await scene.rotate({
        with: block,
        env: UNHURRIED,
        onStart: (started) => {
          pid = started
        },
      })
      scene.github.onRequest = () => {}
      expect(main.signal).toBe('SIGKILL')
      expect(Math.max(...Object.values(main.state).map((value) => value.length))).toBeLessThanOrEqual(30_000)
      const before = writes(scene).length
      const post = await scene.finish(main, { with: block, env: UNHURRIED })
      const written = writes(scene).length - before
      // Four minutes are not enough for all; the next run goes on.
      expect(written).toBeGreaterThan(280)
      expect(post.exitCode).toBe(written >= 500 ? 0 : 1)
      // An hour later the limits begin anew.
      scene.clock.advance(3_660_000)
      const refused = scene.github.refusals.length
      const next = await scene.rotate({ with: block, env: UNHURRIED })
      expect([next.exitCode, rotations(scene).length <= 2]).toEqual([0, true])
      expectAllCurrent(scene, names)
      expect(scene.github.refusals.length - refused).toBeLessThanOrEqual(30)
      expect(next.summary).toContain('<details><summary>✅ 500 destinations hold the current token</summary>')
      expect(Buffer.byteLength(next.summary)).toBeLessThan(1_048_576)
    }, FAST))
})
