import { SecretStore } from './secret-store.ts'
import { isSameName } from './tokens.ts'

export class Organization {
  readonly login: string
  readonly id: number
  readonly createdAt: number
  /** By the kind of the secrets; `organization` are those for Actions. */
  readonly secrets = {
    organization: new SecretStore(),
    dependabot: new SecretStore(),
    codespaces: new SecretStore(),
    agents: new SecretStore(),
  }

  constructor(login: string, { id, createdAt }: { id: number; createdAt: number }) {
    this.login = login
    this.id = id
    this.createdAt = createdAt
  }
}

/** The organizations by name, without case. Every other owner is a user. */
export class OrganizationStore {
  readonly #organizations: Organization[] = []

  add(login: string, createdAt: number): void {
    if (this.find(login)) throw new Error(`There is an organization ${login} already`)
    this.#organizations.push(new Organization(login, { id: 2_000_000 + this.#organizations.length, createdAt }))
  }

  find(login: string): Organization | undefined {
    return this.#organizations.find((one) => isSameName(one.login, login))
  }

  /** For the owner of the stand-in, who asks for what is there. */
  get(login: string): Organization {
    const organization = this.find(login)
    if (!organization) throw new Error(`There is no organization ${login}`)
    return organization
  }
}
