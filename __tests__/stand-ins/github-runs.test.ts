import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { violations } from '../../sandbox/conformance.ts'
import { type GitHub, type RunSeed, startGitHub, type TokenSeed } from '../../sandbox/github.ts'
import { client } from './client.ts'

const repository = 'octo/app'
const repositories = [repository]
const runs = `/repos/${repository}/actions/runs`
const workflow = '.github/workflows/ci.yml'
const minute = 60_000

let github: GitHub
let call: ReturnType<typeof client>
/** When the test began: a second may pass between a request and its check. */
let start: number

beforeEach(async () => {
  github = await startGitHub()
  start = thisSecond()
  github.addRepository(repository)
  call = as({ kind: 'workflow', repositories })
})

/** Every test's requests and answers, the refusals too, are as GitHub describes them. */
afterEach(async () => {
  await github.close()
  expect(github.journal).not.toEqual([])
  expect(await violations(github.journal)).toEqual([])
})

const as = (seed: TokenSeed) => client(github.url, github.addToken(seed))
const thisSecond = (): number => Math.floor(github.clock.now() / 1000) * 1000
const ago = (minutes: number): Date => new Date(start - minutes * minute)
const seconds = (date: Date): string => date.toISOString().replace('.000Z', 'Z')
const add = (minutes: number, seed: Partial<RunSeed> = {}): number =>
  github.addRun(repository, { workflow, status: 'completed', createdAt: ago(minutes), ...seed })
const idsOf = (body: { workflow_runs: Array<{ id: number }> }): number[] => body.workflow_runs.map(({ id }) => id)

