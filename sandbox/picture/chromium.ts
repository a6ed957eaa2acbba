import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

export type Scheme = 'light' | 'dark'

/** Until a page is drawn, in ms. */
const LONGEST_DRAWING = 60_000

/**
 * Takes pictures of a page in headless Chromium, which is told what to do through a pipe. It reaches no network.
 *
 * @param url of the page; it sets `document.documentElement.dataset.drawn` when it is drawn
 * @param width in CSS pixels; the height is the page's own
 * @returns a PNG for each scheme
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
export async function photograph(
  executable: string,
  { url, width, schemes }: { url: string; width: number; schemes: readonly Scheme[] },
): Promise<Buffer[]> {
  const profile = await mkdtemp(join(tmpdir(), 'rotate-incident-key-chromium-'))
  const chromium = spawn(
    executable,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      '--hide-scrollbars',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      '--font-render-hinting=none',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], timeout: 2 * LONGEST_DRAWING, killSignal: 'SIGKILL' },
  )
  const ended = new Promise<void>((resolve) => chromium.once('close', () => resolve()))
  try {
    const send = await speakWith(chromium)
    const { targetInfos } = await send<{ targetInfos: { targetId: string; type: string }[] }>('Target.getTargets')
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    const ask = <T>(method: string, parameters?: object) => send<T>(method, parameters, sessionId)
    // The chart shows the times of who looks at it.
    await ask('Emulation.setTimezoneOverride', { timezoneId: 'UTC' })
    const pictures: Buffer[] = []
    for (const scheme of schemes) {
      const features = [{ name: 'prefers-color-scheme', value: scheme }]
      await ask('Emulation.setEmulatedMedia', { features })
      await resize(ask, width, 600)
      await ask('Page.navigate', { url })
      await resize(ask, width, await heightOf(ask))
      const { data } = await ask<{ data: string }>('Page.captureScreenshot', { format: 'png' })
      pictures.push(Buffer.from(data, 'base64'))
    }
    await send('Browser.close')
    return pictures
  } finally {
    chromium.kill()
    await ended
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

type Ask = <T>(method: string, parameters?: object) => Promise<T>
type Send = <T>(method: string, parameters?: object, sessionId?: string) => Promise<T>

function resize(ask: Ask, width: number, height: number): Promise<unknown> {
  return ask('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
}

/** Waits until the page is drawn. */
async function heightOf(ask: Ask): Promise<number> {
  const expression = 'document.documentElement.dataset.drawn && document.body.scrollHeight'
  const end = Date.now() + LONGEST_DRAWING
  while (Date.now() < end) {
    const { result } = await ask<{ result: { value?: number | string } }>('Runtime.evaluate', { expression })
    if (typeof result.value === 'number') return result.value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The page was not drawn in time.')
}

/** Messages are JSON with a zero byte behind, each way in a pipe of its own. */
async function speakWith(chromium: ReturnType<typeof spawn>): Promise<Send> {
  const [, , , toChromium, fromChromium] = chromium.stdio as unknown as [null, null, null, Writable, Readable]
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  const giveUp = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
  }
  let last = 0
  let rest = ''
  fromChromium.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message)
      if (error) waiting.get(id)?.reject(new Error(error.message))
      else waiting.get(id)?.resolve(result as never)
      waiting.delete(id)
    }
  })
  toChromium.on('error', giveUp)
  chromium.once('close', () => giveUp(new Error('Chromium ended too early.')))
  await new Promise<void>((resolve, reject) => {
    chromium.once('spawn', () => resolve())
    chromium.once('error', reject)
  })
  return (method, parameters = {}, sessionId) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      toChromium.write(`${JSON.stringify({ id: last, method, params: parameters, sessionId })}\0`)
    })
}
