// Takes pictures of a job summary, light and dark, in headless Chromium: `npm run picture` rotates a key on the stand-ins
// with the built action, and writes docs/summary-light.png and docs/summary-dark.png; `npm run picture -- FILE FOLDER`
// takes those of any Markdown file instead. Chromium is the one on the PATH, or the one that CHROMIUM names.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { photograph } from './picture/chromium.ts'
import { pageOf } from './picture/page.ts'
import { summaryOfRotation } from './picture/subject.ts'
import { ROOT } from './runner.ts'

/** As wide as GitHub shows a README. */
const WIDTH = 830
const SCHEMES = ['light', 'dark'] as const
const MERMAID = pathToFileURL(join(ROOT, 'node_modules', 'mermaid', 'dist', 'mermaid.min.js')).href

const [file, given] = process.argv.slice(2)
const summary = file === undefined ? await summaryOfRotation() : await readFile(file, 'utf8')
const target = join(given ?? join(ROOT, 'docs'), file === undefined ? 'summary' : basename(file, '.md'))

const executable = process.env.CHROMIUM || 'chromium'
const folder = await mkdtemp(join(tmpdir(), 'rotate-incident-key-picture-'))
try {
  const page = join(folder, 'summary.html')
  await writeFile(page, pageOf(summary, MERMAID))
  const pictures = await photograph(executable, { url: pathToFileURL(page).href, width: WIDTH, schemes: SCHEMES })
  for (const [at, picture] of pictures.entries()) {
    const path = `${target}-${SCHEMES[at]}.png`
    await writeFile(path, picture)
    console.log(`${path}: ${Math.ceil(picture.length / 1000)} kB`)
  }
} catch (error) {
  if ((error as NodeJS.ErrnoException).syscall !== `spawn ${executable}`) throw error
  console.error(`There is no ${executable}: install Chromium, or name it in the variable CHROMIUM.`)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
