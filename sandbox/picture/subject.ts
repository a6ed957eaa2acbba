import { Clock } from '../clock.ts'
import { type GitHub, startGitHub } from '../github.ts'
import { startIncidentIo } from '../incident-io.ts'
import { runStep } from '../runner.ts'

/** A Monday, as the schedule of the README's quick start has it. */
const START = Date.parse('2026-03-02T05:17:20Z')
const MINUTE = 60_000
const DAY = 1440 * MINUTE
const APP = 'octo/app'
const BILLING = 'octo/billing'
const SECRET = 'INCIDENT_API_KEY'

const workflowOf = ({ secret, group }: Work) => `on: push
${group === undefined ? '' : `concurrency: ${group}\n`}jobs:
  work:
    runs-on: ubuntu-latest
    steps:
      - run: ./work.sh
        env:
          KEY: \${{ secrets.${secret} }}
`

/** A workflow with a past of forty runs, and one in flight. */
interface Work {
  repository: string
  file: string
  name: string
  secret: string
  /** How long its runs take, in minutes: from this to four more. */
  takes: number
  /** When the run in flight began, in minutes before now. */
  began: number
  id: number
  /** Its concurrency group, in which another run waits. */
  group?: string
}

const WORK: readonly Work[] = [
  {
    repository: APP,
    file: 'deploy.yml',
    name: 'Deploy',
    secret: SECRET,
    takes: 18,
    began: 8,
    id: 4712,
    group: 'deploy',
  },
  { repository: APP, file: 'e2e.yml', name: 'End-to-end tests', secret: SECRET, takes: 44, began: 31, id: 4698 },
  {
    repository: BILLING,
    file: 'invoices.yml',
    name: 'Invoices',
    secret: 'INCIDENT_TOKEN',
    takes: 50,
    began: 17,
    id: 977,
  },
]

function addWork(github: GitHub, work: Work): void {
  const { repository, file, name, takes, began, id, group } = work
  const workflow = `.github/workflows/${file}`
  const ago = (minutes: number) => new Date(START - minutes * MINUTE)
  github.addFile(repository, workflow, workflowOf(work))
  for (let count = 1; count <= 40; count++) {
    const createdAt = ago(count * 180)
    const updatedAt = new Date(createdAt.getTime() + (takes + (count % 5)) * MINUTE)
    github.addRun(repository, { workflow, name, status: 'completed', createdAt, updatedAt })
  }
  const seed = { workflow, name, ...(group !== undefined && { concurrency: { group } }) }
  github.addRun(repository, { ...seed, id, status: 'in_progress', createdAt: ago(began) })
  if (group === undefined) return
  github.addRun(repository, { ...seed, id: id + 1, status: 'pending', createdAt: ago(1) })
}

/** Returns the summary that the built action writes when it rotates a key with three copies while four runs are in flight. */
export async function summaryOfRotation(): Promise<string> {
  const clock = new Clock({ start: new Date(START) })
  const [incident, github] = await Promise.all([startIncidentIo({ clock }), startGitHub({ clock })])
  try {
    const issuedAt = new Date(START - 41 * DAY)
    const roles = ['viewer', 'incident_creator']
    const key = { id: '01KGN4V2XHR7C5QW8D3TZ9MEFB', name: 'CI deploy key', roles, issuedAt, createdAt: issuedAt }
    const { token } = incident.addKey(key)
    const manager = incident.addKey({ name: 'Key manager', roles: [...roles, 'api_keys_manage'] })
    for (const repository of [APP, BILLING]) github.addRepository(repository)
    github.addEnvironment(APP, 'production')
    github.setSecret(APP, SECRET, token, issuedAt)
    github.setSecret(BILLING, 'INCIDENT_TOKEN', token, issuedAt)
    const production = github.store({
      kind: 'environment',
      owner: 'octo',
      repository: 'app',
      environment: 'production',
    })
    production.set(SECRET, token, issuedAt)
    for (const work of WORK) addWork(github, work)
    const githubToken = github.addToken({
      kind: 'fine-grained',
      repositories: [APP, BILLING],
      permissions: { secrets: 'write', environments: 'write', actions: 'read', contents: 'read', metadata: 'read' },
    })
    const module = new URL('./fixed-time.mjs', import.meta.url).href
    const { exitCode, summary, log } = await runStep('main', {
      with: {
        'incident-api-key': manager.token,
        'key-name': key.name,
        'secret-name': SECRET,
        destinations: `repository\nenvironment: ${APP}/production\nrepository: ${BILLING} as INCIDENT_TOKEN`,
        'github-token': githubToken,
        'incident-api-url': incident.url,
        'min-token-age': '30d',
      },
      env: {
        GITHUB_API_URL: github.url,
        NODE_OPTIONS: `--import=${module}`,
        SANDBOX_START: String(Math.round(clock.now())),
      },
    })
    if (exitCode !== 0) throw new Error(`The action failed:\n${log.join('\n')}`)
    return summary
  } finally {
    await Promise.all([incident.close(), github.close()])
  }
}
