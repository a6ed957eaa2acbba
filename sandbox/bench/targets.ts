import { action, script } from './contestants.ts'
import { inTime, median, ratioOf, ratioTo } from './figures.ts'
import { type Case, resultOf } from './measure.ts'

/** The most that the action may take as a share of the script's time. */
const SHARES = [
  { roundTripMs: 50, destinations: 1, most: 0.75 },
  { roundTripMs: 50, destinations: 5, most: 0.3 },
  { roundTripMs: 50, destinations: 25, most: 0.12 },
  { roundTripMs: 0, destinations: 1, most: 1.9 },
  { roundTripMs: 0, destinations: 25, most: 0.15 },
]
/** Two handshakes, which pass in parallel, and four rounds: look, rotate, write and verify, confirm. */
const LEAST_ROUND_TRIPS = 6
/** The most that the action may take for one destination, as a multiple of the wire's time and of Node's. */
const MOST_OF_LEAST = 1.5

/** The most that the action may take with runs in flight, as a multiple of its time with nothing running. */
const MAX_IN_FLIGHT = new Map([
  [1, 1.5],
  [5, 1.6],
])

/** Returns a row for each target with runs in flight; the first case is that with nothing running. */
export function targetsInFlight([idle, ...busy]: readonly Case[]): string[][] {
  return busy.flatMap((one) => {
    const most = MAX_IN_FLIGHT.get(one.setting.runs)
    if (idle === undefined || most === undefined) return []
    const ratio = ratioOf(one, idle)
    const name = `in flight ÷ nothing running, ${one.setting.runs} at ${one.setting.roundTripMs} ms`
    return [[name, `≤ ${most.toFixed(2)}`, ratio.toFixed(2), ratio <= most ? 'met' : 'missed']]
  })
}

/** A row for each target that was measured. */
export function targetsOf(cases: readonly Case[], emptyNode: readonly number[]): string[][] {
  const find = (roundTripMs: number, destinations: number) =>
    cases.find(({ setting }) => setting.roundTripMs === roundTripMs && setting.destinations === destinations)
  const row = (name: string, value: number, most: number, tell: (value: number) => string) => [
    name,
    `≤ ${tell(most)}`,
    tell(value),
    value <= most ? 'met' : 'missed',
  ]
  const shares = SHARES.flatMap(({ roundTripMs, destinations, most }) => {
    const one = find(roundTripMs, destinations)
    const ratio = one && ratioTo(resultOf(one, script.name), one)
    const name = `action ÷ script, ${destinations} at ${roundTripMs} ms`
    return ratio === undefined ? [] : [row(name, ratio, most, (value) => value.toFixed(2))]
  })
  const alone = find(50, 1)
  const times = alone && resultOf(alone, action.name)?.times
  if (times === undefined) return shares
  const name = `1 at 50 ms, ${MOST_OF_LEAST} × (${LEAST_ROUND_TRIPS} round trips + \`node -e 0\`)`
  const most = MOST_OF_LEAST * (LEAST_ROUND_TRIPS * 50 + median(emptyNode))
  return [...shares, row(name, median(times), most, inTime)]
}
