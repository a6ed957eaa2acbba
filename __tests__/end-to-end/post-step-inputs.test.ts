import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, play, rotations, writes } from './helpers.ts'
import { PUT, SHOW, when } from './rivals.ts'

/** What a runner hands over in a composite action inside a composite action. https://github.com/actions/runner/issues/3514 */
const EMPTY = { 'incident-api-key': '', 'github-token': '', 'key-name': '', 'secret-name': '', 'incident-api-url': '' }

/** A main step that is killed at its first write, or before its token was sealed. */
async function killed(scene: Scene, at: 'rotation' | 'write', block: Record<string, string> = {}): Promise<StepResult> {
  let pid = 0
  if (at === 'rotation') scene.incident.faults.add({ path: /rotate$/, fault: { kind: 'hang', when: 'after' } })
  else scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
  const service = at === 'rotation' ? 'incident' : 'github'
  when(scene, service, at === 'rotation' ? /rotate$/ : PUT, () => process.kill(pid, 'SIGKILL'))
  const main = await scene.rotate({
    with: block,
    onStart: (started) => {
      pid = started
    },
  })
  delete scene[service].onRequest
  return main
}

describe('a post step without inputs', () => {
  test('is silent if there is nothing to finish', () =>
    play(async (scene) => {
      const post = await scene.finish(await scene.rotate(), { with: EMPTY })
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }))

  test.each(['rotation', 'write'] as const)(
    'names the key and when its old token expires, after a kill at the %s',
    (at) =>
      play(async (scene) => {
        const main = await killed(scene, at)
        const post = await scene.finish(main, { with: EMPTY })
        expect(post.exitCode).toBe(1)
        expect(errorsOf(post)).toEqual([
          expect.stringMatching(
            /^Could not finish the rotation of the API key "CI deploy key" \(\w+\): .*composite action inside another.*"incident-api-key" is empty.*dies.*Run again before then\./,
          ),
        ])
        expect(rotations(scene)).toHaveLength(1)
        expect((await scene.rotate()).exitCode).toBe(0)
        expectCurrent(scene)
      }, FAST),
  )

  test('does not say "run again before then" when the old token has expired', () =>
    play(async (scene) => {
      const main = await killed(scene, 'write', { 'grace-period-minutes': '0' })
      const [error = ''] = errorsOf(await scene.finish(main, { with: EMPTY }))
      expect(error).toContain('Run again at once.')
      expect(error).not.toContain('before then')
    }, FAST))

  test('writes what was sealed with the credential for GitHub alone, and says what it could not confirm', () =>
    play(async (scene) => {
      const main = await killed(scene, 'write')
      const post = await scene.finish(main, { with: { ...EMPTY, 'github-token': scene.githubToken } })
      expect(post.exitCode).toBe(1)
      expect(errorsOf(post)).toEqual([
        expect.stringMatching(/was written to INCIDENT_API_KEY in octo\/app\. .*could not be confirmed/),
      ])
      expectCurrent(scene)
      expect(scene.incident.journal.filter(({ path }) => SHOW.test(`GET ${path}`))).toEqual([])
    }, FAST))

  test('writes what was sealed if incident.io refuses another action’s key', () =>
    play(async (scene) => {
      const main = await killed(scene, 'write')
      const post = await scene.finish(main, { with: { 'incident-api-key': `inc_${'0'.repeat(64)}` } })
      expect(errorsOf(post)).toEqual([
        expect.stringMatching(
          /"CI deploy key".*401.*was written to INCIDENT_API_KEY in octo\/app.*Run again before then/,
        ),
      ])
      expectCurrent(scene)
    }, FAST))

  test('writes nothing over a secret that was changed since', () =>
    play(async (scene) => {
      const main = await killed(scene, 'write')
      scene.github.setSecret(scene.repository, scene.secret, 'of another run')
      const before = writes(scene).length
      const post = await scene.finish(main, { with: { ...EMPTY, 'github-token': scene.githubToken } })
      expect([post.exitCode, writes(scene).length - before]).toEqual([1, 0])
      expect(scene.github.secret(scene.repository, scene.secret)?.value).toBe('of another run')
    }, FAST))

  test('names the secrets that another action’s token may not write', () =>
    play(async (scene) => {
      const main = await killed(scene, 'write')
      const fault: Fault = { kind: 'status', status: 403, body: { message: 'Resource not accessible by integration' } }
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault })
      const post = await scene.finish(main, { with: { ...EMPTY, 'github-token': scene.githubToken } })
      expect(errorsOf(post)).toEqual([expect.stringMatching(/could not be written to INCIDENT_API_KEY in octo\/app/)])
    }, FAST))
})
