import type { KeySelector } from '../1-read/entry.ts'
import type { RunContext } from '../run-context.ts'
import { type Identity, type IncidentIo, type Key, MANAGING } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import { explainIncidentIo } from './explain-incident-io.ts'
import { findKey } from './find-key.ts'

/**
 * The key to rotate, and who asks for it.
 *
 * @throws Problem when the managing key may not manage keys, or the key cannot be found
 */
export async function lookAtKey(
  selector: KeySelector,
  incident: IncidentIo,
  context: RunContext,
): Promise<{ caller: Identity; key: Key }> {
  const finding = findKey(selector, incident)
  // Whatever goes wrong with the managing key is told first; the search meets the same refusal.
  finding.catch(() => {})
  const caller = await lookAtCaller(incident, context)
  const key = await finding.catch((error) => {
    const name = quote(selector.by === 'name' ? selector.name : selector.id)
    throw explainIncidentIo(error, 'look up', `the API key ${name}`, context)
  })
  return { caller, key }
}

/**
 * Who the managing key is.
 *
 * @throws Problem when it may not manage keys
 */
export async function lookAtCaller(incident: IncidentIo, context: RunContext): Promise<Identity> {
  const subject = 'with the managing key'
  const caller = await incident.identity().catch((error) => {
    throw explainIncidentIo(error, 'sign in to incident.io', subject, context)
  })
  if (![...caller.roles, ...caller.teamRoles].includes(MANAGING)) {
    throw new Problem({
      goal: 'manage API keys',
      subject,
      cause: `it lacks the role api_keys_manage (it has ${someOf(caller.roles)})`,
      remedy:
        'Make a managing key in the dashboard (Settings → API keys) with "View, create, edit, delete or rotate API ' +
        'keys" and every permission of the key it shall rotate; this role cannot be granted through the API.',
    })
  }
  return caller
}
