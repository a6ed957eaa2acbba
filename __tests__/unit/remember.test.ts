import { describe, expect, test } from '@jest/globals'
import type { Clock } from '../../src/services/clock.ts'
import type { GitHubRuns } from '../../src/services/github-runs.ts'
import { type RememberedRuns, rememberRuns } from '../../src/services/remember.ts'

const APP = { owner: 'octo', repository: 'app' }
const WEB = { owner: 'octo', repository: 'web' }
const UNTIL = new Date('2026-03-01T12:00:00Z')

/** What answers with how many questions it was asked, a clock that is moved by hand, and what remembers. */
function build(fails = false) {
  let now = 1_800_000_000_000
  const clock: Clock = { now: () => now, sleep: async () => {} }
  const asked: string[] = []
  const answer =
    (what: string) =>
    async (...args: unknown[]) => {
      asked.push(`${what} ${JSON.stringify(args)}`)
      if (fails) throw new Error(`failure ${asked.length}`)
      return asked.length as never
    }
  const runs: GitHubRuns = {
    inFlight: (...args) => ({ newest: Promise.resolve([]), all: answer('inFlight')(...args) }),
    history: answer('history'),
    workflowOf: answer('workflowOf'),
    isInProgress: answer('isInProgress'),
    pastRuns: answer('pastRuns'),
    newestRuns: answer('newestRuns'),
    jobs: answer('jobs'),
    groupPlaces: answer('groupPlaces'),
    groupMembers: answer('groupMembers'),
    mayPause: answer('mayPause'),
    file: answer('file'),
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { remembered: rememberRuns(runs, clock), asked, pass }
}

type Question = [name: string, ask: (runs: RememberedRuns, repository?: typeof APP) => Promise<unknown>]
const PASSING: Question[] = [
  ['the runs in flight', (runs, repository = APP) => runs.inFlight(repository, () => 0).all],
  ['the jobs of a run', (runs, repository = APP) => runs.jobs(repository, 7)],
  ['the places of a run in groups', (runs, repository = APP) => runs.groupPlaces(repository, 7)],
  ['the members of a group', (runs, repository = APP) => runs.groupMembers(repository, 'deploy')],
]
const LASTING: Question[] = [
  ['how long a workflow took', (runs, repository = APP) => runs.history(repository, 3)],
  ['the workflow of a run', (runs, repository = APP) => runs.workflowOf(repository, 7)],
  ['past runs', (runs, repository = APP) => runs.pastRuns(repository, 'rotate.yml', UNTIL)],
  ['a file', (runs, repository = APP) => runs.file(repository, 'ci.yml', 'abc')],
  ['whether an environment makes jobs wait', (runs, repository = APP) => runs.mayPause(repository, 'production')],
  ['a file of the default branch', (runs, repository = APP) => runs.file(repository, 'ci.yml', undefined)],
]

describe.each([...PASSING, ...LASTING])('%s', (_, ask) => {
  test('is asked for once, also while the answer is on its way', async () => {
    const { remembered, asked, pass } = build()
    const together = Promise.all([ask(remembered), ask(remembered)])
    expect(await together).toEqual([1, 1])
    pass(59_999)
    expect(await ask(remembered)).toBe(1)
    expect(asked).toHaveLength(1)
  })

  test('of another repository is another question, and the case of names does not matter', async () => {
    const { remembered, asked } = build()
    const spelled = { owner: 'OCTO', repository: 'App' }
    expect(await Promise.all([APP, WEB, spelled].map((one) => ask(remembered, one)))).toEqual([1, 2, 1])
    expect(asked).toHaveLength(2)
  })
})

test.each(PASSING)('%s: what was seen counts for less than a minute', async (_, ask) => {
  const { remembered, asked, pass } = build()
  await ask(remembered)
  pass(60_000)
  expect(await ask(remembered)).toBe(2)
  pass(59_999)
  expect(await ask(remembered)).toBe(2)
  expect(asked).toHaveLength(2)
})

test.each(PASSING)('%s: is asked for anew once it is to be forgotten', async (_, ask) => {
  const { remembered, asked } = build()
  await ask(remembered)
  remembered.forget()
  expect(await ask(remembered)).toBe(2)
  expect(asked).toHaveLength(2)
})

test.each(LASTING)('%s: is known for good', async (_, ask) => {
  const { remembered, asked, pass } = build()
  await ask(remembered)
  pass(3_600_000)
  remembered.forget()
  expect(await ask(remembered)).toBe(1)
  expect(asked).toHaveLength(1)
})

test('whether a run is in progress is asked each time', async () => {
  const { remembered, asked } = build()
  await remembered.isInProgress(APP, 7)
  await remembered.isInProgress(APP, 7)
  expect(asked).toHaveLength(2)
})

test('different questions have different answers', async () => {
  const { remembered, asked } = build()
  const answers = await Promise.all([
    remembered.inFlight(APP, () => 0),
    remembered.jobs(APP, 7),
    remembered.jobs(APP, 8),
    remembered.history(APP, 7),
    remembered.workflowOf(APP, 7),
    remembered.pastRuns(APP, 'rotate.yml', UNTIL),
    remembered.pastRuns(APP, 'rotate.yml', new Date(UNTIL.getTime() + 1)),
    remembered.file(APP, 'a.yml', 'abc'),
    remembered.file(APP, 'a.yml', undefined),
    remembered.file(APP, 'b.yml', 'abc'),
  ])
  expect(new Set(answers).size).toBe(answers.length)
  expect(asked).toHaveLength(answers.length)
})

describe('the case matters', () => {
  test('of a path', async () => {
    const { remembered, asked } = build()
    await Promise.all([remembered.file(APP, 'CI.yml', 'abc'), remembered.file(APP, 'ci.yml', 'abc')])
    expect(asked).toHaveLength(2)
  })

  // The branches that a pull request goes into are asked for by their names.
  test('of a branch', async () => {
    const { remembered, asked } = build()
    await Promise.all([remembered.file(APP, 'ci.yml', 'Release'), remembered.file(APP, 'ci.yml', 'release')])
    expect(asked).toHaveLength(2)
  })
})

test.each([...PASSING, ...LASTING])('%s: everyone who asked is told of a failure', async (_, ask) => {
  const { remembered, asked } = build(true)
  const both = await Promise.allSettled([ask(remembered), ask(remembered)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(asked).toHaveLength(1)
})

// What could not be read for want of requests, or of an answer, may be readable when the next look comes.
test.each([...PASSING, ...LASTING])('%s: a failure is not remembered for good', async (_, ask) => {
  const { remembered, asked, pass } = build(true)
  await ask(remembered).catch(() => {})
  pass(60_000)
  remembered.forget()
  await ask(remembered).catch(() => {})
  expect(asked).toHaveLength(2)
})
