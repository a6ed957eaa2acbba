import { AsyncLocalStorage } from 'node:async_hooks'
import * as core from '@actions/core'
import { scrub } from './mask.ts'

/** GitHub shows so many characters of an annotation. */
const LONGEST_ANNOTATION = 4000
/** How often long work says how far it is, in ms. */
const EVERY = 5000

const group = new AsyncLocalStorage<string[]>()

/** Writes a line to the log; inside of a group, when that ends. */
export function say(line: string): void {
  const lines = group.getStore()
  if (lines === undefined) core.info(logLine(plain(line)))
  else lines.push(line)
}

/** Writes lines together, as a group of the log. */
export function sayTogether(title: string, lines: readonly string[]): void {
  core.startGroup(plain(title).replace(/[\r\n]+/g, ' '))
  for (const line of lines) core.info(logLine(plain(line)))
  core.endGroup()
}

/** Writes what some work says together, as a group of the log, since other work goes on beside it. */
export async function inGroup<T>(title: string, work: () => Promise<T>): Promise<T> {
  const lines: string[] = []
  try {
    return await group.run(lines, work)
  } finally {
    if (lines.length > 0) sayTogether(title, lines)
  }
}

/** Writes an error annotation. */
export function complain(error: string): void {
  core.error(plain(error).slice(0, LONGEST_ANNOTATION))
}

/** Writes a warning annotation. */
export function warn(warning: string): void {
  core.warning(plain(warning).slice(0, LONGEST_ANNOTATION))
}

/** GitHub shows ten error annotations of a step: of more than that, the others are lines of the log. */
const MOST_ANNOTATIONS = 10

/** Writes error annotations, as many as GitHub shows. */
export function complainOf(errors: readonly string[]): void {
  const shown = errors.length > MOST_ANNOTATIONS ? errors.slice(0, MOST_ANNOTATIONS - 1) : errors
  const others = errors.slice(shown.length)
  for (const error of others) say(`Error: ${error}`)
  for (const error of shown) complain(error)
  if (others.length > 0) complain(`${others.length} more errors: they stand in the log and in the summary.`)
}

/** Groups of a log do not nest: whether one is open that is written as things go on. */
let isGroupOpen = false

/**
 * Says every few seconds how far some work is, until it ends; what is said of it is one group of the log. Work that is done
 * soon says nothing.
 *
 * @param phase what the group is called
 */
export async function whileSaying<T>(phase: string, line: () => string, work: Promise<T>): Promise<T> {
  let isOurs = false
  const timer = setInterval(() => {
    if (!isGroupOpen && group.getStore() === undefined) {
      isGroupOpen = true
      isOurs = true
      core.startGroup(phase)
    }
    say(line())
  }, EVERY)
  try {
    return await work
  } finally {
    clearInterval(timer)
    if (isOurs) {
      isGroupOpen = false
      core.endGroup()
    }
  }
}

/** Without credentials, and without what a terminal obeys or what turns the direction of the text. */
function plain(text: string): string {
  return scrub(text).replace(/(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
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
