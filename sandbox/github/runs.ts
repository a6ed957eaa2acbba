import type { Answer } from '../faults.ts'
import type { Call, Endpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './pages.ts'
import { apiOf } from './repository.ts'
import { jobToJson, runToJson } from './run-json.ts'
import type { RunRecord } from './run-records.ts'
import type { RunStore } from './run-store.ts'

const documentation = 'https://docs.github.com/rest/actions'
const reading = { permission: 'actions', level: 'read' } as const

/** Endpoints for a repository's workflow runs; paths start after the repository's. */
export const runsEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/actions/runs',
    handle: {
      need: reading,
      documentation: `${documentation}/workflow-runs#list-workflow-runs-for-a-repository`,
      answer: (call) => list(call, call.repository.runs.all()),
    },
  },
  {
    method: 'GET',
    path: '/actions/runs/:run',
    handle: { need: reading, documentation: `${documentation}/workflow-runs#get-a-workflow-run`, answer: show },
  },
  {
    method: 'GET',
    path: '/actions/runs/:run/jobs',
    handle: {
      need: reading,
      documentation: `${documentation}/workflow-jobs#list-jobs-for-a-workflow-run`,
      answer: jobs,
    },
  },
  {
    method: 'GET',
    path: '/actions/workflows/:workflow/runs',
    handle: {
      need: reading,
      documentation: `${documentation}/workflow-runs#list-workflow-runs-for-a-workflow`,
      answer: listOfWorkflow,
    },
  },
]

const place = ({ repository, url }: Call) => ({ repository, api: apiOf(url) })

/** How many results GitHub gives of a search, while it counts them all. */
const searchLimit = 1000

/** The queries that make a list a search; `branch` is none here, as every run is on the default branch. */
const filters: Record<string, (run: RunRecord, wanted: string) => boolean> = {
  status: ({ status, conclusion }, wanted) => wanted === status || wanted === conclusion,
  event: ({ event }, wanted) => wanted === event,
  head_sha: ({ headSha }, wanted) => wanted === headSha,
  created: ({ createdAt }, wanted) => isWithin(createdAt, wanted),
}

function list(call: Call, runs: readonly RunRecord[]): Answer {
  const wanted = [...call.request.query].filter(([name, value]) => name in filters && value !== '')
  const matching = runs.filter((run) => wanted.every(([name, value]) => filters[name]?.(run, value)))
  const reachable = wanted.length > 0 ? matching.slice(0, searchLimit) : matching
  const { headers, items } = pageOf(call, reachable)
  return { status: 200, headers, body: bodyOf(call, matching.length, items) }
}

/** Pages by what they show. They are frozen, so that a page that has not changed is encoded once. */
const pages = new WeakMap<RunStore, Map<string, object>>()

function bodyOf(call: Call, total: number, runs: readonly RunRecord[]): object {
  const here = place(call)
  const { repository, api } = here
  const known = pages.get(repository.runs) ?? new Map<string, object>()
  pages.set(repository.runs, known)
  const shown = JSON.stringify([api, repository.fullName, total, runs])
  const body = known.get(shown) ?? { total_count: total, workflow_runs: runs.map((run) => runToJson(run, here)) }
  known.set(shown, Object.freeze(body))
  return body
}

/**
 * GitHub's search syntax for dates: `2026-01-31`, `>=2026-01-31T12:00:00Z`, `2026-01-01..2026-01-31`, `*..2026-01-31`.
 * A day without a time is all of it. https://docs.github.com/search-github/getting-started-with-searching-on-github
 */
function isWithin(at: number, range: string): boolean {
  const second = Math.floor(at / 1000) * 1000
  const [from = '', to] = range.split('..')
  if (to !== undefined) return (from === '*' || second >= start(from)) && (to === '*' || second <= end(to))
  const [, comparison = '', date = ''] = /^([<>]=?)?(.*)$/.exec(range) ?? []
  switch (comparison) {
    case '>':
      return second > end(date)
    case '>=':
      return second >= start(date)
    case '<':
      return second < start(date)
    case '<=':
      return second <= end(date)
    default:
      return second >= start(date) && second <= end(date)
  }
}

const start = (date: string): number => Date.parse(date)
const end = (date: string): number => Date.parse(date) + (date.includes('T') ? 0 : 86_399_999)

function listOfWorkflow(call: Call): Answer {
  const { repository, parameters, endpoint } = call
  const id = repository.runs.findWorkflow(parameters.workflow ?? '')
  if (id === undefined) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return list(
    call,
    repository.runs.all().filter(({ workflowId }) => workflowId === id),
  )
}

/** Returns the run that a path names, or throws the 404 for an unknown run. */
export function findRun({ repository, parameters, endpoint }: Call): RunRecord {
  const run = repository.runs.get(Number(parameters.run))
  if (!run) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return run
}

function show(call: Call): Answer {
  return { status: 200, headers: {}, body: runToJson(findRun(call), place(call)) }
}

/** Those of the latest attempt, unless `filter` is `all`. */
function jobs(call: Call): Answer {
  const run = findRun(call)
  const isAll = call.request.query.get('filter') === 'all'
  const wanted = run.jobs.filter(({ attempt }) => isAll || attempt === run.attempt)
  const { headers, items } = pageOf(call, wanted)
  const body = { total_count: wanted.length, jobs: items.map((job) => jobToJson(job, run, place(call))) }
  return { status: 200, headers, body }
}
