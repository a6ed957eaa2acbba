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

/** Of @octokit/plugin-rest-endpoint-methods: adds nothing to Octokit. */
export const legacyRestEndpointMethods = () => ({})
