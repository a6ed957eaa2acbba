import { type Destination, placeOf } from '../destination.ts'
import { GitHubError } from '../services/github.ts'
import { NoAnswer } from '../services/http.ts'
import { IncidentIoError } from '../services/incident-io.ts'
import { Problem, quote } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'

/** What is known of the run, for remedies that depend on it. */
export interface RunContext {
  /** `github.run_attempt`: above 1 in a re-run. */
  runAttempt: number
}

/** A re-run may be given the secrets of the run's creation, which a rotation has since replaced. */
const RE_RUN =
  ' This is a re-run, and a re-run may be given the secrets as they were when the run was created: start a new run instead.'

/** What GitHub says when the credential lacks a permission, and nothing else is in the way. */
export const LACKS_PERMISSION = /^Resource not accessible by/i

const WHICH_TOKEN =
  'Give a fine-grained personal access token with "Secrets: read and write" for the repository, a classic one with the scope repo'

/** An error of incident.io or of the network on the way there, as the user should read it. */
export function explainIncidentIo(error: unknown, goal: string, subject: string, { runAttempt }: RunContext): unknown {
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal, subject, cause, remedy, requestId }, { cause: error })
  if (error instanceof NoAnswer) {
    return problem(
      `incident.io gave ${error.message}`,
      'Nothing was changed. See status.incident.io and the proxy settings of the runner, then run again.',
    )
  }
  if (!(error instanceof IncidentIoError)) return error
  const { message, requestId, status } = error
  if (status === 401) {
    const rerun = runAttempt > 1 ? RE_RUN : ''
    return problem(
      message,
      `Give a living API key with the role api_keys_manage as "incident-api-key".${rerun}`,
      requestId,
    )
  }
  if (status === 403) {
    return problem(
      message,
      'The managing key needs the permission api_keys_manage; grant it in the dashboard.',
      requestId,
    )
  }
  const nothing = 'Nothing was changed.'
  if (status >= 400 && isLimit(error.failure))
    return problem(message, `${nothing} Run again in a few minutes.`, requestId)
  return problem(message, `${nothing} Run again; when it persists, ask incident.io's support.`, requestId)
}

/** An error of GitHub about one destination, as the user should read it: a missing permission is told from other refusals. */
export function explainGitHub(
  error: unknown,
  goal: string,
  destination: Destination,
  { runAttempt }: RunContext,
): unknown {
  if (!(error instanceof GitHubError)) return error
  const place = placeOf(destination)
  const { status, said, headers, message } = error
  const problem = (cause: string, remedy: string) =>
    new Problem({ goal, subject: `of ${place}`, cause, remedy, destination }, { cause: error })

  if (status === 401) {
    const rerun = runAttempt > 1 ? RE_RUN : ''
    return problem(message, `The token in "github-token" is wrong, expired or revoked. ${WHICH_TOKEN}.${rerun}`)
  }
  if (isLimit(error.failure)) {
    return problem(message, 'This is a rate limit of GitHub. Run again later, or use a token with a limit of its own.')
  }
  if (status === 403 && LACKS_PERMISSION.test(said)) {
    const needed = headers['x-accepted-github-permissions'] ?? 'secrets=write'
    const workflow = /integration/i.test(said)
      ? " The workflow's own GITHUB_TOKEN can neither read nor write secrets, whatever its permissions."
      : ''
    return problem(`${message}: the token lacks the permission ${quote(needed)}`, `${WHICH_TOKEN}.${workflow}`)
  }
  if (status === 403 && /archived/i.test(said)) {
    return problem(message, 'Secrets of an archived repository cannot be written: unarchive it, or leave it out.')
  }
  if (status === 403 && (headers['x-github-sso'] !== undefined || /SAML|SSO/i.test(said))) {
    return problem(message, "Authorize the token for the organization's single sign-on, then run again.")
  }
  if (status === 403) return problem(message, `${WHICH_TOKEN}, and with access to ${place}.`)
  if (status === 404) {
    return problem(
      message,
      `Either ${place} does not exist, or the token may not see it. ${WHICH_TOKEN}, and with access to ${place}.`,
    )
  }
  return problem(message, 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.')
}

/** A classic token's scopes are proof enough: without `repo` it cannot write secrets. */
export function missingScope(destination: Destination, scopes: readonly string[]): Problem {
  return new Problem({
    destination,
    goal: 'write a secret',
    subject: `of ${placeOf(destination)}`,
    cause: `the classic token in "github-token" lacks the scope repo (it has ${scopes.filter(Boolean).join(', ') || 'none'})`,
    remedy: `${WHICH_TOKEN}.`,
  })
}
