/** Shorter names are too often one letter apart by chance. */
const MIN_LENGTH = 6

/**
 * Reports whether a name may be a slip for another one: both are equal if case, `_`, `-` and spaces are ignored, or one
 * letter is inserted, deleted, replaced or swapped. Names that differ only in digits are names of a series.
 */
export function isSimilar(one: string, other: string): boolean {
  if (one === other) return false
  const [a, b] = [one, other].map((name) => name.toLowerCase().replace(/[_\-\s]/g, '')) as [string, string]
  if (a === b) return true
  const isSeries = a.replace(/\d/g, '') === b.replace(/\d/g, '')
  return !isSeries && Math.min(one.length, other.length) >= MIN_LENGTH && isOneLetterApart(a, b)
}

function isOneLetterApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  const at = [...short].findIndex((_, index) => short[index] !== long[index])
  // Only the last letter is missing.
  if (at === -1) return true
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1)
  const isReplaced = short.slice(at + 1) === long.slice(at + 1)
  const isSwapped =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2)
  return isReplaced || isSwapped
}
