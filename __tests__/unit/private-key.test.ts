import { createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { readPrivateKey } from '../../src/1-read/private-key.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const PKCS1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const PUBLIC = publicKey.export({ type: 'spki', format: 'pem' }).toString()

const escaped = (pem: string) => pem.replaceAll('\n', '\\n')
const lineOf = (pem: string, index: number) => pem.split('\n')[index] ?? ''

describe.each([
  ['PKCS#1', PKCS1],
  ['PKCS#8', PKCS8],
])('%s is read', (_, pem) => {
  test.each([
    ['as it is', pem],
    ['without its last line break', pem.trimEnd()],
    ['with Windows line breaks', pem.replaceAll('\n', '\r\n')],
    ['with escaped line breaks', escaped(pem)],
    ['with escaped Windows line breaks', pem.replaceAll('\n', '\\r\\n')],
    ['with line breaks escaped twice', pem.replaceAll('\n', '\\\\n')],
    ['as a string of JSON', JSON.stringify(pem)],
    ['in single quotation marks', `'${escaped(pem)}'`],
    ['with white space around it', `\n  ${pem}\n\n`],
    ['indented', pem.replaceAll('\n', '\n    ')],
    ['with spaces for line breaks', pem.trimEnd().replaceAll('\n', ' ')],
    ['on one line', pem.replaceAll('\n', '')],
    ['behind its public key', `${PUBLIC}\n${pem}`],
  ])('%s', (_, text) => {
    expect(readPrivateKey(text)).toEqual({ pem: PKCS8 })
  })
})

test('what is read signs as the given key does', () => {
  const read = readPrivateKey(escaped(PKCS1))
  const signature = createSign('sha256')
    .update('x')
    .sign('pem' in read ? read.pem : '')
  expect(createVerify('sha256').update('x').verify(createPublicKey(PKCS1), signature)).toBe(true)
})

describe('what is no key of an App is told, and nothing of it', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const secretly = { cipher: 'aes-256-cbc', passphrase: 'x', format: 'pem' } as const

  test.each([
    ['nothing', '', /^is empty; /],
    ['white space', ' \n ', /^is empty; /],
    ['quotation marks', '""', /^is empty; /],
    ['a text', 'correct horse battery staple', /^is not a private key; /],
    ['an id', '123456', /^is not a private key; /],
    [
      'an OpenSSH key',
      PKCS1.replaceAll('RSA PRIVATE', 'OPENSSH PRIVATE'),
      /^is an OpenSSH key, .*generate a private key .*\.pem/,
    ],
    ['a public key', PUBLIC, /^is a public key/],
    ['a public key as PKCS#1', publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(), /^is a public key/],
    ['a public key for SSH', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ me@example.com', /^is a public key/],
    ['a certificate', PUBLIC.replaceAll('PUBLIC KEY', 'CERTIFICATE'), /^is a certificate/],
    ['an encrypted key as PKCS#8', privateKey.export({ ...secretly, type: 'pkcs8' }).toString(), /^is encrypted/],
    ['an encrypted key as PKCS#1', privateKey.export({ ...secretly, type: 'pkcs1' }).toString(), /^is encrypted/],
    ['an EC key', ec.export({ type: 'sec1', format: 'pem' }).toString(), /^is not an RSA key/],
    ['an EC key as PKCS#8', ec.export({ type: 'pkcs8', format: 'pem' }).toString(), /^is not an RSA key/],
    ['an RSA key for PSS only', pss.export({ type: 'pkcs8', format: 'pem' }).toString(), /^is not an RSA key/],
    ['the first line', lineOf(PKCS1, 0), /^is cut off/],
    ['a key without its end', PKCS8.slice(0, 900), /^is cut off/],
    ['a key with a line missing', PKCS1.replace(`${lineOf(PKCS1, 5)}\n`, ''), /^is damaged/],
    ['a key with a mask in it', PKCS1.replace(lineOf(PKCS1, 5), '***'), /^is damaged/],
    ['nothing between BEGIN and END', `${lineOf(PKCS1, 0)}\n-----END RSA PRIVATE KEY-----`, /^is damaged/],
    ['the base64 of the file', Buffer.from(PKCS1).toString('base64'), /^is the base64 of a file/],
    ['a key without BEGIN and END', PKCS1.replaceAll(/-----.*-----\n/g, ''), /^lacks the lines/],
  ])('%s', (_, text, wrong) => {
    const read = readPrivateKey(text)
    expect(read).toEqual({ wrong: expect.stringMatching(wrong) })
    expect(read).toEqual({ wrong: expect.stringMatching(/settings page of the GitHub App.*that file$/) })
    const words = text.split(/[\s"-]+/).filter((word) => word.length > 8)
    expect(words.filter((word) => JSON.stringify(read).includes(word))).toEqual([])
  })
})
