import type { Exchange } from '../journal.ts'
import type { StepResult } from '../runner.ts'

/** What a step left behind where people and later steps can see it; the runner's own mask commands are not shown. */
export function visible({ raw, outputs, state, summary }: StepResult): string {
  const log = raw.replace(/^::add-mask::.*$/gm, '')
  const decoded = Object.values(state).map((value) => Buffer.from(value, 'base64').toString('latin1'))
  // Markdown shows a character that is escaped, and a zero-width space is not seen at all.
  const rendered = summary.replace(/\\(.)|\u200b/g, '$1')
  return [log, JSON.stringify(outputs), JSON.stringify(state), summary, rendered, ...decoded].join('\n')
}

/** How many of these credentials a text holds, in clear or encoded. */
export function countIn(text: string, credentials: readonly string[]): number {
  const lower = text.toLowerCase()
  return [...new Set(credentials)].filter((one) => formsOf(one).some((form) => lower.includes(form))).length
}

/** A credential in clear, in hexadecimal, and in base64 wherever it begins in a longer text. Lower case. */
function formsOf(credential: string): string[] {
  const bytes = Buffer.from(credential)
  const inBase64 = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The characters at both ends hold bits of what stands beside it.
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })
  const inBase64Url = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [credential, bytes.toString('hex'), ...inBase64, ...inBase64Url].map((form) => form.toLowerCase())
}

/** The bearer of a request, as it was sent. */
export function bearerOf({ requestHeaders }: Exchange): string {
  return requestHeaders.authorization?.replace(/^\S+ /, '') ?? ''
}

/** Everything of a request but its bearer. */
export function sentIn({ path, query, requestHeaders, requestBody }: Exchange): string {
  const { authorization: _, ...headers } = requestHeaders
  return JSON.stringify([path, query, headers, requestBody])
}
