import type { Entry, Policy } from './entry.ts'
import { isOfEntry, meantInEntry } from './manifest-schema.ts'
import type { Finding } from './manifest-yaml.ts'

/** A kind with its target; nothing is the repository that the workflow runs in. */
export type WrittenDestination = { readonly as?: string } & { readonly [kind: string]: string | null }

/** One entry as the schema lets it through. */
export interface Written {
  readonly name?: string
  readonly id?: string
  readonly secret?: string
  /** Undefined stands for one that the schema does not let through. */
  readonly destinations?: readonly (WrittenDestination | undefined)[]
  readonly state?: Entry['state']
  readonly 'min-token-age'?: string | 0
  readonly 'max-token-age'?: string | 0
  readonly 'grace-period-minutes'?: Policy['grace']
  readonly 'min-grace-minutes'?: number
  readonly 'long-runs'?: Policy['longRuns']
  readonly roles?: readonly string[]
  readonly 'team-ids'?: readonly string[]
  readonly 'team-roles'?: readonly string[]
  readonly comments?: string
  readonly create?: boolean
  readonly 'even-if-used'?: boolean
}

/** What of an entry the schema lets through: it is looked at although the rest is wrong. */
export interface Sound {
  readonly written: Written
  /**
   * Whether a property is surely left out, so that its default counts. Of one that is wrong, or stands there under a name
   * that may be misspelled, nobody knows what it is to be.
   */
  readonly isLeftOut: (property: keyof Written) => boolean
}

/**
 * Takes out of an entry what is wrong with it: properties, and destinations one by one.
 *
 * @param findings what the schema finds in the entry, by paths from the root of the file
 * @returns undefined for what is no mapping at all
 */
export function soundPartOf(entry: unknown, findings: readonly Finding[]): Sound | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined
  const isInItem = ({ path }: Finding) => path[2] === 'destinations' && path.length > 3
  const wrongItems = new Set(findings.filter(isInItem).map(({ path }) => path[3]))
  const wrong = new Set(findings.filter((one) => !isInItem(one)).map(({ path }) => path[2]))
  const names = Object.keys(entry)
  const meant = names.filter((name) => !isOfEntry(name)).map(meantInEntry)
  const written: Written = Object.fromEntries(
    Object.entries(entry).filter(([name]) => isOfEntry(name) && !wrong.has(name)),
  )
  const { destinations } = written
  return {
    written: {
      ...written,
      ...(destinations && { destinations: destinations.map((item, at) => (wrongItems.has(at) ? undefined : item)) }),
    },
    isLeftOut: (property) => !names.includes(property) && !meant.includes(property) && !meant.includes(undefined),
  }
}
