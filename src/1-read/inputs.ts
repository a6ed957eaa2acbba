import * as core from '@actions/core'
import type { Destination } from '../destination.ts'
import { ManifestProblem, quote } from '../services/problem.ts'
import { accessFrom, type ServiceAccess, withoutMistakes } from './access.ts'
import { type Age, nearAge, nearMinutes, parseAge } from './age.ts'
import { hidesToken, shown, type Wrong } from './credentials.ts'
import { DEFAULTS, given, MOST_MINUTES } from './defaults.ts'
import { parseDestinations, tooManyDestinations, unavailableKinds } from './destinations.ts'
import type { Entry, KeySelector, Policy } from './entry.ts'
import { type AuditEvent, readEvent } from './event.ts'
import { nearest } from './nearest.ts'
import { secretNameMistake } from './secret-name.ts'

/** What holds for every key of this step. */
interface Common extends ServiceAccess, Policy {
  /** How long to wait first for runs that need the old token for too long, in whole minutes. */
  readonly maxWaitMinutes: number
  readonly force: boolean
  readonly dryRun: boolean
  /** The entry of incident.io's audit log that started this run. */
  readonly event: AuditEvent | undefined
}

/** What the user asked for of one key, read once. */
export interface Inputs extends Common {
  readonly key: KeySelector
  readonly destinations: readonly Destination[]
}

/** What the user asked for of the keys of a manifest; the policy is the default of its entries. */
export interface ManifestInputs extends Common {
  /** The file, as the input names it. */
  readonly manifest: string
  readonly entries: readonly Entry[]
  /** Which of the entries alone; undefined for all of them. */
  readonly pick: KeySelector | undefined
}

const AGES = 'write 0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w'

/**
 * Reads and checks every input, the manifest too, and masks the credentials before anything else.
 *
 * @param env the environment; `GITHUB_REPOSITORY` is the repository the workflow runs in
 * @throws InputProblem for one mistake, AggregateError of them for several
 */
export async function readInputs(env: NodeJS.ProcessEnv): Promise<Inputs | ManifestInputs> {
  const manifest = core.getInput('manifest')
  if (manifest === '') return Object.freeze(withoutMistakes((wrong) => readForOneKey(env, wrong)))
  const inputs = withoutMistakes((wrong) => readForManifest(env, wrong))
  const { readManifest } = await import('./manifest-file.ts')
  const around = { defaults: inputs, repository: env.GITHUB_REPOSITORY, hidesTokens: hidesToken }
  const entries = await readManifest(manifest, around, env)
  const { by } = inputs.github
  const problems = entries.flatMap(({ line, destinations }) =>
    [
      ...unavailableKinds(destinations, by, inputs.githubApiUrl, 'the entry'),
      ...tooManyDestinations(destinations, by, 'the entry'),
    ].map((sentence) => new ManifestProblem(manifest, sentence, { line })),
  )
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems)
  return Object.freeze({ ...inputs, manifest, entries })
}

function readForOneKey(env: NodeJS.ProcessEnv, wrong: Wrong): Inputs {
  const common = readCommon(env, wrong)
  const destinations = readDestinations(env, wrong)
  for (const mistake of unavailableKinds(destinations, common.github.by, common.githubApiUrl)) wrong(mistake)
  for (const mistake of tooManyDestinations(destinations, common.github.by)) wrong(mistake)
  const key = readSelector(wrong)
  if (key === undefined) {
    wrong(
      'Inputs "key-name" and "key-id" are both empty; give one of them, to say which API key to rotate, like "key-name: CI deploy key".',
    )
  }
  return { ...common, key: key ?? { by: 'name', name: '' }, destinations }
}

function readForManifest(env: NodeJS.ProcessEnv, wrong: Wrong): Omit<ManifestInputs, 'entries' | 'manifest'> {
  const common = readCommon(env, wrong)
  const beside = ['secret-name', 'destinations'].filter((input) => {
    const text = core.getInput(input)
    return text !== '' && text !== DEFAULTS.destinations
  })
  for (const input of beside) {
    wrong(
      `Inputs "manifest" and "${input}" are both given; the manifest says which secrets hold which key: leave "${input}" out.`,
    )
  }
  return { ...common, pick: readSelector(wrong) }
}

function readCommon(env: NodeJS.ProcessEnv, wrong: Wrong): Common {
  const access = accessFrom(env, wrong)
  return {
    ...access,
    ...readPolicy(wrong),
    maxWaitMinutes: readMinutes('max-wait-minutes', wrong),
    force: readYesOrNo('force', wrong),
    dryRun: readYesOrNo('dry-run', wrong),
    event: readEvent(env),
  }
}

function readPolicy(wrong: Wrong): Policy {
  const minText = given('min-token-age')
  const maxText = core.getInput('max-token-age')
  const minTokenAge: Age = minText === 'never' ? 'never' : readAge('min-token-age', minText, wrong)
  const maxTokenAge = maxText === '' ? undefined : readAge('max-token-age', maxText, wrong)
  if (maxTokenAge !== undefined && isAbove(minText, maxText)) {
    wrong(
      `Inputs "min-token-age" and "max-token-age" are crossed: ${quote(minText)} is above ${quote(maxText)}. ` +
        'Give a max-token-age that is not below min-token-age, like 60d with a min-token-age of 30d.',
    )
  }
  return {
    grace: readGrace(given('grace-period-minutes'), wrong),
    minGraceMinutes: readMinutes('min-grace-minutes', wrong),
    longRuns: readLongRuns(given('long-runs'), wrong),
    minTokenAge,
    maxTokenAge,
  }
}

