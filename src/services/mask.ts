import * as core from '@actions/core'

/** Shorter values would be found inside ordinary words. */
const SHORTEST_SCRUBBED = 6

/** A private key in the wrong place may be unknown, and is known by its looks. */
export const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/g

/** Real, escaped, or a space that was one in a private key. */
const LINE_BREAK = /(?:\\+[rn]|[\r\n]|(?<=-----|[A-Za-z0-9+/]{16}=*) )+/

// One set for the process, as the runner has one: a credential that is known is hidden everywhere.
const hidden = new Set<string>()
// What is taken out of texts, in base64 too. One may begin with another: the longest comes first.
let scrubbed: readonly string[] = []

/**
 * Hides a credential, and each of its lines, from sight: tells the runner to mask it in the log. To be called before
 * anything else touches it.
 */
export function hide(credential: string): void {
  // It is asked before each request.
  if (hidden.has(credential)) return
  for (const part of new Set([credential, ...credential.split(LINE_BREAK)].map((text) => text.trim()))) {
    if (part === '' || hidden.has(part)) continue
    core.setSecret(part)
    hidden.add(part)
  }
  const long = [...hidden].filter((value) => value.length >= SHORTEST_SCRUBBED)
  scrubbed = long.flatMap((value) => [value, encoded(value)]).sort((a, b) => b.length - a.length)
}

/** The text without any credential that is known. To be called before a text is cut or escaped. */
export function scrub(text: string): string {
  let clean = text.replace(PRIVATE_KEY, '***')
  for (const value of scrubbed) clean = clean.replaceAll(value, '***')
  return clean
}

const encoded = (value: string): string => Buffer.from(value).toString('base64').replace(/=+$/, '')

/** Plain data without any credential that is known, in whatever string of it. */
export function scrubAll<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (_, value) => (typeof value === 'string' ? scrub(value) : value)) as T
}
