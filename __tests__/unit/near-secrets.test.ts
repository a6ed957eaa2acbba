import { expect, test } from '@jest/globals'
import { nearSecrets } from '../../src/2-look/near-secrets.ts'
import type { Destination } from '../../src/destination.ts'

const inRepository = (secret: string, repository = 'app'): Destination => ({
  kind: 'repository',
  owner: 'octo',
  repository,
  secret,
})

/** What is asked of a GitHub where each place has these secrets, and what comes of it. */
async function look(missing: readonly Destination[], names: readonly string[], others = missing) {
  const asked: Destination[] = []
  const near = await nearSecrets(missing, others, {
    list: async (destination) => {
      asked.push(destination)
      return { total: names.length, names }
    },
  })
  return { asked, near: missing.map((one) => near.get(one)) }
}

test.each([
  ['INCIDENT_API_KZ', ['OTHER', 'INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT_KEY', ['INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT', ['INCIDENT_API_KEY'], 'INCIDENT_API_KEY'],
  ['INCIDENT_API_KEY', ['SLACK_TOKEN', 'NPM_TOKEN'], undefined],
  ['INCIDENT_API_KEY', [], undefined],
])('%s beside %j: %s', async (secret, names, meant) => {
  expect((await look([inRepository(secret)], names)).near).toEqual([meant])
})

test('what another destination names is not meant', async () => {
  const [one, two] = [inRepository('INCIDENT_API_KEY_2'), inRepository('INCIDENT_API_KEY')]
  expect((await look([one], ['INCIDENT_API_KEY'], [one, two])).near).toEqual([undefined])
  const elsewhere = inRepository('INCIDENT_API_KEY', 'web')
  expect((await look([one], ['INCIDENT_API_KEY'], [one, elsewhere])).near).toEqual(['INCIDENT_API_KEY'])
})

test('a place is asked once, and of many places only some', async () => {
  expect((await look([inRepository('A'), inRepository('B')], [])).asked).toHaveLength(1)
  const many = Array.from({ length: 300 }, (_, index) => inRepository('A', `service-${index}`))
  expect((await look(many, [])).asked).toHaveLength(10)
})

test('nothing is asked where nothing is missing', async () => {
  expect((await look([], ['INCIDENT_API_KEY'])).asked).toEqual([])
})

test('a list that cannot be had takes away its own hints only', async () => {
  const [bad, good] = [inRepository('INCIDENT_API_KZ', 'bad'), inRepository('INCIDENT_API_KZ', 'good')]
  const near = await nearSecrets([bad, good], [bad, good], {
    list: async ({ repository }) => {
      if (repository === 'bad') throw new Error('no')
      return { total: 1, names: ['INCIDENT_API_KEY'] }
    },
  })
  expect([near.get(bad), near.get(good)]).toEqual([undefined, 'INCIDENT_API_KEY'])
})
