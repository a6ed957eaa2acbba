import { type Destination, KINDS, type Kind } from '../destination.ts'

/** Where a secret is: a destination but for the secret's name. */
export type Place = Omit<Destination, 'secret'>

/** What a kind's target looks like, and of how many parts it is. */
export const TARGETS: Record<Kind, { shape: string; parts: readonly number[] }> = {
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
export const PARTS = [
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

/** Where the secret is; undefined when this does not say it. */
export function parsePlace(written: string, own: string): Place | undefined {
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

export function splitKind(written: string): { kind: string; target: string | undefined } {
  const colon = written.indexOf(':')
  if (colon < 0) return { kind: written, target: undefined }
  return { kind: written.slice(0, colon).trim(), target: written.slice(colon + 1).trim() }
}

export function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text)
}

/** Owner, repository and environment, as far as they are given. Everything behind the second slash is the environment. */
export function partsOf(target: string): string[] {
  const [owner = '', repository, ...rest] = target.split('/')
  if (repository === undefined) return [owner.trim()]
  return [owner, repository, ...(rest.length > 0 ? [rest.join('/')] : [])].map((part) => part.trim())
}

/** The index of the first part that is no name; -1 when all are. */
export function wrongPart(parts: readonly string[]): number {
  return parts.findIndex((part, index) => PARTS[index]?.is.test(part) !== true)
}
