// A real rotation end to end on the stand-ins, and the proof of it: `npm run demo`. With `-- --manifest` the keys of a
// manifest instead of one, with `-- --keep` the stand-ins stay up.
import { rm } from 'node:fs/promises'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { playManifest } from './demo/manifest.ts'
import { playOneKey } from './demo/one-key.ts'
import { indent, isWell, say } from './demo/stage.ts'
import { keep } from './kept.ts'

const options = { manifest: { type: 'boolean' }, keep: { type: 'boolean' } } as const
const asked = readArguments()

const play = asked.manifest ? playManifest : playOneKey
const { scene, tries, hint, ...left } = await play()

if (asked.keep) {
  const { incident, github } = scene
  const file = await keep({ ...scene, with: left.with })
  say()
  say(`The stand-ins stay up, incident.io at ${incident.url} and GitHub at ${github.url}, until you press Ctrl+C.`)
  say('In another terminal, run the action against them with any input changed:')
  indent(tries.map((one) => `npm run try -- ${one}`))
  if (hint !== undefined) say(hint)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await rm(file, { force: true })
}
await scene.close()
process.exitCode = isWell() ? 0 : 1

function readArguments(): { manifest?: boolean; keep?: boolean } {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(`${(error as Error).message}\nWrite npm run demo [-- --manifest] [--keep].`)
    process.exit(1)
  }
}
