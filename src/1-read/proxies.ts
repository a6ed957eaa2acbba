import { hide } from '../services/mask.ts'

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const

/**
 * What is wrong with the proxies in the environment: one that cannot be read would be passed over without a word. Their
 * passwords are masked.
 *
 * @returns whole sentences, without anything of the values
 */
export function proxyMistakes(env: NodeJS.ProcessEnv): string[] {
  return VARIABLES.flatMap((name) => {
    const value = env[name]
    if (!value || isProxyUrl(value)) return []
    return `The environment variable ${name} is not the URL of a proxy; write it like http://proxy.example.com:3128, with special characters of a password percent-encoded.`
  })
}

function isProxyUrl(value: string): boolean {
  // Without a scheme it is read as http, but a name with a port reads as a scheme of its own.
  const text = URL.canParse(value) || /^https?:/.test(value) ? value : `http://${value}`
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  hide(url.password)
  try {
    hide(decodeURIComponent(url.password))
    decodeURIComponent(url.username)
  } catch {
    return false
  }
  return url.protocol === 'http:' || url.protocol === 'https:'
}
