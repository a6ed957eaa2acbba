import type { Request } from '../server.ts'
import { type ErrorDetail, invalid, malformed } from './errors.ts'
import type { KeyFields } from './keys.ts'
import { isAccountRole, isTeamRole, managing } from './roles.ts'

const required = (field: string): ErrorDetail => ({
  code: 'is_required',
  message: `${field} is required`,
  source: { field },
})

const wrong = (field: string, message: string): ErrorDetail => ({
  code: 'invalid_value',
  message,
  source: { field },
})

function properties(request: Request): Record<string, unknown> {
  if (request.malformed) throw malformed()
  return typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {}
}

function refuse(problems: Array<ErrorDetail | undefined>): void {
  const details = problems.filter((problem) => problem !== undefined)
  if (details.length > 0) throw invalid(details)
}

/** The body of Rotate, in minutes. */
export function readGrace(request: Request): number {
  const field = 'grace_period_minutes'
  const { [field]: minutes } = properties(request)
  if (minutes === undefined || minutes === null) throw invalid([required(field)])
  if (typeof minutes !== 'number' || !Number.isInteger(minutes)) {
    throw invalid([wrong(field, `${field} must be an integer`)])
  }
  if (minutes < 0 || minutes > 60) throw invalid([wrong(field, `${field} must be between 0 and 60`)])
  return minutes
}

/** The query of List. */
export function readPage(request: Request): { size: number; after: string | undefined } {
  const field = 'page_size'
  const size = Number(request.query.get(field) ?? 25)
  if (!Number.isInteger(size) || size < 1 || size > 250) {
    throw invalid([wrong(field, `${field} must be an integer between 1 and 250`)])
  }
  return { size, after: request.query.get('after') ?? undefined }
}

/** The body of Create and Update. */
export function readFields(request: Request): KeyFields {
  const body = properties(request)
  const { name, comments } = body
  refuse([
    wrongName(name),
    comments === undefined || (typeof comments === 'string' && comments.length <= 5000)
      ? undefined
      : wrong('comments', 'comments must be a text of at most 5000 characters'),
    wrongRoles('role_names', body.role_names, isAccountRole),
    wrongList('team_ids', body.team_ids),
    wrongRoles('team_role_names', body.team_role_names, isTeamRole),
  ])
  const fields: KeyFields = {
    name: name as string,
    comments: comments as string | undefined,
    roles: body.role_names as string[],
    teamIds: body.team_ids as string[],
    teamRoles: body.team_role_names as string[],
  }
  refuse([wrongTeams(fields)])
  return fields
}

function wrongName(name: unknown): ErrorDetail | undefined {
  if (name === undefined) return required('name')
  if (typeof name === 'string' && name.length >= 1 && name.length <= 200) return undefined
  return wrong('name', 'name must be a text of 1 to 200 characters')
}

function wrongList(field: string, value: unknown): ErrorDetail | undefined {
  if (value === undefined) return required(field)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return undefined
  return wrong(field, `${field} must be a list of texts`)
}

function wrongRoles(field: string, value: unknown, isKnown: (name: string) => boolean): ErrorDetail | undefined {
  const problem = wrongList(field, value)
  if (problem) return problem
  const names = value as string[]
  if (names.includes(managing)) return wrong(field, `${managing} can only be assigned in the dashboard`)
  const unknown = names.find((name) => !isKnown(name))
  return unknown === undefined ? undefined : wrong(field, `${unknown} is not a role that can be assigned here`)
}

function wrongTeams({ teamIds, teamRoles }: KeyFields): ErrorDetail | undefined {
  if (teamIds.length > 0 && teamRoles.length === 0) return required('team_role_names')
  if (teamRoles.length > 0 && teamIds.length === 0) return required('team_ids')
  return undefined
}
