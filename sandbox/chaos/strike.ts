import type { Scene } from '../scene.ts'
import type { Case, Kill } from './case.ts'
import { faultNamed } from './faults.ts'
import { patternOf, ruleFor } from './spots.ts'

/** The runner's cancel: SIGINT, SIGTERM after this time, and the end after this one. Milliseconds. */
const CANCEL = { terminate: 7500, kill: 10_000 }
/** How long a machine stands still: longer than a request may take. In ms. */
const STANDSTILL = 40_000
/** A signal is there before the answer to a request that waits for so long, in real ms. */
const DELIVERY = 100

/** A process that is being played with. */
export interface Victim {
  /** 0 while it has not begun. */
  pid: number
  /** Whether it was sent the signal that was planned. */
  wasSignalled: boolean
  timers: NodeJS.Timeout[]
}

/** Puts a case's faults in store, and its signal for the main step. */
export function arm(scene: Scene, { strikes, kill }: Case, speed: number): Victim {
  const victim: Victim = { pid: 0, wasSignalled: false, timers: [] }
  if (kill) armKill(scene, kill, victim, speed)
  for (const { spot, fault, times } of strikes) {
    const made = faultNamed(fault).make(spot.service, { speed, clock: scene.clock, incident: scene.incident })
    scene[spot.service].faults.add({ ...ruleFor(spot), times, fault: made })
  }
  return victim
}

function armKill(scene: Scene, { spot, when, by }: Kill, victim: Victim, speed: number): void {
  const service = scene[spot.service]
  // A request of a process that is to die stays without an answer; a signal that may be survived comes before it.
  if (by === 'SIGKILL' || by === 'cancel') service.faults.add({ ...ruleFor(spot), fault: { kind: 'hang', when } })
  else if (when === 'after' && by !== 'standstill')
    service.faults.add({ ...ruleFor(spot), fault: { kind: 'delay', ms: 2 * DELIVERY } })

  const pattern = patternOf(spot.path)
  let count = 0
  service.onRequest = async ({ method, path }) => {
    if (method !== spot.method || !pattern.test(path) || count++ !== spot.index) return
    if (by === 'cancel') {
      signal(victim, 'SIGINT')
      for (const [name, at] of [
        ['SIGTERM', CANCEL.terminate],
        ['SIGKILL', CANCEL.kill],
      ] as const) {
        victim.timers.push(setTimeout(() => signal(victim, name), at / speed))
      }
    } else if (by === 'standstill') {
      signal(victim, 'SIGSTOP')
      victim.timers.push(setTimeout(() => signal(victim, 'SIGCONT'), STANDSTILL / speed))
    } else if (by === 'SIGKILL') signal(victim, by)
    else if (when === 'after') victim.timers.push(setTimeout(() => signal(victim, by), DELIVERY / 2))
    else {
      signal(victim, by)
      await new Promise((resolve) => setTimeout(resolve, DELIVERY))
    }
  }
}

/** Kills the post step when so many of its requests have arrived; it is not handled then. */
export function armPost(scene: Scene, killAt: number | undefined): Victim {
  const victim: Victim = { pid: 0, wasSignalled: false, timers: [] }
  disarmSignals(scene)
  if (killAt === undefined) return victim
  let count = 0
  const hook = async (): Promise<void> => {
    count += 1
    if (count < killAt) return
    signal(victim, 'SIGKILL')
    await new Promise(() => {})
  }
  scene.incident.onRequest = hook
  scene.github.onRequest = hook
  return victim
}

export function disarmSignals(scene: Scene): void {
  delete scene.incident.onRequest
  delete scene.github.onRequest
}

/** Everything is well again. */
export function disarm(scene: Scene): void {
  disarmSignals(scene)
  for (const service of [scene.incident, scene.github]) {
    service.faults.clear()
    service.awayUntil = 0
  }
}

function signal(victim: Victim, name: NodeJS.Signals): void {
  if (victim.pid === 0) return
  try {
    process.kill(victim.pid, name)
    victim.wasSignalled = true
  } catch {
    // It has ended already.
  }
}
