import { GitHubError } from '../services/github-ask.ts'
import type { GitHubRuns, Job, RepositoryName } from '../services/github-runs.ts'
import type { WorkflowFile } from './workflow-file.ts'

/** More files, histories and lists of jobs of one repository are not asked for: what is missing is taken for the worst. */
const MOST_DETAILS = 100
/** A larger file is not read, in characters: whoever opens a pull request could keep this busy with it. */
const LARGEST_FILE = 256 * 1024
/** A file with more asterisks is not read either: each alias is looked for among all others. */
const MOST_ALIASES = 1000
/**
 * Without warnings, and with plain objects only, whatever tags a file uses. Keys are not compared with each other, and no
 * error is told with its place, which take long in a large file; GitHub runs no file that has a key twice.
 */
const QUIET = { logLevel: 'error', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const

/** Files, histories and jobs of a repository, each asked for once, and not endlessly; what cannot be read is left open. */
export class RunDetails {
  readonly #runs: GitHubRuns
  readonly #repository: RepositoryName
  readonly #asked = new Map<string, Promise<unknown>>()
  /** Whether the token may not read files. */
  filesRefused = false

  constructor(runs: GitHubRuns, repository: RepositoryName) {
    this.#runs = runs
    this.#repository = repository
  }

  /** @param ref a commit; undefined for the default branch */
  file(path: string, ref: string | undefined): Promise<WorkflowFile | undefined> {
    return this.#once(`file ${path} ${ref}`, undefined, async () => {
      const text = await this.#runs.file(this.#repository, path, ref).catch((error) => {
        this.filesRefused ||= error instanceof GitHubError && error.status === 403
        throw error
      })
      const { parse } = await import('yaml')
      // Its warnings would print lines of a file from outside, and the runner reads commands in whatever is printed.
      return text === undefined || isTooMuch(text) ? undefined : (parse(text, QUIET) as WorkflowFile)
    })
  }

  history(workflowId: number): Promise<readonly number[]> {
    return this.#once(`history ${workflowId}`, [], () => this.#runs.history(this.#repository, workflowId))
  }

  /** Undefined when they cannot be told. */
  jobs(runId: number): Promise<readonly Job[] | undefined> {
    return this.#once<readonly Job[] | undefined>(`jobs ${runId}`, undefined, () =>
      this.#runs.jobs(this.#repository, runId),
    )
  }

  #once<T>(what: string, otherwise: T, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(what) as Promise<T> | undefined
    if (known !== undefined) return known
    const asked = this.#asked.size < MOST_DETAILS ? ask().catch(() => otherwise) : Promise.resolve(otherwise)
    this.#asked.set(what, asked)
    return asked
  }
}

const isTooMuch = (text: string): boolean => text.length > LARGEST_FILE || text.split('*').length > MOST_ALIASES
