import { distance } from 'fastest-levenshtein'
import { type Destination, KINDS, type Kind } from '../destination.ts'
import { quote } from '../services/problem.ts'
import { withoutCredentials } from './api-url.ts'
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

/** Where a secret is: a destination but for the secret's name. */
type Place = Omit<Destination, 'secret'>

interface Wrong {
  /** A sentence but for its end. */
  readonly wrong: string
}

/** Why a line is wrong, and lines that may have been meant. */
interface Diagnosis {
  readonly cause: string
  readonly guesses: readonly string[]
  /** The kind that is surely meant, for an example when no guess is right. */
  readonly kind?: Kind | undefined
}

/** What a kind's target looks like, and of how many parts it is. */
const TARGETS: Record<Kind, { shape: string; parts: readonly number[] }> = {
  repository: { shape: 'OWNER/REPO', parts: [2] },
  environment: { shape: 'OWNER/REPO/ENVIRONMENT', parts: [3] },
  organization: { shape: 'ORG', parts: [1] },
  dependabot: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
  codespaces: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
  agents: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
}

/**
 * The rules for the parts of a target. One or two dots would climb in a URL. GitHub's own rules for owners and
 * repositories are narrower: of what passes here and breaks them it says that there is none.
 *
 * @see https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
 */
const PARTS = [
  { what: 'an owner', rule: 'letters, digits, hyphens and underscores, at most 100', is: /^[A-Za-z0-9_-]{1,100}$/ },
  {
    what: 'a repository',
    rule: 'letters, digits, dots, hyphens and underscores, at most 100, and not only one or two dots',
    is: /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
  },
  {
    what: 'an environment',
    rule: '1 to 255 characters, no control characters, and not only one or two dots',
    is: /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\u2028\u2029]{1,255}$/u,
  },
] as const

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

/** Owners, repositories and secret names are compared without case, environments as they are written. */
function identityOf({ kind, owner, repository, environment, secret }: Destination): string {
  return JSON.stringify([kind, owner.toLowerCase(), repository?.toLowerCase(), environment, secret])
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

function readPlace(written: string, as: string | undefined, own: string): Place | Wrong {
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
  return { wrong: explain(written, as, parsePlace(`repository: ${own}`, '') === undefined ? 'OWNER/REPO' : own) }
}

/** Where the secret is; undefined when this does not say it. */
function parsePlace(written: string, own: string): Place | undefined {
  const { kind, target } = splitKind(written)
  if (!isKind(kind)) return undefined
  if (target === undefined) return kind === 'repository' ? parsePlace(`repository: ${own}`, '') : undefined
  const parts = partsOf(target)
  if (!TARGETS[kind].parts.includes(parts.length) || wrongPart(parts) >= 0) return undefined
  const [owner = '', repository, environment] = parts
  return {
    kind,
    owner,
    ...(repository === undefined ? {} : { repository }),
    ...(environment === undefined ? {} : { environment }),
  }
}

function splitKind(written: string): { kind: string; target: string | undefined } {
  const colon = written.indexOf(':')
  if (colon < 0) return { kind: written, target: undefined }
  return { kind: written.slice(0, colon).trim(), target: written.slice(colon + 1).trim() }
}

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text)
}

/** Owner, repository and environment, as far as they are given. Everything behind the second slash is the environment. */
function partsOf(target: string): string[] {
  const [owner = '', repository, ...rest] = target.split('/')
  if (repository === undefined) return [owner.trim()]
  return [owner, repository, ...(rest.length > 0 ? [rest.join('/')] : [])].map((part) => part.trim())
}

/** The index of the first part that is no name; -1 when all are. */
function wrongPart(parts: readonly string[]): number {
  return parts.findIndex((part, index) => PARTS[index]?.is.test(part) !== true)
}

/** What is wrong with the text before ` as `, and what would be right. */
function explain(written: string, as: string | undefined, own: string): string {
  const { cause, guesses, kind } = urlMistake(written, own) ?? kindMistake(written, own) ?? targetMistake(written, own)
  const end = as === undefined || secretNameMistake(as) !== undefined ? '' : ` as ${as}`
  const right = [...new Set(guesses)].filter((guess) => parsePlace(guess, own) !== undefined)
  if (right.length > 0) return `${cause}; write ${right.map((guess) => show(guess + end)).join(' or ')}`
  if (kind !== undefined)
    return `${cause}; write ${kind}: ${TARGETS[kind].shape}, like ${quote(example(kind, own) + end)}`
  return `${cause}; the kinds are ${KINDS.join(', ')}: write a line like ${quote(example('repository', own) + end)}`
}

/** A link where names belong, with a kind before it or none; undefined when it is none. */
function urlMistake(written: string, own: string): Diagnosis | undefined {
  const { kind, target = '' } = splitKind(written)
  const path = pathOfUrl(written) ?? pathOfUrl(target)
  if (path === undefined) return undefined
  const parts = path.split('/').filter((part) => part !== '' && part !== 'orgs')
  const names = parts.slice(0, 2).map((part) => part.replace(/\.git$/, ''))
  const meant = nearestKind(kind) ?? (names.length === 1 ? 'organization' : 'repository')
  return {
    cause: `${show(written)} holds a URL where only names belong`,
    guesses: mended(meant, names.join('/'), own),
    kind: meant,
  }
}

