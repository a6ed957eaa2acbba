import type { ConcurrencySeed, JobSeed, RunSeed } from '../../sandbox/github.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { ALWAYS } from './helpers.ts'
import { addHistory, addRun, ago, atRisk, CI, MINUTE, USES } from './runs.ts'

export const DEPLOY: ConcurrencySeed = { group: 'deploy' }
export const MAX: ConcurrencySeed = { group: 'deploy', queue: 'max' }
export const OTHER = '.github/workflows/other.yml'
export const ROTATE = '.github/workflows/rotate.yml'
export const OWN_RUN = 4711

export const withConcurrency = (concurrency: string, file = USES) => `concurrency: ${concurrency}\n${file}`
export const jobWith = (more: string) => USES.replace('runs-on: x', `runs-on: x\n    ${more}`)

/** 100 past runs of 19, 20 or 21 minutes. */
export function addVariedHistory(scene: Scene, workflow = CI): void {
  for (let index = 1; index <= 100; index++) {
    const createdAt = ago(scene, 60 * index)
    const updatedAt = new Date(createdAt.getTime() + (19 + (index % 3)) * MINUTE)
    scene.github.addRun('octo/app', { workflow, status: 'completed', createdAt, updatedAt })
  }
}

/** A run in progress whose only job began so many minutes ago, and which holds a group as a whole. */
export function addHolder(scene: Scene, minutesAgo: number, seed: Partial<RunSeed> = {}): number {
  const jobs: JobSeed[] = [{ name: 'a', status: 'in_progress', startedAt: ago(scene, minutesAgo) }]
  return addRun(scene, minutesAgo, { concurrency: DEPLOY, jobs, ...seed })
}

/**
 * Adds two runs of a workflow of 10 minutes that began 2 minutes ago. A job of the first holds the group `database`. The
 * second holds the group `deploy`, and a job of it waits for `database`. Returns the id of the second.
 */
export function addHolderInLine(scene: Scene): number {
  const jobs = (status: string): JobSeed[] => [
    { name: 'a', status, startedAt: ago(scene, 2), concurrency: { group: 'database' } },
  ]
  scene.github.addFile('octo/app', OTHER, withConcurrency('other', jobWith('concurrency: database')))
  addHistory(scene, 10, 100, OTHER)
  addRun(scene, 2, { workflow: OTHER, jobs: jobs('in_progress') })
  return addRun(scene, 2, { workflow: OTHER, concurrency: DEPLOY, jobs: jobs('pending') })
}

export const addPending = (scene: Scene, minutesAgo: number, seed: Partial<RunSeed> = {}): number =>
  addRun(scene, minutesAgo, { status: 'pending', concurrency: DEPLOY, ...seed })

/** The minutes that runs at risk need, by the ids of the runs. */
export const needed = (outputs: Record<string, string>): Record<string, number> =>
  Object.fromEntries(
    atRisk(outputs).map((run: { run_id: number; needs_minutes: number }) => [run.run_id, run.needs_minutes]),
  )

export const groupRequests = ({ github }: Scene) =>
  github.journal.filter(({ path }) => path.includes('concurrency_groups'))

/** Lets GitHub refuse one of the endpoints for concurrency groups. */
export function refuse(scene: Scene, path: RegExp, status = 403): void {
  const body = { message: 'Resource not accessible by personal access token', documentation_url: 'x', status: '403' }
  scene.github.faults.add({ path, times: ALWAYS, fault: { kind: 'status', status, body } })
}
