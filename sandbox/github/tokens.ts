import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

export type Permissions = Record<string, 'read' | 'write'>

export type TokenSeed =
  /** `ghp_…`, of a user who administers the repositories and owns the organizations. */
  | { kind: 'classic'; token?: string; scopes: string[]; repositories: string[]; organizations?: string[] }
  /** `github_pat_…` */
  | {
      kind: 'fine-grained'
      token?: string
      repositories: string[]
      organizations?: string[]
      permissions: Permissions
    }
  /** `ghs_…` of an App's installation. */
  | {
      kind: 'installation'
      token?: string
      repositories: string[]
      /** Beside those that own a repository of these. */
      organizations?: string[]
      permissions: Permissions
      /** The installation that an App got it for; several tokens of one share its limits. */
      installation?: number
      /** Milliseconds since 1970; never when left out. */
      expiresAt?: number
    }
  /** `ghs_…`, a workflow's GITHUB_TOKEN: it reads runs and contents, and neither reads nor writes secrets. */
  | { kind: 'workflow'; token?: string; repositories: string[] }

/** A token as the server keeps it. */
export type TokenRecord = TokenSeed & { token: string; id: number }

export class TokenStore {
  /** Those that the API gave, oldest first, expired and revoked ones too. */
  readonly issued: string[] = []
  readonly #clock: Clock
  readonly #tokens = new Map<string, TokenRecord>()
  #lastId = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(seed: TokenSeed): string {
    const token = seed.token ?? newToken(seed.kind)
    this.#lastId += 1
    this.#tokens.set(token, { ...seed, token, id: this.#lastId })
    return token
  }

  /** Adds a token that a client was given by the API. */
  issue(seed: TokenSeed): string {
    const token = this.add(seed)
    this.issued.push(token)
    return token
  }

  remove(token: string): void {
    this.#tokens.delete(token)
  }

  /** `undefined` for one that is unknown, revoked or expired. */
  get(token: string): TokenRecord | undefined {
    const known = this.#tokens.get(token)
    const isExpired = known?.kind === 'installation' && this.#clock.now() >= (known.expiresAt ?? Infinity)
    return isExpired ? undefined : known
  }

  /** A token is for a repository, whatever its name becomes. */
  renameRepository(from: string, to: string): void {
    for (const token of this.#tokens.values()) {
      token.repositories = token.repositories.map((name) => (isSameName(name, from) ? to : name))
    }
  }
}

/** GitHub compares owners and repositories without case. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Stands for every repository of an owner, later ones too, among the names that a token is for. */
export const allOf = (owner: string): string => `${owner}/*`

/** Whether a repository is among those that a token is for. */
export function isAmong(fullName: string, repositories: readonly string[]): boolean {
  const [owner = ''] = fullName.split('/')
  return repositories.some((name) => isSameName(name, fullName) || isSameName(name, allOf(owner)))
}

/** Whose limits a token's requests count towards: its installation's, or else its own. */
export function payerOf(token: TokenRecord): string {
  return token.kind === 'installation' && token.installation !== undefined
    ? `installation ${token.installation}`
    : `token ${token.id}`
}

function newToken(kind: TokenSeed['kind']): string {
  switch (kind) {
    case 'classic':
      return `ghp_${letters(36)}`
    case 'fine-grained':
      return `github_pat_${letters(22)}_${letters(59)}`
    case 'installation':
    case 'workflow':
      return `ghs_${letters(36)}`
  }
}

const letters = (length: number): string => randomBytes(length).toString('hex').slice(0, length)
