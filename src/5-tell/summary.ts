import type { RunNeed } from '../3-decide/needs.ts'
import { placeOf } from '../destination.ts'
import { code, escapeMarkdown, table } from './markdown.ts'
import type { DestinationReport, Report } from './report.ts'
import { renderTimeline } from './timeline.ts'
import { plural, reasonInWords } from './words.ts'

const HEADLINES: Record<Report['status'], string> = {
  rotated: '✅ Rotated',
  skipped: '⏭️ Nothing to do',
  deferred: '⏳ Put off until runs in flight have ended',
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

/** Where GitHub's pages are, unless the runner says otherwise. */
export const GITHUB = 'https://github.com'

/**
 * The job summary as Markdown, from the report alone.
 *
 * @param server where GitHub's pages are: nothing else is linked to
 */
export function renderSummary(report: Report, server = GITHUB): string {
  const { key, status } = report
  const title = key === undefined ? 'incident.io API key' : escapeMarkdown(key.name)
  return `${[
    `### ${HEADLINES[status]}: ${title}`,
    ...report.errors.map((error) => `> ❌ ${escapeMarkdown(error)}`),
    ...report.notes.map((note) => `> ℹ️ ${escapeMarkdown(note)}`),
    ...report.warnings.map((warning) => `> ⚠️ ${escapeMarkdown(warning)}`),
    ...detailsOf(report, server),
  ].join('\n\n')}\n`
}

/** What is known of one key, without a headline: its token, its destinations, and the runs in flight. */
export function detailsOf(report: Report, server = GITHUB): string[] {
  return [
    ...(report.key === undefined ? [] : [table(['', ''], keyFacts(report))]),
    ...(report.destinations.length === 0 ? [] : [destinationTable(report)]),
    ...(report.timeline === undefined ? [] : [renderTimeline(report.timeline, report.status === 'rotated')]),
    ...(report.runsAtRisk.length === 0 ? [] : [riskTable(report.runsAtRisk, server)]),
  ]
}

function keyFacts({ key, because, status, tokenIssuedAt, oldTokenExpiresAt, graceMinutes, graceBecause }: Report) {
  const rows: [string, string][] = key?.id ? [['Key', code(key.id)]] : []
  if (because !== undefined) rows.push(['Why', escapeMarkdown(reasonInWords(because))])
  if (tokenIssuedAt !== undefined) {
    rows.push([status === 'rotated' ? 'New token issued' : 'Token issued', escapeMarkdown(tokenIssuedAt)])
  }
  if (graceMinutes !== undefined) {
    const auto = graceBecause === undefined ? '' : ` (${escapeMarkdown(graceBecause)})`
    rows.push([
      oldTokenExpiresAt === undefined ? 'Grace period, if rotated now' : 'Grace period',
      `${plural(graceMinutes, 'minute')}${auto}`,
    ])
  }
  if (oldTokenExpiresAt !== undefined) rows.push(['Old token dies', oldTokenExpiresAt])
  return rows
}

/** More destinations than this are folded, those that need attention aside. */
const MOST_DESTINATIONS = 20

function destinationTable({ destinations }: Report): string {
  if (destinations.length <= MOST_DESTINATIONS) return tableOf(destinations)
  const isWell = ({ result }: DestinationReport) => WELL.includes(result)
  const [well, others] = [destinations.filter(isWell), destinations.filter((one) => !isWell(one))]
  return [
    ...(others.length > 0 ? [tableOf(others)] : []),
    ...(well.length > 0
      ? [`<details><summary>✅ ${plural(well.length, 'destination')}</summary>`, tableOf(well), '</details>']
      : []),
  ].join('\n\n')
}

const WELL: readonly DestinationReport['result'][] = ['created', 'updated', 'current']

function tableOf(destinations: readonly DestinationReport[]): string {
  const rows = destinations.map(({ destination, result }) => [
    escapeMarkdown(destination.kind),
    escapeMarkdown(placeOf(destination)),
    `\`${destination.secret}\``,
    RESULTS[result],
  ])
  return table(['Destination', 'Where', 'Secret', 'Result'], rows)
}

/** More rows than this are counted. */
const MOST_ROWS = 50

function riskTable(runs: readonly RunNeed[], server: string): string {
  const rows = runs
    .slice(0, MOST_ROWS)
    .map(({ repository, workflow, runId, url, status, minutes, by, waits }) => [
      `${escapeMarkdown(workflow)} ${linkTo(url, `#${runId}`, server)}`,
      escapeMarkdown(repository),
      escapeMarkdown(status),
      waits ? 'waits for an approval' : by === 'nothing' ? 'nobody knows' : plural(Math.ceil(minutes), 'minute'),
    ])
  const more = runs.length - MOST_ROWS
  return [
    '**Runs that may outlive the old token**',
    table(['Run', 'Repository', 'Status', 'Needs it for'], rows),
    ...(more > 0 ? [`and ${plural(more, 'more run', 'more runs')}`] : []),
  ].join('\n\n')
}

/** A link to a run, when its address is one of GitHub's; it comes from outside, like everything else of a run. */
function linkTo(url: string, text: string, server: string): string {
  const isOfGitHub = url.startsWith(`${server}/`) && /^https?:\/\/[\w.:-]+\/[\w./-]+$/.test(url)
  return isOfGitHub ? `[${escapeMarkdown(text)}](${url})` : escapeMarkdown(text)
}
