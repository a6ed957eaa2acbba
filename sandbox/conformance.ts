import { readFile } from 'node:fs/promises'
import type { ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import { type Document, OpenAPIBackend, type Operation } from 'openapi-backend'
import type { Exchange } from './journal.ts'

/** The part of an OpenAPI description that this file looks at itself. */
interface Description {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>
  components: { schemas: Record<string, unknown> }
}

/** Of an answer, as far as this file looks at it. */
interface Response {
  $ref?: string
  content?: unknown
}

/** Faults that leave the answer itself alone. */
const harmless = ['delay', 'drip']

/**
 * Holds exchanges against the services' OpenAPI descriptions: path, method, query and body of each request, and the
 * body of each answer by its status. Returns a line for each violation: `GitHub PUT /repos/…: request: …` or
 * `…: response 201: …`. Of an exchange with a fault that changes the answer only the request is looked at.
 */
export async function violations(exchanges: readonly Exchange[]): Promise<string[]> {
  const apis = { 'incident.io': await description('incident-io'), GitHub: await description('github') }
  return exchanges.flatMap((exchange) => {
    const subject = `${exchange.service} ${exchange.method} ${exchange.path}`
    return check(apis[exchange.service], exchange).map((problem) => `${subject}: ${problem}`)
  })
}

const loaded = new Map<string, Promise<OpenAPIBackend>>()

/** A description is read once in a process. */
function description(name: string): Promise<OpenAPIBackend> {
  const api = loaded.get(name) ?? load(name)
  loaded.set(name, api)
  return api
}

async function load(name: string): Promise<OpenAPIBackend> {
  const file = new URL(`./contracts/${name}.openapi.json`, import.meta.url)
  const definition: Description = JSON.parse(await readFile(file, 'utf8'))
  if ('basic-error' in definition.components.schemas) addBasicError(definition)
  const api = new OpenAPIBackend({
    definition: definition as unknown as Document,
    // An operation is compiled when it is first met: all of them together take seconds.
    quick: true,
    ajvOpts: { allErrors: true },
    customizeAjv: (ajv) => addFormats.default(ajv),
  })
  await api.init()
  return api
}

/** GitHub's description lists few of an endpoint's refusals, and some without a shape; they all have the same one. */
function addBasicError({ paths }: Description): void {
  const schema = { $ref: '#/components/schemas/basic-error' }
  const refusal = { description: '', content: { 'application/json': { schema } } }
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      if (Number(status) >= 400 && !response.$ref && !response.content) responses[status] = refusal
    }
    responses.default = refusal
  }
}

function check(api: OpenAPIBackend, exchange: Exchange): string[] {
  const request = {
    method: exchange.method,
    path: describedPath(exchange),
    query: exchange.query,
    headers: exchange.requestHeaders,
    body: exchange.requestBody,
  }
  const operation = api.router.matchOperation(request)
  if (!operation) return ['request: unknown endpoint']
  return [
    ...told('request', api.validateRequest(request, operation).errors),
    ...unwantedBody(operation, exchange),
    ...checkResponse(api, operation, exchange),
  ]
}

/**
 * The path as the descriptions write it: without the base path of GitHub Enterprise Server, and by name where a
 * redirect from a former name led to `/repositories/ID/…`, which the description leaves out.
 */
function describedPath({ service, path }: Exchange): string {
  if (service !== 'GitHub') return path
  return path.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/repositories\/\d+(?=\/|$)/, '/repos/owner/repo')
}

function checkResponse(api: OpenAPIBackend, operation: Operation, exchange: Exchange): string[] {
  const { status, responseBody, fault } = exchange
  if (status === undefined || (fault !== undefined && !harmless.includes(fault))) return []
  const part = `response ${status}`
  if (!(status in (operation.responses ?? {})) && status < 300)
    return [`${part}: a success that this endpoint does not know`]
  // openapi-backend wants null where no body belongs.
  return told(part, api.validateResponse(responseBody ?? null, operation, status).errors)
}

/** openapi-backend passes over a body that the operation does not describe. */
function unwantedBody(operation: Operation, { requestBody }: Exchange): string[] {
  return operation.requestBody === undefined && requestBody !== undefined ? ['request: a body where none belongs'] : []
}

function told(part: string, errors: ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${params.additionalProperty})` : ''
    return `${part}: ${instancePath} ${message}${extra}`.replace(': /requestBody', ': ').replace(/ {2,}/g, ' ')
  })
}
