import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import type { SecretOptions, SecretsPlace } from '../../sandbox/github.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  expectCurrent,
  expectMasked,
  expectUntouched,
  onlyError,
  play,
  rotations,
  warningsOf,
  writes,
} from './helpers.ts'

const KEY = 'INCIDENT_API_KEY'
const PRODUCTION: SecretsPlace = { kind: 'environment', owner: 'octo', repository: 'app', environment: 'eu/west 1' }
const ORGANIZATION: SecretsPlace = { kind: 'organization', owner: 'octo' }

/** Every kind, in two organizations. */
const EVERYWHERE: [string, SecretsPlace, string][] = [
  ['repository', { kind: 'repository', owner: 'octo', repository: 'app' }, KEY],
  ['repository: octo/web as OTHER_NAME', { kind: 'repository', owner: 'octo', repository: 'web' }, 'OTHER_NAME'],
  ['environment: octo/app/eu/west 1', PRODUCTION, KEY],
  ['organization: octo as INCIDENT_TOKEN', ORGANIZATION, 'INCIDENT_TOKEN'],
  ['dependabot: octo/app', { kind: 'dependabot', owner: 'octo', repository: 'app' }, KEY],
  ['dependabot: octo', { kind: 'dependabot', owner: 'octo' }, KEY],
  ['codespaces: octo/app', { kind: 'codespaces', owner: 'octo', repository: 'app' }, KEY],
  ['codespaces: octo', { kind: 'codespaces', owner: 'octo' }, KEY],
  ['agents: octo/app', { kind: 'agents', owner: 'octo', repository: 'app' }, KEY],
  ['agents: octo', { kind: 'agents', owner: 'octo' }, KEY],
  ['repository: acme/tools', { kind: 'repository', owner: 'acme', repository: 'tools' }, KEY],
  ['organization: acme', { kind: 'organization', owner: 'acme' }, KEY],
]

/** Two organizations with a few repositories, and a classic token for all of it. */
function build({ github }: Scene): string {
  for (const owner of ['octo', 'acme']) github.addOrganization(owner)
  for (const name of ['octo/web', 'octo/old', 'acme/tools']) github.addRepository(name)
  github.addEnvironment('octo/app', 'eu/west 1')
  const repositories = ['octo/*', 'acme/*']
  return github.addToken({
    kind: 'classic',
    scopes: ['repo', 'admin:org'],
    repositories,
    organizations: ['octo', 'acme'],
  })
}

const rotateTo = (scene: Scene, lines: string[], token: string, more: Record<string, string> = {}) =>
  scene.rotate({ with: { destinations: lines.join('\n'), 'github-token': token, ...more } })

/** The secret is there, and opens to the key's current token. */
function expectCurrentIn(scene: Scene, place: SecretsPlace, secret: string): void {
  const current = scene.incident.tokensOf(scene.key.id).at(-1)?.token
  expect([place, scene.github.store(place).get(secret)?.value === current]).toEqual([place, true])
}

const resultsOf = (result: StepResult) => JSON.parse(result.outputs.destinations ?? '[]')

