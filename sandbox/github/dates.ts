/** `2026-01-01T00:00:00Z`, from milliseconds since 1970: GitHub leaves the fraction of the second out. */
export function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
