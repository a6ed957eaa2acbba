import sodium from 'libsodium-wrappers'
import type { client } from './client.ts'

/** A PUT's body for a secret whose endpoints are below `secrets`: the value sealed for the key that is found there. */
export async function sealed(call: ReturnType<typeof client>, secrets: string, value: string) {
  const { key, key_id } = (await call('GET', `${secrets}/public-key`)).body
  const box = sodium.crypto_box_seal(value, Buffer.from(key, 'base64'))
  return { encrypted_value: Buffer.from(box).toString('base64'), key_id }
}