describe('every kind of destination', () => {
  test('is written in one rotation, across owners', () =>
    play(async (scene) => {
      const result = await rotateTo(
        scene,
        EVERYWHERE.map(([line]) => line),
        build(scene),
      )
      expect([result.exitCode, result.annotations.filter(({ level }) => level === 'error')]).toEqual([0, []])
      for (const [, place, secret] of EVERYWHERE) expectCurrentIn(scene, place, secret)
      expect(rotations(scene)).toHaveLength(1)
      expect(resultsOf(result)).toEqual(
        EVERYWHERE.map(([, place, secret], index) => ({
          ...place,
          secret,
          result: index === 0 ? 'updated' : 'created',
        })),
      )
      expectMasked(scene, result)
      expect(result.summary).toContain('octo/app/eu/west 1')
      expect(result.summary).toContain('octo/app (dependabot)')
    }))

  test('a second run leaves all of them alone', () =>
    play(async (scene) => {
      const token = build(scene)
      const lines = EVERYWHERE.map(([line]) => line)
      await rotateTo(scene, lines, token)
      const before = writes(scene).length
      const result = await rotateTo(scene, lines, token)
      expect(result.outputs.status).toBe('skipped')
      expect(resultsOf(result).map((one: { result: string }) => one.result)).toEqual(lines.map(() => 'current'))
      expect(writes(scene)).toHaveLength(before)
    }))

  test('one stale copy among them is healed, and all hold the new token then', () =>
    play(async (scene) => {
      const token = build(scene)
      const lines = EVERYWHERE.map(([line]) => line)
      await rotateTo(scene, lines, token)
      scene.github.store(PRODUCTION).set(KEY, 'an older token', new Date(scene.clock.now() - 86_400_000))
      const result = await rotateTo(scene, lines, token)
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      for (const [, place, secret] of EVERYWHERE) expectCurrentIn(scene, place, secret)
    }))

  test('places and names that differ by case only are one destination', () =>
    play(async (scene) => {
      const result = await rotateTo(scene, ['repository', 'repository: OCTO/App as incident_api_key'], build(scene))
      expect(resultsOf(result)).toHaveLength(1)
      expect(writes(scene)).toHaveLength(1)
      expectCurrent(scene)
    }))

  test('several secrets of one place share its public key', () =>
    play(async (scene) => {
      const result = await rotateTo(scene, ['repository', 'repository as SECOND', 'repository as THIRD'], build(scene))
      expect(result.exitCode).toBe(0)
      expect(scene.github.journal.filter(({ path }) => path.endsWith('/public-key'))).toHaveLength(1)
      expect(writes(scene)).toHaveLength(3)
    }))
})

