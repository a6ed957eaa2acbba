import type { StepResult } from '../runner.ts'
import type { Scene } from '../scene.ts'

export const MINUTE = 60_000

/** What `--keep` leaves up when the act is over. */
export interface Left {
  scene: Scene
  /** The `with:` block that `npm run try` begins with. */
  with: Record<string, string>
  /** What to try, as the arguments of `npm run try --`. */
  tries: readonly string[]
  /** What else may be changed. */
  hint?: string
}

export const say = (text = '') => console.log(text)

export const indent = (lines: string | readonly string[]) =>
  say((typeof lines === 'string' ? lines.trimEnd().split('\n') : lines).map((line) => `    ${line}`).join('\n'))

export function sayOutcome({ exitCode, outputs }: StepResult, names = Object.keys(outputs)): void {
  say(`  exit code ${exitCode}; outputs:`)
  indent(names.map((name) => `${name}: ${outputs[name]}`))
}

/** The log with its groups unfolded, as the runner shows it: a title, and what belongs to it below. */
export function unfolded({ raw, masks }: StepResult): string[] {
  const lines: string[] = []
  let margin = ''
  for (const line of raw.split('\n').filter((one) => one !== '' && !one.startsWith('::add-mask::'))) {
    const [, command = '', message = ''] = /^::([a-z]+)::(.*)$/.exec(line) ?? []
    if (command === 'group') lines.push(`▾ ${message}`)
    else if (command === '') lines.push(margin + line)
    else if (command !== 'endgroup') lines.push(`${command[0]?.toUpperCase()}${command.slice(1)}: ${decoded(message)}`)
    if (command !== '') margin = command === 'group' ? '  ' : ''
  }
  return lines.map((line) => masks.reduce((text, mask) => text.replaceAll(mask, '***'), line))
}

/** The text of a workflow command, as the runner reads it. */
function decoded(message: string): string {
  return message.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

let allHold = true

/** Says whether a claim holds. */
export function prove(claim: string, holds: boolean): void {
  allHold &&= holds
  say(`  ${holds ? '✔' : '✘'} ${claim}`)
}

/** Whether everything that was claimed holds. */
export const isWell = (): boolean => allHold

export async function works({ incident }: Scene, token: string): Promise<boolean> {
  const { ok } = await fetch(`${incident.url}/v1/identity`, { headers: { authorization: `Bearer ${token}` } })
  return ok
}

/** Everything of a step that a person or a later step may see. */
export function seenOf({ raw, outputs, state, summary }: StepResult): string {
  return raw.replace(/^::add-mask::.*$/gm, '') + JSON.stringify([outputs, state]) + summary
}
