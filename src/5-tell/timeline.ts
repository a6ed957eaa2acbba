import type { Timeline } from './report.ts'
import { plural } from './words.ts'

/** More runs than this are counted: a chart of hundreds says nothing. */
const MOST_RUNS = 20
const MINUTE = 60_000
/** The chart begins and ends at most so long before and after the rotation, in ms. */
const LONGEST_PAST = 120 * MINUTE
const LONGEST_FUTURE = 240 * MINUTE

/**
 * The runs in flight against the grace period, as a Mermaid gantt chart.
 *
 * @param isRotated whether it is so, or would be
 *
 * @see https://mermaid.js.org/syntax/gantt.html
 */
export function renderTimeline({ rotatedAt, graceMinutes, runs }: Timeline, isRotated: boolean): string {
  const graceEnd = rotatedAt + graceMinutes * MINUTE
  const shown = [...runs].sort((a, b) => b.minutes - a.minutes).slice(0, MOST_RUNS)
  const tasks = shown.map((run) => {
    const end = rotatedAt + Math.max(1, run.minutes) * MINUTE
    // What began long ago, as a run that waits for days, would press the grace period into a line.
    const start = Math.max(Math.min(run.startedAt || rotatedAt, end - MINUTE), rotatedAt - LONGEST_PAST)
    const shownEnd = Math.min(end, rotatedAt + LONGEST_FUTURE)
    const mark = end > graceEnd ? 'crit, ' : ''
    return `  ${Math.ceil(run.minutes)} min ${chartLabel(run.workflow)} :${mark}${Math.round(start)}, ${Math.round(shownEnd)}`
  })
  const more = runs.length - shown.length
  return [
    '```mermaid',
    'gantt',
    '  dateFormat x',
    '  axisFormat %H:%M',
    '  section Old token',
    `  ${graceMinutes} min that it ${isRotated ? 'lives on' : 'would live on'} :${Math.round(rotatedAt)}, ${Math.round(Math.max(graceEnd, rotatedAt + MINUTE))}`,
    '  section Runs',
    ...tasks,
    '```',
    '',
    `${more > 0 ? `And ${plural(more, 'more run')}. ` : ''}The chart shows your local time.`,
  ].join('\n')
}

/**
 * A workflow's name as the label of a task. The number before it keeps Mermaid from reading a word of its own language
 * (labels that begin with one are dropped without a word), and what could end the label, the line or the code block is
 * taken out.
 */
export function chartLabel(name: string): string {
  const clean = name
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}._/ -]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return clean.length > 40 ? `${[...clean].slice(0, 40).join('')}…` : clean || 'run'
}
