import type { Call, Endpoint } from './endpoints.ts'
import { findEnvironment } from './environments.ts'
import { endpointsOf, type Kind } from './secrets.ts'

/** https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens */
const kinds: ReadonlyArray<Kind<Call>> = [
  {
    holder: 'repository',
    path: '/actions',
    need: { permission: 'secrets' },
    page: 'actions/secrets',
    store: ({ repository }) => repository.secrets.repository,
  },
  {
    holder: 'environment',
    path: '/environments/:environment',
    need: { permission: 'environments' },
    page: 'actions/secrets',
    store: (call) => findEnvironment(call).secrets,
  },
  {
    holder: 'repository',
    path: '/dependabot',
    need: { permission: 'dependabot_secrets' },
    page: 'dependabot/secrets',
    store: ({ repository }) => repository.secrets.dependabot,
  },
  {
    holder: 'repository',
    path: '/codespaces',
    need: { permission: 'codespaces_secrets', isReadByWriters: true },
    page: 'codespaces/repository-secrets',
    store: ({ repository }) => repository.secrets.codespaces,
  },
  {
    holder: 'repository',
    path: '/agents',
    need: { permission: 'agent_secrets' },
    page: 'agents/secrets',
    store: ({ repository }) => repository.secrets.agents,
  },
]

/** Endpoints for the secrets of a repository and of its environments; paths start after the repository's. */
export const repositorySecretsEndpoints: readonly Endpoint[] = kinds.flatMap(endpointsOf)
