import type { KeyOutcome } from './key-outcome.ts'
import type { ManifestReport } from './manifest-report.ts'
import { escapeHtml, escapeMarkdown, table } from './markdown.ts'
import { detailsOf, folded, GITHUB, remarksOf, unbroken } from './summary.ts'
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

/** More keys without anything to do are folded, even where there are no others. */
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
    ...remarksOf(report),
    ...(told.length > 0 ? [tableOf(told)] : []),
    ...told
      .filter(({ because, report: one }) => because !== undefined && one.destinations.length > 0)
      .slice(0, MOST_DETAILS)
      .map((key) => details(key, server)),
    ...quietKeys(quiet, told.length > 0),
    ...(unlisted.length > 0
      ? [folded(`${plural(unlisted.length, 'key')} in no entry of the manifest`, unlistedTable(unlisted))]
      : []),
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
    unbroken(STATUSES[status]),
    escapeMarkdown(name),
    escapeMarkdown(because ?? ''),
    steps.map(escapeMarkdown).join('<br>'),
  ])
  return table(['Status', 'Key', 'Why', 'What'], rows)
}

/** One key; its errors and warnings stand above. */
function details({ name, status, report }: KeyOutcome, server: string): string {
  return folded(`${STATUSES[status]}: ${escapeHtml(name)}`, detailsOf(report, server).join('\n\n'))
}

/** What needs nobody is folded below what does. */
function quietKeys(keys: readonly KeyOutcome[], isBelow: boolean): string[] {
  if (keys.length === 0) return []
  const isOpen = !isBelow && keys.length <= MOST_KEYS
  return [isOpen ? tableOf(keys) : folded(`✅ ${plural(keys.length, 'key')} with nothing to do`, tableOf(keys))]
}

function unlistedTable(unlisted: ManifestReport['unlisted']): string {
  const rows = unlisted.map(({ id, name, age }) => [escapeMarkdown(name), escapeMarkdown(id), age])
  return table(['Key', 'Id', 'Age of its token'], rows)
}
