// Trims GitHub's OpenAPI description to the operations in use, without prose and examples:
//   node scripts/trim-openapi.mjs [DIRECTORY]
// DIRECTORY is an unpacked @octokit/openapi; without it, npm fetches the version below into a temporary folder. The
// package has 385 MB, so it is no dependency; its small remainder is committed as sandbox/contracts/github.openapi.json.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const version = '23.0.2'
const source = 'generated/api.github.com.json'
const target = new URL('../sandbox/contracts/github.openapi.json', import.meta.url)

/** The operations in use: `METHOD /path/as/{described}`. */
const operations = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/actions/secrets',
  'GET /repos/{owner}/{repo}/actions/secrets/public-key',
  'GET /repos/{owner}/{repo}/actions/secrets/{secret_name}',
  'PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}',
  'DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}',
]

/** Kept although nothing may refer to it: the shape of the refusals that an operation does not list. */
const always = ['#/components/schemas/basic-error']

const prose = new Set(['summary', 'description', 'title', 'example', 'examples', 'externalDocs', 'tags', 'deprecated'])

/** Keywords whose members' names are free, so that one called `description` is no prose. */
const maps = new Set(['properties', 'patternProperties', 'responses', 'headers', 'content', 'schemas', 'parameters'])

/** Keywords whose value is data. */
const data = new Set(['enum', 'default', 'const', 'required'])

function withoutProse(node) {
  if (Array.isArray(node)) return node.map(withoutProse)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !prose.has(key) && !key.startsWith('x-'))
      .map(([key, value]) => [key, trimmed(key, value)]),
  )
}

function trimmed(key, value) {
  if (data.has(key)) return value
  if (!maps.has(key) || Array.isArray(value)) return withoutProse(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutProse(member)]))
}

/** OpenAPI wants a description on every response. */
function describeResponses(responses) {
  for (const response of Object.values(responses)) if (!('$ref' in response)) response.description = ''
}

function references(node, found = []) {
  if (typeof node !== 'object' || node === null) return found
  if (typeof node.$ref === 'string') found.push(node.$ref)
  for (const value of Object.values(node)) references(value, found)
  return found
}

function trim(full) {
  const paths = {}
  for (const operation of operations) {
    const [method, path] = operation.split(' ')
    const found = full.paths[path]?.[method.toLowerCase()]
    if (!found) throw new Error(`GitHub's description has no ${operation}`)
    const kept = withoutProse(found)
    describeResponses(kept.responses)
    paths[path] = { ...paths[path], [method.toLowerCase()]: kept }
  }
  return {
    openapi: full.openapi,
    info: { title: `GitHub's REST API, trimmed from @octokit/openapi ${version}`, version: full.info.version },
    paths,
    components: neededComponents(full, [...always, ...references(paths)]),
  }
}

function neededComponents(full, wanted) {
  const components = {}
  // `wanted` grows while it is walked: a component may refer to others.
  for (const reference of wanted) {
    const [, , kind, name] = reference.split('/')
    if (components[kind]?.[name]) continue
    const component = withoutProse(full.components[kind][name])
    if (kind === 'responses') describeResponses([component])
    components[kind] = { ...components[kind], [name]: component }
    wanted.push(...references(component))
  }
  return components
}

/** JSON with one line for each path and each component. */
function format({ openapi, info, paths, components }) {
  const lines = (members, indent) =>
    Object.entries(members)
      .map(([name, member]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(member)}`)
      .join(',\n')
  const groups = Object.entries(components).map(
    ([kind, members]) => `    ${JSON.stringify(kind)}: {\n${lines(members, '      ')}\n    }`,
  )
  return [
    '{',
    `${lines({ openapi, info }, '  ')},`,
    `  "paths": {\n${lines(paths, '    ')}\n  },`,
    `  "components": {\n${groups.join(',\n')}\n  }`,
    '}',
    '',
  ].join('\n')
}

function read(directory) {
  return JSON.parse(readFileSync(join(directory, source), 'utf8'))
}

function fetchAndRead() {
  const folder = mkdtempSync(join(tmpdir(), 'octokit-openapi-'))
  try {
    const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' })
    const tarball = run('npm', 'pack', '--silent', `@octokit/openapi@${version}`).trim()
    run('tar', '-xzf', tarball, `package/${source}`)
    return read(join(folder, 'package'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [directory] = process.argv.slice(2)
writeFileSync(target, format(trim(directory ? read(directory) : fetchAndRead())))
