// Asks GitHub's own language service about workflows and action files, offline:
//   echo '[{"name": ".github/workflows/rotate.yml", "text": "…"}]' | node scripts/lint-workflows.mjs
// Prints what it finds as JSON: [{"name", "line", "message"}]. This repository's action and reusable workflow are read from
// the disk, whatever the owner and the commit that a workflow calls them by.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { text as textOf } from 'node:stream/consumers'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const OURS = 'rotate-incident-key'
/** The inputs of actions of others, as far as they are of use here; of an action that is not named any input will do. */
const OTHERS = { 'actions/checkout': ['fetch-depth', 'fetch-tags', 'path', 'persist-credentials', 'ref', 'repository'] }

const read = (path) => readFileSync(join(ROOT, path), 'utf8')

// It imports JSON without saying so, as bundlers take it and Node does not.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { registerLogger, validate } = await import('@actions/languageservice')

// It logs what it fails over, and then finds nothing.
const broken = (message) => {
  throw new Error(message)
}
registerLogger({ error: broken, warn: broken, info: () => {}, log: () => {} })

const config = {
  actionsMetadataProvider: {
    async fetchActionMetadata({ owner, name, path }) {
      if (name === OURS) return parse(read(join(path ?? '', 'action.yml')))
      const inputs = OTHERS[`${owner}/${name}`]
      if (inputs === undefined) return { name, description: '' }
      return { name, description: '', inputs: Object.fromEntries(inputs.map((one) => [one, {}])) }
    },
  },
  fileProvider: {
    async getFileContent({ repository, path }) {
      if (repository !== undefined && repository !== OURS) throw new Error(`unknown repository ${repository}`)
      return { name: path, content: read(path) }
    },
  },
}

const found = []
for (const { name, text } of JSON.parse(await textOf(process.stdin))) {
  const document = TextDocument.create(`file:///${encodeURI(name)}`, 'yaml', 1, text)
  for (const { range, message } of await validate(document, config)) {
    found.push({ name, line: range.start.line + 1, message })
  }
}
console.log(JSON.stringify(found))
