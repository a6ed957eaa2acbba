import { type Destination, isOfOrganization, pathOf, placeOf, storeOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { Access, GitHub } from '../services/github.ts'
import type { GitHubError } from '../services/github-ask.ts'
import type { RepositoryFacts } from '../services/github-places.ts'
import type { PublicKey, ReaderRepository, SecretList, Visibility } from '../services/github-secrets.ts'
import { type Problem, quote, TOO_MANY_FILES } from '../services/problem.ts'
import { isLimit, type Patience } from '../services/retry.ts'
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
  /** Of a missing secret: the names of the others in its place that are no destinations, if they could be read. */
  otherNames?: readonly string[]
  /** The same for all names of a repository; undefined for an organization, and if it was not needed. */
  repositoryId?: number
  /** Seals for this destination, tried out. */
  seal: Sealer
}

/** A destination in an archived repository: nothing runs there, and its secrets cannot be written. */
export class Archived extends Error {
  override name = 'Archived'
  readonly destination: Destination

  constructor(destination: Destination) {
    super(`${placeOf(destination)} is archived`)
    this.destination = destination
  }
}

/** A secret that is new in an organization is for its private repositories only. */
const NEW_VISIBILITY: Visibility = { level: 'private' }
/** The visibilities that GitHub's API accepts. */
const VISIBILITIES = ['all', 'private', 'selected']
/** How many secrets a place may hold. https://docs.github.com/actions/reference/security/secrets#limits-for-secrets */
const MAX_SECRETS: Partial<Record<Destination['kind'], number>> = {
  repository: 100,
  environment: 100,
  organization: 1000,
}
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
 * @param named every destination of this run, whichever are looked at
 * @returns one promise for each, in the order of the destinations; they reject with a Problem
 */
