import { type Destination, nameOf } from '../destination.ts'
import { someOf } from '../services/problem.ts'

/** Returns the warning about destinations that are left out, as a sentence. */
export function archivedInWords(archived: readonly Destination[]): string {
  const are = archived.length === 1 ? 'is in an archived repository' : 'are in archived repositories'
  return (
    `${someOf(archived.map(nameOf), 5)} ${are}, where nothing runs and no secret can be written, so ` +
    `${archived.length === 1 ? 'it was' : 'they were'} left out. Remove ${archived.length === 1 ? 'it' : 'them'} from the destinations.`
  )
}
