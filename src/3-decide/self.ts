import { type Identity, MANAGING } from '../services/incident-io.ts'

/**
 * Whether the managing key is the one to rotate. incident.io tells of who calls its name and its roles, and no id, and
 * nothing says that it tells of roles here as it does there. So a key of that name that may manage keys is taken for it,
 * which does no harm to another one: its token may then do what this run asks for behind the rotation.
 */
export function rotatesItself({ key, caller }: { key: Identity; caller: Identity }): boolean {
  return key.name === caller.name && [...key.roles, ...key.teamRoles].includes(MANAGING)
}
