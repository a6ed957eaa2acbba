import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  FAST,
  onlyError,
  play,
  rotations,
  warningsOf,
  writes,
} from './helpers.ts'

const ROTATE = { method: 'POST', path: /\/actions\/rotate$/ }
const PUT = { method: 'PUT', path: /\/actions\/secrets\// }
const LOOKS = [
  ['identity', 'incident', /^\/v1\/identity$/],
  ['the list of keys', 'incident', /^\/v1\/api_keys$/],
  ['the public key', 'github', /\/public-key$/],
  ['the secret', 'github', /\/secrets\/INCIDENT_API_KEY$/],
  ['the probe', 'github', /PROBE/],
] as const

const PASSING: Record<string, Fault> = {
  'status 500': { kind: 'status', status: 500, body: { message: 'oops' } },
  '502 with HTML': { kind: 'status', status: 502, body: '<html>Bad gateway</html>' },
  '429 with retry-after': { kind: 'status', status: 429, headers: { 'retry-after': '2' }, body: {} },
  'a reset': { kind: 'reset', when: 'before' },
  'a cut-off body': { kind: 'cut-off' },
  'an unreadable body': { kind: 'unreadable' },
}

describe('one fault while looking is waited out', () => {
  for (const [what, service, path] of LOOKS) {
    test.each(Object.entries(PASSING))(`${what}: %s`, (_, fault) =>
      play(async (scene) => {
        scene[service].faults.add({ path, fault })
        const result = await scene.rotate()
        expect(result.exitCode).toBe(0)
        expect(rotations(scene)).toHaveLength(1)
        expectCurrent(scene)
      }, FAST),
    )
  }
})

describe('a fault that stays while looking ends the run with nothing changed', () => {
  for (const [what, service, path] of LOOKS.slice(0, 4)) {
    test.each<[string, Fault]>([
      ['status 503', { kind: 'status', status: 503, body: '<html>' }],
      ['a reset', { kind: 'reset', when: 'before' }],
    ])(`${what}: %s`, (_, fault) =>
      play(async (scene) => {
        scene[service].faults.add({ path, fault, times: Number.POSITIVE_INFINITY })
        expect(onlyError(await scene.rotate())).toMatch(/^Could not .*(503|no answer)/)
        expectUntouched(scene)
      }, FAST),
    )
  }
})

test('a wait that is longer than half a minute is not begun before the rotation', () =>
  play(async (scene) => {
    const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '31536000' }, body: {} }
    scene.incident.faults.add({ path: /api_keys/, fault, times: Number.POSITIVE_INFINITY })
    expect(onlyError(await scene.rotate())).toContain('429')
    expect(scene.incident.journal.filter(({ path }) => path === '/v1/api_keys')).toHaveLength(1)
    expectUntouched(scene)
  }))

