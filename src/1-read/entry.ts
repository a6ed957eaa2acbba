import type { Destination } from '../destination.ts'
import type { Age } from './age.ts'

export type KeySelector = { by: 'name'; name: string } | { by: 'id'; id: string }

/** When a key is rotated, and how its old token ends. The inputs of these names are the manifest's defaults. */
export interface Policy {
  /** Whole minutes that the old token lives on, or `auto`. */
  readonly grace: 'auto' | number
  /** The least that `auto` gives, in whole minutes. */
  readonly minGraceMinutes: number
  /** What to do when a run surely needs the old token for longer than incident.io allows. */
  readonly longRuns: 'defer' | 'proceed' | 'fail'
  readonly minTokenAge: Age
  /** Milliseconds; undefined when no age is too high. */
  readonly maxTokenAge: number | undefined
}

/** One key of a manifest: what it should be. */
export interface Entry {
  readonly key: KeySelector
  /** `absent`: the secrets and the key are to be deleted. */
  readonly state: 'present' | 'absent'
  readonly destinations: readonly Destination[]
  readonly policy: Policy
  /** Names of the account-level roles; undefined leaves them alone, like the next three. */
  readonly roles: readonly string[] | undefined
  readonly teamIds: readonly string[] | undefined
  readonly teamRoles: readonly string[] | undefined
  readonly comments: string | undefined
  /** Whether the key is made when it is missing. */
  readonly create: boolean
  /** Whether an absent key is deleted although it was used a short while ago. */
  readonly evenIfUsed: boolean
  /** Where it stands in the file, from 1. */
  readonly line: number
}
