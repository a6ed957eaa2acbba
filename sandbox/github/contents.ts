import type { Answer } from '../faults.ts'
import type { Call, Endpoint, EndpointHandler } from './endpoints.ts'
import { Refusal } from './errors.ts'
import { sha1 } from './files.ts'
import { apiOf } from './repository.ts'

const handler: EndpointHandler<Call> = {
  need: { permission: 'contents', level: 'read' },
  documentation: 'https://docs.github.com/rest/repos/contents#get-repository-content',
  answer: show,
}

export const contentsEndpoint: Endpoint = { method: 'GET', path: '/contents/:path', handle: handler }

/** The path of a file as one segment, as the routes want it; clients send its slashes as they are or encoded. */
export function asOneSegment(rest: string): string {
  return rest.replace(/(?<=^\/contents\/).+$/, (path) => path.replaceAll('/', '%2F'))
}

/** Files only: a directory is not there. */
function show({ repository, parameters, request, endpoint, url }: Call): Answer {
  const path = parameters.path ?? ''
  const ref = request.query.get('ref') || repository.defaultBranch
  if (!repository.files.isKnown(ref)) {
    throw new Refusal(404, `No commit found for the ref ${ref}`, endpoint.documentation)
  }
  const text = repository.files.get(ref, path)
  if (text === undefined) throw new Refusal(404, 'Not Found', endpoint.documentation)
  if (/\bapplication\/vnd\.github\.(v3\.)?raw\b/.test(request.headers.accept ?? '')) {
    return { status: 200, headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }, body: text }
  }
  return { status: 200, headers: {}, body: toJson({ fullName: repository.fullName, api: apiOf(url), path, ref, text }) }
}

/** GitHub's `content-file`. */
function toJson({ fullName, api, path, ref, text }: Record<'fullName' | 'api' | 'path' | 'ref' | 'text', string>) {
  const bytes = Buffer.from(text)
  const sha = sha1(`blob ${bytes.length}\0${text}`)
  const file = path.split('/').map(encodeURIComponent).join('/')
  const url = `${api}/repos/${fullName}/contents/${file}?ref=${encodeURIComponent(ref)}`
  const gitUrl = `${api}/repos/${fullName}/git/blobs/${sha}`
  const htmlUrl = `https://github.com/${fullName}/blob/${ref}/${file}`
  return {
    name: path.split('/').at(-1),
    path,
    sha,
    size: bytes.length,
    url,
    html_url: htmlUrl,
    git_url: gitUrl,
    download_url: `https://raw.githubusercontent.com/${fullName}/${ref}/${file}`,
    type: 'file',
    content: inLines(bytes.toString('base64')),
    encoding: 'base64',
    _links: { self: url, git: gitUrl, html: htmlUrl },
  }
}

/** GitHub breaks base64 after 60 characters and ends it with a break. */
const inLines = (base64: string): string => base64.replace(/.{1,60}/g, '$&\n')
