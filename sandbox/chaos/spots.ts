import type { FaultRule } from '../faults.ts'
import type { Exchange } from '../journal.ts'

/** One request of a run, by what it is: it is known again in every other run of the same stage. */
export interface Spot {
  service: 'incident' | 'github'
  method: string
  /** As it was sent, with `:id` where a run has another value each time. */
  path: string
  /** How many requests of the same method and path come before it. */
  index: number
}

/** Ids of keys, numbers of runs and installations, and the random end of a probe's name. */
const ID = /(?<=\/)(?:[0-9A-HJKMNP-TV-Z]{26}|\d+)(?=\/|$)|(?<=PROBE_)[0-9A-F]+/g

/** The requests of a run in the order they arrived. */
export function spotsIn(journal: readonly Exchange[]): Spot[] {
  const counts = new Map<string, number>()
  return [...journal]
    .sort((a, b) => a.at - b.at)
    .map(({ service, method, path: sent }) => {
      const path = sent.replace(ID, ':id')
      const index = counts.get(`${method} ${path}`) ?? 0
      counts.set(`${method} ${path}`, index + 1)
      return { service: service === 'GitHub' ? 'github' : 'incident', method, path, index }
    })
}

/** `PUT /repos/octo/app/actions/secrets/INCIDENT_API_KEY`, `GET /v1/identity (2)` … */
export function nameOf({ method, path, index }: Spot): string {
  return `${method} ${path}${index === 0 ? '' : ` (${index + 1})`}`
}

/** Where a fault strikes that is for this request. */
export function ruleFor({ method, path, index }: Spot): Pick<FaultRule, 'method' | 'path' | 'skip'> {
  return { method, path: patternOf(path), skip: index }
}

export function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(':id', '[^/]+')
  return new RegExp(`^${escaped}$`)
}

/** Whether a request may change something. */
export const changes = ({ method }: Pick<Spot, 'method'>): boolean => method !== 'GET'

export const isRotation = ({ path }: Pick<Spot, 'path'>): boolean => path.endsWith('/actions/rotate')

/** From the rotation to the last request that tells whether all is well. */
export function criticalOf(spots: readonly Spot[]): Spot[] {
  const from = spots.findIndex(isRotation)
  return spots.filter((spot, at) => at >= from && (spot.service === 'incident' || changes(spot)))
}
