import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Intent, RotationState, type Sealed, savedRotations } from '../../src/4-rotate-and-write/state.ts'

let folder = ''
let file = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'))
  file = join(folder, 'state')
  await writeFile(file, '')
  process.env.GITHUB_STATE = file
})

afterEach(async () => {
  delete process.env.GITHUB_STATE
  hand([])
  await rm(folder, { recursive: true })
})

type Line = readonly [name: string, value: string]

/** What was saved so far, in the order in which it was. */
function saved(): Line[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n\2$/gm)].map(([, name = '', , value = '']) => [
    name,
    value,
  ])
}

/** Hands the lines to the post step, as the runner does: the last value of a name counts. */
function hand(lines: readonly Line[]): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('STATE_')) delete process.env[name]
  for (const [name, value] of lines) process.env[`STATE_${name}`] = value
}

function read(lines: readonly Line[] = saved()) {
  hand(lines)
  return savedRotations(process.env)
}

const destination = (index: number) => ({
  kind: 'repository' as const,
  owner: 'octo',
  repository: `service-${index}`,
  secret: 'KEY',
})
const KEY = { id: '01KEY', name: 'Déploiement\n::error::x', issuedAt: '2026-01-01T00:00:00.123456Z', isSelf: false }

const intentFor = (copies: number): Intent => ({
  key: KEY,
  graceMinutes: 15,
  destinations: Array.from({ length: copies }, (_, index) => destination(index)),
})
const sealedFor = (copies: number, mark = 'x'): Sealed => ({
  keyId: '01KEY',
  issuedAt: '2026-02-01T00:00:00Z',
  oldTokenExpiresAt: '2026-02-01T00:15:00Z',
  unsettledAt: undefined,
  copies: Array.from({ length: copies }, (_, index) => ({
    destination: destination(index),
    writtenAt: '2026-01-01T00:00:05Z',
    value: { keyId: '568250167242549743', encryptedValue: mark.repeat(200) },
  })),
})

describe('what was saved is read again', () => {
  test('an intent alone', () => {
    new RotationState(0).saveIntent(intentFor(2))
    expect(read()).toEqual([{ intent: intentFor(2), sealed: undefined, written: undefined }])
  })

  test('of a key that is still to be made', () => {
    const intent: Intent = { key: { name: 'New' }, graceMinutes: 15, destinations: [destination(1)] }
    new RotationState(0).saveIntent(intent)
    expect(read()).toEqual([{ intent, sealed: undefined, written: undefined }])
  })

  test('all of it, of several keys', () => {
    const [one, other] = [new RotationState(3), new RotationState(12)]
    one.saveIntent(intentFor(2))
    other.saveIntent(intentFor(1))
    one.saveSealed(sealedFor(2))
    one.saveWritten([1_800_000_000_000, null])
    expect(read()).toEqual([
      { intent: intentFor(2), sealed: sealedFor(2), written: [1_800_000_000_000, null] },
      { intent: intentFor(1), sealed: undefined, written: undefined },
    ])
  })

  test('by a reader of its own too', () => {
    new RotationState(5).saveIntent(intentFor(1))
    hand(saved())
    expect(new RotationState(5).read()?.intent).toEqual(intentFor(1))
    expect(new RotationState(4).read()).toBeUndefined()
  })

  test('with nothing saved there is nothing', () => {
    expect(read([])).toEqual([])
  })
})

describe('the variables', () => {
  test('hold 30 kB at the most, and nothing but base64', () => {
    const state = new RotationState(0)
    state.saveIntent(intentFor(500))
    state.saveSealed(sealedFor(500))
    expect(Math.max(...saved().map(([, value]) => value.length))).toBe(30_000)
    expect(saved().filter(([, value]) => !/^[A-Za-z0-9+/=]*$/.test(value))).toEqual([])
    expect(read()).toEqual([{ intent: intentFor(500), sealed: sealedFor(500), written: undefined }])
  })

  test('have the names by which post.ts knows that there is something to finish', () => {
    new RotationState(7).saveIntent(intentFor(1))
    expect(saved().map(([name]) => name)).toEqual(['rotation-7-intent-0', 'rotation-7-intent'])
    expect(saved().at(-1)?.[1]).toBe('1')
  })
})

describe('what is settled', () => {
  test('leaves nothing but empty values', () => {
    const state = new RotationState(0)
    state.saveIntent(intentFor(400))
    state.saveSealed(sealedFor(400))
    state.saveWritten(Array.from({ length: 400 }, () => null))
    state.settle()
    expect(read()).toEqual([])
    expect(Object.entries(process.env).filter(([name, value]) => name.startsWith('STATE_') && value !== '')).toEqual([])
  })

  test('leaves the others alone', () => {
    const [one, other] = [new RotationState(0), new RotationState(1)]
    one.saveIntent(intentFor(1))
    other.saveIntent(intentFor(2))
    one.settle()
    expect(read().map(({ intent }) => intent.destinations.length)).toEqual([2])
  })

  test('is told', () => {
    const state = new RotationState(0)
    expect(state.isSettled).toBe(true)
    state.saveIntent(intentFor(1))
    expect(state.isSettled).toBe(false)
    state.saveSealed(sealedFor(1))
    expect(state.isSettled).toBe(false)
    state.settle()
    expect(state.isSettled).toBe(true)
  })

  test('and begun anew counts again', () => {
    const state = new RotationState(0)
    state.saveIntent(intentFor(2))
    state.settle()
    state.saveIntent(intentFor(1))
    expect([state.isSettled, read().length]).toEqual([false, 1])
  })
})

test('a new intent takes back what was sealed and written before it, the longer pieces too', () => {
  const state = new RotationState(0)
  state.saveIntent(intentFor(300))
  state.saveSealed(sealedFor(300))
  state.saveWritten(Array.from({ length: 300 }, () => 1))
  state.saveIntent(intentFor(300))
  expect(read()).toEqual([{ intent: intentFor(300), sealed: undefined, written: undefined }])
  state.saveSealed(sealedFor(10, 'y'))
  expect(read()).toEqual([{ intent: intentFor(300), sealed: sealedFor(10, 'y'), written: undefined }])
  const left = Object.keys(process.env).filter((name) => /^STATE_rotation-0-sealed-\d/.test(name) && process.env[name])
  expect(left).toEqual(['STATE_rotation-0-sealed-0'])
})

test('a step that is killed between any two lines leaves whole values or none, and never an older one for a newer', () => {
  const state = new RotationState(0)
  const [first, second] = [sealedFor(200, 'x'), sealedFor(150, 'y')]
  const intent = intentFor(200)
  state.saveIntent(intent)
  state.saveSealed(first)
  state.saveWritten([1, 2])
  const again = saved().length
  state.saveIntent(intent)
  state.saveSealed(second)
  state.saveWritten([3, null])
  state.settle()
  const lines = saved()
  let sawSecond = false
  for (let count = 0; count <= lines.length; count++) {
    for (const found of read(lines.slice(0, count))) {
      expect(found.intent).toEqual(intent)
      if (found.sealed === undefined) continue
      const isSecond = found.sealed.copies.length === 150
      expect(found.sealed).toEqual(isSecond ? second : first)
      // From the line that begins the second one on, the first is gone.
      if (count > again) expect(isSecond).toBe(true)
      if (found.written !== undefined) expect(found.written).toEqual(isSecond ? [3, null] : [1, 2])
      sawSecond ||= isSecond
    }
  }
  expect([sawSecond, read(lines)]).toEqual([true, []])
})
