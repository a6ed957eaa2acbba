import type { Answer } from '../faults.ts'
import type { Request, Route } from '../server.ts'
import { forbidden, notFound } from './errors.ts'
import { type KeyRecord, type KeyStore, toJson } from './keys.ts'
import { readFields, readGrace, readPage } from './requests.ts'
import { covers, isManager, manages, type Scopes } from './roles.ts'

export interface Context {
  store: KeyStore
  /** The key whose token the request carries. */
  caller: KeyRecord
  rotationEndsEarlierTokens: boolean
  /** As of when keys are shown and listed, ms since 1970. */
  readAt: number
}

type Handler = (context: Context, request: Request, parameters: Record<string, string>) => Answer

export const routes: ReadonlyArray<Route<Handler>> = [
  { method: 'GET', path: '/v1/identity', handle: identity },
  { method: 'GET', path: '/v1/api_keys', handle: forManagers(list) },
  { method: 'POST', path: '/v1/api_keys', handle: forManagers(create) },
  { method: 'GET', path: '/v1/api_keys/:id', handle: forManagers(show) },
  { method: 'PUT', path: '/v1/api_keys/:id', handle: forManagers(update) },
  { method: 'DELETE', path: '/v1/api_keys/:id', handle: forManagers(remove) },
  { method: 'POST', path: '/v1/api_keys/:id/actions/rotate', handle: forManagers(rotate) },
]

function forManagers(handler: Handler): Handler {
  return (context, request, parameters) => {
    if (!isManager(context.caller)) {
      throw forbidden('This API key is missing the "View, create, edit, delete or rotate API keys" permission')
    }
    return handler(context, request, parameters)
  }
}

const answer = (status: number, body?: unknown): Answer => ({ status, headers: {}, body })

function identity({ caller }: Context): Answer {
  const { name, roles, teamIds, teamRoles } = caller
  return answer(200, {
    identity: {
      name,
      dashboard_url: 'https://app.incident.io/octo',
      roles,
      ...(teamIds.length > 0 && {
        team_roles: teamRoles,
        teams: teamIds.map((id) => ({ id, name: `Team ${id}` })),
      }),
    },
  })
}

function list({ store, caller, readAt }: Context, request: Request): Answer {
  const { size, after = '' } = readPage(request)
  const listed = store.all().filter(({ createdAt }) => createdAt <= readAt)
  const rest = listed.filter((key) => manages(caller, key) && key.id > after)
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return answer(200, {
    api_keys: page.map((key) => toJson(key, store.issuedAt(key, readAt))),
    pagination_meta: { page_size: size, ...(last && rest.length > size && { after: last.id }) },
  })
}

/** A key that the caller may not manage is, to it, not there. */
function target({ store, caller }: Context, { id = '' }: Record<string, string>): KeyRecord {
  const key = store.get(id)
  if (!key || !manages(caller, key)) throw notFound('No API key was found with this ID')
  return key
}

function requireScopes(caller: Scopes, wanted: Scopes, message: string): void {
  if (!covers(caller, wanted)) throw forbidden(message)
}

const assigning = 'The calling API key must have all the scopes of the roles it assigns'
const outside = 'The calling API key can only manage keys that belong to its teams'

function create({ store, caller }: Context, request: Request): Answer {
  const fields = readFields(request)
  requireScopes(caller, fields, assigning)
  if (!manages(caller, fields)) throw forbidden(outside)
  const { key, token } = store.create(fields, caller)
  return answer(201, { api_key: toJson(key), token })
}

function show(context: Context, _request: Request, parameters: Record<string, string>): Answer {
  const key = target(context, parameters)
  if (key.createdAt > context.readAt) throw notFound('No API key was found with this ID')
  return answer(200, { api_key: toJson(key, context.store.issuedAt(key, context.readAt)) })
}

function update(context: Context, request: Request, parameters: Record<string, string>): Answer {
  const key = target(context, parameters)
  const fields = readFields(request)
  requireScopes(context.caller, fields, assigning)
  if (!manages(context.caller, fields)) throw forbidden(outside)
  Object.assign(key, fields)
  return answer(200, { api_key: toJson(key) })
}

function remove(context: Context, _request: Request, parameters: Record<string, string>): Answer {
  context.store.remove(target(context, parameters).id)
  return answer(204)
}

function rotate(context: Context, request: Request, parameters: Record<string, string>): Answer {
  const key = target(context, parameters)
  const minutes = readGrace(request)
  requireScopes(context.caller, key, 'The calling API key must have all the scopes of the key being rotated')
  const token = context.store.rotate(key, minutes, context.rotationEndsEarlierTokens)
  return answer(201, { api_key: toJson(key), token })
}