describe('runs', () => {
  test('a run tells what it was added with, and what it was not is filled in', async () => {
    const id = add(30, {
      workflow: `${workflow}@refs/heads/main`,
      name: 'CI',
      status: 'in_progress',
      event: 'pull_request',
      startedAt: ago(10),
      updatedAt: ago(5),
      attempt: 2,
      headSha: 'a'.repeat(40),
      headRepository: 'mona/fork',
      referencedWorkflows: [{ path: 'octo/shared/.github/workflows/build.yml@v1', sha: 'b'.repeat(40), ref: 'v1' }],
    })
    const { status, body } = await call('GET', `${runs}/${id}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      name: 'CI',
      path: `${workflow}@refs/heads/main`,
      status: 'in_progress',
      conclusion: null,
      event: 'pull_request',
      created_at: seconds(ago(30)),
      run_started_at: seconds(ago(10)),
      updated_at: seconds(ago(5)),
      run_attempt: 2,
      head_sha: 'a'.repeat(40),
      html_url: `https://github.com/octo/app/actions/runs/${id}`,
      repository: { full_name: repository, fork: false },
      head_repository: { full_name: 'mona/fork', fork: true },
      referenced_workflows: [{ path: 'octo/shared/.github/workflows/build.yml@v1', sha: 'b'.repeat(40), ref: 'v1' }],
    })

    const plain = (await call('GET', `${runs}/${add(20)}`)).body
    const started = seconds(ago(20))
    expect(plain).toMatchObject({ name: 'ci.yml', conclusion: 'success', event: 'push', run_attempt: 1 })
    expect(plain).toMatchObject({ created_at: started, run_started_at: started, updated_at: started })
    expect(plain).toMatchObject({ head_sha: github.headSha(repository), head_repository: { full_name: repository } })
    expect(plain.workflow_id).toBe(body.workflow_id)
    expect(plain.id).toBeGreaterThan(id)
    expect((await call('GET', `${runs}/1`)).status).toBe(404)
  })

  test('a run tells who made it and who started its latest attempt', async () => {
    const actors = async (id: number) => {
      const { actor, triggering_actor: triggering } = (await call('GET', `${runs}/${id}`)).body
      return [actor.login, actor.type, triggering.login, triggering.type]
    }
    expect(await actors(add(3))).toEqual(['octocat', 'User', 'octocat', 'User'])
    const id = add(2, { actor: 'dependabot[bot]' })
    expect(await actors(id)).toEqual(['dependabot[bot]', 'Bot', 'dependabot[bot]', 'Bot'])
    github.updateRun(repository, id, { attempt: 2, status: 'queued', triggeringActor: 'mona' })
    expect(await actors(id)).toEqual(['dependabot[bot]', 'Bot', 'mona', 'User'])
    expect(await actors(add(1, { actor: 'mona', triggeringActor: 'hubot' }))).toEqual(['mona', 'User', 'hubot', 'User'])
  })

  test('the newest come first, page by page, whatever order they were added in', async () => {
    const [old, newest, middle] = [add(50), add(1), add(20)]
    const first = await call('GET', `${runs}?per_page=2`)
    expect(first.body.total_count).toBe(3)
    expect(idsOf(first.body)).toEqual([newest, middle])
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const second = await call('GET', next.slice(github.url.length))
    expect(idsOf(second.body)).toEqual([old])
    expect(second.headers.get('link')).toBeNull()
  })

  test.each<[string, number[]]>([
    ['status=completed', [1, 2]],
    ['status=in_progress', [3, 4]],
    ['status=success', [2, 4]],
    ['status=failure', [1]],
    ['status=waiting', []],
    ['event=schedule', [2]],
    ['event=schedule&status=failure', []],
    ['branch=main', [1, 2, 3, 4]],
  ])('%s finds by status, conclusion and event', async (query, expected) => {
    const seeds: Array<Partial<RunSeed>> = [
      { conclusion: 'failure' },
      { event: 'schedule' },
      { status: 'in_progress' },
      { status: 'in_progress', conclusion: 'success' },
    ]
    for (const [i, seed] of seeds.entries()) add(i, { id: i + 1, ...seed })
    const { body } = await call('GET', `${runs}?${query}`)
    expect(idsOf(body)).toEqual(expected)
    expect(body.total_count).toBe(expected.length)
  })

  test.each<[string, number[]]>([
    ['>=2026-03-02', [2, 3]],
    ['>2026-03-02', [3]],
    ['<=2026-03-02', [1, 2]],
    ['<2026-03-02T12:00:00Z', [1]],
    ['2026-03-02', [2]],
    ['2026-03-01..2026-03-02T12:00:00Z', [1, 2]],
    ['*..2026-03-01', [1]],
  ])('created %s', async (created, expected) => {
    for (const id of [1, 2, 3]) add(0, { id, createdAt: new Date(`2026-03-0${id}T12:00:00Z`) })
    const { body } = await call('GET', `${runs}?created=${encodeURIComponent(created)}`)
    expect(idsOf(body).sort()).toEqual(expected)
  })

  test('with a filter only the first 1,000 are given, though all are counted; without one, all', async () => {
    for (let i = 0; i < 1050; i++) add(i, { status: 'queued' })
    const page = async (query: string) => {
      const { body, headers } = await call('GET', `${runs}?${query}`)
      return [body.workflow_runs.length, body.total_count, headers.get('link')?.includes('rel="next"') ?? false]
    }
    expect(await page('status=queued&per_page=100&page=9')).toEqual([100, 1050, true])
    expect(await page('status=queued&per_page=100&page=10')).toEqual([100, 1050, false])
    expect(await page('status=queued&per_page=100&page=11')).toEqual([0, 1050, false])
    expect(await page('per_page=100&page=11')).toEqual([50, 1050, false])
  })

  test('those of a workflow, by its id, which stays, and by its file', async () => {
    const build = add(3)
    add(2, { workflow: '.github/workflows/other.yml' })
    const pages = add(1, { workflow: 'dynamic/pages/pages-build-deployment', event: 'dynamic' })
    const again = add(0, { status: 'in_progress', workflow: `${workflow}@main` })
    const { body } = await call('GET', `/repos/${repository}/actions/workflows/ci.yml/runs?per_page=100`)
    expect(idsOf(body)).toEqual([again, build])
    const byId = `/repos/${repository}/actions/workflows/${body.workflow_runs[0].workflow_id}/runs`
    expect(idsOf((await call('GET', `${byId}?status=completed`)).body)).toEqual([build])
    const dynamic = (await call('GET', `${runs}/${pages}`)).body
    const { body: found } = await call('GET', `/repos/${repository}/actions/workflows/${dynamic.workflow_id}/runs`)
    expect(idsOf(found)).toEqual([pages])

    expect((await call('GET', `/repos/${repository}/actions/workflows/none.yml/runs`)).status).toBe(404)
    github.addFile(repository, '.github/workflows/none.yml', 'on: push')
    const { body: none } = await call('GET', `/repos/${repository}/actions/workflows/none.yml/runs`)
    expect(none).toEqual({ total_count: 0, workflow_runs: [] })
  })

  test('a run goes on, ends and is run again', async () => {
    const id = add(30, { status: 'queued' })
    const show = async () => {
      const { status, conclusion, run_attempt, run_started_at, updated_at } = (await call('GET', `${runs}/${id}`)).body
      return { status, conclusion, run_attempt, started: Date.parse(run_started_at), updated: Date.parse(updated_at) }
    }
    github.updateRun(repository, id, { status: 'completed', conclusion: 'failure', updatedAt: ago(5) })
    const ended = { started: ago(30).getTime(), updated: ago(5).getTime() }
    expect(await show()).toEqual({ status: 'completed', conclusion: 'failure', run_attempt: 1, ...ended })

    github.clock.advance(10 * minute)
    const now = thisSecond()
    github.updateRun(repository, id, { status: 'in_progress', attempt: 2 })
    const { started, updated, ...again } = await show()
    expect(again).toEqual({ status: 'in_progress', conclusion: null, run_attempt: 2 })
    expect(Math.min(started, updated)).toBeGreaterThanOrEqual(now)
    expect(() => github.updateRun(repository, 1, {})).toThrow('There is no run 1')
  })
})

