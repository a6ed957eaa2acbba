import { nameOf } from '../destination.ts'
import { quote } from '../services/problem.ts'
import { identityOf } from './destinations.ts'
import type { ReadEntry } from './manifest-entry.ts'
import type { Finding } from './manifest-yaml.ts'
import type { Path } from './yaml-positions.ts'

/** On which line something stands by itself or by an alias, counted from 1. */
type LineOf = (path: Path) => number

/** Two entries for one key, by its name or by its id. The entries may be wrong in other ways. */
export function twiceNamed(entries: readonly unknown[], lineOf: LineOf): Finding[] {
  const findings: Finding[] = []
  for (const property of ['name', 'id'] as const) {
    const first = new Map<string, Path>()
    for (const [index, entry] of entries.entries()) {
      const value = (entry as Record<string, unknown> | null | undefined)?.[property]
      if (typeof value !== 'string' || value.trim() === '') continue
      const path: Path = ['keys', index, property]
      const before = first.get(value.trim())
      if (before === undefined) first.set(value.trim(), path)
      else {
        const sentence = `the entry on line ${lineOf(before)} is for the key with the ${property} ${quote(value)} too; make one entry of both.`
        findings.push({ path, isOfUse: true, sentence })
      }
    }
  }
  return findings
}

/** One secret that two keys feed, of which only one could be in it. */
export function twiceFed(entries: readonly ReadEntry[], lineOf: LineOf): Finding[] {
  const findings: Finding[] = []
  const first = new Map<string, { entry: ReadEntry['entry']; at: Path }>()
  for (const { entry, paths } of entries) {
    for (const [index, destination] of entry.destinations.entries()) {
      const at = paths[index] ?? []
      const identity = identityOf(destination)
      const before = first.get(identity)
      if (before === undefined) first.set(identity, { entry, at })
      else if (!isSameKey(before.entry, entry)) {
        const name = calledIn(before.entry)
        const other = name === '' ? 'another key' : `the key ${quote(name)}`
        const sentence = `${nameOf(destination)} is fed by ${other} on line ${lineOf(before.at)} already, and here, on line ${lineOf(at)}, by another one; a secret holds one token. Give one of them another name ("as"), or take the place out of one entry.`
        findings.push({ path: at, isOfUse: true, sentence })
      }
    }
  }
  return findings
}

/** Two entries for one key are told as that. */
function isSameKey(one: ReadEntry['entry'], other: ReadEntry['entry']): boolean {
  const name = calledIn(one)
  return name !== '' && one.key.by === other.key.by && name === calledIn(other)
}

/** What an entry calls its key; empty where that is wrong. */
function calledIn({ key }: ReadEntry['entry']): string {
  return (key.by === 'name' ? key.name : key.id).trim()
}
