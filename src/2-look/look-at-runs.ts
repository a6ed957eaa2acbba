import { GitHubError, type RepositoryName } from '../services/github-ask.ts'
import type { GitHubRuns, Run } from '../services/github-runs.ts'
import { oneLine, quote, someOf } from '../services/problem.ts'
import { isLimit } from '../services/retry.ts'
import { isSignOn } from './explain-github.ts'
import { isGiven } from './given.ts'
import { Queues, readAhead } from './queues.ts'
import { MAX_DETAILS, RunDetails } from './run-details.ts'
import { factsOf, type Holder, type RunFacts, readHolder } from './run-facts.ts'
import type { Watch, Watched } from './watches.ts'

/** The runs that hold the old value, as far as they could be seen. */
export interface RunsSeen {
  /** ms since the epoch on GitHub's clock. */
  at: number
  /** Those that may use the secret. */
  holders: readonly RunFacts[]
  /** Every run in flight, by id, whatever it uses. */
  ids: ReadonlySet<number>
  /** Where they were seen. */
  watches: readonly Watch[]
  /** The repositories, by full name in lower case, whose newest runs alone do not show every run in flight. */
  busy: ReadonlySet<string>
  /** Why not all of them could be seen, as a sentence for the user; undefined when they were. */
  gap?: string
  /** What made runs count that need not, as a sentence for the user. */
  note?: string
}

const NO_FILES =
  'The credential for GitHub may not read the workflow files, so every run counts as using the secret. Give it "Contents: read".'
const TOO_MANY_DETAILS =
  'There are too many runs in flight to look at the files, the past and the jobs of each: the latest ones count as using the secret, for as long as can be.'

/** What looking at runs takes beside where to look. */
export interface Looking {
  runs: GitHubRuns
  /** The run that this action is part of: it does not hold itself back. */
  ownRunId: number
  /** ms since the epoch on GitHub's clock; asked when the answers are there, since they measure that clock. */
  now: () => number
  /** What a second look has to tell; the first one tells everything. */
  since?: SecondLook
}

/** A look behind the writes, at who took the old value after the first look. */
export interface SecondLook {
  first: RunsSeen
  /** When everything was written: what begins later is given the new value. ms since the epoch on GitHub's clock. */
  writtenAt: number
}

/**
 * The runs in flight that were given a secret's present value, and what they still need.
 *
 * Never fails: what cannot be seen is said, and makes the grace period the longest.
 *
 * @param watching where to look; what is known at once is looked at at once
 */
export async function lookAtRuns(watching: readonly Promise<Watched>[], looking: Looking): Promise<RunsSeen> {
  const listed = new Map<string, Listing>()
  const list = ({ repository }: Watch): Listing => {
    const name = fullName(repository).toLowerCase()
    const known = listed.get(name) ?? listRuns(repository, looking)
    listed.set(name, known)
    return known
  }
  for (const one of watching) one.then(({ watches }) => watches.forEach(list)).catch(() => {})
  const watched = await Promise.all(watching)
  const watches = watched.flatMap((one) => one.watches)
  const groups = Map.groupBy(watches, ({ repository }) => fullName(repository).toLowerCase())
  const seen = await Promise.all(
    [...groups.values()].map(async (group) => {
      const listing = list(group[0] as Watch)
      return holdersAmong(listing, group, looking).catch(async (error) => notUnderstood(await listing.all, error))
    }),
  )
  const lists = await Promise.all([...listed.values()].map(({ all }) => all))
  const odd = seen.flatMap(({ listed: one }) => one ?? [])
  const gaps = [...watched.flatMap(({ gap }) => gap ?? []), ...gapsIn([...lists, ...odd])]
  const unread = new Set(lists.filter(({ error }) => error !== undefined).map(({ repository }) => repository))
  return {
    at: looking.now(),
    holders: seen.flatMap(({ holders }) => holders),
    ids: new Set(seen.flatMap(({ ids }) => ids)),
    watches: watches.filter(({ repository }) => !unread.has(repository)),
    busy: new Set(lists.filter(({ isBusy }) => isBusy).map(({ repository }) => fullName(repository).toLowerCase())),
    ...noteOn(seen),
    ...(gaps.length > 0 ? { gap: gaps.join(' ') } : {}),
  }
}

/**
 * Runs that were queued between the first look and the write hold the old value too, and so do jobs that began. What the
 * first look could not see is not asked for again.
 *
 * @param writtenAt ms since the epoch on GitHub's clock; now, unless it was before
 */
export function lookAgain(first: RunsSeen, looking: Looking, writtenAt = looking.now()): Promise<RunsSeen> {
  return lookAtRuns([Promise.resolve({ watches: first.watches })], { ...looking, since: { first, writtenAt } })
}

function noteOn(seen: readonly Pick<RunDetails, 'filesRefused' | 'areCut'>[]): { note?: string } {
  if (seen.some(({ filesRefused }) => filesRefused)) return { note: NO_FILES }
  return seen.some(({ areCut }) => areCut) ? { note: TOO_MANY_DETAILS } : {}
}

