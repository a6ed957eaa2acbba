import { expect, test } from '@jest/globals'
import { expectCurrent, expectUntouched, FAST, play, rotations, warningsOf, writes } from './helpers.ts'
import { MINUTE } from './runs.ts'

test('a named key rotates into its secret, and the old token lives until its grace ends', () =>
  play(async (scene) => {
    const result = await scene.rotate()
    expect(result.exitCode).toBe(0)
    expectCurrent(scene)

    const [exchange] = rotations(scene)
    expect(rotations(scene)).toHaveLength(1)
    expect(exchange?.requestBody).toEqual({ grace_period_minutes: 15 })
    expect(writes(scene)).toHaveLength(1)

    const [first, second] = scene.incident.tokensOf(scene.key.id)
    const issuedAt = result.outputs['token-issued-at'] ?? ''
    expect(Date.parse(issuedAt)).toBe(Math.floor(second?.issuedAt ?? 0))
    expect(result.outputs).toEqual({
      status: 'rotated',
      rotated: 'true',
      'key-id': scene.key.id,
      'key-name': scene.key.name,
      'token-issued-at': issuedAt,
      'old-token-expires-at': new Date(Date.parse(issuedAt) + 15 * MINUTE).toISOString(),
      'grace-period-minutes': '15',
      destinations: JSON.stringify([
        { kind: 'repository', owner: 'octo', repository: 'app', secret: 'INCIDENT_API_KEY', result: 'updated' },
      ]),
      'runs-at-risk': '[]',
    })
    scene.clock.advance(14 * MINUTE)
    expect(scene.incident.keyOf(first?.token ?? '')?.id).toBe(scene.key.id)
    scene.clock.advance(MINUTE)
    expect(scene.incident.keyOf(first?.token ?? '')).toBeUndefined()
    expect(scene.incident.keyOf(second?.token ?? '')?.id).toBe(scene.key.id)
  }))

test('every token is masked, the new one before anything else is printed of it', () =>
  play(async (scene) => {
    const { masks, raw } = await scene.rotate()
    const fresh = scene.incident.tokensOf(scene.key.id).at(-1)?.token ?? ''
    expect(new Set(masks)).toEqual(new Set([scene.managingToken, scene.githubToken, fresh]))
    expect(raw.startsWith('::add-mask::')).toBe(true)
  }))

test('every request to incident.io names the run that sent it', () =>
  play(async (scene) => {
    await scene.rotate({ env: { GITHUB_RUN_ATTEMPT: '3', ACTIONS_ORCHESTRATION_ID: 'x' } })
    const agents = scene.incident.journal.map(({ requestHeaders }) => requestHeaders['user-agent'])
    expect(new Set(agents)).toEqual(new Set(['rotate-incident-key/0.1.0 (octo/app; run 4711/3)']))
  }))

test('a key rotates by its id, with the grace period that was asked for', () =>
  play(async (scene) => {
    const result = await scene.rotate({
      with: { 'key-name': '', 'key-id': scene.key.id, 'grace-period-minutes': '7' },
    })
    expect(result.exitCode).toBe(0)
    expect(rotations(scene)[0]?.requestBody).toEqual({ grace_period_minutes: 7 })
    expect(result.outputs['grace-period-minutes']).toBe('7')
    expectCurrent(scene)
  }))

test('a secret that does not exist is created', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'secret-name': 'new_secret' } })
    expect(result.exitCode).toBe(0)
    expect(JSON.parse(result.outputs.destinations ?? '')[0]).toMatchObject({ secret: 'NEW_SECRET', result: 'created' })
    expect(scene.github.secret(scene.repository, 'NEW_SECRET')?.value).toBe(
      scene.incident.tokensOf(scene.key.id).at(-1)?.token,
    )
  }))

test('a second run finds nothing to do', () =>
  play(async (scene) => {
    await scene.rotate()
    const second = await scene.rotate()
    expect(second.exitCode).toBe(0)
    expect(second.outputs).toMatchObject({ status: 'skipped', rotated: 'false' })
    expect(second.outputs['old-token-expires-at']).toBeUndefined()
    expect(JSON.parse(second.outputs.destinations ?? '')[0].result).toBe('current')
    expect(rotations(scene)).toHaveLength(1)
  }))

test('force rotates a token that is young', () =>
  play(
    async (scene) => {
      const result = await scene.rotate({ with: { force: 'true' } })
      expect(result.outputs.status).toBe('rotated')
      expectCurrent(scene)
    },
    { tokenAgeDays: 0 },
  ))

test('a copy that is older than the token is mended, whatever the ages say', () =>
  play(async (scene) => {
    scene.github.setSecret(scene.repository, scene.secret, 'older', new Date(scene.clock.now() - 100 * 86_400_000))
    const plan = await scene.rotate({ with: { 'min-token-age': 'never', 'dry-run': 'true' } })
    expect(JSON.parse(plan.outputs.destinations ?? '')[0].result).toBe('stale')
    const result = await scene.rotate({ with: { 'min-token-age': 'never' } })
    expect(result.outputs.status).toBe('rotated')
    expectCurrent(scene)
  }))

