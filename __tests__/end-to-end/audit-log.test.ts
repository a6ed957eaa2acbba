import { describe, expect, test } from '@jest/globals'
import { repositoryDispatch } from '../../sandbox/audit-log.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import {
  addRotatingRun,
  agentOfRun,
  asksForSecrets,
  BROWSER,
  entryOf,
  lastAgent,
  manifestOnEntry,
  PERSON,
  PLACE,
  rotateByHand,
  stepOf,
  stepOnEntry,
  stepOnFile,
} from './audit-log.ts'
import { errorsOf, expectCurrent, expectUntouched, onlyError, play, rotations, warningsOf, writes } from './helpers.ts'
import { currentOnes, expectWell, ours, pass, resultsOf, rotateElsewhere, SECRETS, TWO } from './rivals.ts'
import { addHistory, addRun, graceSent, MINUTE } from './runs.ts'

const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ONE = ['INCIDENT_API_KEY']
const FOREIGN = /^Something else rotated the key at 2/
const TURNS = /two rotators are taking turns\. Nothing was changed\./
const NOT_THERE = { destinations: 'repository: octo/nowhere\nenvironment: octo/app/nowhere' }

/** The step skipped, without error and without warning, and this run rotated and wrote nothing. */
function expectSkipped(scene: Scene, result: StepResult, why: RegExp): void {
  expect([result.exitCode, result.outputs.status, result.outputs.rotated]).toEqual([0, 'skipped', 'false'])
  expect(result.annotations).toEqual([])
  expect([ours(scene), writes(scene)]).toEqual([[], []])
  expect(result.log.join('\n')).toMatch(why)
  expect(result.summary).toContain('### ⏭️ Nothing to do')
}

/** What a step wrote, the runner's own mask commands aside. */
const withoutMasks = ({ raw }: StepResult): string => raw.replace(/^::add-mask::.*$/gm, '')

const NOT_ABOUT = /Did not rotate "CI deploy key" \(\w+\): the audit log's entry is not about this key\.$/m
const AT_WORK = /the run that rotated it is still in progress: octo\/app#\d+\.$/m
const ANSWERED = /every copy holds its token, and an event of the audit log only mends\.$/m

describe('an entry that is not about this key', () => {
  test('is skipped before any destination is looked at, although the copy is stale', () =>
    play(async (scene) => {
      const other = scene.incident.addKey({ name: 'Other', roles: ['viewer'] })
      await rotateByHand(scene)
      const entry = entryOf(scene, {}, { id: other.id, name: scene.key.name })
      expectSkipped(scene, await stepOnEntry(scene, entry), NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
    }))

  test('is skipped although no destination can be written; an ordinary run fails', () =>
    play(async (scene) => {
      const entry = entryOf(scene, {}, { id: '01ANOTHERKEY', name: 'Another' })
      const result = await stepOnEntry(scene, entry, { with: NOT_THERE })
      expectSkipped(scene, result, NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
      expect(result.outputs['key-id']).toBe(scene.key.id)
      // Who rotated another key is nothing to this one.
      expect(`${result.log.join('\n')}${result.summary}`).not.toContain('Lisa')
      expect((await stepOf(scene, { with: NOT_THERE })).exitCode).toBe(1)
      expectUntouched(scene)
    }))

  test.each<[string, (entry: ReturnType<typeof entryOf>) => object]>([
    ['has no targets', ({ targets: _, ...entry }) => entry],
    ['has targets that are no list', (entry) => ({ ...entry, targets: { 0: entry.targets[0] } })],
    ['names something else by its id', (entry) => ({ ...entry, targets: [{ ...entry.targets[0], type: 'user' }] })],
    [
      'names it in other letters',
      (entry) => ({ ...entry, targets: [{ type: 'api_key', id: entry.targets[0]?.id.toLowerCase() }] }),
    ],
    ['is of something else', (entry) => ({ ...entry, action: 'api_key.updated' })],
    ['is empty', () => ({})],
  ])('one that %s', (_, change) =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectSkipped(scene, await stepOnEntry(scene, change(entryOf(scene))), NOT_ABOUT)
      expect(asksForSecrets(scene)).toEqual([])
    }),
  )

  test('without a payload at all', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectSkipped(scene, await stepOnFile(scene, '{"action": "api_key.rotated"}'), NOT_ABOUT)
    }))
})

