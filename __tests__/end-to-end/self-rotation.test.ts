import { describe, expect, test } from '@jest/globals'
import type { Answer, Fault } from '../../sandbox/faults.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectMasked, expectUntouched, FAST, onlyError, play, refusal, rotations } from './helpers.ts'
import { currentOnes, expectWell, PUT, pass, rotateElsewhere, SHOW, when } from './rivals.ts'
import { graceSent } from './runs.ts'

const NAME = 'Key manager'
const MANAGER = 'INCIDENT_MANAGING_KEY'
const ITSELF = { 'key-name': NAME, 'secret-name': MANAGER }
const AT_ONCE = { ...ITSELF, 'grace-period-minutes': '0' }

/** The managing key is the one to rotate, and its secret holds its token. */
function ofItself(scene: Scene): Scene {
  const { incident, github, repository, managingToken } = scene
  const key = incident.keys().find(({ name }) => name === NAME)
  if (key === undefined) throw new Error('There is no managing key')
  github.setSecret(repository, MANAGER, managingToken, new Date(key.issuedAt + 5000))
  return { ...scene, key: { id: key.id, name: NAME, token: managingToken }, secret: MANAGER }
}

/** Whose token the requests to incident.io carry behind the first rotation: one entry each. */
function callersAfter({ incident, managingToken }: Scene): string[] {
  const { journal } = incident
  const at = journal.findIndex(({ path }) => path.endsWith('/rotate'))
  return journal.slice(at + 1).map(({ requestHeaders }) => {
    const token = requestHeaders.authorization?.replace(/^Bearer /, '') ?? ''
    return token === managingToken ? 'old' : (incident.keyOf(token)?.name ?? 'dead')
  })
}

/** Rotates the key itself, and is killed when the secret is about to be written. */
async function killedAtWrite(scene: Scene, block: Record<string, string>): Promise<StepResult> {
  let pid = 0
  scene.github.faults.add({ method: 'PUT', fault: { kind: 'hang', when: 'before' } })
  when(scene, 'github', PUT, () => process.kill(pid, 'SIGKILL'))
  const onStart = (started: number) => {
    pid = started
  }
  const main = await scene.rotate({ with: block, onStart })
  expect([main.signal, rotations(scene).length]).toEqual(['SIGKILL', 1])
  return main
}

describe('the managing key rotates itself', () => {
  test('with 60 minutes, and goes on with the new token', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      const result = await scene.rotate({ with: { ...ITSELF, 'min-grace-minutes': '5' } })
      expectWell(self, result, [MANAGER])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(result.summary).toContain('60 minutes (the managing key rotates itself)')
      expect(callersAfter(scene)).toEqual([NAME, NAME])
      expect(scene.incident.keyOf(scene.managingToken)?.name).toBe(NAME)
      expectMasked(scene, result)
    }))

  test.each<[string, string[]]>([
    ['fewer roles', ['api_keys_manage']],
    ['more roles', ['viewer', 'api_keys_manage', 'incident_creator', 'incident_editor', 'schedules_editor']],
  ])('also where incident.io tells of %s of who calls than of the key', (_, roles) =>
    play(async (scene) => {
      const self = ofItself(scene)
      const change = ({ body, ...answer }: Answer): Answer => {
        const { identity } = body as { identity: object }
        return { ...answer, body: { identity: { ...identity, roles } } }
      }
      scene.incident.faults.add({
        path: /\/identity$/,
        times: Number.POSITIVE_INFINITY,
        fault: { kind: 'answer', change },
      })
      const result = await scene.rotate({ with: { ...ITSELF, 'min-grace-minutes': '5' } })
      expectWell(self, result, [MANAGER])
      expect([graceSent(scene), result.annotations]).toEqual([[{ grace_period_minutes: 60 }], []])
      expect(callersAfter(scene)).toEqual([NAME, NAME])
    }),
  )

  test('and the next run, with the token that it wrote, has nothing to do', () =>
    play(async (scene) => {
      ofItself(scene)
      await scene.rotate({ with: ITSELF })
      const written = scene.github.secret(scene.repository, MANAGER)?.value ?? ''
      const result = await scene.rotate({ with: { ...ITSELF, 'incident-api-key': written } })
      expect(result.outputs.status).toBe('skipped')
    }))

  test('a number of minutes is obeyed', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      expectWell(self, await scene.rotate({ with: { ...ITSELF, 'grace-period-minutes': '10' } }), [MANAGER])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 10 }])
    }))

  test('a race behind the writes is settled with the new token', () =>
    play(
      async (scene) => {
        const self = ofItself(scene)
        // The managing token is in its grace period, and may rotate still.
        when(scene, 'incident', SHOW, () => rotateElsewhere(self))
        const result = await scene.rotate({ with: ITSELF })
        expectWell(self, result, [MANAGER])
        expect(rotations(scene)).toHaveLength(3)
      },
      { speed: 20 },
    ))

  test.each<[string, Fault]>([
    ['after it took effect', { kind: 'reset', when: 'after' }],
    ['before', { kind: 'reset', when: 'before' }],
  ])('an answer that is lost %s is asked for with the old token, which lives on', (_, fault) =>
    play(
      async (scene) => {
        const self = ofItself(scene)
        scene.incident.faults.add({ path: /\/rotate$/, fault })
        expectWell(self, await scene.rotate({ with: ITSELF }), [MANAGER])
      },
      { speed: 20 },
    ),
  )
})

