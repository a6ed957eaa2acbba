import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { WorkDone } from '../../src/2-look/work-done.ts'
import type { Job } from '../../src/services/github-runs.ts'

const START = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

/** A job that began and ended so many minutes after the run; it has not begun, or not ended, without them. */
const job = (name: string, began?: number, ended?: number): Job => ({
  id: 0,
  name,
  status: ended !== undefined ? 'completed' : began !== undefined ? 'in_progress' : 'pending',
  startedAt: START + (began ?? 0) * MINUTE,
  completedAt: ended === undefined ? Number.NaN : START + ended * MINUTE,
})

/** Minutes of work when the last of these jobs began, or could have begun. */
function workOfLast(text: string, jobs: readonly Job[], attempt = 0): number {
  const work = new WorkDone(parse(`jobs: {${text}}`), jobs, START + attempt * MINUTE)
  const last = jobs.at(-1) as Job
  return (last.status === 'pending' ? work.before(last) : work.atStart(last)) / MINUTE
}

const CHAIN = 'build: {}, deploy: {needs: build, concurrency: x}, notify: {needs: deploy}'

describe('the work of a run when a job begins', () => {
  test.each<[string, string, Job[], number]>([
    ['is none for the first job', 'a: {}', [job('a', 3)], 0],
    [
      'includes the wait for a runner, which past runs have too',
      'a: {}, b: {needs: a}',
      [job('a', 0, 10), job('b', 14)],
      14,
    ],
    ['leaves out the wait for a concurrency group', CHAIN, [job('build', 0, 10), job('deploy', 48)], 10],
    [
      'leaves it out for the jobs that follow, too',
      CHAIN,
      [job('build', 0, 10), job('deploy', 48, 58), job('notify', 59)],
      21,
    ],
    ['ends with the jobs that a waiting job needs', CHAIN, [job('build', 0, 10), job('deploy')], 10],
    ['is none for a waiting job that needs nothing', 'a: {}, b: {concurrency: x}', [job('a', 0, 10), job('b')], 0],
    [
      'includes the turns of the same matrix',
      'a: {concurrency: x, strategy: {matrix: {n: [1, 2]}}}',
      [job('a (1)', 0, 10), job('a (2)', 10)],
      10,
    ],
    [
      'includes the turns of another job in the same group',
      'a: {concurrency: x}, b: {concurrency: {group: X}}',
      [job('a', 0, 10), job('b', 10)],
      10,
    ],
    ['leaves out waits in a called workflow', 'call: {uses: x}', [job('call / a', 0, 10), job('call / b', 30)], 10],
    [
      'leaves out all waits of an unknown job beside one in a group',
      'a: {concurrency: x}',
      [job('a', 0, 10), job('z', 30)],
      0,
    ],
    ['includes all time before an unknown job when no job is in a group', 'a: {}', [job('a', 0, 10), job('z', 30)], 30],
    ['takes the longest way', 'a: {}, b: {}, c: {needs: [a, b]}', [job('a', 0, 10), job('b', 0, 20), job('c', 21)], 21],
    ['counts nothing from an earlier attempt', 'a: {}, b: {needs: a}', [job('a', -30, -20), job('b', 0)], 0],
  ])('%s', (_, text, jobs, minutes) => {
    expect(workOfLast(text, jobs)).toBe(minutes)
  })

  test('is found when dates make a circle', () => {
    const jobs = [job('a', 0, 0), job('b', 0, 0)]
    expect(workOfLast('a: {needs: b}, b: {needs: a}', jobs)).toBe(0)
  })
})
