import type { Clock } from './clock.ts'

/** When one looks, in ms from now on. */
const LOOKS = [0, 1000, 2500, 5000]

/**
 * Looks a few times over 5 s until there is something to see: a request whose outcome is unknown may take effect a little
 * later, and what it changed may be shown later still.
 *
 * @param see undefined while there is nothing; what it throws ends the looking
 */
export async function lookRepeatedly<T>(see: () => Promise<T | undefined>, clock: Clock): Promise<T | undefined> {
  const start = clock.now()
  for (const at of LOOKS) {
    await clock.sleep(Math.max(0, start + at - clock.now()))
    const seen = await see()
    if (seen !== undefined) return seen
  }
  return undefined
}
