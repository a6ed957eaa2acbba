// Judges the estimator of what a run still needs (src/3-decide/still-needed.ts and needs.ts) by simulation:
//   npm run simulate [-- OPTION …]
//   --seed N                another seed (1)
//   --draws N               draws a row (10000)
//   --history N             how many past runs each draw has (100)
//   --workloads FILE.json   your own samples, {"name": [minutes, …]}, instead of the six workloads; or real runs,
//                           {"name": [[start in minutes, duration in minutes, "conclusion"], …]}
//   --variants              the six kinds with other parameters
//   --alternatives          the estimators that were tried, instead of the rules of thumb
// Without --workloads, --variants and --alternatives it also plays queues, and a workflow that has become slower.
// Exits with 1 when the estimator misses a bar, and with 2 when an option or a file is unusable.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judgeHistories } from './simulate/histories.ts'
import { judgeInFlight, type Settings } from './simulate/in-flight.ts'
import { judgeQueues } from './simulate/queues.ts'
import { readWorkloads } from './simulate/read-workloads.ts'
import { ALTERNATIVES, RULES } from './simulate/rules.ts'
import { measureSlowed } from './simulate/slowed.ts'
import type { Section } from './simulate/table.ts'
import { VARIANTS, WORKLOADS } from './workloads.ts'

/**
 * Runs the simulation.
 *
 * @param args as on the command line
 * @returns the report, and whether the estimator reaches the bar in every row that has one
 * @throws if an option or a file is unusable
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
  const settings: Settings = {
    seed: readCount(values.seed, 'seed', 0),
    draws: readCount(values.draws, 'draws', 1),
    length: readCount(values.history, 'history', 1),
    rules: values.alternatives ? ALTERNATIVES : RULES,
  }
  const sections = sectionsOf(values, settings)
  const reached = sections.every((section) => section.reached)
  const verdict = reached ? 'The estimator reaches every bar.' : 'The estimator misses a bar.'
  const report = [...sections.flatMap(({ lines }) => [...lines, '']), verdict]
  return { report: report.join('\n'), reached }
}

interface Choice {
  workloads?: string
  variants: boolean
  alternatives: boolean
}

function sectionsOf({ workloads, variants, alternatives }: Choice, settings: Settings): Section[] {
  const own = workloads === undefined ? undefined : readWorkloads(workloads)
  if (own?.kind === 'histories') return [judgeHistories(own.histories, settings)]
  if (own?.kind === 'samples') return [judgeInFlight(own.samples, settings)]
  const judged = judgeInFlight(variants ? VARIANTS : WORKLOADS, settings)
  if (variants || alternatives) return [judged]
  return [judged, judgeQueues(settings), measureSlowed(settings)]
}

function readCount(text: string, option: string, least: number): number {
  const count = Number(text)
  if (text === '' || !Number.isSafeInteger(count) || count < least)
    throw new Error(`Could not read --${option}: "${text}" is no whole number. Give one of at least ${least}.`)
  return count
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
