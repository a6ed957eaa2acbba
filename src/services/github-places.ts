import {
  type AskAs,
  allPages,
  type GitHubAnswer,
  listOf,
  pathOf,
  type RepositoryName,
  unlessMissing,
} from './github-ask.ts'
import { type ReaderRepository, readerFrom } from './github-secrets.ts'

/** Facts about a repository. */
export interface RepositoryFacts {
  /** The same for all of its names; undefined if GitHub does not say. */
  id: number | undefined
  isArchived: boolean
}

/** What can be asked about repositories, their environments and their owners. */
export interface GitHubPlaces {
  /** A repository by its present or a former name; undefined if there is none that the credential sees. */
  repository(repository: RepositoryName): Promise<RepositoryFacts | undefined>
  /** The names of a repository's environments. */
  environments(repository: RepositoryName): Promise<string[]>
  /** `Organization`, `User`, or undefined when there is no such account, or none that the credential sees. */
  accountType(owner: string): Promise<string | undefined>
  /** An organization's repositories as far as the credential sees, those with the latest pushes first. */
  repositoriesOf(organization: string): Promise<ReaderRepository[]>
  /** How many repositories an organization has; undefined where GitHub does not tell this credential. */
  countOf(organization: string): Promise<number | undefined>
}

export function gitHubPlaces(askAs: AskAs): GitHubPlaces {
  return {
    repository(repository) {
      const read = ({ data }: GitHubAnswer) => ({
        id: Number.isSafeInteger(data.id) ? Number(data.id) : undefined,
        isArchived: data.archived === true,
      })
      return unlessMissing(askAs(repository.owner)(`GET ${pathOf(repository)}`, read))
    },

    environments(repository) {
      return allPages(askAs(repository.owner), `GET ${pathOf(repository)}/environments`, ({ data }) =>
        listOf(data.environments).map(({ name }) => ({ id: String(name) })),
      ).then((environments) => environments.map(({ id }) => id))
    },

    accountType(owner) {
      return unlessMissing(askAs(owner)(`GET /users/${encodeURIComponent(owner)}`, ({ data }) => String(data.type)))
    },

    async repositoriesOf(organization) {
      // By name, so that a push between two pages moves nothing.
      const repositories = await allPages(
        askAs(organization),
        `GET /orgs/${encodeURIComponent(organization)}/repos`,
        ({ body }) =>
          listOf(body).map((one) => ({ ...readerFrom(one), pushedAt: Date.parse(String(one.pushed_at)) || 0 })),
        { type: 'all', sort: 'full_name', direction: 'asc' },
      )
      return repositories.sort((a, b) => b.pushedAt - a.pushedAt)
    },

    async countOf(organization) {
      const read = ({ data }: GitHubAnswer) => {
        const [open, hidden] = [data.public_repos, data.total_private_repos]
        return typeof open === 'number' && typeof hidden === 'number' ? open + hidden : undefined
      }
      return askAs(organization)(`GET /orgs/${encodeURIComponent(organization)}`, read, { spare: true })
    },
  }
}
