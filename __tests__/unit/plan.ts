import type { Entry } from '../../src/1-read/entry.ts'
import type { Inputs } from '../../src/1-read/inputs.ts'
import { type Facts, NO_RUNS, type Shared } from '../../src/2-look/look.ts'
import type { Seen } from '../../src/2-look/look-at-manifest.ts'
import { mayRotate } from '../../src/3-decide/decide.ts'
import { planFor } from '../../src/3-decide/plan.ts'
import type { KeyPlan } from '../../src/3-decide/plan-key.ts'
import type { Destination } from '../../src/destination.ts'
import type { Access } from '../../src/services/github.ts'
import type { Identity, Key } from '../../src/services/incident-io.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const NOW = Date.parse('2026-03-01T12:00:00Z')
export const CALLER: Identity = { name: 'Key manager', roles: ['viewer', 'api_keys_manage'], teamRoles: [] }
export const ACCESS: Access = {
  by: 'other token',
  permissions: {},
  seesAllRepositories: true,
  scopes: undefined,
  budget: undefined,
  heldUntil: 0,
}

/** Nothing asks it anything here. */
const SHARED = { copying: new Map(), shares: {}, seen: () => 0 } as unknown as Shared

export interface Case {
  name?: string
  entry?: Partial<Entry>
  inputs?: Partial<Inputs>
  /** How old the token is, in days; undefined: there is no such key. */
  age?: number | undefined
  key?: Partial<Key>
  /** When each copy was written, in days before now; undefined: it does not exist. */
  copies?: readonly (number | undefined)[]
  facts?: Partial<Facts>
  access?: Access
  seen?: Partial<Seen>
}

export function seenOf({ name = 'key', entry: given, inputs, key: fields, access = ACCESS, ...one }: Case = {}): Seen {
  const age = 'age' in one ? one.age : 40
  const written = one.copies ?? [age]
  const destinations = written.map(
    (_, index): Destination => ({ kind: 'repository', owner: 'octo', repository: `app-${index}`, secret: 'S' }),
  )
  const entry: Entry = {
    key: { by: 'name', name },
    state: 'present',
    destinations,
    policy: { grace: 'auto', minGraceMinutes: 15, longRuns: 'defer', minTokenAge: HOUR, maxTokenAge: undefined },
    roles: undefined,
    teamIds: undefined,
    teamRoles: undefined,
    comments: undefined,
    create: age === undefined,
    evenIfUsed: false,
    line: 2,
    ...given,
  }
  const key: Key | undefined =
    age === undefined
      ? undefined
      : {
          id: `id of ${name}`,
          name,
          roles: ['viewer'],
          teamRoles: [],
          teamIds: [],
          comments: undefined,
          issuedAt: new Date(NOW - age * DAY).toISOString(),
          lastUsedAt: undefined,
          unread: [],
          ...fields,
        }
  const copies = {
    copies: destinations.map((destination, index) => {
      const at = written[index] === undefined ? undefined : NOW - written[index] * DAY
      return { destination, updatedAt: at, writtenAt: at?.toString(), seal: () => ({ keyId: '', encryptedValue: '' }) }
    }),
    passedOver: [],
    archived: [],
    credentials: [{ access, owners: ['octo'], writes: destinations.length }],
  }
  const asked: Inputs = {
    ...entry.policy,
    incidentApiKey: '',
    github: { by: 'token', token: '' },
    incidentApiUrl: '',
    githubApiUrl: '',
    maxWaitMinutes: 0,
    force: false,
    dryRun: false,
    event: undefined,
    key: entry.key,
    destinations,
    ...inputs,
  }
  const isPresent = key !== undefined && entry.state === 'present'
  const facts: Facts | undefined = isPresent
    ? {
        caller: CALLER,
        key,
        issuedAt: Date.parse(key.issuedAt),
        ...(copies as Seen['copies']),
        writesAhead: 0,
        runs: NO_RUNS,
        issuer: undefined,
        failedRepair: undefined,
        ...one.facts,
      }
    : undefined
  // The runs are looked at for keys that are due.
  const isLookedAt = facts !== undefined && facts.runs === NO_RUNS && mayRotate(asked, facts, NOW)
  return {
    entry,
    inputs: asked,
    caller: CALLER,
    key,
    copies: copies as Seen['copies'],
    facts: isLookedAt
      ? { ...facts, runs: { at: NOW, holders: [], ids: new Set(), watches: [], busy: new Set() } }
      : facts,
    shared: SHARED,
    ignored: undefined,
    errors: [],
    near: [],
    similar: [],
    clockAhead: 0,
    ...one.seen,
  }
}

export function planOf(one: Case): KeyPlan {
  const [plan] = planFor([seenOf(one)], NOW)
  if (plan === undefined) throw new Error('there is no plan')
  return plan
}

/** The steps in short: `update roles`, `fill stale` … */
export function stepsOf({ steps }: KeyPlan): string[] {
  return steps.map((step) => {
    if (step.kind === 'update') return `update ${step.changes.map(({ field }) => field).join(' and ')}`
    return step.kind === 'fill' ? `fill ${step.state}` : step.kind
  })
}
export const errorOf = ({ errors }: KeyPlan) => errors.map((error) => (error as Error).message).join()
