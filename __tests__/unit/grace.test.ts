import { describe, expect, test } from '@jest/globals'
import { graceFor } from '../../src/3-decide/grace.ts'
import type { RunNeed } from '../../src/3-decide/needs.ts'

const run = (minutes: number, by: RunNeed['by'] = 'history', waits = false): RunNeed => ({
  repository: 'octo/app',
  runId: 1,
  workflow: 'CI',
  status: 'in_progress',
  url: '',
  startedAt: 0,
  safeMinutes: minutes,
  likelyMinutes: by === 'nothing' ? 0 : minutes,
  waitMinutes: 0,
  by,
  waits,
  hasWaitingJob: false,
  waitsForOwnRun: false,
})

interface Case {
  needs?: RunNeed[]
  sawAll?: boolean
  asked?: 'auto' | number
  least?: number
  writes?: number
}

describe('the grace period', () => {
  test.each<[string, Case, { minutes: number; atRisk?: number; tooLong?: number }]>([
    ['no runs: the least', {}, { minutes: 15 }],
    ['no runs and no least: the margin', { least: 0 }, { minutes: 2 }],
    ['a short run: the least', { needs: [run(5)] }, { minutes: 15 }],
    ['the largest need and the margin', { needs: [run(5), run(30.2), run(20)] }, { minutes: 33 }],
    ['never more than 60', { needs: [run(59.5)] }, { minutes: 60 }],
    ['60 minutes just fit', { needs: [run(60)] }, { minutes: 60 }],
    ['more than 60 do not', { needs: [run(60.1)] }, { minutes: 60, atRisk: 1, tooLong: 1 }],
    ['a timeout counts like a history', { needs: [run(90, 'timeout')] }, { minutes: 60, atRisk: 1, tooLong: 1 }],
    ['nobody knows: 60, at risk, and no reason to yield', { needs: [run(60, 'nothing')] }, { minutes: 60, atRisk: 1 }],
    ['an approval is told, and holds nothing', { needs: [run(90, 'history', true)] }, { minutes: 15, atRisk: 1 }],
    ['what could not be seen', { needs: [run(5)], sawAll: false }, { minutes: 60 }],
    ['a number is obeyed', { asked: 7, needs: [run(30)] }, { minutes: 7, atRisk: 1 }],
    ['also 0', { asked: 0, needs: [run(1), run(0, 'timeout')] }, { minutes: 0, atRisk: 1 }],
    ['and when not all could be seen', { asked: 7, sawAll: false }, { minutes: 7 }],
    ['a burst of writes takes no time', { writes: 30, needs: [run(20)] }, { minutes: 22 }],
    ['more of them do', { writes: 30 + 96, needs: [run(20)] }, { minutes: 25 }],
    ['a run that needs nothing more', { needs: [run(0, 'timeout')], least: 0 }, { minutes: 2 }],
    [
      'one that may need too long, but is not expected to',
      { needs: [{ ...run(90), likelyMinutes: 20 }] },
      { minutes: 60, atRisk: 1 },
    ],
    ['a thousand runs', { needs: Array.from({ length: 1000 }, (_, index) => run(index % 50)) }, { minutes: 51 }],
  ])('%s', (_, { needs = [], sawAll = true, asked = 'auto', least = 15, writes = 1 }, expected) => {
    const grace = graceFor(needs, sawAll, { asked, least, writes })
    expect({ minutes: grace.minutes, atRisk: grace.atRisk.length, tooLong: grace.tooLong.length }).toEqual({
      atRisk: 0,
      tooLong: 0,
      ...expected,
    })
  })

  test('names the run that decided it', () => {
    const [short, long] = [run(5), run(30)]
    expect(graceFor([short, long], true, { asked: 'auto', least: 15, writes: 1 }).longest).toBe(long)
  })
})
