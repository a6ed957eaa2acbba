import * as core from '@actions/core'

/** Shorter values would be found inside ordinary words. */
const SHORTEST_SCRUBBED = 6

/** A private key in the wrong place may be unknown, and is known by its looks. */
export const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/g

/** Real, escaped, or a space that was one in a private key. */
const LINE_BREAK = /(?:\\+[rn]|[\r\n]|(?<=-----|[A-Za-z0-9+/]{16}=*) )+/

// One set for the process, as the runner has one: a credential that is known is hidden everywhere.
const hidden = new Set<string>()
// What is taken out of texts, however it is written. One may begin with another: the longest comes first.
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
    if (part.length >= SHORTEST_SCRUBBED) scrubbed = [...new Set([...scrubbed, ...formsOf(part)])]
  }
  scrubbed = scrubbed.toSorted((a, b) => b.length - a.length)
}

/** A credential as it is, and as it stands in JSON, in a URL, in hex, and anywhere in what was encoded as base64. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].flatMap((offset) => {
    const moved = Buffer.concat([Buffer.alloc(offset), bytes])
    // The characters at both ends hold bits of what stands beside it.
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((moved.length * 8) / 6)]
    return [moved.toString('base64').slice(start, end), moved.toString('base64url').slice(start, end)]
  })
  // A service may answer with half of a character, of which no URL is made.
  const escaped = [JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())]
  return [value, ...escaped, hex, hex.toUpperCase(), ...base64]
}

/** The text without any credential that is known. To be called before a text is cut or escaped. */
export function scrub(text: string): string {
  let clean = text.replace(PRIVATE_KEY, '***')
  for (const value of scrubbed) clean = clean.replaceAll(value, '***')
  return clean
}

/** Plain data without any credential that is known, in whatever string of it. */
export function scrubAll<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (_, value) => (typeof value === 'string' ? scrub(value) : value)) as T
}
