// Stands for packages that are left out of the bundle, since nothing calls them: scripts/build.mjs names them, and says why.
const leftOut = () => {
  throw new Error('this package is not in the bundle')
}

/** Of undici. */
export class ProxyAgent {
  constructor() {
    leftOut()
  }
}

/** Of @actions/exec. */
export const getExecOutput = leftOut

/** Of @actions/core. */
export const OidcClient = { getIDToken: leftOut }

/** Octokit's JSON: no number in what is sent and answered is too large for JavaScript's own. */
export const { parse: JSONParse, stringify: JSONStringify } = JSON

/** Octokit's plugins, each of which adds nothing to it. */
export const legacyRestEndpointMethods = () => ({})
export const paginateRest = legacyRestEndpointMethods
export const requestLog = legacyRestEndpointMethods
