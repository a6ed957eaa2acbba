import type { Answer } from '../faults.ts'
import type { OrganizationCall, OrganizationEndpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './pages.ts'
import type { Repository } from './repositories.ts'
import { apiOf, minimalRepository } from './repository.ts'
import { type Reach, VISIBILITIES, type Visibility } from './secret-store.ts'
import { documentationOf, endpointsOf, findSecret, type Kind, notSupplied, readBody, unprocessable } from './secrets.ts'

type OrganizationKind = Kind<OrganizationCall>

const holder = 'organization'
const scope = 'admin:org'

/** https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens */
const kinds: readonly OrganizationKind[] = [
  {
    holder,
    path: '/actions',
    need: { permission: 'organization_secrets', scope },
    page: 'actions/secrets',
    store: ({ organization }) => organization.secrets.organization,
    reach: (body, call) => readReach(body, call, isInteger),
  },
  {
    holder,
    path: '/dependabot',
    need: { permission: 'organization_dependabot_secrets', scope },
    page: 'dependabot/secrets',
    store: ({ organization }) => organization.secrets.dependabot,
    // The description wants strings or integers here; in 2023 integers got a 422: https://github.com/cli/cli/issues/6934
    reach: (body, call) => readReach(body, call, isIntegerOrText),
  },
  {
    holder,
    path: '/codespaces',
    need: { permission: 'organization_codespaces_secrets', scope, isClosedToApps: true },
    page: 'codespaces/organization-secrets',
    store: ({ organization }) => organization.secrets.codespaces,
    reach: (body, call) => readReach(body, call, isInteger),
  },
  {
    holder,
    path: '/agents',
    need: { permission: 'organization_agent_secrets', scope },
    page: 'agents/secrets',
    store: ({ organization }) => organization.secrets.agents,
    reach: (body, call) => readReach(body, call, isInteger),
  },
]

/** Endpoints for an organization's secrets; paths start after the organization's. */
export const organizationSecretsEndpoints: readonly OrganizationEndpoint[] = kinds.flatMap((kind) => [
  ...endpointsOf(kind),
  ...selectionEndpoints(kind),
])

/** For the repositories that a secret of the visibility `selected` is for. */
function selectionEndpoints(kind: OrganizationKind): OrganizationEndpoint[] {
  const path = `${kind.path}/secrets/:name/repositories`
  return [
    {
      method: 'GET',
      path,
      handle: {
        need: { ...kind.need, level: 'read' },
        documentation: documentationOf(kind, 'list-selected-repositories-for-an-organization-secret'),
        answer: (call) => listSelected(call, kind),
      },
    },
    {
      method: 'PUT',
      path,
      handle: {
        need: { ...kind.need, level: 'write' },
        documentation: documentationOf(kind, 'set-selected-repositories-for-an-organization-secret'),
        answer: (call) => select(call, kind),
      },
    },
  ]
}

function listSelected(call: OrganizationCall, kind: OrganizationKind): Answer {
  const { selectedRepositoryIds = [] } = findSecret(call, kind.store(call))
  const all = repositoriesOf(call).filter(({ id }) => selectedRepositoryIds.includes(id))
  const { headers, items } = pageOf(call, all)
  const repositories = items.map((repository) => minimalRepository(repository, apiOf(call.url)))
  return { status: 200, headers, body: { total_count: all.length, repositories } }
}

function select(call: OrganizationCall, kind: OrganizationKind): Answer {
  const secret = findSecret(call, kind.store(call))
  const body = readBody(call)
  if (body.selected_repository_ids === undefined) throw notSupplied(call, 'selected_repository_ids')
  if (secret.visibility !== 'selected') {
    throw new Refusal(
      409,
      "You cannot update selected repositories for a secret when the visibility is not set to 'selected'",
      call.endpoint.documentation,
    )
  }
  secret.selectedRepositoryIds = readIds(body.selected_repository_ids, call, isInteger)
  return { status: 204, headers: {}, body: undefined }
}

const repositoriesOf = ({ repositories, organization }: OrganizationCall): Repository[] =>
  repositories.ofOwner(organization.login)

type IsId = (id: unknown) => boolean
const isInteger: IsId = Number.isInteger
const isIntegerOrText: IsId = (id) => isInteger(id) || (typeof id === 'string' && /^\d+$/.test(id))

/** A PUT replaces: `selected` without a list is for no repository, and another visibility has no list. */
function readReach(body: Record<string, unknown>, call: OrganizationCall, isId: IsId): Reach {
  const { visibility, selected_repository_ids: ids = [] } = body
  if (visibility === undefined) throw notSupplied(call, 'visibility')
  if (!isVisibility(visibility)) {
    throw unprocessable(
      call,
      `Invalid request.\n\n${JSON.stringify(visibility)} is not a member of ${JSON.stringify(VISIBILITIES)}.`,
    )
  }
  const selected = readIds(ids, call, isId)
  return { visibility, selectedRepositoryIds: visibility === 'selected' ? selected : [] }
}

const isVisibility = (value: unknown): value is Visibility => VISIBILITIES.some((one) => one === value)

function readIds(ids: unknown, call: OrganizationCall, isId: IsId): number[] {
  if (!Array.isArray(ids)) throw unprocessable(call, `Invalid request.\n\n${JSON.stringify(ids)} is not an array.`)
  const known = repositoriesOf(call).map(({ id }) => id)
  return ids.map((id) => {
    // https://github.com/github/rest-api-description/issues/275
    if (!isId(id)) {
      throw unprocessable(call, `Invalid request.\n\nFor 'items', ${JSON.stringify(id)} is not an integer.`)
    }
    if (!known.includes(Number(id))) {
      throw unprocessable(call, `Repository ${id} is not of the organization ${call.organization.login}.`)
    }
    return Number(id)
  })
}
