import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS, errorsOf, expectCurrent, FAST, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import { DEPLOY, keysOf, manifestOf, namedOf, reconcile, statusesOf } from './manifest.ts'
import { NEW } from './manifest-faults.ts'
import { resultsOf } from './rivals.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const PERMISSIONS = { secrets: 'write', actions: 'read', contents: 'read', metadata: 'read' } as const
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const PEM = KEY.export({ type: 'pkcs1', format: 'pem' }).toString()

/** The credentials that write access is found out about in different ways. */
const CREDENTIALS: Record<string, (scene: Scene) => Record<string, string>> = {
  'a fine-grained token': ({ github }) => ({
    'github-token': github.addToken({ kind: 'fine-grained', repositories: ['octo/*'], permissions: PERMISSIONS }),
  }),
  'a classic token': ({ github }) => ({
    'github-token': github.addToken({ kind: 'classic', scopes: ['repo'], repositories: ['octo/*'] }),
  }),
  'a GitHub App': ({ github }) => {
    github.addOrganization('octo')
    const app = github.addApp({ privateKey: PEM })
    github.installApp(app, { owner: 'octo', repositories: 'all', permissions: PERMISSIONS })
    return { 'github-token': '', 'github-app-id': String(app.id), 'github-app-private-key': PEM }
  },
}
const MIXED = { destinations: 'repository\nrepository: octo/old' }

/** An archived repository whose secret holds an older token. */
function addArchived({ github, secret }: Scene, name = 'octo/old'): void {
  github.addRepository(name, { archived: true })
  github.setSecret(name, secret, 'an older token', new Date(0))
}

describe.each(Object.entries(CREDENTIALS))('an archived repository, with %s', (_, credential) => {
  test('is left out with a warning, and is no reason to rotate again', () =>
    play(async (scene) => {
      addArchived(scene)
      const block = { ...credential(scene), ...MIXED }
      const first = await scene.rotate({ with: block })
      expect([errorsOf(first), first.outputs.status, resultsOf(first)]).toEqual([
        [],
        'rotated',
        ['updated', 'archived'],
      ])
      expect(warningsOf(first)).toContainEqual(
        expect.stringMatching(/^INCIDENT_API_KEY in octo\/old is in an archived/),
      )
      expect(writes(scene)).toHaveLength(1)
      expectCurrent(scene)
      const second = await scene.rotate({ with: { ...block, 'min-token-age': 'never' } })
      expect([second.outputs.status, resultsOf(second)]).toEqual(['skipped', ['current', 'archived']])
      expect(warningsOf(second)).toEqual([expect.stringContaining('octo/old')])
      expect(rotations(scene)).toHaveLength(1)
    }))

  test('alone is skipped with a warning, and with force an error', () =>
    play(async (scene) => {
      addArchived(scene)
      const block = { ...credential(scene), destinations: 'repository: octo/old' }
      const result = await scene.rotate({ with: block })
      expect([result.exitCode, result.outputs.status, resultsOf(result)]).toEqual([0, 'skipped', ['archived']])
      expect(warningsOf(result)).toEqual([expect.stringContaining('octo/old')])
      const forced = await scene.rotate({ with: { ...block, force: 'true' } })
      expect(onlyError(forced)).toMatch(/every destination is in an archived repository.*Nothing was changed/)
      expect(rotations(scene)).toEqual([])
    }))
})

test('an archived repository beyond the probes is left out', () =>
  play(async (scene) => {
    const names = Array.from({ length: 40 }, (_, index) => `octo/service-${index}`)
    for (const name of names) scene.github.addRepository(name)
    addArchived(scene)
    const destinations = [...names, 'octo/old'].map((name) => `repository: ${name}`).join('\n')
    const block = { ...CREDENTIALS['a fine-grained token']?.(scene), destinations, force: 'true' }
    const result = await scene.rotate({ with: block })
    expect([errorsOf(result), resultsOf(result).filter((one) => one === 'archived')]).toEqual([[], ['archived']])
    expect(writes(scene)).toHaveLength(40)
  }, FAST))

