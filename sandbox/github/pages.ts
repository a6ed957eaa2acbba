import type { Request } from '../server.ts'
import type { AnyCall } from './endpoints.ts'
import { Refusal } from './errors.ts'

/** Returns how many items a request wants on a page. */
export function pageSize({ query }: Request): number {
  return Math.min(positive(query.get('per_page')) ?? 30, 100)
}

/** The page that a request asks for, and the `Link` header that leads on from it with the same query. */
export function pageOf<Item>({ request, url }: AnyCall, items: readonly Item[]) {
  const size = pageSize(request)
  const page = positive(request.query.get('page')) ?? 1
  const pages = Math.ceil(items.length / size)
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(to))
    return `<${url}?${query}>; rel="${rel}"`
  }
  const headers: Record<string, string> =
    page < pages ? { link: `${link(page + 1, 'next')}, ${link(pages, 'last')}` } : {}
  return { headers, items: items.slice((page - 1) * size, page * size) }
}

/** Like GitHub, takes anything else than a whole number from 1 on as not given. */
function positive(text: string | null): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}

/**
 * Returns the page that a cursor leads to, and the `Link` header with the cursors that lead on.
 * @param items sorted by their keys
 * @throws Refusal 422 for a cursor that no `Link` header contained
 */
export function cursorPageOf<Item>(
  call: AnyCall,
  items: readonly Item[],
  { keyOf, hasBefore }: { keyOf: (item: Item) => string; hasBefore: boolean },
) {
  const after = readCursor(call, 'after')
  const before = hasBefore ? readCursor(call, 'before') : undefined
  const isWithin = (key: string) => (after === undefined || key > after) && (before === undefined || key < before)
  const reachable = items.filter((item) => isWithin(keyOf(item)))
  const size = pageSize(call.request)
  const page = before === undefined ? reachable.slice(0, size) : reachable.slice(-size)
  const [first, last] = [page[0], page.at(-1)]
  const links = [
    first && first !== reachable[0] && cursorLink(call, 'before', keyOf(first)),
    last && last !== items.at(-1) && cursorLink(call, 'after', keyOf(last)),
  ].filter((link) => typeof link === 'string')
  const headers: Record<string, string> = links.length > 0 ? { link: links.join(', ') } : {}
  return { headers, items: page }
}

const CURSOR_PREFIX = 'cursor:'

function cursorLink({ request, url }: AnyCall, name: 'after' | 'before', key: string): string {
  const query = new URLSearchParams(request.query)
  query.delete('before')
  query.set(name, Buffer.from(CURSOR_PREFIX + key).toString('base64url'))
  return `<${url}?${query}>; rel="${name === 'after' ? 'next' : 'prev'}"`
}

function readCursor({ request, endpoint }: AnyCall, name: 'after' | 'before'): string | undefined {
  const cursor = request.query.get(name)
  if (!cursor) return undefined
  const text = Buffer.from(cursor, 'base64url').toString()
  if (!text.startsWith(CURSOR_PREFIX)) throw new Refusal(422, 'Validation Failed', endpoint.documentation)
  return text.slice(CURSOR_PREFIX.length)
}
