import { randomBytes } from 'node:crypto'
import { type Destination, isOfOrganization, pathOf } from '../destination.ts'
import {
  type Ask,
  type AskAs,
  allPages,
  type GitHubAnswer,
  GitHubError,
  listOf,
  PAGE,
  unexpected,
  unlessMissing,
  unreadable,
} from './github-ask.ts'
import { ONCE, type Patience } from './retry.ts'

/** A public key that a value is sealed for: 32 bytes of X25519 in standard base64. */
export interface PublicKey {
  keyId: string
  key: string
  /** Whether it is that of a repository with another name: a renamed repository redirects. */
  isRedirected: boolean
}

/** A value sealed for one public key. Ciphertext: no secret. */
export interface SealedValue {
  keyId: string
  encryptedValue: string
}

/** The secrets of one place. */
export interface SecretList {
  /** NaN if GitHub does not say. */
  total: number
  names: readonly string[]
}

/** A secret that is there; its value is never readable. */
export interface StoredSecret {
  /** When it was last written (RFC 3339). */
  writtenAt: string
  /** When GitHub showed it, by the response's date: ms since the epoch; NaN if the response has none. */
  shownAt: number
  /** Of an organization's secret. */
  visibility: string | undefined
}

/** A repository that an organization's secret is selected for. */
export interface ReaderRepository {
  id: number
  owner: string
  repository: string
  isArchived: boolean
  isPublic: boolean
}

/** Which repositories of its organization can read a secret. */
export interface Visibility {
  /** `all`, `private`, `selected`, or what GitHub adds later. */
  level: string
  /** With `selected`: every one of them. */
  repositoryIds?: readonly number[]
}

export interface GitHubSecrets {
  publicKey(destination: Destination, patience?: Patience): Promise<PublicKey>
  /** Undefined when there is no such secret. */
  stored(destination: Destination, patience?: Patience): Promise<StoredSecret | undefined>
  /** The secrets in the place of a destination: how many, and the names that one page holds. */
  list(destination: Destination, patience?: Patience): Promise<SecretList>
  /** The repositories that an organization's secret with the visibility `selected` is for. */
  selectedRepositories(destination: Destination, patience?: Patience): Promise<ReaderRepository[]>
  /**
   * Asks to delete a secret that cannot exist: GitHub checks the permission first, so this tells a token that may only
   * read from one that may write, and changes nothing.
   *
   * @returns what GitHub said; undefined when it did not refuse
   */
  probeWrite(destination: Destination): Promise<GitHubError | undefined>
  /**
   * Writes a sealed value. Safe to repeat, and repeated while patience lasts.
   *
   * @param visibility of an organization's secret: a write replaces it, so before it is repeated it is looked at again
   */
  write(
    destination: Destination,
    value: SealedValue,
    visibility: Visibility | undefined,
    patience: Patience,
  ): Promise<PutSecret>
  /** Deletes a secret; one that is gone already is no error. */
  remove(destination: Destination): Promise<void>
}

/** A write that GitHub has carried out. */
export interface PutSecret {
  result: 'created' | 'updated'
  /** When, by GitHub's clock: ms since the epoch, in whole seconds; NaN when it did not tell. */
  at: number
}