describe('in a manifest an archived repository', () => {
  test('is left out of a key that is present', () =>
    play(async (scene) => {
      addArchived(scene)
      const destinations = [{ repository: 'octo/app' }, { repository: 'octo/old' }]
      const block = CREDENTIALS['a fine-grained token']?.(scene) ?? {}
      const result = await reconcile(scene, manifestOf({ ...DEPLOY, destinations }), { with: block })
      expect([errorsOf(result), statusesOf(result)]).toEqual([[], ['CI deploy key: rotated']])
      expectCurrent(scene)
    }))

  test('keeps no key from being deleted', () =>
    play(async (scene) => {
      addArchived(scene)
      scene.incident.addKey({ name: 'Exporter', roles: ['viewer'] })
      const block = CREDENTIALS['a fine-grained token']?.(scene) ?? {}
      const entry = {
        name: 'Exporter',
        secret: scene.secret,
        state: 'absent',
        destinations: [{ repository: 'octo/old' }],
      }
      const result = await reconcile(scene, manifestOf(entry), { with: block })
      expect([errorsOf(result), statusesOf(result), namedOf(scene, 'Exporter')]).toEqual([
        [],
        ['Exporter: deleted'],
        [],
      ])
      expect(keysOf(result)[0]?.destinations).toEqual([expect.objectContaining({ result: 'archived' })])
    }))

  test('gets no key created that would be stored nowhere', () =>
    play(async (scene) => {
      addArchived(scene)
      const block = CREDENTIALS['a fine-grained token']?.(scene) ?? {}
      const result = await reconcile(scene, manifestOf({ ...NEW, destinations: [{ repository: 'octo/old' }] }), {
        with: block,
      })
      expect([errorsOf(result), statusesOf(result), namedOf(scene, 'New')]).toEqual([[], ['New: unchanged'], []])
    }))
})

