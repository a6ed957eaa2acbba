import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ConcurrencySeed } from '../../sandbox/github.ts'
import {
  add,
  call,
  complete,
  DEPLOY,
  DEPLOY_ALL,
  github,
  groups,
  membersOf,
  minute,
  repository,
  runs,
  start,
  stop,
  workflow,
} from './concurrency.ts'

beforeEach(() => start())
afterEach(stop)

async function stateOf(run: number): Promise<unknown> {
  const { body } = await call('GET', `${runs}/${run}`)
  return [body.status, body.conclusion]
}

async function jobsOf(run: number): Promise<unknown> {
  const { body } = await call('GET', `${runs}/${run}/jobs`)
  return body.jobs.map((job: Record<string, unknown>) => [job.name, job.status, job.conclusion])
}

describe('the queue of a concurrency group', () => {
  test('the first run holds the lease, and later runs wait in the order they were added', async () => {
    add(7, { concurrency: DEPLOY_ALL })
    const createdAt = new Date(github.clock.now() - minute)
    add(9, { concurrency: DEPLOY_ALL, status: 'pending' })
    add(8, { concurrency: DEPLOY_ALL, status: 'pending', createdAt })
    add(5, { concurrency: { group: 'other' } })
    expect(await membersOf('deploy')).toEqual([
      [7, 'in_progress'],
      [9, 'pending'],
      [8, 'pending'],
    ])
  })

  test('a queued run that holds the lease is shown as in progress', async () => {
    add(1, { concurrency: DEPLOY, status: 'queued' })
    expect(await membersOf('deploy')).toEqual([[1, 'in_progress']])
  })

  test('a completed holder passes the lease to the next run, which becomes queued', async () => {
    add(1, { concurrency: DEPLOY_ALL })
    add(2, { concurrency: DEPLOY_ALL, status: 'pending' })
    add(3, { concurrency: DEPLOY_ALL, status: 'pending' })
    complete(1)
    expect(await stateOf(2)).toEqual(['queued', null])
    expect(await stateOf(3)).toEqual(['pending', null])
    expect(await membersOf('deploy')).toEqual([
      [2, 'in_progress'],
      [3, 'pending'],
    ])
    github.updateRun(repository, 2, { status: 'in_progress' })
    complete(2)
    complete(3)
    expect(await membersOf('deploy')).toBe(404)
  })

  test('a waiting run that is completed leaves the queue', async () => {
    add(1, { concurrency: DEPLOY_ALL })
    add(2, { concurrency: DEPLOY_ALL, status: 'pending' })
    add(3, { concurrency: DEPLOY_ALL, status: 'pending' })
    github.updateRun(repository, 2, { status: 'completed', conclusion: 'cancelled' })
    expect(await membersOf('deploy')).toEqual([
      [1, 'in_progress'],
      [3, 'pending'],
    ])
  })

  test('another attempt of a completed run joins the queue at its end', async () => {
    add(1, { concurrency: DEPLOY_ALL })
    add(2, { concurrency: DEPLOY_ALL, status: 'pending' })
    complete(1)
    github.updateRun(repository, 1, { attempt: 2, status: 'pending' })
    expect(await membersOf('deploy')).toEqual([
      [2, 'in_progress'],
      [1, 'pending'],
    ])
  })

  test('without a queue setting, a newcomer cancels the run that waits', async () => {
    add(1, { concurrency: DEPLOY })
    add(2, { concurrency: DEPLOY, status: 'pending', jobs: [{ name: 'build', status: 'pending' }] })
    add(3, { concurrency: DEPLOY, status: 'pending' })
    expect(await stateOf(1)).toEqual(['in_progress', null])
    expect(await stateOf(2)).toEqual(['completed', 'cancelled'])
    expect(await jobsOf(2)).toEqual([['build', 'completed', 'cancelled']])
    expect(await membersOf('deploy')).toEqual([
      [1, 'in_progress'],
      [3, 'pending'],
    ])
  })

  test('with queue: max, 100 runs wait and the next newcomer is cancelled', async () => {
    add(1, { concurrency: DEPLOY_ALL })
    for (let id = 2; id <= 102; id++) add(id, { concurrency: DEPLOY_ALL, status: 'pending' })
    expect(await stateOf(101)).toEqual(['pending', null])
    expect(await stateOf(102)).toEqual(['completed', 'cancelled'])
    expect(await membersOf('deploy')).toHaveLength(101)
  })

  test('with cancel-in-progress, a newcomer replaces the waiting runs and waits until the holder ends', async () => {
    for (const id of [1, 2, 3]) add(id, { concurrency: DEPLOY_ALL, status: id === 1 ? 'in_progress' : 'pending' })
    add(4, { concurrency: { group: 'deploy', cancelInProgress: true }, status: 'pending' })
    expect(await stateOf(1)).toEqual(['in_progress', null])
    expect(await stateOf(2)).toEqual(['completed', 'cancelled'])
    expect(await stateOf(3)).toEqual(['completed', 'cancelled'])
    expect(await membersOf('deploy')).toEqual([
      [1, 'in_progress'],
      [4, 'pending'],
    ])
    complete(1)
    expect(await stateOf(1)).toEqual(['completed', 'cancelled'])
    expect(await stateOf(4)).toEqual(['queued', null])
    complete(4)
    expect(await stateOf(4)).toEqual(['completed', 'success'])
    github.updateRun(repository, 1, { attempt: 2, status: 'in_progress' })
    complete(1)
    expect(await stateOf(1)).toEqual(['completed', 'success'])
  })

  test('with cancel-in-progress, a newcomer holds the lease at once if the group is inactive', async () => {
    add(1, { concurrency: { group: 'deploy', cancelInProgress: true } })
    expect(await membersOf('deploy')).toEqual([[1, 'in_progress']])
  })

  test('names that differ only in case are one group, shown as first spelled', async () => {
    add(1, { concurrency: { group: 'Deploy' } })
    add(2, { concurrency: { group: 'DEPLOY' }, status: 'pending' })
    const { body } = await call('GET', `${groups}/deploy`)
    expect(body.group_name).toBe('Deploy')
    expect(body.group_url).toBe(`${github.url}${groups}/Deploy`)
    expect(body.group_members).toHaveLength(2)
  })

  test('two repositories have separate groups of the same name', async () => {
    github.addRepository('octo/other')
    add(1, { concurrency: DEPLOY })
    const createdAt = github.clock.date()
    github.addRun('octo/other', { id: 2, workflow, status: 'in_progress', createdAt, concurrency: DEPLOY })
    expect(await membersOf('deploy')).toEqual([[1, 'in_progress']])
  })
})

