import type { PublicKey, SealedValue } from './github-secrets.ts'

/** Seals a value so that only GitHub can open it. */
export type Sealer = (value: string) => SealedValue

/** Nothing is ever sealed with it: public keys are tried out with it. */
let trialKey: Uint8Array | undefined

/** Loads libsodium, which is large, and seals something for nobody at once. */
export async function loadSodium() {
  const { default: sodium } = await import('libsodium-wrappers')
  await sodium.ready
  if (trialKey === undefined) {
    const { publicKey, privateKey } = sodium.crypto_box_keypair()
    sodium.crypto_box_seal('a trial', publicKey)
    trialKey = privateKey
  }
  return { sodium, trialKey }
}

/**
 * A sealer for one public key, proven to work: libsodium has sealed something, and the public key agrees with another
 * key on a secret, which is all of the sealing that could fail for it. So nothing is left to fail when the token is there.
 *
 * @see https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
 * @throws Error when the key is not 32 bytes in base64, or none that anything can be sealed for
 */
export async function sealerFor({ keyId, key }: PublicKey): Promise<Sealer> {
  const { sodium, trialKey } = await loadSodium()
  const { ORIGINAL } = sodium.base64_variants
  const publicKey = sodium.from_base64(key, ORIGINAL)
  sodium.crypto_box_beforenm(publicKey, trialKey)
  return (value) => ({
    keyId,
    encryptedValue: sodium.to_base64(sodium.crypto_box_seal(sodium.from_string(value), publicKey), ORIGINAL),
  })
}
