import { randomBytes } from 'node:crypto'

export type Permissions = Record<string, 'read' | 'write'>

export type TokenSeed =
  /** `ghp_…`, of a user who administers the repositories. */
  | { kind: 'classic'; token?: string; scopes: string[]; repositories: string[] }
  /** `github_pat_…` */
  | { kind: 'fine-grained'; token?: string; repositories: string[]; permissions: Permissions }
  /** `ghs_…` of an App's installation. */
  | { kind: 'installation'; token?: string; repositories: string[]; permissions: Permissions }
  /** `ghs_…`, a workflow's GITHUB_TOKEN: it reads runs and contents, and neither reads nor writes secrets. */
  | { kind: 'workflow'; token?: string; repositories: string[] }

/** A token as the server keeps it. */
export type TokenRecord = TokenSeed & { token: string; id: number }

export class TokenStore {
  readonly #tokens = new Map<string, TokenRecord>()

  add(seed: TokenSeed): string {
    const token = seed.token ?? newToken(seed.kind)
    this.#tokens.set(token, { ...seed, token, id: this.#tokens.size + 1 })
    return token
  }

  remove(token: string): void {
    this.#tokens.delete(token)
  }

  get(token: string): TokenRecord | undefined {
    return this.#tokens.get(token)
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