describe('jobs in a concurrency group', () => {
  test('two jobs of one run wait for each other, the earlier one first', async () => {
    const build = { name: 'build', status: 'in_progress', concurrency: DEPLOY }
    const publish = { name: 'publish', status: 'pending', concurrency: DEPLOY }
    add(1, { jobs: [build, publish] })
    expect(await membersOf('deploy')).toEqual([
      [1, 'build', 'in_progress'],
      [1, 'publish', 'pending'],
    ])
    github.updateRun(repository, 1, { jobs: [{ ...build, status: 'completed' }, publish] })
    expect(await jobsOf(1)).toEqual([
      ['build', 'completed', 'success'],
      ['publish', 'queued', null],
    ])
    expect(await membersOf('deploy')).toEqual([[1, 'publish', 'in_progress']])
  })

  test('a job that is set again keeps its place and its setting', async () => {
    const deploy = { name: 'deploy', concurrency: DEPLOY_ALL }
    add(1, { jobs: [{ ...deploy, status: 'in_progress' }] })
    add(2, { jobs: [{ ...deploy, status: 'pending' }] })
    add(3, { jobs: [{ ...deploy, status: 'pending' }] })
    github.updateRun(repository, 2, { jobs: [{ name: 'deploy', status: 'pending' }] })
    github.updateRun(repository, 1, { jobs: [{ name: 'deploy', status: 'in_progress', startedAt: new Date(0) }] })
    expect(await membersOf('deploy')).toEqual([
      [1, 'deploy', 'in_progress'],
      [2, 'deploy', 'pending'],
      [3, 'deploy', 'pending'],
    ])
  })

  test('a job that is replaced by one without the setting releases its lease', async () => {
    add(1, { jobs: [{ name: 'deploy', status: 'in_progress', concurrency: DEPLOY }] })
    add(2, { jobs: [{ name: 'deploy', status: 'pending', concurrency: DEPLOY }] })
    github.updateRun(repository, 1, { jobs: [{ name: 'test', status: 'in_progress' }] })
    expect(await membersOf('deploy')).toEqual([[2, 'deploy', 'in_progress']])
  })

  test('a completed run releases the leases of the run and of its jobs', async () => {
    const [building, publishing] = [{ group: 'build' }, { group: 'publish' }]
    const jobs = [
      { name: 'build', status: 'in_progress', concurrency: building },
      { name: 'again', status: 'pending', concurrency: building },
    ]
    add(1, { concurrency: DEPLOY, jobs: [...jobs, { name: 'publish', status: 'queued', concurrency: publishing }] })
    add(2, { concurrency: publishing, status: 'pending' })
    complete(1)
    expect(await membersOf('deploy')).toBe(404)
    expect(await membersOf('build')).toBe(404)
    expect(await membersOf('publish')).toEqual([[2, 'in_progress']])
    expect(await stateOf(2)).toEqual(['queued', null])
  })

  test('another attempt releases the leases of the earlier jobs', async () => {
    add(1, { jobs: [{ name: 'deploy', status: 'in_progress', concurrency: DEPLOY }] })
    add(2, { concurrency: DEPLOY, status: 'pending' })
    github.updateRun(repository, 1, { attempt: 2, status: 'in_progress' })
    expect(await membersOf('deploy')).toEqual([[2, 'in_progress']])
  })

  test('a newcomer cancels only the job that waits, not its run', async () => {
    const deploy = { name: 'deploy', concurrency: DEPLOY }
    add(1, { jobs: [{ ...deploy, status: 'in_progress' }] })
    add(2, {
      jobs: [
        { ...deploy, status: 'pending' },
        { name: 'test', status: 'in_progress' },
      ],
    })
    add(3, { jobs: [{ ...deploy, status: 'pending' }] })
    expect(await stateOf(2)).toEqual(['in_progress', null])
    expect(await jobsOf(2)).toEqual([
      ['deploy', 'completed', 'cancelled'],
      ['test', 'in_progress', null],
    ])
    expect(await membersOf('deploy')).toEqual([
      [1, 'deploy', 'in_progress'],
      [3, 'deploy', 'pending'],
    ])
  })

  test('a job that a newcomer asked to end is cancelled when it completes without a conclusion', async () => {
    add(1, { jobs: [{ name: 'deploy', status: 'in_progress', concurrency: DEPLOY }] })
    add(2, { concurrency: { group: 'deploy', cancelInProgress: true }, status: 'pending' })
    expect(await jobsOf(1)).toEqual([['deploy', 'in_progress', null]])
    github.updateRun(repository, 1, { jobs: [{ name: 'deploy', status: 'completed' }] })
    expect(await jobsOf(1)).toEqual([['deploy', 'completed', 'cancelled']])
    expect(await stateOf(2)).toEqual(['queued', null])
  })
})

