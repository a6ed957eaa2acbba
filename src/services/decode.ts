import { isAscii } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib'

/** The lack of a complete response: whether the request took effect is unknown. Contains nothing that was sent. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/** A page of 100 runs is about 1.2 MB; no body that is asked for comes near this many bytes, decoded. */
export const MAX_BODY = 20 * 1024 * 1024

type Decoder = (body: Buffer, options: ZlibOptions) => Buffer

/** Some servers and proxies send `deflate` without the zlib header, whose first byte ends in 8. */
const inflate: Decoder = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, options) : inflateRawSync(body, options)

/** Decoders by `Content-Encoding`. A page of runs takes a millisecond, so decoding is synchronous. */
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflate,
  br: brotliDecompressSync,
}

/**
 * Decodes a body. The limit counts decoded bytes, so that a small response cannot grow without end.
 *
 * @throws NoAnswer if the body is broken, too large, or in an unknown encoding
 */
export function decode(body: Buffer, encoding = 'identity'): string {
  const name = encoding.trim().toLowerCase()
  if (name === 'identity' || name === '' || body.length === 0) return textOf(body)
  const decoder = DECODERS[name]
  if (decoder === undefined) throw new NoAnswer('no answer (in an unknown encoding)')
  try {
    return textOf(decoder(body, { maxOutputLength: MAX_BODY }))
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
    throw new NoAnswer(`no answer (its encoding, ${name}, is broken: ${code}, ${body.length} bytes)`, { cause: error })
  }
}

/** Most bodies are ASCII, which is read in a fraction of the time. */
const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')

export const tooLarge = () => new NoAnswer(`an answer larger than ${MAX_BODY / 1024 / 1024} MB`)
