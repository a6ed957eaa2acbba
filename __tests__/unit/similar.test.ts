import { expect, test } from '@jest/globals'
import { isSimilar } from '../../src/1-read/similar.ts'

test.each([
  ['INCIDENT_APIKEY', 'INCIDENT_API_KEY', true],
  ['incident-api-key', 'INCIDENT_API_KEY', true],
  ['CI deploy key', 'ci-deploy-key', true],
  ['INCIDENT_API_KEYS', 'INCIDENT_API_KEY', true],
  ['INCIDNT_API_KEY', 'INCIDENT_API_KEY', true],
  ['INCIDENT_API_KEZ', 'INCIDENT_API_KEY', true],
  ['INCIDENT_PAI_KEY', 'INCIDENT_API_KEY', true],
  ['XINCIDENT_API_KEY', 'INCIDENT_API_KEY', true],
  ['INCIDENT_API_KEY', 'INCIDENT_API_KEY', false],
  ['PROD_INCIDENT_KEY', 'DEV_INCIDENT_KEY', false],
  ['INCIDENT_API_KEY_1', 'INCIDENT_API_KEY_2', false],
  ['INCIDENT_API_KEY_1', 'INCIDENT_API_KEY', false],
  ['INCIDENT_API_KEY', 'INCIDENT_KEY', false],
  ['INCIDENT_AIP_KYE', 'INCIDENT_API_KEY', false],
  ['KEY_A', 'KEY_B', false],
  ['K_EY', 'KEY', true],
])('%j and %j: %p', (one, other, similar) => {
  expect([isSimilar(one, other), isSimilar(other, one)]).toEqual([similar, similar])
})
