import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { fill } from '../../sandbox/expressions.ts'
import { ROOT, readActionFile } from '../../sandbox/runner.ts'
import {
  calledPath,
  EXAMPLES,
  fencedYaml,
  filledIn,
  isOurs,
  type Job,
  lint,
  MANIFEST,
  parseWorkflow,
  read,
  type Source,
  type Workflow,
  workflowFiles,
} from '../../sandbox/workflows.ts'
import { parseDestinations } from '../../src/1-read/destinations.ts'

const action = await readActionFile()
const INPUTS = Object.keys(action.inputs)
const REUSABLE = '.github/workflows/rotate.yml'
/** Older servers do not know `queue`. */
const WITHOUT_QUEUE = 'examples/enterprise-server.yml'

/** A commit with its version, the placeholder for one of this repository, or the commit that the workflow itself is of. */
const PINNED =
  /^(\$\/rotate|<OWNER>\/rotate-incident-key\S*@<COMMIT SHA> # v\d+\.\d+\.\d+|[^@\s]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/

const topLevel = (text: string): string[] => Object.keys(parse(filledIn(text)) ?? {})
const isWhole = ({ text }: Source) => topLevel(text).includes('jobs')
const isManifest = ({ text }: Source) => topLevel(text).includes('keys')

const BLOCKS = fencedYaml()
const WORKFLOWS = [...workflowFiles(), ...BLOCKS.filter(isWhole)]
const ROTATING = WORKFLOWS.filter(({ text }) => {
  const jobs = Object.values(parseWorkflow(text).jobs)
  return jobs.some((job) => calledPath(job) !== undefined || job.steps?.some(isOurs))
})
const PARTS = BLOCKS.filter((block) => !isWhole(block) && !isManifest(block))

/** A workflow around a part of one, or nothing when it is a part that needs the rest of its own workflow. */
function completed({ name, text }: Source): Source | undefined {
  const keys = topLevel(text)
  const are = (names: readonly string[]) => keys.every((key) => names.includes(key))
  const on = 'on: workflow_dispatch\n'
  const job = (lines: string) => `jobs:\n  rotate:\n${lines.trimEnd().replace(/^(?=.)/gm, '    ')}\n`
  if (are(['on', 'permissions', 'concurrency'])) {
    const start = keys.includes('on') ? '' : on
    return { name, text: `${start}${text}${job('runs-on: ubuntu-latest\nsteps:\n  - run: "true"')}` }
  }
  if (are(['uses', 'with', 'secrets']) && keys.includes('uses')) return { name, text: `${on}${job(text)}` }
  if (are(INPUTS)) {
    const given = keys.includes('incident-api-key') ? text : `incident-api-key: x\n${text}`
    const step = `- uses: <OWNER>/rotate-incident-key@<COMMIT SHA>\n  with:\n${given.replace(/^(?=.)/gm, '    ')}`
    return { name, text: `${on}${job(`runs-on: ubuntu-latest\nsteps:\n${step.replace(/^(?=.)/gm, '  ')}`)}` }
  }
  return undefined
}

/** Whether these lines stand together in a workflow that is a file, but for the indent. */
function isInAFile({ text }: Source): boolean {
  const lines = text.trimEnd().split('\n')
  return workflowFiles().some((file) => {
    const all = file.text.split('\n')
    return all.some((line, at) => {
      const indent = ' '.repeat(Math.max(0, line.search(/\S/)))
      return lines.every((one, index) => all[at + index] === (one === '' ? '' : indent + one))
    })
  })
}

const jobsOf = (workflow: Workflow): Job[] => Object.values(workflow.jobs)
const stepsOf = (workflow: Workflow) => jobsOf(workflow).flatMap(({ steps = [] }) => steps)

describe('GitHub’s language service', () => {
  const parts = PARTS.flatMap((part) => completed(part) ?? [])
  const actions = ['action.yml', 'rotate/action.yml'].map((name) => ({ name, text: read(name) }))

  test('finds nothing wrong with any workflow, in a file or in a text, nor with the action', () => {
    expect(ROTATING.length).toBeGreaterThan(EXAMPLES.length + 1)
    expect(lint([...WORKFLOWS, ...parts, ...actions])).toEqual([])
  })

  test.each<[string, string, string | RegExp, string, RegExp]>([
    ['an unknown property', 'scheduled.yml', 'queue: max', 'queues: max', /Unexpected value 'queues'/],
    ['a queue that cancels', 'scheduled.yml', 'queue: max', 'queue: max\n  cancel-in-progress: true', /queue/],
    ['a schedule that is none', 'scheduled.yml', "'17 5 * * 1'", "'17 5 * * 9'", /cron/i],
    [
      'an input that the action does not have',
      'scheduled.yml',
      'key-name:',
      'key-nam:',
      /Invalid action input 'key-nam'/,
    ],
    ['a required input that is left out', 'scheduled.yml', /\n *incident-api-key:.*/, '', /`incident-api-key`/],
    ['a context that does not exist', 'button.yml', 'inputs.grace', 'input.grace', /Unrecognized named-value: 'input'/],
    ['an input of the button that is misspelt', 'button.yml', 'inputs.grace', 'inputs.grac', /grac/],
    ['an input that the reusable workflow does not have', 'reusable.yml', 'key-name:', 'key-nam:', /key-nam/],
    ['a secret that is not handed over', 'reusable.yml', /\n *INCIDENT_MANAGING_KEY:.*/, '', /INCIDENT_MANAGING_KEY/],
    ['a job that is not there', 'matrix.yml', 'needs: plan', 'needs: plans', /plans/],
    ['an input that actions/checkout does not have', 'matrix.yml', 'persist-cred', 'keep-cred', /'keep-credentials'/],
  ])('would find %s', (_, file, from, to, found) => {
    const text = read('examples', file)
    expect(text.replace(from, to)).not.toBe(text)
    expect(lint([{ name: file, text: text.replace(from, to) }])).toContainEqual(expect.stringMatching(found))
  })

  test('would find a folder without an action, and an input of the action that is not there', () => {
    const text = read(REUSABLE)
    const wrong = [text.replace('$/rotate', '$/rotat'), text.replace('          key-id:', '          key-ids:')]
    for (const one of wrong) expect(lint([{ name: REUSABLE, text: one }])).toHaveLength(1)
  })
})

test('what is fenced as YAML and is neither a workflow nor a manifest is a part that was checked, or one of a file', () => {
  expect(PARTS.filter((part) => completed(part) === undefined && !isInAFile(part))).toEqual([])
})

describe.each(WORKFLOWS.map((source) => [source.name, source] as const))('%s', (name, { text }) => {
  const workflow = parseWorkflow(text)

  test('gives the run no permissions, and neither cancels a run nor drops one that waits', () => {
    expect(workflow.permissions).toEqual({})
    const queue = name === WITHOUT_QUEUE ? {} : { queue: 'max' }
    expect(workflow.concurrency).toEqual({ group: expect.stringMatching(/./), ...queue })
  })

  test('names every action and workflow by a commit, with the version beside it', () => {
    const named = [...text.matchAll(/^\s*-? *uses: (\S.*)$/gm)].map(([, uses = '']) => uses)
    expect(named.length).toBeGreaterThan(0)
    for (const uses of named) expect(uses).toMatch(PINNED)
  })

  test('ends each job, and keeps no credential of a checkout', () => {
    for (const job of jobsOf(workflow)) {
      if (job.uses === undefined) expect(job).toHaveProperty('timeout-minutes')
    }
    for (const { uses = '', with: block } of stepsOf(workflow)) {
      if (uses.startsWith('actions/checkout@')) expect(block).toHaveProperty('persist-credentials', false)
    }
  })
})

describe.each(ROTATING.map((source) => [source.name, source] as const))('%s rotates, and', (name, { text }) => {
  const workflow = parseWorkflow(text)
  const ours = stepsOf(workflow).filter(isOurs)

  test('is started by no pull request', () => {
    expect(Object.keys(workflow.on).filter((event) => event.startsWith('pull_request'))).toEqual([])
  })

  test('has an environment for each job', () => {
    for (const job of jobsOf(workflow)) {
      expect(calledPath(job) === undefined ? job : job.with).toHaveProperty('environment')
    }
  })

  test('calls the reusable workflow with values of the types that it asks for', () => {
    for (const job of jobsOf(workflow)) {
      const called = calledPath(job)
      if (called === undefined) continue
      const { inputs = {} } = parseWorkflow(read(called)).on.workflow_call ?? {}
      for (const [input, value] of Object.entries(job.with ?? {})) {
        if (!String(value).includes('${{')) expect([input, typeof value]).toEqual([input, inputs[input]?.type])
      }
    }
  })

  test('gives the action inputs that it has: all that are required, and a token or an App', () => {
    const required = INPUTS.filter((input) => action.inputs[input]?.required)
    for (const { with: block = {} } of ours) {
      const given = Object.keys(block)
      expect(INPUTS).toEqual(expect.arrayContaining(given))
      expect(given).toEqual(expect.arrayContaining(required))
      const credentials = given.filter((input) => input.startsWith('github-') && input !== 'github-api-url')
      const app = ['github-app-id', 'github-app-private-key']
      expect(name === REUSABLE ? [['github-token', ...app]] : [['github-token'], app]).toContainEqual(credentials)
    }
  })

  test('has destinations without a mistake, or a manifest that is an example', () => {
    for (const { with: block = {} } of ours) {
      if (block.manifest !== undefined) {
        expect(block.manifest).toBe(MANIFEST)
        expect(Object.keys(block).filter((input) => /^(secret|destin)/.test(input))).toEqual([])
      } else if (!String(block['secret-name']).includes('${{')) {
        const around = { secretName: String(block['secret-name']), repository: 'acme/ops' }
        const { destinations, mistakes } = parseDestinations(String(block.destinations ?? ''), around)
        expect(mistakes).toEqual([])
        expect(destinations.length).toBeGreaterThan(0)
      }
    }
  })
})

test('rotate/action.yml is action.yml, one folder deeper', () => {
  const deeper = read('action.yml').replace(/^ {2}(main|post): dist\//gm, '  $1: ../dist/')
  expect(read('rotate', 'action.yml')).toBe(deeper)
  const { main, post } = parse(deeper).runs
  for (const path of [main, post]) expect(existsSync(join(ROOT, 'rotate', path))).toBe(true)
})

describe('the reusable workflow', () => {
  const workflow = parseWorkflow(read(REUSABLE))
  const { inputs = {}, secrets = {}, outputs = {} } = workflow.on.workflow_call ?? {}
  const [step] = stepsOf(workflow)
  /** What it has no use for: it checks nothing out, and the address of the API is that of the server it runs on. */
  const LEFT_OUT = ['manifest', 'github-api-url']
  const OF_MANIFESTS = ['keys', 'due', 'matrix']
  const ofJob = ['environment', 'runs-on', 'timeout-minutes']

  test('runs the action of its own commit', () => {
    expect(step?.uses).toBe('$/rotate')
  })

  test('hands every input on, under its name, with the default of the action', () => {
    expect(Object.keys(step?.with ?? {}).sort()).toEqual(INPUTS.filter((input) => !LEFT_OUT.includes(input)).sort())
    const handed = Object.keys(inputs).filter((input) => !ofJob.includes(input))
    for (const input of handed) {
      expect(step?.with?.[input]).toBe(`\${{ inputs.${input} }}`)
      expect([input, inputs[input]?.default?.toString()]).toEqual([input, action.inputs[input]?.default])
    }
    const fromSecrets = Object.entries(step?.with ?? {}).filter(([input]) => !handed.includes(input))
    expect(fromSecrets.map(([, value]) => value)).toEqual(Object.keys(secrets).map((one) => `\${{ secrets.${one} }}`))
  })

  test('says of every input, secret and output what it is, and types the inputs', () => {
    for (const one of [...Object.values(inputs), ...Object.values(secrets), ...Object.values(outputs)]) {
      expect(one).toHaveProperty('description')
    }
    for (const { type } of Object.values(inputs)) expect(['string', 'number', 'boolean']).toContain(type)
    for (const [name, { type }] of Object.entries(inputs)) {
      const value = action.inputs[name]?.default ?? ''
      if (/^\d+$/.test(value)) expect([name, type]).toEqual([name, 'number'])
      if (/^(true|false)$/.test(value)) expect([name, type]).toEqual([name, 'boolean'])
    }
  })

  test('gives every output of one key', () => {
    const expected = Object.keys(action.outputs).filter((output) => !OF_MANIFESTS.includes(output))
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual(
      Object.fromEntries(expected.map((name) => [name, `\${{ jobs.rotate.outputs.${name} }}`])),
    )
    expect(workflow.jobs.rotate?.outputs).toEqual(
      Object.fromEntries(expected.map((name) => [name, `\${{ steps.rotate.outputs.${name} }}`])),
    )
  })

  test('has a secret under the name that every example gives it', () => {
    const named = EXAMPLES.flatMap((file) => [...read('examples', file).matchAll(/secrets\.([A-Z_]+)/g)])
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(Object.keys(secrets)))
  })

  test('has its key in the name of its group, an emergency a group of its own, and no caller that name', () => {
    const groupOf = (given: object) =>
      fill(workflow.concurrency?.group ?? '', {
        inputs: { 'key-name': '', 'key-id': '', force: false, 'grace-period-minutes': 'auto', ...given },
      })
    const usual = groupOf({ 'key-name': 'CI deploy key' })
    const emergency = { 'key-name': 'CI deploy key', force: true, 'grace-period-minutes': '0' }
    const all = [usual, groupOf({ 'key-name': 'Other' }), groupOf({ 'key-id': '01H' }), groupOf(emergency)]
    expect(new Set(all).size).toBe(all.length)
    expect(usual).toContain('CI deploy key')
    expect(groupOf({ ...emergency, force: false })).toBe(usual)
    const [prefix = ''] = usual.split('CI deploy key')
    const others = ROTATING.filter(({ name }) => name !== REUSABLE)
    for (const { text } of others) expect(parseWorkflow(text).concurrency?.group.startsWith(prefix)).toBe(false)
  })
})

test('the workflows that rotate one key share a group, and so do those of the manifest', () => {
  const groups = EXAMPLES.map((file) => [file, parseWorkflow(read('examples', file)).concurrency?.group] as const)
  const ofOneKey = groups.filter(([file]) => !read('examples', file).includes('manifest: '))
  const inputs = { key: 'ci-deploy-key', emergency: false }
  expect(new Set(ofOneKey.map(([, group = '']) => fill(group, { inputs })))).toEqual(
    new Set(['rotate-incident-key-ci-deploy-key']),
  )
  const ofManifest = groups.filter((one) => !ofOneKey.includes(one))
  expect(new Set(ofManifest.map(([, group]) => group))).toEqual(new Set(['rotate-incident-keys']))
})

test('examples/button.yml offers the keys of its table', () => {
  const { on, jobs } = parseWorkflow(read('examples', 'button.yml'))
  const { key, ...others } = on.workflow_dispatch?.inputs ?? {}
  expect(key?.options).toEqual(Object.keys(JSON.parse(String(jobs.rotate?.env?.KEYS))))
  expect(Object.keys(others)).toEqual(['grace', 'dry-run', 'emergency'])
})

test('examples/matrix.yml fans out over the keys that are due', () => {
  const { plan, rotate } = parseWorkflow(read('examples', 'matrix.yml')).jobs
  const planned = plan?.steps?.at(-1)?.with ?? {}
  expect(planned).toHaveProperty('dry-run', true)
  expect(rotate).toMatchObject({ needs: 'plan', strategy: { matrix: '${{ fromJSON(needs.plan.outputs.matrix) }}' } })
  expect(rotate?.if).toContain("needs.plan.outputs.due != '0'")
  const { 'dry-run': _, ...policy } = planned
  expect(rotate?.steps?.at(-1)?.with).toMatchObject({ ...policy, 'key-name': '${{ matrix.key-name }}' })
})
