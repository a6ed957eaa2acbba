import type { Answer } from '../faults.ts'
import { toSeconds } from './dates.ts'
import type { Call, Endpoint } from './endpoints.ts'
import type { Repository } from './repositories.ts'

export const repositoryEndpoint: Endpoint = {
  method: 'GET',
  path: '',
  handle: {
    need: { permission: 'metadata', level: 'read' },
    documentation: 'https://docs.github.com/rest/repos/repos#get-a-repository',
    answer: show,
  },
}

function show({ repository, url }: Call): Answer {
  return { status: 200, headers: {}, body: fullRepository(repository, apiOf(url)) }
}

/** The address of the API, from that of anything of a repository, an organization or a user. */
export const apiOf = (url: string): string => url.replace(/\/(repos|repositories|orgs|users)\/.*$/, '')

/** What hangs below a repository's own address, by the name of the property that tells it. */
const links: Record<string, string> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

const ownerLinks: Record<string, string> = {
  followers_url: '/followers',
  following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions',
  organizations_url: '/orgs',
  repos_url: '/repos',
  events_url: '/events{/privacy}',
  received_events_url: '/received_events',
}

const below = (address: string, paths: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, address + path]))

/** GitHub's `minimal-repository`: what a run tells of the repository it is in and of the one it is for. */
export const minimalRepository = remembered(toMinimalRepository)

function toMinimalRepository(
  {
    id,
    fullName,
    private: isPrivate,
    ownerType,
    fork = false,
  }: Pick<Repository, 'id' | 'fullName' | 'private' | 'ownerType'> & { fork?: boolean },
  api: string,
) {
  const [login = '', name = ''] = fullName.split('/')
  const url = `${api}/repos/${fullName}`
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: fullName,
    private: isPrivate,
    owner: simpleUser(login, api, ownerType),
    description: null,
    fork,
    url,
    html_url: `https://github.com/${fullName}`,
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    ...below(url, links),
  }
}

/** GitHub's `full-repository`. */
export function fullRepository(repository: Repository, api: string) {
  const { fullName, private: isPrivate, defaultBranch, archived, createdAt } = repository
  const site = `https://github.com/${fullName}`
  const date = toSeconds(createdAt)
  return {
    ...minimalRepository(repository, api),
    visibility: isPrivate ? 'private' : 'public',
    clone_url: `${site}.git`,
    svn_url: site,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: defaultBranch,
    archived,
    disabled: false,
    has_downloads: true,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    size: 1,
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    network_count: 0,
    subscribers_count: 0,
    created_at: date,
    updated_at: date,
    pushed_at: date,
  }
}

export type AccountType = 'User' | 'Organization' | 'Bot'

/** GitHub's `simple-user`. */
export const simpleUser = remembered(toSimpleUser)

/** A page of runs shows the same repository and the same user two hundred times. */
function remembered<Given extends unknown[], Made>(make: (...given: Given) => Made): (...given: Given) => Made {
  const made = new Map<string, Made>()
  return (...given) => {
    const key = JSON.stringify(given)
    const known = made.get(key) ?? make(...given)
    made.set(key, known)
    return known
  }
}

function toSimpleUser(login: string, api: string, type: AccountType = 'User') {
  const url = `${api}/users/${encodeURIComponent(login)}`
  return {
    login,
    id: 1,
    node_id: 'O_1',
    avatar_url: 'https://avatars.githubusercontent.com/u/1?v=4',
    gravatar_id: '',
    url,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    ...below(url, ownerLinks),
    type,
    site_admin: false,
  }
}
