import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'

/** The names and indexes that lead from the root of the document to something in it. */
export type Path = readonly (string | number)[]

/** Where things of a document are in its text. */
export interface Positions {
  readonly offsetOf: (path: Path, isOfKey?: boolean) => number
  /** Of what an alias (*name) stands for, where the alias is: the same thing may be in several places by them. */
  readonly useOf: (path: Path) => number
  /** A scalar as the text spells it, without quotation marks. */
  readonly spellingOf: (path: Path) => string | undefined
}

export function positionsIn(doc: Document.Parsed): Positions {
  const resolved = new Map<unknown, unknown>()
  const target = (node: unknown): unknown => {
    if (!isAlias(node)) return node
    // Each time the whole document is looked through.
    if (!resolved.has(node)) resolved.set(node, node.resolve(doc))
    return resolved.get(node)
  }
  const find = (path: Path) => {
    let key: unknown
    let value: unknown = doc.contents
    let alias: unknown
    for (const part of path) {
      if (isAlias(value)) alias ??= value
      const parent = target(value)
      // Of two of one name the last one counts.
      const pair = isMap(parent)
        ? parent.items.findLast((one) => isScalar(one.key) && one.key.value === part)
        : undefined
      key = pair?.key
      value = pair === undefined ? (isSeq(parent) ? parent.items[Number(part)] : undefined) : pair.value
    }
    return { key, value, alias }
  }
  const offsetOf = (path: Path, isOfKey = false): number => {
    const { key, value } = find(path)
    const isNothing = isScalar(value) && value.value === null && !value.source
    const shown = key !== undefined && (isOfKey || isNothing || value === null) ? key : value
    return startOf(shown) ?? (path.length === 0 ? 0 : offsetOf(path.slice(0, -1)))
  }
  return {
    offsetOf,
    useOf: (path) => startOf(find(path).alias) ?? offsetOf(path),
    spellingOf(path) {
      const value = target(find(path).value)
      return isScalar(value) ? (value.source ?? undefined) : undefined
    },
  }
}

/** The offset at which a node begins. */
export function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}
