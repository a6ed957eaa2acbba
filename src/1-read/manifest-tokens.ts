import { type Document, visit } from 'yaml'
import type { Span } from './manifest-source.ts'

/** Hides a word from the log if it is a token, and says whether it was one. */
export type HidesTokens = (word: string) => boolean

/** Closed or not; lines of a comment begin with a number sign. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|.*(?:\n[ \t#]*[A-Za-z0-9+/=\\]+[ \t\r]*$)*)/gm

/** What may be a token within a longer text. */
const WORDS = [/\S+/g, /[\w.-]+/g, /\w+/g, /(?:inc_|gh[opsur]_|github_pat_)\w{20,}/gi, /ghs_[\w.-]{20,}/gi]

/** Asks once for each word. */
export function remembering(hidesTokens: HidesTokens): HidesTokens {
  const answers = new Map<string, boolean>()
  return (word) => {
    const known = answers.get(word) ?? hidesTokens(word)
    answers.set(word, known)
    return known
  }
}

/** Where tokens are in the text, wherever they stand: comments too. */
export function tokensIn(text: string, hidesTokens: HidesTokens): Span[] {
  const spans: Span[] = []
  const look = (pattern: RegExp, clean = (found: string) => found): void => {
    for (const { 0: found, index } of text.matchAll(pattern)) {
      if (hidesTokens(clean(found))) spans.push([index, index + found.length])
    }
  }
  look(PRIVATE_KEY, (found) => found.replace(/^[ \t]*#?[ \t]*/gm, ''))
  for (const pattern of WORDS) look(pattern)
  return spans
}

/**
 * Puts something harmless in the place of every scalar that holds a token, so that nothing that is said of the document
 * can show one: escapes and folded lines may have hidden it in the text.
 *
 * @returns where these scalars are in the text
 */
export function takeTokensOut(doc: Document, hidesTokens: HidesTokens): Span[] {
  const spans: Span[] = []
  visit(doc, {
    Scalar(_, node) {
      const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
      const isToken = text !== '' && hidesTokens(text)
      if (tokensIn(text, hidesTokens).length === 0 && !isToken) return
      if (node.range) spans.push([node.range[0], node.range[1]])
      // Each another one: two would be told as one name given twice.
      node.value = `A_TOKEN_${spans.length}`
      node.source = `A_TOKEN_${spans.length}`
    },
  })
  return spans
}
