import { describe, expect, test } from '@jest/globals'
import type { RunChange } from '../../sandbox/github.ts'
import type { Step, StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { onlyError, play, rotations, warningsOf } from './helpers.ts'
import { currentOnes, expectWell, ONE, rotateElsewhere, TWO, when } from './rivals.ts'
import { ago, DAY, HOUR, MINUTE } from './runs.ts'

const ROTATE = '.github/workflows/rotate.yml'

const FOREIGN =
  /^Something else rotated the key at 2.*: no run of this workflow was in progress then\. .* one rotating workflow/
const TURNS =
  /two rotators are taking turns\. Nothing was changed\. Let one workflow alone .* all its destinations.*"force: true"/
const foreign = (result: StepResult) => warningsOf(result).filter((warning) => FOREIGN.test(warning))

/** A run of a workflow that GitHub knows: in progress while the action runs, and completed then. */
async function runOf(
  scene: Scene,
  step: Partial<Step> = {},
  { workflow = ROTATE, id, end = {} }: { workflow?: string; id?: number; end?: RunChange } = {},
): Promise<{ result: StepResult; id: number }> {
  const { github, clock, repository } = scene
  const runId =
    id ?? github.addRun(repository, { workflow, status: 'in_progress', event: 'schedule', createdAt: clock.date() })
  const env = {
    GITHUB_RUN_ID: String(runId),
    GITHUB_WORKFLOW_REF: `${repository}/${workflow}@refs/heads/main`,
    ...step.env,
  }
  const result = await scene.rotate({ ...step, env })
  github.updateRun(repository, runId, { status: 'completed', ...end })
  return { result, id: runId }
}

/** A run of ours that rotates the key, and is killed before it gets the token. */
async function killedRun(scene: Scene): Promise<number> {
  let pid = 0
  scene.incident.faults.add({ path: /\/rotate$/, fault: { kind: 'hang', when: 'after' } })
  when(scene, 'incident', /\/rotate$/, () => setTimeout(() => process.kill(pid, 'SIGKILL'), 100))
  const onStart = (started: number) => {
    pid = started
  }
  const { result, id } = await runOf(scene, { onStart }, { end: { conclusion: 'cancelled' } })
  expect([result.signal, rotations(scene).length]).toEqual(['SIGKILL', 1])
  return id
}

/** A run of ours has just written the token. */
const written = ({ github, repository, secret, key }: Scene) => github.setSecret(repository, secret, key.token)

const asksForHistory = ({ github }: Scene) => github.journal.some(({ query }) => query.includes('created='))

describe('two workflows with one key, and destinations of their own', () => {
  const WORKFLOWS = { A: '.github/workflows/a.yml', B: '.github/workflows/b.yml' }
  const SECRETS = { A: 'INCIDENT_API_KEY', B: 'SECOND' }

  test('in a month, with a rotation every week and healing every hour, take few turns, and one of them says so', () =>
    play(async (scene) => {
      const failed: StepResult[] = []
      const step = async (who: 'A' | 'B', age: string) => {
        const block = { 'secret-name': SECRETS[who], 'min-token-age': age }
        const { result } = await runOf(scene, { with: block }, { workflow: WORKFLOWS[who] })
        if (result.exitCode !== 0) failed.push(result)
        scene.clock.advance(30 * MINUTE)
      }
      // Healing looks at nothing but the dates of the token and of the copies: what it does in the first hours after a
      // rotation, it does until the next one.
      for (let week = 1; week <= 4; week++) {
        const before = rotations(scene).length
        await step('A', '7d')
        for (const who of ['B', 'A'] as const) await step(who, 'never')
        scene.clock.advance(3 * DAY)
        await step('B', '7d')
        await step('A', 'never')
        scene.clock.advance(4 * DAY)
        expect(rotations(scene).length - before).toBeLessThanOrEqual(4)
      }
      expect(rotations(scene).length).toBeLessThanOrEqual(12)
      expect(failed.length).toBeGreaterThanOrEqual(4)
      for (const result of failed) expect(onlyError(result)).toMatch(TURNS)
    }))
})

describe('when every copy is older than the token', () => {
  test('a run of ours was killed: the next one heals, and accuses nobody', () =>
    play(async (scene) => {
      await killedRun(scene)
      scene.clock.advance(HOUR)
      const { result } = await runOf(scene)
      expectWell(scene, result, ONE)
      expect(foreign(result)).toEqual([])
      expect(asksForHistory(scene)).toBe(true)
    }))

  test('a run of ours was killed within two hours of our newest copy: it heals all the same', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      await killedRun(scene)
      scene.clock.advance(HOUR)
      const { result } = await runOf(scene)
      expectWell(scene, result, ONE)
      expect(foreign(result)).toEqual([])
    }))

  test('and the killed run is started again: its second attempt heals, and accuses nobody', () =>
    play(async (scene) => {
      const id = await killedRun(scene)
      scene.clock.advance(HOUR)
      scene.github.updateRun(scene.repository, id, { attempt: 2, status: 'in_progress' })
      const { result } = await runOf(scene, { env: { GITHUB_RUN_ATTEMPT: '2' } }, { id })
      expectWell(scene, result, ONE)
      expect(foreign(result)).toEqual([])
    }))

  test('somebody rotated by hand, and a destination was added: it heals, and warns', () =>
    play(async (scene) => {
      scene.clock.advance(20 * DAY)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      const { result } = await runOf(scene, { with: { destinations: 'repository\nrepository as SECOND' } })
      expect(result.outputs.status).toBe('rotated')
      expect(foreign(result)).toHaveLength(1)
    }))

  test('two rotators take turns, and a destination was added: it refuses', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      const { result } = await runOf(scene, { with: { destinations: 'repository\nrepository as SECOND' } })
      expect(onlyError(result)).toMatch(TURNS)
    }))

  test('somebody rotated by hand, weeks after we wrote: it heals, and warns', () =>
    play(async (scene) => {
      scene.clock.advance(20 * DAY)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      const { result } = await runOf(scene)
      expectWell(scene, result, ONE)
      expect(foreign(result)).toHaveLength(1)
      expect(result.summary).toContain('Something else rotated the key')
    }))

  test.each([
    ['just within', 117, false],
    ['just beyond', 122, true],
  ])('somebody rotated %s two hours after we wrote', (_, minutes, heals) =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(minutes * MINUTE)
      await rotateElsewhere(scene)
      scene.clock.advance(5 * DAY)
      const before = rotations(scene).length
      const { result } = await runOf(scene)
      if (heals) {
        expectWell(scene, result, ONE)
        expect(foreign(result)).toHaveLength(1)
      } else {
        expect(onlyError(result)).toMatch(TURNS)
        expect(JSON.parse(result.outputs.destinations ?? '')).toMatchObject([{ result: 'stale' }])
        expect(rotations(scene)).toHaveLength(before)
      }
    }),
  )

  test('two rotators are told in a dry run too, and force overrides it', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      expect(onlyError((await runOf(scene, { with: { 'dry-run': 'true' } })).result)).toMatch(TURNS)
      expect(onlyError((await runOf(scene, { with: { 'min-token-age': 'never' } })).result)).toMatch(TURNS)
      const { result } = await runOf(scene, { with: { force: 'true' } })
      expectWell(scene, result, ONE)
      expect((await runOf(scene)).result.outputs.status).toBe('skipped')
    }))

  test('a run of another workflow that was in progress is none of ours', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      const createdAt = ago(scene, 5)
      const workflow = '.github/workflows/other.yml'
      const seed = { workflow, status: 'completed', createdAt, updatedAt: ago(scene, -5) } as const
      scene.github.addRun(scene.repository, seed)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      expect(onlyError((await runOf(scene)).result)).toMatch(TURNS)
    }))

  test('a run of ours that was in progress may have been let pass: it heals', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      const [createdAt, updatedAt] = [ago(scene, 5), ago(scene, -5)]
      const seed = { workflow: ROTATE, status: 'completed', conclusion: 'success', createdAt, updatedAt } as const
      scene.github.addRun(scene.repository, seed)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      expectWell(scene, (await runOf(scene)).result, ONE)
    }))

  test('this very run, which was queued then, is none that issued it', () =>
    play(async (scene) => {
      written(scene)
      const createdAt = scene.clock.date()
      const id = scene.github.addRun(scene.repository, { workflow: ROTATE, status: 'in_progress', createdAt })
      scene.clock.advance(10 * MINUTE)
      await rotateElsewhere(scene)
      scene.clock.advance(10 * MINUTE)
      expect(onlyError((await runOf(scene, {}, { id })).result)).toMatch(TURNS)
    }))

  test.each([
    ['the run itself cannot be read: the workflow is known by its file', /\/actions\/runs\/\d+$/, 404],
    ['the history cannot be read: it heals', /\/workflows\/[^/]+\/runs$/, 403],
    ['GitHub has no answer: it heals', /\/workflows\/[^/]+\/runs$/, 503],
  ])('%s', (_, path, status) =>
    play(
      async (scene) => {
        written(scene)
        scene.clock.advance(HOUR)
        await rotateElsewhere(scene)
        scene.clock.advance(HOUR)
        const fault = { kind: 'status', status, body: { message: 'Resource not accessible' } } as const
        scene.github.faults.add({ path, times: Number.POSITIVE_INFINITY, fault })
        const { result } = await runOf(scene)
        if (status === 404) return expect(onlyError(result)).toMatch(TURNS)
        expectWell(scene, result, ONE)
        expect(foreign(result)).toEqual([])
      },
      { speed: 20 },
    ),
  )

  test('nothing is known of the workflow: it heals', () =>
    play(async (scene) => {
      written(scene)
      scene.clock.advance(HOUR)
      await rotateElsewhere(scene)
      scene.clock.advance(HOUR)
      const result = await scene.rotate()
      expectWell(scene, result, ONE)
      expect(foreign(result)).toEqual([])
    }))
})

describe('when a copy is current', () => {
  test.each([
    ['an older one beside it', { destinations: 'repository\nrepository as OLD' }, 'OLD'],
    ['a missing one beside it', TWO, 'SECOND'],
  ])('%s is filled without asking who issued the token', (_, block, secret) =>
    play(async (scene) => {
      scene.github.setSecret(scene.repository, 'OLD', 'an older token', ago(scene, 60 * 24 * 60))
      const { result } = await runOf(scene, { with: { ...block, 'min-token-age': 'never' } })
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      expect(currentOnes(scene, [...ONE, secret])).toEqual([...ONE, secret])
      expect(asksForHistory(scene)).toBe(false)
    }),
  )
})
