import type { Failure, Patience } from './retry.ts'

/** Asks GitHub once, or for as long as patience allows, and reads the answer. */
export type Ask = <T>(
  route: string,
  read: (answer: { status: number; data: Record<string, unknown> }) => T,
  options?: { patience?: Patience; parameters?: Record<string, string> },
) => Promise<T>

/** GitHub answered with an error, or not at all (`status` 0). */
export class GitHubError extends Error {
  override name = 'GitHubError'
  readonly status: number
  readonly failure: Failure
  /** GitHub's own message, on one line; empty when there is none. */
  readonly said: string

  constructor(status: number, said: string, failure: Failure, options?: ErrorOptions) {
    super(status === 0 ? `GitHub gave ${said}` : `GitHub answered ${status}${said === '' ? '' : ` (${said})`}`, options)
    this.status = status
    this.said = said
    this.failure = failure
  }

  /** By lower-case name; empty when there was no answer. */
  get headers(): Record<string, string> {
    return this.failure.kind === 'answer' ? this.failure.headers : {}
  }
}

/** An answer that cannot be read is as good as none, and may be better the next time. */
export function unreadable(what: string): GitHubError {
  return new GitHubError(0, `an answer without ${what}`, { kind: 'no-answer' })
}
