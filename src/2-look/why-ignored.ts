import { type AuditEvent, isAbout, runNamedIn } from '../1-read/event.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import type { Key } from '../services/incident-io.ts'

/** A key that is left alone, and why. */
export interface Ignored {
  /** Undefined for one that is missing, or is to be. */
  key: Key | undefined
  because: { kind: 'another-key' } | { kind: 'at-work'; run: string }
}

/**
 * Why an event does not even lead to a look at the copies: it is about another key, or the run that rotated is still at
 * work. Undefined when there is no event, or no reason.
 *
 * @param event its `User-Agent` is believed only as far as which run to look at
 */
export async function whyIgnored(
  event: AuditEvent | undefined,
  key: Key,
  { runs }: GitHub,
  { runId }: RunContext,
): Promise<Ignored | undefined> {
  if (event === undefined) return undefined
  if (!isAbout(event, key.id)) return { key, because: { kind: 'another-key' } }
  const named = runNamedIn(event.userAgent)
  if (named === undefined || named.runId === runId) return undefined
  const { owner, repository } = named.repository
  // A run that cannot be seen holds nothing up: the copies tell.
  const isAtWork = await runs.isInProgress(named.repository, named.runId).catch(() => undefined)
  return isAtWork ? { key, because: { kind: 'at-work', run: `${owner}/${repository}#${named.runId}` } } : undefined
}
