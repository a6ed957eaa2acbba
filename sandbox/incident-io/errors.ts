import { randomUUID } from 'node:crypto'
import type { Answer } from '../faults.ts'

export interface ErrorDetail {
  code: string
  message: string
  source?: { field: string }
}

export interface RateLimitDetail {
  name: string
  limit: number
  remaining: number
  retry_after: string
}

/** An answer that refuses. */
export class Refusal extends Error {
  readonly status: number
  readonly type: string
  readonly details: ErrorDetail[]
  readonly headers: Record<string, string>
  readonly rateLimit: RateLimitDetail | undefined

  constructor(
    status: number,
    type: string,
    details: ErrorDetail[],
    options: { headers?: Record<string, string>; rateLimit?: RateLimitDetail } = {},
  ) {
    super(type)
    this.status = status
    this.type = type
    this.details = details
    this.headers = options.headers ?? {}
    this.rateLimit = options.rateLimit
  }

  /** incident.io's error envelope. */
  answer(): Answer {
    const { status, type, details, headers, rateLimit } = this
    return {
      status,
      headers,
      body: { type, status, request_id: randomUUID(), ...(rateLimit && { rate_limit: rateLimit }), errors: details },
    }
  }
}

export const unauthenticated = (code: string, message: string): Refusal =>
  new Refusal(401, 'authentication_error', [{ code, message }])

export const forbidden = (message: string): Refusal =>
  new Refusal(403, 'resource_forbidden', [{ code: 'resource_forbidden', message }])

export const notFound = (message: string): Refusal => new Refusal(404, 'not_found', [{ code: 'not_found', message }])

export const methodNotAllowed = (): Refusal =>
  new Refusal(405, 'method_not_allowed', [
    { code: 'method_not_allowed', message: 'This method is not allowed for this endpoint' },
  ])

export const malformed = (): Refusal =>
  new Refusal(400, 'invalid_request_error', [{ code: 'invalid_json', message: 'The request body is not valid JSON' }])

export const invalid = (details: ErrorDetail[]): Refusal => new Refusal(422, 'validation_error', details)
