import type { Clock } from '../clock.ts'
import type { Answer } from '../faults.ts'
import { findRoute, type Request, type Route } from '../server.ts'
import { installationToJson, integrationToJson } from './app-json.ts'
import type { App, AppStore, Installation } from './apps.ts'
import { toSeconds } from './dates.ts'
import { Refusal } from './errors.ts'
import type { OrganizationStore } from './organizations.ts'
import { redirect } from './redirect.ts'
import type { Repository, RepositoryStore } from './repositories.ts'
import { type AccountType, fullRepository } from './repository.ts'
import { isAmong, type Permissions, type TokenStore } from './tokens.ts'

/** What the endpoints of Apps work on. */
export interface AppService {
  apps: AppStore
  organizations: OrganizationStore
  repositories: RepositoryStore
  tokens: TokenStore
  clock: Clock
  /** The address of the API. */
  url: string
}

/** A request that an App has signed. */
interface AppCall extends AppService {
  request: Request
  app: App
  parameters: Record<string, string>
  documentation: string
}

interface AppEndpoint {
  documentation: string
  answer: (call: AppCall) => Answer
}

const documentation = 'https://docs.github.com/rest/apps/apps'

/** How long an installation's token is good for, in ms. */
const lifetime = 3_600_000

/** Endpoints that take an App's JSON web token, and nothing else; the others do not take it. */
const endpoints: ReadonlyArray<Route<AppEndpoint>> = [
  {
    method: 'GET',
    path: '/app',
    handle: { documentation: `${documentation}#get-the-authenticated-app`, answer: showApp },
  },
  {
    method: 'GET',
    path: '/orgs/:owner/installation',
    handle: {
      documentation: `${documentation}#get-an-organization-installation-for-the-authenticated-app`,
      answer: (call) => showInstallation(call, 'Organization'),
    },
  },
  {
    method: 'GET',
    // GitHub answers for an organization too.
    path: '/users/:owner/installation',
    handle: {
      documentation: `${documentation}#get-a-user-installation-for-the-authenticated-app`,
      answer: (call) => showInstallation(call),
    },
  },
  ...['/repos/:owner/:name/installation', '/repositories/:id/installation'].map((path) => ({
    method: 'GET',
    path,
    handle: {
      documentation: `${documentation}#get-a-repository-installation-for-the-authenticated-app`,
      answer: showInstallationOfRepository,
    },
  })),
  {
    method: 'POST',
    path: '/app/installations/:id/access_tokens',
    handle: {
      documentation: `${documentation}#create-an-installation-access-token-for-an-app`,
      answer: createToken,
    },
  },
]

/** The endpoint of Apps that a request is for; `undefined` where it is for any other. */
export const findAppEndpoint = (method: string, path: string) => findRoute(endpoints, method, path)

export function answerApp(
  { route, parameters }: NonNullable<ReturnType<typeof findAppEndpoint>>,
  { request, app, service }: { request: Request; app: App; service: AppService },
): Answer {
  const { documentation, answer } = route.handle
  return answer({ ...service, request, app, parameters, documentation })
}

function showApp({ app, apps, url }: AppCall): Answer {
  return { status: 200, headers: {}, body: integrationToJson(app, apps.installations(app), url) }
}

function showInstallation(call: AppCall, only?: AccountType): Answer {
  const { app, apps, parameters } = call
  const installation = apps.installationOf(app, parameters.owner ?? '')
  if (!installation || (only && only !== typeOf(installation, call))) {
    throw new Refusal(404, 'Not Found', call.documentation)
  }
  return shown(installation, call)
}

function showInstallationOfRepository(call: AppCall): Answer {
  const { app, apps, repositories, parameters, request, url } = call
  const { owner = '', name = '', id } = parameters
  const fullName = `${owner}/${name}`
  const present = id === undefined ? repositories.find(fullName) : repositories.findById(Number(id))
  const repository = present ?? repositories.findByFormerName(fullName)
  const installation = repository && apps.installationOf(app, repository.owner)
  if (!installation || !isAmong(repository.fullName, installation.repositories)) {
    throw new Refusal(404, 'Not Found', call.documentation)
  }
  if (!present) return redirect(request, `${url}/repositories/${repository.id}/installation`)
  return shown(installation, call)
}

function shown(installation: Installation, call: AppCall): Answer {
  return { status: 200, headers: {}, body: installationToJson(installation, typeOf(installation, call), call.url) }
}

const typeOf = ({ owner }: Installation, { organizations }: AppCall): AccountType =>
  organizations.find(owner) ? 'Organization' : 'User'

function createToken(call: AppCall): Answer {
  const { app, apps, tokens, organizations, parameters, request, clock, url } = call
  const installation = apps.installations(app).find(({ id }) => id === Number(parameters.id))
  if (!installation) throw new Refusal(404, 'Not Found', call.documentation)
  if (installation.suspended) throw new Refusal(403, 'This installation has been suspended', call.documentation)
  if (request.malformed) throw new Refusal(400, 'Problems parsing JSON', call.documentation)
  const body: TokenRequest = request.body ?? {}
  const permissions = chosenPermissions(body, installation, call)
  const chosen = chosenRepositories(body, installation, call)
  // A token expires at the very second that its answer tells.
  const expiresAt = Math.floor((clock.now() + lifetime) / 1000) * 1000
  const token = tokens.issue({
    kind: 'installation',
    repositories: chosen?.map(({ fullName }) => fullName) ?? installation.repositories,
    organizations: organizations.find(installation.owner) ? [installation.owner] : [],
    permissions,
    installation: installation.id,
    expiresAt,
  })
  return {
    status: 201,
    headers: {},
    body: {
      token,
      expires_at: toSeconds(expiresAt),
      permissions,
      repository_selection: chosen ? 'selected' : installation.selection,
      ...(chosen && { repositories: chosen.map((repository) => fullRepository(repository, url)) }),
    },
  }
}

/** A token for less than its installation has. https://docs.github.com/rest/apps/apps */
interface TokenRequest {
  /** Without their owner. */
  repositories?: string[]
  repository_ids?: number[]
  permissions?: Permissions
}

function chosenPermissions({ permissions: wanted }: TokenRequest, { permissions }: Installation, call: AppCall) {
  if (!wanted) return permissions
  for (const [name, level] of Object.entries(wanted)) {
    if (permissions[name] !== 'write' && permissions[name] !== level) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.', call.documentation)
    }
  }
  return { metadata: 'read', ...wanted } satisfies Permissions
}

/** `undefined` where a token is for all that its installation is for. */
function chosenRepositories(
  { repositories: names, repository_ids: ids }: TokenRequest,
  { owner, repositories: granted }: Installation,
  call: AppCall,
): Repository[] | undefined {
  if (!names && !ids) return undefined
  const found = [
    ...(names ?? []).map((name) => call.repositories.find(`${owner}/${name}`)),
    ...(ids ?? []).map((id) => call.repositories.findById(id)),
  ]
  return found.map((repository) => {
    if (repository && isAmong(repository.fullName, granted)) return repository
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
      call.documentation,
    )
  })
}
