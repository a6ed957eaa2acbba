import type { Fault } from '../faults.ts'
import type { Spot } from './spots.ts'

/** A fault of the campaign, as it is at one of the services. */
export interface FaultKind {
  name: string
  /** Whether it differs from another kind only where the request changes something. */
  forChangesOnly?: boolean
  make(service: Spot['service'], circumstances: Circumstances): Fault
}

export interface Circumstances {
  /** How much faster time goes by: faults wait in real milliseconds. */
  speed: number
  /** ms since 1970 on the stand-ins' clock. */
  now: number
}

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>'
/** Shorter than the action waits for an answer, in ms. */
const SLOW = 8000

const status =
  (code: number, more: { headers?: Record<string, string>; body?: unknown; afterEffect?: boolean } = {}) =>
  (): Fault => ({ kind: 'status', status: code, body: { message: 'Something went wrong' }, ...more })

/** GitHub's secondary limit, and incident.io's only one as it tells it: in the body, with a date in the other form. */
function limit(service: Spot['service'], { now }: Circumstances): Fault {
  if (service === 'github') {
    const body = {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    }
    return { kind: 'status', status: 403, headers: { 'retry-after': '4' }, body }
  }
  const retryAfter = new Date(now + 30_000).toUTCString().replace('GMT', 'UTC')
  const body = {
    type: 'too_many_requests',
    status: 429,
    request_id: '8a3e2f10-52a7-4f0e-9a5c-6f1f8a6a2d11',
    rate_limit: { name: 'Key manager', limit: 1200, remaining: 0, retry_after: retryAfter },
    errors: [{ code: 'too_many_requests', message: 'Too many requests.' }],
  }
  return { kind: 'status', status: 429, body }
}

export const FAULTS: readonly FaultKind[] = [
  { name: '500', make: status(500) },
  { name: '502 with HTML', make: status(502, { body: HTML }) },
  { name: '503 with retry-after', make: status(503, { headers: { 'retry-after': '5' } }) },
  { name: '429', make: status(429, { headers: { 'retry-after': '3' } }) },
  { name: 'secondary limit', make: limit },
  { name: 'reset before', make: () => ({ kind: 'reset', when: 'before' }) },
  { name: 'reset after it took effect', make: () => ({ kind: 'reset', when: 'after' }) },
  { name: 'hang', make: () => ({ kind: 'hang', when: 'before' }) },
  { name: 'hang after it took effect', forChangesOnly: true, make: () => ({ kind: 'hang', when: 'after' }) },
  { name: '502 after it took effect', forChangesOnly: true, make: status(502, { body: HTML, afterEffect: true }) },
  { name: 'cut-off body', make: () => ({ kind: 'cut-off' }) },
  { name: 'unreadable body', make: () => ({ kind: 'unreadable' }) },
  { name: 'slow', make: (_, { speed }) => ({ kind: 'delay', ms: SLOW / speed }) },
]

export function faultNamed(name: string): FaultKind {
  const kind = FAULTS.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`Invariant violation: no fault is named ${name}`)
  return kind
}
