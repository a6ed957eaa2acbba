import { createHash } from 'node:crypto'

/** Forty hex digits, the same for the same text. */
export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

/** A repository's files by commit: a commit holds what was put there and nothing of any other. */
export class FileStore {
  readonly #commits = new Map<string, Map<string, string>>()
  readonly #names: Record<string, string>

  /** The branch's head is known by the branch's name too. */
  constructor({ branch, head }: { branch: string; head: string }) {
    this.#names = { HEAD: head, [branch]: head, [`heads/${branch}`]: head, [`refs/heads/${branch}`]: head }
    this.#commits.set(head, new Map())
  }

  add(ref: string, path: string, text: string): void {
    const sha = this.#names[ref] ?? ref
    const files = this.#commits.get(sha) ?? new Map<string, string>()
    this.#commits.set(sha, files.set(path, text))
  }

  isKnown(ref: string): boolean {
    return this.#commits.has(this.#names[ref] ?? ref)
  }

  get(ref: string, path: string): string | undefined {
    return this.#commits.get(this.#names[ref] ?? ref)?.get(path)
  }
}
