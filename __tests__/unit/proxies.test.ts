import { describe, expect, test } from '@jest/globals'
import { proxyMistakes } from '../../src/1-read/proxies.ts'

describe('a proxy in the environment', () => {
  test.each([
    'http://proxy.example.com:3128',
    'https://user:p%25w@proxy.example.com',
    'proxy.example.com',
    '10.0.0.1:3128',
    '',
  ])('is read: %j', (value) => {
    expect(proxyMistakes({ https_proxy: value })).toEqual([])
  })

  test.each(['proxy:3128', 'localhost:3128', 'http://user:hun%ter2@proxy:9', 'socks5://proxy:1080', 'https://:3128'])(
    'is refused, and not shown: %j',
    (value) => {
      for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
        const [mistake, ...others] = proxyMistakes({ [name]: value })
        expect([mistake?.includes(name), mistake?.includes(value), others]).toEqual([true, false, []])
      }
    },
  )
})
