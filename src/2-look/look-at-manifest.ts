import { asAnswer } from '../1-read/answer.ts'
import type { Entry, KeySelector } from '../1-read/entry.ts'
import type { Inputs, ManifestInputs } from '../1-read/inputs.ts'
import { isSimilar } from '../1-read/similar.ts'
import { nameOf as destinationName } from '../destination.ts'
import type { RunContext } from '../run-context.ts'
import type { GitHub } from '../services/github.ts'
import {
  type Identity,
  type IncidentIoError,
  isGone,
  type Key,
  keyOf,
  type ListedKey,
} from '../services/incident-io.ts'
import { whileSaying } from '../services/log.ts'
import { errorsIn, Problem, quote } from '../services/problem.ts'
import { asDeletion } from './explain-github.ts'
import { explainIncidentIo } from './explain-incident-io.ts'
import { keysNamed, nearNames, noSuchId, pickByName } from './find-key.ts'
import { madeMeanwhile } from './key-problems.ts'
import {
  type Facts,
  factsOf,
  type Glimpse,
  glimpseOf,
  NO_RUNS,
  runsOf,
  type Services,
  type Shared,
  startLooking,
} from './look.ts'
import type { Copy } from './look-at-copies.ts'
import { lookAtCaller } from './look-at-key.ts'
import { type Ignored, whyIgnored } from './why-ignored.ts'
import { type Copies, type Credential, copiesOf, placeIdOf, withinRateLimits } from './writable.ts'

/** What was seen of one entry of the manifest. */
export interface Seen {
  entry: Entry
  /** What is asked for of its key, as if it were the only one. */
  inputs: Inputs
  caller: Identity
  /** Undefined when there is none. */
  key: Key | undefined
  copies: Copies & { credentials: readonly Credential[] }
  /** Of a key that is there and is to stay. */
  facts: Facts | undefined
  /** What was seen all the same where looking failed. */
  glimpse?: Glimpse
  /** How its destinations were looked at. */
  shared: Shared
  /** Why the event that started this run does not matter to it. */
  ignored: Ignored | undefined
  /** Why nothing may be done with it. */
  errors: readonly unknown[]
  /** Names of keys that may have been meant, where there is none of its own. */
  near: readonly string[]
  /** Names of keys that no entry names, and that are so similar that a new key would be a slip. */
  similar: readonly string[]
  /** How far incident.io's clock is ahead of this machine's, in ms. */
  clockAhead: number
}

/** Everything that the plan rests on. */
export interface ManifestSeen {
  keys: readonly Seen[]
  /** Keys that stand in no entry. */
  unlisted: readonly Key[]
}

/** Whether a key is to be rotated as far as it can be told without the runs in flight: else they are not looked at. */
export type MayRotate = (inputs: Inputs, facts: Facts) => boolean

/**
 * Looks at every key of the manifest and all its destinations. The keys are listed once, and what destinations of one
 * repository share is asked for once. What cannot be seen of one key stops no other.
 *
 * @throws Problem when the managing key may not manage keys, or nothing can be listed
 */
export async function lookAtManifest(
  inputs: ManifestInputs,
  services: Services,
  context: RunContext,
  mayRotate: MayRotate,
): Promise<ManifestSeen> {
  const { incident, github } = services
  const listing = incident.list()
  listing.catch(() => {})
  const caller = await lookAtCaller(incident, context)
  const listed = await listing.catch((error) => {
    throw explainIncidentIo(error, 'list', 'the API keys', context)
  })
  const found = withoutSharedKeys(inputs.entries.map((entry) => ({ entry, ...findFor(entry, listed, context) })))
  const picked = pickFrom(found, inputs.pick)
  const answered = await Promise.all(
    picked.map(async (one) => {
      const ignored = await ignoredFor(one, inputs, github, context)
      return { ...one, ignored, errors: ignored === undefined ? one.errors : [] }
    }),
  )
  // With an event, what is about another key is not even looked at.
  const isLookedAt = ({ errors, ignored }: { errors: readonly unknown[]; ignored: unknown }) =>
    errors.length === 0 && ignored === undefined
  const destinations = answered.filter(isLookedAt).flatMap(({ entry }) => entry.destinations)
  const named = inputs.entries.flatMap((entry) => entry.destinations)
  const shared = startLooking(destinations, github, context, named)
  const namedKeys = new Set(found.flatMap(({ key }) => key?.name ?? []))
  const similarTo = ({ key: selector }: Entry): string[] => {
    const names = listed.map(({ name }) => name).filter((name) => !namedKeys.has(name))
    return selector.by === 'name' ? names.filter((name) => isSimilar(name, selector.name)) : []
  }
  const lookAtOne = async ({ entry, key, errors, ignored }: (typeof answered)[number]): Promise<Seen> => {
    const asked = asAnswer(inputsFor(entry, inputs))
    const near =
      key === undefined && entry.key.by === 'name' ? nearNames(listed, entry.key.name).map(({ name }) => name) : []
    const clockAhead = incident.time.offset
    const similar = key === undefined ? similarTo(entry) : []
    const known = { entry, inputs: asked, caller, key, ignored, errors, near, similar, shared, clockAhead }
    const seen: Seen = { ...known, copies: NO_COPIES, facts: undefined }
    if (!isLookedAt(seen)) return seen
    try {
      return { ...seen, ...(await lookAtCopiesOf(seen, services, context, mayRotate)) }
    } catch (thrown) {
      return { ...seen, errors: errorsIn(thrown), glimpse: await glimpseOf(key, copyingOf(seen), incident) }
    }
  }
  const keys = await whileSaying(
    'Looking',
    () => `Looking: ${shared.seen()} of ${destinations.length} destinations of ${picked.length} keys.`,
    Promise.all(answered.map(lookAtOne)),
  )
  const known = new Set(inputs.entries.flatMap(({ key }) => matching(key, listed).map(({ id }) => id)))
  const unlisted = inputs.pick === undefined ? listed.filter(({ id }) => !known.has(id)) : []
  return { keys: withoutSharedPlaces(keys), unlisted: unlisted.flatMap(readable) }
}

