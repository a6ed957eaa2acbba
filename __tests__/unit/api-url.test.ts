import { expect, test } from '@jest/globals'
import { parseApiUrl } from '../../src/1-read/api-url.ts'

test.each([
  ['https://api.incident.io', 'https://api.incident.io'],
  ['https://api.incident.io/', 'https://api.incident.io'],
  ['https://ghe.example.com/api/v3/', 'https://ghe.example.com/api/v3'],
  ['https://api.octo.ghe.com', 'https://api.octo.ghe.com'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ['http://127.9.9.9', 'http://127.9.9.9'],
  ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
  // URL brings every spelling of an address to one form before it is judged.
  ['http://0x7f.1', 'http://127.0.0.1'],
])('%s is read as %s', (text, url) => {
  expect(parseApiUrl(text)).toEqual({ url })
})

test.each([
  ['http://api.incident.io', /in clear/],
  ['http://localhost.example.com', /in clear/],
  ['http://127.0.0.1.example.com', /in clear/],
  ['http://10.0.0.1', /in clear/],
  ['ftp://localhost', /not an https/],
  ['api.incident.io', /not a URL/],
  ['https://user:password@api.incident.io', /user name or password/],
  ['https://api.incident.io/?x=1', /query/],
])('%s is refused', (text, wrong) => {
  expect(parseApiUrl(text)).toEqual({ wrong: expect.stringMatching(wrong) })
})
