import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { Refusal } from './errors.ts'
import { checkSignature, checkTimes, readJwt, undecodable } from './jwt.ts'
import { allOf, isSameName, type Permissions } from './tokens.ts'

export interface AppSeed {
  id?: number
  clientId?: string
  /** `Rotator` when left out; its slug is the name in lower case. */
  name?: string
  /** The account that registered it. */
  owner?: string
  /** RSA, as PEM in any form; a new one when left out. */
  privateKey?: string
}

/** An App as its owner knows it. */
export interface AppCredentials {
  id: number
  clientId: string
  /** PEM of PKCS#1 (`BEGIN RSA PRIVATE KEY`), the form that GitHub hands out. */
  privateKey: string
  /** The same key as PEM of PKCS#8 (`BEGIN PRIVATE KEY`). */
  privateKeyPkcs8: string
}

export interface InstallationSeed {
  owner: string
  /** Full names; `all` has the owner's later repositories too. */
  repositories: 'all' | string[]
  /** Beside `metadata: read`, which every App has. */
  permissions: Permissions
  suspended?: boolean
}

export interface App {
  id: number
  clientId: string
  name: string
  owner: string
  publicKey: KeyObject
  /** Milliseconds since 1970. */
  createdAt: number
}

export interface Installation {
  id: number
  app: App
  owner: string
  /** As a token keeps them: full names, and `OWNER/*` for all of an owner. */
  repositories: string[]
  selection: 'all' | 'selected'
  permissions: Permissions
  /** Milliseconds since 1970. */
  createdAt: number
  suspended: boolean
}

/** The Apps and where they are installed. */
export class AppStore {
  readonly #clock: Clock
  readonly #apps: App[] = []
  readonly #installations: Installation[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(seed: AppSeed): AppCredentials {
    const { name = 'Rotator', owner = 'octo' } = seed
    const id = seed.id ?? 1_200_000 + this.#apps.length
    const clientId = seed.clientId ?? `Iv23li${randomBytes(7).toString('hex')}`
    if (this.#find(id) || this.#find(clientId)) throw new Error(`There is an App ${id} or ${clientId} already`)
    const privateKey =
      seed.privateKey === undefined
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : createPrivateKey(seed.privateKey)
    const publicKey = createPublicKey(privateKey)
    this.#apps.push({ id, clientId, name, owner, publicKey, createdAt: this.#clock.now() })
    const pem = (type: 'pkcs1' | 'pkcs8') => String(privateKey.export({ type, format: 'pem' }))
    return { id, clientId, privateKey: pem('pkcs1'), privateKeyPkcs8: pem('pkcs8') }
  }

  /** Returns the installation's id. */
  install(appId: number, seed: InstallationSeed): number {
    const app = this.#find(appId)
    if (!app) throw new Error(`There is no App ${appId}`)
    if (this.installationOf(app, seed.owner)) throw new Error(`App ${appId} is installed for ${seed.owner} already`)
    const id = 61_000_000 + this.#installations.length
    this.#installations.push({
      id,
      app,
      owner: seed.owner,
      repositories: seed.repositories === 'all' ? [allOf(seed.owner)] : [...seed.repositories],
      selection: seed.repositories === 'all' ? 'all' : 'selected',
      permissions: { metadata: 'read', ...seed.permissions },
      createdAt: this.#clock.now(),
      suspended: seed.suspended ?? false,
    })
    return id
  }

  /** The App that signed a token; throws what GitHub answers to any other. */
  authenticate(text: string): App {
    const jwt = readJwt(text)
    if (!jwt) throw undecodable()
    if (jwt.claims.iss === undefined) throw new Refusal(401, "Missing 'issuer' claim ('iss') in assertion")
    const app = this.#find(jwt.claims.iss)
    if (!app) throw new Refusal(404, 'Integration not found')
    checkSignature(jwt, app.publicKey)
    checkTimes(jwt, this.#clock.now())
    return app
  }

  /** The App that a token says to be of; nothing of it is proven. */
  named(text: string): App | undefined {
    return this.#find(readJwt(text)?.claims.iss)
  }

  installations(app: App): Installation[] {
    return this.#installations.filter((one) => one.app === app)
  }

  installationOf(app: App, owner: string): Installation | undefined {
    return this.installations(app).find((one) => isSameName(one.owner, owner))
  }

  /** An installation is for a repository, whatever its name becomes. */
  renameRepository(from: string, to: string): void {
    for (const one of this.#installations) {
      one.repositories = one.repositories.map((name) => (isSameName(name, from) ? to : name))
    }
  }

  /** By id, as a number or as text, or by client id: what `iss` may be. */
  #find(issuer: unknown): App | undefined {
    return this.#apps.find(({ id, clientId }) => String(id) === String(issuer) || clientId === issuer)
  }
}
