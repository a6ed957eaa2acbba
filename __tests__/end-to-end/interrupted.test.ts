import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Step } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  FAST,
  onlyError,
  play,
  refusal,
  rotations,
  writes,
} from './helpers.ts'
import { currentOnes, ours, PUT, pass, rotateElsewhere, SECRETS, SHOW, TWO, when } from './rivals.ts'

/** Runs the main step and sends a signal when a request of this kind arrives, before it is handled. */
async function rotateAndSignal(
  scene: Scene,
  signal: NodeJS.Signals,
  service: 'incident' | 'github',
  request: RegExp,
  step: Partial<Step> = {},
) {
  let pid = 0
  let sent = false
  scene[service].onRequest = async ({ method, path }) => {
    if (sent || !request.test(`${method} ${path}`)) return
    sent = true
    process.kill(pid, signal)
    // The signal is there before the answer.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const result = await scene.rotate({
    ...step,
    onStart: (started) => {
      pid = started
    },
  })
  expect(sent).toBe(true)
  return result
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('before the rotation ends the run at once, with nothing changed', () =>
    play(async (scene) => {
      const main = await rotateAndSignal(scene, signal, 'incident', /GET \/v1\/identity/)
      expect(main.signal).toBe(signal)
      const post = await scene.finish(main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      expectUntouched(scene)
    }))

  test.each<[string, Fault]>([
    ['was refused because of a limit', refusal(429, { 'retry-after': '20' })],
    ['took no effect', { kind: 'reset', when: 'before' }],
  ])('while a rotation that %s is to be sent again ends the run, with nothing changed', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /\/rotate$/, fault })
      const main = await rotateAndSignal(scene, signal, 'incident', /\/rotate$/)
      expect(onlyError(main)).toMatch(
        /^Could not rotate .*: this run was cancelled\. Run again\. Nothing was changed\.$/,
      )
      expect([main.exitCode, rotations(scene).length]).toEqual([1, 1])
      const post = await scene.finish(main)
      expect([post.exitCode, post.log, writes(scene)]).toEqual([0, [], []])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }, FAST),
  )

  test.each([
    ['while the key rotates', 'incident', /\/rotate$/],
    ['while the secret is written', 'github', /^PUT /],
  ] as const)('%s does not stop the work', (_, service, request) =>
    play(async (scene) => {
      const main = await rotateAndSignal(scene, signal, service, request)
      expect(main.exitCode).toBe(0)
      expectCurrent(scene)
    }),
  )
})

/**
 * The process is killed while the key rotates, the first time or a later one, whoever sent that: before it gets the
 * answer, or before its request takes effect.
 */
async function rotateAndKill(scene: Scene, nth = 1, moment: 'before' | 'after' = 'after', step: Partial<Step> = {}) {
  scene.incident.faults.add({ path: /\/rotate$/, skip: nth - 1, fault: { kind: 'hang', when: moment } })
  let pid = 0
  let sent = 0
  scene.incident.onRequest = ({ path }) => {
    if (path.endsWith('/rotate') && ++sent === nth) setTimeout(() => process.kill(pid, 'SIGKILL'), 200)
  }
  const result = await scene.rotate({
    ...step,
    onStart: (started) => {
      pid = started
    },
  })
  expect([result.signal, sent]).toEqual(['SIGKILL', nth])
  return result
}

