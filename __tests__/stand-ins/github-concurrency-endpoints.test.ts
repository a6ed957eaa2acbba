import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import type { TokenSeed } from '../../sandbox/github.ts'
import {
  add,
  as,
  brief,
  call,
  complete,
  DEPLOY,
  DEPLOY_ALL,
  github,
  groups,
  jobIdsOf,
  type Member,
  membersOf,
  minute,
  repositories,
  repository,
  runs,
  start,
  stop,
} from './concurrency.ts'

beforeEach(() => start())
afterEach(stop)

const seconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

describe('one concurrency group', () => {
  test('shows each run and job with its name and its addresses', async () => {
    add(1, { concurrency: DEPLOY, name: 'Deploy' })
    add(2, { name: 'Hotfix', jobs: [{ name: 'publish', status: 'pending', concurrency: DEPLOY }] })
    const [job] = await jobIdsOf(2)
    const page = 'https://github.com/octo/app/actions/runs'
    const hotfix = { run_id: 2, run_name: 'Hotfix', run_url: `${github.url}${runs}/2`, run_html_url: `${page}/2` }
    expect((await call('GET', `${groups}/deploy`)).body).toEqual({
      group_name: 'deploy',
      group_url: `${github.url}${groups}/deploy`,
      total_count: 2,
      group_members: [
        {
          run_id: 1,
          run_name: 'Deploy',
          run_url: `${github.url}${runs}/1`,
          run_html_url: `${page}/1`,
          status: 'in_progress',
        },
        {
          ...hotfix,
          job_id: job,
          job_name: 'publish',
          job_url: `${github.url}/repos/octo/app/actions/jobs/${job}`,
          job_html_url: `${page}/2/job/${job}`,
          status: 'pending',
        },
      ],
    })
  })

  test('ahead_of_run keeps the items ahead of a run and the run as the last one', async () => {
    for (const id of [1, 2, 3]) add(id, { concurrency: DEPLOY_ALL, status: id === 1 ? 'in_progress' : 'pending' })
    expect(await membersOf('deploy', '?ahead_of_run=2')).toEqual([
      [1, 'in_progress'],
      [2, 'pending'],
    ])
    expect(await membersOf('deploy', '?ahead_of_run=1')).toEqual([[1, 'in_progress']])
  })

  test('ahead_of_job finds the leases of jobs and called workflows, ahead_of_run only the latter', async () => {
    const waiting = { name: 'build', status: 'pending' }
    add(1, { concurrency: DEPLOY_ALL })
    add(2, { jobs: [{ ...waiting, concurrency: { ...DEPLOY_ALL, level: 'job' } }] })
    add(3, { jobs: [{ ...waiting, concurrency: { ...DEPLOY_ALL, level: 'called workflow' } }] })
    add(4, { jobs: [{ ...waiting, concurrency: DEPLOY_ALL }] })
    const [ofJob] = await jobIdsOf(2)
    const [ofCall] = await jobIdsOf(3)
    const upToCall = [
      [1, 'in_progress'],
      [2, 'build', 'pending'],
      [3, 'build', 'pending'],
    ]
    expect(await membersOf('deploy', `?ahead_of_job=${ofJob}`)).toEqual(upToCall.slice(0, 2))
    expect(await membersOf('deploy', `?ahead_of_job=${ofCall}`)).toEqual(upToCall)
    expect(await membersOf('deploy', '?ahead_of_run=3')).toEqual(upToCall)
    expect(await membersOf('deploy', '?ahead_of_run=2')).toBe(422)
    expect(await membersOf('deploy', '?ahead_of_run=4')).toBe(422)
  })

  test('a filter for an item outside the group, and both filters at once, are invalid', async () => {
    add(1, { concurrency: DEPLOY })
    add(2, { concurrency: { group: 'other' }, jobs: [{ name: 'build', status: 'queued' }] })
    const [job] = await jobIdsOf(2)
    for (const query of ['ahead_of_run=2', `ahead_of_job=${job}`, `ahead_of_run=1&ahead_of_job=${job}`]) {
      const { status, body } = await call('GET', `${groups}/deploy?${query}`)
      expect([query, status, body.message]).toEqual([query, 422, 'Validation Failed'])
    }
  })

  test('an inactive or unknown group is not found, with or without a filter', async () => {
    add(1, { concurrency: DEPLOY })
    complete(1)
    for (const path of ['deploy', 'none', 'deploy?ahead_of_run=1']) {
      const { status, body } = await call('GET', `${groups}/${path}`)
      expect([path, status, body.message]).toEqual([path, 404, 'Not Found'])
    }
  })

  test('a name with slashes, spaces and signs is found under its encoded form', async () => {
    const name = 'ci/refs/heads/a b?&#%2F é'
    add(1, { concurrency: { group: name } })
    const { body } = await call('GET', `${groups}/${encodeURIComponent(name)}`)
    expect(body.group_name).toBe(name)
    expect((await call('GET', body.group_url.slice(github.url.length))).body).toEqual(body)
    expect((await call('GET', `${groups}/ci%2Frefs`)).status).toBe(404)
  })
})

