import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import process from 'node:process'
import { type ActionFile, inputVariables, ROOT } from '../runner.ts'
import { RUN_ID, type Stage, WORKFLOW } from './services.ts'

/** Something that rotates the key and stores its token. */
export interface Contestant {
  name: string
  command: string
  args: readonly string[]
}

const DIST = join(ROOT, 'dist')

export const action: Contestant = { name: 'action', command: process.execPath, args: [join(DIST, 'index.js')] }
/** The post step as it is after a run that left nothing to finish. */
export const postStep: Contestant = { name: 'post step', command: process.execPath, args: [join(DIST, 'post.js')] }
/** The least that a JavaScript action can take. */
export const emptyNode: Contestant = { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] }
export const script: Contestant = {
  name: 'script',
  command: 'bash',
  args: [join(import.meta.dirname, 'script.sh')],
}

/** The bundle's size, in kB of 1000 bytes. */
export function bundleKb(): number {
  const files = readdirSync(DIST).filter((file) => file.endsWith('.js'))
  return files.reduce((bytes, file) => bytes + statSync(join(DIST, file)).size, 0) / 1000
}

/** What the script needs and this machine has not. */
export function missingTools(): string[] {
  return ['bash', 'curl', 'jq', 'gh'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined)
}

/** A program by its path: JavaScript and TypeScript are run by this Node, anything else by itself. */
export function peerAt(path: string): Contestant {
  const file = resolve(path)
  const isForNode = ['.js', '.mjs', '.cjs', '.ts', '.mts'].includes(extname(file))
  return {
    name: path,
    command: isForNode ? process.execPath : file,
    args: isForNode ? [file] : [],
  }
}

/** All that a contestant may need: the inputs as the runner hands them to an action, and plain variables for a script. */
export function environment(stage: Stage, actionFile: ActionFile): Record<string, string | undefined> {
  const { app, githubToken = '', repositories, authority } = stage
  const common = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: repositories[0],
    GITHUB_RUN_ID: String(RUN_ID),
    GITHUB_WORKFLOW_REF: `${repositories[0]}/${WORKFLOW}@refs/heads/main`,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKFLOW: 'Rotate',
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_API_URL: `https://${stage.githubHost}/api/v3`,
    // Node adds it to the authorities that it knows; curl and gh know this one only.
    NODE_EXTRA_CA_CERTS: authority,
    CURL_CA_BUNDLE: authority,
    SSL_CERT_FILE: authority,
  }
  const inputs = inputVariables(
    actionFile,
    {
      'incident-api-key': stage.managingToken,
      'incident-api-url': stage.incidentUrl,
      'key-name': stage.keyName,
      'secret-name': stage.secret,
      destinations: repositories.map((one) => `repository: ${one}`).join('\n'),
      ...(app === undefined
        ? { 'github-token': githubToken }
        : { 'github-app-id': app.clientId, 'github-app-private-key': app.privateKey }),
    },
    common,
  )
  return {
    ...common,
    ...inputs,
    INCIDENT_API_URL: stage.incidentUrl,
    INCIDENT_API_KEY: stage.managingToken,
    KEY_NAME: stage.keyName,
    ID_OF_KEY: stage.keyId,
    SECRET_NAME: stage.secret,
    REPOSITORIES: repositories.join(' '),
    GH_HOST: stage.githubHost,
    GH_ENTERPRISE_TOKEN: githubToken,
  }
}