describe('SIGKILL', () => {
  test('before the rotation was sent leaves nothing to finish', () =>
    play(async (scene) => {
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /public-key/)
      const post = await scene.finish(main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      expectUntouched(scene)
    }))

  test('while the key rotates: the post step sees that the token is lost, and rotates again', () =>
    play(async (scene) => {
      const main = await rotateAndKill(scene)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
      const post = await scene.finish(main)
      expect(post.exitCode).toBe(0)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(3)
      expectCurrent(scene)
    }))

  test('while the secret is written: the post step writes the value that was sealed', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
      const post = await scene.finish(main)
      expect(post.exitCode).toBe(0)
      expect(post.log).toEqual(['INCIDENT_API_KEY in octo/app: updated'])
      expect(rotations(scene)).toHaveLength(1)
      expectCurrent(scene)
    }))

  test('and a key that cannot be shown behind the post step that wrote it: that is no success', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
      const broken = { kind: 'status', status: 503, body: {} } as const
      const path = /\/v1\/api_keys\/\w+$/
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') scene.incident.faults.add({ method: 'GET', path, times: ALWAYS, fault: broken })
      }
      const post = await scene.finish(main)
      expect([post.exitCode, errorsOf(post)]).toEqual([
        1,
        [expect.stringMatching(/^Could not confirm the new token .* run again with "force: true"/)],
      ])
      expectCurrent(scene)
    }, FAST))

  test('and a public key that was replaced since: the post step rotates again', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
      scene.github.replaceKeyPair(scene.repository)
      const post = await scene.finish(main)
      expect(post.exitCode).toBe(0)
      expect(rotations(scene)).toHaveLength(2)
      expectCurrent(scene)
    }))

  test('and another rotation since: the post step rotates once more, and never plants the older token', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
      expect((await scene.rotate()).outputs.status).toBe('rotated')
      const written = writes(scene).length
      const post = await scene.finish(main)
      expect([post.exitCode, rotations(scene).length]).toEqual([0, 3])
      // Its one write is that of the newest token.
      expect(writes(scene)).toHaveLength(written + 1)
      expectCurrent(scene)
    }, FAST))

  test('and another rotation long after: the post step leaves what that one wrote', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
      // Nothing that the main step sent can arrive any more.
      scene.clock.advance(20 * 60_000)
      expect((await scene.rotate()).outputs.status).toBe('rotated')
      const post = await scene.finish(main)
      expect([post.exitCode, rotations(scene).length]).toEqual([0, 2])
      expect(post.log).toEqual([expect.stringContaining('the saved values are superseded')])
      expectCurrent(scene)
    }, FAST))

  test.each([
    ['and that takes effect: the post step does not trust the older seal', 'after', 3],
    ['and that takes none: the post step rotates once more', 'before', 2],
  ] as const)('while the key rotates again after a token that is refused for good, %s', (_, moment, issued) =>
    play(async (scene) => {
      const refused = { kind: 'status', status: 401, body: {} } as const
      scene.incident.faults.add({ path: /identity/, skip: 1, times: Number.POSITIVE_INFINITY, fault: refused })
      const main = await rotateAndKill(scene, 2, moment)
      scene.incident.faults.clear()
      // Beside the first one, which the key was made with.
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(issued)
      const post = await scene.finish(main)
      expect([post.exitCode, scene.incident.tokensOf(scene.key.id).length]).toEqual([0, issued + 1])
      expectCurrent(scene)
    }, FAST),
  )

  test('while the key rotates again after another rotation, and that takes no effect: the post step does it', () =>
    play(async (scene) => {
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      // Ours, theirs, and the one that is to mend it.
      const main = await rotateAndKill(scene, 3, 'before', { with: TWO })
      expect(currentOnes(scene)).toEqual([])
      const post = await scene.finish(main, { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
    }, FAST))

  test('and a key with a name of 100 kB: no variable of the state is too large, and the post step writes it', () =>
    play(async (scene) => {
      const { id } = scene.incident.addKey({ name: 'é'.repeat(50_000), roles: ['viewer'], issuedAt: new Date(0) })
      const step = { with: { 'key-name': '', 'key-id': id, 'secret-name': 'LONG' } }
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
      const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /, step)
      const sizes = Object.values(main.state).map((value) => value.length)
      expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(100_000)
      // Windows takes no variable of 32,767 characters or more.
      expect(Math.max(...sizes)).toBeLessThan(32_000)
      const post = await scene.finish(main, step)
      expect([post.exitCode, post.log]).toEqual([0, ['LONG in octo/app: created']])
      expect(scene.github.secret(scene.repository, 'LONG')?.value === scene.incident.tokensOf(id).at(-1)?.token).toBe(
        true,
      )
    }))

  test('and a secret whose date cannot be read: the post step writes it all the same', () =>
    play(
      async (scene) => {
        scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
        const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
        const broken = { kind: 'status', status: 503, body: {} } as const
        scene.github.faults.add({ method: 'GET', times: Number.POSITIVE_INFINITY, fault: broken })
        expect((await scene.finish(main)).exitCode).toBe(0)
        expectCurrent(scene)
      },
      { speed: 20 },
    ))

  test('and a key that cannot be shown: the post step says when the old token dies', () =>
    play(
      async (scene) => {
        scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
        const main = await rotateAndSignal(scene, 'SIGKILL', 'github', /^PUT /)
        const broken = { kind: 'status', status: 503, body: {} } as const
        scene.incident.faults.add({ times: Number.POSITIVE_INFINITY, fault: broken })
        const post = await scene.finish(main)
        expect(post.exitCode).toBe(1)
        expect(errorsOf(post)).toEqual([
          expect.stringMatching(
            /Could not finish the rotation of .*503.* The key was rotated, .* dies at 2.* Run again/,
          ),
        ])
      },
      { speed: 20 },
    ))

  test('without a post step the next run mends it', () =>
    play(async (scene) => {
      await rotateAndKill(scene)
      const next = await scene.rotate()
      expect(next.outputs.status).toBe('rotated')
      expectCurrent(scene)
    }))
})

