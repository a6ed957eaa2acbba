// Runs the action against the stand-ins that `npm run demo -- --keep` left up: `npm run try -- INPUT=VALUE …`.
import process from 'node:process'
import { nearest } from '../src/1-read/nearest.ts'
import { unfolded } from './demo/stage.ts'
import { readKept } from './kept.ts'
import { readActionFile, runStep } from './runner.ts'

const kept = await readKept()
if (kept === undefined) {
  console.error("No stand-ins are up. Start them in another terminal with 'npm run demo -- --keep'.")
  process.exit(1)
}
const given = process.argv.slice(2).map((argument) => {
  const at = argument.indexOf('=')
  return [argument.slice(0, at), argument.slice(at + 1)] as const
})
const { inputs } = await readActionFile()
const unknown = given.filter(([name]) => !(name in inputs)).map(([name]) => name)
const [first] = unknown
if (first !== undefined || process.argv.slice(2).some((argument) => !argument.includes('='))) {
  const near = nearest(first ?? '', Object.keys(inputs))
  if (first !== undefined)
    console.error(`There is no input "${first}"${near === undefined ? '' : `; did you mean "${near}"?`}`)
  console.error(`Write INPUT=VALUE, where INPUT is one of ${Object.keys(inputs).join(', ')}.`)
  process.exit(1)
}
const step = { with: { ...kept.with, ...Object.fromEntries(given) }, env: kept.env }
const main = await runStep('main', step)
const post = await runStep('post', { ...step, state: main.state })
for (const line of [main, post].flatMap(unfolded)) console.log(line)
console.log(`\nexit code ${main.exitCode}`)
for (const [name, value] of Object.entries(main.outputs)) console.log(`${name}: ${value}`)
console.log(`\n${main.summary}`)
process.exitCode = main.exitCode ?? 1
