import { parseDocument } from 'yaml'
import { type ManifestMistake, type Source, type Span, sourceOf } from './manifest-source.ts'
import { faultsOf, MOST_ALIASES } from './manifest-syntax.ts'
import { type HidesTokens, remembering, takeTokensOut, tokensIn } from './manifest-tokens.ts'
import { type Path, type Positions, positionsIn } from './yaml-positions.ts'

/** A mistake by what it is about. */
export interface Finding {
  readonly path: Path
  /** It is about the name of the property, and not about its value. */
  readonly isOfKey?: boolean
  /** It is about the place where an alias (*name) is, and not about what it stands for. */
  readonly isOfUse?: boolean
  readonly sentence: string
}

/** The document, or as much as could be read of it. */
export interface Read extends Positions {
  readonly source: Source
  readonly mistakes: readonly ManifestMistake[]
  /** As JavaScript has it; undefined when the mistakes leave no sense in it. */
  readonly data: unknown
}

/** Reads YAML 1.2 without tags and merge keys. Tokens are hidden first, and none is in what is returned. */
export function readYaml(text: string, asked: HidesTokens): Read {
  const hidesTokens = remembering(asked)
  const inText = tokensIn(text, hidesTokens)
  let inScalars: Span[] = []
  try {
    // A directive may ask for YAML 1.1, in which `no` is false: the schema is held.
    const doc = parseDocument(text, {
      prettyErrors: false,
      logLevel: 'error',
      stringKeys: true,
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
    })
    inScalars = takeTokensOut(doc, hidesTokens)
    const source = sourceOf(text, [...inText, ...inScalars])
    const mistakes = tokenMistakes(inText, inScalars, source)
    const faults = faultsOf(doc, source)
    const isBroken = faults.some(({ code }) => code !== 'DUPLICATE_KEY')
    // What follows from a mistake is often told on its line again.
    const seen = new Set<number>()
    for (const { offset, sentence } of faults) {
      const mistake = source.mistakeAt(offset, sentence)
      if (!seen.has(mistake.line)) mistakes.push(mistake)
      seen.add(mistake.line)
    }
    const data = isBroken ? undefined : (doc.toJS({ maxAliasCount: MOST_ALIASES }) as unknown)
    return { source, mistakes, data, ...positionsIn(doc) }
  } catch (error) {
    // Too deep for the stack, or aliases of aliases.
    if (!(error instanceof RangeError || error instanceof ReferenceError)) throw error
    const source = sourceOf(text, [...inText, ...inScalars])
    const sentence = 'the file is nested too deeply, or its aliases (*name) stand for too much; write it out.'
    const mistakes = [...tokenMistakes(inText, inScalars, source), { line: 1, column: 1, sentence, frame: '' }]
    return { source, mistakes, data: undefined, offsetOf: () => 0, useOf: () => 0, spellingOf: () => undefined }
  }
}

/** One for each scalar with a token, and one for each token elsewhere. */
function tokenMistakes(inText: readonly Span[], inScalars: readonly Span[], source: Source): ManifestMistake[] {
  const starts = new Set(inScalars.map(([start]) => start))
  const told = [...inScalars]
  for (const [start, end] of inText) {
    if (told.some((other) => other[0] <= start && end <= other[1])) continue
    told.push([start, end])
    starts.add(start)
  }
  return [...starts].map((start) =>
    source.mistakeAt(
      start,
      'this holds a token, which everyone can read who can read the file. Take it out, and revoke it.',
    ),
  )
}