describe('the visibility of an organization’s secret', () => {
  const visibilityOf = ({ github }: Scene, place: SecretsPlace = ORGANIZATION) => {
    const { visibility, selectedRepositories } = github.store(place).get(KEY) ?? {}
    return { visibility, selectedRepositories }
  }

  test.each(['all', 'private'] as const)('%s stays', (visibility) =>
    play(async (scene) => {
      const token = build(scene)
      scene.github.store(ORGANIZATION).set(KEY, scene.key.token, new Date(), { visibility })
      expect((await rotateTo(scene, ['organization: octo'], token)).exitCode).toBe(0)
      expect(visibilityOf(scene)).toEqual({ visibility, selectedRepositories: [] })
      expectCurrentIn(scene, ORGANIZATION, KEY)
    }),
  )

  const WEB = 'octo/web'
  const SELECTED: SecretOptions = { visibility: 'selected', selectedRepositories: [WEB] }
  test.each<[string, SecretOptions, SecretOptions]>([
    ['another repository', SELECTED, { visibility: 'selected', selectedRepositories: ['octo/app', WEB] }],
    ['nobody but one', { visibility: 'all', selectedRepositories: [] }, SELECTED],
    ['everybody', SELECTED, { visibility: 'all', selectedRepositories: [] }],
  ])('changed to %s while a write is repeated, it stays so', (_, before, after) =>
    play(async (scene) => {
      const token = build(scene)
      const store = scene.github.store(ORGANIZATION)
      store.set(KEY, scene.key.token, new Date(), before)
      scene.github.faults.add({ method: 'PUT', times: 2, fault: { kind: 'status', status: 503, body: {} } })
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT' && writes(scene).length === 1) store.set(KEY, scene.key.token, new Date(), after)
      }
      expect((await rotateTo(scene, ['organization: octo'], token)).exitCode).toBe(0)
      expect(writes(scene)).toHaveLength(3)
      expect(visibilityOf(scene)).toEqual(after)
      expectCurrentIn(scene, ORGANIZATION, KEY)
    }),
  )

  test('the selected repositories stay, where they cannot be seen while a write is repeated', () =>
    play(async (scene) => {
      const token = build(scene)
      scene.github.store(ORGANIZATION).set(KEY, scene.key.token, new Date(), SELECTED)
      const fault = { kind: 'status', status: 503, body: {} } as const
      scene.github.faults.add({ method: 'PUT', times: 2, fault })
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') scene.github.faults.add({ method: 'GET', path: /secrets\/\w+$/, times: 9, fault })
      }
      expect((await rotateTo(scene, ['organization: octo'], token)).exitCode).toBe(0)
      expect(visibilityOf(scene)).toEqual(SELECTED)
      expectCurrentIn(scene, ORGANIZATION, KEY)
    }))

  test.each([
    [1, 2],
    [2, 250],
  ])(
    'a list that lacks %d of %d selected repositories is refused, because writing it back would drop them',
    (lacks, count) =>
      play(async (scene) => {
        const token = build(scene)
        const selectedRepositories = Array.from({ length: count }, (_, index) => `octo/service-${index}`)
        for (const name of selectedRepositories) scene.github.addRepository(name)
        const chosen: SecretOptions = { visibility: 'selected', selectedRepositories }
        scene.github.store(ORGANIZATION).set(KEY, scene.key.token, new Date(), chosen)
        const change = (answer: Answer): Answer => {
          const { repositories, ...rest } = answer.body as { repositories: unknown[] }
          return { ...answer, body: { ...rest, repositories: repositories.slice(lacks) } }
        }
        const path = /secrets\/\w+\/repositories$/
        scene.github.faults.add({ path, times: Number.POSITIVE_INFINITY, fault: { kind: 'answer', change } })
        const result = await rotateTo(scene, ['organization: octo'], token)
        expect(onlyError(result)).toMatch(/a list whose pages do not add up/)
        expect(rotations(scene)).toEqual([])
      }),
  )

  test('the selected repositories stay to the last of hundreds', () =>
    play(async (scene) => {
      const token = build(scene)
      const selectedRepositories = Array.from({ length: 250 }, (_, index) => `octo/service-${index}`)
      for (const name of selectedRepositories) scene.github.addRepository(name)
      const chosen: SecretOptions = { visibility: 'selected', selectedRepositories }
      scene.github.store(ORGANIZATION).set(KEY, scene.key.token, new Date(), chosen)
      expect((await rotateTo(scene, ['organization: octo'], token)).exitCode).toBe(0)
      expect(visibilityOf(scene)).toEqual(chosen)
      const [sent] = writes(scene).map(({ requestBody }) => requestBody as { selected_repository_ids: unknown[] })
      expect(sent?.selected_repository_ids.every(Number.isInteger)).toBe(true)
      expectCurrentIn(scene, ORGANIZATION, KEY)
    }))

  test.each(['organization', 'dependabot', 'codespaces', 'agents'] as const)(
    'an empty selection stays empty, and a new secret is private (%s)',
    (kind) =>
      play(async (scene) => {
        const token = build(scene)
        const place: SecretsPlace = { kind, owner: 'octo' }
        const chosen: SecretOptions = { visibility: 'selected', selectedRepositories: [] }
        scene.github.store(place).set(KEY, scene.key.token, new Date(), chosen)
        const result = await rotateTo(scene, [`${kind}: octo`, `${kind}: octo as NEW_ONE`], token)
        expect(result.exitCode).toBe(0)
        expect(visibilityOf(scene, place)).toEqual(chosen)
        expect(scene.github.store(place).get('NEW_ONE')?.visibility).toBe('private')
      }),
  )

  test('survives the post step that finishes a killed run', () =>
    play(async (scene) => {
      const token = build(scene)
      const chosen: SecretOptions = { visibility: 'selected', selectedRepositories: ['octo/web', 'octo/old'] }
      scene.github.store(ORGANIZATION).set(KEY, scene.key.token, new Date(0), chosen)
      let pid = 0
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') process.kill(pid, 'SIGKILL')
      }
      const options = { destinations: 'organization: octo', 'github-token': token }
      const main = await scene.rotate({
        with: options,
        onStart: (started) => {
          pid = started
        },
      })
      expect(main.signal).toBe('SIGKILL')
      scene.github.onRequest = () => {}
      expect((await scene.finish(main, { with: options })).exitCode).toBe(0)
      expect(visibilityOf(scene)).toEqual(chosen)
      expectCurrentIn(scene, ORGANIZATION, KEY)
    }))
})

