import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  expectCurrent,
  expectMasked,
  expectUntouched,
  FAST,
  onlyError,
  play,
  rotations,
  writes,
} from './helpers.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

const TOKENS = /\/access_tokens$/
/** Making one takes long: all tests share it. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

/** The `with:` block of an App that is installed for `octo`. */
function byApp({ github }: Scene): Record<string, string> {
  github.addOrganization('octo')
  const app = github.addApp({ privateKey: PEM })
  const permissions = { secrets: 'write', actions: 'read', contents: 'read' } as const
  github.installApp(app, { owner: 'octo', repositories: 'all', permissions })
  return { 'github-token': '', 'github-app-id': app.clientId, 'github-app-private-key': PEM }
}

const tokensGiven = ({ github }: Scene) => github.journal.filter(({ path }) => TOKENS.test(path))

test('an answer without a token is asked for again', () =>
  play(
    async (scene) => {
      const block = byApp(scene)
      scene.github.faults.add({ path: TOKENS, fault: { kind: 'unreadable' } })
      scene.github.faults.add({ path: TOKENS, fault: { kind: 'status', status: 201, body: {} } })
      scene.github.faults.add({ path: TOKENS, fault: { kind: 'status', status: 200, body: '<html>Welcome</html>' } })
      const result = await scene.rotate({ with: block })
      expect([result.exitCode, result.annotations]).toEqual([0, []])
      expect(tokensGiven(scene)).toHaveLength(4)
      expectMasked(scene, result)
      expectCurrent(scene)
    },
    { speed: 5 },
  ))

test.each([
  ['1', false],
  ['2', true],
])('attempt %s of a run with a key that the App no longer has: told of re-runs: %s', (attempt, isTold) =>
  play(async (scene) => {
    const block = byApp(scene)
    scene.github.faults.add({
      path: /\/installation$/,
      times: ALWAYS,
      fault: { kind: 'status', status: 401, body: {} },
    })
    const error = onlyError(await scene.rotate({ with: block, env: { GITHUB_RUN_ATTEMPT: attempt } }))
    expect(error).toContain('is a private key of that App')
    expect(/start a new run/i.test(error)).toBe(isTold)
    expectUntouched(scene)
  }),
)

describe('a 403 before the rotation', () => {
  const fault = { kind: 'status', status: 403, body: { message: 'Resource not accessible by integration' } } as const

  test('is repeated within 10 s of the sign-in of an App', () =>
    play(async (scene) => {
      scene.github.faults.add({ path: /\/public-key$/, times: 2, fault })
      scene.github.faults.add({ path: /\/secrets\/INCIDENT_API_KEY$/, method: 'GET', times: 2, fault })
      const result = await scene.rotate({ with: byApp(scene) })
      expect([result.exitCode, result.annotations]).toEqual([0, []])
      expectCurrent(scene)
    }, FAST))

  test('is final after 10 s', () =>
    play(async (scene) => {
      scene.github.faults.add({ path: /\/public-key$/, times: ALWAYS, fault })
      const result = await scene.rotate({ with: byApp(scene) })
      expect(onlyError(result)).toContain('Resource not accessible by integration')
      const asked = scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))
      expect((asked.at(-1)?.at ?? 0) - (asked[0]?.at ?? 0)).toBeLessThan(15_000)
      expect(asked.length).toBeGreaterThan(2)
    }, FAST))

  test('that names a permission the App lacks is final at once', () =>
    play(async (scene) => {
      const headers = { 'x-accepted-github-permissions': 'organization_secrets=read' }
      scene.github.faults.add({ path: /\/public-key$/, times: ALWAYS, fault: { ...fault, headers } })
      expect(onlyError(await scene.rotate({ with: byApp(scene) }))).toContain('organization_secrets=read')
      expect(scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))).toHaveLength(1)
    }))

  test('is final at once for a token', () =>
    play(async (scene) => {
      scene.github.faults.add({ path: /\/public-key$/, times: ALWAYS, fault })
      expect((await scene.rotate()).exitCode).toBe(1)
      expect(scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))).toHaveLength(1)
    }))
})

describe('what an account takes away from an App while runs are waited for', () => {
  test('is seen before the rotation', () =>
    play(
      async (scene) => {
        const block = byApp(scene)
        scene.github.addFile('octo/app', CI, USES)
        addHistory(scene, 120)
        const run = addRun(scene, 10)
        let lists = 0
        scene.github.onRequest = ({ path }) => {
          if (path.endsWith('/actions/runs') && ++lists === 10)
            scene.github.updateRun('octo/app', run, { status: 'completed' })
        }
        // As GitHub tells it from the second sign-in on, and as it treats a write.
        scene.github.faults.add({
          path: TOKENS,
          skip: 1,
          times: ALWAYS,
          fault: {
            kind: 'answer',
            change: (answer) => {
              const body = answer.body as { permissions: object }
              return { ...answer, body: { ...body, permissions: { ...body.permissions, secrets: 'read' } } }
            },
          },
        })
        const refused = { message: 'Resource not accessible by integration' }
        scene.github.faults.add({
          method: 'PUT',
          times: ALWAYS,
          fault: { kind: 'status', status: 403, body: refused },
        })
        const result = await scene.rotate({ with: { ...block, 'max-wait-minutes': '30' } })
        expect(onlyError(result)).toMatch(/lacks the permission "secrets: write" .*secrets: read/)
        expect(result.log.filter((line) => line.startsWith('Waiting for 1 run')).length).toBeGreaterThan(0)
        expectUntouched(scene)
      },
      { speed: 60 },
    ))
})

describe('the post step', () => {
  test('signs in again for as long as it may write', () =>
    play(
      async (scene) => {
        const block = byApp(scene)
        let pid = 0
        scene.github.onRequest = ({ method }) => {
          if (method === 'PUT') process.kill(pid, 'SIGKILL')
        }
        scene.github.faults.add({ method: 'PUT', fault: { kind: 'reset', when: 'before' } })
        const main = await scene.rotate({
          with: block,
          onStart: (started) => {
            pid = started
          },
        })
        expect(main.signal).toBe('SIGKILL')
        const fault = { kind: 'status', status: 503, body: { message: 'Service Unavailable' } } as const
        scene.github.faults.add({ times: ALWAYS, fault })
        // From its first request on, which is one to sign in, longer than a look is tried for.
        let asked = 0
        scene.github.onRequest = () => {
          if (++asked === 1) setTimeout(() => scene.github.faults.clear(), scene.clock.realDelay(45_000))
        }
        const post = await scene.finish(main, { with: block })
        expect([post.exitCode, post.annotations]).toEqual([0, []])
        expect([rotations(scene).length, writes(scene).length]).toEqual([1, 2])
        expectCurrent(scene)
      },
      { speed: 20 },
    ))
})
