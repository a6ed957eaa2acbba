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
