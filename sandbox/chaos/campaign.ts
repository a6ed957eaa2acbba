import type { Case } from './case.ts'
import { play, type Story } from './play.ts'
import type { StageOptions } from './stage.ts'
import { type Outcome, outcomeOf } from './table.ts'

export interface CampaignOptions extends StageOptions {
  /** So many cases at once: each has services and processes of its own. */
  parallel: number
  /** Told of each case when it has been played. */
  onPlayed?: (outcome: Outcome, story: Story) => void
}

/** Plays cases, some at once, and gives their outcomes in the order of the cases. */
export async function playAll(cases: readonly Case[], options: CampaignOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const left = cases.entries()
  const work = async () => {
    for (const [index, one] of left) {
      const story = await play(one, options)
      const outcome = outcomeOf(story)
      outcomes[index] = outcome
      options.onPlayed?.(outcome, story)
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work))
  return outcomes
}
