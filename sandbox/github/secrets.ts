import type { Answer } from '../faults.ts'
import type { Need } from './access.ts'
import { toSeconds } from './dates.ts'
import type { AnyCall, Endpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './pages.ts'
import type { Reach, SecretRecord, SecretStore } from './secret-store.ts'

/** GitHub's limit for a secret's value, in bytes. */
const largest = 48 * 1024

/** How many secrets one place may hold. https://docs.github.com/actions/reference/security/secrets#limits-for-secrets */
const most = { repository: 100, environment: 100, organization: 1000 }

/** A kind of secret: where GitHub keeps it, and what its endpoints ask for. */
export interface Kind<EachCall extends AnyCall> {
  /** What is before `/secrets/…`, after the repository or the organization. */
  path: string
  need: Omit<Need, 'level'>
  /** Below https://docs.github.com/rest/. */
  page: string
  /** What has the secrets, as that page names it. */
  holder: 'repository' | 'environment' | 'organization'
  store: (call: EachCall) => SecretStore
  /** Which repositories a PUT's body says the secret is for, or the 422 that says what is wrong with that. */
  reach?: (body: Record<string, unknown>, call: EachCall) => Reach
}

/** What GitHub has for every kind. */
export function endpointsOf<EachCall extends AnyCall>(kind: Kind<EachCall>): Array<Endpoint<EachCall>> {
  const collection = `${kind.path}/secrets`
  const one = `${collection}/:name`
  const a = kind.holder === 'repository' ? 'a' : 'an'
  const secret = `${a}-${kind.holder}-secret`
  const endpoint = (
    method: string,
    path: string,
    anchor: string,
    answer: (call: EachCall, store: SecretStore) => Answer,
  ): Endpoint<EachCall> => ({
    method,
    path,
    handle: {
      need: { ...kind.need, level: method === 'GET' ? 'read' : 'write' },
      documentation: documentationOf(kind, anchor),
      answer: (call) => answer(call, kind.store(call)),
    },
  })
  return [
    endpoint('GET', collection, `list-${kind.holder}-secrets`, list),
    endpoint('GET', `${collection}/public-key`, `get-${a}-${kind.holder}-public-key`, publicKey),
    endpoint('GET', one, `get-${secret}`, show),
    endpoint('PUT', one, `create-or-update-${secret}`, (call, store) => write(call, store, kind)),
    endpoint('DELETE', one, `delete-${secret}`, remove),
  ]
}

export function documentationOf({ page }: Kind<never>, anchor: string): string {
  return `https://docs.github.com/rest/${page}#${anchor}`
}

function list(call: AnyCall, store: SecretStore): Answer {
  const all = store.all()
  const { headers, items } = pageOf(call, all)
  const secrets = items.map((secret) => toJson(secret, `${call.url}/${secret.name}`))
  return { status: 200, headers, body: { total_count: all.length, secrets } }
}

function publicKey(_call: AnyCall, store: SecretStore): Answer {
  return { status: 200, headers: {}, body: { key_id: store.keyId, key: store.publicKey } }
}

function show(call: AnyCall, store: SecretStore): Answer {
  return { status: 200, headers: {}, body: toJson(findSecret(call, store), call.url) }
}

/** The secret that a path names, or the 404 that says that there is none. */
export function findSecret({ parameters, endpoint }: AnyCall, store: SecretStore): SecretRecord {
  const secret = store.get(parameters.name ?? '')
  if (!secret) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return secret
}

function write<EachCall extends AnyCall>(
  call: EachCall,
  store: SecretStore,
  { reach, holder }: Kind<EachCall>,
): Answer {
  const { parameters, clock } = call
  const name = parameters.name ?? ''
  checkName(name, call)
  const body = readBody(call)
  const value = openBox(body, call, store)
  if (store.get(name) === undefined && store.all().length >= most[holder]) {
    throw unprocessable(call, `A ${holder} may have at most ${most[holder]} secrets.`)
  }
  const result = store.write(name, value, { at: clock.now(), counts: true, reach: reach?.(body, call) })
  return result === 'created' ? { status: 201, headers: {}, body: {} } : { status: 204, headers: {}, body: undefined }
}

function remove({ parameters, endpoint }: AnyCall, store: SecretStore): Answer {
  if (!store.remove(parameters.name ?? '')) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return { status: 204, headers: {}, body: undefined }
}

function checkName(name: string, call: AnyCall): void {
  if (!/^[A-Z_][A-Z0-9_]*$/i.test(name)) {
    throw unprocessable(
      call,
      'Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not ' +
        'allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
    )
  }
  if (/^GITHUB_/i.test(name)) throw unprocessable(call, 'Secret names must not start with GITHUB_.')
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/

/** What a request sends, empty where that is no object. */
export function readBody({ request, endpoint }: AnyCall): Record<string, unknown> {
  if (request.malformed) throw new Refusal(400, 'Problems parsing JSON', endpoint.documentation)
  return (request.body ?? {}) as Record<string, unknown>
}

/** The value that a PUT carries, or the 422 that says what is wrong with its body. */
function openBox(body: Record<string, unknown>, call: AnyCall, store: SecretStore): string {
  for (const field of ['encrypted_value', 'key_id']) {
    const value = body[field]
    if (value === undefined) throw notSupplied(call, field)
    if (typeof value !== 'string') {
      throw unprocessable(
        call,
        `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a string.`,
      )
    }
  }
  const box = body.encrypted_value as string
  if (!base64.test(box)) throw unprocessable(call, `Invalid request.\n\n${box} does not match /${base64.source}/.`)
  const value = body.key_id === store.keyId ? store.open(box) : undefined
  if (value === undefined) {
    throw unprocessable(call, 'Bad request - validation failed due to an improperly encrypted secret')
  }
  if (Buffer.byteLength(value) > largest) throw unprocessable(call, 'Secret values may be at most 48 KB.')
  return value
}

export function unprocessable({ endpoint }: AnyCall, message: string): Refusal {
  return new Refusal(422, message, endpoint.documentation)
}

export function notSupplied(call: AnyCall, field: string): Refusal {
  return unprocessable(call, `Invalid request.\n\n"${field}" wasn't supplied.`)
}

/** Only an organization's secret has a visibility; `url` is the secret's own address. */
function toJson({ name, createdAt, updatedAt, visibility }: SecretRecord, url: string) {
  return {
    name,
    created_at: toSeconds(createdAt),
    updated_at: toSeconds(updatedAt),
    ...(visibility && { visibility }),
    ...(visibility === 'selected' && { selected_repositories_url: `${url}/repositories` }),
  }
}
