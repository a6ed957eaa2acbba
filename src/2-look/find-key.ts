import { distance } from 'fastest-levenshtein'
import type { KeySelector } from '../1-read/entry.ts'
import { type IncidentIo, IncidentIoError, type Key, keyOf, type ListedKey } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'

/** How many near names a message lists at the most. */
const MOST_SUGGESTED = 5
/** What is shorter is in too many names. */
const SHORTEST_INSIDE = 3

/**
 * The key that the user named.
 *
 * @throws Problem when there is none, or when a name is carried by several
 */
export async function findKey(selector: KeySelector, incident: IncidentIo): Promise<Key> {
  if (selector.by === 'name') return keyOf(pickByName(await incident.list(), selector.name))
  try {
    return await incident.show(selector.id)
  } catch (error) {
    if (!(error instanceof IncidentIoError) || error.status !== 404) throw error
    throw noSuchId(selector.id, '"key-name"', error)
  }
}

/** @param nameIsGivenAs what takes a name in the place of an id */
export function noSuchId(id: string, nameIsGivenAs: string, error?: IncidentIoError): Problem {
  return new Problem(
    {
      goal: 'find',
      subject: `the API key with the id ${quote(id)}`,
      cause: 'incident.io knows no such key, or not for this managing key',
      remedy:
        `Copy the id from the list of API keys in the dashboard, or give the key's name as ${nameIsGivenAs}. A managing ` +
        'key that is scoped to teams sees the keys of its teams only.',
      requestId: error?.requestId,
    },
    { cause: error },
  )
}

/**
 * Picks the one key that carries exactly this name; says what to do when none or several do.
 *
 * @param idIsGivenAs what takes an id in the place of a name
 * @param orElse what else to do when there is none, as a sentence behind a space
 * @param given as the workflow has it: white space around it counts when a key has it too, and is trimmed otherwise
 */
export function pickByName(
  keys: readonly ListedKey[],
  given: string,
  idIsGivenAs = '"key-id"',
  orElse = '',
): ListedKey {
  const [found, ...others] = keysNamed(keys, given)
  const name = found?.name ?? given.trim()
  if (found !== undefined && others.length === 0) return found
  const problem = (cause: string, remedy: string) =>
    new Problem({ goal: 'find', subject: `the API key named ${quote(name)}`, cause, remedy })
  if (found !== undefined) {
    const ids = someOf([found, ...others].map((key) => key.id))
    throw problem(
      `${others.length + 1} keys carry this name: ${ids}`,
      `Give the id of the one you mean as ${idIsGivenAs}.`,
    )
  }
  if (keys.length === 0) {
    throw problem(
      'the managing key sees no API key at all',
      'Use a managing key with api_keys_manage for the whole account, or for the team that the key belongs to.',
    )
  }
  const byId = keys.find(({ id }) => id === name)
  if (byId !== undefined) {
    throw problem(`this is the id of the key ${quote(byId.name)}, and not its name`, `Give it as ${idIsGivenAs}.`)
  }
  const alike = nearNames(keys, name)
  const near = alike.length > 0 ? alike : heldBy(name, keys)
  throw problem(
    `none of the ${keys.length} API keys that the managing key sees carries exactly this name`,
    near.length > 0
      ? `Did you mean ${near.map((key) => `${quote(key.name)} (${key.id})`).join(', ')}?${orElse}`
      : `Copy the name from the list of API keys in the dashboard. A managing key that is scoped to teams sees the keys of its teams only.${orElse}`,
  )
}

/** The keys that carry a name; white space around it counts when a key has it too. */
export function keysNamed(keys: readonly ListedKey[], given: string): ListedKey[] {
  const name = keys.some((key) => key.name === given) ? given : given.trim()
  return keys.filter((key) => key.name === name)
}

/** Keys whose name may have been meant, nearest first: case aside, a third of the letters may differ, or it holds what was given. */
export function nearNames<T extends { name: string }>(keys: readonly T[], name: string): T[] {
  const wanted = name.toLowerCase()
  return keys
    .map((key) => {
      const other = key.name.toLowerCase().trim()
      return { key, far: distance(wanted, other), isInside: holds(other, wanted) }
    })
    .filter(({ far, isInside }) => isInside || far <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST_SUGGESTED)
    .map(({ key }) => key)
}

/** Keys whose names are a part of this one. They say less: it may be that of another key. */
function heldBy(name: string, keys: readonly ListedKey[]): ListedKey[] {
  return keys.filter((key) => holds(name.toLowerCase(), key.name.toLowerCase().trim())).slice(0, MOST_SUGGESTED)
}

const holds = (name: string, part: string): boolean => part.length >= SHORTEST_INSIDE && name.includes(part)
