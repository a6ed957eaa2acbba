// The fault campaign: every request × every fault, every request boundary × every signal, and what must hold all the
// same (sandbox/chaos/invariants.ts):
//   npm run chaos [-- OPTION …]
//   --random N      N cases of two and three faults combined, now and then with a signal, instead of all single ones
//   --seed N        another random campaign (1); the same one each time
//   --only TEXT     the cases whose name has this in it; one alone is shown in full
//   --parallel N    so many cases at once (one more than there are processors, at most 4: cases wait as well)
//   --speed N       time goes by so much faster (20); too fast, and a busy machine makes time limits pass by itself
//   --pessimistic   incident.io's undocumented worst case: a rotation ends the tokens that earlier ones gave a grace
// Exits with 1 when something that must hold was broken.
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { playAll } from './chaos/campaign.ts'
import type { Case } from './chaos/case.ts'
import { faultCases, killCases, postKillCases, recordAllSpots } from './chaos/plan.ts'
import type { Story } from './chaos/play.ts'
import { randomCases } from './chaos/random.ts'
import { type Outcome, tableOf } from './chaos/table.ts'

const { values } = parseArgs({
  options: {
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    parallel: { type: 'string', default: String(Math.min(4, availableParallelism() + 1)) },
    speed: { type: 'string', default: '20' },
    pessimistic: { type: 'boolean', default: false },
  },
})

function readCount(option: 'random' | 'seed' | 'parallel' | 'speed', least: number): number {
  const count = Number(values[option])
  if (Number.isSafeInteger(count) && count >= least) return count
  console.error(`--${option} is to be a whole number from ${least}, not “${values[option]}”.`)
  process.exit(2)
}

const options = { speed: readCount('speed', 1), pessimistic: values.pessimistic }
const parallel = readCount('parallel', 1)
const began = performance.now()
const minutes = () => ((performance.now() - began) / 60_000).toFixed(1)

const spots = await recordAllSpots(options)
const all: Case[] =
  values.random === undefined
    ? [...faultCases(spots), ...killCases(spots), ...(await postKillCases(spots, options))]
    : randomCases(spots, readCount('seed', 0), readCount('random', 1))
const cases = all.filter(({ name }) => name.includes(values.only))
if (cases.length === 0) {
  console.error(`No case has “${values.only}” in its name.`)
  process.exit(2)
}
console.log(`${cases.length} cases, ${parallel} at once.`)

let played = 0
let broken = 0
const PROGRESS_EVERY = 50
const outcomes = await playAll(cases, { ...options, parallel, onPlayed })

console.log(['', ...tableOf(outcomes), ''].join('\n'))
console.log(
  `${minutes()} minutes, ${broken === 0 ? 'and nothing that must hold was broken' : `${broken} cases with violations`}.`,
)
process.exitCode = broken === 0 ? 0 : 1

function onPlayed(outcome: Outcome, story: Story): void {
  played += 1
  if (outcome.violations.length > 0) {
    broken += 1
    console.log(
      ['', `✘ ${outcome.name}`, ...outcome.violations.map((one) => `  ${one}`), `  ${commandFor(outcome)}`].join('\n'),
    )
  }
  if (cases.length === 1) show(story)
  else if (played % PROGRESS_EVERY === 0) {
    console.log(`${played} of ${cases.length} cases, ${broken} with violations, ${minutes()} min`)
  }
}

/** What repeats a case. */
function commandFor({ name }: Outcome): string {
  const random = values.random === undefined ? '' : `--seed ${values.seed} --random ${values.random} `
  const text = values.random === undefined ? name : name.replace(/ \(.*/, ' (')
  return `npm run chaos -- ${random}${values.pessimistic ? '--pessimistic ' : ''}--only "${text}"`
}

/** What a case did: each step's log, and every request with what became of it. */
function show({ case: { name }, moments, journal }: Story): void {
  console.log(`\n${name}`)
  let since = Number.NEGATIVE_INFINITY
  for (const { step, result, at: end } of moments) {
    console.log(`\nThe ${step} step ended with ${result.exitCode ?? result.signal}:`)
    for (const { at, method, path, status, fault } of journal) {
      if (at <= since || at > end) continue
      console.log(
        `  ${new Date(at).toISOString()} ${method} ${path} ${status ?? 'no answer'}${fault ? ` (${fault})` : ''}`,
      )
    }
    for (const line of result.log) console.log(`  | ${line}`)
    since = end
  }
}
