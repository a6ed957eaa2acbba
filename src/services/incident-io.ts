import type { ServiceTime } from './clock.ts'
import { NoAnswer } from './decode.ts'
import { type HttpAnswer, type HttpRequest, redirectInWords, type Send } from './http.ts'
import { hide } from './mask.ts'
import { oneLine } from './problem.ts'
import { type Asking, type Failure, isPassing, type Patience, persist } from './retry.ts'

/** An incident.io API key. Its token is never part of it. */
export interface Key {
  id: string
  name: string
  /** Names of the account-level roles. */
  roles: readonly string[]
  /** Names of the roles it has for its teams. */
  teamRoles: readonly string[]
  /** The teams it is for; empty for a key of the whole account. */
  teamIds: readonly string[]
  comments: string | undefined
  /** When its current token was issued: RFC 3339 with microseconds, as incident.io gave it. */
  issuedAt: string
  /** When any token of it was used (RFC 3339); undefined when it never was. */
  lastUsedAt: string | undefined
  /** What of it is there and could not be read, or not wholly. */
  unread: readonly Unread[]
}

/** What of a key must be known before it is updated or deleted, as incident.io calls it. */
export type Unread = 'roles' | 'team_ids' | 'team_roles' | 'comments' | 'last_used_at'

/** What can be set of a key; an update replaces all of it. */
export type KeyFields = Pick<Key, 'name' | 'roles' | 'teamIds' | 'teamRoles' | 'comments'>

/** A key as a page of the list gives it: enough to find one by its name. */
export type ListedKey = Pick<Key, 'id' | 'name'> & { readonly whole: unknown }

/** The role that lets a key manage keys. incident.io lets nobody give it to a key through its API. */
export const MANAGING = 'api_keys_manage'

/** Whom a token belongs to. */
export interface Identity {
  name: string
  roles: readonly string[]
  teamRoles: readonly string[]
}

/** How a request for a token ended. The token is masked already; of the rest of the answer only what is named is kept. */
export type Issue =
  | { kind: 'issued'; token: string; issuedAt: string | undefined; keyId: string | undefined }
  | { kind: 'refused'; status: number; type: string | undefined; requestId: string | undefined; failure: Failure }
  | { kind: 'unknown'; cause: string; requestId?: string | undefined }

export interface IncidentIo {
  readonly time: ServiceTime
  /**
   * From now on calls are made with this token: the managing key has rotated itself.
   *
   * @returns goes back to the token before
   */
  actAs(token: string): () => void
  /** Who the managing key is. `GET /v1/identity` */
  identity(): Promise<Identity>
  /** The key with this id. `GET /v1/api_keys/{id}` */
  show(id: string, patience?: Patience): Promise<Key>
  /** All keys that the managing key sees, page by page. `GET /v1/api_keys` */
  list(patience?: Patience): Promise<ListedKey[]>
  /** One request to rotate, never repeated here. `POST /v1/api_keys/{id}/actions/rotate` */
  rotate(id: string, graceMinutes: number): Promise<Issue>
  /** One request to make a key, never repeated here. `POST /v1/api_keys` */
  create(fields: KeyFields): Promise<Issue>
  /** Sets everything that can be set. Safe to repeat, and repeated. `PUT /v1/api_keys/{id}` */
  update(id: string, fields: KeyFields): Promise<void>
  /** Deletes a key; one that is gone already is no error. `DELETE /v1/api_keys/{id}` */
  remove(id: string): Promise<void>
  /** Asks once with a token; throws when it does not work, or when that cannot be told. `GET /v1/identity` */
  prove(token: string): Promise<void>
}

/** incident.io answered with an error, or with something that cannot be read. */
export class IncidentIoError extends Error {
  override name = 'IncidentIoError'
  readonly status: number
  readonly requestId: string | undefined
  readonly failure: Failure
  /** Whether incident.io itself said so: a proxy or a firewall gives another body. */
  readonly isIncidentIos: boolean

