// How long the built action takes, beside a script that does the same by hand, and how that grows:
//   npm run bench [-- OPTION …]
//   --pairs N            so many paired runs of each case (15)
//   --destinations N,…   other numbers of destinations (1,5,25,100); what grows is then left out
//   --rtt MS,…           other round trips of the simulated network (0,50); the same
//   --peer FILE          measures another program as well, which gets all that the script and the action get; may be
//                        given several times
//   --quick              few pairs and small numbers only, to see whether it works
//   --no-write           writes nothing
// A run that leaves nothing out writes docs/performance.md and the plot beside it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { action, bundleKb, missingTools, peerAt, script } from './bench/contestants.ts'
import { documentOf, type Findings, type Growth, panelsOf } from './bench/document.ts'
import { inTime, median } from './bench/figures.ts'
import { type Case, Measuring } from './bench/measure.ts'
import { plot } from './bench/plot.ts'
import type { Setting } from './bench/services.ts'
import { ROOT } from './runner.ts'

const { values: given } = parseArgs({
  options: {
    pairs: { type: 'string' },
    destinations: { type: 'string' },
    rtt: { type: 'string' },
    peer: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
})

const PLOT = 'growth.svg'
/** At which the growth is measured, in ms. */
const ROUND_TRIP = 50
/** Destinations of one account for the growth: few enough for its limits to make nothing wait. */
const PER_ACCOUNT = 25

/** Runs in flight, and of how many workflows. */
const IN_FLIGHT = [
  { runs: 0, workflows: 0 },
  { runs: 1, workflows: 1 },
  { runs: 5, workflows: 5 },
  { runs: 100, workflows: 40 },
]

const { quick } = given
const isWhole = !quick && given.destinations === undefined && given.rtt === undefined
const pairs = readNumbers('pairs', quick ? '3' : '15', 1)[0] ?? 1
const destinations = readNumbers('destinations', quick ? '1,5' : '1,5,25,100', 1)
const roundTrips = readNumbers('rtt', '0,50', 0)
const sizes = quick
  ? { destinations: [1, 10, 100], runs: [1, 10, 100] }
  : { destinations: [1, 10, 100, 500], runs: [1, 10, 100, 1000] }

const missing = missingTools()
if (missing.length > 0) console.error(`Without ${missing.join(', ')} the script is left out.`)
const contestants = [action, ...(missing.length > 0 ? [] : [script]), ...given.peer.map(peerAt)]

const measuring = new Measuring()
try {
  const cases: Case[] = []
  for (const roundTripMs of roundTrips) {
    for (const count of destinations) cases.push(await measure({ destinations: count, runs: 0, roundTripMs }))
  }
  const inFlight = quick || isWhole ? await measureInFlight() : []
  const growth = quick || isWhole ? await measureGrowth() : undefined
  const { emptyNode, postStep } = measuring
  const command = ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ')
  await publish({ command, pairs, cases, inFlight, growth, emptyNode, postStep, bundleKb: bundleKb(), missing })
} finally {
  measuring.end()
}

/** Whole numbers, the least of them given. */
function readNumbers(option: 'pairs' | 'destinations' | 'rtt', otherwise: string, least: number): number[] {
  const text = given[option] ?? otherwise
  const numbers = text.split(',').map(Number)
  if (numbers.every((one) => Number.isSafeInteger(one) && one >= least)) return numbers
  console.error(`--${option} is to be whole numbers from ${least}, not “${text}”.`)
  process.exit(2)
}

async function measure(setting: Setting, by = contestants): Promise<Case> {
  const { destinations, runs, roundTripMs } = setting
  const one = await measuring.measure(setting, by, pairs)
  const times = one.results.map(({ contestant, times }) => `${contestant} ${inTime(median(times))}`)
  console.error(`destinations ${destinations}, runs ${runs}, round trip ${roundTripMs} ms: ${times.join(', ')}`)
  return one
}

async function measureInFlight(): Promise<Case[]> {
  const settings = IN_FLIGHT.map((one) => ({ ...one, destinations: 1, roundTripMs: ROUND_TRIP, pastRuns: 120 }))
  const cases = await measuring.measureTogether(settings, pairs)
  for (const { setting, results } of cases) {
    console.error(`${setting.runs} in flight of ${setting.workflows}: ${inTime(median(results[0]?.times ?? []))}`)
  }
  return cases
}

async function measureGrowth(): Promise<Growth> {
  const growth = { destinations: [] as Case[], runs: [] as Case[] }
  for (const count of sizes.destinations) {
    const setting = { destinations: count, accounts: Math.ceil(count / PER_ACCOUNT), runs: 0, roundTripMs: ROUND_TRIP }
    growth.destinations.push(await measure(setting, [action]))
  }
  for (const runs of sizes.runs) {
    growth.runs.push(await measure({ destinations: 1, runs, roundTripMs: ROUND_TRIP }, [action]))
  }
  return growth
}

async function publish(findings: Findings): Promise<void> {
  const page = documentOf(findings, PLOT)
  console.log(page)
  if (!isWhole || findings.growth === undefined || given['no-write']) return
  await writeFile(join(ROOT, 'docs', 'performance.md'), page)
  await writeFile(join(ROOT, 'docs', PLOT), plot(panelsOf(findings.growth)))
  console.error('Written to docs/performance.md.')
}