/** GitHub's secrets of every kind. https://docs.github.com/rest/actions/secrets */
export function gitHubSecrets(askAs: AskAs): GitHubSecrets {
  const secret = (destination: Destination) => `${pathOf(destination)}/secrets/${destination.secret}`

  return {
    publicKey(destination, patience) {
      return askAs(destination.owner)(
        `GET ${pathOf(destination)}/secrets/public-key`,
        ({ data, url }) => {
          if (typeof data.key !== 'string' || !['string', 'number'].includes(typeof data.key_id)) {
            throw unreadable('a public key')
          }
          const isRedirected = !url.toLowerCase().includes(pathOf(destination).toLowerCase())
          return { keyId: String(data.key_id), key: data.key, isRedirected }
        },
        patience && { patience },
      )
    },

    stored(destination, patience) {
      return unlessMissing(
        askAs(destination.owner)(
          `GET ${secret(destination)}`,
          ({ data, headers }) => {
            const writtenAt = String(data.updated_at)
            if (Number.isNaN(Date.parse(writtenAt))) throw unreadable('the date of the secret')
            const { visibility } = data
            // Without it a write could show the secret to repositories that must not see it.
            if (isOfOrganization(destination) && typeof visibility !== 'string') throw unreadable('a visibility')
            return {
              writtenAt,
              shownAt: Date.parse(String(headers.date)),
              visibility: typeof visibility === 'string' ? visibility : undefined,
            }
          },
          patience && { patience },
        ),
      )
    },

    list(destination, patience) {
      return askAs(destination.owner)(
        `GET ${pathOf(destination)}/secrets`,
        ({ data }) => ({
          total: Number(data.total_count),
          names: listOf(data.secrets).map(({ name }) => String(name)),
        }),
        { spare: true, parameters: { per_page: PAGE }, ...(patience && { patience }) },
      )
    },

    async selectedRepositories(destination, patience) {
      const ask = askAs(destination.owner)
      const askPatiently: Ask = (route, read, options) =>
        ask(route, read, { ...options, ...(patience && { patience }) })
      return allPages(askPatiently, `GET ${secret(destination)}/repositories`, ({ data }) =>
        listOf(data.repositories).map(readerFrom),
      )
    },

    async probeWrite(destination) {
      const name = `ROTATE_INCIDENT_KEY_PROBE_${randomBytes(12).toString('hex').toUpperCase()}`
      try {
        return await askAs(destination.owner)(`DELETE ${pathOf(destination)}/secrets/${name}`, () => undefined)
      } catch (error) {
        if (error instanceof GitHubError) return error
        throw error
      }
    },

    async remove(destination) {
      const read = ({ status }: GitHubAnswer) => {
        if (status !== 204) throw unexpected(status)
      }
      await unlessMissing(askAs(destination.owner)(`DELETE ${secret(destination)}`, read))
    },

    async write(destination, { keyId, encryptedValue }, visibility, patience) {
      let known = visibility
      let isRepeated = false
      /** As it is now, as far as it can be seen: GitHub may have been down for long. */
      const look = async (): Promise<Visibility | undefined> => {
        const level = (await this.stored(destination, ONCE))?.visibility
        if (level !== 'selected') return level === undefined ? known : { level }
        return { level, repositoryIds: (await this.selectedRepositories(destination, ONCE)).map(({ id }) => id) }
      }
      const put = (spell: (id: number) => number | string) => {
        const parameters = async () => {
          if (known !== undefined && isRepeated) known = await look().catch(() => known)
          isRepeated = true
          return {
            encrypted_value: encryptedValue,
            key_id: keyId,
            ...(known === undefined ? {} : { visibility: known.level }),
            ...(known?.repositoryIds === undefined ? {} : { selected_repository_ids: known.repositoryIds.map(spell) }),
          }
        }
        return askAs(destination.owner)(
          `PUT ${secret(destination)}`,
          ({ status, headers }): PutSecret => {
            if (status !== 201 && status !== 204) throw unexpected(status)
            return { result: status === 201 ? 'created' : 'updated', at: Date.parse(String(headers.date)) }
          },
          { patience, parameters },
        )
      }
      try {
        return await put(Number)
      } catch (error) {
        // Dependabot's endpoint has wanted them as text at times. https://github.com/cli/cli/issues/6934
        const wantsText =
          error instanceof GitHubError && error.status === 422 && /selected_repository_ids.*string/.test(error.said)
        if (!wantsText) throw error
        return put(String)
      }
    },
  }
}

/** A repository out of one of GitHub's lists. */
export function readerFrom(repository: Record<string, unknown>): ReaderRepository {
  const [owner, name] = String(repository.full_name).split('/')
  const { id } = repository
  if (!owner || !name || !Number.isSafeInteger(id)) throw unreadable('the name and the id of a repository')
  return {
    id: Number(id),
    owner,
    repository: name,
    isArchived: repository.archived === true,
    isPublic:
      repository.visibility === 'public' || (repository.visibility === undefined && repository.private !== true),
  }
}
