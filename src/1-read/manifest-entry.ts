import { MANAGING } from '../services/incident-io.ts'
import { quote } from '../services/problem.ts'
import { type Age, parseAge } from './age.ts'
import type { Entry, KeySelector, Policy } from './entry.ts'
import { readDestinations } from './manifest-destinations.ts'
import type { Sound, Written } from './manifest-written.ts'
import type { Finding } from './manifest-yaml.ts'
import type { Path } from './yaml-positions.ts'

/** What an entry may leave out. */
export interface EntryAround {
  readonly defaults: Policy
  readonly repository: string | undefined
}

/** An entry, the places of its destinations in the file, and every mistake in it. */
export interface ReadEntry {
  readonly entry: Omit<Entry, 'line'>
  readonly paths: readonly Path[]
  readonly findings: readonly Finding[]
}

/** Reads what of an entry keeps to the schema. What it says must make sense too. */
export function readEntry(sound: Sound, path: Path, around: EntryAround): ReadEntry {
  const { written } = sound
  const placed = readDestinations(sound, path, around.repository ?? '')
  const { state = 'present', create = false } = written
  const policy = readPolicy(written, around.defaults)
  const entry: Omit<Entry, 'line'> = {
    key: readSelector(written),
    state,
    destinations: placed.destinations,
    policy,
    roles: written.roles,
    teamIds: written['team-ids'],
    teamRoles: written['team-roles'],
    comments: written.comments,
    create,
    evenIfUsed: written['even-if-used'] ?? false,
  }
  // What a key should have been is of no consequence once it is to be gone.
  const isToStay = state === 'present' && isKnown('state', sound)
  const findings = [
    ...idFindings(written, path),
    ...placed.findings,
    ...(isToStay ? [...ageFindings(policy, sound, path), ...roleFindings(written, path)] : []),
  ]
  return { entry, paths: placed.paths, findings }
}

/** Whether it is known what a property is to be, by itself or by its default. */
function isKnown(property: keyof Written, { written, isLeftOut }: Sound): boolean {
  return written[property] !== undefined || isLeftOut(property)
}

function readSelector({ name, id = '' }: Written): KeySelector {
  return name === undefined ? { by: 'id', id: id.trim() } : { by: 'name', name }
}

function readPolicy(written: Written, defaults: Policy): Policy {
  return {
    grace: written['grace-period-minutes'] ?? defaults.grace,
    minGraceMinutes: written['min-grace-minutes'] ?? defaults.minGraceMinutes,
    longRuns: written['long-runs'] ?? defaults.longRuns,
    minTokenAge: ageOf(written['min-token-age']) ?? defaults.minTokenAge,
    maxTokenAge: milliseconds(written['max-token-age']) ?? defaults.maxTokenAge,
  }
}

function ageOf(written: string | 0 | undefined): Age | undefined {
  return written === 'never' ? written : milliseconds(written)
}

function milliseconds(written: string | 0 | undefined): number | undefined {
  return written === undefined ? undefined : parseAge(String(written))
}

function idFindings({ id }: Written, path: Path): Finding[] {
  // It becomes a part of a URL's path, in which dots climb.
  if (id === undefined || !/^\.{1,2}$/.test(id.trim())) return []
  return [{ path: [...path, 'id'], sentence: `${quote(id)} is not an id; copy it from incident.io's dashboard.` }]
}

function ageFindings({ minTokenAge, maxTokenAge }: Policy, sound: Sound, path: Path): Finding[] {
  const { written } = sound
  if (!isKnown('min-token-age', sound) || !isKnown('max-token-age', sound)) return []
  if (maxTokenAge === undefined || minTokenAge === 'never' || minTokenAge <= maxTokenAge) return []
  const name = (property: 'min-token-age' | 'max-token-age') =>
    written[property] === undefined ? `the input "${property}"` : `"${property}" (${written[property]})`
  const [given] = (['min-token-age', 'max-token-age'] as const).filter((one) => written[one] !== undefined)
  // That the inputs are crossed is told of them.
  if (given === undefined) return []
  const sentence = `${name('min-token-age')} is above ${name('max-token-age')}; give a max-token-age that is not below it.`
  return [{ path: [...path, given], sentence }]
}

function roleFindings(written: Written, path: Path): Finding[] {
  const { 'team-ids': teamIds, 'team-roles': teamRoles, create = false } = written
  const findings: Finding[] = []
  if (teamIds !== undefined && teamRoles !== undefined && (teamIds.length === 0) !== (teamRoles.length === 0)) {
    const [empty, other] = teamIds.length === 0 ? ['team-ids', 'team-roles'] : ['team-roles', 'team-ids']
    const sentence = `"${empty}" is empty, and "${other}" is not; incident.io wants both empty or both not.`
    findings.push({ path: [...path, empty], sentence })
  }
  if (!create) return findings
  if (written.id !== undefined) {
    const sentence = 'an id is given by incident.io when the key is made; to create one, give its "name".'
    findings.push({ path: [...path, 'create'], isOfKey: true, sentence })
  }
  for (const list of ['roles', 'team-roles'] as const) {
    const index = written[list]?.indexOf(MANAGING) ?? -1
    if (index < 0) continue
    const sentence = `a key with ${MANAGING} cannot be created through the API; make it in incident.io's dashboard, and leave "create" out.`
    findings.push({ path: [...path, list, index], sentence })
  }
  return findings
}
