// Builds dist/, since the end-to-end tests run it, then hands every argument to jest.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import './build.mjs'

const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
})
process.exitCode = status ?? 1
