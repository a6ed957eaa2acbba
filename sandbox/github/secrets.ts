import type { Answer } from '../faults.ts'
import type { Call, Endpoint } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { pageOf } from './pages.ts'
import type { SecretRecord } from './repositories.ts'

const documentation = 'https://docs.github.com/rest/actions/secrets'
const reading = { permission: 'secrets', level: 'read' } as const
const writing = { permission: 'secrets', level: 'write' } as const

/** GitHub's limit for a secret's value, in bytes. */
const largest = 48 * 1024

/** Endpoints for a repository's secrets; paths start after the repository's. */
export const secretsEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/actions/secrets',
    handle: { need: reading, documentation: `${documentation}#list-repository-secrets`, answer: list },
  },
  {
    method: 'GET',
    path: '/actions/secrets/public-key',
    handle: { need: reading, documentation: `${documentation}#get-a-repository-public-key`, answer: publicKey },
  },
  {
    method: 'GET',
    path: '/actions/secrets/:name',
    handle: { need: reading, documentation: `${documentation}#get-a-repository-secret`, answer: show },
  },
  {
    method: 'PUT',
    path: '/actions/secrets/:name',
    handle: { need: writing, documentation: `${documentation}#create-or-update-a-repository-secret`, answer: write },
  },
  {
    method: 'DELETE',
    path: '/actions/secrets/:name',
    handle: { need: writing, documentation: `${documentation}#delete-a-repository-secret`, answer: remove },
  },
]

function list(call: Call): Answer {
  const all = call.repository.secrets()
  const { headers, items } = pageOf(call, all)
  return { status: 200, headers, body: { total_count: all.length, secrets: items.map(toJson) } }
}

function publicKey({ repository }: Call): Answer {
  return { status: 200, headers: {}, body: { key_id: repository.keyId, key: repository.publicKey } }
}

function show({ repository, parameters, endpoint }: Call): Answer {
  const secret = repository.secret(parameters.name ?? '')
  if (!secret) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return { status: 200, headers: {}, body: toJson(secret) }
}

function write(call: Call): Answer {
  const { repository, parameters, clock } = call
  const name = parameters.name ?? ''
  checkName(name, call)
  const result = repository.store(name, openBox(call), clock.now(), { counts: true })
  return result === 'created' ? { status: 201, headers: {}, body: {} } : { status: 204, headers: {}, body: undefined }
}

function remove({ repository, parameters, endpoint }: Call): Answer {
  if (!repository.remove(parameters.name ?? '')) throw new Refusal(404, 'Not Found', endpoint.documentation)
  return { status: 204, headers: {}, body: undefined }
}

function checkName(name: string, call: Call): void {
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

/** The value that a PUT carries, or the 422 that says what is wrong with its body. */
function openBox(call: Call): string {
  const { repository, request } = call
  if (request.malformed) throw new Refusal(400, 'Problems parsing JSON', call.endpoint.documentation)
  const body = (request.body ?? {}) as Record<string, unknown>
  for (const field of ['encrypted_value', 'key_id']) {
    const value = body[field]
    if (value === undefined) throw unprocessable(call, `Invalid request.\n\n"${field}" wasn't supplied.`)
    if (typeof value !== 'string') {
      throw unprocessable(
        call,
        `Invalid request.\n\nFor 'properties/${field}', ${JSON.stringify(value)} is not a string.`,
      )
    }
  }
  const box = body.encrypted_value as string
  if (!base64.test(box)) throw unprocessable(call, `Invalid request.\n\n${box} does not match /${base64.source}/.`)
  const value = body.key_id === repository.keyId ? repository.open(box) : undefined
  if (value === undefined) {
    throw unprocessable(call, 'Bad request - validation failed due to an improperly encrypted secret')
  }
  if (Buffer.byteLength(value) > largest) throw unprocessable(call, 'Secret values may be at most 48 KB.')
  return value
}

function unprocessable({ endpoint }: Call, message: string): Refusal {
  return new Refusal(422, message, endpoint.documentation)
}

function toJson({ name, createdAt, updatedAt }: SecretRecord) {
  return { name, created_at: toSeconds(createdAt), updated_at: toSeconds(updatedAt) }
}

/** `2026-01-01T00:00:00Z`: GitHub leaves the fraction of the second out. */
export function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
