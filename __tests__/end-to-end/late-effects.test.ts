import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, play, rotations, warningsOf } from './helpers.ts'
import { creations, manifestOf, namedOf, reconcile } from './manifest.ts'
import { NEW } from './manifest-faults.ts'
import { PUT, pass, when } from './rivals.ts'

const ROTATE = { method: 'POST', path: /\/actions\/rotate$/ }
const WORKFLOW = '.github/workflows/rotate.yml'
const REF = { GITHUB_WORKFLOW_REF: `octo/app/${WORKFLOW}@refs/heads/main` }

describe('a rotation that was given up and is carried out later', () => {
  // It is given up after 15 s, and the key is shown for 5 s more before the rotation is sent again.
  test.each([21_500, 25_000, 34_000])('is noticed: %d ms after it was sent', (ms) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'late', ms: scene.clock.realDelay(ms) } })
      const result = await scene.rotate()
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 3])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(4)
      expectCurrent(scene)
    }, FAST),
  )

  test('is noticed by the post step', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'late', ms: scene.clock.realDelay(30_000) } })
      let pid = 0
      when(scene, 'github', PUT, () => process.kill(pid, 'SIGKILL'))
      const main = await scene.rotate({
        onStart: (started) => {
          pid = started
        },
      })
      scene.github.onRequest = () => {}
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expectCurrent(scene)
    }, FAST))

  test('after this run has failed is repaired by the post step', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'late', ms: scene.clock.realDelay(60_000) } })
      scene.incident.faults.add({ ...ROTATE, times: ALWAYS, fault: { kind: 'status', status: 503, body: '' } })
      const main = await scene.rotate()
      expect(main.exitCode).toBe(1)
      scene.incident.faults.clear()
      await pass(scene, 20_000)
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expectCurrent(scene)
    }, FAST))

  test('costs a run without such a rotation no time', () =>
    play(async (scene) => {
      const began = scene.clock.now()
      expect((await scene.rotate()).exitCode).toBe(0)
      expect(scene.clock.now() - began).toBeLessThan(4000)
    }))
})

describe('a list of keys that is 8 s behind', () => {
  test('shows the key that was created although no response arrived', () =>
    play(async (scene) => {
      scene.incident.readLag = 8000
      scene.incident.faults.add({ method: 'POST', path: /^\/v1\/api_keys$/, fault: { kind: 'reset', when: 'after' } })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(result), creations(scene).length, namedOf(scene, 'New').length]).toEqual([[], 1, 1])
    }, FAST))

  test('shows a key of the same name that is created late', () =>
    play(async (scene) => {
      scene.incident.readLag = 8000
      const fault = { kind: 'late', ms: scene.clock.realDelay(35_000) } as const
      scene.incident.faults.add({ method: 'POST', path: /^\/v1\/api_keys$/, fault })
      const result = await reconcile(scene, manifestOf(NEW))
      expect([result.exitCode, namedOf(scene, 'New').length]).toEqual([1, 2])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^Could not make only one API key "New"/)])
    }, FAST))
})

describe('Show 3 s behind, while another run rotates the key', () => {
  /** The other run rotates right after our writes, writes nothing, and is in flight. */
  async function race(scene: Scene): Promise<void> {
    const { incident, github, key, repository } = scene
    incident.readLag = 3000
    github.addRun(repository, { id: 4711, workflow: WORKFLOW, status: 'in_progress', createdAt: scene.clock.date() })
    when(scene, 'github', PUT, () => incident.rotateKey(key.id, 30))
  }

  test('is noticed 5 s later if that run is in flight', () =>
    play(async (scene) => {
      await race(scene)
      scene.github.addRun(scene.repository, {
        workflow: WORKFLOW,
        status: 'in_progress',
        createdAt: scene.clock.date(),
      })
      const result = await scene.rotate({ env: REF })
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 2])
      expectCurrent(scene)
    }, FAST))

  test('is noticed 5 s later if the runs of this workflow cannot be read', () =>
    play(async (scene) => {
      await race(scene)
      const path = /\/actions\/workflows\/rotate\.yml\/runs$/
      scene.github.faults.add({ path, times: ALWAYS, fault: { kind: 'status', status: 502, body: '' } })
      const result = await scene.rotate({ env: REF })
      expect([errorsOf(result), rotations(scene).length]).toEqual([[], 2])
      expectCurrent(scene)
    }, FAST))
})

test('a run alone is confirmed at once', () =>
  play(async (scene) => {
    const { github, repository, clock } = scene
    github.addRun(repository, { id: 4711, workflow: WORKFLOW, status: 'in_progress', createdAt: clock.date() })
    github.addRun(repository, { workflow: WORKFLOW, status: 'completed', createdAt: new Date(clock.now() - 60_000) })
    const began = clock.now()
    const result = await scene.rotate({ env: REF })
    expect([errorsOf(result), warningsOf(result)]).toEqual([[], []])
    expect(clock.now() - began).toBeLessThan(4000)
    expect(scene.incident.journal.filter(({ path }) => /api_keys\/\w+$/.test(path))).toHaveLength(1)
  }))
