import { placeOf } from '../destination.ts'
import { escapeMarkdown, table } from './markdown.ts'
import type { DestinationReport, Report } from './report.ts'
import { plural, reasonInWords } from './words.ts'

const HEADLINES: Record<Report['status'], string> = {
  rotated: '✅ Rotated',
  skipped: '⏭️ Not rotated: nothing to do',
  planned: '📝 Would be rotated (dry run)',
  failed: '❌ Failed',
}

const RESULTS: Record<DestinationReport['result'], string> = {
  created: '✅ created',
  updated: '✅ updated',
  current: '✅ current',
  stale: '⚠️ stale: holds an older token',
  missing: '⚠️ missing',
  failed: '❌ failed',
}

/** The job summary as Markdown, from the report alone. */
export function renderSummary(report: Report): string {
  const { key, status } = report
  const title = key === undefined ? 'incident.io API key' : escapeMarkdown(key.name)
  return `${[
    `### ${HEADLINES[status]}: ${title}`,
    ...report.errors.map((error) => `> ❌ ${escapeMarkdown(error)}`),
    ...report.warnings.map((warning) => `> ⚠️ ${escapeMarkdown(warning)}`),
    ...(key === undefined ? [] : [table(['', ''], keyFacts(report))]),
    ...(report.destinations.length === 0 ? [] : [destinationTable(report)]),
  ].join('\n\n')}\n`
}

function keyFacts({ key, because, status, tokenIssuedAt, oldTokenExpiresAt, graceMinutes, graceIsAuto }: Report) {
  const rows: [string, string][] = [['Key', `\`${key?.id.replace(/[`|\s]/g, '')}\``]]
  if (because !== undefined) rows.push(['Why', escapeMarkdown(reasonInWords(because))])
  if (tokenIssuedAt !== undefined) {
    rows.push([status === 'rotated' ? 'New token issued' : 'Token issued', escapeMarkdown(tokenIssuedAt)])
  }
  if (graceMinutes !== undefined) {
    const auto = graceIsAuto ? ' (auto: the longest that incident.io allows)' : ''
    rows.push(['Grace period', `${plural(graceMinutes, 'minute')}${auto}`])
  }
  if (oldTokenExpiresAt !== undefined) rows.push(['Old token dies', oldTokenExpiresAt])
  return rows
}

function destinationTable({ destinations }: Report): string {
  const rows = destinations.map(({ destination, result }) => [
    escapeMarkdown(destination.kind),
    escapeMarkdown(placeOf(destination)),
    `\`${destination.secret}\``,
    RESULTS[result],
  ])
  return table(['Destination', 'Where', 'Secret', 'Result'], rows)
}
