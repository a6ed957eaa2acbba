import type { RunContext } from '../run-context.ts'
import { NoAnswer } from '../services/decode.ts'
import { IncidentIoError, MANAGING } from '../services/incident-io.ts'
import { Problem } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'

/** A re-run may be given the secrets of the run's creation, which a rotation has since replaced. */
export const RE_RUN =
  ' This is a re-run, and a re-run may be given the secrets as they were when the run was created: start a new run instead.'

/** What to do where incident.io does not take the managing key (401). */
export function giveValidKey({ runAttempt }: RunContext): string {
  const rerun = runAttempt > 1 ? RE_RUN : ''
  return `The token in "incident-api-key" is wrong, deleted or replaced by a newer one. Give a valid API key with the role ${MANAGING}.${rerun}`
}

/** An error of incident.io or of the network on the way there, as the user should read it. */
export function explainIncidentIo(error: unknown, goal: string, subject: string, context: RunContext): unknown {
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal, subject, cause, remedy, requestId }, { cause: error })
  if (error instanceof NoAnswer) {
    return problem(
      `incident.io gave ${error.message}`,
      'Nothing was changed. Check "incident-api-url", status.incident.io and the proxy settings of the runner, then run again.',
    )
  }
  if (!(error instanceof IncidentIoError)) return error
  const { message, requestId, status } = error
  if (status === 401) return problem(message, giveValidKey(context), requestId)
  if (status === 403) {
    return problem(
      message,
      'The managing key needs the permission api_keys_manage; grant it in the dashboard.',
      requestId,
    )
  }
  if (status === 404) {
    return problem(
      message,
      'Nothing was changed. Check "incident-api-url": it is the base URL, without /v1.',
      requestId,
    )
  }
  const nothing = 'Nothing was changed.'
  if (status >= 400 && isLimit(error.failure))
    return problem(message, `${nothing} Run again in a few minutes.`, requestId)
  return problem(message, `${nothing} Run again; when it persists, ask incident.io's support.`, requestId)
}
