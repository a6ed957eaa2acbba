import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'

/** The run that the action is part of, and its workflow. */
export const RUN_ID = 4711
export const WORKFLOW = '.github/workflows/rotate.yml'

/** What is to be set up for one run. */
export interface Setting {
  /** Repositories whose secret holds the token. */
  destinations: number
  /** So many accounts own them, in each of which a GitHub App is installed; one, with a token, when left out. */
  accounts?: number
  /** Runs in flight in the first repository. */
  runs: number
  /** The number of workflows that the runs belong to; one for each ten runs if left out. */
  workflows?: number
  /** Past runs of each workflow; 20 if left out. */
  pastRuns?: number
  /** Of the network between the clients and the services. */
  roundTripMs: number
}

/** Both services, as a client has to know them. The credentials open nothing but the stand-ins. */
export interface Stage {
  /** The file of the certificate to be trusted. */
  authority: string
  incidentUrl: string
  /** HOST:PORT of a GitHub Enterprise Server, as which the stand-in is reached, since `gh` takes no other. */
  githubHost: string
  managingToken: string
  keyId: string
  keyName: string
  secret: string
  repositories: readonly string[]
  githubToken?: string
  app?: { clientId: string; privateKey: string }
}

/** What the services saw of a run. */
export interface Seen {
  requests: number
  /** Dependent ones; undefined without a round trip, which would not show them. */
  rounds: number | undefined
  connections: number
  /** How many secrets hold the key's new token. */
  written: number
  /** By GitHub's secondary limits. */
  refusals: number
}

export type Order = { kind: 'open'; setting: Setting } | { kind: 'close' }

/** The stand-ins and the network in front of them, in a process of their own. */
export class Services {
  readonly #process: ChildProcess

  constructor() {
    this.#process = fork(join(import.meta.dirname, 'services-process.ts'))
    // It has said why.
    this.#process.on('exit', (code) => code !== 0 && process.exit(1))
  }

  /** Both services anew, with nothing counted. */
  open(setting: Setting): Promise<Stage> {
    return this.#ask<Stage>({ kind: 'open', setting })
  }

  /** Ends what was opened last. */
  close(): Promise<Seen> {
    return this.#ask<Seen>({ kind: 'close' })
  }

  end(): void {
    this.#process.disconnect()
  }

  async #ask<Answer>(order: Order): Promise<Answer> {
    this.#process.send(order)
    const [answer] = await once(this.#process, 'message')
    return answer as Answer
  }
}
