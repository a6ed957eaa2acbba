import { beforeAll, describe, expect, test } from '@jest/globals'
import { JSDOM } from 'jsdom'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import { renderTimeline } from '../../src/5-tell/timeline.ts'

const AT = Date.parse('2026-03-01T12:00:00Z')
const run = (workflow: string, minutes = 10): RunNeed => ({
  repository: 'octo/app',
  runId: 1,
  workflow,
  status: 'in_progress',
  url: '',
  startedAt: AT - 60_000,
  minutes,
  surely: 0,
  by: 'history',
  waits: false,
  hasWaitingJob: false,
})

/** Mermaid's own parser; it wants a document before it is loaded. */
let tasksOf: (chart: string) => Promise<{ task: string; startTime: Date; endTime: Date }[]>
beforeAll(async () => {
  const { window } = new JSDOM('')
  Object.assign(globalThis, { window, document: window.document })
  const { default: mermaid } = await import('mermaid')
  // Mermaid learns its kinds of diagrams with the first text that it parses.
  await mermaid.parse('gantt')
  tasksOf = async (chart) => {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(chart)
    return (db as unknown as { getTasks(): { task: string; startTime: Date; endTime: Date }[] }).getTasks()
  }
})

const chartIn = (markdown: string): string => /```mermaid\n([\s\S]*?)\n```/.exec(markdown)?.[1] ?? ''

const NAMES = [
  'CI',
  'Build: "test" & \'deploy\'',
  'a;b#c%%d',
  'line\nbreak\r\nand\ttab',
  '🚀 Déploiement 日本語',
  'Section one',
  'title',
  'excludes weekends',
  'includes x',
  'todayMarker off',
  'accTitle: x',
  'click me',
  'call it',
  'weekday monday',
  'topAxis',
  'gantt',
  'dateFormat YYYY',
  '%%{init: {}}%%',
  '```',
  '<script>alert(1)</script>',
  '',
  ':::',
  'x'.repeat(500),
]

describe('the timeline', () => {
  test.each(NAMES)('keeps a workflow named %j', async (name) => {
    const tasks = await tasksOf(chartIn(renderTimeline({ rotatedAt: AT, graceMinutes: 30, runs: [run(name)] }, true)))
    expect(tasks).toHaveLength(2)
    expect(tasks[1]?.endTime.getTime()).toBe(AT + 10 * 60_000)
  })

  test('shows the window of the grace period and the twenty longest runs, and counts the rest', async () => {
    const runs = [...Array(20).keys()].map((index) => run(`run ${index}`, 40)).concat(NAMES.map((name) => run(name, 1)))
    const markdown = renderTimeline({ rotatedAt: AT, graceMinutes: 30, runs }, false)
    const [grace, ...tasks] = await tasksOf(chartIn(markdown))
    expect([grace?.startTime.getTime(), grace?.endTime.getTime()]).toEqual([AT, AT + 30 * 60_000])
    expect(tasks).toHaveLength(20)
    expect(tasks.every(({ task }) => task.includes('run '))).toBe(true)
    expect(markdown).toContain(`And ${NAMES.length} more runs.`)
  })
})
