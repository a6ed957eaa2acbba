import type { Clock } from '../clock.ts'
import type { Answer } from '../faults.ts'
import type { Request, Route } from '../server.ts'
import type { Need } from './access.ts'
import type { Organization } from './organizations.ts'
import type { Repository, RepositoryStore } from './repositories.ts'
import type { TokenRecord } from './tokens.ts'

/** A request that was found to be allowed. */
export interface AnyCall {
  request: Request
  parameters: Record<string, string>
  endpoint: { documentation: string }
  clock: Clock
  /** The endpoint's own address, without a query. */
  url: string
}

export interface Call extends AnyCall {
  repository: Repository
}

export interface OrganizationCall extends AnyCall {
  organization: Organization
  repositories: RepositoryStore
  token: TokenRecord
}

export interface EndpointHandler<EachCall> {
  need: Need
  documentation: string
  answer: (call: EachCall) => Answer
}

/** An endpoint of a repository; its path starts after the repository's. */
export type Endpoint<EachCall extends AnyCall = Call> = Route<EndpointHandler<EachCall>>

/** An endpoint of an organization; its path starts after the organization's. */
export type OrganizationEndpoint = Endpoint<OrganizationCall>
