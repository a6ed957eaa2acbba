import type { Inputs } from './inputs.ts'

/**
 * What is asked for when an event started the run: whatever the ages and `force` say, an event only mends copies that do
 * not hold the key's token.
 */
export function asAnswer<T extends Pick<Inputs, 'event' | 'force' | 'minTokenAge' | 'maxTokenAge'>>(inputs: T): T {
  return inputs.event === undefined ? inputs : { ...inputs, force: false, minTokenAge: 'never', maxTokenAge: undefined }
}
