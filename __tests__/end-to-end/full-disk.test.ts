import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, play, rotations, warningsOf } from './helpers.ts'
import { expectHolds, manifestOf, reconcile } from './manifest.ts'
import { finish, idOf, NEW } from './manifest-faults.ts'
import { TWO } from './rivals.ts'

/** Loaded before the action: a disk that holds so many bytes of the runner's state, and half of the record that exceeds it. */
function fullDisk(bytes: number): Record<string, string> {
  const source = `import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    const append = fs.appendFileSync
    fs.appendFileSync = (path, data, options) => {
      if (path !== process.env.GITHUB_STATE) return append(path, data, options)
      const left = ${bytes} - fs.statSync(path).size
      if (data.length <= left) return append(path, data, options)
      append(path, data.slice(0, Math.max(0, left)), options)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    }
    syncBuiltinESMExports()`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` }
}

/** The next post step finds nothing to do, and the key keeps its token. */
async function expectFinished(scene: Scene, main: StepResult): Promise<void> {
  const tokens = scene.incident.tokensOf(scene.key.id).length
  const post = await scene.finish(main)
  expect([post.exitCode, post.raw]).toEqual([0, ''])
  expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(tokens)
}

describe('a disk that is full after the intent was saved', () => {
  // The intent has about 700 bytes; the sealed values of two secrets more than 1,000.
  test.each([800, 1000, 1300])('does not make the post step rotate again: %d bytes', (bytes) =>
    play(async (scene) => {
      const main = await scene.rotate({ with: { ...TWO, 'grace-period-minutes': '0' }, env: fullDisk(bytes) })
      expect([errorsOf(main), main.exitCode, rotations(scene).length]).toEqual([[], 0, 1])
      expect(warningsOf(main)).toContainEqual(expect.stringContaining('(ENOSPC)'))
      expectCurrent(scene)
      await expectFinished(scene, main)
    }),
  )

  test('leaves the intent if a write failed, so that the post step rotates and fills', () =>
    play(
      async (scene) => {
        scene.github.faults.add({ method: 'PUT', times: 99, fault: { kind: 'reset', when: 'before' } })
        const main = await scene.rotate({ with: { 'grace-period-minutes': '1' }, env: fullDisk(800) })
        expect(main.exitCode).toBe(1)
        scene.github.faults.clear()
        const post = await scene.finish(main)
        expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
        expectCurrent(scene)
      },
      { speed: 20 },
    ))

  test('does not make the post step rotate a key that was created', () =>
    play(async (scene) => {
      const main = await reconcile(scene, manifestOf(NEW), { env: fullDisk(600) })
      expect([errorsOf(main), main.exitCode]).toEqual([[], 0])
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      expect(scene.incident.tokensOf(idOf(scene, 'New'))).toHaveLength(1)
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }))
})
