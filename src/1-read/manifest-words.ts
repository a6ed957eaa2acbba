import type { ErrorObject } from 'ajv'
import { quote } from '../services/problem.ts'
import { nearest } from './nearest.ts'
import { parsePlace } from './place.ts'
import type { Path } from './yaml-positions.ts'

/** An error of ajv's with the place that it is about. */
export type Fault = ErrorObject & { readonly path: Path }

const WANTED: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
}

/** A value of the wrong kind: what it is, what is wanted, and how it would become that. */
export function explainType(fault: Fault, wanted: string, spelling: string | undefined): string {
  const { path, data, parentSchema } = fault
  const start = `${subjectOf(path)} is ${shownValue(data, spelling)} where ${WANTED[wanted] ?? wanted} is wanted`
  if (wanted === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    return `${start}; put it in quotes: "${spelling ?? data}".`
  }
  if (typeof data === 'string' && (wanted === 'integer' ? /^\d+$/ : /^(true|false)$/).test(data)) {
    return `${start}; write it without quotes: ${data}.`
  }
  if (wanted === 'array' && shownValue(data, spelling) === 'a mapping') return `${start}; begin each item with "- ".`
  if (wanted === 'array' && typeof data === 'string') {
    const example = itemLike(String(path.at(-1)), data)
    if (example !== undefined) {
      return `${start}: ${descriptionOf(fault)}. Write each item on a line of its own, like ${quote(example)}.`
    }
  }
  // As in the input of this name, or without the space that YAML wants.
  const [, name = '', rest] = /^(\w+):?(.*)$/.exec(typeof data === 'string' ? data : '') ?? []
  if (wanted === 'object' && Object.hasOwn(parentSchema?.properties ?? {}, name))
    return `${start}; write ${quote(`${name}: ${rest}`.trim())}.`
  const isName = parentSchema?.items?.type === 'string' && typeof data === 'string' && /^[\w-]+$/.test(data)
  if (isName) return `${start}; write [${data}].`
  const list = parentSchema?.items?.type === 'string' && typeof data === 'string' ? data.match(/[\w-]+/g) : null
  return `${start}: ${descriptionOf(fault)}${list === null ? '' : `, like [${list.slice(0, 3).join(', ')}]`}.`
}

/** An item of a list, for a text that stands in its place: as the input of this name has it, or without a kind. */
function itemLike(list: string, text: string): string | undefined {
  const [first = ''] = text.split('\n').map((line) => line.trim())
  if (list === 'keys') return `- name: ${first === '' ? 'CI deploy key' : first}`
  if (list !== 'destinations') return undefined
  const [kind, target] = first.split(/:\s*/)
  const written = [first, `repository: ${first}`, `environment: ${first}`].find((one) => parsePlace(one, 'octo/app'))
  return written === kind && target === undefined ? `- ${kind}:` : `- ${written ?? 'repository: octo/app'}`
}

/** What is right, as the end of a sentence: the schema's own words, but for those on leaving it out. */
export function descriptionOf({ parentSchema }: Fault): string {
  return String(parentSchema?.description).replace(/ \(left out: [^)]*\)$/, '')
}

/** What stands there, in words. */
export function shownValue(data: unknown, spelling: string | undefined): string {
  if (data === null) return 'empty'
  if (typeof data === 'string') return data === '' ? 'empty text' : `the text ${quote(data)}`
  if (typeof data === 'number') return `the number ${spelling ?? data}`
  if (typeof data === 'boolean') return String(data)
  return Array.isArray(data) ? 'a list' : 'a mapping'
}

/** What a sentence is about. */
export function subjectOf(path: Path): string {
  const last = path.at(-1)
  if (typeof last === 'string') return quote(last)
  if (path.length === 0) return 'the file'
  const list = path.at(-2)
  if (list === 'keys') return 'this entry'
  return list === 'destinations' ? 'this destination' : `this item of ${quote(String(list))}`
}

/** The end of a sentence about what is not one of these. */
export function suggestion(given: unknown, allowed: readonly string[]): string {
  const meant = typeof given === 'string' ? nearest(given, allowed) : undefined
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`
}
