import type { AuditEvent } from '../1-read/event.ts'
import { quote } from '../services/problem.ts'

/** The types of actors that incident.io documents, in words. */
const ACTORS = new Map([
  ['user', 'the user'],
  ['api_key', 'the API key'],
  ['system', 'the system'],
  ['workflow', 'the incident.io workflow'],
  ['external_resource', 'the external resource'],
  ['alert', 'the alert'],
])

/**
 * Who rotated the key, when and from where, as the audit entry tells it: one sentence on one line. What comes from the
 * entry is quoted; it is not escaped for Markdown.
 */
export function eventInWords(event: AuditEvent): string {
  const { occurredAt, location, userAgent } = event
  const when = occurredAt === undefined ? 'a time that it does not tell' : timeInWords(occurredAt)
  const where = location === undefined ? 'a place that it does not tell' : quoted(location)
  const how = userAgent === undefined ? '' : `, with the user agent ${quoted(userAgent)}`
  return `The audit log's entry says that ${actorInWords(event)} rotated the key at ${when}, from ${where}${how}.`
}

function actorInWords({ actor: { type, id, name }, roles }: AuditEvent): string {
  const details = [
    ...(id === undefined ? [] : [`id ${quoted(id)}`]),
    ...(roles === undefined ? [] : [`roles ${quoted(roles)}`]),
  ]
  return [
    type === undefined ? 'an actor of no type' : (ACTORS.get(type) ?? `an actor of the type ${quoted(type)}`),
    name === undefined ? 'without a name' : quoted(name),
    ...(details.length === 0 ? [] : [`(${details.join(', ')})`]),
  ].join(' ')
}

function timeInWords(time: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(time) ? time : quoted(time)
}

/** Without marks that turn the direction of what follows them. */
function quoted(text: string): string {
  return quote(text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''))
}
