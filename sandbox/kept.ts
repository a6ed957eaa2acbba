import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from './runner.ts'
import type { Scene } from './scene.ts'

/** What one needs to run the action against stand-ins that another process keeps up. */
export interface Kept {
  with: Record<string, string>
  env: Record<string, string>
}

const FILE = join(ROOT, '.sandbox', 'kept.json')

/** Writes down how to reach a scene, and says where. The credentials in it open nothing but the stand-ins. */
export async function keep(scene: Scene): Promise<string> {
  const kept: Kept = { with: scene.with, env: { GITHUB_API_URL: scene.github.url } }
  await mkdir(dirname(FILE), { recursive: true })
  await writeFile(FILE, JSON.stringify(kept, null, 2))
  return FILE
}

/** The scene that is kept up now; undefined when there is none. */
export async function readKept(): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(FILE, 'utf8')) as Kept
  } catch {
    return undefined
  }
}
