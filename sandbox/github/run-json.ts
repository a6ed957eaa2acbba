import { toSeconds } from './dates.ts'
import { sha1 } from './files.ts'
import type { Repository } from './repositories.ts'
import { minimalRepository, simpleUser } from './repository.ts'
import type { JobRecord, RunRecord } from './run-records.ts'

/** Where runs are told: a repository, and the address of the API without the repository's path. */
export interface Place {
  repository: Repository
  api: string
}

/** GitHub's `workflow-run`. */
export function runToJson(run: RunRecord, { repository, api }: Place) {
  const base = `${api}/repos/${repository.fullName}`
  const url = `${base}/actions/runs/${run.id}`
  return {
    id: run.id,
    name: run.name,
    node_id: `WFR_${run.id}`,
    head_branch: repository.defaultBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: 'A change',
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.id,
    check_suite_node_id: `CS_${run.id}`,
    url,
    html_url: `https://github.com/${repository.fullName}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: toSeconds(run.createdAt),
    updated_at: toSeconds(run.updatedAt),
    actor: account(run.actor, api),
    run_attempt: run.attempt,
    referenced_workflows: run.referencedWorkflows,
    run_started_at: toSeconds(run.startedAt),
    triggering_actor: account(run.triggeringActor, api),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${base}/actions/workflows/${run.workflowId}`,
    head_commit: headCommit(run),
    repository: minimalRepository(repository, api),
    head_repository: minimalRepository(headRepository(run, repository), api),
  }
}

/** Dependabot and other Apps act as `NAME[bot]`. */
const account = (login: string, api: string) => simpleUser(login, api, login.endsWith('[bot]') ? 'Bot' : 'User')

function headCommit({ headSha, createdAt }: RunRecord) {
  const author = { name: 'Mona', email: 'octocat@github.com' }
  return {
    id: headSha,
    tree_id: sha1(`tree of ${headSha}`),
    message: 'A change',
    timestamp: toSeconds(createdAt),
    author,
    committer: author,
  }
}

/** A fork needs no repository of its own here; its id is made from its name. */
function headRepository({ headRepository: fork }: RunRecord, repository: Repository) {
  const { id, fullName, private: isPrivate, ownerType } = repository
  if (fork === undefined) return { id, fullName, private: isPrivate, ownerType, fork: false }
  const forkId = 2 ** 32 + Number.parseInt(sha1(fork).slice(0, 8), 16)
  return { id: forkId, fullName: fork, private: isPrivate, ownerType: 'User' as const, fork: true }
}

/** GitHub's `job`. */
export function jobToJson(job: JobRecord, run: RunRecord, { repository, api }: Place) {
  const base = `${api}/repos/${repository.fullName}`
  const started = job.status === 'in_progress' || job.status === 'completed'
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: repository.defaultBranch,
    run_url: `${base}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: `CR_${job.id}`,
    head_sha: run.headSha,
    url: `${base}/actions/jobs/${job.id}`,
    html_url: `https://github.com/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: toSeconds(job.createdAt),
    started_at: toSeconds(job.startedAt),
    completed_at: job.completedAt === null ? null : toSeconds(job.completedAt),
    name: job.name,
    steps: [],
    check_run_url: `${base}/check-runs/${job.id}`,
    labels: ['ubuntu-latest'],
    runner_id: started ? 1 : null,
    runner_name: started ? 'GitHub Actions 1' : null,
    runner_group_id: started ? 0 : null,
    runner_group_name: started ? 'GitHub Actions' : null,
  }
}
