import { FileStore, sha1 } from './files.ts'
import type { OrganizationStore } from './organizations.ts'
import { RunStore } from './run-store.ts'
import { SecretStore } from './secret-store.ts'
import { isSameName } from './tokens.ts'

/** An environment of a repository, with its secrets. */
export class Environment {
  readonly id: number
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Whether somebody has to approve of what is deployed to it. */
  readonly hasReviewers: boolean
  readonly secrets = new SecretStore()

  constructor(name: string, { id, createdAt, hasReviewers }: { id: number; createdAt: number; hasReviewers: boolean }) {
    this.hasReviewers = hasReviewers
    this.name = name
    this.id = id
    this.createdAt = createdAt
  }
}

interface RepositoryOptions {
  private: boolean
  archived: boolean
  createdAt: number
}

/** A repository with its secrets, its environments, its files and its runs. */
export class Repository {
  readonly id: number
  readonly private: boolean
  readonly archived: boolean
  readonly createdAt: number
  readonly defaultBranch = 'main'
  /** The head of the default branch, the same for the same name in every stand-in; it never moves. */
  readonly head: string
  readonly files: FileStore
  readonly runs: RunStore
  /** By the kind of the secrets; `repository` are those for Actions. */
  readonly secrets = {
    repository: new SecretStore(),
    dependabot: new SecretStore(),
    codespaces: new SecretStore(),
    agents: new SecretStore(),
  }
  /** In the order they were added. */
  readonly environments: Environment[] = []
  fullName: string
  readonly #organizations: OrganizationStore

  constructor(fullName: string, options: RepositoryOptions & { id: number; organizations: OrganizationStore }) {
    this.fullName = fullName
    this.#organizations = options.organizations
    this.id = options.id
    this.private = options.private
    this.archived = options.archived
    this.createdAt = options.createdAt
    this.head = sha1(`head of ${fullName}`)
    this.files = new FileStore({ branch: this.defaultBranch, head: this.head })
    this.runs = new RunStore(options.id)
  }

  get owner(): string {
    return this.fullName.split('/')[0] ?? ''
  }

  get ownerType(): 'User' | 'Organization' {
    return this.#organizations.find(this.owner) ? 'Organization' : 'User'
  }

  /** A workflow's file makes the workflow known before it has any run. */
  addFile(path: string, text: string, ref: string = this.head): void {
    this.files.add(ref, path, text)
    if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) this.runs.workflow(path)
  }

  addEnvironment(name: string, createdAt: number, hasReviewers: boolean): void {
    if (this.environment(name)) throw new Error(`${this.fullName} has an environment ${name} already`)
    const id = this.id * 100 + this.environments.length
    this.environments.push(new Environment(name, { id, createdAt, hasReviewers }))
  }

  /** GitHub compares the names of environments without case. */
  environment(name: string): Environment | undefined {
    return this.environments.find((one) => isSameName(one.name, name))
  }
}

/** The repositories by name, without case, and by the names they had before. */
export class RepositoryStore {
  readonly #repositories: Repository[] = []
  readonly #formerNames = new Map<string, Repository>()
  readonly #organizations: OrganizationStore

  constructor(organizations: OrganizationStore) {
    this.#organizations = organizations
  }

  add(fullName: string, options: RepositoryOptions): void {
    if (this.find(fullName)) throw new Error(`There is a repository ${fullName} already`)
    const id = 1_000_000 + this.#repositories.length
    this.#repositories.push(new Repository(fullName, { ...options, id, organizations: this.#organizations }))
  }

  find(fullName: string): Repository | undefined {
    return this.#repositories.find((one) => isSameName(one.fullName, fullName))
  }

  /** Those of a user or an organization, the oldest first. */
  ofOwner(login: string): Repository[] {
    return this.#repositories.filter((one) => isSameName(one.owner, login))
  }

  findById(id: number): Repository | undefined {
    return this.#repositories.find((one) => one.id === id)
  }

  findByFormerName(fullName: string): Repository | undefined {
    return this.#formerNames.get(fullName.toLowerCase())
  }

  /** For the owner of the stand-in, who asks for what is there. */
  get(fullName: string): Repository {
    const repository = this.find(fullName)
    if (!repository) throw new Error(`There is no repository ${fullName}`)
    return repository
  }

  rename(from: string, to: string): void {
    const repository = this.get(from)
    this.#formerNames.set(from.toLowerCase(), repository)
    repository.fullName = to
  }
}
