import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  addRotatingRun,
  agentOfRun,
  asksForSecrets,
  entryOf,
  lastAgent,
  rotateByHand,
  stepOf,
  stepOnEntry,
  stepOnFile,
  TURNS,
} from './audit-log.ts'
import {
  ALWAYS,
  errorsOf,
  expectCurrent,
  expectUntouched,
  onlyError,
  play,
  rotations,
  warningsOf,
  writes,
} from './helpers.ts'
import { expectWell, ONE, ours, pass, resultsOf, rotateElsewhere, SECRETS, TWO } from './rivals.ts'
import { addHistory, addRun, DAY, duringWait, expectWaited, graceSent, HOUR, MINUTE, WAITING } from './runs.ts'

const FOREIGN = /^Something else rotated the key at 2/
const NOT_THERE = { destinations: 'repository: octo/nowhere\nenvironment: octo/app/nowhere' }

/** The step skipped, without error and without warning, and this run rotated and wrote nothing. */
function expectSkipped(scene: Scene, result: StepResult, why: RegExp): void {
  expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([0, 'skipped', 'false'])
  expect(result.annotations).toEqual([])
  expect([ours(scene), writes(scene)]).toEqual([[], []])
  expect(result.log.join('\n')).toMatch(why)
  expect(result.summary).toContain('### ⏭️ Nothing to do')
}

const NOT_ABOUT = /Did not rotate "CI deploy key" \(\w+\): the audit log's entry is not about this key\.$/m
const AT_WORK = /the run that rotated it is still in progress: octo\/app#\d+\.$/m
const ANSWERED = /every copy holds its token, and an event of the audit log only mends\.$/m

describe('an entry that is not about this key', () => {
  test('is skipped before any destination is looked at, although the copy is stale', () =>
    play(async (scene) => {
      const other = scene.incident.addKey({ name: 'Other', roles: ['viewer'] })
      await rotateByHand(scene)
      const entry = entryOf(scene, {}, { id: other.id, name: scene.key.name })
      expectSkipped(scene, await stepOnEntry(scene, entry), NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
    }))

  test('is skipped although no destination can be written; an ordinary run fails', () =>
    play(async (scene) => {
      const entry = entryOf(scene, {}, { id: '01ANOTHERKEY', name: 'Another' })
      const result = await stepOnEntry(scene, entry, { with: NOT_THERE })
      expectSkipped(scene, result, NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
      expect(result.outputs['key-id']).toBe(scene.key.id)
      // Who rotated another key is nothing to this one.
      expect(`${result.log.join('\n')}${result.summary}`).not.toContain('Lisa')
      expect((await stepOf(scene, { with: NOT_THERE })).exitCode).toBe(1)
      expectUntouched(scene)
    }))

  test.each<[string, (entry: ReturnType<typeof entryOf>) => object]>([
    ['has no targets', ({ targets: _, ...entry }) => entry],
    ['has targets that are no list', (entry) => ({ ...entry, targets: { 0: entry.targets[0] } })],
    ['names something else by its id', (entry) => ({ ...entry, targets: [{ ...entry.targets[0], type: 'user' }] })],
    [
      'names it in other letters',
      (entry) => ({ ...entry, targets: [{ type: 'api_key', id: entry.targets[0]?.id.toLowerCase() }] }),
    ],
    ['is of something else', (entry) => ({ ...entry, action: 'api_key.updated' })],
    ['is empty', () => ({})],
  ])('one that %s', (_, change) =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectSkipped(scene, await stepOnEntry(scene, change(entryOf(scene))), NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
    }),
  )

  test('without a payload at all', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectSkipped(scene, await stepOnFile(scene, '{"action": "api_key.rotated"}'), NOT_ABOUT)
    }))
})

