import { randomInt } from 'node:crypto'
import sodium from 'libsodium-wrappers'

export const VISIBILITIES = ['all', 'private', 'selected'] as const
export type Visibility = (typeof VISIBILITIES)[number]

/** Which of an organization's repositories a secret is for. */
export interface Reach {
  visibility: Visibility
  /** Empty unless the visibility is `selected`. */
  selectedRepositoryIds: number[]
}

/** The reach is there for an organization's secret only. */
export interface SecretRecord extends Partial<Reach> {
  name: string
  value: string
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
  /** How many times it was written through the API. */
  writes: number
}

interface SealingKeys {
  id: string
  publicKey: Uint8Array
  privateKey: Uint8Array
}

/** The secrets of one kind in one place, and the key pair they are sealed for. libsodium must be ready. */
export class SecretStore {
  readonly #secrets = new Map<string, SecretRecord>()
  #made: SealingKeys | undefined

  /** Made when first asked for: most of a repository's stores are never looked at. */
  get #keys(): SealingKeys {
    this.#made ??= newSealingKeys()
    return this.#made
  }

  get keyId(): string {
    return this.#keys.id
  }

  /** Standard base64, as libsodium's `base64_variants.ORIGINAL`. */
  get publicKey(): string {
    return Buffer.from(this.#keys.publicKey).toString('base64')
  }

  replaceKeyPair(): void {
    this.#made = newSealingKeys()
  }

  /** What a box that was sealed for this store holds; `undefined` for one that does not open. */
  open(box: string): string | undefined {
    try {
      const { publicKey, privateKey } = this.#keys
      return sodium.to_string(sodium.crypto_box_seal_open(Buffer.from(box, 'base64'), publicKey, privateKey))
    } catch {
      return undefined
    }
  }

  get(name: string): SecretRecord | undefined {
    return this.#secrets.get(name.toUpperCase())
  }

  /** In the order of their names. */
  all(): SecretRecord[] {
    return [...this.#secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Stores a secret, as one that was written through the API or behind its back. */
  write(
    name: string,
    value: string,
    { at, counts, reach }: { at: number; counts: boolean; reach?: Reach | undefined },
  ): 'created' | 'updated' {
    const known = this.get(name)
    this.#secrets.set(name.toUpperCase(), {
      name: name.toUpperCase(),
      value,
      createdAt: known?.createdAt ?? at,
      updatedAt: at,
      writes: (known?.writes ?? 0) + (counts ? 1 : 0),
      ...reach,
    })
    return known ? 'updated' : 'created'
  }

  /** Whether there was such a secret. */
  remove(name: string): boolean {
    return this.#secrets.delete(name.toUpperCase())
  }
}

function newSealingKeys(): SealingKeys {
  const { publicKey, privateKey } = sodium.crypto_box_keypair()
  const digits = () => String(randomInt(100_000_000, 1_000_000_000))
  return { id: digits() + digits(), publicKey, privateKey }
}
