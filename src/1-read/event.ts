import { readFileSync } from 'node:fs'
import type { RepositoryName } from '../services/github-ask.ts'
import { hide, scrub } from '../services/mask.ts'
import { InputProblem, quote } from '../services/problem.ts'
import { PARTS } from './place.ts'

/**
 * An entry of incident.io's audit log about a rotation, as somebody sent it here: whoever may write to the repository
 * can send one with anything in it. It is told, and never believed.
 *
 * @see https://docs.incident.io/api-reference/api-key/rotated-v1
 */
export interface AuditEvent {
  /** The keys that it is about, whole: they are compared, and not told. */
  readonly keyIds: readonly string[]
  /** RFC 3339, if it is honest. */
  readonly occurredAt: string | undefined
  readonly actor: {
    /** `user`, `api_key`, `system`, `workflow`, `external_resource`, `alert`, or one that came later. */
    readonly type: string | undefined
    readonly id: string | undefined
    readonly name: string | undefined
  }
  /** The roles of an actor that is an API key, with commas between. */
  readonly roles: string | undefined
  readonly location: string | undefined
  readonly userAgent: string | undefined
}

/** The type of the event, and the action of the entry. */
const ROTATED = 'api_key.rotated'

/** Longer texts are cut. The `User-Agent` of a run of ours is shorter. */
const LONGEST = 300

/** What looks like a token of either service, and may be cut. */
const TOKENS = /(?:inc_|gh[opsur]_|github_pat_)\w{8,}/gi

/** The properties of something that was JSON. */
type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the audit entry that started this run. To be called when the credentials are masked, since a text is cut here.
 *
 * @returns undefined when the run was started by something else; an entry that is missing or of another shape is one
 *   that is about no key
 * @throws InputProblem when a `repository_dispatch` does not tell its type: it might be of this one, and must not rotate
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#repository_dispatch
 */
export function readEvent(env: NodeJS.ProcessEnv): AuditEvent | undefined {
  if (env.GITHUB_EVENT_NAME !== 'repository_dispatch') return undefined
  const { action, client_payload: payload } = readEventFile(env.GITHUB_EVENT_PATH ?? '')
  return action === ROTATED ? eventOf(entryIn(payload)) : undefined
}

export function isAbout({ keyIds }: AuditEvent, keyId: string): boolean {
  return keyIds.includes(keyId)
}

/**
 * The run that a `User-Agent` of ours names (`userAgentFor` makes them); undefined for any other. Anybody can send such a
 * one, so it tells which run to look at, and no more.
 */
export function runNamedIn(userAgent: string | undefined): { repository: RepositoryName; runId: number } | undefined {
  const [, owner, repository, id] =
    /^rotate-incident-key\/[\w.+-]{1,50} \(([^/]+)\/([^/;]+); run ([1-9]\d{0,15})\/[1-9]\d{0,5}\)$/.exec(
      userAgent ?? '',
    ) ?? []
  const runId = Number(id)
  if (owner === undefined || repository === undefined || !Number.isSafeInteger(runId)) return undefined
  if (!PARTS[0].is.test(owner) || !PARTS[1].is.test(repository)) return undefined
  return { repository: { owner, repository }, runId }
}

function readEventFile(path: string): Fields {
  if (path === '') throw unreadable('is empty')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException
    throw unreadable(`names a file that cannot be read: ${quote(path)} (${code})`, error)
  }
  let event: Fields
  try {
    event = fieldsOf(JSON.parse(text))
  } catch {
    // The parser's reason quotes the file.
    throw unreadable(`names a file that is not JSON: ${quote(path)}`)
  }
  if (typeof event.action !== 'string') throw unreadable(`names a file that does not tell the type: ${quote(path)}`)
  return event
}

function unreadable(wrong: string, cause?: unknown): InputProblem {
  return new InputProblem(
    `Could not read the type of the repository_dispatch event that started this run: the environment variable GITHUB_EVENT_PATH ${wrong}. ` +
      'An event of the audit log must not rotate like an ordinary run, so nothing was done. Let the runner set this ' +
      'variable: no step may change it, and in a container the folder of the file must be mounted.',
    { cause },
  )
}

/**
 * The entry in a payload: the payload itself, or one of its properties, since GitHub takes ten of them at most and a
 * stream may have put the entry into an envelope (Splunk's is `{"event": …}`).
 */
function entryIn(payload: unknown): Fields {
  const whole = fieldsOf(payload)
  return [whole, ...Object.values(whole).map(fieldsOf)].find(({ targets }) => Array.isArray(targets)) ?? whole
}

/** The version is not looked at: what a later one still has in its place is read, and the rest is unknown. */
function eventOf(entry: Fields): AuditEvent {
  const [actor, context] = [fieldsOf(entry.actor), fieldsOf(entry.context)]
  return {
    keyIds: isOfRotation(entry) ? keyIdsIn(entry.targets) : [],
    occurredAt: textOf(entry.occurred_at),
    actor: { type: textOf(actor.type), id: textOf(actor.id), name: textOf(actor.name) },
    roles: textOf(fieldsOf(actor.metadata).api_key_roles),
    location: textOf(context.location),
    userAgent: textOf(context.user_agent),
  }
}

/** Whether a relay that sends on every entry has not sent one of something else. */
function isOfRotation({ action }: Fields): boolean {
  return typeof action !== 'string' || action === ROTATED || action.startsWith(`${ROTATED}.`)
}

function keyIdsIn(targets: unknown): string[] {
  if (!Array.isArray(targets)) return []
  return targets
    .map(fieldsOf)
    .filter(({ type }) => type === 'api_key')
    .map(({ id }) => id)
    .filter((id) => typeof id === 'string')
}

/** The properties of an object, and none of anything else. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  // Whoever sends the entry may have put a token into it that this run does not know.
  const clean = scrub(value).replace(TOKENS, (token) => {
    hide(token)
    return '***'
  })
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…`.toWellFormed() : clean
}