export function lookAtCopies(
  destinations: readonly Destination[],
  github: GitHub,
  context: RunContext,
  named = destinations,
): Promise<Copy>[] {
  const shared = new Shared(github, destinations, named)
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
  readonly #destinations: readonly Destination[]
  readonly #named: ReadonlySet<string>
  readonly #keys = new Map<string, Promise<PublicKey>>()
  readonly #repositories = new Map<string, Promise<RepositoryFacts | undefined>>()
  readonly #lists = new Map<string, Promise<SecretList | undefined>>()
  /** How many secrets are missing, by place. */
  readonly #missing = new Map<string, number>()
  #isAnyRedirected: Promise<boolean> | undefined

  constructor(github: GitHub, destinations: readonly Destination[], named: readonly Destination[]) {
    this.#github = github
    this.#destinations = destinations
    this.#named = new Set(named.map((one) => `${pathOf(one)} ${one.secret}`.toLowerCase()))
  }

  publicKey(destination: Destination): Promise<PublicKey> {
    const place = pathOf(destination).toLowerCase()
    const key = this.#keys.get(place) ?? this.#github.secrets.publicKey(destination)
    this.#keys.set(place, key)
    return key
  }

  /** The repository of a destination; undefined if it cannot be read, or for an organization. */
  repository({ owner, repository }: Destination): Promise<RepositoryFacts | undefined> {
    if (repository === undefined) return Promise.resolve(undefined)
    const name = `${owner}/${repository}`.toLowerCase()
    const known = this.#repositories.get(name)
    const facts = known ?? this.#github.places.repository({ owner, repository }).catch(() => undefined)
    this.#repositories.set(name, facts)
    return facts
  }

  /** Whether one of the destinations names a repository that was renamed: then two of them may be one place. */
  isAnyRedirected(): Promise<boolean> {
    const isRedirected = async (destination: Destination) =>
      destination.repository !== undefined && (await this.publicKey(destination)).isRedirected
    this.#isAnyRedirected ??= Promise.all(
      this.#destinations.map((destination) => isRedirected(destination).catch(() => false)),
    ).then((all) => all.includes(true))
    return this.#isAnyRedirected
  }

  /** The secrets in the place of a destination; undefined if they cannot be read. */
  list(destination: Destination): Promise<SecretList | undefined> {
    const place = pathOf(destination).toLowerCase()
    const list = this.#lists.get(place) ?? this.#github.secrets.list(destination).catch(() => undefined)
    this.#lists.set(place, list)
    return list
  }

  /** Counts a missing secret, and returns how many of its place were counted so far. */
  countMissing(destination: Destination): number {
    const place = pathOf(destination).toLowerCase()
    const missing = (this.#missing.get(place) ?? 0) + 1
    this.#missing.set(place, missing)
    return missing
  }

  /** Those of the names of secrets in the place of a destination that no destination has. */
  unnamed(destination: Destination, names: readonly string[]): string[] {
    return names.filter((name) => !this.#named.has(`${pathOf(destination)} ${name}`.toLowerCase()))
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
  // A probe is refused in an archived repository, so it need not be asked for then.
  if (probing === undefined) shared.repository(destination)
  const reading = readStored(destination, github)
  reading.catch(() => {})
  const publicKey = await shared.publicKey(destination).catch((error) => {
    if (lacksScope(destination, access)) throw missingScope(destination, access.scopes ?? [])
    return explain(error)
  })
  if (lacksScope(destination, access)) throw missingScope(destination, access.scopes ?? [])
  // It takes the processor while other destinations are still being asked about.
  const sealing = sealerOf(destination, publicKey)
  sealing.catch(() => {})
  const stored = await reading.catch(explain)
  // Without the header that names its scopes, a classic token is tried out like any other.
  const isUntold = access.by === 'classic token' && access.scopes === undefined
  const refusal = await (isUntold ? probe() : probing)
  const isAsked = refusal === undefined ? probing === undefined : mayBeArchived(refusal)
  const mayBeTwice = await shared.isAnyRedirected()
  const repository = isAsked || mayBeTwice ? await shared.repository(destination) : undefined
  if (repository?.isArchived || (refusal !== undefined && ARCHIVED.test(refusal.said))) throw new Archived(destination)
  if (refusal !== undefined && isProof(refusal)) await explain(refusal)
  const level = stored.visibility?.level
  if (level !== undefined && !VISIBILITIES.includes(level)) throw unknownVisibility(destination, level)
  const missing = stored.writtenAt === undefined ? shared.countMissing(destination) : 0
  const list = missing > 0 ? await shared.list(destination) : undefined
  const most = MAX_SECRETS[destination.kind] ?? Number.POSITIVE_INFINITY
  if (list !== undefined && list.total + missing > most) throw isFull(destination, most)
  return {
    destination,
    ...stored,
    updatedAt: stored.writtenAt === undefined ? undefined : Date.parse(stored.writtenAt) - github.time.offset,
    ...(list && { otherNames: shared.unnamed(destination, list.names) }),
    ...(repository?.id !== undefined && { repositoryId: repository.id }),
    seal: await sealing,
  }
}

async function sealerOf(destination: Destination, publicKey: PublicKey): Promise<Sealer> {
  await loadSodium().catch((error) => {
    throw noSodium(destination, error)
  })
  return sealerFor(publicKey).catch((cause) => {
    throw noPublicKey(destination, cause)
  })
}

/** When a secret was written, and who can read it. */
export async function readStored(
  destination: Destination,
  { secrets }: GitHub,
  patience?: Patience,
): Promise<Pick<Copy, 'writtenAt' | 'visibility' | 'selected'>> {
  const stored = await secrets.stored(destination, patience)
  const writtenAt = stored?.writtenAt
  if (!isOfOrganization(destination)) return { writtenAt }
  const level = stored?.visibility
  if (level === undefined) return { writtenAt, visibility: NEW_VISIBILITY }
  if (level !== 'selected') return { writtenAt, visibility: { level } }
  const selected = await secrets.selectedRepositories(destination, patience)
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
  return refusal.status === 403 && (LACKS_PERMISSION.test(refusal.said) || /SAML|SSO/i.test(refusal.said))
}

const ARCHIVED = /\barchived\b/i

/** Reports whether a refused probe may be about an archived repository: GitHub's words for that are not documented. */
function mayBeArchived({ status, said, failure }: GitHubError): boolean {
  return status === 403 && !isLimit(failure) && !LACKS_PERMISSION.test(said)
}

function unknownVisibility(destination: Destination, level: string): Problem {
  return cannotPrepare(destination, {
    cause: `its visibility is ${quote(level)}, which GitHub's API does not accept in a write, so a write would change who can read it`,
    remedy:
      'Nothing was changed. Choose another visibility for it in the settings of the organization, then run again.',
  })
}

function isFull(destination: Destination, most: number): Problem {
  return cannotPrepare(destination, {
    cause: `it does not exist, and ${placeOf(destination)} holds ${most} secrets already, which is GitHub's maximum`,
    remedy: 'Nothing was changed. Delete a secret that nothing uses, or name an existing one, then run again.',
  })
}

/** The action's own means of encryption are missing: nothing that GitHub gave is wrong. */
function noSodium(destination: Destination, error: unknown): Problem {
  const { code, name } = error as { code?: unknown; name?: unknown }
  const hasTooManyFiles = TOO_MANY_FILES.includes(String(code))
  const reason = {
    cause: `libsodium, which encrypts the token, could not be loaded (${String(code ?? name ?? 'error')})`,
    remedy: hasTooManyFiles
      ? 'Nothing was changed. Raise the limit of open files of the runner (ulimit -n), then run again.'
      : 'Nothing was changed. Use an unchanged copy of the action, on a Node that runs WebAssembly, then run again.',
  }
  return cannotPrepare(destination, reason, error)
}

function noPublicKey(destination: Destination, cause: unknown): Problem {
  const reason = {
    cause: 'the public key that GitHub gave to seal it with is not a key of 32 bytes in base64',
    remedy: 'Nothing was changed. Run again; when it persists, ask the support of GitHub.',
  }
  return cannotPrepare(destination, reason, cause)
}
