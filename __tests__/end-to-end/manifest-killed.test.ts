import { describe, expect, test } from '@jest/globals'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, FAST, play, rotations } from './helpers.ts'
import { addKey, creations, expectNothingChanged, manifestOf, reconcile, statusesOf } from './manifest.ts'
import {
  ALL,
  addKeys,
  calm,
  entriesOf,
  expectAllHold,
  expectGraces,
  expectMended,
  finish,
  NAMES,
  type Service,
  signalAt,
} from './manifest-interrupted.ts'
import { MINUTE } from './runs.ts'

describe('SIGKILL', () => {
  const CREATE = /^POST \/v1\/api_keys$/
  const ROTATE = /^POST .*\/actions\/rotate$/
  const WRITE = /^PUT \/repos\//
  const SHOW = /^GET \/v1\/api_keys\/\w+$/
  const BOUNDARIES: [string, Service, RegExp, number, 'before' | 'after'][] = [
    ['before the key is made', 'incident', CREATE, 1, 'before'],
    ['when the key is made, and its token is on its way', 'incident', CREATE, 1, 'after'],
    ['before the first rotation', 'incident', ROTATE, 1, 'before'],
    ['behind the first rotation', 'incident', ROTATE, 1, 'after'],
    ['before the second rotation', 'incident', ROTATE, 2, 'before'],
    ['behind the second rotation', 'incident', ROTATE, 2, 'after'],
    ['before the third rotation', 'incident', ROTATE, 3, 'before'],
    ['behind the third rotation', 'incident', ROTATE, 3, 'after'],
    ['before the first write', 'github', WRITE, 1, 'before'],
    ['behind the first write', 'github', WRITE, 1, 'after'],
    ['before the last write', 'github', WRITE, 4, 'before'],
    ['behind the last write', 'github', WRITE, 4, 'after'],
    ['before a rotation is confirmed', 'incident', SHOW, 1, 'before'],
  ]

  /** Runs the main step with all four keys, and kills it. */
  async function killAt(scene: Scene, [, service, request, nth, when]: (typeof BOUNDARIES)[number]) {
    addKeys(scene)
    const [method, path] = request.source.slice(1).split(' ') as [string, string]
    scene[service].faults.add({
      method,
      path: new RegExp(path.replace(/^\.\*/, '')),
      skip: nth - 1,
      fault: { kind: 'hang', when },
    })
    const { victim, onStart } = signalAt(scene, { service, request, nth, signal: 'SIGKILL' })
    const main = await reconcile(scene, ALL, { onStart })
    expect([victim.sent, main.signal]).toEqual([true, 'SIGKILL'])
    calm(scene)
    return main
  }

  test.each(BOUNDARIES)('%s: the post step finishes every key that was begun', (...boundary) =>
    play(async (scene) => {
      const main = await killAt(scene, boundary)
      const post = await finish(scene, main)
      expect([errorsOf(post), post.exitCode]).toEqual([[], 0])
      expectAllHold(scene, NAMES)
      expectGraces(scene)
      await expectMended(scene, ALL, NAMES)
    }, FAST),
  )

  test.each(BOUNDARIES)('%s, and no post step: the next run mends it', (...boundary) =>
    play(async (scene) => {
      await killAt(scene, boundary)
      await expectMended(scene, ALL, NAMES)
    }, FAST),
  )

  test('before anything was changed leaves the post step nothing to say', () =>
    play(async (scene) => {
      addKeys(scene)
      const { onStart } = signalAt(scene, { service: 'github', request: /public-key/, signal: 'SIGKILL' })
      const main = await reconcile(scene, ALL, { onStart })
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw, main.state]).toEqual([0, '', {}])
      expectNothingChanged(scene)
    }))
})

describe('by the run history of this workflow', () => {
  const ROTATE = '.github/workflows/rotate.yml'

  /** A run that GitHub knows: in progress while the action runs, and completed then. */
  async function runOf(scene: Scene, yaml: string, step: Partial<Step> = {}): Promise<StepResult> {
    const { github, clock, repository } = scene
    const createdAt = clock.date()
    const id = github.addRun(repository, { workflow: ROTATE, status: 'in_progress', event: 'schedule', createdAt })
    const env = { GITHUB_RUN_ID: String(id), GITHUB_WORKFLOW_REF: `${repository}/${ROTATE}@refs/heads/main` }
    const workspace: Pick<Scene, 'rotate'> = {
      rotate: (given) => scene.rotate({ ...given, env: { ...given?.env, ...env } }),
    }
    const result = await reconcile(workspace, yaml, step)
    github.updateRun(repository, id, {
      status: 'completed',
      conclusion: result.exitCode === 0 ? 'success' : 'cancelled',
    })
    return result
  }

  test('what a killed run has lost is healed without a word about others, a key over an old secret too', () =>
    play(async (scene) => {
      addKeys(scene)
      // Somebody wrote a value of another key there an hour ago.
      scene.github.setSecret(scene.repository, 'NEW', 'something else', new Date(scene.clock.now() - 60 * MINUTE))
      scene.incident.faults.add({ method: 'POST', times: 4, fault: { kind: 'hang', when: 'after' } })
      let pid = 0
      let sent = 0
      scene.incident.onRequest = ({ method }) => {
        if (method === 'POST' && ++sent === 4) setTimeout(() => process.kill(pid, 'SIGKILL'), 100)
      }
      const main = await runOf(scene, ALL, {
        onStart: (started) => {
          pid = started
        },
      })
      expect([main.signal, rotations(scene).length, creations(scene).length]).toEqual(['SIGKILL', 3, 1])
      calm(scene)
      const next = await runOf(scene, ALL)
      expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
      expect(next.annotations.filter(({ message }) => message.includes('Something else'))).toEqual([])
      expectAllHold(scene, NAMES)
      expectGraces(scene)
    }, FAST))

  test('two rotators that take turns with one key stop that one, and no other', () =>
    play(async (scene) => {
      const second = addKey(scene, 'Second', 'SECOND', { ageDays: 0 })
      addKey(scene, 'Third', 'THIRD', { ageDays: 60 })
      // Ours was written a minute before theirs was issued.
      const issuedAt = scene.clock.now()
      scene.github.setSecret(scene.repository, 'SECOND', second.token, new Date(issuedAt - MINUTE))
      const result = await runOf(scene, manifestOf(...entriesOf(['CI deploy key', 'Second', 'Third'])))
      expect([result.exitCode, statusesOf(result)]).toEqual([
        1,
        ['CI deploy key: rotated', 'Second: failed', 'Third: rotated'],
      ])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/"Second" .*two rotators are taking turns/)])
      expect(scene.incident.tokensOf(second.id)).toHaveLength(1)
    }, FAST))
})
