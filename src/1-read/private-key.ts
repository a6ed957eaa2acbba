import { createPrivateKey, type KeyObject } from 'node:crypto'

const REMEDY =
  'generate a private key on the settings page of the GitHub App, which downloads a .pem file, and give the whole text ' +
  'of that file'

const ENCRYPTED = 'is encrypted, and there is no input for its passphrase'

/** What is given by mistake, by what shows it. Looked through from the first on. */
const NO_PRIVATE_KEYS: readonly (readonly [RegExp, string])[] = [
  [/-BEGIN OPENSSH PRIVATE KEY-/, 'is an OpenSSH key, which GitHub Apps do not use'],
  [/-BEGIN ENCRYPTED PRIVATE KEY-/, ENCRYPTED],
  [/-BEGIN (EC|DSA) PRIVATE KEY-/, 'is not an RSA key, which GitHub Apps use'],
  [/-BEGIN ((RSA )?PRIVATE KEY)-(?!.*-END \1-)/s, 'is cut off: the line with END is missing'],
  [/-BEGIN [A-Z0-9 ]*PUBLIC KEY|^ssh-/, 'is a public key, and not the private one'],
  [/-BEGIN [A-Z0-9 ]*CERTIFICATE/, 'is a certificate, and not a private key'],
  [/^LS0tLS1CRUdJTi/, 'is the base64 of a file, and not its text'],
  [/^MI[A-Za-z0-9+/=\s]{500}/, 'lacks the lines with BEGIN and END'],
]

/**
 * Reads the private key of a GitHub App: an RSA key as PEM, PKCS#1 (as GitHub makes them) or PKCS#8. Its line breaks may
 * be real or escaped, or have become spaces on the way through a form.
 *
 * @returns the key as PKCS#8, which Web Crypto takes, with real line breaks; or what is wrong, as the end of a sentence
 *   without anything of the given text. The key's lines are other ones than the given: they are to be masked too.
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps
 */
export function readPrivateKey(text: string): { pem: string } | { wrong: string } {
  const plain = withRealBreaks(text)
  if (plain === '') return { wrong: `is empty; ${REMEDY}` }
  const [, label, body] = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----(.*?)-----END \1-----/s.exec(plain) ?? []
  if (label === undefined || body === undefined) {
    const [, mistake = 'is not a private key'] = NO_PRIVATE_KEYS.find(([sign]) => sign.test(plain)) ?? []
    return { wrong: `${mistake}; ${REMEDY}` }
  }
  // The header of an encrypted one. https://www.rfc-editor.org/rfc/rfc1421#section-4.6.1.1
  if (body.includes('Proc-Type:')) return { wrong: `${ENCRYPTED}; ${REMEDY}` }
  const key = keyOf(label, body)
  if (key === undefined) return { wrong: `is damaged: no key can be read from it; ${REMEDY}` }
  if (key.asymmetricKeyType !== 'rsa') return { wrong: `is not an RSA key, which GitHub Apps use; ${REMEDY}` }
  return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** With line breaks for `\n` and `\r\n`, since base64 holds no backslash, and without quotation marks before it. */
function withRealBreaks(text: string): string {
  return text.replace(/\\+[rn]/g, '\n').replace(/^[\s"'`]+/, '')
}

/** The key between the lines with BEGIN and END; undefined when there is none. */
function keyOf(label: string, body: string): KeyObject | undefined {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  try {
    return createPrivateKey([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'))
  } catch {
    // OpenSSL's reason is of no use to anyone who has a file from GitHub, and might hold something of the key.
    return undefined
  }
}