describe('jobs', () => {
  test('each tells its times, and one that waits has a start but no end', async () => {
    const id = add(30, {
      status: 'in_progress',
      updatedAt: ago(3),
      jobs: [
        { name: 'build', status: 'completed', startedAt: ago(29), completedAt: ago(20) },
        { name: 'lint', status: 'completed', conclusion: 'failure' },
        { name: 'test', status: 'in_progress', startedAt: ago(19) },
        { name: 'deploy', status: 'queued' },
      ],
    })
    const { body } = await call('GET', `${runs}/${id}/jobs`)
    expect(body.total_count).toBe(4)
    const created = seconds(ago(30))
    const job = { run_id: id, run_attempt: 1, created_at: created, workflow_name: 'ci.yml' }
    expect(body.jobs).toMatchObject([
      { ...job, name: 'build', conclusion: 'success', started_at: seconds(ago(29)), completed_at: seconds(ago(20)) },
      { ...job, name: 'lint', conclusion: 'failure', started_at: created, completed_at: seconds(ago(3)) },
      { ...job, name: 'test', conclusion: null, started_at: seconds(ago(19)), completed_at: null },
      { ...job, name: 'deploy', conclusion: null, started_at: created, completed_at: null },
    ])
    const { body: second } = await call('GET', `${runs}/${id}/jobs?per_page=3&page=2`)
    expect(second.jobs.map(({ name }: { name: string }) => name)).toEqual(['deploy'])
    expect((await call('GET', `${runs}/1/jobs`)).status).toBe(404)
  })

  test('the latest attempt has jobs of its own, which keep their ids; filter=all has every one', async () => {
    const id = add(30, { jobs: [{ name: 'test', status: 'completed', conclusion: 'failure' }] })
    github.updateRun(repository, id, { status: 'in_progress', attempt: 2, jobs: [{ name: 'test', status: 'queued' }] })
    const jobs = async (query: string) => (await call('GET', `${runs}/${id}/jobs?filter=${query}`)).body.jobs
    const [queued] = await jobs('latest')
    github.updateRun(repository, id, { jobs: [{ name: 'test', status: 'in_progress', startedAt: ago(0) }] })
    expect(await jobs('latest')).toMatchObject([{ id: queued.id, status: 'in_progress', run_attempt: 2 }])
    expect(await jobs('all')).toMatchObject([{ run_attempt: 1, conclusion: 'failure' }, { id: queued.id }])
  })
})

describe('files', () => {
  const contents = `/repos/${repository}/contents`
  const text = `name: ✓\n${'# a long line that base64 has to break '.repeat(4)}\n`
  const decode = (content: string): string => Buffer.from(content, 'base64').toString()

  test('a file at the head, by no ref, the branch and the commit; its slashes encoded or not', async () => {
    github.addFile(repository, workflow, text)
    const sha = github.headSha(repository)
    expect(sha).toMatch(/^[0-9a-f]{40}$/)
    const encoded = encodeURIComponent(workflow)
    for (const path of [workflow, encoded, `${workflow}?ref=main`, `${encoded}?ref=${sha}`]) {
      const { status, body } = await call('GET', `${contents}/${path}`)
      expect(status).toBe(200)
      expect(body).toMatchObject({ type: 'file', encoding: 'base64', name: 'ci.yml', path: workflow })
      expect(body.content).toMatch(/^(.{60}\n)+.{1,60}\n$/)
      expect(decode(body.content)).toBe(text)
      expect(body.size).toBe(Buffer.byteLength(text))
    }
  })

  test('another commit has its own version and nothing of the head', async () => {
    const other = 'c'.repeat(40)
    github.addFile(repository, workflow, 'on: push')
    github.addFile(repository, 'README.md', '')
    github.addFile(repository, workflow, 'on: pull_request', other)
    const read = async (path: string) => (await call('GET', `${contents}/${path}`)).body
    expect(decode((await read(`${workflow}?ref=${other}`)).content)).toBe('on: pull_request')
    expect(decode((await read(`${workflow}?ref=main`)).content)).toBe('on: push')
    expect(await read('README.md')).toMatchObject({ size: 0, content: '' })
    expect(await read(`README.md?ref=${other}`)).toMatchObject({ status: '404', message: 'Not Found' })
    expect(await read(`README.md?ref=none`)).toMatchObject({ message: 'No commit found for the ref none' })
  })

  test('raw text for who accepts that', async () => {
    github.addFile(repository, 'docs/a b.md', text)
    const token = github.addToken({ kind: 'workflow', repositories })
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.github.raw+json' }
    const response = await fetch(`${github.url}${contents}/docs/a%20b.md`, { headers })
    expect(response.headers.get('content-type')).toMatch(/^application\/vnd\.github\.raw/)
    expect(await response.text()).toBe(text)
  })
})

