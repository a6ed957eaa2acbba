import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { mayBeIn, mayUseEnvironment, usesSecret } from '../../src/2-look/workflow-file.ts'
import { jobsHeldUp, longestByTimeout, longestOf } from '../../src/2-look/workflow-jobs.ts'
import type { Job } from '../../src/services/github-runs.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const withStep = (step: string, more = '') =>
  `on: push\n${more}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - ${step}\n`

const job = (name: string): Job => ({ id: 0, name, status: 'queued', startedAt: 0, completedAt: Number.NaN })
const jobs = (text: string) => parse(`jobs: {${text}}`)
const running = (name: string, minutesAgo: number): Job => ({
  ...job(name),
  status: 'in_progress',
  startedAt: NOW - minutesAgo * 60_000,
})
const ended = (name: string): Job => ({ ...job(name), status: 'completed' })
const waiting = (name: string): Job => ({ ...job(name), status: 'waiting' })
const queued = (name: string): Job => job(name)
const WITH_APPROVAL = 'a: {timeout-minutes: 30}, b: {timeout-minutes: 90}, c: {timeout-minutes: 10, needs: b}'

describe('a workflow may use the secret', () => {
  test.each([
    ['by its name', withStep('run: echo ${{ secrets.MY_KEY }}')],
    ['in another case', withStep('run: echo ${{ SECRETS.my_key }}')],
    ['with spaces', withStep('run: echo ${{ secrets . MY_KEY }}')],
    ['by a literal index', withStep("run: echo ${{ secrets['MY_KEY'] }}")],
    ['by a literal index in another case', withStep("run: echo ${{ secrets [ 'my_key' ] }}")],
    ['by any other index', withStep('run: echo ${{ secrets[matrix.key] }}')],
    ['all of them', withStep('run: echo ${{ toJSON(secrets) }}')],
    ['all of them, filtered', withStep('run: echo ${{ join(secrets.*) }}')],
    ['in an if without braces', withStep("if: secrets.MY_KEY != ''\n        run: x")],
    ['behind text that looks like the end', withStep("run: echo ${{ format('}}', secrets.MY_KEY) }}")],
    ['escaped by YAML', withStep('run: "echo ${{ \\x73ecrets.MY_KEY }}"')],
    ['in the environment of the workflow', withStep('run: x', 'env:\n  K: ${{ secrets.MY_KEY }}')],
    ['through an anchor', withStep('run: x', 'x: &k ${{ secrets.MY_KEY }}\nenv: {K: *k}')],
    ['in the name of a property', withStep('run: x', 'env: {"${{ secrets.MY_KEY }}": 1}')],
    ['inherited', 'on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit\n'],
    ['passed on', 'on: push\njobs:\n  a:\n    uses: o/r/w.yml@x\n    secrets: {t: "${{ secrets.MY_KEY }}"}\n'],
    ['in a map of its own kind', 'jobs: {a: {steps: !!omap [{run: "${{ secrets.MY_KEY }}"}]}}'],
    ['in a set', 'jobs: {a: {}}\nenv: !!set {"${{ secrets.MY_KEY }}"}'],
    ['for all one knows: no jobs', 'on: push'],
    ['for all one knows: a text', 'hello'],
    ['for all one knows: nothing', ''],
  ])('%s', (_, text) => {
    expect(usesSecret(parse(text), 'MY_KEY')).toBe(true)
  })
})

describe('a workflow surely does not use the secret', () => {
  test.each([
    ['that names none', withStep('run: npm test')],
    ['that names another', withStep('run: echo ${{ secrets.OTHER }}')],
    ['that names a longer one', withStep('run: echo ${{ secrets.MY_KEY_2 }}')],
    ['that indexes another', withStep("run: echo ${{ secrets['OTHER'] }}")],
    ['that speaks of secrets in a script', withStep('run: kubectl get secrets')],
    ['that passes another on', 'on: push\njobs:\n  a:\n    uses: ./b.yml\n    secrets: {t: "${{ secrets.OTHER }}"}\n'],
    [
      'that declares it for its callers',
      withStep('run: x').replace('on: push', 'on: {workflow_call: {secrets: {MY_KEY: {}}}}'),
    ],
  ])('%s', (_, text) => {
    expect(usesSecret(parse(text), 'MY_KEY')).toBe(false)
  })
})

