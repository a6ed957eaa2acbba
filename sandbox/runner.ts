import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'

/** The root of the repository, where action.yml and dist/ are. */
export const ROOT = join(import.meta.dirname, '..')

export interface ActionFile {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>
  outputs: Record<string, { description: string }>
  runs: { using: string; main: string; post: string; 'post-if': string }
}

export async function readActionFile(): Promise<ActionFile> {
  return parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as ActionFile
}

/** How a step is started. */
export interface Step {
  /** The `with:` block. */
  with: Record<string, string>
  /** Beside what the runner gives by itself; an undefined value takes a variable away. */
  env?: Record<string, string | undefined>
  /** What the main step saved; for the post step. */
  state?: Record<string, string>
  /** Is given the process's id as soon as it runs, to send signals, and a way to stop reading its log. */
  onStart?: (pid: number, closeLog: () => void) => void
}

/** What a step left behind, as the runner reads it. */
export interface StepResult {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** Standard output and standard error as they came, `::add-mask::` lines included. */
  raw: string
  /** The log as a person sees it: without workflow commands, with every mask applied. */
  log: string[]
  masks: string[]
  annotations: { level: 'error' | 'warning' | 'notice'; message: string }[]
  outputs: Record<string, string>
  state: Record<string, string>
  summary: string
}

/** A step that takes longer than this has hung, in ms. */
const LONGEST_STEP = 120_000

/** Defaults of the variables that a workflow run has; https://docs.github.com/actions/reference/variables-reference */
const RUN_VARIABLES = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'octo/app',
  GITHUB_RUN_ID: '4711',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_WORKFLOW: 'Rotate',
  GITHUB_EVENT_NAME: 'schedule',
}

/** Runs the main or the post step of the built action in a process of its own, as the Actions runner does. */
export async function runStep(which: 'main' | 'post', step: Step): Promise<StepResult> {
  const action = await readActionFile()
  const folder = await mkdtemp(join(tmpdir(), 'rotate-incident-key-'))
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  }
  try {
    await Promise.all(Object.values(files).map((file) => writeFile(file, '')))
    const env = { ...RUN_VARIABLES, PATH: process.env.PATH, HOME: process.env.HOME, ...files, ...step.env }
    const { raw, exitCode, signal } = await runNode(join(ROOT, action.runs[which]), step, {
      ...env,
      ...inputVariables(action, step.with, env),
      ...Object.fromEntries(Object.entries(step.state ?? {}).map(([name, value]) => [`STATE_${name}`, value])),
    })
    return {
      exitCode,
      signal,
      raw,
      ...readCommands(raw),
      outputs: readPairs(await readFile(files.GITHUB_OUTPUT, 'utf8')),
      state: readPairs(await readFile(files.GITHUB_STATE, 'utf8')),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runNode(
  file: string,
  { onStart }: Step,
  env: Record<string, string | undefined>,
): Promise<Pick<StepResult, 'raw' | 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_STEP,
      killSignal: 'SIGKILL',
    })
    let raw = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        raw += text
      })
    }
    const closeLog = () => {
      child.stdout.destroy()
      child.stderr.destroy()
    }
    child.on('spawn', () => onStart?.(child.pid ?? 0, closeLog))
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ raw, exitCode, signal }))
  })
}

/** The inputs as the runner hands them over: every declared one, upper case, hyphens kept, defaults filled in. */
export function inputVariables(
  action: ActionFile,
  given: Record<string, string>,
  env: Record<string, string | undefined>,
): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs))
  if (unknown.length > 0) throw new Error(`action.yml declares no input named ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
      `INPUT_${name.toUpperCase()}`,
      given[name] ?? value.replace(/\$\{\{ github\.api_url \}\}/, env.GITHUB_API_URL ?? 'https://api.github.com'),
    ]),
  )
}

/** Reads workflow commands (`::name properties::message`) out of the log. */
function readCommands(raw: string): Pick<StepResult, 'log' | 'masks' | 'annotations'> {
  const masks: string[] = []
  const annotations: StepResult['annotations'] = []
  const lines: string[] = []
  for (const line of raw.split(/\r?\n/)) {
    const [, name, message = ''] = /^::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? []
    if (name === 'add-mask') masks.push(unescapeData(message))
    else if (name === 'error' || name === 'warning' || name === 'notice') {
      annotations.push({ level: name, message: unescapeData(message) })
      lines.push(`${name[0]?.toUpperCase()}${name.slice(1)}: ${unescapeData(message)}`)
    } else if (name === undefined) lines.push(line)
  }
  const hide = (line: string) => masks.reduce((text, mask) => (mask === '' ? text : text.replaceAll(mask, '***')), line)
  return { masks, annotations, log: lines.filter((line) => line !== '').map(hide) }
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** Reads a file of `name<<delimiter`, value lines and the delimiter again: how outputs and state are handed over. */
function readPairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^(.*?)<<(.*)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, at + 1)
    pairs[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return pairs
}
