import { type AskAs, listOf, PAGE, unlessMissing, unreadable } from './github-ask.ts'

/** A repository whose runs are looked at. */
export interface RepositoryName {
  owner: string
  repository: string
}

/** A workflow run that is not finished. Times are ms since the epoch on GitHub's clock. */
export interface Run {
  id: number
  workflowId: number
  /** The workflow's name, from outside. */
  workflow: string
  /** The workflow's file, or `dynamic/…` where GitHub made the run itself. */
  path: string
  status: string
  event: string
  headSha: string
  createdAt: number
  startedAt: number
  url: string
  /** The branches that its pull requests go into. */
  baseRefs: readonly string[]
  /** 1 for a run that was not started again. */
  attempt: number
  /** Whether Dependabot started it: then it was given Dependabot's secrets, and no others. */
  isDependabots: boolean
}

/** A run of a workflow, finished or not. Times are ms since the epoch on GitHub's clock. */
export interface PastRun {
  id: number
  attempt: number
  createdAt: number
  /** When its latest attempt began. */
  startedAt: number
  /** Infinite for one that has not ended. */
  endedAt: number
}

export interface Job {
  name: string
  status: string
  /** ms since the epoch on GitHub's clock. */
  startedAt: number
}

/** What is read of workflow runs. Nothing here is needed for the rotation itself. */
export interface GitHubRuns {
  /**
   * Every run that is not finished: one call for a quiet repository, six otherwise.
   *
   * @returns `isComplete` is false when there are more than could be read
   */
  inFlight(repository: RepositoryName, now: number): Promise<{ runs: Run[]; isComplete: boolean }>
  /** How long past runs of a workflow took that ended in success or failure: minutes, newest first, at most 100. */
  history(repository: RepositoryName, workflowId: number): Promise<number[]>
  /** The id of the workflow that a run belongs to. */
  workflowOf(repository: RepositoryName, runId: number): Promise<string>
  /** Whether a run has not ended; undefined when there is no such run. */
  isInProgress(repository: RepositoryName, runId: number): Promise<boolean | undefined>
  /**
   * The latest runs of a workflow that were made before a moment, at most 100.
   *
   * @param workflow its id, or the name of its file
   */
  pastRuns(repository: RepositoryName, workflow: string, until: Date): Promise<PastRun[]>
  /** The jobs of a run's latest attempt; undefined when there are more than could be read. */
  jobs(repository: RepositoryName, runId: number): Promise<Job[] | undefined>
  /** A file's text at a commit, or on the default branch; undefined when there is none. */
  file(repository: RepositoryName, path: string, ref: string | undefined): Promise<string | undefined>
}

/** A run that is not finished: each of these is a filter of its own, and may hold secrets of its creation. */
const UNFINISHED = ['requested', 'queued', 'pending', 'waiting', 'in_progress'] as const
/** The longest that a run can live, in ms. https://docs.github.com/actions/reference/limits */
const LONGEST_RUN = 35 * 24 * 60 * 60 * 1000

type Data = Record<string, unknown>