describe('what each kind of token may', () => {
  const personal = 'Resource not accessible by personal access token'
  const integration = 'Resource not accessible by integration'
  const paths = { actions: [runs, `${runs}/1`, `${runs}/1/jobs`], contents: [`/repos/${repository}/contents/a.txt`] }

  test.each<[TokenSeed, Array<keyof typeof paths>, string]>([
    [{ kind: 'fine-grained', repositories, permissions: { actions: 'read' } }, ['actions'], personal],
    [
      { kind: 'fine-grained', repositories, permissions: { contents: 'read', secrets: 'write' } },
      ['contents'],
      personal,
    ],
    [{ kind: 'installation', repositories, permissions: { actions: 'write' } }, ['actions'], integration],
    [{ kind: 'installation', repositories, permissions: { secrets: 'write' } }, [], integration],
    [{ kind: 'workflow', repositories }, ['actions', 'contents'], ''],
    [{ kind: 'classic', repositories, scopes: ['repo'] }, ['actions', 'contents'], ''],
  ])('%j reads %j', async (seed, may, message) => {
    add(0, { id: 1 })
    github.addFile(repository, 'a.txt', 'a')
    const api = as(seed)
    for (const permission of ['actions', 'contents'] as const) {
      for (const path of paths[permission]) {
        const { status, body, headers } = await api('GET', path)
        expect(status).toBe(may.includes(permission) ? 200 : 403)
        if (status === 403) expect(body.message).toBe(message)
        const accepted = seed.kind === 'classic' ? null : `${permission}=read`
        expect(headers.get('x-accepted-github-permissions')).toBe(accepted)
      }
    }
  })

  test('a private repository is not there for who may not see it; a public one is open to everyone', async () => {
    github.addRepository('octo/other')
    github.addRepository('octo/open', { private: false })
    github.addFile('octo/open', workflow, 'on: workflow_call')
    const api = as({ kind: 'fine-grained', repositories, permissions: {} })
    expect((await api('GET', '/repos/octo/other/actions/runs')).status).toBe(404)
    expect((await api('GET', '/repos/octo/open/actions/runs')).body.total_count).toBe(0)
    expect((await api('GET', `/repos/octo/open/contents/${workflow}`)).status).toBe(200)
    const { body } = await api('GET', '/repos/octo/open')
    expect(body).toMatchObject({ default_branch: 'main', private: false, archived: false })
  })

  test('a renamed repository keeps its runs and files, and redirects to them', async () => {
    const id = add(0)
    github.addFile(repository, workflow, 'on: push')
    github.renameRepository(repository, 'octo/renamed')
    const follow = async (path: string) => {
      const { status, headers } = await call('GET', path)
      expect(status).toBe(301)
      return (await call('GET', (headers.get('location') ?? '').slice(github.url.length))).body
    }
    const run = await follow(`${runs}/${id}`)
    expect(run.html_url).toBe(`https://github.com/octo/renamed/actions/runs/${id}`)
    expect(await follow(`/repos/${repository}/contents/${workflow}?ref=main`)).toMatchObject({ path: workflow })
  })
})

test('an answer that lacks what GitHub promises, or a query that it does not know, is a violation', async () => {
  const id = add(0, { jobs: [{ name: 'test', status: 'queued' }] })
  github.addFile(repository, workflow, 'on: push')
  const paths = [`${runs}/${id}`, `${runs}/${id}/jobs`, `/repos/${repository}/contents/${workflow}`]
  const journal = github.journal.length
  for (const path of paths) await call('GET', path)
  const [run, jobs, file] = structuredClone(github.journal.slice(journal))
  if (!run || !jobs || !file) throw new Error('The journal lacks a request')
  Object.assign(run.responseBody as object, { workflow_id: 'ci.yml' })
  Object.assign(jobs, { query: 'filter=newest' })
  Object.assign(file.responseBody as object, { encoding: undefined, size: '8' })
  const lines = await violations([run, jobs, file])
  expect(lines).toEqual(
    expect.arrayContaining([
      `GitHub GET ${paths[0]}: response 200: /workflow_id must be integer`,
      expect.stringMatching(/jobs: request: .*must be equal to one of the allowed values/),
      `GitHub GET ${paths[2]}: response 200: /size must be integer`,
    ]),
  )
})
