import type { Identity } from '../services/incident-io.ts'

/**
 * Whether the managing key is the one to rotate. incident.io tells of who calls its name and its roles, and no id: two keys
 * of one name with the same roles are taken for one, which does no harm, since either token then may do the same.
 */
export function rotatesItself({ key, caller }: { key: Identity; caller: Identity }): boolean {
  return key.name === caller.name && areSame(key.roles, caller.roles) && areSame(key.teamRoles, caller.teamRoles)
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return new Set(some).size === new Set(others).size && some.every((one) => others.includes(one))
}