/** The runs in flight of a repository, those among the newest runs first. Never fails. */
interface Listing {
  newest: Promise<readonly Run[]>
  all: Promise<Listed>
}

interface Listed {
  repository: RepositoryName
  runs: readonly Run[]
  isComplete: boolean
  isBusy: boolean
  /** Why they could not be read. */
  error?: unknown
}

function listRuns(repository: RepositoryName, { runs, now, since }: Looking): Listing {
  const { newest, all } = runs.inFlight(repository, now, since?.first.busy.has(fullName(repository).toLowerCase()))
  return {
    newest,
    all: all.then(
      (found) => ({ repository, ...found }),
      (error) => ({ repository, runs: [], isComplete: true, isBusy: false, error }),
    ),
  }
}

/** Why not every run could be seen, as sentences; repositories with one cause are told together. */
function gapsIn(listed: readonly Listed[]): string[] {
  const failed = listed.filter(({ error }) => error !== undefined)
  const byCause = Map.groupBy(failed, ({ error }) => causeOf(error))
  const unread = [...byCause].map(([cause, all]) => `The runs of ${namesOf(all)} could not be read: ${cause}`)
  const cut = listed.filter(({ isComplete }) => !isComplete)
  if (cut.length === 0) return unread
  return [...unread, `There are more runs in flight in ${namesOf(cut)} than GitHub lists, so some were not looked at.`]
}

const namesOf = (listed: readonly Listed[]): string =>
  someOf(
    listed.map(({ repository }) => fullName(repository)),
    5,
  )

function causeOf(error: unknown): string {
  if (!(error instanceof GitHubError)) return 'an answer of GitHub was not as expected.'
  const { status, headers, message, failure } = error
  const permission = headers['x-accepted-github-permissions'] ?? 'actions=read'
  const isForbidden = status === 403 && !isLimit(failure) && !isSignOn(error)
  const lacks = isForbidden || status === 404
  return `${oneLine(message)}.${lacks ? ` The credential for GitHub lacks the permission ${quote(permission)} for it.` : ''}`
}

/** Runs that hold the old value in one repository. */
interface Holders extends Pick<RunDetails, 'filesRefused' | 'areCut'> {
  holders: readonly RunFacts[]
  ids: readonly number[]
  /** The list of a repository whose runs could not be understood. */
  listed?: Listed
}

/** Text from outside that breaks the reading of a run must not end a rotation. */
function notUnderstood(listed: Listed, error: unknown): Holders {
  const ids = listed.runs.map(({ id }) => id)
  return { holders: [], ids, filesRefused: false, areCut: false, listed: { ...listed, error } }
}

/**
 * More runs among the newest are not read before all are listed: the details of older runs, which may be long, come first
 * if there are too many.
 */
const MAX_EARLY_RUNS = MAX_DETAILS / 2

async function holdersAmong({ newest, all }: Listing, watches: readonly Watch[], looking: Looking): Promise<Holders> {
  const { ownRunId, now, since } = looking
  const repository = watches[0]?.repository as RepositoryName
  const details = new RunDetails(looking.runs, repository)
  const reading = new Map<number, Promise<Holder | undefined> | undefined>()
  const read = (runs: readonly Run[]) => {
    // The oldest first: if not all can be read, the long ones are among them.
    const candidates = runs.filter(({ id }) => id !== ownRunId && !reading.has(id))
    for (const run of candidates.sort((a, b) => a.createdAt - b.createdAt)) {
      const given = watches.filter(({ by }) => isGiven(run, by) && isNew(run, by, since))
      reading.set(run.id, given.length === 0 ? undefined : readHolder(run, given, details))
    }
  }
  const early = await newest
  if (early.length <= MAX_EARLY_RUNS) read(early)
  const { runs } = await all
  read(runs)
  const found = (await Promise.all(reading.values())).filter((holder) => holder !== undefined)
  const reads = await readAhead(
    found.map(({ read }) => read),
    runs,
    details,
  )
  const at = now()
  const queues = new Queues(reads, runs, ownRunId, at)
  const view = { repository: fullName(repository), now: at, writtenAt: since?.writtenAt }
  const facts = found.map((holder) => {
    const { read } = holder
    return factsOf(holder, { ...view, queues: queues.of(read), waitsForOwnRun: queues.waitsForOwnRun(read) })
  })
  return {
    holders: facts.filter((one) => one !== undefined),
    ids: runs.map(({ id }) => id),
    filesRefused: details.filesRefused,
    areCut: details.areCut,
  }
}

/**
 * Whether a second look has to tell it: a run that was queued since, or one in which a job may have read the secrets of
 * its environment since.
 */
function isNew({ id, createdAt }: Run, { kind }: Watch['by'], since: SecondLook | undefined): boolean {
  if (since === undefined) return true
  const { first, writtenAt } = since
  if (kind === 'started jobs') return !first.holders.some(({ runId }) => runId === id)
  return !first.ids.has(id) && createdAt <= writtenAt
}

const fullName = ({ owner, repository }: RepositoryName): string => `${owner}/${repository}`
