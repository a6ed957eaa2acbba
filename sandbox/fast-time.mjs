// Loaded with --import before the action, so that a test need not wait for minutes: `Date` and the timers of this
// process run SANDBOX_SPEED times as fast. The action itself knows nothing of it.
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

const { setTimeout: realSetTimeout } = globalThis
globalThis.setTimeout = (callback, delay, ...args) => realSetTimeout(callback, (delay ?? 0) / speed, ...args)
