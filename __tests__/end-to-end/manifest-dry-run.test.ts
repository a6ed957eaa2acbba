import { describe, expect, test } from '@jest/globals'
import { errorsOf, play, warningsOf } from './helpers.ts'
import {
  addKey,
  DEPLOY,
  expectNothingChanged,
  expectWellFormed,
  keysOf,
  manifestOf,
  matrixOf,
  reconcile,
  statusesOf,
} from './manifest.ts'

describe('a dry run', () => {
  test('looks for what was meant where a secret does not exist, but not beside a key that is to be made', () =>
    play(async (scene) => {
      addKey(scene, 'Exporter', 'EXPORTER_KEY')
      const yaml = manifestOf(
        { ...DEPLOY, secret: 'INCIDENT_API_KZ' },
        { name: 'New key', secret: 'EXPORTER_KXX', create: true, roles: ['viewer'] },
      )
      const result = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
      expect(warningsOf(result)).toEqual([
        expect.stringContaining('INCIDENT_API_KZ in octo/app did not exist. Did you mean "INCIDENT_API_KEY"? If'),
      ])
      expectNothingChanged(scene)
    }))

  test('changes nothing and tells the plan', () =>
    play(async (scene) => {
      const old = addKey(scene, 'Old exporter', 'OLD_KEY', { ageDays: 100 })
      addKey(scene, 'Young key', 'YOUNG_KEY', { ageDays: 1 })
      addKey(scene, 'Stale key', 'NOWHERE', { ageDays: 50 })
      addKey(scene, 'Unlisted key', 'UNLISTED_KEY', { ageDays: 90 })
      const yaml = manifestOf(
        { ...DEPLOY, roles: ['viewer'], comments: 'Deploys' },
        { name: 'Young key', secret: 'YOUNG_KEY' },
        { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
        { name: 'Old exporter', secret: 'OLD_KEY', state: 'absent' },
        { name: 'Stale key', secret: 'STALE_KEY' },
      )
      const result = await reconcile(scene, yaml, { with: { 'dry-run': 'true', 'min-token-age': '30d' } })
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ status: 'planned', rotated: 'false', due: '4' })
      expect(statusesOf(result)).toEqual([
        'CI deploy key: planned',
        'Young key: unchanged',
        'New key: planned',
        'Old exporter: planned',
        'Stale key: planned',
      ])
      expect(keysOf(result).map(({ steps }) => steps)).toEqual([
        [
          'change its roles: - incident_creator (at once, for running jobs too)',
          'change its comments: "Deploys"',
          'rotate',
        ],
        [],
        ['make the key with viewer', 'fill NEW_KEY in octo/app (missing)'],
        ['delete OLD_KEY in octo/app', 'delete the key'],
        ['rotate', 'fill STALE_KEY in octo/app (missing)'],
      ])
      expect(matrixOf(result)).toEqual(['Old exporter', 'Stale key', 'CI deploy key', 'New key'])
      expect(keysOf(result)[2]?.id).toBeUndefined()
      expectNothingChanged(scene)
      expect(scene.github.secret(scene.repository, 'OLD_KEY')?.value === old.token).toBe(true)

      // The titles of groups stand in commands.
      const log = result.raw
      for (const line of [
        /"CI deploy key" \(.+\) planned: the token is 40 days old/,
        /change its roles: - incident_creator/,
        /make the key with viewer/,
        /delete the key/,
        /"Young key" \(.+\) unchanged: the token is 1 day old, due in 28 days/,
        /"Unlisted key" \(.+\): the token is 90 days old/,
      ]) {
        expect(log).toMatch(line)
      }
      expect(result.summary).toContain('Would be carried out (dry run): keys.yml')
      expect(result.summary).toMatch(/change its roles: - incident\\_creator.*<br>.*<br>rotate/)
      expect(result.summary).toMatch(/\| Unlisted key \| \S+ \| 90 days \|/)
      expect(warningsOf(result)).toContainEqual(expect.stringMatching(/"CI deploy key" loses roles at once/))
      expectWellFormed(result.summary)
    }))

  test('carries out afterwards what it planned', () =>
    play(async (scene) => {
      const yaml = manifestOf(
        { ...DEPLOY, comments: 'Deploys' },
        { name: 'New key', secret: 'NEW_KEY', create: true, roles: ['viewer'] },
      )
      const plan = await reconcile(scene, yaml, { with: { 'dry-run': 'true' } })
      const result = await reconcile(scene, yaml)
      expect(keysOf(result).map(({ steps }) => steps)).toEqual(keysOf(plan).map(({ steps }) => steps))
      expect(result.outputs.matrix).toBe(plan.outputs.matrix)
    }))

  test('of a manifest with nothing to do says unchanged, with an empty matrix', () =>
    play(async (scene) => {
      const result = await reconcile(scene, manifestOf(DEPLOY), { with: { 'dry-run': 'true', 'min-token-age': '90d' } })
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ status: 'unchanged', due: '0', matrix: '{"include":[]}' })
      expectNothingChanged(scene)
    }))

  test('tells of more keys than GitHub has jobs for: the oldest 256, and how many are due', () =>
    play(async (scene) => {
      const entries = Array.from({ length: 260 }, (_, index) => {
        // Shuffled, so that neither the order of the file nor that of the list is that of the ages.
        const age = ((index * 7) % 260) + 10
        addKey(scene, `Key ${age}`, `KEY_${age}`, { ageDays: age })
        return { name: `Key ${age}`, secret: `KEY_${age}` }
      })
      const result = await reconcile(scene, manifestOf(...entries), { with: { 'dry-run': 'true' } })
      expect([result.exitCode, errorsOf(result), result.outputs.due]).toEqual([0, [], '260'])
      expect(matrixOf(result)).toEqual(Array.from({ length: 256 }, (_, index) => `Key ${269 - index}`))
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^260 keys are due, and GitHub runs 256 jobs/)])
      expect(keysOf(result)).toHaveLength(260)
      expect(Buffer.byteLength(result.summary)).toBeLessThan(1024 * 1024)
      expectNothingChanged(scene)
    }))
})
