/** A run that holds its concurrency group or waits for it. */
export interface PlayedRun {
  group: string
  /** How long it runs from the moment at which it has its group, in minutes. */
  minutes: number
}

interface Holder {
  group: string
  index: number
  endsAt: number
}

/**
 * Plays concurrency groups until every run has ended. Whenever a group is free, the first run that waits for it starts.
 *
 * @param runs in the order of their turns
 * @returns in how many minutes each run ends
 */
export function playQueues(runs: readonly PlayedRun[]): number[] {
  const ends: number[] = []
  const waiting = runs.map((run, index) => ({ ...run, index }))
  const holders: Holder[] = []
  for (let now = 0; holders.length + waiting.length > 0; ) {
    for (const run of [...waiting]) {
      if (holders.some(({ group }) => group === run.group)) continue
      holders.push({ group: run.group, index: run.index, endsAt: now + run.minutes })
      waiting.splice(waiting.indexOf(run), 1)
    }
    const next = holders.reduce((first, holder) => (holder.endsAt < first.endsAt ? holder : first))
    holders.splice(holders.indexOf(next), 1)
    now = next.endsAt
    ends[next.index] = now
  }
  return ends
}
