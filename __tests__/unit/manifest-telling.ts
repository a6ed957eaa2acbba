import type { Entry } from '../../src/1-read/entry.ts'
import type { Inputs, ManifestInputs } from '../../src/1-read/inputs.ts'
import type { Facts, Shared } from '../../src/2-look/look.ts'
import type { Copy } from '../../src/2-look/look-at-copies.ts'
import type { Decision } from '../../src/3-decide/decide.ts'
import type { RunNeed } from '../../src/3-decide/needs.ts'
import type { KeyPlan, Step } from '../../src/3-decide/plan-key.ts'
import type { Rotated } from '../../src/4-rotate-and-write/rotate-and-write.ts'
import { noRotations } from '../../src/4-rotate-and-write/rotation.ts'
import type { KeyProgress } from '../../src/5-tell/key-outcome.ts'
import { type ManifestProgress, manifestReportOf } from '../../src/5-tell/manifest-report.ts'
import { Problem } from '../../src/services/problem.ts'

export const DAY = 86_400_000
export const NOW = Date.parse('2026-03-01T12:00:00Z')
export const ISSUED_AT = '2026-03-01T12:00:00.123456Z'
const CALLER = { name: 'Key manager', roles: ['viewer', 'api_keys_manage'], teamRoles: [] }
export const DESTINATION = { kind: 'repository', owner: 'octo', repository: 'app', secret: 'INCIDENT_API_KEY' } as const
const POLICY = {
  grace: 'auto',
  minGraceMinutes: 15,
  longRuns: 'defer',
  minTokenAge: 0,
  maxTokenAge: undefined,
} as const
const COMMON = {
  ...POLICY,
  incidentApiKey: '',
  github: { by: 'token', token: '' },
  incidentApiUrl: '',
  githubApiUrl: '',
  maxWaitMinutes: 0,
  force: false,
  dryRun: false,
  event: undefined,
} as const
const COPY: Copy = {
  destination: DESTINATION,
  updatedAt: NOW - 40 * DAY,
  writtenAt: '2026-01-20T12:00:00Z',
  seal: () => ({ keyId: '', encryptedValue: '' }),
}
const DUE = { kind: 'due', age: 40 * DAY, minTokenAge: 30 * DAY } as const
export const ROTATE: Step = { kind: 'rotate' }
/** Nothing asks it anything here. */
const SHARED = { copying: new Map(), shares: {}, seen: () => 0 } as unknown as Shared

export interface Case {
  name?: string
  id?: string
  /** Undefined: there is no such key. */
  age?: number | undefined
  entry?: Partial<Entry>
  inputs?: Partial<Inputs>
  steps?: Step[]
  done?: Step[]
  decision?: Partial<Decision> | undefined
  rotated?: Partial<Rotated> | undefined
  errors?: unknown[]
  warnings?: string[]
  seen?: Partial<KeyPlan['seen']>
  plan?: Partial<KeyPlan>
}

export function progressOf(one: Case, dryRun = false): KeyProgress {
  const { name = 'CI deploy key', steps = [], errors = [], warnings = [], inputs } = one
  const age = 'age' in one ? one.age : 40
  const entry: Entry = {
    key: { by: 'name', name },
    state: 'present',
    destinations: [DESTINATION],
    policy: POLICY,
    roles: undefined,
    teamIds: undefined,
    teamRoles: undefined,
    comments: undefined,
    create: false,
    evenIfUsed: false,
    line: 2,
    ...one.entry,
  }
  const fields = { name, roles: ['viewer'], teamRoles: [], teamIds: [], comments: undefined }
  const id = one.id ?? `ID-${name.replace(/\W/g, '')}`
  const issuedAt = age === undefined ? '' : new Date(NOW - age * DAY).toISOString()
  const key = age === undefined ? undefined : { ...fields, id, issuedAt, lastUsedAt: undefined, unread: [] }
  const asked: Inputs = { ...COMMON, key: entry.key, destinations: entry.destinations, dryRun, ...inputs }
  const copies = { copies: [COPY], passedOver: [], archived: [], credentials: [] }
  const facts: Facts = {
    key: { ...fields, id: key === undefined ? '' : id, issuedAt, lastUsedAt: undefined, unread: [] },
    issuedAt: Date.parse(issuedAt),
    caller: CALLER,
    writesAhead: 0,
    runs: { at: NOW, holders: [], ids: new Set(), watches: [], busy: new Set() },
    issuer: undefined,
    failedRepair: undefined,
    ...copies,
  }
  const rotates = steps.some(({ kind }) => kind === 'rotate' || kind === 'create')
  const decision: Decision = {
    action: rotates ? 'rotate' : 'skip',
    because: rotates ? DUE : { kind: 'young', age: 2 * DAY, dueIn: 28 * DAY },
    needs: [],
    grace: { minutes: 15, longest: undefined, atRisk: [], tooLong: [] },
    yields: false,
    worthWaiting: [],
    states: ['current'],
    ...one.decision,
  }
  const isDecided = entry.state === 'present' && !('facts' in (one.seen ?? {}))
  const seen = {
    entry,
    inputs: asked,
    caller: CALLER,
    key,
    copies,
    facts,
    shared: SHARED,
    ignored: undefined,
    errors: [],
    near: [],
    similar: [],
    clockAhead: 0,
    ...one.seen,
  }
  const known = isDecided ? { facts, decision } : { facts: undefined, decision: undefined }
  return {
    plan: { seen, steps, ...known, isSelf: false, isPutOff: false, errors: [], warnings, ...one.plan },
    slot: 0,
    telling: {
      inputs: asked,
      ignored: seen.ignored,
      ...(isDecided && { facts, decision }),
      ...(one.rotated && {
        rotations: noRotations(),
        rotated: {
          key: { id, name, issuedAt, isSelf: false },
          issuedAt: ISSUED_AT,
          oldTokenExpiresAt: '2026-03-01T12:15:00.123Z',
          written: [{ destination: DESTINATION, result: 'updated', at: NOW }],
          proof: { kind: 'works' },
          standing: { kind: 'current' },
          ...one.rotated,
        },
      }),
    },
    done: one.done ?? [],
    deleted: (one.done ?? []).flatMap((step) => (step.kind === 'delete secret' ? [step.destination] : [])),
    errors,
  }
}