describe('SIGKILL when everything is written, and another rotation', () => {
  const killed = (scene: Scene) => rotateAndSignal(scene, 'SIGKILL', 'incident', SHOW, { with: TWO })

  test('whose token ours was written over: the post step rotates once more', () =>
    play(async (scene) => {
      const { github, repository } = scene
      when(scene, 'github', PUT, async () => {
        const token = await rotateElsewhere(scene)
        for (const secret of SECRETS) github.setSecret(repository, secret, token)
      })
      const main = await killed(scene)
      const post = await scene.finish(main, { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test.each([
    ['everywhere: the post step only says so', SECRETS, 1],
    ['in one of two secrets: the post step rotates once more', ['SECOND'], 2],
  ])('that is written behind ours %s', (_, theirs, sent) =>
    play(async (scene) => {
      const main = await killed(scene)
      const token = await rotateElsewhere(scene)
      // The date of a copy tells no more than two seconds.
      await pass(scene, 3000)
      for (const secret of theirs) scene.github.setSecret(scene.repository, secret, token)
      const post = await scene.finish(main, { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
      expect([ours(scene).length, writes(scene).length]).toEqual([sent, 2 * sent])
      expect(post.log[0]).toMatch(sent === 1 ? /^Another rotation .* wrote its token everywhere/ : /rotating once more/)
    }, FAST),
  )

  test('that is written everywhere, and one more while the post step waits, which is not: it rotates once more', () =>
    play(async (scene) => {
      const main = await killed(scene)
      const token = await rotateElsewhere(scene)
      await pass(scene, 3000)
      for (const secret of SECRETS) scene.github.setSecret(scene.repository, secret, token)
      // The date of a copy tells no more than two seconds.
      await pass(scene, 3000)
      when(
        scene,
        'incident',
        SHOW,
        () => {},
        () => rotateElsewhere(scene),
      )
      const post = await scene.finish(main, { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
      expect(post.log[0]).toContain('rotating once more')
    }, FAST))
})

test('what the post step writes again is what the main step could not', () =>
  play(async (scene) => {
    const forbidden = { kind: 'status', status: 403, body: { message: 'Forbidden' } } as const
    scene.github.faults.add({ method: 'PUT', times: Number.POSITIVE_INFINITY, fault: forbidden })
    const main = await scene.rotate({ with: { 'grace-period-minutes': '1' } })
    expect(main.exitCode).toBe(1)
    scene.github.faults.clear()
    const post = await scene.finish(main)
    expect(post.exitCode).toBe(0)
    expect(rotations(scene)).toHaveLength(1)
    expectCurrent(scene)
  }, FAST))

test('after a refusal there is nothing to finish', () =>
  play(async (scene) => {
    scene.incident.faults.add({ path: /\/rotate$/, fault: refusal(403) })
    const main = await scene.rotate()
    expect(main.exitCode).toBe(1)
    const asked = scene.incident.journal.length
    const post = await scene.finish(main)
    expect([post.exitCode, post.raw]).toEqual([0, ''])
    expect(scene.incident.journal).toHaveLength(asked)
  }))
