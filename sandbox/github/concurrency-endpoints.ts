import type { Answer } from '../faults.ts'
import { type Group, groupKey, type QueueItem } from './concurrency.ts'
import { toSeconds } from './dates.ts'
import type { Call, Endpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { cursorPageOf } from './pages.ts'
import { apiOf } from './repository.ts'
import { findRun } from './runs.ts'

const documentation = 'https://docs.github.com/rest/actions/concurrency-groups'
const need = { permission: 'actions', level: 'read' } as const

/** Endpoints for concurrency groups, which GitHub Enterprise Server lacks. Paths start after the repository's. */
export const concurrencyEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/actions/concurrency_groups',
    handle: {
      need,
      documentation: `${documentation}#list-concurrency-groups-for-a-repository`,
      answer: listActiveGroups,
    },
  },
  {
    method: 'GET',
    path: '/actions/concurrency_groups/:group',
    handle: { need, documentation: `${documentation}#get-a-concurrency-group-for-a-repository`, answer: showGroup },
  },
  {
    method: 'GET',
    path: '/actions/runs/:run/concurrency_groups',
    handle: {
      need,
      documentation: `${documentation}#list-concurrency-groups-for-a-workflow-run`,
      answer: listGroupsOfRun,
    },
  },
]

const keyOf = ({ name }: Group): string => groupKey(name)

function listActiveGroups(call: Call): Answer {
  const groups = call.repository.runs.concurrency.active()
  const { headers, items } = cursorPageOf(call, groups, { keyOf, hasBefore: false })
  const listed = items.map((group) => ({
    ...groupToJson(group, call),
    last_acquired_at: group.lastAcquiredAt === null ? null : toSeconds(group.lastAcquiredAt),
  }))
  return { status: 200, headers, body: { total_count: groups.length, concurrency_groups: listed } }
}

function showGroup(call: Call): Answer {
  const isWanted = readAheadOf(call)
  const group = call.repository.runs.concurrency.findActive(call.parameters.group ?? '')
  if (!group) throw new Refusal(404, 'Not Found', call.endpoint.documentation)
  const last = isWanted ? group.items.findIndex(isWanted) : group.items.length - 1
  if (last === -1) throw invalid(call)
  const members = group.items.slice(0, last + 1).map((item, position) => itemToJson(item, position, call))
  return {
    status: 200,
    headers: {},
    body: { ...groupToJson(group, call), total_count: members.length, group_members: members },
  }
}

/** Returns the test for the item that `ahead_of_run` or `ahead_of_job` names, `undefined` without either. */
function readAheadOf(call: Call): ((item: QueueItem) => boolean) | undefined {
  const { query } = call.request
  const [run, job] = [query.get('ahead_of_run'), query.get('ahead_of_job')]
  if (run !== null && job !== null) throw invalid(call)
  if (run !== null) return (item) => item.run.id === Number(run) && !isJobLevel(item)
  if (job !== null) return (item) => item.job?.id === Number(job)
  return undefined
}

const isJobLevel = ({ job }: QueueItem): boolean =>
  job !== undefined && (job.concurrency?.level ?? 'job') !== 'called workflow'

const invalid = ({ endpoint }: Call): Refusal => new Refusal(422, 'Validation Failed', endpoint.documentation)

function listGroupsOfRun(call: Call): Answer {
  const run = findRun(call)
  const groups = call.repository.runs.concurrency.ofRun(run)
  const { headers, items } = cursorPageOf(call, groups, { keyOf, hasBefore: true })
  const listed = items.map((group) => ({
    ...groupToJson(group, call),
    group_members: group.items.flatMap((item, position) =>
      item.run === run ? [memberOfRunToJson(item, { group, position, call })] : [],
    ),
  }))
  return { status: 200, headers, body: { total_count: groups.length, concurrency_groups: listed } }
}

const actionsUrl = ({ repository, url }: Call): string => `${apiOf(url)}/repos/${repository.fullName}/actions`

const groupUrl = ({ name }: Group, call: Call): string =>
  `${actionsUrl(call)}/concurrency_groups/${encodeURIComponent(name)}`

const groupToJson = (group: Group, call: Call) => ({ group_name: group.name, group_url: groupUrl(group, call) })

function itemToJson({ run, job }: QueueItem, position: number, call: Call) {
  const page = `https://github.com/${call.repository.fullName}/actions/runs/${run.id}`
  return {
    run_id: run.id,
    run_name: run.name,
    run_url: `${actionsUrl(call)}/runs/${run.id}`,
    run_html_url: page,
    ...(job && {
      job_id: job.id,
      job_name: job.name,
      job_url: `${actionsUrl(call)}/jobs/${job.id}`,
      job_html_url: `${page}/job/${job.id}`,
    }),
    status: position === 0 ? 'in_progress' : 'pending',
  }
}

function memberOfRunToJson(item: QueueItem, { group, position, call }: { group: Group; position: number; call: Call }) {
  const { run, job } = item
  const aheadOf = job ? `ahead_of_job=${job.id}` : `ahead_of_run=${run.id}`
  return { ...itemToJson(item, position, call), position, position_url: `${groupUrl(group, call)}?${aheadOf}` }
}