describe('the run that the User-Agent names', () => {
  test.each(['queued', 'in_progress', 'waiting', 'pending'] as const)('is %s: skipped', (status) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const id = addRotatingRun(scene, { status })
      const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }), { with: NOT_THERE })
      expectSkipped(scene, result, AT_WORK)
      expect(asksForSecrets(scene)).toEqual([])
      expect(result.summary).toContain('Lisa Karlin Curtis')
    }),
  )

  test.each<[string, (scene: Scene) => number]>([
    ['has finished', (scene) => addRotatingRun(scene, { status: 'completed', conclusion: 'success' })],
    ['was cancelled', (scene) => addRotatingRun(scene, { status: 'completed', conclusion: 'cancelled' })],
    ['is unknown', () => 987654321],
  ])('%s: the copies tell, and are mended', (_, runOf) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const userAgent = agentOfRun(runOf(scene))
      expectWell(scene, await stepOnEntry(scene, entryOf(scene, { userAgent })), ONE)
    }),
  )

  test.each([403, 404, 502])('cannot be read (%i): the copies tell, and are mended', (status) =>
    play(
      async (scene) => {
        await rotateByHand(scene)
        const id = addRotatingRun(scene)
        const body = { message: 'Resource not accessible by personal access token' }
        const path = new RegExp(`/actions/runs/${id}$`)
        scene.github.faults.add({ path, times: Number.POSITIVE_INFINITY, fault: { kind: 'status', status, body } })
        const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }))
        expectWell(scene, result, ONE)
        expect(errorsOf(result)).toEqual([])
      },
      { speed: 20 },
    ),
  )

  test('is this very run: the copies tell', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      const id = addRotatingRun(scene)
      const entry = entryOf(scene, { userAgent: agentOfRun(id) })
      expectWell(scene, await stepOnEntry(scene, entry, {}, { id }), ONE)
    }))

  test('is in a repository that the token cannot see: the copies tell', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      scene.github.addRepository('octo/hidden', { private: true })
      const id = scene.github.addRun('octo/hidden', {
        workflow: '.github/workflows/x.yml',
        status: 'in_progress',
        createdAt: scene.clock.date(),
      })
      const entry = entryOf(scene, { userAgent: agentOfRun(id, 'octo/hidden') })
      expectWell(scene, await stepOnEntry(scene, entry), ONE)
    }))

  test.each(['../../../octo/app', 'octo/app/../../x', 'octo/app;x', ' octo/app'])(
    'is in no repository (%s): nothing is asked for, and the copies tell',
    (repository) =>
      play(async (scene) => {
        await rotateByHand(scene)
        const id = addRotatingRun(scene)
        const userAgent = agentOfRun(id, repository)
        expectWell(scene, await stepOnEntry(scene, entryOf(scene, { userAgent })), ONE)
        expect(scene.github.journal.filter(({ path }) => path.endsWith(`/actions/runs/${id}`))).toEqual([])
      }),
  )
})

describe('our own rotation', () => {
  test('leads to nothing: while its run goes on, and when it has finished', () =>
    play(async (scene) => {
      const id = addRotatingRun(scene, { event: 'schedule' })
      const env = { GITHUB_RUN_ID: String(id) }
      expectWell(scene, await scene.rotate({ env }), ONE)
      const userAgent = lastAgent(scene)
      expect(userAgent).toMatch(new RegExp(`^rotate-incident-key/\\d\\S* \\(octo/app; run ${id}/1\\)$`))
      const actor = { type: 'api_key', id: '01KEY', name: 'Key manager', roles: 'viewer,api_keys_manage' }
      const entry = entryOf(scene, { actor, userAgent, location: '198.51.100.4' })
      const [before, written] = [rotations(scene).length, writes(scene).length]

      const [early, late] = [
        await stepOnEntry(scene, entry),
        await (() => {
          scene.github.updateRun(scene.repository, id, { status: 'completed' })
          return stepOnEntry(scene, entry)
        })(),
      ]
      for (const result of [early, late]) {
        expect([result.exitCode, result.outputs.status, result.annotations]).toEqual([0, 'skipped', []])
        expect(result.summary).toContain('Key manager')
      }
      expect(early.log.join('\n')).toMatch(AT_WORK)
      expect(late.log.join('\n')).toMatch(ANSWERED)
      expect(resultsOf(late)).toEqual(['current'])
      expect([rotations(scene).length, writes(scene).length]).toEqual([before, written])
    }))

  test('and one that was killed before it wrote is mended without accusing anybody', () =>
    play(async (scene) => {
      const id = addRotatingRun(scene, { event: 'schedule' })
      await rotateElsewhere(scene)
      scene.github.updateRun(scene.repository, id, { status: 'completed', conclusion: 'cancelled' })
      scene.clock.advance(5 * MINUTE)
      const result = await stepOnEntry(scene, entryOf(scene, { userAgent: agentOfRun(id) }))
      expectWell(scene, result, ONE)
      expect(warningsOf(result).filter((warning) => FOREIGN.test(warning))).toEqual([])
    }))
})

