import type { ManifestInputs } from '../1-read/inputs.ts'
import { issuedAt } from '../3-decide/plan.ts'
import type { Key } from '../services/incident-io.ts'
import { type KeyOutcome, type KeyProgress, outcomeOf } from './key-outcome.ts'
import { messagesOf } from './messages.ts'
import { errorsOf } from './report.ts'
import { span } from './words.ts'

/** What had been done with a manifest when the run ended. */
export interface ManifestProgress {
  inputs: ManifestInputs
  keys: readonly KeyProgress[]
  /** Keys that stand in no entry. */
  unlisted: readonly Key[]
}

/** What happened with a manifest, as data: the log, the outputs and the summary are made from this and nothing else. */
export interface ManifestReport {
  status: 'rotated' | 'planned' | 'deferred' | 'skipped' | 'unchanged' | 'failed'
  manifest: string
  /** Whether a new token was issued for any key. */
  rotated: boolean
  /** In the order of the manifest. */
  keys: readonly KeyOutcome[]
  /** Names of the keys that are due (ids where several carry a name), those with the oldest tokens first. */
  due: readonly string[]
  /** Keys that stand in no entry, and how old their tokens are. */
  unlisted: readonly { id: string; name: string; age: string }[]
  notes: readonly string[]
  warnings: readonly string[]
  /** Whole sentences, one for each annotation. */
  errors: readonly string[]
}

/** GitHub runs so many jobs of a matrix. https://docs.github.com/actions/reference/limits */
export const MOST_JOBS = 256

/**
 * @param thrown what ended the run before any key was looked at; empty when nothing did
 * @param now ms since the epoch
 */
export function manifestReportOf(
  { inputs, keys, unlisted }: ManifestProgress,
  thrown: readonly unknown[],
  now: number,
): ManifestReport {
  const outcomes = keys.map((one) => outcomeOf(one, inputs.dryRun))
  const due = keys
    .map(({ plan }, index) => ({ plan, outcome: outcomes[index] as KeyOutcome }))
    .filter(({ outcome }) => outcome.isDue)
    .sort((a, b) => issuedAt(a.plan) - issuedAt(b.plan))
  const cut =
    due.length > MOST_JOBS
      ? [
          `${due.length} keys are due, and GitHub runs ${MOST_JOBS} jobs of a matrix: "matrix" holds the oldest of them.`,
        ]
      : []
  return {
    status: statusOf(outcomes, thrown),
    manifest: inputs.manifest,
    rotated: outcomes.some(({ report }) => report.rotated),
    keys: outcomes,
    due: due.map(({ outcome: { name, id = name } }) => (isTwin(name, outcomes) ? id : name)),
    unlisted: unlisted.map((key) => ({ id: key.id, name: key.name, age: span(now - Date.parse(key.issuedAt)) })),
    notes: [...new Set(outcomes.flatMap(({ report }) => report.notes))],
    warnings: [...new Set([...outcomes.flatMap(({ report }) => report.warnings), ...cut])],
    // What keeps several keys from being rotated is one mistake.
    errors: messagesOf([...thrown, ...keys.flatMap(({ telling, errors }) => errorsOf(telling, errors))]),
  }
}

/** Whether several keys carry the name: then only the id tells which is meant. */
function isTwin(name: string, keys: readonly KeyOutcome[]): boolean {
  return keys.filter((key) => key.name === name).length > 1
}

/** Whatever was changed is told as `rotated`: the contract knows no other word for it. */
function statusOf(keys: readonly KeyOutcome[], thrown: readonly unknown[]): ManifestReport['status'] {
  const are = new Set(keys.map(({ status }) => status))
  if (thrown.length > 0 || are.has('failed')) return 'failed'
  if (keys.some(({ isChanged }) => isChanged)) return 'rotated'
  for (const one of ['planned', 'deferred'] as const) if (are.has(one)) return one
  return keys.length > 0 && keys.every(({ status }) => status === 'skipped') ? 'skipped' : 'unchanged'
}
