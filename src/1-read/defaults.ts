import * as core from '@actions/core'

/** The defaults as action.yml declares them (a test compares): an empty value means the default too. */
export const DEFAULTS = {
  destinations: 'repository',
  'grace-period-minutes': 'auto',
  'min-grace-minutes': '15',
  'long-runs': 'defer',
  'max-wait-minutes': '0',
  'min-token-age': '1h',
  force: 'false',
  'dry-run': 'false',
  'incident-api-url': 'https://api.incident.io',
} as const

/** The most that an input of minutes may be; the least is 0. A job on a self-hosted runner may take five days. */
export const MOST_MINUTES = { 'grace-period-minutes': 60, 'min-grace-minutes': 60, 'max-wait-minutes': 7200 } as const

/** An input as it was given, or its default. */
export function given(name: keyof typeof DEFAULTS): string {
  return core.getInput(name) || DEFAULTS[name]
}
