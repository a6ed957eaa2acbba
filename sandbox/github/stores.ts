import type { Clock } from '../clock.ts'
import type { OrganizationStore } from './organizations.ts'
import type { RepositoryStore } from './repositories.ts'
import type { Reach, SecretRecord, SecretStore, Visibility } from './secret-store.ts'

/** Where there are secrets of one kind, which one key pair is for. */
export interface SecretsPlace {
  kind: 'repository' | 'environment' | 'organization' | 'dependabot' | 'codespaces' | 'agents'
  /** The repository's owner, or the organization. */
  owner: string
  /** Left out for an organization's secrets. */
  repository?: string
  /** For the kind `environment` only. */
  environment?: string
}

/** A secret as the owner of the stand-in sees it. */
export interface StoredSecret extends SecretRecord {
  /** Full names; empty unless an organization's secret has the visibility `selected`. */
  selectedRepositories: string[]
}

export interface SecretOptions {
  /** Of an organization's secret; when left out, what it was before, or else `all`. */
  visibility?: Visibility
  /** Full names, for the visibility `selected`; when left out, what they were before, or else none. */
  selectedRepositories?: string[]
}

/** The secrets of one kind in one place, behind the API's back. */
export interface Store {
  /** The clock's now when no date is given. */
  set(name: string, value: string, updatedAt?: Date, options?: SecretOptions): void
  get(name: string): StoredSecret | undefined
  /** Changes the public key: a box sealed for the old one then gets a 422. */
  replaceKeyPair(): void
}

interface Stores {
  organizations: OrganizationStore
  repositories: RepositoryStore
  clock: Clock
}

/** Throws an Error where there is no such place. */
export function openStore(place: SecretsPlace, stores: Stores): Store {
  const { repositories, clock } = stores
  const store = findStore(place, stores)
  const reachOf = (name: string, options: SecretOptions): Reach => {
    const { visibility = 'all', selectedRepositoryIds = [] } = store.get(name) ?? {}
    return {
      visibility: options.visibility ?? visibility,
      selectedRepositoryIds:
        options.selectedRepositories?.map((fullName) => repositories.get(fullName).id) ?? selectedRepositoryIds,
    }
  }
  return {
    set(name, value, updatedAt, options = {}) {
      const reach = place.repository === undefined ? reachOf(name, options) : undefined
      store.write(name, value, { at: updatedAt?.getTime() ?? clock.now(), counts: false, reach })
    },
    get(name) {
      const secret = store.get(name)
      if (!secret) return undefined
      const ids = secret.selectedRepositoryIds ?? []
      const selected = repositories.ofOwner(place.owner).filter(({ id }) => ids.includes(id))
      return { ...secret, selectedRepositories: selected.map(({ fullName }) => fullName) }
    },
    replaceKeyPair: () => store.replaceKeyPair(),
  }
}

function findStore(place: SecretsPlace, { organizations, repositories }: Stores): SecretStore {
  const { kind, owner, repository: name, environment: environmentName = '' } = place
  if (name === undefined) {
    const { secrets } = organizations.get(owner)
    return found(kind in secrets ? secrets[kind as keyof typeof secrets] : undefined, place)
  }
  const repository = repositories.get(`${owner}/${name}`)
  if (kind === 'environment') return found(repository.environment(environmentName)?.secrets, place)
  const { secrets } = repository
  return found(kind in secrets ? secrets[kind as keyof typeof secrets] : undefined, place)
}

function found(store: SecretStore | undefined, place: SecretsPlace): SecretStore {
  if (!store) throw new Error(`There is no place for secrets like ${JSON.stringify(place)}`)
  return store
}
