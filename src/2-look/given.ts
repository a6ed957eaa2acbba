import type { Run } from '../services/github-runs.ts'
import type { Watch } from './watches.ts'

/** Whether a run is of a fork, and is not given a secret unless the repository wants it so. */
export function isOfFork({ fork, event }: Run): boolean {
  return fork !== undefined && FORK_EVENTS.includes(event)
}

/**
 * The events for which a fork's run is given no secret. Only a repository that is not public can be set to give it them.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
 */
const FORK_EVENTS = ['pull_request', 'pull_request_review', 'pull_request_review_comment']

/** Whether GitHub gives a run the secret at all. */
export function isGiven(run: Run, by: Watch['by']): boolean {
  const { path, isDependabots, event, fork } = run
  if (isOfFork(run) && fork === 'of anybody') return false
  const isAgents = path.startsWith('dynamic/copilot-swe-agent/')
  switch (by.kind) {
    case 'dependabot runs':
      return isDependabots
    case 'agent runs':
      return isAgents
    case 'started jobs':
      // The coding agent works in an environment of this name.
      if (isAgents && by.environment.toLowerCase() === 'copilot') return true
      break
    case 'runs':
      break
  }
  // Runs that GitHub makes itself (Pages, CodeQL, Dependabot, Copilot) get none of the Actions secrets.
  return !path.startsWith('dynamic/') && !(isDependabots && DEPENDABOT_EVENTS.includes(event))
}

/**
 * The events for which a run that Dependabot started is given Dependabot's secrets instead of the others.
 *
 * @see https://docs.github.com/code-security/reference/supply-chain-security/dependabot-on-actions
 */
const DEPENDABOT_EVENTS = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'create',
  'deployment',
  'deployment_status',
]