function readAge(name: string, text: string, wrong: Wrong): number {
  const read = parseAge(text)
  if (read === undefined) {
    const takesNever = name === 'min-token-age'
    const never = takesNever ? ', or never' : ''
    const meant = takesNever && /^never$/i.test(text) ? 'never' : nearAge(text)
    const hint = meant === undefined ? '' : ` Did you mean ${quote(meant)}?`
    wrong(`Input "${name}": ${shown(text)} is not an age; ${AGES}${never}.${hint}`)
  }
  return read ?? 0
}

function readYesOrNo(name: 'force' | 'dry-run', wrong: Wrong): boolean {
  const text = given(name)
  // YAML 1.2's own spellings, the ones that core.getBooleanInput takes.
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true'
  wrong(`Input "${name}": ${shown(text)} is neither true nor false; write true or false.`)
  return false
}

function readMinutes(name: 'min-grace-minutes' | 'max-wait-minutes', wrong: Wrong): number {
  const most = MOST_MINUTES[name]
  const read = wholeMinutes(given(name), most)
  if (read === undefined) {
    const meant = nearMinutes(given(name))
    const hint = meant !== undefined && meant <= most ? ` Did you mean ${meant}?` : ''
    wrong(
      `Input "${name}": ${shown(given(name))} is not a whole number of minutes from 0 to ${most}; write one, like 30.${hint}`,
    )
  }
  return read ?? 0
}

/** Whether one age is above another; what is no age at all is told as that, and `never` is above none. */
function isAbove(min: string, max: string): boolean {
  const [low, high] = [parseAge(min), parseAge(max)]
  return low !== undefined && high !== undefined && low > high
}

/** Stands for a token that was given in the place of a name, so that nothing more is said of it. */
const IN_ITS_PLACE = 'A_TOKEN'

/** Reads the name of something; a token in its place is masked and refused. */
function readName(input: string, wrong: Wrong, options?: core.InputOptions): string {
  const name = core.getInput(input, options)
  if (name.trim() === '' || !hidesToken(name.trim())) return name
  wrong(
    `Input "${input}" holds a token, and not the name of something. Give the name; if the token was committed with it, revoke it.`,
  )
  return IN_ITS_PLACE
}

/** Which key; undefined when nothing says it. */
function readSelector(wrong: Wrong): KeySelector | undefined {
  // A name may begin or end with white space: it is looked for as it is given, and trimmed only then.
  const untrimmed = readName('key-name', wrong, { trimWhitespace: false })
  const name = untrimmed.trim() === '' ? '' : untrimmed
  const id = readName('key-id', wrong)
  if (name === '' && id === '') return undefined
  if (name !== '' && id !== '') {
    wrong(
      `Inputs "key-name" (${quote(name)}) and "key-id" (${quote(id)}) are both given; give only one of them, ` +
        'so that it is clear which API key to rotate.',
    )
  }
  if (/^\.{1,2}$/.test(id))
    wrong(
      `Input "key-id": ${quote(id)} is not an id, like 01FCNDV6P870EA6S7TK1DSYDG0; copy it from incident.io's dashboard.`,
    )
  return name === '' ? { by: 'id', id } : { by: 'name', name }
}

function readGrace(text: string, wrong: Wrong): 'auto' | number {
  if (text === 'auto') return text
  const minutes = wholeMinutes(text, MOST_MINUTES['grace-period-minutes'])
  if (minutes !== undefined) return minutes
  wrong(
    `Input "grace-period-minutes": ${shown(text)} is neither auto nor a whole number of minutes from 0 to 60, which is ` +
      'what incident.io allows; write auto, or a number like 30. For longer runs see "long-runs" and "max-wait-minutes".',
  )
  return 'auto'
}

/** A whole number from 0 to `most`; undefined for anything else. */
function wholeMinutes(text: string, most: number): number | undefined {
  const minutes = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return minutes <= most ? minutes : undefined
}

function readLongRuns(text: string, wrong: Wrong): Inputs['longRuns'] {
  if (text === 'defer' || text === 'proceed' || text === 'fail') return text
  const meant = nearest(text, ['defer', 'proceed', 'fail'])
  const wait = /wait/i.test(text) ? ' To wait for such runs first, give "max-wait-minutes".' : ''
  const hint = meant === undefined ? wait : ` Did you mean ${meant}?`
  wrong(`Input "long-runs": ${shown(text)} is not one of defer, proceed or fail; write one of them.${hint}`)
  return 'defer'
}

function readDestinations(env: NodeJS.ProcessEnv, wrong: Wrong): Destination[] {
  const secretName = readName('secret-name', wrong)
  const mistake = secretName === '' ? undefined : secretNameMistake(secretName)
  if (mistake !== undefined) wrong(`Input "secret-name"${mistake}.`)
  // As it was given, for the numbers of its lines.
  const given = core.getInput('destinations', { trimWhitespace: false })
  const text = readName('destinations', wrong, { trimWhitespace: false })
  if (text !== given) return []
  const { destinations, mistakes } = parseDestinations(text, {
    secretName,
    repository: env.GITHUB_REPOSITORY,
    hidesTokens: hidesToken,
  })
  for (const one of mistakes) wrong(one)
  return destinations
}
