import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import { play } from './helpers.ts'
import { addHistory, addRun, atRisk, CI, graceSent, USES, withTimeout } from './runs.ts'

const SHA = 'e'.repeat(40)

/** A run of a pull request of a fork, whose files say what they like. */
function addForeignRun(scene: Scene, event: string, file: string): void {
  scene.github.addFile('octo/app', CI, USES)
  scene.github.addFile('octo/app', CI, file, SHA)
  addRun(scene, 30, { event, headSha: SHA, headRepository: 'mallory/app' })
}

describe("a fork's pull request puts no rotation off", () => {
  test.each<[string, (scene: Scene) => void, string]>([
    ['by a timeout of its own', () => {}, withTimeout(350)],
    ['by a timeout, when it has outlived the past', (scene) => addHistory(scene, 10, 50), withTimeout(350)],
    ['by the past', (scene) => addHistory(scene, 300, 50), USES],
  ])('%s, and is told as at risk where it may hold the token', (_, before, file) =>
    play(async (scene) => {
      before(scene)
      addForeignRun(scene, 'pull_request', file)
      const { outputs } = await scene.rotate()
      expect(outputs.status).toBe('rotated')
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(atRisk(outputs)).toHaveLength(1)
    }),
  )

  test('one of this repository does', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      scene.github.addFile('octo/app', CI, USES, SHA)
      addHistory(scene, 300, 50)
      addRun(scene, 30, { event: 'pull_request', headSha: SHA })
      expect((await scene.rotate()).outputs.status).toBe('deferred')
    }))

  test.each([
    ['pull_request', 15, 0],
    ['pull_request_target', 60, 1],
  ])('in a public repository %s is given %s minutes', (event, grace, risks) =>
    play(async (scene) => {
      const { github, githubToken, key, secret } = scene
      github.addRepository('octo/open', { private: false })
      github.addToken({
        kind: 'fine-grained',
        token: githubToken,
        repositories: ['octo/*'],
        permissions: { actions: 'read', contents: 'read', secrets: 'write' },
      })
      github.setSecret('octo/open', secret, key.token)
      github.addFile('octo/open', CI, USES)
      github.addFile('octo/open', CI, USES, SHA)
      addRun(scene, 30, { event, headSha: SHA, headRepository: 'mallory/open' }, 'octo/open')
      const { outputs } = await scene.rotate({ with: { destinations: 'repository: octo/open' } })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: grace }])
      expect(atRisk(outputs)).toHaveLength(risks)
    }),
  )
})
