import type { Facts } from '../2-look/look.ts'
import { nearSecret } from '../2-look/near-secrets.ts'
import { archivedInWords } from '../3-decide/archived.ts'
import type { Decision } from '../3-decide/decide.ts'
import { MARGIN } from '../3-decide/grace.ts'
import { warningsOfLackingRoles } from '../3-decide/lacking-roles.ts'
import { LONGEST_GRACE, type RunNeed } from '../3-decide/needs.ts'
import { rotatesItself } from '../3-decide/self.ts'
import { namesOf, needTooLong } from '../3-decide/too-long.ts'
import { nameOf } from '../destination.ts'
import { quote, someOf } from '../services/problem.ts'
import { type Progress, runsAtRisk } from './progress.ts'
import { inLine, plural } from './words.ts'

const LEAK_REMAINS =
  'The key was not rotated, although "grace-period-minutes" is 0, so a token that has leaked stays valid. To end it now, run with "force: true".'

/** What the user should know although nothing failed, as whole sentences; one annotation each. */
export function warningsOf(progress: Progress): string[] {
  const { inputs, facts, decision, rotations, rotated, later } = progress
  if (facts === undefined || decision === undefined) return []
  const archived = facts.archived.length > 0 ? [archivedInWords(facts.archived)] : []
  if (decision.action === 'skip') {
    // An event never ends a token.
    const isForLeak = inputs?.grace === 0 && !inputs.force && inputs.event === undefined
    return [...archived, ...(isForLeak ? [LEAK_REMAINS] : [])]
  }
  const warnings = [...archived, ...warningsOfLackingRoles(facts)]
  const missing = facts.copies.filter((_, index) => decision.states[index] === 'missing')
  if (decision.because.kind !== 'missing-key' && missing.length > 0) {
    const meant = [...new Set(missing.flatMap((copy) => nearSecret(copy) ?? []))]
    const hint = meant.length > 0 ? ` Did you mean ${someOf(meant.map(quote), 5)}?` : ''
    warnings.push(
      `${someOf(missing.map(({ destination }) => nameOf(destination)))} did not exist.${hint} If the name is a typo, correct it: ` +
        'what else holds a token of this key stops working when the grace period ends.',
    )
  }
  if (facts.runs.note !== undefined) warnings.push(facts.runs.note)
  if (facts.runs.gap !== undefined) {
    const consequence = inputs?.grace === 'auto' ? 'So the grace period is 60 minutes. ' : ''
    warnings.push(`${facts.runs.gap} ${consequence}Runs at risk may be missing from the list.`)
  } else if (later?.gap !== undefined) {
    warnings.push(`${later.gap} Runs that were queued during the rotation were not checked.`)
  }
  if (decision.action === 'defer' && decision.grace.tooLong.length > 0) {
    warnings.push(
      `The rotation is put off, because ${needTooLong(decision.grace.tooLong)}. Run again when they have ended, give ` +
        '"max-wait-minutes" to wait for them, or "max-token-age" to rotate anyway past that age.',
    )
  } else if (rotated !== undefined || (inputs?.dryRun && decision.action === 'rotate')) {
    const atRisk = runsAtRisk(progress)
    if (atRisk.length > 0) {
      warnings.push(
        `The old token may die before ${plural(atRisk.length, 'run')} in flight ${atRisk.length === 1 ? 'ends' : 'end'}: ` +
          `${namesOf(atRisk)}. If one fails, start a new run.`,
      )
    }
  }
  if (facts.issuer === 'something else' && inputs?.force !== true && decision.action === 'rotate') {
    warnings.push(
      `Something else rotated the key at ${facts.key.issuedAt}: no run of this workflow was in progress then. Copies of its ` +
        'token outside of these destinations die now. One key should have one rotating workflow, with all its destinations.',
    )
  }
  const foreign = rotated?.standing.kind === 'superseded' ? rotated.standing.issuedAt : rotations?.foreign.at(-1)
  if (foreign !== undefined) {
    warnings.push(
      `Something else rotated the key during this run, at ${foreign}. If it was another run of this workflow, give the ` +
        'workflow a concurrency group. One key should have one rotating workflow, with all its destinations.',
    )
  }
  const lost = (rotations?.lost.length ?? 0) - (rotations?.foreign.length ?? 0)
  if (lost > 0) {
    warnings.push(
      `${lost === 1 ? 'A token was' : `${lost} tokens were`} issued and lost on the way, so the key was rotated again. ` +
        'Nobody holds what was lost; it dies when its grace period ends. incident.io does not say whether the token that ' +
        'jobs in flight hold keeps its own then: if one fails, start a new run.',
    )
  }
  return warnings
}

/** Returns why `auto` gives what it gives, and the run that decided it. */
export function graceReasons({ facts, decision }: Progress): {
  graceBecause?: string
  graceRun?: Pick<RunNeed, 'runId' | 'url'>
} {
  if (facts === undefined || decision === undefined) return {}
  const { longest } = decision.grace
  const isByRun = longest !== undefined && !rotatesItself(facts) && facts.runs.gap === undefined
  return { graceBecause: graceInWords(facts, decision), ...(isByRun && { graceRun: longest }) }
}

function graceInWords(facts: Facts, decision: Decision): string {
  const { longest, minutes } = decision.grace
  if (rotatesItself(facts)) return 'the managing key rotates itself'
  if (facts.runs.gap !== undefined) return 'not every run could be seen'
  if (longest === undefined) {
    return decision.needs.length === 0
      ? 'no run in flight needs the old token'
      : 'no run in flight needs the old token, but those that wait for an approval'
  }
  const name = quote(longest.workflow)
  if (longest.by === 'nothing') return `${name} needs it for an unknown time${inLine(longest)}`
  const by = longest.by === 'history' ? 'by its past runs' : 'by the timeouts of its jobs'
  const needed = Math.ceil(longest.safeMinutes)
  const isLeast = minutes < LONGEST_GRACE && minutes > needed + MARGIN + 1 ? '; min-grace-minutes is more' : ''
  return `${name} needs it for ${plural(needed, 'minute')} ${by}${inLine(longest)}${isLeast}`
}