describe('the longest that a run can go on, by its timeouts', () => {
  const CHAIN = 'a: {timeout-minutes: 10}, b: {timeout-minutes: 20, needs: a}, c: {timeout-minutes: 5, needs: [a, b]}'

  test.each([
    ['one job', 'a: {timeout-minutes: 30}', [], 30],
    ['two jobs side by side', 'a: {timeout-minutes: 30}, b: {timeout-minutes: 40}', [], 40],
    ['a chain', CHAIN, [], 35],
    ['a chain whose first job has ended', CHAIN, [ended('a')], 25],
    ['a chain whose second job runs', CHAIN, [ended('a'), running('b', 15)], 10],
    ['a job past its timeout', 'a: {timeout-minutes: 10}', [running('a', 12)], 0],
    [
      'two jobs of one name',
      'a: {name: D, timeout-minutes: 50}, b: {name: D, needs: a, timeout-minutes: 40}',
      [ended('D')],
      90,
    ],
    [
      'a job without a timeout that has ended',
      'a: {}, b: {timeout-minutes: 30, needs: a}',
      [ended('a'), running('b', 5)],
      25,
    ],
    ['one of two names that cannot be told apart', 'a: {}', [ended('a'), ended('a')], undefined],
    ['a timeout of 0', 'a: {timeout-minutes: 0}', [], undefined],
    ['a timeout below 0', 'a: {timeout-minutes: -5}', [], undefined],
    ['a timeout without end', 'a: {timeout-minutes: 1.0e+300}', [], 50_400],
    ['a strategy that is computed', 'a: {timeout-minutes: 9, strategy: "${{ x }}"}', [], undefined],
    ['a job with a name of its own', 'a: {name: Test, timeout-minutes: 10}', [running('Test', 4)], 6],
    ['a job whose name is computed', 'a: {name: "${{ x }}", timeout-minutes: 10}', [running('T', 4)], 6],
    ['a matrix side by side', 'a: {timeout-minutes: 9, strategy: {matrix: {x: [1, 2]}}}', [], 9],
    ['a matrix one by one', 'a: {timeout-minutes: 9, strategy: {max-parallel: 1}}', [], undefined],
    ['a job without a timeout', 'a: {timeout-minutes: 10}, b: {}', [], undefined],
    ['a timeout that is computed', 'a: {timeout-minutes: "${{ inputs.t }}"}', [], undefined],
    ['a called workflow', 'a: {uses: ./b.yml, timeout-minutes: 5}', [], undefined],
    [
      'needs that go in a circle',
      'a: {timeout-minutes: 1, needs: b}, b: {timeout-minutes: 1, needs: a}',
      [],
      undefined,
    ],
    ['a need that does not exist', 'a: {timeout-minutes: 1, needs: z}', [], undefined],
    ['no jobs', '', [], undefined],
    ['five days', 'a: {timeout-minutes: 7200}', [], 7200],
    ['a job that waits for an approval', WITH_APPROVAL, [running('a', 5), waiting('b')], 25],
    ['one that waits behind one that has ended', WITH_APPROVAL, [ended('a'), waiting('b')], 0],
    ['some of a matrix that wait', WITH_APPROVAL, [running('a', 5), running('b (x)', 1), waiting('b (y)')], 90],
    ['all of a matrix that wait', WITH_APPROVAL, [running('a', 5), waiting('b (x)'), waiting('b (y)')], 25],
    [
      'a job that waits, of a called workflow',
      `${WITH_APPROVAL}, d: {uses: x}`,
      [ended('a'), waiting('d / e')],
      undefined,
    ],
    ['a job that waits and is not in the file', WITH_APPROVAL, [running('a', 5), waiting('z')], undefined],
  ])('%s', (_, text, known, minutes) => {
    expect(longestByTimeout(jobs(text), known, NOW)).toBe(minutes)
  })
})

test.each<[string, Job[], string[]]>([
  ['a job that waits, and what needs it', [running('a', 1), waiting('b'), queued('c')], ['b', 'c']],
  ['none where none waits', [running('a', 1), queued('c')], []],
  ['what needs a matrix of which one waits', [running('b (x)', 1), waiting('b (y)'), queued('c')], ['c']],
  ['none that runs', [waiting('b'), running('c', 1)], ['b']],
  ['none where it cannot be told which waits', [waiting('z'), queued('c')], []],
])('jobs that cannot begin before an approval: %s', (_, known, held) => {
  expect(jobsHeldUp(jobs(WITH_APPROVAL), known).map(({ name }) => name)).toEqual(held)
})