/** The path of an address at some host, as browsers and Git write them. A name with a dot before one slash is no host. */
function pathOfUrl(text: string): string | undefined {
  const host = /^(\w+:\/\/(?:[^@/\s]+@)?|[^@/:\s]+@)?[^@/:.\s]+(?:\.[^@/:.\s]+)+(?::\d+\/|[/:])/.exec(text)
  if (host === null) return undefined
  const [path = ''] = /^[^?#\s]*/.exec(text.slice(host[0].length)) ?? []
  return host[1] !== undefined || path.includes('/') ? path : undefined
}

/** What is wrong with the kind; undefined when it is one. */
function kindMistake(written: string, own: string): Diagnosis | undefined {
  if (isKind(splitKind(written).kind)) return undefined
  const plain = withoutTrimmings(written)
  const [, word = '', sign, rest = ''] = /^([^\s:=]*)\s*([:=]?)\s*(.*)$/.exec(plain) ?? []
  const kind = nearestKind(word)
  if (kind === undefined && (word === '' || word.includes('/'))) {
    return {
      cause: `${show(written)} names no kind of destination`,
      guesses: guessByTarget(word === '' ? rest : plain),
    }
  }
  const guesses = kind === undefined ? [] : rest === '' ? [kind, example(kind, own)] : mended(kind, rest, own)
  return { cause: kindCause(written, word, sign), guesses, kind }
}

function kindCause(written: string, word: string, sign: string | undefined): string {
  if (isKind(word) && sign !== ':') return `${show(written)} has no colon behind its kind`
  if (isKind(word)) return `${show(written)} does not begin with its kind`
  if (isKind(word.toLowerCase())) return `${show(word)} is not in lower case, as kinds are`
  return `${show(word)} is no kind of destination`
}

/** What is wrong with the target of a kind. */
function targetMistake(written: string, own: string): Diagnosis {
  const { kind, target = '' } = splitKind(written) as { kind: Kind; target: string | undefined }
  if (target === '') {
    return { cause: `${show(written)} names no target`, guesses: kind === 'repository' ? [kind] : [], kind }
  }
  const parts = partsOf(target)
  const guesses = mended(kind, withoutTrimmings(target), own)
  const { shape, parts: counts } = TARGETS[kind]
  const bad = wrongPart(parts)
  const { what, rule } = PARTS[bad] ?? PARTS[0]
  if (!counts.includes(parts.length)) {
    return { cause: `the kind ${kind} takes only ${shape}, and not ${show(target)}`, guesses, kind }
  }
  return { cause: `${show(parts[bad] ?? '')} is not the name of ${what} (${rule})`, guesses, kind }
}

/** The kind that may have been meant: abbreviated, in another case, or with a third of its letters wrong. */
function nearestKind(word: string): Kind | undefined {
  const lower = word.toLowerCase()
  if (lower.length < 2) return undefined
  const begun = KINDS.find((kind) => kind.startsWith(lower))
  if (begun !== undefined) return begun
  const [nearest] = KINDS.map((kind) => ({ kind, far: distance(lower, kind) })).sort((a, b) => a.far - b.far)
  return nearest !== undefined && nearest.far <= Math.floor(lower.length / 3) ? nearest.kind : undefined
}

/** Lines of this kind, or of one that fits better, with what is missing or too much put right. */
function mended(kind: Kind, target: string, own: string): string[] {
  const parts = partsOf(target)
  const [owner = '', repository = ''] = parts
  const [ownOwner] = own.split('/')
  if (kind === 'environment') {
    const better = [`${own}/${target}`, `${target}/production`][parts.length - 1] ?? target
    return [`environment: ${better}`]
  }
  if (kind === 'repository') {
    if (parts.length === 1) return [`repository: ${ownOwner}/${owner}`]
    return [`repository: ${owner}/${repository}`, ...(parts.length > 2 ? [`environment: ${target}`] : [])]
  }
  if (kind === 'organization') return [`organization: ${owner}`, `repository: ${owner}/${repository}`]
  return [`${kind}: ${parts.slice(0, 2).join('/')}`]
}

/** Lines for a target that stands alone, by the number of its parts. */
function guessByTarget(target: string): string[] {
  return target === '' ? ['repository'] : [`repository: ${target}`, `environment: ${target}`]
}

/** A right line of this kind. */
function example(kind: Kind, own: string): string {
  if (kind === 'organization') return `${kind}: ${own.split('/')[0]}`
  return kind === 'environment' ? `${kind}: ${own}/production` : `${kind}: ${own}`
}

/** Without what other notations put around a name: the dash of a list, quotation marks, a comment at the end. */
function withoutTrimmings(text: string): string {
  return text
    .replace(/^[-*]\s+/, '')
    .replace(/\s#.*$/, '')
    .replace(/["'`]/g, '')
    .trim()
}

/** Text of a line for a message: a link may hold a password. */
function show(text: string): string {
  return quote(text.includes('://') ? withoutCredentials(text) : text)
}
