import { type IncidentIo, incidentIoFailure } from '../services/incident-io.ts'
import { type Patience, persist, type Waiting } from '../services/retry.ts'

/** Whether the new token was seen to work: it may also be refused for good, or nobody could tell. */
export type Proof = 'works' | 'refused' | 'unknown'

/** A token that was issued a moment ago may not be known everywhere at once; it gets this long, in ms. */
export const VERIFY_PATIENCE = 30_000

const PATIENCE: Patience = { until: (since) => since + VERIFY_PATIENCE, stubborn: true }

class StillRefused extends Error {}

/** Asks incident.io with the new token, again and again for up to 30 s. */
export async function verify(
  token: string,
  { incident, ...waiting }: Waiting & { incident: IncidentIo },
): Promise<Proof> {
  const attempt = async () => {
    if (!(await incident.works(token))) throw new StillRefused()
  }
  const failureOf = (error: unknown) =>
    error instanceof StillRefused ? { kind: 'no-answer' as const } : incidentIoFailure(error)
  try {
    await persist(attempt, failureOf, PATIENCE, waiting)
    return 'works'
  } catch (error) {
    return error instanceof StillRefused ? 'refused' : 'unknown'
  }
}
