import type { Clock } from '../clock.ts'
import type { Answer } from '../faults.ts'
import type { Request, Route } from '../server.ts'
import type { Need } from './access.ts'
import type { Repository } from './repositories.ts'

/** A request that was found to be allowed. */
export interface Call {
  request: Request
  repository: Repository
  parameters: Record<string, string>
  endpoint: EndpointHandler
  clock: Clock
  /** The endpoint's own address, without a query. */
  url: string
}

export interface EndpointHandler {
  need: Need
  documentation: string
  answer: (call: Call) => Answer
}

/** An endpoint of a repository; its path starts after the repository's. */
export type Endpoint = Route<EndpointHandler>
