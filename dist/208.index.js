export const id = 208;
export const ids = [208];
export const modules = {

/***/ 6208:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readManifest: () => (/* binding */ readManifest)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __webpack_require__(9644);
// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __webpack_require__(7194);
// EXTERNAL MODULE: ./lib/src/1-read/destinations.js + 1 modules
var _1_read_destinations = __webpack_require__(1765);
;// CONCATENATED MODULE: ./lib/src/1-read/manifest-conflicts.js



function twiceNamed(entries, lineOf) {
    const findings = [];
    for (const property of ['name', 'id']) {
        const first = new Map();
        for (const [index, entry] of entries.entries()) {
            const value = entry?.[property];
            if (typeof value !== 'string' || value.trim() === '')
                continue;
            const path = ['keys', index, property];
            const before = first.get(value.trim());
            if (before === undefined)
                first.set(value.trim(), path);
            else {
                const sentence = `the entry on line ${lineOf(before)} is for the key with the ${property} ${(0,problem/* quote */.hD)(value)} too; make one entry of both.`;
                findings.push({ path, isOfUse: true, sentence });
            }
        }
    }
    return findings;
}
function twiceFed(entries, lineOf) {
    const findings = [];
    const first = new Map();
    for (const { entry, paths } of entries) {
        for (const [index, destination] of entry.destinations.entries()) {
            const at = paths[index] ?? [];
            const identity = (0,_1_read_destinations/* identityOf */.cu)(destination);
            const before = first.get(identity);
            if (before === undefined)
                first.set(identity, { entry, at });
            else if (!isSameKey(before.entry, entry)) {
                const name = calledIn(before.entry);
                const other = name === '' ? 'another key' : `the key ${(0,problem/* quote */.hD)(name)}`;
                const sentence = `${(0,src_destination/* nameOf */.Vb)(destination)} is fed by ${other} on line ${lineOf(before.at)} already, and here, on line ${lineOf(at)}, by another one; a secret holds one token. Give one of them another name ("as"), or take the place out of one entry.`;
                findings.push({ path: at, isOfUse: true, sentence });
            }
        }
    }
    return findings;
}
function isSameKey(one, other) {
    const name = calledIn(one);
    return name !== '' && one.key.by === other.key.by && name === calledIn(other);
}
function calledIn({ key }) {
    return (key.by === 'name' ? key.name : key.id).trim();
}

// EXTERNAL MODULE: ./lib/src/services/incident-io.js
var incident_io = __webpack_require__(3230);
// EXTERNAL MODULE: ./lib/src/1-read/age.js
var age = __webpack_require__(1745);
// EXTERNAL MODULE: ./lib/src/1-read/place.js
var _1_read_place = __webpack_require__(2798);
// EXTERNAL MODULE: ./lib/src/1-read/secret-name.js
var secret_name = __webpack_require__(3137);
;// CONCATENATED MODULE: ./lib/src/1-read/manifest-destinations.js



function readDestinations({ written, isLeftOut }, path, own) {
    const findings = [];
    const wrong = (at, sentence) => {
        findings.push({ path: at, sentence });
    };
    const nameMistake = written.secret === undefined ? undefined : (0,secret_name/* secretNameMistake */.q)(written.secret);
    if (nameMistake !== undefined)
        wrong([...path, 'secret'], `"secret"${nameMistake}.`);
    const { destinations = isLeftOut('destinations') ? undefined : [] } = written;
    const items = destinations?.flatMap((item, index) => item === undefined ? [] : [{ item, at: [...path, 'destinations', index] }]) ?? [{ item: { repository: null }, at: path }];
    const isWhole = destinations === undefined || (items.length > 0 && items.length === destinations.length);
    const isSecretMissing = isLeftOut('secret') && isWhole && items.every(({ item }) => item.as === undefined);
    if (isSecretMissing) {
        wrong(path, 'this entry names no secret; give "secret", the name of the GitHub secret that holds the token.');
    }
    const secretOf = ({ as }, at) => {
        if (as !== undefined) {
            const mistake = (0,secret_name/* secretNameMistake */.q)(as);
            return mistake === undefined ? as.toUpperCase() : wrong([...at, 'as'], `"as"${mistake}.`);
        }
        if (isLeftOut('secret') && !isSecretMissing) {
            wrong(at, 'this destination has no "as", and its entry no "secret"; give one of them, to name the GitHub secret.');
        }
        return nameMistake === undefined ? written.secret?.toUpperCase() : undefined;
    };
    const placeOf = (item, at) => {
        const kind = Object.keys(item).find(_1_read_place/* isKind */.VF) ?? '';
        const target = item[kind];
        const place = (0,_1_read_destinations/* readPlace */.yI)(target === null ? kind : `${kind}: ${target}`, undefined, own);
        if (!('wrong' in place))
            return place;
        const hint = /\sas\s+\w+$/.test(target ?? '') ? ' The secret\'s name is a property of its own here, "as".' : '';
        return wrong(target === null ? at : [...at, kind], `${place.wrong}.${hint}`);
    };
    const found = new Map();
    for (const { item, at } of items) {
        const [place, secret] = [placeOf(item, at), secretOf(item, at)];
        if (place === undefined || secret === undefined)
            continue;
        const destination = { ...place, secret };
        const identity = (0,_1_read_destinations/* identityOf */.cu)(destination);
        if (!found.has(identity))
            found.set(identity, { destination, at });
    }
    const kept = [...found.values()];
    return { destinations: kept.map(({ destination }) => destination), paths: kept.map(({ at }) => at), findings };
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-entry.js




function readEntry(sound, path, around) {
    const { written } = sound;
    const placed = readDestinations(sound, path, around.repository ?? '');
    const { state = 'present', create = false } = written;
    const policy = readPolicy(written, around.defaults);
    const entry = {
        key: readSelector(written),
        state,
        destinations: placed.destinations,
        policy,
        roles: written.roles,
        teamIds: written['team-ids'],
        teamRoles: written['team-roles'],
        comments: written.comments,
        create,
        evenIfUsed: written['even-if-used'] ?? false,
    };
    const isToStay = state === 'present' && isKnown('state', sound);
    const findings = [
        ...idFindings(written, path),
        ...placed.findings,
        ...(isToStay ? [...ageFindings(policy, sound, path), ...roleFindings(written, path)] : []),
    ];
    return { entry, paths: placed.paths, findings };
}
function isKnown(property, { written, isLeftOut }) {
    return written[property] !== undefined || isLeftOut(property);
}
function readSelector({ name, id = '' }) {
    return name === undefined ? { by: 'id', id: id.trim() } : { by: 'name', name };
}
function readPolicy(written, defaults) {
    return {
        grace: written['grace-period-minutes'] ?? defaults.grace,
        minGraceMinutes: written['min-grace-minutes'] ?? defaults.minGraceMinutes,
        longRuns: written['long-runs'] ?? defaults.longRuns,
        minTokenAge: ageOf(written['min-token-age']) ?? defaults.minTokenAge,
        maxTokenAge: milliseconds(written['max-token-age']) ?? defaults.maxTokenAge,
    };
}
function ageOf(written) {
    return written === 'never' ? written : milliseconds(written);
}
function milliseconds(written) {
    return written === undefined ? undefined : (0,age/* parseAge */.F1)(String(written));
}
function idFindings({ id }, path) {
    if (id === undefined || !/^\.{1,2}$/.test(id.trim()))
        return [];
    return [{ path: [...path, 'id'], sentence: `${(0,problem/* quote */.hD)(id)} is not an id; copy it from incident.io's dashboard.` }];
}
function ageFindings({ minTokenAge, maxTokenAge }, sound, path) {
    const { written } = sound;
    if (!isKnown('min-token-age', sound) || !isKnown('max-token-age', sound))
        return [];
    if (maxTokenAge === undefined || minTokenAge === 'never' || minTokenAge <= maxTokenAge)
        return [];
    const name = (property) => written[property] === undefined ? `the input "${property}"` : `"${property}" (${written[property]})`;
    const [given] = ['min-token-age', 'max-token-age'].filter((one) => written[one] !== undefined);
    if (given === undefined)
        return [];
    const sentence = `${name('min-token-age')} is above ${name('max-token-age')}; give a max-token-age that is not below it.`;
    return [{ path: [...path, given], sentence }];
}
function roleFindings(written, path) {
    const { 'team-ids': teamIds, 'team-roles': teamRoles, create = false } = written;
    const findings = [];
    if (teamIds !== undefined && teamRoles !== undefined && (teamIds.length === 0) !== (teamRoles.length === 0)) {
        const [empty, other] = teamIds.length === 0 ? ['team-ids', 'team-roles'] : ['team-roles', 'team-ids'];
        const sentence = `"${empty}" is empty, and "${other}" is not; incident.io wants both empty or both not.`;
        findings.push({ path: [...path, empty], sentence });
    }
    if (!create)
        return findings;
    if (written.id !== undefined) {
        const sentence = 'an id is given by incident.io when the key is made; to create one, give its "name".';
        findings.push({ path: [...path, 'create'], isOfKey: true, sentence });
    }
    for (const list of ['roles', 'team-roles']) {
        const index = written[list]?.indexOf(incident_io/* MANAGING */.TX) ?? -1;
        if (index < 0)
            continue;
        const sentence = `a key with ${incident_io/* MANAGING */.TX} cannot be created through the API; make it in incident.io's dashboard, and leave "create" out.`;
        findings.push({ path: [...path, list, index], sentence });
    }
    return findings;
}

;// CONCATENATED MODULE: ./lib/schema/manifest.schema.json
const manifest_schema_namespaceObject = /*#__PURE__*/JSON.parse('{"$schema":"http://json-schema.org/draft-07/schema#","title":"Manifest of rotate-incident-key","description":"a mapping with the property keys, which lists the API keys of incident.io to look after","type":"object","additionalProperties":false,"required":["keys"],"properties":{"keys":{"description":"the list of the API keys to look after, at least one","type":"array","minItems":1,"items":{"$ref":"#/definitions/entry"}}},"definitions":{"entry":{"title":"API key","description":"what one API key should be: its name or its id, and the secrets that hold its token","type":"object","additionalProperties":false,"oneOf":[{"required":["name"],"properties":{"name":{}}},{"required":["id"],"properties":{"id":{}}}],"properties":{"name":{"description":"the exact name of the API key, of 1 to 200 characters","type":"string","minLength":1,"maxLength":200,"pattern":"\\\\S"},"id":{"description":"the id of the API key, in the place of its name","type":"string","minLength":1,"pattern":"\\\\S"},"secret":{"description":"the name of the GitHub secret that holds the token, like INCIDENT_API_KEY; it may be left out where each destination has its own as","type":"string","minLength":1},"destinations":{"description":"the list of the places whose secrets hold the token, at least one; left out, it is the repository that the workflow runs in","type":"array","minItems":1,"items":{"$ref":"#/definitions/destination"}},"state":{"description":"present, or absent to delete the secrets and the key (left out: present)","enum":["present","absent"]},"min-token-age":{"description":"an age below which the token is not rotated, as 0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w; never to only mend (left out: the input of this name)","anyOf":[{"type":"string","pattern":"^(0|[0-9]{1,5}[mhdw]|never)$"},{"type":"integer","const":0}]},"max-token-age":{"description":"an age past which long-runs: defer becomes proceed, as 0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w (left out: the input of this name)","anyOf":[{"type":"string","pattern":"^(0|[0-9]{1,5}[mhdw])$"},{"type":"integer","const":0}]},"grace-period-minutes":{"description":"how long the old token lives on, as auto or a whole number of minutes from 0 to 60 without quotes (left out: the input of this name)","anyOf":[{"type":"string","const":"auto"},{"type":"integer","minimum":0,"maximum":60}]},"min-grace-minutes":{"description":"the least grace period that auto gives, as a whole number of minutes from 0 to 60 (left out: the input of this name)","type":"integer","minimum":0,"maximum":60},"long-runs":{"description":"defer, proceed or fail, for when a run surely needs the old token for longer than 60 minutes (left out: the input of this name)","enum":["defer","proceed","fail"]},"roles":{"description":"the list of the names of the key\'s account-level roles, each once (left out: left alone)","type":"array","uniqueItems":true,"items":{"description":"the name of a role, like viewer","type":"string","minLength":1,"pattern":"\\\\S"}},"team-ids":{"description":"the list of the ids of the teams that the key\'s team-level roles are for, each once (left out: left alone)","type":"array","uniqueItems":true,"items":{"description":"the id of a team","type":"string","minLength":1,"pattern":"\\\\S"}},"team-roles":{"description":"the list of the names of the key\'s team-level roles, each once (left out: left alone)","type":"array","uniqueItems":true,"items":{"description":"the name of a role, like schedules_reader","type":"string","minLength":1,"pattern":"\\\\S"}},"comments":{"description":"the key\'s comments, of at most 5000 characters (left out: left alone)","type":"string","maxLength":5000},"create":{"description":"true to make the key when it is missing, else false (left out: false)","type":"boolean"},"even-if-used":{"description":"true to delete an absent key although it was used within 7 days, else false (left out: false)","type":"boolean"}}},"destination":{"title":"Destination","description":"a place whose secret holds the token: one kind with its target, like repository: octo/app","type":"object","additionalProperties":false,"oneOf":[{"required":["repository"],"properties":{"repository":{}}},{"required":["environment"],"properties":{"environment":{}}},{"required":["organization"],"properties":{"organization":{}}},{"required":["dependabot"],"properties":{"dependabot":{}}},{"required":["codespaces"],"properties":{"codespaces":{}}},{"required":["agents"],"properties":{"agents":{}}}],"properties":{"repository":{"description":"OWNER/REPO, or nothing for the repository that the workflow runs in","anyOf":[{"type":"string","minLength":1},{"type":"null"}]},"environment":{"description":"OWNER/REPO/ENVIRONMENT; everything behind the second slash is the environment\'s name","type":"string","minLength":1},"organization":{"description":"ORG, the name of an organization","type":"string","minLength":1},"dependabot":{"description":"OWNER/REPO, or ORG for the organization\'s secrets of Dependabot","type":"string","minLength":1},"codespaces":{"description":"OWNER/REPO, or ORG for the organization\'s secrets of Codespaces","type":"string","minLength":1},"agents":{"description":"OWNER/REPO, or ORG for the organization\'s secrets of agents","type":"string","minLength":1},"as":{"description":"the name of the GitHub secret in this place, where it is not the entry\'s secret","type":"string","minLength":1}}}}}');
// EXTERNAL MODULE: ./lib/src/1-read/nearest.js
var nearest = __webpack_require__(4955);
;// CONCATENATED MODULE: ./lib/src/1-read/manifest-words.js



const WANTED = {
    string: 'text',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
};
function explainType(fault, wanted, spelling) {
    const { path, data, parentSchema } = fault;
    const start = `${subjectOf(path)} is ${shownValue(data, spelling)} where ${WANTED[wanted] ?? wanted} is wanted`;
    if (wanted === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
        return `${start}; put it in quotes: "${spelling ?? data}".`;
    }
    if (typeof data === 'string' && (wanted === 'integer' ? /^\d+$/ : /^(true|false)$/).test(data)) {
        return `${start}; write it without quotes: ${data}.`;
    }
    if (wanted === 'array' && shownValue(data, spelling) === 'a mapping')
        return `${start}; begin each item with "- ".`;
    if (wanted === 'array' && typeof data === 'string') {
        const example = itemLike(String(path.at(-1)), data);
        if (example !== undefined) {
            return `${start}: ${descriptionOf(fault)}. Write each item on a line of its own, like ${(0,problem/* quote */.hD)(example)}.`;
        }
    }
    const [, name = '', rest] = /^(\w+):?(.*)$/.exec(typeof data === 'string' ? data : '') ?? [];
    if (wanted === 'object' && Object.hasOwn(parentSchema?.properties ?? {}, name))
        return `${start}; write ${(0,problem/* quote */.hD)(`${name}: ${rest}`.trim())}.`;
    const isName = parentSchema?.items?.type === 'string' && typeof data === 'string' && /^[\w-]+$/.test(data);
    if (isName)
        return `${start}; write [${data}].`;
    const list = parentSchema?.items?.type === 'string' && typeof data === 'string' ? data.match(/[\w-]+/g) : null;
    return `${start}: ${descriptionOf(fault)}${list === null ? '' : `, like [${list.slice(0, 3).join(', ')}]`}.`;
}
function itemLike(list, text) {
    const [first = ''] = text.split('\n').map((line) => line.trim());
    if (list === 'keys')
        return `- name: ${first === '' ? 'CI deploy key' : first}`;
    if (list !== 'destinations')
        return undefined;
    const [kind, target] = first.split(/:\s*/);
    const written = [first, `repository: ${first}`, `environment: ${first}`].find((one) => (0,_1_read_place/* parsePlace */.De)(one, 'octo/app'));
    return written === kind && target === undefined ? `- ${kind}:` : `- ${written ?? 'repository: octo/app'}`;
}
function descriptionOf({ parentSchema }) {
    return String(parentSchema?.description).replace(/ \(left out: [^)]*\)$/, '');
}
function shownValue(data, spelling) {
    if (data === null)
        return 'empty';
    if (typeof data === 'string')
        return data === '' ? 'empty text' : `the text ${(0,problem/* quote */.hD)(data)}`;
    if (typeof data === 'number')
        return `the number ${spelling ?? data}`;
    if (typeof data === 'boolean')
        return String(data);
    return Array.isArray(data) ? 'a list' : 'a mapping';
}
function subjectOf(path) {
    const last = path.at(-1);
    if (typeof last === 'string')
        return (0,problem/* quote */.hD)(last);
    if (path.length === 0)
        return 'the file';
    const list = path.at(-2);
    if (list === 'keys')
        return 'this entry';
    return list === 'destinations' ? 'this destination' : `this item of ${(0,problem/* quote */.hD)(String(list))}`;
}
function suggestion(given, allowed) {
    const meant = typeof given === 'string' ? (0,nearest/* nearest */.p)(given, allowed) : undefined;
    return meant === undefined ? '' : `; did you mean ${(0,problem/* quote */.hD)(meant)}?`;
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-schema.js




async function schemaFindings(data, spellingOf) {
    compiled ??= compile();
    const validate = await compiled;
    validate(data);
    const faults = (validate.errors ?? [])
        .filter(({ schemaPath }) => !/\/(?:anyOf|oneOf)\//.test(schemaPath))
        .map((error) => ({ ...error, path: pathOf(error.instancePath, data) }));
    const unknown = Map.groupBy(faults.filter(({ keyword }) => keyword === 'additionalProperties'), ({ instancePath }) => instancePath);
    const findings = faults.flatMap((fault) => findingOf(fault, spellingOf, unknown.get(fault.instancePath) ?? []) ?? []);
    return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
let compiled;
async function compile() {
    const { default: ajv } = await __webpack_require__.e(/* import() */ 463).then(__webpack_require__.t.bind(__webpack_require__, 2463, 19));
    return new ajv.Ajv({ allErrors: true, verbose: true, strict: true }).compile(manifest_schema_namespaceObject);
}
function pathOf(pointer, data) {
    let value = data;
    return pointer
        .split('/')
        .slice(1)
        .map((part) => {
        const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
        const step = Array.isArray(value) ? Number(name) : name;
        value = value[step];
        return step;
    });
}
function findingOf(fault, spellingOf, beside) {
    const { keyword, path, params, parentSchema } = fault;
    const about = (sentence) => ({ path, sentence });
    switch (keyword) {
        case 'additionalProperties':
            return { path: [...path, params.additionalProperty], isOfKey: true, sentence: explainUnknown(fault) };
        case 'oneOf':
            return typeof fault.data === 'object' && fault.data !== null ? explainChoice(fault, beside) : undefined;
        case 'required': {
            const { description: missing } = parentSchema?.properties[params.missingProperty] ?? {};
            return beside.length > 0
                ? undefined
                : about(`${subjectOf(path)} has no ${(0,problem/* quote */.hD)(params.missingProperty)}; give ${missing}.`);
        }
        case 'uniqueItems':
            return {
                path: [...path, Math.max(params.i, params.j)],
                sentence: `${(0,problem/* quote */.hD)(String(spellingOf([...path, params.i])))} stands twice in ${subjectOf(path)}; leave one of them out.`,
            };
        case 'type':
            return about(explainType(fault, params.type, spellingOf(path)));
        case 'anyOf':
            if (path.at(-1) === 'repository' && typeof fault.data !== 'string')
                return about(explainType(fault, 'string', spellingOf(path)));
            break;
    }
    const given = keyword === 'minItems' ? 'an empty list' : shownValue(fault.data, spellingOf(path));
    const meant = keyword === 'enum' ? suggestion(fault.data, params.allowedValues) : '';
    return about(`${subjectOf(path)} is ${given}, which is not valid: ${descriptionOf(fault)}${meant || '.'}`);
}
const MEANT = new Map([
    ['key-name', ['name']],
    ['key-id', ['id']],
    ['secret-name', ['secret', 'as']],
    ['secret', ['as']],
    ['name', ['as']],
]);
function explainUnknown({ path, params, parentSchema }) {
    const name = String(params.additionalProperty);
    const start = `unknown property ${(0,problem/* quote */.hD)(name)}`;
    const meant = meantBy(name, parentSchema);
    if (meant !== undefined)
        return `${start}; did you mean ${(0,problem/* quote */.hD)(meant)}?`;
    const { entry, destination } = manifest_schema_namespaceObject.definitions;
    if (name === '<<')
        return `${start}; merge keys are not read: write out what is merged.`;
    if (path.length > 2 && Object.hasOwn(entry.properties, name))
        return `${start} of a destination; it belongs to the entry.`;
    if (path.length === 0 && Object.hasOwn(entry.properties, name))
        return `${start}; it belongs to an entry of the list "keys".`;
    if (path.length === 2 && Object.hasOwn(destination.properties, name)) {
        return `${start} of an entry; it belongs to an item of the list "destinations".`;
    }
    return `${start}; the properties here are ${Object.keys(parentSchema?.properties).join(', ')}.`;
}
function meantBy(name, parentSchema) {
    const names = Object.keys(parentSchema?.properties ?? {});
    const spelled = name
        .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
        .replace(/[\s_]+/g, '-')
        .toLowerCase();
    return MEANT.get(spelled)?.find((one) => names.includes(one)) ?? (0,nearest/* nearest */.p)(spelled, names);
}
const isOfEntry = (name) => Object.hasOwn(manifest_schema_namespaceObject.definitions.entry.properties, name);
const meantInEntry = (name) => meantBy(name, manifest_schema_namespaceObject.definitions.entry);
function explainChoice({ path, data, parentSchema }, unknown) {
    const { oneOf } = parentSchema;
    const ways = oneOf.map(({ required }) => required[0]);
    const [first, second] = Object.keys(data).filter((name) => ways.includes(name));
    if (first !== undefined && second !== undefined) {
        const sentence = `${subjectOf(path)} has both ${(0,problem/* quote */.hD)(first)} and ${(0,problem/* quote */.hD)(second)}; ${ways.length > 2 ? 'make two items of the list of them' : 'leave one of them out'}.`;
        return { path: [...path, second], isOfKey: true, sentence };
    }
    const isTold = unknown.some(({ params }) => {
        const meant = meantBy(String(params.additionalProperty), parentSchema);
        return meant === undefined || ways.includes(meant);
    });
    if (isTold)
        return undefined;
    return { path, sentence: `${subjectOf(path)} has none of ${ways.join(', ')}; give one of them.` };
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-written.js

function soundPartOf(entry, findings) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
        return undefined;
    const isInItem = ({ path }) => path[2] === 'destinations' && path.length > 3;
    const wrongItems = new Set(findings.filter(isInItem).map(({ path }) => path[3]));
    const wrong = new Set(findings.filter((one) => !isInItem(one)).map(({ path }) => path[2]));
    const names = Object.keys(entry);
    const meant = names.filter((name) => !isOfEntry(name)).map(meantInEntry);
    const written = Object.fromEntries(Object.entries(entry).filter(([name]) => isOfEntry(name) && !wrong.has(name)));
    const { destinations } = written;
    return {
        written: {
            ...written,
            ...(destinations && { destinations: destinations.map((item, at) => (wrongItems.has(at) ? undefined : item)) }),
        },
        isLeftOut: (property) => !names.includes(property) && !meant.includes(property) && !meant.includes(undefined),
    };
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __webpack_require__(2735);
;// CONCATENATED MODULE: ./lib/src/1-read/manifest-source.js


const SIDE = 60;
function sourceOf(text, hidden) {
    const shown = withStars(text, hidden);
    const lines = new dist/* LineCounter */.HN();
    for (const start of [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)])
        lines.addNewLine(start);
    const wholes = new Map();
    const at = (offset) => {
        const { line, col } = lines.linePos(Math.min(offset, text.length));
        const start = lines.lineStarts[line - 1] ?? 0;
        const [cut = ''] = wholes.has(line)
            ? [wholes.get(line)]
            : shown.slice(start, lines.lineStarts[line] ?? shown.length).split(/\r?\n/);
        wholes.set(line, cut);
        return { line, column: col, whole: cut };
    };
    return {
        lineOf: (offset) => at(offset).line,
        mistakeAt(offset, sentence) {
            const { line, column, whole } = at(offset);
            return {
                line,
                column,
                sentence,
                get frame() {
                    return frameOf(whole, column);
                },
            };
        },
        keyAt(offset) {
            const { column, whole } = at(offset);
            const [, double, single, plain = ''] = /^(?:"([^"]*)"|'([^']*)'|([^:]*))/.exec(whole.slice(column - 1)) ?? [];
            return double ?? single ?? plain.trim();
        },
    };
}
function frameOf(whole, column) {
    if ((0,mask/* scrub */._I)(whole) !== whole)
        return '***';
    if (whole.trim() === '')
        return '';
    const before = plain(whole.slice(0, column - 1));
    const indent = before.findIndex((character) => character !== ' ');
    const left = before.slice(indent < 0 ? before.length : indent);
    const right = plain(whole.slice(column - 1));
    const start = left.length > SIDE ? ['\u2026', ...left.slice(-SIDE)] : left;
    const end = right.length > SIDE ? [...right.slice(0, SIDE), '\u2026'] : right;
    return `${[...start, ...end].join('').trimEnd()}\n${' '.repeat(start.length)}^`;
}
function plain(text) {
    return Array.from(text, (character) => character === '\t' ? ' ' : character.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Mn}\u2028\u2029]/u, '\u00b7'));
}
function withStars(text, hidden) {
    if (hidden.length === 0)
        return text;
    const units = text.split('');
    for (const [start, end] of hidden) {
        for (let at = start; at < end; at++)
            if (units[at] !== '\n' && units[at] !== '\r')
                units[at] = '*';
    }
    return units.join('');
}

