import { type Destination, nameOf } from '../destination.ts'
import type { Access, GitHub } from '../services/github.ts'
import type { RepositoryName } from '../services/github-ask.ts'
import { keptFor } from '../services/github-client.ts'
import type { GitHubPlaces } from '../services/github-places.ts'
import type { ReaderRepository } from '../services/github-secrets.ts'
import { oneLine, someOf } from '../services/problem.ts'

/** A secret and a repository whose runs may hold its present value. */
export interface Watch {
  repository: RepositoryName
  secret: string
  /** Which runs are given the secret, and when. */
  by: Holders
}

/**
 * Which runs hold a secret's value, by GitHub's rules: `runs` that are not Dependabot's are given it when they are
 * queued, jobs bound to an environment when they start.
 *
 * @see https://docs.github.com/actions/reference/security/secrets
 */
export type Holders =
  | { kind: 'runs' }
  | { kind: 'started jobs'; environment: string }
  | { kind: 'dependabot runs' }
  | { kind: 'agent runs' }

/** The watches for one destination, and why there should be more: a sentence for the user. */
export interface Watched {
  watches: readonly Watch[]
  gap?: string
}

/** More repositories of one organization are not looked at: it would take longer than what it tells stays true. */
const MOST_REPOSITORIES = 1000

/** Which runs a secret of this kind is given to; undefined where no run is. */
export function holdersOf({ kind, environment = '' }: Destination): Holders | undefined {
  switch (kind) {
    case 'repository':
    case 'organization':
      return { kind: 'runs' }
    case 'environment':
      return { kind: 'started jobs', environment }
    case 'dependabot':
      return { kind: 'dependabot runs' }
    case 'agents':
      return { kind: 'agent runs' }
    case 'codespaces':
      return undefined
  }
}

/** The watch for a secret of a repository. */
export function watchesOf(destination: Destination): Watched {
  const { owner, repository, secret } = destination
  const by = holdersOf(destination)
  if (by === undefined || repository === undefined) return { watches: [] }
  return { watches: [{ repository: { owner, repository }, secret, by }] }
}

/**
 * The watches for a secret of an organization: one for each repository that can read it, archived ones aside, since
 * nothing runs there. As many as the rate limit allows, those with the latest pushes first.
 *
 * @param visibility of the secret as it is; undefined for one that does not exist, which nobody holds
 * @param selected the repositories of the visibility `selected`
 * @param shares what the credential has left has to do for
 */
export async function watchesOfOrganization(
  destination: Destination,
  visibility: string | undefined,
  selected: readonly ReaderRepository[],
  shares: Shares,
  github: GitHub,
): Promise<Watched> {
  const { owner, secret } = destination
  const by = holdersOf(destination)
  if (by === undefined || visibility === undefined) return { watches: [] }
  try {
    const access = await github.access(owner)
    const { repositories: all, count } =
      visibility === 'selected' ? { repositories: selected, count: undefined } : await shares.lists.get(owner)
    const readers = all.filter(({ isArchived, isPublic }) => !isArchived && !(visibility === 'private' && isPublic))
    const seen = readers.slice(0, affordable(access, shares))
    const gaps = [
      leftOutOf(readers.length, seen.length, destination),
      visibility === 'selected' ? undefined : unseenBy(access, (count ?? 0) - all.length, destination),
    ].filter((gap) => gap !== undefined)
    const watches = seen.map((reader) => ({
      repository: { owner: reader.owner, repository: reader.repository },
      secret,
      by,
    }))
    return { watches, ...(gaps.length > 0 ? { gap: gaps.join(' ') } : {}) }
  } catch (error) {
    const cause = error instanceof Error ? oneLine(error.message) : 'no answer'
    return { watches: [], gap: `The repositories that can read ${nameOf(destination)} could not be listed: ${cause}.` }
  }
}

/** What a credential has to do with the requests that it has left. */
export interface Shares {
  writes: number
  lists: OrganizationLists
  /** Organizations whose repositories are looked at. */
  organizations: number
}

/** The repositories of organizations, each listed once, and how many there are. */
export class OrganizationLists {
  readonly #places: GitHubPlaces
  readonly #lists = new Map<string, Promise<{ repositories: readonly ReaderRepository[]; count: number | undefined }>>()

  constructor(places: GitHubPlaces) {
    this.#places = places
  }

  get(organization: string) {
    const name = organization.toLowerCase()
    const list = this.#lists.get(name) ?? this.#list(organization)
    this.#lists.set(name, list)
    return list
  }

  async #list(organization: string) {
    const [repositories, count] = await Promise.all([
      this.#places.repositoriesOf(organization),
      this.#places.countOf(organization).catch(() => undefined),
    ])
    return { repositories, count }
  }
}

/** How many repositories the rate limit allows: they are looked at twice, before the rotation and behind the writes. */
function affordable({ by, budget }: Access, { writes, organizations }: Shares): number {
  const remaining = budget?.remaining ?? Number.POSITIVE_INFINITY
  // An App has a budget of its own in each of them.
  const sharing = by === 'app' ? 1 : organizations
  const each = Math.floor((remaining - keptFor(writes)) / 2 / sharing)
  return Math.min(MOST_REPOSITORIES, Math.max(0, each))
}

function leftOutOf(all: number, seen: number, destination: Destination): string | undefined {
  if (seen === all) return undefined
  const why = seen === MOST_REPOSITORIES ? `${MOST_REPOSITORIES} are the most` : "because of GitHub's rate limit"
  return `${all - seen} of the ${all} repositories that can read ${nameOf(destination)} were not looked at: ${why}.`
}

/** Why a credential may not be shown every repository of an organization; undefined when nothing tells so. */
function unseenBy(
  { by, scopes, seesAllRepositories }: Access,
  hidden: number,
  destination: Destination,
): string | undefined {
  const unseen = `so runs of others that can read ${nameOf(destination)} could not be seen.`
  if (!seesAllRepositories) {
    return `The GitHub App is installed for selected repositories of ${destination.owner} only, ${unseen}`
  }
  if (by === 'classic token' && scopes !== undefined && !scopes.includes('repo')) {
    return `The classic token lacks the scope repo and is shown public repositories only, ${unseen}`
  }
  if (hidden > 0) return `The token is not shown ${hidden} of the repositories of ${destination.owner}, ${unseen}`
  return undefined
}

/** What should be told of destinations whose holders are no runs. */
export function notesOn(destinations: readonly Destination[]): string[] {
  const codespaces = destinations.filter(({ kind }) => kind === 'codespaces')
  if (codespaces.length === 0) return []
  return [
    `A codespace that is open keeps the value it was given until it is stopped and resumed: ${someOf(codespaces.map(nameOf), 5)}.`,
  ]
}
