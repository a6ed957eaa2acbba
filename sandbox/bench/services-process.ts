// The process of the stand-ins and of the network in front of them, so that they share no thread with what is measured.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { generate } from 'selfsigned'
import { type GitHub, startGitHub, type TokenSeed } from '../github.ts'
import { startIncidentIo } from '../incident-io.ts'
import { startFront } from './network.ts'
import { countRounds } from './rounds.ts'
import { type Order, RUN_ID, type Seen, type Setting, type Stage, WORKFLOW } from './services.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SECRET = 'INCIDENT_API_KEY'
const PERMISSIONS = { secrets: 'write', actions: 'read', contents: 'read' } as const
const TOKEN: TokenSeed = { kind: 'fine-grained', repositories: ['octo-1/*'], permissions: PERMISSIONS }
/** Runs in flight of one workflow, and how many past runs it has, if the setting does not say. */
const RUNS_EACH = 10
const PAST_RUNS = 20
const DEPLOY = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets.${SECRET} }}
`

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
  keyType: 'ec',
  algorithm: 'sha256',
  extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
})
const authority = join(folder, 'authority.pem')
writeFileSync(authority, cert)

let standing: { stage: Stage; close: () => Promise<Seen> } | undefined

process.on('message', async (order: Order) => {
  if (order.kind === 'close') return void process.send?.(await standing?.close())
  standing = await open(order.setting)
  process.send?.(standing.stage)
})
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
})

/** Starts both services anew, with their limits in force, and a key whose old token is in every repository. */
async function open(setting: Setting): Promise<{ stage: Stage; close: () => Promise<Seen> }> {
  const { destinations, accounts, roundTripMs } = setting
  const incident = await startIncidentIo()
  const github = await startGitHub({ basePath: '/api/v3' })
  github.enforceSecondaryLimits()
  const fronts = await Promise.all([incident, github].map((standIn) => startFront(standIn, { cert, key }, roundTripMs)))

  const issuedAt = new Date(Date.now() - 40 * DAY)
  const keyName = 'CI deploy key'
  const rotated = incident.addKey({ name: keyName, roles: ['viewer'], issuedAt, createdAt: issuedAt })
  const managing = incident.addKey({ name: 'Key manager', roles: ['viewer', 'api_keys_manage'] })
  const owners = Array.from({ length: accounts ?? 1 }, (_, index) => `octo-${index + 1}`)
  const repositories = Array.from({ length: destinations }, (_, index) => {
    const owner = owners[Math.floor((index * owners.length) / destinations)]
    return `${owner}/service-${index + 1}`
  })
  for (const owner of owners) github.addOrganization(owner)
  for (const repository of repositories) {
    github.addRepository(repository)
    github.setSecret(repository, SECRET, rotated.token, new Date(issuedAt.getTime() + 5000))
  }
  const run = { id: RUN_ID, workflow: WORKFLOW, status: 'in_progress', createdAt: new Date() } as const
  github.addRun(repositories[0] ?? '', run)
  await addRuns(github, repositories[0] ?? '', setting)

  const [incidentFront, githubFront] = fronts.map(({ port }) => `localhost:${port}`)
  return {
    stage: {
      authority,
      incidentUrl: `https://${incidentFront}`,
      githubHost: String(githubFront),
      managingToken: managing.token,
      keyId: rotated.id,
      keyName,
      secret: SECRET,
      repositories,
      ...(accounts === undefined ? { githubToken: github.addToken(TOKEN) } : { app: signUp(github, owners) }),
    },
    close: async () => {
      for (const front of fronts) front.close()
      await Promise.all([incident.close(), github.close()])
      const token = incident.tokensOf(rotated.id).at(-1)?.token
      const isRotated = token !== rotated.token
      const journal = [...incident.journal, ...github.journal]
      return {
        requests: journal.length,
        rounds: roundTripMs > 0 ? countRounds(journal, roundTripMs) : undefined,
        connections: fronts.reduce((sum, front) => sum + front.connections, 0),
        written: repositories.filter((one) => isRotated && github.secret(one, SECRET)?.value === token).length,
        refusals: github.refusals.length,
      }
    },
  }
}

/** A GitHub App that is installed in every account: its limits count for each. */
function signUp(github: GitHub, owners: readonly string[]): NonNullable<Stage['app']> {
  const app = github.addApp()
  for (const owner of owners) github.installApp(app, { owner, repositories: 'all', permissions: PERMISSIONS })
  return { clientId: app.clientId, privateKey: app.privateKey }
}

/** Adds runs that hold the old value, half of them still queued, of workflows that took 5 minutes until now. */
async function addRuns(github: GitHub, repository: string, setting: Setting): Promise<void> {
  const { runs, workflows = Math.ceil(runs / RUNS_EACH), pastRuns = PAST_RUNS } = setting
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE)
  for (let index = 0; index < runs; index++) {
    const name = `deploy-${(index % workflows) + 1}`
    const workflow = `.github/workflows/${name}.yml`
    if (index < workflows) {
      github.addFile(repository, workflow, DEPLOY)
      for (let past = 1; past <= pastRuns; past++) {
        const createdAt = ago(past * 180)
        const updatedAt = new Date(createdAt.getTime() + 5 * MINUTE)
        github.addRun(repository, { workflow, name, status: 'completed', createdAt, updatedAt })
      }
    }
    const status = runs === workflows || index % 2 === 0 ? 'in_progress' : 'queued'
    github.addRun(repository, { workflow, name, status, createdAt: ago(2) })
  }
  if (runs > 0) await encodePages(github, repository, workflows)
}

/**
 * Asks for the large pages once, so that they are encoded before they count: GitHub encodes them on machines that do not
 * compete with the action for this one's processors.
 */
async function encodePages(github: GitHub, repository: string, workflows: number): Promise<void> {
  const authorization = `Bearer ${github.addToken(TOKEN)}`
  const actions = `${github.url}/repos/${repository}/actions`
  const names = Array.from({ length: workflows }, (_, index) => `deploy-${index + 1}.yml`)
  const lists = [
    `${actions}/runs?per_page=100`,
    ...names.map((name) => `${actions}/workflows/${name}/runs?status=success&per_page=100`),
  ]
  for (const list of lists) {
    const response = await fetch(list, { headers: { authorization, 'accept-encoding': 'gzip' } })
    if (!response.ok) throw new Error(`${list}: ${response.status}`)
    await response.arrayBuffer()
  }
  github.journal.length = 0
}
