import type { App, Installation } from './apps.ts'
import { toSeconds } from './dates.ts'
import { type AccountType, simpleUser } from './repository.ts'

/** GitHub's `installation` in an account; `api` is the address of the API. */
export function installationToJson(installation: Installation, account: AccountType, api: string) {
  const { id, app, owner, permissions, selection, suspended } = installation
  const date = toSeconds(installation.createdAt)
  const target = simpleUser(owner, api, account)
  const settings = account === 'Organization' ? `organizations/${owner}/settings` : 'settings'
  return {
    id,
    client_id: app.clientId,
    account: target,
    repository_selection: selection,
    access_tokens_url: `${api}/app/installations/${id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `https://github.com/${settings}/installations/${id}`,
    app_id: app.id,
    app_slug: slug(app),
    target_id: target.id,
    target_type: account,
    permissions,
    events: [],
    created_at: date,
    updated_at: date,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspended ? target : null,
    suspended_at: suspended ? date : null,
  }
}

/** GitHub's `integration`: an App that asks for itself, with every permission that an installation of it has. */
export function integrationToJson(app: App, installations: readonly Installation[], api: string) {
  const date = toSeconds(app.createdAt)
  return {
    id: app.id,
    slug: slug(app),
    client_id: app.clientId,
    node_id: `A_${app.id}`,
    owner: simpleUser(app.owner, api),
    name: app.name,
    description: null,
    external_url: 'https://example.com',
    html_url: `https://github.com/apps/${slug(app)}`,
    created_at: date,
    updated_at: date,
    permissions: Object.assign({ metadata: 'read' }, ...installations.map(({ permissions }) => permissions)),
    events: [],
    installations_count: installations.length,
  }
}

const slug = ({ name }: App): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
