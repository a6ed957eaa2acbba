import { describe, expect, test } from '@jest/globals'
import type { SecretOptions, SecretsPlace } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectUntouched, onlyError, play, warningsOf, writes } from './helpers.ts'
import { addOrganization, addUser, asked, holdersOf, keepIn, ORGANIZATION, widen } from './holding.ts'
import { addHistory, addRun, CI, graceSent, USES } from './runs.ts'

const OCTO = { destinations: 'organization: octo' }
/** No run holds them, so that nothing but the secret itself is asked about. */
const CODESPACES: SecretsPlace = { kind: 'codespaces', owner: 'octo' }
const RUNNING = [{ name: 'a', status: 'in_progress' }]

const named = (count: number) => Array.from({ length: count }, (_, index) => `octo/service-${index}`)
const visibilityOf = ({ github, secret }: Scene, place: SecretsPlace): SecretOptions => {
  const { visibility, selectedRepositories } = github.store(place).get(secret) ?? {}
  return { ...(visibility && { visibility }), ...(selectedRepositories && { selectedRepositories }) }
}

/** A secret for the open codespaces of selected repositories, and a token that may write it. */
function addSelected(scene: Scene, selectedRepositories: string[]): string {
  scene.github.addOrganization('octo')
  for (const name of selectedRepositories) scene.github.addRepository(name)
  keepIn(scene, CODESPACES, { visibility: 'selected', selectedRepositories })
  return scene.github.addToken({
    kind: 'classic',
    scopes: ['repo', 'admin:org'],
    repositories: ['octo/*'],
    organizations: ['octo'],
  })
}

describe('the selected repositories of a secret', () => {
  const PAGES = /\/secrets\/INCIDENT_API_KEY\/repositories$/

  test('that change between two pages are read anew', () =>
    play(async (scene) => {
      const names = named(120)
      const token = addSelected(scene, names)
      let pages = 0
      scene.github.onRequest = ({ path }) => {
        if (PAGES.test(path) && ++pages === 2)
          keepIn(scene, CODESPACES, { visibility: 'selected', selectedRepositories: names.slice(1) })
      }
      const result = await scene.rotate({ with: { destinations: 'codespaces: octo', 'github-token': token } })
      expect(result.exitCode).toBe(0)
      expect(visibilityOf(scene, CODESPACES)).toEqual({ visibility: 'selected', selectedRepositories: names.slice(1) })
    }))

  test('that are not as many as GitHub counts end the run with nothing changed', () =>
    play(async (scene) => {
      const token = addSelected(scene, named(3))
      const change = (answer: { status: number; headers: Record<string, string>; body: unknown }) => {
        const { repositories, ...body } = answer.body as { repositories: unknown[] }
        return { ...answer, body: { ...body, repositories: repositories.slice(0, 2) } }
      }
      const fault = { kind: 'answer', change } as const
      scene.github.faults.add({ path: PAGES, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate({ with: { destinations: 'codespaces: octo', 'github-token': token } })
      expect(onlyError(result)).toContain('pages do not add up')
      expectUntouched(scene)
    }))

  test('and a visibility that was narrowed stay so when the post step writes', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      let pid = 0
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') process.kill(pid, 'SIGKILL')
      }
      scene.github.faults.add({ method: 'PUT', fault: { kind: 'reset', when: 'before' } })
      const main = await scene.rotate({
        with: OCTO,
        onStart: (started) => {
          pid = started
        },
      })
      scene.github.onRequest = () => {}
      const narrowed: SecretOptions = { visibility: 'selected', selectedRepositories: ['octo/web'] }
      // Without a write: its date stays.
      scene.github.store(ORGANIZATION).set(scene.secret, scene.key.token, new Date(0), narrowed)
      const post = await scene.finish(main, { with: OCTO })
      expect([main.signal, post.exitCode, writes(scene).length]).toEqual(['SIGKILL', 0, 2])
      expect(visibilityOf(scene, ORGANIZATION)).toEqual(narrowed)
      const current = scene.incident.tokensOf(scene.key.id).at(-1)?.token
      expect(scene.github.store(ORGANIZATION).get(scene.secret)?.value === current).toBe(true)
    }))
})

