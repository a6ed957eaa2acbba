import type { AnyCall } from './endpoints.ts'

/** The page that a request asks for, and the `Link` header that leads on from it with the same query. */
export function pageOf<Item>({ request, url }: AnyCall, items: readonly Item[]) {
  const size = Math.min(positive(request.query.get('per_page')) ?? 30, 100)
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
