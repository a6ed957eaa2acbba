import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import type { SecretOptions } from '../../sandbox/github.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectUntouched, play, warningsOf, writes } from './helpers.ts'
import { addOrganization, addUser, asked, holdersOf, keepIn, ORGANIZATION, widen } from './holding.ts'
import { addRun, atRisk, CI, graceSent, USES, USES_NONE } from './runs.ts'

const OCTO = { destinations: 'organization: octo' }
const LISTS = /\/orgs\/octo\/repos$/
const calls = ({ github }: Scene, pattern: RegExp) => github.journal.filter(({ path }) => pattern.test(path)).length
const twice = (names: string[]) => [...names, ...names].sort()
const REFUSED = { message: 'Resource not accessible by personal access token', status: '403' }

/** The organization's secret holds the key's current token. */
function expectWritten({ github, incident, secret, key }: Scene): void {
  expect(github.store(ORGANIZATION).get(secret)?.value === incident.tokensOf(key.id).at(-1)?.token).toBe(true)
}

/** It rotated with 60 minutes, and with one warning. */
function expectBlind(scene: Scene, result: StepResult, warning: RegExp): void {
  expect([result.exitCode, graceSent(scene)]).toEqual([0, [{ grace_period_minutes: 60 }]])
  expect(warningsOf(result)).toEqual([expect.stringMatching(warning)])
  expectWritten(scene)
}

describe('which repositories are asked for their runs', () => {
  test.each<[string, SecretOptions, string[], number]>([
    ['all of them, but archived ones', { visibility: 'all' }, ['octo/app', 'octo/open', 'octo/web'], 1],
    ['private ones', { visibility: 'private' }, ['octo/app', 'octo/web'], 1],
    ['selected ones', { visibility: 'selected', selectedRepositories: ['octo/web'] }, ['octo/web'], 0],
    ['none when none is selected', { visibility: 'selected', selectedRepositories: [] }, [], 0],
  ])('%s', (_, options, names, pages) =>
    play(async (scene) => {
      addOrganization(scene, options)
      const result = await scene.rotate({ with: OCTO })
      expect([result.exitCode, warningsOf(result)]).toEqual([0, []])
      expect(asked(scene).sort()).toEqual(twice(names))
      expect(calls(scene, LISTS)).toBe(pages)
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expectWritten(scene)
    }),
  )

  test('one that is a destination too is asked once', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'private' })
      await scene.rotate({ with: { destinations: 'repository: OCTO/App\norganization: octo\ndependabot: octo/app' } })
      expect(
        asked(scene)
          .map((name) => name.toLowerCase())
          .sort(),
      ).toEqual(twice(['octo/app', 'octo/web']))
    }))

  test('nobody for a secret that is new', () =>
    play(async (scene) => {
      addOrganization(scene)
      addUser(scene, 'octo/web', 40)
      const result = await scene.rotate({ with: OCTO })
      expect(result.outputs.status).toBe('rotated')
      expect([asked(scene), calls(scene, LISTS)]).toEqual([[], 0])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 15 }])
      expectWritten(scene)
    }))
})