test('a group name with a plain slash in the path is not found', async () => {
  add(1, { concurrency: { group: 'ci/main' } })
  const [path, journal] = [`${groups}/ci/main`, github.journal.length]
  expect((await call('GET', path)).status).toBe(404)
  const wrong = github.journal.splice(journal)
  expect(await violations(wrong)).toEqual([`GitHub GET ${path}: request: unknown endpoint`])
  expect(await membersOf('ci/main')).toEqual([[1, 'in_progress']])
})

/** Returns the path that a `Link` header gives for a relation. */
function linkIn(headers: Headers, rel: string): string | undefined {
  const [, url] = new RegExp(`<([^>]+)>; rel="${rel}"`).exec(headers.get('link') ?? '') ?? []
  return url?.slice(github.url.length)
}

interface NamedGroup {
  group_name: string
}
const namesIn = (body: { concurrency_groups: NamedGroup[] }) => body.concurrency_groups.map((group) => group.group_name)

describe('the list of active concurrency groups', () => {
  test('lists the active groups by name, with the time their lease was last acquired', async () => {
    const startedAt = new Date(github.clock.now() - 10 * minute)
    add(1, { concurrency: { group: 'deploy' }, startedAt })
    add(2, { concurrency: { group: 'Build' }, startedAt })
    add(3, { concurrency: { group: 'Build' }, status: 'pending' })
    add(4, { concurrency: { group: 'idle' } })
    complete(4)
    github.clock.advance(minute)
    const before = github.clock.now()
    complete(2)
    const { body } = await call('GET', groups)
    expect(body).toEqual({
      total_count: 2,
      concurrency_groups: [
        { group_name: 'Build', group_url: `${github.url}${groups}/Build`, last_acquired_at: expect.any(String) },
        {
          group_name: 'deploy',
          group_url: `${github.url}${groups}/deploy`,
          last_acquired_at: seconds(startedAt.getTime()),
        },
      ],
    })
    const acquiredAt = Date.parse(body.concurrency_groups[0].last_acquired_at)
    expect(acquiredAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000)
  })

  test('a repository without active groups has an empty list', async () => {
    add(1)
    expect((await call('GET', groups)).body).toEqual({ total_count: 0, concurrency_groups: [] })
  })

  test('leads from page to page by cursor, also when a group ends in between', async () => {
    for (const [i, group] of ['c', 'a', 'e', 'b', 'd'].entries()) add(i + 1, { concurrency: { group } })
    const first = await call('GET', `${groups}?per_page=2`)
    expect(namesIn(first.body)).toEqual(['a', 'b'])
    expect(first.body.total_count).toBe(5)
    complete(4)
    const second = await call('GET', linkIn(first.headers, 'next') ?? '')
    expect(namesIn(second.body)).toEqual(['c', 'd'])
    const third = await call('GET', linkIn(second.headers, 'next') ?? '')
    expect(namesIn(third.body)).toEqual(['e'])
    expect(third.headers.get('link')).toBeNull()
  })

  test('has 30 groups on a page by default and 100 at most', async () => {
    for (let id = 1; id <= 101; id++) add(id, { concurrency: { group: `group-${id}` } })
    expect((await call('GET', groups)).body.concurrency_groups).toHaveLength(30)
    expect((await call('GET', `${groups}?per_page=200`)).body.concurrency_groups).toHaveLength(100)
  })

  test('an unknown cursor is invalid', async () => {
    expect((await call('GET', `${groups}?after=abc`)).status).toBe(422)
  })
})

