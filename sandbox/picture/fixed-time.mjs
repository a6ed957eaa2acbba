// Loaded with --import before the action, so that a picture shows the same times whenever it is taken: `Date` begins at
// SANDBOX_START, in ms since the epoch. The action itself knows nothing of it.
const RealDate = Date
const ahead = Number(process.env.SANDBOX_START) - RealDate.now()

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + ahead)
    else super(...args)
  }
  static now = () => RealDate.now() + ahead
}