describe('seeds that contradict the queue', () => {
  test.each(['in_progress', 'queued'] as const)('addRun refuses a run that has to wait but is %s', async (status) => {
    add(1, { concurrency: DEPLOY })
    const message = `The run 2 waits in the concurrency group "deploy", so it cannot be ${status}.`
    expect(() => add(2, { concurrency: DEPLOY, status })).toThrow(message)
    expect(await membersOf('deploy')).toEqual([[1, 'in_progress']])
  })

  test('addRun refuses a pending run that gets the lease', async () => {
    expect(() => add(1, { concurrency: DEPLOY, status: 'pending' })).toThrow(
      'The run 1 holds the lease of the concurrency group "deploy", so it cannot be pending.',
    )
    expect(await membersOf('deploy')).toBe(404)
  })

  test('addRun refuses a pending job that gets the lease, and an in-progress job that has to wait', async () => {
    const job = { name: 'build', concurrency: DEPLOY }
    expect(() => add(1, { jobs: [{ ...job, status: 'pending' }] })).toThrow('The job "build" of the run 1 holds')
    add(2, { concurrency: DEPLOY })
    expect(() => add(3, { jobs: [{ ...job, status: 'in_progress' }] })).toThrow('The job "build" of the run 3 waits')
    expect(await membersOf('deploy')).toEqual([[2, 'in_progress']])
  })

  test('updateRun refuses to start a waiting run or to make the holder pending', async () => {
    add(1, { concurrency: DEPLOY })
    add(2, { concurrency: DEPLOY, status: 'pending' })
    expect(() => github.updateRun(repository, 2, { status: 'queued' })).toThrow('The run 2 waits')
    expect(() => github.updateRun(repository, 1, { status: 'pending' })).toThrow('The run 1 holds')
    expect(await membersOf('deploy')).toHaveLength(2)
  })

  test('addRun refuses queue: max together with cancel-in-progress', async () => {
    const concurrency: ConcurrencySeed = { group: 'deploy', queue: 'max', cancelInProgress: true }
    expect(() => add(1, { concurrency })).toThrow('GitHub rejects such a workflow')
    expect(await membersOf('deploy')).toBe(404)
  })

  test('addRun refuses a job in the group of its own run', async () => {
    const jobs = [{ name: 'build', status: 'pending', concurrency: { group: 'DEPLOY' } }]
    expect(() => add(1, { concurrency: DEPLOY, jobs })).toThrow('GitHub cancels such a run')
    expect(await membersOf('deploy')).toBe(404)
  })

  test('addRun accepts pending runs and jobs without concurrency', async () => {
    add(1, { status: 'pending', jobs: [{ name: 'build', status: 'pending' }] })
    expect(await stateOf(1)).toEqual(['pending', null])
  })
})
