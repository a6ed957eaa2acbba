import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { client } from '../stand-ins/client.ts'
import { ALWAYS, errorsOf, FAST, onlyError, play, refusal, rotations, warningsOf, writes } from './helpers.ts'
import {
  addKey,
  changesAt,
  creations,
  DEPLOY,
  deletions,
  expectHolds,
  keysOf,
  manifestOf,
  namedOf,
  reconcile,
  secretDeletions,
  statusesOf,
  updates,
} from './manifest.ts'
import { BODY, FORBIDDEN, finish, idOf, MARK, NEW, shownBy } from './manifest-faults.ts'

/** Kills the main step when such a request arrives; it takes effect, or does not, and nobody hears of it. */
async function killAt(
  scene: Scene,
  service: 'incident' | 'github',
  rule: { method: string; path: RegExp },
  when: 'before' | 'after',
  yaml: string,
) {
  let pid = 0
  scene[service].faults.add({ ...rule, fault: { kind: 'hang', when } })
  scene[service].onRequest = ({ method, path }) => {
    if (method === rule.method && rule.path.test(path)) process.kill(pid, 'SIGKILL')
  }
  const main = await reconcile(scene, yaml, {
    onStart: (started) => {
      pid = started
    },
  })
  delete scene[service].onRequest
  scene[service].faults.clear()
  expect(main.signal).toBe('SIGKILL')
  return main
}

describe('an update', () => {
  const CHANGED = { ...DEPLOY, comments: 'Now with a comment', roles: ['viewer'], 'min-token-age': '90d' }
  const UPDATE = { method: 'PUT', path: /^\/v1\/api_keys\/\w+$/ }
  const PASSING: Record<string, Fault> = {
    'status 500': { kind: 'status', status: 500, body: {} },
    '502 after it took effect': { kind: 'status', status: 502, body: '<html>', afterEffect: true },
    '429 with retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '3' }, body: {} },
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang': { kind: 'hang', when: 'before' },
    'a cut-off body': { kind: 'cut-off' },
    'an unreadable body': { kind: 'unreadable' },
  }
  test.each(Object.entries(PASSING))('%s: is sent again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...UPDATE, fault })
      const result = await reconcile(scene, manifestOf(CHANGED))
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: updated']])
      expect(updates(scene)).toHaveLength(2)
      const key = scene.incident.key(scene.key.id)
      expect([key?.comments, key?.roles, key?.name]).toEqual(['Now with a comment', ['viewer'], 'CI deploy key'])
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }, FAST),
  )

  test('that fails for good keeps the key from being rotated, and no other', () =>
    play(async (scene) => {
      const other = addKey(scene, 'Other', 'OTHER')
      scene.incident.faults.add({ ...UPDATE, times: ALWAYS, fault: { kind: 'status', status: 403, body: {} } })
      const result = await reconcile(
        scene,
        manifestOf({ ...CHANGED, 'min-token-age': '1d' }, { name: 'Other', secret: 'OTHER' }),
      )
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: failed', 'Other: rotated']])
      expect(errorsOf(result)).toEqual([expect.stringMatching(/^Could not update .* It was not rotated/)])
      expect(updates(scene)).toHaveLength(1)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
      expectHolds(scene, other.id, 'OTHER')
    }, FAST))

  test('behind which the rotation is refused is not told as if nothing had been changed', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /\/rotate$/, times: ALWAYS, fault: refusal(403) })
      const result = await reconcile(scene, manifestOf({ ...CHANGED, 'min-token-age': '1d' }))
      expect(onlyError(result)).not.toContain('Nothing was changed')
      expect([statusesOf(result), updates(scene).length, rotations(scene).length]).toEqual([
        ['CI deploy key: failed'],
        1,
        1,
      ])
      expect(keysOf(result)[0]?.steps).toEqual([
        'change its roles: - incident_creator (at once, for running jobs too)',
        'change its comments: "Now with a comment"',
      ])
      const key = scene.incident.key(scene.key.id)
      expect([key?.comments, key?.roles]).toEqual(['Now with a comment', ['viewer']])
    }, FAST))

  test('behind which the run is killed is not done again by the next one, which rotates', () =>
    play(async (scene) => {
      const yaml = manifestOf({ ...CHANGED, 'min-token-age': '1d' })
      const main = await killAt(scene, 'incident', UPDATE, 'after', yaml)
      const post = await finish(scene, main)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
      const next = await reconcile(scene, yaml)
      expect([errorsOf(next), statusesOf(next), updates(scene).length]).toEqual([[], ['CI deploy key: rotated'], 1])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    }, FAST))
})