describe('a rotation by hand in the dashboard', () => {
  test.each(['never', '0', '1h', '365d'])('heals every copy with min-token-age %s, and warns', (age) =>
    play(async (scene) => {
      const { github, repository, key, clock } = scene
      github.setSecret(repository, 'SECOND', key.token, new Date(clock.now() - 30 * DAY))
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': age } })
      expectWell(scene, result, SECRETS)
      expectCurrent(scene)
      expect(resultsOf(result)).toEqual(['updated', 'updated'])
      expect(warningsOf(result).filter((warning) => FOREIGN.test(warning))).toHaveLength(1)
      expect(ours(scene)).toHaveLength(1)
      // The same entry once more, and an ordinary run: all is well already.
      const again = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': age } })
      expect([again.exitCode, again.outputs.status, ours(scene).length]).toEqual([0, 'skipped', 1])
    }),
  )

  test.each<[string, Record<string, string>, number]>([
    ['auto', {}, 15],
    ['auto, with the least that was asked for', { 'min-grace-minutes': '25' }, 25],
    ['a number', { 'grace-period-minutes': '3' }, 3],
  ])('gives the grace that any run gives: %s', (_, block, minutes) =>
    play(async (scene) => {
      await rotateByHand(scene)
      expectWell(scene, await stepOnEntry(scene, entryOf(scene), { with: block }), ONE)
      expect(graceSent(scene).at(-1)).toEqual({ grace_period_minutes: minutes })
    }),
  )

  test('puts running jobs first, and mends at once although one runs for too long', () =>
    play(async (scene) => {
      addHistory(scene, 40)
      await rotateByHand(scene)
      addRun(scene, 10)
      const result = await stepOnEntry(scene)
      expectWell(scene, result, ONE)
      expect(Number(result.outputs['grace-period-minutes'])).toBeGreaterThan(30)
    }))

  test('max-wait-minutes and long-runs hold no mending back', () =>
    play(async (scene) => {
      addHistory(scene, 300)
      addRun(scene, 10)
      await rotateByHand(scene)
      const block = { 'max-wait-minutes': '600', 'long-runs': 'fail' }
      const result = await stepOnEntry(scene, entryOf(scene), { with: block })
      expectWell(scene, result, ONE)
      expect(graceSent(scene).at(-1)).toEqual({ grace_period_minutes: 60 })
    }))
})