describe('the run that the User-Agent names', () => {
  test.each(['queued', 'in_progress', 'waiting', 'pending'] as const)('is %s: skipped', (status) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const id = addRotatingRun(scene, { status })
      const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }), { with: NOT_THERE })
      expectSkipped(scene, result, AT_WORK)
      expect(asksForSecrets(scene)).toEqual([])
      expect(result.summary).toContain('Lisa Karlin Curtis')
    }),
  )

  test.each<[string, (scene: Scene) => number]>([
    ['has finished', (scene) => addRotatingRun(scene, { status: 'completed', conclusion: 'success' })],
    ['was cancelled', (scene) => addRotatingRun(scene, { status: 'completed', conclusion: 'cancelled' })],
    ['is unknown', () => 987654321],
  ])('%s: the copies tell, and are mended', (_, runOf) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const userAgent = agentOfRun(runOf(scene))
      expectWell(scene, await stepOnEntry(scene, entryOf(scene, { userAgent })), ONE)
    }),
  )

  test.each([200, 204, 403, 404, 502])('cannot be read (%i): the copies tell, and are mended', (status) =>
    play(
      async (scene) => {
        await rotateByHand(scene)
        const id = addRotatingRun(scene)
        const body = { message: 'Resource not accessible by personal access token' }
        const path = new RegExp(`/actions/runs/${id}$`)
        scene.github.faults.add({ path, times: ALWAYS, fault: { kind: 'status', status, body } })
        const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }))
        expectWell(scene, result, ONE)
        expect(errorsOf(result)).toEqual([])
      },
      { speed: 20 },
    ),
  )

  test('is this very run: the copies tell', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      const id = addRotatingRun(scene)
      const entry = entryOf(scene, { userAgent: agentOfRun(id) })
      expectWell(scene, await stepOnEntry(scene, entry, {}, { id }), ONE)
    }))

  test('is in a repository that the token cannot see: the copies tell', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      scene.github.addRepository('octo/hidden', { private: true })
      const id = scene.github.addRun('octo/hidden', {
        workflow: '.github/workflows/x.yml',
        status: 'in_progress',
        createdAt: scene.clock.date(),
      })
      const entry = entryOf(scene, { userAgent: agentOfRun(id, 'octo/hidden') })
      expectWell(scene, await stepOnEntry(scene, entry), ONE)
    }))

  test.each(['../../../octo/app', 'octo/app/../../x', 'octo/app;x', ' octo/app'])(
    'is in no repository (%s): nothing is asked for, and the copies tell',
    (repository) =>
      play(async (scene) => {
        await rotateByHand(scene)
        const id = addRotatingRun(scene)
        const userAgent = agentOfRun(id, repository)
        expectWell(scene, await stepOnEntry(scene, entryOf(scene, { userAgent })), ONE)
        expect(scene.github.journal.filter(({ path }) => path.endsWith(`/actions/runs/${id}`))).toEqual([])
      }),
  )
})

describe('our own rotation', () => {
  test('leads to nothing: while its run goes on, and when it has finished', () =>
    play(async (scene) => {
      const id = addRotatingRun(scene, { event: 'schedule' })
      const env = { GITHUB_RUN_ID: String(id) }
      expectWell(scene, await scene.rotate({ env }), ONE)
      const userAgent = lastAgent(scene)
      expect(userAgent).toMatch(new RegExp(`^rotate-incident-key/\\d\\S* \\(octo/app; run ${id}/1\\)$`))
      const actor = { type: 'api_key', id: '01KEY', name: 'Key manager', roles: 'viewer,api_keys_manage' }
      const entry = entryOf(scene, { actor, userAgent, location: '198.51.100.4' })
      const [before, written] = [rotations(scene).length, writes(scene).length]

      const [early, late] = [
        await stepOnEntry(scene, entry),
        await (() => {
          scene.github.updateRun(scene.repository, id, { status: 'completed' })
          return stepOnEntry(scene, entry)
        })(),
      ]
      for (const result of [early, late]) {
        expect([result.exitCode, result.outputs.status, result.annotations]).toEqual([0, 'skipped', []])
        expect(result.summary).toContain('Key manager')
      }
      expect(early.log.join('\n')).toMatch(AT_WORK)
      expect(late.log.join('\n')).toMatch(ANSWERED)
      expect(resultsOf(late)).toEqual(['current'])
      expect([rotations(scene).length, writes(scene).length]).toEqual([before, written])
    }))

  test('and one that was killed before it wrote is mended without accusing anybody', () =>
    play(async (scene) => {
      const id = addRotatingRun(scene, { event: 'schedule' })
      await rotateElsewhere(scene)
      scene.github.updateRun(scene.repository, id, { status: 'completed', conclusion: 'cancelled' })
      scene.clock.advance(5 * MINUTE)
      const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }))
      expectWell(scene, result, ONE)
      expect(warningsOf(result).filter((warning) => FOREIGN.test(warning))).toEqual([])
    }))
})

