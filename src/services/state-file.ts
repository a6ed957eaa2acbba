import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'

/** The runner's file of state, which it reads when the step has ended. Undefined if there is no regular file. */
function pathOf(): string | undefined {
  const path = process.env.GITHUB_STATE
  return path && statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined
}

/** Returns the size of the file in bytes; 0 if there is none. */
export function sizeOfStateFile(): number {
  const path = pathOf()
  return path === undefined ? 0 : statSync(path).size
}

/** Cuts the file back to a size in bytes: half of a record, which did not fit on the disk, would break all of it. */
export function cutBackStateFile(size: number): void {
  const path = pathOf()
  if (path !== undefined && sizeOfStateFile() > size) truncateSync(path, size)
}

/**
 * Removes records from the file in place, which needs no space on the disk.
 *
 * @param isMeant is given the name of each record
 */
export function removeFromStateFile(isMeant: (name: string) => boolean): void {
  const path = pathOf()
  if (path === undefined) return
  const kept = readFileSync(path, 'utf8').replace(
    /^(.+)<<(ghadelimiter_[\w-]+)\r?\n(?:[\s\S]*?\r?\n)?\2(?:\r?\n|$)/gm,
    (record: string, name: string) => (isMeant(name) ? '' : record),
  )
  const file = openSync(path, 'r+')
  try {
    const bytes = Buffer.from(kept)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, at)
    if (fstatSync(file).size > bytes.length) ftruncateSync(file, bytes.length)
  } finally {
    closeSync(file)
  }
}
