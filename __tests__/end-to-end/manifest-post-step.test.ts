import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, FAST, play, rotations, writes } from './helpers.ts'
import { creations, expectHolds, manifestOf, namedOf, reconcile, statusesOf } from './manifest.ts'
import {
  ALL,
  addKeys,
  BROKEN,
  calm,
  entriesOf,
  expectAllHold,
  expectGraces,
  expectMended,
  finish,
  NAMES,
  SECRETS,
  type Service,
  signalAt,
} from './manifest-interrupted.ts'
import { MINUTE } from './runs.ts'

describe('the post step', () => {
  /** Kills the main step when so many requests of a kind are under way, and none of them was answered. */
  async function killWhen(scene: Scene, isReached: (seen: readonly string[]) => boolean, yaml = ALL) {
    const seen: string[] = []
    let pid = 0
    let isKilled = false
    const hook = ({ method, path }: { method: string; path: string }) => {
      seen.push(`${method} ${path}`)
      if (isKilled || !isReached(seen)) return
      isKilled = true
      setTimeout(() => process.kill(pid, 'SIGKILL'), 200)
    }
    scene.incident.onRequest = hook
    scene.github.onRequest = hook
    const main = await reconcile(scene, yaml, {
      onStart: (started) => {
        pid = started
      },
    })
    expect(main.signal).toBe('SIGKILL')
    calm(scene)
    return main
  }
  const count = (seen: readonly string[], request: RegExp) => seen.filter((one) => request.test(one)).length

  test('writes what was sealed of several keys, without a manifest and without another rotation', () =>
    play(async (scene) => {
      addKeys(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
      const issued = [rotations(scene).length, creations(scene).length]
      const sent = writes(scene).length
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expect(post.log.toSorted()).toEqual([
        'INCIDENT_API_KEY in octo/app: updated',
        'NEW in octo/app: created',
        'SECOND in octo/app: updated',
        'THIRD in octo/app: updated',
      ])
      expect([rotations(scene).length, creations(scene).length]).toEqual(issued)
      expect(issued).toEqual([3, 1])
      expect(writes(scene)).toHaveLength(sent + 4)
      expectAllHold(scene, NAMES)
      expectGraces(scene)
    }, FAST))

  test('rotates again what was lost, the token of a new key too, and leaves alone what is well', () =>
    play(async (scene) => {
      addKeys(scene)
      const { id } = namedOf(scene, 'Second')[0] ?? { id: '' }
      const lost = { kind: 'hang', when: 'after' } as const
      scene.incident.faults.add({ path: new RegExp(`${id}/actions/rotate$`), fault: lost })
      scene.incident.faults.add({ method: 'POST', path: /api_keys$/, fault: lost })
      scene.github.faults.add({ method: 'PUT', path: /INCIDENT_API_KEY$/, fault: { kind: 'hang', when: 'before' } })
      // The key "Third" is done: it was shown behind its write.
      const main = await killWhen(scene, (seen) => count(seen, /^GET \/v1\/api_keys\/\w+$/) === 1)
      const issued = () => NAMES.map((name) => scene.incident.tokensOf(namedOf(scene, name)[0]?.id ?? '').length)
      expect(issued()).toEqual([2, 2, 2, 1])
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expect(issued()).toEqual([2, 3, 2, 2])
      expectAllHold(scene, NAMES)
      await expectMended(scene, ALL, NAMES)
    }, FAST))

  test('is silent after a run that was well, and nothing but empty values is left to it', () =>
    play(async (scene) => {
      addKeys(scene)
      const main = await reconcile(scene, ALL)
      expect(statusesOf(main)).toEqual(['CI deploy key: rotated', 'Second: rotated', 'Third: rotated', 'New: created'])
      expect(Object.values(main.state).filter((value) => value !== '')).toEqual([])
      const asked = scene.incident.journal.length
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw, scene.incident.journal.length]).toEqual([0, '', asked])
    }, FAST))

  test('that cannot finish one key finishes the others, and says which one', () =>
    play(async (scene) => {
      addKeys(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
      const forbidden = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
      scene.github.faults.add({ method: 'PUT', path: /THIRD$/, times: ALWAYS, fault: forbidden })
      const post = await finish(scene, main)
      expect([post.exitCode, errorsOf(post)]).toEqual([1, [expect.stringMatching(/^Could not write THIRD .*403/)]])
      expectAllHold(scene, ['CI deploy key', 'Second', 'New'])
      await expectMended(scene, ALL, NAMES)
    }, FAST))

  test.each<[string, Service]>([
    ['incident.io', 'incident'],
    ['GitHub', 'github'],
  ])('ends within four minutes although %s never answers well', (_, service) =>
    play(async (scene) => {
      addKeys(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
      scene[service].faults.add({ times: ALWAYS, fault: BROKEN })
      // Node starts in real time, which would count twenty times over: the first request begins the four minutes.
      let began = Number.NaN
      const hook = () => {
        if (Number.isNaN(began)) began = scene.clock.now()
      }
      scene.incident.onRequest = hook
      scene.github.onRequest = hook
      const post = await finish(scene, main)
      expect(scene.clock.now() - began).toBeLessThan(4 * MINUTE)
      expect([post.exitCode, errorsOf(post).length]).toEqual([1, 4])
      for (const secretOrKey of service === 'incident' ? NAMES : Object.values(SECRETS)) {
        expect(errorsOf(post).join('\n')).toContain(secretOrKey)
      }
      await expectMended(scene, ALL, NAMES)
    }, FAST),
  )

  test('that is killed as well leaves it to the next run', () =>
    play(async (scene) => {
      addKeys(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
      const { onStart } = signalAt(scene, { service: 'github', request: /^PUT /, nth: 2, signal: 'SIGKILL' })
      const post = await finish(scene, main, { onStart })
      expect(post.signal).toBe('SIGKILL')
      await expectMended(scene, ALL, NAMES)
    }, FAST))

  test('rotates each key again whose value was sealed for a public key that was replaced', () =>
    play(async (scene) => {
      addKeys(scene)
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
      scene.github.replaceKeyPair(scene.repository)
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expect(rotations(scene)).toHaveLength(3 + 4)
      expectAllHold(scene, NAMES)
      expectGraces(scene)
    }, FAST))

  test('finishes the managing key too, with its old token', () =>
    play(async (scene) => {
      const managing = scene.incident.keyOf(scene.managingToken)
      scene.github.setSecret(scene.repository, 'MANAGER', scene.managingToken, new Date(managing?.issuedAt ?? 0))
      const yaml = manifestOf(...entriesOf(['CI deploy key']), { name: 'Key manager', secret: 'MANAGER' })
      scene.github.faults.add({ method: 'PUT', path: /MANAGER$/, fault: { kind: 'hang', when: 'before' } })
      const main = await killWhen(scene, (seen) => count(seen, /^PUT .*MANAGER$/) === 1, yaml)
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode, post.log]).toEqual([[], 0, ['MANAGER in octo/app: updated']])
      expect(scene.incident.tokensOf(managing?.id ?? '')).toHaveLength(2)
      expectHolds(scene, managing?.id ?? '', 'MANAGER')
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    }, FAST))
})
