import { mulberry32, type Random } from '../../scripts/workloads.ts'
import type { Case, Ending, Kill, Strike } from './case.ts'
import { faultsFor } from './faults.ts'
import type { Spots } from './plan.ts'
import { changes, criticalOf, nameOf, type Spot } from './spots.ts'
import type { Flavour } from './stage.ts'

/** Most runs have a token; the others differ in little. */
const FLAVOURS: readonly Flavour[] = ['token', 'token', 'token', 'app', 'self']
const TIMES: readonly number[] = [1, 1, 2, 3, Number.POSITIVE_INFINITY]
const ENDINGS: readonly Ending[] = ['SIGKILL', 'SIGKILL', 'SIGINT', 'SIGTERM', 'cancel']
/** How often the main step is killed in addition, a request of the critical section is chosen, the post step runs. */
const SHARE = { killed: 0.35, critical: 0.6, post: 0.8 }

/** Cases with two or three faults each. A seed gives the same ones as long as the action asks the same. */
export function randomCases(spots: Spots, seed: number, count: number): Case[] {
  return Array.from({ length: count }, (_, index) =>
    // A generator of its own for each case: it is the same one however many there are.
    randomCase(spots, mulberry32(seed * 100_000 + index), `random ${seed}/${index + 1}`),
  )
}

function randomCase(spots: Spots, random: Random, title: string): Case {
  const flavour = pick(FLAVOURS, random)
  const all = spots[flavour]
  const critical = criticalOf(all)
  const anySpot = (): Spot => pick(random() < SHARE.critical ? critical : all, random)
  const strikes = Array.from({ length: random() < 0.5 ? 2 : 3 }, () => randomStrike(anySpot(), flavour, random))
  const kill = random() < SHARE.killed ? randomKill(anySpot(), random) : undefined
  const post = random() < SHARE.post
  const told = [
    ...strikes.map(
      ({ spot, fault, times }) => `${fault} × ${times === Infinity ? 'always' : times} at ${nameOf(spot)}`,
    ),
    ...(kill ? [`${kill.by} ${kill.when} ${nameOf(kill.spot)}`] : []),
  ]
  return {
    name: `${title} (${flavour}: ${told.join('; ')}${post ? '' : '; no post step'})`,
    row: `${strikes.length} faults${kill ? ` and ${kill.by}` : ''}`,
    flavour,
    strikes,
    ...(kill && { kill }),
    post,
    // Runs that cannot be seen would make it an hour, which a write that never succeeds would be tried for.
    ...(flavour === 'self' ? {} : { with: { 'grace-period-minutes': '4' } }),
    mustMeet: false,
  }
}

function randomStrike(spot: Spot, flavour: Flavour, random: Random): Strike {
  const { name: fault, isOnce } = pick(faultsFor(spot), random)
  const times = isOnce ? 1 : pick(TIMES, random)
  // See the cases of single faults: the one thing that cannot be mended.
  return { spot, fault, times: flavour === 'self' && spot.method === 'PUT' ? Math.min(times, 3) : times }
}

function randomKill(spot: Spot, random: Random): Kill {
  const when = changes(spot) && random() < 0.5 ? 'after' : 'before'
  return { spot, when, by: pick(ENDINGS, random) }
}

function pick<T>(choices: readonly T[], random: Random): T {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('Invariant violation: nothing to choose from')
  return choice
}
