import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ManifestProblem, quote } from '../services/problem.ts'
import type { Entry } from './entry.ts'
import { type ManifestAround, type ManifestMistake, parseManifest } from './manifest.ts'

/** In bytes. */
const LARGEST = 1_000_000
/** Nobody mends more than that at once. */
const MOST_TOLD = 50

/**
 * Reads the manifest from the disk.
 *
 * @param path relative to the workspace, where actions/checkout puts the repository
 * @param env the environment; `GITHUB_WORKSPACE` is the workspace
 * @throws ManifestProblem for one mistake, AggregateError of them for several
 */
export async function readManifest(path: string, around: ManifestAround, env: NodeJS.ProcessEnv): Promise<Entry[]> {
  if (around.hidesTokens(path)) {
    throw new ManifestProblem(
      '(not shown)',
      'the input "manifest" holds a token, and not a path. Give the path; if the token was committed with it, revoke it.',
    )
  }
  const { entries, mistakes } = await parseManifest(await readText(path, env), around)
  if (mistakes.length === 0) return entries
  const problems = mistakes.slice(0, MOST_TOLD).map((mistake) => problemOf(path, mistake))
  const left = mistakes.length - problems.length
  if (left > 0) {
    problems.push(new ManifestProblem(path, `${left} more mistakes are not told; mend those above first.`))
  }
  throw problems.length === 1 ? problems[0] : new AggregateError(problems)
}

function problemOf(path: string, mistake: ManifestMistake): ManifestProblem {
  const frame = mistake.frame.replace(/^/gm, '  ')
  return new ManifestProblem(path, `${mistake.sentence}${frame.trim() === '' ? '' : `\n${frame}`}`, mistake)
}

async function readText(path: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = env.GITHUB_WORKSPACE || process.cwd()
  const full = resolve(folder, path)
  const wrong = (sentence: string, cause?: unknown) => new ManifestProblem(path, sentence, undefined, { cause })
  try {
    const found = await stat(full)
    if (found.isDirectory()) throw wrong('this is a directory; give the path of the YAML file in it.')
    if (!found.isFile()) throw wrong('this is not a file; give the path of a YAML file.')
    if (found.size > LARGEST) throw wrong(`the file has ${found.size} bytes, and may have ${LARGEST} at the most.`)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(full))
    if (text.trim() === '') throw wrong('the file is empty; begin it with "keys:", and list the API keys below.')
    if (text.includes('\0')) throw wrong('this is not text in UTF-8; save it as that.')
    return text
  } catch (error) {
    if (error instanceof ManifestProblem) throw error
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw wrong('this is not text in UTF-8; save it as that.', error)
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw wrong(
        `there is no such file in ${quote(folder)}; is the repository checked out (actions/checkout) before this step? If it is, correct the path, which counts from its root.`,
        error,
      )
    }
    throw wrong(`the file cannot be read (${code || 'unknown error'}); check who may read it.`, error)
  }
}
