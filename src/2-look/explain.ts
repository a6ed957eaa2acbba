import { type Destination, placeOf } from '../destination.ts'
import { GitHubError } from '../services/github-ask.ts'
import { NoAnswer } from '../services/http.ts'
import { IncidentIoError } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'

/** What is known of the run, for remedies that depend on it. */
export interface RunContext {
  /** `github.run_attempt`: above 1 in a re-run. */
  runAttempt: number
  runId: number
  /** ms since the epoch on this machine's clock. */
  now: () => number
}

/** A re-run may be given the secrets of the run's creation, which a rotation has since replaced. */
const RE_RUN =
  ' This is a re-run, and a re-run may be given the secrets as they were when the run was created: start a new run instead.'

/** What GitHub says when the credential lacks a permission, and nothing else is in the way. */
export const LACKS_PERMISSION = /^Resource not accessible by/i

const WHICH_TOKEN =
  'Give a fine-grained personal access token, or a GitHub App\'s, with "Secrets: read and write", "Actions: read" and "Contents: read" for the repository, or a classic token with the scope repo'

/** An error of incident.io or of the network on the way there, as the user should read it. */
export function explainIncidentIo(error: unknown, goal: string, subject: string, { runAttempt }: RunContext): unknown {
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
  if (status === 401) {
    const rerun = runAttempt > 1 ? RE_RUN : ''
    return problem(
      message,
      `Give a valid API key with the role api_keys_manage as "incident-api-key".${rerun}`,
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

/** An error of GitHub about one destination, as the user should read it before the rotation. */
export function explainGitHub(error: unknown, goal: string, destination: Destination, context: RunContext): unknown {
  if (!(error instanceof GitHubError)) return error
  const subject = `of ${placeOf(destination)}`
  return new Problem({ goal, subject, destination, ...causeAtGitHub(error, destination, context) }, { cause: error })
}

/** Why GitHub refused, and what to do: a missing permission is told from all other refusals. */
export function causeAtGitHub(
  { status, said, headers, message, failure }: GitHubError,
  destination: Destination,
  { runAttempt }: RunContext,
): { cause: string; remedy: string } {
  const place = placeOf(destination)
  const because = (cause: string, remedy: string) => ({ cause, remedy })
  if (status === 401) {
    const rerun = runAttempt > 1 ? RE_RUN : ''
    return because(
      message,
      `The token in "github-token" is wrong, expired or revoked, or "github-api-url" is another GitHub's. ${WHICH_TOKEN}.${rerun}`,
    )
  }
  if (isLimit(failure)) {
    return because(message, 'This is a rate limit of GitHub. Run again later, or use a token with a limit of its own.')
  }
  if (status === 403 && LACKS_PERMISSION.test(said)) {
    const needed = headers['x-accepted-github-permissions'] ?? 'secrets=write'
    const workflow = /integration/i.test(said)
      ? " The token is a GitHub App's without the permission, or the workflow's own: GITHUB_TOKEN can neither read nor write secrets."
      : ''
    return because(`${message}: the token lacks the permission ${quote(needed)}`, `${WHICH_TOKEN}.${workflow}`)
  }
  if (status === 403 && /archived/i.test(said)) {
    return because(message, 'Secrets of an archived repository cannot be written: unarchive it, or leave it out.')
  }
  if (status === 403 && (headers['x-github-sso'] !== undefined || /SAML|SSO/i.test(said))) {
    return because(message, "Authorize the token for the organization's single sign-on, then run again.")
  }
  if (status === 403) return because(message, `${WHICH_TOKEN}, and with access to ${place}.`)
  if (status === 404) {
    return because(
      message,
      `Either ${place} does not exist, or the token may not see it. ${WHICH_TOKEN}, and with access to ${place}.`,
    )
  }
  return because(message, 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.')
}

/** A classic token's scopes are proof enough: without `repo` it cannot write secrets. */
export function missingScope(destination: Destination, scopes: readonly string[]): Problem {
  return new Problem({
    destination,
    goal: 'write a secret',
    subject: `of ${placeOf(destination)}`,
    cause: `the classic token in "github-token" lacks the scope repo (it has ${someOf(scopes.filter(Boolean))})`,
    remedy: `${WHICH_TOKEN}.`,
  })
}
