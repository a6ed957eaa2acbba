import * as core from '@actions/core'
import type { Destination } from '../destination.ts'
import { cutBackStateFile, removeFromStateFile, sizeOfStateFile } from '../services/state-file.ts'
import type { Baseline } from './rotation.ts'
import type { SealedCopy } from './write.ts'

/** What the main step is about to do with one key, saved before it does it. */
export interface Intent {
  /** The key to rotate; only a name while it is still to be made. */
  key: Baseline | { name: string }
  graceMinutes: number
  /** Every copy that is to hold the token. */
  destinations: readonly Destination[]
}

/** What the post step needs to finish a rotation: ciphertexts only, never a token. */
export interface Sealed {
  keyId: string
  /** RFC 3339: the issue date of the token that was sealed. */
  issuedAt: string
  /** RFC 3339; undefined for a key that was just made. */
  oldTokenExpiresAt: string | undefined
  /** As in `RotationLog`. */
  unsettledAt: number | undefined
  copies: readonly SealedCopy[]
}

/** Linux refuses an environment variable of 128 kB, and Windows one of 32 kB: state comes back as such variables. */
const PIECE = 30_000

/** What was saved for one key, as the post step finds it. */
export interface Saved {
  intent: Intent
  sealed: Sealed | undefined
  /** When each of the sealed copies was written; undefined when the writes had not ended. */
  written: readonly (number | null)[] | undefined
}

/**
 * The state that the main step leaves for the post step, through the runner, for one key. The names are read by `post.ts`
 * too. Everything is base64 of JSON, so that no name from outside can break a line.
 */
export class RotationState {
  readonly #slot: number
  readonly #counts = new Map<string, number>()
  /** Whether nothing is left to finish. */
  isSettled = true

  /** @param slot which of the keys of this step, from 0 */
  constructor(slot: number) {
    this.#slot = slot
  }

  /** To be called before the first request that changes something. */
  saveIntent(intent: Intent): void {
    // Whatever was sealed and written before belongs to an earlier intent.
    this.#clear('sealed')
    this.#clear('written')
    this.isSettled = false
    this.#save('intent', intent)
  }

  /** To be called as soon as the token is sealed. */
  saveSealed(sealed: Sealed): void {
    this.#save('sealed', sealed)
  }

  /**
   * To be called when everything was written.
   *
   * @param at when, for each of the sealed copies: ms since the epoch on GitHub's clock, null for one that failed
   */
  saveWritten(at: readonly (number | null)[]): void {
    this.#save('written', at)
  }

  /** To be called when nothing is left to finish. */
  settle(): void {
    try {
      for (const what of ['intent', 'sealed', 'written'] as const) this.#clear(what)
    } catch {
      // The disk is full: nothing fits any more, and without the intent the post step has nothing to do.
      removeFromStateFile((name) => name.startsWith(`rotation-${this.#slot}-`))
    }
    this.isSettled = true
  }

  /** What a main step has not settled; undefined when there is nothing to finish. */
  read(): Saved | undefined {
    const intent = this.#read<Intent>('intent')
    if (intent === undefined) return undefined
    return { intent, sealed: this.#read<Sealed>('sealed'), written: this.#read<(number | null)[]>('written') }
  }

  #name(what: string): string {
    return `rotation-${this.#slot}-${what}`
  }

  #save(what: string, value: unknown): void {
    const text = Buffer.from(JSON.stringify(value)).toString('base64')
    const count = Math.ceil(text.length / PIECE)
    this.#counts.set(what, Math.max(count, this.#counts.get(what) ?? 0))
    wholly(() => {
      for (let piece = 0; piece < count; piece++) {
        core.saveState(`${this.#name(what)}-${piece}`, text.slice(piece * PIECE, (piece + 1) * PIECE))
      }
      // Last, since only then every piece is there.
      core.saveState(this.#name(what), String(count))
    })
  }

  #clear(what: string): void {
    const count = this.#counts.get(what)
    if (count === undefined) return
    wholly(() => {
      // First, so that pieces which are gone are not looked for.
      core.saveState(this.#name(what), '')
      for (let piece = 0; piece < count; piece++) core.saveState(`${this.#name(what)}-${piece}`, '')
    })
  }

  #read<T>(what: string): T | undefined {
    const count = Number(core.getState(this.#name(what)))
    if (!(count > 0)) return undefined
    const text = Array.from({ length: count }, (_, piece) => core.getState(`${this.#name(what)}-${piece}`)).join('')
    return JSON.parse(Buffer.from(text, 'base64').toString()) as T
  }
}

/** Saves all of something or nothing: what does not fit on the disk is cut back at once. */
function wholly(save: () => void): void {
  const size = sizeOfStateFile()
  try {
    save()
  } catch (error) {
    cutBackStateFile(size)
    throw error
  }
}

/** What a rotation saves on its way. */
export type SavedState = Pick<RotationState, 'saveIntent' | 'saveSealed' | 'saveWritten' | 'settle'>

/** Nothing is saved in the post step: no step comes behind it, and a file that cannot be written must not stop it. */
export const UNSAVED: SavedState = { saveIntent() {}, saveSealed() {}, saveWritten() {}, settle() {} }

/** What was left by every key of the main step that has not settled. */
export function savedRotations(env: NodeJS.ProcessEnv): Saved[] {
  const slots = Object.keys(env).flatMap((name) => /^STATE_rotation-(\d+)-intent$/i.exec(name)?.[1] ?? [])
  return slots.flatMap((slot) => new RotationState(Number(slot)).read() ?? [])
}
