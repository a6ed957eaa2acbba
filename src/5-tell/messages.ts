import * as core from '@actions/core'
import { nameOf } from '../destination.ts'
import { scrub } from '../services/mask.ts'
import { InputProblem, oneLine, Problem, someOf } from '../services/problem.ts'

/**
 * What the user reads of an error, whatever it is. A stack trace is for the debug log only, which the runner hides
 * unless debugging is on.
 */
export function messageOf(error: unknown): string {
  if (error instanceof Problem || error instanceof InputProblem) return error.message
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown }
  if (core.isDebug() && typeof stack === 'string') core.debug(scrub(stack))
  return (
    `Could not go on: ${oneLine(`${String(name ?? 'error')}: ${String(message ?? error)}`)}. This is a fault of the ` +
    'action itself: run again with debug logging, and report it.'
  )
}

/** What the user reads of several errors: what keeps several destinations from being written is one mistake, told once. */
export function messagesOf(errors: readonly unknown[]): string[] {
  const alike = Map.groupBy(errors, (error) => {
    const parts = error instanceof Problem ? error.parts : undefined
    return parts?.isShared ? JSON.stringify([parts.goal, parts.cause, parts.remedy]) : messageOf(error)
  })
  return [...alike.values()].map((group) => messageOf(group.length === 1 ? group[0] : joined(group)))
}

/** One problem for several that differ in their destinations only. */
function joined([first, ...others]: readonly unknown[]): unknown {
  if (!(first instanceof Problem) || !first.parts.isShared) return first
  const destinations = [first, ...others].flatMap((one) => (one as Problem).parts.destination ?? [])
  const names = [...new Set(destinations.map(nameOf))]
  return names.length === 1 ? first : new Problem({ ...first.parts, subject: `the secrets ${someOf(names)}` })
}
