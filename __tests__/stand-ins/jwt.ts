import { sign } from 'node:crypto'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JSON web token as an App makes it, RS256 whatever its header says. */
export function jwt(claims: unknown, privateKey: string, header: unknown = { alg: 'RS256', typ: 'JWT' }): string {
  const signed = `${part(header)}.${part(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}
