import type { Answer } from '../faults.ts'
import { toSeconds } from './dates.ts'
import type { Call, Endpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './pages.ts'
import type { Environment } from './repositories.ts'
import { apiOf } from './repository.ts'

const documentation = 'https://docs.github.com/rest/deployments/environments'
const need = { permission: 'actions', level: 'read' } as const

/** Endpoints for a repository's environments; paths start after the repository's. */
export const environmentsEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/environments',
    handle: { need, documentation: `${documentation}#list-environments`, answer: list },
  },
  {
    method: 'GET',
    path: '/environments/:environment',
    handle: { need, documentation: `${documentation}#get-an-environment`, answer: show },
  },
]

/** The environment that a path names, or the 404 that says that there is none. */
export function findEnvironment({ repository, parameters, endpoint }: Call): Environment {
  const environment = repository.environment(parameters.environment ?? '')
  if (!environment) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return environment
}

function list(call: Call): Answer {
  const { environments: all } = call.repository
  const { headers, items } = pageOf(call, all)
  const environments = items.map((environment) => toJson(environment, call))
  return { status: 200, headers, body: { total_count: all.length, environments } }
}

function show(call: Call): Answer {
  return { status: 200, headers: {}, body: toJson(findEnvironment(call), call) }
}

/** GitHub's `environment`; who its reviewers are is nobody's business here. */
function toJson({ id, name, createdAt, hasReviewers }: Environment, { repository, url }: Call) {
  const date = toSeconds(createdAt)
  return {
    id,
    node_id: `EN_${id}`,
    name,
    url: `${apiOf(url)}/repos/${repository.fullName}/environments/${encodeURIComponent(name)}`,
    html_url: `https://github.com/${repository.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: date,
    updated_at: date,
    protection_rules: hasReviewers
      ? [{ id: id * 10, node_id: `GA_${id}`, type: 'required_reviewers', prevent_self_review: false, reviewers: [] }]
      : [],
    deployment_branch_policy: null,
  }
}
