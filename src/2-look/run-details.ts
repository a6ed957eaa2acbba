import { GitHubError, type RepositoryName } from '../services/github-ask.ts'
import type { GroupMember, GroupPlace } from '../services/github-groups.ts'
import type { GitHubRuns, Job } from '../services/github-runs.ts'
import type { WorkflowFile } from './job-names.ts'

/**
 * More files, and as many histories, lists of jobs and environments, of one repository are not asked for: what is missing is
 * taken for the worst. Whoever may open pull requests makes many files, which must not keep the rest from being seen.
 */
export const MAX_DETAILS = 100
/** A larger file is not read, in characters: whoever opens a pull request could keep this busy with it. */
const LARGEST_FILE = 256 * 1024
/** A file with more asterisks is not read either: each alias is looked for among all others. */
const MOST_ALIASES = 1000
/** Line breaks of YAML 1.1, which end a comment for GitHub's parser, but not for ours: an expression may hide behind one. */
const OTHER_LINE_BREAKS = /[\u0085\u2028\u2029]/
/**
 * Without warnings, and with plain objects only, whatever tags a file uses. Keys are not compared with each other, and no
 * error is told with its place, which take long in a large file; GitHub runs no file that has a key twice.
 */
const QUIET = { logLevel: 'error', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false } as const

/** Why the runs ahead are not known: GitHub refused to list them, or its response is inconsistent or was not requested. */
export type Unsaid = 'refused' | 'unknown'

/** Files, histories and jobs of a repository, each asked for once, and not endlessly; what cannot be read is left open. */
export class RunDetails {
  readonly #runs: GitHubRuns
  readonly #repository: RepositoryName
  readonly #asked = {
    file: new Asked(),
    history: new Asked(),
    jobs: new Asked(),
    environment: new Asked(),
    places: new Asked(),
    members: new Asked(),
  }
  /** Whether the token may not read files. */
  filesRefused = false

  constructor(runs: GitHubRuns, repository: RepositoryName) {
    this.#runs = runs
    this.#repository = repository
  }

  /** Whether there was more to ask than is asked. */
  get areCut(): boolean {
    return Object.values(this.#asked).some(({ isCut }) => isCut)
  }

  /** @param ref a commit; undefined for the default branch */
  file(path: string, ref: string | undefined): Promise<WorkflowFile | undefined> {
    return this.#asked.file.once<WorkflowFile | undefined>(`${path} ${ref}`, undefined, async () => {
      const text = await this.#runs.file(this.#repository, path, ref).catch((error) => {
        this.filesRefused ||= error instanceof GitHubError && error.status === 403
        throw error
      })
      const { parse } = await import('yaml')
      // Its warnings would print lines of a file from outside, and the runner reads commands in whatever is printed.
      return text === undefined || isUnsafe(text) ? undefined : (parse(text, QUIET) as WorkflowFile)
    })
  }

  history(workflowId: number): Promise<readonly number[]> {
    return this.#asked.history.once<readonly number[]>(workflowId, [], () =>
      this.#runs.history(this.#repository, workflowId),
    )
  }

  /** Undefined when they cannot be told. */
  jobs(runId: number): Promise<readonly Job[] | undefined> {
    return this.#asked.jobs.once<readonly Job[] | undefined>(runId, undefined, () =>
      this.#runs.jobs(this.#repository, runId),
    )
  }

  /** Returns the places of a run and its jobs in concurrency groups. */
  places(runId: number): Promise<readonly GroupPlace[] | Unsaid> {
    const ask = () => this.#runs.groupPlaces(this.#repository, runId)
    return this.#asked.places.once<readonly GroupPlace[] | Unsaid>(runId, 'refused', ask, 'unknown')
  }

  /** Returns what holds a group and what waits for it, in the order of their turns. */
  members(group: string): Promise<readonly GroupMember[] | Unsaid> {
    // These would be another path.
    if (group === '.' || group === '..') return Promise.resolve('unknown')
    const ask = () => this.#runs.groupMembers(this.#repository, group)
    // "The concurrency group name is case insensitive."
    return this.#asked.members.once<readonly GroupMember[] | Unsaid>(group.toLowerCase(), 'refused', ask, 'unknown')
  }

  /** Whether a job that is bound to an environment may have to wait for an approval; it may when that cannot be told. */
  mayPause(environment: string): Promise<boolean> {
    // These would be another path.
    if (environment === '.' || environment === '..') return Promise.resolve(true)
    return this.#asked.environment.once(environment.toLowerCase(), true, () =>
      this.#runs.mayPause(this.#repository, environment),
    )
  }
}

/** Things of one kind, each asked for once, and not endlessly. */
class Asked {
  readonly #answers = new Map<string | number, Promise<unknown>>()
  isCut = false

  /**
   * @param otherwise what counts without a response
   * @param cut what counts if too much was asked already
   */
  once<T>(what: string | number, otherwise: T, ask: () => Promise<T>, cut = otherwise): Promise<T> {
    const known = this.#answers.get(what) as Promise<T> | undefined
    if (known !== undefined) return known
    if (this.#answers.size >= MAX_DETAILS) {
      this.isCut = true
      return Promise.resolve(cut)
    }
    // A name from outside may keep it from being asked at all.
    const answer = (async () => ask())().catch(() => otherwise)
    this.#answers.set(what, answer)
    return answer
  }
}

/** Whether a text is not parsed: it would take long, or GitHub's parser would read it in another way. */
function isUnsafe(text: string): boolean {
  return text.length > LARGEST_FILE || text.split('*').length > MOST_ALIASES || OTHER_LINE_BREAKS.test(text)
}
