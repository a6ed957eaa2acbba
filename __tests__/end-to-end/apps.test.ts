import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { InstallationSeed, SecretsPlace } from '../../sandbox/github.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectMasked, expectUntouched, onlyError, play, rotations, writes } from './helpers.ts'

const KEY = 'INCIDENT_API_KEY'
/** Making one takes long: all tests share it. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const PERMISSIONS: InstallationSeed['permissions'] = {
  secrets: 'write',
  environments: 'write',
  organization_secrets: 'write',
  dependabot_secrets: 'write',
  organization_dependabot_secrets: 'write',
  codespaces_secrets: 'write',
  agent_secrets: 'write',
  organization_agent_secrets: 'write',
  actions: 'read',
  contents: 'read',
}

const PLACES: [string, SecretsPlace][] = [
  ['repository: octo/app', { kind: 'repository', owner: 'octo', repository: 'app' }],
  [
    'environment: octo/app/production',
    { kind: 'environment', owner: 'octo', repository: 'app', environment: 'production' },
  ],
  ['organization: octo', { kind: 'organization', owner: 'octo' }],
  ['dependabot: octo/app', { kind: 'dependabot', owner: 'octo', repository: 'app' }],
  ['dependabot: octo', { kind: 'dependabot', owner: 'octo' }],
  ['codespaces: octo/app', { kind: 'codespaces', owner: 'octo', repository: 'app' }],
  ['agents: octo/app', { kind: 'agents', owner: 'octo', repository: 'app' }],
  ['agents: octo', { kind: 'agents', owner: 'octo' }],
  ['repository: acme/tools', { kind: 'repository', owner: 'acme', repository: 'tools' }],
  ['organization: acme', { kind: 'organization', owner: 'acme' }],
  ['repository: mona/site', { kind: 'repository', owner: 'mona', repository: 'site' }],
]

/** An App in two organizations and one personal account. */
function build(
  { github }: Scene,
  installed: Record<string, Partial<InstallationSeed>> = { octo: {}, acme: {}, mona: {} },
) {
  for (const owner of ['octo', 'acme']) github.addOrganization(owner)
  for (const name of ['acme/tools', 'mona/site']) github.addRepository(name)
  github.addEnvironment('octo/app', 'production')
  const app = github.addApp({ privateKey: PKCS1 })
  for (const [owner, seed] of Object.entries(installed)) {
    github.installApp(app, { owner, repositories: 'all', permissions: PERMISSIONS, ...seed })
  }
  return app
}

const rotateAs = (scene: Scene, id: string | number, pem: string, lines: string[], more: Record<string, string> = {}) =>
  scene.rotate({
    with: {
      'github-token': '',
      'github-app-id': String(id),
      'github-app-private-key': pem,
      destinations: lines.join('\n'),
      ...more,
    },
  })

function expectCurrentIn(scene: Scene, place: SecretsPlace): void {
  const current = scene.incident.tokensOf(scene.key.id).at(-1)?.token
  expect([place, scene.github.store(place).get(KEY)?.value === current]).toEqual([place, true])
}

/** No line of the key is seen anywhere, the mask commands aside. */
function expectKeyUnseen({ raw, outputs, state, summary }: StepResult): void {
  const seen = [raw.replace(/^::add-mask::.*$/gm, ''), JSON.stringify([outputs, state]), summary].join('\n')
  for (const pem of [PKCS1, PKCS8]) {
    for (const line of pem.split('\n').filter((one) => one.length > 20)) expect(seen.includes(line)).toBe(false)
  }
}

describe('a GitHub App', () => {
  test('writes every kind that is open to Apps, in several accounts, with one token for each', () =>
    play(async (scene) => {
      const { id } = build(scene)
      const result = await rotateAs(
        scene,
        id,
        PKCS1,
        PLACES.map(([line]) => line),
      )
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      for (const [, place] of PLACES) expectCurrentIn(scene, place)
      const tokens = scene.github.journal.filter(({ path }) => path.endsWith('/access_tokens'))
      expect(tokens).toHaveLength(3)
      expectMasked(scene, result)
      expect(scene.github.journal.filter(({ method }) => method === 'DELETE')).toEqual([])
      expectKeyUnseen(result)
    }))

  test('is asked for tokens of the owners in use only', () =>
    play(async (scene) => {
      const { id } = build(scene)
      expect((await rotateAs(scene, id, PKCS1, ['repository'])).exitCode).toBe(0)
      expect(scene.github.issuedTokens()).toHaveLength(1)
    }))

  test.each<[string, (app: { id: number; clientId: string }) => string | number, string]>([
    ['its id and PKCS#1', ({ id }) => id, PKCS1],
    ['its client id and PKCS#8', ({ clientId }) => clientId, PKCS8],
    ['CRLF', ({ id }) => id, PKCS1.replaceAll('\n', '\r\n')],
    ['escaped line breaks', ({ id }) => id, PKCS1.replaceAll('\n', '\\n')],
    ['PKCS#8 with escaped line breaks', ({ clientId }) => clientId, PKCS8.replaceAll('\n', '\\n')],
  ])('signs in with %s', (_, idOf, pem) =>
    play(async (scene) => {
      const result = await rotateAs(scene, idOf(build(scene)), pem, ['repository'])
      expect(result.exitCode).toBe(0)
      expectKeyUnseen(result)
    }),
  )

  test('finishes in the post step what a killed run left, signing in anew', () =>
    play(async (scene) => {
      const { id } = build(scene)
      const block = {
        'github-token': '',
        'github-app-id': String(id),
        'github-app-private-key': PKCS1,
        destinations: 'repository: octo/app\norganization: acme',
      }
      let pid = 0
      scene.github.onRequest = ({ method }) => {
        if (method === 'PUT') process.kill(pid, 'SIGKILL')
      }
      const main = await scene.rotate({
        with: block,
        onStart: (started) => {
          pid = started
        },
      })
      scene.github.onRequest = () => {}
      const post = await scene.finish(main, { with: block })
      expect([main.signal, post.exitCode]).toEqual(['SIGKILL', 0])
      expectCurrentIn(scene, { kind: 'organization', owner: 'acme' })
      expect(rotations(scene)).toHaveLength(1)
    }))
})