export const INPUTS: ManifestInputs = { ...COMMON, manifest: 'keys.yml', entries: [], pick: undefined }
export const reportFor = (
  keys: Case[],
  { dryRun = false, unlisted = [] }: Partial<ManifestProgress> & { dryRun?: boolean } = {},
) =>
  manifestReportOf(
    { inputs: { ...INPUTS, dryRun }, keys: keys.map((one) => progressOf(one, dryRun)), unlisted },
    [],
    NOW,
  )

export const FIELDS = {
  name: 'New key',
  roles: ['viewer'],
  teamIds: ['T'],
  teamRoles: ['on_call_editor'],
  comments: undefined,
}
export const UPDATE: Step = {
  kind: 'update',
  fields: FIELDS,
  changes: [
    { field: 'roles', added: ['a'], removed: ['b', 'c'] },
    { field: 'comments', added: ['"x" | <y>'], removed: ['z'] },
  ],
}
const DELETE: Step[] = [{ kind: 'delete secret', destination: DESTINATION }, { kind: 'delete key' }]

export const ROTATED: Case = { steps: [ROTATE], done: [ROTATE], rotated: {} }
export const YOUNG: Case = { name: 'Young key', age: 2 }
export const UPDATED: Case = { name: 'Updated key', age: 2, steps: [UPDATE], done: [UPDATE] }
export const FILL: Step = { kind: 'fill', destination: DESTINATION, state: 'stale' }
export const CREATE: Step = { kind: 'create', fields: FIELDS }
export const CREATED: Case = {
  name: 'New key',
  age: undefined,
  steps: [CREATE],
  done: [CREATE],
  decision: { because: { kind: 'missing-key' }, states: ['missing'] },
  rotated: { oldTokenExpiresAt: undefined, written: [{ destination: DESTINATION, result: 'created', at: NOW }] },
}
export const DELETED: Case = { name: 'Old exporter', age: 300, entry: { state: 'absent' }, steps: DELETE, done: DELETE }
const NIGHTLY: RunNeed = {
  repository: 'octo/app',
  runId: 4712,
  workflow: 'Nightly',
  status: 'in_progress',
  url: 'https://github.com/octo/app/actions/runs/4712',
  startedAt: NOW - 600_000,
  safeMinutes: 170,
  likelyMinutes: 165,
  waitMinutes: 0,
  by: 'history',
  waits: false,
  hasWaitingJob: false,
  waitsForOwnRun: false,
}
export const DEFERRED: Case = {
  name: 'Busy key',
  age: 50,
  decision: {
    action: 'defer',
    because: DUE,
    yields: true,
    worthWaiting: [NIGHTLY],
    needs: [NIGHTLY],
    grace: { minutes: 60, longest: NIGHTLY, atRisk: [NIGHTLY], tooLong: [NIGHTLY] },
  },
}
export const PUT_OFF: Case = { name: 'Late key', decision: { action: 'skip', because: DUE }, plan: { isPutOff: true } }
export const FAILED: Case = {
  name: 'Bad key',
  steps: [ROTATE],
  errors: [
    new Problem({
      goal: 'rotate',
      subject: 'the API key "Bad key" (K)',
      cause: 'no',
      remedy: 'Do.',
      destination: DESTINATION,
    }),
  ],
}
export const SKIPPED: Case = {
  name: 'Other key',
  seen: { facts: undefined, ignored: { key: undefined, because: { kind: 'another-key' } } },
}