describe('what cannot be written is found before the rotation', () => {
  test.each<[string, string, RegExp]>([
    [
      'an environment that is not there',
      'environment: octo/app/prodution',
      /has no environment "prodution".*"production"/,
    ],
    ['a repository that is not there', 'repository: octo/wep', /octo\/wep does not exist, or the token may not see it/],
    ['an organization that is not there', 'organization: octopus', /there is no account octopus/],
    ['a personal account', 'organization: mona', /mona is a personal account, and only organizations/],
    [
      'a repository of an account that is not there',
      'dependabot: nobody/app',
      /nobody\/app \(dependabot\) does not exist/,
    ],
  ])('%s', (_, line, message) =>
    play(async (scene) => {
      const token = build(scene)
      scene.github.addEnvironment('octo/app', 'production')
      scene.github.addRepository('mona/site')
      const result = await rotateTo(scene, ['repository', line], token)
      expect(onlyError(result)).toMatch(message)
      expectUntouched(scene)
      // What could be looked at is told all the same.
      expect(resultsOf(result)).toEqual([
        expect.objectContaining({ repository: 'app', result: 'current' }),
        expect.objectContaining({ result: 'failed', error: expect.any(String) }),
      ])
      const { 'key-id': id, 'key-name': name } = result.outputs
      expect({ id, name }).toEqual({ id: scene.key.id, name: scene.key.name })
    }),
  )

  test('where the key is not found, nobody knows what the others hold', () =>
    play(async (scene) => {
      const token = build(scene)
      const destinations = 'repository\nrepository: octo/wep'
      const result = await scene.rotate({ with: { destinations, 'github-token': token, 'key-name': 'Nobody' } })
      expect(resultsOf(result)).toEqual([expect.objectContaining({ repository: 'wep', result: 'failed' })])
    }))

  test.each<[string, string, string]>([
    ['environment: octo/app/eu/west 1', 'environments=write', 'Environments: read and write'],
    ['organization: octo', 'organization_secrets=write', 'admin:org'],
    ['dependabot: octo/app', 'dependabot_secrets=write', 'Dependabot secrets: read and write'],
    ['codespaces: octo/app', 'codespaces_secrets=write', 'Codespaces secrets: read and write'],
    ['agents: octo', 'organization_agent_secrets=write', 'admin:org'],
  ])('the permission to write %s, which the probe finds missing', (line, permission, remedy) =>
    play(async (scene) => {
      build(scene)
      const permissions = {
        secrets: 'write',
        environments: 'read',
        organization_secrets: 'read',
        dependabot_secrets: 'read',
        codespaces_secrets: 'read',
        organization_agent_secrets: 'read',
        actions: 'read',
        contents: 'read',
      } as const
      const token = scene.github.addToken({
        kind: 'fine-grained',
        repositories: ['octo/app'],
        organizations: ['octo'],
        permissions,
      })
      const error = onlyError(await rotateTo(scene, ['repository', line], token))
      expect(error).toContain(permission)
      expect(error).toContain(remedy)
      expectUntouched(scene)
    }),
  )

  test('a place that exists is told apart from one that does not', () =>
    play(async (scene) => {
      build(scene)
      const token = scene.github.addToken({
        kind: 'fine-grained',
        repositories: ['octo/app'],
        permissions: { secrets: 'write', actions: 'read' },
      })
      const error = onlyError(await rotateTo(scene, ['organization: octo'], token))
      expect(error).toContain('the organization octo exists, but the token may not see its secrets')
    }))

  test('the scope that a classic token lacks for an organization', () =>
    play(async (scene) => {
      build(scene)
      const token = scene.github.addToken({
        kind: 'classic',
        scopes: ['repo'],
        repositories: ['octo/*'],
        organizations: ['octo'],
      })
      expect(onlyError(await rotateTo(scene, ['organization: octo'], token))).toContain('lacks the scope admin:org')
      expectUntouched(scene)
    }))

  test('all of them at once, one error each', () =>
    play(async (scene) => {
      const token = build(scene)
      const lines = ['environment: octo/app/none', 'repository: octo/none', 'organization: none']
      const result = await rotateTo(scene, lines, token)
      expect(result.annotations.filter(({ level }) => level === 'error')).toHaveLength(3)
      expect(resultsOf(result)).toHaveLength(3)
      expectUntouched(scene)
    }))

  test('hundreds of them: ten annotations, and the rest in the log', () =>
    play(async (scene) => {
      const token = build(scene)
      const lines = Array.from({ length: 40 }, (_, index) => `repository: octo/none-${index}`)
      const result = await rotateTo(scene, lines, token)
      const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
      expect(errors).toHaveLength(10)
      expect(errors.at(-1)).toContain('31 more errors')
      for (let index = 0; index < 40; index++) expect(result.log.join('\n')).toContain(`octo/none-${index}:`)
    }))
})