describe('a rotation whose outcome is unknown', () => {
  const NOTHING_HAPPENED: Record<string, Fault> = {
    'status 500': { kind: 'status', status: 500, body: {} },
    'a reset before it took effect': { kind: 'reset', when: 'before' },
    'a hang before it took effect': { kind: 'hang', when: 'before' },
  }
  test.each(Object.entries(NOTHING_HAPPENED))('%s: the key is shown, and it is sent again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault })
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
      expect(warningsOf(result)).toEqual([])
      expectCurrent(scene)
    }, FAST),
  )

  const TOKEN_LOST: Record<string, Fault> = {
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang after it took effect': { kind: 'hang', when: 'after' },
    'a body that was cut off': { kind: 'cut-off' },
    'a body that cannot be read': { kind: 'unreadable' },
    'an error after it took effect': { kind: 'status', status: 502, body: '<html>', afterEffect: true },
    'an answer without a token': {
      kind: 'answer',
      change: (answer) => ({ ...answer, body: { ...(answer.body as object), token: null } }),
    },
  }
  test.each(Object.entries(TOKEN_LOST))('%s: the token is lost, and the key is rotated again', (_, fault) =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '20' } })
      expect(result.exitCode).toBe(0)
      const tokens = scene.incident.tokensOf(scene.key.id)
      expect(tokens).toHaveLength(3)
      expect(rotations(scene).map(({ requestBody }) => requestBody)).toEqual([
        { grace_period_minutes: 20 },
        { grace_period_minutes: 20 },
      ])
      expect(warningsOf(result)).toEqual([expect.stringContaining('A token was issued and lost')])
      // The jobs in flight hold the first token, whose grace began with the lost rotation.
      const dies = Date.parse(result.outputs['old-token-expires-at'] ?? '')
      expect(Math.abs(dies - (tokens[0]?.expiresAt ?? 0))).toBeLessThan(2)
      expectCurrent(scene)
    }, FAST),
  )

  test('three rotations without a token, and no more', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'reset', when: 'after' }, times: Number.POSITIVE_INFINITY })
      const result = await scene.rotate()
      expect(onlyError(result)).toMatch(
        /3 rotations ended without a token .* Run again\. .* a token that nobody holds, .* dies at 2/,
      )
      const dies = Date.parse(result.outputs['old-token-expires-at'] ?? '')
      expect(Math.abs(dies - (scene.incident.tokensOf(scene.key.id)[0]?.expiresAt ?? 0))).toBeLessThan(2)
      expect(result.outputs.rotated).toBe('true')
      expect(JSON.parse(result.outputs.destinations ?? '')[0].result).toBe('stale')
      expect(rotations(scene)).toHaveLength(3)
      scene.incident.faults.clear()
      expect((await scene.rotate()).exitCode).toBe(0)
      expectCurrent(scene)
    }, FAST))

  const MARK = 'only-for-the-eyes-of-the-service'
  const errorWith = (requestId: string): Fault => {
    const body = { type: 'api_error', status: 500, request_id: requestId, errors: [{ code: 'x', message: MARK }] }
    return { kind: 'status', status: 500, body }
  }
  const withoutToken: Fault = {
    kind: 'answer',
    change: (answer) => ({ ...answer, body: { request_id: 'req-last', errors: [MARK] } }),
  }
  test.each<[string, Fault[], string]>([
    ['errors', [errorWith('req-1'), errorWith('req-last')], ' (incident.io request_id req-last). '],
    ['answers without a token', [withoutToken], ' (incident.io request_id req-last). '],
    ['an error, and no answer at last', [errorWith('a'), { kind: 'reset', when: 'before' }], '). Run'],
    ['an id that is none', [errorWith('a'), errorWith(`${MARK}_`)], '). Run again.'],
  ])('%s: of the last answer the id is told, and nothing else', (_, faults, told) =>
    play(async (scene) => {
      for (const [index, fault] of faults.entries()) {
        scene.incident.faults.add({ ...ROTATE, fault, times: index === faults.length - 1 ? ALWAYS : 1 })
      }
      const result = await scene.rotate()
      expect(onlyError(result)).toContain(told)
      expect(onlyError(result)).toMatch(/no token was issued in time|3 rotations ended without a token/)
      expect(`${result.raw}${result.summary}${JSON.stringify(result.outputs)}`).not.toContain(MARK)
    }, FAST),
  )

  test('and a key that cannot be shown is not rotated blindly', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'reset', when: 'after' } })
      const silent: Fault = { kind: 'reset', when: 'before' }
      scene.incident.faults.add({ path: /\/v1\/api_keys\/\w+$/, fault: silent, times: Number.POSITIVE_INFINITY })
      expect(onlyError(await scene.rotate())).toMatch(/the key could not be shown .* Run again/)
      expect(rotations(scene)).toHaveLength(1)
      scene.incident.faults.clear()
      expect((await scene.rotate()).exitCode).toBe(0)
      expectCurrent(scene)
    }, FAST))

  test('the same date in another spelling has not moved', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'status', status: 500, body: {} } })
      const spell = (text: string) => text.replace(/(\.\d{3})\d{3}Z/g, '$1+00:00')
      const change = (answer: Answer) => ({ ...answer, body: JSON.parse(spell(JSON.stringify(answer.body))) })
      const shown = { kind: 'answer', change } as const
      scene.incident.faults.add({ path: /\/v1\/api_keys\/\w+$/, fault: shown, times: Number.POSITIVE_INFINITY })
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(warningsOf(result)).toEqual([])
    }, FAST))

  test('an answer without a usable date is completed by a look at the key', () =>
    play(async (scene) => {
      const change = (answer: Answer) => ({ ...answer, body: { token: (answer.body as { token: string }).token } })
      scene.incident.faults.add({ ...ROTATE, fault: { kind: 'answer', change } })
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      const issuedAt = scene.incident.tokensOf(scene.key.id).at(-1)?.issuedAt ?? 0
      expect(Date.parse(result.outputs['token-issued-at'] ?? '')).toBe(Math.floor(issuedAt))
      expectCurrent(scene)
    }))

  test('a limit is a refusal: the same request is sent again after the wait', () =>
    play(async (scene) => {
      scene.incident.faults.add({ ...ROTATE, fault: PASSING['429 with retry-after'] as Fault })
      expect((await scene.rotate()).exitCode).toBe(0)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
    }, FAST))
})