test.each<[string, string, Job[], number | undefined]>([
  ['what is left of it', 'a: {timeout-minutes: 30}, b: {timeout-minutes: 200, needs: a}', [running('a', 10)], 20],
  ['the longest of them', 'a: {timeout-minutes: 30}, b: {timeout-minutes: 40}', [running('a', 1), running('b', 1)], 39],
  ['one of a matrix', 'a: {timeout-minutes: 30, strategy: {max-parallel: 1}}', [running('a (x, y)', 10)], 20],
  ['one without a timeout', 'a: {timeout-minutes: 30}, b: {}', [running('a', 1), running('b', 1)], undefined],
  ['one of a called workflow', 'a: {uses: x, timeout-minutes: 5}', [running('a / b', 1)], undefined],
  ['one that is not in the file', 'a: {timeout-minutes: 5}', [running('b', 1)], undefined],
  ['one of two of that name', 'a: {name: D, timeout-minutes: 5}, b: {name: D}', [running('D', 1)], undefined],
])('how long jobs that run can go on: %s', (_, text, known, minutes) => {
  expect(longestOf(jobs(text), known, NOW)).toBe(minutes)
})

test.each<[string, string, string, boolean]>([
  ['one that is bound to it', 'a: {environment: Production}', 'a', true],
  ['one of a matrix', 'a: {environment: production}', 'a (1)', true],
  ['one that is bound to none', 'a: {environment: production}, b: {}', 'b', false],
  ['one of a called workflow', 'a: {uses: x}', 'a / b', true],
  ['one that is not in the file', 'a: {}', 'z', true],
  ['one of two of that name', 'a: {name: D}, b: {name: D, environment: production}', 'D', true],
])('whether a job may be in an environment: %s', (_, text, name, isIn) => {
  expect(mayBeIn(jobs(text), running(name, 1), 'production')).toBe(isIn)
})

describe('a workflow may use the environment', () => {
  test.each([
    ['by its name', 'jobs: {a: {environment: production}}'],
    ['in another case', 'jobs: {a: {environment: PRODuction}}'],
    ['with a URL', 'jobs: {a: {environment: {name: production, url: https://x.example}}}'],
    ['in the last of its jobs', 'jobs: {a: {}, b: {environment: test}, c: {environment: production}}'],
    ['by an expression', 'jobs: {a: {environment: "${{ inputs.where }}"}}'],
    ['by an expression for its name', 'jobs: {a: {environment: {name: "prod-${{ inputs.where }}"}}}'],
    ['through an anchor', 'x: &e {name: production}\njobs: {a: {environment: *e}}'],
    ['in a workflow that it calls', 'jobs: {a: {uses: ./.github/workflows/b.yml}}'],
    ['for all one knows: nothing behind the colon', 'jobs: {a: {environment: }}'],
    ['for all one knows: a number', 'jobs: {a: {environment: 2026}}'],
    ['for all one knows: a list', 'jobs: {a: {environment: [production]}}'],
    ['for all one knows: no name', 'jobs: {a: {environment: {url: https://x.example}}}'],
    ['for all one knows: a job that is none', 'jobs: {a: 1}'],
    ['for all one knows: a job of its own kind', 'jobs: {a: !!omap [{environment: production}]}'],
    ['for all one knows: jobs of their own kind', 'jobs: !!omap [{a: {environment: production}}]'],
    ['for all one knows: jobs in a list', 'jobs: [{environment: test}]'],
    ['for all one knows: no jobs', 'on: push'],
    ['for all one knows: a text', 'hello'],
    ['for all one knows: nothing', ''],
  ])('%s', (_, text) => {
    expect(mayUseEnvironment(parse(text), 'Production')).toBe(true)
  })
})

describe('a workflow surely does not use the environment', () => {
  test.each([
    ['that names none', withStep('run: echo production')],
    ['that names another', 'jobs: {a: {environment: test}, b: {environment: {name: staging}}}'],
    ['that names a longer one', 'jobs: {a: {environment: production/eu}}'],
    ['that has a variable of its name', 'env: {environment: production}\njobs: {a: {env: {environment: production}}}'],
  ])('%s', (_, text) => {
    expect(mayUseEnvironment(parse(text), 'Production')).toBe(false)
  })
})
