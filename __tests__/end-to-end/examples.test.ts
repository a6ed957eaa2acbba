import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { auditEntry, repositoryDispatch } from '../../sandbox/audit-log.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene, SceneOptions } from '../../sandbox/scene.ts'
import { type Played, playWorkflow, type Start } from '../../sandbox/workflow-runner.ts'
import { EXAMPLES, MANIFEST, parseWorkflow, read } from '../../sandbox/workflows.ts'
import { parseDestinations } from '../../src/1-read/destinations.ts'
import type { Entry } from '../../src/1-read/entry.ts'
import { readManifest } from '../../src/1-read/manifest-file.ts'
import { type Destination, storeOf } from '../../src/destination.ts'
import { BROWSER, PERSON, PLACE } from './audit-log.ts'
import { expectUnseen, play, rotations, writes } from './helpers.ts'
import { rotateElsewhere } from './rivals.ts'
import { DAY, graceSent } from './runs.ts'

/** Where the workflows run: it has the environment that the quick start asks for. */
const REPOSITORY = 'acme/ops'
const WEEKLY: Begin = { event: 'schedule', cron: '17 5 * * 1' }
const BY_HAND: Begin = { event: 'workflow_dispatch' }
/** Making one takes long: all tests share it. */
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()

type Begin = Pick<Start, 'event' | 'cron' | 'inputs'>

/** An example that is played in a repository that has what it names. */
interface Stage {
  scene: Scene
  /** Plays it once, with what else the runner gives. */
  run(begin: Begin, env?: Record<string, string>): Promise<Played>
  /** Every secret of every key, but for those that are to be absent: whether it holds the key's current token. */
  copies(): [place: string, isCurrent: boolean][]
}

/** A key with the places where its token is, as the example has them. */
interface Held {
  name: string
  id?: string
  destinations: readonly Destination[]
  /** What the manifest says of it. */
  entry?: Entry
}

/** The keys that an example is about: found by playing it with steps that do nothing. */
async function keysOf(file: string): Promise<Held[]> {
  if (read('examples', file).includes(`manifest: ${MANIFEST}`)) {
    const entries = await entriesOfManifest()
    return entries.map((entry) => ({
      ...(entry.key.by === 'id' ? { name: 'Schedules', id: entry.key.id } : { name: entry.key.name }),
      destinations: entry.destinations,
      entry,
    }))
  }
  const found = new Map<string, Held>()
  const text = read('examples', file)
  const { options = [''] } = parseWorkflow(text).on.workflow_dispatch?.inputs?.key ?? {}
  for (const key of options) {
    const { steps } = await playWorkflow(text, {
      ...BY_HAND,
      inputs: { key },
      environments: {},
      rotate: async () => ({ outputs: {} }) as StepResult,
    })
    for (const { with: block } of steps) {
      const around = { secretName: block['secret-name'], repository: REPOSITORY }
      const { destinations, mistakes } = parseDestinations(block.destinations ?? 'repository', around)
      expect(mistakes).toEqual([])
      found.set(block['key-name'] ?? '', { name: block['key-name'] ?? '', destinations })
    }
  }
  return [...found.values()]
}

async function entriesOfManifest(): Promise<Entry[]> {
  const defaults = {
    grace: 'auto',
    minGraceMinutes: 15,
    longRuns: 'defer',
    minTokenAge: 30 * DAY,
    maxTokenAge: undefined,
  } as const
  const around = { defaults, repository: REPOSITORY, hidesTokens: () => false }
  return readManifest(`examples/${MANIFEST}`, around, {})
}

/** Makes the organizations, repositories, environments and keys, and stores each key's token wherever it belongs. */
function build({ incident, github, key }: Scene, held: readonly Held[]): void {
  const destinations = held.flatMap((one) => one.destinations)
  for (const owner of new Set(['acme', ...destinations.map((one) => one.owner)])) github.addOrganization(owner)
  const names = destinations.flatMap(({ owner, repository }) =>
    repository === undefined ? [] : `${owner}/${repository}`,
  )
  for (const name of new Set([REPOSITORY, ...names])) github.addRepository(name)
  for (const { owner, repository, environment } of destinations) {
    if (environment !== undefined) github.addEnvironment(`${owner}/${repository}`, environment)
  }
  const issuedAt = new Date(incident.tokensOf(key.id)[0]?.issuedAt ?? 0)
  const writtenAt = new Date(issuedAt.getTime() + 5000)
  for (const { name, id, entry, destinations: places } of held) {
    // Of the keys to make one is there already, and one is not.
    if (entry?.create && name !== key.name) continue
    const known = { roles: ['viewer'], issuedAt, createdAt: issuedAt, lastUsedAt: issuedAt }
    const { token } = name === key.name ? key : incident.addKey({ ...known, name, ...(id !== undefined && { id }) })
    for (const place of places) github.store(place).set(place.secret, token, writtenAt)
  }
}

