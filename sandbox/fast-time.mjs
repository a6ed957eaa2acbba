// Loaded with --import before the action, so that a test need not wait for minutes: `Date`, `performance.now()` and the
// timers of this process run SANDBOX_SPEED times as fast. The action itself knows nothing of it.
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'

const speed = Number(process.env.SANDBOX_SPEED)
const RealDate = Date
const start = RealDate.now()
const now = () => start + (RealDate.now() - start) * speed

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now())
    else super(...args)
  }
  static now = now
}

const realPerformance = performance.now.bind(performance)
const origin = realPerformance()
performance.now = () => origin + (realPerformance() - origin) * speed

/** Only the delay is another one: the timer that comes back is Node's own, with its `unref` and all. */
const hastened =
  (set) =>
  (callback, delay, ...args) =>
    set(callback, (delay ?? 0) / speed, ...args)

for (const name of ['setTimeout', 'setInterval']) {
  globalThis[name] = hastened(globalThis[name])
  // For those who import it; by name too, which has to be told to Node.
  timers[name] = globalThis[name]
}
syncBuiltinESMExports()
