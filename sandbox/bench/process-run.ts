import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a process took. */
export interface Took {
  /** Wall time from its start to its end, in ms. */
  ms: number
  exitCode: number | null
  /** The end of what it printed, without workflow commands, which carry credentials to be masked. */
  said: string
  /** The most memory that it, or the largest of its children, held at once, in MB; only where it was watched. */
  peakMb?: number
  /** Processor time, without its children's, in ms; only where it was watched. */
  cpuMs?: number
}

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10
/** How often a process is looked at while it is watched, in ms. */
const LOOK_EVERY = 2
/** How much of what it printed is kept, in characters. */
const KEPT = 4000

/**
 * Runs a program to its end.
 *
 * @param isWatched looks at its memory all the while, which takes a little of the processor: not for a run that is timed
 */
export function runProcess(
  { command, args }: { command: string; args: readonly string[] },
  env: NodeJS.ProcessEnv,
  isWatched = false,
): Promise<Took> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text.replace(/^::.*$/gm, '')).slice(-KEPT)
      })
    }
    const watch = { peakMb: 0, cpuMs: 0 }
    const look = () => {
      watch.peakMb = Math.max(watch.peakMb, ...familyOf(child.pid ?? 0).map(peakOf))
      watch.cpuMs = Math.max(watch.cpuMs, cpuOf(child.pid ?? 0))
    }
    const looking = isWatched ? setInterval(look, LOOK_EVERY) : undefined
    child.on('error', reject)
    child.on('close', (exitCode) => {
      const ms = performance.now() - began
      clearInterval(looking)
      resolve({ ms, exitCode, said: said.trim(), ...(watch.peakMb > 0 && watch) })
    })
  })
}

/** A process and all below it; those that have ended meanwhile are left out. */
function familyOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

/** The kernel keeps the highest mark itself: only what grows behind the last look is missed. */
function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024
}

function cpuOf(pid: number): number {
  // The second field, a name in parentheses, may hold spaces.
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS
}

/** Nothing where there is no such file: the process has ended, or this is not Linux. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
