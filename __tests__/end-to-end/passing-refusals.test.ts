import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, onlyError, play, rotations, writes } from './helpers.ts'
import { expectWell, TWO } from './rivals.ts'

const PUT = { method: 'PUT', path: /\/actions\/secrets\// }
const refused = (status: number, message: string): Fault => ({ kind: 'status', status, body: { message } })

const REFUSALS: [string, Fault][] = [
  [
    'a redirect to another host',
    { kind: 'status', status: 302, headers: { location: 'https://example.com' }, body: '' },
  ],
  ['400', refused(400, 'Problems parsing JSON')],
  ['401', refused(401, 'Bad credentials')],
  ['403', refused(403, 'Resource not accessible by personal access token')],
  ['404', refused(404, 'Not Found')],
  ['409', refused(409, 'Conflict')],
  ['422', refused(422, 'Validation Failed')],
]

describe('a write that is refused once after the rotation is repeated', () => {
  test.each(REFUSALS)('%s', (_, fault) =>
    play(async (scene) => {
      scene.github.faults.add({ ...PUT, fault })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '15' } })
      expect([errorsOf(result), rotations(scene).length, writes(scene).length]).toEqual([[], 1, 2])
      expectCurrent(scene)
    }, FAST),
  )

  test.each(REFUSALS)('by the post step too: %s', (_, fault) =>
    play(async (scene) => {
      scene.github.faults.add({ ...PUT, times: ALWAYS, fault: { kind: 'reset', when: 'before' } })
      const main = await scene.rotate({ with: { 'grace-period-minutes': '1' } })
      scene.github.faults.clear()
      scene.github.faults.add({ ...PUT, fault })
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 1])
      expectCurrent(scene)
    }, FAST),
  )
})

describe('a write that stays refused', () => {
  test.each([
    ['for 2 min with a long grace period', '15', 100_000, 130_000],
    ['until 30 s before the old token expires', '2', 70_000, 95_000],
    ['for 30 s at least', '0', 20_000, 40_000],
  ])('is repeated %s', (_, minutes, least, most) =>
    play(async (scene) => {
      scene.github.faults.add({ ...PUT, times: ALWAYS, fault: refused(403, 'Forbidden') })
      expect(onlyError(await scene.rotate({ with: { 'grace-period-minutes': minutes } }))).toContain('Forbidden')
      const [first, last] = [writes(scene).at(0)?.at ?? 0, writes(scene).at(-1)?.at ?? 0]
      expect(last - first).toBeGreaterThan(least)
      expect(last - first).toBeLessThan(most)
    }, FAST),
  )

  test('with a 422 is written three times at most, each time after the public key was fetched again', () =>
    play(async (scene) => {
      scene.github.faults.add({ ...PUT, times: ALWAYS, fault: refused(422, 'Validation Failed') })
      expect(onlyError(await scene.rotate())).toContain('422')
      expect(writes(scene)).toHaveLength(3)
      const keys = scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))
      expect(keys).toHaveLength(3)
    }, FAST))

  test('does not keep another one from being written', () =>
    play(async (scene) => {
      scene.github.faults.add({ method: 'PUT', path: /SECOND$/, times: ALWAYS, fault: refused(403, 'Forbidden') })
      const result = await scene.rotate({ with: TWO })
      expect(onlyError(result)).toContain('SECOND')
      expectCurrent(scene)
    }, FAST))
})

test('a place that is refused for good after a 401 keeps no other one waiting', () =>
  play(async (scene) => {
    const { github, repository, key, secret } = scene
    github.setSecret(repository, 'SECOND', key.token, new Date(0))
    github.faults.add({ ...PUT, times: 2, fault: refused(401, 'Bad credentials') })
    github.faults.add({ method: 'PUT', path: /INCIDENT_API_KEY$/, times: ALWAYS, fault: refused(403, 'Forbidden') })
    expect(onlyError(await scene.rotate({ with: { ...TWO, force: 'true' } }))).toContain('Forbidden')
    const [, , again] = writes(scene)
    expect(again?.path).toMatch(new RegExp(`${secret}$`))
    const written = writes(scene).find(({ status }) => status === 204)
    expect((written?.at ?? Number.POSITIVE_INFINITY) - (again?.at ?? 0)).toBeLessThan(30_000)
  }, FAST))

test('after a 401 one request of the credential asks again, and the others wait for it', () =>
  play(async (scene) => {
    const names = Array.from({ length: 8 }, (_, index) => `KEY_${index}`)
    const destinations = names.map((name) => `repository as ${name}`).join('\n')
    for (const name of names) scene.github.setSecret(scene.repository, name, scene.key.token, new Date(0))
    // All are under way when the first is refused, and three more requests are.
    scene.github.faults.add({ ...PUT, times: names.length + 3, fault: refused(401, 'Bad credentials') })
    const result = await scene.rotate({ with: { destinations, force: 'true' } })
    expectWell(scene, result, names)
    expect(writes(scene)).toHaveLength(2 * names.length + 3)
    const again = writes(scene).slice(names.length, names.length + 4)
    expect(new Set(again.map(({ path }) => path)).size).toBe(1)
  }, FAST))