describe('an event rotates for nothing but a copy', () => {
  test.each<[string, Record<string, string>]>([
    ['force', { force: 'true' }],
    ['min-token-age: 0', { 'min-token-age': '0' }],
    ['a token past its max-token-age', { 'min-token-age': '1h', 'max-token-age': '1d' }],
    ['all of them', { force: 'true', 'min-token-age': '0', 'max-token-age': '0', 'grace-period-minutes': '0' }],
    ['force in a dry run', { force: 'true', 'dry-run': 'true' }],
  ])('not for %s', (_, block) =>
    play(async (scene) => {
      expectSkipped(scene, await stepOnEntry(scene, entryOf(scene), { with: block }), ANSWERED)
      expectUntouched(scene)
    }),
  )

  test('a missing copy is filled, and the others with it', () =>
    play(async (scene) => {
      const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'min-token-age': 'never' } })
      expectWell(scene, result, SECRETS)
      expect(resultsOf(result)).toEqual(['updated', 'created'])
    }))

  test('a missing copy may be put off for a long run, even with force and past max-token-age', () =>
    play(async (scene) => {
      addHistory(scene, 300)
      addRun(scene, 10)
      for (const block of [{}, { force: 'true' }, { 'max-token-age': '1d' }]) {
        const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, ...block } })
        expect([result.exitCode, result.outputs.status]).toEqual([0, 'deferred'])
        expect(resultsOf(result)).toEqual(['current', 'missing'])
      }
      expectUntouched(scene)
    }))

  test('the key too is looked at again when runs were waited for', () =>
    play(
      async (scene) => {
        const { github, repository, clock } = scene
        addHistory(scene, 300)
        const id = addRun(scene, 10)
        // While it waits, the missing copy is written by somebody, and then somebody rotates the key.
        const meanwhile = async () => {
          github.setSecret(repository, 'SECOND', scene.key.token)
          await pass(scene, 10_000)
          await rotateElsewhere(scene)
          github.updateRun(repository, id, { status: 'completed', conclusion: 'success' })
        }
        const going = setTimeout(() => void meanwhile(), clock.realDelay(60_000))
        const result = await stepOnEntry(scene, entryOf(scene), { with: { ...TWO, 'max-wait-minutes': '30' } })
        clearTimeout(going)
        // Right behind a copy that was written a moment before: what is seen is the key as it is now.
        expect(onlyError(result)).toMatch(TURNS)
      },
      { speed: 40 },
    ))

  test('two rotators that take turns are refused, with force too', () =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, scene.secret, scene.key.token)
      scene.clock.advance(HOUR)
      await rotateByHand(scene)
      for (const block of [{}, { force: 'true' }, { 'dry-run': 'true' }]) {
        const result = await stepOnEntry(scene, entryOf(scene), { with: block })
        expect(onlyError(result)).toMatch(TURNS)
        expect(resultsOf(result)).toEqual(['stale'])
        expect(result.summary).toContain('Lisa Karlin Curtis')
      }
      expect([ours(scene), writes(scene)]).toEqual([[], []])
    }))

  test('a dry run plans the mending, and changes nothing', () =>
    play(async (scene) => {
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entryOf(scene), { with: { 'dry-run': 'true' } })
      expect([result.exitCode, result.outputs.status, resultsOf(result)]).toEqual([0, 'planned', ['stale']])
      expect(result.summary).toContain('Lisa Karlin Curtis')
      expect([ours(scene), writes(scene)]).toEqual([[], []])
    }))
})

describe('an entry of another make', () => {
  test.each<[string, (entry: ReturnType<typeof entryOf>) => object]>([
    ['a later version', (entry) => ({ ...entry, version: 7, action: 'api_key.rotated', brand_new: { deep: [1] } })],
    ['a version that is text', (entry) => ({ ...entry, version: 'v2' })],
    ['an unknown type of actor', (entry) => ({ ...entry, actor: { ...entry.actor, type: 'robot_overlord' } })],
    ['an actor that is text', (entry) => ({ ...entry, actor: 'somebody' })],
    ['a null in each place', (entry) => ({ ...entry, actor: null, context: null, occurred_at: null, version: null })],
    ['nothing but its target', ({ targets }) => ({ targets })],
    ['numbers for texts', (entry) => ({ ...entry, occurred_at: 5, context: { location: 7, user_agent: [1] } })],
    ['several targets', (entry) => ({ ...entry, targets: [null, 5, { type: 'team' }, ...entry.targets] })],
    ['an envelope', (entry) => ({ stream: 'x', event: entry })],
  ])('%s mends all the same', (_, change) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, change(entryOf(scene)))
      expectWell(scene, result, ONE)
      expect(result.summary).toMatch(/The audit log&?.*'s entry says that /)
      expect(result.summary).not.toMatch(/undefined|\[object|null/)
    }),
  )
})

