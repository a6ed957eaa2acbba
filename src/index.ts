import { basename } from 'node:path'
import { messageOf } from './5-tell/messages.ts'
import { finish } from './finish.ts'
import { run } from './run.ts'
import { complain } from './services/log.ts'
import { realWorld } from './world.ts'

/** Name look-ups cannot be cancelled: they keep the job waiting for no longer than this, in ms. */
const LINGER = 100

// The bundle serves both steps. They are told apart by the file that the runner started, and not by saved state, so that
// a main step that was killed before it saved anything is never started again as one.
const isPost = basename(process.argv[1] ?? '') === 'post.js'

// Deprecations of Node's own are nothing that a user could mend.
process.noDeprecation = true

// A log that nobody reads any more must not end the process between the rotation and the last write.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const world = realWorld(process.env)

// Awaited at top level: if it never settled, Node would exit with 13 and not with a false 0.
process.exitCode = (await (isPost ? finish(world) : runMain())) ? 0 : 1

world.end()
world.http.close()
// The process ends by itself. process.exit() is for what lingers only: it may wait for V8's threads for good.
setTimeout(() => process.exit(), LINGER).unref()

async function runMain(): Promise<boolean> {
  try {
    return await run(world)
  } catch (error) {
    // The run tells its own failures; this is one of telling.
    complain(messageOf(error))
    return false
  }
}
