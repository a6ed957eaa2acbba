import { causeAtGitHub, isOfGitHub } from '../2-look/explain-github.ts'
import { giveValidKey } from '../2-look/explain-incident-io.ts'
import { type Destination, nameOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import { NoAnswer } from '../services/decode.ts'
import type { GitHub } from '../services/github.ts'
import { type IncidentIo, IncidentIoError, type Key, type KeyFields, MANAGING } from '../services/incident-io.ts'
import { Problem, quote } from '../services/problem.ts'
import { isPassing } from '../services/retry.ts'

interface Effects {
  incident: IncidentIo
  github: GitHub
  context: RunContext
}

type Named = Pick<Key, 'id' | 'name'>

const subjectOf = ({ id, name }: Named): string => `the API key ${quote(name)} (${id})`

/**
 * Makes a key what its entry says: everything that is not given goes back as it was, since an update replaces it.
 *
 * @param consequence what becomes of its token where this fails, as a sentence
 * @throws Problem
 */
export async function updateKey(
  key: Named,
  fields: KeyFields,
  consequence: string,
  { incident, context }: Effects,
): Promise<void> {
  const refused = {
    consequence,
    forbidden:
      'The managing key can give only what it may do itself: give it these roles in the dashboard, or change this key there. Run again.',
    otherwise: 'Check its roles, teams and comments in the manifest. Run again.',
  }
  await incident.update(key.id, fields).catch((error) => {
    throw refusedChange(error, 'update', key, refused, `It may have been updated all the same. ${consequence}`, context)
  })
}

/**
 * Deletes a secret.
 *
 * @throws Problem
 */
export async function deleteSecret(destination: Destination, key: string, effects: Effects): Promise<void> {
  const { github, context } = effects
  await github.secrets.remove(destination).catch((error) => {
    if (!isOfGitHub(error)) throw error
    const { cause, remedy } = causeAtGitHub(error, destination, context)
    throw new Problem(
      {
        goal: 'delete the secret',
        subject: nameOf(destination),
        cause,
        remedy: `The API key ${key} is kept until its secrets are gone: run again when the cause is mended. ${remedy}`,
        destination,
      },
      { cause: error },
    )
  })
}

/**
 * Deletes a key; its tokens are dead at once.
 *
 * @throws Problem
 */
export async function deleteKey(key: Named, { incident, context }: Effects): Promise<void> {
  const refused = {
    consequence: 'Its secrets are deleted, and it is not.',
    forbidden: `The managing key needs the role ${MANAGING}, for the account or for the teams of this key: give it in the dashboard. Run again.`,
    otherwise: 'Run again; when it persists, delete the key in the dashboard.',
  }
  await incident.remove(key.id).catch((error) => {
    throw refusedChange(error, 'delete', key, refused, 'Its secrets are deleted, and it may be too.', context)
  })
}

/** What is said of a change that incident.io refused: whole sentences. */
interface Refused {
  consequence: string
  /** What to do about a 403. */
  forbidden: string
  /** What to do about anything else but a 401. */
  otherwise: string
}

/**
 * An error of a change, as the user should read it.
 *
 * @param unknown what may have changed where no answer tells
 */
function refusedChange(
  error: unknown,
  goal: string,
  key: Named,
  { consequence, forbidden, otherwise }: Refused,
  unknown: string,
  context: RunContext,
): unknown {
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal, subject: subjectOf(key), cause, remedy, requestId }, { cause: error })
  if (error instanceof NoAnswer) return problem(`incident.io gave ${error.message}`, `${unknown} Run again.`)
  if (!(error instanceof IncidentIoError)) return error
  const { message, requestId, status, failure } = error
  if (isPassing(failure)) return problem(message, `${unknown} Run again.`, requestId)
  const advice = status === 401 ? giveValidKey(context) : status === 403 ? forbidden : otherwise
  return problem(message, `${consequence} ${advice}`, requestId)
}
