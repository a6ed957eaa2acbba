import { expect, jest, test } from '@jest/globals'
import { hide, scrub } from '../../src/services/mask.ts'

test('a credential that begins with another is taken out whole', () => {
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  for (const credential of ['inc_short', 'inc_short_and_more']) hide(credential)
  printed.mockRestore()
  expect(scrub('a inc_short_and_more b inc_short c')).toBe('a *** b *** c')
})

const SPELLINGS: [string, (credential: string) => string][] = [
  ['in base64', (credential) => base64(credential)],
  ['in base64, behind a byte', (credential) => base64(`:${credential}`)],
  ['in base64, in the middle', (credential) => base64(`user:${credential}, and more`)],
  ['in base64 for URLs', (credential) => Buffer.from(`Bearer ${credential}`).toString('base64url')],
  ['in hex', (credential) => Buffer.from(credential).toString('hex')],
  ['in upper case hex', (credential) => Buffer.from(credential).toString('hex').toUpperCase()],
  ['in a URL', (credential) => encodeURIComponent(credential)],
  ['in JSON', (credential) => JSON.stringify({ credential })],
]
const base64 = (text: string) => Buffer.from(text).toString('base64')

test('half of a character in a token breaks nothing, and is hidden', () => {
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  hide('inc_half\ud800of_one')
  printed.mockRestore()
  expect(scrub('said inc_half\ud800of_one.')).toBe('said ***.')
})

test.each(SPELLINGS)('a credential is taken out %s', (_, spell) => {
  const credential = 'inc_a/"credential"+of>some?length~~ÿÿ'
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  hide(credential)
  printed.mockRestore()
  const clean = scrub(`said ${spell(credential)}.`)
  expect(clean).toMatch(/^said .*\*\*\*.*\.$/)
  // A character of base64 at either end holds bits of what stands beside it.
  expect(clean.replaceAll('***', '').length).toBeLessThan(spell('').length + 12)
})
