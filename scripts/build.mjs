// Builds dist/: tsc turns src/ into JavaScript, ncc bundles it with its packages and their licences into one file.
// The post step's entry is copied as it is: it loads the bundle beside it only when there is something to finish.
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import process from 'node:process'

const node = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })

rmSync('lib', { recursive: true, force: true })
rmSync('dist', { recursive: true, force: true })
node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
node(
  'node_modules/@vercel/ncc/dist/ncc/cli.js',
  'build',
  'lib/index.js',
  '-o',
  'dist',
  '--license',
  'licenses.txt',
  '-q',
)
copyFileSync('lib/post.js', 'dist/post.js')