/** The environment's secrets: a token or an App that may do what the table of the README says, and nothing else. */
function environmentOf({ incident, github }: Scene, held: readonly Held[]): Start['environments'][string] {
  const destinations = held.flatMap((one) => one.destinations)
  const permissions = {
    ...Object.fromEntries(destinations.map((one) => [storeOf(one).permission, 'write'] as const)),
    actions: 'read',
    contents: 'read',
    metadata: 'read',
  } as const
  const owners = [...new Set(destinations.map(({ owner }) => owner))]
  const app = github.addApp({ privateKey: PEM })
  for (const owner of owners) github.installApp(app, { owner, repositories: 'all', permissions })
  const managing = incident.addKey({
    name: 'Managing key',
    roles: [
      ...new Set(['viewer', 'incident_creator', 'api_keys_manage', ...held.flatMap(({ entry }) => entry?.roles ?? [])]),
      ...new Set(held.flatMap(({ entry }) => entry?.teamRoles ?? [])),
    ],
  })
  // A fine-grained token is for one owner.
  const SECRETS_WRITER_TOKEN =
    owners.length > 1
      ? ''
      : github.addToken({
          kind: 'fine-grained',
          repositories: owners.map((owner) => `${owner}/*`),
          organizations: owners,
          permissions,
        })
  return {
    secrets: { INCIDENT_MANAGING_KEY: managing.token, SECRETS_WRITER_TOKEN, SECRETS_WRITER_PRIVATE_KEY: PEM },
    vars: { SECRETS_WRITER_APP_ID: app.clientId },
  }
}

function stage(file: string, act: (stage: Stage) => Promise<void>, options?: SceneOptions): Promise<void> {
  return play(async (scene) => {
    const held = await keysOf(file)
    build(scene, held)
    const environment = environmentOf(scene, held)
    const environments = { 'incident-key-rotation': environment }
    const workspace = await mkdtemp(join(tmpdir(), 'workspace-'))
    await writeFile(join(workspace, MANIFEST), read('examples', MANIFEST))
    const takenAway = Object.fromEntries(Object.keys(scene.with).map((name) => [name, '']))
    try {
      await act({
        scene,
        run: (begin, env = {}) =>
          playWorkflow(read('examples', file), {
            ...begin,
            environments,
            rotate: (block) =>
              scene.rotate({
                with: { ...takenAway, destinations: 'repository', ...block, 'incident-api-url': scene.incident.url },
                env: {
                  GITHUB_REPOSITORY: REPOSITORY,
                  GITHUB_WORKSPACE: workspace,
                  GITHUB_EVENT_NAME: begin.event,
                  ...env,
                },
              }),
          }),
        copies: () =>
          held
            .filter(({ entry }) => entry?.state !== 'absent')
            .flatMap(({ name, id, destinations }) => {
              const found = scene.incident.keys().find((one) => (id === undefined ? one.name === name : one.id === id))
              const current = scene.incident.tokensOf(found?.id ?? '').at(-1)?.token
              return destinations.map((place): [string, boolean] => [
                `${name}: ${place.kind} ${place.owner}/${place.repository ?? ''}/${place.environment ?? ''}`,
                current !== undefined && scene.github.store(place).get(place.secret)?.value === current,
              ])
            }),
      })
      const credentials = Object.values(environment.secrets).filter((one) => one !== '')
      for (const result of scene.results) expectUnseen(result, credentials)
    } finally {
      await rm(workspace, { recursive: true, force: true })
    }
  }, options)
}

const endsOf = ({ steps }: Played) => steps.map(({ result }) => [result.exitCode, result.outputs.status])

function expectAllCurrent({ copies }: Stage): void {
  expect(copies().length).toBeGreaterThan(0)
  expect(copies().filter(([, isCurrent]) => !isCurrent)).toEqual([])
}

/** Those that rotate one key, whatever starts them. */
const OF_ONE_KEY = EXAMPLES.filter((file) => !read('examples', file).includes('manifest: '))

describe.each(OF_ONE_KEY)('examples/%s', (file) => {
  test('rotates the key and leaves every destination current; a second run does nothing', () =>
    stage(file, async (stage) => {
      const begin = file === 'button.yml' ? BY_HAND : WEEKLY
      expect(endsOf(await stage.run(begin))).toEqual([[0, 'rotated']])
      expectAllCurrent(stage)
      expect(endsOf(await stage.run(begin))).toEqual([[0, 'skipped']])
      expect(rotations(stage.scene)).toHaveLength(1)
    }))
})

describe('examples/scheduled.yml', () => {
  test('with the box ticked it changes nothing, and without it rotates', () =>
    stage('scheduled.yml', async (stage) => {
      expect(endsOf(await stage.run({ ...BY_HAND, inputs: { 'dry-run': true } }))).toEqual([[0, 'planned']])
      expect([rotations(stage.scene), writes(stage.scene)]).toEqual([[], []])
      expect(endsOf(await stage.run(BY_HAND))).toEqual([[0, 'rotated']])
    }))
})

