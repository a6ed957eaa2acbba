import { readFileSync } from 'node:fs'
import { type Histories, isFinished, type PastRun } from './histories.ts'

/** The content of a file for `--workloads`: durations to draw from in minutes, or real runs. */
export type OwnWorkloads =
  | { kind: 'samples'; samples: Readonly<Record<string, readonly number[]>> }
  | { kind: 'histories'; histories: Histories }

/** A run in a file: start and duration in minutes, and the conclusion; null for a run in flight. */
type WrittenRun = readonly [number, number, string | null]

/**
 * Reads a file for `--workloads`.
 *
 * @throws if it holds neither durations nor real runs
 */
export function readWorkloads(file: string): OwnWorkloads {
  const text = readFileSync(file, 'utf8')
  try {
    return toWorkloads(JSON.parse(text))
  } catch (error) {
    throw new Error(
      `Could not read the workloads in ${file}: ${(error as Error).message}. Give {"name": [minutes, …], …} with ` +
        'minutes above 0, or {"name": [[start in minutes, duration in minutes, "conclusion"], …], …} with real runs.',
    )
  }
}

function toWorkloads(content: unknown): OwnWorkloads {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new Error('it holds no object')
  const all: [string, unknown][] = Object.entries(content)
  if (all.length === 0) throw new Error('it holds no workload')
  if (all.every((entry) => hasSamples(entry)))
    return { kind: 'samples', samples: Object.fromEntries(all.filter(hasSamples)) }
  if (!all.every((entry) => hasRuns(entry))) throw new Error(mistakeIn(all))
  const histories = Object.fromEntries(all.filter(hasRuns).map(([name, runs]) => [name, runs.map(toPastRun)]))
  if (!Object.values(histories).flat().some(isFinished)) throw new Error('no run ended in "success" or "failure"')
  return { kind: 'histories', histories }
}

function mistakeIn(all: readonly [string, unknown][]): string {
  const [name] = all.find((entry) => !hasSamples(entry) && !hasRuns(entry)) ?? []
  if (name === undefined) return 'some workloads hold minutes, and others hold runs'
  return `"${name}" holds neither minutes nor runs`
}

const hasSamples = (entry: [string, unknown]): entry is [string, number[]] => isListOf(entry[1], isSample)
const hasRuns = (entry: [string, unknown]): entry is [string, WrittenRun[]] => isListOf(entry[1], isWrittenRun)

const isListOf = (value: unknown, isElement: (element: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isElement)

const isSample = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0

function isWrittenRun(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false
  const [start, duration, conclusion] = value
  const isConclusion = conclusion === null || typeof conclusion === 'string'
  return Number.isFinite(start) && Number.isFinite(duration) && duration >= 0 && isConclusion
}

function toPastRun([start, duration, conclusion]: WrittenRun): PastRun {
  return { start, end: conclusion === null ? Number.POSITIVE_INFINITY : start + duration, conclusion }
}
