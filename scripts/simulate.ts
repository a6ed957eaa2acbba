// Judges the estimator of what a run still needs (src/3-decide/still-needed.ts) by simulation:
//   npm run simulate [-- OPTION …]
//   --seed N, --draws N     another seed (1); draws per workload (10000)
//   --history N             how many past runs each draw has (100)
//   --workloads FILE.json   samples of one's own, {"name": [minutes, …]}, instead of the six workloads
//   --variants              the six kinds with other parameters
//   --alternatives          the estimators that were tried, instead of the rules of thumb
// Each draw is a run seen in flight at a random moment, so a run of twice the length is seen twice as often, and a
// history of past runs of the same workflow. Exits with 1 when the estimator misses the bar in a workload.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { stillNeeded } from '../src/3-decide/still-needed.ts'
import { barOf, type Draw, mulberry32, type Random, VARIANTS, WORKLOADS } from './workloads.ts'

/** The grace period that a rule gives for a run, in minutes, from its workflow's history and how long it has run. */
type Rule = (history: readonly number[], elapsed: number) => number

interface Result {
  /** The share of the runs that 60 minutes could cover whose old token outlives them, in percent. */
  coverage: number
  /** In minutes, over all runs. */
  meanGrace: number
}

/** Bounds of the grace period, in minutes: the default `min-grace`, and the longest that incident.io gives. */
const SHORTEST_GRACE = 15
const LONGEST_GRACE = 60
/** Added to what a run needs, in minutes, as the action does. */
const ALLOWANCE = 2
/** How many runs of a workload are drawn once, of which histories and runs in flight are then samples. */
const POPULATION = 20_000

const toGrace = (minutes: number | undefined): number =>
  Math.min(LONGEST_GRACE, Math.max(SHORTEST_GRACE, Math.ceil(minutes ?? LONGEST_GRACE)))
const forNeed =
  (need: (history: readonly number[], elapsed: number) => number | undefined): Rule =>
  (history, elapsed) =>
    toGrace((need(history, elapsed) ?? LONGEST_GRACE) + ALLOWANCE)

const RULES: Readonly<Record<string, Rule>> = {
  estimator: forNeed(stillNeeded),
  'fixed 30': () => 30,
  'longest of 20 + 25 %': (history) => toGrace(Math.max(...history.slice(0, 20)) * 1.25),
  'longest of 100 × 1.5': (history) => toGrace(Math.max(...history) * 1.5),
  'fixed 60': () => 60,
}

/** What was tried before the estimator became what it is, and other values of its constants. */
const ALTERNATIVES: Readonly<Record<string, Rule>> = {
  estimator: forNeed(stillNeeded),
  'longest × 1.25 − elapsed': forNeed(longestTimes(1.25)),
  'longest × 1.5 − elapsed': forNeed(longestTimes(1.5)),
  'tail of 3': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 3)),
  'tail of 10': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 10)),
  'tail of 20': forNeed((history, elapsed) => stillNeeded(history, elapsed, undefined, 20)),
  'miss 0.1 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.001)),
  'miss 0.2 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.002)),
  'miss 0.4 %': forNeed((history, elapsed) => stillNeeded(history, elapsed, 0.004)),
  'tail of 10, logs': forNeed(inLogs),
}

function longestTimes(factor: number) {
  return (history: readonly number[], elapsed: number): number | undefined => {
    const longest = Math.max(...history)
    return longest > elapsed ? longest * factor - elapsed : undefined
  }
}

/** The same continuation of the tail for the logarithms of the durations: a Pareto tail instead of an exponential. */
function inLogs(history: readonly number[], elapsed: number): number | undefined {
  const shortest = Math.min(...history)
  const from = Math.max(elapsed, shortest * 0.999)
  // Above 0, as durations are: the shortest counts as 1.
  const toLog = (minutes: number): number => Math.log(minutes / shortest) + 1
  const need = stillNeeded(history.map(toLog), toLog(from), undefined, 10)
  return need === undefined ? undefined : from * Math.exp(need) - elapsed
}

