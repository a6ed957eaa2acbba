// Builds dist/: tsc turns src/ into JavaScript, ncc bundles it with its packages. What is imported when it is needed only
// becomes a file of its own, which costs nothing until then. The post step's entry is copied as it is: it loads the bundle
// beside it only when there is something to finish.
import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import ncc from '@vercel/ncc'

// ncc's own.
process.noDeprecation = true

/**
 * What nothing here calls, and what makes every start or request slower: undici is a megabyte, and @actions/http-client has
 * it for `fetch` through a proxy, while requests are Node's own here; @actions/exec loads all that starts other processes,
 * and @actions/core asks for the platform's details by it; its `oidc-utils.js` loads @actions/http-client, which is needed
 * for proxies only; of Octokit's plugins one builds a method for each endpoint, one writes a log that is silent here, and
 * one goes from page to page. json-with-bigint looks in each body for numbers that are too large for JavaScript's own JSON.
 */
const LEFT_OUT = [
  'undici',
  '@actions/exec',
  './oidc-utils.js',
  'json-with-bigint',
  '@octokit/plugin-paginate-rest',
  '@octokit/plugin-request-log',
  '@octokit/plugin-rest-endpoint-methods',
]
const EXTERNALS = Object.fromEntries(LEFT_OUT.map((name) => [name, './left-out.js']))

/** Bundles a file. */
const bundle = (file, options) => ncc(resolve(file), { externals: EXTERNALS, cache: false, quiet: true, ...options })

for (const folder of ['lib', 'dist']) rmSync(folder, { recursive: true, force: true })
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']
execFileSync(process.execPath, tsc, { stdio: ['ignore', 'inherit', 'inherit'] })

const { code, assets } = await bundle('lib/src/index.js')
mkdirSync('dist')
write('index.js', code)
for (const [name, { source }] of Object.entries(assets)) write(name, source)
copyFileSync('lib/src/post.js', 'dist/post.js')
copyFileSync('scripts/left-out.js', 'dist/left-out.js')
writeFileSync('dist/licenses.txt', await licenses())

/** In ASCII: V8 keeps a file with any other character in twice the memory, all of it. */
function write(name, source) {
  const escaped = String(source).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  writeFileSync(join('dist', name), escaped)
}

/** ncc forgets the licences of what is in files of its own: those of every package that is imported anywhere. */
async function licenses() {
  const imports = globSync('lib/src/**/*.js').flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\b(?:from|import)[ (]*'(?!node:)([^.'][^']*)'/g),
  ])
  const names = [...new Set(imports.map(([, name]) => name))].sort()
  const lines = names.map((name, index) => `import * as package${index} from '${name}'\nconsole.log(package${index})`)
  writeFileSync('lib/packages.js', lines.join('\n'))
  const { assets: besides } = await bundle('lib/packages.js', { license: 'licenses.txt' })
  return besides['licenses.txt'].source
}
