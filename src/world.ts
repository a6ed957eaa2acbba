import type { ServiceAccess } from './1-read/access.ts'
import { Stopping } from './4-rotate-and-write/stopping.ts'
import { type RunContext, runContext } from './run-context.ts'
import { MonotonicClock, ServiceTime } from './services/clock.ts'
import { type GitHub, gitHub } from './services/github.ts'
import { keptFor } from './services/github-client.ts'
import { Http } from './services/http.ts'
import { type IncidentIo, incidentIo } from './services/incident-io.ts'
import { type Asking, BEFORE_ROTATION } from './services/retry.ts'
import { VERSION } from './version.ts'

/** What both steps work with: everything that is not pure is in here. */
export interface World extends Asking {
  env: NodeJS.ProcessEnv
  stopping: Stopping
  context: RunContext
  http: Http
  /** Cancels what still waits, so that the process can end. */
  end(): void
}

/** The world of a step on a runner. */
export function realWorld(env: NodeJS.ProcessEnv): World {
  const clock = new MonotonicClock()
  const stopping = new Stopping(clock)
  return {
    env,
    clock,
    random: Math.random,
    lookPatience: BEFORE_ROTATION,
    deadline: () => stopping.deadline,
    stopping,
    context: runContext(env, () => clock.now()),
    http: new Http(() => clock.now()),
    end: () => clock.end(),
  }
}

export interface Services {
  incident: IncidentIo
  github: GitHub
}

/**
 * The clients of both services.
 *
 * @param writes how many secrets may have to be written
 */
export function connect(access: ServiceAccess, world: World, writes: number): Services {
  const userAgent = userAgentFor(world.env.GITHUB_REPOSITORY ?? '', world.context.runId, world.context.runAttempt)
  const kept = keptFor(writes)
  const [incidentTime, gitHubTime] = ServiceTime.pair()
  const { incidentApiKey, incidentApiUrl, github: credential, githubApiUrl: baseUrl } = access
  return {
    incident: incidentIo(
      incidentApiKey,
      incidentApiUrl,
      world.http.sender(userAgent, incidentTime),
      incidentTime,
      world,
    ),
    github: gitHub(
      credential,
      {
        ...world,
        baseUrl,
        sender: (distance, connections) => world.http.sender(userAgent, gitHubTime, distance, connections),
        kept,
      },
      gitHubTime,
    ),
  }
}

/**
 * The `User-Agent` of every request. incident.io's audit log keeps it as `context.user_agent` of `api_key.rotated`, so
 * it names the run that rotated.
 */
export function userAgentFor(repository: string, runId: number, runAttempt: number): string {
  return `rotate-incident-key/${VERSION} (${repository}; run ${runId}/${runAttempt})`
}
