import type { Clock } from '../clock.ts'
import type { Answer } from '../faults.ts'
import { findRoute, type Request } from '../server.ts'
import { accessHeaders, checkOrganizationAccess, sees } from './access.ts'
import { toSeconds } from './dates.ts'
import type { OrganizationCall, OrganizationEndpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { organizationSecretsEndpoints } from './organization-secrets.ts'
import type { OrganizationStore } from './organizations.ts'
import { pageOf } from './pages.ts'
import type { Repository, RepositoryStore } from './repositories.ts'
import { apiOf, fullRepository, simpleUser } from './repository.ts'
import { isSameName, type TokenRecord } from './tokens.ts'

const need = { permission: 'metadata', level: 'read' } as const

/** Endpoints for an organization; paths start after `/orgs/NAME`. */
const endpoints: readonly OrganizationEndpoint[] = [
  {
    method: 'GET',
    path: '',
    handle: { need, documentation: 'https://docs.github.com/rest/orgs/orgs#get-an-organization', answer: show },
  },
  {
    method: 'GET',
    path: '/repos',
    handle: {
      need,
      documentation: 'https://docs.github.com/rest/repos/repos#list-organization-repositories',
      answer: listRepositories,
    },
  },
  ...organizationSecretsEndpoints,
]

/** Answers a request for anything of an organization; what is told of the token is put into `headers`. */
export function answerOrganization(
  login: string,
  rest: string,
  { organizations, headers, ...call }: OrganizationRequest,
): Answer {
  const organization = organizations.find(login)
  const found = findRoute(endpoints, call.request.method, rest)
  if (!organization || !found) throw new Refusal(404, 'Not Found')
  const { handle: endpoint } = found.route
  Object.assign(headers, accessHeaders(call.token, endpoint.need))
  checkOrganizationAccess(call.token, organization, endpoint.need, endpoint.documentation)
  return endpoint.answer({ ...call, organization, endpoint, parameters: found.parameters })
}

interface OrganizationRequest {
  request: Request
  token: TokenRecord
  organizations: OrganizationStore
  repositories: RepositoryStore
  headers: Record<string, string>
  clock: Clock
  /** The endpoint's own address, without a query. */
  url: string
}

/** GitHub's `organization-full`. How many private repositories it has is told to tokens that are for it, seen or not. */
function show({ organization, repositories, token, url }: OrganizationCall): Answer {
  const { login, id, createdAt } = organization
  const all = repositories.ofOwner(login)
  const hidden = all.filter((one) => one.private).length
  const api = apiOf(url)
  const { avatar_url, html_url } = simpleUser(login, api)
  const address = `${api}/orgs/${login}`
  const date = toSeconds(createdAt)
  const body = {
    login,
    id,
    node_id: `O_${id}`,
    url: address,
    repos_url: `${address}/repos`,
    events_url: `${address}/events`,
    hooks_url: `${address}/hooks`,
    issues_url: `${address}/issues`,
    members_url: `${address}/members{/member}`,
    public_members_url: `${address}/public_members{/member}`,
    avatar_url,
    description: null,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: all.length - hidden,
    ...(isFor(token, login) && { total_private_repos: hidden, owned_private_repos: hidden }),
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url,
    type: 'Organization',
    created_at: date,
    updated_at: date,
    archived_at: null,
  }
  return { status: 200, headers: {}, body }
}

const isFor = (token: TokenRecord, login: string): boolean =>
  token.kind !== 'workflow' && token.organizations?.some((name) => isSameName(name, login)) === true

/** What `type` chooses; no repository here is a fork. */
const types: Record<string, (repository: Repository) => boolean> = {
  all: () => true,
  public: (repository) => !repository.private,
  private: (repository) => repository.private,
  forks: () => false,
  sources: () => true,
  member: () => true,
}

/** Those that the token may see. */
function listRepositories(call: OrganizationCall): Answer {
  const { organization, repositories, token, request, endpoint, url } = call
  const isWanted = types[request.query.get('type') || 'all']
  if (!isWanted) throw new Refusal(422, 'Invalid request.\n\nNo such type.', endpoint.documentation)
  const visible = repositories.ofOwner(organization.login).filter((one) => isWanted(one) && sees(token, one))
  const { headers, items } = pageOf(call, sorted(visible, request.query))
  return { status: 200, headers, body: items.map((repository) => fullRepository(repository, apiOf(url))) }
}

/** By name from A on, or else the newest first: nothing here is updated or pushed after it was made. */
function sorted(repositories: readonly Repository[], query: URLSearchParams): Repository[] {
  const isByName = query.get('sort') === 'full_name'
  const ascending = [...repositories].sort((a, b) => (isByName ? a.fullName.localeCompare(b.fullName) : a.id - b.id))
  const direction = query.get('direction') || (isByName ? 'asc' : 'desc')
  return direction === 'asc' ? ascending : ascending.reverse()
}
