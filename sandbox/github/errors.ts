import type { Answer } from '../faults.ts'

const documentation = 'https://docs.github.com/rest'

/** An answer that refuses, in GitHub's basic-error shape. */
export class Refusal extends Error {
  readonly status: number
  readonly documentationUrl: string
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    documentationUrl: string = documentation,
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.status = status
    this.documentationUrl = documentationUrl
    this.headers = headers
  }

  answer(): Answer {
    const { status, message, documentationUrl, headers } = this
    return {
      status,
      headers,
      body: { message, documentation_url: documentationUrl, status: String(status) },
    }
  }
}
