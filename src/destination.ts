/** A GitHub secret that holds the key's token. */
export interface Destination {
  kind: 'repository'
  owner: string
  repository: string
  /** The secret's name, upper case as GitHub stores it. */
  secret: string
}

/** The destination in words, as messages and tables name it. */
export function nameOf(destination: Destination): string {
  return `${destination.secret} in ${placeOf(destination)}`
}

/** Where the destination is. */
export function placeOf({ owner, repository }: Destination): string {
  return `${owner}/${repository}`
}

/** The part of GitHub's path before `/secrets/…`. */
export function pathOf({ owner, repository }: Destination): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}/actions`
}
