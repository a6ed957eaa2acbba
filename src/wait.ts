import type { Inputs } from './1-read/inputs.ts'
import { lookingAt } from './2-look/look.ts'
import type { RunNeed } from './3-decide/needs.ts'
import { namesOf } from './3-decide/too-long.ts'
import { plural } from './5-tell/words.ts'
import type { GitHub } from './services/github.ts'
import type { RepositoryName } from './services/github-ask.ts'
import type { GitHubRuns } from './services/github-runs.ts'
import { say } from './services/log.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

/**
 * Waits for runs to end, and says once a minute for which. A list of runs that cannot be read changes nothing: it is asked
 * for again a minute later.
 *
 * @param end when it waits no longer, ms since the epoch on this machine's clock
 */
export async function waitForRuns(
  tooLong: readonly RunNeed[],
  end: number,
  github: GitHub,
  { clock, context, deadline, stopping }: World,
): Promise<void> {
  const { runs, now } = lookingAt(github, context)
  let left = tooLong
  while (left.length > 0 && clock.now() < end && deadline() === Number.POSITIVE_INFINITY) {
    const minutes = Math.ceil((end - clock.now()) / MINUTE)
    say(
      `Waiting for ${plural(left.length, 'run')} that ${left.length === 1 ? 'needs' : 'need'} the old token for too long: ` +
        `${namesOf(left)}; ${plural(minutes, 'minute')} left.`,
    )
    await clock.sleep(Math.min(MINUTE, end - clock.now()), stopping.asked)
    if (stopping.isAsked) return
    const ended = await Promise.all(
      [...Map.groupBy(left, ({ repository }) => repository)].map(async ([name, waitedFor]) => {
        const [owner = '', repository = ''] = name.split('/')
        return endedOf(waitedFor, { owner, repository }, runs, now)
      }),
    )
    left = left.filter((run) => !ended.flat().includes(run))
  }
}

/** Those of a repository's runs that have ended, as far as it can be seen. */
async function endedOf(
  waitedFor: readonly RunNeed[],
  repository: RepositoryName,
  runs: GitHubRuns,
  now: () => number,
): Promise<RunNeed[]> {
  const seen = await runs.inFlight(repository, now).all.catch(() => undefined)
  if (seen === undefined) return []
  const ids = new Set(seen.runs.map(({ id }) => id))
  const gone = waitedFor.filter(({ runId }) => !ids.has(runId))
  if (seen.isComplete) return gone
  // One that is not listed may only have been pushed off the list.
  const areInProgress = await Promise.all(
    gone.map(({ runId }) => runs.isInProgress(repository, runId).catch(() => true)),
  )
  return gone.filter((_, index) => areInProgress[index] !== true)
}

/** Until when runs are waited for, ms since the epoch on this machine's clock. */
export function endOfWaiting(
  { maxWaitMinutes, dryRun }: Pick<Inputs, 'maxWaitMinutes' | 'dryRun'>,
  now: number,
): number {
  return dryRun ? now : now + maxWaitMinutes * MINUTE
}
