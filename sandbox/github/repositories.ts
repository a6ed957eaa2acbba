import { randomInt } from 'node:crypto'
import sodium from 'libsodium-wrappers'
import { FileStore, sha1 } from './files.ts'
import { RunStore } from './run-store.ts'

export interface SecretRecord {
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

/** A repository with its secrets, the key pair they are sealed for, its files and its runs. libsodium must be ready. */
export class Repository {
  readonly id: number
  readonly private: boolean
  readonly archived: boolean
  readonly createdAt: number
  readonly defaultBranch = 'main'
  /** The head of the default branch, the same for the same name in every stand-in; it never moves. */
  readonly head: string
  readonly files: FileStore
  readonly runs: RunStore
  fullName: string
  readonly #secrets = new Map<string, SecretRecord>()
  #keys = newSealingKeys()

  constructor(fullName: string, options: { id: number; private: boolean; archived: boolean; createdAt: number }) {
    this.fullName = fullName
    this.id = options.id
    this.private = options.private
    this.archived = options.archived
    this.createdAt = options.createdAt
    this.head = sha1(`head of ${fullName}`)
    this.files = new FileStore({ branch: this.defaultBranch, head: this.head })
    this.runs = new RunStore(options.id)
  }

  get keyId(): string {
    return this.#keys.id
  }

  /** Standard base64, as libsodium's `base64_variants.ORIGINAL`. */
  get publicKey(): string {
    return Buffer.from(this.#keys.publicKey).toString('base64')
  }

  /** A workflow's file makes the workflow known before it has any run. */
  addFile(path: string, text: string, ref: string = this.head): void {
    this.files.add(ref, path, text)
    if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) this.runs.workflow(path)
  }

  replaceKeyPair(): void {
    this.#keys = newSealingKeys()
  }

  /** What a sealed box for this repository holds; `undefined` for a box that does not open. */
  open(box: string): string | undefined {
    try {
      const { publicKey, privateKey } = this.#keys
      return sodium.to_string(sodium.crypto_box_seal_open(Buffer.from(box, 'base64'), publicKey, privateKey))
    } catch {
      return undefined
    }
  }

  secret(name: string): SecretRecord | undefined {
    return this.#secrets.get(name.toUpperCase())
  }

  /** In the order of their names. */
  secrets(): SecretRecord[] {
    return [...this.#secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Stores a secret, as one that was written through the API or behind its back. */
  store(name: string, value: string, at: number, { counts }: { counts: boolean }): 'created' | 'updated' {
    const known = this.secret(name)
    this.#secrets.set(name.toUpperCase(), {
      name: name.toUpperCase(),
      value,
      createdAt: known?.createdAt ?? at,
      updatedAt: at,
      writes: (known?.writes ?? 0) + (counts ? 1 : 0),
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

/** The repositories by name, without case, and by the names they had before. */
export class RepositoryStore {
  readonly #repositories: Repository[] = []
  readonly #formerNames = new Map<string, Repository>()

  add(fullName: string, options: { private: boolean; archived: boolean; createdAt: number }): void {
    if (this.find(fullName)) throw new Error(`There is a repository ${fullName} already`)
    this.#repositories.push(new Repository(fullName, { ...options, id: 1_000_000 + this.#repositories.length }))
  }

  find(fullName: string): Repository | undefined {
    return this.#repositories.find((one) => one.fullName.toLowerCase() === fullName.toLowerCase())
  }

  findById(id: number): Repository | undefined {
    return this.#repositories.find((one) => one.id === id)
  }

  findByFormerName(fullName: string): Repository | undefined {
    return this.#formerNames.get(fullName.toLowerCase())
  }

  /** For the owner of the stand-in, who asks for what is there. */
  get(fullName: string): Repository {
    const repository = this.find(fullName)
    if (!repository) throw new Error(`There is no repository ${fullName}`)
    return repository
  }

  rename(from: string, to: string): void {
    const repository = this.get(from)
    this.#formerNames.set(from.toLowerCase(), repository)
    repository.fullName = to
  }
}
