import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { client } from '../stand-ins/client.ts'
import { ALWAYS, errorsOf, play, rotations, warningsOf, writes } from './helpers.ts'
import { addOrganization, keepIn, ORGANIZATION } from './holding.ts'
import {
  addKey,
  creations,
  DEPLOY,
  deletions,
  expectHolds,
  keysOf,
  manifestOf,
  reconcile,
  secretDeletions,
  statusesOf,
  updates,
} from './manifest.ts'
import { NEW } from './manifest-faults.ts'
import { addLongRun, duringWait, expectWaited, WAITING } from './runs.ts'

describe('what changed between the first look and the work', () => {
  /** Runs the main step, which waits; does something meanwhile, and lets the wait end. */
  async function waitAnd(scene: Scene, yaml: string, act: () => Promise<void>) {
    const end = addLongRun(scene)
    duringWait(scene, async () => {
      await act()
      end()
    })
    const result = await reconcile(scene, yaml, { with: { 'max-wait-minutes': '5' } })
    expectWaited(result)
    return result
  }

  test('a key that somebody else rotated and wrote while it was waited is not rotated again', () =>
    play(async (scene) => {
      const result = await waitAnd(scene, manifestOf(DEPLOY), async () => {
        const rotate = client(scene.incident.url, scene.managingToken)
        const path = `/v1/api_keys/${scene.key.id}/actions/rotate`
        const { body } = await rotate('POST', path, { grace_period_minutes: 60 })
        scene.github.setSecret(scene.repository, scene.secret, body.token)
      })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect([rotations(scene).length, scene.incident.tokensOf(scene.key.id).length]).toEqual([1, 2])
      expect([statusesOf(result), result.outputs.rotated]).toEqual([['CI deploy key: unchanged'], 'false'])
      expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
    }, WAITING))

  test('a key that somebody else updated while it was waited is not updated once more, and is rotated', () =>
    play(async (scene) => {
      const result = await waitAnd(scene, manifestOf({ ...DEPLOY, comments: 'New' }), async () => {
        const key = scene.incident.key(scene.key.id)
        if (key !== undefined) key.comments = 'New\n'
      })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
      expect([updates(scene), keysOf(result)[0]?.steps]).toEqual([[], ['rotate']])
    }, WAITING))

  test('a role that somebody else gave while it was waited is taken away, and nothing is written over unseen', () =>
    play(async (scene) => {
      const yaml = manifestOf({ ...DEPLOY, roles: ['viewer', 'incident_creator'] })
      const result = await waitAnd(scene, yaml, async () => {
        const key = scene.incident.key(scene.key.id)
        key?.roles.push('api_keys_write_of_the_future')
        if (key !== undefined) key.comments = 'Written meanwhile'
      })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
      expect(updates(scene).map(({ requestBody }) => requestBody)).toEqual([
        expect.objectContaining({ role_names: ['viewer', 'incident_creator'], comments: 'Written meanwhile' }),
      ])
      expect(warningsOf(result)).toEqual([expect.stringContaining('loses roles at once')])
    }, WAITING))

  test('a key that something else deleted while it was waited fails, and nothing is made', () =>
    play(async (scene) => {
      const result = await waitAnd(scene, manifestOf({ ...DEPLOY, create: true, roles: ['viewer'] }), async () => {
        const { id } = scene.key
        await client(scene.incident.url, scene.managingToken)('DELETE', `/v1/api_keys/${id}`)
      })
      expect([result.exitCode, statusesOf(result)]).toEqual([1, ['CI deploy key: failed']])
      expect([creations(scene), rotations(scene), writes(scene)]).toEqual([[], [], []])
    }, WAITING))

  describe('when four keys whose destination is down are worked on', () => {
    const DOWN = ['Down 1', 'Down 2', 'Down 3', 'Down 4']
    const secretOf = (name: string) => name.toUpperCase().replace(' ', '_')
    // Their writes are tried for as long as their old tokens live.
    const entries = DOWN.map((name) => ({ name, secret: secretOf(name), 'grace-period-minutes': 4 }))

    /** Runs the main step with these, which come first, and others; does something as soon as they are written. */
    async function runWith(scene: Scene, others: Record<string, unknown>[], act: () => Promise<void> | void) {
      for (const name of DOWN) addKey(scene, name, secretOf(name), { ageDays: 90 })
      const fault: Fault = { kind: 'status', status: 503, body: {} }
      scene.github.faults.add({ method: 'PUT', path: /DOWN_\d$/, times: ALWAYS, fault })
      let acted = false
      scene.github.onRequest = async ({ method }) => {
        if (acted || method !== 'PUT') return
        acted = true
        await act()
      }
      const result = await reconcile(scene, manifestOf(...others, ...entries))
      expect(result.exitCode).toBe(1)
      expect(statusesOf(result).slice(others.length)).toEqual(DOWN.map((name) => `${name}: failed`))
      return result
    }

    test('they keep others from their turn for a minute at the most', () =>
      play(
        async (scene) => {
          const result = await runWith(scene, [DEPLOY], () => {})
          expect(statusesOf(result)[0]).toBe('CI deploy key: rotated')
          expectHolds(scene, scene.key.id, 'INCIDENT_API_KEY')
          const own = rotations(scene).find(({ path }) => path.includes(scene.key.id))?.at ?? Number.NaN
          const tried = writes(scene).filter(({ path }) => path.includes('DOWN'))
          // They went on, minutes longer, while the other one was worked on.
          expect(own).toBeLessThan((tried.at(-1)?.at ?? Number.NaN) - 60_000)
          // And four are worked on at once.
          expect(own).toBeGreaterThan(tried[0]?.at ?? Number.NaN)
        },
        { speed: 40 },
      ))

    test('what others changed meanwhile is seen by who comes behind them, since the look is over a minute old', () =>
      play(
        async (scene) => {
          const rotatedElsewhere = addKey(scene, 'Taken', 'TAKEN')
          const updatedElsewhere = addKey(scene, 'Updated', 'UPDATED', { ageDays: 0 })
          const used = addKey(scene, 'Used', 'USED')
          const yaml = [
            { name: 'Taken', secret: 'TAKEN' },
            { name: 'Updated', secret: 'UPDATED', comments: 'New' },
            { ...NEW },
            { name: 'Used', secret: 'USED', state: 'absent' },
          ]
          const result = await runWith(scene, yaml, async () => {
            const ask = client(scene.incident.url, scene.managingToken)
            const path = `/v1/api_keys/${rotatedElsewhere.id}/actions/rotate`
            const { body } = await ask('POST', path, { grace_period_minutes: 60 })
            scene.github.setSecret(scene.repository, 'TAKEN', body.token)
            const key = scene.incident.key(updatedElsewhere.id)
            if (key !== undefined) key.comments = 'New'
            scene.incident.addKey({ name: 'New', roles: ['viewer'] })
            const absent = scene.incident.key(used.id)
            if (absent !== undefined) absent.lastUsedAt = scene.clock.now()
          })
          expect(statusesOf(result).slice(0, 4)).toEqual([
            'Taken: unchanged',
            'Updated: unchanged',
            'New: failed',
            'Used: failed',
          ])
          expect(errorsOf(result)).toContainEqual(
            expect.stringMatching(
              /^Could not make the API key "New": something else has made a key of this name meanwhile\. Nothing was changed for it/,
            ),
          )
          expect(errorsOf(result)).toContainEqual(expect.stringMatching(/"Used" .*less than 7 days ago/))
          expect([creations(scene), updates(scene), deletions(scene), secretDeletions(scene)]).toEqual([[], [], [], []])
          expect(scene.incident.tokensOf(rotatedElsewhere.id)).toHaveLength(2)
          expectHolds(scene, rotatedElsewhere.id, 'TAKEN')
          expect(scene.github.secret(scene.repository, 'NEW')).toBeUndefined()
        },
        { speed: 40 },
      ))
  })

  test('who can read a secret of an organization is kept as it became while it was waited', () =>
    play(async (scene) => {
      addOrganization(scene)
      keepIn(scene, ORGANIZATION, { visibility: 'all' })
      const yaml = manifestOf({ ...DEPLOY, destinations: [{ organization: 'octo' }] })
      const result = await waitAnd(scene, yaml, async () => {
        keepIn(scene, ORGANIZATION, { visibility: 'selected', selectedRepositories: ['octo/app'] })
      })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(scene.github.store(ORGANIZATION).get('INCIDENT_API_KEY')?.visibility).toBe('selected')
    }, WAITING))
})