describe('the concurrency groups of a run', () => {
  test('lists the groups of the run and its jobs by name, each with only the items of this run', async () => {
    add(1, { concurrency: { group: 'build', queue: 'max' } })
    add(2, { concurrency: { group: 'build', queue: 'max' }, status: 'pending' })
    const jobs = [
      { name: 'image', status: 'pending', concurrency: { group: 'Build', queue: 'max' as const } },
      { name: 'done', status: 'completed', concurrency: { group: 'archive' } },
      { name: 'plain', status: 'in_progress' },
    ]
    add(3, { concurrency: DEPLOY, name: 'Deploy', jobs })
    const [image] = await jobIdsOf(3)
    const { body } = await call('GET', `${runs}/3/concurrency_groups`)
    const urlOf = (name: string) => `${github.url}${groups}/${name}`
    const run = {
      run_id: 3,
      run_name: 'Deploy',
      run_url: `${github.url}${runs}/3`,
      run_html_url: 'https://github.com/octo/app/actions/runs/3',
    }
    const job = {
      job_id: image,
      job_name: 'image',
      job_url: `${github.url}/repos/octo/app/actions/jobs/${image}`,
      job_html_url: `https://github.com/octo/app/actions/runs/3/job/${image}`,
    }
    const waiting = { status: 'pending', position: 2, position_url: `${urlOf('build')}?ahead_of_job=${image}` }
    const holding = { status: 'in_progress', position: 0, position_url: `${urlOf('deploy')}?ahead_of_run=3` }
    expect(body).toEqual({
      total_count: 3,
      concurrency_groups: [
        { group_name: 'archive', group_url: urlOf('archive'), group_members: [] },
        { group_name: 'build', group_url: urlOf('build'), group_members: [{ ...run, ...job, ...waiting }] },
        { group_name: 'deploy', group_url: urlOf('deploy'), group_members: [{ ...run, ...holding }] },
      ],
    })
    const ahead = await call('GET', waiting.position_url.slice(github.url.length))
    expect(ahead.body.group_members.map(brief)).toEqual([
      [1, 'in_progress'],
      [2, 'pending'],
      [3, 'image', 'pending'],
    ])
  })

  test('a group stays listed without members after the run released its lease', async () => {
    add(1, { concurrency: DEPLOY, jobs: [{ name: 'build', status: 'in_progress', concurrency: { group: 'build' } }] })
    const membersByGroup = async () => {
      const { body } = await call('GET', `${runs}/1/concurrency_groups`)
      return body.concurrency_groups.map((group: { group_members: Member[] }) => group.group_members.map(brief))
    }
    expect(await membersByGroup()).toEqual([[[1, 'build', 'in_progress']], [[1, 'in_progress']]])
    github.updateRun(repository, 1, { jobs: [{ name: 'build', status: 'completed' }] })
    expect(await membersByGroup()).toEqual([[], [[1, 'in_progress']]])
    complete(1)
    expect(await membersByGroup()).toEqual([[], []])
    github.updateRun(repository, 1, { attempt: 2, status: 'queued' })
    expect(await membersByGroup()).toEqual([[[1, 'in_progress']]])
  })

  test('leads forward and backward by cursor', async () => {
    const jobs = ['b', 'e', 'a', 'd', 'c'].map((group) => ({ name: group, status: 'queued', concurrency: { group } }))
    add(1, { jobs })
    const path = `${runs}/1/concurrency_groups?per_page=2`
    const first = await call('GET', path)
    expect([namesIn(first.body), first.body.total_count]).toEqual([['a', 'b'], 5])
    expect(linkIn(first.headers, 'prev')).toBeUndefined()
    const second = await call('GET', linkIn(first.headers, 'next') ?? '')
    expect(namesIn(second.body)).toEqual(['c', 'd'])
    expect(linkIn(second.headers, 'prev')).toBeUndefined()

    const cursor = new URLSearchParams(linkIn(second.headers, 'next')?.split('?')[1]).get('after') ?? ''
    const back = await call('GET', `${path}&before=${cursor}`)
    expect(namesIn(back.body)).toEqual(['b', 'c'])
    expect(namesIn((await call('GET', linkIn(back.headers, 'next') ?? '')).body)).toEqual(['d', 'e'])
    const start = await call('GET', linkIn(back.headers, 'prev') ?? '')
    expect(namesIn(start.body)).toEqual(['a'])
    expect(linkIn(start.headers, 'prev')).toBeUndefined()
  })

  test('a run without concurrency has no groups, and an unknown run is not found', async () => {
    add(1, { jobs: [{ name: 'build', status: 'queued' }] })
    const { body } = await call('GET', `${runs}/1/concurrency_groups`)
    expect(body).toEqual({ total_count: 0, concurrency_groups: [] })
    const unknown = await call('GET', `${runs}/2/concurrency_groups`)
    expect([unknown.status, unknown.body.message]).toEqual([404, 'Not Found'])
  })
})