describe('a run in another repository', () => {
  test('decides the grace period, and is seen in the timeline', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      addUser(scene, 'octo/web', 40)
      scene.github.addFile('octo/open', CI, USES_NONE)
      addRun(scene, 5, { name: 'Lint' }, 'octo/open')
      const { log, summary } = await scene.rotate({ with: OCTO })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
      expect(log.join('\n')).toContain('"Nightly" needs it for 30 minutes by its past runs')
      expect(summary).toMatch(
        /```mermaid\ngantt[^`]*\n {2}32 min that it stays valid :[^`]*\n {2}30 min left Nightly :[\d :-]+, [\d :-]+\n```/,
      )
    }))

  test('is named when its token may die', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      const run = addUser(scene, 'octo/web', 40)
      const { outputs, summary } = await scene.rotate({ with: { ...OCTO, 'grace-period-minutes': '10' } })
      expect(atRisk(outputs)).toEqual([
        {
          repository: 'octo/web',
          run_id: run,
          workflow: 'Nightly',
          status: 'in_progress',
          url: `https://github.com/octo/web/actions/runs/${run}`,
          needs_minutes: 30,
        },
      ])
      expect(summary).toMatch(
        /\| Nightly \[\\#\d+\]\(https:\/\/github\.com\/octo\/web\/actions\/runs\/\d+\) \| octo\/web \|$/m,
      )
    }))

  test.each([
    ['is none of those that cannot read it', { visibility: 'selected', selectedRepositories: ['octo/app'] }, []],
    [
      'holds it where its repository is selected',
      { visibility: 'selected', selectedRepositories: ['octo/web'] },
      ['Nightly'],
    ],
  ] as [string, SecretOptions, string[]][])('%s', (_, options, holders) =>
    play(async (scene) => {
      addOrganization(scene, options)
      addUser(scene, 'octo/web', 40)
      expect(await holdersOf(scene, OCTO.destinations)).toEqual(holders)
    }),
  )

  test.each([
    ['dependabot', 'Dependabot'],
    ['agents', 'agent'],
  ] as const)('holds what an organization has for its kind only (%s)', (kind, name) =>
    play(async (scene) => {
      addOrganization(scene)
      keepIn(scene, { kind, owner: 'octo' }, { visibility: 'all' })
      addUser(scene, 'octo/web', 40)
      addRun(scene, 5, { name: 'Dependabot', event: 'pull_request', actor: 'dependabot[bot]' }, 'octo/web')
      addRun(scene, 5, { name: 'agent', workflow: 'dynamic/copilot-swe-agent/copilot', event: 'dynamic' }, 'octo/web')
      expect(await holdersOf(scene, `${kind}: octo`)).toEqual([name])
    }),
  )

  test('is told when it is queued during the rotation', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      addUser(scene, 'octo/web', 40)
      scene.incident.onRequest = ({ path }) => {
        if (path.endsWith('/rotate')) addRun(scene, 0, { name: 'Late', status: 'queued' }, 'octo/web')
      }
      const result = await scene.rotate({ with: OCTO })
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
      expect(atRisk(result.outputs)).toEqual([
        expect.objectContaining({ repository: 'octo/web', workflow: 'Late', status: 'queued', needs_minutes: 40 }),
      ])
    }))

  test('that needs too long is waited for', () =>
    play(
      async (scene) => {
        addOrganization(scene, { visibility: 'all' })
        const run = addUser(scene, 'octo/web', 120)
        let lists = 0
        scene.github.onRequest = ({ path }) => {
          if (path === '/repos/octo/web/actions/runs' && ++lists === 15)
            scene.github.updateRun('octo/web', run, { status: 'completed' })
        }
        const result = await scene.rotate({ with: { ...OCTO, 'max-wait-minutes': '30' } })
        expect(result.outputs.status).toBe('rotated')
        const waiting = result.log.filter((line) => line.startsWith('Waiting for 1 run'))
        expect(waiting.length).toBeGreaterThan(1)
        expect(waiting[0]).toContain(`https://github.com/octo/web/actions/runs/${run}`)
        // Once in each look, and in none of the waits.
        expect(asked(scene).filter((name) => name === 'octo/open')).toHaveLength(3)
        expectWritten(scene)
      },
      { speed: 60 },
    ))

  test('that needs too long puts the rotation off otherwise', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      addUser(scene, 'octo/web', 120)
      const result = await scene.rotate({ with: OCTO })
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'deferred'])
      expect(warningsOf(result)).toEqual([expect.stringMatching(/put off.*octo\/web\/actions\/runs/)])
      expectUntouched(scene)
    }))
})

