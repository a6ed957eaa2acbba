import type { HeldCopy, Moment, Story } from './play.ts'
import { bearerOf, countIn, sentIn, visible } from './seen.ts'
import { isRotation } from './spots.ts'
import { READERS } from './stage.ts'

/** What no fault may break. Each tells what is wrong, one line for each thing. */
export const INVARIANTS: Readonly<Record<string, (story: Story) => string[]>> = {
  'no credential is seen': unseen,
  'credentials go to their own service': rightHosts,
  'every credential is masked': masked,
  'a step ends as steps end': endings,
  'exit 0 only with the current token everywhere': exitZero,
  'what is told is true': toldTruly,
  'the old token lives for its whole grace': wholeGrace,
  'a signal that ends the run has changed nothing': nothingBySignal,
  'a signal after the rotation stops nothing': workGoesOn,
  'the post step heals when the services are well': postHeals,
  'the post step is silent when there is nothing to do': postSilent,
  'three rotations at most in a step': threeTries,
  'a token that was had is not replaced': noNeedlessRotation,
  'only those who could read the secret can': sameReaders,
  'a clean run ends with everything current': cleanRun,
  'what was planned did happen': met,
}

/** Every violation, as `what no fault may break: what is wrong`. */
export function violationsOf(story: Story): string[] {
  return Object.entries(INVARIANTS).flatMap(([name, check]) => check(story).map((wrong) => `${name}: ${wrong}`))
}

/** The copies that do not hold the key's current token. */
export function staleAt({ copies, tokens }: Pick<Moment, 'copies' | 'tokens'>): HeldCopy[] {
  const current = tokens.at(-1)?.token
  return copies.filter(({ value }) => value !== current)
}

export function momentOf({ moments }: Story, step: Moment['step']): Moment | undefined {
  return moments.find((moment) => moment.step === step)
}

const MINUTE = 60_000
/** incident.io tells its dates in microseconds, and the action in milliseconds. */
const ROUNDING = 2

const list = (copies: readonly HeldCopy[]): string => copies.map(({ place }) => place).join(', ')

function unseen({ moments, credentials }: Story): string[] {
  return moments.flatMap(({ step, result, leftBehind }) => [
    ...(countIn(visible(result), credentials) > 0 ? [`${step} shows a credential`] : []),
    ...leftBehind.map((file) => `${step} left the file ${file} behind`),
  ])
}

function rightHosts({ journal, credentials }: Story): string[] {
  return journal.flatMap((exchange) => {
    const { service, method, path } = exchange
    const isForeign = (service === 'GitHub') === bearerOf(exchange).startsWith('inc_')
    const isInText = countIn(sentIn(exchange), credentials) > 0
    return isForeign || isInText ? [`${service} was sent one with ${method} ${path}`] : []
  })
}

function masked({ journal, moments }: Story): string[] {
  let since = Number.NEGATIVE_INFINITY
  return moments.flatMap(({ step, result, at }) => {
    const masks = new Set(result.masks)
    const sent = journal.filter((exchange) => exchange.at > since && exchange.at <= at)
    since = at
    const bare = sent.filter((exchange) => !masks.has(bearerOf(exchange)))
    return bare.length > 0 ? [`${step} sent ${bare.length} requests with one that was not`] : []
  })
}

function endings({ case: one, moments }: Story): string[] {
  return moments.flatMap(({ step, result }) => {
    const { exitCode, signal, annotations, outputs, raw } = result
    const mayBeKilled = (step === 'main' && one.kill !== undefined) || (step === 'post' && one.killPostAt !== undefined)
    if (signal !== null) return mayBeKilled ? [] : [`${step} was ended by ${signal}: it hung`]
    const errors = annotations.filter(({ level }) => level === 'error').length
    return [
      ...(exitCode === 0 || exitCode === 1 ? [] : [`${step} exited with ${exitCode}`]),
      ...(exitCode === 1 && errors === 0 ? [`${step} exited with 1 without an error`] : []),
      ...(exitCode === 0 && errors > 0 ? [`${step} exited with 0 and an error`] : []),
      ...(exitCode === 1 && step !== 'post' && outputs.status !== 'failed' ? [`${step} told ${outputs.status}`] : []),
      ...(exitCode === 0 && step === 'main' && outputs.status !== 'rotated' ? [`main told ${outputs.status}`] : []),
      ...(/^\s+at .+:\d+:\d+\)?$/m.test(raw) ? [`${step} showed a stack trace`] : []),
    ]
  })
}

function exitZero({ moments }: Story): string[] {
  return moments.flatMap((moment) => {
    const stale = staleAt(moment)
    return moment.result.exitCode === 0 && stale.length > 0 ? [`${moment.step}, stale: ${list(stale)}`] : []
  })
}

interface ToldDestination {
  kind: string
  result: string
}

function toldTruly({ moments }: Story): string[] {
  return moments.flatMap((moment) => {
    const { step, result, tokens } = moment
    const stale = staleAt(moment)
    const told = JSON.parse(result.outputs.destinations || '[]') as ToldDestination[]
    // The stage has one destination of each kind.
    const wrong = told.filter(
      (one) => /created|updated|current/.test(one.result) && stale.some(({ place }) => place.startsWith(one.kind)),
    )
    const dies = Date.parse(result.outputs['old-token-expires-at'] ?? '')
    const isLate = step === 'main' && dies > (tokens[0]?.expiresAt ?? Number.POSITIVE_INFINITY) + ROUNDING
    return [
      ...wrong.map((one) => `${step} told ${one.result} of ${one.kind}, which is stale`),
      ...(isLate ? [`${step} told that the old token lives longer than it does`] : []),
    ]
  })
}

