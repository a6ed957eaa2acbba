import { expect, test } from '@jest/globals'
import { secretNameMistake } from '../../src/1-read/secret-name.ts'

test.each(['INCIDENT_API_KEY', 'incident_api_key', '_X', 'A1', 'GITHUBX', 'MY_GITHUB_TOKEN'])(
  '%s is a name',
  (name) => {
    expect(secretNameMistake(name)).toBeUndefined()
  },
)

test.each([
  ['my-secret', /"my-secret" is not a name .* like "my_secret"/],
  ['1ST_KEY', /"1ST_KEY" is not a name .* like "_1ST_KEY"/],
  ['GITHUB_KEY', /begins with GITHUB_/],
  ['github_key', /begins with GITHUB_/],
  ["'MY_KEY'", /like "MY_KEY"/],
  ['${{ secrets.MY_KEY }}', /like "MY_KEY"/],
  ['ＭＹ_ＫＥＹ', /like "MY_KEY"/],
  ['—', /like "INCIDENT_API_KEY"/],
  ['A B', /not a name/],
  ['../X', /not a name/],
  ['', /is empty/],
])('%j is none', (name, mistake) => {
  expect(secretNameMistake(name)).toMatch(mistake)
})
