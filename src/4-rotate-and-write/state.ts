import * as core from '@actions/core'
import type { Baseline } from './rotation.ts'
import type { SealedCopy } from './write.ts'

/** What the main step is about to do, saved before it does it. */
export interface Intent {
  key: Baseline
  graceMinutes: number
}

/** What the post step needs to finish a rotation: ciphertexts only, never a token. */
export interface Sealed {
  /** RFC 3339: the issue date of the token that was sealed. */
  issuedAt: string
  /** RFC 3339. */
  oldTokenExpiresAt: string
  copies: SealedCopy[]
}

/** Linux refuses an environment variable of 128 kB, and Windows one of 32 kB: state comes back as such variables. */
const PIECE = 30_000

/** What was saved, as the post step finds it. */
export interface Saved {
  intent: Intent
  sealed: Sealed | undefined
  /** When each of the sealed copies was written; undefined when the writes had not ended. */
  written: readonly (number | null)[] | undefined
}

/**
 * The state that the main step leaves for the post step, through the runner. The names are read by `post.ts` too.
 * Everything is base64 of JSON, so that no name from outside can break a line.
 */
export const state = {
  /** To be called before the rotation is sent. */
  saveIntent(intent: Intent): void {
    core.saveState('intent', encode(intent))
    // Whatever was sealed and written before belongs to an earlier intent.
    core.saveState('sealed', '')
    core.saveState('written', '')
  },

  /** To be called as soon as the token is sealed. */
  saveSealed(sealed: Sealed): void {
    const text = encode(sealed)
    const count = Math.ceil(text.length / PIECE)
    for (let piece = 0; piece < count; piece++) {
      core.saveState(`sealed-${piece}`, text.slice(piece * PIECE, (piece + 1) * PIECE))
    }
    // Last, since only then every piece is there.
    core.saveState('sealed', String(count))
  },

  /**
   * To be called when everything was written.
   *
   * @param at when, for each of the sealed copies: ms since the epoch on GitHub's clock, null for one that failed
   */
  saveWritten(at: readonly (number | null)[]): void {
    core.saveState('written', encode(at))
  },

  /** To be called when nothing is left to finish. */
  settle(): void {
    core.saveState('settled', 'true')
  },

  /** What a main step that did not settle has left; undefined when there is nothing to finish. */
  read(): Saved | undefined {
    const intent = core.getState('intent')
    if (intent === '' || core.getState('settled') !== '') return undefined
    const count = Number(core.getState('sealed'))
    const text = Array.from({ length: count }, (_, piece) => core.getState(`sealed-${piece}`)).join('')
    const written = core.getState('written')
    return {
      intent: decode<Intent>(intent),
      sealed: text === '' ? undefined : decode<Sealed>(text),
      written: written === '' ? undefined : decode<(number | null)[]>(written),
    }
  },
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
const decode = <T>(text: string): T => JSON.parse(Buffer.from(text, 'base64').toString()) as T
