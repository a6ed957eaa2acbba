import { nameOf } from '../destination.ts'
import { quote } from '../services/problem.ts'
import { type DestinationReport, isWell, type Report } from './report.ts'
import { plural, reasonInWords } from './words.ts'

/** What the log says at the end, one line a fact. */
export function renderLog(report: Report): string[] {
  const { key, because } = report
  const name = key === undefined ? 'the key' : `${quote(key.name)} (${key.id})`
  const why = because === undefined ? '' : `: ${reasonInWords(because)}`
  const grace = graceInWords(report)
  switch (report.status) {
    case 'rotated':
      return [`Rotated ${name}${why}.`, ...grace, ...copies(report)]
    case 'planned':
      return [`Dry run: would rotate ${name}${why}.`, ...grace, ...copies(report)]
    case 'deferred':
      return [`Did not rotate ${name} now, although ${because === undefined ? 'it is due' : reasonInWords(because)}.`]
    case 'skipped':
      return [`Did not rotate ${name}${why}.`]
    case 'failed':
      return report.rotated ? [`Rotated ${name}, but not everything went well.`, ...grace, ...copies(report)] : []
  }
}

function graceInWords({ graceMinutes, graceBecause, oldTokenExpiresAt }: Report): string[] {
  if (graceMinutes === undefined) return []
  const auto = graceBecause === undefined ? '' : ` (${graceBecause})`
  const until = oldTokenExpiresAt === undefined ? '' : `, until ${oldTokenExpiresAt}`
  const lives = oldTokenExpiresAt === undefined ? 'would live on' : 'lives on'
  return [`The old token ${lives} for ${plural(graceMinutes, 'minute')}${auto}${until}.`]
}

/** More destinations that are well are counted. */
const MOST_LINES = 20

/** What became of each destination, those that need attention first. */
function copies({ destinations }: Report): string[] {
  const line = ({ destination, result }: DestinationReport) => `${nameOf(destination)}: ${result}`
  const [well, others] = [destinations.filter(isWell), destinations.filter((one) => !isWell(one))]
  if (well.length <= MOST_LINES) return [...others, ...well].map(line)
  const counts = [...Map.groupBy(well, ({ result }) => result)]
  return [...others.map(line), ...counts.map(([result, all]) => `${plural(all.length, 'secret')}: ${result}`)]
}
