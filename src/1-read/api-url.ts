/**
 * Reads the base URL of an API. Credentials travel to it, so plain `http:` is for this machine only.
 *
 * @returns the URL without a slash at its end, or what is wrong with it and what would be right
 */
export function parseApiUrl(text: string): { url: string } | { wrong: string } {
  if (!URL.canParse(text)) return { wrong: 'is not a URL; write one like https://api.example.com' }
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { wrong: 'is not an https: URL; write one like https://api.example.com' }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      wrong: 'would send a credential in clear over the network; write https: (http: is for loopback hosts only)',
    }
  }
  if (url.username !== '' || url.password !== '') return { wrong: 'holds a user name or password; leave them out' }
  if (url.search !== '' || url.hash !== '') return { wrong: 'holds a query or a fragment; leave them out' }
  return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, '') }
}

/** A URL as it may be shown: what may be a password or a token in it is not. */
export function withoutCredentials(text: string): string {
  return text.replace(/^.*@/s, '***@').replace(/[?#].*$/s, '?***')
}

/** Whether a URL's host is this machine: `localhost`, 127.0.0.0/8 or ::1. URL has brought the address to its usual form. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]'
}