describe('the event’s file', () => {
  const [folder, gone] = [import.meta.dirname, `${import.meta.dirname}/no-such-event.json`]

  test.each<[string, string | undefined, RegExp]>([
    ['has no path', undefined, /GITHUB_EVENT_PATH is empty/],
    ['is not there', gone, /cannot be read: ".*no-such-event\.json" \(ENOENT\)/],
    ['is a folder', folder, /cannot be read: ".*" \(EISDIR\)/],
  ])('%s: one error, and nothing is asked for', (_, path, error) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const asked = scene.incident.journal.length
      const env = { GITHUB_EVENT_NAME: 'repository_dispatch', GITHUB_EVENT_PATH: path }
      expect(onlyError(await scene.rotate({ env, with: { force: 'true' } }))).toMatch(error)
      expect([scene.incident.journal.length - asked, scene.github.journal.length]).toEqual([0, 0])
    }),
  )

  test.each([
    ['is empty', '', /not JSON/],
    ['is no JSON', '{"action": "api_key.rotated", ', /not JSON/],
    ['is a list', '["api_key.rotated"]', /does not tell the type/],
    ['is null', 'null', /does not tell the type/],
    ['tells no type', '{"client_payload": {}}', /does not tell the type/],
    ['tells a type that is no text', '{"action": ["api_key.rotated"]}', /does not tell the type/],
  ])('%s: one error, and nothing is asked for', (_, text, error) =>
    play(async (scene) => {
      await rotateByHand(scene)
      const asked = scene.incident.journal.length
      expect(onlyError(await stepOnFile(scene, text, { with: { force: 'true' } }))).toMatch(error)
      expect([scene.incident.journal.length - asked, scene.github.journal.length]).toEqual([0, 0])
    }),
  )

  test('what it holds is not in the error', () =>
    play(async (scene) => {
      const text = `{"action": "api_key.rotated" ${scene.key.token} ::warning::forged`
      const result = await stepOnFile(scene, text)
      expect(onlyError(result)).not.toContain('forged')
    }))
})

describe('other events', () => {
  test('another type of repository_dispatch is an ordinary run', () =>
    play(async (scene) => {
      const event = { ...repositoryDispatch(entryOf(scene)), action: 'rotate-now' }
      const result = await stepOnFile(scene, JSON.stringify(event))
      expectWell(scene, result, ONE)
      expect(result.summary).not.toContain('Lisa')
    }))

  test('another event with such a file is an ordinary run', () =>
    play(async (scene) => {
      const event = { ...repositoryDispatch(entryOf(scene, {}, { id: 'other', name: 'other' })) }
      const result = await stepOnFile(scene, JSON.stringify(event), { env: { GITHUB_EVENT_NAME: 'workflow_dispatch' } })
      expectWell(scene, result, ONE)
    }))
})

