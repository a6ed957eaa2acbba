import { describe, expect, test } from '@jest/globals'
import type { Answer } from '../../sandbox/faults.ts'
import type { StepResult } from '../../sandbox/runner.ts'
import type { Scene } from '../../sandbox/scene.ts'
import { onlyError, play, refusal } from './helpers.ts'
import { addHistory, addRun, atRisk } from './runs.ts'

/** A pattern for control characters, which Biome wants written down nowhere. */
const CONTROLS = new RegExp(`[${String.fromCharCode(0)}-${String.fromCharCode(8, 11)}-${String.fromCharCode(31, 127)}]`)

const NASTY = {
  'carriage returns alone': 'a\r::stop-commands::t\r::set-output name=status::pwned\r##[add-mask]octo',
  'encoded line breaks': '%0A::add-mask::octo%0D%0A::error::pwned%25',
  'the end of an output': 'a\nEOF\nghadelimiter_0\nstatus=pwned\nrotated<<EOF\npwned',
  'ANSI escapes': '\u001b[2J\u001b]8;;https://evil.example\u0007a\u001b]8;;\u0007\u009b1A',
  'a chart of its own': 'a\n```\n```mermaid\ngraph TD\nclick a href "https://evil.example"\n```',
  'HTML and a comment': '</summary></details><a href="https://evil.example">a</a><!-- <img src=x>',
  'links of every kind': '![a](https://evil.example) [b][c] <https://evil.example> www.evil.example a@evil.example',
  'links behind an underscore': '_www.evil.example a_www.evil.example',
  'marks that nobody sees': '::\u200berror::a\u00ad\ufeff\u2066\u202e',
}

/** Marks that turn the direction of the text behind them. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/** How the log is grouped; what is from outside is no part of it. */
const GROUPS = ['::group::Look', '::group::Decide', '::group::Rotate and write', '::endgroup::']

/** Nothing of a text from outside was taken for a command, for HTML, for a link or for a chart. */
function expectText({ raw, summary, annotations, masks, outputs }: StepResult, { github, repository }: Scene): void {
  const commands = raw.split(/\r\n|\r|\n/).filter((line) => /^\s*::|##\[/.test(line))
  const others = commands.filter((line) => !/^::(add-mask|error|warning)::/.test(line))
  expect(others.filter((line) => !GROUPS.includes(line))).toEqual([])
  expect(others.every((line, index) => (line === '::endgroup::') === (index % 2 === 1))).toBe(true)
  expect(masks).not.toContain('octo')
  expect(annotations.filter(({ message }) => message.startsWith('pwned'))).toEqual([])
  expect(Object.values(outputs)).not.toContain('pwned')
  expect(raw).not.toMatch(CONTROLS)
  expect(summary).not.toMatch(CONTROLS)
  // What is left when Markdown has taken the escapes, the chart and the links to runs away.
  const run = new RegExp(`\\]\\(https://github\\.com/${repository}/actions/runs/\\d+\\)`, 'g')
  const rendered = summary
    .replace(/```mermaid\ngantt[^`]*```/, '')
    .replace(/\\./g, '')
    .replace(run, ']')
  expect(rendered).not.toMatch(/<|```|:\/\/|www\.(?!\u200b)|@[a-z]|\]\(/)
  expect(github.journal.every(({ path }) => path.startsWith('/repos/'))).toBe(true)
}

describe.each(Object.entries(NASTY))('%s', (_, nasty) => {
  test('in the name of a key', () =>
    play(async (scene) => {
      const { id } = scene.incident.addKey({ name: nasty, roles: ['viewer'], issuedAt: new Date(0) })
      const result = await scene.rotate({ with: { 'key-name': '', 'key-id': id, 'secret-name': 'NASTY' } })
      expect([result.exitCode, result.outputs.status, result.outputs['key-name']]).toEqual([0, 'rotated', nasty])
      expectText(result, scene)
    }))

  test('in the name of a workflow', () =>
    play(async (scene) => {
      addHistory(scene, 40)
      addRun(scene, 5, { name: nasty })
      const result = await scene.rotate({ with: { 'grace-period-minutes': '0' } })
      expect([result.exitCode, atRisk(result.outputs)[0]?.workflow]).toEqual([0, nasty])
      expectText(result, scene)
    }))

  test('in the messages and headers of both services', () =>
    play(async (scene) => {
      const errors = [{ code: nasty, message: nasty }]
      const status = { kind: 'status', status: 422 } as const
      const headers = { 'x-github-request-id': '##[add-mask]octo', 'x-oauth-scopes': '##[add-mask]octo' }
      const body = { message: nasty, errors, type: nasty, request_id: nasty }
      scene.incident.faults.add({ path: /identity/, fault: { ...status, body } })
      expectText(await scene.rotate(), scene)
      scene.github.faults.add({ path: /public-key/, fault: { ...status, headers, body } })
      const result = await scene.rotate()
      expect(onlyError(result)).toContain('422')
      expectText(result, scene)
    }))
})

