import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { errorsOf, expectCurrent, expectUntouched, onlyError, play, warningsOf } from './helpers.ts'

test('a state that cannot be saved after the rotation does not stop the write', () =>
  play(async (scene) => {
    // The intent is saved, and then the disk is full.
    const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
    const file = join(folder, 'state')
    await writeFile(file, '')
    scene.incident.onRequest = async ({ path }) => {
      if (!path.endsWith('/rotate')) return
      await rm(file)
      await symlink('/dev/full', file)
    }
    const result = await scene.rotate({ env: { GITHUB_STATE: file } })
    await rm(folder, { recursive: true })
    expect(result.exitCode).toBe(0)
    expect(warningsOf(result)).toEqual(expect.arrayContaining([expect.stringContaining('(ENOSPC)')]))
    expectCurrent(scene)
  }))

test.each([
  ['a full disk', 'ENOSPC', (file: string) => symlink('/dev/full', file)],
  ['a file that is not there', 'the file is missing', async () => {}],
])('%s before the rotation: nothing is changed, and the runner is named', (_, code, make) =>
  play(async (scene) => {
    const folder = await mkdtemp(join(tmpdir(), 'no-state-'))
    await make(join(folder, 'state'))
    const result = await scene.rotate({ env: { GITHUB_STATE: join(folder, 'state') } })
    await rm(folder, { recursive: true })
    expect(onlyError(result)).toMatch(
      new RegExp(
        `^Could not rotate the API key "CI deploy key" .*GITHUB_STATE.*\\(${code}\\).*\\. Nothing was changed\\. Free space`,
      ),
    )
    expectUntouched(scene)
  }),
)

test('a lost token is mended although the post step can save no state', () =>
  play(async (scene) => {
    let pid = 0
    scene.incident.faults.add({ path: /rotate$/, fault: { kind: 'hang', when: 'after' } })
    scene.incident.onRequest = ({ path }) => {
      if (path.endsWith('/rotate')) process.kill(pid, 'SIGKILL')
    }
    const main = await scene.rotate({
      onStart: (started) => {
        pid = started
      },
    })
    delete scene.incident.onRequest
    const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
    await symlink('/dev/full', join(folder, 'state'))
    const post = await scene.finish(main, { env: { GITHUB_STATE: join(folder, 'state') } })
    await rm(folder, { recursive: true })
    expect([main.signal, errorsOf(post), post.exitCode]).toEqual(['SIGKILL', [], 0])
    expectCurrent(scene)
  }))

describe('outputs that cannot be written are told as that, and not as a fault of the action', () => {
  test('a file that is missing before anything is changed', () =>
    play(async (scene) => {
      const result = await scene.rotate({ env: { GITHUB_OUTPUT: join(tmpdir(), 'no-such-folder', 'output') } })
      expect([result.exitCode, errorsOf(result)]).toEqual([
        1,
        [expect.stringMatching(/^Could not hand over the outputs .*GITHUB_OUTPUT.*\(ENOENT\).*Nothing was changed/)],
      ])
      expectUntouched(scene)
    }))

  test('a full disk when everything is done', () =>
    play(async (scene) => {
      const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
      await symlink('/dev/full', join(folder, 'output'))
      const result = await scene.rotate({ env: { GITHUB_OUTPUT: join(folder, 'output') } })
      await rm(folder, { recursive: true })
      expect([result.exitCode, errorsOf(result)]).toEqual([
        1,
        [expect.stringMatching(/^Could not hand over the outputs .*GITHUB_OUTPUT.*\(ENOSPC\).*was done all the/)],
      ])
      expectCurrent(scene)
      expect(result.summary).toContain('CI deploy key')
    }))
})

test('a log that nobody reads any more does not end the run between the rotation and the write', () =>
  play(async (scene) => {
    let closeLog = () => {}
    scene.incident.onRequest = ({ path }) => {
      if (path.endsWith('/rotate')) closeLog()
    }
    scene.github.faults.add({ method: 'PUT', fault: { kind: 'status', status: 503, body: {} } })
    await scene.rotate({
      onStart: (_, close) => {
        closeLog = close
      },
    })
    expectCurrent(scene)
  }))