describe('a rotation by hand in the dashboard', () => {
  test.each(['never', '0', '1h', '365d'])('heals every copy with min-token-age %s, and warns', (age) =>
    play(async (scene) => {
      const { github, repository, key, clock } = scene
      github.setSecret(repository, 'SECOND', key.token, new Date(clock.now() - 30 * DAY))
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': age } })
      expectWell(scene, result, SECRETS)
      expectCurrent(scene)
      expect(resultsOf(result)).toEqual(['updated', 'updated'])
      expect(warningsOf(result).filter((warning) => FOREIGN.test(warning))).toHaveLength(1)
      expect(ours(scene)).toHaveLength(1)
      // The same entry once more: all is well already. An ordinary run sees nothing but a token that is new.
      const again = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': age } })
      expect([again.exitCode, again.outputs.status, ours(scene).length]).toEqual([0, 'skipped', 1])
      const ordinary = await stepOf(scene, { with: { ...TWO, 'min-token-age': age } })
      const isDue = age === '0'
      expect([ordinary.exitCode, ordinary.outputs.status, resultsOf(ordinary)]).toEqual(
        isDue ? [0, 'rotated', ['updated', 'updated']] : [0, 'skipped', ['current', 'current']],
      )
      expect([ordinary.annotations, ours(scene).length]).toEqual([[], isDue ? 2 : 1])
      expectCurrent(scene)
    }),
  )

  test.each<[string, Record<string, string>, number]>([
    ['auto', {}, 15],
    ['auto, with the least that was asked for', { 'min-grace-minutes': '25' }, 25],
    ['a number', { 'grace-period-minutes': '3' }, 3],
  ])('gives the grace that any run gives: %s', (_, block, minutes) =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectWell(scene, await stepOnEntry(scene, entryOf(scene), { with: block }), ONE)
      expect(graceSent(scene).at(-1)).toEqual({ grace_period_minutes: minutes })
    }),
  )

  test('puts running jobs first, and mends at once although one runs for too long', () =>
    play(async (scene) => {
      addHistory(scene, 40)
      await rotateByHand(scene)
      addRun(scene, 10)
      const result = await stepOnEntry(scene)
      expectWell(scene, result, ONE)
      expect(Number(result.outputs['grace-period-minutes'])).toBeGreaterThan(30)
    }))

  test('max-wait-minutes and long-runs hold no mending back', () =>
    play(async (scene) => {
      addHistory(scene, 300)
      addRun(scene, 10)
      await rotateByHand(scene)
      const block = { 'max-wait-minutes': '600', 'long-runs': 'fail' }
      const result = await stepOnEntry(scene, entryOf(scene), { with: block })
      expectWell(scene, result, ONE)
      expect(graceSent(scene).at(-1)).toEqual({ grace_period_minutes: 60 })
    }))
})

describe('an event rotates for nothing but a copy', () => {
  test.each<[string, Record<string, string>]>([
    ['force', { force: 'true' }],
    ['min-token-age: 0', { 'min-token-age': '0' }],
    ['a token past its max-token-age', { 'min-token-age': '1h', 'max-token-age': '1d' }],
    ['all of them', { force: 'true', 'min-token-age': '0', 'max-token-age': '0', 'grace-period-minutes': '0' }],
    ['force in a dry run', { force: 'true', 'dry-run': 'true' }],
  ])('not for %s', (_, block) =>
    play(async (scene) => {
      expectSkipped(scene, await stepOnEntry(scene, entryOf(scene), { with: block }), ANSWERED)
      expectUntouched(scene)
    }),
  )

  test('a missing copy is filled, and the others with it', () =>
    play(async (scene) => {
      const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': 'never' } })
      expectWell(scene, result, SECRETS)
      expect(resultsOf(result)).toEqual(['updated', 'created'])
    }))

  test('a missing copy may be put off for a long run, even with force and past max-token-age', () =>
    play(async (scene) => {
      addHistory(scene, 300)
      addRun(scene, 10)
      for (const block of [{}, { force: 'true' }, { 'max-token-age': '1d' }]) {
        const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, ...block } })
        expect([result.exitCode, result.outputs.status]).toEqual([0, 'deferred'])
        expect(resultsOf(result)).toEqual(['current', 'missing'])
      }
      expectUntouched(scene)
    }))

  test('the key too is looked at again when runs were waited for', () =>
    play(async (scene) => {
      const { github, repository } = scene
      addHistory(scene, 300, 50)
      const id = addRun(scene, 10)
      // While it waits, the missing copy is written by somebody, and then somebody rotates the key.
      const meanwhile = async () => {
        github.setSecret(repository, 'SECOND', scene.key.token)
        await pass(scene, 10_000)
        await rotateElsewhere(scene)
        github.updateRun(repository, id, { status: 'completed', conclusion: 'success' })
      }
      duringWait(scene, () => void meanwhile())
      const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'max-wait-minutes': '30' } })
      expectWaited(result)
      // Right behind a copy that was written a moment before: what is seen is the key as it is now.
      expect(onlyError(result)).toMatch(TURNS)
    }, WAITING))

  test('two rotators that take turns are refused, with force too', () =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, scene.secret, scene.key.token)
      scene.clock.advance(HOUR)
      await rotateByHand(scene)
      for (const block of [{}, { force: 'true' }, { 'dry-run': 'true' }]) {
        const result = await stepOnEntry(scene, entryOf(scene), { with: block })
        expect(onlyError(result)).toMatch(TURNS)
        expect(resultsOf(result)).toEqual(['stale'])
        expect(result.summary).toContain('Lisa Karlin Curtis')
      }
      expect([ours(scene), writes(scene)]).toEqual([[], []])
    }))

  test('a dry run plans the mending, and changes nothing', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entryOf(scene), { with: { 'dry-run': 'true' } })
      expect([result.exitCode, result.outputs.status, resultsOf(result)]).toEqual([0, 'planned', ['stale']])
      expect(result.summary).toContain('Lisa Karlin Curtis')
      expect([ours(scene), writes(scene)]).toEqual([[], []])
    }))
})
