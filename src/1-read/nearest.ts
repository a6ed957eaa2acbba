import { distance } from 'fastest-levenshtein'

/** What is longer is no misspelling. */
const LONGEST = 100

/** The name that may have been meant: abbreviated, in another case, or with a third of its letters wrong. */
export function nearest<T extends string>(word: string, names: readonly T[]): T | undefined {
  const lower = word.toLowerCase()
  if (lower.length < 2 || lower.length > LONGEST) return undefined
  const begun = names.find((name) => name.startsWith(lower))
  if (begun !== undefined) return begun
  const [best] = names.map((name) => ({ name, far: distance(lower, name) })).sort((a, b) => a.far - b.far)
  return best !== undefined && best.far <= Math.floor(lower.length / 3) ? best.name : undefined
}
