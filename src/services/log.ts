import * as core from '@actions/core'
import { scrub } from './mask.ts'

/** GitHub shows so many characters of an annotation. */
const LONGEST_ANNOTATION = 4000
/** How often long work says how far it is, in ms. */
const EVERY = 5000

/** Writes a line to the log. */
export function say(line: string): void {
  core.info(logLine(plain(line)))
}

/** Writes an error annotation. */
export function complain(error: string): void {
  core.error(plain(error).slice(0, LONGEST_ANNOTATION))
}

/** Writes a warning annotation. */
export function warn(warning: string): void {
  core.warning(plain(warning).slice(0, LONGEST_ANNOTATION))
}

/** Says every few seconds how far some work is, until it ends. */
export async function whileSaying<T>(line: () => string, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => say(line()), EVERY)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}

/** Without credentials, and without marks that turn the direction of what follows them. */
function plain(text: string): string {
  return scrub(text).replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
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
