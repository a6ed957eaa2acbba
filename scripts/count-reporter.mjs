// After jest's own summary, one plain line that any CI can read.
import { writeSync } from 'node:fs'
import process from 'node:process'

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    // jest's reporters buffer what they print; at exit all of it is out.
    process.once('exit', () => writeSync(2, `${results.numPassedTests} passed, ${failed} failed\n`))
  }
}
