import { KINDS, type Kind } from '../destination.ts'
import { quote } from '../services/problem.ts'
import { withoutCredentials } from './api-url.ts'
import { nearest } from './nearest.ts'
import { isKind, PARTS, parsePlace, partsOf, splitKind, TARGETS, wrongPart } from './place.ts'
import { secretNameMistake } from './secret-name.ts'

/** Why a line is wrong, and lines that may have been meant. */
interface Diagnosis {
  readonly cause: string
  readonly guesses: readonly string[]
  /** The kind that is surely meant, for an example when no guess is right. */
  readonly kind?: Kind | undefined
}

/** What is wrong with the text before ` as `, and what would be right. */
export function explainPlace(written: string, as: string | undefined, own: string): string {
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
  const meant = nearest(kind, KINDS) ?? (names.length === 1 ? 'organization' : 'repository')
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
  const kind = nearest(word, KINDS)
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
    // A name alone is the repository of this owner, or an owner without a repository.
    if (parts.length === 1)
      return owner.toLowerCase() === ownOwner?.toLowerCase()
        ? [`repository: ${own}`]
        : [`repository: ${ownOwner}/${owner}`]
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
export function show(text: string): string {
  return quote(text.includes('://') ? withoutCredentials(text) : text)
}
