import { meanOf, type Result } from './tally.ts'

/** Returns a number in percent; a dash if there was nothing to measure. */
export const inPercent = (share: number): string => (Number.isNaN(share) ? '–' : `${share.toFixed(2)} %`)

/** Returns the coverage and the mean grace; a dash if there was nothing to measure. */
export const cellOf = ({ coverage, meanGrace }: Result): string =>
  Number.isNaN(meanGrace) ? '–' : `${inPercent(coverage)} ${meanGrace.toFixed(1)} min`

/** A row of a table that has a bar. */
export interface JudgedRow {
  name: string
  /** The coverage to reach, in percent. */
  bar: number
  /** One result a rule, the estimator's first. */
  results: readonly Result[]
  /** Further cells, after the results. */
  more?: readonly string[]
}

/** A part of the report. */
export interface Section {
  lines: readonly string[]
  /** Whether the estimator reaches the bar; true if there is none. */
  reached: boolean
}

/**
 * Returns a table of rows that have a bar, with totals.
 *
 * @param kind the noun for what the rows stand for: `workload`
 * @param rules the names of the rules
 * @param more heads of further columns
 */
export function toJudgedTable(
  kind: string,
  rules: readonly string[],
  rows: readonly JudgedRow[],
  more: readonly string[] = [],
): Section {
  const reaches = rows.map(({ bar, results }) => results.map(({ coverage }) => coverage >= bar))
  const totals = rules.map((_, rule) => ({
    coverage: Math.min(...rows.map(({ results }) => results[rule]?.coverage ?? 0)),
    meanGrace: meanOf(rows.map(({ results }) => results[rule]?.meanGrace ?? 0)),
  }))
  const below = rules.map((_, rule) => String(reaches.filter((row) => !row[rule]).length))
  const blank = more.map(() => '')
  const table = [
    [kind, 'bar', ...rules, ...more],
    ...rows.map((row) => [row.name, `${row.bar} %`, ...row.results.map(cellOf), ...(row.more ?? [])]),
    ['lowest coverage, mean grace', '', ...totals.map(cellOf), ...blank],
    [`${kind}s below the bar`, '', ...below, ...blank],
  ]
  return { lines: toMarkdown(table), reached: reaches.every(([estimator]) => estimator) }
}

/** Returns a table whose columns line up: the first to the left, the others to the right. */
export function toMarkdown([head = [], ...body]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)]
}
