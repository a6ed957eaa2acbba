import { expect, test } from '@jest/globals'
import pLimit from 'p-limit'
import { GitHubClient } from '../../src/services/github-client.ts'
import { gitHubRuns } from '../../src/services/github-runs.ts'
import { BEFORE_ROTATION } from '../../src/services/retry.ts'

const NOW = Date.UTC(2026, 2, 1)
const HOUR = 60 * 60_000
const DAY = 24 * HOUR

/** A client of a GitHub whose clock is so many ms behind this machine's, and whose limit is reset in half an hour. */
function clientOf(behind: number, remaining: number): GitHubClient {
  const clock = { now: () => NOW, sleep: async () => {} }
  const headers = {
    date: new Date(NOW - behind).toUTCString(),
    'x-ratelimit-remaining': `${remaining}`,
    'x-ratelimit-reset': `${(NOW - behind + HOUR / 2) / 1000}`,
  }
  const send = async ({ url }: { url: string }) => ({ status: 200, headers, body: '{}', url })
  const waiting = { clock, random: () => 0, lookPatience: BEFORE_ROTATION, deadline: () => Number.POSITIVE_INFINITY }
  const connection = { ...waiting, baseUrl: 'https://api.example', send, slots: pLimit(1), kept: 12 }
  return new GitHubClient({ auth: 'ghp_x' }, connection)
}

test.each([0, 2 * HOUR, -2 * HOUR])(
  'requests are kept for the writes by a clock that is %p ms ahead',
  async (behind) => {
    const client = clientOf(behind, 12)
    await client.ask('GET /first', () => {})
    await expect(client.ask('GET /second', () => {}, { spare: true })).rejects.toThrow('too few requests')
  },
)

test.each([0, 2 * HOUR])('what is not kept may be asked, by a clock that is %p ms ahead', async (behind) => {
  const client = clientOf(behind, 13)
  await client.ask('GET /first', () => {})
  await expect(client.ask('GET /second', () => 'asked', { spare: true })).resolves.toBe('asked')
})

test('how old runs are is seen by the clock as the answer has told it', async () => {
  let now = NOW + 40 * DAY
  const asked: unknown[] = []
  const runs = gitHubRuns(() => async (_, read, options) => {
    asked.push(options?.parameters)
    now = NOW
    const workflow_runs = [{ id: 1, status: 'completed', created_at: new Date(NOW - DAY).toISOString() }]
    return read({ status: 200, headers: {}, data: { total_count: 300, workflow_runs }, body: {}, url: '' })
  })
  await runs.inFlight({ owner: 'octo', repository: 'app' }, () => now).all
  expect(asked.length).toBeGreaterThan(1)
})
