/** The roles that incident.io documents, with what they allow. The lists grow, and clients must not depend on them. */
const accountRoles: Record<string, string> = {
  viewer: 'View data, like public incidents and organization settings',
  incident_creator: 'Create incidents',
  incident_editor: 'Edit incidents',
  manage_settings: 'Manage organization settings',
  global_access: 'View and edit private incidents',
  catalog_viewer: 'View the catalog',
  catalog_editor: 'Edit the catalog',
  incident_memberships_editor: 'Manage who can see private incidents',
  schedules_editor: 'Create, edit and delete schedules',
  schedules_reader: 'View schedules',
  schedule_overrides_editor: 'Manage schedule overrides',
  workflows_editor: 'Edit workflows',
  workflows_viewer: 'View workflows',
  private_workflows_editor: 'Edit workflows on private incidents',
  on_call_editor: 'Edit on-call resources',
  on_call_viewer: 'View on-call resources',
  escalation_creator: 'Create escalations',
  post_incident_flow_opt_out: 'Opt incidents out of the post-incident flow',
  security_settings_editor: 'Edit security settings',
  investigation_download: 'Download investigations',
  team_memberships_manage: 'Manage team memberships',
  status_page_publisher: 'Publish to status pages',
  status_page_viewer: 'View status pages',
  postmortems_manage: 'Manage postmortems',
  secrets_manage: 'Manage secrets',
  secrets_use: 'Use secrets',
  heartbeats_ping: 'Ping heartbeats',
  api_keys_manage: 'View, create, edit, delete or rotate API keys',
}

const teamRoles = [
  'schedules_editor',
  'schedules_reader',
  'schedule_overrides_editor',
  'on_call_editor',
  'escalation_creator',
  'api_keys_manage',
]

/** The role that lets a key manage keys. It is given in the dashboard only, never through the API. */
export const managing = 'api_keys_manage'

export const isAccountRole = (name: string): boolean => Object.hasOwn(accountRoles, name)
export const isTeamRole = (name: string): boolean => teamRoles.includes(name)
export const describeRole = (name: string): { name: string; description: string } => ({
  name,
  description: accountRoles[name] ?? name,
})

/** What a key may do, as far as it matters to who may manage whom. */
export interface Scopes {
  roles: readonly string[]
  teamIds: readonly string[]
  teamRoles: readonly string[]
}

/** Whether every scope of `target` is one of `caller`'s: its account level covers every team, never the reverse. */
export function covers(caller: Scopes, target: Scopes): boolean {
  const everywhere = (role: string) => caller.roles.includes(role)
  const inTeam = (role: string, team: string) => caller.teamIds.includes(team) && caller.teamRoles.includes(role)
  return (
    target.roles.every(everywhere) &&
    target.teamRoles.every((role) => everywhere(role) || target.teamIds.every((team) => inTeam(role, team)))
  )
}

/** Whether a key may manage any key at all. */
export const isManager = (caller: Scopes): boolean =>
  caller.roles.includes(managing) || caller.teamRoles.includes(managing)

/** Whether `caller` may see and manage `target`: with the role in teams only, keys that belong to those teams alone. */
export function manages(caller: Scopes, target: Scopes): boolean {
  if (caller.roles.includes(managing)) return true
  if (!caller.teamRoles.includes(managing) || target.teamIds.length === 0) return false
  return target.teamIds.every((team) => caller.teamIds.includes(team))
}
