import { beforeAll, describe, expect, test } from '@jest/globals'
import { JSDOM } from 'jsdom'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import { renderTimeline } from '../../src/5-tell/timeline.ts'

const AT = Date.parse('2026-03-01T12:00:00Z')
const run = (workflow: string, minutes = 10, more: Partial<RunNeed> = {}): RunNeed => ({
  repository: 'octo/app',
  runId: 1,
  workflow,
  status: 'in_progress',
  url: '',
  startedAt: AT - 60_000,
  safeMinutes: minutes,
  likelyMinutes: 0,
  waitMinutes: 0,
  by: 'history',
  waits: false,
  hasWaitingJob: false,
  waitsForOwnRun: false,
  ...more,
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

/** The digits of a time as every reader sees them, whatever their time zone: Mermaid shows local times. */
const seen = (time: Date | undefined): string => {
  const parts = time && [time.getFullYear(), time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes()]
  return (parts ?? []).map((part) => String(part).padStart(2, '0')).join(' ')
}
const utc = (minutes: number): string =>
  new Date(AT + minutes * 60_000).toISOString().slice(0, 16).replace(/[-T:]/g, ' ')

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
    expect(tasks).toHaveLength(3)
    expect(tasks[2]?.task).toMatch(/^10 min left /)
    expect(seen(tasks[2]?.endTime)).toBe(utc(10))
  })

  test('shows the window of the grace period and the twenty longest runs, and counts the rest', async () => {
    const runs = [...Array(20).keys()].map((index) => run(`run ${index}`, 40)).concat(NAMES.map((name) => run(name, 1)))
    const markdown = renderTimeline({ rotatedAt: AT, graceMinutes: 30, runs }, false)
    const [rotation, grace, ...tasks] = await tasksOf(chartIn(markdown))
    expect([seen(rotation?.startTime), seen(rotation?.endTime)]).toEqual([utc(0), utc(0)])
    expect([seen(grace?.startTime), seen(grace?.endTime)]).toEqual([utc(0), utc(30)])
    expect(tasks).toHaveLength(20)
    expect(tasks.every(({ task }) => task.includes('run '))).toBe(true)
    expect(markdown).toContain(`And ${NAMES.length} more runs.`)
  })

  test('draws a run that waits in line after what it waits for, in the order of the turns', async () => {
    const runs = [
      run('last', 58, { status: 'pending', waitMinutes: 37, startedAt: AT }),
      run('holder', 16),
      run('second', 37, { status: 'pending', waitMinutes: 16, startedAt: AT }),
      run('unknown', 60, { status: 'pending', waitMinutes: undefined, startedAt: AT, by: 'nothing' }),
    ]
    const [, , ...tasks] = await tasksOf(chartIn(renderTimeline({ rotatedAt: AT, graceMinutes: 60, runs }, true)))
    expect(tasks.map(({ task, startTime, endTime }) => [task.trim(), seen(startTime), seen(endTime)])).toEqual([
      ['60 min or more left unknown', utc(0), utc(60)],
      ['16 min left holder', utc(-1), utc(16)],
      ['37 min left second', utc(16), utc(37)],
      ['58 min left last', utc(37), utc(58)],
    ])
  })

  test('ends every bar after its beginning, however long a run waits or takes', async () => {
    const runs = [
      run('soon', 300, { waitMinutes: 290, status: 'pending' }),
      run('late', 1e12, { waitMinutes: 1e12 - 5, status: 'pending' }),
    ]
    const [, , ...tasks] = await tasksOf(chartIn(renderTimeline({ rotatedAt: AT, graceMinutes: 60, runs }, true)))
    expect(tasks).toHaveLength(2)
    expect(tasks.filter(({ startTime, endTime }) => !(startTime < endTime))).toEqual([])
    expect(seen(tasks[1]?.endTime)).toBe(utc(240))
  })

  test('has no mark for now, which Mermaid would draw by the reader’s clock', () => {
    expect(renderTimeline({ rotatedAt: AT, graceMinutes: 30, runs: [run('CI')] }, true)).toContain(
      '  todayMarker off\n',
    )
  })
})
