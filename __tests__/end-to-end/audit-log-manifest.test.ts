import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  addRotatingRun,
  agentOfRun,
  asksForSecrets,
  entryOf,
  manifestOnEntry,
  rotateByHand,
  TURNS,
} from './audit-log.ts'
import { errorsOf, expectUntouched, onlyError, play, warningsOf, writes } from './helpers.ts'
import { currentOnes, ONE, ours } from './rivals.ts'
import { DAY, HOUR } from './runs.ts'

describe('with a manifest', () => {
  /** Two more keys with stale copies, one that is missing, and one that is to be absent. */
  function furnish(scene: Scene) {
    const { incident, github, repository, clock } = scene
    const long = new Date(clock.now() - 50 * DAY)
    const seed = { roles: ['viewer'], issuedAt: new Date(clock.now() - 40 * DAY), lastUsedAt: long }
    const [stale, absent] = ['Stale key', 'Old exporter'].map((name) => incident.addKey({ name, ...seed }))
    for (const secret of ['STALE', 'EXPORTER']) github.setSecret(repository, secret, 'old', long)
    if (stale === undefined || absent === undefined) throw new Error('Invariant violation')
    return { stale, absent }
  }

  const REST = `
  - name: Stale key
    secret: STALE
    roles: [viewer, incident_creator]
    comments: Changed
  - name: New key
    secret: NEW
    roles: [viewer]
    create: true
  - name: Old exporter
    state: absent
    secret: EXPORTER
    destinations: [{repository: octo/app}]
`
  const ALL = `keys:
  - name: CI deploy key
    secret: INCIDENT_API_KEY
    roles: [viewer]
    comments: To be told
    min-token-age: 365d
${REST}`

  /** Nothing but rotations of the scene's key was asked for. */
  function expectOthersUntouched(scene: Scene, { absent }: { absent: { id: string } }): void {
    const changes = scene.incident.journal.filter(({ method }) => method !== 'GET')
    expect(changes.filter(({ path }) => !path.endsWith(`/${scene.key.id}/actions/rotate`))).toEqual([])
    expect(scene.github.journal.filter(({ method, path }) => method === 'DELETE' && !/PROBE/.test(path))).toEqual([])
    expect(scene.incident.key(absent.id)).toBeDefined()
    const looked = asksForSecrets(scene).filter((path) => /\/(STALE|NEW|EXPORTER)$/.test(path))
    expect(looked).toEqual([])
  }

  const keysOf = ({ outputs }: StepResult): [string, string][] =>
    JSON.parse(outputs.keys ?? '[]').map(({ name, status }: { name: string; status: string }) => [name, status])

  const OTHERS = [
    ['Stale key', 'skipped'],
    ['New key', 'skipped'],
    ['Old exporter', 'skipped'],
  ]

  test.each<[string, Record<string, string>]>([
    ['', {}],
    [', with force', { force: 'true' }],
  ])('only the key of the entry is mended%s', (_, block) =>
    play(async (scene) => {
      const others = furnish(scene)
      await rotateByHand(scene)
      const result = await manifestOnEntry(scene, ALL, entryOf(scene), { with: block })
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([0, 'rotated', 'true'])
      expect(keysOf(result)).toEqual([['CI deploy key', 'rotated'], ...OTHERS])
      expect(currentOnes(scene, ONE)).toEqual(ONE)
      // Roles and comments wait for an ordinary run.
      expect(scene.incident.key(scene.key.id)).toMatchObject({ roles: ['viewer', 'incident_creator'] })
      expectOthersUntouched(scene, others)
      expect(asksForSecrets(scene).filter((path) => path.endsWith('/INCIDENT_API_KEY'))).not.toEqual([])
      expect(result.summary).toContain('Lisa Karlin Curtis')
      expect(warningsOf(result).filter((warning) => /Something else rotated the key/.test(warning))).toHaveLength(1)
      expect(result.outputs.due).toBe('1')
    }),
  )

  test.each<[string, Record<string, string>]>([
    ['', {}],
    [' with force', { force: 'true', 'min-token-age': '0' }],
  ])('where every copy is current, every key is skipped or left unchanged%s', (_, block) =>
    play(async (scene) => {
      const others = furnish(scene)
      const result = await manifestOnEntry(scene, ALL, entryOf(scene), { with: block })
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([0, 'unchanged', 'false'])
      expect([result.outputs.due, keysOf(result)[0]]).toEqual(['0', ['CI deploy key', 'unchanged']])
      expect(keysOf(result).slice(1)).toEqual(OTHERS)
      expectUntouched(scene)
      expectOthersUntouched(scene, others)
    }),
  )

  test.each<[string, (scene: Scene, others: ReturnType<typeof furnish>) => object]>([
    ['a key in no entry', (scene) => entryOf(scene, {}, { id: '01NOBODY', name: 'Nobody' })],
    ['no key', (scene) => ({ ...entryOf(scene), targets: [] })],
    ['a key that is to be absent', (scene, { absent }) => entryOf(scene, {}, { id: absent.id, name: 'Old exporter' })],
  ])('an entry about %s is skipped, and nothing is looked at', (_, entryFor) =>
    play(async (scene) => {
      const others = furnish(scene)
      await rotateByHand(scene)
      const manifest = ALL.replace(
        'secret: INCIDENT_API_KEY',
        'secret: X\n    destinations: [{repository: octo/nowhere}]',
      )
      const result = await manifestOnEntry(scene, manifest, entryFor(scene, others), { with: { force: 'true' } })
      expect([result.exitCode, result.outputs.status, result.annotations]).toEqual([0, 'skipped', []])
      expect(keysOf(result)).toEqual([['CI deploy key', 'skipped'], ...OTHERS])
      expect([ours(scene), writes(scene), asksForSecrets(scene)]).toEqual([[], [], []])
      expectOthersUntouched(scene, others)
    }),
  )

  test('the run that the entry names is in progress: skipped', () =>
    play(async (scene) => {
      const others = furnish(scene)
      await rotateByHand(scene)
      const id = addRotatingRun(scene)
      const entry = entryOf(scene, { userAgent: agentOfRun(id) })
      const result = await manifestOnEntry(scene, ALL, entry)
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'skipped'])
      expect(asksForSecrets(scene)).toEqual([])
      expectOthersUntouched(scene, others)
    }))

  test('two rotators that take turns are refused', () =>
    play(async (scene) => {
      const others = furnish(scene)
      scene.github.setSecret(scene.repository, scene.secret, scene.key.token)
      scene.clock.advance(HOUR)
      await rotateByHand(scene)
      const result = await manifestOnEntry(scene, ALL, entryOf(scene), { with: { force: 'true' } })
      expect(onlyError(result)).toMatch(TURNS)
      expect(keysOf(result)).toEqual([['CI deploy key', 'failed'], ...OTHERS])
      expect([ours(scene), writes(scene)]).toEqual([[], []])
      expectOthersUntouched(scene, others)
    }))

  test('entries that have nothing to do with it stop nothing: a key that is unknown, and destinations that are', () =>
    play(async (scene) => {
      const { stale } = furnish(scene)
      for (const _ of [1, 2]) scene.incident.addKey({ name: 'Twin', roles: ['viewer'] })
      await rotateByHand(scene)
      const manifest = `${ALL}  - name: No such key
    secret: NONE
  - id: 01NOSUCHID
    secret: NONE_EITHER
  - name: Twin
    secret: TWIN
  - id: ${stale.id}
    secret: ONCE_MORE
`.replace('secret: STALE', 'secret: STALE\n    destinations: [{repository: octo/nowhere}]')
      const result = await manifestOnEntry(scene, manifest, entryOf(scene))
      expect(keysOf(result)).toEqual([
        ['CI deploy key', 'rotated'],
        ...OTHERS,
        ['No such key', 'skipped'],
        ['01NOSUCHID', 'skipped'],
        ['Twin', 'skipped'],
        ['Stale key', 'skipped'],
      ])
      expect([errorsOf(result), result.exitCode]).toEqual([[], 0])
    }))

  test('the picked key alone counts', () =>
    play(async (scene) => {
      furnish(scene)
      await rotateByHand(scene)
      const other = await manifestOnEntry(scene, ALL, entryOf(scene), { with: { 'key-name': 'Stale key' } })
      expect([other.exitCode, other.outputs.status, keysOf(other)]).toEqual([0, 'skipped', [OTHERS[0]]])
      const it = await manifestOnEntry(scene, ALL, entryOf(scene), { with: { 'key-name': 'CI deploy key' } })
      expect([it.exitCode, it.outputs.status]).toEqual([0, 'rotated'])
    }))

  test('a dry run plans the mending alone', () =>
    play(async (scene) => {
      const others = furnish(scene)
      await rotateByHand(scene)
      const result = await manifestOnEntry(scene, ALL, entryOf(scene), { with: { 'dry-run': 'true' } })
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'planned'])
      expect(keysOf(result)).toEqual([['CI deploy key', 'planned'], ...OTHERS])
      expect([ours(scene), writes(scene)]).toEqual([[], []])
      expectOthersUntouched(scene, others)
    }))
})
