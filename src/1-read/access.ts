import * as core from '@actions/core'
import type { GitHubCredential } from '../services/github.ts'
import { hide } from '../services/mask.ts'
import { InputProblem, quote } from '../services/problem.ts'
import { parseApiUrl, withoutCredentials } from './api-url.ts'
import { checkCredential, readGitHubCredential, type Wrong } from './credentials.ts'
import { given } from './defaults.ts'
import { proxyMistakes } from './proxies.ts'

/** Where both services are, and what signs in to them. */
export interface ServiceAccess {
  /** The managing key. A credential. */
  readonly incidentApiKey: string
  /** What writes the secrets. A credential. */
  readonly github: GitHubCredential
  /** Without a slash at the end, like the next one. */
  readonly incidentApiUrl: string
  readonly githubApiUrl: string
}

/**
 * Reads what the post step needs of the inputs: the credentials, masked before anything else, and where they go.
 *
 * @throws InputProblem for one mistake, AggregateError of them for several
 */
export function readAccess(env: NodeJS.ProcessEnv): ServiceAccess {
  return withoutMistakes((wrong) => accessFrom(env, wrong))
}

/** Reads where GitHub is and what signs in to it, if that alone can be read; undefined if it cannot. */
export function readGitHubAccess(env: NodeJS.ProcessEnv): ServiceAccess | undefined {
  try {
    return withoutMistakes((wrong) =>
      accessFrom(env, (message) => (isOfIncidentIo(message) ? undefined : wrong(message))),
    )
  } catch {
    return undefined
  }
}

const isOfIncidentIo = (mistake: string): boolean => /^Input "incident-api-/.test(mistake)

/**
 * Collects every mistake that is told while something is read.
 *
 * @throws InputProblem for one mistake, AggregateError of them for several
 */
export function withoutMistakes<T>(read: (wrong: Wrong) => T): T {
  const problems: InputProblem[] = []
  const value = read((message) => {
    problems.push(new InputProblem(message))
  })
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
  return value
}

export function accessFrom(env: NodeJS.ProcessEnv, wrong: Wrong): ServiceAccess {
  const incidentApiKey = core.getInput('incident-api-key')
  hide(incidentApiKey)
  hide(core.getInput('github-token'))
  hide(core.getInput('github-app-private-key'))

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
  return {
    incidentApiKey,
    github,
    incidentApiUrl: url('incident-api-url', given('incident-api-url')),
    githubApiUrl: url(
      'github-api-url',
      core.getInput('github-api-url') || env.GITHUB_API_URL || 'https://api.github.com',
    ),
  }
}