describe('what the entry tells', () => {
  test('stands in the log and in the summary: who, when, from where', () =>
    play(async (scene) => {
      const occurredAt = scene.clock.date().toISOString()
      const result = await stepOnEntry(scene)
      const sentence =
        `The audit log's entry says that the user "${PERSON.name}" (id "${PERSON.id}") rotated the key at ` +
        `${occurredAt}, from "${PLACE}", with the user agent "${BROWSER}".`
      expect(result.log).toContain(sentence)
      const shown = result.summary.replace(/\\(.)/g, '$1').replaceAll('\u200b', '')
      expect(shown.split('\n').filter((line) => line === `ℹ️ ${sentence}`)).toHaveLength(1)
    }))

  const COMMANDS = '::error::forged\r\n::set-output name=status::rotated\n##[error]forged\n::add-mask::octo'
  const MARKDOWN =
    '</details><img src=x onerror=alert(1)> | [click](http://evil.example) `b` **c** ![i](//evil) @octocat\n# H\n- [ ] x'
  const TURNED = '\u202egnp.exe\u202c\u2066\u200f\u2028::error::forged\u2029\u0007\u001b[31m\u0000'
  const LONG = 'x'.repeat(9000)

  test.each([
    ['workflow commands', COMMANDS],
    ['Markdown and HTML', MARKDOWN],
    ['marks that turn the direction, and control characters', TURNED],
    ['54 kB, close to what GitHub takes', LONG],
    [
      'all of them, at the end of what is cut',
      `${'y'.repeat(150)}${COMMANDS}${MARKDOWN}${TURNED}${LONG.slice(0, 5000)}`,
    ],
    ['half of a pair', `${'😀'.repeat(149)}x\ud83d`],
  ])('forges nothing: %s', (_, text) =>
    play(async (scene) => {
      const entry = {
        ...entryOf(scene),
        occurred_at: text,
        actor: { type: text, id: text, name: text, metadata: { api_key_roles: text } },
        context: { location: text, user_agent: text },
      }
      await rotateByHand(scene)
      const result = await stepOnEntry(scene, entry)
      expectWell(scene, result, ONE)
      expect(result.annotations.map(({ level }) => level)).toEqual(['warning'])
      expect(result.masks).not.toContain('octo')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      const harmful = /[\u0000\u0007\u001b\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029]|##\[/
      expect(result.raw).not.toMatch(harmful)
      expect(result.summary).not.toMatch(harmful)
      expect(result.summary).not.toMatch(
        /<img|<\/details>|\]\(http:\/\/evil|(?<!\\)`b|(?<!\\)\*\*c|@octocat|^# H|^- \[/m,
      )
      const notes = result.summary.split('\n').filter((line) => line.startsWith('ℹ️'))
      expect(notes).toHaveLength(1)
      expect(notes[0]?.length).toBeLessThan(5000)
      expect(result.raw.isWellFormed() && result.summary.isWellFormed()).toBe(true)
    }),
  )

  test('a token in it is never shown', () =>
    play(async (scene) => {
      const { key, managingToken, githubToken } = scene
      const fromDashboard = await rotateByHand(scene)
      const entry = {
        ...entryOf(scene),
        actor: { type: fromDashboard, id: managingToken, name: `my ${fromDashboard}`, metadata: {} },
        context: { location: githubToken, user_agent: `curl -H 'authorization: Bearer ${fromDashboard}' ${key.token}` },
      }
      const result = await stepOnEntry(scene, entry)
      expect(result.exitCode).toBe(0)
    }))

  test('a token in it is not shown when nothing knows it, or when it is cut', () =>
    play(async (scene) => {
      const token = await rotateByHand(scene)
      const entry = {
        ...entryOf(scene),
        occurred_at: `${'x'.repeat(270)} ${token}`,
        actor: { type: 'user', id: `(${token})`, name: `${'y'.repeat(180)} ${token}`, metadata: {} },
      }
      const result = await stepOnEntry(scene, entry)
      expect(result.exitCode).toBe(0)
      // A part of one is no word that anybody should see.
      for (const text of [withoutMasks(result), result.summary]) expect(text).not.toMatch(/inc\\?_[0-9a-f]{8}/)
      expect(result.masks).toContain(token)
      expect(withoutMasks(result)).toContain('(id "(***)")')
      expect(result.summary).toContain('(id "(\\*\\*\\*)")')
    }))

  test.each(['inc_', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'GHP_'])(
    'what looks like a token of either service is masked, and shown as ***: %s',
    (prefix) =>
      play(async (scene) => {
        const token = `${prefix}${'0aZ'.repeat(12)}`
        const entry = {
          ...entryOf(scene),
          context: { location: `<${token}>`, user_agent: `curl ${token}, and ${token}` },
        }
        const result = await stepOnEntry(scene, entry)
        expect(result.exitCode).toBe(0)
        expect(result.masks).toContain(token)
        // The runner puts *** in the place of a mask; this action does so itself, before anything is shown.
        const everything = [withoutMasks(result), result.summary, JSON.stringify(result.outputs)].join('\n')
        expect(everything).not.toContain(token)
        expect(everything).not.toContain('0aZ0aZ')
        expect(withoutMasks(result)).toContain('from "<***>", with the user agent "curl ***, and ***".')
      }),
  )

  test('what is too short for one is shown', () =>
    play(async (scene) => {
      const entry = { ...entryOf(scene), context: { location: 'inc_corp', user_agent: 'ghs_x' } }
      const result = await stepOnEntry(scene, entry)
      expect(withoutMasks(result)).toContain('from "inc_corp", with the user agent "ghs_x".')
    }))

  test('half of a known token is not shown where a text is cut', () =>
    play(async (scene) => {
      const name = `${'y'.repeat(190)}${scene.managingToken}`
      const entry = { ...entryOf(scene), actor: { type: 'user', id: 'x', name, metadata: {} } }
      const result = await stepOnEntry(scene, entry)
      for (const text of [withoutMasks(result), result.summary]) {
        expect(text).not.toContain(scene.managingToken.slice(0, 9))
      }
    }))
})

describe('with a manifest', () => {
  /** Two more keys with stale copies, one that is missing, and one that is to be absent. */
  function furnish(scene: Scene) {
    const { incident, github, repository, clock } = scene
    const long = new Date(clock.now() - 50 * DAY)
    const seed = { roles: ['viewer'], issuedAt: new Date(clock.now() - 20 * DAY), lastUsedAt: long }
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
