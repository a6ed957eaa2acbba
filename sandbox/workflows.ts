import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ROOT } from './runner.ts'

/** A workflow's text and where it stands: a path, with the line for one in Markdown. */
export interface Source {
  name: string
  text: string
}

export interface Workflow {
  name: string
  on: Record<string, Trigger | null>
  permissions?: unknown
  concurrency?: { group: string; queue?: string; 'cancel-in-progress'?: unknown }
  jobs: Record<string, Job>
}

export interface Trigger {
  inputs?: Record<string, WorkflowInput>
  secrets?: Record<string, { required?: boolean } | null>
  outputs?: Record<string, { value: string }>
  [property: string]: unknown
}

export interface WorkflowInput {
  type: string
  required?: boolean
  default?: Scalar
  options?: string[]
}

export interface Job {
  needs?: string
  if?: string
  environment?: string
  'timeout-minutes'?: Scalar
  strategy?: { matrix: string }
  env?: Record<string, Scalar>
  outputs?: Record<string, string>
  /** Of a job that calls another workflow, with `with` and `secrets`. */
  uses?: string
  with?: Record<string, Scalar>
  secrets?: Record<string, string>
  steps?: WorkflowStep[]
}

export interface WorkflowStep {
  id?: string
  uses?: string
  with?: Record<string, Scalar>
}

export type Scalar = string | number | boolean

/** What stands for this repository's owner and commit until a user fills them in. */
const PLACEHOLDERS = { '<OWNER>': 'acme', '<COMMIT SHA>': 'a1b2c3d4'.repeat(5) }

const OURS = /^(?:[^/]+\/rotate-incident-key@|\$\/rotate$)/
const OUR_WORKFLOW = /^[^/]+\/rotate-incident-key\/(\.github\/workflows\/[^@]+)@/

/** A manifest is no workflow. */
export const MANIFEST = 'incident-keys.yml'

export const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8')

/** The names of the workflows in `examples/`. */
export const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((file) => file !== MANIFEST)
const SHIPPED = readdirSync(join(ROOT, '.github', 'workflows'))
const TEXTS = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`)]

/** The workflows that are files. */
export function workflowFiles(): Source[] {
  const paths = [...EXAMPLES.map((file) => `examples/${file}`), ...SHIPPED.map((file) => `.github/workflows/${file}`)]
  return paths.map((name) => ({ name, text: read(name) }))
}

/** Every block of YAML in the README and the documents: whole workflows, parts of some, manifests. */
export function fencedYaml(): Source[] {
  return TEXTS.flatMap((file) => {
    const text = read(file)
    return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)].map(({ index, 1: block = '' }) => ({
      name: `${file}:${text.slice(0, index).split('\n').length}`,
      text: block,
    }))
  })
}

/** With a commit and an owner in the place of the placeholders. */
export function filledIn(text: string): string {
  return Object.entries(PLACEHOLDERS).reduce((filled, [from, to]) => filled.replaceAll(from, to), text)
}

export const parseWorkflow = (text: string): Workflow => parse(filledIn(text)) as Workflow

/** Whether a step runs this repository's action. */
export const isOurs = ({ uses = '' }: WorkflowStep): boolean => OURS.test(uses)

/** The path of this repository's workflow that a job calls, if it does. */
export const calledPath = ({ uses = '' }: Job): string | undefined => OUR_WORKFLOW.exec(uses)?.[1]

/** What GitHub's language service finds in workflows and action files, as `NAME:LINE: message`. */
export function lint(sources: readonly Source[]): string[] {
  const input = JSON.stringify(sources.map(({ name, text }) => ({ name, text: filledIn(text) })))
  const script = join(ROOT, 'scripts', 'lint-workflows.mjs')
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { input, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`)
  const found = JSON.parse(stdout) as { name: string; line: number; message: string }[]
  return found.map(({ name, line, message }) => `${name}:${line}: ${message}`)
}
