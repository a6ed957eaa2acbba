import { type IncidentIo, incidentIoFailure, isUnauthorized } from '../services/incident-io.ts'
import { type Failure, isPassing, type Patience, persist, type Waiting } from '../services/retry.ts'

/** Whether the new token was seen to work: it may also be refused for good, or nobody could tell. */
export type Proof = { kind: 'works' } | { kind: 'refused'; requestId: string | undefined } | { kind: 'unknown' }

/** A token that was issued a moment ago may not be known everywhere at once; it gets this long, in ms. */
export const VERIFY_PATIENCE = 30_000

const PATIENCE: Patience = { until: (since) => since + VERIFY_PATIENCE, stubborn: true }

/** Asks incident.io with the new token, again and again for up to 30 s. */
export async function verify(
  token: string,
  { incident, ...waiting }: Waiting & { incident: IncidentIo },
): Promise<Proof> {
  // Whatever it answers at first, the token may be known a little later.
  const failureOf = (error: unknown): Failure => {
    const failure = incidentIoFailure(error)
    return failure !== undefined && isPassing(failure) ? failure : { kind: 'no-answer' }
  }
  try {
    await persist(() => incident.prove(token), failureOf, PATIENCE, waiting)
    return { kind: 'works' }
  } catch (error) {
    return isUnauthorized(error) ? { kind: 'refused', requestId: error.requestId } : { kind: 'unknown' }
  }
}
