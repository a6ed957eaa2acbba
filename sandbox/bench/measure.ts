import process from 'node:process'
import { type ActionFile, readActionFile } from '../runner.ts'
import { action, type Contestant, emptyNode, environment, postStep } from './contestants.ts'
import { runProcess, type Took } from './process-run.ts'
import { type Seen, Services, type Setting } from './services.ts'

/** How one contestant did in one setting. */
export interface Result {
  contestant: string
  /** Wall times in ms, one a pair. */
  times: readonly number[]
  /** Dependent rounds of the same runs; none without a round trip, which would not show them. */
  rounds: readonly number[]
  /** Of the run that was watched. */
  took: Took
  seen: Seen
  /** Whether every run did all that there was to do. */
  isComplete: boolean
}

/** One setting with all that were run in it; `results` begins with the action's. */
export interface Case {
  setting: Setting
  results: readonly Result[]
}

export const resultOf = ({ results }: Case, contestant: string): Result | undefined =>
  results.find((one) => one.contestant === contestant)

/** GitHub takes so many writes of one credential at once. What is more is paced over minutes. */
export const BURST = 30

/** Runs contestants against services that are new each time. */
export class Measuring {
  readonly #services = new Services()
  readonly #actionFile: Promise<ActionFile> = readActionFile()
  /** Wall times in ms of Node with nothing to do, and of a post step with nothing to finish; one a pair. */
  readonly emptyNode: number[] = []
  readonly postStep: number[] = []

  /**
   * Each contestant once watched, which warms everything up, and then in pairs: each pair runs all of them one after the
   * other, in an order that turns about. What GitHub's limits pace over minutes is run once, watched and timed.
   */
  async measure(setting: Setting, contestants: readonly Contestant[], pairs: number): Promise<Case> {
    const isPaced = setting.destinations / (setting.accounts ?? 1) > BURST
    const results = new Map<Contestant, Result & { times: number[]; rounds: number[] }>()
    for (const one of contestants) {
      const { rounds, ...run } = await this.#run(one, setting, true)
      const figures = isPaced ? { times: [run.took.ms], rounds } : { times: [], rounds: [] }
      results.set(one, { contestant: one.name, ...run, ...figures })
    }
    for (let pair = 0; pair < (isPaced ? 0 : pairs); pair++) {
      this.emptyNode.push((await runProcess(emptyNode, process.env)).ms)
      this.postStep.push((await runProcess(postStep, process.env)).ms)
      for (const [one, result] of pair % 2 === 0 ? results : [...results].reverse()) {
        const { took, rounds, isComplete } = await this.#run(one, setting, false)
        result.times.push(took.ms)
        result.rounds.push(...rounds)
        result.isComplete &&= isComplete
      }
    }
    return { setting, results: [...results.values()] }
  }

  /**
   * Measures the action alone in several settings, which alternate: each pair runs all of them one after the other, so
   * that their times can be compared.
   */
  async measureTogether(settings: readonly Setting[], pairs: number): Promise<Case[]> {
    const cases: { setting: Setting; result: Result & { times: number[]; rounds: number[] } }[] = []
    for (const setting of settings) {
      const { rounds: _, ...run } = await this.#run(action, setting, true)
      cases.push({ setting, result: { contestant: action.name, ...run, times: [], rounds: [] } })
    }
    for (let pair = 0; pair < pairs; pair++) {
      for (const { setting, result } of pair % 2 === 0 ? cases : [...cases].reverse()) {
        const { took, rounds } = await this.#run(action, setting, false)
        result.times.push(took.ms)
        result.rounds.push(...rounds)
      }
    }
    return cases.map(({ setting, result }) => ({ setting, results: [result] }))
  }

  /** @throws Error when the action does not do what it is to do; others may fail, and what they say is shown */
  async #run(contestant: Contestant, setting: Setting, isWatched: boolean) {
    const env = environment(await this.#services.open(setting), await this.#actionFile)
    const took = await runProcess(contestant, env, isWatched)
    const seen = await this.#services.close()
    const isComplete = took.exitCode === 0 && seen.written === setting.destinations
    if (!isComplete) {
      const failure = `${contestant.name} exited with ${took.exitCode} and wrote ${seen.written} secrets:\n${took.said}`
      if (contestant === action) throw new Error(failure)
      console.error(failure)
    }
    return { took, seen, rounds: seen.rounds === undefined ? [] : [seen.rounds], isComplete }
  }

  end(): void {
    this.#services.end()
  }
}
