import { expect, test } from '@jest/globals'
import { parseManifest } from '../../src/1-read/manifest.ts'

const around = {
  defaults: {
    grace: 'auto',
    minGraceMinutes: 15,
    longRuns: 'defer',
    minTokenAge: 3_600_000,
    maxTokenAge: undefined,
  },
  repository: 'octo/ops',
  hidesTokens: () => false,
} as const

/** What is said of an entry with this line. */
async function said(line: string): Promise<string[]> {
  const { mistakes } = await parseManifest(`keys:\n  - name: A\n    secret: K\n    ${line}\n`, around)
  return mistakes.map(({ sentence }) => sentence)
}

test.each([
  ['destinations: octo/app', '"- repository: octo/app"'],
  ['destinations: octo/app/production', '"- environment: octo/app/production"'],
  ['destinations: repository', '"- repository:"'],
  ['destinations: "organization: octo"', '"- organization: octo"'],
  ['destinations: "no place, surely"', '"- repository: octo/app"'],
  // As the input of this name has it.
  ['destinations: |\n      dependabot: octo/app\n      organization: octo', '"- dependabot: octo/app"'],
])('a text in the place of a list is shown as one: %s', async (line, example) => {
  expect(await said(line)).toEqual([
    expect.stringMatching(
      /^"destinations" is the text .* where a list is wanted: the list of .* Write each item on a line of its own/,
    ),
  ])
  expect((await said(line))[0]).toContain(`like ${example}.`)
})

test('so is one in the place of the keys', async () => {
  const { mistakes } = await parseManifest('keys: CI deploy key', around)
  expect(mistakes.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('like "- name: CI deploy key".')])
})

test('and names with commas between', async () => {
  expect(await said('roles: viewer, on_call_editor')).toEqual([
    expect.stringContaining('like [viewer, on_call_editor].'),
  ])
})
