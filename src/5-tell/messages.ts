import * as core from '@actions/core'
import { scrub } from '../services/mask.ts'
import { InputProblem, oneLine, Problem } from '../services/problem.ts'

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
