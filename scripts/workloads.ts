// The workloads on which the estimator is judged: how long the runs of six kinds of workflows take.

/** A random number in [0, 1). */
export type Random = () => number
/** Draws a number, such as the next run's duration in minutes. */
export type Draw = (random: Random) => number

/** The share of the runs with at most 60 minutes left whose old token must stay valid until they end, in percent. */
export const BAR = 99.8
/** The same where hangs are rare: 100 past runs show a hang of one in a hundred only two times out of three. */
const BAR_WITH_HANGS = 99

/** Returns the bar of a workload, in percent. The word “hang” in its name marks a workload with hangs. */
export const barOf = (name: string): number => (/\bhangs?\b/i.test(name) ? BAR_WITH_HANGS : BAR)

/** No run is shorter: a runner takes that long to start one. Minutes. */
const SHORTEST = 0.2

/** A small generator of known quality whose state is one number, so that a seed gives the same draws everywhere. */
export function mulberry32(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A standard normal number (Box and Muller). */
const gauss: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const normal =
  (mean: number, deviation: number): Draw =>
  (random) =>
    Math.max(SHORTEST, mean + deviation * gauss(random))
const lognormal =
  (median: number, sigma: number): Draw =>
  (random) =>
    median * Math.exp(sigma * gauss(random))
const pareto =
  (least: number, alpha: number): Draw =>
  (random) =>
    least * (1 - random()) ** (-1 / alpha)
const gamma =
  (shape: number, scale: number): Draw =>
  (random) =>
    scale * Array.from({ length: shape }, () => -Math.log(1 - random())).reduce((sum, part) => sum + part, 0)
const uniform =
  (from: number, to: number): Draw =>
  (random) =>
    from + (to - from) * random()
const always =
  (minutes: number): Draw =>
  () =>
    minutes
const mixed =
  (share: number, rare: Draw, usual: Draw): Draw =>
  (random) =>
    random() < share ? rare(random) : usual(random)

/** The six workloads that `npm run simulate` reports. */
export const WORKLOADS: Readonly<Record<string, Draw>> = {
  'steady 5 min': normal(5, 0.5),
  'typical 10 min': lognormal(10, 0.3),
  'heavy-tailed': lognormal(8, 1),
  'two-peaked by cache hits': mixed(0.3, lognormal(14, 0.15), lognormal(5, 0.15)),
  'rare hangs up to the timeout': mixed(0.01, always(60), lognormal(8, 0.2)),
  'long deploys of 40 min': normal(40, 3),
}

/** Other workflows of the same six kinds, so that the estimator is not fitted to six sets of numbers. */
export const VARIANTS: Readonly<Record<string, Draw>> = {
  'steady: always 5': always(5),
  'steady: 5 ± 1': normal(5, 1),
  'steady: lognormal, σ 0.2': lognormal(5, 0.2),
  'typical: 10 ± 2.5': normal(10, 2.5),
  'typical: lognormal, σ 0.4': lognormal(10, 0.4),
  'typical: lognormal, σ 0.5': lognormal(10, 0.5),
  'typical: gamma, shape 5': gamma(5, 2),
  'heavy: lognormal, σ 0.8': lognormal(8, 0.8),
  'heavy: lognormal, σ 1.2': lognormal(6, 1.2),
  'heavy: Pareto from 3, α 1.2': pareto(3, 1.2),
  'heavy: Pareto from 4, α 1.5': pareto(4, 1.5),
  'heavy: Pareto from 5, α 2': pareto(5, 2),
  'heavy: Pareto from 6, α 2.5': pareto(6, 2.5),
  'two-peaked: 5 % 25, else 6': mixed(0.05, normal(25, 2), normal(6, 1)),
  'two-peaked: 10 % 20, else 3': mixed(0.1, normal(20, 2), normal(3, 0.5)),
  'two-peaked: 20 % 30, else 8': mixed(0.2, lognormal(30, 0.1), lognormal(8, 0.15)),
  'two-peaked: 30 % 18, else 4': mixed(0.3, lognormal(18, 0.25), lognormal(4, 0.25)),
  'two-peaked: 50 % 25, else 5': mixed(0.5, lognormal(25, 0.15), lognormal(5, 0.2)),
  'hangs: 0.5 % to 60': mixed(0.005, always(60), lognormal(10, 0.3)),
  'hangs: 1 % to 30': mixed(0.01, always(30), normal(6, 1)),
  'hangs: 2 % to 45': mixed(0.02, always(45), lognormal(10, 0.3)),
  'hangs: 2 % to 60': mixed(0.02, always(60), lognormal(8, 0.2)),
  'hangs: 3 % to 60': mixed(0.03, always(60), lognormal(10, 0.3)),
  'hangs: 2 % to 120': mixed(0.02, always(120), lognormal(10, 0.25)),
  'hangs: 2 % to 360': mixed(0.02, always(360), lognormal(8, 0.2)),
  'hangs: 2 % for 10 to 60': mixed(0.02, uniform(10, 60), lognormal(8, 0.2)),
  'hangs: 2 % for 10 to 360': mixed(0.02, uniform(10, 360), lognormal(8, 0.2)),
  'deploys: 35 to 45': uniform(35, 45),
  'deploys: 40 ± 5': normal(40, 5),
  'deploys: 40 ± 8': normal(40, 8),
  'deploys: lognormal, σ 0.1': lognormal(40, 0.1),
  'deploys: lognormal, σ 0.2': lognormal(40, 0.2),
}
