import type { ErrorObject, ValidateFunction } from 'ajv'
import schema from '../../schema/manifest.schema.json' with { type: 'json' }
import { quote } from '../services/problem.ts'
import { descriptionOf, explainType, type Fault, shownValue, subjectOf, suggestion } from './manifest-words.ts'
import type { Finding } from './manifest-yaml.ts'
import { nearest } from './nearest.ts'
import type { Path } from './yaml-positions.ts'

/** How a scalar is spelled in the file. */
type SpellingOf = (path: Path) => string | undefined

/**
 * What of the data breaks the schema.
 *
 * @param data a manifest as JavaScript has it
 */
export async function schemaFindings(data: unknown, spellingOf: SpellingOf): Promise<Finding[]> {
  compiled ??= compile()
  const validate = await compiled
  validate(data)
  const faults = (validate.errors ?? [])
    // What each of several ways lacks; that none of them was taken is told by an error of its own.
    .filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\//.test(schemaPath))
    .map((error) => ({ ...error, path: pathOf(error.instancePath, data) }))
  const unknown = Map.groupBy(
    faults.filter(({ keyword }) => keyword === 'additionalProperties'),
    ({ instancePath }) => instancePath,
  )
  const findings = faults.flatMap((fault) => findingOf(fault, spellingOf, unknown.get(fault.instancePath) ?? []) ?? [])
  // An empty name breaks two rules, and is one mistake.
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

let compiled: Promise<ValidateFunction> | undefined

async function compile(): Promise<ValidateFunction> {
  // Loaded only for those who have a manifest, and yet part of the one bundle.
  const { default: ajv } = await import('ajv')
  return new ajv.Ajv({ allErrors: true, verbose: true, strict: true }).compile(schema)
}

/** A JSON pointer as the names and indexes that it is made of. */
function pathOf(pointer: string, data: unknown): Path {
  let value: unknown = data
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(value) ? Number(name) : name
      value = (value as Record<string | number, unknown>)[step]
      return step
    })
}

/** @param beside the properties in the same place that it does not have */
function findingOf(fault: Fault, spellingOf: SpellingOf, beside: readonly Fault[]): Finding | undefined {
  const { keyword, path, params, parentSchema } = fault
  const about = (sentence: string): Finding => ({ path, sentence })
  switch (keyword) {
    case 'additionalProperties':
      return { path: [...path, params.additionalProperty], isOfKey: true, sentence: explainUnknown(fault) }
    case 'oneOf':
      return typeof fault.data === 'object' && fault.data !== null ? explainChoice(fault, beside) : undefined
    case 'required': {
      const { description: missing } = parentSchema?.properties[params.missingProperty] ?? {}
      return beside.length > 0
        ? undefined
        : about(`${subjectOf(path)} has no ${quote(params.missingProperty)}; give ${missing}.`)
    }
    case 'uniqueItems':
      return {
        path: [...path, Math.max(params.i, params.j)],
        sentence: `${quote(String(spellingOf([...path, params.i])))} stands twice in ${subjectOf(path)}; leave one of them out.`,
      }
    case 'type':
      return about(explainType(fault, params.type, spellingOf(path)))
    case 'anyOf':
      // Nothing but text is text. Where a number may be right too, the description says more.
      if (path.at(-1) === 'repository' && typeof fault.data !== 'string')
        return about(explainType(fault, 'string', spellingOf(path)))
      break
  }
  const given = keyword === 'minItems' ? 'an empty list' : shownValue(fault.data, spellingOf(path))
  const meant = keyword === 'enum' ? suggestion(fault.data, params.allowedValues) : ''
  return about(`${subjectOf(path)} is ${given}, which is not valid: ${descriptionOf(fault)}${meant || '.'}`)
}

/** Names of inputs, and others that come to mind, with the properties that they have here. */
const MEANT = new Map([
  ['key-name', ['name']],
  ['key-id', ['id']],
  ['secret-name', ['secret', 'as']],
  ['secret', ['as']],
  ['name', ['as']],
])

function explainUnknown({ path, params, parentSchema }: Fault): string {
  const name = String(params.additionalProperty)
  const start = `unknown property ${quote(name)}`
  const meant = meantBy(name, parentSchema)
  if (meant !== undefined) return `${start}; did you mean ${quote(meant)}?`
  const { entry, destination } = schema.definitions
  if (name === '<<') return `${start}; merge keys are not read: write out what is merged.`
  if (path.length > 2 && Object.hasOwn(entry.properties, name))
    return `${start} of a destination; it belongs to the entry.`
  if (path.length === 0 && Object.hasOwn(entry.properties, name))
    return `${start}; it belongs to an entry of the list "keys".`
  if (path.length === 2 && Object.hasOwn(destination.properties, name)) {
    return `${start} of an entry; it belongs to an item of the list "destinations".`
  }
  return `${start}; the properties here are ${Object.keys(parentSchema?.properties).join(', ')}.`
}

function meantBy(name: string, parentSchema: ErrorObject['parentSchema']): string | undefined {
  const names = Object.keys(parentSchema?.properties ?? {})
  const spelled = name
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .replace(/[\s_]+/g, '-')
    .toLowerCase()
  return MEANT.get(spelled)?.find((one) => names.includes(one)) ?? nearest(spelled, names)
}

/** Whether an entry may have a property of this name. */
export const isOfEntry = (name: string): boolean => Object.hasOwn(schema.definitions.entry.properties, name)

/** The property of an entry that may be meant by a name that is none of them. */
export const meantInEntry = (name: string): string | undefined => meantBy(name, schema.definitions.entry)

/** Of several properties exactly one is to be given. */
function explainChoice({ path, data, parentSchema }: Fault, unknown: readonly Fault[]): Finding | undefined {
  const { oneOf } = parentSchema as { oneOf: { required: [string] }[] }
  const ways = oneOf.map(({ required }) => required[0])
  const [first, second] = Object.keys(data as object).filter((name) => ways.includes(name))
  if (first !== undefined && second !== undefined) {
    const sentence = `${subjectOf(path)} has both ${quote(first)} and ${quote(second)}; ${
      ways.length > 2 ? 'make two items of the list of them' : 'leave one of them out'
    }.`
    return { path: [...path, second], isOfKey: true, sentence }
  }
  // What is there may be the missing one, misspelled; that is told already.
  const isTold = unknown.some(({ params }) => {
    const meant = meantBy(String(params.additionalProperty), parentSchema)
    return meant === undefined || ways.includes(meant)
  })
  if (isTold) return undefined
  return { path, sentence: `${subjectOf(path)} has none of ${ways.join(', ')}; give one of them.` }
}