;// CONCATENATED MODULE: ./lib/src/1-read/yaml-positions.js

function positionsIn(doc) {
    const resolved = new Map();
    const target = (node) => {
        if (!(0,dist/* isAlias */.Vj)(node))
            return node;
        if (!resolved.has(node))
            resolved.set(node, node.resolve(doc));
        return resolved.get(node);
    };
    const find = (path) => {
        let key;
        let value = doc.contents;
        let alias;
        for (const part of path) {
            if ((0,dist/* isAlias */.Vj)(value))
                alias ??= value;
            const parent = target(value);
            const pair = (0,dist/* isMap */.jh)(parent)
                ? parent.items.findLast((one) => (0,dist/* isScalar */.jn)(one.key) && one.key.value === part)
                : undefined;
            key = pair?.key;
            value = pair === undefined ? ((0,dist/* isSeq */.oP)(parent) ? parent.items[Number(part)] : undefined) : pair.value;
        }
        return { key, value, alias };
    };
    const offsetOf = (path, isOfKey = false) => {
        const { key, value } = find(path);
        const isNothing = (0,dist/* isScalar */.jn)(value) && value.value === null && !value.source;
        const shown = key !== undefined && (isOfKey || isNothing || value === null) ? key : value;
        return startOf(shown) ?? (path.length === 0 ? 0 : offsetOf(path.slice(0, -1)));
    };
    return {
        offsetOf,
        useOf: (path) => startOf(find(path).alias) ?? offsetOf(path),
        spellingOf(path) {
            const value = target(find(path).value);
            return (0,dist/* isScalar */.jn)(value) ? (value.source ?? undefined) : undefined;
        },
    };
}
function startOf(node) {
    return node?.range?.[0];
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-syntax.js



const MOST_ALIASES = 1000;
function faultsOf(doc, source) {
    const warnings = doc.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED');
    const faults = [...doc.errors, ...warnings].map((error) => ({
        offset: error.pos[0],
        code: error.code,
        sentence: explain(error, source),
    }));
    return [...faults, ...aliasFaults(doc)];
}
function aliasFaults(doc) {
    const anchors = new Set();
    const faults = [];
    let count = 0;
    (0,dist/* visit */.YR)(doc, {
        Node(_, node) {
            if (!(0,dist/* isAlias */.Vj)(node)) {
                if (node.anchor !== undefined)
                    anchors.add(node.anchor);
                return;
            }
            const offset = startOf(node) ?? 0;
            count += 1;
            if (!anchors.has(node.source)) {
                faults.push({ offset, code: 'ALIAS', sentence: 'no anchor (&name) before this alias has its name.' });
            }
            else if (count === MOST_ALIASES + 1) {
                faults.push({
                    offset,
                    code: 'ALIAS',
                    sentence: `there are more than ${MOST_ALIASES} aliases (*name); write them out.`,
                });
            }
        },
    });
    return faults;
}
function explain({ code, message, pos }, source) {
    switch (code) {
        case 'DUPLICATE_KEY':
            return `${(0,problem/* quote */.hD)(source.keyAt(pos[0]))} is given twice; leave one of them out.`;
        case 'MULTIPLE_DOCS':
            return 'a second document begins here; take "---" away, and list all keys below one "keys".';
        case 'TAG_RESOLVE_FAILED':
            return 'tags (!name) mean nothing here; take this one away.';
        case 'RESOURCE_EXHAUSTION':
            return 'the file is nested too deeply; list the keys right below "keys".';
        case 'TAB_AS_INDENT':
            return 'a tab indents this line; YAML takes only spaces for that.';
        case 'BAD_SCALAR_START':
            return 'text cannot begin with this character; put it in quotes.';
        case 'BAD_DQ_ESCAPE':
            return 'a backslash in double quotes begins an escape sequence, and this is none; use single quotes.';
        case 'BLOCK_AS_IMPLICIT_KEY':
        case 'MULTILINE_IMPLICIT_KEY':
            return 'this is not YAML: check the indent, and put text that holds a colon and a space in quotes.';
        default: {
            const words = (0,problem/* oneLine */.TN)(message.replace(/: .*$/s, ''));
            const isIndent = code === 'BAD_INDENT' || /indicator|indent/i.test(words);
            const remedy = isIndent
                ? ' Check the indent here and on the line before: what says something of one key begins in one column.'
                : '';
            return `this is not YAML: ${words.slice(0, 1).toLowerCase()}${words.slice(1)}.${remedy}`;
        }
    }
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-tokens.js

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|.*(?:\n[ \t#]*[A-Za-z0-9+/=\\]+[ \t\r]*$)*)/gm;
const WORDS = [/\S+/g, /[\w.-]+/g, /\w+/g, /(?:inc_|gh[opsur]_|github_pat_)\w{20,}/gi, /ghs_[\w.-]{20,}/gi];
function remembering(hidesTokens) {
    const answers = new Map();
    return (word) => {
        const known = answers.get(word) ?? hidesTokens(word);
        answers.set(word, known);
        return known;
    };
}
function tokensIn(text, hidesTokens) {
    const spans = [];
    const look = (pattern, clean = (found) => found) => {
        for (const { 0: found, index } of text.matchAll(pattern)) {
            if (hidesTokens(clean(found)))
                spans.push([index, index + found.length]);
        }
    };
    look(PRIVATE_KEY, (found) => found.replace(/^[ \t]*#?[ \t]*/gm, ''));
    for (const pattern of WORDS)
        look(pattern);
    return spans;
}
function takeTokensOut(doc, hidesTokens) {
    const spans = [];
    (0,dist/* visit */.YR)(doc, {
        Scalar(_, node) {
            const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
            const isToken = text !== '' && hidesTokens(text);
            if (tokensIn(text, hidesTokens).length === 0 && !isToken)
                return;
            if (node.range)
                spans.push([node.range[0], node.range[1]]);
            node.value = `A_TOKEN_${spans.length}`;
            node.source = `A_TOKEN_${spans.length}`;
        },
    });
    return spans;
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-yaml.js





function readYaml(text, asked) {
    const hidesTokens = remembering(asked);
    const inText = tokensIn(text, hidesTokens);
    let inScalars = [];
    try {
        const doc = (0,dist/* parseDocument */.Tp)(text, {
            prettyErrors: false,
            logLevel: 'error',
            stringKeys: true,
            schema: 'core',
            merge: false,
            resolveKnownTags: false,
        });
        inScalars = takeTokensOut(doc, hidesTokens);
        const source = sourceOf(text, [...inText, ...inScalars]);
        const mistakes = tokenMistakes(inText, inScalars, source);
        const faults = faultsOf(doc, source);
        const isBroken = faults.some(({ code }) => code !== 'DUPLICATE_KEY');
        const seen = new Set();
        for (const { offset, sentence } of faults) {
            const mistake = source.mistakeAt(offset, sentence);
            if (!seen.has(mistake.line))
                mistakes.push(mistake);
            seen.add(mistake.line);
        }
        const data = isBroken ? undefined : doc.toJS({ maxAliasCount: MOST_ALIASES });
        return { source, mistakes, data, ...positionsIn(doc) };
    }
    catch (error) {
        if (!(error instanceof RangeError || error instanceof ReferenceError))
            throw error;
        const source = sourceOf(text, [...inText, ...inScalars]);
        const sentence = 'the file is nested too deeply, or its aliases (*name) stand for too much; write it out.';
        const mistakes = [...tokenMistakes(inText, inScalars, source), { line: 1, column: 1, sentence, frame: '' }];
        return { source, mistakes, data: undefined, offsetOf: () => 0, useOf: () => 0, spellingOf: () => undefined };
    }
}
function tokenMistakes(inText, inScalars, source) {
    const starts = new Set(inScalars.map(([start]) => start));
    const told = [...inScalars];
    for (const [start, end] of inText) {
        if (told.some((other) => other[0] <= start && end <= other[1]))
            continue;
        told.push([start, end]);
        starts.add(start);
    }
    return [...starts].map((start) => source.mistakeAt(start, 'this holds a token, which everyone can read who can read the file. Take it out, and revoke it.'));
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest.js





async function parseManifest(text, around) {
    const yaml = readYaml(text.replace(/^\uFEFF/, ''), around.hidesTokens);
    const { source, mistakes, data, offsetOf, useOf } = yaml;
    if (data === undefined)
        return { entries: [], mistakes: inOrder(mistakes) };
    const findings = data === null ? [NOTHING] : await schemaFindings(data, yaml.spellingOf);
    const entries = listedIn(data);
    const lineOf = (path) => source.lineOf(useOf(path));
    const wrong = Map.groupBy(findings, ({ path }) => path[1]);
    const read = entries.flatMap((entry, index) => {
        const sound = soundPartOf(entry, wrong.get(index) ?? []);
        return sound === undefined ? [] : [{ ...readEntry(sound, ['keys', index], around), index }];
    });
    const all = [
        ...findings,
        ...read.flatMap((one) => one.findings),
        ...twiceNamed(entries, lineOf),
        ...twiceFed(read, lineOf),
    ];
    const told = all.map(({ path, isOfKey, isOfUse, sentence }) => source.mistakeAt(isOfUse ? useOf(path) : offsetOf(path, isOfKey), sentence));
    const places = new Set(mistakes.map(placeOf));
    return {
        entries: read
            .filter((one) => one.findings.length === 0 && !wrong.has(one.index))
            .map(({ entry, index }) => ({ ...entry, line: lineOf(['keys', index]) })),
        mistakes: inOrder([...mistakes, ...withoutTwins(told.filter((mistake) => !places.has(placeOf(mistake))))]),
    };
}
const NOTHING = {
    path: [],
    sentence: 'the file holds no keys; begin it with "keys:", and list them below, like "- name: CI deploy key".',
};
function listedIn(data) {
    const keys = data?.keys;
    return Array.isArray(keys) ? keys : [];
}
const placeOf = ({ line, column }) => `${line}:${column}`;
function withoutTwins(mistakes) {
    return [...new Map(mistakes.map((one) => [`${placeOf(one)} ${one.sentence}`, one])).values()];
}
function inOrder(mistakes) {
    return [...mistakes].sort((a, b) => a.line - b.line || a.column - b.column);
}

;// CONCATENATED MODULE: ./lib/src/1-read/manifest-file.js




const LARGEST = 1_000_000;
const MOST_TOLD = 50;
async function readManifest(path, around, env) {
    if (around.hidesTokens(path)) {
        throw new problem/* ManifestProblem */.Rn('(not shown)', 'the input "manifest" holds a token, and not a path. Give the path; if the token was committed with it, revoke it.');
    }
    const { entries, mistakes } = await parseManifest(await readText(path, env), around);
    if (mistakes.length === 0)
        return entries;
    const problems = mistakes.slice(0, MOST_TOLD).map((mistake) => problemOf(path, mistake));
    const left = mistakes.length - problems.length;
    if (left > 0) {
        problems.push(new problem/* ManifestProblem */.Rn(path, `${left} more mistakes are not told; mend those above first.`));
    }
    throw problems.length === 1 ? problems[0] : new AggregateError(problems);
}
function problemOf(path, mistake) {
    const frame = mistake.frame.replace(/^/gm, '  ');
    return new problem/* ManifestProblem */.Rn(path, `${mistake.sentence}${frame.trim() === '' ? '' : `\n${frame}`}`, mistake);
}
async function readText(path, env) {
    const folder = env.GITHUB_WORKSPACE || process.cwd();
    const full = (0,external_node_path_.resolve)(folder, path);
    const wrong = (sentence, cause) => new problem/* ManifestProblem */.Rn(path, sentence, undefined, { cause });
    try {
        const found = await (0,promises_.stat)(full);
        if (found.isDirectory())
            throw wrong('this is a directory; give the path of the YAML file in it.');
        if (!found.isFile())
            throw wrong('this is not a file; give the path of a YAML file.');
        if (found.size > LARGEST)
            throw wrong(`the file has ${found.size} bytes, and may have ${LARGEST} at the most.`);
        const text = new TextDecoder('utf-8', { fatal: true }).decode(await (0,promises_.readFile)(full));
        if (text.trim() === '')
            throw wrong('the file is empty; begin it with "keys:", and list the API keys below.');
        if (text.includes('\0'))
            throw wrong('this is not text in UTF-8; save it as that.');
        return text;
    }
    catch (error) {
        if (error instanceof problem/* ManifestProblem */.Rn)
            throw error;
        const { code = '' } = error;
        if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
            throw wrong('this is not text in UTF-8; save it as that.', error);
        if (code === 'ENOENT' || code === 'ENOTDIR') {
            throw wrong(`there is no such file in ${(0,problem/* quote */.hD)(folder)}; is the repository checked out (actions/checkout) before this step? If it is, correct the path, which counts from its root.`, error);
        }
        throw wrong(`the file cannot be read (${code || 'unknown error'}); check who may read it.`, error);
    }
}


/***/ })

};
