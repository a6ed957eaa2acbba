import type { Answer } from '../faults.ts'
import { toSeconds } from './dates.ts'
import { Refusal } from './errors.ts'
import type { OrganizationStore } from './organizations.ts'
import type { RepositoryStore } from './repositories.ts'
import { simpleUser } from './repository.ts'

interface Accounts {
  organizations: OrganizationStore
  repositories: RepositoryStore
  /** The address of the API. */
  url: string
}

/** Answers `GET /users/NAME`. */
export function answerUser(login: string, accounts: Accounts): Answer {
  const body = publicUser(login, accounts)
  if (!body) throw new Refusal(404, 'Not Found', 'https://docs.github.com/rest/users/users#get-a-user')
  return { status: 200, headers: {}, body }
}

/**
 * GitHub's `public-user`, of an organization or of a user; `undefined` for a name that nobody has. A user is known by a
 * repository alone.
 */
function publicUser(login: string, { organizations, repositories, url: api }: Accounts) {
  const owned = repositories.ofOwner(login)
  const organization = organizations.find(login)
  const known = organization ?? owned.map(({ owner, createdAt }) => ({ login: owner, createdAt }))[0]
  if (!known) return undefined
  const date = toSeconds(known.createdAt)
  return {
    ...simpleUser(known.login, api, organization ? 'Organization' : 'User'),
    user_view_type: 'public',
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: owned.filter((one) => !one.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: date,
    updated_at: date,
  }
}
