import {
  type Ask,
  type AskAs,
  allPages,
  listOf,
  PAGE,
  pathOf,
  type RepositoryName,
  unlessMissing,
  unreadable,
} from './github-ask.ts'
import { type GitHubGroups, gitHubGroups } from './github-groups.ts'
import { ONCE } from './retry.ts'

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
  /** Whether its files come from a fork; undefined where there is none. */
  fork: Fork | undefined
}

/** By whom a fork's pull request may be opened: by anybody, or by those who see a repository that is not public. */
export type Fork = 'of anybody' | 'of members'

/** A run of a workflow, finished or not. Times are ms since the epoch on GitHub's clock. */
export interface PastRun {
  id: number
  attempt: number
  createdAt: number
  /** When its latest attempt began. */
  startedAt: number
  /** Infinite for one that has not ended. */
  endedAt: number
  hasFailed: boolean
  url: string
}

export interface Job {
  /** Negative for one whose id GitHub left out. */
  id: number
  name: string
  status: string
  /** ms since the epoch on GitHub's clock. */
  startedAt: number
  /** ms since the epoch on GitHub's clock; NaN if it has not ended. */
  completedAt: number
}

/** The runs in flight of a repository. */
export interface RunsInFlight {
  /** Those among the newest runs, which are known first. Never fails: none if they cannot be read. */
  newest: Promise<readonly Run[]>
  all: Promise<{
    runs: Run[]
    /** Whether all of them could be read. */
    isComplete: boolean
    /** Whether the newest runs alone did not tell. */
    isBusy: boolean
  }>
}

/** What is read of workflow runs. Nothing here is needed for the rotation itself. */
export interface GitHubRuns extends GitHubGroups {
  /**
   * Asks for every run that is not finished: one call for a quiet repository, six for a busy one, and more if there are
   * more than 100 of one status.
   *
   * @param now ms since the epoch on GitHub's clock
   * @param isBusy whether it is known to be busy: then all calls go out at once
   */
  inFlight(repository: RepositoryName, now: () => number, isBusy?: boolean): RunsInFlight
  /** Returns how long the last 100 runs of a workflow took that ended in success or failure: minutes, newest first. */
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
  /**
   * The newest runs of a workflow, at most 20; asked once.
   *
   * @param workflow the name of its file
   */
  newestRuns(repository: RepositoryName, workflow: string): Promise<PastRun[]>
  /** The jobs of a run's latest attempt. */
  jobs(repository: RepositoryName, runId: number): Promise<Job[]>
  /** Whether jobs that are bound to an environment may have to wait, for an approval or a timer. */
  mayPause(repository: RepositoryName, environment: string): Promise<boolean>
  /** A file's text at a commit, or on the default branch; undefined when there is none. */
  file(repository: RepositoryName, path: string, ref: string | undefined): Promise<string | undefined>
}

/** A run that is not finished: each of these is a filter of its own, and may hold secrets of its creation. */
const UNFINISHED = ['in_progress', 'queued', 'pending', 'waiting', 'requested'] as const
/** The conclusions of runs whose duration says something: skipped and cancelled ones are short. */
const CONCLUSIONS = ['success', 'failure'] as const
/** As many of the newest runs are enough beside the lists by status: a page of them is there after one round trip. */
const FEW_NEWEST = 50
/** The conclusions of runs that failed by themselves. */
const FAILED = ['failure', 'timed_out', 'startup_failure']
/** More runs of the rotating workflow than these are not in flight at once. */
const NEWEST_RUNS = 20
/** GitHub lists no more of one status. https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
const MOST_LISTED = 1000
/** The longest that a run can live, in ms. https://docs.github.com/actions/reference/limits */
const LONGEST_RUN = 35 * 24 * 60 * 60 * 1000

type Data = Record<string, unknown>

