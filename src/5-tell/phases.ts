import type { Facts } from '../2-look/look.ts'
import type { Decision } from '../3-decide/decide.ts'
import type { RunNeed } from '../3-decide/needs.ts'
import type { Rotated } from '../4-rotate-and-write/rotate-and-write.ts'
import { nameOf } from '../destination.ts'
import { quote } from '../services/problem.ts'
import { inLine, plural, reasonInWords, span } from './words.ts'

/** More facts of one kind are counted. */
const MOST_LINES = 20

/**
 * What was seen, one line a fact.
 *
 * @param now ms since the epoch on this machine's clock
 */
export function seenInLines({ key, issuedAt, copies, runs }: Facts, now: number): string[] {
  return [
    `The token of ${quote(key.name)} (${key.id}) was issued ${span(now - issuedAt)} ago, at ${key.issuedAt}.`,
    ...copiesInLines(copies, now),
    runs.gap !== undefined
      ? 'Not every run in flight could be seen.'
      : runs.holders.length === 0
        ? 'No run in flight needs the token.'
        : `${plural(runs.holders.length, 'run')} in flight may need the token.`,
  ]
}

function copiesInLines(copies: Facts['copies'], now: number): string[] {
  if (copies.length > MOST_LINES) {
    const missing = copies.filter(({ updatedAt }) => updatedAt === undefined).length
    return [`${plural(copies.length, 'secret')}, of which ${missing} ${missing === 1 ? 'does' : 'do'} not exist yet.`]
  }
  return copies.map(
    ({ destination, updatedAt }) =>
      `${nameOf(destination)} ${updatedAt === undefined ? 'does not exist yet' : `was written ${span(now - updatedAt)} ago`}.`,
  )
}

/** What was decided, and what the grace period rests on, one line a fact. */
export function decidedInLines({ action, because, needs, grace }: Decision): string[] {
  const reason = reasonInWords(because)
  switch (action) {
    case 'skip':
      return [`Nothing to do: ${reason}.`]
    case 'refuse':
      return [`A rotation is due (${reason}), and is refused.`]
    case 'defer':
      return [`A rotation is due (${reason}), and is put off.`, ...needsInLines(needs)]
    case 'rotate':
      return [
        `Rotate: ${reason}.`,
        ...needsInLines(needs),
        `The old token is to live on for ${plural(grace.minutes, 'minute')}.`,
      ]
  }
}

function needsInLines(needs: readonly RunNeed[]): string[] {
  const longestFirst = needs.toSorted((a, b) => b.safeMinutes - a.safeMinutes)
  const shown = longestFirst
    .slice(0, MOST_LINES)
    .map(
      (need) =>
        `${quote(need.workflow)} (${need.url}) needs the old token for ${plural(Math.ceil(need.safeMinutes), 'minute')}${inLine(need)}.`,
    )
  const more = needs.length - shown.length
  return more > 0 ? [...shown, `${plural(more, 'more run')} ${more === 1 ? 'needs' : 'need'} it for no longer.`] : shown
}

/** What was rotated and written, one line a fact. What went wrong is told by errors. */
export function doneInLines({ issuedAt, oldTokenExpiresAt, written, proof, standing }: Rotated): string[] {
  const well = written.filter(({ result }) => result !== 'failed').length
  return [
    `A token was issued at ${issuedAt}${oldTokenExpiresAt === undefined ? '' : `; the old one dies at ${oldTokenExpiresAt}`}.`,
    `${well} of ${plural(written.length, 'secret')} written.`,
    ...(proof.kind === 'works' ? ['incident.io takes the new token.'] : []),
    ...(standing.kind === 'current' ? ["It is the key's newest."] : []),
  ]
}
