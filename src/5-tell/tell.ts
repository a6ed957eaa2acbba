import { closeSync, constants, openSync } from 'node:fs'
import * as core from '@actions/core'
import { complainOf, say, warn } from '../services/log.ts'
import { scrubAll } from '../services/mask.ts'
import { Problem } from '../services/problem.ts'
import { renderLog } from './log.ts'
import { renderOutputs } from './outputs.ts'
import type { Report } from './report.ts'
import { renderSummary } from './summary.ts'

/** GitHub drops a summary over 1 MiB whole; in bytes. */
const LARGEST_SUMMARY = 1_000_000

/**
 * Tells the report: log lines and annotations, outputs, the job summary. It is scrubbed before it is rendered: what was
 * escaped or cut would not be recognized as a credential any more.
 */
export async function tell(given: Report): Promise<void> {
  const report = scrubAll(given)
  for (const line of renderLog(report)) say(line)
  for (const note of report.notes) say(note)
  for (const warning of report.warnings) warn(warning)
  complainOf(report.errors)
  await writeSummary(renderSummary(report, process.env.GITHUB_SERVER_URL))
  setOutputs(renderOutputs(report))
}

/**
 * Tries whether the outputs can be handed to the runner, while nothing has changed.
 *
 * @throws Problem when their file cannot be written
 */
export function tryOutputs(): void {
  const file = process.env.GITHUB_OUTPUT
  if (!file) return
  try {
    // The runner has made it: one that is missing is none of the runner's.
    closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND))
  } catch (cause) {
    throw noOutputs('Nothing was changed.', cause)
  }
}

/**
 * Hands the outputs to the runner.
 *
 * @throws Problem when their file cannot be written
 */
export function setOutputs(outputs: Readonly<Record<string, string>>): void {
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
  } catch (cause) {
    throw noOutputs('What the log says above was done all the same.', cause)
  }
}

function noOutputs(changed: string, cause: unknown): Problem {
  const code = String((cause as { code?: unknown }).code ?? 'the file is missing')
  return new Problem(
    {
      goal: 'hand over',
      subject: 'the outputs of this step',
      cause: `the file in which the runner expects them (GITHUB_OUTPUT) cannot be written (${code})`,
      remedy: `${changed} Free space on the runner's disk; in a container, mount the folder of the file so that it may be written. Then run again.`,
    },
    { cause },
  )
}

/** Writes the job summary, where there is one. */
export async function writeSummary(markdown: string): Promise<void> {
  // Outside of Actions, and on an old GitHub Enterprise Server, there is no summary to write to.
  if (!process.env.GITHUB_STEP_SUMMARY) return
  try {
    await core.summary.addRaw(cutToBytes(markdown, LARGEST_SUMMARY)).write()
  } catch (error) {
    warn(
      `The job summary could not be written: ${String((error as { code?: unknown }).code ?? 'its file is missing, or may not be written')}.`,
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