describe('a deletion', () => {
  const GONE = { name: 'Exporter', secret: 'EXPORTER', state: 'absent' }
  const addGone = (scene: Scene) => addKey(scene, 'Exporter', 'EXPORTER')
  const DELETE_KEY = { method: 'DELETE', path: /^\/v1\/api_keys\/\w+$/ }
  const DELETE_SECRET = { method: 'DELETE', path: /\/secrets\/EXPORTER$/ }
  const expectGone = (scene: Scene) => {
    expect(namedOf(scene, 'Exporter')).toEqual([])
    expect(scene.github.secret(scene.repository, 'EXPORTER')).toBeUndefined()
    // Nothing else went with it.
    expect(scene.incident.keyOf(scene.github.secret(scene.repository, 'INCIDENT_API_KEY')?.value ?? '')?.id).toBe(
      scene.key.id,
    )
    expect(scene.incident.keyOf(scene.managingToken)).toBeDefined()
  }
  const PASSING: Record<string, Fault> = {
    'status 500': { kind: 'status', status: 500, body: {} },
    '502 after it took effect': { kind: 'status', status: 502, body: '<html>', afterEffect: true },
    '429 with retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '3' }, body: {} },
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang after it took effect': { kind: 'hang', when: 'after' },
  }
  describe.each([
    ['of the key', 'incident', DELETE_KEY],
    ['of its secret', 'github', DELETE_SECRET],
  ] as const)('%s', (_, service, rule) => {
    test.each(Object.entries(PASSING))('%s: is sent again, and gone is gone', (name, fault) =>
      play(async (scene) => {
        addGone(scene)
        scene[service].faults.add({ ...rule, fault })
        const result = await reconcile(scene, manifestOf(GONE))
        expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['Exporter: deleted']])
        const sent = service === 'incident' ? deletions(scene) : secretDeletions(scene)
        expect([sent.length, sent[1]?.status]).toEqual([2, name.includes('after it took effect') ? 404 : 204])
        expectGone(scene)
      }, FAST),
    )

    test.each(['before', 'after'] as const)('a run that is killed right %s it is carried on by the next one', (when) =>
      play(async (scene) => {
        addGone(scene)
        const main = await killAt(scene, service, rule, when, manifestOf(GONE))
        const post = await finish(scene, main)
        expect([post.exitCode, post.raw]).toEqual([0, ''])
        // While the key is there, the next run knows what is left to do.
        const next = await reconcile(scene, manifestOf(GONE))
        expect([errorsOf(next), next.exitCode]).toEqual([[], 0])
        expectGone(scene)
        const last = await reconcile(scene, manifestOf(GONE))
        expect([last.outputs.status, statusesOf(last)]).toEqual(['unchanged', ['Exporter: unchanged']])
      }, FAST),
    )
  })

  test('of a secret that is refused for good leaves the key, and the others go on', () =>
    play(async (scene) => {
      const { id } = addGone(scene)
      scene.github.faults.add({ ...DELETE_SECRET, times: ALWAYS, fault: FORBIDDEN })
      const result = await reconcile(scene, manifestOf(GONE, DEPLOY))
      expect(statusesOf(result)).toEqual(['Exporter: failed', 'CI deploy key: rotated'])
      expect(onlyError(result)).toMatch(/^Could not delete the secret.*EXPORTER.*octo\/app: .*403/)
      expect(keysOf(result)[0]).toMatchObject({ steps: [], destinations: [{ result: 'failed' }] })
      expect([deletions(scene).length, scene.incident.key(id)?.name]).toEqual([0, 'Exporter'])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      scene.github.faults.clear()
      expect((await reconcile(scene, manifestOf(GONE))).exitCode).toBe(0)
      expectGone(scene)
    }, FAST))

  test('of a key that is refused for good comes behind its secret, and is tried again by the next run', () =>
    play(async (scene) => {
      addGone(scene)
      scene.incident.faults.add({ ...DELETE_KEY, times: ALWAYS, fault: { kind: 'status', status: 403, body: {} } })
      const result = await reconcile(scene, manifestOf(GONE))
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['Exporter: failed']])
      expect([secretDeletions(scene).length, namedOf(scene, 'Exporter').length]).toEqual([1, 1])
      expect(onlyError(result)).toMatch(
        /answered 403\. Its secrets are deleted, and it is not\. .* role api_keys_manage/,
      )
      scene.incident.faults.clear()
      expect(statusesOf(await reconcile(scene, manifestOf(GONE)))).toEqual(['Exporter: deleted'])
      expectGone(scene)
    }, FAST))
})