describe('a full place', () => {
  const fill = ({ github, repository }: Scene, count: number) => {
    for (let index = 0; index < count; index++) github.setSecret(repository, `FILLER_${index}`, 'x')
  }

  test('is refused for a missing secret, so that no run rotates for nothing', () =>
    play(async (scene) => {
      fill(scene, 99)
      const result = await scene.rotate({ with: { destinations: 'repository\nrepository as ONE_MORE' } })
      expect(onlyError(result)).toMatch(/ONE_MORE in octo\/app.*holds 100 secrets already, which is GitHub's maximum/)
      expect(rotations(scene)).toEqual([])
    }))

  test('takes as many missing secrets as it has room for', () =>
    play(async (scene) => {
      fill(scene, 97)
      const some = { destinations: 'repository\nrepository as ONE_MORE\nrepository as TWO_MORE' }
      const result = await scene.rotate({ with: some })
      expect([errorsOf(result), resultsOf(result)]).toEqual([[], ['updated', 'created', 'created']])
      fill(scene, 97)
      const more = { destinations: 'repository\nrepository as THREE_MORE' }
      expect(onlyError(await scene.rotate({ with: { ...more, 'min-token-age': '0d' } }))).toContain('THREE_MORE')
      expect(rotations(scene)).toHaveLength(1)
    }))

  test('that holds the secret already is written', () =>
    play(async (scene) => {
      fill(scene, 99)
      expect((await scene.rotate()).exitCode).toBe(0)
    }))
})

test('a visibility that GitHub would not accept in a write is refused', () =>
  play(async (scene) => {
    scene.github.addOrganization('octo')
    const scopes = ['repo', 'admin:org']
    const token = scene.github.addToken({ kind: 'classic', scopes, repositories: ['octo/*'], organizations: ['octo'] })
    scene.github.store({ kind: 'organization', owner: 'octo' }).set(scene.secret, 'x', new Date(0))
    const change = (answer: Answer): Answer => ({
      ...answer,
      body: { ...(answer.body as object), visibility: 'internal' },
    })
    const path = /^\/orgs\/octo\/actions\/secrets\/INCIDENT_API_KEY$/
    scene.github.faults.add({ method: 'GET', path, times: ALWAYS, fault: { kind: 'answer', change } })
    const result = await scene.rotate({
      with: { 'github-token': token, destinations: 'repository\norganization: octo' },
    })
    expect(onlyError(result)).toMatch(/its visibility is "internal".*Nothing was changed/)
    expect(rotations(scene)).toEqual([])
  }))

describe('two names of one repository', () => {
  const rename = ({ github }: Scene) => {
    github.addRepository('octo/old')
    github.setSecret('octo/old', 'INCIDENT_API_KEY', 'an older token', new Date(0))
    github.renameRepository('octo/old', 'octo/new')
  }

  test.each(Object.entries(CREDENTIALS))(
    'that two keys feed is an error, and neither is rotated: %s',
    (_, credential) =>
      play(async (scene) => {
        rename(scene)
        const other = scene.incident.addKey({ name: 'Other', roles: ['viewer'], issuedAt: new Date(0) })
        const secret = scene.secret
        const yaml = manifestOf(
          { name: 'Other', secret, destinations: [{ repository: 'octo/old' }] },
          { ...DEPLOY, destinations: [{ repository: 'octo/new' }] },
        )
        const result = await reconcile(scene, yaml, { with: credential(scene) })
        expect(errorsOf(result)).toHaveLength(2)
        for (const error of errorsOf(result)) {
          expect(error).toMatch(/octo\/old \(entry on line \d+\) and .*octo\/new \(entry on line \d+\) are one secret/)
        }
        expect(rotations(scene)).toEqual([])
        expect(scene.incident.tokensOf(other.id)).toHaveLength(1)
      }),
  )

  test.each(Object.entries(CREDENTIALS))('that one key feeds are one place: %s', (_, credential) =>
    play(async (scene) => {
      rename(scene)
      const block = { ...credential(scene), destinations: 'repository: octo/old\nrepository: octo/new' }
      const result = await scene.rotate({ with: block })
      // A redirected request arrives twice.
      const written = writes(scene).filter(({ status }) => status === 204)
      expect([errorsOf(result), resultsOf(result), written.length]).toEqual([[], ['updated'], 1])
    }),
  )
})

describe('a place that refuses each write for good', () => {
  const WORKFLOW = '.github/workflows/rotate.yml'
  let runId = 4711

  /** One run of the workflow, and its post step. */
  async function run(scene: Scene, step: Partial<Step> = {}): Promise<StepResult> {
    runId += 1
    const { github, repository, clock } = scene
    const env = { GITHUB_RUN_ID: String(runId), GITHUB_WORKFLOW_REF: `${repository}/${WORKFLOW}@refs/heads/main` }
    github.addRun(repository, { id: runId, workflow: WORKFLOW, status: 'in_progress', createdAt: clock.date() })
    const main = await scene.rotate({ ...step, env })
    const post = await scene.finish(main, { ...step, env })
    const conclusion = main.exitCode === 0 && post.exitCode === 0 ? 'success' : 'failure'
    github.updateRun(repository, runId, { status: 'completed', conclusion, updatedAt: clock.date() })
    return main
  }

  test.each([
    ['stale', 'STALE'],
    ['missing', 'MISSING'],
  ])('costs two rotations, and then one every 6 h at most: a %s secret', (_, name) =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, 'STALE', 'an older token', new Date(0))
      const fault = { kind: 'status', status: 422, body: { message: 'Validation Failed' } } as const
      scene.github.faults.add({ method: 'PUT', path: new RegExp(`${name}$`), times: ALWAYS, fault })
      const step = { with: { destinations: `repository\nrepository as ${name}`, 'min-token-age': '30d' } }
      for (let count = 0; count < 2; count++) {
        expect((await run(scene, step)).outputs.rotated).toBe('true')
        scene.clock.advance(HOUR)
      }
      for (let count = 0; count < 2; count++) {
        const result = await run(scene, step)
        expect(onlyError(result)).toMatch(
          new RegExp(
            `^Could not repair ${name} in octo/app: .* failed, and so did the run before it \\(https://.*/runs/\\d+\\)`,
          ),
        )
        expect(onlyError(result)).toMatch(/remove the cause.*"force: true"/)
        expect(result.outputs.rotated).toBe('false')
        scene.clock.advance(HOUR)
      }
      expect(rotations(scene)).toHaveLength(2)
      scene.clock.advance(4 * HOUR)
      expect((await run(scene, step)).outputs.rotated).toBe('true')
      expect(rotations(scene)).toHaveLength(3)
      scene.github.faults.clear()
      const forced = await run(scene, { with: { ...step.with, force: 'true' } })
      expect([errorsOf(forced), forced.outputs.status]).toEqual([[], 'rotated'])
    }, FAST),
  )

  test('is rotated when its age asks for it', () =>
    play(async (scene) => {
      const fault = { kind: 'status', status: 422, body: { message: 'Validation Failed' } } as const
      scene.github.faults.add({ method: 'PUT', path: /MISSING$/, times: ALWAYS, fault })
      const step = { with: { destinations: 'repository\nrepository as MISSING', 'min-token-age': '1h' } }
      for (let count = 0; count < 3; count++) {
        expect((await run(scene, step)).outputs.rotated).toBe('true')
        scene.clock.advance(2 * HOUR)
      }
      expect(rotations(scene)).toHaveLength(3)
    }, FAST))
})
