import * as core from '@actions/core'

/** Shorter values would be found inside ordinary words. */
const SHORTEST_SCRUBBED = 6

/**
 * Keeps credentials out of sight: tells the runner to mask them in the log, and takes them out of any text that this
 * action is about to show, wherever that text came from.
 */
export class Mask {
  readonly #hidden = new Set<string>()

  /** Masks a credential, and each of its lines. To be called before anything else touches it. */
  hide(credential: string): void {
    for (const part of new Set([credential, ...credential.split(/\r?\n|\\n/)].map((text) => text.trim()))) {
      if (part === '' || this.#hidden.has(part)) continue
      core.setSecret(part)
      this.#hidden.add(part)
    }
  }

  /** The text without any credential that is known. */
  scrub(text: string): string {
    let clean = text
    for (const value of this.#hidden) if (value.length >= SHORTEST_SCRUBBED) clean = clean.replaceAll(value, '***')
    return clean
  }
}
