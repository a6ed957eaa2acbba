import { expect, test } from '@jest/globals'
import { addressOf } from '../../src/services/http.ts'

test.each([
  ['https://api.incident.io/v1/identity', ['https:', 'api.incident.io', '', '/v1/identity']],
  [
    'http://localhost:3000/api/v3/x?per_page=100&page=2',
    ['http:', 'localhost', '3000', '/api/v3/x?per_page=100&page=2'],
  ],
  ['http://[::1]:3000/x', ['http:', '::1', '3000', '/x']],
  ['HTTPS://GHE.example.com:443', ['https:', 'ghe.example.com', '', '/']],
  [
    'https://api.github.com/repos/o/r/contents/a%20b?ref=%23',
    ['https:', 'api.github.com', '', '/repos/o/r/contents/a%20b?ref=%23'],
  ],
])('%s is taken apart for a request', (url, [protocol, hostname, port, path]) => {
  expect(addressOf(url)).toEqual({ protocol, hostname, port, path })
})
