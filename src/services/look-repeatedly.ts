import type { Clock } from './clock.ts'

/** When to look after a request of unknown outcome, in ms from now on. */
export const SEVERAL_LOOKS: readonly number[] = [0, 1000, 2500, 5000]

/**
 * Looks several times until there is something to see: a request whose outcome is unknown may take effect a little later,
 * and its effect may be shown later still.
 *
 * @param see undefined while there is nothing; what it throws ends the looking
 * @param looks when to look, in ms from now on
 */
export async function lookRepeatedly<T>(
  see: () => Promise<T | undefined>,
  clock: Clock,
  looks = SEVERAL_LOOKS,
): Promise<T | undefined> {
  const start = clock.now()
  for (const at of looks) {
    await clock.sleep(Math.max(0, start + at - clock.now()))
    const seen = await see()
    if (seen !== undefined) return seen
  }
  return undefined
}
