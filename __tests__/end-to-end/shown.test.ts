import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { StepResult } from '../../sandbox/runner.ts'
import { expectCurrent, onlyError, play } from './helpers.ts'
import { widen } from './holding.ts'

/** Making one takes long: all tests share it. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PEM = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const LINES = PEM.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))

/** No line of the key is seen, and the runner knows each of them. */
function expectHidden({ raw, outputs, state, summary, masks }: StepResult): void {
  const log = raw.replace(/^::add-mask::.*$/gm, '')
  const seen = [log, JSON.stringify([outputs, state]), summary].join('\n')
  expect(LINES.filter((line) => seen.includes(line))).toEqual([])
  expect(LINES.filter((line) => !masks.includes(line))).toEqual([])
}

describe('an App’s private key in the place of a name is refused, unseen, before any request', () => {
  test.each<[string, Record<string, string>]>([
    ['secret-name', { 'secret-name': PEM }],
    ['key-name', { 'key-name': PEM }],
    ['destinations', { destinations: `repository\n${PEM}` }],
    ['destinations', { destinations: `environment: octo/app/${PEM.replaceAll('\n', '\\n')}` }],
  ])('%s', (input, block) =>
    play(async (scene) => {
      const result = await scene.rotate({ with: block })
      expect(onlyError(result)).toContain(`Input "${input}" holds a token`)
      expect([scene.incident.journal, scene.github.journal]).toEqual([[], []])
      expectHidden(result)
    }),
  )
})

describe('each line of an App’s private key is masked', () => {
  test.each([
    ['escaped Windows line breaks', PEM.replaceAll('\n', '\\r\\n')],
    ['line breaks escaped twice', PEM.replaceAll('\n', '\\\\n')],
    ['carriage returns', PEM.replaceAll('\n', '\r')],
  ])('with %s', (_, pem) =>
    play(async (scene) => {
      scene.github.addOrganization('octo')
      const app = scene.github.addApp({ privateKey: PEM })
      const permissions = { secrets: 'write', actions: 'read', contents: 'read' } as const
      scene.github.installApp(app, { owner: 'octo', repositories: 'all', permissions })
      const result = await scene.rotate({
        with: { 'github-token': '', 'github-app-id': app.clientId, 'github-app-private-key': pem },
      })
      expect(result.exitCode).toBe(0)
      expectCurrent(scene)
      expectHidden(result)
    }),
  )
})

test('marks that turn the direction of text do not reach the log or an annotation', () =>
  play(async (scene) => {
    widen(scene)
    const names = ['live\u202etxt', 'a\u2066b\u2069', 'c\u200fd']
    for (const name of names) scene.github.addEnvironment('octo/app', name)
    const destinations = ['repository', ...names.map((name) => `environment: octo/app/${name}`)].join('\n')
    const written = await scene.rotate({ with: { destinations } })
    expect([written.exitCode, written.log.join('\n')]).toEqual([0, expect.stringContaining('octo/app/livetxt')])
    const missing = await scene.rotate({ with: { destinations: 'environment: octo/app/no\u202ene' } })
    expect(onlyError(missing)).toContain('"none"')
    for (const { log, annotations } of [written, missing]) {
      expect(JSON.stringify([log, annotations])).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    }
  }))

test('each line of a private key is masked whose line breaks have become spaces', () =>
  play(async (scene) => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs1', format: 'pem' })
      .toString()
    const block = { 'github-token': '', 'github-app-id': '1', 'github-app-private-key': pem.replaceAll('\n', ' ') }
    const { masks } = await scene.rotate({ with: block })
    const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
    expect(lines.filter((line) => !masks.includes(line))).toEqual([])
  }))

test('the Arabic mark that turns text does not reach the log', () =>
  play(async (scene) => {
    widen(scene)
    scene.github.addEnvironment('octo/app', 'a\u061cb')
    const { raw, exitCode } = await scene.rotate({ with: { destinations: 'environment: octo/app/a\u061cb' } })
    expect([exitCode, raw.includes('\u061c')]).toEqual([0, false])
  }))
