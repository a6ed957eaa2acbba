import { expect, test } from '@jest/globals'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import { Stopping } from '../../src/4-rotate-and-write/stopping.ts'
import type { GitHub } from '../../src/services/github.ts'
import { waitForRuns } from '../../src/wait.ts'
import type { World } from '../../src/world.ts'

const MINUTE = 60_000

test('waiting for runs ends as soon as a signal asks to stop', async () => {
  // Time stands still: a sleep ends only when it is cancelled.
  const clock = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
  }
  const stopping = new Stopping(clock)
  stopping.shield()
  const world = { clock, stopping, deadline: () => stopping.deadline, context: { now: clock.now } } as unknown as World
  let lists = 0
  const runs = {
    inFlight: () => {
      lists += 1
      return { newest: Promise.resolve([]), all: Promise.resolve({ runs: [], isComplete: true, isBusy: false }) }
    },
  }
  const run: RunNeed = {
    repository: 'octo/app',
    runId: 1,
    workflow: 'ci.yml',
    status: 'queued',
    url: 'https://github.com/octo/app/actions/runs/1',
    startedAt: 0,
    waits: false,
    hasWaitingJob: false,
    waitsForOwnRun: false,
    safeMinutes: 90,
    likelyMinutes: 90,
    by: 'history',
    waitMinutes: 0,
  }
  const waiting = waitForRuns([run], MINUTE, { runs, time: { offset: 0 } } as unknown as GitHub, world)
  process.emit('SIGINT')
  await expect(waiting).resolves.toBeUndefined()
  expect(lists).toBe(0)
})
