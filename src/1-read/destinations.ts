import { type Destination, isOfOrganization, type Kind, placeOf, storeOf } from '../destination.ts'
import type { GitHubCredential } from '../services/github.ts'
import { quote } from '../services/problem.ts'
import { type Place, parsePlace } from './place.ts'
import { explainPlace, show } from './place-mistakes.ts'
import { secretNameMistake } from './secret-name.ts'

/** What the lines may leave out, and what they must not hold. */
export interface Around {
  /** The secret's name on lines without one of their own; the caller has checked it. */
  readonly secretName: string | undefined
  /** The repository that the workflow runs in, from `GITHUB_REPOSITORY`. */
  readonly repository: string | undefined
  /** Hides a word from the log if it is a token, and says whether it was one. */
  readonly hidesTokens?: (word: string) => boolean
}

interface Wrong {
  /** A sentence but for its end. */
  readonly wrong: string
}

/**
 * Reads the input `destinations`: one a line, `kind[: target] [as SECRET_NAME]`. Nothing at all means the repository
 * that the workflow runs in.
 *
 * @returns the destinations without duplicates, and every mistake of every line as a whole sentence
 */
export function parseDestinations(text: string, around: Around): { destinations: Destination[]; mistakes: string[] } {
  const lines = linesOf(text.trim() === '' ? 'repository' : text)
  if (lines.length === 0) {
    const mistake =
      'Input "destinations" holds nothing but comments; name a destination, like "repository", or leave it out.'
    return { destinations: [], mistakes: [mistake] }
  }
  const destinations = new Map<string, Destination>()
  const mistakes: string[] = []
  for (const { line, number } of lines) {
    const read = readLine(line, around)
    if (!Array.isArray(read)) {
      const identity = identityOf(read)
      if (!destinations.has(identity)) destinations.set(identity, read)
      continue
    }
    const hint = /\s#/.test(line) ? ' A comment needs a line of its own.' : ''
    mistakes.push(...read.map(({ wrong }) => `Input "destinations", line ${number}: ${wrong}.${hint}`))
  }
  return { destinations: [...destinations.values()], mistakes }
}

/** The lines that say something, with their numbers from 1. */
function linesOf(text: string): { line: string; number: number }[] {
  return text
    .split(/\r\n?|\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
}

/** Returns what is the same for every spelling of a destination: GitHub compares all of its names without case. */
export function identityOf({ kind, owner, repository, environment, secret }: Destination): string {
  return JSON.stringify([kind, owner, repository, environment, secret]).toLowerCase()
}

function readLine(line: string, around: Around): Destination | Wrong[] {
  if (holdsToken(line, around)) {
    return [{ wrong: 'it holds a token where names belong. Give the names; if the token was committed, revoke it' }]
  }
  const { written, as } = splitAs(line)
  const place = readPlace(written, as, around.repository ?? '')
  const secret = readSecret(written, as, around.secretName ?? '')
  return isWrong(place) || isWrong(secret) ? [place, secret].filter(isWrong) : { ...place, secret }
}

function isWrong(read: Place | string | Wrong): read is Wrong {
  return typeof read === 'object' && 'wrong' in read
}

/** A token where a name belongs is an easy mistake, and must not go to a URL or a log. Every word of the line is hidden. */
function holdsToken(line: string, { hidesTokens }: Around): boolean {
  if (hidesTokens === undefined) return false
  const words = line.split(/\s+/).flatMap((word) => [word, ...word.split(/[^\w.-]+/)])
  return words.filter((word) => word !== '' && hidesTokens(word)).length > 0
}

/** Takes the last ` as NAME` off a line: the name of an environment may hold others. */
function splitAs(line: string): { written: string; as: string | undefined } {
  const found = /^(.*\s|)as(?:\s+(.*))?$/.exec(line)
  return found === null ? { written: line, as: undefined } : { written: (found[1] ?? '').trim(), as: found[2] ?? '' }
}

function readSecret(written: string, as: string | undefined, secretName: string): string | Wrong {
  if (as === undefined) {
    if (secretName !== '') return secretName.toUpperCase()
    return {
      wrong:
        `${show(written)} names no secret, and the input "secret-name" is empty; give that input, or end the line ` +
        'with the name of its secret, like "as INCIDENT_API_KEY"',
    }
  }
  const mistake = secretNameMistake(as)
  if (mistake === undefined) return as.toUpperCase()
  const hint = /^environment\b/.test(written)
    ? '. If the environment\'s name holds the word "as", the secret\'s name must still follow: "as INCIDENT_API_KEY"'
    : ''
  return { wrong: `the secret's name behind "as"${mistake}${hint}` }
}

/** Reads where the secret is: what stands before ` as `. */
export function readPlace(written: string, as: string | undefined, own: string): Place | Wrong {
  const place = parsePlace(written, own)
  if (place !== undefined) return place
  if (written === 'repository') {
    return {
      wrong:
        '"repository" alone means the repository that the workflow runs in, but the environment variable ' +
        `GITHUB_REPOSITORY is ${quote(own)}, which does not name one; run this in a GitHub Actions workflow, or write ` +
        '"repository: OWNER/REPO"',
    }
  }
  return { wrong: explainPlace(written, as, parsePlace(`repository: ${own}`, '') === undefined ? 'OWNER/REPO' : own) }
}

/**
 * What of the destinations cannot be had: GitHub Enterprise Server lacks kinds of secrets, and one is closed to Apps.
 *
 * @param where what names them
 * @returns whole sentences
 */
export function unavailableKinds(
  destinations: readonly Destination[],
  by: GitHubCredential['by'],
  githubApiUrl: string,
  where = 'Input "destinations"',
): string[] {
  const sentences = destinations.flatMap((destination) => {
    const { isCloudOnly, isClosedToApps } = storeOf(destination)
    const kind = `${SPELLED[destination.kind] ?? destination.kind} secrets${isOfOrganization(destination) ? ' of organizations' : ''}`
    const subject = `${where}: ${placeOf(destination)} cannot be written`
    if (isCloudOnly && githubApiUrl.endsWith('/api/v3')) {
      return `${subject}, since GitHub Enterprise Server has no ${kind}. Leave it out.`
    }
    if (isClosedToApps && by === 'app') {
      return `${subject} by a GitHub App: GitHub keeps ${kind} closed to Apps. Give a "github-token".`
    }
    return []
  })
  return [...new Set(sentences)]
}

/** How names that are nobody's own are spelled in a sentence. */
const SPELLED: Partial<Record<Kind, string>> = { codespaces: 'Codespaces' }

/** GitHub takes 500 writes an hour of one credential; the rest is for what has to be written twice. */
export const MOST_WRITES = 450

/**
 * Whether there are more destinations than GitHub takes writes of one credential: of a token, or of an App's
 * installation in an account.
 *
 * @param where what names them
 * @returns whole sentences
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export function tooManyDestinations(
  destinations: readonly Destination[],
  by: GitHubCredential['by'],
  where = 'Input "destinations"',
): string[] {
  const groups = Map.groupBy(destinations, ({ owner }) => (by === 'app' ? owner.toLowerCase() : ''))
  return [...groups].flatMap(([owner, { length }]) =>
    length <= MOST_WRITES
      ? []
      : `${where} names ${length} destinations${owner === '' ? '' : ` of ${owner}`}, and GitHub takes about ` +
        `${MOST_WRITES} writes an hour of one credential. Use a secret of the organization in the place of many of ` +
        "repositories, or a GitHub App that is installed in several accounts: GitHub's limits hold for each of them.",
  )
}
