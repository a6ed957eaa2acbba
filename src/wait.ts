import type { Inputs } from './1-read/inputs.ts'
import { lookingAt } from './2-look/look.ts'
import type { RunNeed } from './3-decide/needs.ts'
import { namesOf } from './3-decide/too-long.ts'
import { plural } from './5-tell/words.ts'
import type { GitHub } from './services/github.ts'
import { say } from './services/log.ts'
import type { World } from './world.ts'

const MINUTE = 60_000

/**
 * Waits for runs to end, up to `max-wait-minutes`, and says once a minute for which. A list of runs that cannot be read
 * changes nothing: it is asked for again a minute later.
 */
export async function waitForRuns(
  tooLong: readonly RunNeed[],
  inputs: Inputs,
  github: GitHub,
  { clock, context, deadline }: World,
): Promise<void> {
  const { runs, now } = lookingAt(github, context)
  const end = clock.now() + inputs.maxWaitMinutes * MINUTE
  let left = tooLong
  while (left.length > 0 && clock.now() < end && deadline() === Number.POSITIVE_INFINITY) {
    const minutes = Math.ceil((end - clock.now()) / MINUTE)
    say(
      `Waiting for ${plural(left.length, 'run')} that ${left.length === 1 ? 'needs' : 'need'} the old token for too long: ` +
        `${namesOf(left)}; ${plural(minutes, 'minute')} left.`,
    )
    await clock.sleep(Math.min(MINUTE, end - clock.now()))
    const ended = await Promise.all(
      [...Map.groupBy(left, ({ repository }) => repository)].map(async ([name, waitedFor]) => {
        const [owner = '', repository = ''] = name.split('/')
        const seen = await runs.inFlight({ owner, repository }, now()).catch(() => undefined)
        const ids = seen && new Set(seen.runs.map(({ id }) => id))
        return waitedFor.filter(({ runId }) => ids !== undefined && !ids.has(runId))
      }),
    )
    left = left.filter((run) => !ended.flat().includes(run))
  }
}
