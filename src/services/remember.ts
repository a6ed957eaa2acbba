import type { Clock } from './clock.ts'
import type { GitHubRuns } from './github-runs.ts'

/** What is known of runs in flight is asked for again after so long, in ms. */
const FRESH = 60_000

/** The same answers for everyone who asks the same: several keys have their copies in one repository. */
export interface RememberedRuns extends GitHubRuns {
  /** What was seen of runs in flight counts no more, and what could not be seen is asked for again. */
  forget(): void
}

/**
 * Asks for each thing once: what does not change while this runs for good, and what is known of runs in flight for a
 * minute.
 */
export function rememberRuns(runs: GitHubRuns, clock: Clock): RememberedRuns {
  const lasting = new Map<string, Promise<unknown>>()
  const failed = new Set<string>()
  const passing = new Map<string, { askedAt: number; answer: unknown }>()
  const once = <T>(what: readonly unknown[], ask: () => Promise<T>): Promise<T> => {
    const name = JSON.stringify(what).toLowerCase()
    const known = lasting.get(name) as Promise<T> | undefined
    const answer = known ?? ask()
    lasting.set(name, answer)
    answer.catch(() => failed.add(name))
    return answer
  }
  const forAMinute = <T>(what: readonly unknown[], ask: () => T): T => {
    const name = JSON.stringify(what).toLowerCase()
    const known = passing.get(name)
    if (known !== undefined && clock.now() - known.askedAt < FRESH) return known.answer as T
    const answer = ask()
    passing.set(name, { askedAt: clock.now(), answer })
    return answer
  }
  return {
    inFlight: (repository, now, isBusy) =>
      forAMinute(['runs', repository], () => runs.inFlight(repository, now, isBusy)),
    jobs: (repository, runId) => forAMinute(['jobs', repository, runId], () => runs.jobs(repository, runId)),
    groupPlaces: (repository, runId) =>
      forAMinute(['places', repository, runId], () => runs.groupPlaces(repository, runId)),
    groupMembers: (repository, group) =>
      forAMinute(['members', repository, group], () => runs.groupMembers(repository, group)),
    history: (repository, id) => once(['history', repository, id], () => runs.history(repository, id)),
    workflowOf: (repository, runId) => once(['workflow', repository, runId], () => runs.workflowOf(repository, runId)),
    pastRuns: (repository, workflow, until) =>
      once(['past', repository, workflow, until], () => runs.pastRuns(repository, workflow, until)),
    mayPause: (repository, environment) =>
      once(['environment', repository, environment], () => runs.mayPause(repository, environment)),
    // Each key needs to know it after its own writes.
    newestRuns: (repository, workflow) => runs.newestRuns(repository, workflow),
    isInProgress: (repository, runId) => runs.isInProgress(repository, runId),
    // Paths and branches are told with their case.
    file: (repository, path, ref) =>
      once(['file', repository, hex(path), ref && hex(ref)], () => runs.file(repository, path, ref)),
    forget() {
      passing.clear()
      for (const name of failed) lasting.delete(name)
    },
  }
}

const hex = (text: string): string => Buffer.from(text).toString('hex')
