import type { Destination } from '../destination.ts'
import { scrub } from './mask.ts'

/** What the user reads when something cannot be done: one annotation each. */
export interface ProblemParts {
  /** What could not be done, as the user sees it: "prepare to write". */
  goal: string
  /** To what: "the secret INCIDENT_API_KEY in octo/app". */
  subject: string
  /** Why it could not be: "GitHub answered 404 (Not Found)". */
  cause: string
  /** What the user can do about it, as whole sentences. */
  remedy: string
  /** incident.io's id of the request, which its support asks for. */
  requestId?: string | undefined
  /** The destination that it is about, where it is about one. */
  destination?: Destination
  /** Whether the same cause may stand in the way of other destinations too: then they are told together. */
  isShared?: true
}

/** An error for the user, told in four parts: goal, subject, cause, remedy. */
export class Problem extends Error {
  override name = 'Problem'
  readonly parts: ProblemParts

  constructor(parts: ProblemParts, options?: ErrorOptions) {
    const request = parts.requestId === undefined ? '' : ` (incident.io request_id ${parts.requestId})`
    super(`Could not ${parts.goal} ${parts.subject}: ${parts.cause}${request}. ${parts.remedy}`, options)
    this.parts = parts
  }
}

/** An input that cannot be used: names the input, what was given, and what would be right. */
export class InputProblem extends Error {
  override name = 'InputProblem'
}

/** A mistake in a manifest: names the file and, where it is about one, the place in it, both from 1. */
export class ManifestProblem extends InputProblem {
  override name = 'ManifestProblem'
  readonly file: string
  readonly line: number | undefined
  readonly column: number | undefined

  /** @param sentence a whole sentence, which may be followed by lines of the file */
  constructor(file: string, sentence: string, at?: { line: number; column?: number }, options?: ErrorOptions) {
    const line = at === undefined ? '' : `, line ${at.line}`
    const column = at?.column === undefined ? '' : `, column ${at.column}`
    super(`Manifest ${oneLine(file) || '.'}${line}${column}: ${sentence}`, options)
    this.file = file
    this.line = at?.line
    this.column = at?.column
  }
}

/** The system's codes for too many open files, of this process or of the machine. */
export const TOO_MANY_FILES = ['EMFILE', 'ENFILE']

/** Every single error in what was thrown: several phases collect theirs in an `AggregateError`. */
export function errorsIn(thrown: unknown): unknown[] {
  return thrown instanceof AggregateError ? thrown.errors.flatMap(errorsIn) : [thrown]
}

/** Waits for everything, then throws all that failed together, so that the user sees every mistake at once. */
export async function allOrProblems<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const settled = await Promise.allSettled(promises)
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors)
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never
}

/**
 * Text from outside as it may stand in a message: quoted, on one line, without control characters, not endless. A
 * credential in it is taken out before it is cut, since half of one would not be recognized any more.
 */
export function quote(text: string): string {
  const clean = scrub(text).replace(/[\u007f-\u009f\u2028\u2029]/g, ' ')
  return JSON.stringify(clean.length > 200 ? `${clean.slice(0, 200)}…` : clean)
}

/** The first of many names for a message, and how many more there are. */
export function someOf(names: readonly string[], most = 20): string {
  const more = names.length - most
  return (names.slice(0, most).join(', ') || 'none') + (more > 0 ? ` and ${more} more` : '')
}

/** A service's own words for a message: scrubbed, one line, not endless, without the dot that our sentence adds. */
export function oneLine(text: string): string {
  const clean = scrub(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const line = clean.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ').trim()
  return (line.length > 300 ? `${line.slice(0, 300)}…` : line).replace(/\.$/, '')
}
