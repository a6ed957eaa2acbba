import { expect, test } from '@jest/globals'
import { nearNames, pickByName } from '../../src/2-look/find-key.ts'

const keys = (...names: string[]) => names.map((name, index) => ({ id: `K${index}`, name, whole: {} }))

test('a name matches exactly', () => {
  expect(pickByName(keys('deploy', 'Deploy', 'deploy '), 'Deploy').id).toBe('K1')
})

test('a name that several keys carry is an error that lists their ids', () => {
  expect(() => pickByName(keys('a', 'deploy', 'deploy', 'deploy'), 'deploy')).toThrow(
    /3 keys carry this name: K1, K2, K3\. Give the id .* "key-id"/,
  )
})

test('many ids are counted', () => {
  expect(() => pickByName(keys(...Array.from({ length: 7 }, () => 'x')), 'x')).toThrow(/K4 and 2 more/)
})

test('an unknown name suggests near ones', () => {
  expect(() => pickByName(keys('CI deploy key', 'Exporter'), 'CI deploy ky')).toThrow(
    'Could not find the API key named "CI deploy ky": none of the 2 API keys that the managing key sees carries exactly ' +
      'this name. Did you mean "CI deploy key" (K0)?',
  )
})

test('a name that nothing is near says where names come from', () => {
  expect(() => pickByName(keys('Exporter'), 'zzz')).toThrow(/Copy the name/)
})

test('no keys at all points to the managing key', () => {
  expect(() => pickByName([], 'x')).toThrow(/sees no API key at all/)
})

test.each([
  ['ci deploy key', ['CI deploy key']],
  ['deploy', ['CI deploy key', 'Deploy 2']],
  ['CI deploy key ', ['CI deploy key']],
  ['exp', ['Exporter']],
  ['q', []],
])('near %j: %j', (name, near) => {
  const all = keys('CI deploy key', 'Exporter', 'Deploy 2')
  expect(new Set(nearNames(all, name).map((key) => key.name))).toEqual(new Set(near))
})

test('the nearest comes first', () => {
  expect(nearNames(keys('deploy kay 22', 'deploy kay'), 'deploy key').map(({ name }) => name)[0]).toBe('deploy kay')
})
