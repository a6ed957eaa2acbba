import { type Destination, isOfOrganization, pathOf, storeOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { Access, GitHub } from '../services/github.ts'
import type { GitHubError } from '../services/github-ask.ts'
import type { PublicKey, ReaderRepository, Visibility } from '../services/github-secrets.ts'
import type { Problem } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'
import { loadSodium, type Sealer, sealerFor } from '../services/seal.ts'
import { cannotPrepare, explainGitHub, LACKS_PERMISSION, missingPermission, missingScope } from './explain-github.ts'

/** What a destination holds now. */
export interface Copy {
  destination: Destination
  /** When the secret was last written; undefined when it does not exist. ms since the epoch on this machine's clock. */
  updatedAt: number | undefined
  /** The same as GitHub wrote it (RFC 3339). */
  writtenAt: string | undefined
  /** Of an organization's secret: as it is, and as it stays. */
  visibility?: Visibility
  /** The repositories of the visibility `selected`. */
  selected?: readonly ReaderRepository[]
  /** Seals for this destination, tried out. */
  seal: Sealer
}

/** A secret that is new in an organization is for its private repositories only. */
const NEW_VISIBILITY: Visibility = { level: 'private' }
/** So many probes at most; beyond, one for each owner and kind. */
const MOST_PROBES = 30
/**
 * libsodium takes the processor for some 20 ms. By now, in ms, the connections to a GitHub far away have been begun,
 * which would have to wait meanwhile, and their handshakes are on the way. Where it is needed sooner, it is loaded then.
 */
const LOADING_AFTER = 60

/**
 * Looks at every destination at once: whether it can be written, what it holds, and whom it is sealed for. What several
 * of them share is asked once.
 *
 * @returns one promise for each, in the order of the destinations; they reject with a Problem
 */
export function lookAtCopies(
  destinations: readonly Destination[],
  github: GitHub,
  context: RunContext,
): Promise<Copy>[] {
  const shared = new Shared(github)
  setTimeout(() => loadSodium().catch(() => {}), LOADING_AFTER).unref()
  const probed = new Set(probedOf(destinations))
  const looks = destinations.map((destination) =>
    lookAtCopy(destination, probed.has(destination), shared, github, context),
  )
  // Each is waited for later, and must not count as unhandled until then.
  for (const look of looks) look.catch(() => {})
  return looks
}

/** The destinations that stand for the others when write access is tried out. */
export function probedOf(destinations: readonly Destination[]): Destination[] {
  const first = (keyOf: (destination: Destination) => string) => [
    ...new Map([...destinations].reverse().map((one) => [keyOf(one).toLowerCase(), one])).values(),
  ]
  const ofRepositories = first(({ kind, owner, repository = '' }) => `${kind} ${owner}/${repository}`)
  if (ofRepositories.length <= MOST_PROBES) return ofRepositories
  return first(({ kind, owner, repository }) => `${kind} ${owner} ${repository === undefined}`)
}

/** What destinations of one place share. */
class Shared {
  readonly #github: GitHub
  readonly #keys = new Map<string, Promise<PublicKey>>()

  constructor(github: GitHub) {
    this.#github = github
  }

  publicKey(destination: Destination): Promise<PublicKey> {
    const place = pathOf(destination).toLowerCase()
    const key = this.#keys.get(place) ?? this.#github.secrets.publicKey(destination)
    this.#keys.set(place, key)
    return key
  }
}

async function lookAtCopy(
  destination: Destination,
  isProbed: boolean,
  shared: Shared,
  github: GitHub,
  context: RunContext,
): Promise<Copy> {
  const explain = async (error: unknown) => {
    throw await explainGitHub(error, destination, github, context)
  }
  const access = await github.access(destination.owner).catch(explain)
  if (access.by === 'app' && !isGranted(destination, access)) throw missingPermission(destination, access.permissions)

  const { secrets } = github
  const probe = () => (isProbed ? secrets.probeWrite(destination) : undefined)
  const probing = access.by === 'other token' ? probe() : undefined
  const reading = readStored(destination, github)
  reading.catch(() => {})
  const publicKey = await shared.publicKey(destination).catch((error) => {
    if (lacksScope(destination, access)) throw missingScope(destination, access.scopes ?? [])
    return explain(error)
  })
  if (lacksScope(destination, access)) throw missingScope(destination, access.scopes ?? [])
  const stored = await reading.catch(explain)
  // Without the header that names its scopes, a classic token is tried out like any other.
  const isUntold = access.by === 'classic token' && access.scopes === undefined
  const refusal = await (isUntold ? probe() : probing)
  if (refusal !== undefined && isProof(refusal)) await explain(refusal)
  const seal = await sealerFor(publicKey).catch((cause) => {
    throw noPublicKey(destination, cause)
  })
  return {
    destination,
    ...stored,
    updatedAt: stored.writtenAt === undefined ? undefined : Date.parse(stored.writtenAt) - github.time.offset,
    seal,
  }
}

/** When a secret was written, and who can read it. */
export async function readStored(
  destination: Destination,
  { secrets }: GitHub,
): Promise<Pick<Copy, 'writtenAt' | 'visibility' | 'selected'>> {
  const stored = await secrets.stored(destination)
  const writtenAt = stored?.writtenAt
  if (!isOfOrganization(destination)) return { writtenAt }
  const level = stored?.visibility
  if (level === undefined) return { writtenAt, visibility: NEW_VISIBILITY }
  if (level !== 'selected') return { writtenAt, visibility: { level } }
  const selected = await secrets.selectedRepositories(destination)
  return { writtenAt, visibility: { level, repositoryIds: selected.map(({ id }) => id) }, selected }
}

function isGranted(destination: Destination, { permissions }: Access): boolean {
  return ['write', 'admin'].includes(permissions[storeOf(destination).permission] ?? '')
}

function lacksScope(destination: Destination, { by, scopes }: Access): boolean {
  return by === 'classic token' && scopes !== undefined && !scopes.includes(storeOf(destination).scope)
}

/**
 * Whether the answer to the probe proves that a write would fail. "Not found" is what a token that may write gets; of
 * the refusals only a missing permission, an archived repository, single sign-on and a limit are told for sure.
 */
function isProof(refusal: GitHubError): boolean {
  if (isLimit(refusal.failure) || refusal.status === 401) return true
  return refusal.status === 403 && (LACKS_PERMISSION.test(refusal.said) || /archived|SAML|SSO/i.test(refusal.said))
}

function noPublicKey(destination: Destination, cause: unknown): Problem {
  const reason = {
    cause: 'the public key that GitHub gave to seal it with is not a key of 32 bytes in base64',
    remedy: 'Nothing was changed. Run again; when it persists, ask the support of GitHub.',
  }
  return cannotPrepare(destination, reason, cause)
}