test('never rotates nothing that is current', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'min-token-age': 'never' } })
    expect(result.outputs.status).toBe('skipped')
    expectUntouched(scene)
  }))

test('a dry run checks everything and changes nothing', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'dry-run': 'true' } })
    expect(result.exitCode).toBe(0)
    expect(result.outputs).toMatchObject({ status: 'planned', rotated: 'false', 'grace-period-minutes': '15' })
    expect(scene.github.journal.some(({ method, path }) => method === 'DELETE' && path.includes('PROBE'))).toBe(true)
    expectUntouched(scene)
  }))

test('an outdated public key is fetched again', () =>
  play(async (scene) => {
    scene.incident.onRequest = ({ path }) => {
      if (path.endsWith('/rotate')) scene.github.replaceKeyPair(scene.repository)
    }
    const result = await scene.rotate()
    expect(result.exitCode).toBe(0)
    expect(writes(scene).map(({ status }) => status)).toEqual([422, 204])
    expectCurrent(scene)
  }))

test('roles that the managing key lacks by name are a warning, and incident.io decides', () =>
  play(async (scene) => {
    const { id } = scene.incident.addKey({
      name: 'Wider key',
      roles: ['viewer', 'catalog_viewer'],
      issuedAt: new Date(scene.clock.now() - 86_400_000),
    })
    const result = await scene.rotate({ with: { 'key-name': 'Wider key', 'secret-name': 'WIDER' } })
    expect(warningsOf(result)).toEqual([
      expect.stringContaining('by name: catalog_viewer.'),
      expect.stringContaining('WIDER in octo/app did not exist'),
    ])
    expect(scene.incident.tokensOf(id)).toHaveLength(1)
    expect(writes(scene)).toHaveLength(0)
  }))

test('a managing key rotates itself', () =>
  play(async (scene) => {
    const result = await scene.rotate({ with: { 'key-name': 'Key manager', 'secret-name': 'MANAGING_KEY' } })
    expect(result.exitCode).toBe(0)
    const value = scene.github.secret(scene.repository, 'MANAGING_KEY')?.value ?? ''
    expect(scene.incident.keyOf(value)?.name).toBe('Key manager')
  }))

test('a key on the third page of six hundred is found in at most four list calls', () =>
  play(
    async (scene) => {
      const result = await scene.rotate()
      expect(result.exitCode).toBe(0)
      const pages = scene.incident.journal.filter(({ path }) => path === '/v1/api_keys')
      expect(pages.map(({ query }) => query.replace(/after=.*/, 'after'))).toEqual([
        'page_size=250',
        'page_size=250&after',
        'page_size=250&after',
      ])
      expectCurrent(scene)
    },
    { otherKeys: 598 },
  ))

test.each([{}, { force: 'true' }, { force: 'true', 'dry-run': 'true' }, { 'dry-run': 'true' }])(
  'a secret that does not exist is warned of, with a hint: %j',
  (block) =>
    play(async (scene) => {
      const result = await scene.rotate({ with: { ...block, 'secret-name': 'INCIDENT_API_KZ' } })
      expect(result.exitCode).toBe(0)
      expect(warningsOf(result)).toEqual([
        expect.stringContaining('INCIDENT_API_KZ in octo/app did not exist. Did you mean "INCIDENT_API_KEY"? If'),
      ])
    }),
)

test.each([
  ['that is refused', { kind: 'status', status: 403, body: {} }],
  ['that is never answered', { kind: 'hang', when: 'before' }],
  ['of nonsense', { kind: 'status', status: 200, body: { secrets: [null, { name: {} }] } }],
] as const)('a list of secrets %s only takes the hint away', (_, fault) =>
  play(async (scene) => {
    scene.github.faults.add({ path: /\/secrets$/, times: Number.POSITIVE_INFINITY, fault })
    const began = scene.clock.now()
    const result = await scene.rotate({ with: { 'dry-run': 'true', 'secret-name': 'INCIDENT_API_KZ' } })
    expect([result.exitCode, warningsOf(result)]).toEqual([
      0,
      [expect.stringContaining('INCIDENT_API_KZ in octo/app did not exist. If')],
    ])
    expect(scene.clock.now() - began).toBeLessThan(60_000)
  }, FAST),
)

test.each([
  [{}, ['Look', 'Decide', 'Rotate and write']],
  [{ 'dry-run': 'true' }, ['Look', 'Decide']],
  [{ 'min-token-age': '90d' }, ['Look', 'Decide']],
])('the log is grouped by phase, and ends with what came of it: %j', (block, titles) =>
  play(async (scene) => {
    const { raw } = await scene.rotate({ with: block })
    const lines = raw.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'))
    const commands = lines.filter((line) => line.startsWith('::'))
    expect(commands).toEqual(titles.flatMap((title) => [`::group::${title}`, '::endgroup::']))
    expect(lines.slice(lines.lastIndexOf('::endgroup::') + 1)[0]).toMatch(
      /^(Rotated|Dry run: would rotate|Did not rotate) /,
    )
  }),
)
