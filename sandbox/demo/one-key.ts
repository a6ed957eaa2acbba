import { type Scene, setScene } from '../scene.ts'
import { indent, type Left, MINUTE, prove, say, sayOutcome, seenOf, works } from './stage.ts'

const WORKFLOW = '.github/workflows/deploy.yml'
const DEPLOY = `on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets.INCIDENT_API_KEY }}
`

/** A run that uses the secret and began 8 minutes ago, and forty past runs of its workflow of about half an hour. */
function addRunInFlight({ github, clock, repository }: Scene): number {
  github.addFile(repository, WORKFLOW, DEPLOY)
  const ago = (minutes: number) => new Date(clock.now() - minutes * MINUTE)
  for (let count = 1; count <= 40; count++) {
    const createdAt = ago(count * 180)
    const updatedAt = new Date(createdAt.getTime() + (28 + (count % 5)) * MINUTE)
    github.addRun(repository, { workflow: WORKFLOW, name: 'Deploy', status: 'completed', createdAt, updatedAt })
  }
  return addRun({ github, clock, repository })
}

function addRun({ github, clock, repository }: Pick<Scene, 'github' | 'clock' | 'repository'>): number {
  const createdAt = new Date(clock.now() - 8 * MINUTE)
  return github.addRun(repository, { workflow: WORKFLOW, name: 'Deploy', status: 'in_progress', createdAt })
}

/** What else can be tried: an environment, and keys and tokens that may not do what is needed. */
function setStage(scene: Scene, run: number): string {
  const { github, incident, repository } = scene
  github.updateRun(repository, run, { status: 'completed', conclusion: 'success' })
  addRun(scene)
  github.addEnvironment(repository, 'production')
  const { token: reader } = incident.addKey({ name: 'Reader', roles: ['viewer'] })
  const readOnly = github.addToken({
    kind: 'fine-grained',
    repositories: [repository],
    permissions: { secrets: 'read', actions: 'read', contents: 'read', metadata: 'read' },
  })
  const classic = github.addToken({ kind: 'classic', scopes: ['repo'], repositories: [repository] })
  return [
    `${repository} has an environment production too, which the token may not write. Other credentials to try, good here only:`,
    `    a managing key without the role:    incident-api-key=${reader}`,
    `    a token that may only read:         github-token=${readOnly}`,
    `    a classic token of all scopes but organizations: github-token=${classic}`,
  ].join('\n')
}

/** A job that was given the secret when its run was queued, and uses it until it is told to end. */
function startJob(scene: Scene, token: string): { end(): Promise<{ calls: number; refused: number }> } {
  let running = true
  const result = { calls: 0, refused: 0 }
  const work = (async () => {
    while (running) {
      const isAccepted = await works(scene, token)
      result.calls += 1
      if (!isAccepted) result.refused += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return {
    end: async () => {
      running = false
      await work
      return result
    },
  }
}

/** The first act: one key is rotated while a job is running with its token. */
export async function playOneKey(): Promise<Left> {
  const scene = await setScene()
  const { key, repository, secret, github, incident, clock } = scene
  const run = addRunInFlight(scene)
  const oldToken = github.secret(repository, secret)?.value ?? ''

  say('The scene')
  say(`  incident.io has the API key "${key.name}", and its token is 40 days old.`)
  say(`  ${repository} holds that token in its secret ${secret}. Its workflow "Deploy" has been running with it`)
  say('  for 8 minutes, and took 28 to 32 minutes the last 40 times.')
  say()
  say('The action, as the runner runs it (node dist/index.js)')
  const job = startJob(scene, oldToken)
  const main = await scene.rotate()
  const post = await scene.finish(main)
  indent([...main.log, ...post.log])
  sayOutcome(main)
  say()

  say('The proof')
  const newToken = github.secret(repository, secret)?.value ?? ''
  prove(
    'the secret was sealed for GitHub, opens there, and holds a new token',
    newToken !== oldToken && newToken !== '',
  )
  prove('incident.io accepts it as the current token of the key', incident.tokensOf(key.id).at(-1)?.token === newToken)
  prove('the new token works', await works(scene, newToken))
  const { calls, refused } = await job.end()
  prove(
    `the running job called incident.io ${calls} times with the old token, and was refused ${refused} times`,
    refused === 0,
  )
  const seen = seenOf(main)
  prove(
    'no token is in the log, the outputs, the state or the summary',
    !scene.credentials().some((one) => seen.includes(one)),
  )
  const grace = Number(main.outputs['grace-period-minutes'])
  prove(
    `the grace period of ${grace} minutes outlives the 24 minutes that the job may still need`,
    grace >= 24 && grace < 60,
  )
  clock.advance((grace - 1) * MINUTE)
  prove(`${grace - 1} minutes later the old token still works`, await works(scene, oldToken))
  clock.advance(2 * MINUTE)
  prove('2 minutes after that it is dead', !(await works(scene, oldToken)))
  prove('and the new one works', await works(scene, newToken))
  say()

  say('The summary, as the job page would show it')
  indent(main.summary)
  return {
    scene,
    with: scene.with,
    tries: ['force=true', 'dry-run=true min-token-age=0', 'force=true "key-name=CI deploy ky"'],
    hint: setStage(scene, run),
  }
}
