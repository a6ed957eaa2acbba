import type { RunNeed } from '../3-decide/needs.ts'
import type { Timeline } from './report.ts'
import { plural } from './words.ts'

/** More runs than this are counted: a chart of hundreds says nothing. */
const MOST_RUNS = 20
const MINUTE = 60_000
/** The chart begins and ends at most so long before and after the rotation, in ms. */
const LONGEST_PAST = 120 * MINUTE
const LONGEST_FUTURE = 240 * MINUTE

/**
 * Renders the runs in flight against the grace period, as a Mermaid gantt chart. A run that waits in line begins where its
 * turn is expected.
 *
 * @param isRotated whether the key was rotated, or would be
 *
 * @see https://mermaid.js.org/syntax/gantt.html
 */
export function renderTimeline({ rotatedAt, graceMinutes, runs }: Timeline, isRotated: boolean): string {
  const graceEnd = rotatedAt + graceMinutes * MINUTE
  const longest = [...runs].sort((a, b) => b.safeMinutes - a.safeMinutes).slice(0, MOST_RUNS)
  const inTurn = longest.sort((a, b) => (a.waitMinutes ?? 0) - (b.waitMinutes ?? 0))
  const more = runs.length - inTurn.length
  return [
    '```mermaid',
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    '  axisFormat %H:%M',
    // It would stand at the reader's local time.
    '  todayMarker off',
    '  section Old token',
    `  0 min rotation :milestone, ${utc(rotatedAt)}, 0d`,
    `  ${graceMinutes} min that it ${isRotated ? 'stays valid' : 'would stay valid'} :${utc(rotatedAt)}, ${utc(Math.max(graceEnd, rotatedAt + MINUTE))}`,
    '  section Runs',
    ...inTurn.map((run) => `  ${taskOf(run, rotatedAt, graceEnd)}`),
    '```',
    '',
    `${more > 0 ? `And ${plural(more, 'more run')}. ` : ''}Times are UTC.`,
  ].join('\n')
}

function taskOf(run: RunNeed, rotatedAt: number, graceEnd: number): string {
  const end = rotatedAt + Math.max(1, run.safeMinutes) * MINUTE
  // What is far away would press the grace period into a line.
  const shownEnd = Math.min(end, rotatedAt + LONGEST_FUTURE)
  const begin = run.waitMinutes ? rotatedAt + run.waitMinutes * MINUTE : run.startedAt || rotatedAt
  const start = Math.max(Math.min(begin, shownEnd - MINUTE), rotatedAt - LONGEST_PAST)
  const mark = end > graceEnd ? 'crit, ' : ''
  const left = `${Math.ceil(run.safeMinutes)} min${run.by === 'nothing' ? ' or more' : ''} left`
  return `${left} ${chartLabel(run.workflow)} :${mark}${utc(start)}, ${utc(shownEnd)}`
}

/** A time as the chart reads it. Mermaid takes it for local time and shows the same digits, so all readers see UTC. */
const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/**
 * Returns a workflow's name as the label of a task. The number before it keeps Mermaid from reading a word of its own
 * language (labels that begin with one are dropped silently). Characters that could end the label, the line or the code
 * block are removed.
 */
export function chartLabel(name: string): string {
  const clean = name
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}._/ -]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return clean.length > 40 ? `${[...clean].slice(0, 40).join('')}…` : clean || 'run'
}
