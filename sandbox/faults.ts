/** What a handler gives; names of headers are lower case. A body is sent as JSON, a text as HTML. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** What to do to a request or to its answer. Times are real milliseconds, since they are there to try out time limits. */
export type Fault =
  /** Answers so. With `afterEffect` the request took effect, and only the answer is replaced. */
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown; afterEffect?: boolean }
  /** Breaks the connection before or after the request took effect. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** Never answers. */
  | { kind: 'hang'; when: 'before' | 'after' }
  /** Takes effect; the headers and half of the body arrive, then the connection breaks. */
  | { kind: 'cut-off' }
  /** Takes effect; the answer's status with a body that is no JSON. */
  | { kind: 'unreadable' }
  /** Answers late, otherwise as ever. */
  | { kind: 'delay'; ms: number }
  /** The headers at once, then the body, one byte every so many milliseconds. */
  | { kind: 'drip'; ms: number }
  /** Takes effect, and the connection breaks; from then on every request is answered with 503 for so much time. */
  | { kind: 'outage'; ms: number }
  /** Takes effect; the body is encoded although nobody asked for it. */
  | { kind: 'encoded'; encoding: 'gzip' | 'deflate' | 'br' }
  /** Takes effect so much later. Answers at once if there is an answer, and never if there is none. */
  | { kind: 'late'; ms: number; answer?: Answer }
  /** Takes effect; the answer is changed on its way. */
  | { kind: 'answer'; change: (answer: Answer) => Answer }

export interface FaultRule {
  method?: string
  /** Matched against the path as it was sent, without the query. */
  path?: RegExp
  /** Lets so many matching requests pass first. */
  skip?: number
  /** How often it strikes: once when left out, always with Infinity. */
  times?: number
  fault: Fault
}

/** The faults a server has in store. The oldest rule that matches and still has strikes left wins. */
export class Faults {
  #rules: Array<FaultRule & { skip: number; times: number }> = []

  add(rule: FaultRule): void {
    this.#rules.push({ ...rule, skip: rule.skip ?? 0, times: rule.times ?? 1 })
  }

  clear(): void {
    this.#rules = []
  }

  /** The fault for this request. The server asks once a request, since asking uses a strike up. */
  take(method: string, path: string): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.times <= 0 || !matches(rule, method, path)) continue
      if (rule.skip > 0) {
        rule.skip -= 1
        continue
      }
      rule.times -= 1
      return rule.fault
    }
    return undefined
  }
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false
  return rule.path === undefined || path.search(rule.path) !== -1
}

/** A fault's name in the journal: `status 503`, `reset after`, `cut-off`, `delay` … */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'status') return `status ${fault.status}${fault.afterEffect ? ' after' : ''}`
  return 'when' in fault ? `${fault.kind} ${fault.when}` : fault.kind
}

/** Whether a fault keeps the request from taking effect. */
export function strikesBefore(fault: Fault): boolean {
  if (fault.kind === 'status') return !fault.afterEffect
  if (fault.kind === 'late') return true
  return 'when' in fault && fault.when === 'before'
}
