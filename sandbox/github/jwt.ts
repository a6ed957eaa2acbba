import { type KeyObject, verify } from 'node:crypto'
import { Refusal } from './errors.ts'

/** A JSON web token as it was sent; nothing of it is proven before `checkSignature`. */
export interface Jwt {
  algorithm: unknown
  claims: Record<string, unknown>
  signed: string
  signature: string
}

/** The longest that GitHub lets an App's token be good for, in seconds. */
const longest = 600

/**
 * Claims have whole seconds, so a claim made just now may be a part of a second off. GitHub allows for no more: a
 * clock that runs ahead is refused, which is why it recommends an `iat` 60 s in the past.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
const tolerance = 1

/** `undefined` for a text that is no JSON web token. */
export function readJwt(text: string): Jwt | undefined {
  const [header = '', claims = '', signature = '', ...more] = text.split('.')
  const { alg: algorithm } = readPart(header) ?? {}
  const known = readPart(claims)
  if (!known || signature === '' || more.length > 0) return undefined
  return { algorithm, claims: known, signed: `${header}.${claims}`, signature }
}

function readPart(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** What GitHub says of anything that is no token of an App, and of a token that the App's key did not sign. */
export function undecodable(): Refusal {
  return new Refusal(401, 'A JSON web token could not be decoded')
}

/** GitHub takes RS256 only. */
export function checkSignature({ algorithm, signed, signature }: Jwt, publicKey: KeyObject): void {
  const isSigned =
    algorithm === 'RS256' && verify('sha256', Buffer.from(signed), publicKey, Buffer.from(signature, 'base64url'))
  if (!isSigned) throw undecodable()
}

/** Throws unless a token was issued by `now` (ms) and expires then, within ten minutes. */
export function checkTimes({ claims: { iat, exp } }: Jwt, now: number): void {
  const seconds = now / 1000
  if (typeof exp !== 'number' || exp <= seconds) {
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion " +
        'expires',
    )
  }
  if (exp > seconds + longest + tolerance) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
  }
  if (!Number.isInteger(iat) || Number(iat) > seconds + tolerance) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    )
  }
}