  constructor(status: number, cause: string, failure: Failure, parsed: Record<string, unknown> = {}) {
    super(cause)
    this.status = status
    this.requestId = requestIdFrom(parsed)
    this.failure = failure
    this.isIncidentIos = isEnvelope(parsed)
  }
}

/** Reports whether there is no such key, or no longer. */
export function isGone(error: unknown): boolean {
  return error instanceof IncidentIoError && error.status === 404 && error.isIncidentIos
}

/** Whether incident.io does not take the token that it was asked with. */
export function isUnauthorized(error: unknown): error is IncidentIoError {
  return error instanceof IncidentIoError && error.status === 401
}

/** The most a page may hold, so that 600 keys are three pages. */
const PAGE_SIZE = 250
/** 5,000 active keys at the default page size of 25: a list that goes on longer does not end. */
const MOST_PAGES = 200

/** The failure behind an error of this client or of the network, for the retry policy. */
export function incidentIoFailure(error: unknown): Failure | undefined {
  if (error instanceof NoAnswer) return { kind: 'no-answer' }
  return error instanceof IncidentIoError ? error.failure : undefined
}

/** The same after a rotation: an error that is not incident.io's own is no response either. */
function stubbornFailure(error: unknown): Failure | undefined {
  const isForeign = error instanceof IncidentIoError && !error.isIncidentIos && !isPassing(error.failure)
  return isForeign ? { kind: 'no-answer' } : incidentIoFailure(error)
}

/**
 * The incident.io API as this action uses it. Reads are repeated for as long as patience allows; a rotation is not.
 *
 * @param apiKey the managing key, masked already
 */
