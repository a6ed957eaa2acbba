import { staleAt, violationsOf } from './invariants.ts'
import type { Story } from './play.ts'

/** What a case came to. */
export interface Outcome {
  name: string
  row: string
  /** The main step exited with 0. */
  endedWell: boolean
  /** What first made every copy current again where the main step did not. */
  healedBy: 'post' | 'next' | undefined
  violations: readonly string[]
  /** Real seconds. */
  seconds: number
}

export function outcomeOf(story: Story): Outcome {
  const { case: one, moments, took } = story
  const [main] = moments
  const wasStale = main !== undefined && staleAt(main).length > 0
  const healed = moments.slice(1).find((moment) => staleAt(moment).length === 0)
  return {
    name: one.name,
    row: one.row,
    endedWell: main?.result.exitCode === 0,
    healedBy: wasStale && healed?.step !== 'main' ? healed?.step : undefined,
    violations: violationsOf(story),
    seconds: took / 1000,
  }
}

const HEAD = [
  '',
  'cases',
  'ended well',
  'failed as it must',
  'healed by post',
  'healed by next run',
  'violations',
  'seconds',
]

/** One line for each kind of fault and each way to be killed, in the order they first came up, and the sum. */
export function tableOf(outcomes: readonly Outcome[]): string[] {
  const rows = [...Map.groupBy(outcomes, ({ row }) => row)].map(([row, group]) => lineOf(row, group))
  return toMarkdown([HEAD, ...rows, lineOf('all', outcomes)])
}

function lineOf(name: string, outcomes: readonly Outcome[]): string[] {
  const count = (matches: (outcome: Outcome) => boolean) => String(outcomes.filter(matches).length)
  return [
    name,
    String(outcomes.length),
    count(({ endedWell }) => endedWell),
    count(({ endedWell, violations }) => !endedWell && violations.length === 0),
    count(({ healedBy }) => healedBy === 'post'),
    count(({ healedBy }) => healedBy === 'next'),
    count(({ violations }) => violations.length > 0),
    outcomes.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(0),
  ]
}

/** A table whose columns line up: the first to the left, the others to the right. */
function toMarkdown([head = [], ...body]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const pad = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)
  const line = (row: readonly string[]): string => `| ${row.map(pad).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)]
}
