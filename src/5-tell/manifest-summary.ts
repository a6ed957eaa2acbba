import type { KeyOutcome } from './key-outcome.ts'
import type { ManifestReport } from './manifest-report.ts'
import { escapeHtml, escapeMarkdown, table } from './markdown.ts'
import { detailsOf, GITHUB } from './summary.ts'
import { plural } from './words.ts'

const HEADLINES: Record<ManifestReport['status'], string> = {
  rotated: '✅ Carried out',
  planned: '📝 Would be carried out (dry run)',
  deferred: '⏳ Put off',
  skipped: '⏭️ Nothing to do',
  unchanged: '✅ Nothing to do',
  failed: '❌ Failed',
}

const STATUSES: Record<KeyOutcome['status'], string> = {
  rotated: '✅ rotated',
  created: '✅ created',
  updated: '✅ updated',
  deleted: '🗑️ deleted',
  unchanged: '✅ unchanged',
  deferred: '⏳ put off',
  planned: '📝 planned',
  skipped: '⏭️ skipped',
  failed: '❌ failed',
}

/** More keys without anything to do are folded. */
const MOST_KEYS = 20
/** More keys than this are not told one by one, since GitHub drops a summary that is too large. */
const MOST_DETAILS = 50

/** The job summary of a manifest as Markdown, from the report alone. */
export function renderManifestSummary(report: ManifestReport, server = GITHUB): string {
  const { unlisted } = report
  const keys = [...report.keys].sort((a, b) => ATTENTION.indexOf(a.status) - ATTENTION.indexOf(b.status))
  const told = keys.filter(({ status }) => !QUIET.includes(status))
  const quiet = keys.filter(({ status }) => QUIET.includes(status))
  return `${[
    `### ${HEADLINES[report.status]}: ${escapeMarkdown(report.manifest)}`,
    countsOf(keys),
    ...report.errors.map((error) => `> ❌ ${escapeMarkdown(error)}`),
    ...report.notes.map((note) => `> ℹ️ ${escapeMarkdown(note)}`),
    ...report.warnings.map((warning) => `> ⚠️ ${escapeMarkdown(warning)}`),
    ...(told.length > 0 ? [tableOf(told)] : []),
    ...folded(`✅ ${plural(quiet.length, 'key')} with nothing to do`, quiet.length, MOST_KEYS, tableOf(quiet)),
    ...told
      .filter(({ because, report: one }) => because !== undefined && one.destinations.length > 0)
      .slice(0, MOST_DETAILS)
      .map((key) => details(key, server)),
    ...folded(
      `${plural(unlisted.length, 'key')} in no entry of the manifest`,
      unlisted.length,
      0,
      unlistedTable(unlisted),
    ),
  ].join('\n\n')}\n`
}

/** What needs a person comes first. */
const ATTENTION: readonly KeyOutcome['status'][] = [
  'failed',
  'deferred',
  'created',
  'deleted',
  'rotated',
  'updated',
  'planned',
  'skipped',
  'unchanged',
]

const QUIET: readonly KeyOutcome['status'][] = ['unchanged', 'skipped']

export function countsOf(keys: readonly KeyOutcome[]): string {
  const counts = [...Map.groupBy(keys, ({ status }) => status)]
  return counts.length === 0 ? 'No key.' : `${counts.map(([status, all]) => `${all.length} ${status}`).join(', ')}.`
}

function tableOf(keys: readonly KeyOutcome[]): string {
  const rows = keys.map(({ name, status, because, steps }) => [
    escapeMarkdown(name),
    STATUSES[status],
    escapeMarkdown(because ?? ''),
    steps.map(escapeMarkdown).join('<br>'),
  ])
  return table(['Key', 'Status', 'Why', 'What'], rows)
}

/** One key; its errors and warnings stand above. */
function details({ name, report }: KeyOutcome, server: string): string {
  return [`<details><summary>${escapeHtml(name)}</summary>`, ...detailsOf(report, server), '</details>'].join('\n\n')
}

function folded(title: string, count: number, most: number, text: string): string[] {
  if (count === 0) return []
  return [count <= most ? text : `<details><summary>${title}</summary>\n\n${text}\n\n</details>`]
}

function unlistedTable(unlisted: ManifestReport['unlisted']): string {
  const rows = unlisted.map(({ id, name, age }) => [escapeMarkdown(name), escapeMarkdown(id), age])
  return table(['Key', 'Id', 'Age of its token'], rows)
}