export function gitHubRuns(askAs: AskAs): GitHubRuns {
  const at = ({ owner, repository }: RepositoryName) =>
    `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`
  const list = (repository: RepositoryName, status?: string) =>
    askAs(repository.owner)(
      `GET ${at(repository)}/actions/runs`,
      ({ data }) => ({ total: Number(data.total_count), found: listOf(data.workflow_runs).map(runFrom) }),
      { spare: true, parameters: { per_page: PAGE, ...(status === undefined ? {} : { status }) } },
    )

  return {
    async inFlight(repository, now) {
      const newest = await list(repository)
      const oldest = newest.found.at(-1)
      const reachesBack = oldest !== undefined && now - oldest.createdAt > LONGEST_RUN
      const pages =
        newest.total <= newest.found.length || reachesBack
          ? []
          : await Promise.all(UNFINISHED.map((status) => list(repository, status)))
      // A run that changes its status between the answers is in none of the filtered lists, so the newest stay in.
      const all = [newest, ...pages].flatMap(({ found }) => found).filter((run) => run.isUnfinished)
      return {
        runs: [...new Map(all.map((run) => [run.id, run])).values()],
        isComplete: pages.every(({ total, found }) => total <= found.length),
      }
    },

    history(repository, workflowId) {
      return askAs(repository.owner)(
        `GET ${at(repository)}/actions/workflows/${workflowId}/runs`,
        ({ data }) =>
          listOf(data.workflow_runs)
            .filter(({ conclusion }) => conclusion === 'success' || conclusion === 'failure')
            .map((run) => (Date.parse(String(run.updated_at)) - Date.parse(String(run.run_started_at))) / 60_000)
            .filter((minutes) => minutes >= 0),
        { spare: true, parameters: { status: 'completed', per_page: PAGE } },
      )
    },

    workflowOf(repository, runId) {
      return askAs(repository.owner)(`GET ${at(repository)}/actions/runs/${runId}`, ({ data }) => {
        if (!Number.isSafeInteger(data.workflow_id)) throw unreadable('the workflow of a run')
        return String(data.workflow_id)
      })
    },

    isInProgress({ owner, repository }, runId) {
      return unlessMissing(
        askAs(owner)(`GET ${at({ owner, repository })}/actions/runs/${runId}`, ({ data }) => {
          if (typeof data.status !== 'string') throw unreadable('the status of a run')
          return runFrom(data).isUnfinished
        }),
      )
    },

    pastRuns(repository, workflow, until) {
      return askAs(repository.owner)(
        `GET ${at(repository)}/actions/workflows/${encodeURIComponent(workflow)}/runs`,
        ({ data }) =>
          listOf(data.workflow_runs).map((run) => {
            const { id, attempt, createdAt, startedAt, isUnfinished } = runFrom(run)
            const endedAt = isUnfinished ? Number.POSITIVE_INFINITY : Date.parse(String(run.updated_at))
            return { id, attempt, createdAt, startedAt, endedAt }
          }),
        { parameters: { created: `<=${until.toISOString().replace(/\.\d+Z$/, 'Z')}`, per_page: PAGE } },
      )
    },

    jobs(repository, runId) {
      return askAs(repository.owner)(
        `GET ${at(repository)}/actions/runs/${runId}/jobs`,
        ({ data }) => {
          const jobs = listOf(data.jobs).map((job) => ({
            name: String(job.name),
            status: String(job.status),
            startedAt: Date.parse(String(job.started_at)),
          }))
          return Number(data.total_count) > jobs.length ? undefined : jobs
        },
        { spare: true, parameters: { per_page: PAGE } },
      )
    },

    async file(repository, path, ref) {
      const encoded = path.split('/').map(encodeURIComponent).join('/')
      const text = askAs(repository.owner)(
        `GET ${at(repository)}/contents/${encoded}`,
        ({ data }) =>
          data.encoding === 'base64' ? Buffer.from(String(data.content), 'base64').toString('utf8') : undefined,
        { spare: true, parameters: ref === undefined ? {} : { ref } },
      )
      return unlessMissing(text)
    },
  }
}

/** Whatever is not completed is unfinished, new statuses too; an `in_progress` run with a conclusion is finished. */
function runFrom(run: Data): Run & { isUnfinished: boolean } {
  const createdAt = Date.parse(String(run.created_at))
  const startedAt = Date.parse(String(run.run_started_at))
  return {
    id: Number(run.id),
    workflowId: Number(run.workflow_id),
    workflow: String(run.name ?? run.path ?? ''),
    path: String(run.path ?? '').replace(/(\.ya?ml)@.*$/i, '$1'),
    status: String(run.status),
    event: String(run.event),
    headSha: String(run.head_sha),
    createdAt,
    startedAt: Number.isNaN(startedAt) ? createdAt : startedAt,
    url: String(run.html_url ?? ''),
    attempt: Number(run.run_attempt ?? 1),
    isDependabots: String(run.path ?? '').startsWith('dynamic/dependabot/') || loginOf(run.actor) === 'dependabot[bot]',
    baseRefs: array(run.pull_requests).flatMap(({ base }) => {
      const ref = (base as Data | undefined)?.ref
      return typeof ref === 'string' ? [ref] : []
    }),
    isUnfinished: run.status !== 'completed' && !run.conclusion,
  }
}

const array = (value: unknown): Data[] => (Array.isArray(value) ? value.map((one) => Object(one) as Data) : [])
const loginOf = (account: unknown): unknown => (account as Data | undefined)?.login
