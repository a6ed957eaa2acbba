import { complainOf, inGroup, say, warn } from '../services/log.ts'
import { scrubAll } from '../services/mask.ts'
import { quote } from '../services/problem.ts'
import type { KeyOutcome } from './key-outcome.ts'
import { renderLog } from './log.ts'
import { renderManifestOutputs } from './manifest-outputs.ts'
import type { ManifestReport } from './manifest-report.ts'
import { countsOf, renderManifestSummary } from './manifest-summary.ts'
import { setOutputs, writeSummary } from './tell.ts'
import { plural } from './words.ts'

/**
 * Tells the report of a manifest: log lines and annotations, outputs, the job summary. It is scrubbed before it is
 * rendered: what was escaped or cut would not be recognized as a credential any more.
 */
export async function tellManifest(given: ManifestReport): Promise<void> {
  const report = scrubAll(given)
  for (const key of report.keys) await sayOf(key)
  if (report.unlisted.length > 0) {
    say(`${plural(report.unlisted.length, 'key')} in no entry of the manifest:`)
    for (const { id, name, age } of report.unlisted) say(`  ${quote(name)} (${id}): the token is ${age} old`)
  }
  if (report.keys.length > 0) say(`${report.manifest}: ${countsOf(report.keys)}`)
  for (const note of report.notes) say(note)
  for (const warning of report.warnings) warn(warning)
  complainOf(report.errors)
  await writeSummary(renderManifestSummary(report, process.env.GITHUB_SERVER_URL))
  setOutputs(renderManifestOutputs(report))
}

/** A line for a key, and what was done with it folded below. */
async function sayOf({ name, id, status, because, steps, report }: KeyOutcome): Promise<void> {
  const why = because === undefined ? '' : `: ${because}`
  const title = `${quote(name)}${id === undefined ? '' : ` (${id})`} ${status}${why}`
  if (steps.length === 0) return say(title)
  const [, ...details] = renderLog(report)
  await inGroup(title, async () => [...steps, ...details].forEach(say))
}
