// Runs a script of this repository on Node 24, from a fresh clone and on a machine whose own Node is older:
//   node scripts/on-node-24.mjs FILE [ARGUMENT …]
// 1. installs what package-lock.json names, when it is not installed yet;
// 2. takes the Node 24 that came with it from npm (or this one, when it is new enough);
// 3. runs FILE there and ends as it ended.
// This file itself must run on old versions of Node.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'
const wanted = 24

/** Whether node_modules holds what package-lock.json names: npm keeps its own copy of the lock beside the packages. */
function isInstalled() {
  const installed = join(modules, '.package-lock.json')
  if (!existsSync(installed)) return false
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages
  return Object.entries(lock.packages).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  )
}

/** The newest Node at hand: the one that npm installed for this project, or the one that runs this file. */
function findNode() {
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const own = join(modules, name, 'bin', windows ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  return Number(process.versions.node.split('.')[0]) >= wanted ? process.execPath : undefined
}

function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root, ...options })
  if (error) throw error
  return signal ? 1 : (status ?? 1)
}

if (!isInstalled()) {
  console.error('Installing the packages that package-lock.json names (npm ci) …')
  rmSync(join(modules, '.package-lock.json'), { force: true })
  const failed = run(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], { shell: windows })
  if (failed) process.exit(failed)
}

const node = findNode()
if (!node) {
  console.error(
    `This project needs Node ${wanted} or newer; this is ${process.version}, and npm has no Node ${wanted} for ` +
      `${process.platform}-${process.arch}. Install Node ${wanted} and run the command again.`,
  )
  process.exit(1)
}
process.exitCode = run(node, process.argv.slice(2), {
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${join(modules, '.bin')}${delimiter}${process.env.PATH}` },
})