export function gitHubRuns(askAs: AskAs): GitHubRuns {
  /** What is not needed for the rotation gives way to it where requests are few. */
  const spareAs =
    (owner: string): Ask =>
    (route, read, options) =>
      askAs(owner)(route, read, { ...options, spare: true })
  const page = (repository: RepositoryName, parameters: Record<string, unknown>) =>
    spareAs(repository.owner)(
      `GET ${pathOf(repository)}/actions/runs`,
      ({ data }) => ({ total: Number(data.total_count), found: listOf(data.workflow_runs).map(runFrom) }),
      { parameters: { per_page: PAGE, ...parameters } },
    )
  /** All runs of a status; the first page where GitHub does not list all of them. */
  const listed = async (repository: RepositoryName, status: string) => {
    const first = await page(repository, { status })
    const pages = first.total > MOST_LISTED ? 1 : Math.ceil(first.total / PAGE)
    const others = Array.from({ length: Math.max(0, pages - 1) }, (_, index) =>
      page(repository, { status, page: index + 2 }),
    )
    const all = [first, ...(await Promise.all(others))]
    // A list that changes between its pages may not show every run.
    const total = Math.max(...all.map((one) => one.total))
    return { total, found: [...byId(all.flatMap(({ found }) => found)).values()] }
  }

  const byStatus = (repository: RepositoryName) => Promise.all(UNFINISHED.map((status) => listed(repository, status)))

  return {
    ...gitHubGroups(askAs),

    inFlight(repository, now, isBusy = false) {
      const asking = page(repository, isBusy ? { per_page: FEW_NEWEST } : {})
      const early = asking.then((newest) => unfinished([newest])).catch(() => [])
      const asked = isBusy ? byStatus(repository) : undefined
      // It is waited for after the newest runs, and must not count as unhandled until then.
      asked?.catch(() => {})
      const readAll = async () => {
        const newest = await asking
        // What is asked about the newest runs comes first: other requests depend on it.
        await early
        const oldest = newest.found.at(-1)
        const reachesBack = oldest !== undefined && now() - oldest.createdAt > LONGEST_RUN
        const isQuiet = newest.total <= newest.found.length || reachesBack
        const pages = await (asked ?? (isQuiet ? [] : byStatus(repository)))
        // A run that changes its status between the responses is in none of the filtered lists, so the newest stay in.
        return {
          runs: unfinished([newest, ...pages]),
          isComplete: pages.every(({ total, found }) => total <= found.length),
          isBusy: pages.length > 0,
        }
      }
      return { newest: early, all: readAll() }
    },

    async history(repository, workflowId) {
      // Both conclusions are filters of their own: on a page of completed runs, cancelled and skipped ones take the place.
      const lists = await Promise.all(
        CONCLUSIONS.map((status) =>
          spareAs(repository.owner)(
            `GET ${pathOf(repository)}/actions/workflows/${workflowId}/runs`,
            ({ data }) => listOf(data.workflow_runs).filter(({ conclusion }) => conclusion === status),
            { parameters: { status, per_page: PAGE, exclude_pull_requests: true } },
          ),
        ),
      )
      const newestFirst = lists.flat().sort((a, b) => timeOf(b.created_at) - timeOf(a.created_at))
      return newestFirst
        .slice(0, PAGE)
        .map((run) => (timeOf(run.updated_at) - timeOf(run.run_started_at)) / 60_000)
        .filter((minutes) => minutes >= 0)
    },

    workflowOf(repository, runId) {
      return askAs(repository.owner)(`GET ${pathOf(repository)}/actions/runs/${runId}`, ({ data }) => {
        if (!Number.isSafeInteger(data.workflow_id)) throw unreadable('the workflow of a run')
        return String(data.workflow_id)
      })
    },

    isInProgress({ owner, repository }, runId) {
      return unlessMissing(
        askAs(owner)(`GET ${pathOf({ owner, repository })}/actions/runs/${runId}`, ({ data }) => {
          if (typeof data.status !== 'string') throw unreadable('the status of a run')
          return runFrom(data).isUnfinished
        }),
      )
    },

    pastRuns(repository, workflow, until) {
      return askAs(repository.owner)(
        `GET ${pathOf(repository)}/actions/workflows/${encodeURIComponent(workflow)}/runs`,
        ({ data }) => listOf(data.workflow_runs).map(pastRunFrom),
        {
          parameters: {
            created: `<=${until.toISOString().replace(/\.\d+Z$/, 'Z')}`,
            per_page: PAGE,
            exclude_pull_requests: true,
          },
        },
      )
    },

    newestRuns(repository, workflow) {
      return askAs(repository.owner)(
        `GET ${pathOf(repository)}/actions/workflows/${encodeURIComponent(workflow)}/runs`,
        ({ data }) => listOf(data.workflow_runs).map(pastRunFrom),
        { patience: ONCE, spare: true, parameters: { per_page: NEWEST_RUNS, exclude_pull_requests: true } },
      )
    },

    jobs(repository, runId) {
      return allPages(spareAs(repository.owner), `GET ${pathOf(repository)}/actions/runs/${runId}/jobs`, ({ data }) =>
        listOf(data.jobs).map((job, index) => ({
          id: Number(job.id ?? -1 - index),
          name: String(job.name),
          status: String(job.status),
          startedAt: timeOf(job.started_at),
          completedAt: timeOf(job.completed_at),
        })),
      )
    },

    async mayPause(repository, environment) {
      const rules = spareAs(repository.owner)(
        `GET ${pathOf(repository)}/environments/${encodeURIComponent(environment)}`,
        ({ data }) => array(data.protection_rules).map(({ type }) => type),
      )
      // Which branches may be deployed is known at once.
      return ((await unlessMissing(rules)) ?? []).some((type) => type !== 'branch_policy')
    },

    async file(repository, path, ref) {
      const encoded = path.split('/').map(encodeURIComponent).join('/')
      const text = askAs(repository.owner)(
        `GET ${pathOf(repository)}/contents/${encoded}`,
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
    fork: forkOf(run),
    baseRefs: array(run.pull_requests).flatMap(({ base }) => {
      const ref = (base as Data | undefined)?.ref
      return typeof ref === 'string' ? [ref] : []
    }),
    isUnfinished: run.status !== 'completed' && !run.conclusion,
  }
}

function pastRunFrom(run: Data): PastRun {
  const { id, attempt, createdAt, startedAt, isUnfinished, url } = runFrom(run)
  const endedAt = isUnfinished ? Number.POSITIVE_INFINITY : Date.parse(String(run.updated_at))
  return { id, attempt, createdAt, startedAt, endedAt, hasFailed: FAILED.includes(String(run.conclusion)), url }
}

const timeOf = (date: unknown): number => Date.parse(String(date))

/** The runs of these lists that are not finished, each once, as the last list has it. */
function unfinished(lists: readonly { found: readonly (Run & { isUnfinished: boolean })[] }[]): Run[] {
  return [...byId(lists.flatMap(({ found }) => found).filter((run) => run.isUnfinished)).values()]
}

const byId = <T extends { id: number }>(all: readonly T[]): Map<number, T> => new Map(all.map((one) => [one.id, one]))

/** A fork that was deleted meanwhile is null. What is not told is no fork, so that its runs count in full. */
function forkOf({ repository, head_repository: head }: Data): Fork | undefined {
  const { full_name: name, private: isPrivate } = Object(repository) as Data
  const from = head === null ? '' : (head as Data | undefined)?.full_name
  if (typeof name !== 'string' || typeof from !== 'string' || name === from) return undefined
  return isPrivate === false ? 'of anybody' : 'of members'
}

const array = (value: unknown): Data[] => (Array.isArray(value) ? value.map((one) => Object(one) as Data) : [])
const loginOf = (account: unknown): unknown => (account as Data | undefined)?.login