describe('access to concurrency groups', () => {
  const paths = [groups, `${groups}/deploy`, `${runs}/1/concurrency_groups`]

  test.each<[TokenSeed, number]>([
    [{ kind: 'fine-grained', repositories, permissions: { actions: 'read' } }, 200],
    [{ kind: 'fine-grained', repositories, permissions: { contents: 'read' } }, 403],
    [{ kind: 'installation', repositories, permissions: { actions: 'read' } }, 200],
    [{ kind: 'installation', repositories, permissions: { secrets: 'write' } }, 403],
    [{ kind: 'classic', repositories, scopes: ['repo'] }, 200],
    [{ kind: 'workflow', repositories: ['octo/other'] }, 404],
  ])('the token %j gets %i from each endpoint', async (seed, expected) => {
    add(1, { concurrency: DEPLOY })
    const api = as(seed)
    for (const path of paths) expect([path, (await api('GET', path)).status]).toEqual([path, expected])
  })

  test('a stand-in with a base path, like GitHub Enterprise Server, has none of the endpoints', async () => {
    await github.close()
    await start({ basePath: '/api/v3' })
    add(1, { concurrency: DEPLOY })
    add(2, { concurrency: DEPLOY, status: 'pending' })
    for (const path of paths) {
      const { status, body } = await call('GET', path)
      expect([path, status, body.message]).toEqual([path, 404, 'Not Found'])
    }
    expect((await call('GET', `${runs}/1`)).status).toBe(200)
    complete(1)
    expect((await call('GET', `${runs}/2`)).body.status).toBe('queued')
  })
})

test('a response that lacks a promised property is a violation', async () => {
  add(1, { concurrency: DEPLOY })
  const paths = [groups, `${groups}/deploy`, `${runs}/1/concurrency_groups`]
  for (const path of paths) await call('GET', path)
  const copies = structuredClone(github.journal)
  for (const [i, property] of ['last_acquired_at', 'group_members', 'group_url'].entries()) {
    const body = copies[i]?.responseBody as Record<string, unknown>
    for (const object of [body, ...((body.concurrency_groups as object[]) ?? [])]) {
      delete (object as Record<string, unknown>)[property]
    }
  }
  expect(await violations(copies)).toEqual([
    expect.stringContaining("must have required property 'last_acquired_at'"),
    expect.stringContaining("must have required property 'group_members'"),
    expect.stringContaining("must have required property 'group_url'"),
  ])
})
