import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { type Front, startFront } from '../../sandbox/bench/network.ts'
import { countRounds } from '../../sandbox/bench/rounds.ts'
import type { Step } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { expectCurrent, play } from './helpers.ts'
import { addHistory, addRun, CI, USES } from './runs.ts'

/** Each stand-in keeps an answer for so long, in ms: what is asked meanwhile did not wait for it. */
const ROUND_TRIP = 250

/** Both services at the other end of a network, by TLS. */
interface Far {
  github: Front
  /** Reaches them. */
  step: Partial<Step>
}

function playFar(act: (scene: Scene, far: Far) => Promise<void>): Promise<void> {
  return play(async (scene) => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    })
    const folder = await mkdtemp(join(tmpdir(), 'rounds-'))
    const authority = join(folder, 'authority.pem')
    await writeFile(authority, cert)
    const [incident, github] = await Promise.all([
      startFront(scene.incident, { cert, key }, ROUND_TRIP),
      startFront(scene.github, { cert, key }, ROUND_TRIP),
    ])
    const step = {
      with: { 'incident-api-url': `https://localhost:${incident.port}` },
      env: { GITHUB_API_URL: `https://localhost:${github.port}`, NODE_EXTRA_CA_CERTS: authority },
    }
    try {
      await act(scene, { github, step })
    } finally {
      incident.close()
      github.close()
      await rm(folder, { recursive: true })
    }
  })
}

/** The dependent rounds of everything that was asked: look, rotate, write and verify, confirm. */
function rounds({ incident, github }: Scene): number {
  return countRounds([...incident.journal, ...github.journal], 0)
}

describe('one key, found on one page, with nothing in flight: four dependent rounds', () => {
  test.each([
    ['by its name', {}],
    ['by its id', { 'key-name': '' }],
    ['with an age that is due', { 'min-token-age': '30d' }],
    ['with a number for the grace period', { 'grace-period-minutes': '30' }],
  ])('%s', (_, inputs) =>
    play(
      async (scene) => {
        const byId = 'key-name' in inputs ? { 'key-id': scene.key.id } : {}
        const result = await scene.rotate({ with: { ...inputs, ...byId } })
        expect(result.exitCode).toBe(0)
        expectCurrent(scene)
        expect(rounds(scene)).toBe(4)
      },
      { roundTripMs: ROUND_TRIP },
    ),
  )
})

describe('runs in flight, in a repository with more past runs than one page holds', () => {
  const addWorkflows = (scene: Scene, count: number) => {
    for (let index = 0; index < count; index++) {
      const workflow = `.github/workflows/${index}.yml`
      scene.github.addFile('octo/app', workflow, USES)
      addHistory(scene, 5, 120, workflow)
      addRun(scene, 2, { workflow })
    }
  }

  test.each([
    [1, 25],
    [5, 41],
  ])('%i of them: six rounds and %i requests', (count, requests) =>
    playFar(async (scene, far) => {
      addWorkflows(scene, count)
      const result = await scene.rotate(far.step)
      expect([result.exitCode, result.outputs.status]).toEqual([0, 'rotated'])
      const journal = [...scene.incident.journal, ...scene.github.journal]
      expect(journal).toHaveLength(requests)
      // The newest runs, the lists by status with files and histories, the jobs; then rotate, write, confirm.
      expect(countRounds(journal, ROUND_TRIP)).toBe(6)
    }),
  )

  test('the confirmation asks for all lists in one round', () =>
    playFar(async (scene, far) => {
      addWorkflows(scene, 1)
      await scene.rotate(far.step)
      const lists = scene.github.journal.filter(({ path }) => path.endsWith('/actions/runs')).slice(-6)
      expect(countRounds(lists, ROUND_TRIP)).toBe(1)
    }))

  test('more runs than half of the details are read after all lists, the oldest first', () =>
    play(async (scene) => {
      scene.github.addFile('octo/app', CI, USES)
      addHistory(scene, 5, 120)
      for (let index = 0; index < 51; index++) addRun(scene, 2)
      await scene.rotate()
      const paths = scene.github.journal.map(({ path, query }) => `${path}?${query}`)
      const lastList = paths.findIndex((path) => path.includes('status=requested'))
      const firstFile = paths.findIndex((path) => path.includes('/contents/'))
      expect(firstFile).toBeGreaterThan(lastList)
    }))
})

test('connections to a GitHub far away are opened before they are needed, and closed at the end', () =>
  playFar(async (scene, far) => {
    const result = await scene.rotate(far.step)
    expect([result.exitCode, result.signal]).toEqual([0, null])
    expect(far.github.connections).toBe(4 + 16)
  }))

test('nothing to do: one round', () =>
  play(
    async (scene) => {
      expect((await scene.rotate({ with: { 'min-token-age': '90d' } })).outputs.status).toBe('skipped')
      expect(rounds(scene)).toBe(1)
    },
    { roundTripMs: ROUND_TRIP },
  ))

test.each([
  ['none', [], 0],
  ['one', [[0, 10]], 1],
  [
    'at the same time',
    [
      [0, 10],
      [1, 12],
      [9, 20],
    ],
    1,
  ],
  [
    'one behind the other',
    [
      [0, 10],
      [10, 20],
      [20, 30],
    ],
    3,
  ],
  [
    'one that is slow beside two',
    [
      [0, 30],
      [1, 10],
      [12, 20],
    ],
    2,
  ],
])('what counts as a round: %s', (_, spans, count) => {
  expect(
    countRounds(
      spans.map(([at = 0, endedAt = 0]) => ({ at, endedAt })),
      0,
    ),
  ).toBe(count)
})
