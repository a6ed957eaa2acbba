import type { Ignored } from '../2-look/why-ignored.ts'
import type { Reason } from '../3-decide/decide.ts'
import type { RunNeed } from '../3-decide/needs.ts'

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** A span of milliseconds in words, in its largest whole unit: `41 days`, `1 hour`. */
export function span(ms: number): string {
  for (const [unit, size] of UNITS) {
    const count = Math.floor(Math.max(0, ms) / size)
    if (count >= 1) return plural(count, unit)
  }
  return 'less than a minute'
}

/** Why the key is rotated, or is not, as the end of a sentence. */
export function reasonInWords(reason: Reason | Ignored['because']): string {
  switch (reason.kind) {
    case 'forced':
      return 'force is true'
    case 'healing': {
      const stale = reason.stale > 0 ? [`${plural(reason.stale, 'secret')} older than the key's token`] : []
      const missing = reason.missing > 0 ? [`${plural(reason.missing, 'secret')} missing`] : []
      return [...stale, ...missing].join(' and ')
    }
    case 'due':
      return `the token is ${span(reason.age)} old, due at ${reason.minTokenAge === 0 ? 'any age' : span(reason.minTokenAge)}`
    case 'overdue':
      return `the token is ${span(reason.age)} old, past its max-token-age of ${span(reason.maxTokenAge)}`
    case 'young':
      return `the token is ${span(reason.age)} old, due in ${span(reason.dueIn)}`
    case 'answered':
      return 'every copy holds its token, and an event of the audit log only mends'
    case 'archived':
      return 'every destination is in an archived repository'
    case 'repair-paused':
      return 'two runs in a row failed to repair its secrets'
    case 'missing-key':
      return 'there is no such key, and create is true'
    case 'another-key':
      return "the audit log's entry is not about this key"
    case 'at-work':
      return `the run that rotated it is still in progress: ${reason.run}`
    case 'only-heals':
      return `the token is ${span(reason.age)} old, and min-token-age is never: only stale or missing copies are mended`
  }
}

/** Returns how much of a need is spent in line for a concurrency group, as the end of a sentence; empty without a wait. */
export function inLine({ waitMinutes }: Pick<RunNeed, 'waitMinutes'>): string {
  if (waitMinutes === undefined) return ', and waits in line for an unknown time'
  return waitMinutes === 0 ? '' : `, of which it waits in line for ${plural(Math.ceil(waitMinutes), 'minute')}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
