import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, play, rotations, warningsOf } from './helpers.ts'
import { expectWell, ours, PUT, rotateElsewhere, TWO, when } from './rivals.ts'

const MINUTE = 60_000
const SHOW = /\/v1\/api_keys\/\w+$/

/** Changes how the dates in a body of incident.io are spelled: they have microseconds. */
function spelled(spell: (date: string) => string): Fault {
  const change = (answer: Answer): Answer => {
    const text = JSON.stringify(answer.body)
    return { ...answer, body: JSON.parse(text.replace(/\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z/g, spell)) }
  }
  return { kind: 'answer', change }
}

const toNanoseconds = (date: string) => date.replace('Z', '499Z')
/** Rounds up to the unit of the last of so many digits. */
const roundedUp = (digits: number) => (date: string) => {
  const [, seconds = '', fraction = ''] = /^(.*)\.(\d+)Z$/.exec(date) ?? []
  const units = Number(fraction.slice(0, digits)) + 1
  const carry = units === 10 ** digits
  const at = new Date(Date.parse(`${seconds}Z`) + (carry ? 1000 : 0)).toISOString().slice(0, 19)
  return `${at}.${String(carry ? 0 : units).padStart(digits, '0')}Z`
}

describe('one date in two spellings is no other rotation', () => {
  test.each<[string, (date: string) => string, (date: string) => string]>([
    ['nanoseconds, shown as microseconds that are rounded up', toNanoseconds, roundedUp(6)],
    ['microseconds, shown as milliseconds that are rounded up', (date) => date, roundedUp(3)],
    ['microseconds, shown as milliseconds that are cut', (date) => date, (date) => date.replace(/\d{3}Z/, 'Z')],
  ])('%s', (_, rotated, shown) =>
    play(async (scene) => {
      scene.incident.faults.add({ method: 'POST', path: /rotate$/, times: ALWAYS, fault: spelled(rotated) })
      scene.incident.faults.add({ method: 'GET', path: SHOW, times: ALWAYS, fault: spelled(shown) })
      const result = await scene.rotate()
      expect([errorsOf(result), warningsOf(result), rotations(scene).length]).toEqual([[], [], 1])
      expectCurrent(scene)
    }),
  )

  test('nanoseconds that the post step finds as rounded microseconds', () =>
    play(async (scene) => {
      scene.incident.faults.add({ method: 'POST', path: /rotate$/, times: ALWAYS, fault: spelled(toNanoseconds) })
      scene.incident.faults.add({ method: 'GET', path: SHOW, times: ALWAYS, fault: spelled(roundedUp(6)) })
      scene.github.faults.add({ method: 'PUT', times: ALWAYS, fault: { kind: 'reset', when: 'before' } })
      const main = await scene.rotate({ with: { 'grace-period-minutes': '1' } })
      expect(main.exitCode).toBe(1)
      scene.github.faults.clear()
      const post = await scene.finish(main)
      expect([errorsOf(post), post.exitCode, rotations(scene).length]).toEqual([[], 0, 1])
      expectCurrent(scene)
    }, FAST))
})

/** Gives the responses of a service a date of so many minutes ago. */
function dateOf({ clock }: Scene, minutesAgo: number, age?: string): Fault {
  const change = (answer: Answer): Answer => {
    const date = new Date(clock.now() - minutesAgo * MINUTE).toUTCString()
    return { ...answer, headers: { ...answer.headers, date, ...(age !== undefined && { age }) } }
  }
  return { kind: 'answer', change }
}

describe('a stale secret is repaired although dates come from a cache', () => {
  /** The key was rotated ten minutes after its secret was written. */
  function makeStale({ incident, key, github, repository, secret, clock }: Scene): void {
    github.setSecret(repository, secret, key.token, new Date(clock.now() - 10 * MINUTE))
    incident.rotateKey(key.id, 60)
  }

  test.each<[string, 'github' | 'incident', (scene: Scene) => Fault, RegExp]>([
    ['of GitHub that come with their age', 'github', (scene) => dateOf(scene, 20, '1200'), /./],
    ['of GitHub for its secrets, without an age', 'github', (scene) => dateOf(scene, 20), /secrets/],
    ['of GitHub in every response, without an age', 'github', (scene) => dateOf(scene, 20), /./],
    ['of GitHub with an age, so that it gives none of its own', 'github', (scene) => dateOf(scene, 0, '0'), /./],
  ])('%s', (_, service, fault, path) =>
    play(async (scene) => {
      makeStale(scene)
      scene[service].faults.add({ method: 'GET', path, times: ALWAYS, fault: fault(scene) })
      const result = await scene.rotate({ with: { 'min-token-age': '30d' } })
      expect([errorsOf(result), result.outputs.status]).toEqual([[], 'rotated'])
      expectCurrent(scene)
    }),
  )
})

test('the date of an error page, whose clock is a proxy’s, makes no current secret stale', () =>
  play(async (scene) => {
    scene.github.faults.add({ path: /PROBE/, fault: dateOf(scene, -60) })
    const result = await scene.rotate({ with: { 'min-token-age': '90d' } })
    expect([errorsOf(result), result.outputs.status]).toEqual([[], 'skipped'])
  }))

describe('our own write counts as ours', () => {
  test.each([1000, 3000, 5000])("although GitHub's Date is %d ms behind its updated_at", (lag) =>
    play(async (scene) => {
      scene.github.dateLag = lag
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      const result = await scene.rotate({ with: TWO })
      expectWell(scene, result)
      expect(ours(scene)).toHaveLength(2)
    }, FAST),
  )

  test('although it is stored 1.5 s after its 204', () =>
    play(async (scene) => {
      const answer = { status: 204, headers: {}, body: undefined }
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'late', ms: scene.clock.realDelay(1500), answer } })
      when(scene, 'github', PUT, () => rotateElsewhere(scene))
      const result = await scene.rotate()
      expect([errorsOf(result), ours(scene).length]).toEqual([[], 2])
      expectCurrent(scene)
    }, FAST))
})
