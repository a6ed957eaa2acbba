import { type Document, isAlias, visit, type YAMLError } from 'yaml'
import { oneLine, quote } from '../services/problem.ts'
import type { Source } from './manifest-source.ts'
import { startOf } from './yaml-positions.ts'

/** Far more than anyone writes, and too few to blow up. */
export const MOST_ALIASES = 1000

/** What keeps the text from being a document. */
export interface Fault {
  readonly offset: number
  readonly code: string
  readonly sentence: string
}

/** What the parser found, and aliases that it would find only later. */
export function faultsOf(doc: Document.Parsed, source: Source): Fault[] {
  const warnings = doc.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')
  const faults = [...doc.errors, ...warnings].map((error) => ({
    offset: error.pos[0],
    code: error.code,
    sentence: explain(error, source),
  }))
  return [...faults, ...aliasFaults(doc)]
}

/** Aliases without an anchor, and more of them than is sane. */
function aliasFaults(doc: Document.Parsed): Fault[] {
  const anchors = new Set<string>()
  const faults: Fault[] = []
  let count = 0
  visit(doc, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor)
        return
      }
      const offset = startOf(node) ?? 0
      count += 1
      if (!anchors.has(node.source)) {
        faults.push({ offset, code: 'ALIAS', sentence: 'no anchor (&name) before this alias has its name.' })
      } else if (count === MOST_ALIASES + 1) {
        faults.push({
          offset,
          code: 'ALIAS',
          sentence: `there are more than ${MOST_ALIASES} aliases (*name); write them out.`,
        })
      }
    },
  })
  return faults
}

/** What the parser says, for those who do not know how YAML is parsed. Names of the file are not in it. */
function explain({ code, message, pos }: YAMLError, source: Source): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `${quote(source.keyAt(pos[0]))} is given twice; leave one of them out.`
    case 'MULTIPLE_DOCS':
      return 'a second document begins here; take "---" away, and list all keys below one "keys".'
    case 'TAG_RESOLVE_FAILED':
      return 'tags (!name) mean nothing here; take this one away.'
    case 'RESOURCE_EXHAUSTION':
      return 'the file is nested too deeply; list the keys right below "keys".'
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; YAML takes only spaces for that.'
    case 'BAD_SCALAR_START':
      return 'text cannot begin with this character; put it in quotes.'
    case 'BAD_DQ_ESCAPE':
      return 'a backslash in double quotes begins an escape sequence, and this is none; use single quotes.'
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'this is not YAML: check the indent, and put text that holds a colon and a space in quotes.'
    default: {
      const words = oneLine(message.replace(/: .*$/s, ''))
      const isIndent = code === 'BAD_INDENT' || /indicator|indent/i.test(words)
      const remedy = isIndent
        ? ' Check the indent here and on the line before: what says something of one key begins in one column.'
        : ''
      return `this is not YAML: ${words.slice(0, 1).toLowerCase()}${words.slice(1)}.${remedy}`
    }
  }
}
