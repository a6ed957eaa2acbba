import { causeAtGitHub, isOfGitHub } from '../2-look/explain-github.ts'
import { type Destination, nameOf } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import { NoAnswer } from '../services/http.ts'
import { type IncidentIo, IncidentIoError, type Key, type KeyFields } from '../services/incident-io.ts'
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
  { incident }: Effects,
): Promise<void> {
  const advice = (status: number) =>
    status === 403
      ? `${consequence} The managing key can give only what it may do itself: give it these roles in the dashboard, or change this key there.`
      : `${consequence} Check its roles, teams and comments in the manifest.`
  await incident.update(key.id, fields).catch((error) => {
    throw refusedChange(error, 'update', key, advice, `It may have been updated all the same. ${consequence}`)
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
export async function deleteKey(key: Named, { incident }: Effects): Promise<void> {
  await incident.remove(key.id).catch((error) => {
    throw refusedChange(
      error,
      'delete',
      key,
      () => 'Its secrets are deleted, and it is not.',
      'Its secrets are deleted, and it may be too.',
    )
  })
}

/**
 * An error of a change, as the user should read it.
 *
 * @param advice for an answer that refuses it
 * @param unknown what may have changed where no answer tells
 */
function refusedChange(
  error: unknown,
  goal: string,
  key: Named,
  advice: (status: number) => string,
  unknown: string,
): unknown {
  const problem = (cause: string, remedy: string, requestId?: string) =>
    new Problem({ goal, subject: subjectOf(key), cause, remedy, requestId }, { cause: error })
  if (error instanceof NoAnswer) return problem(`incident.io gave ${error.message}`, `${unknown} Run again.`)
  if (!(error instanceof IncidentIoError)) return error
  const { message, requestId, status, failure } = error
  return problem(message, `${isPassing(failure) ? unknown : advice(status)} Run again.`, requestId)
}