test('marks that turn text, and what a terminal obeys, in the id of a key', () =>
  play(async (scene) => {
    const seed = { id: 'a\u001b[2J\u009b1A\u202eb', name: 'Nasty', roles: ['viewer'], issuedAt: new Date(0) }
    const { id } = scene.incident.addKey(seed)
    const step = { with: { 'key-name': seed.name, 'secret-name': 'NASTY' } }
    const result = await scene.rotate(step)
    expect([result.exitCode, result.outputs['key-id']]).toEqual([0, id])
    expect(result.log).toContainEqual(expect.stringMatching(/^Rotated "Nasty" \(a\[2J1Ab\)/))
    expect(result.summary).toContain('`a[2J1Ab`')
    scene.incident.faults.add({ path: /rotate$/, fault: refusal(403) })
    const failed = await scene.rotate({ with: { ...step.with, force: 'true' } })
    expect(onlyError(failed)).toContain('the API key "Nasty" (a[2J1Ab)')
    for (const one of [result, failed]) {
      expectText(one, scene)
      expect(one.raw + one.summary).not.toMatch(TURNS)
    }
  }))

test('what GitHub says of its endpoints’ end is not printed', () =>
  play(async (scene) => {
    const headers = {
      deprecation: '@1688169599',
      sunset: '##[add-mask]octo',
      link: '<::stop-commands::t##[add-mask]octo>; rel="deprecation"',
    }
    const change = (answer: Answer) => ({ ...answer, headers: { ...answer.headers, ...headers } })
    scene.github.faults.add({ times: Number.POSITIVE_INFINITY, fault: { kind: 'answer', change } })
    const result = await scene.rotate()
    expect(result.exitCode).toBe(0)
    expect(result.raw).not.toMatch(/deprecat|octokit|stop-commands/i)
    expectText(result, scene)
  }))

describe('in the summary', () => {
  const GHES = 'https://github.example.com'
  const PATH = '/octo/app/actions/runs/1'
  test.each([
    ['at github.com is a link', `https://github.com${PATH}`, undefined, true],
    ['at the server that the runner names is a link', `${GHES}${PATH}`, GHES, true],
    ['at another host is none', `https://evil.example${PATH}`, undefined, false],
    ['at a host that begins like it is none', `https://github.com.evil.example${PATH}`, undefined, false],
    ['behind a name and a password is none', `https://github.com:x@evil.example${PATH}`, undefined, false],
    ['at github.com is none when the runner names a server', `https://github.com${PATH}`, GHES, false],
    ['that brings Markdown is none', `https://github.com/x)[a](https://evil.example${PATH}`, undefined, false],
  ])('the address of a run %s', (_, html_url, server, isLink) =>
    play(async (scene) => {
      addRun(scene, 5)
      const change = (answer: Answer) => {
        const body = answer.body as { workflow_runs: object[] }
        return { ...answer, body: { ...body, workflow_runs: body.workflow_runs.map((run) => ({ ...run, html_url })) } }
      }
      const path = /\/actions\/runs$/
      scene.github.faults.add({ path, times: Number.POSITIVE_INFINITY, fault: { kind: 'answer', change } })
      const result = await scene.rotate({
        with: { 'grace-period-minutes': '0' },
        env: { GITHUB_SERVER_URL: server },
      })
      expect([result.exitCode, atRisk(result.outputs).length]).toEqual([0, 1])
      const links = [...result.summary.matchAll(/(?<!\\)\]\((.*?)\)/g)].map(([, address]) => address)
      expect(links).toEqual(isLink ? [html_url] : [])
      expect(result.summary.includes(html_url)).toBe(isLink)
    }),
  )
})

test('the name that a user gives, and names like it, are quoted too', () =>
  play(async (scene) => {
    for (const name of Object.values(NASTY)) scene.incident.addKey({ name, roles: ['viewer'] })
    for (const name of Object.values(NASTY)) {
      const result = await scene.rotate({ with: { 'key-name': `${name}x` } })
      expect(onlyError(result)).toContain('Did you mean')
      expectText(result, scene)
    }
  }))

test('a workflow is found to use the secret whatever the case of its name, and the secret is not made twice', () =>
  play(async (scene) => {
    addHistory(scene, 40)
    const file = 'on: push\njobs: {a: {runs-on: x, steps: [{run: "${{ Secrets.incident_Api_key }}"}]}}\n'
    scene.github.addFile(scene.repository, '.github/workflows/ci.yml', file)
    addRun(scene, 5)
    const result = await scene.rotate({
      with: { 'secret-name': scene.secret.toLowerCase(), 'grace-period-minutes': '0' },
    })
    expect(JSON.parse(result.outputs.destinations ?? '')).toMatchObject([{ result: 'updated' }])
    expect(atRisk(result.outputs)).toHaveLength(1)
    expect(scene.github.secret(scene.repository, scene.secret)?.writes).toBe(1)
  }))
