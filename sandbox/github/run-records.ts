/** A `concurrency` setting of a workflow, of a job, or of the reusable workflow that a job belongs to. */
export interface ConcurrencySeed {
  /** The group's name. GitHub compares it case-insensitively within the repository. */
  group: string
  /** `single` if left out. */
  queue?: 'single' | 'max'
  /** `false` if left out. */
  cancelInProgress?: boolean
  /** For jobs only; `job` if left out. `called workflow` is the lease of the reusable workflow that the job belongs to. */
  level?: 'job' | 'called workflow'
}

export type RunStatus = 'requested' | 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed'

/** A job as the server keeps it; times are milliseconds since 1970. */
export interface JobRecord {
  id: number
  attempt: number
  name: string
  status: string
  conclusion: string | null
  createdAt: number
  startedAt: number
  completedAt: number | null
  concurrency: ConcurrencySeed | undefined
  /** Whether a newcomer with `cancel-in-progress` asked this job to end. */
  isAskedToEnd: boolean
}

/** A run as the server keeps it; times are milliseconds since 1970. */
export interface RunRecord {
  id: number
  workflowId: number
  /** Counted for each workflow. */
  number: number
  path: string
  name: string
  status: RunStatus
  conclusion: string | null
  event: string
  actor: string
  triggeringActor: string
  createdAt: number
  startedAt: number
  updatedAt: number
  attempt: number
  headSha: string
  /** `undefined` for the repository itself. */
  headRepository: string | undefined
  referencedWorkflows: Array<{ path: string; sha: string; ref?: string }>
  /** The jobs of every attempt, from the first attempt to the latest. */
  jobs: JobRecord[]
  concurrency: ConcurrencySeed | undefined
  /** Whether a newcomer with `cancel-in-progress` asked the latest attempt to end. */
  isAskedToEnd: boolean
}
