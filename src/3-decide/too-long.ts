import type { Key } from '../services/incident-io.ts'
import { Problem, quote, someOf } from '../services/problem.ts'
import type { RunNeed } from './needs.ts'

/** The first of the runs in words: `"Deploy" (https://github.com/…, 90 minutes)`. */
export function namesOf(runs: readonly RunNeed[]): string {
  return someOf(
    runs.map(({ workflow, url, safeMinutes }) => `${quote(workflow)} (${url}, ${Math.ceil(safeMinutes)} minutes)`),
    5,
  )
}

/** That runs need the old token for too long, as the end of a sentence. */
export function needTooLong(runs: readonly RunNeed[]): string {
  const who = runs.length === 1 ? 'a run in flight needs' : `${runs.length} runs in flight need`
  return `${who} the old token for longer than the 60 minutes that incident.io allows: ${namesOf(runs)}`
}

/** `long-runs: fail`: the runs that a rotation would break. */
export function tooLongRuns(key: Key, runs: readonly RunNeed[]): Problem {
  return new Problem({
    goal: 'rotate',
    subject: `the API key ${quote(key.name)} (${key.id})`,
    cause: needTooLong(runs),
    remedy:
      'Nothing was changed. Run again when they have ended, give "max-wait-minutes" to wait for them, or rotate with ' +
      '"long-runs: proceed" and start them again.',
  })
}
