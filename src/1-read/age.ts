/** How old a token must be before it is rotated: milliseconds, or never by its age alone. */
export type Age = number | 'never'

const MINUTE = 60_000
const UNITS: Record<string, number> = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE, w: 7 * 24 * 60 * MINUTE }

/**
 * Reads an age such as `90m`, `12h`, `30d` or `2w`; `0` needs no unit.
 *
 * @returns milliseconds; undefined when it is no age
 */
export function parseAge(text: string): number | undefined {
  if (text === '0') return 0
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  const factor = UNITS[unit ?? '']
  return factor === undefined ? undefined : Number(count) * factor
}

/** The number of minutes that may have been meant by a text with a unit, like `30m`, `2h` or `45 minutes`. */
export function nearMinutes(text: string): number | undefined {
  const age = /[a-z]\s*$/i.test(text) ? parseAge(nearAge(text) ?? '') : undefined
  return age === undefined ? undefined : age / MINUTE
}

/** The age that may have been meant: with a unit that is spelled out or missing, or in another case. */
export function nearAge(text: string): string | undefined {
  if (/^\s*0+\s*$/.test(text)) return '0'
  const [, count, unit = 'd'] = /^\s*(\d{1,5})\s*(?:([mhdw])(?:in(?:ute)?s?|ours?|ays?|eeks?)?)?\s*$/i.exec(text) ?? []
  return count === undefined ? undefined : `${count}${unit.toLowerCase()}`
}
