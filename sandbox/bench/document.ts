import { cpus } from 'node:os'
import process from 'node:process'
import { median, ratioOf, ratioTo, table, timeOf } from './figures.ts'
import { type Case, type Result, resultOf } from './measure.ts'
import type { Panel } from './plot.ts'
import { targetsInFlight, targetsOf } from './targets.ts'

/** All that a run of the benchmark found out. */
export interface Findings {
  /** As it can be repeated. */
  command: string
  pairs: number
  cases: readonly Case[]
  /** Cases of the action alone, measured together: first with nothing running, then with runs in flight. */
  inFlight: readonly Case[]
  growth: Growth | undefined
  /** Wall times in ms of Node with nothing to do, and of a post step with nothing to finish. */
  emptyNode: readonly number[]
  postStep: readonly number[]
  bundleKb: number
  /** What the script needs and this machine has not. */
  missing: readonly string[]
}

/** Of the action alone. */
export interface Growth {
  destinations: readonly Case[]
  runs: readonly Case[]
}

/** The page as Markdown, with the plot in a file beside it. */
export function documentOf(findings: Findings, plotFile: string): string {
  const { command, pairs, cases, inFlight, growth, emptyNode, postStep, bundleKb, missing } = findings
  const targets = [...targetsOf(cases, emptyNode), ...targetsInFlight(inFlight)]
  return `# Performance

<!-- Written by \`npm run bench\`: change sandbox/bench/ instead. -->

Measured by \`${command}\` on ${cpus()[0]?.model.trim()} with Node ${process.versions.node}. Times are medians of
${pairs} paired runs, with the shortest and the longest; ratios are medians of the pairs' ratios. Timings are noisy: runs on
one machine differ by some percent, machines by much more. The ratios are what to compare.

- Node with nothing to do (\`node -e 0\`) takes ${timeOf(emptyNode)} here.
- The post step with nothing to finish takes ${timeOf(postStep)}, at the end of the job and on top of the times below.
- The bundle has ${bundleKb.toFixed(0)} kB (that of secrets-sync-action has 419 kB).

## Beside a script

The built action against [what users write today](../sandbox/bench/script.sh): \`curl\` and \`jq\` find the key by its name
and rotate it, and \`gh secret set\` stores the token in one repository after the other. Both reach stand-ins of incident.io
and GitHub on this machine by HTTPS (HTTP/1.1), with GitHub's limits in force and no runs in flight. The round trip is
simulated: the TCP handshake pays for one, the TLS handshake for another, and so does each request. A connection starts
slowly, as TCP does: 14.6 kB in the first round trip, and twice as much in each one after. Looking up names is
not simulated, and the services answer at once. \`curl\` is spared loading the system's certificate authorities; Node
loads its own.
${missing.length > 0 ? `\nThe script is left out: this machine has no ${missing.join(', no ')}.\n` : ''}
${timesOf(cases)}

More secrets than GitHub lets one credential write at once are written at the pace of its limits; those times are of one
run, in real time. A script knows no pace, is refused when it is over the limit, and leaves the rest unwritten.
${targets.length > 0 ? `\n### Targets\n\n${table([['target', 'wanted', 'measured', ''], ...targets])}\n` : ''}
### What it takes

Requests and connections are what the stand-ins saw. Rounds are the longest chain of requests in which each came a round
trip or more behind the answer to the one before, in the median of the paired runs; requests that wait for a connection or
for their turn lengthen it, although they depend on nothing. Memory is what the process held at most, or the largest of
the script's.

${costsOf(cases)}
${inFlight.length === 0 ? '' : inFlightOf(inFlight)}${growth === undefined ? '' : growthOf(growth, plotFile)}
## Repeat it

\`npm run bench\` measures all of this and writes this page. It takes some minutes, most of them at the pace of GitHub's
limits, and wants a machine that does nothing else. \`npm run bench -- --quick\` shows in a minute whether it works, and
\`--peer FILE\` measures another program as well, like [the script of one who knows the key's
id](../sandbox/bench/script-with-id.sh) or the \`dist/index.js\` of another build. The other options are in
[\`sandbox/bench.ts\`](../sandbox/bench.ts). Only a run that leaves nothing out is written down.
`
}