function wholeGrace({ case: one, moments, journal, jobEndsAt }: Story): string[] {
  const [first, second] = moments.at(-1)?.tokens ?? []
  if (first === undefined || second === undefined) return []
  const dies = first.expiresAt ?? Number.POSITIVE_INFINITY
  // The request that took effect is the last one that had arrived by then.
  const sent = journal.filter((exchange) => isRotation(exchange) && exchange.at <= second.issuedAt).at(-1)
  const minutes = Number((sent?.requestBody as { grace_period_minutes?: unknown } | undefined)?.grace_period_minutes)
  const early = second.issuedAt + minutes * MINUTE - dies
  const isAuto = one.flavour !== 'self' && one.with?.['grace-period-minutes'] === undefined
  return [
    ...(Number.isNaN(minutes) ? ['no grace period was sent'] : []),
    ...(early > ROUNDING ? [`it died ${Math.round(early / 1000)} s before its ${minutes} minutes were over`] : []),
    ...(isAuto && dies < jobEndsAt ? [`it died ${Math.round((jobEndsAt - dies) / 1000)} s before the job ended`] : []),
  ]
}

function nothingBySignal(story: Story): string[] {
  const { case: one, journal } = story
  const main = momentOf(story, 'main')
  const isEnded = main?.result.signal === 'SIGINT' || main?.result.signal === 'SIGTERM'
  if (main === undefined || one.kill === undefined || !isEnded) return []
  const writes = journal.filter(({ method, at }) => method === 'PUT' && at <= main.at).length
  return [
    ...(main.tokens.length > 1 ? ['the key was rotated'] : []),
    ...(writes > 0 ? [`${writes} secrets were written`] : []),
  ]
}

function workGoesOn(story: Story): string[] {
  const { case: one, journal } = story
  const main = momentOf(story, 'main')
  const isSoft = one.kill?.by === 'SIGINT' || one.kill?.by === 'SIGTERM'
  if (main === undefined || !isSoft || one.strikes.length > 0) return []
  const hasRotated = journal.some((exchange) => isRotation(exchange) && exchange.at <= main.at)
  return hasRotated && main.result.exitCode !== 0
    ? [`main ended with ${main.result.exitCode ?? main.result.signal}`]
    : []
}

function postHeals(story: Story): string[] {
  const { case: one } = story
  const post = momentOf(story, 'post')
  if (post === undefined || one.strikes.length > 0 || one.killPostAt !== undefined) return []
  return post.result.exitCode === 0 ? [] : [`it ended with ${post.result.exitCode ?? post.result.signal}`]
}

function postSilent(story: Story): string[] {
  const post = momentOf(story, 'post')
  const isWell = momentOf(story, 'main')?.result.exitCode === 0
  return isWell && post !== undefined && post.result.raw !== '' ? ['it spoke although main ended well'] : []
}

function threeTries({ case: { strikes }, moments }: Story): string[] {
  const late = strikes.filter(({ fault }) => fault === 'late effect').length
  let before = 1
  return moments.flatMap(({ step, tokens }) => {
    const issued = tokens.length - before
    before = tokens.length
    return issued > 3 + late ? [`${step} rotated ${issued} times`] : []
  })
}

/**
 * Until the clean run: a token whose response came whole was sealed and saved before anything else was asked. A request that
 * took effect late may have superseded it.
 */
function noNeedlessRotation(story: Story): string[] {
  const end = (momentOf(story, 'post') ?? momentOf(story, 'main'))?.at ?? 0
  const sent = story.journal.filter((exchange) => isRotation(exchange) && exchange.at <= end)
  const index = sent.findIndex(
    ({ status = 0, fault = '' }) => status >= 200 && status < 300 && /^(answer)?$/.test(fault),
  )
  const had = sent[index]
  if (had === undefined) return []
  const tokens = story.moments.at(-1)?.tokens ?? []
  const isSuperseded = (before: number) => tokens.some(({ issuedAt }) => issuedAt > had.endedAt && issuedAt < before)
  const needless = sent.slice(index + 1).filter(({ at }) => !isSuperseded(at)).length
  return needless > 0 ? [`${needless} more rotations were sent`] : []
}

function sameReaders({ moments }: Story): string[] {
  return moments.flatMap(({ step, copies }) =>
    copies
      .filter(({ place }) => place.startsWith('organization'))
      .filter(({ visibility, selectedRepositories: selected }) => {
        return visibility !== 'selected' || [...selected].sort().join() !== [...READERS].sort().join()
      })
      .map(({ place, visibility }) => `after ${step} ${place} is for ${visibility} repositories`),
  )
}

function cleanRun(story: Story): string[] {
  const next = momentOf(story, 'next')
  if (next === undefined) return ['there was none']
  const { result } = next
  const errors = result.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
  const stale = staleAt(next)
  return [
    ...(result.exitCode === 0 ? [] : [`it ended with ${result.exitCode ?? result.signal}: ${errors.join(' ')}`]),
    ...(stale.length > 0 ? [`stale: ${list(stale)}`] : []),
  ]
}

function met({ case: one, isMet }: Story): string[] {
  return one.mustMeet && !isMet ? ['a fault did not strike, or a signal was not sent'] : []
}
