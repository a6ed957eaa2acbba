import type { Inputs } from '../1-read/inputs.ts'
import { type Destination, placeOf } from '../destination.ts'
import type { GitHub } from '../services/github.ts'
import type { GitHubError } from '../services/github-ask.ts'
import type { Identity, IncidentIo, Key } from '../services/incident-io.ts'
import { allOrProblems, Problem, someOf } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'
import { type Sealer, sealerFor } from '../services/seal.ts'
import { explainGitHub, explainIncidentIo, LACKS_PERMISSION, missingScope, type RunContext } from './explain.ts'
import { findKey } from './find-key.ts'
import { lookAtRuns, type RunsSeen, type Watch } from './look-at-runs.ts'

/** Everything that the decision rests on. All times are ms since the epoch on this machine's clock. */
export interface Facts {
  key: Key
  /** When the key's token was issued. */
  issuedAt: number
  caller: Identity
  copies: readonly Copy[]
  runs: RunsSeen
}

/** What a destination holds now. */
export interface Copy {
  destination: Destination
  /** When the secret was last written; undefined when it does not exist. */
  updatedAt: number | undefined
  /** The same as GitHub wrote it (RFC 3339). */
  writtenAt: string | undefined
  /** Seals for this destination, tried out. */
  seal: Sealer
}

/** A request of each kind a write may need: the write itself, and once more for what goes wrong. */
const REQUESTS_PER_WRITE = 2

/**
 * Asks everything that can be asked before the rotation, all at once, so that whatever can be known to fail is known
 * while nothing has changed.
 *
 * @throws Problem, or AggregateError of several
 */
export async function look(
  inputs: Inputs,
  services: { incident: IncidentIo; github: GitHub },
  context: RunContext,
): Promise<Facts> {
  const { incident, github } = services
  const [{ caller, key }, copies, runs] = await allOrProblems([
    lookAtKey(inputs, incident, context),
    allOrProblems(inputs.destinations.map((one) => lookAtCopy(one, inputs.githubToken, github, context))),
    lookAtRuns(github.runs, watchFor(inputs, github, context)),
  ])
  checkBudget(github, copies.length)
  return { caller, key, issuedAt: Date.parse(key.issuedAt) - incident.time.offset, copies, runs }
}

/** Whose runs hold the old value. */
export function watchFor({ destinations }: Inputs, github: GitHub, context: RunContext): Watch {
  const [destination] = destinations
  if (destination === undefined) throw new Error('Invariant violation: there is no destination')
  const now = () => context.now() + github.time.offset
  return { repository: destination, secret: destination.secret, ownRunId: context.runId, now }
}

async function lookAtKey(
  { key: selector }: Inputs,
  incident: IncidentIo,
  context: RunContext,
): Promise<{ caller: Identity; key: Key }> {
  const finding = findKey(selector, incident)
  // Whatever goes wrong with the managing key is told first; the search meets the same refusal.
  finding.catch(() => {})
  const subject = 'with the managing key'
  const caller = await incident.identity().catch((error) => {
    throw explainIncidentIo(error, 'sign in to incident.io', subject, context)
  })
  if (![...caller.roles, ...caller.teamRoles].includes('api_keys_manage')) {
    throw new Problem({
      goal: 'manage API keys',
      subject,
      cause: `it lacks the role api_keys_manage (it has ${someOf(caller.roles)})`,
      remedy:
        'Make a managing key in the dashboard (Settings → API keys) with "View, create, edit, delete or rotate API ' +
        'keys" and every permission of the key it shall rotate; this role cannot be granted through the API.',
    })
  }
  const key = await finding.catch((error) => {
    throw explainIncidentIo(error, 'look up', 'the API key', context)
  })
  return { caller, key }
}

async function lookAtCopy(destination: Destination, token: string, github: GitHub, context: RunContext): Promise<Copy> {
  const isClassic = token.startsWith('ghp_')
  const probing = isClassic ? undefined : github.probeWrite(destination)
  const dating = github.updatedAt(destination)
  dating.catch(() => {})
  const lacksScope = () => isClassic && github.scopes !== undefined && !github.scopes.includes('repo')
  const publicKey = await github.publicKey(destination).catch((error) => {
    if (lacksScope()) throw missingScope(destination, github.scopes ?? [])
    throw explainGitHub(error, 'read the public key', destination, context)
  })
  if (lacksScope()) throw missingScope(destination, github.scopes ?? [])
  const writtenAt = await dating.catch((error) => {
    throw explainGitHub(error, 'read the secret', destination, context)
  })
  // Without the header that names its scopes, a classic token is tried out like any other.
  const refusal = await (probing ?? (github.scopes === undefined ? github.probeWrite(destination) : undefined))
  if (refusal !== undefined && isProof(refusal)) {
    throw explainGitHub(refusal, 'write a secret', destination, context)
  }
  const seal = await sealerFor(publicKey).catch((cause) => {
    throw new Problem(
      {
        goal: 'seal a value',
        subject: `for ${placeOf(destination)}`,
        cause: 'the public key that GitHub gave is not a key of 32 bytes in base64',
        remedy: 'Nothing was changed. Run again; when it persists, ask the support of GitHub.',
      },
      { cause },
    )
  })
  return {
    destination,
    updatedAt: writtenAt === undefined ? undefined : Date.parse(writtenAt) - github.time.offset,
    writtenAt,
    seal,
  }
}

/**
 * Whether the answer to the probe proves that a write would fail. "Not found" is what a token that may write gets; of
 * the refusals only a missing permission, an archived repository, single sign-on and a limit are told for sure.
 */
function isProof(refusal: GitHubError): boolean {
  if (isLimit(refusal.failure) || refusal.status === 401) return true
  return refusal.status === 403 && (LACKS_PERMISSION.test(refusal.said) || /archived|SAML|SSO/i.test(refusal.said))
}

function checkBudget({ budget }: GitHub, writes: number): void {
  const needed = writes * REQUESTS_PER_WRITE
  if (budget === undefined || budget.remaining >= needed) return
  // Dates beyond the year 275760 cannot be written down.
  const reset = Math.abs(budget.resetAt) < 8.64e15 ? ` until ${new Date(budget.resetAt).toISOString()}` : ''
  throw new Problem({
    goal: 'rotate',
    subject: 'with so few requests left at GitHub',
    cause: `x-ratelimit-remaining is ${budget.remaining}${reset}, and ${needed} are needed to be sure of the writes`,
    remedy: 'Nothing was changed. Run again after the limit is reset, or use a token with a limit of its own.',
  })
}