function timesOf(cases: readonly Case[]): string {
  const [action, ...others] = cases[0]?.results ?? []
  const time = (one: Case, name = '') => {
    const result = resultOf(one, name)
    return result?.isComplete ? timeOf(result.times) : `${result?.seen.written} written`
  }
  const rows = cases.map((one) => [
    one.setting.destinations.toString(),
    `${one.setting.roundTripMs} ms`,
    time(one, action?.contestant),
    ...others.flatMap(({ contestant }) => [
      time(one, contestant),
      ratioTo(resultOf(one, contestant), one)?.toFixed(2) ?? '–',
    ]),
  ])
  const heads = others.flatMap(({ contestant }) => [contestant, 'action ÷ it'])
  return table([['destinations', 'round trip', 'action', ...heads], ...rows])
}

/** At the longest round trip: without one, whatever is sent one after the other looks dependent. */
function costsOf(cases: readonly Case[]): string {
  const longest = Math.max(...cases.map(({ setting }) => setting.roundTripMs))
  const rows = cases
    .filter(({ setting }) => setting.roundTripMs === longest)
    .flatMap(({ setting: { destinations }, results }) =>
      results.map(({ contestant, seen: { requests, connections, written }, rounds, took, isComplete }) => [
        isComplete ? `${destinations}` : `${destinations} (${written} written)`,
        contestant,
        ...[requests, rounds.length > 0 ? median(rounds) : '–', connections].map(String),
        megabytes(took),
      ]),
    )
  return table([['destinations', 'by', 'requests', 'rounds', 'connections', 'memory'], ...rows])
}

function inFlightOf(cases: readonly Case[]): string {
  const [idle] = cases
  const rows = cases.map((one) => {
    const [result] = one.results
    const { runs, workflows } = one.setting
    return [
      runs === 0 ? 'nothing' : `${runs} of ${workflows} ${workflows === 1 ? 'workflow' : 'workflows'}`,
      timeOf(result?.times ?? []),
      idle === undefined || one === idle ? '–' : ratioOf(one, idle).toFixed(2),
      String(result?.seen.requests),
      result === undefined || result.rounds.length === 0 ? '–' : String(median(result.rounds)),
      result === undefined ? '–' : megabytes(result.took),
    ]
  })
  return `
## With runs in flight

The action alone with one destination, in alternating runs. Each workflow has 120 past runs. GitHub sends 11 kB for each run,
so a page of 100 has 1.1 MB, and 16 kB with gzip. The stand-in encodes the large pages before the run starts, because GitHub
does that on other machines.

${table([['in flight', 'time', '÷ nothing', 'requests', 'rounds', 'memory'], ...rows])}
`
}

function growthOf(growth: Growth, plotFile: string): string {
  const { roundTripMs } = growth.destinations[0]?.setting ?? {}
  const tables = kindsOf(growth).map(({ unit, cases }) => {
    const rows = cases.map(({ size, result: { times, took, seen } }) => [
      size.toLocaleString('en'),
      timeOf(times),
      `${took.cpuMs ?? '–'} ms`,
      seen.requests.toLocaleString('en'),
      megabytes(took),
    ])
    return table([[unit, 'time', 'processor time', 'requests', 'memory'], ...rows])
  })
  return `
## Growth

The action alone at a round trip of ${roundTripMs} ms, in real time and with GitHub's limits in force. The destinations are
in accounts that have few enough of them, in each of which one GitHub App is installed: the limits count for each account,
so none makes the action wait. The runs in flight are in the one destination's repository, ten of each workflow, half of
them queued.

![Time and requests by destinations and by runs in flight](${plotFile})

${tables.join('\n\n')}
`
}

/** Time and requests against each kind of size. */
export function panelsOf(growth: Growth): Panel[] {
  const courses = [
    { title: 'Time, in seconds', value: ({ times }: Result) => median(times) / 1000 },
    { title: 'Requests', value: ({ seen }: Result) => seen.requests },
  ]
  return courses.flatMap(({ title, value }) =>
    kindsOf(growth).map(({ unit, cases }) => ({
      title,
      unit,
      points: cases.map(({ size, result }) => [size, value(result)] as const),
    })),
  )
}

function kindsOf({ destinations, runs }: Growth) {
  const only = (by: 'destinations' | 'runs') => (one: Case) =>
    one.results.map((result) => ({ size: one.setting[by], result }))
  return [
    { unit: 'destinations', cases: destinations.flatMap(only('destinations')) },
    { unit: 'runs in flight', cases: runs.flatMap(only('runs')) },
  ]
}

const megabytes = ({ peakMb }: Result['took']): string => (peakMb === undefined ? '–' : `${peakMb.toFixed(0)} MB`)
