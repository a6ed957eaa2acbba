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
  expect(() => pickByName(keys(...Array.from({ length: 20 }, () => 'x')), 'x')).toThrow(/K18, K19\. Give/)
  expect(() => pickByName(keys(...Array.from({ length: 22 }, () => 'x')), 'x')).toThrow(/K19 and 2 more\. Give/)
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
  ['Exporter of the whole catalog', []],
])('near %j: %j', (name, near) => {
  const all = keys('CI deploy key', 'Exporter', 'Deploy 2')
  expect(new Set(nearNames(all, name).map((key) => key.name))).toEqual(new Set(near))
})

test('a short name is not looked for inside of others', () => {
  expect(nearNames(keys('CI'), 'CI deploy key')).toEqual([])
  expect(nearNames(keys('CI deploy key'), 'CI')).toEqual([])
})

test.each([
  ['Exporter of the whole catalog', /Did you mean "Exporter" \(\w+\)\?/],
  ['CI deploy key production', /Did you mean "CI deploy key" \(\w+\)\?/],
  ['CI deploy kex production', /Copy the name/],
])('where none is near, those are suggested that the name %j holds', (name, remedy) => {
  expect(() => pickByName(keys('CI deploy key', 'Exporter', 'Deploy 2'), name)).toThrow(remedy)
})

test('the nearest comes first', () => {
  expect(nearNames(keys('deploy kay 22', 'deploy kay'), 'deploy key').map(({ name }) => name)[0]).toBe('deploy kay')
})
