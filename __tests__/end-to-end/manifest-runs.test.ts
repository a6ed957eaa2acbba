import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, play, warningsOf } from './helpers.ts'
import {
  addKey,
  DEPLOY,
  expectHolds,
  expectNothingChanged,
  expectSecret,
  expectWellFormed,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  rotated,
  statusesOf,
} from './manifest.ts'
import { addHistory, addRun, CI, duringWait, expectWaited, USES, WAITING } from './runs.ts'

describe('runs in flight', () => {
  /** A run that surely needs the first key's token for longer than any grace period. */
  function addLongRun(scene: Scene): number {
    scene.github.addFile(scene.repository, CI, USES)
    addHistory(scene, 180, 50)
    return addRun(scene, 10, { name: 'Nightly' })
  }

  test('put off the key that they need alone, by the policy of its entry', () =>
    play(async (scene) => {
      addLongRun(scene)
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf(DEPLOY, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml)
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      expect(statusesOf(result)).toEqual(['CI deploy key: deferred', 'Second key: rotated'])
      expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: [], runs_at_risk: [{ workflow: 'Nightly' }] })
      expect(JSON.parse(result.outputs['runs-at-risk'] ?? '')).toHaveLength(1)
      expect(matrixOf(result).sort()).toEqual(['CI deploy key', 'Second key'])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^"CI deploy key": The rotation is put off/)])
      expectSecret(scene, scene.secret, scene.key.token)
      expectHolds(scene, second.id, 'SECOND_KEY')
      expectWellFormed(result.summary)
    }))

  test.each<Record<string, string>>([{}, { 'max-wait-minutes': '2' }])('alone put off everything: %j', (block) =>
    play(async (scene) => {
      addLongRun(scene)
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: block })
      expect([result.exitCode, result.outputs.status, result.outputs.due]).toEqual([0, 'deferred', '1'])
      expect([statusesOf(result), keysOf(result)[0]?.steps]).toEqual([['CI deploy key: deferred'], []])
      if ('max-wait-minutes' in block) expectWaited(result)
      expectNothingChanged(scene)
    }, WAITING),
  )

  test.each([
    [{ 'long-runs': 'proceed' }, 0, 'rotated'],
    [{ 'long-runs': 'fail' }, 1, 'failed'],
    [{ 'max-token-age': '30d' }, 0, 'rotated'],
    [{ 'grace-period-minutes': 5 }, 0, 'rotated'],
  ])('yield to what the entry says: %j', (policy, exitCode, status) =>
    play(async (scene) => {
      addLongRun(scene)
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, ...policy }))
      expect([result.exitCode, result.outputs.status]).toEqual([exitCode, status])
      expect(statusesOf(result)).toEqual([`CI deploy key: ${status}`])
      if (status === 'failed') expectNothingChanged(scene)
      else expectCurrent(scene)
    }),
  )

  test('are waited for, and what outlasts the wait is put off without a word of rotating', () =>
    play(async (scene) => {
      addLongRun(scene)
      const second = addKey(scene, 'Second key', 'SECOND_KEY')
      const yaml = manifestOf(DEPLOY, { name: 'Second key', secret: 'SECOND_KEY' })
      const result = await reconcile(scene, yaml, { with: { 'max-wait-minutes': '2' } })
      expect(statusesOf(result)).toEqual(['CI deploy key: deferred', 'Second key: rotated'])
      expect(keysOf(result)[0]).toMatchObject({ rotated: false, steps: [] })
      expectWaited(result)
      expect(rotated(scene)).toEqual([second.id])
      expectSecret(scene, scene.secret, scene.key.token)
    }, WAITING))

  test('that end during the wait let the key be rotated', () =>
    play(async (scene) => {
      const run = addLongRun(scene)
      duringWait(scene, () =>
        scene.github.updateRun(scene.repository, run, { status: 'completed', conclusion: 'success' }),
      )
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'max-wait-minutes': '30' } })
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      expectWaited(result)
      expectCurrent(scene)
    }, WAITING))
})
