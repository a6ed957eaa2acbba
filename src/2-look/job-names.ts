import type { Job } from '../services/github-runs.ts'

/** A workflow file as its YAML says, from outside and unchecked. */
export type WorkflowFile = unknown

/** Returns the definitions of the workflow's jobs by their ids; undefined if the file has none. */
export function definitionsIn(file: WorkflowFile): Record<string, unknown> | undefined {
  return isRecord(file) && isRecord(file.jobs) ? file.jobs : undefined
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns the id and the definition of a job, by the name that GitHub lists; undefined unless exactly one fits. */
export function definitionOf(file: WorkflowFile, { name }: Job): readonly [string, unknown] | undefined {
  const [found, another] = Object.entries(definitionsIn(file) ?? {}).filter(([id, one]) =>
    isListedAs(name, isRecord(one) ? (one.name ?? id) : id),
  )
  return another === undefined ? found : undefined
}

/**
 * Whether a job of this name is listed under that one. Jobs of a matrix have their values after the name, in parentheses;
 * those of a called workflow have their own name after it.
 */
function isListedAs(listed: string, name: unknown): boolean {
  if (typeof name !== 'string') return false
  const parts = fixedParts(name)
  return fits(listed, parts) || fits(listed, followedBy(parts, ' (')) || fits(listed, followedBy(parts, ' / '))
}

/** The text of a name before, between and after its expressions, each of which may stand for any text. */
function fixedParts(name: string): string[] {
  const parts: string[] = []
  let rest = name
  for (let start = rest.indexOf('${{'); start >= 0; start = rest.indexOf('${{')) {
    parts.push(rest.slice(0, start))
    const end = EXPRESSION.exec(rest.slice(start))?.[0].length
    // One that does not end may hide anything after it.
    if (end === undefined) return [...parts, '']
    rest = rest.slice(start + end)
  }
  return [...parts, rest]
}

/** An expression; quotes hide its end. */
const EXPRESSION = /^\$\{\{(?:[^'}]|'[^']*'|\}(?!\}))*\}\}/

/** The parts of a name that has this text after it, and then any text. */
const followedBy = (parts: readonly string[], text: string): string[] => [
  ...parts.slice(0, -1),
  `${parts.at(-1) ?? ''}${text}`,
  '',
]

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
