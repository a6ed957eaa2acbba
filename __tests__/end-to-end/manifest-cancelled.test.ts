import { describe, expect, test } from '@jest/globals'
import type { Exchange } from '../../sandbox/journal.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, play, rotations, writes } from './helpers.ts'
import {
  addKey,
  changesAt,
  creations,
  expectHolds,
  expectNothingChanged,
  keysOf,
  manifestOf,
  reconcile,
  statusesOf,
} from './manifest.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

/** Pauses are seconds, and a fraction of one in a run of the tests. */
const FAST = { speed: 20 }
const MINUTE = 60_000
const ALWAYS = Number.POSITIVE_INFINITY
const BROKEN = { kind: 'status', status: 503, body: {} } as const

type Service = 'incident' | 'github'

/** The names of the keys, and the secret of each. */
const NAMES = ['CI deploy key', 'Second', 'Third', 'New']
const SECRETS: Record<string, string> = {
  'CI deploy key': 'INCIDENT_API_KEY',
  Second: 'SECOND',
  Third: 'THIRD',
  New: 'NEW',
}
const entriesOf = (names: readonly string[]) =>
  names.map((name) => ({
    name,
    secret: SECRETS[name] ?? name.toUpperCase(),
    ...(name === 'New' && { create: true, roles: ['viewer'] }),
  }))
/** Three keys that are due, and one that is to be made. */
const ALL = manifestOf(...entriesOf(NAMES))

function addKeys(scene: Scene): void {
  addKey(scene, 'Second', 'SECOND', { ageDays: 50 })
  addKey(scene, 'Third', 'THIRD', { ageDays: 60 })
}

/** Sends a signal when such a request arrives for the so-and-so-manieth time. */
function signalAt(
  scene: Scene,
  { service, request, nth = 1, signal }: { service: Service; request: RegExp; nth?: number; signal: NodeJS.Signals },
) {
  const victim = { pid: 0, sent: false }
  let count = 0
  scene[service].onRequest = async ({ method, path }) => {
    if (victim.sent || !request.test(`${method} ${path}`) || ++count < nth) return
    victim.sent = true
    process.kill(victim.pid, signal)
    // The signal is there before the answer. Who is killed gets none, and what was asked for takes effect at once.
    if (signal !== 'SIGKILL') await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const onStart = (pid: number) => {
    victim.pid = pid
  }
  return { victim, onStart }
}

/** Nothing goes wrong any more. */
function calm({ incident, github }: Scene): void {
  for (const service of [incident, github]) {
    delete service.onRequest
    service.faults.clear()
  }
}

/** The post step of a job whose workspace is gone: it needs no manifest. */
async function finish(scene: Scene, main: StepResult, step: Partial<Step> = {}): Promise<StepResult> {
  const inputs = { manifest: 'keys.yml', 'key-name': '', 'secret-name': '' }
  return scene.finish(main, { ...step, with: inputs, env: { GITHUB_WORKSPACE: '/nowhere' } })
}

const namedOf = ({ incident }: Scene, name: string) => incident.keys().filter((key) => key.name === name)

/** Whatever key there is, its secret holds its current token. */
function expectAllHold(scene: Scene, names: readonly string[]): void {
  for (const name of names) {
    const [key, ...others] = namedOf(scene, name)
    expect([name, others.length]).toEqual([name, 0])
    if (key !== undefined) expectHolds(scene, key.id, SECRETS[name] ?? name.toUpperCase())
  }
}

/** Every token that a job may hold has lived, or lives, for its whole grace period: the least is a quarter of an hour. */
function expectGraces({ incident }: Scene): void {
  for (const { id, name } of incident.keys()) {
    const [first, second] = incident.tokensOf(id)
    // A token that was lost, or that nobody was given, has no jobs; the first one of a key that was not made here has.
    if (first === undefined || second === undefined || name === 'New') continue
    expect((first.expiresAt ?? 0) - second.issuedAt).toBeGreaterThanOrEqual(15 * MINUTE - 1)
  }
}

/** One clean run ends with everything current, and after it nothing is left to do. */
async function expectMended(scene: Scene, yaml: string, names: readonly string[]): Promise<void> {
  calm(scene)
  const next = await reconcile(scene, yaml)
  expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
  expectAllHold(scene, names)
  expect(names.filter((name) => namedOf(scene, name).length !== 1)).toEqual([])
  expectGraces(scene)
  const before = changesAt(scene).length
  const last = await reconcile(scene, yaml)
  expect([last.exitCode, last.outputs.status, changesAt(scene).length]).toEqual([0, 'unchanged', before])
}

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

describe('the post step', () => {
  /** Kills the main step when so many requests of a kind are under way, and none of them was answered. */
  async function killWhen(scene: Scene, isReached: (seen: readonly string[]) => boolean, yaml = ALL) {
    const seen: string[] = []
    let pid = 0
    const hook = ({ method, path }: { method: string; path: string }) => {
      seen.push(`${method} ${path}`)
      if (isReached(seen)) setTimeout(() => process.kill(pid, 'SIGKILL'), 200)
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
    play(
      async (scene) => {
        addKeys(scene)
        scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'hang', when: 'before' } })
        const main = await killWhen(scene, (seen) => count(seen, /^PUT /) === 4)
        scene[service].faults.add({ times: ALWAYS, fault: BROKEN })
        const began = scene.clock.now()
        const post = await finish(scene, main)
        expect(scene.clock.now() - began).toBeLessThan(4 * MINUTE)
        expect([post.exitCode, errorsOf(post).length]).toEqual([1, 4])
        for (const secretOrKey of service === 'incident' ? NAMES : Object.values(SECRETS)) {
          expect(errorsOf(post).join('\n')).toContain(secretOrKey)
        }
        await expectMended(scene, ALL, NAMES)
      },
      { speed: 40 },
    ),
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
    }, FAST),
  )

  test('and writes that never succeed: all is over within four minutes', () =>
    play(
      async (scene) => {
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
      },
      { speed: 40 },
    ))

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

  /** A run that needs too long, and ends while it is waited for. */
  function addLongRun(scene: Scene): () => void {
    scene.github.addFile('octo/app', CI, USES)
    addHistory(scene, 90, 50)
    const id = addRun(scene, 1)
    return () => scene.github.updateRun('octo/app', id, { status: 'completed', conclusion: 'success' })
  }

  test('while runs are waited for ends the run at once, with nothing changed', () =>
    play(
      async (scene) => {
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
      },
      { speed: 100 },
    ))

  test('while the runs are looked at once more before the first change ends the run at once, with nothing changed', () =>
    play(
      async (scene) => {
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
      },
      { speed: 100 },
    ))
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
