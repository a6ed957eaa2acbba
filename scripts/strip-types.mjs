// Node's own type stripping as a jest transformer: tests run the very syntax that `node sandbox/demo.ts` runs.
import { stripTypeScriptTypes } from 'node:module'

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
}
