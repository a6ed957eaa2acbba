import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { describeRole, type Scopes } from './roles.ts'
import { Ulids } from './ulid.ts'

export type Creator =
  | { api_key: { id: string; name: string } }
  | { user: { id: string; name: string; email: string; role: string; slack_user_id: string } }

/** A key as the server keeps it. Times are milliseconds since 1970, with a fraction. */
export interface KeyRecord extends Scopes {
  readonly id: string
  readonly creator: Creator
  readonly createdAt: number
  name: string
  comments: string | undefined
  roles: string[]
  teamIds: string[]
  teamRoles: string[]
  /** When the current token was issued. */
  issuedAt: number
  lastUsedAt: number | undefined
}

/** What Create and Update set. */
export type KeyFields = Pick<KeyRecord, 'name' | 'comments' | 'roles' | 'teamIds' | 'teamRoles'>

export interface KeySeed {
  id?: string
  name: string
  roles: string[]
  teamIds?: string[]
  teamRoles?: string[]
  comments?: string
  createdAt?: Date
  issuedAt?: Date
  lastUsedAt?: Date
  token?: string
}

export interface TokenRecord {
  token: string
  issuedAt: number
  /** Set by the rotation that superseded it. */
  expiresAt?: number
}

const dashboardUser: Creator = {
  user: {
    id: '01FCNDV6P870EA6S7TK1DSYDG0',
    name: 'Lisa Karlin Curtis',
    email: 'lisa@incident.io',
    role: 'owner',
    slack_user_id: 'U02AYNF2XJM',
  },
}

/** All keys with all tokens they ever had. */
export class KeyStore {
  readonly #clock: Clock
  readonly #ulids: Ulids
  readonly #keys = new Map<string, KeyRecord>()
  readonly #tokens = new Map<string, TokenRecord[]>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.#ulids = new Ulids(clock)
  }

  /** Adds a key as the dashboard would, whatever its roles. */
  seed(seed: KeySeed): { id: string; token: string } {
    const issuedAt = (seed.issuedAt ?? seed.createdAt)?.getTime() ?? this.#clock.now()
    const key: KeyRecord = {
      id: seed.id ?? this.#ulids.next(),
      creator: dashboardUser,
      createdAt: seed.createdAt?.getTime() ?? issuedAt,
      name: seed.name,
      comments: seed.comments,
      roles: seed.roles,
      teamIds: seed.teamIds ?? [],
      teamRoles: seed.teamRoles ?? [],
      issuedAt,
      lastUsedAt: seed.lastUsedAt?.getTime(),
    }
    return { id: key.id, token: this.#insert(key, seed.token) }
  }

  /** Adds a key as Create does. */
  create(fields: KeyFields, caller: KeyRecord): { key: KeyRecord; token: string } {
    const now = this.#clock.now()
    const key: KeyRecord = {
      id: this.#ulids.next(),
      creator: { api_key: { id: caller.id, name: caller.name } },
      createdAt: now,
      ...fields,
      issuedAt: now,
      lastUsedAt: undefined,
    }
    return { key, token: this.#insert(key) }
  }

  #insert(key: KeyRecord, token = newToken()): string {
    if (this.#keys.has(key.id)) throw new Error(`There is a key with the id ${key.id} already`)
    this.#keys.set(key.id, key)
    this.#tokens.set(key.id, [{ token, issuedAt: key.issuedAt }])
    return token
  }

  get(id: string): KeyRecord | undefined {
    return this.#keys.get(id)
  }

  /** In the order of their ids, which is the order of their creation. */
  all(): KeyRecord[] {
    return [...this.#keys.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  remove(id: string): void {
    this.#keys.delete(id)
    this.#tokens.delete(id)
  }

  /** The key's tokens, oldest first; the last one is the current one. */
  tokens(id: string): TokenRecord[] {
    return this.#tokens.get(id) ?? []
  }

  /** When the token was issued that was current at a moment, ms since 1970; the first token's date before it. */
  issuedAt({ id }: KeyRecord, at: number): number {
    const tokens = this.tokens(id)
    return (tokens.findLast(({ issuedAt }) => issuedAt <= at) ?? tokens[0])?.issuedAt ?? at
  }

  /** The key that a token opens now. */
  open(token: string): KeyRecord | undefined {
    const now = this.#clock.now()
    for (const [id, tokens] of this.#tokens) {
      if (tokens.some((known) => known.token === token && (known.expiresAt ?? Infinity) > now))
        return this.#keys.get(id)
    }
    return undefined
  }

  /**
   * Issues a new token; the one that was current dies when its grace ends. Tokens of earlier rotations keep their own
   * end, or die at once where `endEarlier` says so: incident.io does not document which.
   */
  rotate(key: KeyRecord, graceMinutes: number, endEarlier: boolean): string {
    const now = this.#clock.now()
    const tokens = this.tokens(key.id)
    for (const old of tokens) {
      if (old.expiresAt === undefined) old.expiresAt = now + graceMinutes * 60_000
      else if (endEarlier) old.expiresAt = Math.min(old.expiresAt, now)
    }
    const token = newToken()
    tokens.push({ token, issuedAt: now })
    key.issuedAt = now
    return token
  }
}

function newToken(): string {
  return `inc_${randomBytes(32).toString('hex')}`
}

/** A key as incident.io shows it. */
export function toJson(key: KeyRecord, issuedAt = key.issuedAt) {
  return {
    id: key.id,
    name: key.name,
    ...(key.comments !== undefined && { comments: key.comments }),
    roles: key.roles.map(describeRole),
    team_ids: key.teamIds,
    team_roles: key.teamRoles.map(describeRole),
    creator: key.creator,
    created_at: rfc3339(key.createdAt),
    token_last_issued_at: rfc3339(issuedAt),
    ...(key.lastUsedAt !== undefined && { last_used_at: rfc3339(key.lastUsedAt) }),
  }
}

/** `2021-08-17T13:28:57.801578Z`: six digits after the second, as incident.io writes them. */
function rfc3339(ms: number): string {
  const microseconds = Math.floor((ms % 1) * 1000)
  return new Date(ms).toISOString().replace('Z', `${String(microseconds).padStart(3, '0')}Z`)
}
