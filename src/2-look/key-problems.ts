import { Problem, quote } from '../services/problem.ts'

/** A run that was cancelled begins with nothing more. */
export function cancelled(name: string, isBegun: boolean): Problem {
  return new Problem({
    goal: isBegun ? 'go on' : 'begin',
    subject: `with the API key ${quote(name)}`,
    cause: 'this run was cancelled',
    remedy: isBegun ? 'Run again to finish it.' : 'Nothing was changed for it. Run again.',
  })
}

/** A key that was missing when the keys were listed, and is there when it is to be made. */
export function madeMeanwhile(name: string): Problem {
  return new Problem({
    goal: 'make',
    subject: `the API key ${quote(name)}`,
    cause: 'something else has made a key of this name meanwhile',
    remedy: 'Nothing was changed for it. Run again: the next run rotates it, and writes its token.',
  })
}

/** Two that made a key of one name at the same time. */
export function madeTwice(name: string, keys: readonly { id: string }[]): Problem {
  return new Problem({
    goal: 'make only one',
    subject: `API key ${quote(name)}`,
    cause: `something else made one at the same time: ${keys.map(({ id }) => id).join(', ')}`,
    remedy: 'Delete the others in the dashboard, and let one workflow alone keep this manifest.',
  })
}
