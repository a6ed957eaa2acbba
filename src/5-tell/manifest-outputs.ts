import type { KeyOutcome } from './key-outcome.ts'
import { type ManifestReport, MOST_JOBS } from './manifest-report.ts'
import { atRisk, destinationOutput } from './outputs.ts'

/** The outputs of a manifest that action.yml declares, by name. */
export function renderManifestOutputs(report: ManifestReport): Record<string, string> {
  const { keys } = report
  const [only, ...others] = keys
  return {
    status: report.status,
    rotated: String(report.rotated),
    ...(only !== undefined && others.length === 0 && ofOne(only)),
    keys: JSON.stringify(keys.map(keyOutput)),
    due: String(report.due.length),
    matrix: JSON.stringify({ include: report.due.slice(0, MOST_JOBS).map((name) => ({ 'key-name': name })) }),
    destinations: JSON.stringify(keys.flatMap((key) => key.report.destinations.map(destinationOutput))),
    'runs-at-risk': JSON.stringify(keys.flatMap((key) => key.report.runsAtRisk.map(atRisk))),
  }
}

/** A single key is told as if there were no manifest. */
function ofOne({ id, name, report }: KeyOutcome): Record<string, string> {
  return {
    ...(id !== undefined && { 'key-id': id }),
    'key-name': name,
    ...(report.tokenIssuedAt !== undefined && { 'token-issued-at': report.tokenIssuedAt }),
    ...(report.oldTokenExpiresAt !== undefined && { 'old-token-expires-at': report.oldTokenExpiresAt }),
    ...(report.graceMinutes !== undefined && { 'grace-period-minutes': String(report.graceMinutes) }),
  }
}

function keyOutput({ id, name, status, steps, report }: KeyOutcome) {
  return {
    name,
    ...(id !== undefined && { id }),
    status,
    rotated: report.rotated,
    steps,
    ...(report.tokenIssuedAt !== undefined && { token_issued_at: report.tokenIssuedAt }),
    ...(report.oldTokenExpiresAt !== undefined && { old_token_expires_at: report.oldTokenExpiresAt }),
    ...(report.graceMinutes !== undefined && { grace_period_minutes: report.graceMinutes }),
    destinations: report.destinations.map(destinationOutput),
    runs_at_risk: report.runsAtRisk.map(atRisk),
    ...(report.errors.length > 0 && { error: report.errors.join(' ') }),
  }
}
