import * as core from '@actions/core'
import type { Destination } from '../destination.ts'
import type { GitHubCredential } from '../services/github.ts'
import { hide } from '../services/mask.ts'
import { InputProblem, quote } from '../services/problem.ts'
import { type Age, parseAge } from './age.ts'
import { parseApiUrl, withoutCredentials } from './api-url.ts'
import { checkCredential, hidesToken, readGitHubCredential, type Wrong } from './credentials.ts'
import { parseDestinations, tooManyDestinations, unavailableKinds } from './destinations.ts'
import type { KeySelector, Policy } from './entry.ts'
import { proxyMistakes } from './proxies.ts'
import { secretNameMistake } from './secret-name.ts'

/** What the user asked for, read once. */
export interface Inputs extends Policy {
  /** The managing key. A credential. */
  readonly incidentApiKey: string
  readonly key: KeySelector
  readonly destinations: readonly Destination[]
  /** What writes the secrets. A credential. */
  readonly github: GitHubCredential
  /** How long to wait for such runs first, in whole minutes. */
  readonly maxWaitMinutes: number
  readonly force: boolean
  readonly dryRun: boolean
  /** Without a slash at the end, like the next one. */
  readonly incidentApiUrl: string
  readonly githubApiUrl: string
}

/** The defaults as action.yml declares them (a test compares): an empty value means the default too. */
export const DEFAULTS = {
  destinations: 'repository',
  'grace-period-minutes': 'auto',
  'min-grace-minutes': '15',
  'long-runs': 'defer',
  'max-wait-minutes': '0',
  'min-token-age': '1h',
  force: 'false',
  'dry-run': 'false',
  'incident-api-url': 'https://api.incident.io',
} as const

/** The longest that a job on a self-hosted runner may take: five days, in minutes. */
const LONGEST_WAIT = 7200

const AGES = 'write 0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w'

/**
 * Reads and checks every input, and masks the credentials before anything else.
 *
 * @param env the environment; `GITHUB_REPOSITORY` is the repository the workflow runs in
 * @throws InputProblem for one mistake, AggregateError of them for several
 */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const incidentApiKey = core.getInput('incident-api-key')
  hide(incidentApiKey)
  hide(core.getInput('github-token'))
  hide(core.getInput('github-app-private-key'))

  const problems: InputProblem[] = []
  const wrong = (message: string): undefined => {
    problems.push(new InputProblem(message))
  }
  const given = (name: keyof typeof DEFAULTS): string => core.getInput(name) || DEFAULTS[name]

  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    wrong(
      'The environment variable NODE_TLS_REJECT_UNAUTHORIZED is "0", which would send credentials to anyone who ' +
        'answers. Remove it; for a certificate authority of your own set NODE_EXTRA_CA_CERTS.',
    )
  }
  for (const mistake of proxyMistakes(env)) wrong(mistake)
  checkCredential('incident-api-key', incidentApiKey, 'the incident.io API key that may manage API keys', wrong)
  const github = readGitHubCredential(wrong)

  const url = (name: string, text: string): string => {
    const read = parseApiUrl(text)
    if ('url' in read) return read.url
    wrong(`Input "${name}": ${quote(withoutCredentials(text))} ${read.wrong}.`)
    return ''
  }
  const age = (name: string, text: string): number => {
    const read = parseAge(text)
    if (read === undefined) {
      const never = name === 'min-token-age' ? ', or never' : ''
      wrong(`Input "${name}": ${quote(text)} is not an age; ${AGES}${never}.`)
    }
    return read ?? 0
  }
  const yesOrNo = (name: 'force' | 'dry-run'): boolean => {
    const text = given(name)
    // YAML 1.2's own spellings, the ones that core.getBooleanInput takes.
    if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true'
    wrong(`Input "${name}": ${quote(text)} is neither true nor false; write true or false.`)
    return false
  }

  const minutes = (name: 'min-grace-minutes' | 'max-wait-minutes', most: number): number => {
    const read = wholeMinutes(given(name), most)
    if (read === undefined)
      wrong(`Input "${name}": ${quote(given(name))} is not a whole number of minutes from 0 to ${most}.`)
    return read ?? 0
  }

  const minText = given('min-token-age')
  const maxText = core.getInput('max-token-age')
  const minTokenAge: Age = minText === 'never' ? 'never' : age('min-token-age', minText)
  const maxTokenAge = maxText === '' ? undefined : age('max-token-age', maxText)
  if (maxTokenAge !== undefined && isAbove(minText, maxText)) {
    wrong(
      `Inputs "min-token-age" and "max-token-age" are crossed: ${quote(minText)} is above ${quote(maxText)}. ` +
        'Give a max-token-age that is not below min-token-age.',
    )
  }

  const githubApiUrl = url(
    'github-api-url',
    core.getInput('github-api-url') || env.GITHUB_API_URL || 'https://api.github.com',
  )
  const destinations = readDestinations(env, wrong)
  for (const mistake of unavailableKinds(destinations, github.by, githubApiUrl)) wrong(mistake)
  for (const mistake of tooManyDestinations(destinations, github.by)) wrong(mistake)

  const inputs: Inputs = {
    incidentApiKey,
    key: readSelector(wrong),
    destinations,
    github,
    grace: readGrace(given('grace-period-minutes'), wrong),
    minGraceMinutes: minutes('min-grace-minutes', 60),
    longRuns: readLongRuns(given('long-runs'), wrong),
    maxWaitMinutes: minutes('max-wait-minutes', LONGEST_WAIT),
    minTokenAge,
    maxTokenAge,
    force: yesOrNo('force'),
    dryRun: yesOrNo('dry-run'),
    incidentApiUrl: url('incident-api-url', given('incident-api-url')),
    githubApiUrl,
  }
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
  return Object.freeze(inputs)
}

