// Stands for undici in the bundle, where nothing calls it: scripts/build.mjs says why.
export class ProxyAgent {
  constructor() {
    throw new Error('undici is not in this bundle')
  }
}
