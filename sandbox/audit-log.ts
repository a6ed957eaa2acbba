/** Who did something, in an entry of the audit log. */
export interface Actor {
  type: string
  id: string
  name: string
  /** Of an API key, with commas between. */
  roles?: string
}

/** An entry about a rotation, as incident.io's audit log has them. */
export interface AuditEntry {
  action: 'api_key.rotated'
  version: 1
  /** RFC 3339. */
  occurred_at: string
  actor: { type: string; id: string; name: string; metadata: Record<string, string> }
  targets: { type: 'api_key'; id: string; name: string }[]
  context: { location?: string; user_agent?: string }
  metadata: Record<string, string>
}

/**
 * The entry that incident.io's audit log has of a rotation.
 *
 * @see https://docs.incident.io/api-reference/api-key/rotated-v1
 */
export function auditEntry(
  key: { id: string; name: string },
  {
    actor,
    userAgent,
    occurredAt,
    location,
  }: { actor: Actor; userAgent?: string | undefined; occurredAt: Date; location?: string | undefined },
): AuditEntry {
  const { roles, ...who } = actor
  return {
    action: 'api_key.rotated',
    version: 1,
    occurred_at: occurredAt.toISOString(),
    actor: { ...who, metadata: actor.type === 'api_key' ? { api_key_roles: roles ?? '' } : {} },
    targets: [{ type: 'api_key', id: key.id, name: key.name }],
    context: {
      ...(location !== undefined && { location }),
      ...(userAgent !== undefined && { user_agent: userAgent }),
    },
    metadata: {},
  }
}

/** What GitHub takes of a `client_payload`. */
const MOST_PROPERTIES = 10
const LARGEST_PAYLOAD = 64 * 1024

/**
 * What the runner finds in the file at `GITHUB_EVENT_PATH` when a relay has sent an entry with
 * `POST /repos/{owner}/{repo}/dispatches`, as the account that its token belongs to.
 *
 * @throws RangeError for an entry that GitHub would have refused
 * @see https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event
 */
export function repositoryDispatch(entry: object, fullName = 'octo/app'): object {
  if (Object.keys(entry).length > MOST_PROPERTIES) throw new RangeError('client_payload has more than 10 properties')
  if (Buffer.byteLength(JSON.stringify(entry)) >= LARGEST_PAYLOAD) throw new RangeError('client_payload is too large')
  const [owner = '', name = ''] = fullName.split('/')
  return {
    action: 'api_key.rotated',
    branch: 'main',
    client_payload: entry,
    repository: {
      id: 1296269,
      name,
      full_name: fullName,
      private: true,
      owner: { login: owner, id: 583231, type: 'Organization' },
      default_branch: 'main',
    },
    organization: { login: owner, id: 583231 },
    sender: { login: 'audit-log-relay[bot]', id: 49699333, type: 'Bot', site_admin: false },
  }
}
