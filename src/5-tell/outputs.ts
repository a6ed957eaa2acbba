import type { RunNeed } from '../3-decide/needs.ts'
import type { Report } from './report.ts'

/** The outputs that action.yml declares, by name; only those that have a value. */
export function renderOutputs(report: Report): Record<string, string> {
  const destinations = report.destinations.map(({ destination, result, error }) => ({
    ...destination,
    result,
    ...(error === undefined ? {} : { error }),
  }))
  const outputs: Record<string, string | undefined> = {
    status: report.status,
    rotated: String(report.rotated),
    'key-id': report.key?.id,
    'key-name': report.key?.name,
    'token-issued-at': report.tokenIssuedAt,
    'old-token-expires-at': report.oldTokenExpiresAt,
    'grace-period-minutes': report.graceMinutes?.toString(),
    destinations: JSON.stringify(destinations),
    'runs-at-risk': JSON.stringify(report.runsAtRisk.map(atRisk)),
  }
  return Object.fromEntries(
    Object.entries(outputs).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function atRisk({ repository, runId, workflow, status, url, minutes }: RunNeed) {
  return { repository, run_id: runId, workflow, status, url, needs_minutes: Math.ceil(minutes) }
}
