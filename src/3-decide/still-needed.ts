/**
 * How unlikely it must be that a run needs longer than it is said to. The bar is that 99.8 % of the runs are covered; a
 * quarter of the 0.2 % that it leaves is held back, since a tail may be heavier than the exponential one assumed below.
 */
const MISS = 0.0015
/**
 * How many of the longest past runs show how far the next one may go beyond them. More would hide a few long runs (cold
 * caches, hangs) behind many ordinary ones; fewer say little, so that every estimate ends at the longest grace.
 */
const TAIL = 6

/**
 * How many more minutes a run needs with high confidence.
 *
 * A run that has run for `elapsed` already is one of those that take longer, so the chance is that among those; this
 * alone makes up for long runs being seen in flight more often than short ones. Among 100 runs none tells what one in
 * 600 takes, so the longest six are continued: what they have beyond the seventh, together the `spread`, is
 * taken for waiting times of one unknown rate. The next of k such times is longer than x with probability
 * (spread / (spread + x))^k (the Lomax distribution; the exponent pays for the rate being known from k times only).
 * So a steady history gets a small margin, a scattered one a large margin, and one of few runs, whose spread is measured
 * from zero, the largest.
 *
 * @param history durations of past runs of the workflow that ended in success or failure, in minutes, newest first, at
 *   most 100; what is no positive number of minutes is left out
 * @param elapsed minutes it has run already; 0 for a queued one
 * @param miss,tailLength other values than the above, for `npm run simulate` to compare
 * @returns minutes; undefined when the history cannot tell: there is none, or the run has outlived it
 */
export function stillNeeded(
  history: readonly number[],
  elapsed: number,
  miss = MISS,
  tailLength = TAIL,
): number | undefined {
  const durations = history.filter((minutes) => minutes > 0 && minutes < Infinity).sort((a, b) => b - a)
  const past = Math.max(0, elapsed)
  const longer = durations.filter((minutes) => minutes > past).length
  const longest = durations[0]
  if (longest === undefined || longer === 0) return undefined

  const tail = durations.slice(0, tailLength)
  const start = durations[tailLength] ?? 0
  const spread = tail.reduce((sum, minutes) => sum + minutes - start, 0)
  // Beyond the tail's start, the time since then has shown the rate to be lower: it counts as spread.
  const from = Math.max(start, past)
  // Before it, most of the runs end before they get there: of those still to end, only the tail does.
  const missBeyond = past < start ? Math.min(1, (miss * longer) / tail.length) : miss
  const beyond = (spread + from - start) * ((1 / missBeyond) ** (1 / tail.length) - 1)
  return Math.max(from + beyond, longest) - past
}
