import { expect, jest, test } from '@jest/globals'
import { hide, scrub } from '../../src/services/mask.ts'

test('a credential that begins with another is taken out whole', () => {
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  for (const credential of ['inc_short', 'inc_short_and_more']) hide(credential)
  printed.mockRestore()
  expect(scrub('a inc_short_and_more b inc_short c')).toBe('a *** b *** c')
})

test('so is one in base64', () => {
  const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  hide('a credential in base64')
  printed.mockRestore()
  const encoded = Buffer.from('a credential in base64').toString('base64')
  expect(scrub(`said ${encoded}`)).not.toContain(encoded.slice(0, 12))
})