export function incidentIo(
  apiKey: string,
  baseUrl: string,
  send: Send,
  time: ServiceTime,
  waiting: Asking,
): IncidentIo {
  const call = (
    method: string,
    path: string,
    token: string,
    body?: unknown,
    more: Pick<HttpRequest, 'isReadPatiently'> = {},
  ): Promise<HttpAnswer> =>
    send({
      ...more,
      method,
      url: `${baseUrl}${path}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const { lookPatience } = waiting
  let bearer = apiKey
  // What cannot be taken from an answer may be there the next time.
  const read = <T>(path: string, patience: Patience, take: (answer: Record<string, unknown>) => T): Promise<T> =>
    persist(
      async () => take(readAnswer(await call('GET', path, bearer))),
      patience.stubborn ? stubbornFailure : incidentIoFailure,
      patience,
      waiting,
    )
  const issue = async (path: string, body: unknown): Promise<Issue> => {
    let answer: HttpAnswer
    try {
      answer = await call('POST', path, bearer, body, { isReadPatiently: true })
    } catch (error) {
      return { kind: 'unknown', cause: error instanceof NoAnswer ? error.message : 'no answer' }
    }
    return readIssue(answer)
  }

  return {
    time,

    actAs(token) {
      const before = bearer
      bearer = token
      return () => {
        bearer = before
      }
    },

    async identity() {
      const identity = await read('/v1/identity', lookPatience, identityIn)
      return {
        name: text(identity.name) ?? '',
        roles: roleNames(identity.roles),
        teamRoles: roleNames(identity.team_roles),
      }
    },

    async show(id, patience = lookPatience) {
      return read(keyPath(id), patience, ({ api_key: key }) => keyFrom(key))
    },

    async list(given = lookPatience) {
      const start = waiting.clock.now()
      const patience = { ...given, until: () => given.until(start) }
      // By id, because a key that is renamed or added meanwhile may stand on two pages.
      const keys = new Map<string, ListedKey>()
      const seen = new Set<string>()
      let after: string | undefined
      do {
        if (seen.size === MOST_PAGES) throw unreadable('a list of keys that does not end')
        const page = await read(
          `/v1/api_keys?page_size=${PAGE_SIZE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`,
          patience,
          pageFrom,
        )
        for (const whole of page.keys) {
          const key = record(whole)
          const id = text(key.id) ?? ''
          keys.set(id, { id, name: text(key.name) ?? '', whole })
        }
        after = page.after
        if (after !== undefined && seen.has(after)) throw unreadable('the same page of keys again')
        seen.add(after ?? '')
      } while (after)
      return [...keys.values()]
    },

    rotate: (id, graceMinutes) => issue(`${keyPath(id)}/actions/rotate`, { grace_period_minutes: graceMinutes }),

    create: (fields) => issue('/v1/api_keys', bodyOf(fields)),

    async update(id, fields) {
      const put = async () => {
        const { api_key: key } = readAnswer(await call('PUT', keyPath(id), bearer, bodyOf(fields)))
        if (text(record(key).id) === undefined) throw unreadable('an answer without the API key')
      }
      await persist(put, incidentIoFailure, lookPatience, waiting)
    },

    async remove(id) {
      const remove = async () => {
        const answer = await call('DELETE', keyPath(id), bearer)
        // An attempt before this one may have taken effect.
        if (answer.status === 204 || answer.status === 404) return
        readAnswer(answer)
        throw unreadable(`an unexpected answer (${answer.status})`)
      }
      await persist(remove, incidentIoFailure, lookPatience, waiting)
    },

    async prove(token) {
      identityIn(readAnswer(await call('GET', '/v1/identity', token)))
    },
  }
}

/** A whole key from a list. */
export function keyOf(listed: ListedKey): Key {
  return keyFrom(listed.whole)
}

/** The body of Create and Update: all three lists are required, empty where they are unused. */
function bodyOf({ name, comments, roles, teamIds, teamRoles }: KeyFields) {
  return {
    name,
    ...(comments === undefined ? {} : { comments }),
    role_names: roles,
    team_ids: teamIds,
    team_role_names: teamRoles,
  }
}

/**
 * Reads the response to a request for a token. A 4xx in incident.io's error format is a refusal; anything that is neither
 * that nor a readable token may have taken effect. Of the body of an error only a type and an id of the usual form are kept.
 */
function readIssue(answer: HttpAnswer): Issue {
  const parsed = parse(answer.body)
  const token = parsed?.token
  if (typeof token === 'string') hide(token)
  const { status } = answer
  const requestId = requestIdFrom(parsed)
  if (status >= 200 && status < 300) {
    if (typeof token !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(token)) {
      const why = parsed === undefined ? `no JSON, ${answer.body.length} characters` : 'JSON without one'
      return { kind: 'unknown', cause: `an answer (${status}) without a readable token (${why})`, requestId }
    }
    const key = record(parsed?.api_key)
    return { kind: 'issued', token, issuedAt: dateFrom(key.token_last_issued_at), keyId: text(key.id) }
  }
  const type = text(parsed?.type)
  const isTimeout = [408, 499].includes(status) || TIMEOUTS.includes(type ?? '')
  if (status < 400 || status >= 500 || isTimeout) return { kind: 'unknown', cause: `status ${status}`, requestId }
  if (!isEnvelope(parsed)) return { kind: 'unknown', cause: `status ${status}, not in incident.io's error format` }
  return {
    kind: 'refused',
    status,
    type: type !== undefined && /^[a-z_]{1,40}$/.test(type) ? type : undefined,
    requestId,
    failure: failureFrom(answer, parsed),
  }
}

/** Reports whether a body is incident.io's error envelope: `{type, status, request_id, errors}`. */
function isEnvelope(parsed: Record<string, unknown> | undefined): boolean {
  return typeof parsed?.type === 'string' && (Array.isArray(parsed.errors) || text(parsed.request_id) !== undefined)
}

/** Types of errors after which a request may have taken effect all the same. */
const TIMEOUTS = ['client_timeout', 'request_timeout']

/** A page of keys. What is no list is not taken for an empty one: keys would be made twice, and secrets deleted. */
function pageFrom({ api_keys: keys, pagination_meta: meta }: Record<string, unknown>) {
  if (!Array.isArray(keys)) throw unreadable('a page without a list of keys')
  return { keys: keys as unknown[], after: text(record(meta).after) }
}

/** Whom an answer is about. */
function identityIn(answer: Record<string, unknown>): Record<string, unknown> {
  const { identity } = answer
  if (typeof identity !== 'object' || identity === null) throw unreadable('an answer without an identity')
  return identity as Record<string, unknown>
}

/** The JSON object of a good answer. */
function readAnswer(answer: HttpAnswer): Record<string, unknown> {
  const parsed = parse(answer.body)
  if (answer.status < 200 || answer.status >= 300) {
    const messages = array(parsed?.errors).flatMap((error) => text(record(error).message) ?? [])
    const type = text(parsed?.type)
    const isRedirect = answer.status >= 300 && answer.status < 400
    const redirect = isRedirect ? redirectInWords(answer.headers, answer.url, 'incident-api-url') : undefined
    const detail = [redirect ?? type, ...messages].filter((part) => part !== undefined).join(': ')
    throw new IncidentIoError(
      answer.status,
      `incident.io answered ${answer.status}${detail === '' ? '' : ` (${oneLine(detail)})`}`,
      failureFrom(answer, parsed),
      parsed,
    )
  }
  if (parsed === undefined) throw unreadable('an answer that is not JSON')
  return parsed
}

function failureFrom(answer: HttpAnswer, parsed: Record<string, unknown> | undefined): Failure {
  const retryAfter = text(record(parsed?.rate_limit).retry_after)
  return {
    kind: 'answer',
    status: answer.status,
    headers: answer.headers,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

/** An answer that cannot be read is as good as none, and may be better the next time. */
function unreadable(what: string): IncidentIoError {
  return new IncidentIoError(0, `incident.io gave ${what}`, { kind: 'no-answer' })
}

function keyFrom(value: unknown): Key {
  const key = record(value)
  const id = text(key.id)
  const issuedAt = dateFrom(key.token_last_issued_at)
  if (id === undefined || issuedAt === undefined) {
    throw unreadable('an API key without an id or the time its token was issued')
  }
  return {
    id,
    name: text(key.name) ?? '',
    roles: roleNames(key.roles),
    teamRoles: roleNames(key.team_roles),
    teamIds: array(key.team_ids).flatMap((team) => text(team) ?? []),
    comments: text(key.comments),
    issuedAt,
    lastUsedAt: dateFrom(key.last_used_at),
    unread: unreadIn(key),
  }
}

function unreadIn(key: Record<string, unknown>): Unread[] {
  const isListOf = (list: unknown, nameOf: (item: unknown) => string | undefined): boolean =>
    Array.isArray(list) && list.every((item) => nameOf(item) !== undefined)
  const isRead: Record<Unread, boolean> = {
    // Every key has this list, so one without it has roles that are not seen.
    roles: isListOf(key.roles, roleName),
    team_ids: isLeftOut(key.team_ids) || isListOf(key.team_ids, text),
    team_roles: isLeftOut(key.team_roles) || isListOf(key.team_roles, roleName),
    comments: isLeftOut(key.comments) || text(key.comments) !== undefined,
    last_used_at: isLeftOut(key.last_used_at) || dateFrom(key.last_used_at) !== undefined,
  }
  return (Object.keys(isRead) as Unread[]).filter((property) => !isRead[property])
}

/** `/v1/identity` gives roles as names, a key as objects; both are read everywhere. */
function roleNames(roles: unknown): string[] {
  return array(roles).flatMap((role) => roleName(role) ?? [])
}

const roleName = (role: unknown): string | undefined => text(role) ?? text(record(role).name)

/** An RFC 3339 time as it was given; undefined for anything else. */
function dateFrom(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined
}

/** An id as support knows it, and nothing that could be a token: those have an underscore in them. */
function requestIdFrom(parsed: Record<string, unknown> | undefined): string | undefined {
  const id = text(parsed?.request_id)
  return id !== undefined && /^(?:req_)?[A-Za-z0-9.:-]{1,64}$/.test(id) ? id : undefined
}

function keyPath(id: string): string {
  return `/v1/api_keys/${encodeURIComponent(id)}`
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const isLeftOut = (value: unknown): boolean => value === undefined || value === null
const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
