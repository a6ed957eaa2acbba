import type { RunNeed } from '../3-decide/needs.ts'
import type { DestinationReport, Report } from './report.ts'

/** The outputs that action.yml declares, by name; only those that have a value. */
export function renderOutputs(report: Report): Record<string, string> {
  const outputs: Record<string, string | undefined> = {
    status: report.status,
    rotated: String(report.rotated),
    'key-id': report.key?.id,
    'key-name': report.key?.name,
    'token-issued-at': report.tokenIssuedAt,
    'old-token-expires-at': report.oldTokenExpiresAt,
    'grace-period-minutes': report.graceMinutes?.toString(),
    destinations: JSON.stringify(report.destinations.map(destinationOutput)),
    'runs-at-risk': JSON.stringify(report.runsAtRisk.map(atRisk)),
  }
  return Object.fromEntries(
    Object.entries(outputs).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** A destination as the outputs show it. */
export function destinationOutput({ destination, result, error }: DestinationReport) {
  return { ...destination, result, ...(error === undefined ? {} : { error }) }
}

/** A run at risk as the outputs show it. */
export function atRisk({ repository, runId, workflow, status, url, safeMinutes }: RunNeed) {
  return { repository, run_id: runId, workflow, status, url, needs_minutes: Math.ceil(safeMinutes) }
}
