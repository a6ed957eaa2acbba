import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Exchange } from '../../sandbox/journal.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, FAST, play, rotations } from './helpers.ts'
import {
  addKey,
  creations,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  namedOf,
  reconcile,
  statusesOf,
} from './manifest.ts'
import { NEW } from './manifest-faults.ts'
import {
  ALL,
  addKeys,
  BROKEN,
  calm,
  entriesOf,
  expectAllHold,
  finish,
  NAMES,
  type Service,
  signalAt,
} from './manifest-interrupted.ts'
import { addHistory, addLongRun, addRun, CI, MINUTE, USES, WAITING } from './runs.ts'

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test.each<[string, Service, RegExp]>([
    ['while the keys are listed', 'incident', /^GET \/v1\/api_keys$/],
    ['while the secrets are looked at', 'github', /public-key$/],
    ['while the runs are looked at', 'github', /\/actions\/runs$/],
  ])('%s ends the run at once, with nothing changed', (_, service, request) =>
    play(async (scene) => {
      addKeys(scene)
      const { victim, onStart } = signalAt(scene, { service, request, signal })
      const main = await reconcile(scene, ALL, { onStart })
      expect([victim.sent, main.signal]).toEqual([true, signal])
      expectNothingChanged(scene)
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }),
  )

  /** More keys than are worked on at once. */
  const SIX = ['CI deploy key', 'Key 2', 'Key 3', 'Key 4', 'Key 5', 'Key 6']
  const yaml = manifestOf(...SIX.map((name, index) => ({ name, secret: `KEY_${index + 1}` })))
  /** The first one is the oldest. */
  function addSix(scene: Scene): void {
    const { key, clock, github, repository } = scene
    github.setSecret(repository, 'KEY_1', key.token, new Date(clock.now() - 30 * 86_400_000))
    for (const [index, name] of SIX.entries()) {
      if (index > 0) addKey(scene, name, `KEY_${index + 1}`, { ageDays: 39 - index })
    }
  }
  const issuedTo = ({ incident }: Scene) =>
    SIX.filter((name) => incident.tokensOf(incident.keys().find((key) => key.name === name)?.id ?? '').length > 1)

  test.each<[string, Service, RegExp]>([
    ['while keys rotate', 'incident', /\/actions\/rotate$/],
    ['while secrets are written', 'github', /^PUT /],
  ])('%s finishes these, begins with no other, and says so', (_, service, request) =>
    play(async (scene) => {
      addSix(scene)
      const { onStart } = signalAt(scene, { service, request, signal })
      const main = await reconcile(scene, yaml, { onStart })
      expect(main.exitCode).toBe(1)
      expect(issuedTo(scene)).toEqual(SIX.slice(0, 4))
      expect(statusesOf(main)).toEqual(SIX.map((name, index) => `${name}: ${index < 4 ? 'rotated' : 'failed'}`))
      for (const [index, name] of SIX.entries())
        expectHolds(scene, namedOf(scene, name)[0]?.id ?? '', `KEY_${index + 1}`)
      const errors = errorsOf(main)
      expect(errors).toHaveLength(2)
      for (const name of ['Key 5', 'Key 6']) {
        const told = `Could not begin with the API key "${name}": this run was cancelled. Nothing was changed for it.`
        expect(errors).toContainEqual(expect.stringContaining(told))
      }
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }),
  )

  test.each<[string, Fault]>([
    ['was refused because of a limit', { kind: 'status', status: 429, headers: { 'retry-after': '20' }, body: {} }],
    ['took no effect', { kind: 'reset', when: 'before' }],
  ])('while the making of a key that %s is to be asked for again ends it, with nothing made', (_, fault) =>
    play(async (scene) => {
      const request = /^POST \/v1\/api_keys$/
      scene.incident.faults.add({ method: 'POST', path: /^\/v1\/api_keys$/, fault })
      const { victim, onStart } = signalAt(scene, { service: 'incident', request, signal })
      const main = await reconcile(scene, manifestOf(NEW), { onStart })
      expect([victim.sent, main.exitCode]).toEqual([true, 1])
      const told = 'Could not make the API key "New": this run was cancelled. Nothing was changed. Run again.'
      expect(errorsOf(main)).toEqual([expect.stringContaining(told)])
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw, namedOf(scene, 'New'), creations(scene).length]).toEqual([0, '', [], 1])
    }, FAST),
  )

  test('and writes that never succeed: all is over within four minutes', () =>
    play(async (scene) => {
      addSix(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: BROKEN })
      let sentAt = 0
      const { onStart } = signalAt(scene, { service: 'github', request: /^PUT /, signal })
      const hook = scene.github.onRequest
      scene.github.onRequest = async (exchange) => {
        if (exchange.method === 'PUT') sentAt ||= scene.clock.now()
        await hook?.(exchange)
      }
      const main = await reconcile(scene, yaml, { onStart })
      expect(scene.clock.now() - sentAt).toBeLessThan(4 * MINUTE)
      expect([main.exitCode, issuedTo(scene)]).toEqual([1, SIX.slice(0, 4)])
      calm(scene)
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      for (const [index, name] of SIX.entries()) {
        expectHolds(scene, namedOf(scene, name)[0]?.id ?? '', `KEY_${index + 1}`)
      }
    }, FAST))

  describe('lets no further step of a key be begun, and that is said', () => {
    const GONE_ON = (name: string) =>
      `Could not go on with the API key "${name}": this run was cancelled. Run again to finish it.`

    test('behind an update', () =>
      play(async (scene) => {
        const { onStart } = signalAt(scene, { service: 'incident', request: /^PUT /, signal })
        const entry = { name: 'CI deploy key', secret: 'INCIDENT_API_KEY', comments: 'New' }
        const main = await reconcile(scene, manifestOf(entry), { onStart })
        expect([main.exitCode, errorsOf(main)]).toEqual([1, [GONE_ON('CI deploy key')]])
        expect(keysOf(main)[0]).toMatchObject({ status: 'failed', steps: ['change its comments: "New"'] })
        expect([scene.incident.key(scene.key.id)?.comments, rotations(scene)]).toEqual(['New', []])
        const post = await finish(scene, main)
        expect([post.exitCode, post.raw]).toEqual([0, ''])
        calm(scene)
        expect(statusesOf(await reconcile(scene, manifestOf(entry)))).toEqual(['CI deploy key: rotated'])
      }, FAST))

    test('behind a secret that is deleted', () =>
      play(async (scene) => {
        const { id } = addKey(scene, 'Exporter', 'EXPORTER')
        scene.github.setSecret(scene.repository, 'SECOND_EXPORTER', 'x')
        const destinations = [{ repository: 'octo/app' }, { repository: 'octo/app', as: 'SECOND_EXPORTER' }]
        const entry = { name: 'Exporter', secret: 'EXPORTER', state: 'absent', destinations }
        const { onStart } = signalAt(scene, { service: 'github', request: /^DELETE .*\/EXPORTER$/, signal })
        const main = await reconcile(scene, manifestOf(entry), { onStart })
        expect([main.exitCode, errorsOf(main)]).toEqual([1, [GONE_ON('Exporter')]])
        expect(keysOf(main)[0]?.steps).toEqual(['delete EXPORTER in octo/app'])
        expect(scene.github.secret(scene.repository, 'SECOND_EXPORTER')?.value).toBe('x')
        expect(scene.incident.key(id)).toBeDefined()
        calm(scene)
        expect(statusesOf(await reconcile(scene, manifestOf(entry)))).toEqual(['Exporter: deleted'])
        expect(scene.incident.key(id)).toBeUndefined()
      }, FAST))
  })

  test('while a key to be absent is looked at once more ends the run at once, with nothing changed', () =>
    play(async (scene) => {
      addKey(scene, 'Exporter', 'EXPORTER')
      const entry = { name: 'Exporter', secret: 'EXPORTER', state: 'absent' }
      const { victim, onStart } = signalAt(scene, { service: 'incident', request: /^GET \/v1\/api_keys\/\w+$/, signal })
      const main = await reconcile(scene, manifestOf(entry), { onStart })
      expect([victim.sent, main.signal]).toEqual([true, signal])
      expectNothingChanged(scene)
    }))

  test('while runs are waited for ends the run at once, with nothing changed', () =>
    play(async (scene) => {
      addLongRun(scene)
      let lists = 0
      const { victim } = signalAt(scene, { service: 'github', request: /never/, signal })
      scene.github.onRequest = ({ path }) => {
        if (path.endsWith('/actions/runs') && ++lists === 2) process.kill(victim.pid, signal)
      }
      const main = await reconcile(scene, manifestOf(...entriesOf(['CI deploy key'])), {
        with: { 'max-wait-minutes': '5' },
        onStart: (pid) => {
          victim.pid = pid
        },
      })
      expect([main.signal, lists]).toEqual([signal, 2])
      expectNothingChanged(scene)
    }, WAITING))

  test('while the runs are looked at once more before the first change ends the run at once, with nothing changed', () =>
    play(async (scene) => {
      const end = addLongRun(scene)
      let pid = 0
      let lists = 0
      scene.github.onRequest = async ({ path }) => {
        if (!path.endsWith('/actions/runs')) return
        lists += 1
        if (lists === 2) end()
        if (lists !== 3) return
        // The wait is over, and what is in flight is looked at anew.
        process.kill(pid, signal)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const main = await reconcile(scene, manifestOf(...entriesOf(['CI deploy key'])), {
        with: { 'max-wait-minutes': '5' },
        onStart: (started) => {
          pid = started
        },
      })
      expect([lists, main.signal]).toEqual([3, signal])
      expectNothingChanged(scene)
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }, WAITING))
})

test('a key that still waits for runs is not begun with after a cancel, and the others are finished', () =>
  play(
    async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 90, 50)
      addRun(scene, 1)
      addKeys(scene)
      // The runs use one secret only, so that one key waits, and the others do not.
      let pid = 0
      scene.github.onRequest = ({ method }: Pick<Exchange, 'method'>) => {
        if (method === 'PUT') process.kill(pid, 'SIGINT')
      }
      const main = await reconcile(scene, ALL, {
        with: { 'max-wait-minutes': '10' },
        onStart: (started) => {
          pid = started
        },
      })
      expect([main.exitCode, statusesOf(main)]).toEqual([
        1,
        ['CI deploy key: failed', 'Second: rotated', 'Third: rotated', 'New: created'],
      ])
      expect(errorsOf(main)).toEqual([expect.stringContaining('"CI deploy key": this run was cancelled')])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
      expect(keysOf(main)[0]?.steps).toEqual([])
      expectAllHold(scene, NAMES)
    },
    { speed: 40 },
  ))
