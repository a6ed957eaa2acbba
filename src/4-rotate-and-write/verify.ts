import { type IncidentIo, incidentIoFailure, isUnauthorized } from '../services/incident-io.ts'
import { type Failure, isPassing, ONCE, type Patience, persist, type Waiting } from '../services/retry.ts'

/** Whether the new token was seen to work: it may also be refused for good, or nobody could tell. */
export type Proof = { kind: 'works' } | { kind: 'refused'; requestId: string | undefined } | { kind: 'unknown' }

/** A token that was issued a moment ago may not be known everywhere at once; it gets this long, in ms. */
export const VERIFY_PATIENCE = 30_000

const PATIENCE: Patience = { until: (since) => since + VERIFY_PATIENCE, stubborn: true }

type VerifyEffects = Waiting & { incident: IncidentIo }

/** Asks incident.io with the new token, again and again for up to 30 s. */
export function verify(token: string, effects: VerifyEffects): Promise<Proof> {
  return verifyFor(PATIENCE, token, effects)
}

/** Asks incident.io with the new token, once. */
export function verifyOnce(token: string, effects: VerifyEffects): Promise<Proof> {
  return verifyFor(ONCE, token, effects)
}

async function verifyFor(patience: Patience, token: string, { incident, ...waiting }: VerifyEffects): Promise<Proof> {
  // Whatever it answers at first, the token may be known a little later.
  const failureOf = (error: unknown): Failure => {
    const failure = incidentIoFailure(error)
    return failure !== undefined && isPassing(failure) ? failure : { kind: 'no-answer' }
  }
  try {
    await persist(() => incident.prove(token), failureOf, patience, waiting)
    return { kind: 'works' }
  } catch (error) {
    return isUnauthorized(error) ? { kind: 'refused', requestId: error.requestId } : { kind: 'unknown' }
  }
}