/** Lets each rule see the same draws. */
function judge(
  population: readonly number[],
  rules: readonly Rule[],
  draws: number,
  length: number,
  random: Random,
): Result[] {
  const pick = (): number => population[Math.floor(random() * population.length)] ?? 0
  let total = 0
  const upTo = population.map((minutes) => {
    total += minutes
    return total
  })
  const tallies = rules.map(() => ({ covered: 0, grace: 0 }))
  let coverable = 0
  for (let draw = 0; draw < draws; draw++) {
    const history = Array.from({ length }, pick)
    const duration = population[firstAbove(upTo, random() * total)] ?? 0
    const elapsed = random() * duration
    const needed = duration - elapsed
    if (needed <= LONGEST_GRACE) coverable++
    tallies.forEach((tally, index) => {
      const grace = rules[index]?.(history, elapsed) ?? 0
      tally.grace += grace
      if (needed <= LONGEST_GRACE && needed <= grace) tally.covered++
    })
  }
  return tallies.map(({ covered, grace }) => ({ coverage: (100 * covered) / coverable, meanGrace: grace / draws }))
}

/** The index of the first of these growing numbers that is above a value. */
function firstAbove(growing: readonly number[], value: number): number {
  let [low, high] = [0, growing.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((growing[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Reads samples of one's own. */
function readSamples(file: string): Record<string, readonly number[]> {
  const samples: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const isMinutes = (value: unknown): boolean => typeof value === 'number' && value > 0
  const isSample = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isMinutes)
  const fine = typeof samples === 'object' && samples !== null && !Array.isArray(samples)
  if (!fine || Object.keys(samples).length === 0 || !Object.values(samples).every(isSample))
    throw new Error(`${file} is to hold {"name": [minutes, …], …}, with minutes above 0.`)
  return samples as Record<string, readonly number[]>
}

function readCount(text: string, option: string, least: number): number {
  const count = Number(text)
  if (text === '' || !Number.isSafeInteger(count) || count < least)
    throw new Error(`--${option} is to be a whole number from ${least}, not “${text}”.`)
  return count
}

/**
 * @param args as on the command line
 * @returns the report, and whether the estimator reaches the bar in every workload
 */
export function simulate(args: readonly string[]): { report: string; reached: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      draws: { type: 'string', default: '10000' },
      history: { type: 'string', default: '100' },
      workloads: { type: 'string' },
      variants: { type: 'boolean', default: false },
      alternatives: { type: 'boolean', default: false },
    },
  })
  const seed = readCount(values.seed, 'seed', 0)
  const draws = readCount(values.draws, 'draws', 1)
  const length = readCount(values.history, 'history', 1)
  const rules = values.alternatives ? ALTERNATIVES : RULES
  const populate = (draw: Draw, random: Random) => Array.from({ length: POPULATION }, () => draw(random))
  const drawn = Object.entries(values.variants ? VARIANTS : WORKLOADS)
  const workloads: [string, (random: Random) => readonly number[]][] = values.workloads
    ? Object.entries(readSamples(values.workloads)).map(([name, minutes]) => [name, () => minutes])
    : drawn.map(([name, draw]) => [name, (random) => populate(draw, random)])

  const rows = workloads.map(([name, population], index) => {
    // A generator of its own for each workload: another one beside it changes nothing.
    const random = mulberry32(seed * 1000 + index)
    return { name, bar: barOf(name), results: judge(population(random), Object.values(rules), draws, length, random) }
  })
  const reaches = rows.map(({ bar, results }) => results.map(({ coverage }) => coverage >= bar))
  const reached = reaches.every(([estimator]) => estimator)
  const totals = Object.keys(rules).map((_, rule) => ({
    coverage: Math.min(...rows.map(({ results }) => results[rule]?.coverage ?? 0)),
    meanGrace: rows.reduce((sum, { results }) => sum + (results[rule]?.meanGrace ?? 0), 0) / rows.length,
  }))
  const cell = ({ coverage, meanGrace }: Result): string => `${coverage.toFixed(2)} % ${meanGrace.toFixed(1)} min`
  const below = Object.keys(rules).map((_, rule) => String(reaches.filter((row) => !row[rule]).length))
  const table = [
    ['workload', 'bar', ...Object.keys(rules)],
    ...rows.map(({ name, bar, results }) => [name, `${bar} %`, ...results.map(cell)]),
    ['lowest coverage, mean grace', '', ...totals.map(cell)],
    ['workloads below the bar', '', ...below],
  ]
  const report = [
    `Coverage of the runs that ${LONGEST_GRACE} minutes could cover, and mean grace.`,
    `${draws} draws a workload, ${length} past runs each, seed ${seed}.`,
    '',
    ...toMarkdown(table),
    '',
    reached ? 'The estimator reaches the bar in every workload.' : 'The estimator misses the bar.',
  ]
  return { report: report.join('\n'), reached }
}

/** A table whose columns line up: the first to the left, the others to the right. */
function toMarkdown([head = [], ...body]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { report, reached } = simulate(process.argv.slice(2))
    console.log(report)
    if (!reached) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
