import * as core from '@actions/core'
import type { Mask } from '../services/mask.ts'
import { renderLog } from './log.ts'
import { renderOutputs } from './outputs.ts'
import type { Report } from './report.ts'
import { renderSummary } from './summary.ts'

/** GitHub drops a summary over 1 MiB whole. */
const LARGEST_SUMMARY = 1_000_000
/** GitHub shows so many characters of an annotation. */
const LONGEST_ANNOTATION = 4000

/**
 * Tells the report: annotations and log lines, outputs, the job summary. Every text passes the mask on its way.
 */
export async function tell(report: Report, mask: Mask): Promise<void> {
  for (const line of renderLog(report)) core.info(logLine(mask.scrub(line)))
  for (const warning of report.warnings) core.warning(mask.scrub(warning).slice(0, LONGEST_ANNOTATION))
  for (const error of report.errors) core.error(mask.scrub(error).slice(0, LONGEST_ANNOTATION))
  for (const [name, value] of Object.entries(renderOutputs(report))) core.setOutput(name, mask.scrub(value))
  await writeSummary(mask.scrub(renderSummary(report)))
}

async function writeSummary(markdown: string): Promise<void> {
  // Outside of Actions, and on an old GitHub Enterprise Server, there is no summary to write to.
  if (!process.env.GITHUB_STEP_SUMMARY) return
  try {
    await core.summary.addRaw(markdown.slice(0, LARGEST_SUMMARY)).write()
  } catch (error) {
    core.warning(
      `The job summary could not be written: ${String((error as { code?: unknown }).code ?? 'unknown reason')}.`,
    )
  }
}

/**
 * A line for the log that the runner takes for nothing else: `::name::` at the start of a line and `##[name]` anywhere
 * in it are commands.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function logLine(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/##\[/g, '# #[')
    .replace(/^\s*::/, '\u200b::')
}
