import type { RunNeed } from '../3-decide/needs.ts'
import { placeOf } from '../destination.ts'
import { code, codeBlock, escapeMarkdown, table } from './markdown.ts'
import { type DestinationReport, isWell, type Report } from './report.ts'
import { renderTimeline } from './timeline.ts'
import { inLine, plural, reasonInWords } from './words.ts'

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
  archived: '⚠️ archived: left out',
}

/** Where GitHub's pages are, unless the runner says otherwise. */
export const GITHUB = 'https://github.com'

/**
 * The job summary as Markdown, from the report alone.
 *
 * @param server where GitHub's pages are: nothing else is linked to
 */
export function renderSummary(report: Report, server = GITHUB): string {
  const { key, asked = 'incident.io API key' } = report
  const title = escapeMarkdown(key?.name ?? asked)
  return `${[`### ${headlineOf(report)}: ${title}`, ...remarksOf(report), ...detailsOf(report, server)].join('\n\n')}\n`
}

function headlineOf({ status, rotated }: Report): string {
  return status === 'failed' && rotated ? '❌ Rotated, but not everything went well' : HEADLINES[status]
}

/** More errors than this are folded. */
const MOST_ERRORS = 10

/** Errors, notes and warnings, a paragraph each: GitHub would show a quotation in grey. */
export function remarksOf({ errors, notes, warnings }: Pick<Report, 'errors' | 'notes' | 'warnings'>): string[] {
  const told = errors.map(errorInMarkdown)
  const more = told.slice(MOST_ERRORS)
  return [
    ...told.slice(0, MOST_ERRORS),
    ...(more.length > 0 ? [folded(`❌ ${plural(more.length, 'more error')}`, more.join('\n\n'))] : []),
    ...notes.map((note) => `ℹ️ ${escapeMarkdown(note)}`),
    ...warnings.map((warning) => `⚠️ ${escapeMarkdown(warning)}`),
  ]
}

/** Lines behind the first one are an excerpt of a file, with a caret below what it is about. */
function errorInMarkdown(error: string): string {
  const [sentence = '', ...excerpt] = error.split('\n')
  return [`❌ ${escapeMarkdown(sentence)}`, ...(excerpt.length > 0 ? [codeBlock(excerpt)] : [])].join('\n\n')
}

/** What is known of one key, without a headline: its token, its destinations, and the runs in flight. */
export function detailsOf(report: Report, server = GITHUB): string[] {
  const [head, ...facts] = keyFacts(report, server)
  return [
    // GitHub shows an empty head as an empty row, so the first fact is the head.
    ...(head === undefined ? [] : [table(head, facts)]),
    ...(report.destinations.length === 0 ? [] : [destinationTable(report)]),
    ...(report.timeline === undefined ? [] : [renderTimeline(report.timeline, report.rotated)]),
    ...(report.runsAtRisk.length === 0 ? [] : [riskTable(report.runsAtRisk, server)]),
  ]
}

function keyFacts(report: Report, server: string) {
  const { key, because, rotated, tokenIssuedAt, oldTokenExpiresAt, graceMinutes } = report
  if (key === undefined) return []
  const rows: [string, string][] = key.id ? [['Key', code(key.id)]] : []
  if (because !== undefined) rows.push(['Why', escapeMarkdown(reasonInWords(because))])
  if (tokenIssuedAt !== undefined) {
    rows.push([rotated ? 'New token issued' : 'Token issued', escapeMarkdown(tokenIssuedAt)])
  }
  if (graceMinutes !== undefined) {
    rows.push([
      oldTokenExpiresAt === undefined ? 'Grace period, if rotated now' : 'Grace period',
      `${plural(graceMinutes, 'minute')}${graceReason(report, server)}`,
    ])
  }
  if (oldTokenExpiresAt !== undefined) rows.push(['Old token dies', oldTokenExpiresAt])
  return rows
}

/** Why the grace period is what it is, with a link to the run that decided it. */
function graceReason({ graceBecause, graceRun }: Report, server: string): string {
  if (graceBecause === undefined) return ''
  const link = graceRun === undefined ? '' : `: ${linkTo(graceRun.url, `#${graceRun.runId}`, server)}`
  return ` (${escapeMarkdown(graceBecause)}${link})`
}

/** More destinations than this are folded, those that need attention aside. */
const MOST_DESTINATIONS = 20

function destinationTable({ destinations }: Report): string {
  const [well, others] = [destinations.filter(isWell), destinations.filter((one) => !isWell(one))]
  if (destinations.length <= MOST_DESTINATIONS) return tableOf([...others, ...well])
  const title = `✅ ${plural(well.length, 'destination holds', 'destinations hold')} the current token`
  return [
    ...(others.length > 0 ? [tableOf(others)] : []),
    ...(well.length > 0 ? [folded(title, tableOf(well))] : []),
  ].join('\n\n')
}

function tableOf(destinations: readonly DestinationReport[]): string {
  const rows = destinations.map(({ destination, result }) => [
    unbroken(RESULTS[result]),
    escapeMarkdown(destination.kind),
    escapeMarkdown(placeOf(destination)),
    `\`${destination.secret}\``,
  ])
  // Long names push what is behind them out of sight.
  return table(['Result', 'Destination', 'Where', 'Secret'], rows)
}

/** More rows than this are folded, and more than that are counted. */
const MOST_OPEN_ROWS = 20
const MOST_ROWS = 50

function riskTable(runs: readonly RunNeed[], server: string): string {
  const rows = runs
    .toSorted((a, b) => b.safeMinutes - a.safeMinutes)
    .slice(0, MOST_ROWS)
    .map(({ repository, workflow, runId, url, status, ...need }) => [
      neededFor(need),
      escapeMarkdown(status.replaceAll('_', ' ')),
      `${escapeMarkdown(workflow)} ${linkTo(url, `#${runId}`, server)}`,
      escapeMarkdown(repository),
    ])
  const more = runs.length - MOST_ROWS
  const text = [
    table(['Needs it for', 'Status', 'Run', 'Repository'], rows),
    ...(more > 0 ? [`and ${plural(more, 'more run')}`] : []),
  ].join('\n\n')
  const title = 'Runs that may outlive the old token'
  return runs.length > MOST_OPEN_ROWS ? folded(`⚠️ ${title}: ${runs.length}`, text) : `**${title}**\n\n${text}`
}

/** How long a run at risk needs the old token. */
function neededFor(need: Pick<RunNeed, 'safeMinutes' | 'by' | 'waits' | 'hasWaitingJob' | 'waitMinutes'>): string {
  if (need.waits || need.hasWaitingJob) return 'waits for an approval'
  return `${need.by === 'nothing' ? 'unknown' : plural(Math.ceil(need.safeMinutes), 'minute')}${inLine(need)}`
}

/** A text that is shown when its title is clicked; both are safe already. */
export function folded(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`
}

/** A mark and the word behind it, on one line in the narrowest column. */
export function unbroken(text: string): string {
  return text.replace(' ', '\u00a0')
}

/** A link to a run, when its address is one of GitHub's; it comes from outside, like everything else of a run. */
function linkTo(url: string, text: string, server: string): string {
  const isOfGitHub = url.startsWith(`${server}/`) && /^https?:\/\/[\w.:-]+\/[\w./-]+$/.test(url)
  return isOfGitHub ? `[${escapeMarkdown(text)}](${url})` : escapeMarkdown(text)
}
