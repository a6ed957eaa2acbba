import type { Entry } from '../1-read/entry.ts'
import { type Key, type KeyFields, MANAGING } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'

/** In what a key differs from its entry. */
export interface Change {
  field: 'roles' | 'teams' | 'team roles' | 'comments'
  added: readonly string[]
  removed: readonly string[]
}

/** What a key is to be: what its entry gives, and the rest as it is. */
export function fieldsFor(entry: Entry, key: KeyFields): KeyFields {
  return {
    name: key.name,
    roles: entry.roles ?? key.roles,
    teamIds: entry.teamIds ?? key.teamIds,
    teamRoles: entry.teamRoles ?? key.teamRoles,
    comments: entry.comments ?? key.comments,
  }
}

/** A key that is still to be made. */
export function fieldsOfNew(entry: Entry, name: string): KeyFields {
  return fieldsFor(entry, { name, roles: [], teamIds: [], teamRoles: [], comments: undefined })
}

/** White space around them says nothing: a block of YAML ends with a line break. */
const commentsOf = ({ comments = '' }: KeyFields): string => comments.trim()

/** In what two of them differ. The order of roles and teams says nothing. */
export function changesBetween(before: KeyFields, after: KeyFields): Change[] {
  const lists = [
    { field: 'roles', from: before.roles, to: after.roles },
    { field: 'teams', from: before.teamIds, to: after.teamIds },
    { field: 'team roles', from: before.teamRoles, to: after.teamRoles },
    { field: 'comments', from: [commentsOf(before)], to: [commentsOf(after)] },
  ] as const
  return lists
    .map(({ field, from, to }) => ({
      field,
      added: to.filter((one) => !from.includes(one) && one !== ''),
      removed: from.filter((one) => !to.includes(one) && one !== ''),
    }))
    .filter(({ added, removed }) => added.length > 0 || removed.length > 0)
}

/**
 * Why incident.io's API would not set these fields; undefined when nothing tells so.
 *
 * @param before the key as it is; undefined for one that is still to be made
 * @param consequence what is done all the same, as a sentence
 */
export function whyNotSettable(
  after: KeyFields,
  before: Key | undefined,
  consequence = 'Nothing was changed for it.',
): Problem | undefined {
  const subject = `the API key ${quote(after.name)}${before === undefined ? '' : ` (${before.id})`}`
  const goal = before === undefined ? 'make' : 'update'
  const problem = (cause: string, remedy: string) =>
    new Problem({ goal, subject, cause, remedy: `${consequence} ${remedy}` })
  if (before !== undefined && [...before.roles, ...before.teamRoles].includes(MANAGING)) {
    return problem(
      `it has the role ${MANAGING}, and incident.io does not let such a key be updated through its API`,
      'Change it in the dashboard, and make its entry say the same, or leave roles, teams and comments out of the entry.',
    )
  }
  const unread = (before?.unread ?? []).filter((property) => property !== 'last_used_at')
  if (unread.length > 0) {
    return problem(
      `what incident.io says of it cannot be read wholly (${someOf(unread)}), and an update, which replaces everything, would take away what is not seen`,
      'Run again; when it persists, change it in the dashboard, and leave roles, teams and comments out of the entry.',
    )
  }
  if ([...after.roles, ...after.teamRoles].includes(MANAGING)) {
    return problem(
      `the role ${MANAGING} cannot be given through the API`,
      'Give it in the dashboard, or take it out of the entry.',
    )
  }
  if (after.teamIds.length > 0 !== after.teamRoles.length > 0) {
    const [has, lacks] = after.teamIds.length > 0 ? ['teams', 'roles for them'] : ['roles for teams', 'teams']
    return problem(
      `it would have ${has} and no ${lacks}, which incident.io refuses`,
      'Give both "team-ids" and "team-roles", or leave both empty.',
    )
  }
  return undefined
}
