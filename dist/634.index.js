export const id = 634;
export const ids = [634];
export const modules = {

/***/ 6634:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  reconcile: () => (/* binding */ reconcile)
});

// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __webpack_require__(370);
// EXTERNAL MODULE: ./lib/src/2-look/find-key.js
var find_key = __webpack_require__(9268);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var services_problem = __webpack_require__(9644);
;// CONCATENATED MODULE: ./lib/src/2-look/key-problems.js

function cancelled(name, isBegun) {
    return new services_problem/* Problem */.AF({
        goal: isBegun ? 'go on' : 'begin',
        subject: `with the API key ${(0,services_problem/* quote */.hD)(name)}`,
        cause: 'this run was cancelled',
        remedy: isBegun ? 'Run again to finish it.' : 'Nothing was changed for it. Run again.',
    });
}
function madeMeanwhile(name) {
    return new services_problem/* Problem */.AF({
        goal: 'make',
        subject: `the API key ${(0,services_problem/* quote */.hD)(name)}`,
        cause: 'something else has made a key of this name meanwhile',
        remedy: 'Nothing was changed for it. Run again: the next run rotates it, and writes its token.',
    });
}
function madeTwice(name, keys) {
    return new services_problem/* Problem */.AF({
        goal: 'make only one',
        subject: `API key ${(0,services_problem/* quote */.hD)(name)}`,
        cause: `something else made one at the same time: ${keys.map(({ id }) => id).join(', ')}`,
        remedy: 'Delete the others in the dashboard, and let one workflow alone keep this manifest.',
    });
}

// EXTERNAL MODULE: ./lib/src/2-look/look.js + 1 modules
var look = __webpack_require__(50);
// EXTERNAL MODULE: ./lib/src/1-read/answer.js
var answer = __webpack_require__(5259);
// EXTERNAL MODULE: ./lib/src/1-read/similar.js
var similar = __webpack_require__(5860);
// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __webpack_require__(7194);
// EXTERNAL MODULE: ./lib/src/services/incident-io.js
var incident_io = __webpack_require__(3230);
// EXTERNAL MODULE: ./lib/src/services/log.js + 1 modules
var log = __webpack_require__(8551);
// EXTERNAL MODULE: ./lib/src/2-look/explain-github.js
var explain_github = __webpack_require__(176);
// EXTERNAL MODULE: ./lib/src/2-look/explain-incident-io.js
var explain_incident_io = __webpack_require__(9026);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-key.js
var look_at_key = __webpack_require__(6832);
// EXTERNAL MODULE: ./lib/src/2-look/why-ignored.js
var why_ignored = __webpack_require__(1108);
// EXTERNAL MODULE: ./lib/src/2-look/writable.js
var writable = __webpack_require__(9681);
;// CONCATENATED MODULE: ./lib/src/2-look/look-at-manifest.js














