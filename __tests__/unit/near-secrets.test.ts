import { describe, expect, test } from '@jest/globals'
import { nearMisses, nearSecret } from '../../src/2-look/near-secrets.ts'

/** A missing secret of a repository, which holds others. */
const missing = (secret: string, otherNames?: readonly string[]) => ({
  destination: { kind: 'repository' as const, owner: 'octo', repository: 'app', secret },
  updatedAt: undefined,
  writtenAt: undefined,
  ...(otherNames && { otherNames }),
  seal: () => ({ keyId: '1', encryptedValue: '' }),
})

test.each([
  ['INCIDENT_API_KZ', ['OTHER', 'INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT_KEY', ['INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT', ['INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT_API_KEY', ['SLACK_TOKEN', 'NPM_TOKEN'], undefined],
  ['INCIDENT_API_KEY', [], undefined],
  ['INCIDENT_API_KEY', undefined, undefined],
])('a hint for %s beside %j: %s', (secret, names, meant) => {
  expect(nearSecret(missing(secret, names))).toBe(meant)
})

describe('a near miss', () => {
  test('names each similar secret, and what to do if a new one is meant', () => {
    const [problem, ...others] = nearMisses([missing('INCIDENT_APIKEY', ['INCIDENT_API_KEY', 'INCIDENT_APIKEYS', 'X'])])
    expect(others).toEqual([])
    expect(problem?.message).toMatch(/Did you mean "INCIDENT_API_KEY" or "INCIDENT_APIKEYS"\? .*"force: true"/)
  })

  test('is none without a similar name, and if the names could not be read', () => {
    expect(nearMisses([missing('INCIDENT_API_KEY', ['DEV_INCIDENT_KEY']), missing('INCIDENT_API_KEY')])).toEqual([])
  })
})
