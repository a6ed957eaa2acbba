import type { Job } from '../services/github-runs.ts'

/** A workflow file as its YAML says, from outside and unchecked. */
export type WorkflowFile = unknown

/** The id of a job in its file, and what the file says of it. */
export type Definition = readonly [id: string, definition: unknown]

/** GitHub runs no more jobs of one workflow. A file with more definitions is not understood. */
const MAX_DEFINITIONS = 1000
/** A longer name is not compared: it may be any job's. In characters. */
const MAX_NAME = 1000

/** Returns the definitions of the workflow's jobs by their ids; undefined if the file has none. */
export function definitionsIn(file: WorkflowFile): Record<string, unknown> | undefined {
  return isRecord(file) && isRecord(file.jobs) ? file.jobs : undefined
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns the definition of a job, by the name that GitHub lists; undefined unless exactly one fits. */
export function definitionOf(file: WorkflowFile, { name }: Job): Definition | undefined {
  const definitions = definitionsIn(file)
  if (definitions === undefined) return undefined
  const names = known.get(definitions) ?? new JobNames(definitions)
  known.set(definitions, names)
  return names.find(name)
}

/** One file may be that of a hundred runs, each with hundreds of jobs. */
const known = new WeakMap<object, JobNames>()

/** The names of a file's jobs, each compared once with a listed one. */
class JobNames {
  /** Definitions by a name without an expression. */
  readonly #plain: ReadonlyMap<string, readonly Definition[]>
  readonly #computed: readonly { definition: Definition; parts: readonly string[] }[]
  readonly #isUnderstood: boolean
  readonly #found = new Map<string, Definition | undefined>()

  constructor(definitions: Record<string, unknown>) {
    const all = Object.entries(definitions)
    const parsed = all.map((definition) => ({ definition, parts: fixedParts(nameIn(definition)) }))
    const isPlain = ({ parts }: { parts: readonly string[] }) => parts.length === 1
    this.#isUnderstood = all.length <= MAX_DEFINITIONS
    this.#computed = parsed.filter((one) => !isPlain(one))
    const plain = Map.groupBy(parsed.filter(isPlain), ({ parts }) => parts[0] ?? '')
    this.#plain = new Map([...plain].map(([name, group]) => [name, group.map(({ definition }) => definition)]))
  }

  find(listed: string): Definition | undefined {
    if (!this.#isUnderstood || listed.length > MAX_NAME) return undefined
    if (!this.#found.has(listed)) {
      const [found, another] = this.#fitting(listed)
      this.#found.set(listed, another === undefined ? found : undefined)
    }
    return this.#found.get(listed)
  }

  #fitting(listed: string): Definition[] {
    const plain = beginningsOf(listed).flatMap((name) => this.#plain.get(name) ?? [])
    const computed = this.#computed.filter(({ parts }) => fitsBeginning(listed, parts))
    return [...plain, ...computed.map(({ definition }) => definition)]
  }
}

/** Undefined for a name that GitHub makes itself: it may be any. */
function nameIn([id, definition]: Definition): string | undefined {
  const name = isRecord(definition) ? (definition.name ?? id) : id
  return typeof name === 'string' && name !== '' && name.length <= MAX_NAME ? name : undefined
}

/** What GitHub adds to a name: the values of a matrix in parentheses, and the names of a called workflow's jobs. */
const ADDITIONS = [' (', ' / ']

/** A listed name, and its beginnings before something that GitHub may have added. */
function beginningsOf(listed: string): string[] {
  const cuts = [...listed.matchAll(/ \(| \/ /g)].map(({ index }) => listed.slice(0, index))
  return [...new Set([listed, ...cuts])]
}

function fitsBeginning(listed: string, parts: readonly string[]): boolean {
  const last = parts.at(-1) ?? ''
  return fits(listed, parts) || ADDITIONS.some((added) => fits(listed, [...parts.slice(0, -1), last + added, '']))
}

/**
 * The text of a name before, between and after its expressions, each of which may stand for any text.
 *
 * @returns one part for a name without an expression
 */
function fixedParts(name: string | undefined): string[] {
  if (name === undefined) return ['', '']
  const parts: string[] = []
  let rest = name
  for (let start = rest.indexOf('${{'); start >= 0; start = rest.indexOf('${{')) {
    parts.push(rest.slice(0, start))
    const end = EXPRESSION.exec(rest.slice(start))?.[0].length
    // An expression without an end may hide anything after it.
    if (end === undefined) return [...parts, '']
    rest = rest.slice(start + end)
  }
  return [...parts, rest]
}

/** An expression; quotes hide its end. */
const EXPRESSION = /^\$\{\{(?:[^'}]|'[^']*'|\}(?!\}))*\}\}/

/** Whether a text consists of these parts, with any text between them. */
function fits(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