async function lookAtManifest(inputs, services, context, mayRotate) {
    const { incident, github } = services;
    const listing = incident.list();
    listing.catch(() => { });
    const caller = await (0,look_at_key/* lookAtCaller */.A)(incident, context);
    const listed = await listing.catch((error) => {
        throw (0,explain_incident_io/* explainIncidentIo */.uF)(error, 'list', 'the API keys', context);
    });
    const found = withoutSharedKeys(inputs.entries.map((entry) => ({ entry, ...findFor(entry, listed, context) })));
    const picked = pickFrom(found, inputs.pick);
    const answered = await Promise.all(picked.map(async (one) => {
        const ignored = await ignoredFor(one, inputs, github, context);
        return { ...one, ignored, errors: ignored === undefined ? one.errors : [] };
    }));
    const isLookedAt = ({ errors, ignored }) => errors.length === 0 && ignored === undefined;
    const destinations = answered.filter(isLookedAt).flatMap(({ entry }) => entry.destinations);
    const named = inputs.entries.flatMap((entry) => entry.destinations);
    const shared = (0,look/* startLooking */.MP)(destinations, github, context, named);
    const namedKeys = new Set(found.flatMap(({ key }) => key?.name ?? []));
    const similarTo = ({ key: selector }) => {
        const names = listed.map(({ name }) => name).filter((name) => !namedKeys.has(name));
        return selector.by === 'name' ? names.filter((name) => (0,similar/* isSimilar */.S)(name, selector.name)) : [];
    };
    const lookAtOne = async ({ entry, key, errors, ignored }) => {
        const asked = (0,answer/* asAnswer */.v)(inputsFor(entry, inputs));
        const near = key === undefined && entry.key.by === 'name' ? (0,find_key/* nearNames */.$l)(listed, entry.key.name).map(({ name }) => name) : [];
        const clockAhead = incident.time.offset;
        const similar = key === undefined ? similarTo(entry) : [];
        const known = { entry, inputs: asked, caller, key, ignored, errors, near, similar, shared, clockAhead };
        const seen = { ...known, copies: NO_COPIES, facts: undefined };
        if (!isLookedAt(seen))
            return seen;
        try {
            return { ...seen, ...(await lookAtCopiesOf(seen, services, context, mayRotate)) };
        }
        catch (thrown) {
            return { ...seen, errors: (0,services_problem/* errorsIn */.R4)(thrown), glimpse: await (0,look/* glimpseOf */.lA)(key, copyingOf(seen), incident) };
        }
    };
    const keys = await (0,log/* whileSaying */.VT)('Looking', () => `Looking: ${shared.seen()} of ${destinations.length} destinations of ${picked.length} keys.`, Promise.all(answered.map(lookAtOne)));
    const known = new Set(inputs.entries.flatMap(({ key }) => matching(key, listed).map(({ id }) => id)));
    const unlisted = inputs.pick === undefined ? listed.filter(({ id }) => !known.has(id)) : [];
    return { keys: withoutSharedPlaces(keys), unlisted: unlisted.flatMap(readable) };
}
async function lookAnew(seen, services, context, mayRotate) {
    const { entry, key } = seen;
    const { incident, github } = services;
    const explain = (error) => {
        if (!(0,incident_io/* isGone */.ST)(error))
            throw (0,explain_incident_io/* explainIncidentIo */.uF)(error, 'look up', `the API key ${(0,services_problem/* quote */.hD)(key?.name ?? nameOf(entry.key))}`, context);
        if (entry.state === 'present')
            throw (0,find_key/* noSuchId */.sJ)(key?.id ?? '', '"name"', error);
        return undefined;
    };
    const now = key && (await incident.show(key.id).catch(explain));
    if (key === undefined && entry.state === 'present') {
        const listed = (await incident.list().catch(explain)) ?? [];
        if (matching(entry.key, listed).length > 0)
            throw madeMeanwhile(nameIn(entry) ?? '');
    }
    const again = { ...seen, key: now, shared: (0,look/* startLooking */.MP)(entry.destinations, github, context, seen.shared.named) };
    return { ...again, ...(await lookAtCopiesOf(again, services, context, mayRotate)) };
}
const NO_COPIES = { copies: [], passedOver: [], archived: [], credentials: [] };
function inputsFor(entry, { entries: _, manifest: __, pick: ___, ...common }) {
    return { ...common, ...entry.policy, key: entry.key, destinations: entry.destinations };
}
function copyingOf({ entry, inputs, shared }) {
    return inputs.destinations
        .map((destination) => shared.copying.get(destination))
        .filter((one) => one !== undefined)
        .map((copy) => (entry.state === 'absent' ? copy.catch(explain_github/* asDeletion */.vG) : copy));
}
async function lookAtCopiesOf({ entry, inputs, caller, key, shared }, services, context, mayRotate) {
    const { destinations, force } = inputs;
    const copies = await (0,writable/* copiesOf */.lS)(copyingOf({ entry, inputs, shared }), force, entry.state === 'present');
    if (key === undefined || entry.state === 'absent') {
        return { copies: await (0,writable/* withinRateLimits */.m6)(copies, services.github, force), facts: undefined };
    }
    const facts = await (0,look/* factsOf */.xS)({ caller, key }, copies, force, services, context);
    const runs = mayRotate(inputs, facts) ? await (0,look/* runsOf */.ky)(destinations, shared, services.github, context) : look/* NO_RUNS */.R8;
    return { copies: facts, facts: { ...facts, runs } };
}
async function ignoredFor({ entry, key }, { event }, github, context) {
    if (event === undefined)
        return undefined;
    if (key === undefined || entry.state === 'absent')
        return { key, because: { kind: 'another-key' } };
    return (0,why_ignored/* whyIgnored */.v)(event, key, github, context);
}
function findFor({ key: selector, state, create }, listed, context) {
    try {
        const found = matching(selector, listed);
        const mayBeMissing = state === 'absent' || (create && selector.by === 'name');
        if (found.length === 0 && mayBeMissing)
            return { key: undefined, errors: [] };
        if (selector.by === 'name')
            return { key: (0,incident_io/* keyOf */.TN)((0,find_key/* pickByName */.uT)(listed, selector.name, '"id"', MAKE_IT)), errors: [] };
        if (found[0] === undefined)
            throw (0,find_key/* noSuchId */.sJ)(selector.id, '"name"');
        return { key: (0,incident_io/* keyOf */.TN)(found[0]), errors: [] };
    }
    catch (error) {
        return {
            key: undefined,
            errors: [(0,explain_incident_io/* explainIncidentIo */.uF)(error, 'look up', `the API key ${(0,services_problem/* quote */.hD)(nameOf(selector))}`, context)],
        };
    }
}
const MAKE_IT = ' To have it made, write "create: true".';
const matching = (selector, listed) => selector.by === 'id' ? listed.filter(({ id }) => id === selector.id) : (0,find_key/* keysNamed */.Ye)(listed, selector.name);
function withoutSharedKeys(found) {
    const byKey = Map.groupBy(found, ({ key }) => key?.id);
    return found.map((one) => {
        const others = one.key === undefined ? [] : (byKey.get(one.key.id) ?? []).filter((other) => other !== one);
        if (one.key === undefined || others.length === 0)
            return one;
        const problem = new services_problem/* Problem */.AF({
            goal: 'rotate',
            subject: `the API key ${(0,services_problem/* quote */.hD)(one.key.name)} (${one.key.id})`,
            cause: `the entries on lines ${linesOf([one, ...others]).join(' and ')} of the manifest are both about it`,
            remedy: 'Nothing was changed for it. Keep one of them, with all its destinations.',
        });
        return { ...one, errors: [problem] };
    });
}
function withoutSharedPlaces(keys) {
    const places = keys.flatMap((seen) => seen.copies.copies.map((copy) => ({ seen, copy })));
    const shared = [...Map.groupBy(places, ({ copy }) => (0,writable/* placeIdOf */.Og)(copy)).values()].filter((one) => one.length > 1);
    return keys.map((seen) => {
        const conflict = shared.find((one) => one.some((place) => place.seen === seen));
        if (conflict === undefined)
            return seen;
        const names = conflict.map((one) => `${(0,src_destination/* nameOf */.Vb)(one.copy.destination)} (entry on line ${one.seen.entry.line})`);
        const problem = new services_problem/* Problem */.AF({
            goal: seen.entry.state === 'absent' ? 'delete the secrets of' : 'rotate',
            subject: `the API key ${(0,services_problem/* quote */.hD)(seen.key?.name ?? nameOf(seen.entry.key))}`,
            cause: `${names.join(' and ')} are one secret, because the repository was renamed, and a secret holds the token of one key`,
            remedy: 'Nothing was changed for these keys. Keep one of the destinations, under the present name of the repository.',
        });
        return { ...seen, copies: NO_COPIES, facts: undefined, errors: [problem] };
    });
}
const linesOf = (found) => found.map(({ entry }) => entry.line).sort((a, b) => a - b);
function pickFrom(found, pick) {
    if (pick === undefined)
        return found;
    const wanted = (pick.by === 'id' ? pick.id : pick.name).trim();
    const byId = found.filter(({ entry, key }) => [key?.id, idIn(entry)].includes(wanted));
    const byName = found.filter(({ entry, key }) => [key?.name.trim(), nameIn(entry)?.trim()].includes(wanted));
    const picked = pick.by === 'id' || byName.length === 0 ? byId : byName;
    const [first] = picked;
    if (first && picked.every(({ key }) => key !== undefined && key.id === first.key?.id))
        return [first];
    if (picked.length === 1)
        return picked;
    const problem = (cause, remedy) => new services_problem/* Problem */.AF({ goal: 'find', subject: `the key ${(0,services_problem/* quote */.hD)(wanted)} in the manifest`, cause, remedy });
    if (picked.length > 1) {
        throw problem(`${picked.length} entries are about keys of this name, on lines ${linesOf(picked).join(', ')}`, `Give the id of the one you mean as "key-id": ${picked.map(({ key }) => key?.id ?? 'none').join(', ')}.`);
    }
    const names = found.map(({ entry, key }) => ({ name: key?.name ?? nameIn(entry) ?? idIn(entry) ?? '' }));
    const near = (0,find_key/* nearNames */.$l)(names, wanted);
    throw problem('no entry is about it', near.length > 0
        ? `Did you mean ${near.map(({ name }) => (0,services_problem/* quote */.hD)(name)).join(', ')}?`
        : 'Add it to the manifest, or leave "key-name" and "key-id" out for all of its keys.');
}
const nameOf = (selector) => (selector.by === 'name' ? selector.name : selector.id);
const nameIn = ({ key }) => (key.by === 'name' ? key.name : undefined);
const idIn = ({ key }) => (key.by === 'id' ? key.id : undefined);
function readable(listed) {
    try {
        return [(0,incident_io/* keyOf */.TN)(listed)];
    }
    catch {
        return [];
    }
}

// EXTERNAL MODULE: ./lib/src/2-look/look-at-runs.js + 9 modules
var look_at_runs = __webpack_require__(762);
// EXTERNAL MODULE: ./lib/src/3-decide/decide.js
var decide = __webpack_require__(8207);
// EXTERNAL MODULE: ./lib/src/1-read/destinations.js + 1 modules
var destinations = __webpack_require__(1765);
// EXTERNAL MODULE: ./lib/src/services/github-client.js + 10 modules
var github_client = __webpack_require__(4421);
// EXTERNAL MODULE: ./lib/src/1-read/nearest.js
var nearest = __webpack_require__(4955);
// EXTERNAL MODULE: ./lib/src/3-decide/archived.js
var archived = __webpack_require__(6593);
;// CONCATENATED MODULE: ./lib/src/3-decide/changes.js


