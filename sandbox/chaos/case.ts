import type { Spot } from './spots.ts'
import type { Flavour } from './stage.ts'

/** What goes wrong in one run, and how it is told. */
export interface Case {
  /** Unlike every other case's, and the same each time: it repeats the case. */
  name: string
  /** The row of the table that it counts in. */
  row: string
  flavour: Flavour
  strikes: readonly Strike[]
  kill?: Kill
  /** Whether the post step runs after the main step: it does not where the runner is gone. */
  post: boolean
  /** Kills the post step, too, when this many of its requests have arrived. */
  killPostAt?: number
  /** Inputs that differ from the stage's own. */
  with?: Record<string, string>
  /** Whether everything planned must happen: of several faults one may end the run before the next is met. */
  mustMeet: boolean
}

/** A fault at a request, in force until the clean run. */
export interface Strike {
  spot: Spot
  /** The name of one of the faults. */
  fault: string
  /** Infinity: always, from that request on. */
  times: number
}

/**
 * How the main step is ended at a request, before the request is handled or when it took effect and is not answered yet.
 * `cancel` is what the runner does when a run is cancelled, while the request hangs.
 */
export interface Kill {
  spot: Spot
  when: 'before' | 'after'
  by: Ending
}

/** `standstill` is a machine that is paused and goes on. */
export type Ending = 'SIGKILL' | 'SIGINT' | 'SIGTERM' | 'cancel' | 'standstill'
