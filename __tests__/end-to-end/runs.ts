import { expect } from '@jest/globals'
import type { RunSeed } from '../../sandbox/github.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { rotations } from './helpers.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const CI = '.github/workflows/ci.yml'
export const USES =
  'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ secrets.INCIDENT_API_KEY }}\n'
export const USES_NONE = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: npm test\n'
export const withTimeout = (minutes: number) =>
  USES.replace('runs-on: x', `runs-on: x\n    timeout-minutes: ${minutes}`)

export const ago = ({ clock }: Scene, minutes: number) => new Date(clock.now() - minutes * MINUTE)

/** Past runs of a workflow, one an hour, each of so many minutes. */
export function addHistory(scene: Scene, minutes: number, count = 100, workflow = CI, repository = 'octo/app'): void {
  for (let index = 1; index <= count; index++) {
    const createdAt = ago(scene, 60 * index)
    const updatedAt = new Date(createdAt.getTime() + minutes * MINUTE)
    scene.github.addRun(repository, { workflow, status: 'completed', conclusion: 'success', createdAt, updatedAt })
  }
}

/** A run in flight that began so many minutes ago. */
export function addRun(scene: Scene, minutesAgo: number, seed: Partial<RunSeed> = {}, repository = 'octo/app'): number {
  return scene.github.addRun(repository, {
    workflow: CI,
    name: 'CI',
    status: 'in_progress',
    createdAt: ago(scene, minutesAgo),
    ...seed,
  })
}

/** Waits are minutes, and a request has still half a second of real time. */
export const WAITING = { speed: 30 }

/** A run was waited for. */
export const expectWaited = ({ log }: StepResult): void =>
  expect(log.filter((line) => line.startsWith('Waiting for 1 run'))).not.toEqual([])

/**
 * Does something before the action sees for the first time, while it waits, which runs of `octo/app` are in flight: it has
 * asked for them once before, and with one list as long as there are at most 100.
 */
export function duringWait({ github }: Scene, act: () => Promise<void> | void): void {
  let lists = 0
  github.onRequest = async ({ path }) => {
    if (path.endsWith('/octo/app/actions/runs') && ++lists === 2) await act()
  }
}

/** A run that needs too long; it is in flight until it is ended. */
export function addLongRun(scene: Scene): () => void {
  scene.github.addFile('octo/app', CI, USES)
  addHistory(scene, 90, 50)
  const id = addRun(scene, 1)
  return () => scene.github.updateRun('octo/app', id, { status: 'completed', conclusion: 'success' })
}

export const atRisk = (outputs: Record<string, string>) => JSON.parse(outputs['runs-at-risk'] ?? '')
export const graceSent = (scene: Scene) => rotations(scene).map(({ requestBody }) => requestBody)