function fieldsFor(entry, key) {
    return {
        name: key.name,
        roles: entry.roles ?? key.roles,
        teamIds: entry.teamIds ?? key.teamIds,
        teamRoles: entry.teamRoles ?? key.teamRoles,
        comments: entry.comments ?? key.comments,
    };
}
function fieldsOfNew(entry, name) {
    return fieldsFor(entry, { name, roles: [], teamIds: [], teamRoles: [], comments: undefined });
}
const commentsOf = ({ comments = '' }) => comments.trim();
function changesBetween(before, after) {
    const lists = [
        { field: 'roles', from: before.roles, to: after.roles },
        { field: 'teams', from: before.teamIds, to: after.teamIds },
        { field: 'team roles', from: before.teamRoles, to: after.teamRoles },
        { field: 'comments', from: [commentsOf(before)], to: [commentsOf(after)] },
    ];
    return lists
        .map(({ field, from, to }) => ({
        field,
        added: to.filter((one) => !from.includes(one) && one !== ''),
        removed: from.filter((one) => !to.includes(one) && one !== ''),
    }))
        .filter(({ added, removed }) => added.length > 0 || removed.length > 0);
}
function whyNotSettable(after, before, consequence = 'Nothing was changed for it.') {
    const subject = `the API key ${(0,services_problem/* quote */.hD)(after.name)}${before === undefined ? '' : ` (${before.id})`}`;
    const goal = before === undefined ? 'make' : 'update';
    const problem = (cause, remedy) => new services_problem/* Problem */.AF({ goal, subject, cause, remedy: `${consequence} ${remedy}` });
    if (before !== undefined && [...before.roles, ...before.teamRoles].includes(incident_io/* MANAGING */.TX)) {
        return problem(`it has the role ${incident_io/* MANAGING */.TX}, and incident.io does not let such a key be updated through its API`, 'Change it in the dashboard, and make its entry say the same, or leave roles, teams and comments out of the entry.');
    }
    const unread = (before?.unread ?? []).filter((property) => property !== 'last_used_at');
    if (unread.length > 0) {
        return problem(`what incident.io says of it cannot be read wholly (${(0,services_problem/* someOf */.yU)(unread)}), and an update, which replaces everything, would take away what is not seen`, 'Run again; when it persists, change it in the dashboard, and leave roles, teams and comments out of the entry.');
    }
    if ([...after.roles, ...after.teamRoles].includes(incident_io/* MANAGING */.TX)) {
        return problem(`the role ${incident_io/* MANAGING */.TX} cannot be given through the API`, 'Give it in the dashboard, or take it out of the entry.');
    }
    if (after.teamIds.length > 0 !== after.teamRoles.length > 0) {
        const [has, lacks] = after.teamIds.length > 0 ? ['teams', 'roles for them'] : ['roles for teams', 'teams'];
        return problem(`it would have ${has} and no ${lacks}, which incident.io refuses`, 'Give both "team-ids" and "team-roles", or leave both empty.');
    }
    return undefined;
}

// EXTERNAL MODULE: ./lib/src/3-decide/lacking-roles.js
var lacking_roles = __webpack_require__(7520);
// EXTERNAL MODULE: ./lib/src/3-decide/refusal.js
var _3_decide_refusal = __webpack_require__(3539);
// EXTERNAL MODULE: ./lib/src/3-decide/self.js
var _3_decide_self = __webpack_require__(5893);
;// CONCATENATED MODULE: ./lib/src/3-decide/plan-key.js











const USED = 7 * 24 * 60 * 60 * 1000;
function planKey(seen, writesAhead, now) {
    const { caller, key, errors } = seen;
    const isSelf = key !== undefined && (0,_3_decide_self/* rotatesItself */.m)({ key, caller });
    const facts = seen.facts && { ...seen.facts, writesAhead };
    const plan = { seen, steps: [], facts, decision: undefined, isSelf, isPutOff: false, errors, warnings: [] };
    if (errors.length > 0 || seen.ignored !== undefined)
        return plan;
    if (seen.entry.state === 'absent')
        return planDeletion(plan, now + seen.clockAhead);
    return facts === undefined ? planCreation(plan) : planRotation(plan, facts, now);
}
function planRotation(plan, facts, now) {
    const { entry, inputs } = plan.seen;
    const decision = (0,decide/* decide */.LD)(inputs, facts, now);
    const fields = inputs.event === undefined ? fieldsFor(entry, facts.key) : facts.key;
    const changes = changesBetween(facts.key, fields);
    const consequence = isStale({ decision }) ? 'Its stale copies are mended all the same.' : undefined;
    const unsettable = changes.length > 0 ? whyNotSettable(fields, facts.key, consequence) : undefined;
    if (unsettable !== undefined && !isStale({ decision }))
        return { ...plan, decision, errors: [unsettable] };
    const waits = decision.worthWaiting.length > 0 && inputs.maxWaitMinutes > 0 && !inputs.dryRun;
    const refusal = waits ? undefined : (0,_3_decide_refusal/* refusalOf */.Of)(inputs, facts, decision, now);
    const errors = [unsettable, refusal].filter((error) => error !== undefined);
    if (refusal !== undefined)
        return { ...plan, decision, errors };
    const rotates = decision.action === 'rotate' || waits;
    const isUpdated = changes.length > 0 && unsettable === undefined;
    return {
        ...plan,
        facts: { ...facts, key: { ...facts.key, ...(isUpdated && fields) } },
        decision,
        errors,
        steps: [
            ...(isUpdated ? [{ kind: 'update', fields, changes }] : []),
            ...(rotates ? [{ kind: 'rotate' }, ...fillsOf(facts.copies, decision.states)] : []),
        ],
        warnings: [
            ...plan.warnings,
            ...(isUpdated ? takenAway(changes, facts.key.name) : []),
            ...(isUpdated ? misspelt(changes, [...plan.seen.caller.roles, ...facts.key.roles]) : []),
            ...(isUpdated && !rotates ? lackingFor(plan, fields, changes) : []),
        ],
    };
}
function isStale({ decision }) {
    return decision?.states.includes('stale') ?? false;
}
function fillsOf(copies, states) {
    return copies.flatMap(({ destination }, index) => {
        const state = states[index] ?? 'current';
        return state === 'current' ? [] : [{ kind: 'fill', destination, state }];
    });
}
function takenAway(changes, name) {
    return changes
        .filter(({ field, removed }) => field !== 'comments' && removed.length > 0)
        .map(({ field, removed }) => `The key ${(0,services_problem/* quote */.hD)(name)} loses ${field} at once (${removed.map(services_problem/* quote */.hD).join(', ')}): jobs that are running and need them fail.`);
}
function misspelt(changes, known) {
    return changes
        .filter(({ field }) => field === 'roles' || field === 'team roles')
        .flatMap(({ added }) => added.filter((role) => !known.includes(role)))
        .flatMap((role) => {
        const near = (0,nearest/* nearest */.p)(role, known);
        return near === undefined ? [] : [`The role ${(0,services_problem/* quote */.hD)(role)} may be misspelt; did you mean ${(0,services_problem/* quote */.hD)(near)}?`];
    });
}
function lackingFor({ seen: { caller } }, fields, changes) {
    if (!changes.some(({ field, added }) => field !== 'comments' && added.length > 0))
        return [];
    return (0,lacking_roles/* warningsOfLackingRoles */.F)({ key: fields, caller });
}
function planCreation(plan) {
    const { entry, copies, caller, inputs } = plan.seen;
    const fields = fieldsOfNew(entry, entry.key.by === 'name' ? entry.key.name : entry.key.id);
    const refusal = whyNotSettable(fields, undefined);
    if (refusal !== undefined)
        return { ...plan, errors: [refusal] };
    if (plan.seen.similar.length > 0 && !inputs.force)
        return { ...plan, errors: [similarKey(fields.name, plan.seen.similar)] };
    if (copies.copies.length === 0)
        return { ...plan, warnings: [...plan.warnings, (0,archived/* archivedInWords */.n)(copies.archived)] };
    const decision = (0,decide/* decideOnNew */.cY)(copies, inputs.minGraceMinutes);
    const key = { ...fields, id: '', issuedAt: '', lastUsedAt: undefined, unread: [] };
    const isEmpty = fields.roles.length + fields.teamRoles.length === 0;
    const existing = copies.copies
        .filter(({ writtenAt }) => writtenAt !== undefined)
        .map(({ destination }) => (0,src_destination/* nameOf */.Vb)(destination));
    return {
        ...plan,
        decision,
        facts: {
            ...copies,
            key,
            caller,
            issuedAt: Number.NaN,
            writesAhead: 0,
            runs: look/* NO_RUNS */.R8,
            issuer: undefined,
            failedRepair: undefined,
        },
        steps: [{ kind: 'create', fields }, ...fillsOf(copies.copies, decision.states)],
        warnings: [
            ...plan.warnings,
            ...nearlyNamed(fields.name, plan.seen.near),
            ...(isEmpty
                ? [`The key ${(0,services_problem/* quote */.hD)(fields.name)} is made without any role, so it may do nothing; give it "roles".`]
                : []),
            ...(existing.length > 0
                ? [
                    `The first token of the key ${(0,services_problem/* quote */.hD)(fields.name)} is written over what these secrets hold now: ${(0,services_problem/* someOf */.yU)(existing)}.`,
                ]
                : []),
        ],
    };
}
function similarKey(name, similar) {
    return new services_problem/* Problem */.AF({
        goal: 'make',
        subject: `the API key ${(0,services_problem/* quote */.hD)(name)}`,
        cause: 'there is a key with a similar name, which no entry of the manifest names',
        remedy: `Did you mean ${similar.map(services_problem/* quote */.hD).join(' or ')}? Nothing was changed for it. Correct the name. If you mean a new key, run once with "force: true".`,
    });
}
function nearlyNamed(name, near) {
    return near
        .filter((other) => other.trim().toLowerCase() === name.trim().toLowerCase())
        .map((other) => `There is no key ${(0,services_problem/* quote */.hD)(name)}, and so one is made; but there is ${(0,services_problem/* quote */.hD)(other)}.`);
}
function planDeletion(plan, now) {
    const { entry, key, caller, copies } = plan.seen;
    const secrets = copies.copies
        .filter(({ writtenAt }) => writtenAt !== undefined)
        .map(({ destination }) => ({ kind: 'delete secret', destination }));
    const name = entry.key.by === 'name' ? entry.key.name : entry.key.id;
    const seesAll = caller.roles.includes(incident_io/* MANAGING */.TX);
    const mayBeAlive = key === undefined && (!seesAll || plan.seen.near.length > 0);
    if (mayBeAlive && secrets.length > 0 && !entry.evenIfUsed)
        return { ...plan, errors: [unseenKey(name, plan.seen.near)] };
    if (key !== undefined && key.name === caller.name)
        return { ...plan, errors: [ownKey(key)] };
    if (key !== undefined && !entry.evenIfUsed && isInUse(key, now))
        return { ...plan, errors: [inUse(key)] };
    const last = key === undefined || copies.passedOver.length > 0 ? [] : [{ kind: 'delete key' }];
    const warnings = copies.archived.length > 0 ? [...plan.warnings, (0,archived/* archivedInWords */.n)(copies.archived)] : plan.warnings;
    return { ...plan, errors: copies.passedOver, steps: [...secrets, ...last], warnings };
}
function isInUse({ lastUsedAt, unread }, now) {
    return unread.includes('last_used_at') || now - Date.parse(lastUsedAt ?? '') < USED;
}
function ownKey({ id, name }) {
    return new services_problem/* Problem */.AF({
        goal: 'delete',
        subject: `the API key ${(0,services_problem/* quote */.hD)(name)} (${id})`,
        cause: 'it is the managing key itself, with which everything is done',
        remedy: 'Nothing was changed for it. Take its entry out of the manifest, and delete it in the dashboard.',
    });
}
function inUse({ id, name, lastUsedAt }) {
    return new services_problem/* Problem */.AF({
        goal: 'delete',
        subject: `the API key ${(0,services_problem/* quote */.hD)(name)} (${id})`,
        cause: lastUsedAt === undefined
            ? 'it was used at a time that cannot be read, so it counts as in use now'
            : `it was used at ${lastUsedAt}, less than 7 days ago`,
        remedy: 'Nothing was changed for it. Find out what still uses it, and run again when it has been idle for 7 days; or give ' +
            'its entry "even-if-used: true", and whatever uses it fails at once.',
    });
}
function unseenKey(name, near) {
    return new services_problem/* Problem */.AF({
        goal: 'delete the secrets of',
        subject: `the API key ${(0,services_problem/* quote */.hD)(name)}`,
        cause: 'the managing key sees no such key, so nobody can tell whether it is still in use',
        remedy: `Nothing was changed for it. ${near.length > 0 ? `Did you mean ${near.map(services_problem/* quote */.hD).join(', ')}? Correct the name` : 'Use a managing key of the whole account'}. ` +
            'If the key is deleted already, give its entry "even-if-used: true" for one run, which deletes the secrets.',
    });
}

