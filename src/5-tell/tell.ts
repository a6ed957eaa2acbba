import * as core from '@actions/core'
import { scrub, scrubAll } from '../services/mask.ts'
import { renderLog } from './log.ts'
import { renderOutputs } from './outputs.ts'
import type { Report } from './report.ts'
import { renderSummary } from './summary.ts'

/** GitHub drops a summary over 1 MiB whole; in bytes. */
const LARGEST_SUMMARY = 1_000_000
/** GitHub shows so many characters of an annotation. */
const LONGEST_ANNOTATION = 4000

/**
 * Tells the report: log lines and annotations, outputs, the job summary. It is scrubbed before it is rendered: what was
 * escaped or cut would not be recognized as a credential any more.
 */
export async function tell(given: Report): Promise<void> {
  const report = scrubAll(given)
  for (const line of renderLog(report)) say(line)
  for (const warning of report.warnings) core.warning(warning.slice(0, LONGEST_ANNOTATION))
  for (const error of report.errors) complain(error)
  for (const [name, value] of Object.entries(renderOutputs(report))) core.setOutput(name, value)
  await writeSummary(renderSummary(report))
}

/** Writes a line to the log. */
export function say(line: string): void {
  core.info(logLine(scrub(line)))
}

/** Writes an error annotation. */
export function complain(error: string): void {
  core.error(scrub(error).slice(0, LONGEST_ANNOTATION))
}

async function writeSummary(markdown: string): Promise<void> {
  // Outside of Actions, and on an old GitHub Enterprise Server, there is no summary to write to.
  if (!process.env.GITHUB_STEP_SUMMARY) return
  try {
    await core.summary.addRaw(cutToBytes(markdown, LARGEST_SUMMARY)).write()
  } catch (error) {
    core.warning(
      `The job summary could not be written: ${String((error as { code?: unknown }).code ?? 'unknown reason')}.`,
    )
  }
}

function cutToBytes(text: string, most: number): string {
  const bytes = Buffer.from(text)
  // A character that is cut in two at the end becomes a replacement character, which is taken away.
  return bytes.length <= most
    ? text
    : bytes
        .subarray(0, most)
        .toString()
        .replace(/\ufffd$/, '')
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