describe('force passes over what cannot be written', () => {
  test('when one destination can be', () =>
    play(async (scene) => {
      const token = build(scene)
      const result = await rotateTo(scene, ['repository', 'repository: octo/none'], token, { force: 'true' })
      expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([1, 'failed', 'true'])
      expect(resultsOf(result)).toEqual([
        expect.objectContaining({ repository: 'app', result: 'updated' }),
        expect.objectContaining({ repository: 'none', result: 'failed' }),
      ])
      expectCurrent(scene)
    }))

  test('but not when none can', () =>
    play(async (scene) => {
      const token = build(scene)
      const lines = ['repository: octo/nil', 'repository: octo/none']
      const result = await rotateTo(scene, lines, token, { force: 'true' })
      expect(result.outputs.rotated).toBe('false')
      expectUntouched(scene)
    }))
})

describe('bad input', () => {
  test('each wrong line of the destinations is named', () =>
    play(async (scene) => {
      const lines = ['repository', '# a comment', 'octo/web', '', 'environment: production', 'organization: octo as 1X']
      const result = await rotateTo(scene, lines, scene.githubToken)
      const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
      expect(errors.map((error) => /line (\d+)/.exec(error)?.[1])).toEqual(['3', '5', '6'])
      expect([scene.incident.journal, scene.github.journal]).toEqual([[], []])
    }))

  test('a destination without a secret’s name', () =>
    play(async (scene) => {
      const result = await rotateTo(scene, ['repository as ONE', 'organization: octo'], scene.githubToken, {
        'secret-name': '',
      })
      expect(onlyError(result)).toMatch(/line 2: .*"secret-name" is empty/)
    }))

  test('no secret-name is needed when each destination has its own', () =>
    play(async (scene) => {
      const result = await rotateTo(scene, [`repository as ${KEY}`], scene.githubToken, { 'secret-name': '' })
      expect([result.exitCode, warningsOf(result)]).toEqual([0, []])
      expectCurrent(scene)
    }))

  test.each(['codespaces: octo/app', 'agents: octo'])('GitHub Enterprise Server has no %s', (line) =>
    play(async (scene) => {
      const result = await rotateTo(scene, [line], scene.githubToken, { 'github-api-url': 'https://ghe.test/api/v3' })
      expect(onlyError(result)).toMatch(
        /GitHub Enterprise Server has no (Codespaces secrets|agents secrets of organizations)/,
      )
      expect(scene.incident.journal).toEqual([])
    }),
  )
})

test('no word in the destinations stands for none of them', () =>
  play(async (scene) => {
    expect(onlyError(await scene.rotate({ with: { destinations: 'A_TOKEN' } }))).toContain('"A_TOKEN" is no kind')
    expectUntouched(scene)
  }))
