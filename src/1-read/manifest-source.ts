import { LineCounter } from 'yaml'
import { scrub } from '../services/mask.ts'

/** What is wrong in a manifest, and where: `line` and `column` count from 1. */
export interface ManifestMistake {
  readonly line: number
  readonly column: number
  /** A whole sentence without file and position. */
  readonly sentence: string
  /** The line without its indent, and below it a caret under the column; cut around the caret when it is long. */
  readonly frame: string
}

/** From one offset of the text to before another. */
export type Span = readonly [start: number, end: number]

/** A manifest as it may be shown. */
export interface Source {
  lineOf(offset: number): number
  mistakeAt(offset: number, sentence: string): ManifestMistake
  /** The key of a mapping that begins here, as the file spells it. */
  keyAt(offset: number): string
}

/** How many characters of a line are shown at the most on each side of the caret. */
const SIDE = 60

/** @param hidden what must not be shown */
export function sourceOf(text: string, hidden: readonly Span[]): Source {
  const shown = withStars(text, hidden)
  const lines = new LineCounter()
  for (const start of [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]) lines.addNewLine(start)
  // All of a file may stand on one line.
  const wholes = new Map<number, string>()
  const at = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    const start = lines.lineStarts[line - 1] ?? 0
    const [cut = ''] = wholes.has(line)
      ? [wholes.get(line)]
      : shown.slice(start, lines.lineStarts[line] ?? shown.length).split(/\r?\n/)
    wholes.set(line, cut)
    return { line, column: col, whole: cut }
  }
  return {
    lineOf: (offset) => at(offset).line,
    mistakeAt(offset, sentence) {
      const { line, column, whole } = at(offset)
      return {
        line,
        column,
        sentence,
        // Only some of many mistakes are shown.
        get frame() {
          return frameOf(whole, column)
        },
      }
    },
    keyAt(offset) {
      const { column, whole } = at(offset)
      const [, double, single, plain = ''] = /^(?:"([^"]*)"|'([^']*)'|([^:]*))/.exec(whole.slice(column - 1)) ?? []
      return double ?? single ?? plain.trim()
    },
  }
}

/** The line without what it is indented by, and below it a caret; every character takes one column. */
function frameOf(whole: string, column: number): string {
  // A credential that is known from elsewhere: what takes its place is of another length.
  if (scrub(whole) !== whole) return '***'
  if (whole.trim() === '') return ''
  const before = plain(whole.slice(0, column - 1))
  const indent = before.findIndex((character) => character !== ' ')
  const left = before.slice(indent < 0 ? before.length : indent)
  const right = plain(whole.slice(column - 1))
  const start = left.length > SIDE ? ['…', ...left.slice(-SIDE)] : left
  const end = right.length > SIDE ? [...right.slice(0, SIDE), '…'] : right
  return `${[...start, ...end].join('').trimEnd()}\n${' '.repeat(start.length)}^`
}

/** Its characters, without those that move others or begin a line. */
function plain(text: string): string[] {
  return Array.from(text, (character) =>
    character === '\t' ? ' ' : character.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Mn}\u2028\u2029]/u, '·'),
  )
}

/** The text with stars for what is hidden, so that everything else stays where it is. */
function withStars(text: string, hidden: readonly Span[]): string {
  if (hidden.length === 0) return text
  const units = text.split('')
  for (const [start, end] of hidden) {
    for (let at = start; at < end; at++) if (units[at] !== '\n' && units[at] !== '\r') units[at] = '*'
  }
  return units.join('')
}
