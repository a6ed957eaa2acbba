import type { Case, Result } from './measure.ts'

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

/** The median of the action's time ÷ the other's in each pair; undefined where the other did not do the whole work. */
export function ratioTo(other: Result | undefined, { results: [action] }: Case): number | undefined {
  if (!action || !other?.isComplete) return undefined
  return median(action.times.map((ms, pair) => ms / (other.times[pair] ?? Number.NaN)))
}

/** Returns the median of one case's time ÷ the other's in each pair; both were measured together. */
export function ratioOf({ results: [one] }: Case, { results: [other] }: Case): number {
  return median((one?.times ?? []).map((ms, pair) => ms / (other?.times[pair] ?? Number.NaN)))
}

/** Milliseconds, or seconds of what takes long. */
export const inTime = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`)

/** The median, with the shortest and the longest: `480 ms (470–495)`. In ms. */
export function timeOf(times: readonly number[]): string {
  const middle = median(times)
  if (times.length < 2) return inTime(middle)
  const number = (ms: number) => (middle < 1000 ? ms.toFixed(0) : (ms / 1000).toFixed(2))
  return `${inTime(middle)} (${number(Math.min(...times))}–${number(Math.max(...times))})`
}

/** A Markdown table whose columns line up: the first to the left, the others to the right. */
export function table([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}