describe('a write is repeated until it holds', () => {
  // A write is answered without a body, so an unreadable one changes nothing.
  const { 'an unreadable body': _, ...broken } = PASSING
  const faults: Record<string, Fault> = {
    ...broken,
    'a secondary limit': {
      kind: 'status',
      status: 403,
      headers: { 'retry-after': '3' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    },
    'a reset after it took effect': { kind: 'reset', when: 'after' },
    'a hang': { kind: 'hang', when: 'before' },
  }
  test.each(Object.entries(faults))('%s, three times', (_, fault) =>
    play(async (scene) => {
      scene.github.faults.add({ ...PUT, fault, times: 3 })
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(writes(scene).length).toBeGreaterThan(1)
      expect(rotations(scene)).toHaveLength(1)
      expectCurrent(scene)
    }, FAST),
  )

  test('half a minute of it at least, when the grace period is 0', () =>
    play(async (scene) => {
      scene.github.faults.add({
        ...PUT,
        fault: { kind: 'status', status: 503, body: {} },
        times: Number.POSITIVE_INFINITY,
      })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '0' } })
      const dies = result.outputs['old-token-expires-at'] ?? '?'
      const error = onlyError(result)
      expect(error).toContain('Could not write INCIDENT_API_KEY in octo/app: GitHub answered 503')
      expect(error).toContain(dies)
      expect(error).toContain('run again')
      expect(result.outputs.rotated).toBe('true')
      expect(JSON.parse(result.outputs.destinations ?? '')[0]).toMatchObject({ result: 'failed', error })
      const sent = writes(scene).map(({ at }) => at)
      expect((sent.at(-1) ?? 0) - (sent[0] ?? 0)).toBeGreaterThan(29_000)
    }, FAST))

  test('a wait that ends after the old token is cut for one last attempt', () =>
    play(async (scene) => {
      const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '86400' }, body: {} }
      scene.github.faults.add({ ...PUT, fault })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '1' } })
      expect(result.exitCode).toBe(0)
      expectCurrent(scene)
    }, FAST))

  test('a secret that could not be made is told as missing, and one that could not be replaced as old', () =>
    play(async (scene) => {
      const fault: Fault = { kind: 'status', status: 403, body: { message: 'Forbidden' } }
      scene.github.faults.add({ ...PUT, times: Number.POSITIVE_INFINITY, fault })
      const destinations = 'repository\nrepository as NOT_YET'
      const [old, missing] = errorsOf(await scene.rotate({ with: { destinations } }))
      expect(old).toMatch(
        /write INCIDENT_API_KEY .*the old token that this secret still holds dies at 2.* this copy is older/,
      )
      expect(missing).toMatch(
        /write NOT_YET .*rotated, and this secret does not exist yet\. .* missing, rotates and fills it/,
      )
      expect(missing).not.toContain('dies at')
      scene.github.faults.clear()
      const next = await scene.rotate({ with: { destinations } })
      expect([errorsOf(next), next.outputs.status]).toEqual([[], 'rotated'])
    }, FAST))
})

describe('the new token is seen to work', () => {
  const refuseNewToken = (scene: Scene, times: number): void => {
    const fault: Fault = { kind: 'status', status: 401, body: {} }
    scene.incident.faults.add({ path: /identity/, skip: 1, times, fault })
  }

  test('a token that is known a little later is waited for', () =>
    play(async (scene) => {
      refuseNewToken(scene, 3)
      expect((await scene.rotate()).exitCode).toBe(0)
      expect(rotations(scene)).toHaveLength(1)
      expectCurrent(scene)
    }, FAST))

  test('a token that is refused for half a minute counts as lost', () =>
    play(async (scene) => {
      refuseNewToken(scene, Number.POSITIVE_INFINITY)
      let sent = 0
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate') && ++sent === 2) scene.incident.faults.clear()
      }
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(rotations(scene)).toHaveLength(2)
      expectCurrent(scene)
    }, FAST))

  test("a token that is refused each time is told with incident.io's id of the last refusal", () =>
    play(async (scene) => {
      const fault: Fault = { kind: 'status', status: 401, body: { request_id: 'req-of-the-proof' } }
      scene.incident.faults.add({ path: /identity/, skip: 1, times: Number.POSITIVE_INFINITY, fault })
      const error = onlyError(await scene.rotate())
      expect(error).toContain('incident.io refuses it, after 3 rotations (incident.io request_id req-of-the-proof). ')
      expect(rotations(scene)).toHaveLength(3)
    }, FAST))

  test('a token that nobody can vouch for is no success', () =>
    play(async (scene) => {
      const fault: Fault = { kind: 'reset', when: 'before' }
      scene.incident.faults.add({ path: /identity/, skip: 1, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate()
      expect(onlyError(result)).toMatch(/see at work the new token .* run again with force: true/)
      expect(rotations(scene)).toHaveLength(1)
      expectCurrent(scene)
    }, FAST))
})
