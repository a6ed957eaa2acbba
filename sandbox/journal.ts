/** One request and what became of it. It joins the journal when it arrives, and is completed when its answer has gone. */
export interface Exchange {
  service: 'incident.io' | 'GitHub'
  /** When the request had arrived and when its answer had gone, in the stand-in clock's milliseconds since 1970. */
  at: number
  endedAt: number
  method: string
  /** As it was sent, without the query. */
  path: string
  query: string
  requestHeaders: Record<string, string>
  /** Parsed JSON, or the text itself where it is no JSON; undefined without a body. */
  requestBody: unknown
  /** Undefined: no answer was given. */
  status: number | undefined
  responseHeaders: Record<string, string>
  responseBody: unknown
  /** What was done to this exchange on demand, as `describeFault` names it. */
  fault?: string
}