describe('a managing key that incident.io takes no more', () => {
  const [POST, PUT, DELETE] = ['POST', 'PUT', 'DELETE'] as const
  test.each([
    ['rotate', POST, DEPLOY, 'Nothing was changed.'],
    ['make', POST, NEW, 'Nothing was changed.'],
    ['update', PUT, { ...DEPLOY, comments: 'New' }, 'It was not rotated.'],
    ['delete', DELETE, { ...DEPLOY, state: 'absent' }, 'Its secrets are deleted, and it is not.'],
  ])('to %s one is told as that, and a re-run with its reason', (goal, method, entry, consequence) =>
    play(async (scene) => {
      const body = { type: 'authentication_error', status: 401, request_id: 'abc' }
      scene.incident.faults.add({
        method,
        path: /api_keys/,
        times: ALWAYS,
        fault: { kind: 'status', status: 401, body },
      })
      const first = onlyError(await reconcile(scene, manifestOf(entry)))
      expect(first).toMatch(new RegExp(`^Could not ${goal} the API key .* answered 401 .*request_id abc`))
      expect(first).toMatch(/"incident-api-key" is wrong, deleted or replaced .* with the role api_keys_manage\./)
      expect(first).toContain(consequence)
      expect(first).not.toMatch(/re-run|Check its roles/)
      const again = onlyError(await reconcile(scene, manifestOf(entry), { env: { GITHUB_RUN_ATTEMPT: '2' } }))
      expect(again).toMatch(/This is a re-run, .*: start a new run instead\./)
      expect(again).not.toContain('Run again')
    }, FAST),
  )
})