describe('examples/weekly-and-hourly.yml', () => {
  const HOURLY: Begin = { event: 'schedule', cron: '23 * * * *' }

  test('the hourly run rotates no key for its age, and mends what somebody else has rotated, in the same group', () =>
    stage('weekly-and-hourly.yml', async (stage) => {
      const first = await stage.run(HOURLY)
      expect(endsOf(first)).toEqual([[0, 'skipped']])
      expect(rotations(stage.scene)).toHaveLength(0)
      await rotateElsewhere(stage.scene)
      stage.scene.clock.advance(60_000)
      expect(endsOf(await stage.run(HOURLY))).toEqual([[0, 'rotated']])
      expectAllCurrent(stage)
      expect((await stage.run(WEEKLY)).groups).toEqual(first.groups)
    }))
})

describe('examples/button.yml', () => {
  test.each(['ci-deploy-key', 'catalog-importer'])('rotates the key that was chosen, with its grace: %s', (key) =>
    stage('button.yml', async (stage) => {
      const { steps, groups } = await stage.run({ ...BY_HAND, inputs: { key, grace: '45' } })
      expect(groups).toEqual([`rotate-incident-key-${key}`])
      expect(steps[0]?.result.exitCode).toBe(0)
      expect(steps[0]?.result.outputs['key-name']?.toLowerCase().replaceAll(' ', '-')).toBe(key)
      expect(graceSent(stage.scene)).toEqual([{ grace_period_minutes: 45 }])
      expectAllCurrent(stage)
    }),
  )

  test('a dry run changes nothing', () =>
    stage('button.yml', async (stage) => {
      expect(endsOf(await stage.run({ ...BY_HAND, inputs: { 'dry-run': true } }))).toEqual([[0, 'planned']])
      expect([rotations(stage.scene), writes(stage.scene)]).toEqual([[], []])
    }))

  test('an emergency ends the old token at once, however young, in a group of its own', () =>
    stage(
      'button.yml',
      async (stage) => {
        const { scene } = stage
        const played = await stage.run({ ...BY_HAND, inputs: { emergency: true, grace: '60' } })
        expect(endsOf(played)).toEqual([[0, 'rotated']])
        expect(played.groups).toEqual(['rotate-incident-key-ci-deploy-key-emergency'])
        expect(graceSent(scene)).toEqual([{ grace_period_minutes: 0 }])
        expect(scene.incident.keyOf(scene.key.token)).toBeUndefined()
        expectAllCurrent(stage)
      },
      { tokenAgeDays: 0 },
    ))
})

describe('examples/audit-log.yml', () => {
  test('an event mends what somebody else has rotated, and rotates for nothing else', () =>
    stage('audit-log.yml', async (stage) => {
      const { scene } = stage
      const folder = await mkdtemp(join(tmpdir(), 'event-'))
      try {
        const at = { actor: PERSON, userAgent: BROWSER, location: PLACE, occurredAt: scene.clock.date() }
        const event = repositoryDispatch(auditEntry(scene.key, at), REPOSITORY)
        const path = join(folder, 'event.json')
        await writeFile(path, JSON.stringify(event))
        const run = () => stage.run({ event: 'repository_dispatch' }, { GITHUB_EVENT_PATH: path })
        expect(endsOf(await run())).toEqual([[0, 'skipped']])
        await rotateElsewhere(scene)
        scene.clock.advance(60_000)
        expect(endsOf(await run())).toEqual([[0, 'rotated']])
        expectAllCurrent(stage)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }))
})

describe('examples/reusable.yml', () => {
  test('waits in the group of the reusable workflow too, which has the key in its name', () =>
    stage('reusable.yml', async (stage) => {
      const { groups, steps } = await stage.run(WEEKLY)
      expect(groups).toEqual(['rotate-incident-key-ci-deploy-key', 'rotate.yml of rotate-incident-key: CI deploy key'])
      expect(steps[0]?.result.outputs.status).toBe('rotated')
    }))
})

describe('examples/keys-as-code.yml', () => {
  test('makes the keys what the manifest says; then there is nothing to do, and by hand it only plans', () =>
    stage('keys-as-code.yml', async (stage) => {
      expect(endsOf(await stage.run(BY_HAND))).toEqual([[0, 'planned']])
      expect(writes(stage.scene)).toEqual([])
      expect(endsOf(await stage.run({ event: 'push' }))).toEqual([[0, 'rotated']])
      expectAllCurrent(stage)
      expect(endsOf(await stage.run(WEEKLY))).toEqual([[0, 'unchanged']])
    }))
})

describe('examples/matrix.yml', () => {
  test('plans, and gives each key that is due a job', () =>
    stage('matrix.yml', async (stage) => {
      const [plan, ...jobs] = (await stage.run(WEEKLY)).steps
      expect([plan?.result.exitCode, plan?.result.outputs.status]).toEqual([0, 'planned'])
      expect(jobs).toHaveLength(Number(plan?.result.outputs.due))
      expect(jobs.map(({ result }) => result.exitCode)).toEqual(jobs.map(() => 0))
      expectAllCurrent(stage)
      const again = await stage.run(WEEKLY)
      expect(again.steps.map(({ result }) => result.outputs.due)).toEqual(['0'])
    }))
})
