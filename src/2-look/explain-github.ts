import { type Destination, isOfOrganization, nameOf, placeOf, type Store, storeOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import { InstallationError } from '../services/github-app.ts'
import { GitHubError } from '../services/github-ask.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'
import { RE_RUN } from './explain-incident-io.ts'
import { nearNames } from './find-key.ts'

/** What GitHub says when the credential lacks a permission, and nothing else is in the way. */
export const LACKS_PERMISSION = /^Resource not accessible by/i

/** Why something could not be done, and what the user can do about it. */
interface Reason {
  cause: string
  remedy: string
}

/** What stands in the way of a secret before the rotation: whatever was asked of GitHub, this is what the user wants. */
export function cannotPrepare(destination: Destination, reason: Reason, cause?: unknown): Problem {
  const subject = `the secret ${nameOf(destination)}`
  return new Problem({ goal: 'prepare to write', subject, destination, ...reason, isShared: true }, { cause })
}

/** The same where the secret is to be deleted. */
export function asDeletion(error: unknown): never {
  if (!(error instanceof Problem) || !error.parts.isShared) throw error
  throw new Problem({ ...error.parts, goal: 'prepare to delete' }, { cause: error.cause })
}

/** An error of GitHub about one destination, as the user should read it before the rotation. */
export async function explainGitHub(
  error: unknown,
  destination: Destination,
  github: GitHub,
  context: RunContext,
): Promise<unknown> {
  if (!isOfGitHub(error)) return error
  const isMissing = error instanceof GitHubError && error.status === 404
  const reason = isMissing
    ? await reasonForMissing(error, destination, github)
    : causeAtGitHub(error, destination, context)
  return cannotPrepare(destination, reason, error)
}

/** Whether GitHub refused something, or gave no answer, or an App cannot sign in there. */
export function isOfGitHub(error: unknown): error is GitHubError | InstallationError {
  return error instanceof GitHubError || error instanceof InstallationError
}

/** Why GitHub refused, and what to do: a missing permission is told from all other refusals. */
export function causeAtGitHub(
  error: GitHubError | InstallationError,
  destination: Destination,
  { runAttempt }: RunContext,
): Reason {
  if (error instanceof InstallationError) return causeOfSignIn(error, runAttempt)
  const { status, said, headers, message, failure } = error
  const place = placeOf(destination)
  const store = storeOf(destination)
  const because = (cause: string, remedy: string) => ({ cause, remedy })
  if (status === 401) {
    const rerun = runAttempt > 1 ? RE_RUN : ''
    return because(
      message,
      `The token for GitHub ("github-token", or the one that the GitHub App was given) is wrong, expired or revoked, or "github-api-url" is another GitHub's. ${whichToken(store)}.${rerun}`,
    )
  }
  if (status === 403 && LACKS_PERMISSION.test(said)) {
    const needed = headers['x-accepted-github-permissions'] ?? `${store.permission}=write`
    const workflow = /integration/i.test(said)
      ? " The token is a GitHub App's without the permission, or the workflow's own: GITHUB_TOKEN can neither read nor write secrets."
      : ''
    return because(`${message}: the token lacks the permission ${quote(needed)}`, `${whichToken(store)}.${workflow}`)
  }
  if (isLimit(failure)) {
    return because(message, 'This is a rate limit of GitHub. Run again later, or use a token with a limit of its own.')
  }
  if (status === 403 && /archived/i.test(said)) {
    return because(message, 'Secrets of an archived repository cannot be written: unarchive it, or leave it out.')
  }
  if (isSignOn(error)) {
    return because(message, "Authorize the token for the organization's single sign-on, then run again.")
  }
  if (status === 403) return because(message, `${whichToken(store)}, and with access to ${place}.`)
  if (status === 404) {
    return because(
      message,
      `Either ${place} does not exist, or the token may not see it. ${whichToken(store)}, and with access to ${place}.`,
    )
  }
  return because(message, 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.')
}

/** Whether GitHub wants the token authorized for an organization's single sign-on. */
export function isSignOn({ status, said, headers }: GitHubError): boolean {
  return status === 403 && (headers['x-github-sso'] !== undefined || /SAML|SSO/i.test(said))
}

/** GitHub says "not found" of what is not there and of what may not be seen: told apart as far as it lets one. */
async function reasonForMissing(error: GitHubError, destination: Destination, github: GitHub): Promise<Reason> {
  const asked = isOfOrganization(destination)
    ? missingOrganization(destination, github)
    : missingInRepository(destination, github)
  const found = await asked.catch(() => undefined)
  const remedy = `${whichToken(storeOf(destination))}, and with access to ${placeOf(destination)}.`
  if (found === undefined) {
    return {
      cause: error.message,
      remedy: `Either ${placeOf(destination)} does not exist, or the token may not see it. Correct the name in "destinations", or give the token access. ${remedy}`,
    }
  }
  return { remedy, ...found, cause: `${error.message}: ${found.cause}` }
}

type Finding = Partial<Reason> & Pick<Reason, 'cause'>

async function missingOrganization({ owner }: Destination, github: GitHub): Promise<Finding | undefined> {
  const type = await github.places.accountType(owner)
  if (type === undefined) {
    return { cause: `there is no account ${owner}`, remedy: 'Correct the name of the organization in "destinations".' }
  }
  if (type === 'User') {
    return {
      cause: `${owner} is a personal account, and only organizations have such secrets`,
      remedy: `Write "repository: ${owner}/REPO" in "destinations", with the name of the repository.`,
    }
  }
  return { cause: `the organization ${owner} exists, but the token may not see its secrets` }
}

async function missingInRepository(destination: Destination, github: GitHub): Promise<Finding | undefined> {
  const { kind, owner, repository = '', environment = '' } = destination
  const name = `${owner}/${repository}`
  if ((await github.places.repository({ owner, repository })) === undefined) return undefined
  if (kind === 'environment') {
    const names = await github.places.environments({ owner, repository }).catch(() => undefined)
    if (names !== undefined && !names.some((one) => one.toLowerCase() === environment.toLowerCase())) {
      const all = names.map((one) => ({ name: one }))
      const near = nearNames(all, environment).map((one) => quote(one.name))
      return {
        cause: `${name} has no environment ${quote(environment)}`,
        remedy:
          near.length > 0
            ? `Did you mean ${near.join(', ')}?`
            : `It has ${someOf(names.map(quote), 10)}. Make the environment in the settings of the repository, or correct its name in "destinations".`,
      }
    }
  }
  return { cause: `${name} exists, but the token may not see its ${storeOf(destination).permissionName.toLowerCase()}` }
}

/** Why a GitHub App cannot sign in for an owner. */
function causeOfSignIn({ owner, answer }: InstallationError, runAttempt: number): Reason {
  if (answer === undefined) {
    return {
      cause: `the GitHub App is not installed for ${owner}`,
      remedy: `Install the App for ${owner} (Install App on its settings page), with access to the repositories in "destinations", or correct the owner's name.`,
    }
  }
  const cause = `the GitHub App could not sign in for ${owner}: ${answer.message}`
  if (answer.status === 401 || answer.status === 404) {
    const rerun = answer.status === 401 && runAttempt > 1 ? RE_RUN : ''
    return {
      cause,
      remedy: `Check that "github-app-id" is the App's id or client id, that "github-app-private-key" is a private key of that App, and that the clock of the runner is right.${rerun}`,
    }
  }
  if (answer.status === 403 && /suspended/i.test(answer.said)) {
    return { cause, remedy: `Let an owner of ${owner} unsuspend it in the account's settings.` }
  }
  return { cause, remedy: 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.' }
}

/** A classic token's scopes are proof enough: without the right one it cannot write secrets. */
export function missingScope(destination: Destination, scopes: readonly string[]): Problem {
  const store = storeOf(destination)
  return cannotPrepare(destination, {
    cause: `the classic token in "github-token" lacks the scope ${store.scope} (it has ${someOf(scopes.filter(Boolean))})`,
    remedy: `${whichToken(store)}.`,
  })
}

/** What an App's installation was granted is proof enough too. */
export function missingPermission(destination: Destination, granted: Readonly<Record<string, string>>): Problem {
  const { permission, permissionName } = storeOf(destination)
  const has = Object.entries(granted).map(([name, level]) => `${name}: ${level}`)
  return cannotPrepare(destination, {
    cause: `the installation of the GitHub App for ${destination.owner} lacks the permission "${permission}: write" (it has ${someOf(has)})`,
    remedy: `Grant ${quote(`${permissionName}: Read and write`)} on the App's settings page, and accept the new permission for ${destination.owner}.`,
  })
}

function whichToken({ permissionName, scope, isClosedToApps }: Store): string {
  const app = isClosedToApps ? '' : ", or a GitHub App's,"
  return `Give a fine-grained personal access token${app} with "${permissionName}: read and write", "Actions: read" and "Contents: read" for ${scope === 'repo' ? 'the repository' : 'the repositories'}, or a classic token with the scope ${scope === 'repo' ? scope : `${scope} (and repo, to see runs)`}`
}
