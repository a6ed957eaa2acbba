import type { Case, Ending, Kill } from './case.ts'
import { type FaultKind, faultsFor, isShow } from './faults.ts'
import { momentOf, violationsOf } from './invariants.ts'
import { play, type Story } from './play.ts'
import { changes, criticalOf, isRotation, nameOf, type Spot, spotsIn } from './spots.ts'
import type { Flavour, StageOptions } from './stage.ts'

/** The requests of a clean run of each flavour. */
export type Spots = Readonly<Record<Flavour, readonly Spot[]>>

/** Nothing goes wrong. */
export const CLEAN = { strikes: [], post: true, mustMeet: true } as const

/** The requests of a clean run of every flavour; see {@link recordSpots}. */
export async function recordAllSpots(options: StageOptions): Promise<Spots> {
  return {
    token: await recordSpots('token', options),
    app: await recordSpots('app', options),
    self: await recordSpots('self', options),
  }
}

/**
 * Plays a clean run and looks what it asks.
 *
 * @throws Error when it breaks an invariant: then nothing can be learnt from faults
 */
export async function recordSpots(flavour: Flavour, options: StageOptions): Promise<readonly Spot[]> {
  const story = await playClean({ ...CLEAN, name: `${flavour}: clean`, row: 'clean', flavour }, options)
  const end = momentOf(story, 'main')?.at ?? 0
  return spotsIn(story.journal.filter(({ at }) => at <= end))
}

/** Plays a case without faults. */
export async function playClean(one: Case, options: StageOptions): Promise<Story> {
  const story = await play(one, options)
  const violations = violationsOf(story)
  if (violations.length > 0) throw new Error(`${one.name} breaks the invariants already: ${violations.join('; ')}`)
  return story
}

/** Every request × every fault × once and always. Apps and a key that rotates itself: what differs from a token. */
export function faultCases({ token, app, self }: Spots): Case[] {
  const known = new Set(token.map(nameOf))
  return [
    ...token.flatMap((spot) => faultsAt(spot, 'token')),
    ...app.filter((spot) => !known.has(nameOf(spot))).flatMap((spot) => faultsAt(spot, 'app')),
    ...criticalOf(self).flatMap((spot) =>
      // The token of a key that rotates itself is in those secrets alone: when they cannot be written for the whole hour
      // that it lives on, nothing is left that could rotate it, and the error has told so.
      faultsAt(spot, 'self').filter(({ strikes: [strike] }) => spot.method !== 'PUT' || strike?.times === 1),
    ),
  ]
}

function faultsAt(spot: Spot, flavour: Flavour): Case[] {
  return faultsFor(spot).flatMap((kind) =>
    (kind.isOnce ? [1] : [1, Number.POSITIVE_INFINITY]).map((times) => faultCase(flavour, kind, [spot], times)),
  )
}

/** One kind of fault at some requests. */
export function faultCase(flavour: Flavour, { name: fault }: FaultKind, spots: readonly Spot[], times: number): Case {
  const row = `${fault}, ${times === 1 ? 'once' : 'always'}`
  const strikes = spots.map((spot) => ({ spot, fault, times }))
  // A write, and the key after it, is tried until shortly before the old token expires.
  const isLong = times > 1 && spots.some((spot) => spot.method === 'PUT' || isShow(spot))
  return {
    ...CLEAN,
    name: `${flavour}: ${row}: ${spots.map(nameOf).join(' + ')}`,
    row,
    flavour,
    strikes,
    ...(isLong && { with: { 'grace-period-minutes': '2' } }),
  }
}

const SIGNALS = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const

/** Every request boundary × every signal × with and without the post step, and a cancel as the runner does it. */
export function killCases({ token, app, self }: Spots): Case[] {
  return [
    ...boundaries(token, SIGNALS).flatMap((kill) => both('token', kill)),
    ...boundaries(criticalOf(token), ['standstill']).map((kill) => killCase('token', kill, true)),
    ...boundaries(criticalOf(token), ['cancel']).map((kill) => killCase('token', kill, true)),
    ...boundaries(criticalOf(app), ['SIGKILL']).flatMap((kill) => both('app', kill)),
    ...boundaries(criticalOf(self), ['SIGKILL']).flatMap((kill) => both('self', kill)),
  ]
}

/** Before each request, and after each that changes something: when another took effect, all is as it was before. */
export function boundaries(spots: readonly Spot[], endings: readonly Ending[]): Kill[] {
  const whens = (spot: Spot) => (changes(spot) ? (['before', 'after'] as const) : (['before'] as const))
  return spots.flatMap((spot) => whens(spot).flatMap((when) => endings.map((by) => ({ spot, when, by }))))
}

/** With and without the post step. */
export function both(flavour: Flavour, kill: Kill): Case[] {
  return [true, false].map((post) => killCase(flavour, kill, post))
}

/** A main step that is ended at a request. */
export function killCase(flavour: Flavour, kill: Kill, post: boolean): Case {
  const row = `${kill.by}, ${post ? 'post step runs' : 'no post step'}`
  const name = `${flavour}: ${row}: ${kill.when} ${nameOf(kill.spot)}`
  return { ...CLEAN, name, row, flavour, kill, post }
}

/** The post step is killed, too, at each of its requests: when it has a lost token to mend, and when values to write. */
export async function postKillCases({ token }: Spots, options: StageOptions): Promise<Case[]> {
  const kills = [
    { spot: token.find(isRotation), when: 'after' },
    { spot: token.find(({ method }) => method === 'PUT'), when: 'before' },
  ] as const
  const cases = kills.map(async ({ spot, when }): Promise<Case[]> => {
    if (spot === undefined) throw new Error('Invariant violation: a clean run that does not rotate and write')
    const whole = killCase('token', { spot, when, by: 'SIGKILL' }, true)
    const story = await play(whole, options)
    const [from, to] = [momentOf(story, 'main')?.at ?? 0, momentOf(story, 'post')?.at ?? 0]
    const count = story.journal.filter(({ at }) => at > from && at <= to).length
    return Array.from({ length: count }, (_, index) => ({
      ...whole,
      name: `${whole.name}, post step killed at request ${index + 1}`,
      row: 'SIGKILL, post step killed too',
      killPostAt: index + 1,
    }))
  })
  return (await Promise.all(cases)).flat()
}
