import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenRecord } from '../incident-io.ts'
import type { Exchange } from '../journal.ts'
import type { Step, StepResult } from '../runner.ts'
import type { Case } from './case.ts'
import { type Stage, type StageOptions, setStage } from './stage.ts'
import { arm, armPost, disarm, disarmSignals, type Victim } from './strike.ts'

/** What a destination holds. */
export interface HeldCopy {
  /** `repository octo/app`, `organization octo` … */
  place: string
  value: string | undefined
  visibility: string | undefined
  selectedRepositories: readonly string[]
}

/** How things stood when a step had ended. */
export interface Moment {
  step: 'main' | 'post' | 'next'
  result: StepResult
  /** Oldest first; the last one is the current one. */
  tokens: readonly TokenRecord[]
  copies: readonly HeldCopy[]
  /** Files that were left behind in the folder for temporary ones. */
  leftBehind: readonly string[]
  /** ms since 1970 on the stand-ins' clock. */
  at: number
}

/** A case as it went: everything that the invariants look at. */
export interface Story {
  case: Case
  /** The main step, the post step where it ran, and the clean run afterwards. */
  moments: readonly Moment[]
  /** Of both services, in the order the requests arrived. */
  journal: readonly Exchange[]
  jobEndsAt: number
  credentials: readonly string[]
  /** Whether every fault struck and the signal was sent. */
  isMet: boolean
  /** Real milliseconds. */
  took: number
}

/** Plays a case: the main step among faults, its post step, and a clean run. */
export async function play(one: Case, options: StageOptions): Promise<Story> {
  const began = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'))
  const stage = await setStage(one.flavour, options)
  const { scene } = stage
  const moments: Moment[] = []
  const stepOf = (runId: number, given: Record<string, string>): Partial<Step> => ({
    with: given,
    env: { GITHUB_RUN_ID: String(runId), TMPDIR: folder, RUNNER_TEMP: folder, HOME: folder },
  })
  const keep = async (step: Moment['step'], result: StepResult) => {
    moments.push({ step, result, ...standing(stage), leftBehind: await readdir(folder), at: scene.clock.now() })
    return result
  }
  try {
    const runId = stage.beginRun()
    const step = stepOf(runId, { ...stage.block(), ...one.with })
    const victim = arm(scene, one, options.speed)
    const main = await keep('main', await scene.rotate({ ...step, onStart: begins(victim) }))
    endTimers(victim)
    disarmSignals(scene)
    let isWell = main.exitCode === 0
    let isMet = victim.wasSignalled || one.kill === undefined
    if (one.post) {
      const postVictim = armPost(scene, one.killPostAt)
      const post = await keep('post', await scene.finish(main, { ...step, onStart: begins(postVictim) }))
      isWell &&= post.exitCode === 0
      // It has less to do, and may be done before, when more writes of the main step arrived than when this was planned.
      isMet &&= postVictim.wasSignalled || one.killPostAt === undefined || post.exitCode === 0
    }
    stage.endRun(runId, isWell)
    const struck = journalOf(stage).filter(({ fault }) => fault !== undefined).length
    isMet &&= struck >= one.strikes.length

    disarm(scene)
    const nextId = stage.beginRun()
    const next = await keep('next', await scene.rotate(stepOf(nextId, stage.block())))
    stage.endRun(nextId, next.exitCode === 0)
    return {
      case: one,
      moments,
      journal: journalOf(stage),
      jobEndsAt: stage.jobEndsAt,
      credentials: [...scene.credentials(), ...stage.alsoHidden],
      isMet,
      took: performance.now() - began,
    }
  } finally {
    await scene.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const begins = (victim: Victim) => (pid: number) => {
  victim.pid = pid
}

function endTimers(victim: Victim): void {
  for (const timer of victim.timers) clearTimeout(timer)
  victim.pid = 0
}

function journalOf({ scene: { incident, github } }: Stage): Exchange[] {
  return [...incident.journal, ...github.journal].sort((a, b) => a.at - b.at)
}

/** What the key's tokens and the destinations are now. */
function standing({ scene, keyId, places }: Stage): Pick<Moment, 'tokens' | 'copies'> {
  return {
    tokens: structuredClone(scene.incident.tokensOf(keyId)),
    copies: places.map((place) => {
      const stored = scene.github.store(place).get(scene.secret)
      const { kind, owner, repository, environment } = place
      return {
        place: `${kind} ${[owner, repository, environment].filter((part) => part !== undefined).join('/')}`,
        value: stored?.value,
        visibility: stored?.visibility,
        selectedRepositories: stored?.selectedRepositories ?? [],
      }
    }),
  }
}