/**
 * Looks at one key once more, when a while has gone by: another run may have changed what was seen.
 *
 * @throws Problem, or AggregateError of several
 */
export async function lookAnew(
  seen: Seen,
  services: Services,
  context: RunContext,
  mayRotate: MayRotate,
): Promise<Seen> {
  const { entry, key } = seen
  const { incident, github } = services
  const explain = (error: unknown) => {
    if (!isGone(error))
      throw explainIncidentIo(error, 'look up', `the API key ${quote(key?.name ?? nameOf(entry.key))}`, context)
    if (entry.state === 'present') throw noSuchId(key?.id ?? '', '"name"', error as IncidentIoError)
    return undefined
  }
  const now = key && (await incident.show(key.id).catch(explain))
  if (key === undefined && entry.state === 'present') {
    const listed = (await incident.list().catch(explain)) ?? []
    if (matching(entry.key, listed).length > 0) throw madeMeanwhile(nameIn(entry) ?? '')
  }
  const again = { ...seen, key: now, shared: startLooking(entry.destinations, github, context, seen.shared.named) }
  return { ...again, ...(await lookAtCopiesOf(again, services, context, mayRotate)) }
}

const NO_COPIES = { copies: [], passedOver: [], archived: [], credentials: [] }

/** What is asked for of one key: the entry's own policy, and what holds for all. */
function inputsFor(entry: Entry, { entries: _, manifest: __, pick: ___, ...common }: ManifestInputs): Inputs {
  return { ...common, ...entry.policy, key: entry.key, destinations: entry.destinations }
}

/** The copies of a key, as they are being looked at. */
function copyingOf({ entry, inputs, shared }: Pick<Seen, 'entry' | 'inputs' | 'shared'>): Promise<Copy>[] {
  return inputs.destinations
    .map((destination) => shared.copying.get(destination))
    .filter((one) => one !== undefined)
    .map((copy) => (entry.state === 'absent' ? copy.catch(asDeletion) : copy))
}

/** The copies of a key, and where it may have to be rotated, who holds them. */
async function lookAtCopiesOf(
  { entry, inputs, caller, key, shared }: Seen,
  services: Services,
  context: RunContext,
  mayRotate: MayRotate,
): Promise<Pick<Seen, 'copies' | 'facts'>> {
  const { destinations, force } = inputs
  const copies = await copiesOf(copyingOf({ entry, inputs, shared }), force, entry.state === 'present')
  if (key === undefined || entry.state === 'absent') {
    return { copies: await withinRateLimits(copies, services.github, force), facts: undefined }
  }
  const facts = await factsOf({ caller, key }, copies, force, services, context)
  const runs = mayRotate(inputs, facts) ? await runsOf(destinations, shared, services.github, context) : NO_RUNS
  return { copies: facts, facts: { ...facts, runs } }
}

/** An event is about a key that was rotated: what is missing, or is to be, waits for the next run. */
async function ignoredFor(
  { entry, key }: Found,
  { event }: ManifestInputs,
  github: GitHub,
  context: RunContext,
): Promise<Ignored | undefined> {
  if (event === undefined) return undefined
  if (key === undefined || entry.state === 'absent') return { key, because: { kind: 'another-key' } }
  return whyIgnored(event, key, github, context)
}

interface Found {
  entry: Entry
  key: Key | undefined
  errors: readonly unknown[]
}

/** The key of an entry; none where it is to be made, or is to be absent and is. */
function findFor(
  { key: selector, state, create }: Entry,
  listed: readonly ListedKey[],
  context: RunContext,
): Omit<Found, 'entry'> {
  try {
    const found = matching(selector, listed)
    const mayBeMissing = state === 'absent' || (create && selector.by === 'name')
    if (found.length === 0 && mayBeMissing) return { key: undefined, errors: [] }
    if (selector.by === 'name') return { key: keyOf(pickByName(listed, selector.name, '"id"', MAKE_IT)), errors: [] }
    if (found[0] === undefined) throw noSuchId(selector.id, '"name"')
    return { key: keyOf(found[0]), errors: [] }
  } catch (error) {
    return {
      key: undefined,
      errors: [explainIncidentIo(error, 'look up', `the API key ${quote(nameOf(selector))}`, context)],
    }
  }
}