describe('a write that fails for good', () => {
  const THREE = manifestOf(DEPLOY, { name: 'Second', secret: 'SECOND' }, NEW)
  async function fail(scene: Scene) {
    const second = addKey(scene, 'Second', 'SECOND')
    scene.github.faults.add({ method: 'PUT', path: /SECOND$/, times: ALWAYS, fault: FORBIDDEN })
    const main = await reconcile(scene, THREE)
    expect([main.exitCode, main.outputs.status]).toEqual([1, 'failed'])
    expect(statusesOf(main)).toEqual(['CI deploy key: rotated', 'Second: failed', 'New: created'])
    expect(errorsOf(main)).toEqual([expect.stringMatching(/^Could not write SECOND in octo\/app: .*403.* dies at 2/)])
    expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    expectHolds(scene, idOf(scene, 'New'), 'NEW')
    return { main, second }
  }

  test('on one key: the post step tries again, and writes what was sealed', () =>
    play(async (scene) => {
      const { main, second } = await fail(scene)
      const stillFailing = await finish(scene, main)
      expect([stillFailing.exitCode, errorsOf(stillFailing)]).toEqual([1, [expect.stringContaining('SECOND')]])
      scene.github.faults.clear()
      const post = await finish(scene, main)
      expect([post.exitCode, post.log]).toEqual([0, ['SECOND in octo/app: updated']])
      expect(rotations(scene)).toHaveLength(2)
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('on one key: the next run heals that one alone', () =>
    play(async (scene) => {
      const { second } = await fail(scene)
      scene.github.faults.clear()
      const before = changesAt(scene).length
      const next = await reconcile(scene, THREE)
      expect([errorsOf(next), statusesOf(next)]).toEqual([
        [],
        ['CI deploy key: unchanged', 'Second: rotated', 'New: unchanged'],
      ])
      expect(changesAt(scene)).toHaveLength(before + 1)
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('on the first token of a new key: the next run heals it', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', path: /NEW$/, times: ALWAYS, fault: FORBIDDEN })
      const main = await reconcile(scene, manifestOf(NEW))
      expect([main.exitCode, errorsOf(main)]).toEqual([
        1,
        [expect.stringMatching(/^Could not write NEW .*The key was made, and this secret does not exist yet\. /)],
      ])
      // It was not filled.
      expect(keysOf(main)[0]?.steps).toEqual(['make the key with viewer'])
      scene.github.faults.clear()
      const next = await reconcile(scene, manifestOf(NEW))
      expect([errorsOf(next), statusesOf(next), creations(scene).length]).toEqual([[], ['New: rotated'], 1])
      expectHolds(scene, idOf(scene, 'New'), 'NEW')
    }, FAST))
})

describe('while several keys are worked on', () => {
  const THREE = manifestOf(DEPLOY, { name: 'Second', secret: 'SECOND' }, { name: 'Third', secret: 'THIRD' })
  const addTwo = (scene: Scene) => [addKey(scene, 'Second', 'SECOND'), addKey(scene, 'Third', 'THIRD')] as const
  const sentFor = (scene: Scene, id: string) => rotations(scene).filter(({ path }) => path.includes(id)).length

  test.each([
    ['and writes nothing', false],
    ['and its token is written over', true],
  ])('another rotation of one of them %s: that one is rotated again, and no other', (_, writesToo) =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      let done = false
      scene.github.onRequest = async ({ method, path }) => {
        if (done || method !== 'PUT' || !path.endsWith('SECOND')) return
        done = true
        const rotate = client(scene.incident.url, scene.managingToken)
        const { body } = await rotate('POST', `/v1/api_keys/${second.id}/actions/rotate`, { grace_period_minutes: 30 })
        if (writesToo) scene.github.setSecret(scene.repository, 'SECOND', body.token)
      }
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(warningsOf(result)).toContainEqual(
        expect.stringMatching(/^"Second": Something else rotated the key during this run/),
      )
      // One of the three is the other one's.
      expect([sentFor(scene, scene.key.id), sentFor(scene, second.id), sentFor(scene, third.id)]).toEqual([1, 3, 1])
      for (const [id, secret] of [
        [scene.key.id, 'INCIDENT_API_KEY'],
        [second.id, 'SECOND'],
        [third.id, 'THIRD'],
      ] as const) {
        expectHolds(scene, id, secret)
      }
    }, FAST),
  )

  test('a public key that is replaced is fetched again, and every value sealed anew', () =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      let replaced = false
      scene.incident.onRequest = ({ path }) => {
        if (replaced || !path.endsWith('/rotate')) return
        replaced = true
        scene.github.replaceKeyPair(scene.repository)
      }
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode, rotations(scene).length]).toEqual([[], 0, 3])
      expect(
        writes(scene)
          .map(({ status }) => status)
          .toSorted(),
      ).toEqual([204, 204, 204, 422, 422, 422])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
      expectHolds(scene, second.id, 'SECOND')
      expectHolds(scene, third.id, 'THIRD')
    }, FAST))

  test('a rotation whose answer is lost is done again, and no other key hears of it', () =>
    play(async (scene) => {
      const [second, third] = addTwo(scene)
      scene.incident.faults.add({ path: new RegExp(`${second.id}/actions`), fault: { kind: 'reset', when: 'after' } })
      const result = await reconcile(scene, THREE)
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^"Second": A token was issued and lost/)])
      expect([sentFor(scene, scene.key.id), sentFor(scene, second.id), sentFor(scene, third.id)]).toEqual([1, 2, 1])
      expectHolds(scene, second.id, 'SECOND')
    }, FAST))

  test('a rotation that is refused stops no other, and leaves nothing to finish', () =>
    play(async (scene) => {
      const [second] = addTwo(scene)
      const fault: Fault = { kind: 'status', status: 403, body: BODY }
      scene.incident.faults.add({ path: new RegExp(`${second.id}/actions`), times: ALWAYS, fault })
      const result = await reconcile(scene, THREE)
      expect([result.exitCode, statusesOf(result)]).toEqual([
        1,
        ['CI deploy key: rotated', 'Second: failed', 'Third: rotated'],
      ])
      expect(shownBy(result)).not.toContain(MARK)
      const post = await finish(scene, result)
      expect([post.exitCode, post.raw]).toEqual([0, ''])
    }, FAST))

  test('a key that cannot be looked at stops no other', () =>
    play(async (scene) => {
      addTwo(scene)
      scene.github.faults.add({ method: 'GET', path: /secrets\/SECOND$/, times: ALWAYS, fault: FORBIDDEN })
      const result = await reconcile(scene, THREE)
      expect([result.exitCode, statusesOf(result)]).toEqual([
        1,
        ['CI deploy key: rotated', 'Second: failed', 'Third: rotated'],
      ])
      expect(rotations(scene)).toHaveLength(2)
    }, FAST))
})
