import { type AskAs, givenUp, listOf, PAGE, pathOf, type RepositoryName } from './github-ask.ts'

/** A run, or a job of it, that holds a concurrency group or waits for it. */
export interface GroupMember {
  runId: number
  /** Undefined for the whole run. */
  jobId: number | undefined
  /** Whether it waits; otherwise it holds the group. */
  isPending: boolean
}

/** A place of one run, or of one of its jobs, in a group. */
export interface GroupPlace extends GroupMember {
  group: string
}

/** The endpoints for concurrency groups. GitHub Enterprise Server has none of them up to 3.19. */
export interface GitHubGroups {
  /**
   * Returns the places of a run and its jobs in concurrency groups.
   *
   * @throws GitHubError if the run has more groups than one page holds
   *
   * @see https://docs.github.com/rest/actions/concurrency-groups
   */
  groupPlaces(repository: RepositoryName, runId: number): Promise<GroupPlace[]>
  /**
   * Returns everything that holds a concurrency group or waits for it, in the order of their turns.
   *
   * @throws GitHubError if the group is not active any more
   */
  groupMembers(repository: RepositoryName, group: string): Promise<GroupMember[]>
}

export function gitHubGroups(askAs: AskAs): GitHubGroups {
  return {
    groupPlaces(repository, runId) {
      return askAs(repository.owner)(
        `GET ${pathOf(repository)}/actions/runs/${runId}/concurrency_groups`,
        ({ data }) => {
          const groups = listIn(data.concurrency_groups)
          if (Number(data.total_count) > groups.length) throw givenUp('more concurrency groups of a run than it lists')
          return groups.flatMap(({ group_name: group, group_members: members }) =>
            listIn(members).map((member) => ({ ...memberFrom(member), group: String(group) })),
          )
        },
        { spare: true, parameters: { per_page: PAGE } },
      )
    },

    groupMembers(repository, group) {
      return askAs(repository.owner)(
        `GET ${pathOf(repository)}/actions/concurrency_groups/${encodeURIComponent(group)}`,
        // The description promises the order of the line, but not where the holder stands in it.
        ({ data }) => {
          const members = listIn(data.group_members).map(memberFrom)
          return members.sort((a, b) => Number(a.isPending) - Number(b.isPending))
        },
        { spare: true },
      )
    },
  }
}

/** Without a list the response is none of GitHub's: asking again would only delay the rotation. */
function listIn(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw givenUp('a response without a list of concurrency groups')
  return listOf(value)
}

function memberFrom({ run_id: runId, job_id: jobId, status }: Record<string, unknown>): GroupMember {
  return {
    runId: Number(runId),
    jobId: jobId === undefined || jobId === null ? undefined : Number(jobId),
    isPending: status !== 'in_progress',
  }
}