describe('what cannot be seen', () => {
  test('a repository that the token is not for: 60 minutes, and a warning that names it', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'selected', selectedRepositories: ['octo/app', 'octo/web'] })
      widen(scene, ['octo/app'])
      const result = await scene.rotate({ with: OCTO })
      expectBlind(scene, result, /^The runs of octo\/web could not be read.*404.*"actions=read".*is 60 minutes/)
    }))

  test('one where it may not read runs', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      const fault = { kind: 'status', status: 403, body: REFUSED } as const
      scene.github.faults.add({ path: /octo\/web\/actions\/runs$/, times: Number.POSITIVE_INFINITY, fault })
      const result = await scene.rotate({ with: OCTO })
      expectBlind(scene, result, /^The runs of octo\/web could not be read.*403.*lacks the permission "actions=read"/)
    }))

  test('hundreds of them are one warning', () =>
    play(async (scene) => {
      const names = Array.from({ length: 40 }, (_, index) => `octo/service-${index}`)
      addOrganization(scene)
      for (const name of names) scene.github.addRepository(name)
      keepIn(scene, ORGANIZATION, { visibility: 'selected', selectedRepositories: names })
      widen(scene, ['octo/app'])
      const result = await scene.rotate({ with: OCTO })
      expectBlind(scene, result, /^The runs of octo\/service-0, .*octo\/service-4 and 35 more could not be read/)
    }))

  test('the list of repositories', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      scene.github.faults.add({ path: LISTS, fault: { kind: 'status', status: 403, body: REFUSED } })
      const result = await scene.rotate({ with: OCTO })
      expectBlind(scene, result, /^The repositories that can read INCIDENT_API_KEY in octo could not be listed.*403/)
    }))

  test('the repositories that an App is not installed for', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      const app = scene.github.addApp()
      const permissions = { organization_secrets: 'write', actions: 'read', contents: 'read' } as const
      scene.github.installApp(app, { owner: 'octo', repositories: ['octo/app'], permissions })
      const by = { 'github-token': '', 'github-app-id': `${app.id}`, 'github-app-private-key': app.privateKey }
      const result = await scene.rotate({ with: { ...OCTO, ...by } })
      expectBlind(scene, result, /^The GitHub App is installed for selected repositories of octo only/)
      expect([...new Set(asked(scene))].sort()).toEqual(['octo/app', 'octo/open'])
    }))

  test('what the rate limit does not allow: counted, and the others are asked', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      for (let index = 0; index < 30; index++) scene.github.addRepository(`octo/service-${index}`)
      scene.github.faults.add({ path: LISTS, fault: { kind: 'answer', change: withPushes } })
      scene.github.rateLimit.remaining = 45
      const result = await scene.rotate({ with: OCTO })
      const seen = [...new Set(asked(scene))]
      const [, leftOut, all] = /^(\d+) of the (\d+) repositories that can read/.exec(warningsOf(result)[0] ?? '') ?? []
      expect([Number(all), Number(leftOut)]).toEqual([33, 33 - seen.length])
      // Two looks, and what is asked before and kept for the writes: about a dozen can be asked.
      expect(seen.length).toBeGreaterThan(5)
      expect(seen.length).toBeLessThan(20)
      // Those with the latest pushes.
      expect(new Set(seen)).toEqual(new Set(seen.map((_, index) => `octo/service-${index}`)))
      expectBlind(scene, result, /because of GitHub's rate limit\. So the grace period is 60 minutes/)
    }))

  test('and what many runs would take of it is kept for the writes', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'private' })
      const names = Array.from({ length: 20 }, (_, index) => `octo/service-${index}`)
      for (const name of names) {
        scene.github.addRepository(name)
        scene.github.addFile(name, CI, USES)
        addRun(scene, 5, {}, name)
      }
      // Enough for two lists of each, and for what the writes need, but not for the file, the past and the jobs of each.
      scene.github.rateLimit.remaining = 70
      const result = await scene.rotate({ with: OCTO })
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      expect(graceSent(scene)).toEqual([{ grace_period_minutes: 60 }])
      expect(atRisk(result.outputs)).toHaveLength(20)
      expect(scene.github.journal.filter(({ status }) => status === 403)).toEqual([])
      expectWritten(scene)
    }))
})

/** A page of repositories, the last of which was pushed to first: the newest are named `service-0` and so on. */
function withPushes(answer: Answer): Answer {
  const pushedAt = ({ name }: { name: string }) =>
    new Date(1e12 - Number(/^service-(\d+)$/.exec(name)?.[1] ?? 100) * 1e6)
  const repositories = answer.body as { name: string }[]
  return { ...answer, body: repositories.map((one) => ({ ...one, pushed_at: pushedAt(one).toISOString() })).reverse() }
}

describe('what it costs', () => {
  test('with nothing running: one round of lists before, and one after', () =>
    play(async (scene) => {
      addOrganization(scene, { visibility: 'all' })
      await scene.rotate({ with: OCTO })
      const said = scene.github.journal.map(({ method, path }) => `${method} ${path.replace(/PROBE_\w+/, 'PROBE')}`)
      const lists = ['app', 'open', 'web'].map((name) => `GET /repos/octo/${name}/actions/runs`)
      const secrets = '/orgs/octo/actions/secrets'
      expect(said.sort()).toEqual(
        [
          `DELETE ${secrets}/ROTATE_INCIDENT_KEY_PROBE`,
          `GET ${secrets}/public-key`,
          `GET ${secrets}/INCIDENT_API_KEY`,
          'GET /orgs/octo',
          'GET /orgs/octo/repos',
          ...lists,
          `PUT ${secrets}/INCIDENT_API_KEY`,
          ...lists,
        ].sort(),
      )
    }))

  test('300 repositories: their pages, and one list for each and look, together', () =>
    play(
      async (scene) => {
        addOrganization(scene, { visibility: 'private' })
        const names = Array.from({ length: 298 }, (_, index) => `octo/service-${index}`)
        for (const name of names) scene.github.addRepository(name)
        addUser(scene, 'octo/service-0', 40)
        const result = await scene.rotate({ with: OCTO })
        expect([result.exitCode, warningsOf(result)]).toEqual([0, []])
        expect(graceSent(scene)).toEqual([{ grace_period_minutes: 32 }])
        expect(calls(scene, LISTS)).toBe(4)
        const quiet = asked(scene).filter((name) => name !== 'octo/service-0')
        expect(quiet.sort()).toEqual(twice(['octo/app', 'octo/web', ...names.slice(1)]))
        // One after the other they would take 75 s. Behind the write GitHub's limits hold them up for about 20 s.
        const began = scene.github.journal[0]?.at ?? 0
        expect((writes(scene)[0]?.at ?? Number.POSITIVE_INFINITY) - began).toBeLessThan(60_000)
        expect(scene.clock.now() - began).toBeLessThan(120_000)
      },
      { speed: 5, roundTripMs: 50 },
    ))
})
