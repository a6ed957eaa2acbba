import { expect } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type ConcurrencySeed, type GitHub, type RunSeed, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'

export const repository = 'octo/app'
export const repositories = [repository]
export const runs = `/repos/${repository}/actions/runs`
export const groups = `/repos/${repository}/actions/concurrency_groups`
export const minute = 60_000
export const DEPLOY: ConcurrencySeed = { group: 'deploy' }
export const DEPLOY_ALL: ConcurrencySeed = { group: 'deploy', queue: 'max' }

/** The stand-in of the running test. */
export let github: GitHub
/** Calls it with a token that may read everything. */
export let call: ReturnType<typeof client>

/** Starts a stand-in with one repository. */
export async function start(options?: Parameters<typeof startGitHub>[0]): Promise<void> {
  github = await startGitHub(options)
  github.addRepository(repository)
  call = as({ kind: 'workflow', repositories })
}

/** Closes the stand-in. Every exchange of the test matches GitHub's description of the API. */
export async function stop(): Promise<void> {
  await github.close()
  expect(github.journal).not.toEqual([])
  expect(await violations(github.journal)).toEqual([])
}

export const as = (seed: TokenSeed) => client(github.url, github.addToken(seed))

export const workflow = '.github/workflows/deploy.yml'
export const add = (id: number, seed: Partial<RunSeed> = {}): number =>
  github.addRun(repository, { id, workflow, status: 'in_progress', createdAt: github.clock.date(), ...seed })
export const complete = (id: number): void => github.updateRun(repository, id, { status: 'completed' })

export interface Member {
  run_id: number
  job_name?: string
  status: string
  position?: number
}

/** Returns a member of a group as `[run, job, status]`. */
export const brief = ({ run_id, job_name, status }: Member) => [
  run_id,
  ...(job_name === undefined ? [] : [job_name]),
  status,
]

/** Returns the members of a group in brief, or the status code of a refusal. */
export async function membersOf(group: string, query = ''): Promise<unknown> {
  const { status, body } = await call('GET', `${groups}/${encodeURIComponent(group)}${query}`)
  if (status !== 200) return status
  expect(body.total_count).toBe(body.group_members.length)
  return body.group_members.map(brief)
}

export async function jobIdsOf(run: number): Promise<number[]> {
  const { body } = await call('GET', `${runs}/${run}/jobs`)
  return body.jobs.map(({ id }: { id: number }) => id)
}
