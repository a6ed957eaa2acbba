import { quote, someOf } from '../services/problem.ts'
import { lackingRoles } from './decide.ts'

/**
 * A warning of roles that the managing key lacks by name, as whole sentences; none when it lacks none. What the key is to
 * have counts as what it has.
 */
export function warningsOfLackingRoles(asking: Parameters<typeof lackingRoles>[0]): string[] {
  const lacking = lackingRoles(asking)
  if (lacking.length === 0) return []
  return [
    `The managing key lacks roles of the key ${quote(asking.key.name)} by name: ${someOf(lacking)}. incident.io compares ` +
      'what the roles allow, and refuses, with nothing changed, when the other roles do not allow the same.',
  ]
}
