import type { Clock } from '../clock.ts'
import type { Answer, Fault } from '../faults.ts'
import type { IncidentIo } from '../incident-io.ts'
import { changes, isRotation, type Spot } from './spots.ts'

/** A fault of the campaign, as it is at one of the services. */
export interface FaultKind {
  name: string
  /** The requests that it may strike; all if left out. */
  fits?: (spot: Spot) => boolean
  /** Whether it strikes once only: each time it would be a token more. */
  isOnce?: true
  make(service: Spot['service'], circumstances: Circumstances): Fault
}

export interface Circumstances {
  /** How much faster time goes by: faults wait in real milliseconds. */
  speed: number
  /** The stand-ins'. */
  clock: Clock
  incident: Pick<IncidentIo, 'tokensOf'>
}

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>'
/** Shorter than the action waits for an answer, in ms. */
const SLOW = 8000
/** An outage that a rotation has to survive, in ms. */
const AWAY = 150_000
/** How long each of some 700 bytes takes, so that the response is longer on its way than a request may take, in ms. */
const PIECES = 20_000 / 700
/** When a request that was given up takes effect, in ms: after the key was looked at, and the request sent again. */
const LATE = 25_000

const status =
  (code: number, more: { headers?: Record<string, string>; body?: unknown; afterEffect?: boolean } = {}) =>
  (): Fault => ({ kind: 'status', status: code, body: { message: 'Something went wrong' }, ...more })

/** GitHub's secondary limit, and incident.io's only one as it tells it: in the body, with a date in the other form. */
function limit(service: Spot['service'], { clock }: Circumstances): Fault {
  if (service === 'github') {
    const body = {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    }
    return { kind: 'status', status: 403, headers: { 'retry-after': '4' }, body }
  }
  const retryAfter = new Date(clock.now() + 30_000).toUTCString().replace('GMT', 'UTC')
  const body = {
    type: 'too_many_requests',
    status: 429,
    request_id: '8a3e2f10-52a7-4f0e-9a5c-6f1f8a6a2d11',
    rate_limit: { name: 'Key manager', limit: 1200, remaining: 0, retry_after: retryAfter },
    errors: [{ code: 'too_many_requests', message: 'Too many requests.' }],
  }
  return { kind: 'status', status: 429, body }
}

const isOfIncidentIo = ({ service }: Spot): boolean => service === 'incident'
const isWrite = ({ method }: Spot): boolean => method === 'PUT'
const isOfKey = (spot: Spot): boolean => isRotation(spot) || isShow(spot)
export const isShow = ({ method, path }: Spot): boolean => method === 'GET' && path === '/v1/api_keys/:id'

/** The second of two requests that a proxy made of one: each service refuses it in its own format. */
const twice =
  (status: number, type: string) =>
  (service: Spot['service']): Fault => {
    const request_id = '8a3e2f10-52a7-4f0e-9a5c-6f1f8a6a2d12'
    const body = service === 'github' ? { message: 'Conflict' } : { type, status, request_id, errors: [] }
    return { kind: 'status', status, body, afterEffect: true }
  }

/** Spells dates as nanoseconds in the response to Rotate, and as milliseconds that are rounded up in Show. */
function roundedDates({ status, headers, body }: Answer): Answer {
  const spell = (date: string) => {
    if (status === 201) return date.replace('Z', '499Z')
    return new Date(Date.parse(date) + 1).toISOString()
  }
  const text = JSON.stringify(body).replace(/\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z/g, spell)
  return { status, headers, body: JSON.parse(text) }
}

/** Shows the token that was the key's so many ms ago. */
const shownLate =
  (ms: number) =>
  (_: Spot['service'], { clock, incident }: Circumstances): Fault => ({
    kind: 'answer',
    change: ({ status, headers, body }) => {
      const { api_key: key } = body as { api_key: { id: string } }
      const token = incident.tokensOf(key.id).findLast(({ issuedAt }) => issuedAt <= clock.now() - ms)
      const issued = token && { token_last_issued_at: new Date(token.issuedAt).toISOString() }
      return { status, headers, body: { api_key: { ...key, ...issued } } }
    },
  })

const datedLate =
  (ms: number) =>
  (_: Spot['service'], { clock }: Circumstances): Fault => ({
    kind: 'answer',
    change: ({ headers, ...answer }) => ({
      ...answer,
      headers: { ...headers, date: new Date(clock.now() - ms).toUTCString() },
    }),
  })

export const FAULTS: readonly FaultKind[] = [
  { name: '500', make: status(500) },
  { name: '502 with HTML', make: status(502, { body: HTML }) },
  { name: '503 with retry-after', make: status(503, { headers: { 'retry-after': '5' } }) },
  { name: '429', make: status(429, { headers: { 'retry-after': '3' } }) },
  { name: 'secondary limit', make: limit },
  { name: 'reset before', make: () => ({ kind: 'reset', when: 'before' }) },
  { name: 'reset after it took effect', make: () => ({ kind: 'reset', when: 'after' }) },
  { name: 'hang', make: () => ({ kind: 'hang', when: 'before' }) },
  { name: 'hang after it took effect', fits: changes, make: () => ({ kind: 'hang', when: 'after' }) },
  { name: '502 after it took effect', fits: changes, make: status(502, { body: HTML, afterEffect: true }) },
  { name: 'cut-off body', make: () => ({ kind: 'cut-off' }) },
  { name: 'unreadable body', make: () => ({ kind: 'unreadable' }) },
  { name: '403 page after it took effect', fits: changes, make: status(403, { body: HTML, afterEffect: true }) },
  { name: 'empty 407 after it took effect', fits: changes, make: status(407, { body: '', afterEffect: true }) },
  { name: '409 after it took effect', fits: changes, make: twice(409, 'conflict') },
  { name: '422 after it took effect', fits: isRotation, make: twice(422, 'validation_error') },
  { name: 'rounded dates', fits: isOfKey, make: () => ({ kind: 'answer', change: roundedDates }) },
  { name: 'late effect', fits: isRotation, isOnce: true, make: (_, { speed }) => ({ kind: 'late', ms: LATE / speed }) },
  {
    name: 'away for 150 s after it took effect',
    isOnce: true,
    make: (_, { speed }) => ({ kind: 'outage', ms: AWAY / speed }),
  },
  { name: 'encoded body', fits: isOfIncidentIo, make: () => ({ kind: 'encoded', encoding: 'gzip' }) },
  { name: 'in pieces over 20 s', fits: isRotation, make: (_, { speed }) => ({ kind: 'drip', ms: PIECES / speed }) },
  { name: 'shown 3 s late', fits: isShow, make: shownLate(3000) },
  { name: 'dated 4 s late', fits: ({ service }) => service === 'github', make: datedLate(4000) },
  { name: '401', fits: isWrite, make: status(401) },
  { name: '403', fits: isWrite, make: status(403) },
  { name: '404', fits: isWrite, make: status(404) },
  { name: '409', fits: isWrite, make: status(409) },
  { name: 'slow', make: (_, { speed }) => ({ kind: 'delay', ms: SLOW / speed }) },
]

/** The kinds of fault that may strike a request. */
export const faultsFor = (spot: Spot): readonly FaultKind[] => FAULTS.filter(({ fits }) => fits?.(spot) ?? true)

export function faultNamed(name: string): FaultKind {
  const kind = FAULTS.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`Invariant violation: no fault is named ${name}`)
  return kind
}