describe('a grace period of 0', () => {
  test('is refused, before anything is changed', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      expect(onlyError(await scene.rotate({ with: AT_ONCE }))).toMatch(
        /it is the managing key itself.*"grace-period-minutes: 0".*Nothing was changed.*"force: true"/,
      )
      expectUntouched(self)
      expect(scene.incident.keyOf(scene.managingToken)?.name).toBe(NAME)
    }))

  test('is refused in a dry run too', () =>
    play(async (scene) => {
      ofItself(scene)
      expect(onlyError(await scene.rotate({ with: { ...AT_ONCE, 'dry-run': 'true' } }))).toContain(
        'managing key itself',
      )
      expect((await scene.rotate({ with: { ...ITSELF, 'dry-run': 'true' } })).outputs.status).toBe('planned')
    }))

  test('is obeyed with force: the old token is dead, and the new one is proven and confirmed', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      const result = await scene.rotate({ with: { ...AT_ONCE, force: 'true' } })
      expectWell(self, result, [MANAGER])
      expect(scene.incident.keyOf(scene.managingToken)).toBeUndefined()
      expect(callersAfter(scene)).toEqual([NAME, NAME])
    }))

  test('with an answer that is lost: only the dashboard helps, and that is said by both steps', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'reset', when: 'after' } })
      const main = await scene.rotate({ with: { ...AT_ONCE, force: 'true' } })
      const remedy = /managing key itself.*its old token is dead.*rotate it in the dashboard/
      expect(onlyError(main)).toMatch(remedy)
      const post = await scene.finish(main, { with: AT_ONCE })
      expect([post.exitCode, errorsOf(post)]).toEqual([1, [expect.stringMatching(remedy)]])
      expect(scene.incident.tokensOf(self.key.id)).toHaveLength(2)
    }))

  test('is none of the business of another key', () =>
    play(async (scene) => {
      expectWell(scene, await scene.rotate({ with: { 'grace-period-minutes': '0' } }), [scene.secret])
    }))
})

test('should incident.io refuse it, the error says to rotate it in the dashboard', () =>
  play(async (scene) => {
    const self = ofItself(scene)
    const body = { type: 'resource_forbidden', status: 403, request_id: '0a1b2c3d', errors: [] }
    scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'status', status: 403, body } })
    const result = await scene.rotate({ with: ITSELF })
    expect(onlyError(result)).toMatch(
      /403 \(resource_forbidden\).*managing key itself.*rotate it in the dashboard.*its secret.*Nothing was changed/,
    )
    expect(result.outputs.rotated).toBe('false')
    expect(scene.incident.tokensOf(self.key.id)).toHaveLength(1)
    expect((await scene.finish(result)).raw).toBe('')
  }))

