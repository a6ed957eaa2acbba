import type { Answer } from '../faults.ts'
import type { Request } from '../server.ts'

/** https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
export function redirect(request: Request, address: string): Answer {
  const location = [address, request.query].filter((part) => String(part) !== '').join('?')
  const isRead = request.method === 'GET'
  return {
    status: isRead ? 301 : 307,
    headers: { location },
    body: {
      message: isRead ? 'Moved Permanently' : 'Temporary Redirect',
      url: location,
      documentation_url: 'https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api',
    },
  }
}
