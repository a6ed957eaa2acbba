import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { FAST, onlyError, play, warningsOf, writes } from './helpers.ts'
import {
  currentOnes,
  expectWell,
  ONE,
  ours,
  PUT,
  pass,
  resultsOf,
  rotateElsewhere,
  SECRETS,
  SHOW,
  TWO,
  when,
} from './rivals.ts'

const RACE = expect.stringMatching(/^Something else rotated the key during this run, at 2/)

/** The other one writes its token, by default into both. */
function writeTheirs({ github, repository }: Scene, token: string, secrets = SECRETS, at?: Date): void {
  for (const secret of secrets) github.setSecret(repository, secret, token, at)
}

describe('another rotation between ours and the writes', () => {
  test('that wrote before us: ours is written over theirs, so the key is rotated again', () =>
    play(async (scene) => {
      when(scene, 'github', PUT, async () => writeTheirs(scene, await rotateElsewhere(scene)))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('that never writes: the key is rotated again', () =>
    play(async (scene) => {
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('that wrote after us: theirs stays, and nothing is rotated again', () =>
    play(async (scene) => {
      let token = ''
      when(scene, 'github', PUT, async () => {
        token = await rotateElsewhere(scene)
      })
      // The second look is behind the pause.
      when(
        scene,
        'incident',
        SHOW,
        () => {},
        () => writeTheirs(scene, token),
      )
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(1)
      expect(writes(scene)).toHaveLength(2)
      expect(warningsOf(result)).toContainEqual(RACE)
      const issuedAt = scene.incident.tokensOf(scene.key.id).at(-1)?.issuedAt ?? 0
      expect(Date.parse(result.outputs['token-issued-at'] ?? '')).toBe(Math.floor(issuedAt))
    }, FAST))

  test('that wrote one of two destinations after us: the key is rotated again', () =>
    play(async (scene) => {
      let token = ''
      when(scene, 'github', PUT, async () => {
        token = await rotateElsewhere(scene)
      })
      when(
        scene,
        'incident',
        SHOW,
        () => {},
        () => writeTheirs(scene, token, ['SECOND']),
      )
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('that wrote after us in the same second counts as written over', () =>
    play(async (scene) => {
      let token = ''
      when(scene, 'github', PUT, async () => {
        token = await rotateElsewhere(scene)
      })
      const second = () => new Date(scene.github.secret(scene.repository, 'SECOND')?.updatedAt ?? 0)
      when(scene, 'incident', SHOW, () => writeTheirs(scene, token, SECRETS, second()))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('that ends all earlier tokens at once: ours counts as lost', () =>
    play(async (scene) => {
      when(scene, 'github', PUT, () => rotateElsewhere(scene, 0))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))
})

describe('another rotation', () => {
  test('just before ours is superseded by it', () =>
    play(async (scene) => {
      let token = ''
      const rotate = async () => {
        scene.incident.onRequest = () => {}
        token = await rotateElsewhere(scene)
      }
      when(scene, 'incident', /\/rotate$/, rotate)
      when(scene, 'github', PUT, () => writeTheirs(scene, token))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(1)
      expect(warningsOf(result)).not.toContainEqual(RACE)
    }, FAST))

  test('after our writes, which is not written: the key is rotated again', () =>
    play(async (scene) => {
      when(scene, 'incident', SHOW, () => rotateElsewhere(scene))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('after our writes, which is written: theirs stays', () =>
    play(async (scene) => {
      const write = async () => {
        const token = await rotateElsewhere(scene)
        // Within 2 s it would count as ours.
        await pass(scene, 3100)
        writeTheirs(scene, token)
      }
      when(scene, 'incident', SHOW, write)
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(1)
    }, FAST))

  test('that is followed by one more, and only the first one is written: the key is rotated again', () =>
    play(async (scene) => {
      const first = async () => {
        const token = await rotateElsewhere(scene)
        // Within 2 s it would count as ours.
        await pass(scene, 3100)
        writeTheirs(scene, token)
      }
      // The date of a copy tells no more than two seconds.
      const second = async () => {
        await pass(scene, 3000)
        await rotateElsewhere(scene)
      }
      when(scene, 'incident', SHOW, first, second)
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))

  test('twice in a row is answered twice', () =>
    play(async (scene) => {
      const rotate = () => rotateElsewhere(scene)
      when(scene, 'incident', SHOW, rotate, () => {}, rotate)
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(3)
      expect(new Set(ours(scene).map(({ requestBody }) => JSON.stringify(requestBody))).size).toBe(1)
    }, FAST))

  test('is told with its date, and of two tokens that were given up only the one whose answer was lost counts as lost', () =>
    play(async (scene) => {
      scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'reset', when: 'after' } })
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      const result = await scene.rotate()
      expectWell(scene, result, ONE)
      expect(ours(scene)).toHaveLength(3)
      const theirs = new Date(scene.incident.tokensOf(scene.key.id).at(-2)?.issuedAt ?? 0).toISOString()
      expect(warningsOf(result)).toEqual([RACE, expect.stringMatching(/^A token was issued and lost on the way/)])
      expect(warningsOf(result)[0]).toContain(theirs.replace('Z', ''))
    }, FAST))
})

describe('another rotation again and again', () => {
  /** It comes before every look at the key, and never writes; then it comes no more. */
  async function lose(scene: Scene): Promise<StepResult> {
    const rotate = () => rotateElsewhere(scene)
    when(scene, 'incident', SHOW, ...Array.from({ length: 20 }, () => rotate))
    const result = await scene.rotate({ with: TWO })
    when(scene, 'incident', SHOW)
    return result
  }

  test('is answered by three rotations of ours, and an error with the remedy', () =>
    play(async (scene) => {
      const result = await lose(scene)
      expect(onlyError(result)).toMatch(
        /^Could not keep the new token .*something else rotates this key.*3 rotations.*Let one workflow alone rotate this key.*"force: true"/,
      )
      expect(ours(scene)).toHaveLength(3)
      expect(result.outputs.rotated).toBe('true')
      expect(resultsOf(result)).toEqual(['stale', 'stale'])
      expect(result.summary).toContain('stale: holds an older token')
      expect(currentOnes(scene)).toEqual([])
      expectWell(scene, await scene.rotate({ with: { ...TWO, force: 'true' } }))
    }, FAST))

  test('that has ended when the post step begins: it rotates once more', () =>
    play(async (scene) => {
      const post = await scene.finish(await lose(scene), { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
      expect(ours(scene)).toHaveLength(4)
    }, FAST))
})

describe('another rotation that never writes, and a remedy that fails', () => {
  test.each([503, 403])('with %p: the main step says that copies look new, and the post step mends them', (status) =>
    play(async (scene) => {
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      // Behind ours and theirs.
      const fault = { kind: 'status', status, body: {} } as const
      scene.incident.faults.add({ path: /\/rotate$/, skip: 2, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate({ with: TWO })
      expect(onlyError(result)).toMatch(/^Could not rotate .* although they look new: run again with "force: true"\.$/)
      expect([result.outputs.rotated, resultsOf(result), currentOnes(scene)]).toEqual([
        'true',
        ['stale', 'missing'],
        [],
      ])
      scene.incident.faults.clear()
      const post = await scene.finish(result, { with: TWO })
      expect([post.exitCode, currentOnes(scene)]).toEqual([0, SECRETS])
    }, FAST),
  )
})

describe('after the writes', () => {
  const broken = { kind: 'status', status: 503, body: {} } as const

  test('a key that cannot be shown is no success, and nothing is lost', () =>
    play(async (scene) => {
      const path = /\/v1\/api_keys\/\w+$/
      scene.incident.faults.add({ method: 'GET', path, times: Number.POSITIVE_INFINITY, fault: broken })
      const result = await scene.rotate({ with: TWO })
      expect(onlyError(result)).toMatch(/^Could not confirm the new token .* to be sure, run again with "force: true"/)
      expect(resultsOf(result)).toEqual(['updated', 'created'])
      expect(currentOnes(scene)).toEqual(SECRETS)
      expect(ours(scene)).toHaveLength(1)
      scene.incident.faults.clear()
      const post = await scene.finish(result)
      expect([post.exitCode, post.log, post.annotations]).toEqual([0, [], []])
    }, FAST))

  test('a key that cannot be shown and that something else has rotated: the post step rotates it once more', () =>
    play(async (scene) => {
      const path = /\/v1\/api_keys\/\w+$/
      when(scene, 'github', PUT, async () => {
        await rotateElsewhere(scene)
        scene.incident.faults.add({ method: 'GET', path, times: Number.POSITIVE_INFINITY, fault: broken })
      })
      const main = await scene.rotate()
      expect(onlyError(main)).toMatch(/^Could not confirm/)
      expect(currentOnes(scene, ONE)).toEqual([])
      scene.incident.faults.clear()
      expect((await scene.finish(main)).exitCode).toBe(0)
      expect(currentOnes(scene, ONE)).toEqual(ONE)
    }, FAST))

  test('a key that can be shown a little later is waited for', () =>
    play(async (scene) => {
      scene.incident.faults.add({ method: 'GET', path: /\/v1\/api_keys\/\w+$/, times: 3, fault: broken })
      expectWell(scene, await scene.rotate({ with: TWO }))
      expect(ours(scene)).toHaveLength(1)
    }, FAST))

  test('a copy that cannot be looked at may be superseded: the key is rotated again', () =>
    play(async (scene) => {
      const write = async () => {
        const token = await rotateElsewhere(scene)
        // Within 2 s it would count as ours.
        await pass(scene, 3100)
        writeTheirs(scene, token)
        const path = /secrets\/SECOND$/
        scene.github.faults.add({ method: 'GET', path, times: 2, fault: { ...broken, status: 404 } })
      }
      when(scene, 'incident', SHOW, write)
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST))
})
