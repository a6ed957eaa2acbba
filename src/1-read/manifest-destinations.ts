import type { Destination } from '../destination.ts'
import { identityOf, readPlace } from './destinations.ts'
import type { Sound, WrittenDestination } from './manifest-written.ts'
import type { Finding } from './manifest-yaml.ts'
import { isKind, type Place } from './place.ts'
import { secretNameMistake } from './secret-name.ts'
import type { Path } from './yaml-positions.ts'

/** The destinations without duplicates, where each of them stands in the file, and what is wrong with them. */
interface Placed {
  readonly destinations: readonly Destination[]
  readonly paths: readonly Path[]
  readonly findings: readonly Finding[]
}

/** @param own the repository that the workflow runs in, empty when it is not known */
export function readDestinations({ written, isLeftOut }: Sound, path: Path, own: string): Placed {
  const findings: Finding[] = []
  const wrong = (at: Path, sentence: string): undefined => {
    findings.push({ path: at, sentence })
  }
  const nameMistake = written.secret === undefined ? undefined : secretNameMistake(written.secret)
  if (nameMistake !== undefined) wrong([...path, 'secret'], `"secret"${nameMistake}.`)
  const { destinations = isLeftOut('destinations') ? undefined : [] } = written
  const items: readonly { item: WrittenDestination; at: Path }[] = destinations?.flatMap((item, index) =>
    item === undefined ? [] : [{ item, at: [...path, 'destinations', index] }],
  ) ?? [{ item: { repository: null } as WrittenDestination, at: path }]
  // One that is wrong may have the name.
  const isWhole = destinations === undefined || (items.length > 0 && items.length === destinations.length)
  const isSecretMissing = isLeftOut('secret') && isWhole && items.every(({ item }) => item.as === undefined)
  if (isSecretMissing) {
    wrong(path, 'this entry names no secret; give "secret", the name of the GitHub secret that holds the token.')
  }

  const secretOf = ({ as }: WrittenDestination, at: Path): string | undefined => {
    if (as !== undefined) {
      const mistake = secretNameMistake(as)
      return mistake === undefined ? as.toUpperCase() : wrong([...at, 'as'], `"as"${mistake}.`)
    }
    if (isLeftOut('secret') && !isSecretMissing) {
      wrong(at, 'this destination has no "as", and its entry no "secret"; give one of them, to name the GitHub secret.')
    }
    return nameMistake === undefined ? written.secret?.toUpperCase() : undefined
  }
  const placeOf = (item: WrittenDestination, at: Path): Place | undefined => {
    const kind = Object.keys(item).find(isKind) ?? ''
    const target = item[kind]
    const place = readPlace(target === null ? kind : `${kind}: ${target}`, undefined, own)
    if (!('wrong' in place)) return place
    const hint = /\sas\s+\w+$/.test(target ?? '') ? ' The secret\'s name is a property of its own here, "as".' : ''
    return wrong(target === null ? at : [...at, kind], `${place.wrong}.${hint}`)
  }

  const found = new Map<string, { destination: Destination; at: Path }>()
  for (const { item, at } of items) {
    const [place, secret] = [placeOf(item, at), secretOf(item, at)]
    if (place === undefined || secret === undefined) continue
    const destination = { ...place, secret }
    const identity = identityOf(destination)
    if (!found.has(identity)) found.set(identity, { destination, at })
  }
  const kept = [...found.values()]
  return { destinations: kept.map(({ destination }) => destination), paths: kept.map(({ at }) => at), findings }
}
