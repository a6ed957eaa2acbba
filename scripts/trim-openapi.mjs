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

/** Below each of these GitHub keeps secrets of one kind, with the same operations. */
const secretsOfRepositories = ['actions', 'environments/{environment_name}', 'dependabot', 'codespaces', 'agents'].map(
  (kind) => `/repos/{owner}/{repo}/${kind}/secrets`,
)
const secretsOfOrganizations = ['actions', 'dependabot', 'codespaces', 'agents'].map(
  (kind) => `/orgs/{org}/${kind}/secrets`,
)

/** The operations in use: `METHOD /path/as/{described}`. */
const operations = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/actions/concurrency_groups',
  'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}',
  'GET /repos/{owner}/{repo}/actions/runs',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/environments',
  'GET /repos/{owner}/{repo}/environments/{environment_name}',
  'GET /orgs/{org}',
  'GET /orgs/{org}/repos',
  'GET /users/{username}',
  ...[...secretsOfRepositories, ...secretsOfOrganizations].flatMap((secrets) => [
    `GET ${secrets}`,
    `GET ${secrets}/public-key`,
    `GET ${secrets}/{secret_name}`,
    `PUT ${secrets}/{secret_name}`,
    `DELETE ${secrets}/{secret_name}`,
  ]),
  ...secretsOfOrganizations.flatMap((secrets) => [
    `GET ${secrets}/{secret_name}/repositories`,
    `PUT ${secrets}/{secret_name}/repositories`,
  ]),
  'GET /app',
  'GET /repos/{owner}/{repo}/installation',
  'GET /orgs/{org}/installation',
  'GET /users/{username}/installation',
  'POST /app/installations/{installation_id}/access_tokens',
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

/** Where the description says otherwise than GitHub does: by component, the change to its copy. */
const corrections = {
  // The prose has GitHub's search syntax instead: `>=2026-01-01T00:00:00Z`.
  '#/components/parameters/created': ({ schema }) => delete schema.format,
  // Exactly one of integer and string would hold of no id: a parameter's text can be read as both.
  '#/components/parameters/workflow-id': (parameter) => {
    parameter.schema = { type: 'string' }
  },
  // JSON Schema wants null among the values where null may be.
  '#/components/schemas/job': ({ properties }) => properties.conclusion.enum.push(null),
  // OpenAPI wants a type beside `nullable`; an account is there.
  '#/components/schemas/installation': ({ properties }) => delete properties.account.nullable,
}

/** What `application/vnd.github.raw` brings is told by the prose only. */
function addRaw({ responses }) {
  const json = responses['200'].content['application/json']
  json.schema = { anyOf: [{ type: 'string' }, json.schema] }
}

/** How many segments of a path that may have any number of them. */
const depth = 5

/** A parameter that spans segments, as one path for each number of them: validators let a parameter match one. */
function spreadSegments(path, operation) {
  const last = /\{path\}$/
  if (!last.test(path)) return { [path]: operation }
  const spread = {}
  const [parameter] = operation.parameters.filter(({ name }) => name === 'path')
  for (let count = 1, names = []; count <= depth; count++) {
    names = [...names, count === 1 ? 'path' : `path_${count}`]
    spread[path.replace(last, names.map((name) => `{${name}}`).join('/'))] = {
      ...operation,
      operationId: count === 1 ? operation.operationId : `${operation.operationId}-${count}`,
      parameters: [...operation.parameters, ...names.slice(1).map((name) => ({ ...parameter, name }))],
    }
  }
  return spread
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
    if (path.endsWith('/contents/{path}')) addRaw(kept)
    for (const [each, one] of Object.entries(spreadSegments(path, kept))) {
      paths[each] = { ...paths[each], [method.toLowerCase()]: one }
    }
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
    corrections[reference]?.(component)
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
