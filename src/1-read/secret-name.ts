import { quote } from '../services/problem.ts'

/**
 * What is wrong with the name of a secret, as the end of a sentence.
 *
 * @see https://docs.github.com/actions/reference/security/secrets#naming-your-secrets
 */
export function secretNameMistake(name: string): string | undefined {
  if (name === '') return ' is empty; name the GitHub secret that holds the token, like INCIDENT_API_KEY'
  const rule = 'write letters, digits and underscores, beginning with a letter or an underscore'
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    const meant = name
      .normalize('NFKC')
      .replace(/^(['"`]|\$\{\{\s*)+|(['"`]|\s*\}\})+$/g, '')
      .replace(/^secrets\./, '')
    const better = meant.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_')
    const example = /[A-Za-z0-9]/.test(better) ? better.slice(0, 60) : 'INCIDENT_API_KEY'
    return `: ${quote(name)} is not a name that GitHub takes; ${rule}, like ${quote(example)}`
  }
  if (/^GITHUB_/i.test(name)) {
    return `: ${quote(name)} begins with GITHUB_, which GitHub keeps for itself; choose a name without it, like INCIDENT_API_KEY`
  }
  return undefined
}