;// CONCATENATED MODULE: ./lib/src/3-decide/plan.js





function planFor(keys, now) {
    const plans = new Map(keys.map((seen) => [seen, planKey(seen, writesAheadOf(seen, keys), now)]));
    const left = new Map();
    for (const plan of [...plans.values()].sort(byUrgency))
        plans.set(plan.seen, withinLimits(plan, left));
    return [...plans.values()];
}
function planAgain(before, seen, now) {
    const plan = planKey(seen, before.facts?.writesAhead ?? 0, now);
    return before.isPutOff ? withoutRotation({ ...plan, warnings: before.warnings }) : plan;
}
function withoutRotation(plan) {
    return {
        ...plan,
        isPutOff: true,
        steps: plan.steps.filter(({ kind }) => kind === 'update'),
        decision: plan.decision && { ...plan.decision, action: 'skip' },
    };
}
function writesAheadOf(seen, keys) {
    const own = new Set(seen.copies.credentials.map(({ access }) => access));
    const shared = ({ copies }) => copies.credentials.filter(({ access }) => own.has(access));
    return keys
        .filter((other) => other !== seen && mayWrite(other))
        .map((other) => Math.max(0, ...shared(other).map(({ writes }) => writes)))
        .reduce((sum, writes) => Math.min(destinations/* MOST_WRITES */.d9, sum + writes), 0);
}
function mayWrite({ entry, facts, errors }) {
    if (entry.state === 'absent' || errors.length > 0)
        return false;
    return facts === undefined || facts.runs !== look/* NO_RUNS */.R8;
}
function isDue({ steps, decision, isPutOff }) {
    return steps.length > 0 || isPutOff || decision?.action === 'defer' || isHeldUp(decision);
}
const isHeldUp = (decision) => decision?.action === 'refuse' && decision.yields;
function byUrgency(one, other) {
    return Number(isStale(other)) - Number(isStale(one)) || issuedAt(one) - issuedAt(other) || 0;
}
function issuedAt({ seen: { key } }) {
    return Date.parse(key?.issuedAt ?? '') || Number.MAX_SAFE_INTEGER;
}
function withinLimits(plan, left) {
    if (!plan.steps.some(({ kind }) => kind === 'rotate' || kind === 'create'))
        return plan;
    const { copies, inputs } = plan.seen;
    const requests = inputs.force ? 1 : github_client/* REQUESTS_PER_WRITE */.X4;
    const leftOf = (access) => left.get(access) ??
        Math.min(destinations/* MOST_WRITES */.d9, Math.floor((access.budget?.remaining ?? Number.POSITIVE_INFINITY) / requests));
    const lacking = copies.credentials.find(({ access, writes }) => writes > leftOf(access));
    if (lacking !== undefined)
        return putOff(plan, lacking.access);
    for (const { access, writes } of copies.credentials)
        left.set(access, leftOf(access) - writes);
    return plan;
}
function putOff(plan, { budget }) {
    const { entry, key } = plan.seen;
    const name = key?.name ?? (entry.key.by === 'name' ? entry.key.name : entry.key.id);
    const isBudget = budget !== undefined && budget.remaining < destinations/* MOST_WRITES */.d9 * github_client/* REQUESTS_PER_WRITE */.X4;
    const why = isBudget
        ? `too few requests of GitHub's rate limit are left (${budget.remaining}) beside those that other keys need`
        : `GitHub takes about ${destinations/* MOST_WRITES */.d9} writes an hour of one credential, and other keys use them up`;
    return withoutRotation({
        ...plan,
        warnings: [
            ...plan.warnings,
            `The key ${(0,services_problem/* quote */.hD)(name)} is put off to another run: ${why}. Run once more after an hour, or use a GitHub App that is ` +
                "installed in several accounts: GitHub's limits hold for each of them.",
        ],
    });
}

// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/creation.js
var creation = __webpack_require__(8296);
;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/room.js
class Room {
    #size;
    #occupied = 0;
    #inside = 0;
    #left = Promise.withResolvers();
    constructor(size) {
        this.#size = size;
    }
    async enter(size) {
        while (this.#occupied + size > this.#size) {
            if (this.#inside === 0)
                return false;
            await this.#left.promise;
        }
        this.#occupied += size;
        this.#inside += 1;
        return true;
    }
    leave(size) {
        this.#occupied -= size;
        this.#inside -= 1;
        this.#left.resolve();
        this.#left = Promise.withResolvers();
    }
}

// EXTERNAL MODULE: ./lib/src/5-tell/report.js + 3 modules
var _5_tell_report = __webpack_require__(4816);
// EXTERNAL MODULE: ./lib/src/5-tell/words.js
var words = __webpack_require__(8311);
;// CONCATENATED MODULE: ./lib/src/5-tell/key-outcome.js





function titleOf({ seen: { key, entry } }) {
    return (0,services_problem/* quote */.hD)(key_outcome_nameIn({ key, entry }));
}
function outcomeOf(one, dryRun) {
    const { plan, telling, done, errors } = one;
    const { key, entry } = plan.seen;
    const report = entry.state === 'absent' ? reportOfAbsent(one) : (0,_5_tell_report/* reportOf */.EI)(telling, errors);
    const taken = dryRun ? plan.steps : done;
    const id = report.key?.id ?? key?.id;
    return {
        name: key_outcome_nameIn(plan.seen),
        id: id === '' ? undefined : id,
        status: statusOf(one, report, dryRun),
        isDue: isDue(plan),
        isChanged: done.length > 0,
        steps: taken.flatMap((step) => stepInWords(step)),
        because: report.because && (0,words/* reasonInWords */.jA)(report.because),
        report: {
            ...report,
            warnings: [...plan.warnings, ...report.warnings.map((warning) => `${titleOf(plan)}: ${warning}`)],
        },
    };
}
function key_outcome_nameIn({ key, entry }) {
    return key?.name ?? (entry.key.by === 'name' ? entry.key.name : entry.key.id);
}
function statusOf({ plan, telling, done }, report, dryRun) {
    if (report.errors.length > 0)
        return 'failed';
    if (plan.seen.ignored !== undefined)
        return 'skipped';
    if (dryRun && plan.steps.length > 0)
        return 'planned';
    const did = new Set(done.map(({ kind }) => kind));
    if (did.has('create'))
        return 'created';
    if (telling.rotated !== undefined)
        return 'rotated';
    if (did.has('delete key') || did.has('delete secret'))
        return 'deleted';
    if (plan.isPutOff || telling.decision?.action === 'defer')
        return 'deferred';
    return did.has('update') ? 'updated' : 'unchanged';
}
function stepInWords(step) {
    switch (step.kind) {
        case 'create':
            return [`make the key with ${rolesInWords(step.fields)}`];
        case 'update':
            return step.changes.map((change) => `change its ${change.field}: ${changeInWords(change)}`);
        case 'rotate':
            return ['rotate'];
        case 'fill':
            return [`fill ${(0,src_destination/* nameOf */.Vb)(step.destination)} (${step.state})`];
        case 'delete secret':
            return [`delete ${(0,src_destination/* nameOf */.Vb)(step.destination)}`];
        case 'delete key':
            return ['delete the key'];
    }
}
function rolesInWords({ roles, teamRoles }) {
    return [...roles, ...teamRoles.map((role) => `${role} (for teams)`)].join(', ') || 'no role';
}
function changeInWords({ field, added, removed }) {
    if (field === 'comments')
        return added.length > 0 ? (0,services_problem/* quote */.hD)(added.join()) : 'none';
    const lost = removed.map((one) => `- ${one} (at once, for running jobs too)`);
    return [...added.map((one) => `+ ${one}`), ...lost].join(', ');
}
function reportOfAbsent({ plan, deleted, telling, errors }) {
    const { key, copies } = plan.seen;
    const report = (0,_5_tell_report/* reportOf */.EI)(telling, errors);
    const destinations = copies.copies.map(({ destination, writtenAt }) => ({
        destination,
        result: writtenAt === undefined || deleted.includes(destination) ? 'missing' : 'current',
    }));
    const archived = copies.archived.map((destination) => ({ destination, result: 'archived' }));
    const failed = [...report.destinations.filter(({ result }) => result === 'failed'), ...archived];
    const others = destinations.filter(({ destination }) => !failed.some((one) => one.destination === destination));
    return { ...report, ...(key && { key: { id: key.id, name: key.name } }), destinations: [...others, ...failed] };
}

// EXTERNAL MODULE: ./lib/src/5-tell/messages.js
var messages = __webpack_require__(1036);
;// CONCATENATED MODULE: ./lib/src/5-tell/manifest-report.js





const MOST_JOBS = 256;
function manifestReportOf({ inputs, keys, unlisted }, thrown, now) {
    const outcomes = keys.map((one) => outcomeOf(one, inputs.dryRun));
    const due = keys
        .map(({ plan }, index) => ({ plan, outcome: outcomes[index] }))
        .filter(({ outcome }) => outcome.isDue)
        .sort((a, b) => issuedAt(a.plan) - issuedAt(b.plan));
    const cut = due.length > MOST_JOBS
        ? [
            `${due.length} keys are due, and GitHub runs ${MOST_JOBS} jobs of a matrix: "matrix" holds the oldest of them.`,
        ]
        : [];
    return {
        status: manifest_report_statusOf(outcomes, thrown),
        manifest: inputs.manifest,
        rotated: outcomes.some(({ report }) => report.rotated),
        keys: outcomes,
        due: due.map(({ outcome: { name, id = name } }) => (isTwin(name, outcomes) ? id : name)),
        unlisted: unlisted.map((key) => ({ id: key.id, name: key.name, age: (0,words/* span */.Ln)(now - Date.parse(key.issuedAt)) })),
        notes: [...new Set(outcomes.flatMap(({ report }) => report.notes))],
        warnings: [...new Set([...outcomes.flatMap(({ report }) => report.warnings), ...cut])],
        errors: (0,messages/* messagesOf */.c)([...thrown, ...keys.flatMap(({ telling, errors }) => (0,_5_tell_report/* errorsOf */.Bp)(telling, errors))]),
    };
}
function isTwin(name, keys) {
    return keys.filter((key) => key.name === name).length > 1;
}
function manifest_report_statusOf(keys, thrown) {
    const are = new Set(keys.map(({ status }) => status));
    if (thrown.length > 0 || are.has('failed'))
        return 'failed';
    if (keys.some(({ isChanged }) => isChanged))
        return 'rotated';
    for (const one of ['planned', 'deferred'])
        if (are.has(one))
            return one;
    return keys.length > 0 && keys.every(({ status }) => status === 'skipped') ? 'skipped' : 'unchanged';
}

// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __webpack_require__(2735);
// EXTERNAL MODULE: ./lib/src/5-tell/log.js
var _5_tell_log = __webpack_require__(7700);
// EXTERNAL MODULE: ./lib/src/5-tell/outputs.js
var outputs = __webpack_require__(7952);
;// CONCATENATED MODULE: ./lib/src/5-tell/manifest-outputs.js


function renderManifestOutputs(report) {
    const { keys } = report;
    const [only, ...others] = keys;
    return {
        status: report.status,
        rotated: String(report.rotated),
        ...(only !== undefined && others.length === 0 && ofOne(only)),
        keys: JSON.stringify(keys.map(keyOutput)),
        due: String(report.due.length),
        matrix: JSON.stringify({ include: report.due.slice(0, MOST_JOBS).map((name) => ({ 'key-name': name })) }),
        destinations: JSON.stringify(keys.flatMap((key) => key.report.destinations.map(outputs/* destinationOutput */.yf))),
        'runs-at-risk': JSON.stringify(keys.flatMap((key) => key.report.runsAtRisk.map(outputs/* atRisk */.n_))),
    };
}
function ofOne({ id, name, report }) {
    return {
        ...(id !== undefined && { 'key-id': id }),
        'key-name': name,
        ...(report.tokenIssuedAt !== undefined && { 'token-issued-at': report.tokenIssuedAt }),
        ...(report.oldTokenExpiresAt !== undefined && { 'old-token-expires-at': report.oldTokenExpiresAt }),
        ...(report.graceMinutes !== undefined && { 'grace-period-minutes': String(report.graceMinutes) }),
    };
}
function keyOutput({ id, name, status, steps, report }) {
    return {
        name,
        ...(id !== undefined && { id }),
        status,
        rotated: report.rotated,
        steps,
        ...(report.tokenIssuedAt !== undefined && { token_issued_at: report.tokenIssuedAt }),
        ...(report.oldTokenExpiresAt !== undefined && { old_token_expires_at: report.oldTokenExpiresAt }),
        ...(report.graceMinutes !== undefined && { grace_period_minutes: report.graceMinutes }),
        destinations: report.destinations.map(outputs/* destinationOutput */.yf),
        runs_at_risk: report.runsAtRisk.map(outputs/* atRisk */.n_),
        ...(report.errors.length > 0 && { error: report.errors.join(' ') }),
    };
}

// EXTERNAL MODULE: ./lib/src/5-tell/markdown.js
var markdown = __webpack_require__(8805);
// EXTERNAL MODULE: ./lib/src/5-tell/summary.js + 1 modules
var summary = __webpack_require__(8823);
;// CONCATENATED MODULE: ./lib/src/5-tell/manifest-summary.js



const HEADLINES = {
    rotated: '\u2705 Carried out',
    planned: '\ud83d\udcdd Would be carried out (dry run)',
    deferred: '\u23f3 Put off',
    skipped: '\u23ed\ufe0f Nothing to do',
    unchanged: '\u2705 Nothing to do',
    failed: '\u274c Failed',
};
const STATUSES = {
    rotated: '\u2705 rotated',
    created: '\u2705 created',
    updated: '\u2705 updated',
    deleted: '\ud83d\uddd1\ufe0f deleted',
    unchanged: '\u2705 unchanged',
    deferred: '\u23f3 put off',
    planned: '\ud83d\udcdd planned',
    skipped: '\u23ed\ufe0f skipped',
    failed: '\u274c failed',
};
const MOST_KEYS = 20;
const MOST_DETAILS = 50;
function renderManifestSummary(report, server = summary/* GITHUB */.U0) {
    const { unlisted } = report;
    const keys = [...report.keys].sort((a, b) => ATTENTION.indexOf(a.status) - ATTENTION.indexOf(b.status));
    const told = keys.filter(({ status }) => !QUIET.includes(status));
    const quiet = keys.filter(({ status }) => QUIET.includes(status));
    return `${[
        `### ${HEADLINES[report.status]}: ${(0,markdown/* escapeMarkdown */.FV)(report.manifest)}`,
        countsOf(keys),
        ...(0,summary/* remarksOf */.ro)(report),
        ...(told.length > 0 ? [tableOf(told)] : []),
        ...told
            .filter(({ because, report: one }) => because !== undefined && one.destinations.length > 0)
            .slice(0, MOST_DETAILS)
            .map((key) => details(key, server)),
        ...quietKeys(quiet, told.length > 0),
        ...(unlisted.length > 0
            ? [(0,summary/* folded */.TM)(`${(0,words/* plural */.LS)(unlisted.length, 'key')} in no entry of the manifest`, unlistedTable(unlisted))]
            : []),
    ].join('\n\n')}\n`;
}
const ATTENTION = [
    'failed',
    'deferred',
    'created',
    'deleted',
    'rotated',
    'updated',
    'planned',
    'skipped',
    'unchanged',
];
const QUIET = ['unchanged', 'skipped'];
function countsOf(keys) {
    const counts = [...Map.groupBy(keys, ({ status }) => status)];
    return counts.length === 0 ? 'No key.' : `${counts.map(([status, all]) => `${all.length} ${status}`).join(', ')}.`;
}
function tableOf(keys) {
    const rows = keys.map(({ name, status, because, steps }) => [
        (0,summary/* unbroken */.D_)(STATUSES[status]),
        (0,markdown/* escapeMarkdown */.FV)(name),
        (0,markdown/* escapeMarkdown */.FV)(because ?? ''),
        steps.map(markdown/* escapeMarkdown */.FV).join('<br>'),
    ]);
    return (0,markdown/* table */.tp)(['Status', 'Key', 'Why', 'What'], rows);
}
function details({ name, status, report }, server) {
    return (0,summary/* folded */.TM)(`${STATUSES[status]}: ${(0,markdown/* escapeHtml */.ZD)(name)}`, (0,summary/* detailsOf */.cz)(report, server).join('\n\n'));
}
function quietKeys(keys, isBelow) {
    if (keys.length === 0)
        return [];
    const isOpen = !isBelow && keys.length <= MOST_KEYS;
    return [isOpen ? tableOf(keys) : (0,summary/* folded */.TM)(`\u2705 ${(0,words/* plural */.LS)(keys.length, 'key')} with nothing to do`, tableOf(keys))];
}
function unlistedTable(unlisted) {
    const rows = unlisted.map(({ id, name, age }) => [(0,markdown/* escapeMarkdown */.FV)(name), (0,markdown/* escapeMarkdown */.FV)(id), age]);
    return (0,markdown/* table */.tp)(['Key', 'Id', 'Age of its token'], rows);
}

// EXTERNAL MODULE: ./lib/src/5-tell/tell.js
var tell = __webpack_require__(8883);
;// CONCATENATED MODULE: ./lib/src/5-tell/tell-manifest.js








async function tellManifest(given) {
    const report = (0,mask/* scrubAll */.Tk)(given);
    for (const key of report.keys)
        await sayOf(key);
    if (report.unlisted.length > 0) {
        (0,log/* say */.cv)(`${(0,words/* plural */.LS)(report.unlisted.length, 'key')} in no entry of the manifest:`);
        for (const { id, name, age } of report.unlisted)
            (0,log/* say */.cv)(`  ${(0,services_problem/* quote */.hD)(name)} (${id}): the token is ${age} old`);
    }
    if (report.keys.length > 0)
        (0,log/* say */.cv)(`${report.manifest}: ${countsOf(report.keys)}`);
    for (const note of report.notes)
        (0,log/* say */.cv)(note);
    for (const warning of report.warnings)
        (0,log/* warn */.R8)(warning);
    (0,log/* complainOf */.xx)(report.errors);
    await (0,tell/* writeSummary */.Sy)(renderManifestSummary(report, process.env.GITHUB_SERVER_URL));
    (0,tell/* setOutputs */.n0)(renderManifestOutputs(report));
}
async function sayOf({ name, id, status, because, steps, report }) {
    const why = because === undefined ? '' : `: ${because}`;
    const title = `${(0,services_problem/* quote */.hD)(name)}${id === undefined ? '' : ` (${id})`} ${status}${why}`;
    if (steps.length === 0)
        return (0,log/* say */.cv)(title);
    const [, ...details] = (0,_5_tell_log/* renderLog */.N)(report);
    await (0,log/* inGroup */.HB)(title, async () => [...steps, ...details].forEach(log/* say */.cv));
}

// EXTERNAL MODULE: ./lib/src/services/look-repeatedly.js
var look_repeatedly = __webpack_require__(3192);
;// CONCATENATED MODULE: ./lib/src/services/remember.js
const FRESH = 60_000;
function rememberRuns(runs, clock) {
    const lasting = new Map();
    const failed = new Set();
    const passing = new Map();
    const once = (what, ask) => {
        const name = JSON.stringify(what).toLowerCase();
        const known = lasting.get(name);
        const answer = known ?? ask();
        lasting.set(name, answer);
        answer.catch(() => failed.add(name));
        return answer;
    };
    const forAMinute = (what, ask) => {
        const name = JSON.stringify(what).toLowerCase();
        const known = passing.get(name);
        if (known !== undefined && clock.now() - known.askedAt < FRESH)
            return known.answer;
        const answer = ask();
        passing.set(name, { askedAt: clock.now(), answer });
        return answer;
    };
    return {
        inFlight: (repository, now, isBusy) => forAMinute(['runs', repository], () => runs.inFlight(repository, now, isBusy)),
        jobs: (repository, runId) => forAMinute(['jobs', repository, runId], () => runs.jobs(repository, runId)),
        groupPlaces: (repository, runId) => forAMinute(['places', repository, runId], () => runs.groupPlaces(repository, runId)),
        groupMembers: (repository, group) => forAMinute(['members', repository, group], () => runs.groupMembers(repository, group)),
        history: (repository, id) => once(['history', repository, id], () => runs.history(repository, id)),
        workflowOf: (repository, runId) => once(['workflow', repository, runId], () => runs.workflowOf(repository, runId)),
        pastRuns: (repository, workflow, until) => once(['past', repository, workflow, until], () => runs.pastRuns(repository, workflow, until)),
        mayPause: (repository, environment) => once(['environment', repository, environment], () => runs.mayPause(repository, environment)),
        newestRuns: (repository, workflow) => runs.newestRuns(repository, workflow),
        isInProgress: (repository, runId) => runs.isInProgress(repository, runId),
        file: (repository, path, ref) => once(['file', repository, hex(path), ref && hex(ref)], () => runs.file(repository, path, ref)),
        forget() {
            passing.clear();
            for (const name of failed)
                lasting.delete(name);
        },
    };
}
const hex = (text) => Buffer.from(text).toString('hex');

// EXTERNAL MODULE: ./lib/src/services/decode.js + 2 modules
var decode = __webpack_require__(1949);
// EXTERNAL MODULE: ./lib/src/services/retry.js
var retry = __webpack_require__(9021);
;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/change-key.js







const subjectOf = ({ id, name }) => `the API key ${(0,services_problem/* quote */.hD)(name)} (${id})`;
async function updateKey(key, fields, consequence, { incident, context }) {
    const refused = {
        consequence,
        forbidden: 'The managing key can give only what it may do itself: give it these roles in the dashboard, or change this key there. Run again.',
        otherwise: 'Check its roles, teams and comments in the manifest. Run again.',
    };
    await incident.update(key.id, fields).catch((error) => {
        throw refusedChange(error, 'update', key, refused, `It may have been updated all the same. ${consequence}`, context);
    });
}
async function deleteSecret(destination, key, effects) {
    const { github, context } = effects;
    await github.secrets.remove(destination).catch((error) => {
        if (!(0,explain_github/* isOfGitHub */.ND)(error))
            throw error;
        const { cause, remedy } = (0,explain_github/* causeAtGitHub */.C$)(error, destination, context);
        throw new services_problem/* Problem */.AF({
            goal: 'delete the secret',
            subject: (0,src_destination/* nameOf */.Vb)(destination),
            cause,
            remedy: `The API key ${key} is kept until its secrets are gone: run again when the cause is mended. ${remedy}`,
            destination,
        }, { cause: error });
    });
}
async function deleteKey(key, { incident, context }) {
    const refused = {
        consequence: 'Its secrets are deleted, and it is not.',
        forbidden: `The managing key needs the role ${incident_io/* MANAGING */.TX}, for the account or for the teams of this key: give it in the dashboard. Run again.`,
        otherwise: 'Run again; when it persists, delete the key in the dashboard.',
    };
    await incident.remove(key.id).catch((error) => {
        throw refusedChange(error, 'delete', key, refused, 'Its secrets are deleted, and it may be too.', context);
    });
}
function refusedChange(error, goal, key, { consequence, forbidden, otherwise }, unknown, context) {
    const problem = (cause, remedy, requestId) => new services_problem/* Problem */.AF({ goal, subject: subjectOf(key), cause, remedy, requestId }, { cause: error });
    if (error instanceof decode/* NoAnswer */.W_)
        return problem(`incident.io gave ${error.message}`, `${unknown} Run again.`);
    if (!(error instanceof incident_io/* IncidentIoError */.z_))
        return error;
    const { message, requestId, status, failure } = error;
    if ((0,retry/* isPassing */.WG)(failure))
        return problem(message, `${unknown} Run again.`, requestId);
    const advice = status === 401 ? (0,explain_incident_io/* giveValidKey */.HL)(context) : status === 403 ? forbidden : otherwise;
    return problem(message, `${consequence} ${advice}`, requestId);
}

// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotate-and-write.js + 1 modules
var rotate_and_write = __webpack_require__(5633);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotation.js
var rotation = __webpack_require__(1095);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/state.js + 1 modules
var _4_rotate_and_write_state = __webpack_require__(7909);
// EXTERNAL MODULE: ./lib/src/wait.js
var wait = __webpack_require__(8021);
;// CONCATENATED MODULE: ./lib/src/work-on-key.js

















function progressOf({ seen: { inputs, ignored, glimpse }, facts, decision }) {
    return { inputs, ignored, ...(glimpse && { glimpse }), ...(facts && { facts }), ...(decision && { decision }) };
}
const work_on_key_FRESH = 60_000;
const LONGEST_TURN = 60_000;
async function workOn(one, workshop) {
    try {
        const hasWaited = await waitIfAsked(one, workshop);
        let work;
        await workshop.limit(() => {
            work = (0,log/* inGroup */.HB)(titleOf(one.plan), () => takeSteps(one, hasWaited, workshop));
            return Promise.race([work.catch(() => { }), pause(LONGEST_TURN)]);
        });
        await work;
    }
    catch (thrown) {
        one.errors.push(...(0,services_problem/* errorsIn */.R4)(thrown));
    }
}
function pause(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
async function waitIfAsked(one, workshop) {
    const { services, runs, world } = workshop;
    const until = (0,wait/* endOfWaiting */.e)(one.plan.seen.inputs, world.clock.now());
    for (let hasWaited = false;; hasWaited = true) {
        const { decision } = one.plan;
        const isOver = world.clock.now() >= until || world.deadline() !== Number.POSITIVE_INFINITY;
        if (decision === undefined || decision.worthWaiting.length === 0 || isOver)
            return hasWaited;
        await (0,wait/* waitForRuns */.p)(decision.worthWaiting, until, services.github, world);
        if (world.stopping.isAsked)
            return true;
        services.github.signInAnew();
        runs.forget();
        if (world.clock.now() < until)
            await planAnew(one, workshop);
    }
}
async function takeSteps(one, hasWaited, workshop) {
    const { world, seenAt } = workshop;
    checkNotCancelled(one, workshop);
    if (hasWaited || world.clock.now() - seenAt > work_on_key_FRESH)
        await planAnew(one, workshop);
    if (one.plan.steps.some(({ kind }) => kind === 'rotate'))
        await decideAnew(one, workshop);
    for (const step of one.plan.steps) {
        if (await take(step, one, workshop))
            one.done.push(step);
    }
}
function begin(one, workshop) {
    checkNotCancelled(one, workshop);
    workshop.world.stopping.shield();
}
function checkNotCancelled({ plan, done }, { world }) {
    if (world.deadline() !== Number.POSITIVE_INFINITY)
        throw cancelled(key_outcome_nameIn(plan.seen), done.length > 0);
}
async function planAnew(one, { services, world, isRotated }) {
    const again = await lookAnew(one.plan.seen, services, world.context, isRotated);
    const plan = planAgain(one.plan, again, world.clock.now());
    Object.assign(one, { plan, telling: progressOf(plan), errors: [...plan.errors] });
}
async function take(step, one, workshop) {
    const { services, world } = workshop;
    const { seen, facts } = one.plan;
    const effects = { ...services, context: world.context };
    switch (step.kind) {
        case 'create':
            if (facts === undefined)
                return false;
            await issue(one, step.fields, facts, workshop);
            return true;
        case 'update':
            return seen.key !== undefined && update(one, seen.key, step.fields, workshop);
        case 'rotate':
            return rotate(one, workshop);
        case 'fill':
            return holds(one, step.destination);
        case 'delete secret':
            if (one.deleted.length === 0)
                await checkUnused(one, workshop);
            begin(one, workshop);
            await deleteSecret(step.destination, titleOf(one.plan), effects);
            one.deleted.push(step.destination);
            return true;
        case 'delete key':
            if (seen.key === undefined)
                return false;
            if (one.deleted.length === 0)
                await checkUnused(one, workshop);
            begin(one, workshop);
            await deleteKey(seen.key, effects);
            return true;
    }
}
function holds({ telling }, destination) {
    return telling.rotated?.written.some((one) => one.destination === destination && one.result !== 'failed') ?? false;
}
async function update(one, key, fields, workshop) {
    const { services, world } = workshop;
    begin(one, workshop);
    try {
        const consequence = isStale(one.plan) ? 'Its stale copies are mended all the same.' : 'It was not rotated.';
        await updateKey(key, fields, consequence, { ...services, context: world.context });
        return true;
    }
    catch (error) {
        if (!isStale(one.plan))
            throw error;
        one.errors.push(error);
        return false;
    }
}
async function decideAnew({ plan, telling }, { services, world }) {
    const { seen, facts: known } = plan;
    if (known === undefined)
        return;
    const runs = await (0,look/* runsOf */.ky)(seen.inputs.destinations, seen.shared, services.github, world.context);
    const facts = { ...known, runs };
    const decision = (0,decide/* decide */.LD)(seen.inputs, facts, world.clock.now());
    Object.assign(telling, { facts, decision });
    const refusal = (0,_3_decide_refusal/* refusalOf */.Of)(seen.inputs, facts, decision, world.clock.now());
    if (refusal !== undefined)
        throw refusal;
}
async function rotate(one, workshop) {
    const { facts, decision } = one.telling;
    if (facts === undefined || decision?.action !== 'rotate')
        return false;
    await issue(one, (0,rotation/* baselineOf */.Bv)(facts), facts, workshop);
    return true;
}
async function issue(one, start, facts, workshop) {
    const { services, world, room } = workshop;
    const { telling } = one;
    const size = (0,_3_decide_refusal/* sizeOfState */.Kz)(facts.copies);
    if (!(await room.enter(size)))
        throw (0,_3_decide_refusal/* tooMuchUnfinished */.zr)(start);
    const state = new _4_rotate_and_write_state/* RotationState */.S_(one.slot);
    const onWritten = () => {
        one.writtenAt = (0,look/* lookingAt */.vK)(services.github, world.context).now();
    };
    try {
        begin(one, workshop);
        telling.rotations = { ...(0,rotation/* noRotations */.HJ)(), isUpdated: one.done.some(({ kind }) => kind === 'update') };
        const minutes = telling.decision?.grace.minutes ?? 0;
        const effects = { ...services, ...world, state, onWritten };
        telling.rotated = await (0,rotate_and_write/* rotateAndWrite */.IC)(start, minutes, facts.copies, telling.rotations, effects);
    }
    finally {
        room.leave(state.isSettled ? size : 0);
    }
}
async function checkUnused({ plan }, { services, world }) {
    const { entry, key } = plan.seen;
    if (key === undefined || entry.evenIfUsed)
        return;
    const now = await services.incident.show(key.id).catch((error) => {
        if ((0,incident_io/* isGone */.ST)(error))
            return undefined;
        throw (0,explain_incident_io/* explainIncidentIo */.uF)(error, 'look up', `the API key ${(0,services_problem/* quote */.hD)(key.name)} (${key.id})`, world.context);
    });
    if (now !== undefined && isInUse(now, world.clock.now() + services.incident.time.offset))
        throw inUse(now);
}

// EXTERNAL MODULE: ./lib/src/world.js + 7 modules
var src_world = __webpack_require__(2410);
;// CONCATENATED MODULE: ./lib/src/many-keys.js




















const KEYS_AT_ONCE = 4;
async function reconcile(inputs, world) {
    const progress = { inputs, keys: [], unlisted: [] };
    const errors = await carryOut(inputs, world, progress).then(() => [], services_problem/* errorsIn */.R4);
    const report = manifestReportOf(progress, errors, world.clock.now());
    await tellManifest(report);
    return report.status !== 'failed';
}
async function carryOut(inputs, world, progress) {
    const { clock, context } = world;
    const writes = inputs.entries.reduce((sum, { destinations }) => sum + destinations.length, 0);
    const { incident, github } = (0,src_world/* connect */.Ng)(inputs, world, writes);
    const runs = rememberRuns(github.runs, clock);
    const services = { incident, github: { ...github, runs } };
    const isRotated = (one, facts) => (0,decide/* mayRotate */.v$)(one, facts, clock.now());
    const seen = await lookAtManifest(inputs, services, context, isRotated);
    const seenAt = clock.now();
    progress.unlisted = seen.unlisted;
    progress.keys = planFor(seen.keys, seenAt).map((plan, slot) => {
        return { plan, slot, telling: progressOf(plan), done: [], deleted: [], errors: [...plan.errors] };
    });
    const due = progress.keys.filter(({ plan }) => plan.steps.length > 0);
    (0,log/* say */.cv)(`Keys of ${inputs.manifest} with something to do: ${due.length} of ${progress.keys.length}.`);
    if (inputs.dryRun)
        return;
    const room = new Room(_3_decide_refusal/* LARGEST_STATE */.Ry);
    const workshop = { services, runs, world, isRotated, seenAt, limit: (0,p_limit/* default */.A)(KEYS_AT_ONCE), room };
    const inOrder = due.sort((a, b) => byUrgency(a.plan, b.plan));
    await Promise.all(inOrder.filter(({ plan }) => !plan.isSelf).map((one) => workOn(one, workshop)));
    for (const one of inOrder.filter(({ plan }) => plan.isSelf))
        await workOn(one, workshop);
    await Promise.all([lookAgainAtAll(progress.keys, workshop), lookForTwins(progress.keys, incident, clock)]);
}
async function lookForTwins(keys, incident, clock) {
    const made = keys.filter(({ done }) => done.some(({ kind }) => kind === 'create'));
    const twinsOf = async (some) => {
        const listed = await incident.list().catch(() => []);
        const found = some.map((one) => ({ one, twins: (0,find_key/* keysNamed */.Ye)(listed, key_outcome_nameIn(one.plan.seen)) }));
        return found.filter(({ twins }) => twins.length > 1);
    };
    const found = new Map((made.length === 0 ? [] : await twinsOf(made)).map(({ one, twins }) => [one, twins]));
    const unsettled = made.filter((one) => !found.has(one) && one.telling.rotations?.unsettledAt !== undefined);
    const lookForLate = async () => {
        for (const { one, twins } of await twinsOf(unsettled))
            found.set(one, twins);
        return unsettled.every((one) => found.has(one)) || undefined;
    };
    if (unsettled.length > 0)
        await (0,look_repeatedly/* lookRepeatedly */.l)(lookForLate, clock, creation/* LISTING_LOOKS */.E);
    for (const [one, twins] of found)
        one.errors.push(madeTwice(key_outcome_nameIn(one.plan.seen), twins));
}
async function lookAgainAtAll(keys, { services, runs, world }) {
    runs.forget();
    const looking = (0,look/* lookingAt */.vK)(services.github, world.context);
    await Promise.all(keys.map(async ({ telling, writtenAt }) => {
        if (writtenAt === undefined || telling.facts === undefined)
            return;
        telling.later = await (0,look_at_runs/* lookAgain */.I)(telling.facts.runs, looking, writtenAt);
    }));
}


/***/ })

};