describe('the repositories of an organization', () => {
  test('that a token is not shown are counted: 60 minutes, and a warning', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'private' })
      addUser(scene, 'octo/web', 40)
      widen(scene, ['octo/app'])
      const result = await scene.rotate({ with: OCTO })
      expect([result.exitCode, graceSent(scene)]).toEqual([0, [{ grace_period_minutes: 60 }]])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/^The token is not shown 2 of the .* is 60 minutes/)])
    }))

  test('are all seen although one is pushed to between two pages', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'private' })
      for (const name of named(110)) scene.github.addRepository(name)
      addUser(scene, 'octo/service-0', 40)
      // By the latest push it moves to the top of the first page, which was read, and the last one there moves on.
      let moved: unknown
      const change = (answer: { status: number; headers: Record<string, string>; body: unknown }) => {
        const list = answer.body as { full_name: string }[]
        const { query = '' } = scene.github.journal.findLast(({ path }) => path === '/orgs/octo/repos') ?? {}
        if (!query.includes('sort=pushed')) return answer
        if (list.length === 100) {
          moved = list.at(-1)
          return answer
        }
        return { ...answer, body: [moved, ...list.filter((one) => one.full_name !== 'octo/service-0')] }
      }
      const fault = { kind: 'answer', change } as const
      scene.github.faults.add({ path: /^\/orgs\/octo\/repos$/, times: Number.POSITIVE_INFINITY, fault })
      expect(await holdersOf(scene, OCTO.destinations)).toEqual(['Nightly'])
      expect(new Set(asked(scene)).size).toBe(112)
    }))

  test('are unknown where force passes over its secret', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      addUser(scene, 'octo/web', 40)
      const body = { message: 'Resource not accessible by personal access token' }
      scene.github.faults.add({ method: 'DELETE', path: /^\/orgs\//, fault: { kind: 'status', status: 403, body } })
      const result = await scene.rotate({ with: { destinations: 'repository\norganization: octo', force: 'true' } })
      expect([result.outputs.rotated, graceSent(scene)]).toEqual(['true', [{ grace_period_minutes: 60 }]])
      expect(warningsOf(result)).toEqual([
        expect.stringMatching(/^Who can read .* in octo could not be seen\. .* 60 min/),
      ])
    }))
})

describe('the secret of an environment may be held by', () => {
  const inEnvironment = (scene: Scene, environment: string) => {
    widen(scene)
    scene.github.addEnvironment('octo/app', environment)
    keepIn(scene, { kind: 'environment', owner: 'octo', repository: 'app', environment })
    return { destinations: `environment: octo/app/${environment}` }
  }

  test('a job of a workflow that is called without any secret', () =>
    play(async (scene) => {
      const block = inEnvironment(scene, 'production')
      scene.github.addFile('octo/app', CI, 'on: push\njobs: {a: {uses: ./.github/workflows/deploy.yml}}')
      addHistory(scene, 40)
      addRun(scene, 10, { jobs: [{ name: 'a / deploy', status: 'in_progress' }] })
      await scene.rotate({ with: block })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
    }))

  test('the coding agent, where the environment has its name', () =>
    play(async (scene) => {
      const block = inEnvironment(scene, 'copilot')
      const workflow = 'dynamic/copilot-swe-agent/copilot'
      addHistory(scene, 25, 100, workflow)
      addRun(scene, 5, { workflow, event: 'dynamic', jobs: RUNNING })
      await scene.rotate({ with: block })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 22 }])
    }))
})

test('a second look that fails tells nothing of what the first one decided', () =>
  play(
    async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 120)
      const run = addRun(scene, 10, { name: 'Nightly' })
      let lists = 0
      let keys = 0
      scene.github.onRequest = ({ path }) => {
        if (path.endsWith('/public-key') && ++keys === 2) scene.github.revokeToken(scene.githubToken)
        if (path.endsWith('/actions/runs') && ++lists === 10)
          scene.github.updateRun('octo/app', run, { status: 'completed' })
      }
      const result = await scene.rotate({ with: { 'max-wait-minutes': '30' } })
      expect(onlyError(result)).toContain('401')
      expect(result.annotations).toHaveLength(1)
      const seen = ['destinations', 'key-id', 'key-name', 'token-issued-at']
      expect(new Set(Object.keys(result.outputs))).toEqual(new Set([...seen, 'rotated', 'runs-at-risk', 'status']))
      expect(result.outputs['runs-at-risk']).toBe('[]')
      expect(result.summary).not.toContain('Nightly')
      expectUntouched(scene)
    },
    { speed: 60 },
  ))

test('codespaces that force passes over hide no run', () =>
  play(async (scene) => {
    addOrganization(scene)
    const body = { message: 'Resource not accessible by personal access token' }
    scene.github.faults.add({ method: 'GET', path: /codespaces/, fault: { kind: 'status', status: 403, body } })
    const result = await scene.rotate({ with: { destinations: 'repository\ncodespaces: octo', force: 'true' } })
    expect([result.outputs.rotated, graceSent(scene)]).toEqual(['true', [{ grace_period_minutes: 15 }]])
    expect(warningsOf(result)).toEqual([])
  }))

/** The main step is killed before the organization's secret is written. */
async function rotateAndKill(scene: Scene) {
  let pid = 0
  scene.github.onRequest = ({ method }) => {
    if (method === 'PUT') process.kill(pid, 'SIGKILL')
  }
  scene.github.faults.add({ method: 'PUT', fault: { kind: 'reset', when: 'before' } })
  const main = await scene.rotate({
    with: OCTO,
    onStart: (started) => {
      pid = started
    },
  })
  expect(main.signal).toBe('SIGKILL')
  scene.github.onRequest = () => {}
  return main
}

const CHOSEN: SecretOptions = { visibility: 'selected', selectedRepositories: ['octo/web'] }

test('the post step shows an organization’s secret that is gone meanwhile to nobody else', () =>
  play(async (scene) => {
    addOrganization(scene, CHOSEN)
    const main = await rotateAndKill(scene)
    const fault = { kind: 'status', status: 404, body: { message: 'Not Found' } } as const
    scene.github.faults.add({ method: 'GET', path: /\/INCIDENT_API_KEY$/, fault })
    expect((await scene.finish(main, { with: OCTO })).exitCode).toBe(0)
    expect(visibilityOf(scene, ORGANIZATION)).toEqual(CHOSEN)
  }))