test('a new token that is refused is rotated again with the one before', () =>
  play(async (scene) => {
    const self = ofItself(scene)
    const fault = { kind: 'status', status: 401, body: {} } as const
    scene.incident.onRequest = ({ path }) => {
      const [, second, third] = scene.incident.tokensOf(self.key.id)
      // From its first use on.
      if (second !== undefined && third === undefined && !path.endsWith('/rotate')) second.expiresAt = second.issuedAt
    }
    scene.incident.faults.add({ path: /identity$/, skip: 1, times: 1, fault })
    expectWell(self, await scene.rotate({ with: ITSELF }), [MANAGER])
    // The key is shown, and rotated.
    expect(callersAfter(scene).filter((caller) => caller === 'old')).toHaveLength(2)
    expect(rotations(scene)).toHaveLength(2)
  }, FAST))

test.each([
  ['its token', 401, {}, 'Give a valid API key'],
  ['it for a while', 429, { 'retry-after': '3600' }, 'Run again'],
])('where incident.io refuses %s, the dashboard is no remedy', (_, status, headers, remedy) =>
  play(async (scene) => {
    ofItself(scene)
    scene.incident.faults.add({ path: /\/rotate$/, times: Number.POSITIVE_INFINITY, fault: refusal(status, headers) })
    const error = onlyError(await scene.rotate({ with: ITSELF }))
    expect(error).toMatch(new RegExp(`answered ${status}.* ${remedy}.*Nothing was changed`))
    expect(error).not.toMatch(/dashboard|does not let/)
  }),
)

describe('killed after the rotation', () => {
  test('the post step signs in with the old token, which lives on, and finishes', () =>
    play(async (scene) => {
      const self = ofItself(scene)
      const main = await killedAtWrite(scene, ITSELF)
      const post = await scene.finish(main, { with: ITSELF })
      expect([post.exitCode, post.log]).toEqual([0, [`${MANAGER} in octo/app: updated`]])
      expect(currentOnes(self, [MANAGER])).toEqual([MANAGER])
      expect(rotations(scene)).toHaveLength(1)
    }))

  test('without a post step the next run mends it', () =>
    play(
      async (scene) => {
        const self = ofItself(scene)
        await killedAtWrite(scene, ITSELF)
        await pass(scene, 3000)
        expectWell(self, await scene.rotate({ with: ITSELF }), [MANAGER])
      },
      { speed: 20 },
    ))
})

describe('two keys of one name with the same roles', () => {
  /** Another key like the managing one, that it shall rotate. */
  function addTwin(scene: Scene): Scene {
    const { incident, github, repository } = scene
    const { roles, issuedAt } = incident.keys().find(({ name }) => name === NAME) ?? { roles: [], issuedAt: 0 }
    const twin = incident.addKey({ name: NAME, roles, issuedAt: new Date(issuedAt), createdAt: new Date(issuedAt) })
    github.setSecret(repository, 'TWIN', twin.token, new Date(issuedAt + 5000))
    return { ...scene, key: { ...twin, name: NAME }, secret: 'TWIN' }
  }

  test.each<[string, Record<string, string>]>([
    ['', {}],
    [', with no grace period', { 'grace-period-minutes': '0', force: 'true' }],
  ])('one rotates the other, and stays as it is%s', (_, block) =>
    play(async (scene) => {
      const twin = addTwin(scene)
      const own = scene.incident.keyOf(scene.managingToken)?.id ?? 'none'
      const result = await scene.rotate({
        with: { 'key-name': '', 'key-id': twin.key.id, 'secret-name': 'TWIN', ...block },
      })
      expectWell(twin, result, ['TWIN'])
      expect(rotations(scene)).toHaveLength(1)
      expect(own).not.toBe(twin.key.id)
      expect(scene.incident.tokensOf(own)).toHaveLength(1)
      expect(scene.incident.keyOf(scene.managingToken)?.id).toBe(own)
    }),
  )

  test('by name neither is rotated', () =>
    play(async (scene) => {
      const twin = addTwin(scene)
      const error = onlyError(await scene.rotate({ with: { 'key-name': NAME, 'secret-name': 'TWIN' } }))
      expect(error).toContain(twin.key.id)
      expectUntouched(twin)
    }))
})
