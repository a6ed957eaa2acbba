import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

const module = new URL('../../sandbox/fast-time.mjs', import.meta.url).href

/** Runs a module in a process whose time goes by a hundred times as fast; returns what it printed as JSON. */
async function runFast(source: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', module, '--input-type', 'module', '--eval', source],
    { env: { ...process.env, NODE_OPTIONS: '', SANDBOX_SPEED: '100' }, timeout: 20_000 },
  )
  return JSON.parse(stdout)
}

test.each([
  ['the global', ''],
  ['the imported', "import { setInterval, setTimeout } from 'node:timers'"],
])('%s timers and the date keep pace with each other', async (_, imports) => {
  const times = (await runFast(`${imports}
    const start = Date.now()
    const told = []
    const interval = setInterval((...args) => {
      told.push([Date.now() - start, ...args])
      if (told.length < 2) return
      clearInterval(interval)
      setTimeout(() => console.log(JSON.stringify([...told, [Date.now() - start]])), 20_000)
    }, 20_000, 'argument')
  `)) as [number, string?][]
  expect(times.map(([, argument]) => argument)).toEqual(['argument', 'argument', undefined])
  for (const [i, [at]] of times.entries()) {
    expect(at).toBeGreaterThanOrEqual((i + 1) * 20_000 - 1000)
    expect(at).toBeLessThan((i + 1) * 20_000 + 60_000)
  }
})

test('a timer that holds nothing up lets the process end', async () => {
  const source = 'setInterval(() => {}, 9e6).unref(); setTimeout(() => {}, 9e6).unref(); console.log(1)'
  expect(await runFast(source)).toBe(1)
})
