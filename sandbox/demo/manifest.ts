import { type Company, FILE, MANIFEST, setCompany } from './company.ts'
import { indent, type Left, MINUTE, prove, say, sayOutcome, seenOf, unfolded, works } from './stage.ts'

const OUTPUTS = ['status', 'rotated', 'due', 'matrix']

/** How often something was changed at one of both services; the probe for write access deletes what cannot be there. */
function changesIn({ scene: { incident, github } }: Company): number {
  const isChange = ({ method, path }: { method: string; path: string }) => method !== 'GET' && !path.includes('PROBE')
  return [...incident.journal, ...github.journal].filter(isChange).length
}

/** The second act: a manifest is planned, carried out, and found to be true. */
export async function playManifest(): Promise<Left> {
  const company = await setCompany()
  const { scene, chatBot, oldExporter, statusPage } = company
  const { github, incident, clock, key } = scene
  const secret = (repository: string, name: string) => github.secret(`octo/${repository}`, name)?.value ?? ''
  const current = (id: string) => incident.tokensOf(id).at(-1)?.token
  const rolesOf = (id: string) => incident.key(id)?.roles.toSorted().join(', ')

  say(`The manifest, ${FILE}`)
  indent(MANIFEST)
  say()

  say('The plan, as a pull request that changes this file would show it (dry-run: true)')
  const plan = await company.run({ 'dry-run': 'true' })
  indent(unfolded(plan))
  sayOutcome(plan, OUTPUTS)
  prove('it has changed nothing', changesIn(company) === 0)
  say()

  say('The run that carries it out')
  const main = await company.run()
  indent(unfolded(main))
  sayOutcome(main, OUTPUTS)
  say()

  say('The proof')
  const newToken = secret('app', 'INCIDENT_API_KEY')
  prove(
    '"CI deploy key" has a new token, which opens in both of its secrets, and works',
    newToken !== key.token && newToken === secret('billing', 'INCIDENT_TOKEN') && (await works(scene, newToken)),
  )
  prove('incident.io accepts it as the current token of the key', current(key.id) === newToken)
  prove('the old one still works: jobs may be running with it', await works(scene, key.token))
  const reporters = incident.keys().filter(({ name }) => name === 'Incident reporter')
  const reporter = reporters[0]?.id ?? ''
  prove('there is one key "Incident reporter", and it has the role viewer', rolesOf(reporter) === 'viewer')
  prove(
    'its first token opens in its secret, and works',
    reporters.length === 1 &&
      secret('billing', 'INCIDENT_REPORTER_KEY') === current(reporter) &&
      (await works(scene, current(reporter) ?? '')),
  )
  prove(
    '"Chat bot" has the roles of the file, and the token that it had',
    rolesOf(chatBot.id) === 'incident_creator, viewer' && secret('app', 'INCIDENT_CHAT_KEY') === chatBot.token,
  )
  prove(
    '"Old exporter" and its secret are gone, and its token is dead',
    incident.key(oldExporter.id) === undefined &&
      secret('exporter', 'EXPORTER_KEY') === '' &&
      !(await works(scene, oldExporter.token)),
  )
  prove(
    '"Status page" is as it was',
    current(statusPage.id) === statusPage.token && secret('app', 'INCIDENT_STATUS_KEY') === statusPage.token,
  )
  const grace = grantedTo('CI deploy key', main.outputs.keys)
  clock.advance((grace + 1) * MINUTE)
  prove(`${grace + 1} minutes later the old token is dead`, !(await works(scene, key.token)))
  say()

  say('The same run once more')
  const changes = changesIn(company)
  const again = await company.run()
  indent(unfolded(again))
  sayOutcome(again, OUTPUTS)
  prove('it has changed nothing', changesIn(company) === changes && again.outputs.status === 'unchanged')
  const seen = [plan, main, again].map(seenOf).join()
  prove(
    'no token is in the log, the outputs, the state or the summary of any of the three',
    !company.credentials().some((one) => seen.includes(one)),
  )
  say()

  say('The summary of the second run, as the job page would show it')
  indent(main.summary)
  return {
    scene: { ...scene, close: company.close },
    with: { ...company.with, manifest: company.file },
    tries: ['dry-run=true', 'dry-run=true min-token-age=0', 'force=true "key-name=Status page"'],
    hint: `Or change the manifest first: ${company.file}`,
  }
}

function grantedTo(name: string, keys = '[]'): number {
  const outcomes = JSON.parse(keys) as { name: string; grace_period_minutes?: number }[]
  return outcomes.find((one) => one.name === name)?.grace_period_minutes ?? 0
}
