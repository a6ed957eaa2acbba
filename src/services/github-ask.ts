import type { Failure, Patience } from './retry.ts'

/** A repository by its names. */
export interface RepositoryName {
  owner: string
  repository: string
}

/** Returns where the API keeps a repository. */
export const pathOf = ({ owner, repository }: RepositoryName): string =>
  `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`

/** A good answer of GitHub. */
export interface GitHubAnswer {
  status: number
  /** By lower-case name. */
  headers: Record<string, unknown>
  /** The JSON object, or an empty one. */
  data: Record<string, unknown>
  /** The JSON as it is: some answers are lists. */
  body: unknown
  /** Where it came from, after redirects. */
  url: string
}

export type Read<T> = (answer: GitHubAnswer) => T

/** Asks GitHub once, or for as long as patience allows, and reads the answer. */
export type Ask = <T>(route: string, read: Read<T>, options?: AskOptions) => Promise<T>

export type Parameters = Record<string, unknown>

export interface AskOptions {
  patience?: Patience
  /** What is sent along, or how to find it out anew for each attempt. */
  parameters?: Parameters | (() => Promise<Parameters>)
  /** Not sent when the requests that are left of the rate limit are needed for the writes. */
  spare?: boolean
}

/** Asks with the credential for an owner: a GitHub App has another one for each. */
export type AskAs = (owner: string) => Ask

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

/** An answer that GitHub never gives: it is something else's on the way there. */
export function unexpected(status: number): GitHubError {
  return new GitHubError(0, `an unexpected answer (${status})`, { kind: 'no-answer' })
}

/** An answer that will not be better the next time. */
export function givenUp(what: string): GitHubError {
  return new GitHubError(0, what, { kind: 'answer', status: 0, headers: {} })
}

/** What an answer gives, or undefined when there is no such thing. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined
    throw error
  }
}

/** The most that a page may hold. */
export const PAGE = 100

/** A list of more pages would take more requests than there may be. */
const MOST_PAGES = 100

/** A list that changes while it is read is read anew so many times. */
const MOST_READINGS = 3

/**
 * Every item of a list that GitHub gives in pages: the first one tells how many there are, and the others are asked for
 * together. A list that changes meanwhile, so that its pages do not add up, is read anew.
 *
 * @param itemsOf the items of a page, each with an id; throws when there is no list
 * @throws GitHubError when they do not add up
 */
export async function allPages<T extends { id: unknown }>(
  ask: Ask,
  route: string,
  itemsOf: (answer: GitHubAnswer) => T[],
  parameters: Record<string, unknown> = {},
): Promise<T[]> {
  const page = (number: number) =>
    ask(route, (answer) => ({ items: itemsOf(answer), pages: lastPage(answer), total: answer.data.total_count }), {
      parameters: { ...parameters, per_page: PAGE, ...(number === 1 ? {} : { page: number }) },
    })
  for (let reading = 1; reading <= MOST_READINGS; reading++) {
    const first = await page(1)
    if (first.pages > MOST_PAGES) throw givenUp(`a list of ${first.pages} pages, and ${MOST_PAGES} are the most`)
    const others = Array.from({ length: Math.max(0, first.pages - 1) }, (_, index) => page(index + 2))
    const pages = [first, ...(await Promise.all(others))]
    const items = new Map(pages.flatMap((one) => one.items).map((item) => [item.id, item]))
    const read = pages.reduce((sum, one) => sum + one.items.length, 0)
    const isWhole = pages.every(({ total }) => total === undefined || total === items.size) && read === items.size
    if (isWhole) return [...items.values()]
  }
  throw givenUp(`a list whose pages do not add up, ${MOST_READINGS} times`)
}

/** By the link to the last page, else by the count. https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function lastPage({ headers, data }: GitHubAnswer): number {
  const link = /[?&]page=(\d+)[^>]*>; rel="last"/.exec(String(headers.link ?? ''))?.[1]
  return link === undefined ? Math.ceil(Number(data.total_count ?? 0) / PAGE) : Number(link)
}

/** The objects of a list; it must be there, since without it "none" would be a guess. */
export function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw unreadable('a list')
  return value.map((one) => Object(one) as Record<string, unknown>)
}
