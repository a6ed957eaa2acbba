import { describe, expect, test } from '@jest/globals'
import type { FaultRule } from '../../sandbox/faults.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { errorsOf, expectCurrent, expectUntouched, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import { addHistory, addRun, atRisk, CI, USES } from './runs.ts'

/** A request that is never answered has failed after 15 s, which are less than one here. */
const ONCE = { speed: 20 }
/** Giving up takes half a minute and more. */
const FOR_GOOD = { speed: 40 }

type Asked = [service: 'incident' | 'github', request: Omit<FaultRule, 'fault' | 'times'>]

const ASKED = {
  identity: ['incident', { path: /\/v1\/identity$/ }],
  'the list of keys': ['incident', { path: /\/v1\/api_keys$/ }],
  'the key': ['incident', { path: /\/v1\/api_keys\/\w+$/ }],
  'the rotation': ['incident', { method: 'POST', path: /\/actions\/rotate$/ }],
  'the new token at work': ['incident', { path: /\/v1\/identity$/, skip: 1 }],
  'the installation': ['github', { path: /\/orgs\/octo\/installation$/ }],
  "the installation's token": ['github', { path: /\/access_tokens$/ }],
  'the public key': ['github', { path: /\/public-key$/ }],
  'the secret': ['github', { method: 'GET', path: /\/secrets\/INCIDENT_API_KEY$/ }],
  'the probe': ['github', { method: 'DELETE', path: /PROBE/ }],
  'the runs in flight': ['github', { path: /\/actions\/runs$/ }],
  'the runs after the writes': ['github', { path: /\/actions\/runs$/, skip: 1 }],
  'the workflow file': ['github', { path: /\/contents\// }],
  'past runs': ['github', { path: /\/workflows\/\d+\/runs$/ }],
  jobs: ['github', { path: /\/jobs$/ }],
  'the write': ['github', { method: 'PUT', path: /\/secrets\/INCIDENT_API_KEY$/ }],
} satisfies Record<string, Asked>
type Kind = keyof typeof ASKED

/** Leaves requests without an answer. */
function silence(scene: Scene, kinds: readonly Kind[], times: number): void {
  for (const kind of kinds) {
    const [service, request]: Asked = ASKED[kind]
    scene[service].faults.add({ ...request, times, fault: { kind: 'hang', when: 'before' } })
  }
}

/** How many requests were left without an answer. */
const unanswered = ({ incident, github }: Scene): number =>
  [...incident.journal, ...github.journal].filter(({ fault }) => fault === 'hang before').length

/** A run in flight that needs the old token, as far as its file, its jobs and past runs tell. */
function addUser(scene: Scene): void {
  scene.github.addFile(scene.repository, CI, USES)
  addHistory(scene, 8)
  addRun(scene, 2)
}

const byId = ({ key }: Scene) => ({ 'key-name': '', 'key-id': key.id })

/** Signs in as a GitHub App, which takes two requests of their own. */
function byApp({ github }: Scene): Record<string, string> {
  github.addOrganization('octo')
  const app = github.addApp()
  github.installApp(app, {
    owner: 'octo',
    repositories: 'all',
    permissions: { secrets: 'write', actions: 'read', contents: 'read' },
  })
  return { 'github-token': '', 'github-app-id': app.clientId, 'github-app-private-key': app.privateKey }
}

describe('a request of each kind that is never answered is sent again', () => {
  const GROUPS: [kinds: Kind[], block: (scene: Scene) => Record<string, string>][] = [
    [['identity', 'the list of keys', 'the public key', 'the secret', 'the probe'], () => ({})],
    [['the key', 'the installation', "the installation's token"], (scene) => ({ ...byId(scene), ...byApp(scene) })],
    [['the runs in flight', 'the workflow file', 'past runs', 'jobs'], () => ({})],
    [['the rotation', 'the key', 'the write', 'the new token at work', 'the runs after the writes'], () => ({})],
  ]
  test.each(GROUPS.map(([kinds, block]) => [kinds.join(', '), kinds, block] as const))('%s', (_, kinds, block) =>
    play(async (scene) => {
      addUser(scene)
      silence(scene, kinds, 1)
      const result = await scene.rotate({ with: block(scene) })
      expect(result.exitCode).toBe(0)
      expect(warningsOf(result)).toEqual([])
      expect(unanswered(scene)).toBe(kinds.length)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(2)
      // What was asked for the second time counts: with less known of the run it would be 60.
      expect(Number(result.outputs['grace-period-minutes'])).toBeLessThan(60)
      expectCurrent(scene)
    }, ONCE),
  )
})

describe('a service that goes on giving no answer', () => {
  const always = Number.POSITIVE_INFINITY
  const SILENT = 'gave no answer within 15 s'
  const PREPARE = 'prepare to write the secret INCIDENT_API_KEY in octo/app: '
  const NO_APP = 'the GitHub App could not sign in for octo: '
  const GIVEN_UP: [kinds: Kind[], block: (scene: Scene) => Record<string, string>, told: string[]][] = [
    [
      ['identity', 'the list of keys', 'the public key'],
      () => ({}),
      [`incident.io ${SILENT}`, `${PREPARE}GitHub ${SILENT}`],
    ],
    [['the key', 'the secret'], byId, [`incident.io ${SILENT}`, `${PREPARE}GitHub ${SILENT}`]],
    [['the installation'], byApp, [`${PREPARE}${NO_APP}GitHub ${SILENT}`]],
    [["the installation's token"], byApp, [`${PREPARE}${NO_APP}GitHub ${SILENT}`]],
  ]
  test.each(GIVEN_UP.map(([kinds, ...rest]) => [kinds.join(', '), kinds, ...rest] as const))(
    '%s: the run ends with nothing changed',
    (_, kinds, block, told) =>
      play(async (scene) => {
        silence(scene, kinds, always)
        const result = await scene.rotate({ with: block(scene) })
        expect(result.exitCode).toBe(1)
        expect(errorsOf(result)).toEqual(told.map((part) => expect.stringContaining(part)))
        expectUntouched(scene)
      }, FOR_GOOD),
  )

  test('the probe and the runs in flight: the rotation goes on, for the longest, and why is told', () =>
    play(async (scene) => {
      silence(scene, ['the probe', 'the runs in flight'], always)
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      expect(warningsOf(result).join()).toContain(`octo/app could not be read: GitHub ${SILENT}`)
      expect(result.outputs['grace-period-minutes']).toBe('60')
      expectCurrent(scene)
    }, FOR_GOOD))

  test('what is known of a run: it gets an hour, and is told as at risk', () =>
    play(async (scene) => {
      addUser(scene)
      // Without a file and past runs nobody asks for its jobs.
      silence(scene, ['the workflow file', 'past runs'], always)
      const result = await scene.rotate()
      const silent = scene.github.journal.filter(({ fault }) => fault === 'hang before').map(({ path }) => path)
      expect(new Set(silent).size).toBe(2)
      expect(result.exitCode).toBe(0)
      expect(result.outputs['grace-period-minutes']).toBe('60')
      expect(atRisk(result.outputs)).toHaveLength(1)
      expectCurrent(scene)
    }, FOR_GOOD))

  test('the rotation: it is tried for half a minute, and the old token stays', () =>
    play(async (scene) => {
      silence(scene, ['the rotation'], always)
      const error = onlyError(await scene.rotate())
      expect(error).toMatch(/no token was issued in time \(no answer within 15 s\)\. .* Nothing was changed/)
      expect(rotations(scene)).toHaveLength(2)
      expect(scene.incident.tokensOf(scene.key.id)).toHaveLength(1)
    }, FOR_GOOD))

  test('the write: it is tried for half a minute at least, and then told', () =>
    play(async (scene) => {
      silence(scene, ['the write'], always)
      const result = await scene.rotate({ with: { 'grace-period-minutes': '0' } })
      expect(onlyError(result)).toMatch(
        /write INCIDENT_API_KEY in octo\/app: GitHub gave no answer within 15 s\. .* dies at 2/,
      )
      expect(writes(scene).length).toBeGreaterThan(1)
      expect(rotations(scene)).toHaveLength(1)
    }, FOR_GOOD))

  test('the new token at work: it is written, and its being unproven is told', () =>
    play(async (scene) => {
      silence(scene, ['the new token at work'], always)
      expect(onlyError(await scene.rotate())).toMatch(/see at work the new token .* no answer that tells/)
      expectCurrent(scene)
    }, FOR_GOOD))
})
