import * as core from '@actions/core'
import type { GitHubCredential } from '../services/github.ts'
import { hide, PRIVATE_KEY } from '../services/mask.ts'
import { quote } from '../services/problem.ts'
import { readPrivateKey } from './private-key.ts'

/** Is told each mistake, as a whole sentence. */
export type Wrong = (message: string) => undefined

const EMPTY_SECRET =
  " (A secret that does not exist arrives empty; so does one that this event may not read, or of another environment than the job's.)"

/** How the quick start calls the secrets. */
const EXAMPLES = { 'incident-api-key': 'INCIDENT_MANAGING_KEY', 'github-token': 'SECRETS_WRITER_TOKEN' } as const

/** Credentials by their beginnings, as messages name them, and the inputs that they belong to. */
const KINDS: readonly { beginning: RegExp; name: string; input: string | undefined }[] = [
  { beginning: /^inc_/, name: 'an incident.io API key', input: 'incident-api-key' },
  { beginning: /^(gh[opsur]_|github_pat_)/, name: 'a GitHub token', input: 'github-token' },
  { beginning: /^AGE-SECRET-KEY-/i, name: 'an age private key', input: undefined },
  { beginning: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, name: 'a private key', input: 'github-app-private-key' },
]

/** Reports as a mistake that an input holds a credential of another one: it would go to the wrong service. */
function isMisplaced(input: string, value: string, wrong: Wrong): boolean {
  const kind = KINDS.find(({ beginning }) => beginning.test(value.trim()))
  if (kind === undefined || kind.input === input) return false
  hide(value)
  const remedy =
    kind.input === undefined
      ? 'which no input takes: remove it'
      : `which belongs in "${kind.input}": exchange the values`
  wrong(`Input "${input}" holds ${kind.name}, ${remedy}. No request was sent.`)
  return true
}

/** A credential goes into a header as it is, so it must be one word; what was given is never told. */
export function checkCredential(name: keyof typeof EXAMPLES, value: string, what: string, wrong: Wrong): void {
  const example = `${name}: \${{ secrets.${EXAMPLES[name]} }}`
  if (isMisplaced(name, value, wrong)) return
  if (value === '') {
    wrong(`Input "${name}" is empty; give ${what}, from a secret, like "${example}".${EMPTY_SECRET}`)
  } else if (!/^[\x21-\x7e]+$/.test(value)) {
    wrong(`Input "${name}" holds white space or a character that no token has; give ${what}, and nothing else.`)
  }
}

/** A token where a name belongs is an easy mistake, and must not go to a URL, a log or the wrong service. */
const LOOKS_LIKE_A_TOKEN = /^((inc_|gh[opsur]_|github_pat_)[a-z0-9_]{20,}|ghs_[\w.-]{20,}|AGE-SECRET-KEY-[\w-]{20,})$/i

/** Whether it is a token in the place of something else; then it is masked. */
export function hidesToken(text: string): boolean {
  const isToken =
    LOOKS_LIKE_A_TOKEN.test(text) ||
    text.search(PRIVATE_KEY) >= 0 ||
    CREDENTIALS.some((input) => core.getInput(input) === text)
  if (isToken) hide(text.match(PRIVATE_KEY)?.join('\n') ?? text)
  return isToken
}

const CREDENTIALS = ['incident-api-key', 'github-token', 'github-app-private-key']

/** A value of an input that takes no free text, for a message: a credential in its place is not repeated. */
export const shown = (text: string): string => (hidesToken(text.trim()) ? 'a credential' : quote(text))

/** One token for everything, or an App. */
export function readGitHubCredential(wrong: Wrong): GitHubCredential {
  const [token, id, privateKey] = ['github-token', 'github-app-id', 'github-app-private-key'].map((input) =>
    core.getInput(input),
  ) as [string, string, string]
  if (id === '' && privateKey === '') {
    const what = 'a token that may write the secrets (or a GitHub App as "github-app-id" and "github-app-private-key")'
    checkCredential('github-token', token, what, wrong)
    return { by: 'token', token }
  }
  if (token !== '') {
    wrong(
      'Inputs "github-token" and "github-app-id" with "github-app-private-key" are both given; give only the token or only the App, so that it is clear which one writes the secrets.',
    )
    return { by: 'token', token }
  }
  if (isMisplaced('github-app-id', id, wrong)) return { by: 'app', id, privateKey }
  if (isMisplaced('github-app-private-key', privateKey, wrong)) return { by: 'app', id, privateKey }
  if (id === '') wrong(`Input "github-app-id" is empty; give the id or the client id of the GitHub App.${EMPTY_SECRET}`)
  // What stands there may be the key, in the wrong place: it is not told.
  else if (!/^[\w.-]{1,100}$/.test(id)) {
    wrong('Input "github-app-id" is neither the id (a number) nor the client id (like Iv23abc) of a GitHub App.')
  }
  if (privateKey === '') {
    wrong(`Input "github-app-private-key" is empty; give the private key of the GitHub App.${EMPTY_SECRET}`)
    return { by: 'app', id, privateKey }
  }
  const read = readPrivateKey(privateKey)
  if ('wrong' in read) {
    wrong(`Input "github-app-private-key" ${read.wrong}.`)
    return { by: 'app', id, privateKey }
  }
  // Its lines are others than the given ones.
  hide(read.pem)
  return { by: 'app', id, privateKey: read.pem }
}