describe('an App that cannot write is found before the rotation', () => {
  test.each<[string, string]>([
    ['repository: octo/app', 'secrets'],
    ['environment: octo/app/production', 'environments'],
    ['organization: octo', 'organization_secrets'],
    ['dependabot: octo/app', 'dependabot_secrets'],
    ['dependabot: octo', 'organization_dependabot_secrets'],
    ['codespaces: octo/app', 'codespaces_secrets'],
    ['agents: octo/app', 'agent_secrets'],
    ['agents: octo', 'organization_agent_secrets'],
  ])('%s without %s: write', (line, permission) =>
    play(async (scene) => {
      const { id } = build(scene, { octo: { permissions: { ...PERMISSIONS, [permission]: 'read' } }, acme: {} })
      const error = onlyError(await rotateAs(scene, id, PKCS1, ['organization: acme', line]))
      expect(error).toContain(`for octo lacks the permission "${permission}: write"`)
      expect(error).toContain(`${permission}: read`)
      expectUntouched(scene)
    }),
  )

  test('where it is not installed', () =>
    play(async (scene) => {
      const { id } = build(scene, { octo: {} })
      const error = onlyError(
        await rotateAs(scene, id, PKCS1, ['repository', 'repository: acme/tools', 'organization: acme']),
      )
      expect(error).toMatch(
        /^Could not prepare to write the secrets INCIDENT_API_KEY in acme\/tools, INCIDENT_API_KEY in acme: the GitHub App is not installed for acme\. Install the App for acme/,
      )
      expectUntouched(scene)
    }))

  test('where it is suspended', () =>
    play(async (scene) => {
      const { id } = build(scene, { octo: { suspended: true } })
      expect(onlyError(await rotateAs(scene, id, PKCS1, ['repository']))).toMatch(
        /for octo: GitHub answered 403 .*suspended.*unsuspend/,
      )
      expectUntouched(scene)
    }))

  test('for a repository it was not given', () =>
    play(async (scene) => {
      scene.github.addRepository('octo/web')
      const { id } = build(scene, { octo: { repositories: ['octo/web'] } })
      expect(onlyError(await rotateAs(scene, id, PKCS1, ['repository']))).toContain('octo/app')
      expectUntouched(scene)
    }))

  test('with the key of another App', () =>
    play(async (scene) => {
      const { id } = build(scene)
      const other = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
        publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
      }).privateKey
      const error = onlyError(await rotateAs(scene, id, other, ['repository']))
      expect(error).toMatch(/401.*Check that "github-app-id" is the App's id or client id/)
      expectUntouched(scene)
    }))

  test('with the id of another App', () =>
    play(async (scene) => {
      build(scene)
      expect(onlyError(await rotateAs(scene, 99, PKCS1, ['repository']))).toContain('"github-app-id"')
      expectUntouched(scene)
    }))
})

describe('inputs', () => {
  const refused: [string, Record<string, string>, RegExp][] = [
    [
      'a token and an App',
      { 'github-token': 'github_pat_x', 'github-app-id': '1', 'github-app-private-key': PKCS1 },
      /both given/,
    ],
    ['neither', {}, /"github-token" is empty.*or a GitHub App/],
    ['no key', { 'github-app-id': '1' }, /"github-app-private-key" is empty/],
    ['no id', { 'github-app-private-key': PKCS1 }, /"github-app-id" is empty/],
    [
      'the key as the id',
      { 'github-app-id': PKCS1, 'github-app-private-key': PKCS1 },
      /"github-app-id" holds a private key/,
    ],
    [
      'an OpenSSH key',
      {
        'github-app-id': '1',
        'github-app-private-key':
          '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----',
      },
      /OpenSSH key.*settings page/,
    ],
    [
      'codespaces of an organization',
      { 'github-app-id': '1', 'github-app-private-key': PKCS1, destinations: 'codespaces: octo' },
      /GitHub keeps Codespaces secrets of organizations closed to Apps/,
    ],
  ]
  test.each(refused)('%s', (_, block, message) =>
    play(async (scene) => {
      const result = await scene.rotate({ with: { 'github-token': '', ...block } })
      expect(onlyError(result)).toMatch(message)
      expect([scene.incident.journal, scene.github.journal, writes(scene)]).toEqual([[], [], []])
      expectKeyUnseen(result)
    }),
  )
})
