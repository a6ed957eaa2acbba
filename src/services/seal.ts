import type { PublicKey, SealedValue } from './github-secrets.ts'

/** Seals a value so that only GitHub can open it. */
export type Sealer = (value: string) => SealedValue

/** libsodium is large: it is loaded while the first answers are on their way. */
export async function loadSodium() {
  const { default: sodium } = await import('libsodium-wrappers')
  await sodium.ready
  return sodium
}

/**
 * A sealer for one public key, proven to work: libsodium is loaded and the key has sealed something once, so that
 * nothing is left to fail when the token is there.
 *
 * @see https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
 * @throws Error when the key is not 32 bytes in base64
 */
export async function sealerFor({ keyId, key }: PublicKey): Promise<Sealer> {
  const sodium = await loadSodium()
  const { ORIGINAL } = sodium.base64_variants
  const publicKey = sodium.from_base64(key, ORIGINAL)
  const seal: Sealer = (value) => ({
    keyId,
    encryptedValue: sodium.to_base64(sodium.crypto_box_seal(sodium.from_string(value), publicKey), ORIGINAL),
  })
  seal('a trial')
  return seal
}
