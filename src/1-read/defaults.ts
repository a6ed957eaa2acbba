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

/** An input as it was given, or its default. */
export function given(name: keyof typeof DEFAULTS): string {
  return core.getInput(name) || DEFAULTS[name]
}