/** Whether one age is above another; what is no age at all is told as that. */
function isAbove(min: string, max: string): boolean {
  const [low, high] = [min === 'never' ? Number.POSITIVE_INFINITY : parseAge(min), parseAge(max)]
  return low !== undefined && high !== undefined && low > high
}

/** Stands for a token that was given in the place of a name, so that nothing more is said of it. */
const IN_ITS_PLACE = 'A_TOKEN'

/** Reads the name of something; a token in its place is masked and refused. */
function readName(input: string, wrong: Wrong, options?: core.InputOptions): string {
  const name = core.getInput(input, options)
  if (name.trim() === '' || !hidesToken(name.trim())) return name
  wrong(
    `Input "${input}" holds a token, and not the name of something. Give the name; if the token was committed with it, revoke it.`,
  )
  return IN_ITS_PLACE
}

function readSelector(wrong: Wrong): KeySelector {
  // A name may begin or end with white space: it is looked for as it is given, and trimmed only then.
  const untrimmed = readName('key-name', wrong, { trimWhitespace: false })
  const name = untrimmed.trim() === '' ? '' : untrimmed
  const id = readName('key-id', wrong)
  if (name === '' && id === '') {
    wrong('Inputs "key-name" and "key-id" are both empty; give one of them, to say which API key to rotate.')
  } else if (name !== '' && id !== '') {
    wrong(
      `Inputs "key-name" (${quote(name)}) and "key-id" (${quote(id)}) are both given; give only one of them, ` +
        'so that it is clear which API key to rotate.',
    )
  }
  if (/^\.{1,2}$/.test(id)) wrong(`Input "key-id": ${quote(id)} is not an id; copy it from incident.io's dashboard.`)
  return name === '' ? { by: 'id', id } : { by: 'name', name }
}

function readGrace(text: string, wrong: Wrong): 'auto' | number {
  if (text === 'auto') return text
  const minutes = wholeMinutes(text, 60)
  if (minutes !== undefined) return minutes
  wrong(
    `Input "grace-period-minutes": ${quote(text)} is neither auto nor a whole number of minutes from 0 to 60, which is ` +
      'what incident.io allows.',
  )
  return 'auto'
}

/** A whole number from 0 to `most`; undefined for anything else. */
function wholeMinutes(text: string, most: number): number | undefined {
  const minutes = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return minutes <= most ? minutes : undefined
}

function readLongRuns(text: string, wrong: Wrong): Inputs['longRuns'] {
  if (text === 'defer' || text === 'proceed' || text === 'fail') return text
  wrong(`Input "long-runs": ${quote(text)} is not one of defer, proceed or fail.`)
  return 'defer'
}

function readDestinations(env: NodeJS.ProcessEnv, wrong: Wrong): Destination[] {
  const secretName = readName('secret-name', wrong)
  const mistake = secretName === '' ? undefined : secretNameMistake(secretName)
  if (mistake !== undefined) wrong(`Input "secret-name"${mistake}.`)
  // As it was given, for the numbers of its lines.
  const given = core.getInput('destinations', { trimWhitespace: false })
  const text = readName('destinations', wrong, { trimWhitespace: false })
  if (text !== given) return []
  const { destinations, mistakes } = parseDestinations(text, {
    secretName,
    repository: env.GITHUB_REPOSITORY,
    hidesTokens: hidesToken,
  })
  for (const one of mistakes) wrong(one)
  return destinations
}
