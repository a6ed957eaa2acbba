import type { Entry, Policy } from './entry.ts'
import { twiceFed, twiceNamed } from './manifest-conflicts.ts'
import { type ReadEntry, readEntry } from './manifest-entry.ts'
import { schemaFindings } from './manifest-schema.ts'
import type { ManifestMistake } from './manifest-source.ts'
import { soundPartOf } from './manifest-written.ts'
import { type Finding, readYaml } from './manifest-yaml.ts'
import type { Path } from './yaml-positions.ts'

export type { ManifestMistake } from './manifest-source.ts'

/** What a manifest may leave out, and what it must not hold. */
export interface ManifestAround {
  /** For what the entries do not say themselves. */
  readonly defaults: Policy
  /** The repository that the workflow runs in, from `GITHUB_REPOSITORY`. */
  readonly repository: string | undefined
  /** Hides a word from the log if it is a token, and says whether it was one. */
  readonly hidesTokens: (word: string) => boolean
}

/**
 * Reads a manifest.
 *
 * @returns the entries that are without mistakes, and every mistake in the order of the file. A file with broken YAML
 *   has no others
 */
export async function parseManifest(
  text: string,
  around: ManifestAround,
): Promise<{ entries: Entry[]; mistakes: ManifestMistake[] }> {
  const yaml = readYaml(text.replace(/^\uFEFF/, ''), around.hidesTokens)
  const { source, mistakes, data, offsetOf, useOf } = yaml
  if (data === undefined) return { entries: [], mistakes: inOrder(mistakes) }
  const findings = data === null ? [NOTHING] : await schemaFindings(data, yaml.spellingOf)

  const entries = listedIn(data)
  const lineOf = (path: Path) => source.lineOf(useOf(path))
  const wrong = Map.groupBy(findings, ({ path }) => path[1])
  const read = entries.flatMap((entry, index): (ReadEntry & { index: number })[] => {
    const sound = soundPartOf(entry, wrong.get(index) ?? [])
    return sound === undefined ? [] : [{ ...readEntry(sound, ['keys', index], around), index }]
  })
  const all: Finding[] = [
    ...findings,
    ...read.flatMap((one) => one.findings),
    ...twiceNamed(entries, lineOf),
    ...twiceFed(read, lineOf),
  ]
  const told = all.map(({ path, isOfKey, isOfUse, sentence }) =>
    source.mistakeAt(isOfUse ? useOf(path) : offsetOf(path, isOfKey), sentence),
  )
  // Of a place with a token, or of a property that is given twice, nothing more is said.
  const places = new Set(mistakes.map(placeOf))
  return {
    entries: read
      .filter((one) => one.findings.length === 0 && !wrong.has(one.index))
      .map(({ entry, index }) => ({ ...entry, line: lineOf(['keys', index]) })),
    mistakes: inOrder([...mistakes, ...withoutTwins(told.filter((mistake) => !places.has(placeOf(mistake))))]),
  }
}

const NOTHING: Finding = {
  path: [],
  sentence: 'the file holds no keys; begin it with "keys:", and list them below, like "- name: CI deploy key".',
}

function listedIn(data: unknown): readonly unknown[] {
  const keys = (data as { keys?: unknown } | null)?.keys
  return Array.isArray(keys) ? keys : []
}

const placeOf = ({ line, column }: ManifestMistake): string => `${line}:${column}`

/** What is in two entries by an alias has its mistakes once. */
function withoutTwins(mistakes: readonly ManifestMistake[]): ManifestMistake[] {
  return [...new Map(mistakes.map((one) => [`${placeOf(one)} ${one.sentence}`, one])).values()]
}

function inOrder(mistakes: readonly ManifestMistake[]): ManifestMistake[] {
  return [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column)
}