const MAKE_IT = ' To have it made, write "create: true".'

const matching = (selector: KeySelector, listed: readonly ListedKey[]): ListedKey[] =>
  selector.by === 'id' ? listed.filter(({ id }) => id === selector.id) : keysNamed(listed, selector.name)

/** Two entries may come to one key by its name and its id, which the file alone does not tell. */
function withoutSharedKeys(found: readonly Found[]): Found[] {
  const byKey = Map.groupBy(found, ({ key }) => key?.id)
  return found.map((one) => {
    const others = one.key === undefined ? [] : (byKey.get(one.key.id) ?? []).filter((other) => other !== one)
    if (one.key === undefined || others.length === 0) return one
    const problem = new Problem({
      goal: 'rotate',
      subject: `the API key ${quote(one.key.name)} (${one.key.id})`,
      cause: `the entries on lines ${linesOf([one, ...others]).join(' and ')} of the manifest are both about it`,
      remedy: 'Nothing was changed for it. Keep one of them, with all its destinations.',
    })
    return { ...one, errors: [problem] }
  })
}

/** Two entries may feed one secret by two names of its repository, which only GitHub tells. */
function withoutSharedPlaces(keys: readonly Seen[]): Seen[] {
  const places = keys.flatMap((seen) => seen.copies.copies.map((copy) => ({ seen, copy })))
  const shared = [...Map.groupBy(places, ({ copy }) => placeIdOf(copy)).values()].filter((one) => one.length > 1)
  return keys.map((seen) => {
    const conflict = shared.find((one) => one.some((place) => place.seen === seen))
    if (conflict === undefined) return seen
    const names = conflict.map(
      (one) => `${destinationName(one.copy.destination)} (entry on line ${one.seen.entry.line})`,
    )
    const problem = new Problem({
      goal: seen.entry.state === 'absent' ? 'delete the secrets of' : 'rotate',
      subject: `the API key ${quote(seen.key?.name ?? nameOf(seen.entry.key))}`,
      cause: `${names.join(' and ')} are one secret, because the repository was renamed, and a secret holds the token of one key`,
      remedy:
        'Nothing was changed for these keys. Keep one of the destinations, under the present name of the repository.',
    })
    return { ...seen, copies: NO_COPIES, facts: undefined, errors: [problem] }
  })
}

const linesOf = (found: readonly Found[]): number[] => found.map(({ entry }) => entry.line).sort((a, b) => a - b)

/** The entry that the inputs pick, by what it says or by what its key is called. */
function pickFrom(found: readonly Found[], pick: KeySelector | undefined): readonly Found[] {
  if (pick === undefined) return found
  const wanted = (pick.by === 'id' ? pick.id : pick.name).trim()
  const byId = found.filter(({ entry, key }) => [key?.id, idIn(entry)].includes(wanted))
  const byName = found.filter(({ entry, key }) => [key?.name.trim(), nameIn(entry)?.trim()].includes(wanted))
  // The jobs of a matrix are given the id in the place of a name that several keys carry.
  const picked = pick.by === 'id' || byName.length === 0 ? byId : byName
  // Entries that are about one and the same key are a mistake that each of them tells.
  const [first] = picked
  if (first && picked.every(({ key }) => key !== undefined && key.id === first.key?.id)) return [first]
  if (picked.length === 1) return picked
  const problem = (cause: string, remedy: string) =>
    new Problem({ goal: 'find', subject: `the key ${quote(wanted)} in the manifest`, cause, remedy })
  if (picked.length > 1) {
    throw problem(
      `${picked.length} entries are about keys of this name, on lines ${linesOf(picked).join(', ')}`,
      `Give the id of the one you mean as "key-id": ${picked.map(({ key }) => key?.id ?? 'none').join(', ')}.`,
    )
  }
  const names = found.map(({ entry, key }) => ({ name: key?.name ?? nameIn(entry) ?? idIn(entry) ?? '' }))
  const near = nearNames(names, wanted)
  throw problem(
    'no entry is about it',
    near.length > 0
      ? `Did you mean ${near.map(({ name }) => quote(name)).join(', ')}?`
      : 'Add it to the manifest, or leave "key-name" and "key-id" out for all of its keys.',
  )
}

/** What an entry calls its key. */
const nameOf = (selector: KeySelector): string => (selector.by === 'name' ? selector.name : selector.id)
const nameIn = ({ key }: Entry): string | undefined => (key.by === 'name' ? key.name : undefined)
const idIn = ({ key }: Entry): string | undefined => (key.by === 'id' ? key.id : undefined)

/** A key in whose place nothing is known to be done need not be readable. */
function readable(listed: ListedKey): Key[] {
  try {
    return [keyOf(listed)]
  } catch {
    return []
  }
}
