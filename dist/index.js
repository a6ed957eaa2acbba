import * as __WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__ from "./left-out.js";
import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 1916:
/***/ ((__unused_webpack_module, exports) => {

var __webpack_unused_export__;

__webpack_unused_export__ = true;
exports.Io = __webpack_unused_export__ = void 0;
var peq = new Uint32Array(0x10000);
var myers_32 = function (a, b) {
    var n = a.length;
    var m = b.length;
    var lst = 1 << (n - 1);
    var pv = -1;
    var mv = 0;
    var sc = n;
    var i = n;
    while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
    }
    for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= ((eq & pv) + pv) ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
            sc++;
        }
        if (pv & lst) {
            sc--;
        }
        mv = (mv << 1) | 1;
        pv = (pv << 1) | ~(xv | mv);
        mv &= xv;
    }
    i = n;
    while (i--) {
        peq[a.charCodeAt(i)] = 0;
    }
    return sc;
};
var myers_x = function (b, a) {
    var n = a.length;
    var m = b.length;
    var mhc = [];
    var phc = [];
    var hsize = Math.ceil(n / 32);
    var vsize = Math.ceil(m / 32);
    for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
    }
    var j = 0;
    for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
            var eq = peq[a.charCodeAt(i)];
            var pb = (phc[(i / 32) | 0] >>> i) & 1;
            var mb = (mhc[(i / 32) | 0] >>> i) & 1;
            var xv = eq | mv_1;
            var xh = ((((eq | mb) & pv_1) + pv_1) ^ pv_1) | eq | mb;
            var ph = mv_1 | ~(xh | pv_1);
            var mh = pv_1 & xh;
            if ((ph >>> 31) ^ pb) {
                phc[(i / 32) | 0] ^= 1 << i;
            }
            if ((mh >>> 31) ^ mb) {
                mhc[(i / 32) | 0] ^= 1 << i;
            }
            ph = (ph << 1) | pb;
            mh = (mh << 1) | mb;
            pv_1 = mh | ~(xv | ph);
            mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] = 0;
        }
    }
    var mv = 0;
    var pv = -1;
    var start = j * 32;
    var vlen = Math.min(32, m - start) + start;
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
    }
    var score = m;
    for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = (phc[(i / 32) | 0] >>> i) & 1;
        var mb = (mhc[(i / 32) | 0] >>> i) & 1;
        var xv = eq | mv;
        var xh = ((((eq | mb) & pv) + pv) ^ pv) | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += (ph >>> (m - 1)) & 1;
        score -= (mh >>> (m - 1)) & 1;
        if ((ph >>> 31) ^ pb) {
            phc[(i / 32) | 0] ^= 1 << i;
        }
        if ((mh >>> 31) ^ mb) {
            mhc[(i / 32) | 0] ^= 1 << i;
        }
        ph = (ph << 1) | pb;
        mh = (mh << 1) | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
    }
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
    }
    return score;
};
var distance = function (a, b) {
    if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
    }
    if (b.length === 0) {
        return a.length;
    }
    if (a.length <= 32) {
        return myers_32(a, b);
    }
    return myers_x(a, b);
};
exports.Io = distance;
var closest = function (str, arr) {
    var min_distance = Infinity;
    var min_index = 0;
    for (var i = 0; i < arr.length; i++) {
        var dist = distance(str, arr[i]);
        if (dist < min_distance) {
            min_distance = dist;
            min_index = i;
        }
    }
    return arr[min_index];
};
__webpack_unused_export__ = closest;


/***/ }),

/***/ 3898:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

var x = (y) => {
	var x = {}; __nccwpck_require__.d(x, y); return x
} 
var y = (x) => (() => (x))
module.exports = x({ ["JSONParse"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.JSONParse), ["JSONStringify"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.JSONStringify), ["ProxyAgent"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.ProxyAgent), ["legacyRestEndpointMethods"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.legacyRestEndpointMethods), ["paginateRest"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.paginateRest), ["requestLog"]: () => (__WEBPACK_EXTERNAL_MODULE__left_out_js_ffde74b9__.requestLog) });

/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 3246:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  lp: () => (/* binding */ accessFrom),
  zS: () => (/* binding */ readAccess),
  wX: () => (/* binding */ readGitHubAccess),
  mN: () => (/* binding */ withoutMistakes)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __nccwpck_require__(2333);
// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __nccwpck_require__(2735);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/1-read/api-url.js
var api_url = __nccwpck_require__(1101);
// EXTERNAL MODULE: ./lib/src/1-read/credentials.js + 1 modules
var credentials = __nccwpck_require__(6209);
// EXTERNAL MODULE: ./lib/src/1-read/defaults.js
var defaults = __nccwpck_require__(7267);
;// CONCATENATED MODULE: ./lib/src/1-read/proxies.js

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
function proxyMistakes(env) {
    return VARIABLES.flatMap((name) => {
        const value = env[name];
        if (!value || isProxyUrl(value))
            return [];
        return `The environment variable ${name} is not the URL of a proxy; write it like http://proxy.example.com:3128, with special characters of a password percent-encoded.`;
    });
}
function isProxyUrl(value) {
    const text = URL.canParse(value) || /^https?:/.test(value) ? value : `http://${value}`;
    if (!URL.canParse(text))
        return false;
    const url = new URL(text);
    (0,mask/* hide */.jD)(url.password);
    try {
        (0,mask/* hide */.jD)(decodeURIComponent(url.password));
        decodeURIComponent(url.username);
    }
    catch {
        return false;
    }
    return url.protocol === 'http:' || url.protocol === 'https:';
}

;// CONCATENATED MODULE: ./lib/src/1-read/access.js







function readAccess(env) {
    return withoutMistakes((wrong) => accessFrom(env, wrong));
}
function readGitHubAccess(env) {
    try {
        return withoutMistakes((wrong) => accessFrom(env, (message) => (isOfIncidentIo(message) ? undefined : wrong(message))));
    }
    catch {
        return undefined;
    }
}
const isOfIncidentIo = (mistake) => /^Input "incident-api-/.test(mistake);
function withoutMistakes(read) {
    const problems = [];
    const value = read((message) => {
        problems.push(new problem/* InputProblem */.S7(message));
    });
    if (problems.length > 0)
        throw problems.length === 1 ? problems[0] : new AggregateError(problems);
    return value;
}
function accessFrom(env, wrong) {
    const incidentApiKey = core/* getInput */.V4('incident-api-key');
    (0,mask/* hide */.jD)(incidentApiKey);
    (0,mask/* hide */.jD)(core/* getInput */.V4('github-token'));
    (0,mask/* hide */.jD)(core/* getInput */.V4('github-app-private-key'));
    if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
        wrong('The environment variable NODE_TLS_REJECT_UNAUTHORIZED is "0", which would send credentials to anyone who ' +
            'answers. Remove it; for a certificate authority of your own set NODE_EXTRA_CA_CERTS.');
    }
    for (const mistake of proxyMistakes(env))
        wrong(mistake);
    (0,credentials/* checkCredential */.CT)('incident-api-key', incidentApiKey, 'the incident.io API key that may manage API keys', wrong);
    const github = (0,credentials/* readGitHubCredential */.p9)(wrong);
    const url = (name, text) => {
        const read = (0,api_url/* parseApiUrl */.nV)(text);
        if ('url' in read)
            return read.url;
        wrong(`Input "${name}": ${(0,problem/* quote */.hD)((0,api_url/* withoutCredentials */.ri)(text))} ${read.wrong}.`);
        return '';
    };
    return {
        incidentApiKey,
        github,
        incidentApiUrl: url('incident-api-url', (0,defaults/* given */.gI)('incident-api-url')),
        githubApiUrl: url('github-api-url', core/* getInput */.V4('github-api-url') || env.GITHUB_API_URL || 'https://api.github.com'),
    };
}


/***/ }),

/***/ 1745:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F1: () => (/* binding */ parseAge),
/* harmony export */   I4: () => (/* binding */ nearAge),
/* harmony export */   gH: () => (/* binding */ nearMinutes)
/* harmony export */ });
const MINUTE = 60_000;
const UNITS = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE, w: 7 * 24 * 60 * MINUTE };
function parseAge(text) {
    if (text === '0')
        return 0;
    const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
    const factor = UNITS[unit ?? ''];
    return factor === undefined ? undefined : Number(count) * factor;
}
function nearMinutes(text) {
    const age = /[a-z]\s*$/i.test(text) ? parseAge(nearAge(text) ?? '') : undefined;
    return age === undefined ? undefined : age / MINUTE;
}
function nearAge(text) {
    if (/^\s*0+\s*$/.test(text))
        return '0';
    const [, count, unit = 'd'] = /^\s*(\d{1,5})\s*(?:([mhdw])(?:in(?:ute)?s?|ours?|ays?|eeks?)?)?\s*$/i.exec(text) ?? [];
    return count === undefined ? undefined : `${count}${unit.toLowerCase()}`;
}


/***/ }),

/***/ 5259:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   v: () => (/* binding */ asAnswer)
/* harmony export */ });
function asAnswer(inputs) {
    return inputs.event === undefined ? inputs : { ...inputs, force: false, minTokenAge: 'never', maxTokenAge: undefined };
}


/***/ }),

/***/ 1101:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   nV: () => (/* binding */ parseApiUrl),
/* harmony export */   ri: () => (/* binding */ withoutCredentials)
/* harmony export */ });
/* unused harmony export isLoopback */
function parseApiUrl(text) {
    if (!URL.canParse(text))
        return { wrong: 'is not a URL; write one like https://api.example.com' };
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
        return { wrong: 'is not an https: URL; write one like https://api.example.com' };
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
        return {
            wrong: 'would send a credential in clear over the network; write https: (http: is for loopback hosts only)',
        };
    }
    if (url.username !== '' || url.password !== '')
        return { wrong: 'holds a user name or password; leave them out' };
    if (url.search !== '' || url.hash !== '')
        return { wrong: 'holds a query or a fragment; leave them out' };
    return { url: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}
function withoutCredentials(text) {
    return text.replace(/^.*@/s, '***@').replace(/[?#].*$/s, '?***');
}
function isLoopback(hostname) {
    return hostname === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname === '[::1]';
}


/***/ }),

/***/ 6209:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  CT: () => (/* binding */ checkCredential),
  dV: () => (/* binding */ hidesToken),
  p9: () => (/* binding */ readGitHubCredential),
  SP: () => (/* binding */ shown)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __nccwpck_require__(2333);
// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __nccwpck_require__(2735);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./lib/src/1-read/private-key.js

const REMEDY = 'generate a private key on the settings page of the GitHub App, which downloads a .pem file, and give the whole text ' +
    'of that file';
const ENCRYPTED = 'is encrypted, and there is no input for its passphrase';
const NO_PRIVATE_KEYS = [
    [/-BEGIN OPENSSH PRIVATE KEY-/, 'is an OpenSSH key, which GitHub Apps do not use'],
    [/-BEGIN ENCRYPTED PRIVATE KEY-/, ENCRYPTED],
    [/-BEGIN (EC|DSA) PRIVATE KEY-/, 'is not an RSA key, which GitHub Apps use'],
    [/-BEGIN ((RSA )?PRIVATE KEY)-(?!.*-END \1-)/s, 'is cut off: the line with END is missing'],
    [/-BEGIN [A-Z0-9 ]*PUBLIC KEY|^ssh-/, 'is a public key, and not the private one'],
    [/-BEGIN [A-Z0-9 ]*CERTIFICATE/, 'is a certificate, and not a private key'],
    [/^LS0tLS1CRUdJTi/, 'is the base64 of a file, and not its text'],
    [/^MI[A-Za-z0-9+/=\s]{500}/, 'lacks the lines with BEGIN and END'],
];
function readPrivateKey(text) {
    const plain = withRealBreaks(text);
    if (plain === '')
        return { wrong: `is empty; ${REMEDY}` };
    const [, label, body] = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----(.*?)-----END \1-----/s.exec(plain) ?? [];
    if (label === undefined || body === undefined) {
        const [, mistake = 'is not a private key'] = NO_PRIVATE_KEYS.find(([sign]) => sign.test(plain)) ?? [];
        return { wrong: `${mistake}; ${REMEDY}` };
    }
    if (body.includes('Proc-Type:'))
        return { wrong: `${ENCRYPTED}; ${REMEDY}` };
    const key = keyOf(label, body);
    if (key === undefined)
        return { wrong: `is damaged: no key can be read from it; ${REMEDY}` };
    if (key.asymmetricKeyType !== 'rsa')
        return { wrong: `is not an RSA key, which GitHub Apps use; ${REMEDY}` };
    return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
function withRealBreaks(text) {
    return text.replace(/\\+[rn]/g, '\n').replace(/^[\s"'`]+/, '');
}
function keyOf(label, body) {
    const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
    try {
        return (0,external_node_crypto_.createPrivateKey)([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'));
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/src/1-read/credentials.js




const EMPTY_SECRET = " (A secret that does not exist arrives empty; so does one that this event may not read, or of another environment than the job's.)";
const EXAMPLES = { 'incident-api-key': 'INCIDENT_MANAGING_KEY', 'github-token': 'SECRETS_WRITER_TOKEN' };
const KINDS = [
    { beginning: /^inc_/, name: 'an incident.io API key', input: 'incident-api-key' },
    { beginning: /^(gh[opsur]_|github_pat_)/, name: 'a GitHub token', input: 'github-token' },
    { beginning: /^AGE-SECRET-KEY-/i, name: 'an age private key', input: undefined },
    { beginning: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, name: 'a private key', input: 'github-app-private-key' },
];
function isMisplaced(input, value, wrong) {
    const kind = KINDS.find(({ beginning }) => beginning.test(value.trim()));
    if (kind === undefined || kind.input === input)
        return false;
    (0,mask/* hide */.jD)(value);
    const remedy = kind.input === undefined
        ? 'which no input takes: remove it'
        : `which belongs in "${kind.input}": exchange the values`;
    wrong(`Input "${input}" holds ${kind.name}, ${remedy}. No request was sent.`);
    return true;
}
function checkCredential(name, value, what, wrong) {
    const example = `${name}: \${{ secrets.${EXAMPLES[name]} }}`;
    if (isMisplaced(name, value, wrong))
        return;
    if (value === '') {
        wrong(`Input "${name}" is empty; give ${what}, from a secret, like "${example}".${EMPTY_SECRET}`);
    }
    else if (!/^[\x21-\x7e]+$/.test(value)) {
        wrong(`Input "${name}" holds white space or a character that no token has; give ${what}, and nothing else.`);
    }
}
const LOOKS_LIKE_A_TOKEN = /^((inc_|gh[opsur]_|github_pat_)[a-z0-9_]{20,}|ghs_[\w.-]{20,}|AGE-SECRET-KEY-[\w-]{20,})$/i;
function hidesToken(text) {
    const isToken = LOOKS_LIKE_A_TOKEN.test(text) ||
        text.search(mask/* PRIVATE_KEY */.es) >= 0 ||
        CREDENTIALS.some((input) => core/* getInput */.V4(input) === text);
    if (isToken)
        (0,mask/* hide */.jD)(text.match(mask/* PRIVATE_KEY */.es)?.join('\n') ?? text);
    return isToken;
}
const CREDENTIALS = ['incident-api-key', 'github-token', 'github-app-private-key'];
const shown = (text) => (hidesToken(text.trim()) ? 'a credential' : (0,problem/* quote */.hD)(text));
function readGitHubCredential(wrong) {
    const [token, id, privateKey] = ['github-token', 'github-app-id', 'github-app-private-key'].map((input) => core/* getInput */.V4(input));
    if (id === '' && privateKey === '') {
        const what = 'a token that may write the secrets (or a GitHub App as "github-app-id" and "github-app-private-key")';
        checkCredential('github-token', token, what, wrong);
        return { by: 'token', token };
    }
    if (token !== '') {
        wrong('Inputs "github-token" and "github-app-id" with "github-app-private-key" are both given; give only the token or only the App, so that it is clear which one writes the secrets.');
        return { by: 'token', token };
    }
    if (isMisplaced('github-app-id', id, wrong))
        return { by: 'app', id, privateKey };
    if (isMisplaced('github-app-private-key', privateKey, wrong))
        return { by: 'app', id, privateKey };
    if (id === '')
        wrong(`Input "github-app-id" is empty; give the id or the client id of the GitHub App.${EMPTY_SECRET}`);
    else if (!/^[\w.-]{1,100}$/.test(id)) {
        wrong('Input "github-app-id" is neither the id (a number) nor the client id (like Iv23abc) of a GitHub App.');
    }
    if (privateKey === '') {
        wrong(`Input "github-app-private-key" is empty; give the private key of the GitHub App.${EMPTY_SECRET}`);
        return { by: 'app', id, privateKey };
    }
    const read = readPrivateKey(privateKey);
    if ('wrong' in read) {
        wrong(`Input "github-app-private-key" ${read.wrong}.`);
        return { by: 'app', id, privateKey };
    }
    (0,mask/* hide */.jD)(read.pem);
    return { by: 'app', id, privateKey: read.pem };
}


/***/ }),

/***/ 7267:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   GE: () => (/* binding */ MOST_MINUTES),
/* harmony export */   gI: () => (/* binding */ given),
/* harmony export */   zY: () => (/* binding */ DEFAULTS)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2333);

const DEFAULTS = {
    destinations: 'repository',
    'grace-period-minutes': 'auto',
    'min-grace-minutes': '15',
    'long-runs': 'defer',
    'max-wait-minutes': '0',
    'min-token-age': '1h',
    force: 'false',
    'dry-run': 'false',
    'incident-api-url': 'https://api.incident.io',
};
const MOST_MINUTES = { 'grace-period-minutes': 60, 'min-grace-minutes': 60, 'max-wait-minutes': 7200 };
function given(name) {
    return _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .getInput */ .V4(name) || DEFAULTS[name];
}


/***/ }),

/***/ 1765:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  d9: () => (/* binding */ MOST_WRITES),
  cu: () => (/* binding */ identityOf),
  dU: () => (/* binding */ parseDestinations),
  yI: () => (/* binding */ readPlace),
  Zr: () => (/* binding */ tooManyDestinations),
  S8: () => (/* binding */ unavailableKinds)
});

// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/1-read/place.js
var _1_read_place = __nccwpck_require__(2798);
// EXTERNAL MODULE: ./lib/src/1-read/api-url.js
var api_url = __nccwpck_require__(1101);
// EXTERNAL MODULE: ./lib/src/1-read/nearest.js
var nearest = __nccwpck_require__(4955);
// EXTERNAL MODULE: ./lib/src/1-read/secret-name.js
var secret_name = __nccwpck_require__(3137);
;// CONCATENATED MODULE: ./lib/src/1-read/place-mistakes.js






function explainPlace(written, as, own) {
    const { cause, guesses, kind } = urlMistake(written, own) ?? kindMistake(written, own) ?? targetMistake(written, own);
    const end = as === undefined || (0,secret_name/* secretNameMistake */.q)(as) !== undefined ? '' : ` as ${as}`;
    const right = [...new Set(guesses)].filter((guess) => (0,_1_read_place/* parsePlace */.De)(guess, own) !== undefined);
    if (right.length > 0)
        return `${cause}; write ${right.map((guess) => show(guess + end)).join(' or ')}`;
    if (kind !== undefined)
        return `${cause}; write ${kind}: ${_1_read_place/* TARGETS */.dW[kind].shape}, like ${(0,problem/* quote */.hD)(example(kind, own) + end)}`;
    return `${cause}; the kinds are ${src_destination/* KINDS */.GW.join(', ')}: write a line like ${(0,problem/* quote */.hD)(example('repository', own) + end)}`;
}
function urlMistake(written, own) {
    const { kind, target = '' } = (0,_1_read_place/* splitKind */.X$)(written);
    const path = pathOfUrl(written) ?? pathOfUrl(target);
    if (path === undefined)
        return undefined;
    const parts = path.split('/').filter((part) => part !== '' && part !== 'orgs');
    const names = parts.slice(0, 2).map((part) => part.replace(/\.git$/, ''));
    const meant = (0,nearest/* nearest */.p)(kind, src_destination/* KINDS */.GW) ?? (names.length === 1 ? 'organization' : 'repository');
    return {
        cause: `${show(written)} holds a URL where only names belong`,
        guesses: mended(meant, names.join('/'), own),
        kind: meant,
    };
}
function pathOfUrl(text) {
    const host = /^(\w+:\/\/(?:[^@/\s]+@)?|[^@/:\s]+@)?[^@/:.\s]+(?:\.[^@/:.\s]+)+(?::\d+\/|[/:])/.exec(text);
    if (host === null)
        return undefined;
    const [path = ''] = /^[^?#\s]*/.exec(text.slice(host[0].length)) ?? [];
    return host[1] !== undefined || path.includes('/') ? path : undefined;
}
function kindMistake(written, own) {
    if ((0,_1_read_place/* isKind */.VF)((0,_1_read_place/* splitKind */.X$)(written).kind))
        return undefined;
    const plain = withoutTrimmings(written);
    const [, word = '', sign, rest = ''] = /^([^\s:=]*)\s*([:=]?)\s*(.*)$/.exec(plain) ?? [];
    const kind = (0,nearest/* nearest */.p)(word, src_destination/* KINDS */.GW);
    if (kind === undefined && (word === '' || word.includes('/'))) {
        return {
            cause: `${show(written)} names no kind of destination`,
            guesses: guessByTarget(word === '' ? rest : plain),
        };
    }
    const guesses = kind === undefined ? [] : rest === '' ? [kind, example(kind, own)] : mended(kind, rest, own);
    return { cause: kindCause(written, word, sign), guesses, kind };
}
function kindCause(written, word, sign) {
    if ((0,_1_read_place/* isKind */.VF)(word) && sign !== ':')
        return `${show(written)} has no colon behind its kind`;
    if ((0,_1_read_place/* isKind */.VF)(word))
        return `${show(written)} does not begin with its kind`;
    if ((0,_1_read_place/* isKind */.VF)(word.toLowerCase()))
        return `${show(word)} is not in lower case, as kinds are`;
    return `${show(word)} is no kind of destination`;
}
function targetMistake(written, own) {
    const { kind, target = '' } = (0,_1_read_place/* splitKind */.X$)(written);
    if (target === '') {
        return { cause: `${show(written)} names no target`, guesses: kind === 'repository' ? [kind] : [], kind };
    }
    const parts = (0,_1_read_place/* partsOf */.CI)(target);
    const guesses = mended(kind, withoutTrimmings(target), own);
    const { shape, parts: counts } = _1_read_place/* TARGETS */.dW[kind];
    const bad = (0,_1_read_place/* wrongPart */.Ff)(parts);
    const { what, rule } = _1_read_place/* PARTS */.dI[bad] ?? _1_read_place/* PARTS */.dI[0];
    if (!counts.includes(parts.length)) {
        return { cause: `the kind ${kind} takes only ${shape}, and not ${show(target)}`, guesses, kind };
    }
    return { cause: `${show(parts[bad] ?? '')} is not the name of ${what} (${rule})`, guesses, kind };
}
function mended(kind, target, own) {
    const parts = (0,_1_read_place/* partsOf */.CI)(target);
    const [owner = '', repository = ''] = parts;
    const [ownOwner] = own.split('/');
    if (kind === 'environment') {
        const better = [`${own}/${target}`, `${target}/production`][parts.length - 1] ?? target;
        return [`environment: ${better}`];
    }
    if (kind === 'repository') {
        if (parts.length === 1)
            return owner.toLowerCase() === ownOwner?.toLowerCase()
                ? [`repository: ${own}`]
                : [`repository: ${ownOwner}/${owner}`];
        return [`repository: ${owner}/${repository}`, ...(parts.length > 2 ? [`environment: ${target}`] : [])];
    }
    if (kind === 'organization')
        return [`organization: ${owner}`, `repository: ${owner}/${repository}`];
    return [`${kind}: ${parts.slice(0, 2).join('/')}`];
}
function guessByTarget(target) {
    return target === '' ? ['repository'] : [`repository: ${target}`, `environment: ${target}`];
}
function example(kind, own) {
    if (kind === 'organization')
        return `${kind}: ${own.split('/')[0]}`;
    return kind === 'environment' ? `${kind}: ${own}/production` : `${kind}: ${own}`;
}
function withoutTrimmings(text) {
    return text
        .replace(/^[-*]\s+/, '')
        .replace(/\s#.*$/, '')
        .replace(/["'`]/g, '')
        .trim();
}
function show(text) {
    return (0,problem/* quote */.hD)(text.includes('://') ? (0,api_url/* withoutCredentials */.ri)(text) : text);
}

;// CONCATENATED MODULE: ./lib/src/1-read/destinations.js





function parseDestinations(text, around) {
    const lines = linesOf(text.trim() === '' ? 'repository' : text);
    if (lines.length === 0) {
        const mistake = 'Input "destinations" holds nothing but comments; name a destination, like "repository", or leave it out.';
        return { destinations: [], mistakes: [mistake] };
    }
    const destinations = new Map();
    const mistakes = [];
    for (const { line, number } of lines) {
        const read = readLine(line, around);
        if (!Array.isArray(read)) {
            const identity = identityOf(read);
            if (!destinations.has(identity))
                destinations.set(identity, read);
            continue;
        }
        const hint = /\s#/.test(line) ? ' A comment needs a line of its own.' : '';
        mistakes.push(...read.map(({ wrong }) => `Input "destinations", line ${number}: ${wrong}.${hint}`));
    }
    return { destinations: [...destinations.values()], mistakes };
}
function linesOf(text) {
    return text
        .split(/\r\n?|\n/)
        .map((line, index) => ({ line: line.trim(), number: index + 1 }))
        .filter(({ line }) => line !== '' && !line.startsWith('#'));
}
function identityOf({ kind, owner, repository, environment, secret }) {
    return JSON.stringify([kind, owner, repository, environment, secret]).toLowerCase();
}
function readLine(line, around) {
    if (holdsToken(line, around)) {
        return [{ wrong: 'it holds a token where names belong. Give the names; if the token was committed, revoke it' }];
    }
    const { written, as } = splitAs(line);
    const place = readPlace(written, as, around.repository ?? '');
    const secret = readSecret(written, as, around.secretName ?? '');
    return isWrong(place) || isWrong(secret) ? [place, secret].filter(isWrong) : { ...place, secret };
}
function isWrong(read) {
    return typeof read === 'object' && 'wrong' in read;
}
function holdsToken(line, { hidesTokens }) {
    if (hidesTokens === undefined)
        return false;
    const words = line.split(/\s+/).flatMap((word) => [word, ...word.split(/[^\w.-]+/)]);
    return words.filter((word) => word !== '' && hidesTokens(word)).length > 0;
}
function splitAs(line) {
    const found = /^(.*\s|)as(?:\s+(.*))?$/.exec(line);
    return found === null ? { written: line, as: undefined } : { written: (found[1] ?? '').trim(), as: found[2] ?? '' };
}
function readSecret(written, as, secretName) {
    if (as === undefined) {
        if (secretName !== '')
            return secretName.toUpperCase();
        return {
            wrong: `${show(written)} names no secret, and the input "secret-name" is empty; give that input, or end the line ` +
                'with the name of its secret, like "as INCIDENT_API_KEY"',
        };
    }
    const mistake = (0,secret_name/* secretNameMistake */.q)(as);
    if (mistake === undefined)
        return as.toUpperCase();
    const hint = /^environment\b/.test(written)
        ? '. If the environment\'s name holds the word "as", the secret\'s name must still follow: "as INCIDENT_API_KEY"'
        : '';
    return { wrong: `the secret's name behind "as"${mistake}${hint}` };
}
function readPlace(written, as, own) {
    const place = (0,_1_read_place/* parsePlace */.De)(written, own);
    if (place !== undefined)
        return place;
    if (written === 'repository') {
        return {
            wrong: '"repository" alone means the repository that the workflow runs in, but the environment variable ' +
                `GITHUB_REPOSITORY is ${(0,problem/* quote */.hD)(own)}, which does not name one; run this in a GitHub Actions workflow, or write ` +
                '"repository: OWNER/REPO"',
        };
    }
    return { wrong: explainPlace(written, as, (0,_1_read_place/* parsePlace */.De)(`repository: ${own}`, '') === undefined ? 'OWNER/REPO' : own) };
}
function unavailableKinds(destinations, by, githubApiUrl, where = 'Input "destinations"') {
    const sentences = destinations.flatMap((destination) => {
        const { isCloudOnly, isClosedToApps } = (0,src_destination/* storeOf */.xX)(destination);
        const kind = `${SPELLED[destination.kind] ?? destination.kind} secrets${(0,src_destination/* isOfOrganization */.v)(destination) ? ' of organizations' : ''}`;
        const subject = `${where}: ${(0,src_destination/* placeOf */.$t)(destination)} cannot be written`;
        if (isCloudOnly && githubApiUrl.endsWith('/api/v3')) {
            return `${subject}, since GitHub Enterprise Server has no ${kind}. Leave it out.`;
        }
        if (isClosedToApps && by === 'app') {
            return `${subject} by a GitHub App: GitHub keeps ${kind} closed to Apps. Give a "github-token".`;
        }
        return [];
    });
    return [...new Set(sentences)];
}
const SPELLED = { codespaces: 'Codespaces' };
const MOST_WRITES = 450;
function tooManyDestinations(destinations, by, where = 'Input "destinations"') {
    const groups = Map.groupBy(destinations, ({ owner }) => (by === 'app' ? owner.toLowerCase() : ''));
    return [...groups].flatMap(([owner, { length }]) => length <= MOST_WRITES
        ? []
        : `${where} names ${length} destinations${owner === '' ? '' : ` of ${owner}`}, and GitHub takes about ` +
            `${MOST_WRITES} writes an hour of one credential. Use a secret of the organization in the place of many of ` +
            "repositories, or a GitHub App that is installed in several accounts: GitHub's limits hold for each of them.");
}


/***/ }),

/***/ 6785:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   KH: () => (/* binding */ isAbout),
/* harmony export */   gP: () => (/* binding */ runNamedIn),
/* harmony export */   j_: () => (/* binding */ readEvent)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var _services_mask_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2735);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);
/* harmony import */ var _place_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(2798);




const ROTATED = 'api_key.rotated';
const LONGEST = 300;
const TOKENS = /(?:inc_|gh[opsur]_|github_pat_)\w{8,}/gi;
function readEvent(env) {
    if (env.GITHUB_EVENT_NAME !== 'repository_dispatch')
        return undefined;
    const { action, client_payload: payload } = readEventFile(env.GITHUB_EVENT_PATH ?? '');
    return action === ROTATED ? eventOf(entryIn(payload)) : undefined;
}
function isAbout({ keyIds }, keyId) {
    return keyIds.includes(keyId);
}
function runNamedIn(userAgent) {
    const [, owner, repository, id] = /^rotate-incident-key\/[\w.+-]{1,50} \(([^/]+)\/([^/;]+); run ([1-9]\d{0,15})\/[1-9]\d{0,5}\)$/.exec(userAgent ?? '') ?? [];
    const runId = Number(id);
    if (owner === undefined || repository === undefined || !Number.isSafeInteger(runId))
        return undefined;
    if (!_place_js__WEBPACK_IMPORTED_MODULE_3__/* .PARTS */ .dI[0].is.test(owner) || !_place_js__WEBPACK_IMPORTED_MODULE_3__/* .PARTS */ .dI[1].is.test(repository))
        return undefined;
    return { repository: { owner, repository }, runId };
}
function readEventFile(path) {
    if (path === '')
        throw unreadable('is empty');
    let text;
    try {
        text = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8');
    }
    catch (error) {
        const { code = 'no reason given' } = error;
        throw unreadable(`names a file that cannot be read: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(path)} (${code})`, error);
    }
    let event;
    try {
        event = fieldsOf(JSON.parse(text));
    }
    catch {
        throw unreadable(`names a file that is not JSON: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(path)}`);
    }
    if (typeof event.action !== 'string')
        throw unreadable(`names a file that does not tell the type: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(path)}`);
    return event;
}
function unreadable(wrong, cause) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .InputProblem */ .S7(`Could not read the type of the repository_dispatch event that started this run: the environment variable GITHUB_EVENT_PATH ${wrong}. ` +
        'An event of the audit log must not rotate like an ordinary run, so nothing was done. Let the runner set this ' +
        'variable: no step may change it, and in a container the folder of the file must be mounted.', { cause });
}
function entryIn(payload) {
    const whole = fieldsOf(payload);
    return [whole, ...Object.values(whole).map(fieldsOf)].find(({ targets }) => Array.isArray(targets)) ?? whole;
}
function eventOf(entry) {
    const [actor, context] = [fieldsOf(entry.actor), fieldsOf(entry.context)];
    return {
        keyIds: isOfRotation(entry) ? keyIdsIn(entry.targets) : [],
        occurredAt: textOf(entry.occurred_at),
        actor: { type: textOf(actor.type), id: textOf(actor.id), name: textOf(actor.name) },
        roles: textOf(fieldsOf(actor.metadata).api_key_roles),
        location: textOf(context.location),
        userAgent: textOf(context.user_agent),
    };
}
function isOfRotation({ action }) {
    return typeof action !== 'string' || action === ROTATED || action.startsWith(`${ROTATED}.`);
}
function keyIdsIn(targets) {
    if (!Array.isArray(targets))
        return [];
    return targets
        .map(fieldsOf)
        .filter(({ type }) => type === 'api_key')
        .map(({ id }) => id)
        .filter((id) => typeof id === 'string');
}
function fieldsOf(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
function textOf(value) {
    if (typeof value !== 'string' || value.trim() === '')
        return undefined;
    const clean = (0,_services_mask_js__WEBPACK_IMPORTED_MODULE_1__/* .scrub */ ._I)(value).replace(TOKENS, (token) => {
        (0,_services_mask_js__WEBPACK_IMPORTED_MODULE_1__/* .hide */ .jD)(token);
        return '***';
    });
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}\u2026`.toWellFormed() : clean;
}


/***/ }),

/***/ 4955:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ nearest)
/* harmony export */ });
/* harmony import */ var fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1916);

const LONGEST = 100;
function nearest(word, names) {
    const lower = word.toLowerCase();
    if (lower.length < 2 || lower.length > LONGEST)
        return undefined;
    const begun = names.find((name) => name.startsWith(lower));
    if (begun !== undefined)
        return begun;
    const [best] = names.map((name) => ({ name, far: (0,fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__/* .distance */ .Io)(lower, name) })).sort((a, b) => a.far - b.far);
    return best !== undefined && best.far <= Math.floor(lower.length / 3) ? best.name : undefined;
}


/***/ }),

/***/ 2798:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CI: () => (/* binding */ partsOf),
/* harmony export */   De: () => (/* binding */ parsePlace),
/* harmony export */   Ff: () => (/* binding */ wrongPart),
/* harmony export */   VF: () => (/* binding */ isKind),
/* harmony export */   X$: () => (/* binding */ splitKind),
/* harmony export */   dI: () => (/* binding */ PARTS),
/* harmony export */   dW: () => (/* binding */ TARGETS)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);

const TARGETS = {
    repository: { shape: 'OWNER/REPO', parts: [2] },
    environment: { shape: 'OWNER/REPO/ENVIRONMENT', parts: [3] },
    organization: { shape: 'ORG', parts: [1] },
    dependabot: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
    codespaces: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
    agents: { shape: 'OWNER/REPO or ORG', parts: [1, 2] },
};
const PARTS = [
    { what: 'an owner', rule: 'letters, digits, hyphens and underscores, at most 100', is: /^[A-Za-z0-9_-]{1,100}$/ },
    {
        what: 'a repository',
        rule: 'letters, digits, dots, hyphens and underscores, at most 100, and not only one or two dots',
        is: /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    },
    {
        what: 'an environment',
        rule: '1 to 255 characters, no control characters, and not only one or two dots',
        is: /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\u2028\u2029]{1,255}$/u,
    },
];
function parsePlace(written, own) {
    const { kind, target } = splitKind(written);
    if (!isKind(kind))
        return undefined;
    if (target === undefined)
        return kind === 'repository' ? parsePlace(`repository: ${own}`, '') : undefined;
    const parts = partsOf(target);
    if (!TARGETS[kind].parts.includes(parts.length) || wrongPart(parts) >= 0)
        return undefined;
    const [owner = '', repository, environment] = parts;
    return {
        kind,
        owner,
        ...(repository === undefined ? {} : { repository }),
        ...(environment === undefined ? {} : { environment }),
    };
}
function splitKind(written) {
    const colon = written.indexOf(':');
    if (colon < 0)
        return { kind: written, target: undefined };
    return { kind: written.slice(0, colon).trim(), target: written.slice(colon + 1).trim() };
}
function isKind(text) {
    return _destination_js__WEBPACK_IMPORTED_MODULE_0__/* .KINDS */ .GW.includes(text);
}
function partsOf(target) {
    const [owner = '', repository, ...rest] = target.split('/');
    if (repository === undefined)
        return [owner.trim()];
    return [owner, repository, ...(rest.length > 0 ? [rest.join('/')] : [])].map((part) => part.trim());
}
function wrongPart(parts) {
    return parts.findIndex((part, index) => PARTS[index]?.is.test(part) !== true);
}


/***/ }),

/***/ 3137:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ secretNameMistake)
/* harmony export */ });
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9644);

function secretNameMistake(name) {
    if (name === '')
        return ' is empty; name the GitHub secret that holds the token, like INCIDENT_API_KEY';
    const rule = 'write letters, digits and underscores, beginning with a letter or an underscore';
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        const meant = name
            .normalize('NFKC')
            .replace(/^(['"`]|\$\{\{\s*)+|(['"`]|\s*\}\})+$/g, '')
            .replace(/^secrets\./, '');
        const better = meant.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_');
        const example = /[A-Za-z0-9]/.test(better) ? better.slice(0, 60) : 'INCIDENT_API_KEY';
        return `: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(name)} is not a name that GitHub takes; ${rule}, like ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(example)}`;
    }
    if (/^GITHUB_/i.test(name)) {
        return `: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(name)} begins with GITHUB_, which GitHub keeps for itself; choose a name without it, like INCIDENT_API_KEY`;
    }
    return undefined;
}


/***/ }),

/***/ 5860:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ isSimilar)
/* harmony export */ });
const MIN_LENGTH = 6;
function isSimilar(one, other) {
    if (one === other)
        return false;
    const [a, b] = [one, other].map((name) => name.toLowerCase().replace(/[_\-\s]/g, ''));
    if (a === b)
        return true;
    const isSeries = a.replace(/\d/g, '') === b.replace(/\d/g, '');
    return !isSeries && Math.min(one.length, other.length) >= MIN_LENGTH && isOneLetterApart(a, b);
}
function isOneLetterApart(a, b) {
    const [short, long] = a.length <= b.length ? [a, b] : [b, a];
    if (long.length - short.length > 1)
        return false;
    const at = [...short].findIndex((_, index) => short[index] !== long[index]);
    if (at === -1)
        return true;
    if (long.length > short.length)
        return short.slice(at) === long.slice(at + 1);
    const isReplaced = short.slice(at + 1) === long.slice(at + 1);
    const isSwapped = short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
    return isReplaced || isSwapped;
}


/***/ }),

/***/ 176:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $2: () => (/* binding */ explainGitHub),
/* harmony export */   C$: () => (/* binding */ causeAtGitHub),
/* harmony export */   DN: () => (/* binding */ isSignOn),
/* harmony export */   NC: () => (/* binding */ missingScope),
/* harmony export */   ND: () => (/* binding */ isOfGitHub),
/* harmony export */   Up: () => (/* binding */ missingPermission),
/* harmony export */   bd: () => (/* binding */ cannotPrepare),
/* harmony export */   jF: () => (/* binding */ LACKS_PERMISSION),
/* harmony export */   vG: () => (/* binding */ asDeletion)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_github_app_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8766);
/* harmony import */ var _services_github_ask_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1712);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9021);
/* harmony import */ var _explain_incident_io_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(9026);
/* harmony import */ var _find_key_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(9268);







const LACKS_PERMISSION = /^Resource not accessible by/i;
function cannotPrepare(destination, reason, cause) {
    const subject = `the secret ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination)}`;
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF({ goal: 'prepare to write', subject, destination, ...reason, isShared: true }, { cause });
}
function asDeletion(error) {
    if (!(error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF) || !error.parts.isShared)
        throw error;
    throw new _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF({ ...error.parts, goal: 'prepare to delete' }, { cause: error.cause });
}
async function explainGitHub(error, destination, github, context) {
    if (!isOfGitHub(error))
        return error;
    const isMissing = error instanceof _services_github_ask_js__WEBPACK_IMPORTED_MODULE_2__/* .GitHubError */ .y_ && error.status === 404;
    const reason = isMissing
        ? await reasonForMissing(error, destination, github)
        : causeAtGitHub(error, destination, context);
    return cannotPrepare(destination, reason, error);
}
function isOfGitHub(error) {
    return error instanceof _services_github_ask_js__WEBPACK_IMPORTED_MODULE_2__/* .GitHubError */ .y_ || error instanceof _services_github_app_js__WEBPACK_IMPORTED_MODULE_1__/* .InstallationError */ .b;
}
function causeAtGitHub(error, destination, { runAttempt }) {
    if (error instanceof _services_github_app_js__WEBPACK_IMPORTED_MODULE_1__/* .InstallationError */ .b)
        return causeOfSignIn(error, runAttempt);
    const { status, said, headers, message, failure } = error;
    const place = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(destination);
    const store = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination);
    const because = (cause, remedy) => ({ cause, remedy });
    if (status === 401) {
        const rerun = runAttempt > 1 ? _explain_incident_io_js__WEBPACK_IMPORTED_MODULE_5__/* .RE_RUN */ .Ch : '';
        return because(message, `The token for GitHub ("github-token", or the one that the GitHub App was given) is wrong, expired or revoked, or "github-api-url" is another GitHub's. ${whichToken(store)}.${rerun}`);
    }
    if (status === 403 && LACKS_PERMISSION.test(said)) {
        const needed = headers['x-accepted-github-permissions'] ?? `${store.permission}=write`;
        const workflow = /integration/i.test(said)
            ? " The token is a GitHub App's without the permission, or the workflow's own: GITHUB_TOKEN can neither read nor write secrets."
            : '';
        return because(`${message}: the token lacks the permission ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD)(needed)}`, `${whichToken(store)}.${workflow}`);
    }
    if ((0,_services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .isLimit */ .S4)(failure)) {
        return because(message, 'This is a rate limit of GitHub. Run again later, or use a token with a limit of its own.');
    }
    if (status === 403 && /archived/i.test(said)) {
        return because(message, 'Secrets of an archived repository cannot be written: unarchive it, or leave it out.');
    }
    if (isSignOn(error)) {
        return because(message, "Authorize the token for the organization's single sign-on, then run again.");
    }
    if (status === 403)
        return because(message, `${whichToken(store)}, and with access to ${place}.`);
    if (status === 404) {
        return because(message, `Either ${place} does not exist, or the token may not see it. ${whichToken(store)}, and with access to ${place}.`);
    }
    return because(message, 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.');
}
function isSignOn({ status, said, headers }) {
    return status === 403 && (headers['x-github-sso'] !== undefined || /SAML|SSO/i.test(said));
}
async function reasonForMissing(error, destination, github) {
    const asked = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .isOfOrganization */ .v)(destination)
        ? missingOrganization(destination, github)
        : missingInRepository(destination, github);
    const found = await asked.catch(() => undefined);
    const remedy = `${whichToken((0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination))}, and with access to ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(destination)}.`;
    if (found === undefined) {
        return {
            cause: error.message,
            remedy: `Either ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(destination)} does not exist, or the token may not see it. Correct the name in "destinations", or give the token access. ${remedy}`,
        };
    }
    return { remedy, ...found, cause: `${error.message}: ${found.cause}` };
}
async function missingOrganization({ owner }, github) {
    const type = await github.places.accountType(owner);
    if (type === undefined) {
        return { cause: `there is no account ${owner}`, remedy: 'Correct the name of the organization in "destinations".' };
    }
    if (type === 'User') {
        return {
            cause: `${owner} is a personal account, and only organizations have such secrets`,
            remedy: `Write "repository: ${owner}/REPO" in "destinations", with the name of the repository.`,
        };
    }
    return { cause: `the organization ${owner} exists, but the token may not see its secrets` };
}
async function missingInRepository(destination, github) {
    const { kind, owner, repository = '', environment = '' } = destination;
    const name = `${owner}/${repository}`;
    if ((await github.places.repository({ owner, repository })) === undefined)
        return undefined;
    if (kind === 'environment') {
        const names = await github.places.environments({ owner, repository }).catch(() => undefined);
        if (names !== undefined && !names.some((one) => one.toLowerCase() === environment.toLowerCase())) {
            const all = names.map((one) => ({ name: one }));
            const near = (0,_find_key_js__WEBPACK_IMPORTED_MODULE_6__/* .nearNames */ .$l)(all, environment).map((one) => (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD)(one.name));
            return {
                cause: `${name} has no environment ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD)(environment)}`,
                remedy: near.length > 0
                    ? `Did you mean ${near.join(', ')}?`
                    : `It has ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .someOf */ .yU)(names.map(_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD), 10)}. Make the environment in the settings of the repository, or correct its name in "destinations".`,
            };
        }
    }
    return { cause: `${name} exists, but the token may not see its ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination).permissionName.toLowerCase()}` };
}
function causeOfSignIn({ owner, answer }, runAttempt) {
    if (answer === undefined) {
        return {
            cause: `the GitHub App is not installed for ${owner}`,
            remedy: `Install the App for ${owner} (Install App on its settings page), with access to the repositories in "destinations", or correct the owner's name.`,
        };
    }
    const cause = `the GitHub App could not sign in for ${owner}: ${answer.message}`;
    if (answer.status === 401 || answer.status === 404) {
        const rerun = answer.status === 401 && runAttempt > 1 ? _explain_incident_io_js__WEBPACK_IMPORTED_MODULE_5__/* .RE_RUN */ .Ch : '';
        return {
            cause,
            remedy: `Check that "github-app-id" is the App's id or client id, that "github-app-private-key" is a private key of that App, and that the clock of the runner is right.${rerun}`,
        };
    }
    if (answer.status === 403 && /suspended/i.test(answer.said)) {
        return { cause, remedy: `Let an owner of ${owner} unsuspend it in the account's settings.` };
    }
    return { cause, remedy: 'Run again; when it persists, see githubstatus.com and the proxy settings of the runner.' };
}
function missingScope(destination, scopes) {
    const store = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination);
    return cannotPrepare(destination, {
        cause: `the classic token in "github-token" lacks the scope ${store.scope} (it has ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .someOf */ .yU)(scopes.filter(Boolean))})`,
        remedy: `${whichToken(store)}.`,
    });
}
function missingPermission(destination, granted) {
    const { permission, permissionName } = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination);
    const has = Object.entries(granted).map(([name, level]) => `${name}: ${level}`);
    return cannotPrepare(destination, {
        cause: `the installation of the GitHub App for ${destination.owner} lacks the permission "${permission}: write" (it has ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .someOf */ .yU)(has)})`,
        remedy: `Grant ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD)(`${permissionName}: Read and write`)} on the App's settings page, and accept the new permission for ${destination.owner}.`,
    });
}
function whichToken({ permissionName, scope, isClosedToApps }) {
    const app = isClosedToApps ? '' : ", or a GitHub App's,";
    return `Give a fine-grained personal access token${app} with "${permissionName}: read and write", "Actions: read" and "Contents: read" for ${scope === 'repo' ? 'the repository' : 'the repositories'}, or a classic token with the scope ${scope === 'repo' ? scope : `${scope} (and repo, to see runs)`}`;
}


/***/ }),

/***/ 9026:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Ch: () => (/* binding */ RE_RUN),
/* harmony export */   HL: () => (/* binding */ giveValidKey),
/* harmony export */   uF: () => (/* binding */ explainIncidentIo)
/* harmony export */ });
/* harmony import */ var _services_decode_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1949);
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3230);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9021);




const RE_RUN = ' This is a re-run, and a re-run may be given the secrets as they were when the run was created: start a new run instead.';
function giveValidKey({ runAttempt }) {
    const rerun = runAttempt > 1 ? RE_RUN : '';
    return `The token in "incident-api-key" is wrong, deleted or replaced by a newer one. Give a valid API key with the role ${_services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__/* .MANAGING */ .TX}.${rerun}`;
}
function explainIncidentIo(error, goal, subject, context) {
    const problem = (cause, remedy, requestId) => new _services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .AF({ goal, subject, cause, remedy, requestId }, { cause: error });
    if (error instanceof _services_decode_js__WEBPACK_IMPORTED_MODULE_0__/* .NoAnswer */ .W_) {
        return problem(`incident.io gave ${error.message}`, 'Nothing was changed. Check "incident-api-url", status.incident.io and the proxy settings of the runner, then run again.');
    }
    if (!(error instanceof _services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__/* .IncidentIoError */ .z_))
        return error;
    const { message, requestId, status } = error;
    if (status === 401)
        return problem(message, giveValidKey(context), requestId);
    if (status === 403) {
        return problem(message, 'The managing key needs the permission api_keys_manage; grant it in the dashboard.', requestId);
    }
    if (status === 404) {
        return problem(message, 'Nothing was changed. Check "incident-api-url": it is the base URL, without /v1.', requestId);
    }
    const nothing = 'Nothing was changed.';
    if (status >= 400 && (0,_services_retry_js__WEBPACK_IMPORTED_MODULE_3__/* .isLimit */ .S4)(error.failure))
        return problem(message, `${nothing} Run again in a few minutes.`, requestId);
    return problem(message, `${nothing} Run again; when it persists, ask incident.io's support.`, requestId);
}


/***/ }),

/***/ 9268:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $l: () => (/* binding */ nearNames),
/* harmony export */   Tj: () => (/* binding */ findKey),
/* harmony export */   Ye: () => (/* binding */ keysNamed),
/* harmony export */   sJ: () => (/* binding */ noSuchId),
/* harmony export */   uT: () => (/* binding */ pickByName)
/* harmony export */ });
/* harmony import */ var fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1916);
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3230);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);



const MOST_SUGGESTED = 5;
const SHORTEST_INSIDE = 3;
async function findKey(selector, incident) {
    if (selector.by === 'name')
        return (0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__/* .keyOf */ .TN)(pickByName(await incident.list(), selector.name));
    try {
        return await incident.show(selector.id);
    }
    catch (error) {
        if (!(error instanceof _services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__/* .IncidentIoError */ .z_) || error.status !== 404)
            throw error;
        throw noSuchId(selector.id, '"key-name"', error);
    }
}
function noSuchId(id, nameIsGivenAs, error) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .AF({
        goal: 'find',
        subject: `the API key with the id ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(id)}`,
        cause: 'incident.io knows no such key, or not for this managing key',
        remedy: `Copy the id from the list of API keys in the dashboard, or give the key's name as ${nameIsGivenAs}. A managing ` +
            'key that is scoped to teams sees the keys of its teams only.',
        requestId: error?.requestId,
    }, { cause: error });
}
function pickByName(keys, given, idIsGivenAs = '"key-id"', orElse = '') {
    const [found, ...others] = keysNamed(keys, given);
    const name = found?.name ?? given.trim();
    if (found !== undefined && others.length === 0)
        return found;
    const problem = (cause, remedy) => new _services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .AF({ goal: 'find', subject: `the API key named ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(name)}`, cause, remedy });
    if (found !== undefined) {
        const ids = (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .someOf */ .yU)([found, ...others].map((key) => key.id));
        throw problem(`${others.length + 1} keys carry this name: ${ids}`, `Give the id of the one you mean as ${idIsGivenAs}.`);
    }
    if (keys.length === 0) {
        throw problem('the managing key sees no API key at all', 'Use a managing key with api_keys_manage for the whole account, or for the team that the key belongs to.');
    }
    const byId = keys.find(({ id }) => id === name);
    if (byId !== undefined) {
        throw problem(`this is the id of the key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(byId.name)}, and not its name`, `Give it as ${idIsGivenAs}.`);
    }
    const alike = nearNames(keys, name);
    const near = alike.length > 0 ? alike : heldBy(name, keys);
    throw problem(`none of the ${keys.length} API keys that the managing key sees carries exactly this name`, near.length > 0
        ? `Did you mean ${near.map((key) => `${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key.name)} (${key.id})`).join(', ')}?${orElse}`
        : `Copy the name from the list of API keys in the dashboard. A managing key that is scoped to teams sees the keys of its teams only.${orElse}`);
}
function keysNamed(keys, given) {
    const name = keys.some((key) => key.name === given) ? given : given.trim();
    return keys.filter((key) => key.name === name);
}
function nearNames(keys, name) {
    const wanted = name.toLowerCase();
    return keys
        .map((key) => {
        const other = key.name.toLowerCase().trim();
        return { key, far: (0,fastest_levenshtein__WEBPACK_IMPORTED_MODULE_0__/* .distance */ .Io)(wanted, other), isInside: holds(other, wanted) };
    })
        .filter(({ far, isInside }) => isInside || far <= Math.max(1, Math.floor(wanted.length / 3)))
        .sort((a, b) => a.far - b.far)
        .slice(0, MOST_SUGGESTED)
        .map(({ key }) => key);
}
function heldBy(name, keys) {
    return keys.filter((key) => holds(name.toLowerCase(), key.name.toLowerCase().trim())).slice(0, MOST_SUGGESTED);
}
const holds = (name, part) => part.length >= SHORTEST_INSIDE && name.includes(part);


/***/ }),

/***/ 702:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CL: () => (/* binding */ readStored),
/* harmony export */   g8: () => (/* binding */ lookAtCopies),
/* harmony export */   t5: () => (/* binding */ Archived)
/* harmony export */ });
/* unused harmony export probedOf */
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9021);
/* harmony import */ var _services_seal_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(3266);
/* harmony import */ var _explain_github_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(176);





class Archived extends Error {
    name = 'Archived';
    destination;
    constructor(destination) {
        super(`${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(destination)} is archived`);
        this.destination = destination;
    }
}
const NEW_VISIBILITY = { level: 'private' };
const VISIBILITIES = ['all', 'private', 'selected'];
const MAX_SECRETS = {
    repository: 100,
    environment: 100,
    organization: 1000,
};
const MOST_PROBES = 30;
const LOADING_AFTER = 60;
function lookAtCopies(destinations, github, context, named = destinations) {
    const shared = new Shared(github, destinations, named);
    setTimeout(() => (0,_services_seal_js__WEBPACK_IMPORTED_MODULE_4__/* .loadSodium */ .O)().catch(() => { }), LOADING_AFTER).unref();
    const probed = new Set(probedOf(destinations));
    const looks = destinations.map((destination) => lookAtCopy(destination, probed.has(destination), shared, github, context));
    for (const look of looks)
        look.catch(() => { });
    return looks;
}
function probedOf(destinations) {
    const first = (keyOf) => [
        ...new Map([...destinations].reverse().map((one) => [keyOf(one).toLowerCase(), one])).values(),
    ];
    const ofRepositories = first(({ kind, owner, repository = '' }) => `${kind} ${owner}/${repository}`);
    if (ofRepositories.length <= MOST_PROBES)
        return ofRepositories;
    return first(({ kind, owner, repository }) => `${kind} ${owner} ${repository === undefined}`);
}
class Shared {
    #github;
    #destinations;
    #named;
    #keys = new Map();
    #repositories = new Map();
    #lists = new Map();
    #missing = new Map();
    #isAnyRedirected;
    constructor(github, destinations, named) {
        this.#github = github;
        this.#destinations = destinations;
        this.#named = new Set(named.map((one) => `${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .pathOf */ .XM)(one)} ${one.secret}`.toLowerCase()));
    }
    publicKey(destination) {
        const place = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .pathOf */ .XM)(destination).toLowerCase();
        const key = this.#keys.get(place) ?? this.#github.secrets.publicKey(destination);
        this.#keys.set(place, key);
        return key;
    }
    repository({ owner, repository }) {
        if (repository === undefined)
            return Promise.resolve(undefined);
        const name = `${owner}/${repository}`.toLowerCase();
        const known = this.#repositories.get(name);
        const facts = known ?? this.#github.places.repository({ owner, repository }).catch(() => undefined);
        this.#repositories.set(name, facts);
        return facts;
    }
    isAnyRedirected() {
        const isRedirected = async (destination) => destination.repository !== undefined && (await this.publicKey(destination)).isRedirected;
        this.#isAnyRedirected ??= Promise.all(this.#destinations.map((destination) => isRedirected(destination).catch(() => false))).then((all) => all.includes(true));
        return this.#isAnyRedirected;
    }
    list(destination) {
        const place = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .pathOf */ .XM)(destination).toLowerCase();
        const list = this.#lists.get(place) ?? this.#github.secrets.list(destination).catch(() => undefined);
        this.#lists.set(place, list);
        return list;
    }
    countMissing(destination) {
        const place = (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .pathOf */ .XM)(destination).toLowerCase();
        const missing = (this.#missing.get(place) ?? 0) + 1;
        this.#missing.set(place, missing);
        return missing;
    }
    unnamed(destination, names) {
        return names.filter((name) => !this.#named.has(`${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .pathOf */ .XM)(destination)} ${name}`.toLowerCase()));
    }
}
async function lookAtCopy(destination, isProbed, shared, github, context) {
    const explain = async (error) => {
        throw await (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .explainGitHub */ .$2)(error, destination, github, context);
    };
    const access = await github.access(destination.owner).catch(explain);
    if (access.by === 'app' && !isGranted(destination, access))
        throw (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .missingPermission */ .Up)(destination, access.permissions);
    const { secrets } = github;
    const probe = () => (isProbed ? secrets.probeWrite(destination) : undefined);
    const probing = access.by === 'other token' ? probe() : undefined;
    if (probing === undefined)
        shared.repository(destination);
    const reading = readStored(destination, github);
    reading.catch(() => { });
    const publicKey = await shared.publicKey(destination).catch((error) => {
        if (lacksScope(destination, access))
            throw (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .missingScope */ .NC)(destination, access.scopes ?? []);
        return explain(error);
    });
    if (lacksScope(destination, access))
        throw (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .missingScope */ .NC)(destination, access.scopes ?? []);
    const sealing = sealerOf(destination, publicKey);
    sealing.catch(() => { });
    const stored = await reading.catch(explain);
    const isUntold = access.by === 'classic token' && access.scopes === undefined;
    const refusal = await (isUntold ? probe() : probing);
    const isAsked = refusal === undefined ? probing === undefined : mayBeArchived(refusal);
    const mayBeTwice = await shared.isAnyRedirected();
    const repository = isAsked || mayBeTwice ? await shared.repository(destination) : undefined;
    if (repository?.isArchived || (refusal !== undefined && ARCHIVED.test(refusal.said)))
        throw new Archived(destination);
    if (refusal !== undefined && isProof(refusal))
        await explain(refusal);
    const level = stored.visibility?.level;
    if (level !== undefined && !VISIBILITIES.includes(level))
        throw unknownVisibility(destination, level);
    const missing = stored.writtenAt === undefined ? shared.countMissing(destination) : 0;
    const list = missing > 0 ? await shared.list(destination) : undefined;
    const most = MAX_SECRETS[destination.kind] ?? Number.POSITIVE_INFINITY;
    if (list !== undefined && list.total + missing > most)
        throw isFull(destination, most);
    return {
        destination,
        ...stored,
        updatedAt: stored.writtenAt === undefined ? undefined : Date.parse(stored.writtenAt) - github.time.offset,
        ...(list && { otherNames: shared.unnamed(destination, list.names) }),
        ...(repository?.id !== undefined && { repositoryId: repository.id }),
        seal: await sealing,
    };
}
async function sealerOf(destination, publicKey) {
    await (0,_services_seal_js__WEBPACK_IMPORTED_MODULE_4__/* .loadSodium */ .O)().catch((error) => {
        throw noSodium(destination, error);
    });
    return (0,_services_seal_js__WEBPACK_IMPORTED_MODULE_4__/* .sealerFor */ .A)(publicKey).catch((cause) => {
        throw noPublicKey(destination, cause);
    });
}
async function readStored(destination, { secrets }, patience) {
    const stored = await secrets.stored(destination, patience);
    const writtenAt = stored?.writtenAt;
    if (!(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .isOfOrganization */ .v)(destination))
        return { writtenAt };
    const level = stored?.visibility;
    if (level === undefined)
        return { writtenAt, visibility: NEW_VISIBILITY };
    if (level !== 'selected')
        return { writtenAt, visibility: { level } };
    const selected = await secrets.selectedRepositories(destination, patience);
    return { writtenAt, visibility: { level, repositoryIds: selected.map(({ id }) => id) }, selected };
}
function isGranted(destination, { permissions }) {
    return ['write', 'admin'].includes(permissions[(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination).permission] ?? '');
}
function lacksScope(destination, { by, scopes }) {
    return by === 'classic token' && scopes !== undefined && !scopes.includes((0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .storeOf */ .xX)(destination).scope);
}
function isProof(refusal) {
    if ((0,_services_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .isLimit */ .S4)(refusal.failure) || refusal.status === 401)
        return true;
    return refusal.status === 403 && (_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .LACKS_PERMISSION */ .jF.test(refusal.said) || /SAML|SSO/i.test(refusal.said));
}
const ARCHIVED = /\barchived\b/i;
function mayBeArchived({ status, said, failure }) {
    return status === 403 && !(0,_services_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .isLimit */ .S4)(failure) && !_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .LACKS_PERMISSION */ .jF.test(said);
}
function unknownVisibility(destination, level) {
    return (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .cannotPrepare */ .bd)(destination, {
        cause: `its visibility is ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(level)}, which GitHub's API does not accept in a write, so a write would change who can read it`,
        remedy: 'Nothing was changed. Choose another visibility for it in the settings of the organization, then run again.',
    });
}
function isFull(destination, most) {
    return (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .cannotPrepare */ .bd)(destination, {
        cause: `it does not exist, and ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(destination)} holds ${most} secrets already, which is GitHub's maximum`,
        remedy: 'Nothing was changed. Delete a secret that nothing uses, or name an existing one, then run again.',
    });
}
function noSodium(destination, error) {
    const { code, name } = error;
    const hasTooManyFiles = _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .TOO_MANY_FILES */ .rN.includes(String(code));
    const reason = {
        cause: `libsodium, which encrypts the token, could not be loaded (${String(code ?? name ?? 'error')})`,
        remedy: hasTooManyFiles
            ? 'Nothing was changed. Raise the limit of open files of the runner (ulimit -n), then run again.'
            : 'Nothing was changed. Use an unchanged copy of the action, on a Node that runs WebAssembly, then run again.',
    };
    return (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .cannotPrepare */ .bd)(destination, reason, error);
}
function noPublicKey(destination, cause) {
    const reason = {
        cause: 'the public key that GitHub gave to seal it with is not a key of 32 bytes in base64',
        remedy: 'Nothing was changed. Run again; when it persists, ask the support of GitHub.',
    };
    return (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .cannotPrepare */ .bd)(destination, reason, cause);
}


/***/ }),

/***/ 6832:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ lookAtCaller),
/* harmony export */   C: () => (/* binding */ lookAtKey)
/* harmony export */ });
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3230);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);
/* harmony import */ var _explain_incident_io_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9026);
/* harmony import */ var _find_key_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9268);




async function lookAtKey(selector, incident, context) {
    const finding = (0,_find_key_js__WEBPACK_IMPORTED_MODULE_3__/* .findKey */ .Tj)(selector, incident);
    finding.catch(() => { });
    const caller = await lookAtCaller(incident, context);
    const key = await finding.catch((error) => {
        const name = (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(selector.by === 'name' ? selector.name : selector.id);
        throw (0,_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_2__/* .explainIncidentIo */ .uF)(error, 'look up', `the API key ${name}`, context);
    });
    return { caller, key };
}
async function lookAtCaller(incident, context) {
    const subject = 'with the managing key';
    const caller = await incident.identity().catch((error) => {
        throw (0,_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_2__/* .explainIncidentIo */ .uF)(error, 'sign in to incident.io', subject, context);
    });
    if (![...caller.roles, ...caller.teamRoles].includes(_services_incident_io_js__WEBPACK_IMPORTED_MODULE_0__/* .MANAGING */ .TX)) {
        throw new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
            goal: 'manage API keys',
            subject,
            cause: `it lacks the role api_keys_manage (it has ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(caller.roles)})`,
            remedy: 'Make a managing key in the dashboard (Settings \u2192 API keys) with "View, create, edit, delete or rotate API ' +
                'keys" and every permission of the key it shall rotate; this role cannot be granted through the API.',
        });
    }
    return caller;
}


/***/ }),

/***/ 762:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  I: () => (/* binding */ lookAgain),
  x: () => (/* binding */ lookAtRuns)
});

// EXTERNAL MODULE: ./lib/src/services/github-ask.js
var github_ask = __nccwpck_require__(1712);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/services/retry.js
var retry = __nccwpck_require__(9021);
// EXTERNAL MODULE: ./lib/src/2-look/explain-github.js
var explain_github = __nccwpck_require__(176);
;// CONCATENATED MODULE: ./lib/src/2-look/given.js
function isOfFork({ fork, event }) {
    return fork !== undefined && FORK_EVENTS.includes(event);
}
const FORK_EVENTS = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];
function isGiven(run, by) {
    const { path, isDependabots, event, fork } = run;
    if (isOfFork(run) && fork === 'of anybody')
        return false;
    const isAgents = path.startsWith('dynamic/copilot-swe-agent/');
    switch (by.kind) {
        case 'dependabot runs':
            return isDependabots;
        case 'agent runs':
            return isAgents;
        case 'started jobs':
            if (isAgents && by.environment.toLowerCase() === 'copilot')
                return true;
            break;
        case 'runs':
            break;
    }
    return !path.startsWith('dynamic/') && !(isDependabots && DEPENDABOT_EVENTS.includes(event));
}
const DEPENDABOT_EVENTS = [
    'pull_request',
    'pull_request_review',
    'pull_request_review_comment',
    'push',
    'create',
    'deployment',
    'deployment_status',
];

// EXTERNAL MODULE: ./lib/src/limits.js
var limits = __nccwpck_require__(7652);
;// CONCATENATED MODULE: ./lib/src/2-look/job-names.js
const MAX_DEFINITIONS = 1000;
const MAX_NAME = 1000;
function definitionsIn(file) {
    return isRecord(file) && isRecord(file.jobs) ? file.jobs : undefined;
}
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function definitionOf(file, { name }) {
    const definitions = definitionsIn(file);
    if (definitions === undefined)
        return undefined;
    const names = known.get(definitions) ?? new JobNames(definitions);
    known.set(definitions, names);
    return names.find(name);
}
const known = new WeakMap();
class JobNames {
    #plain;
    #computed;
    #isUnderstood;
    #found = new Map();
    constructor(definitions) {
        const all = Object.entries(definitions);
        const parsed = all.map((definition) => ({ definition, parts: fixedParts(nameIn(definition)) }));
        const isPlain = ({ parts }) => parts.length === 1;
        this.#isUnderstood = all.length <= MAX_DEFINITIONS;
        this.#computed = parsed.filter((one) => !isPlain(one));
        const plain = Map.groupBy(parsed.filter(isPlain), ({ parts }) => parts[0] ?? '');
        this.#plain = new Map([...plain].map(([name, group]) => [name, group.map(({ definition }) => definition)]));
    }
    find(listed) {
        if (!this.#isUnderstood || listed.length > MAX_NAME)
            return undefined;
        if (!this.#found.has(listed)) {
            const [found, another] = this.#fitting(listed);
            this.#found.set(listed, another === undefined ? found : undefined);
        }
        return this.#found.get(listed);
    }
    #fitting(listed) {
        const plain = beginningsOf(listed).flatMap((name) => this.#plain.get(name) ?? []);
        const computed = this.#computed.filter(({ parts }) => fitsBeginning(listed, parts));
        return [...plain, ...computed.map(({ definition }) => definition)];
    }
}
function nameIn([id, definition]) {
    const name = isRecord(definition) ? (definition.name ?? id) : id;
    return typeof name === 'string' && name !== '' && name.length <= MAX_NAME ? name : undefined;
}
const ADDITIONS = [' (', ' / '];
function beginningsOf(listed) {
    const cuts = [...listed.matchAll(/ \(| \/ /g)].map(({ index }) => listed.slice(0, index));
    return [...new Set([listed, ...cuts])];
}
function fitsBeginning(listed, parts) {
    const last = parts.at(-1) ?? '';
    return fits(listed, parts) || ADDITIONS.some((added) => fits(listed, [...parts.slice(0, -1), last + added, '']));
}
function fixedParts(name) {
    if (name === undefined)
        return ['', ''];
    const parts = [];
    let rest = name;
    for (let start = rest.indexOf('${{'); start >= 0; start = rest.indexOf('${{')) {
        parts.push(rest.slice(0, start));
        const end = EXPRESSION.exec(rest.slice(start))?.[0].length;
        if (end === undefined)
            return [...parts, ''];
        rest = rest.slice(start + end);
    }
    return [...parts, rest];
}
const EXPRESSION = /^\$\{\{(?:[^'}]|'[^']*'|\}(?!\}))*\}\}/;
function fits(text, [first = '', ...others]) {
    const last = others.pop();
    if (last === undefined)
        return text === first;
    if (!text.startsWith(first))
        return false;
    let at = first.length;
    for (const part of others) {
        const found = text.indexOf(part, at);
        if (found < 0)
            return false;
        at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
}

;// CONCATENATED MODULE: ./lib/src/2-look/workflow-file.js

function usesSecret(file, secret) {
    if (!isRecord(file) || !isRecord(file.jobs))
        return true;
    const seen = new Set();
    const visit = (value, key) => {
        if (typeof value === 'string') {
            if (key === 'secrets' && value.trim() === 'inherit')
                return true;
            const start = key === 'if' ? 0 : value.indexOf('${{');
            return start >= 0 && mentions(value.slice(start), secret);
        }
        if (typeof value !== 'object' || value === null || seen.has(value))
            return false;
        if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
            return true;
        seen.add(value);
        return Object.entries(value).some(([name, one]) => visit(name, '') || visit(one, name));
    };
    return visit(file, '');
}
function mentions(expression, secret) {
    return [...expression.matchAll(/\bsecrets\b/gi)].some(({ index }) => {
        const rest = expression.slice(index + 'secrets'.length);
        const name = /^\s*\.\s*([A-Za-z_][\w-]*)/.exec(rest)?.[1] ?? /^\s*\[\s*'([^']*)'\s*\]/.exec(rest)?.[1];
        return name === undefined || name.toUpperCase() === secret.toUpperCase();
    });
}
function environmentsOf(file) {
    const jobs = jobsIn(file).filter(({ environment }) => environment !== undefined);
    return [...new Set(jobs.map(({ environment }) => nameOfEnvironment(environment)))];
}
function callsOf(file) {
    const calls = jobsIn(file).flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    return [...new Set(calls.map((uses) => LOCAL_CALL.exec(String(uses).trim())?.[1]))];
}
const LOCAL_CALL = /^[.$]\/(\.github\/workflows\/[^/@]+\.ya?ml)$/i;
const jobsIn = (file) => Object.values(definitionsIn(file) ?? {}).filter((job) => isRecord(job));
function nameOfEnvironment(environment) {
    const name = isRecord(environment) ? environment.name : environment;
    return typeof name === 'string' && !name.includes('${{') ? name.trim() : undefined;
}
function mayReadEnvironment(file, secret, environment) {
    const calls = isPlain(file) && isPlain(file.jobs) && Object.values(file.jobs).some((job) => isPlain(job) && job.uses);
    return Boolean(calls) || (mayUseEnvironment(file, environment) && usesSecret(file, secret));
}
function mayUseEnvironment(file, environment) {
    if (!isPlain(file) || !isPlain(file.jobs))
        return true;
    return Object.values(file.jobs).some((job) => mayBeBound(job, environment));
}
function mayBeIn(file, job, environment) {
    if (!isPlain(file) || !isPlain(file.jobs))
        return true;
    const definition = definitionOf(file, job);
    return definition === undefined || mayBeBound(definition[1], environment);
}
function mayBeBound(job, environment) {
    if (!isPlain(job) || job.uses !== undefined)
        return true;
    if (job.environment === undefined)
        return false;
    const name = nameOfEnvironment(job.environment);
    return name === undefined || name.toLowerCase() === environment.trim().toLowerCase();
}
function isPlain(value) {
    return isRecord(value) && Object.getPrototypeOf(value) === Object.prototype;
}

;// CONCATENATED MODULE: ./lib/src/2-look/work-done.js

class WorkDone {
    #file;
    #begun;
    #start;
    #hasLines;
    #known = new Map();
    constructor(file, jobs, attemptedAt) {
        this.#file = file;
        this.#begun = jobs.filter(({ status, startedAt }) => hasBegun(status) && !Number.isNaN(startedAt));
        const definitions = definitionsIn(file);
        this.#hasLines = definitions === undefined || Object.values(definitions).some(mayWaitInLine);
        this.#start = Math.min(...this.#begun.map(({ startedAt }) => Math.max(startedAt, attemptedAt)));
    }
    before(job) {
        return Math.max(0, ...this.#followedBy(job).map((one) => this.atEnd(one)));
    }
    atEnd(job) {
        return this.atStart(job) + this.#length(job);
    }
    atStart(job) {
        const known = this.#known.get(job);
        if (known !== undefined)
            return known;
        this.#known.set(job, 0);
        const ready = Math.max(this.#start, ...this.#followedBy(job).map(({ completedAt }) => completedAt));
        const definition = this.#definitionOf(job);
        const mayWait = definition === undefined ? this.#hasLines : mayWaitInLine(definition[1]);
        const waited = mayWait ? 0 : Math.max(0, job.startedAt - ready);
        const work = this.before(job) + (waited || 0);
        this.#known.set(job, work);
        return work;
    }
    #length({ startedAt, completedAt }) {
        return Math.max(0, completedAt - Math.max(startedAt, this.#start)) || 0;
    }
    #followedBy(job) {
        const definition = this.#definitionOf(job);
        if (definition === undefined)
            return [];
        const needed = needsOf(definition[1]);
        return this.#begun.filter((one) => {
            if (one === job || !(one.completedAt <= startOf(job)))
                return false;
            const other = this.#definitionOf(one);
            return other !== undefined && (needed.has(other[0]) || shareGroup(definition, other));
        });
    }
    #definitionOf(job) {
        return definitionOf(this.#file, job);
    }
}
const mayWaitInLine = (definition) => !isRecord(definition) || definition.concurrency !== undefined || definition.uses !== undefined;
const hasBegun = (status) => status === 'in_progress' || status === 'completed';
const startOf = ({ status, startedAt }) => (hasBegun(status) ? startedAt : Number.POSITIVE_INFINITY);
function needsOf(definition) {
    return new Set(isRecord(definition) ? [definition.needs ?? []].flat().map(String) : []);
}
function shareGroup([id, one], [otherId, other]) {
    if (!isRecord(one) || !isRecord(other))
        return false;
    if (id === otherId)
        return one.concurrency !== undefined || one.uses !== undefined;
    const group = groupOf(one);
    return group !== undefined && group === groupOf(other);
}
function groupOf({ concurrency }) {
    const group = isRecord(concurrency) ? concurrency.group : concurrency;
    return typeof group === 'string' ? group.toLowerCase() : undefined;
}

;// CONCATENATED MODULE: ./lib/src/2-look/workflow-jobs.js



const MINUTE = 60_000;
const LONGEST_RUN = 35 * 24 * 60;
const NO_TURNS = new Map();
function longestByTimeout(file, jobs, now, turns = NO_TURNS) {
    const definitions = definitionsIn(file);
    const held = heldUpIn(file, jobs);
    if (definitions === undefined || held === undefined)
        return undefined;
    const byDefinition = Map.groupBy(jobs, (job) => definitionOf(file, job)?.[0]);
    const above = new Set();
    const totals = new Map();
    const total = (id) => {
        const known = totals.get(id);
        if (known !== undefined)
            return known;
        const definition = definitions[id];
        if (!isRecord(definition) || above.has(id))
            return Number.NaN;
        if (held.has(id))
            return 0;
        above.add(id);
        const before = [...needsOf(definition)].map((need) => total(need));
        above.delete(id);
        const listed = byDefinition.get(id) ?? [];
        const left = definition.concurrency === undefined
            ? leftOf(definition, listed, now)
            : leftInTurn(definition, listed, (ahead) => longestInTurn(file, ahead, now), turns);
        const sum = left + Math.max(0, ...before);
        totals.set(id, sum);
        return sum;
    };
    const longest = Math.max(...Object.keys(definitions).map((id) => total(id)));
    return Number.isFinite(longest) ? longest : undefined;
}
function longestOf(file, begun, now) {
    const longest = Math.max(...begun.map((job) => leftOfOne(file, job, now)));
    return Number.isFinite(longest) ? longest : undefined;
}
function longestInTurn(file, jobs, now) {
    const sum = jobs.reduce((minutes, job) => minutes + leftOfOne(file, job, now), 0);
    return Number.isFinite(sum) ? sum : undefined;
}
function leftOfOne(file, job, now) {
    const definition = definitionOf(file, job)?.[1];
    return isRecord(definition) ? leftOf({ ...definition, strategy: undefined }, [job], now) : Number.NaN;
}
function leftOf(definition, [job, another], now) {
    const { 'timeout-minutes': timeout, strategy, uses } = definition;
    const isOne = strategy === undefined && uses === undefined && another === undefined;
    if (isOne && job?.status === 'completed')
        return 0;
    if (typeof timeout !== 'number' || !(timeout > 0) || uses !== undefined)
        return Number.NaN;
    const most = Math.min(timeout, LONGEST_RUN) + (mayCleanUp(definition) ? limits/* MAX_CLEANUP */.w : 0);
    if (strategy !== undefined)
        return isRecord(strategy) && strategy['max-parallel'] === undefined ? most : Number.NaN;
    if (job === undefined || !isOne)
        return most;
    return job.status === 'in_progress' ? Math.max(0, most - (now - job.startedAt) / MINUTE) : most;
}
function leftInTurn(definition, listed, left, turns) {
    if (definition.uses !== undefined || listed.length === 0)
        return Number.NaN;
    return Math.max(...listed.map((job) => {
        if (job.status === 'completed')
            return 0;
        const before = job.status === 'in_progress' ? [] : turns.get(job.id);
        return (before && left([...before, job])) ?? Number.NaN;
    }));
}
function mayCleanUp({ steps }) {
    return (Array.isArray(steps) && steps.some((step) => isRecord(step) && /\b(always|cancelled)\s*\(/i.test(String(step.if))));
}
function jobsHeldUp(file, jobs) {
    const held = heldUpIn(file, jobs);
    return jobs.filter((job) => job.status !== 'in_progress' && held?.has(definitionOf(file, job)?.[0] ?? ''));
}
function heldUpIn(file, jobs) {
    const waiting = new Set();
    const busy = new Set();
    for (const job of jobs.filter(({ status }) => status !== 'completed')) {
        const [id, definition] = definitionOf(file, job) ?? [];
        if (id === undefined && job.status === 'waiting')
            return undefined;
        if (id !== undefined && job.status === 'waiting')
            waiting.add(id);
        if (id !== undefined && (job.status !== 'waiting' || (isRecord(definition) && definition.uses)))
            busy.add(id);
    }
    const held = new Set([...waiting].filter((id) => !busy.has(id)));
    const dependents = dependentsIn(file);
    const left = [...waiting];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const more = (dependents.get(next) ?? []).filter(({ id }) => !held.has(id));
        for (const { id } of more) {
            held.add(id);
            left.push(id);
        }
    }
    return held;
}
function dependentsIn(file) {
    const needs = Object.entries(definitionsIn(file) ?? {}).flatMap(([id, one]) => [...needsOf(one)].map((need) => ({ need, id })));
    return Map.groupBy(needs, ({ need }) => need);
}
function cancelsAhead(file, job) {
    const holder = job === undefined ? file : definitionOf(file, job)?.[1];
    if (!isRecord(holder) || (job !== undefined && !hasOwnSteps(file, job)))
        return false;
    return isRecord(holder.concurrency) && holder.concurrency['cancel-in-progress'] === true;
}
function hasFixedGroup(file) {
    if (!isRecord(file))
        return false;
    const group = isRecord(file.concurrency) ? file.concurrency.group : file.concurrency;
    return typeof group === 'string' && !group.includes('${{');
}
function hasOwnSteps(file, job) {
    const definition = definitionOf(file, job)?.[1];
    return isRecord(definition) && definition.uses === undefined;
}
function mayWaitInJobs(file) {
    return Object.values(definitionsIn(file) ?? {}).some((job) => isRecord(job) && [job.environment, job.concurrency, job.uses].some((one) => one !== undefined));
}

;// CONCATENATED MODULE: ./lib/src/2-look/read-run.js


async function readSource(run, details) {
    const files = refsOf(run).map((ref) => fileOf(run, ref, details));
    const history = Promise.resolve().then(() => details.history(run.workflowId));
    return { run, files: await Promise.all(files), history };
}
async function readProgress(source, details, asked) {
    const { run } = source;
    const reading = readJobs(source, asked.jobs, details);
    const [history, jobs, mayPause, waits] = await Promise.all([
        source.history,
        reading,
        source.history.then((past) => past.length > 0 && mayPauseIn(source, details)),
        asked.waits ? waitsOf(run, reading, details) : [],
    ]);
    return { ...source, history, jobs, mayPause, waits };
}
async function readJobs({ run, files, history }, areAsked, details) {
    const mayHaveBegun = run.status === 'waiting' || run.status === 'in_progress';
    const mayWait = files.some((file) => orCareful(() => file === undefined || mayWaitInJobs(file), true));
    const matter = areAsked || mayHaveBegun || (hasFile(run) && mayWait);
    return matter || (await history).length === 0 ? details.jobs(run.id) : [];
}
async function waitsOf(run, reading, details) {
    if (run.status === 'pending')
        return waitsAt([undefined], await details.places(run.id), details);
    const pending = ((await reading) ?? []).filter(({ status }) => status === 'pending').map(({ id }) => id);
    return pending.length === 0 ? [] : waitsAt(pending, await details.places(run.id), details);
}
function waitsAt(pending, places, details) {
    if (typeof places === 'string')
        return pending.map((jobId) => ({ jobId, line: places }));
    return Promise.all(places
        .filter(({ isPending }) => isPending)
        .map(async (place) => ({
        jobId: place.jobId,
        line: lineOf(place, await details.members(place.group)),
    })));
}
function lineOf({ group, runId, jobId }, members) {
    if (typeof members === 'string')
        return members;
    return members.some((one) => one.runId === runId && one.jobId === jobId) ? { group, members } : 'unknown';
}
async function mayPauseIn({ run, files }, details) {
    const refs = refsOf(run);
    const pauses = await Promise.all(files.map((file, index) => mayPauseAt(file, refs[index], details, new Set())));
    return pauses.includes(true);
}
async function mayPauseAt(file, ref, details, seen) {
    const environments = orCareful(() => environmentsOf(file), [undefined]);
    const calls = orCareful(() => callsOf(file), [undefined]);
    if (environments.includes(undefined) || calls.includes(undefined))
        return true;
    const paths = calls.filter((path) => path !== undefined && !seen.has(path));
    for (const path of paths)
        seen.add(path);
    const pauses = await Promise.all([
        ...environments.map((name) => details.mayPause(name ?? '')),
        ...paths.map(async (path) => {
            const called = await details.file(path, ref);
            return called === undefined || mayPauseAt(called, ref, details, seen);
        }),
    ]);
    return pauses.includes(true);
}
function refsOf({ event, headSha, baseRefs }) {
    return event.startsWith('pull_request') ? [headSha, undefined, ...baseRefs] : [headSha];
}
function fileOf(run, ref, details) {
    return hasFile(run) ? details.file(run.path, ref) : Promise.resolve(undefined);
}
const hasFile = ({ path }) => !path.startsWith('dynamic/');
function orCareful(read, careful) {
    try {
        return read();
    }
    catch {
        return careful;
    }
}

;// CONCATENATED MODULE: ./lib/src/2-look/run-facts.js





const run_facts_MINUTE = 60_000;
async function readHolder(run, given, details) {
    const source = await readSource(run, details);
    const using = given.filter((watch) => mayUse(source.files, watch));
    if (using.length === 0)
        return undefined;
    const isByStart = using.some(({ by }) => by.kind === 'started jobs');
    const waits = !isOnlyByStart(using) || run.attempt > 1;
    return { read: await readProgress(source, details, { jobs: isByStart, waits }), using };
}
function factsOf({ read, using }, { repository, now, writtenAt = Number.POSITIVE_INFINITY, queues, waitsForOwnRun }) {
    const { run, files } = read;
    const jobs = read.jobs ?? [];
    const onlyByStart = isOnlyByStart(using);
    const begun = jobs.filter(({ status, startedAt }) => status === 'in_progress' && !(startedAt > writtenAt));
    const holding = onlyByStart ? begun.filter((job) => mayHold(job, files, using)) : begun;
    const mayHaveRead = read.jobs === undefined || holding.length > 0 || run.attempt > 1;
    if (!mayHaveRead && onlyByStart)
        return undefined;
    const work = workOf(read, now, begun);
    return {
        ...work,
        ...(onlyByStart && holding.length > 0 && { bound: boundBy(files, (file) => longestOf(file, holding, now)) }),
        queues,
        repository,
        runId: run.id,
        workflow: run.workflow,
        status: run.status,
        url: run.url,
        startedAt: run.startedAt,
        waits: run.status === 'waiting' && read.jobs !== undefined && !isAboutToRun(jobs, files),
        hasWaitingJob: !onlyByStart && waitsForApproval(read),
        waitsForOwnRun,
    };
}
const isOnlyByStart = (using) => using.every(({ by }) => by.kind === 'started jobs');
function workOf(read, now, begun = (read.jobs ?? []).filter(({ status }) => status === 'in_progress')) {
    const { run, files, history, jobs } = read;
    const turns = turnsOf(read);
    return {
        elapsed: elapsedOf(read, begun, now),
        history,
        bound: boundBy(files, (file) => longestByTimeout(file, jobs ?? [], now, turns)),
        mayPause: read.mayPause || (jobs ?? []).some(isWaitingJob),
        defersNothing: isOfFork(run),
    };
}
function waitsForApproval({ run, jobs }) {
    return run.status === 'waiting' || (jobs ?? []).some(isWaitingJob);
}
const isWaitingJob = ({ status }) => status === 'waiting';
function turnsOf({ run, jobs, waits }) {
    const turns = waits.flatMap(({ jobId, line }) => {
        if (typeof line === 'string' || jobId === undefined)
            return [];
        const own = line.members.filter(({ runId }) => runId === run.id).map((one) => one.jobId);
        const ids = own.slice(0, own.indexOf(jobId));
        const ahead = (jobs ?? []).filter(({ id }) => ids.includes(id));
        return ahead.length < ids.length ? [] : [[jobId, ahead]];
    });
    return new Map(turns);
}
function mayHold(job, files, watches) {
    return watches.some(({ by }) => files.some((file) => by.kind !== 'started jobs' || orCareful(() => mayBeIn(file, job, by.environment), true)));
}
function isAboutToRun(jobs, files) {
    const held = files.map((file) => new Set(orCareful(() => jobsHeldUp(file, jobs), [])));
    return jobs.some((job) => UNDER_WAY.includes(job.status) && !held.every((one) => one.has(job)));
}
function mayUse(files, { secret, by }) {
    return files.some((file) => file === undefined ||
        orCareful(() => by.kind === 'started jobs' ? mayReadEnvironment(file, secret, by.environment) : usesSecret(file, secret), true));
}
const UNDER_WAY = ['in_progress', 'queued', 'pending', 'requested'];
function elapsedOf(read, inProgress, now) {
    const { run, jobs } = read;
    const isInProgress = run.status === 'in_progress';
    if (jobs === undefined || !(isInProgress || (run.status === 'waiting' && inProgress.length > 0)))
        return 0;
    if (jobs.length === 0)
        return Math.max(0, (now - run.startedAt) / run_facts_MINUTE) || 0;
    const ended = jobs.filter(({ status }) => status === 'completed');
    return leastMinutes(read, (work) => inProgress.length > 0
        ? Math.min(...inProgress.map((job) => work.atStart(job) + now - Math.max(job.startedAt, run.startedAt)))
        : Math.max(0, ...ended.map((job) => work.atEnd(job))));
}
function elapsedBefore(read, jobId) {
    const job = read.jobs?.find(({ id }) => id === jobId);
    return job === undefined ? 0 : leastMinutes(read, (work) => work.before(job));
}
const works = new WeakMap();
function leastMinutes(read, workedFor) {
    const { run, jobs = [], files } = read;
    const known = works.get(read) ?? files.map((file) => new WorkDone(file, jobs, run.startedAt));
    works.set(read, known);
    return Math.max(0, Math.min(...known.map((work) => orCareful(() => workedFor(work), 0))) / run_facts_MINUTE) || 0;
}
function boundBy(files, longest) {
    const bound = Math.max(...files.map((file) => orCareful(() => longest(file), undefined) ?? Number.NaN));
    return Number.isNaN(bound) ? undefined : bound;
}

;// CONCATENATED MODULE: ./lib/src/2-look/queues.js




async function readAhead(reads, runs, details) {
    const known = new Map(reads.map((read) => [read.run.id, read]));
    for (let waiting = reads; waiting.length > 0;) {
        const ids = new Set(waiting.flatMap((read) => read.waits.flatMap((wait) => aheadOf(read.run, wait, runs))));
        const unread = runs.filter(({ id }) => ids.has(id) && !known.has(id));
        waiting = await Promise.all(unread.map((run) => readOneAhead(run, details)));
        for (const read of waiting)
            known.set(read.run.id, read);
    }
    return known;
}
async function readOneAhead(run, details) {
    return readProgress(await readSource(run, details), details, { jobs: false, waits: true });
}
const aheadOf = (run, wait, runs) => membersAhead(run, wait, runs).map(({ runId }) => runId);
function membersAhead(run, { jobId, line }, runs) {
    if (line === 'unknown')
        return [];
    if (line === 'refused')
        return olderThan(run, runs);
    const place = line.members.findIndex((one) => one.runId === run.id && one.jobId === jobId);
    return line.members.slice(0, place).filter(({ runId }) => runId !== run.id);
}
function olderThan({ id, workflowId, startedAt }, runs) {
    const older = runs.filter((one) => one.workflowId === workflowId && (one.startedAt - startedAt || one.id - id) < 0);
    if (older.length > limits/* MAX_LINE */.M)
        return [];
    return older.map((one) => ({ runId: one.id, jobId: undefined, isPending: one.status === 'pending' }));
}
class Queues {
    #reads;
    #runs;
    #ownRunId;
    #now;
    #places = new Map();
    #works = new Map();
    constructor(reads, runs, ownRunId, now) {
        this.#reads = reads;
        this.#runs = runs;
        this.#ownRunId = ownRunId;
        this.#now = now;
    }
    of(read) {
        const known = this.#places.get(read);
        if (known !== undefined)
            return known;
        this.#places.set(read, [{ ...UNKNOWN_PLACE, group: undefined }]);
        const places = read.waits.flatMap((wait) => this.#place(read, wait) ?? []);
        this.#places.set(read, places);
        return places;
    }
    waitsForOwnRun({ run, waits }) {
        return waits.some((wait) => aheadOf(run, wait, this.#runs).includes(this.#ownRunId));
    }
    #place(read, wait) {
        const { jobId, line } = wait;
        const isKnown = typeof line !== 'string';
        const group = isKnown ? line.group : undefined;
        const byRun = Map.groupBy(membersAhead(read.run, wait, this.#runs), ({ runId }) => runId);
        if (byRun.size === 0)
            return isKnown ? undefined : { ...UNKNOWN_PLACE, group };
        const job = jobOf(read, jobId);
        const isInFile = jobId === undefined ? read.run.status === 'pending' : job !== undefined;
        return {
            group,
            elapsed: jobId === undefined ? 0 : elapsedBefore(read, jobId),
            ahead: [...byRun].map(([runId, members]) => this.#ahead(this.#reads.get(runId), members, group)),
            isGuess: !isKnown && !(jobId === undefined && inAll(read, hasFixedGroup)),
            cancelsAhead: isInFile && inAll(read, (file) => cancelsAhead(file, job)),
        };
    }
    #ahead(read, members, group) {
        if (read === undefined)
            return UNKNOWN_RUN;
        const work = this.#work(read);
        const isHolder = members[0]?.isPending === false;
        const jobs = members.map(({ jobId }) => jobOf(read, jobId)).filter((job) => job !== undefined);
        const areJobs = jobs.length === members.length && inAll(read, (file) => jobs.every((job) => hasOwnSteps(file, job)));
        const queues = isHolder && !areJobs && group !== undefined ? this.#otherPlaces(read, group) : [];
        if (!areJobs)
            return { ...work, queues, waitsForApproval: waitsForApproval(read), most: undefined };
        const bound = boundBy(read.files, (file) => longestInTurn(file, jobs, this.#now));
        const isRunning = jobs.length === 1 && jobs[0]?.status === 'in_progress';
        return {
            ...work,
            elapsed: isHolder ? work.elapsed : Math.min(...jobs.map(({ id }) => elapsedBefore(read, id))),
            bound: bound ?? work.bound,
            queues,
            waitsForApproval: jobs.some(({ status }) => status === 'waiting'),
            most: isRunning ? bound : undefined,
        };
    }
    #otherPlaces(read, group) {
        return this.of(read).filter((place) => place.group !== group);
    }
    #work(read) {
        const known = this.#works.get(read);
        if (known !== undefined)
            return known;
        const work = workOf(read, this.#now);
        const isOwn = read.run.id === this.#ownRunId;
        this.#works.set(read, isOwn ? { ...work, defersNothing: true } : work);
        return this.#work(read);
    }
}
const jobOf = ({ jobs }, jobId) => jobId === undefined ? undefined : jobs?.find(({ id }) => id === jobId);
const inAll = ({ files }, holds) => files.every((file) => orCareful(() => holds(file), false));
const UNKNOWN_PLACE = { elapsed: 0, ahead: undefined, isGuess: true, cancelsAhead: false };
const UNKNOWN_RUN = {
    elapsed: 0,
    history: [],
    bound: undefined,
    mayPause: false,
    defersNothing: false,
    queues: [],
    waitsForApproval: false,
    most: undefined,
};

;// CONCATENATED MODULE: ./lib/src/2-look/run-details.js

const MAX_DETAILS = 100;
const LARGEST_FILE = 256 * 1024;
const MOST_ALIASES = 1000;
const OTHER_LINE_BREAKS = /[\u0085\u2028\u2029]/;
const QUIET = { logLevel: 'error', resolveKnownTags: false, uniqueKeys: false, prettyErrors: false };
class RunDetails {
    #runs;
    #repository;
    #asked = {
        file: new Asked(),
        history: new Asked(),
        jobs: new Asked(),
        environment: new Asked(),
        places: new Asked(),
        members: new Asked(),
    };
    filesRefused = false;
    constructor(runs, repository) {
        this.#runs = runs;
        this.#repository = repository;
    }
    get areCut() {
        return Object.values(this.#asked).some(({ isCut }) => isCut);
    }
    file(path, ref) {
        return this.#asked.file.once(`${path} ${ref}`, undefined, async () => {
            const text = await this.#runs.file(this.#repository, path, ref).catch((error) => {
                this.filesRefused ||= error instanceof github_ask/* GitHubError */.y_ && error.status === 403;
                throw error;
            });
            const { parse } = await __nccwpck_require__.e(/* import() */ 815).then(__nccwpck_require__.t.bind(__nccwpck_require__, 8815, 19));
            return text === undefined || isUnsafe(text) ? undefined : parse(text, QUIET);
        });
    }
    history(workflowId) {
        return this.#asked.history.once(workflowId, [], () => this.#runs.history(this.#repository, workflowId));
    }
    jobs(runId) {
        return this.#asked.jobs.once(runId, undefined, () => this.#runs.jobs(this.#repository, runId));
    }
    places(runId) {
        const ask = () => this.#runs.groupPlaces(this.#repository, runId);
        return this.#asked.places.once(runId, 'refused', ask, 'unknown');
    }
    members(group) {
        if (group === '.' || group === '..')
            return Promise.resolve('unknown');
        const ask = () => this.#runs.groupMembers(this.#repository, group);
        return this.#asked.members.once(group.toLowerCase(), 'refused', ask, 'unknown');
    }
    mayPause(environment) {
        if (environment === '.' || environment === '..')
            return Promise.resolve(true);
        return this.#asked.environment.once(environment.toLowerCase(), true, () => this.#runs.mayPause(this.#repository, environment));
    }
}
class Asked {
    #answers = new Map();
    isCut = false;
    once(what, otherwise, ask, cut = otherwise) {
        const known = this.#answers.get(what);
        if (known !== undefined)
            return known;
        if (this.#answers.size >= MAX_DETAILS) {
            this.isCut = true;
            return Promise.resolve(cut);
        }
        const answer = (async () => ask())().catch(() => otherwise);
        this.#answers.set(what, answer);
        return answer;
    }
}
function isUnsafe(text) {
    return text.length > LARGEST_FILE || text.split('*').length > MOST_ALIASES || OTHER_LINE_BREAKS.test(text);
}

;// CONCATENATED MODULE: ./lib/src/2-look/look-at-runs.js








const NO_FILES = 'The credential for GitHub may not read the workflow files, so every run counts as using the secret. Give it "Contents: read".';
const TOO_MANY_DETAILS = 'There are too many runs in flight to look at the files, the past and the jobs of each: the latest ones count as using the secret, for as long as can be.';
async function lookAtRuns(watching, looking) {
    const listed = new Map();
    const list = ({ repository }) => {
        const name = fullName(repository).toLowerCase();
        const known = listed.get(name) ?? listRuns(repository, looking);
        listed.set(name, known);
        return known;
    };
    for (const one of watching)
        one.then(({ watches }) => watches.forEach(list)).catch(() => { });
    const watched = await Promise.all(watching);
    const watches = watched.flatMap((one) => one.watches);
    const groups = Map.groupBy(watches, ({ repository }) => fullName(repository).toLowerCase());
    const seen = await Promise.all([...groups.values()].map(async (group) => {
        const listing = list(group[0]);
        return holdersAmong(listing, group, looking).catch(async (error) => notUnderstood(await listing.all, error));
    }));
    const lists = await Promise.all([...listed.values()].map(({ all }) => all));
    const odd = seen.flatMap(({ listed: one }) => one ?? []);
    const gaps = [...watched.flatMap(({ gap }) => gap ?? []), ...gapsIn([...lists, ...odd])];
    const unread = new Set(lists.filter(({ error }) => error !== undefined).map(({ repository }) => repository));
    return {
        at: looking.now(),
        holders: seen.flatMap(({ holders }) => holders),
        ids: new Set(seen.flatMap(({ ids }) => ids)),
        watches: watches.filter(({ repository }) => !unread.has(repository)),
        busy: new Set(lists.filter(({ isBusy }) => isBusy).map(({ repository }) => fullName(repository).toLowerCase())),
        ...noteOn(seen),
        ...(gaps.length > 0 ? { gap: gaps.join(' ') } : {}),
    };
}
function lookAgain(first, looking, writtenAt = looking.now()) {
    return lookAtRuns([Promise.resolve({ watches: first.watches })], { ...looking, since: { first, writtenAt } });
}
function noteOn(seen) {
    if (seen.some(({ filesRefused }) => filesRefused))
        return { note: NO_FILES };
    return seen.some(({ areCut }) => areCut) ? { note: TOO_MANY_DETAILS } : {};
}
function listRuns(repository, { runs, now, since }) {
    const { newest, all } = runs.inFlight(repository, now, since?.first.busy.has(fullName(repository).toLowerCase()));
    return {
        newest,
        all: all.then((found) => ({ repository, ...found }), (error) => ({ repository, runs: [], isComplete: true, isBusy: false, error })),
    };
}
function gapsIn(listed) {
    const failed = listed.filter(({ error }) => error !== undefined);
    const byCause = Map.groupBy(failed, ({ error }) => causeOf(error));
    const unread = [...byCause].map(([cause, all]) => `The runs of ${namesOf(all)} could not be read: ${cause}`);
    const cut = listed.filter(({ isComplete }) => !isComplete);
    if (cut.length === 0)
        return unread;
    return [...unread, `There are more runs in flight in ${namesOf(cut)} than GitHub lists, so some were not looked at.`];
}
const namesOf = (listed) => (0,problem/* someOf */.yU)(listed.map(({ repository }) => fullName(repository)), 5);
function causeOf(error) {
    if (!(error instanceof github_ask/* GitHubError */.y_))
        return 'an answer of GitHub was not as expected.';
    const { status, headers, message, failure } = error;
    const permission = headers['x-accepted-github-permissions'] ?? 'actions=read';
    const isForbidden = status === 403 && !(0,retry/* isLimit */.S4)(failure) && !(0,explain_github/* isSignOn */.DN)(error);
    const lacks = isForbidden || status === 404;
    return `${(0,problem/* oneLine */.TN)(message)}.${lacks ? ` The credential for GitHub lacks the permission ${(0,problem/* quote */.hD)(permission)} for it.` : ''}`;
}
function notUnderstood(listed, error) {
    const ids = listed.runs.map(({ id }) => id);
    return { holders: [], ids, filesRefused: false, areCut: false, listed: { ...listed, error } };
}
const MAX_EARLY_RUNS = MAX_DETAILS / 2;
async function holdersAmong({ newest, all }, watches, looking) {
    const { ownRunId, now, since } = looking;
    const repository = watches[0]?.repository;
    const details = new RunDetails(looking.runs, repository);
    const reading = new Map();
    const read = (runs) => {
        const candidates = runs.filter(({ id }) => id !== ownRunId && !reading.has(id));
        for (const run of candidates.sort((a, b) => a.createdAt - b.createdAt)) {
            const given = watches.filter(({ by }) => isGiven(run, by) && isNew(run, by, since));
            reading.set(run.id, given.length === 0 ? undefined : readHolder(run, given, details));
        }
    };
    const early = await newest;
    if (early.length <= MAX_EARLY_RUNS)
        read(early);
    const { runs } = await all;
    read(runs);
    const found = (await Promise.all(reading.values())).filter((holder) => holder !== undefined);
    const reads = await readAhead(found.map(({ read }) => read), runs, details);
    const at = now();
    const queues = new Queues(reads, runs, ownRunId, at);
    const view = { repository: fullName(repository), now: at, writtenAt: since?.writtenAt };
    const facts = found.map((holder) => {
        const { read } = holder;
        return factsOf(holder, { ...view, queues: queues.of(read), waitsForOwnRun: queues.waitsForOwnRun(read) });
    });
    return {
        holders: facts.filter((one) => one !== undefined),
        ids: runs.map(({ id }) => id),
        filesRefused: details.filesRefused,
        areCut: details.areCut,
    };
}
function isNew({ id, createdAt }, { kind }, since) {
    if (since === undefined)
        return true;
    const { first, writtenAt } = since;
    if (kind === 'started jobs')
        return !first.holders.some(({ runId }) => runId === id);
    return !first.ids.has(id) && createdAt <= writtenAt;
}
const fullName = ({ owner, repository }) => `${owner}/${repository}`;


/***/ }),

/***/ 50:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  R8: () => (/* binding */ NO_RUNS),
  xS: () => (/* binding */ factsOf),
  lA: () => (/* binding */ glimpseOf),
  Op: () => (/* binding */ look),
  vK: () => (/* binding */ lookingAt),
  ky: () => (/* binding */ runsOf),
  MP: () => (/* binding */ startLooking)
});

// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/services/log.js + 1 modules
var log = __nccwpck_require__(8551);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-copies.js
var look_at_copies = __nccwpck_require__(702);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-key.js
var look_at_key = __nccwpck_require__(6832);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-runs.js + 9 modules
var look_at_runs = __nccwpck_require__(762);
// EXTERNAL MODULE: ./lib/src/2-look/staleness.js
var staleness = __nccwpck_require__(151);
// EXTERNAL MODULE: ./lib/src/2-look/watches.js
var watches = __nccwpck_require__(4110);
;// CONCATENATED MODULE: ./lib/src/2-look/who-issued.js

async function runsUntil(issuedAt, { runs }, { runId, repository, workflowFile }) {
    if (repository === undefined)
        return undefined;
    try {
        const own = await runs.workflowOf(repository, runId).catch(() => workflowFile);
        if (own === undefined)
            return undefined;
        return await runs.pastRuns(repository, own, new Date(issuedAt + staleness/* CLOCK_ALLOWANCE */.UL));
    }
    catch {
        return undefined;
    }
}
function issuerAmong(runs, ownRunId, issuedAt) {
    return issuersAmong(runs, ownRunId, issuedAt).length > 0 ? 'this workflow' : 'something else';
}
function repeatedFailure(runs, ownRunId, issuedAt) {
    const newestFirst = runs.toSorted((a, b) => b.createdAt - a.createdAt);
    const [issuer] = issuersAmong(newestFirst, ownRunId, issuedAt);
    if (issuer === undefined || !issuer.hasFailed)
        return undefined;
    const before = newestFirst[newestFirst.indexOf(issuer) + 1];
    return before?.hasFailed ? issuer : undefined;
}
function issuersAmong(runs, ownRunId, issuedAt) {
    const mayHaveIssued = ({ attempt, createdAt, startedAt, endedAt }) => (attempt > 1 ? createdAt : startedAt) - staleness/* CLOCK_ALLOWANCE */.UL <= issuedAt && issuedAt <= endedAt + staleness/* CLOCK_ALLOWANCE */.UL;
    return runs.filter((run) => (run.id !== ownRunId || run.attempt > 1) && mayHaveIssued(run));
}

// EXTERNAL MODULE: ./lib/src/2-look/writable.js
var _2_look_writable = __nccwpck_require__(9681);
;// CONCATENATED MODULE: ./lib/src/2-look/look.js










async function look(wanted, { incident, github }, context, { withRuns = true, asking, whenFailed } = {}) {
    const { destinations } = wanted;
    const shared = startLooking(destinations, github, context);
    const finding = asking === undefined ? (0,look_at_key/* lookAtKey */.C)(wanted.key, incident, context) : Promise.resolve(asking);
    const copying = [...shared.copying.values()];
    const work = (0,problem/* allOrProblems */.Xd)([
        finding,
        (0,_2_look_writable/* copiesOf */.lS)(copying, wanted.force),
        withRuns ? runsOf(destinations, shared, github, context) : Promise.resolve(NO_RUNS),
    ]);
    try {
        const [found, copies, runs] = await (0,log/* whileSaying */.VT)('Looking', () => shared.seen() < destinations.length
            ? `Looking: ${shared.seen()} of ${destinations.length} destinations, and the runs in flight.`
            : 'Waiting for incident.io, or for what GitHub tells of the runs in flight.', work);
        return { ...(await factsOf(found, copies, wanted.force, { incident, github }, context)), runs };
    }
    catch (error) {
        const found = await finding.catch(() => undefined);
        whenFailed?.(await glimpseOf(found?.key, copying, incident));
        throw error;
    }
}
async function glimpseOf(key, copying, { time }) {
    const settled = await Promise.allSettled(copying);
    const copies = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return { key, issuedAt: Date.parse(key?.issuedAt ?? '') - time.offset, copies };
}
function startLooking(destinations, github, context, named = destinations) {
    const copying = new Map((0,look_at_copies/* lookAtCopies */.g8)(destinations, github, context, named).map((copy, index) => [destinations[index], copy]));
    const organizations = new Set(destinations.filter(src_destination/* isOfOrganization */.v).map(({ owner }) => owner.toLowerCase())).size;
    const shares = { writes: destinations.length, organizations, lists: new watches/* OrganizationLists */.z_(github.places) };
    let seen = 0;
    for (const copy of copying.values())
        copy.finally(() => seen++).catch(() => { });
    return { copying, shares, named, seen: () => seen };
}
const NO_RUNS = { at: 0, holders: [], ids: new Set(), watches: [], busy: new Set() };
function runsOf(destinations, { copying, shares }, github, context) {
    const watching = destinations.map((destination) => watchesFor(destination, copying.get(destination), shares, github));
    return (0,look_at_runs/* lookAtRuns */.x)(watching, lookingAt(github, context));
}
async function factsOf({ caller, key }, copies, isForced, { incident, github }, context) {
    const writable = await (0,_2_look_writable/* withinRateLimits */.m6)(copies, github, isForced);
    const issuedAt = Date.parse(key.issuedAt) - incident.time.offset;
    const facts = { caller, key, issuedAt, ...writable, writesAhead: 0, runs: NO_RUNS };
    return { ...facts, ...(await repairFacts(facts, isForced, github, context)) };
}
async function repairFacts({ copies, issuedAt }, isForced, github, context) {
    const asksWho = (0,staleness/* areAllStale */.bx)(copies, issuedAt);
    const isRepair = copies.some((copy) => (0,staleness/* stateOf */.L4)(copy, issuedAt) !== 'current');
    const isYoung = isRepair && !isForced && context.now() - issuedAt < REPAIR_PAUSE;
    if (!asksWho && !isYoung)
        return { issuer: undefined, failedRepair: undefined };
    const at = issuedAt + github.time.offset;
    const runs = await runsUntil(at, github, context);
    return {
        issuer: asksWho ? (runs === undefined ? 'unknown' : issuerAmong(runs, context.runId, at)) : undefined,
        failedRepair: isYoung && runs !== undefined ? repeatedFailure(runs, context.runId, at)?.url : undefined,
    };
}
const REPAIR_PAUSE = 6 * 60 * 60_000;
function lookingAt(github, { now, runId }) {
    return { runs: github.runs, ownRunId: runId, now: () => now() + github.time.offset };
}
async function watchesFor(destination, copying, shares, github) {
    if (!(0,src_destination/* isOfOrganization */.v)(destination))
        return (0,watches/* watchesOf */.Jw)(destination);
    if ((0,watches/* holdersOf */.pW)(destination) === undefined)
        return { watches: [] };
    const copy = await copying?.catch(() => undefined);
    if (copy === undefined)
        return { watches: [], gap: `Who can read ${(0,src_destination/* nameOf */.Vb)(destination)} could not be seen.` };
    if (copy.writtenAt === undefined)
        return { watches: [] };
    return (0,watches/* watchesOfOrganization */.ks)(destination, copy.visibility?.level, copy.selected ?? [], shares, github);
}


/***/ }),

/***/ 5735:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ nearMisses),
/* harmony export */   H: () => (/* binding */ nearSecret)
/* harmony export */ });
/* harmony import */ var _1_read_nearest_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4955);
/* harmony import */ var _1_read_similar_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(5860);
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7194);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);
/* harmony import */ var _explain_github_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(176);





function nearSecret({ destination, otherNames = [], }) {
    const lower = otherNames.map((name) => name.toLowerCase());
    const near = (0,_1_read_nearest_js__WEBPACK_IMPORTED_MODULE_0__/* .nearest */ .p)(destination.secret, lower);
    return near === undefined ? undefined : otherNames[lower.indexOf(near)];
}
function nearMisses(copies) {
    return copies.flatMap(({ destination, otherNames = [] }) => {
        const similar = otherNames.filter((name) => (0,_1_read_similar_js__WEBPACK_IMPORTED_MODULE_4__/* .isSimilar */ .S)(name, destination.secret));
        if (similar.length === 0)
            return [];
        return [
            (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_3__/* .cannotPrepare */ .bd)(destination, {
                cause: `it does not exist, and ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_1__/* .placeOf */ .$t)(destination)} holds a secret with a similar name`,
                remedy: `Did you mean ${similar.map(_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD).join(' or ')}? Nothing was changed. Correct the name. If you mean a new secret, run once with "force: true".`,
            }),
        ];
    });
}


/***/ }),

/***/ 151:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L4: () => (/* binding */ stateOf),
/* harmony export */   UL: () => (/* binding */ CLOCK_ALLOWANCE),
/* harmony export */   bx: () => (/* binding */ areAllStale)
/* harmony export */ });
const CLOCK_ALLOWANCE = 2000;
function stateOf({ updatedAt }, issuedAt) {
    if (updatedAt === undefined)
        return 'missing';
    return updatedAt + CLOCK_ALLOWANCE < issuedAt ? 'stale' : 'current';
}
function areAllStale(copies, issuedAt) {
    const states = copies.map((copy) => stateOf(copy, issuedAt));
    return states.includes('stale') && !states.includes('current');
}


/***/ }),

/***/ 4110:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Jw: () => (/* binding */ watchesOf),
/* harmony export */   ks: () => (/* binding */ watchesOfOrganization),
/* harmony export */   pW: () => (/* binding */ holdersOf),
/* harmony export */   vE: () => (/* binding */ notesOn),
/* harmony export */   z_: () => (/* binding */ OrganizationLists)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_github_client_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(4421);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);



const MOST_REPOSITORIES = 1000;
function holdersOf({ kind, environment = '' }) {
    switch (kind) {
        case 'repository':
        case 'organization':
            return { kind: 'runs' };
        case 'environment':
            return { kind: 'started jobs', environment };
        case 'dependabot':
            return { kind: 'dependabot runs' };
        case 'agents':
            return { kind: 'agent runs' };
        case 'codespaces':
            return undefined;
    }
}
function watchesOf(destination) {
    const { owner, repository, secret } = destination;
    const by = holdersOf(destination);
    if (by === undefined || repository === undefined)
        return { watches: [] };
    return { watches: [{ repository: { owner, repository }, secret, by }] };
}
async function watchesOfOrganization(destination, visibility, selected, shares, github) {
    const { owner, secret } = destination;
    const by = holdersOf(destination);
    if (by === undefined || visibility === undefined)
        return { watches: [] };
    try {
        const access = await github.access(owner);
        const { repositories: all, count } = visibility === 'selected' ? { repositories: selected, count: undefined } : await shares.lists.get(owner);
        const readers = all.filter(({ isArchived, isPublic }) => !isArchived && !(visibility === 'private' && isPublic));
        const seen = readers.slice(0, affordable(access, shares));
        const gaps = [
            leftOutOf(readers.length, seen.length, destination),
            visibility === 'selected' ? undefined : unseenBy(access, (count ?? 0) - all.length, destination),
        ].filter((gap) => gap !== undefined);
        const watches = seen.map((reader) => ({
            repository: { owner: reader.owner, repository: reader.repository },
            secret,
            by,
        }));
        return { watches, ...(gaps.length > 0 ? { gap: gaps.join(' ') } : {}) };
    }
    catch (error) {
        const cause = error instanceof Error ? (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .oneLine */ .TN)(error.message) : 'no answer';
        return { watches: [], gap: `The repositories that can read ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination)} could not be listed: ${cause}.` };
    }
}
class OrganizationLists {
    #places;
    #lists = new Map();
    constructor(places) {
        this.#places = places;
    }
    get(organization) {
        const name = organization.toLowerCase();
        const list = this.#lists.get(name) ?? this.#list(organization);
        this.#lists.set(name, list);
        return list;
    }
    async #list(organization) {
        const [repositories, count] = await Promise.all([
            this.#places.repositoriesOf(organization),
            this.#places.countOf(organization).catch(() => undefined),
        ]);
        return { repositories, count };
    }
}
function affordable({ by, budget }, { writes, organizations }) {
    const remaining = budget?.remaining ?? Number.POSITIVE_INFINITY;
    const sharing = by === 'app' ? 1 : organizations;
    const each = Math.floor((remaining - (0,_services_github_client_js__WEBPACK_IMPORTED_MODULE_1__/* .keptFor */ .eG)(writes)) / 2 / sharing);
    return Math.min(MOST_REPOSITORIES, Math.max(0, each));
}
function leftOutOf(all, seen, destination) {
    if (seen === all)
        return undefined;
    const why = seen === MOST_REPOSITORIES ? `${MOST_REPOSITORIES} are the most` : "because of GitHub's rate limit";
    return `${all - seen} of the ${all} repositories that can read ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination)} were not looked at: ${why}.`;
}
function unseenBy({ by, scopes, seesAllRepositories }, hidden, destination) {
    const unseen = `so runs of others that can read ${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination)} could not be seen.`;
    if (!seesAllRepositories) {
        return `The GitHub App is installed for selected repositories of ${destination.owner} only, ${unseen}`;
    }
    if (by === 'classic token' && scopes !== undefined && !scopes.includes('repo')) {
        return `The classic token lacks the scope repo and is shown public repositories only, ${unseen}`;
    }
    if (hidden > 0)
        return `The token is not shown ${hidden} of the repositories of ${destination.owner}, ${unseen}`;
    return undefined;
}
function notesOn(destinations) {
    const codespaces = destinations.filter(({ kind }) => kind === 'codespaces');
    if (codespaces.length === 0)
        return [];
    return [
        `A codespace that is open keeps the value it was given until it is stopped and resumed: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .someOf */ .yU)(codespaces.map(_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb), 5)}.`,
    ];
}


/***/ }),

/***/ 1108:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   v: () => (/* binding */ whyIgnored)
/* harmony export */ });
/* harmony import */ var _1_read_event_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6785);

async function whyIgnored(event, key, { runs }, { runId }) {
    if (event === undefined)
        return undefined;
    if (!(0,_1_read_event_js__WEBPACK_IMPORTED_MODULE_0__/* .isAbout */ .KH)(event, key.id))
        return { key, because: { kind: 'another-key' } };
    const named = (0,_1_read_event_js__WEBPACK_IMPORTED_MODULE_0__/* .runNamedIn */ .gP)(event.userAgent);
    if (named === undefined || named.runId === runId)
        return undefined;
    const { owner, repository } = named.repository;
    const isAtWork = await runs.isInProgress(named.repository, named.runId).catch(() => undefined);
    return isAtWork ? { key, because: { kind: 'at-work', run: `${owner}/${repository}#${named.runId}` } } : undefined;
}


/***/ }),

/***/ 9681:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Og: () => (/* binding */ placeIdOf),
/* harmony export */   lS: () => (/* binding */ copiesOf),
/* harmony export */   m6: () => (/* binding */ withinRateLimits)
/* harmony export */ });
/* harmony import */ var _services_github_client_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4421);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);
/* harmony import */ var _explain_github_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(176);
/* harmony import */ var _look_at_copies_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(702);
/* harmony import */ var _near_secrets_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(5735);





async function copiesOf(copying, isForced, areFilled = true) {
    const settled = await Promise.allSettled(copying);
    const reasons = settled.flatMap((one) => (one.status === 'rejected' ? (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .errorsIn */ .R4)(one.reason) : []));
    const archived = reasons.flatMap((error) => (error instanceof _look_at_copies_js__WEBPACK_IMPORTED_MODULE_3__/* .Archived */ .t5 ? [error.destination] : []));
    const copies = once(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const misses = isForced || !areFilled ? [] : (0,_near_secrets_js__WEBPACK_IMPORTED_MODULE_4__/* .nearMisses */ .B)(copies);
    const errors = [...reasons.filter((error) => !(error instanceof _look_at_copies_js__WEBPACK_IMPORTED_MODULE_3__/* .Archived */ .t5)), ...misses];
    const passedOver = isForced ? errors.filter((error) => error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF) : [];
    const isNothingLeft = copies.length === 0 && passedOver.length > 0;
    if (isNothingLeft || passedOver.length < errors.length)
        throw errors.length === 1 ? errors[0] : new AggregateError(errors);
    return { copies, passedOver, archived };
}
function once(copies) {
    const first = new Map(copies.toReversed().map((copy) => [placeIdOf(copy), copy]));
    return copies.filter((copy) => first.get(placeIdOf(copy)) === copy);
}
function placeIdOf({ destination, repositoryId }) {
    const { kind, owner, repository, environment, secret } = destination;
    const place = repositoryId ?? `${owner}/${repository}`;
    return JSON.stringify([kind, place, environment, secret]).toLowerCase();
}
async function withinRateLimits({ copies, passedOver, archived }, github, isForced) {
    const accesses = await Promise.all(copies.map(({ destination }) => github.access(destination.owner)));
    const groups = [...Map.groupBy(copies, (copy) => accesses[copies.indexOf(copy)])].map(([access, group]) => ({
        access,
        group,
        lacking: lackOfRequests(access, group, isForced),
    }));
    const lacking = groups.flatMap((one) => one.lacking);
    const affordable = groups.filter((one) => one.lacking.length === 0);
    if (lacking.length > 0 && (!isForced || affordable.length === 0))
        throw new AggregateError(lacking);
    return {
        copies: affordable.flatMap(({ group }) => group),
        passedOver: [...passedOver, ...lacking],
        archived,
        credentials: affordable.map(({ access, group }) => ({
            access,
            owners: [...new Set(group.map(({ destination }) => destination.owner.toLowerCase()))],
            writes: group.length,
        })),
    };
}
function lackOfRequests({ budget }, group, isForced) {
    const needed = group.length * (isForced ? 1 : _services_github_client_js__WEBPACK_IMPORTED_MODULE_0__/* .REQUESTS_PER_WRITE */ .X4);
    if (budget === undefined || budget.remaining >= needed)
        return [];
    return group.map(({ destination }) => tooFewRequests(budget, needed, destination, isForced));
}
function tooFewRequests({ remaining, resetAt }, needed, destination, isForced) {
    const reset = Math.abs(resetAt) < 8.64e15 ? ` until ${new Date(resetAt).toISOString()}` : '';
    return (0,_explain_github_js__WEBPACK_IMPORTED_MODULE_2__/* .cannotPrepare */ .bd)(destination, {
        cause: `too few requests are left at GitHub: x-ratelimit-remaining is ${remaining}${reset}, and ${needed} are needed to be sure of the writes`,
        remedy: `${isForced ? '' : 'Nothing was changed. '}Run again after the limit is reset, or use a credential with a limit of its own.`,
    });
}


/***/ }),

/***/ 6593:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   n: () => (/* binding */ archivedInWords)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);


function archivedInWords(archived) {
    const are = archived.length === 1 ? 'is in an archived repository' : 'are in archived repositories';
    return (`${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(archived.map(_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb), 5)} ${are}, where nothing runs and no secret can be written, so ` +
        `${archived.length === 1 ? 'it was' : 'they were'} left out. Remove ${archived.length === 1 ? 'it' : 'them'} from the destinations.`);
}


/***/ }),

/***/ 8207:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   LD: () => (/* binding */ decide),
/* harmony export */   T$: () => (/* binding */ takesTurns),
/* harmony export */   cY: () => (/* binding */ decideOnNew),
/* harmony export */   hi: () => (/* binding */ lackingRoles),
/* harmony export */   v$: () => (/* binding */ mayRotate)
/* harmony export */ });
/* harmony import */ var _2_look_staleness_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(151);
/* harmony import */ var _grace_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1679);
/* harmony import */ var _needs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8583);
/* harmony import */ var _self_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(5893);




const EARLY_SHARE = 0.1;
const MOST_EARLY = 6 * 60 * 60 * 1000;
function decide(inputs, facts, now) {
    const { age, states, because } = reasonOf(inputs, facts, now);
    const isDue = isReasonToRotate(because);
    const needs = (0,_needs_js__WEBPACK_IMPORTED_MODULE_1__/* .needsOf */ .hN)(facts.runs.holders);
    const sawAll = facts.runs.gap === undefined && !(0,_self_js__WEBPACK_IMPORTED_MODULE_2__/* .rotatesItself */ .m)(facts);
    const grace = (0,_grace_js__WEBPACK_IMPORTED_MODULE_0__/* .graceFor */ .WF)(needs, sawAll, {
        asked: inputs.grace,
        least: inputs.minGraceMinutes,
        writes: facts.writesAhead + Math.max(0, ...facts.credentials.map(({ writes }) => writes)),
    });
    const yields = isDue && grace.tooLong.length > 0 && mayYield(inputs, because);
    const isRefused = because.kind === 'repair-paused' || (isDue && takesTurns(inputs, facts));
    const action = isRefused ? 'refuse' : !isDue ? 'skip' : yields ? yieldTo(inputs, age) : 'rotate';
    const worthWaiting = yields ? grace.tooLong.filter(({ waitsForOwnRun }) => !waitsForOwnRun) : [];
    return { action, because, needs, grace, yields, worthWaiting, states };
}
function mayRotate(inputs, facts, now) {
    return isReasonToRotate(reasonOf(inputs, facts, now).because);
}
function reasonOf(inputs, facts, now) {
    const states = facts.copies.map((copy) => (0,_2_look_staleness_js__WEBPACK_IMPORTED_MODULE_3__/* .stateOf */ .L4)(copy, facts.issuedAt));
    const age = Math.max(0, now - facts.issuedAt);
    const isNothingLeft = facts.copies.length === 0 && facts.archived.length > 0;
    const because = isNothingLeft
        ? { kind: 'archived' }
        : reasonFor(inputs, states, age, facts.failedRepair !== undefined);
    return { age, states, because };
}
const NO_REASONS = ['young', 'only-heals', 'answered', 'archived', 'repair-paused'];
function isReasonToRotate({ kind }) {
    return !NO_REASONS.includes(kind);
}
function mayYield({ grace, force }, because) {
    return grace === 'auto' && !force && !(because.kind === 'healing' && because.stale > 0);
}
const TURN = 2 * 60 * 60 * 1000;
function takesTurns({ force }, { copies, issuedAt, issuer }) {
    const newest = Math.max(...copies.map(({ updatedAt }) => updatedAt ?? Number.NEGATIVE_INFINITY));
    return !force && issuer === 'something else' && issuedAt - newest < TURN;
}
function yieldTo({ longRuns, maxTokenAge }, age) {
    switch (longRuns) {
        case 'proceed':
            return 'rotate';
        case 'fail':
            return 'refuse';
        case 'defer':
            return maxTokenAge !== undefined && age > maxTokenAge ? 'rotate' : 'defer';
    }
}
function reasonFor(inputs, states, age, isPaused) {
    if (inputs.force)
        return { kind: 'forced' };
    const stale = states.filter((state) => state === 'stale').length;
    const missing = states.filter((state) => state === 'missing').length;
    if (stale + missing === 0)
        return reasonByAge(inputs, age);
    if (!isPaused)
        return { kind: 'healing', stale, missing };
    const byAge = reasonByAge(inputs, age);
    return isReasonToRotate(byAge) ? byAge : { kind: 'repair-paused', stale, missing };
}
function reasonByAge(inputs, age) {
    const { minTokenAge, maxTokenAge } = inputs;
    if (inputs.event !== undefined)
        return { kind: 'answered' };
    if (minTokenAge === 'never')
        return { kind: 'only-heals', age };
    if (maxTokenAge !== undefined && age > maxTokenAge)
        return { kind: 'overdue', age, maxTokenAge };
    const reached = minTokenAge - Math.min(minTokenAge * EARLY_SHARE, MOST_EARLY);
    return age >= reached ? { kind: 'due', age, minTokenAge } : { kind: 'young', age, dueIn: reached - age };
}
function decideOnNew({ copies }, minGraceMinutes) {
    const grace = { minutes: minGraceMinutes, longest: undefined, atRisk: [], tooLong: [] };
    const states = copies.map(({ writtenAt }) => (writtenAt === undefined ? 'missing' : 'stale'));
    return {
        action: 'rotate',
        because: { kind: 'missing-key' },
        needs: [],
        grace,
        yields: false,
        worthWaiting: [],
        states,
    };
}
function lackingRoles({ key, caller }) {
    if ((0,_self_js__WEBPACK_IMPORTED_MODULE_2__/* .rotatesItself */ .m)({ key, caller }))
        return [];
    const forAccount = new Set(caller.roles);
    const forTeams = new Set([...caller.roles, ...caller.teamRoles]);
    return [
        ...key.roles.filter((role) => !forAccount.has(role)),
        ...key.teamRoles.filter((role) => !forTeams.has(role)).map((role) => `${role} (for teams)`),
    ];
}


/***/ }),

/***/ 1679:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BX: () => (/* binding */ isAtRisk),
/* harmony export */   WF: () => (/* binding */ graceFor),
/* harmony export */   jS: () => (/* binding */ MARGIN),
/* harmony export */   o1: () => (/* binding */ writingMinutes)
/* harmony export */ });
/* harmony import */ var _services_pace_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7188);
/* harmony import */ var _needs_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8583);


const MARGIN = 2;
function graceFor(needs, sawAll, { asked, least, writes }) {
    const counted = needs.filter(({ waits }) => !waits);
    const longest = counted.reduce((most, need) => (need.safeMinutes > (most?.safeMinutes ?? 0) ? need : most), undefined);
    const needed = sawAll ? Math.ceil((longest?.safeMinutes ?? 0) + writingMinutes(writes) + MARGIN) : _needs_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_GRACE */ .yF;
    const minutes = asked === 'auto' ? Math.min(_needs_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_GRACE */ .yF, Math.max(least, needed)) : asked;
    return {
        minutes,
        longest,
        atRisk: needs.filter((need) => isAtRisk(need, minutes)),
        tooLong: counted.filter(({ likelyMinutes }) => likelyMinutes > _needs_js__WEBPACK_IMPORTED_MODULE_1__/* .LONGEST_GRACE */ .yF),
    };
}
function writingMinutes(writes) {
    return Math.max(0, writes - _services_pace_js__WEBPACK_IMPORTED_MODULE_0__/* .WRITES */ .lI.size) / _services_pace_js__WEBPACK_IMPORTED_MODULE_0__/* .WRITES */ .lI.aMinute;
}
function isAtRisk({ safeMinutes, by, waits, hasWaitingJob }, graceMinutes) {
    return waits || hasWaitingJob || by === 'nothing' || safeMinutes > graceMinutes;
}


/***/ }),

/***/ 7520:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ warningsOfLackingRoles)
/* harmony export */ });
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9644);
/* harmony import */ var _decide_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(8207);


function warningsOfLackingRoles(asking) {
    const lacking = (0,_decide_js__WEBPACK_IMPORTED_MODULE_1__/* .lackingRoles */ .hi)(asking);
    if (lacking.length === 0)
        return [];
    return [
        `The managing key lacks roles of the key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(asking.key.name)} by name: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .someOf */ .yU)(lacking)}. incident.io compares ` +
            'what the roles allow, and refuses, with nothing changed, when the other roles do not allow the same.',
    ];
}


/***/ }),

/***/ 8583:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  yF: () => (/* binding */ LONGEST_GRACE),
  hN: () => (/* binding */ needsOf)
});

// UNUSED EXPORTS: needFromHistory

// EXTERNAL MODULE: ./lib/src/limits.js
var limits = __nccwpck_require__(7652);
;// CONCATENATED MODULE: ./lib/src/3-decide/still-needed.js
const MISS = 0.0015;
const TAIL = 6;
function stillNeeded(history, elapsed, miss = MISS, tailLength = TAIL) {
    const durations = history.filter((minutes) => minutes > 0 && minutes < Infinity).sort((a, b) => b - a);
    const past = Math.max(0, elapsed);
    const longer = durations.filter((minutes) => minutes > past).length;
    const longest = durations[0];
    if (longest === undefined || longer === 0)
        return undefined;
    const tail = durations.slice(0, tailLength);
    const start = durations[tailLength] ?? 0;
    const spread = tail.reduce((sum, minutes) => sum + minutes - start, 0);
    const from = Math.max(start, past);
    const missBeyond = past < start ? Math.min(1, (miss * longer) / tail.length) : miss;
    const beyond = (spread + from - start) * ((1 / missBeyond) ** (1 / tail.length) - 1);
    return Math.max(from + beyond, longest) - past;
}

;// CONCATENATED MODULE: ./lib/src/3-decide/needs.js


const LONGEST_GRACE = 60;
function needsOf(runs) {
    const known = new Map();
    return runs.map((run) => {
        const { elapsed, history, bound, mayPause, defersNothing, queues, ...shown } = run;
        const { safe, likely, by, wait } = totalOf(run, known);
        return { ...shown, safeMinutes: safe, likelyMinutes: likely, by, waitMinutes: wait };
    });
}
function totalOf(work, known) {
    const lines = work.queues.map((place) => needInLine(work, place, known));
    if (lines.includes(undefined))
        return { ...UNKNOWN, wait: undefined };
    const ways = [{ ...ownNeed(work), wait: 0 }, ...lines];
    const longest = ways.reduce((most, way) => (way.safe > most.safe ? way : most));
    return {
        ...longest,
        likely: work.defersNothing ? 0 : Math.max(...ways.map(({ likely }) => likely)),
        ...(ways.some(({ by }) => by === 'nothing') && { by: 'nothing' }),
        ...(ways.some(({ wait }) => wait === undefined) && { wait: undefined }),
    };
}
function needInLine(work, { elapsed, ahead, isGuess, cancelsAhead }, known) {
    const needs = ahead?.map((run) => {
        const need = known.get(run) ?? needAhead(run, known);
        known.set(run, need);
        return cancelsAhead ? cutShort(need) : need;
    });
    if (needs === undefined)
        return undefined;
    const own = ownNeed({ ...work, elapsed });
    const wait = needs.reduce((sum, { safe }) => sum + safe, 0);
    const likely = isGuess ? own.likely : needs.reduce((sum, need) => sum + need.likely, own.likely);
    const isWaitUnknown = needs.some(({ by }) => by === 'nothing');
    if (!isWaitUnknown && own.by !== 'nothing')
        return { safe: wait + own.safe, likely, by: own.by, wait };
    const safe = Math.max(LONGEST_GRACE, wait + own.safe);
    return { safe, likely, by: 'nothing', wait: isWaitUnknown ? undefined : wait };
}
function needAhead(run, known) {
    const need = run.waitsForApproval ? UNKNOWN : totalOf(run, known);
    return run.most === undefined ? need : limitTo(run.most, need);
}
const cutShort = (need) => limitTo(limits/* MAX_CLEANUP */.w, need);
function limitTo(minutes, { safe, likely, by }) {
    return {
        safe: Math.min(safe, minutes),
        likely: Math.min(likely, minutes),
        by: by === 'nothing' ? 'timeout' : by,
    };
}
const UNKNOWN = { safe: LONGEST_GRACE, likely: 0, by: 'nothing' };
function ownNeed({ elapsed, history, bound, mayPause, defersNothing }) {
    const known = needFromHistory(history, elapsed);
    if (known !== undefined) {
        const most = Math.max(LONGEST_GRACE, bound ?? Number.POSITIVE_INFINITY);
        const likely = mayPause ? (bound ?? 0) : Math.min(known.likely, bound ?? Number.POSITIVE_INFINITY);
        return {
            safe: Math.min(known.safe, most),
            likely: defersNothing ? 0 : Math.min(likely, known.likely),
            by: 'history',
        };
    }
    if (bound === undefined)
        return UNKNOWN;
    return { safe: bound, likely: defersNothing ? 0 : bound, by: 'timeout' };
}
function needFromHistory(history, elapsed) {
    const needed = stillNeeded(history, elapsed);
    if (needed === undefined)
        return undefined;
    const left = history
        .filter((minutes) => minutes > elapsed)
        .map((minutes) => minutes - elapsed)
        .sort((a, b) => a - b);
    const longest = left.at(-1) ?? 0;
    const median = left[Math.floor((left.length - 1) / 2)] ?? 0;
    return { safe: needed > LONGEST_GRACE ? Math.max(LONGEST_GRACE, longest) : needed, likely: median };
}


/***/ }),

/***/ 3539:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Kz: () => (/* binding */ sizeOfState),
/* harmony export */   Of: () => (/* binding */ refusalOf),
/* harmony export */   Ry: () => (/* binding */ LARGEST_STATE),
/* harmony export */   zr: () => (/* binding */ tooMuchUnfinished)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);
/* harmony import */ var _decide_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8207);
/* harmony import */ var _grace_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(1679);
/* harmony import */ var _self_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(5893);
/* harmony import */ var _too_long_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(6640);






const WRITE_MARGIN = 0.5;
const MINUTE = 60_000;
const LARGEST_STATE = 1_000_000;
const LONGEST_BOX = 400;
const ADVICE = 'Nothing was changed. Use a secret of the organization in the place of many of repositories, or a GitHub App that is ' +
    "installed in several accounts: GitHub's limits hold for each of them.";
function refusalOf(inputs, facts, decision, now) {
    if (decision.because.kind === 'repair-paused')
        return repairPaused(facts, decision);
    if (decision.because.kind === 'archived')
        return inputs.force ? allArchived(facts) : undefined;
    if ((0,_decide_js__WEBPACK_IMPORTED_MODULE_2__/* .takesTurns */ .T$)(inputs, facts))
        return twoRotators(facts);
    if (decision.action === 'refuse')
        return (0,_too_long_js__WEBPACK_IMPORTED_MODULE_5__/* .tooLongRuns */ .di)(facts.key, decision.grace.tooLong);
    if (decision.action !== 'rotate')
        return undefined;
    if ((0,_self_js__WEBPACK_IMPORTED_MODULE_4__/* .rotatesItself */ .m)(facts) && decision.grace.minutes === 0 && !inputs.force)
        return cutOff(facts);
    const { minutes } = decision.grace;
    const unwritable = facts.credentials.map((one) => tooManyWrites(one, minutes, inputs.force) ?? heldUp(one, minutes, inputs.force, now));
    return unwritable.find((problem) => problem !== undefined) ?? tooMuchState(facts);
}
function tooManyWrites({ owners, writes }, graceMinutes, isForced) {
    const minutes = (0,_grace_js__WEBPACK_IMPORTED_MODULE_3__/* .writingMinutes */ .o1)(writes);
    if (graceMinutes === 0 || isForced || minutes <= graceMinutes - WRITE_MARGIN)
        return undefined;
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `with ${writes} destinations of ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(owners.map(_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD), 3)}`,
        cause: `at GitHub's limits the writes take ${Math.ceil(minutes)} minutes, and the old token dies after ${graceMinutes}`,
        remedy: `${ADVICE} Or give a longer "grace-period-minutes".`,
    });
}
function heldUp({ access: { heldUntil }, owners, writes }, graceMinutes, isForced, now) {
    const lastWrite = now + Math.max(graceMinutes - WRITE_MARGIN, WRITE_MARGIN) * MINUTE;
    if (isForced || heldUntil <= lastWrite)
        return undefined;
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `with ${writes} destinations of ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(owners.map(_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD), 3)}`,
        cause: `GitHub has asked for a pause until ${new Date(heldUntil).toISOString()}, and the old token would die after ${graceMinutes} minutes`,
        remedy: 'Nothing was changed. Run again behind that pause, or use a credential with limits of its own.',
    });
}
function repairPaused({ key, copies, failedRepair }, { states }) {
    const places = copies.filter((_, index) => states[index] !== 'current').map(({ destination }) => (0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination));
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'repair',
        subject: (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(places, 5),
        cause: `the run that rotated the key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(key.name)} (${key.id}) at ${key.issuedAt} failed, and so did the run before it (${failedRepair})`,
        remedy: 'Nothing was changed. Look up in that run why the secret could not be written, and remove the cause. Then run once ' +
            'with "force: true", or wait: 6 hours after that rotation the next run tries again.',
    });
}
function allArchived({ key, archived }) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(key.name)} (${key.id})`,
        cause: `every destination is in an archived repository, where no secret can be written: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .someOf */ .yU)(archived.map(_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb), 5)}`,
        remedy: 'Nothing was changed. Name a destination that is not archived, or unarchive the repository.',
    });
}
function twoRotators({ key }) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(key.name)} (${key.id})`,
        cause: `something else rotated it at ${key.issuedAt}, less than two hours after this workflow did: two rotators are taking turns`,
        remedy: 'Nothing was changed. Let one workflow alone rotate this key, with all its destinations, and turn the other off; ' +
            'then run this once with "force: true".',
    });
}
function cutOff({ key }) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(key.name)} (${key.id})`,
        cause: 'it is the managing key itself, and with "grace-period-minutes: 0" its token would die before the new one is safe',
        remedy: 'Nothing was changed. Leave "grace-period-minutes" at auto, which gives it 60, or give "force: true" as well.',
    });
}
function sizeOfState(copies) {
    const value = { keyId: 'x'.repeat(20), encryptedValue: 'x'.repeat(LONGEST_BOX) };
    const sealed = copies.map(({ destination, writtenAt, visibility }) => ({ destination, writtenAt, visibility, value }));
    const destinations = copies.map(({ destination }) => destination);
    return Math.ceil(Buffer.byteLength(JSON.stringify([sealed, destinations])) / 3) * 4;
}
function tooMuchUnfinished({ name }) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(name)}`,
        cause: `what keys before it left unfinished fills the ${LARGEST_STATE / 1000} kB that a runner hands over to the post step`,
        remedy: 'No token of it was issued. See what went wrong with the others, and run again.',
    });
}
function tooMuchState({ copies }) {
    const size = sizeOfState(copies);
    if (size <= LARGEST_STATE)
        return undefined;
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `with ${copies.length} destinations`,
        cause: `what a killed run leaves to the post step would be ${Math.ceil(size / 1000)} kB, and a runner hands over ${LARGEST_STATE / 1000} kB at most`,
        remedy: ADVICE,
    });
}


/***/ }),

/***/ 5893:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ rotatesItself)
/* harmony export */ });
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3230);

function rotatesItself({ key, caller }) {
    return key.name === caller.name && [...key.roles, ...key.teamRoles].includes(_services_incident_io_js__WEBPACK_IMPORTED_MODULE_0__/* .MANAGING */ .TX);
}


/***/ }),

/***/ 6640:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   di: () => (/* binding */ tooLongRuns),
/* harmony export */   eZ: () => (/* binding */ namesOf),
/* harmony export */   td: () => (/* binding */ needTooLong)
/* harmony export */ });
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9644);

function namesOf(runs) {
    return (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .someOf */ .yU)(runs.map(({ workflow, url, safeMinutes }) => `${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(workflow)} (${url}, ${Math.ceil(safeMinutes)} minutes)`), 5);
}
function needTooLong(runs) {
    const who = runs.length === 1 ? 'a run in flight needs' : `${runs.length} runs in flight need`;
    return `${who} the old token for longer than the 60 minutes that incident.io allows: ${namesOf(runs)}`;
}
function tooLongRuns(key, runs) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .Problem */ .AF({
        goal: 'rotate',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(key.name)} (${key.id})`,
        cause: needTooLong(runs),
        remedy: 'Nothing was changed. Run again when they have ended, give "max-wait-minutes" to wait for them, or rotate with ' +
            '"long-runs: proceed" and start them again.',
    });
}


/***/ }),

/***/ 8992:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  lJ: () => (/* binding */ confirm_confirm),
  YZ: () => (/* binding */ isTheirs),
  j0: () => (/* binding */ lagOfDates),
  v7: () => (/* binding */ pause)
});

;// CONCATENATED MODULE: ./lib/src/2-look/other-runs.js
async function hasOtherRun({ runs }, context) {
    const { repository, workflowFile, runId } = context;
    if (repository === undefined || workflowFile === undefined)
        return false;
    try {
        const newest = await runs.newestRuns(repository, workflowFile);
        return newest.some(({ id, endedAt }) => id !== runId && endedAt === Number.POSITIVE_INFINITY);
    }
    catch {
        return true;
    }
}

// EXTERNAL MODULE: ./lib/src/2-look/staleness.js
var staleness = __nccwpck_require__(151);
// EXTERNAL MODULE: ./lib/src/services/clock.js
var services_clock = __nccwpck_require__(3257);
// EXTERNAL MODULE: ./lib/src/services/incident-io.js
var incident_io = __nccwpck_require__(3230);
// EXTERNAL MODULE: ./lib/src/services/look-repeatedly.js
var look_repeatedly = __nccwpck_require__(3192);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/creation.js
var creation = __nccwpck_require__(8296);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/stopping.js
var stopping = __nccwpck_require__(1621);
;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/confirm.js







const PAUSE = { least: 2000, most: 10_000 };
const RACE_DELAY = 5000;
const LATE_EXECUTION = 20_000;
async function confirm_confirm({ keyId, issuedAt, unsettledAt }, written, effects, patience) {
    const { clock } = effects;
    const show = () => beforeTheEnd(shownKey(keyId, patience, effects), effects);
    const others = hasOtherRun(effects.github, effects.context);
    let shown;
    try {
        shown = await show();
        if (!(0,services_clock/* isLater */.d8)(shown.issuedAt, issuedAt)) {
            const again = Math.max((await others) ? clock.now() + RACE_DELAY : 0, (unsettledAt ?? -LATE_EXECUTION) + LATE_EXECUTION);
            if (again <= clock.now())
                return { kind: 'current' };
            await sleepUntil(again, effects);
            shown = await show();
        }
    }
    catch (error) {
        return (0,incident_io/* isGone */.ST)(error) ? { kind: 'gone' } : { kind: 'unknown', error };
    }
    if (!(0,services_clock/* isLater */.d8)(shown.issuedAt, issuedAt))
        return { kind: 'current' };
    const lag = await lagOfDates(written.map(({ destination }) => destination), effects);
    await pause(effects);
    const later = await show().catch(() => shown);
    const areTheirs = await Promise.all(written.map((one) => {
        const ourWrite = one.result === 'failed' ? undefined : one.at + lag;
        return isTheirs(one.destination, ourWrite, later.issuedAt, effects);
    }));
    return { kind: 'superseded', issuedAt: later.issuedAt, isEverywhere: areTheirs.every(Boolean) };
}
async function shownKey(id, patience, { incident, clock }) {
    let gone;
    const see = async () => {
        try {
            return await incident.show(id, patience);
        }
        catch (error) {
            if (!(0,incident_io/* isGone */.ST)(error))
                throw error;
            gone = error;
            return undefined;
        }
    };
    const key = await (0,look_repeatedly/* lookRepeatedly */.l)(see, clock, creation/* LISTING_LOOKS */.E);
    if (key === undefined)
        throw gone;
    return key;
}
async function beforeTheEnd(asked, { clock, deadline }) {
    const end = deadline() + stopping/* LAST_LOOK */.jp;
    if (end === Number.POSITIVE_INFINITY)
        return asked;
    const isDone = new AbortController();
    const isOver = clock.sleep(Math.max(0, end - clock.now()), isDone.signal).then(() => {
        throw new Error('no time was left');
    });
    try {
        return await Promise.race([asked, isOver]);
    }
    finally {
        isOver.catch(() => { });
        isDone.abort();
    }
}
function pause(waiting) {
    const ms = PAUSE.least + waiting.random() * (PAUSE.most - PAUSE.least);
    return sleepUntil(waiting.clock.now() + ms, waiting);
}
async function sleepUntil(at, { clock, deadline }) {
    await clock.sleep(Math.max(0, Math.min(at, deadline()) - clock.now()));
}
async function lagOfDates(destinations, { github }) {
    const lags = await Promise.all(destinations.map(async (destination) => {
        const stored = await github.secrets.stored(destination).catch(() => undefined);
        return Date.parse(stored?.writtenAt ?? '') - (stored?.shownAt ?? Number.NaN);
    }));
    return Math.max(0, ...lags.filter((lag) => !Number.isNaN(lag)));
}
async function isTheirs(destination, ourWrite, newest, { incident, github }) {
    const stored = await github.secrets.stored(destination).catch(() => undefined);
    if (stored === undefined)
        return false;
    const writtenAt = Date.parse(stored.writtenAt);
    const isAfterUs = ourWrite === undefined || writtenAt > ourWrite + staleness/* CLOCK_ALLOWANCE */.UL;
    const issuedAt = Date.parse(newest) - incident.time.offset;
    return isAfterUs && (0,staleness/* stateOf */.L4)({ updatedAt: writtenAt - github.time.offset }, issuedAt) === 'current';
}


/***/ }),

/***/ 8296:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ LISTING_LOOKS),
/* harmony export */   U: () => (/* binding */ createOnce)
/* harmony export */ });
/* harmony import */ var _2_look_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9026);
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3230);
/* harmony import */ var _services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(3192);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9021);
/* harmony import */ var _rotation_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(1095);






const LISTING_LOOKS = [0, 1000, 2500, 5000, 10_000, 15_000];
async function createOnce(fields, log, effects) {
    const { incident, context, clock, deadline, random, stopping } = effects;
    const start = clock.now();
    const { name } = fields;
    const problem = (cause, remedy, requestId) => new _services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .Problem */ .AF({ goal: 'make', subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(name)}`, cause, remedy, requestId });
    const baseline = (id, issuedAt) => ({ id, name, issuedAt, isSelf: false });
    let spentLooking = 0;
    const until = () => Math.min(deadline(), start + _services_retry_js__WEBPACK_IMPORTED_MODULE_3__/* .LOOK_PATIENCE */ .m4 + spentLooking);
    let last = { cause: 'no time was left' };
    log.isNew = true;
    for (let failures = 1; clock.now() < until() && clock.now() + _rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .TIME_FOR_A_ROTATION */ .nC < deadline(); failures++) {
        log.open = true;
        const response = await incident.create(fields);
        if (response.kind === 'issued') {
            log.issued += 1;
            if (response.keyId !== undefined && response.issuedAt !== undefined) {
                log.open = false;
                const { token, issuedAt, keyId } = response;
                return { token, issuedAt, key: baseline(keyId, issuedAt) };
            }
        }
        last = unclear(response);
        const givenUpAt = clock.now();
        const looks = response.kind === 'refused' ? (0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .looksAfter */ .n0)(response) : LISTING_LOOKS;
        const patience = { until: () => (0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .lastMoment */ .Hl)(start, undefined, effects), stubborn: true };
        const found = await keysNamed(name, looks, patience, effects);
        spentLooking += clock.now() - givenUpAt;
        const why = whyUnclear(found, response.kind === 'issued');
        if (why !== undefined) {
            throw problem(`${last.cause}, and ${why}`, 'Run again: the next run looks for it by its name, rotates it and writes its token.', last.requestId);
        }
        log.open = false;
        const key = found?.[0];
        if (key !== undefined) {
            if (response.kind !== 'issued')
                log.issued += 1;
            log.lost.push(key.issuedAt);
            return (0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .rotateOnce */ .H6)(baseline(key.id, key.issuedAt), 0, log, effects);
        }
        if ((0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .isCancelled */ .mm)(log, effects))
            throw problem(_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .CANCELLED */ .gD, 'Nothing was changed. Run again.');
        if (response.kind === 'unknown')
            log.unsettledAt = givenUpAt;
        const wait = Math.max(response.kind === 'issued' ? 0 : (0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .waitFor */ .fm)(response, clock.now()), (0,_services_retry_js__WEBPACK_IMPORTED_MODULE_3__/* .backoff */ .JN)(failures, random()));
        if (response.kind === 'refused' && (!(0,_services_retry_js__WEBPACK_IMPORTED_MODULE_3__/* .isLimit */ .S4)(response.failure) || clock.now() + wait > until())) {
            throw problem(last.cause, `${adviceForNew(response.status, context)} Nothing was changed.`, last.requestId);
        }
        await clock.sleep(wait, stopping.asked);
        if ((0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .isCancelled */ .mm)(log, effects))
            throw problem(_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .CANCELLED */ .gD, 'Nothing was changed. Run again.');
    }
    throw problem(`no token was issued in time (${last.cause})`, 'Nothing was changed. Run again.', last.requestId);
}
function unclear(response) {
    switch (response.kind) {
        case 'issued':
            return { cause: 'an answer without the id of the key' };
        case 'unknown':
            return response;
        case 'refused':
            return { cause: (0,_rotation_js__WEBPACK_IMPORTED_MODULE_4__/* .refusal */ .x5)(response), requestId: response.requestId };
    }
}
function whyUnclear(found, isMade) {
    if (found === undefined)
        return 'the keys could not be listed to tell whether it was made';
    if (found.length > 1)
        return 'several keys carry its name now';
    return isMade && found.length === 0 ? 'it is not listed yet' : undefined;
}
async function keysNamed(name, looks, patience, { incident, clock }) {
    const see = async () => {
        const listed = await incident.list(patience).catch(() => undefined);
        if (listed === undefined)
            return 'unlisted';
        const found = listed.filter((key) => key.name === name);
        return found.length > 0 ? found.map(_services_incident_io_js__WEBPACK_IMPORTED_MODULE_1__/* .keyOf */ .TN) : undefined;
    };
    const seen = (await (0,_services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_5__/* .lookRepeatedly */ .l)(see, clock, looks)) ?? [];
    return seen === 'unlisted' ? undefined : seen;
}
function adviceForNew(status, context) {
    switch (status) {
        case 401:
            return (0,_2_look_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_0__/* .giveValidKey */ .HL)(context);
        case 403:
            return 'The managing key can give only what it may do itself: give it these roles in the dashboard, or make this key there.';
        case 422:
        case 400:
            return 'Check its name, roles, teams and comments in the manifest.';
        default:
            return 'Run again; when it persists, ask the support of incident.io.';
    }
}


/***/ }),

/***/ 5633:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  PG: () => (/* binding */ UNCONFIRMED),
  e_: () => (/* binding */ deletedMeanwhile),
  GW: () => (/* binding */ problemsOf),
  IC: () => (/* binding */ rotateAndWrite),
  dd: () => (/* binding */ writePatience)
});

// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/services/log.js + 1 modules
var log = __nccwpck_require__(8551);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/confirm.js + 1 modules
var _4_rotate_and_write_confirm = __nccwpck_require__(8992);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/creation.js
var creation = __nccwpck_require__(8296);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotation.js
var rotation = __nccwpck_require__(1095);
// EXTERNAL MODULE: ./lib/src/services/incident-io.js
var incident_io = __nccwpck_require__(3230);
// EXTERNAL MODULE: ./lib/src/services/retry.js
var retry = __nccwpck_require__(9021);
;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/verify.js


const VERIFY_PATIENCE = 30_000;
const PATIENCE = { until: (since) => since + VERIFY_PATIENCE, stubborn: true };
function verify(token, effects) {
    return verifyFor(PATIENCE, token, effects);
}
function verifyOnce(token, effects) {
    return verifyFor(retry/* ONCE */.ET, token, effects);
}
async function verifyFor(patience, token, { incident, ...waiting }) {
    const failureOf = (error) => {
        const failure = (0,incident_io/* incidentIoFailure */.bE)(error);
        return failure !== undefined && (0,retry/* isPassing */.WG)(failure) ? failure : { kind: 'no-answer' };
    };
    try {
        await (0,retry/* persist */.Zr)(() => incident.prove(token), failureOf, patience, waiting);
        return { kind: 'works' };
    }
    catch (error) {
        return (0,incident_io/* isUnauthorized */.Tk)(error) ? { kind: 'refused', requestId: error.requestId } : { kind: 'unknown' };
    }
}

// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/write.js
var write = __nccwpck_require__(4126);
;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/rotate-and-write.js








async function rotateAndWrite(start, graceMinutes, copies, log, effects) {
    const { incident, state } = effects;
    const destinations = copies.map(({ destination }) => destination);
    let target = start;
    const intent = { key: 'id' in start ? start : { name: start.name }, graceMinutes, destinations };
    try {
        state.saveIntent(intent);
    }
    catch (error) {
        throw cannotSave(start, (0,rotation/* consequence */.IY)(log, graceMinutes), error);
    }
    for (;;) {
        const issuing = 'id' in target ? (0,rotation/* rotateOnce */.H6)(target, graceMinutes, log, effects) : (0,creation/* createOnce */.U)(target, log, effects);
        const { token, issuedAt, key, disown } = await issuing.catch((error) => {
            const isSettled = !log.open && log.lost.length === 0 && log.unsettledAt === undefined;
            if (isSettled)
                saveIfPossible(() => state.settle());
            throw error;
        });
        const sealed = (0,write/* sealAll */.Py)(token, copies);
        const oldTokenExpiresAt = (0,rotation/* expiryOf */.p1)(log, graceMinutes, issuedAt);
        const { unsettledAt } = log;
        const isSaved = saveIfPossible(() => state.saveSealed({ keyId: key.id, issuedAt, oldTokenExpiresAt, unsettledAt, copies: sealed }));
        const patience = writePatience(oldTokenExpiresAt, incident);
        const writingSince = effects.clock.now();
        const [written, firstProof] = await Promise.all([
            (0,write/* writeAll */.f4)(sealed, (seal) => seal(token), { ...effects, patience, oldTokenExpiresAt }).then((all) => {
                saveIfPossible(() => state.saveWritten(all.map(timeOf)));
                return all;
            }),
            verify(token, effects),
        ]);
        const areAllWritten = written.every(({ result }) => result !== 'failed');
        if (!isSaved && areAllWritten)
            saveIfPossible(() => state.settle());
        effects.onWritten?.();
        if (firstProof.kind === 'refused')
            disown?.();
        const finishing = { until: () => (0,rotation/* lastMoment */.Hl)(writingSince, oldTokenExpiresAt, effects), stubborn: true };
        const standing = await (0,_4_rotate_and_write_confirm/* confirm */.lJ)({ keyId: key.id, issuedAt, unsettledAt }, written, effects, finishing);
        const proof = firstProof.kind === 'unknown' && standing.kind === 'current' ? await verifyOnce(token, effects) : firstProof;
        const isSuperseded = standing.kind === 'superseded' && !standing.isEverywhere;
        const isRefused = standing.kind === 'current' && proof.kind === 'refused';
        if (!(isSuperseded || isRefused) || log.issued >= rotation/* MAX_TOKENS */.S0) {
            const isSure = standing.kind !== 'unknown' && !isSuperseded;
            if (areAllWritten && isSure)
                saveIfPossible(() => state.settle());
            const current = standing.kind === 'superseded' && standing.isEverywhere ? standing.issuedAt : issuedAt;
            return { key, issuedAt: current, oldTokenExpiresAt, written, proof, standing };
        }
        log.lost.push(issuedAt);
        log.isWritten = true;
        if (standing.kind === 'superseded')
            log.foreign.push(standing.issuedAt);
        target = { ...key, issuedAt: standing.kind === 'superseded' ? standing.issuedAt : issuedAt };
        saveIfPossible(() => state.saveIntent(intent));
    }
}
function timeOf(one) {
    if (one.result === 'failed')
        return null;
    return Number.isNaN(one.at) ? Number.MAX_SAFE_INTEGER : one.at;
}
function saveIfPossible(save) {
    try {
        save();
        return true;
    }
    catch (error) {
        (0,log/* warn */.R8)(`The state for the post step could not be saved (${codeOf(error)}); if this job is killed, the next run repairs the secrets.`);
        return false;
    }
}
const codeOf = (error) => String(error.code ?? 'the file is missing');
function cannotSave(start, changed, error) {
    const id = 'id' in start ? ` (${start.id})` : '';
    const remedy = problem/* TOO_MANY_FILES */.rN.includes(codeOf(error))
        ? 'Raise the limit of open files of the runner (ulimit -n).'
        : "Free space on the runner's disk; in a container, mount the folder of the file so that it may be written.";
    return new problem/* Problem */.AF({
        goal: id === '' ? 'make' : 'rotate',
        subject: `the API key ${(0,problem/* quote */.hD)(start.name)}${id}`,
        cause: `the file in which the runner keeps state for the post step (GITHUB_STATE) cannot be written (${codeOf(error)}), ` +
            'and what a killed job leaves undone could not be finished without it',
        remedy: `${changed} ${remedy} Then run again.`,
    }, { cause: error });
}
const LONGEST_PATIENCE = 60 * 60_000;
const REFUSAL_PATIENCE = 2 * 60_000;
const NEW_KEY_PATIENCE = 10 * 60_000;
function writePatience(oldTokenExpiresAt, { time }) {
    if (oldTokenExpiresAt === undefined) {
        const refusalsUntil = (since) => since + REFUSAL_PATIENCE;
        return { until: (since) => since + NEW_KEY_PATIENCE, stubborn: true, refusalsUntil };
    }
    const diesAt = Date.parse(oldTokenExpiresAt) - time.offset;
    const within = (since, longest) => Math.max(since + rotation/* EXPIRY_MARGIN */.Zc, Math.min(diesAt - rotation/* EXPIRY_MARGIN */.Zc, since + longest));
    return {
        until: (since) => within(since, LONGEST_PATIENCE),
        stubborn: true,
        refusalsUntil: (since) => within(since, REFUSAL_PATIENCE),
    };
}
function problemsOf(key, { written, proof, standing, oldTokenExpiresAt }) {
    const problems = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []));
    const holders = written.flatMap(({ destination, result }) => (result === 'failed' ? [] : [(0,src_destination/* nameOf */.Vb)(destination)]));
    if (proof.kind === 'works')
        return [...problems, ...raceProblems(key, standing)];
    if (standing.kind === 'superseded' || standing.kind === 'gone')
        return [...problems, ...raceProblems(key, standing)];
    const oldToken = (dies) => (oldTokenExpiresAt === undefined ? '' : `${dies} ${oldTokenExpiresAt}.`);
    const unproven = proof.kind === 'refused'
        ? {
            cause: `incident.io refuses it${standing.kind === 'current' ? `, after ${rotation/* MAX_TOKENS */.S0} rotations` : ', and did not show the key'}`,
            remedy: `${oldToken('The token that jobs already running hold dies at')} Rotate the key in the dashboard, and ask the support of incident.io.`,
            requestId: proof.requestId,
        }
        : {
            cause: 'incident.io gave no answer that tells',
            remedy: `${holders.length === 0 ? '' : `It is written to ${(0,problem/* someOf */.yU)(holders)}. `}${oldToken('The old one dies at')} Check that jobs work, or run again with force: true.`,
        };
    const subject = `the new token of the API key ${(0,problem/* quote */.hD)(key.name)} (${key.id})`;
    return [...problems, new problem/* Problem */.AF({ goal: 'see at work', subject, ...unproven })];
}
const UNCONFIRMED = 'If something else rotated the key while it was written, the copies hold a token that dies, although they look new. ' +
    'Look in the dashboard when the key was last rotated; to be sure, run again with "force: true".';
function deletedMeanwhile(subject) {
    return new problem/* Problem */.AF({
        goal: 'keep',
        subject,
        cause: 'the key was deleted during this run',
        remedy: 'Its secrets hold a token that no longer works. Create a key, and store its token in them.',
    });
}
function raceProblems({ id, name }, standing) {
    const subject = `the new token of the API key ${(0,problem/* quote */.hD)(name)} (${id})`;
    if (standing.kind === 'unknown') {
        return [
            new problem/* Problem */.AF({
                goal: 'confirm',
                subject,
                cause: 'incident.io could not be asked whether it is still the current one',
                remedy: UNCONFIRMED,
            }),
        ];
    }
    if (standing.kind === 'gone')
        return [deletedMeanwhile(subject)];
    if (standing.kind === 'current' || standing.isEverywhere)
        return [];
    return [
        new problem/* Problem */.AF({
            goal: 'keep',
            subject,
            cause: `something else rotates this key at the same time, the last time at ${standing.issuedAt}, and it went on through ${rotation/* MAX_TOKENS */.S0} rotations`,
            remedy: 'Some copies hold a token that dies, although they look new. Let one workflow alone rotate this key, with all its ' +
                'destinations, and run it with "force: true".',
        }),
    ];
}


/***/ }),

/***/ 1095:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Bv: () => (/* binding */ baselineOf),
/* harmony export */   H6: () => (/* binding */ rotateOnce),
/* harmony export */   HJ: () => (/* binding */ noRotations),
/* harmony export */   Hl: () => (/* binding */ lastMoment),
/* harmony export */   IY: () => (/* binding */ consequence),
/* harmony export */   S0: () => (/* binding */ MAX_TOKENS),
/* harmony export */   Zc: () => (/* binding */ EXPIRY_MARGIN),
/* harmony export */   fm: () => (/* binding */ waitFor),
/* harmony export */   gD: () => (/* binding */ CANCELLED),
/* harmony export */   lQ: () => (/* binding */ DEAD_BY_ITSELF),
/* harmony export */   mm: () => (/* binding */ isCancelled),
/* harmony export */   n0: () => (/* binding */ looksAfter),
/* harmony export */   nC: () => (/* binding */ TIME_FOR_A_ROTATION),
/* harmony export */   p1: () => (/* binding */ expiryOf),
/* harmony export */   x5: () => (/* binding */ refusal)
/* harmony export */ });
/* harmony import */ var _2_look_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9026);
/* harmony import */ var _3_decide_self_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5893);
/* harmony import */ var _services_clock_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(3257);
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(3230);
/* harmony import */ var _services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(3192);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9021);







const MINUTE = 60_000;
const MAX_TOKENS = 3;
const CANCELLED = 'this run was cancelled';
const TIME_FOR_A_ROTATION = 30_000;
function baselineOf(facts) {
    const { id, name, issuedAt } = facts.key;
    return { id, name, issuedAt, isSelf: (0,_3_decide_self_js__WEBPACK_IMPORTED_MODULE_1__/* .rotatesItself */ .m)(facts) };
}
const noRotations = () => ({
    issued: 0,
    isNew: false,
    open: false,
    unsettledAt: undefined,
    lost: [],
    isUpdated: false,
    isWritten: false,
    foreign: [],
});
function expiryOf(log, graceMinutes, issuedAt = '') {
    if (log.isNew)
        return undefined;
    const began = Date.parse(log.lost[0] ?? issuedAt);
    return Number.isNaN(began) ? undefined : new Date(began + graceMinutes * MINUTE).toISOString();
}
async function rotateOnce(key, graceMinutes, log, effects) {
    const { incident, context, clock, deadline, random, stopping } = effects;
    const start = clock.now();
    const known = () => [key.issuedAt, ...log.lost].reduce((latest, date) => ((0,_services_clock_js__WEBPACK_IMPORTED_MODULE_5__/* .isLater */ .d8)(date, latest) ? date : latest));
    const problem = (cause, advice, requestId) => {
        const mayBeDead = key.isSelf && graceMinutes === 0 && (log.open || log.lost.length > 0);
        return new _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF({
            goal: 'rotate',
            subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .quote */ .hD)(key.name)} (${key.id})`,
            cause,
            remedy: mayBeDead ? DEAD_BY_ITSELF : `${advice} ${consequence(log, graceMinutes)}`,
            requestId,
        });
    };
    const isChanged = () => log.lost.length > 0 || log.isWritten;
    let spentLooking = 0;
    const until = () => {
        if (!isChanged())
            return Math.min(deadline(), start + _services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .LOOK_PATIENCE */ .m4 + spentLooking);
        return lastMoment(start, expiryOf(log, graceMinutes), effects);
    };
    const hasTime = () => clock.now() < until() && clock.now() + TIME_FOR_A_ROTATION < deadline();
    let last = { cause: 'no time was left' };
    for (let failures = 1; log.issued < MAX_TOKENS && hasTime(); failures++) {
        const sentAt = clock.now();
        log.open = true;
        const response = await incident.rotate(key.id, graceMinutes);
        if (response.kind === 'issued') {
            log.open = false;
            log.issued += 1;
            const disown = key.isSelf && incident.actAs(response.token);
            const issuedAt = await issueDate(key.id, response.issuedAt, known(), effects);
            return { token: response.token, issuedAt, key, ...(disown && { disown }) };
        }
        last = response.kind === 'unknown' ? response : { cause: refusal(response), requestId: response.requestId };
        const givenUpAt = clock.now();
        const mayExpireAt = new Date(sentAt + incident.time.offset + graceMinutes * MINUTE).toISOString();
        const patience = {
            until: () => lastMoment(start, expiryOf(log, graceMinutes) ?? mayExpireAt, effects),
            stubborn: true,
        };
        const shown = await issueDateAfter(key.id, known(), looksAfter(response), patience, effects);
        spentLooking += clock.now() - givenUpAt;
        if (shown === 'unreadable') {
            const unseen = `${last.cause}, and the key could not be shown to tell whether it was rotated`;
            const isSignedOut = response.kind === 'refused' && response.status === 401;
            throw problem(unseen, isSignedOut ? (0,_2_look_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_0__/* .giveValidKey */ .HL)(context) : 'Run again.', last.requestId);
        }
        log.open = false;
        const isUnsettled = shown === 'unmoved' || log.unsettledAt !== undefined;
        if (response.kind === 'unknown' && isUnsettled)
            log.unsettledAt = givenUpAt;
        if (shown === 'gone')
            throw problem('it was deleted meanwhile (incident.io does not know it any more)', IS_GONE);
        if (shown !== 'unmoved') {
            log.issued += 1;
            log.lost.push(shown.movedTo);
            continue;
        }
        if (isCancelled(log, effects))
            throw problem(CANCELLED, 'Run again.');
        const isLimited = response.kind === 'unknown' || (0,_services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .isLimit */ .S4)(response.failure);
        const mayPass = isLimited || (isChanged() && !FINAL.includes(response.status));
        const wait = Math.max(waitFor(response, clock.now()), (0,_services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .backoff */ .JN)(failures, random()));
        if (response.kind === 'refused' && (!mayPass || clock.now() + wait > until())) {
            const isOwnRefusal = key.isSelf && response.status !== 401 && !mayPass;
            throw problem(last.cause, isOwnRefusal ? ROTATE_BY_HAND : adviceFor(response.status, context), last.requestId);
        }
        await clock.sleep(wait, stopping.asked);
        if (isCancelled(log, effects))
            throw problem(CANCELLED, 'Run again.');
    }
    const end = log.issued < MAX_TOKENS ? 'no token was issued in time' : `${log.issued} rotations ended without a token`;
    throw problem(`${end} (${last.cause})`, 'Run again.', last.requestId);
}
const MIN_FINISHING = 2 * MINUTE;
const EXPIRY_MARGIN = 30_000;
function lastMoment(since, expiry, { incident, deadline }) {
    if (deadline() !== Number.POSITIVE_INFINITY)
        return deadline();
    const expiresAt = Date.parse(expiry ?? '') - incident.time.offset;
    const last = Math.min(expiresAt - EXPIRY_MARGIN, since + MAX_FINISHING);
    return Math.max(since + MIN_FINISHING, last || 0);
}
const MAX_FINISHING = 60 * MINUTE;
function isCancelled({ open, lost, isWritten }, { stopping }) {
    return stopping.isAsked && !open && lost.length === 0 && !isWritten;
}
async function issueDate(id, given, known, effects) {
    if (given !== undefined && (0,_services_clock_js__WEBPACK_IMPORTED_MODULE_5__/* .isLater */ .d8)(given, known))
        return given;
    const shown = await issueDateAfter(id, known, _services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_6__/* .SEVERAL_LOOKS */ ._, undefined, effects);
    if (typeof shown === 'object' && (0,_services_clock_js__WEBPACK_IMPORTED_MODULE_5__/* .isLater */ .d8)(shown.movedTo, known))
        return shown.movedTo;
    return new Date(effects.clock.now() + effects.incident.time.offset).toISOString();
}
const ONE_LOOK = [0];
function looksAfter(response) {
    return response.kind === 'refused' && ![409, 422].includes(response.status) ? ONE_LOOK : _services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_6__/* .SEVERAL_LOOKS */ ._;
}
async function issueDateAfter(id, known, looks, patience, { incident, clock }) {
    const see = async () => {
        const shown = await incident.show(id, patience).catch((error) => ((0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_2__/* .isGone */ .ST)(error) ? 'gone' : 'unreadable'));
        if (typeof shown === 'string')
            return shown;
        return (0,_services_clock_js__WEBPACK_IMPORTED_MODULE_5__/* .isSameInstant */ .wZ)(shown.issuedAt, known) ? undefined : { movedTo: shown.issuedAt };
    };
    return (await (0,_services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_6__/* .lookRepeatedly */ .l)(see, clock, looks)) ?? 'unmoved';
}
const FINAL = [401, 403, 404];
function waitFor(response, now) {
    if (response.kind === 'unknown' || !(0,_services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .isLimit */ .S4)(response.failure))
        return 0;
    return Math.max(1000, (0,_services_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .askedWait */ .Uy)(response.failure, now) ?? 0);
}
function refusal({ status, type }) {
    return `incident.io answered ${status}${type === undefined ? '' : ` (${type})`}`;
}
const DEAD_BY_ITSELF = 'It is the managing key itself, and if it was rotated, its old token is dead. Run again; when incident.io refuses it then, rotate it in the dashboard, and write the new token into its secrets.';
const ROTATE_BY_HAND = 'It is the managing key itself, which incident.io does not let rotate itself: rotate it in the dashboard, and write the new token into its secret.';
const IS_GONE = 'If it was deleted, its secrets hold a token that does not work: create a key and store its token. Otherwise the managing key may no longer see it.';
function adviceFor(status, context) {
    switch (status) {
        case 401:
            return (0,_2_look_explain_incident_io_js__WEBPACK_IMPORTED_MODULE_0__/* .giveValidKey */ .HL)(context);
        case 403:
            return 'The managing key must have every scope of the key it rotates: give it those roles in the dashboard, or rotate this key there.';
        case 404:
            return IS_GONE;
        default:
            return 'Run again; when it persists, ask the support of incident.io.';
    }
}
function consequence(log, graceMinutes) {
    if (log.lost.length === 0 && !log.open) {
        return log.isUpdated ? 'It was updated before, and no token was issued.' : 'Nothing was changed.';
    }
    const repair = 'the next run sees that the copies are older than the token, rotates and writes them.';
    if (log.isWritten) {
        return 'Copies hold a token that dies or is refused, although they look new: run again with "force: true".';
    }
    if (log.isNew)
        return `The key was made, and nobody holds its token: ${repair}`;
    const expiry = expiryOf(log, graceMinutes);
    return expiry === undefined
        ? `If the key was rotated, the old token dies ${graceMinutes} minutes after that: ${repair}`
        : `The key has a token that nobody holds, and the old one dies at ${expiry}: ${repair}`;
}


/***/ }),

/***/ 7909:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  S_: () => (/* binding */ RotationState),
  Dv: () => (/* binding */ UNSAVED),
  b8: () => (/* binding */ savedRotations)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __nccwpck_require__(2333);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
;// CONCATENATED MODULE: ./lib/src/services/state-file.js

function pathOf() {
    const path = process.env.GITHUB_STATE;
    return path && (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}
function sizeOfStateFile() {
    const path = pathOf();
    return path === undefined ? 0 : (0,external_node_fs_.statSync)(path).size;
}
function cutBackStateFile(size) {
    const path = pathOf();
    if (path !== undefined && sizeOfStateFile() > size)
        (0,external_node_fs_.truncateSync)(path, size);
}
function removeFromStateFile(isMeant) {
    const path = pathOf();
    if (path === undefined)
        return;
    const kept = (0,external_node_fs_.readFileSync)(path, 'utf8').replace(/^(.+)<<(ghadelimiter_[\w-]+)\r?\n(?:[\s\S]*?\r?\n)?\2(?:\r?\n|$)/gm, (record, name) => (isMeant(name) ? '' : record));
    const file = (0,external_node_fs_.openSync)(path, 'r+');
    try {
        const bytes = Buffer.from(kept);
        for (let at = 0; at < bytes.length;)
            at += (0,external_node_fs_.writeSync)(file, bytes, at, bytes.length - at, at);
        if ((0,external_node_fs_.fstatSync)(file).size > bytes.length)
            (0,external_node_fs_.ftruncateSync)(file, bytes.length);
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
}

;// CONCATENATED MODULE: ./lib/src/4-rotate-and-write/state.js


const PIECE = 30_000;
class RotationState {
    #slot;
    #counts = new Map();
    isSettled = true;
    constructor(slot) {
        this.#slot = slot;
    }
    saveIntent(intent) {
        this.#clear('sealed');
        this.#clear('written');
        this.isSettled = false;
        this.#save('intent', intent);
    }
    saveSealed(sealed) {
        this.#save('sealed', sealed);
    }
    saveWritten(at) {
        this.#save('written', at);
    }
    settle() {
        try {
            for (const what of ['intent', 'sealed', 'written'])
                this.#clear(what);
        }
        catch {
            removeFromStateFile((name) => name.startsWith(`rotation-${this.#slot}-`));
        }
        this.isSettled = true;
    }
    read() {
        const intent = this.#read('intent');
        if (intent === undefined)
            return undefined;
        return { intent, sealed: this.#read('sealed'), written: this.#read('written') };
    }
    #name(what) {
        return `rotation-${this.#slot}-${what}`;
    }
    #save(what, value) {
        const text = Buffer.from(JSON.stringify(value)).toString('base64');
        const count = Math.ceil(text.length / PIECE);
        this.#counts.set(what, Math.max(count, this.#counts.get(what) ?? 0));
        wholly(() => {
            for (let piece = 0; piece < count; piece++) {
                core/* saveState */.LZ(`${this.#name(what)}-${piece}`, text.slice(piece * PIECE, (piece + 1) * PIECE));
            }
            core/* saveState */.LZ(this.#name(what), String(count));
        });
    }
    #clear(what) {
        const count = this.#counts.get(what);
        if (count === undefined)
            return;
        wholly(() => {
            core/* saveState */.LZ(this.#name(what), '');
            for (let piece = 0; piece < count; piece++)
                core/* saveState */.LZ(`${this.#name(what)}-${piece}`, '');
        });
    }
    #read(what) {
        const count = Number(core/* getState */.Gu(this.#name(what)));
        if (!(count > 0))
            return undefined;
        const text = Array.from({ length: count }, (_, piece) => core/* getState */.Gu(`${this.#name(what)}-${piece}`)).join('');
        return JSON.parse(Buffer.from(text, 'base64').toString());
    }
}
function wholly(save) {
    const size = sizeOfStateFile();
    try {
        save();
    }
    catch (error) {
        cutBackStateFile(size);
        throw error;
    }
}
const UNSAVED = { saveIntent() { }, saveSealed() { }, saveWritten() { }, settle() { } };
function savedRotations(env) {
    const slots = Object.keys(env).flatMap((name) => /^STATE_rotation-(\d+)-intent$/i.exec(name)?.[1] ?? []);
    return slots.flatMap((slot) => new RotationState(Number(slot)).read() ?? []);
}


/***/ }),

/***/ 1621:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   jp: () => (/* binding */ LAST_LOOK),
/* harmony export */   vj: () => (/* binding */ Stopping),
/* harmony export */   zl: () => (/* binding */ STOP_PATIENCE)
/* harmony export */ });
const STOP_PATIENCE = 220_000;
const LAST_LOOK = 17_000;
class Stopping {
    #deadline = Number.POSITIVE_INFINITY;
    #clock;
    #asked = new AbortController();
    #isShielded = false;
    constructor(clock) {
        this.#clock = clock;
    }
    get deadline() {
        return this.#deadline;
    }
    get isAsked() {
        return this.#asked.signal.aborted;
    }
    get asked() {
        return this.#asked.signal;
    }
    finishBy(deadline) {
        this.#deadline = Math.min(this.#deadline, deadline);
    }
    shield() {
        if (this.#isShielded)
            return;
        this.#isShielded = true;
        for (const signal of ['SIGINT', 'SIGTERM']) {
            process.on(signal, () => {
                this.finishBy(this.#clock.now() + STOP_PATIENCE);
                this.#asked.abort();
            });
        }
    }
}


/***/ }),

/***/ 4126:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Py: () => (/* binding */ sealAll),
/* harmony export */   f4: () => (/* binding */ writeAll),
/* harmony export */   lU: () => (/* binding */ isTimeLeft)
/* harmony export */ });
/* harmony import */ var _2_look_explain_github_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(176);
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7194);
/* harmony import */ var _services_github_ask_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1712);
/* harmony import */ var _services_log_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8551);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(9021);
/* harmony import */ var _services_seal_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(3266);







const STALE_PUBLIC_KEY = 422;
const MAX_STALE_KEYS = 3;
function sealAll(token, copies) {
    return copies.map(({ destination, writtenAt, visibility, seal }) => ({
        destination,
        writtenAt,
        ...(visibility && { visibility }),
        value: seal(token),
    }));
}
function writeAll(sealed, reseal, effects) {
    let done = 0;
    const writeOne = async (copy) => {
        const { destination } = copy;
        try {
            return { destination, ...(await writeFresh(copy, reseal, effects)) };
        }
        catch (error) {
            return { destination, result: 'failed', error: writeProblem(error, copy, effects) };
        }
        finally {
            done += 1;
        }
    };
    return (0,_services_log_js__WEBPACK_IMPORTED_MODULE_3__/* .whileSaying */ .VT)('Writing', () => `Writing: ${done} of ${sealed.length} secrets done.`, Promise.all(sealed.map(writeOne)));
}
async function writeFresh({ destination, visibility, value: first }, reseal, { github: { secrets }, patience, clock, random }) {
    let value = first;
    for (let attempt = 1;; attempt++) {
        try {
            return await secrets.write(destination, value, visibility, patience);
        }
        catch (error) {
            const isStale = error instanceof _services_github_ask_js__WEBPACK_IMPORTED_MODULE_2__/* .GitHubError */ .y_ && error.status === STALE_PUBLIC_KEY;
            if (!isStale || attempt === MAX_STALE_KEYS)
                throw error;
            const publicKey = await secrets.publicKey(destination, patience);
            if (publicKey.keyId === value.keyId)
                await clock.sleep((0,_services_retry_js__WEBPACK_IMPORTED_MODULE_5__/* .backoff */ .JN)(attempt, random()));
            else
                value = reseal(await (0,_services_seal_js__WEBPACK_IMPORTED_MODULE_6__/* .sealerFor */ .A)(publicKey));
        }
    }
}
function writeProblem(error, copy, effects) {
    const { context, oldTokenExpiresAt, clock } = effects;
    const { destination } = copy;
    const { cause, remedy } = (0,_2_look_explain_github_js__WEBPACK_IMPORTED_MODULE_0__/* .isOfGitHub */ .ND)(error)
        ? (0,_2_look_explain_github_js__WEBPACK_IMPORTED_MODULE_0__/* .causeAtGitHub */ .C$)(error, destination, context)
        : { cause: 'the value could not be sealed again', remedy: 'Run again.' };
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_4__/* .Problem */ .AF({
        goal: 'write',
        subject: (0,_destination_js__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb)(destination),
        destination,
        cause,
        remedy: `${consequenceFor(copy, oldTokenExpiresAt, clock.now())} ${remedy}`,
    }, { cause: error });
}
const MINUTE = 60_000;
function isTimeLeft(expiry, now) {
    return Date.parse(expiry ?? '') > now + MINUTE;
}
function consequenceFor({ writtenAt }, oldTokenExpiresAt, now) {
    const done = oldTokenExpiresAt === undefined ? 'The key was made' : 'The key is rotated';
    if (writtenAt === undefined) {
        return `${done}, and this secret does not exist yet. Mend the cause and run again: the next run sees that it is missing, rotates and fills it.`;
    }
    const mend = 'the cause and run again: the next run sees that this copy is older, rotates and writes it.';
    if (oldTokenExpiresAt === undefined)
        return `${done}, and this secret does not hold its token. Mend ${mend}`;
    const before = isTimeLeft(oldTokenExpiresAt, now) ? 'Before then mend' : 'Mend at once';
    return `${done}, and the old token that this secret still holds dies at ${oldTokenExpiresAt}. ${before} ${mend}`;
}


/***/ }),

/***/ 7700:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ renderLog)
/* harmony export */ });
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7194);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9644);
/* harmony import */ var _report_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(4816);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8311);




function renderLog(report) {
    const { key, because } = report;
    const name = key === undefined ? 'the key' : `${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .hD)(key.name)} (${key.id})`;
    const why = because === undefined ? '' : `: ${(0,_words_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonInWords */ .jA)(because)}`;
    const grace = graceInWords(report);
    switch (report.status) {
        case 'rotated':
            return [`Rotated ${name}${why}.`, ...grace, ...copies(report)];
        case 'planned':
            return [`Dry run: would rotate ${name}${why}.`, ...grace, ...copies(report)];
        case 'deferred':
            return [`Did not rotate ${name} now, although ${because === undefined ? 'it is due' : (0,_words_js__WEBPACK_IMPORTED_MODULE_3__/* .reasonInWords */ .jA)(because)}.`];
        case 'skipped':
            return [`Did not rotate ${name}${why}.`];
        case 'failed':
            return report.rotated ? [`Rotated ${name}, but not everything went well.`, ...grace, ...copies(report)] : [];
    }
}
function graceInWords({ graceMinutes, graceBecause, oldTokenExpiresAt }) {
    if (graceMinutes === undefined)
        return [];
    const auto = graceBecause === undefined ? '' : ` (${graceBecause})`;
    const until = oldTokenExpiresAt === undefined ? '' : `, until ${oldTokenExpiresAt}`;
    const lives = oldTokenExpiresAt === undefined ? 'would live on' : 'lives on';
    return [`The old token ${lives} for ${(0,_words_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(graceMinutes, 'minute')}${auto}${until}.`];
}
const MOST_LINES = 20;
function copies({ destinations }) {
    const line = ({ destination, result }) => `${(0,_destination_js__WEBPACK_IMPORTED_MODULE_0__/* .nameOf */ .Vb)(destination)}: ${result}`;
    const [well, others] = [destinations.filter(_report_js__WEBPACK_IMPORTED_MODULE_2__/* .isWell */ .f5), destinations.filter((one) => !(0,_report_js__WEBPACK_IMPORTED_MODULE_2__/* .isWell */ .f5)(one))];
    if (well.length <= MOST_LINES)
        return [...others, ...well].map(line);
    const counts = [...Map.groupBy(well, ({ result }) => result)];
    return [...others.map(line), ...counts.map(([result, all]) => `${(0,_words_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(all.length, 'secret')}: ${result}`)];
}


/***/ }),

/***/ 8805:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   DV: () => (/* binding */ codeBlock),
/* harmony export */   FV: () => (/* binding */ escapeMarkdown),
/* harmony export */   ZD: () => (/* binding */ escapeHtml),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   tp: () => (/* binding */ table)
/* harmony export */ });
function escapeMarkdown(text) {
    return (visible(text)
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/[\\`*_{}[\]#|~$]/g, '\\$&')
        .replace(/@/g, '@\u200b')
        .replace(/:\/\//g, ':\u200b//')
        .replace(/www\./gi, '$&\u200b'));
}
function escapeHtml(text) {
    return visible(text)
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/@|:(?=\/\/)|www\./gi, '$&\u200b');
}
function code(text) {
    return `\`${visible(text).replace(/[`|\s]/g, '')}\``;
}
function codeBlock(lines) {
    const text = lines.map(visible).join('\n');
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}text\n${text}\n${fence}`;
}
function visible(text) {
    return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}


/***/ }),

/***/ 1036:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ messageOf),
/* harmony export */   c: () => (/* binding */ messagesOf)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2333);
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(7194);
/* harmony import */ var _services_mask_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(2735);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9644);




function messageOf(error) {
    if (error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF || error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .InputProblem */ .S7)
        return error.message;
    const { name, message, stack } = error;
    if (_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .isDebug */ ._o() && typeof stack === 'string')
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .debug */ .Yz((0,_services_mask_js__WEBPACK_IMPORTED_MODULE_2__/* .scrub */ ._I)(stack));
    return (`Could not go on: ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(`${String(name ?? 'error')}: ${String(message ?? error)}`)}. This is a fault of the ` +
        'action itself: run again with debug logging, and report it.');
}
function messagesOf(errors) {
    const alike = Map.groupBy(errors, (error) => {
        const parts = error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF ? error.parts : undefined;
        return parts?.isShared ? JSON.stringify([parts.goal, parts.cause, parts.remedy]) : messageOf(error);
    });
    return [...alike.values()].map((group) => messageOf(group.length === 1 ? group[0] : joined(group)));
}
function joined([first, ...others]) {
    if (!(first instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF) || !first.parts.isShared)
        return first;
    const destinations = [first, ...others].flatMap((one) => one.parts.destination ?? []);
    const names = [...new Set(destinations.map(_destination_js__WEBPACK_IMPORTED_MODULE_1__/* .nameOf */ .Vb))];
    return names.length === 1 ? first : new _services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .Problem */ .AF({ ...first.parts, subject: `the secrets ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .someOf */ .yU)(names)}` });
}


/***/ }),

/***/ 7952:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $Z: () => (/* binding */ renderOutputs),
/* harmony export */   n_: () => (/* binding */ atRisk),
/* harmony export */   yf: () => (/* binding */ destinationOutput)
/* harmony export */ });
function renderOutputs(report) {
    const outputs = {
        status: report.status,
        rotated: String(report.rotated),
        'key-id': report.key?.id,
        'key-name': report.key?.name,
        'token-issued-at': report.tokenIssuedAt,
        'old-token-expires-at': report.oldTokenExpiresAt,
        'grace-period-minutes': report.graceMinutes?.toString(),
        destinations: JSON.stringify(report.destinations.map(destinationOutput)),
        'runs-at-risk': JSON.stringify(report.runsAtRisk.map(atRisk)),
    };
    return Object.fromEntries(Object.entries(outputs).filter((entry) => entry[1] !== undefined));
}
function destinationOutput({ destination, result, error }) {
    return { ...destination, result, ...(error === undefined ? {} : { error }) };
}
function atRisk({ repository, runId, workflow, status, url, safeMinutes }) {
    return { repository, run_id: runId, workflow, status, url, needs_minutes: Math.ceil(safeMinutes) };
}


/***/ }),

/***/ 4816:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Bp: () => (/* binding */ errorsOf),
  f5: () => (/* binding */ isWell),
  EI: () => (/* binding */ reportOf)
});

// EXTERNAL MODULE: ./lib/src/2-look/staleness.js
var staleness = __nccwpck_require__(151);
// EXTERNAL MODULE: ./lib/src/2-look/watches.js
var watches = __nccwpck_require__(4110);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotate-and-write.js + 1 modules
var rotate_and_write = __nccwpck_require__(5633);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotation.js
var rotation = __nccwpck_require__(1095);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
;// CONCATENATED MODULE: ./lib/src/5-tell/event.js

const ACTORS = new Map([
    ['user', 'the user'],
    ['api_key', 'the API key'],
    ['system', 'the system'],
    ['workflow', 'the incident.io workflow'],
    ['external_resource', 'the external resource'],
    ['alert', 'the alert'],
]);
function eventInWords(event) {
    const { occurredAt, location, userAgent } = event;
    const when = occurredAt === undefined ? 'a time that it does not tell' : timeInWords(occurredAt);
    const where = location === undefined ? 'a place that it does not tell' : quoted(location);
    const how = userAgent === undefined ? '' : `, with the user agent ${quoted(userAgent)}`;
    return `The audit log's entry says that ${actorInWords(event)} rotated the key at ${when}, from ${where}${how}.`;
}
function actorInWords({ actor: { type, id, name }, roles }) {
    const details = [
        ...(id === undefined ? [] : [`id ${quoted(id)}`]),
        ...(roles === undefined ? [] : [`roles ${quoted(roles)}`]),
    ];
    return [
        type === undefined ? 'an actor of no type' : (ACTORS.get(type) ?? `an actor of the type ${quoted(type)}`),
        name === undefined ? 'without a name' : quoted(name),
        ...(details.length === 0 ? [] : [`(${details.join(', ')})`]),
    ].join(' ');
}
function timeInWords(time) {
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(time) ? time : quoted(time);
}
function quoted(text) {
    return (0,problem/* quote */.hD)(text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''));
}

// EXTERNAL MODULE: ./lib/src/5-tell/messages.js
var messages = __nccwpck_require__(1036);
// EXTERNAL MODULE: ./lib/src/3-decide/grace.js
var grace = __nccwpck_require__(1679);
// EXTERNAL MODULE: ./lib/src/3-decide/needs.js + 1 modules
var needs = __nccwpck_require__(8583);
;// CONCATENATED MODULE: ./lib/src/5-tell/progress.js


const MINUTE = 60_000;
function needsOfLater({ later }) {
    return (0,needs/* needsOf */.hN)(later?.holders ?? []);
}
function minutesGoneBy({ facts, later }) {
    return facts === undefined || later === undefined ? 0 : Math.max(0, later.at - facts.runs.at) / MINUTE;
}
function runsAtRisk(progress) {
    const { decision } = progress;
    if (decision === undefined || decision.action === 'skip')
        return [];
    const { minutes, atRisk } = decision.grace;
    const left = minutes - minutesGoneBy(progress);
    return [...atRisk, ...needsOfLater(progress).filter((need) => (0,grace/* isAtRisk */.BX)(need, left))];
}

// EXTERNAL MODULE: ./lib/src/2-look/near-secrets.js
var near_secrets = __nccwpck_require__(5735);
// EXTERNAL MODULE: ./lib/src/3-decide/archived.js
var _3_decide_archived = __nccwpck_require__(6593);
// EXTERNAL MODULE: ./lib/src/3-decide/lacking-roles.js
var lacking_roles = __nccwpck_require__(7520);
// EXTERNAL MODULE: ./lib/src/3-decide/self.js
var _3_decide_self = __nccwpck_require__(5893);
// EXTERNAL MODULE: ./lib/src/3-decide/too-long.js
var too_long = __nccwpck_require__(6640);
// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/5-tell/words.js
var words = __nccwpck_require__(8311);
;// CONCATENATED MODULE: ./lib/src/5-tell/warnings.js











const LEAK_REMAINS = 'The key was not rotated, although "grace-period-minutes" is 0, so a token that has leaked stays valid. To end it now, run with "force: true".';
function warningsOf(progress) {
    const { inputs, facts, decision, rotations, rotated, later } = progress;
    if (facts === undefined || decision === undefined)
        return [];
    const archived = facts.archived.length > 0 ? [(0,_3_decide_archived/* archivedInWords */.n)(facts.archived)] : [];
    if (decision.action === 'skip') {
        const isForLeak = inputs?.grace === 0 && !inputs.force && inputs.event === undefined;
        return [...archived, ...(isForLeak ? [LEAK_REMAINS] : [])];
    }
    const warnings = [...archived, ...(0,lacking_roles/* warningsOfLackingRoles */.F)(facts)];
    const missing = facts.copies.filter((_, index) => decision.states[index] === 'missing');
    if (decision.because.kind !== 'missing-key' && missing.length > 0) {
        const meant = [...new Set(missing.flatMap((copy) => (0,near_secrets/* nearSecret */.H)(copy) ?? []))];
        const hint = meant.length > 0 ? ` Did you mean ${(0,problem/* someOf */.yU)(meant.map(problem/* quote */.hD), 5)}?` : '';
        warnings.push(`${(0,problem/* someOf */.yU)(missing.map(({ destination }) => (0,src_destination/* nameOf */.Vb)(destination)))} did not exist.${hint} If the name is a typo, correct it: ` +
            'what else holds a token of this key stops working when the grace period ends.');
    }
    if (facts.runs.note !== undefined)
        warnings.push(facts.runs.note);
    if (facts.runs.gap !== undefined) {
        const consequence = inputs?.grace === 'auto' ? 'So the grace period is 60 minutes. ' : '';
        warnings.push(`${facts.runs.gap} ${consequence}Runs at risk may be missing from the list.`);
    }
    else if (later?.gap !== undefined) {
        warnings.push(`${later.gap} Runs that were queued during the rotation were not checked.`);
    }
    if (decision.action === 'defer' && decision.grace.tooLong.length > 0) {
        warnings.push(`The rotation is put off, because ${(0,too_long/* needTooLong */.td)(decision.grace.tooLong)}. Run again when they have ended, give ` +
            '"max-wait-minutes" to wait for them, or "max-token-age" to rotate anyway past that age.');
    }
    else if (rotated !== undefined || (inputs?.dryRun && decision.action === 'rotate')) {
        const atRisk = runsAtRisk(progress);
        if (atRisk.length > 0) {
            warnings.push(`The old token may die before ${(0,words/* plural */.LS)(atRisk.length, 'run')} in flight ${atRisk.length === 1 ? 'ends' : 'end'}: ` +
                `${(0,too_long/* namesOf */.eZ)(atRisk)}. If one fails, start a new run.`);
        }
    }
    if (facts.issuer === 'something else' && inputs?.force !== true && decision.action === 'rotate') {
        warnings.push(`Something else rotated the key at ${facts.key.issuedAt}: no run of this workflow was in progress then. Copies of its ` +
            'token outside of these destinations die now. One key should have one rotating workflow, with all its destinations.');
    }
    const foreign = rotated?.standing.kind === 'superseded' ? rotated.standing.issuedAt : rotations?.foreign.at(-1);
    if (foreign !== undefined) {
        warnings.push(`Something else rotated the key during this run, at ${foreign}. If it was another run of this workflow, give the ` +
            'workflow a concurrency group. One key should have one rotating workflow, with all its destinations.');
    }
    const lost = (rotations?.lost.length ?? 0) - (rotations?.foreign.length ?? 0);
    if (lost > 0) {
        warnings.push(`${lost === 1 ? 'A token was' : `${lost} tokens were`} issued and lost on the way, so the key was rotated again. ` +
            'Nobody holds what was lost; it dies when its grace period ends. incident.io does not say whether the token that ' +
            'jobs in flight hold keeps its own then: if one fails, start a new run.');
    }
    return warnings;
}
function graceReasons({ facts, decision }) {
    if (facts === undefined || decision === undefined)
        return {};
    const { longest } = decision.grace;
    const isByRun = longest !== undefined && !(0,_3_decide_self/* rotatesItself */.m)(facts) && facts.runs.gap === undefined;
    return { graceBecause: graceInWords(facts, decision), ...(isByRun && { graceRun: longest }) };
}
function graceInWords(facts, decision) {
    const { longest, minutes } = decision.grace;
    if ((0,_3_decide_self/* rotatesItself */.m)(facts))
        return 'the managing key rotates itself';
    if (facts.runs.gap !== undefined)
        return 'not every run could be seen';
    if (longest === undefined) {
        return decision.needs.length === 0
            ? 'no run in flight needs the old token'
            : 'no run in flight needs the old token, but those that wait for an approval';
    }
    const name = (0,problem/* quote */.hD)(longest.workflow);
    if (longest.by === 'nothing')
        return `${name} needs it for an unknown time${(0,words/* inLine */.i2)(longest)}`;
    const by = longest.by === 'history' ? 'by its past runs' : 'by the timeouts of its jobs';
    const needed = Math.ceil(longest.safeMinutes);
    const isLeast = minutes < needs/* LONGEST_GRACE */.yF && minutes > needed + grace/* MARGIN */.jS + 1 ? '; min-grace-minutes is more' : '';
    return `${name} needs it for ${(0,words/* plural */.LS)(needed, 'minute')} ${by}${(0,words/* inLine */.i2)(longest)}${isLeast}`;
}

;// CONCATENATED MODULE: ./lib/src/5-tell/report.js









function isWell({ result }) {
    return result === 'created' || result === 'updated' || result === 'current';
}
function reportOf(progress, thrown) {
    const { inputs, ignored, glimpse, facts, decision, rotations, rotated } = progress;
    const key = rotated?.key ?? facts?.key ?? ignored?.key ?? glimpse?.key;
    const errors = errorsOf(progress, thrown);
    const isDue = decision !== undefined && decision.action !== 'skip';
    const hasOldToken = decision?.because.kind !== 'missing-key';
    const expiresAt = rotated?.oldTokenExpiresAt ?? (rotations && decision && (0,rotation/* expiryOf */.p1)(rotations, decision.grace.minutes));
    return {
        status: statusOf(progress, errors),
        rotated: rotated !== undefined || (rotations?.lost.length ?? 0) > 0,
        ...(key && { key: { id: key.id, name: key.name } }),
        ...(!key && askedFor(progress, thrown)),
        ...tokenIssuedAt(progress),
        ...(ignored && { because: ignored.because }),
        ...(decision && { because: decision.because }),
        ...(isDue && hasOldToken && { graceMinutes: decision.grace.minutes }),
        ...(isDue && hasOldToken && inputs?.grace === 'auto' && graceReasons(progress)),
        ...(expiresAt && { oldTokenExpiresAt: expiresAt }),
        destinations: destinationsOf(progress, errors),
        runsAtRisk: runsAtRisk(progress),
        ...timelineOf(progress),
        notes: [...eventNotes(progress), ...(isDue ? (0,watches/* notesOn */.vE)(inputs?.destinations ?? []) : [])],
        warnings: warningsOf(progress),
        errors: (0,messages/* messagesOf */.c)(errors),
    };
}
function askedFor({ inputs }, thrown) {
    if (inputs?.key.by === 'name')
        return { asked: inputs.key.name };
    const mistake = thrown.find((error) => error instanceof problem/* ManifestProblem */.Rn);
    return mistake === undefined ? {} : { asked: mistake.file };
}
function errorsOf({ facts, rotated }, thrown) {
    return [...thrown, ...(facts?.passedOver ?? []), ...(rotated ? (0,rotate_and_write/* problemsOf */.GW)(rotated.key, rotated) : [])];
}
function tokenIssuedAt({ ignored, glimpse, facts, rotations, rotated }) {
    const seen = facts?.key.issuedAt ?? ignored?.key?.issuedAt ?? glimpse?.key?.issuedAt;
    const known = rotated?.issuedAt ?? rotations?.lost.at(-1) ?? seen;
    return known ? { tokenIssuedAt: known } : {};
}
function eventNotes({ inputs, ignored }) {
    if (inputs?.event === undefined || ignored?.because.kind === 'another-key')
        return [];
    return [eventInWords(inputs.event)];
}
function statusOf({ ignored, decision, rotated, inputs }, errors) {
    if (errors.length === 0 && ignored !== undefined)
        return 'skipped';
    if (errors.length > 0 || decision === undefined)
        return 'failed';
    if (rotated !== undefined)
        return 'rotated';
    if (decision.action === 'skip')
        return 'skipped';
    if (decision.action === 'defer')
        return 'deferred';
    if (inputs?.dryRun)
        return 'planned';
    throw new Error('Invariant violation: a rotation was decided, and neither carried out nor refused');
}
function timelineOf(progress) {
    const { facts, decision, rotated } = progress;
    if (facts === undefined || decision === undefined || decision.action === 'skip')
        return {};
    const goneBy = minutesGoneBy(progress);
    const queued = needsOfLater(progress).map((need) => later(need, goneBy));
    const runs = [...decision.needs, ...queued];
    if (runs.length === 0)
        return {};
    const rotatedAt = rotated === undefined ? facts.runs.at : Date.parse(rotated.issuedAt);
    return { timeline: { rotatedAt, graceMinutes: decision.grace.minutes, runs } };
}
function later(need, minutes) {
    const { safeMinutes, waitMinutes } = need;
    return {
        ...need,
        safeMinutes: safeMinutes + minutes,
        waitMinutes: waitMinutes && waitMinutes + minutes,
    };
}
function destinationsOf({ glimpse, facts, decision, rotations, rotated }, errors) {
    const archived = (facts?.archived ?? []).map((destination) => ({ destination, result: 'archived' }));
    const passedOver = [...(facts?.passedOver ?? []).flatMap(failedDestination), ...archived];
    if (rotated !== undefined) {
        const { standing } = rotated;
        const isStale = standing.kind === 'superseded' && !standing.isEverywhere;
        const written = rotated.written.map((one) => one.result === 'failed'
            ? { destination: one.destination, result: one.result, error: one.error.message }
            : { destination: one.destination, result: isStale ? 'stale' : one.result });
        return [...written, ...passedOver];
    }
    if (facts === undefined) {
        const failed = errors.flatMap(failedDestination);
        return [...statesIn(glimpse, failed), ...failed];
    }
    const isSuperseded = rotations !== undefined && (rotations.open || rotations.lost.length > 0);
    const states = facts.copies.map(({ destination }, index) => {
        const state = decision?.states[index] ?? 'failed';
        return { destination, result: isSuperseded && state === 'current' ? 'stale' : state };
    });
    return [...states, ...passedOver];
}
function statesIn(glimpse, failed) {
    if (glimpse?.key === undefined)
        return [];
    const { copies, issuedAt } = glimpse;
    return copies
        .filter(({ destination }) => !failed.some((one) => one.destination === destination))
        .map((copy) => ({ destination: copy.destination, result: (0,staleness/* stateOf */.L4)(copy, issuedAt) }));
}
function failedDestination(error) {
    if (!(error instanceof problem/* Problem */.AF) || error.parts.destination === undefined)
        return [];
    return [{ destination: error.parts.destination, result: 'failed', error: error.message }];
}


/***/ }),

/***/ 8823:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  U0: () => (/* binding */ GITHUB),
  cz: () => (/* binding */ detailsOf),
  TM: () => (/* binding */ folded),
  ro: () => (/* binding */ remarksOf),
  Br: () => (/* binding */ renderSummary),
  D_: () => (/* binding */ unbroken)
});

// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/5-tell/markdown.js
var markdown = __nccwpck_require__(8805);
// EXTERNAL MODULE: ./lib/src/5-tell/report.js + 3 modules
var report = __nccwpck_require__(4816);
// EXTERNAL MODULE: ./lib/src/5-tell/words.js
var words = __nccwpck_require__(8311);
;// CONCATENATED MODULE: ./lib/src/5-tell/timeline.js

const MOST_RUNS = 20;
const MINUTE = 60_000;
const LONGEST_PAST = 120 * MINUTE;
const LONGEST_FUTURE = 240 * MINUTE;
function renderTimeline({ rotatedAt, graceMinutes, runs }, isRotated) {
    const graceEnd = rotatedAt + graceMinutes * MINUTE;
    const longest = [...runs].sort((a, b) => b.safeMinutes - a.safeMinutes).slice(0, MOST_RUNS);
    const inTurn = longest.sort((a, b) => (a.waitMinutes ?? 0) - (b.waitMinutes ?? 0));
    const more = runs.length - inTurn.length;
    return [
        '```mermaid',
        'gantt',
        '  dateFormat YYYY-MM-DD HH:mm:ss',
        '  axisFormat %H:%M',
        '  todayMarker off',
        '  section Old token',
        `  0 min rotation :milestone, ${utc(rotatedAt)}, 0d`,
        `  ${graceMinutes} min that it ${isRotated ? 'stays valid' : 'would stay valid'} :${utc(rotatedAt)}, ${utc(Math.max(graceEnd, rotatedAt + MINUTE))}`,
        '  section Runs',
        ...inTurn.map((run) => `  ${taskOf(run, rotatedAt, graceEnd)}`),
        '```',
        '',
        `${more > 0 ? `And ${(0,words/* plural */.LS)(more, 'more run')}. ` : ''}Times are UTC.`,
    ].join('\n');
}
function taskOf(run, rotatedAt, graceEnd) {
    const end = rotatedAt + Math.max(1, run.safeMinutes) * MINUTE;
    const shownEnd = Math.min(end, rotatedAt + LONGEST_FUTURE);
    const begin = run.waitMinutes ? rotatedAt + run.waitMinutes * MINUTE : run.startedAt || rotatedAt;
    const start = Math.max(Math.min(begin, shownEnd - MINUTE), rotatedAt - LONGEST_PAST);
    const mark = end > graceEnd ? 'crit, ' : '';
    const left = `${Math.ceil(run.safeMinutes)} min${run.by === 'nothing' ? ' or more' : ''} left`;
    return `${left} ${chartLabel(run.workflow)} :${mark}${utc(start)}, ${utc(shownEnd)}`;
}
const utc = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
function chartLabel(name) {
    const clean = name
        .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}._/ -]+/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim();
    return clean.length > 40 ? `${[...clean].slice(0, 40).join('')}\u2026` : clean || 'run';
}

;// CONCATENATED MODULE: ./lib/src/5-tell/summary.js





const HEADLINES = {
    rotated: '\u2705 Rotated',
    skipped: '\u23ed\ufe0f Nothing to do',
    deferred: '\u23f3 Put off until runs in flight have ended',
    planned: '\ud83d\udcdd Would be rotated (dry run)',
    failed: '\u274c Failed',
};
const RESULTS = {
    created: '\u2705 created',
    updated: '\u2705 updated',
    current: '\u2705 current',
    stale: '\u26a0\ufe0f stale: holds an older token',
    missing: '\u26a0\ufe0f missing',
    failed: '\u274c failed',
    archived: '\u26a0\ufe0f archived: left out',
};
const GITHUB = 'https://github.com';
function renderSummary(report, server = GITHUB) {
    const { key, asked = 'incident.io API key' } = report;
    const title = (0,markdown/* escapeMarkdown */.FV)(key?.name ?? asked);
    return `${[`### ${headlineOf(report)}: ${title}`, ...remarksOf(report), ...detailsOf(report, server)].join('\n\n')}\n`;
}
function headlineOf({ status, rotated }) {
    return status === 'failed' && rotated ? '\u274c Rotated, but not everything went well' : HEADLINES[status];
}
const MOST_ERRORS = 10;
function remarksOf({ errors, notes, warnings }) {
    const told = errors.map(errorInMarkdown);
    const more = told.slice(MOST_ERRORS);
    return [
        ...told.slice(0, MOST_ERRORS),
        ...(more.length > 0 ? [folded(`\u274c ${(0,words/* plural */.LS)(more.length, 'more error')}`, more.join('\n\n'))] : []),
        ...notes.map((note) => `\u2139\ufe0f ${(0,markdown/* escapeMarkdown */.FV)(note)}`),
        ...warnings.map((warning) => `\u26a0\ufe0f ${(0,markdown/* escapeMarkdown */.FV)(warning)}`),
    ];
}
function errorInMarkdown(error) {
    const [sentence = '', ...excerpt] = error.split('\n');
    return [`\u274c ${(0,markdown/* escapeMarkdown */.FV)(sentence)}`, ...(excerpt.length > 0 ? [(0,markdown/* codeBlock */.DV)(excerpt)] : [])].join('\n\n');
}
function detailsOf(report, server = GITHUB) {
    const [head, ...facts] = keyFacts(report, server);
    return [
        ...(head === undefined ? [] : [(0,markdown/* table */.tp)(head, facts)]),
        ...(report.destinations.length === 0 ? [] : [destinationTable(report)]),
        ...(report.timeline === undefined ? [] : [renderTimeline(report.timeline, report.rotated)]),
        ...(report.runsAtRisk.length === 0 ? [] : [riskTable(report.runsAtRisk, server)]),
    ];
}
function keyFacts(report, server) {
    const { key, because, rotated, tokenIssuedAt, oldTokenExpiresAt, graceMinutes } = report;
    if (key === undefined)
        return [];
    const rows = key.id ? [['Key', (0,markdown/* code */.aY)(key.id)]] : [];
    if (because !== undefined)
        rows.push(['Why', (0,markdown/* escapeMarkdown */.FV)((0,words/* reasonInWords */.jA)(because))]);
    if (tokenIssuedAt !== undefined) {
        rows.push([rotated ? 'New token issued' : 'Token issued', (0,markdown/* escapeMarkdown */.FV)(tokenIssuedAt)]);
    }
    if (graceMinutes !== undefined) {
        rows.push([
            oldTokenExpiresAt === undefined ? 'Grace period, if rotated now' : 'Grace period',
            `${(0,words/* plural */.LS)(graceMinutes, 'minute')}${graceReason(report, server)}`,
        ]);
    }
    if (oldTokenExpiresAt !== undefined)
        rows.push(['Old token dies', oldTokenExpiresAt]);
    return rows;
}
function graceReason({ graceBecause, graceRun }, server) {
    if (graceBecause === undefined)
        return '';
    const link = graceRun === undefined ? '' : `: ${linkTo(graceRun.url, `#${graceRun.runId}`, server)}`;
    return ` (${(0,markdown/* escapeMarkdown */.FV)(graceBecause)}${link})`;
}
const MOST_DESTINATIONS = 20;
function destinationTable({ destinations }) {
    const [well, others] = [destinations.filter(report/* isWell */.f5), destinations.filter((one) => !(0,report/* isWell */.f5)(one))];
    if (destinations.length <= MOST_DESTINATIONS)
        return tableOf([...others, ...well]);
    const title = `\u2705 ${(0,words/* plural */.LS)(well.length, 'destination holds', 'destinations hold')} the current token`;
    return [
        ...(others.length > 0 ? [tableOf(others)] : []),
        ...(well.length > 0 ? [folded(title, tableOf(well))] : []),
    ].join('\n\n');
}
function tableOf(destinations) {
    const rows = destinations.map(({ destination, result }) => [
        unbroken(RESULTS[result]),
        (0,markdown/* escapeMarkdown */.FV)(destination.kind),
        (0,markdown/* escapeMarkdown */.FV)((0,src_destination/* placeOf */.$t)(destination)),
        `\`${destination.secret}\``,
    ]);
    return (0,markdown/* table */.tp)(['Result', 'Destination', 'Where', 'Secret'], rows);
}
const MOST_OPEN_ROWS = 20;
const MOST_ROWS = 50;
function riskTable(runs, server) {
    const rows = runs
        .toSorted((a, b) => b.safeMinutes - a.safeMinutes)
        .slice(0, MOST_ROWS)
        .map(({ repository, workflow, runId, url, status, ...need }) => [
        neededFor(need),
        (0,markdown/* escapeMarkdown */.FV)(status.replaceAll('_', ' ')),
        `${(0,markdown/* escapeMarkdown */.FV)(workflow)} ${linkTo(url, `#${runId}`, server)}`,
        (0,markdown/* escapeMarkdown */.FV)(repository),
    ]);
    const more = runs.length - MOST_ROWS;
    const text = [
        (0,markdown/* table */.tp)(['Needs it for', 'Status', 'Run', 'Repository'], rows),
        ...(more > 0 ? [`and ${(0,words/* plural */.LS)(more, 'more run')}`] : []),
    ].join('\n\n');
    const title = 'Runs that may outlive the old token';
    return runs.length > MOST_OPEN_ROWS ? folded(`\u26a0\ufe0f ${title}: ${runs.length}`, text) : `**${title}**\n\n${text}`;
}
function neededFor(need) {
    if (need.waits || need.hasWaitingJob)
        return 'waits for an approval';
    return `${need.by === 'nothing' ? 'unknown' : (0,words/* plural */.LS)(Math.ceil(need.safeMinutes), 'minute')}${(0,words/* inLine */.i2)(need)}`;
}
function folded(title, text) {
    return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}
function unbroken(text) {
    return text.replace(' ', '\u00a0');
}
function linkTo(url, text, server) {
    const isOfGitHub = url.startsWith(`${server}/`) && /^https?:\/\/[\w.:-]+\/[\w./-]+$/.test(url);
    return isOfGitHub ? `[${(0,markdown/* escapeMarkdown */.FV)(text)}](${url})` : (0,markdown/* escapeMarkdown */.FV)(text);
}


/***/ }),

/***/ 8883:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Sy: () => (/* binding */ writeSummary),
/* harmony export */   gT: () => (/* binding */ tryOutputs),
/* harmony export */   n0: () => (/* binding */ setOutputs),
/* harmony export */   qz: () => (/* binding */ tell)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2333);
/* harmony import */ var _services_log_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8551);
/* harmony import */ var _services_mask_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(2735);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9644);
/* harmony import */ var _log_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(7700);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_7__ = __nccwpck_require__(7952);
/* harmony import */ var _summary_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(8823);








const LARGEST_SUMMARY = 1_000_000;
async function tell(given) {
    const report = (0,_services_mask_js__WEBPACK_IMPORTED_MODULE_3__/* .scrubAll */ .Tk)(given);
    for (const line of (0,_log_js__WEBPACK_IMPORTED_MODULE_5__/* .renderLog */ .N)(report))
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .say */ .cv)(line);
    for (const note of report.notes)
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .say */ .cv)(note);
    for (const warning of report.warnings)
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .warn */ .R8)(warning);
    (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .complainOf */ .xx)(report.errors);
    await writeSummary((0,_summary_js__WEBPACK_IMPORTED_MODULE_6__/* .renderSummary */ .Br)(report, process.env.GITHUB_SERVER_URL));
    setOutputs((0,_outputs_js__WEBPACK_IMPORTED_MODULE_7__/* .renderOutputs */ .$Z)(report));
}
function tryOutputs() {
    const file = process.env.GITHUB_OUTPUT;
    if (!file)
        return;
    try {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)(file, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_WRONLY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_APPEND));
    }
    catch (cause) {
        throw noOutputs('Nothing was changed.', cause);
    }
}
function setOutputs(outputs) {
    try {
        for (const [name, value] of Object.entries(outputs))
            _actions_core__WEBPACK_IMPORTED_MODULE_1__/* .setOutput */ .uH(name, value);
    }
    catch (cause) {
        throw noOutputs('What the log says above was done all the same.', cause);
    }
}
function noOutputs(changed, cause) {
    const code = String(cause.code ?? 'the file is missing');
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_4__/* .Problem */ .AF({
        goal: 'hand over',
        subject: 'the outputs of this step',
        cause: `the file in which the runner expects them (GITHUB_OUTPUT) cannot be written (${code})`,
        remedy: `${changed} Free space on the runner's disk; in a container, mount the folder of the file so that it may be written. Then run again.`,
    }, { cause });
}
async function writeSummary(markdown) {
    if (!process.env.GITHUB_STEP_SUMMARY)
        return;
    try {
        await _actions_core__WEBPACK_IMPORTED_MODULE_1__/* .summary */ .z.addRaw(cutToBytes(markdown, LARGEST_SUMMARY)).write();
    }
    catch (error) {
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .warn */ .R8)(`The job summary could not be written: ${String(error.code ?? 'its file is missing, or may not be written')}.`);
    }
}
function cutToBytes(text, most) {
    const bytes = Buffer.from(text);
    return bytes.length <= most
        ? text
        : bytes
            .subarray(0, most)
            .toString()
            .replace(/\ufffd$/, '');
}


/***/ }),

/***/ 8311:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   Ln: () => (/* binding */ span),
/* harmony export */   i2: () => (/* binding */ inLine),
/* harmony export */   jA: () => (/* binding */ reasonInWords)
/* harmony export */ });
const UNITS = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
];
function span(ms) {
    for (const [unit, size] of UNITS) {
        const count = Math.floor(Math.max(0, ms) / size);
        if (count >= 1)
            return plural(count, unit);
    }
    return 'less than a minute';
}
function reasonInWords(reason) {
    switch (reason.kind) {
        case 'forced':
            return 'force is true';
        case 'healing': {
            const stale = reason.stale > 0 ? [`${plural(reason.stale, 'secret')} older than the key's token`] : [];
            const missing = reason.missing > 0 ? [`${plural(reason.missing, 'secret')} missing`] : [];
            return [...stale, ...missing].join(' and ');
        }
        case 'due':
            return `the token is ${span(reason.age)} old, due at ${reason.minTokenAge === 0 ? 'any age' : span(reason.minTokenAge)}`;
        case 'overdue':
            return `the token is ${span(reason.age)} old, past its max-token-age of ${span(reason.maxTokenAge)}`;
        case 'young':
            return `the token is ${span(reason.age)} old, due in ${span(reason.dueIn)}`;
        case 'answered':
            return 'every copy holds its token, and an event of the audit log only mends';
        case 'archived':
            return 'every destination is in an archived repository';
        case 'repair-paused':
            return 'two runs in a row failed to repair its secrets';
        case 'missing-key':
            return 'there is no such key, and create is true';
        case 'another-key':
            return "the audit log's entry is not about this key";
        case 'at-work':
            return `the run that rotated it is still in progress: ${reason.run}`;
        case 'only-heals':
            return `the token is ${span(reason.age)} old, and min-token-age is never: only stale or missing copies are mended`;
    }
}
function inLine({ waitMinutes }) {
    if (waitMinutes === undefined)
        return ', and waits in line for an unknown time';
    return waitMinutes === 0 ? '' : `, of which it waits in line for ${plural(Math.ceil(waitMinutes), 'minute')}`;
}
function plural(count, one, many = `${one}s`) {
    return `${count} ${count === 1 ? one : many}`;
}


/***/ }),

/***/ 7194:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $t: () => (/* binding */ placeOf),
/* harmony export */   GW: () => (/* binding */ KINDS),
/* harmony export */   Vb: () => (/* binding */ nameOf),
/* harmony export */   XM: () => (/* binding */ pathOf),
/* harmony export */   v: () => (/* binding */ isOfOrganization),
/* harmony export */   xX: () => (/* binding */ storeOf)
/* harmony export */ });
const KINDS = ['repository', 'environment', 'organization', 'dependabot', 'codespaces', 'agents'];
const OF_REPOSITORIES = {
    repository: { path: () => 'actions', permission: 'secrets', permissionName: 'Secrets', scope: 'repo' },
    environment: {
        path: (environment) => `environments/${encodeURIComponent(environment)}`,
        permission: 'environments',
        permissionName: 'Environments',
        scope: 'repo',
    },
    dependabot: {
        path: () => 'dependabot',
        permission: 'dependabot_secrets',
        permissionName: 'Dependabot secrets',
        scope: 'repo',
    },
    codespaces: {
        path: () => 'codespaces',
        permission: 'codespaces_secrets',
        permissionName: 'Codespaces secrets',
        scope: 'repo',
        isCloudOnly: true,
    },
    agents: {
        path: () => 'agents',
        permission: 'agent_secrets',
        permissionName: 'Agent secrets',
        scope: 'repo',
        isCloudOnly: true,
    },
};
const OF_ORGANIZATIONS = {
    organization: {
        path: () => 'actions',
        permission: 'organization_secrets',
        permissionName: 'Secrets (of the organization)',
        scope: 'admin:org',
    },
    dependabot: {
        path: () => 'dependabot',
        permission: 'organization_dependabot_secrets',
        permissionName: 'Organization Dependabot secrets',
        scope: 'admin:org',
    },
    codespaces: {
        path: () => 'codespaces',
        permission: 'organization_codespaces_secrets',
        permissionName: 'Organization Codespaces secrets',
        scope: 'admin:org',
        isClosedToApps: true,
        isCloudOnly: true,
    },
    agents: {
        path: () => 'agents',
        permission: 'organization_agent_secrets',
        permissionName: 'Agent secrets (of the organization)',
        scope: 'admin:org',
        isCloudOnly: true,
    },
};
function storeOf({ kind, repository }) {
    const store = (repository === undefined ? OF_ORGANIZATIONS : OF_REPOSITORIES)[kind];
    if (store === undefined)
        throw new Error(`Invariant violation: ${kind} secrets have no such place`);
    return store;
}
function isOfOrganization({ repository }) {
    return repository === undefined;
}
function nameOf(destination) {
    return `${destination.secret} in ${placeOf(destination)}`;
}
function placeOf({ kind, owner, repository, environment }) {
    const where = [owner, repository, environment].filter((part) => part !== undefined).join('/');
    return kind === 'repository' || kind === 'environment' || kind === 'organization' ? where : `${where} (${kind})`;
}
function pathOf(destination) {
    const { owner, repository, environment = '' } = destination;
    const holder = repository === undefined
        ? `/orgs/${encodeURIComponent(owner)}`
        : `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
    return `${holder}/${storeOf(destination).path(environment)}`;
}


/***/ }),

/***/ 171:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ finish)
/* harmony export */ });
/* harmony import */ var _1_read_access_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3246);
/* harmony import */ var _1_read_destinations_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1765);
/* harmony import */ var _2_look_look_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(50);
/* harmony import */ var _2_look_look_at_copies_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(702);
/* harmony import */ var _2_look_staleness_js__WEBPACK_IMPORTED_MODULE_20__ = __nccwpck_require__(151);
/* harmony import */ var _3_decide_grace_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(1679);
/* harmony import */ var _4_rotate_and_write_confirm_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(8992);
/* harmony import */ var _4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__ = __nccwpck_require__(5633);
/* harmony import */ var _4_rotate_and_write_rotation_js__WEBPACK_IMPORTED_MODULE_7__ = __nccwpck_require__(1095);
/* harmony import */ var _4_rotate_and_write_state_js__WEBPACK_IMPORTED_MODULE_8__ = __nccwpck_require__(7909);
/* harmony import */ var _4_rotate_and_write_stopping_js__WEBPACK_IMPORTED_MODULE_17__ = __nccwpck_require__(1621);
/* harmony import */ var _4_rotate_and_write_write_js__WEBPACK_IMPORTED_MODULE_9__ = __nccwpck_require__(4126);
/* harmony import */ var _5_tell_messages_js__WEBPACK_IMPORTED_MODULE_10__ = __nccwpck_require__(1036);
/* harmony import */ var _destination_js__WEBPACK_IMPORTED_MODULE_11__ = __nccwpck_require__(7194);
/* harmony import */ var _services_clock_js__WEBPACK_IMPORTED_MODULE_18__ = __nccwpck_require__(3257);
/* harmony import */ var _services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__ = __nccwpck_require__(3230);
/* harmony import */ var _services_log_js__WEBPACK_IMPORTED_MODULE_13__ = __nccwpck_require__(8551);
/* harmony import */ var _services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_19__ = __nccwpck_require__(3192);
/* harmony import */ var _services_problem_js__WEBPACK_IMPORTED_MODULE_14__ = __nccwpck_require__(9644);
/* harmony import */ var _services_retry_js__WEBPACK_IMPORTED_MODULE_15__ = __nccwpck_require__(9021);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_16__ = __nccwpck_require__(2410);





















async function finish(begun) {
    const world = { ...begun, lookPatience: _services_retry_js__WEBPACK_IMPORTED_MODULE_15__/* .UNTIL_THE_END */ .fv };
    world.stopping.shield();
    world.stopping.finishBy(world.clock.now() + _4_rotate_and_write_stopping_js__WEBPACK_IMPORTED_MODULE_17__/* .STOP_PATIENCE */ .zl);
    try {
        const all = (0,_4_rotate_and_write_state_js__WEBPACK_IMPORTED_MODULE_8__/* .savedRotations */ .b8)(world.env);
        const writes = all.reduce((sum, { intent }) => sum + intent.destinations.length, 0);
        let access;
        try {
            access = (0,_1_read_access_js__WEBPACK_IMPORTED_MODULE_0__/* .readAccess */ .zS)(world.env);
        }
        catch (mistakes) {
            throw new AggregateError(await finishWithoutInputs(all, (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .errorsIn */ .R4)(mistakes), writes, world));
        }
        const services = (0,_world_js__WEBPACK_IMPORTED_MODULE_16__/* .connect */ .Ng)(access, world, writes);
        await (0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .allOrProblems */ .Xd)(all.map((saved) => finishRotation({ saved, ...services, world })));
        return true;
    }
    catch (thrown) {
        for (const message of (0,_5_tell_messages_js__WEBPACK_IMPORTED_MODULE_10__/* .messagesOf */ .c)((0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .errorsIn */ .R4)(thrown)))
            (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .complain */ .cc)(message);
        return false;
    }
}
async function finishWithoutInputs(all, mistakes, writes, world) {
    const access = (0,_1_read_access_js__WEBPACK_IMPORTED_MODULE_0__/* .readGitHubAccess */ .wX)(world.env);
    const services = access && (0,_world_js__WEBPACK_IMPORTED_MODULE_16__/* .connect */ .Ng)(access, world, writes);
    const finishing = all.map(async (saved) => {
        const { sealed } = saved;
        const work = services && { saved, ...services, world };
        const written = work === undefined || sealed === undefined ? undefined : await writeUnconfirmed(sealed, work);
        return withoutInputs(saved, mistakes.map(_5_tell_messages_js__WEBPACK_IMPORTED_MODULE_10__/* .messageOf */ .b), written, world.clock.now());
    });
    return Promise.all(finishing);
}
async function writeUnconfirmed(sealed, work) {
    const left = await copiesLeft(sealed, undefined, work);
    const { oldTokenExpiresAt } = sealed;
    const patience = (0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .writePatience */ .dd)(oldTokenExpiresAt, work.incident);
    const written = await (0,_4_rotate_and_write_write_js__WEBPACK_IMPORTED_MODULE_9__/* .writeAll */ .f4)(left, tokenIsGone, { ...work, ...work.world, patience, oldTokenExpiresAt });
    for (const { destination, result } of written)
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .say */ .cv)(`${(0,_destination_js__WEBPACK_IMPORTED_MODULE_11__/* .nameOf */ .Vb)(destination)}: ${result}`);
    return written;
}
function unconfirmedInWords(written) {
    if (written === undefined)
        return [];
    const names = (isWritten) => written.flatMap(({ destination, result }) => ((result !== 'failed') === isWritten ? [(0,_destination_js__WEBPACK_IMPORTED_MODULE_11__/* .nameOf */ .Vb)(destination)] : []));
    return [
        ...(names(true).length > 0 ? [`The saved token was written to ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .someOf */ .yU)(names(true))}.`] : []),
        ...(names(false).length > 0 ? [`It could not be written to ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .someOf */ .yU)(names(false))}.`] : []),
        'Whether it is still the current one could not be confirmed.',
    ];
}
function withoutInputs(saved, mistakes, written, now) {
    const { key, graceMinutes } = saved.intent;
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .Problem */ .AF({
        goal: 'finish the rotation of',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .quote */ .hD)(key.name)}${'id' in key ? ` (${key.id})` : ''}`,
        cause: `the post step was given other inputs than the main step, as happens in a composite action inside another one ` +
            `(${mistakes.map((mistake) => mistake.split(/[;.] |\.$/)[0]).join('; ')})`,
        remedy: [
            ...unconfirmedInWords(written),
            consequence(graceMinutes, key, saved.sealed),
            `${againIn(saved, now)}. Use the action in a workflow, or in a composite action that no other one uses.`,
        ].join(' '),
    });
}
const LONGEST_WRITING = ((0,_3_decide_grace_js__WEBPACK_IMPORTED_MODULE_4__/* .writingMinutes */ .o1)(_1_read_destinations_js__WEBPACK_IMPORTED_MODULE_1__/* .MOST_WRITES */ .d9) + 1) * 60_000;
async function finishRotation(work) {
    const { sealed } = work.saved;
    if (sealed === undefined) {
        const key = await keyWithLostToken(work);
        if (key !== undefined)
            await rotateAgain(key, work);
        return;
    }
    const key = await keyNow(sealed, work);
    if (key !== undefined && (0,_services_clock_js__WEBPACK_IMPORTED_MODULE_18__/* .isLater */ .d8)(key.issuedAt, sealed.issuedAt))
        return yieldToNewer(key, sealed, work);
    const left = await copiesLeft(sealed, key === undefined ? undefined : sealed.issuedAt, work);
    if (left.length > 0)
        await writeSaved(left, sealed, work);
}
async function keyWithLostToken(work) {
    const { saved, incident } = work;
    const { key: before } = saved.intent;
    try {
        if ('id' in before) {
            return await keyOnceMoved(before, work);
        }
        const [made, ...others] = (await incident.list()).filter(({ name }) => name === before.name);
        if (others.length > 0)
            throw severalKeys(before.name);
        return made && (0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__/* .keyOf */ .TN)(made);
    }
    catch (error) {
        throw error instanceof _services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .Problem */ .AF ? error : unseen(saved, error, work.world.clock.now());
    }
}
function keyOnceMoved({ id, issuedAt }, { incident, world: { clock } }) {
    const see = async () => {
        const key = await incident.show(id);
        return (0,_services_clock_js__WEBPACK_IMPORTED_MODULE_18__/* .isLater */ .d8)(key.issuedAt, issuedAt) ? key : undefined;
    };
    return (0,_services_look_repeatedly_js__WEBPACK_IMPORTED_MODULE_19__/* .lookRepeatedly */ .l)(see, clock);
}
async function keyNow(sealed, work) {
    try {
        return await work.incident.show(sealed.keyId);
    }
    catch (error) {
        if (isDeadByItself(error, work))
            return undefined;
        const written = (0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__/* .isUnauthorized */ .Tk)(error) ? await writeUnconfirmed(sealed, work) : undefined;
        throw unseen(work.saved, error, work.world.clock.now(), written);
    }
}
async function writeSaved(left, sealed, work) {
    const { incident, world } = work;
    const { keyId, issuedAt, oldTokenExpiresAt } = sealed;
    const patience = (0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .writePatience */ .dd)(oldTokenExpiresAt, incident);
    const written = await (0,_4_rotate_and_write_write_js__WEBPACK_IMPORTED_MODULE_9__/* .writeAll */ .f4)(left, tokenIsGone, { ...work, ...world, patience, oldTokenExpiresAt });
    for (const { destination, result } of written)
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .say */ .cv)(`${(0,_destination_js__WEBPACK_IMPORTED_MODULE_11__/* .nameOf */ .Vb)(destination)}: ${result}`);
    const failed = written.flatMap((one) => (one.result === 'failed' ? [one.error] : []));
    if (failed.some(({ cause }) => cause instanceof TokenGone))
        return rotateAgain({ id: keyId, issuedAt }, work);
    if (failed.length > 0)
        throw new AggregateError(failed);
    const standing = await (0,_4_rotate_and_write_confirm_js__WEBPACK_IMPORTED_MODULE_5__/* .confirm */ .lJ)(sealed, written, { ...work, ...world, context: world.context }, _services_retry_js__WEBPACK_IMPORTED_MODULE_15__/* .UNTIL_THE_END */ .fv);
    if (standing.kind === 'superseded' && !standing.isEverywhere) {
        await rotateAgain({ id: keyId, issuedAt: standing.issuedAt }, work);
    }
    if (standing.kind === 'gone')
        throw (0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .deletedMeanwhile */ .e_)(subjectOf(work));
    if (standing.kind === 'unknown' && !isDeadByItself(standing.error, work))
        throw unconfirmed(standing.error, work);
}
function isDeadByItself(error, { saved: { intent } }) {
    return (0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__/* .isUnauthorized */ .Tk)(error) && 'id' in intent.key && intent.key.isSelf;
}
const subjectOf = ({ saved: { intent } }) => `the new token of the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .quote */ .hD)(intent.key.name)}`;
function unconfirmed(error, work) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .Problem */ .AF({
        goal: 'confirm',
        subject: subjectOf(work),
        cause: 'incident.io could not be asked whether it is still the current one',
        remedy: _4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .UNCONFIRMED */ .PG,
    }, { cause: error });
}
async function yieldToNewer(key, sealed, work) {
    const lag = await (0,_4_rotate_and_write_confirm_js__WEBPACK_IMPORTED_MODULE_5__/* .lagOfDates */ .j0)(sealed.copies.map(({ destination }) => destination), work);
    await (0,_4_rotate_and_write_confirm_js__WEBPACK_IMPORTED_MODULE_5__/* .pause */ .v7)(work.world);
    const { issuedAt } = await work.incident.show(key.id).catch(() => key);
    const { written } = work.saved;
    const ourWriteOf = (index) => {
        const at = written === undefined ? lastWriteOf(sealed, work) : (written[index] ?? undefined);
        return at === undefined ? undefined : at + lag;
    };
    const areTheirs = await Promise.all(sealed.copies.map(({ destination }, index) => (0,_4_rotate_and_write_confirm_js__WEBPACK_IMPORTED_MODULE_5__/* .isTheirs */ .YZ)(destination, ourWriteOf(index), issuedAt, work)));
    if (!areTheirs.every(Boolean))
        return rotateAgain({ id: key.id, issuedAt }, work);
    (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .say */ .cv)('Another rotation came after this one, and wrote its token everywhere: the saved values are superseded.');
}
function lastWriteOf({ issuedAt, oldTokenExpiresAt }, { incident, github }) {
    const end = Math.max(Date.parse(oldTokenExpiresAt ?? ''), Date.parse(issuedAt) + LONGEST_WRITING);
    return end - incident.time.offset + github.time.offset;
}
async function rotateAgain(key, work) {
    const { saved, incident, github, world } = work;
    const { destinations, graceMinutes } = saved.intent;
    (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .say */ .cv)('The main step ended before the new token was safe; rotating once more.');
    const what = { key: { by: 'id', id: key.id }, destinations, force: true };
    const facts = await (0,_2_look_look_js__WEBPACK_IMPORTED_MODULE_2__/* .look */ .Op)(what, { incident, github }, world.context, { withRuns: false });
    const log = { ...(0,_4_rotate_and_write_rotation_js__WEBPACK_IMPORTED_MODULE_7__/* .noRotations */ .HJ)(), lost: [key.issuedAt], isNew: !('id' in saved.intent.key) };
    const baseline = (0,_4_rotate_and_write_rotation_js__WEBPACK_IMPORTED_MODULE_7__/* .baselineOf */ .Bv)(facts);
    const effects = { ...world, incident, github, state: _4_rotate_and_write_state_js__WEBPACK_IMPORTED_MODULE_8__/* .UNSAVED */ .Dv };
    const rotated = await (0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .rotateAndWrite */ .IC)(baseline, graceMinutes, facts.copies, log, effects);
    for (const { destination, result } of rotated.written)
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_13__/* .say */ .cv)(`${(0,_destination_js__WEBPACK_IMPORTED_MODULE_11__/* .nameOf */ .Vb)(destination)}: ${result}`);
    const problems = [...facts.passedOver, ...(0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .problemsOf */ .GW)(baseline, rotated)];
    if (problems.length > 0)
        throw new AggregateError(problems);
}
async function copiesLeft(sealed, issuedAt, { incident, github }) {
    const at = Date.parse(issuedAt ?? '') - incident.time.offset;
    const left = await Promise.all(sealed.copies.map(async (copy) => {
        const stored = await (0,_2_look_look_at_copies_js__WEBPACK_IMPORTED_MODULE_3__/* .readStored */ .CL)(copy.destination, github, _services_retry_js__WEBPACK_IMPORTED_MODULE_15__/* .BEFORE_ROTATION */ .$l).catch(() => 'unreadable');
        if (stored === 'unreadable')
            return issuedAt === undefined ? [] : [copy];
        const { writtenAt, visibility } = stored;
        const updatedAt = writtenAt === undefined ? undefined : Date.parse(writtenAt) - github.time.offset;
        const isLeft = writtenAt === copy.writtenAt || (issuedAt !== undefined && (0,_2_look_staleness_js__WEBPACK_IMPORTED_MODULE_20__/* .stateOf */ .L4)({ updatedAt }, at) !== 'current');
        return isLeft ? [{ ...copy, ...(writtenAt !== undefined && visibility && { visibility }) }] : [];
    }));
    return left.flat();
}
function unseen(saved, error, now, written) {
    const { key, graceMinutes } = saved.intent;
    const { sealed } = saved;
    if ((0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__/* .isGone */ .ST)(error))
        return (0,_4_rotate_and_write_rotate_and_write_js__WEBPACK_IMPORTED_MODULE_6__/* .deletedMeanwhile */ .e_)(`the new token of the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .quote */ .hD)(key.name)}`);
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .Problem */ .AF({
        goal: 'finish the rotation of',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .quote */ .hD)(key.name)}${'id' in key ? ` (${key.id})` : ''}`,
        cause: error instanceof Error ? error.message : 'no answer',
        remedy: (0,_services_incident_io_js__WEBPACK_IMPORTED_MODULE_12__/* .isUnauthorized */ .Tk)(error) && 'id' in key && key.isSelf
            ? _4_rotate_and_write_rotation_js__WEBPACK_IMPORTED_MODULE_7__/* .DEAD_BY_ITSELF */ .lQ
            : `${[...unconfirmedInWords(written), consequence(graceMinutes, key, sealed)].join(' ')} ${againIn(saved, now)}: the next run sees which copies are older than the token, rotates and writes them.`,
    }, { cause: error });
}
function againIn({ sealed }, now) {
    const isUnknown = sealed?.oldTokenExpiresAt === undefined;
    return isUnknown || (0,_4_rotate_and_write_write_js__WEBPACK_IMPORTED_MODULE_9__/* .isTimeLeft */ .lU)(sealed.oldTokenExpiresAt, now) ? 'Run again before then' : 'Run again at once';
}
function consequence(graceMinutes, key, sealed) {
    if (!('id' in key))
        return 'If the key was made, its token is not in every secret.';
    if (sealed === undefined)
        return `If the key was rotated, the old token dies ${graceMinutes} minutes after that.`;
    return `The key was rotated, and the old token dies at ${sealed.oldTokenExpiresAt}.`;
}
function severalKeys(name) {
    return new _services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .Problem */ .AF({
        goal: 'finish the making of',
        subject: `the API key ${(0,_services_problem_js__WEBPACK_IMPORTED_MODULE_14__/* .quote */ .hD)(name)}`,
        cause: 'several keys carry its name now',
        remedy: 'Delete those that nobody uses in the dashboard, and run again.',
    });
}
class TokenGone extends Error {
}
function tokenIsGone() {
    throw new TokenGone();
}


/***/ }),

/***/ 5210:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6760);
/* harmony import */ var _5_tell_messages_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1036);
/* harmony import */ var _finish_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(171);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8309);
/* harmony import */ var _services_log_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(8551);
/* harmony import */ var _world_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(2410);






const LINGER = 100;
const isPost = (0,node_path__WEBPACK_IMPORTED_MODULE_0__.basename)(process.argv[1] ?? '') === 'post.js';
process.noDeprecation = true;
for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => { });
const world = (0,_world_js__WEBPACK_IMPORTED_MODULE_5__/* .realWorld */ .by)(process.env);
process.exitCode = (await (isPost ? (0,_finish_js__WEBPACK_IMPORTED_MODULE_2__/* .finish */ .O)(world) : runMain())) ? 0 : 1;
world.end();
world.http.close();
setTimeout(() => process.exit(), LINGER).unref();
async function runMain() {
    try {
        return await (0,_run_js__WEBPACK_IMPORTED_MODULE_3__/* .run */ .e)(world);
    }
    catch (error) {
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_4__/* .complain */ .cc)((0,_5_tell_messages_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .b)(error));
        return false;
    }
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 7652:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ MAX_LINE),
/* harmony export */   w: () => (/* binding */ MAX_CLEANUP)
/* harmony export */ });
const MAX_CLEANUP = 5;
const MAX_LINE = 100;


/***/ }),

/***/ 8309:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __nccwpck_require__(2333);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/1-read/access.js + 1 modules
var _1_read_access = __nccwpck_require__(3246);
// EXTERNAL MODULE: ./lib/src/1-read/age.js
var age = __nccwpck_require__(1745);
// EXTERNAL MODULE: ./lib/src/1-read/credentials.js + 1 modules
var credentials = __nccwpck_require__(6209);
// EXTERNAL MODULE: ./lib/src/1-read/defaults.js
var defaults = __nccwpck_require__(7267);
// EXTERNAL MODULE: ./lib/src/1-read/destinations.js + 1 modules
var _1_read_destinations = __nccwpck_require__(1765);
// EXTERNAL MODULE: ./lib/src/1-read/event.js
var _1_read_event = __nccwpck_require__(6785);
// EXTERNAL MODULE: ./lib/src/1-read/nearest.js
var nearest = __nccwpck_require__(4955);
// EXTERNAL MODULE: ./lib/src/1-read/secret-name.js
var secret_name = __nccwpck_require__(3137);
;// CONCATENATED MODULE: ./lib/src/1-read/inputs.js










const AGES = 'write 0 or a whole number with m, h, d or w, like 90m, 12h, 30d or 2w';
async function readInputs(env) {
    const manifest = core/* getInput */.V4('manifest');
    if (manifest === '')
        return Object.freeze((0,_1_read_access/* withoutMistakes */.mN)((wrong) => readForOneKey(env, wrong)));
    const inputs = (0,_1_read_access/* withoutMistakes */.mN)((wrong) => readForManifest(env, wrong));
    const { readManifest } = await Promise.all(/* import() */[__nccwpck_require__.e(815), __nccwpck_require__.e(208)]).then(__nccwpck_require__.bind(__nccwpck_require__, 6208));
    const around = { defaults: inputs, repository: env.GITHUB_REPOSITORY, hidesTokens: credentials/* hidesToken */.dV };
    const entries = await readManifest(manifest, around, env);
    const { by } = inputs.github;
    const problems = entries.flatMap(({ line, destinations }) => [
        ...(0,_1_read_destinations/* unavailableKinds */.S8)(destinations, by, inputs.githubApiUrl, 'the entry'),
        ...(0,_1_read_destinations/* tooManyDestinations */.Zr)(destinations, by, 'the entry'),
    ].map((sentence) => new problem/* ManifestProblem */.Rn(manifest, sentence, { line })));
    if (problems.length > 0)
        throw problems.length === 1 ? problems[0] : new AggregateError(problems);
    return Object.freeze({ ...inputs, manifest, entries });
}
function readForOneKey(env, wrong) {
    const common = readCommon(env, wrong);
    const destinations = readDestinations(env, wrong);
    for (const mistake of (0,_1_read_destinations/* unavailableKinds */.S8)(destinations, common.github.by, common.githubApiUrl))
        wrong(mistake);
    for (const mistake of (0,_1_read_destinations/* tooManyDestinations */.Zr)(destinations, common.github.by))
        wrong(mistake);
    const key = readSelector(wrong);
    if (key === undefined) {
        wrong('Inputs "key-name" and "key-id" are both empty; give one of them, to say which API key to rotate, like "key-name: CI deploy key".');
    }
    return { ...common, key: key ?? { by: 'name', name: '' }, destinations };
}
function readForManifest(env, wrong) {
    const common = readCommon(env, wrong);
    const beside = ['secret-name', 'destinations'].filter((input) => {
        const text = core/* getInput */.V4(input);
        return text !== '' && text !== defaults/* DEFAULTS */.zY.destinations;
    });
    for (const input of beside) {
        wrong(`Inputs "manifest" and "${input}" are both given; the manifest says which secrets hold which key: leave "${input}" out.`);
    }
    return { ...common, pick: readSelector(wrong) };
}
function readCommon(env, wrong) {
    const access = (0,_1_read_access/* accessFrom */.lp)(env, wrong);
    return {
        ...access,
        ...readPolicy(wrong),
        maxWaitMinutes: readMinutes('max-wait-minutes', wrong),
        force: readYesOrNo('force', wrong),
        dryRun: readYesOrNo('dry-run', wrong),
        event: (0,_1_read_event/* readEvent */.j_)(env),
    };
}
function readPolicy(wrong) {
    const minText = (0,defaults/* given */.gI)('min-token-age');
    const maxText = core/* getInput */.V4('max-token-age');
    const minTokenAge = minText === 'never' ? 'never' : readAge('min-token-age', minText, wrong);
    const maxTokenAge = maxText === '' ? undefined : readAge('max-token-age', maxText, wrong);
    if (maxTokenAge !== undefined && isAbove(minText, maxText)) {
        wrong(`Inputs "min-token-age" and "max-token-age" are crossed: ${(0,problem/* quote */.hD)(minText)} is above ${(0,problem/* quote */.hD)(maxText)}. ` +
            'Give a max-token-age that is not below min-token-age, like 60d with a min-token-age of 30d.');
    }
    return {
        grace: readGrace((0,defaults/* given */.gI)('grace-period-minutes'), wrong),
        minGraceMinutes: readMinutes('min-grace-minutes', wrong),
        longRuns: readLongRuns((0,defaults/* given */.gI)('long-runs'), wrong),
        minTokenAge,
        maxTokenAge,
    };
}
function readAge(name, text, wrong) {
    const read = (0,age/* parseAge */.F1)(text);
    if (read === undefined) {
        const takesNever = name === 'min-token-age';
        const never = takesNever ? ', or never' : '';
        const meant = takesNever && /^never$/i.test(text) ? 'never' : (0,age/* nearAge */.I4)(text);
        const hint = meant === undefined ? '' : ` Did you mean ${(0,problem/* quote */.hD)(meant)}?`;
        wrong(`Input "${name}": ${(0,credentials/* shown */.SP)(text)} is not an age; ${AGES}${never}.${hint}`);
    }
    return read ?? 0;
}
function readYesOrNo(name, wrong) {
    const text = (0,defaults/* given */.gI)(name);
    if (/^(true|True|TRUE|false|False|FALSE)$/.test(text))
        return text.toLowerCase() === 'true';
    wrong(`Input "${name}": ${(0,credentials/* shown */.SP)(text)} is neither true nor false; write true or false.`);
    return false;
}
function readMinutes(name, wrong) {
    const most = defaults/* MOST_MINUTES */.GE[name];
    const read = wholeMinutes((0,defaults/* given */.gI)(name), most);
    if (read === undefined) {
        const meant = (0,age/* nearMinutes */.gH)((0,defaults/* given */.gI)(name));
        const hint = meant !== undefined && meant <= most ? ` Did you mean ${meant}?` : '';
        wrong(`Input "${name}": ${(0,credentials/* shown */.SP)((0,defaults/* given */.gI)(name))} is not a whole number of minutes from 0 to ${most}; write one, like 30.${hint}`);
    }
    return read ?? 0;
}
function isAbove(min, max) {
    const [low, high] = [(0,age/* parseAge */.F1)(min), (0,age/* parseAge */.F1)(max)];
    return low !== undefined && high !== undefined && low > high;
}
const IN_ITS_PLACE = 'A_TOKEN';
function readName(input, wrong, options) {
    const name = core/* getInput */.V4(input, options);
    if (name.trim() === '' || !(0,credentials/* hidesToken */.dV)(name.trim()))
        return name;
    wrong(`Input "${input}" holds a token, and not the name of something. Give the name; if the token was committed with it, revoke it.`);
    return IN_ITS_PLACE;
}
function readSelector(wrong) {
    const untrimmed = readName('key-name', wrong, { trimWhitespace: false });
    const name = untrimmed.trim() === '' ? '' : untrimmed;
    const id = readName('key-id', wrong);
    if (name === '' && id === '')
        return undefined;
    if (name !== '' && id !== '') {
        wrong(`Inputs "key-name" (${(0,problem/* quote */.hD)(name)}) and "key-id" (${(0,problem/* quote */.hD)(id)}) are both given; give only one of them, ` +
            'so that it is clear which API key to rotate.');
    }
    if (/^\.{1,2}$/.test(id))
        wrong(`Input "key-id": ${(0,problem/* quote */.hD)(id)} is not an id, like 01FCNDV6P870EA6S7TK1DSYDG0; copy it from incident.io's dashboard.`);
    return name === '' ? { by: 'id', id } : { by: 'name', name };
}
function readGrace(text, wrong) {
    if (text === 'auto')
        return text;
    const minutes = wholeMinutes(text, defaults/* MOST_MINUTES */.GE['grace-period-minutes']);
    if (minutes !== undefined)
        return minutes;
    wrong(`Input "grace-period-minutes": ${(0,credentials/* shown */.SP)(text)} is neither auto nor a whole number of minutes from 0 to 60, which is ` +
        'what incident.io allows; write auto, or a number like 30. For longer runs see "long-runs" and "max-wait-minutes".');
    return 'auto';
}
function wholeMinutes(text, most) {
    const minutes = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return minutes <= most ? minutes : undefined;
}
function readLongRuns(text, wrong) {
    if (text === 'defer' || text === 'proceed' || text === 'fail')
        return text;
    const meant = (0,nearest/* nearest */.p)(text, ['defer', 'proceed', 'fail']);
    const wait = /wait/i.test(text) ? ' To wait for such runs first, give "max-wait-minutes".' : '';
    const hint = meant === undefined ? wait : ` Did you mean ${meant}?`;
    wrong(`Input "long-runs": ${(0,credentials/* shown */.SP)(text)} is not one of defer, proceed or fail; write one of them.${hint}`);
    return 'defer';
}
function readDestinations(env, wrong) {
    const secretName = readName('secret-name', wrong);
    const mistake = secretName === '' ? undefined : (0,secret_name/* secretNameMistake */.q)(secretName);
    if (mistake !== undefined)
        wrong(`Input "secret-name"${mistake}.`);
    const given = core/* getInput */.V4('destinations', { trimWhitespace: false });
    const text = readName('destinations', wrong, { trimWhitespace: false });
    if (text !== given)
        return [];
    const { destinations, mistakes } = (0,_1_read_destinations/* parseDestinations */.dU)(text, {
        secretName,
        repository: env.GITHUB_REPOSITORY,
        hidesTokens: credentials/* hidesToken */.dV,
    });
    for (const one of mistakes)
        wrong(one);
    return destinations;
}

// EXTERNAL MODULE: ./lib/src/5-tell/report.js + 3 modules
var _5_tell_report = __nccwpck_require__(4816);
// EXTERNAL MODULE: ./lib/src/5-tell/tell.js
var tell = __nccwpck_require__(8883);
// EXTERNAL MODULE: ./lib/src/1-read/answer.js
var answer = __nccwpck_require__(5259);
// EXTERNAL MODULE: ./lib/src/2-look/look.js + 1 modules
var look = __nccwpck_require__(50);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-key.js
var look_at_key = __nccwpck_require__(6832);
// EXTERNAL MODULE: ./lib/src/2-look/look-at-runs.js + 9 modules
var look_at_runs = __nccwpck_require__(762);
// EXTERNAL MODULE: ./lib/src/2-look/why-ignored.js
var why_ignored = __nccwpck_require__(1108);
// EXTERNAL MODULE: ./lib/src/3-decide/decide.js
var decide = __nccwpck_require__(8207);
// EXTERNAL MODULE: ./lib/src/3-decide/refusal.js
var _3_decide_refusal = __nccwpck_require__(3539);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotate-and-write.js + 1 modules
var rotate_and_write = __nccwpck_require__(5633);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/rotation.js
var rotation = __nccwpck_require__(1095);
// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/state.js + 1 modules
var state = __nccwpck_require__(7909);
// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/5-tell/words.js
var words = __nccwpck_require__(8311);
;// CONCATENATED MODULE: ./lib/src/5-tell/phases.js



const MOST_LINES = 20;
function seenInLines({ key, issuedAt, copies, runs }, now) {
    return [
        `The token of ${(0,problem/* quote */.hD)(key.name)} (${key.id}) was issued ${(0,words/* span */.Ln)(now - issuedAt)} ago, at ${key.issuedAt}.`,
        ...copiesInLines(copies, now),
        runs.gap !== undefined
            ? 'Not every run in flight could be seen.'
            : runs.holders.length === 0
                ? 'No run in flight needs the token.'
                : `${(0,words/* plural */.LS)(runs.holders.length, 'run')} in flight may need the token.`,
    ];
}
function copiesInLines(copies, now) {
    if (copies.length > MOST_LINES) {
        const missing = copies.filter(({ updatedAt }) => updatedAt === undefined).length;
        return [`${(0,words/* plural */.LS)(copies.length, 'secret')}, of which ${missing} ${missing === 1 ? 'does' : 'do'} not exist yet.`];
    }
    return copies.map(({ destination, updatedAt }) => `${(0,src_destination/* nameOf */.Vb)(destination)} ${updatedAt === undefined ? 'does not exist yet' : `was written ${(0,words/* span */.Ln)(now - updatedAt)} ago`}.`);
}
function decidedInLines({ action, because, needs, grace }) {
    const reason = (0,words/* reasonInWords */.jA)(because);
    switch (action) {
        case 'skip':
            return [`Nothing to do: ${reason}.`];
        case 'refuse':
            return [`A rotation is due (${reason}), and is refused.`];
        case 'defer':
            return [`A rotation is due (${reason}), and is put off.`, ...needsInLines(needs)];
        case 'rotate':
            return [
                `Rotate: ${reason}.`,
                ...needsInLines(needs),
                `The old token is to live on for ${(0,words/* plural */.LS)(grace.minutes, 'minute')}.`,
            ];
    }
}
function needsInLines(needs) {
    const longestFirst = needs.toSorted((a, b) => b.safeMinutes - a.safeMinutes);
    const shown = longestFirst
        .slice(0, MOST_LINES)
        .map((need) => `${(0,problem/* quote */.hD)(need.workflow)} (${need.url}) needs the old token for ${(0,words/* plural */.LS)(Math.ceil(need.safeMinutes), 'minute')}${(0,words/* inLine */.i2)(need)}.`);
    const more = needs.length - shown.length;
    return more > 0 ? [...shown, `${(0,words/* plural */.LS)(more, 'more run')} ${more === 1 ? 'needs' : 'need'} it for no longer.`] : shown;
}
function doneInLines({ issuedAt, oldTokenExpiresAt, written, proof, standing }) {
    const well = written.filter(({ result }) => result !== 'failed').length;
    return [
        `A token was issued at ${issuedAt}${oldTokenExpiresAt === undefined ? '' : `; the old one dies at ${oldTokenExpiresAt}`}.`,
        `${well} of ${(0,words/* plural */.LS)(written.length, 'secret')} written.`,
        ...(proof.kind === 'works' ? ['incident.io takes the new token.'] : []),
        ...(standing.kind === 'current' ? ["It is the key's newest."] : []),
    ];
}

// EXTERNAL MODULE: ./lib/src/services/log.js + 1 modules
var log = __nccwpck_require__(8551);
// EXTERNAL MODULE: ./lib/src/wait.js
var wait = __nccwpck_require__(8021);
// EXTERNAL MODULE: ./lib/src/world.js + 7 modules
var src_world = __nccwpck_require__(2410);
;// CONCATENATED MODULE: ./lib/src/one-key.js

















async function rotateOneKey(given, world) {
    const inputs = (0,answer/* asAnswer */.v)(given);
    const progress = { inputs };
    const errors = await carryOut(inputs, world, progress).then(() => [], problem/* errorsIn */.R4);
    const report = (0,_5_tell_report/* reportOf */.EI)(progress, errors);
    await (0,tell/* tell */.qz)(report);
    return report.status !== 'failed';
}
async function carryOut(inputs, world, progress) {
    const { clock, context, stopping } = world;
    const services = (0,src_world/* connect */.Ng)(inputs, world, inputs.destinations.length);
    const asking = inputs.event && (await (0,look_at_key/* lookAtKey */.C)(inputs.key, services.incident, context));
    progress.ignored = asking && (await (0,why_ignored/* whyIgnored */.v)(inputs.event, asking.key, services.github, context));
    if (progress.ignored !== undefined)
        return;
    const lookAndDecide = async (known) => {
        const whenFailed = (glimpse) => void Object.assign(progress, { glimpse });
        const facts = await (0,look/* look */.Op)(inputs, services, context, { asking: known, whenFailed });
        progress.facts = facts;
        const now = clock.now();
        (0,log/* sayTogether */.Yo)('Look', seenInLines(facts, now));
        const decision = (0,decide/* decide */.LD)(inputs, facts, now);
        progress.decision = decision;
        (0,log/* sayTogether */.Yo)('Decide', decidedInLines(decision));
        return { facts, decision };
    };
    let { facts, decision } = await lookAndDecide(asking);
    const waitsUntil = (0,wait/* endOfWaiting */.e)(inputs, clock.now());
    while (decision.worthWaiting.length > 0 && clock.now() < waitsUntil) {
        await (0,wait/* waitForRuns */.p)(decision.worthWaiting, waitsUntil, services.github, world);
        Object.assign(progress, { facts: undefined, decision: undefined });
        services.github.signInAnew();
        ({ facts, decision } = await lookAndDecide());
    }
    const refusal = (0,_3_decide_refusal/* refusalOf */.Of)(inputs, facts, decision, clock.now());
    if (refusal !== undefined)
        throw refusal;
    if (decision.action !== 'rotate' || inputs.dryRun)
        return;
    stopping.shield();
    progress.rotations = (0,rotation/* noRotations */.HJ)();
    let lookingAgain;
    const onWritten = () => {
        lookingAgain = (0,look_at_runs/* lookAgain */.I)(facts.runs, (0,look/* lookingAt */.vK)(services.github, context));
    };
    const effects = { ...services, ...world, state: new state/* RotationState */.S_(0), onWritten };
    const { minutes } = decision.grace;
    progress.rotated = await (0,rotate_and_write/* rotateAndWrite */.IC)((0,rotation/* baselineOf */.Bv)(facts), minutes, facts.copies, progress.rotations, effects);
    (0,log/* sayTogether */.Yo)('Rotate and write', doneInLines(progress.rotated));
    progress.later = await lookingAgain;
}

;// CONCATENATED MODULE: ./lib/src/run.js





async function run(world) {
    (0,tell/* tryOutputs */.gT)();
    let inputs;
    try {
        inputs = await readInputs(world.env);
    }
    catch (thrown) {
        await (0,tell/* tell */.qz)((0,_5_tell_report/* reportOf */.EI)({}, (0,problem/* errorsIn */.R4)(thrown)));
        return false;
    }
    if (!('manifest' in inputs))
        return rotateOneKey(inputs, world);
    const { reconcile } = await __nccwpck_require__.e(/* import() */ 634).then(__nccwpck_require__.bind(__nccwpck_require__, 6634));
    return reconcile(inputs, world);
}


/***/ }),

/***/ 3257:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   PO: () => (/* binding */ MonotonicClock),
/* harmony export */   d8: () => (/* binding */ isLater),
/* harmony export */   wZ: () => (/* binding */ isSameInstant),
/* harmony export */   x0: () => (/* binding */ ServiceTime)
/* harmony export */ });
class MonotonicClock {
    #start = Date.now() - performance.now();
    #sleeping = new Set();
    now() {
        return this.#start + performance.now();
    }
    sleep(ms, signal) {
        return new Promise((resolve) => {
            if (signal?.aborted)
                return resolve();
            const wake = () => {
                clearTimeout(timer);
                this.#sleeping.delete(timer);
                signal?.removeEventListener('abort', wake);
                resolve();
            };
            const timer = setTimeout(wake, ms);
            this.#sleeping.add(timer);
            signal?.addEventListener('abort', wake);
        });
    }
    end() {
        for (const timer of this.#sleeping)
            clearTimeout(timer);
    }
}
function isSameInstant(one, other) {
    const [a, b] = [instantOf(one), instantOf(other)];
    const difference = a.nanoseconds - b.nanoseconds;
    const unit = a.unit > b.unit ? a.unit : b.unit;
    return a.unit === b.unit ? difference === 0n : -unit <= difference && difference <= unit;
}
function isLater(one, than) {
    return !isSameInstant(one, than) && instantOf(one).nanoseconds > instantOf(than).nanoseconds;
}
function instantOf(time) {
    const digits = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
    const seconds = Math.floor(Date.parse(time) / 1000);
    const unit = 10n ** BigInt(9 - digits.length);
    return { nanoseconds: BigInt(seconds) * 1000000000n + BigInt(digits || 0) * unit, unit };
}
const WELL_KNOWN = 2000;
const MAX_LAG = 10 * 60_000;
class ServiceTime {
    #atLeast = Number.NEGATIVE_INFINITY;
    #atMost = Number.POSITIVE_INFINITY;
    #other;
    static pair() {
        const [one, other] = [new ServiceTime(), new ServiceTime()];
        one.#other = other;
        other.#other = one;
        return [one, other];
    }
    observe(date, sentAt, receivedAt) {
        const served = Date.parse(date ?? '');
        if (Number.isNaN(served))
            return;
        const atLeast = served - receivedAt;
        const atMost = served + 1000 - sentAt;
        if (atMost < this.#atLeast)
            return;
        const agrees = atLeast <= this.#atMost;
        this.#atLeast = agrees ? Math.max(atLeast, this.#atLeast) : atLeast;
        this.#atMost = agrees ? Math.min(atMost, this.#atMost) : atMost;
    }
    get offset() {
        const measured = this.#measured;
        const other = this.#other === undefined ? undefined : this.#other.#measured;
        if (measured === undefined || other === undefined)
            return measured ?? other ?? 0;
        return measured < Math.min(0, other) - MAX_LAG ? other : measured;
    }
    get #measured() {
        if (!Number.isFinite(this.#atLeast))
            return undefined;
        const isOpen = this.#atMost - this.#atLeast > WELL_KNOWN;
        if (isOpen && this.#atLeast <= 0 && this.#atMost >= 0)
            return 0;
        return Math.round((this.#atLeast + this.#atMost) / 2);
    }
}


/***/ }),

/***/ 1839:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  UQ: () => (/* binding */ Connections),
  TX: () => (/* binding */ SpareAgent),
  S7: () => (/* binding */ sharedLookup)
});

;// CONCATENATED MODULE: external "node:dns"
const external_node_dns_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __nccwpck_require__(4708);
;// CONCATENATED MODULE: ./lib/src/services/connections.js


class SpareAgent extends external_node_https_.Agent {
    #spare = new Set();
    #options;
    createConnection(...given) {
        this.#options = given[0];
        const [spare] = this.#spare;
        if (spare === undefined)
            return super.createConnection(...given);
        this.#spare.delete(spare);
        return spare;
    }
    openSpare(count) {
        const options = this.#options;
        if (options === undefined)
            return;
        for (let index = 0; index < count; index++) {
            const socket = super.createConnection(options);
            this.#spare.add(socket);
            for (const end of ['error', 'close'])
                socket.once(end, () => this.#spare.delete(socket));
        }
    }
    destroy() {
        super.destroy();
        for (const socket of this.#spare)
            socket.destroy();
    }
}
class Connections {
    #agent;
    by(agent) {
        this.#agent = agent;
    }
    openSpare(count) {
        if (this.#agent instanceof SpareAgent)
            this.#agent.openSpare(count);
    }
}
const pending = new Map();
function sharedLookup(host, options, callback) {
    const what = JSON.stringify([host, options]);
    const waiting = pending.get(what);
    if (waiting !== undefined)
        return void waiting.push(callback);
    const callbacks = [callback];
    pending.set(what, callbacks);
    external_node_dns_namespaceObject.lookup(host, options, (...result) => {
        pending.delete(what);
        for (const one of callbacks)
            one(...result);
    });
}


/***/ }),

/***/ 1949:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  _D: () => (/* binding */ MAX_BODY),
  W_: () => (/* binding */ NoAnswer),
  D4: () => (/* binding */ decode),
  g$: () => (/* binding */ tooLarge)
});

;// CONCATENATED MODULE: external "node:buffer"
const external_node_buffer_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");
;// CONCATENATED MODULE: external "node:zlib"
const external_node_zlib_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");
;// CONCATENATED MODULE: ./lib/src/services/decode.js


class NoAnswer extends Error {
    name = 'NoAnswer';
}
const MAX_BODY = 20 * 1024 * 1024;
const inflate = (body, options) => ((body[0] ?? 0) & 0x0f) === 8 ? (0,external_node_zlib_namespaceObject.inflateSync)(body, options) : (0,external_node_zlib_namespaceObject.inflateRawSync)(body, options);
const DECODERS = {
    gzip: external_node_zlib_namespaceObject.gunzipSync,
    'x-gzip': external_node_zlib_namespaceObject.gunzipSync,
    deflate: inflate,
    br: external_node_zlib_namespaceObject.brotliDecompressSync,
};
function decode(body, encoding = 'identity') {
    const name = encoding.trim().toLowerCase();
    if (name === 'identity' || name === '' || body.length === 0)
        return textOf(body);
    const decoder = DECODERS[name];
    if (decoder === undefined)
        throw new NoAnswer('no answer (in an unknown encoding)');
    try {
        return textOf(decoder(body, { maxOutputLength: MAX_BODY }));
    }
    catch (error) {
        const { code } = error;
        if (code === 'ERR_BUFFER_TOO_LARGE')
            throw tooLarge();
        throw new NoAnswer(`no answer (its encoding, ${name}, is broken: ${code}, ${body.length} bytes)`, { cause: error });
    }
}
const textOf = (bytes) => bytes.toString((0,external_node_buffer_namespaceObject.isAscii)(bytes) ? 'latin1' : 'utf8');
const tooLarge = () => new NoAnswer(`an answer larger than ${MAX_BODY / 1024 / 1024} MB`);


/***/ }),

/***/ 2467:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  K: () => (/* binding */ Distance)
});

;// CONCATENATED MODULE: external "node:perf_hooks"
const external_node_perf_hooks_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");
;// CONCATENATED MODULE: ./lib/src/services/distance.js

const TOO_LATE = 250;
class Distance {
    #marks;
    #pass;
    #passed = 0;
    #tallies = none();
    constructor(marks, pass) {
        this.#marks = marks;
        this.#pass = pass;
    }
    begin(awaited) {
        const began = idleTime();
        const waited = () => idleTime() - began;
        let isOver = this.#passed === this.#marks.length;
        let next = this.#passed;
        let timer;
        const watch = () => {
            const left = (this.#marks[next] ?? TOO_LATE) - waited();
            if (left > 0)
                timer = setTimeout(watch, Math.ceil(left));
            else
                setImmediate(() => !isOver && reach());
        };
        const reach = () => {
            if (next === this.#marks.length)
                return this.#passAll();
            if (next === this.#passed)
                this.#count(awaited, 'late');
            next += 1;
            watch();
        };
        if (!isOver)
            watch();
        return () => {
            if (isOver)
                return;
            isOver = true;
            clearTimeout(timer);
            if (waited() < (this.#marks[this.#passed] ?? 0))
                this.#count(awaited, 'soon');
        };
    }
    #count(awaited, how) {
        const tally = this.#tallies[awaited];
        tally[how] += 1;
        if (tally.late > tally.soon)
            this.#passNext();
    }
    #passAll() {
        while (this.#passed < this.#marks.length)
            this.#passNext();
    }
    #passNext() {
        const mark = this.#marks[this.#passed];
        if (mark === undefined)
            return;
        this.#passed += 1;
        this.#tallies = none();
        this.#pass(mark);
    }
}
const none = () => ({ connection: { late: 0, soon: 0 }, answer: { late: 0, soon: 0 } });
const idleTime = () => external_node_perf_hooks_namespaceObject.performance.nodeTiming.idleTime;


/***/ }),

/***/ 8766:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ InstallationError),
/* harmony export */   q: () => (/* binding */ Installations)
/* harmony export */ });
/* harmony import */ var _github_ask_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1712);
/* harmony import */ var _github_client_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(4421);
/* harmony import */ var _mask_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(2735);



class InstallationError extends Error {
    name = 'InstallationError';
    owner;
    answer;
    constructor(owner, answer) {
        super(`the App cannot sign in for ${owner}`, { cause: answer });
        this.owner = owner;
        this.answer = answer;
    }
}
class Installations {
    #auth;
    #connection;
    #app;
    #clients = new Map();
    #signedIn = new Map();
    constructor({ id, privateKey }, connection) {
        this.#auth = { appId: id, privateKey };
        this.#connection = connection;
        this.#app = this.#signedBy(this.#auth);
        this.#app.catch(() => { });
    }
    get(owner, patience) {
        return once(this.#signedIn, owner, async () => {
            const client = await once(this.#clients, owner, () => this.#find(owner, patience));
            return { client, granted: await step(owner, () => signIn(client, patience)) };
        });
    }
    forget() {
        this.#signedIn.clear();
    }
    async #find(owner, patience) {
        const account = encodeURIComponent(owner);
        const find = async (kind) => {
            try {
                return await (await this.#app).ask(`GET /${kind}/${account}/installation`, readId, patience && { patience });
            }
            catch (error) {
                if (error instanceof _github_ask_js__WEBPACK_IMPORTED_MODULE_0__/* .GitHubError */ .y_ && error.status === 404 && !/integration/i.test(error.said))
                    return undefined;
                throw error;
            }
        };
        const installationId = await step(owner, async () => (await find('orgs')) ?? (await find('users')));
        if (installationId === undefined)
            throw new InstallationError(owner);
        return this.#signedBy({ ...this.#auth, installationId });
    }
    async #signedBy(auth) {
        const { createAppAuth } = await __nccwpck_require__.e(/* import() */ 479).then(__nccwpck_require__.bind(__nccwpck_require__, 6479));
        return new _github_client_js__WEBPACK_IMPORTED_MODULE_1__/* .GitHubClient */ .jh({ authStrategy: createAppAuth, auth }, this.#connection);
    }
}
function readId({ data }) {
    if (typeof data.id !== 'number')
        throw (0,_github_ask_js__WEBPACK_IMPORTED_MODULE_0__/* .unreadable */ .O$)('the id of the installation');
    return data.id;
}
function signIn(client, patience) {
    const attempt = async () => {
        const { token, permissions, repositorySelection } = (await client.octokit.auth({
            type: 'installation',
            refresh: true,
        }));
        if (typeof token !== 'string' || token === '')
            throw (0,_github_ask_js__WEBPACK_IMPORTED_MODULE_0__/* .unreadable */ .O$)('the token of the installation');
        (0,_mask_js__WEBPACK_IMPORTED_MODULE_2__/* .hide */ .jD)(token);
        if (Object.keys(permissions).length === 0)
            throw (0,_github_ask_js__WEBPACK_IMPORTED_MODULE_0__/* .unreadable */ .O$)('the permissions of the installation');
        client.noteSignIn(permissions);
        return { permissions, seesAllRepositories: repositorySelection === 'all' };
    };
    return client.persist(attempt, 'POST', patience);
}
function once(known, owner, find) {
    const name = owner.toLowerCase();
    const found = known.get(name) ?? find();
    known.set(name, found);
    found.catch(() => {
        if (known.get(name) === found)
            known.delete(name);
    });
    return found;
}
async function step(owner, work) {
    try {
        return await work();
    }
    catch (error) {
        throw error instanceof _github_ask_js__WEBPACK_IMPORTED_MODULE_0__/* .GitHubError */ .y_ ? new InstallationError(owner, error) : error;
    }
}


/***/ }),

/***/ 1712:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   F2: () => (/* binding */ unlessMissing),
/* harmony export */   KL: () => (/* binding */ PAGE),
/* harmony export */   O$: () => (/* binding */ unreadable),
/* harmony export */   S4: () => (/* binding */ allPages),
/* harmony export */   XM: () => (/* binding */ pathOf),
/* harmony export */   bW: () => (/* binding */ givenUp),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   os: () => (/* binding */ unexpected),
/* harmony export */   y_: () => (/* binding */ GitHubError)
/* harmony export */ });
const pathOf = ({ owner, repository }) => `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
class GitHubError extends Error {
    name = 'GitHubError';
    status;
    failure;
    said;
    constructor(status, said, failure, options) {
        super(status === 0 ? `GitHub gave ${said}` : `GitHub answered ${status}${said === '' ? '' : ` (${said})`}`, options);
        this.status = status;
        this.said = said;
        this.failure = failure;
    }
    get headers() {
        return this.failure.kind === 'answer' ? this.failure.headers : {};
    }
}
function unreadable(what) {
    return new GitHubError(0, `an answer without ${what}`, { kind: 'no-answer' });
}
function unexpected(status) {
    return new GitHubError(0, `an unexpected answer (${status})`, { kind: 'no-answer' });
}
function givenUp(what) {
    return new GitHubError(0, what, { kind: 'answer', status: 0, headers: {} });
}
async function unlessMissing(asked) {
    try {
        return await asked;
    }
    catch (error) {
        if (error instanceof GitHubError && error.status === 404)
            return undefined;
        throw error;
    }
}
const PAGE = 100;
const MOST_PAGES = 100;
const MOST_READINGS = 3;
async function allPages(ask, route, itemsOf, parameters = {}) {
    const page = (number) => ask(route, (answer) => ({ items: itemsOf(answer), pages: lastPage(answer), total: answer.data.total_count }), {
        parameters: { ...parameters, per_page: PAGE, ...(number === 1 ? {} : { page: number }) },
    });
    for (let reading = 1; reading <= MOST_READINGS; reading++) {
        const first = await page(1);
        if (first.pages > MOST_PAGES)
            throw givenUp(`a list of ${first.pages} pages, and ${MOST_PAGES} are the most`);
        const others = Array.from({ length: Math.max(0, first.pages - 1) }, (_, index) => page(index + 2));
        const pages = [first, ...(await Promise.all(others))];
        const items = new Map(pages.flatMap((one) => one.items).map((item) => [item.id, item]));
        const read = pages.reduce((sum, one) => sum + one.items.length, 0);
        const isWhole = pages.every(({ total }) => total === undefined || total === items.size) && read === items.size;
        if (isWhole)
            return [...items.values()];
    }
    throw givenUp(`a list whose pages do not add up, ${MOST_READINGS} times`);
}
function lastPage({ headers, data }) {
    const link = /[?&]page=(\d+)[^>]*>; rel="last"/.exec(String(headers.link ?? ''))?.[1];
    return link === undefined ? Math.ceil(Number(data.total_count ?? 0) / PAGE) : Number(link);
}
function listOf(value) {
    if (!Array.isArray(value))
        throw unreadable('a list');
    return value.map((one) => Object(one));
}


/***/ }),

/***/ 4421:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  jh: () => (/* binding */ GitHubClient),
  X4: () => (/* binding */ REQUESTS_PER_WRITE),
  eG: () => (/* binding */ keptFor)
});

// EXTERNAL MODULE: ./node_modules/universal-user-agent/index.js
var universal_user_agent = __nccwpck_require__(6396);
;// CONCATENATED MODULE: ./node_modules/before-after-hook/lib/register.js
// @ts-check

function register(state, name, method, options) {
  if (typeof method !== "function") {
    throw new Error("method for before hook must be a function");
  }

  if (!options) {
    options = {};
  }

  if (Array.isArray(name)) {
    return name.reverse().reduce((callback, name) => {
      return register.bind(null, state, name, callback, options);
    }, method)();
  }

  return Promise.resolve().then(() => {
    if (!state.registry[name]) {
      return method(options);
    }

    return state.registry[name].reduce((method, registered) => {
      return registered.hook.bind(null, method, options);
    }, method)();
  });
}

;// CONCATENATED MODULE: ./node_modules/before-after-hook/lib/add.js
// @ts-check

function addHook(state, kind, name, hook) {
  const orig = hook;
  if (!state.registry[name]) {
    state.registry[name] = [];
  }

  if (kind === "before") {
    hook = (method, options) => {
      return Promise.resolve()
        .then(orig.bind(null, options))
        .then(method.bind(null, options));
    };
  }

  if (kind === "after") {
    hook = (method, options) => {
      let result;
      return Promise.resolve()
        .then(method.bind(null, options))
        .then((result_) => {
          result = result_;
          return orig(result, options);
        })
        .then(() => {
          return result;
        });
    };
  }

  if (kind === "error") {
    hook = (method, options) => {
      return Promise.resolve()
        .then(method.bind(null, options))
        .catch((error) => {
          return orig(error, options);
        });
    };
  }

  state.registry[name].push({
    hook: hook,
    orig: orig,
  });
}

;// CONCATENATED MODULE: ./node_modules/before-after-hook/lib/remove.js
// @ts-check

function removeHook(state, name, method) {
  if (!state.registry[name]) {
    return;
  }

  const index = state.registry[name]
    .map((registered) => {
      return registered.orig;
    })
    .indexOf(method);

  if (index === -1) {
    return;
  }

  state.registry[name].splice(index, 1);
}

;// CONCATENATED MODULE: ./node_modules/before-after-hook/index.js
// @ts-check





// bind with array of arguments: https://stackoverflow.com/a/21792913
const bind = Function.bind;
const bindable = bind.bind(bind);

function bindApi(hook, state, name) {
  const removeHookRef = bindable(removeHook, null).apply(
    null,
    name ? [state, name] : [state]
  );
  hook.api = { remove: removeHookRef };
  hook.remove = removeHookRef;
  ["before", "error", "after", "wrap"].forEach((kind) => {
    const args = name ? [state, kind, name] : [state, kind];
    hook[kind] = hook.api[kind] = bindable(addHook, null).apply(null, args);
  });
}

function Singular() {
  const singularHookName = Symbol("Singular");
  const singularHookState = {
    registry: {},
  };
  const singularHook = register.bind(null, singularHookState, singularHookName);
  bindApi(singularHook, singularHookState, singularHookName);
  return singularHook;
}

function Collection() {
  const state = {
    registry: {},
  };

  const hook = register.bind(null, state);
  bindApi(hook, state);

  return hook;
}

/* harmony default export */ const before_after_hook = ({ Singular, Collection });

// EXTERNAL MODULE: ./node_modules/@octokit/request/dist-bundle/index.js + 2 modules
var dist_bundle = __nccwpck_require__(5691);
;// CONCATENATED MODULE: ./node_modules/@octokit/graphql/dist-bundle/index.js
// pkg/dist-src/index.js



// pkg/dist-src/version.js
var VERSION = "0.0.0-development";

// pkg/dist-src/with-defaults.js


// pkg/dist-src/graphql.js


// pkg/dist-src/error.js
function _buildMessageForResponseErrors(data) {
  return `Request failed due to following response errors:
` + data.errors.map((e) => ` - ${e.message}`).join("\n");
}
var GraphqlResponseError = class extends Error {
  constructor(request2, headers, response) {
    super(_buildMessageForResponseErrors(response));
    this.request = request2;
    this.headers = headers;
    this.response = response;
    this.errors = response.errors;
    this.data = response.data;
    if (Error.captureStackTrace) {
      Error.captureStackTrace(this, this.constructor);
    }
  }
  request;
  headers;
  response;
  name = "GraphqlResponseError";
  errors;
  data;
};

// pkg/dist-src/graphql.js
var NON_VARIABLE_OPTIONS = [
  "method",
  "baseUrl",
  "url",
  "headers",
  "request",
  "query",
  "mediaType",
  "operationName"
];
var FORBIDDEN_VARIABLE_OPTIONS = ["query", "method", "url"];
var GHES_V3_SUFFIX_REGEX = /\/api\/v3\/?$/;
function graphql(request2, query, options) {
  if (options) {
    if (typeof query === "string" && "query" in options) {
      return Promise.reject(
        new Error(`[@octokit/graphql] "query" cannot be used as variable name`)
      );
    }
    for (const key in options) {
      if (!FORBIDDEN_VARIABLE_OPTIONS.includes(key)) continue;
      return Promise.reject(
        new Error(
          `[@octokit/graphql] "${key}" cannot be used as variable name`
        )
      );
    }
  }
  const parsedOptions = typeof query === "string" ? Object.assign({ query }, options) : query;
  const requestOptions = Object.keys(
    parsedOptions
  ).reduce((result, key) => {
    if (NON_VARIABLE_OPTIONS.includes(key)) {
      result[key] = parsedOptions[key];
      return result;
    }
    if (!result.variables) {
      result.variables = {};
    }
    result.variables[key] = parsedOptions[key];
    return result;
  }, {});
  const baseUrl = parsedOptions.baseUrl || request2.endpoint.DEFAULTS.baseUrl;
  if (GHES_V3_SUFFIX_REGEX.test(baseUrl)) {
    requestOptions.url = baseUrl.replace(GHES_V3_SUFFIX_REGEX, "/api/graphql");
  }
  return request2(requestOptions).then((response) => {
    if (response.data.errors) {
      const headers = {};
      for (const key of Object.keys(response.headers)) {
        headers[key] = response.headers[key];
      }
      throw new GraphqlResponseError(
        requestOptions,
        headers,
        response.data
      );
    }
    return response.data.data;
  });
}

// pkg/dist-src/with-defaults.js
function withDefaults(request2, newDefaults) {
  const newRequest = request2.defaults(newDefaults);
  const newApi = (query, options) => {
    return graphql(newRequest, query, options);
  };
  return Object.assign(newApi, {
    defaults: withDefaults.bind(null, newRequest),
    endpoint: newRequest.endpoint
  });
}

// pkg/dist-src/index.js
var graphql2 = withDefaults(dist_bundle/* request */.E, {
  headers: {
    "user-agent": `octokit-graphql.js/${VERSION} ${(0,universal_user_agent/* getUserAgent */.$)()}`
  },
  method: "POST",
  url: "/graphql"
});
function withCustomRequest(customRequest) {
  return withDefaults(customRequest, {
    method: "POST",
    url: "/graphql"
  });
}

/* v8 ignore if -- @preserve */

;// CONCATENATED MODULE: ./node_modules/@octokit/auth-token/dist-bundle/index.js
// pkg/dist-src/is-jwt.js
var b64url = "(?:[a-zA-Z0-9_-]+)";
var sep = "\\.";
var jwtRE = new RegExp(`^${b64url}${sep}${b64url}${sep}${b64url}$`);
var isJWT = jwtRE.test.bind(jwtRE);

// pkg/dist-src/auth.js
async function auth(token) {
  const isApp = isJWT(token);
  const isInstallation = token.startsWith("v1.") || token.startsWith("ghs_");
  const isUserToServer = token.startsWith("ghu_");
  const tokenType = isApp ? "app" : isInstallation ? "installation" : isUserToServer ? "user-to-server" : "oauth";
  return {
    type: "token",
    token,
    tokenType
  };
}

// pkg/dist-src/with-authorization-prefix.js
function withAuthorizationPrefix(token) {
  if (token.split(/\./).length === 3) {
    return `bearer ${token}`;
  }
  return `token ${token}`;
}

// pkg/dist-src/hook.js
async function hook(token, request, route, parameters) {
  const endpoint = request.endpoint.merge(
    route,
    parameters
  );
  endpoint.headers.authorization = withAuthorizationPrefix(token);
  return request(endpoint);
}

// pkg/dist-src/index.js
var createTokenAuth = function createTokenAuth2(token) {
  if (!token) {
    throw new Error("[@octokit/auth-token] No token passed to createTokenAuth");
  }
  if (typeof token !== "string") {
    throw new Error(
      "[@octokit/auth-token] Token passed to createTokenAuth is not a string"
    );
  }
  token = token.replace(/^(token|bearer) +/i, "");
  return Object.assign(auth.bind(null, token), {
    hook: hook.bind(null, token)
  });
};


;// CONCATENATED MODULE: ./node_modules/@octokit/core/dist-src/version.js
const version_VERSION = "7.0.8";


;// CONCATENATED MODULE: ./node_modules/@octokit/core/dist-src/index.js






const noop = () => {
};
const consoleWarn = console.warn.bind(console);
const consoleError = console.error.bind(console);
function createLogger(logger = {}) {
  if (typeof logger.debug !== "function") {
    logger.debug = noop;
  }
  if (typeof logger.info !== "function") {
    logger.info = noop;
  }
  if (typeof logger.warn !== "function") {
    logger.warn = consoleWarn;
  }
  if (typeof logger.error !== "function") {
    logger.error = consoleError;
  }
  return logger;
}
const userAgentTrail = `octokit-core.js/${version_VERSION} ${(0,universal_user_agent/* getUserAgent */.$)()}`;
class Octokit {
  static VERSION = version_VERSION;
  static defaults(defaults) {
    const OctokitWithDefaults = class extends this {
      constructor(...args) {
        const options = args[0] || {};
        if (typeof defaults === "function") {
          super(defaults(options));
          return;
        }
        super(
          Object.assign(
            {},
            defaults,
            options,
            options.userAgent && defaults.userAgent ? {
              userAgent: `${options.userAgent} ${defaults.userAgent}`
            } : null
          )
        );
      }
    };
    return OctokitWithDefaults;
  }
  static plugins = [];
  /**
   * Attach a plugin (or many) to your Octokit instance.
   *
   * @example
   * const API = Octokit.plugin(plugin1, plugin2, plugin3, ...)
   */
  static plugin(...newPlugins) {
    const currentPlugins = this.plugins;
    const NewOctokit = class extends this {
      static plugins = currentPlugins.concat(
        newPlugins.filter((plugin) => !currentPlugins.includes(plugin))
      );
    };
    return NewOctokit;
  }
  constructor(options = {}) {
    const hook = new before_after_hook.Collection();
    const requestDefaults = {
      baseUrl: dist_bundle/* request */.E.endpoint.DEFAULTS.baseUrl,
      headers: {},
      request: Object.assign({}, options.request, {
        // @ts-ignore internal usage only, no need to type
        hook: hook.bind(null, "request")
      }),
      mediaType: {
        previews: [],
        format: ""
      }
    };
    requestDefaults.headers["user-agent"] = options.userAgent ? `${options.userAgent} ${userAgentTrail}` : userAgentTrail;
    if (options.baseUrl) {
      requestDefaults.baseUrl = options.baseUrl;
    }
    if (options.previews) {
      requestDefaults.mediaType.previews = options.previews;
    }
    if (options.timeZone) {
      requestDefaults.headers["time-zone"] = options.timeZone;
    }
    this.request = dist_bundle/* request */.E.defaults(requestDefaults);
    this.graphql = withCustomRequest(this.request).defaults(requestDefaults);
    this.log = createLogger(options.log);
    this.hook = hook;
    if (!options.authStrategy) {
      if (!options.auth) {
        this.auth = async () => ({
          type: "unauthenticated"
        });
      } else {
        const auth = createTokenAuth(options.auth);
        hook.wrap("request", auth.hook);
        this.auth = auth;
      }
    } else {
      const { authStrategy, ...otherOptions } = options;
      const auth = authStrategy(
        Object.assign(
          {
            request: this.request,
            log: this.log,
            // we pass the current octokit instance as well as its constructor options
            // to allow for authentication strategies that return a new octokit instance
            // that shares the same internal state as the current one. The original
            // requirement for this was the "event-octokit" authentication strategy
            // of https://github.com/probot/octokit-auth-probot.
            octokit: this,
            octokitOptions: otherOptions
          },
          options.auth
        )
      );
      hook.wrap("request", auth.hook);
      this.auth = auth;
    }
    const classConstructor = this.constructor;
    for (let i = 0; i < classConstructor.plugins.length; ++i) {
      Object.assign(this, classConstructor.plugins[i](this, options));
    }
  }
  // assigned during constructor
  request;
  graphql;
  log;
  hook;
  // TODO: type `octokit.auth` based on passed options.authStrategy
  auth;
}


// EXTERNAL MODULE: external "./left-out.js"
var external_left_out_js_ = __nccwpck_require__(3898);
;// CONCATENATED MODULE: ./node_modules/@octokit/rest/dist-src/version.js
const dist_src_version_VERSION = "22.0.1";


;// CONCATENATED MODULE: ./node_modules/@octokit/rest/dist-src/index.js





const dist_src_Octokit = Octokit.plugin(external_left_out_js_.requestLog, external_left_out_js_.legacyRestEndpointMethods, external_left_out_js_.paginateRest).defaults(
  {
    userAgent: `octokit-rest.js/${dist_src_version_VERSION}`
  }
);


// EXTERNAL MODULE: ./lib/src/services/decode.js + 2 modules
var decode = __nccwpck_require__(1949);
// EXTERNAL MODULE: ./lib/src/services/github-ask.js
var github_ask = __nccwpck_require__(1712);
// EXTERNAL MODULE: ./lib/src/services/http.js + 2 modules
var http = __nccwpck_require__(9488);
// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __nccwpck_require__(2735);
// EXTERNAL MODULE: ./lib/src/services/pace.js
var pace = __nccwpck_require__(7188);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
// EXTERNAL MODULE: ./lib/src/services/retry.js
var retry = __nccwpck_require__(9021);
;// CONCATENATED MODULE: ./lib/src/services/github-client.js








const API_VERSION = '2022-11-28';
const SILENT = { debug() { }, info() { }, warn() { }, error() { } };
const SIGN_IN_SETTLES = 10_000;
const HELD_UP = new Error('held up');
const REQUESTS_PER_WRITE = 2;
const KEPT_REQUESTS = 10;
function keptFor(writes) {
    return REQUESTS_PER_WRITE * writes + KEPT_REQUESTS;
}
class GitHubClient {
    octokit;
    #request;
    #connection;
    #pace;
    #budget;
    #underWay = 0;
    #scopes;
    #silence;
    #refusal;
    #asksAgain;
    #signedIn;
    constructor(credential, connection) {
        this.#connection = connection;
        this.#pace = new pace/* Pace */.oG(connection.clock);
        this.octokit = new dist_src_Octokit({
            ...credential,
            baseUrl: connection.baseUrl,
            request: { fetch: fetchBy(connection.send), log: SILENT },
            log: SILENT,
        });
        this.#request = this.octokit.request.defaults({ request: { parseSuccessResponseBody: false } });
    }
    get budget() {
        return this.#budget;
    }
    get heldUntil() {
        return this.#pace.heldUntil;
    }
    get scopes() {
        return this.#scopes;
    }
    ask = (route, read, { patience = this.#connection.lookPatience, parameters = {}, spare = false } = {}) => {
        const [method = 'GET'] = route.split(' ');
        const exchange = async (sent) => {
            this.#checkSilence(patience);
            if (spare && this.#isShort())
                throw (0,github_ask/* givenUp */.bW)('no answer: too few requests are left of its rate limit');
            this.#underWay += 1;
            try {
                return await this.#exchange(route, sent, read);
            }
            finally {
                this.#underWay -= 1;
            }
        };
        const inSlot = (isHeldUp, sent) => () => {
            if (isHeldUp())
                throw HELD_UP;
            return exchange(sent);
        };
        const attempt = async (isHeldUp) => {
            const { slots, clock, deadline } = this.#connection;
            if (typeof parameters !== 'function')
                return slots(inSlot(isHeldUp, parameters));
            const sent = await parameters();
            if (clock.now() >= deadline())
                throw noTimeLeft();
            return slots(inSlot(isHeldUp, sent));
        };
        return this.persist(attempt, method, patience);
    };
    noteSignIn(permissions) {
        this.#signedIn = { at: this.#connection.clock.now(), permissions };
    }
    #isTooEarly({ status, headers, failure }) {
        if (status !== 403 || (0,retry/* isLimit */.S4)(failure) || this.#signedIn === undefined)
            return false;
        const { at, permissions } = this.#signedIn;
        const isGranted = [...(headers['x-accepted-github-permissions'] ?? '').matchAll(/(\w+)=\w+/g)].every(([, name = '']) => name in permissions);
        return isGranted && this.#connection.clock.now() < at + SIGN_IN_SETTLES;
    }
    #isShort() {
        const { clock, kept } = this.#connection;
        const budget = this.#budget;
        return budget !== undefined && budget.remaining - this.#underWay <= kept && budget.lastsUntil > clock.now();
    }
    #isSilent(patience) {
        const silence = this.#silence;
        return !patience.stubborn && silence !== undefined && this.#connection.clock.now() > patience.until(silence.since);
    }
    #checkSilence(patience) {
        if (this.#silence !== undefined && this.#isSilent(patience))
            throw this.#silence.error;
    }
    persist(attempt, method, patience = this.#connection.lookPatience) {
        const { clock, deadline } = this.#connection;
        let since;
        let last;
        let heldUntil = 0;
        const leader = {};
        const repeatsRefusals = patience.refusalsUntil !== undefined;
        const isHeldUp = () => this.#pace.heldUntil > Math.max(heldUntil, clock.now());
        const readably = async () => {
            const sentAt = clock.now();
            since ??= sentAt;
            try {
                const answer = await attempt(isHeldUp);
                this.#silence = undefined;
                if (this.#asksAgain?.leader === leader)
                    this.#asksAgain.end();
                return answer;
            }
            catch (error) {
                if (error === HELD_UP) {
                    await turn();
                    return readably();
                }
                const seen = error instanceof github_ask/* GitHubError */.y_ ? error : gitHubError(error);
                last = seen;
                this.#notice(seen.headers);
                if (seen.status === 401 && repeatsRefusals)
                    this.#askAgain(leader);
                else if (seen.failure.kind === 'answer' && this.#asksAgain?.leader === leader)
                    this.#asksAgain.end();
                if (seen.failure.kind === 'no-answer')
                    this.#silence ??= { since: sentAt, error: seen };
                else
                    this.#silence = undefined;
                if ((0,retry/* isLimit */.S4)(seen.failure)) {
                    this.#refusal = seen;
                    this.#pace.hold((0,retry/* askedWait */.Uy)(seen.failure, clock.now()) ?? 0);
                }
                throw seen;
            }
        };
        const held = () => {
            since ??= clock.now();
            return { until: patience.until(since), thenGoOn: patience.stubborn };
        };
        const turn = async () => {
            this.#checkSilence(patience);
            const asksAgain = this.#asksAgain;
            if (repeatsRefusals && asksAgain !== undefined && asksAgain.leader !== leader)
                await asksAgain.over;
            try {
                await this.#pace.turn(method, () => (this.#isSilent(patience) ? 0 : deadline()), held);
                heldUntil = this.#pace.heldUntil;
            }
            catch (error) {
                if (!(error instanceof pace/* OutOfTime */.fg))
                    throw error;
                this.#checkSilence(patience);
                throw last ?? this.#refusal ?? noTimeLeft(error);
            }
        };
        const failureOf = (error) => this.#isTooEarly(error) ? { kind: 'no-answer' } : error.failure;
        return (0,retry/* persist */.Zr)(readably, failureOf, patience, this.#connection, turn).catch((error) => {
            if (this.#asksAgain?.leader === leader)
                this.#asksAgain.end(error.status === 401 ? error : undefined);
            throw error;
        });
    }
    #askAgain(leader) {
        if (this.#asksAgain !== undefined)
            return;
        const { promise: over, resolve, reject } = Promise.withResolvers();
        over.catch(() => { });
        const end = (error) => {
            this.#asksAgain = undefined;
            if (error === undefined)
                resolve();
            else
                reject(error);
        };
        this.#asksAgain = { leader, over, end };
    }
    async #exchange(route, parameters, read) {
        const answer = await this.#request(route, parameters);
        this.#notice(answer.headers);
        if (answer.status >= 300)
            throw redirected(answer, this.#connection.baseUrl);
        const body = readJson(answer.data);
        return read({ status: answer.status, headers: answer.headers, data: Object(body), body, url: answer.url });
    }
    #notice(headers) {
        const given = headers['x-ratelimit-remaining'];
        if (typeof given === 'string' && /^\d+$/.test(given)) {
            const resetAt = Number(headers['x-ratelimit-reset']) * 1000;
            const now = this.#connection.clock.now();
            const nowThere = Date.parse(String(headers.date));
            const lastsUntil = resetAt + (Number.isNaN(nowThere) ? 0 : now - nowThere);
            const seen = { remaining: Number(given), resetAt, lastsUntil };
            const known = this.#budget;
            if (known === undefined || seen.resetAt > known.resetAt || seen.remaining < known.remaining)
                this.#budget = seen;
        }
        const listed = headers['x-oauth-scopes'];
        if (typeof listed === 'string')
            this.#scopes = listed.split(',').map((scope) => scope.trim());
    }
}
function readJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function fetchBy(send) {
    return async (url, init) => {
        const { method, headers, body } = init;
        (0,mask/* hide */.jD)((headers.authorization ?? '').replace(/^\S+\s+/, ''));
        const versioned = { ...headers, 'x-github-api-version': API_VERSION, 'accept-encoding': 'gzip' };
        const answer = await send({ method, url, headers: versioned, ...(body === undefined ? {} : { body }) });
        const entries = Object.entries(answer.headers);
        const bytes = async () => new TextEncoder().encode(answer.body).buffer;
        return {
            status: answer.status,
            url: answer.url,
            headers: Object.assign(entries, { get: (name) => answer.headers[name] }),
            body: answer.body,
            text: async () => answer.body,
            arrayBuffer: bytes,
        };
    };
}
function gitHubError(error) {
    const { response, cause } = error;
    if (response === undefined) {
        const said = cause instanceof decode/* NoAnswer */.W_ ? cause.message : 'no answer that can be read';
        return new github_ask/* GitHubError */.y_(0, said, { kind: 'no-answer' }, { cause: error });
    }
    const message = typeof response.data?.message === 'string' ? (0,problem/* oneLine */.TN)(response.data.message) : '';
    const failure = { kind: 'answer', status: response.status, headers: response.headers, message };
    return new github_ask/* GitHubError */.y_(response.status, message, failure, { cause: error });
}
function noTimeLeft(cause) {
    return new github_ask/* GitHubError */.y_(0, 'no answer: no time was left to ask', { kind: 'no-answer' }, { cause });
}
function redirected({ status, headers }, baseUrl) {
    const failure = { kind: 'answer', status, headers: headers };
    return new github_ask/* GitHubError */.y_(status, (0,http/* redirectInWords */.Dy)(failure.headers, baseUrl, 'github-api-url'), failure);
}


/***/ }),

/***/ 9488:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  lw: () => (/* binding */ Http),
  Dy: () => (/* binding */ redirectInWords)
});

// UNUSED EXPORTS: REQUEST_TIMEOUT, addressOf

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __nccwpck_require__(4708);
;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");
// EXTERNAL MODULE: ./node_modules/@actions/http-client/lib/proxy.js
var proxy = __nccwpck_require__(9783);
// EXTERNAL MODULE: ./lib/src/services/connections.js + 1 modules
var services_connections = __nccwpck_require__(1839);
// EXTERNAL MODULE: ./lib/src/services/decode.js + 2 modules
var decode = __nccwpck_require__(1949);
// EXTERNAL MODULE: ./lib/src/services/distance.js + 1 modules
var services_distance = __nccwpck_require__(2467);
// EXTERNAL MODULE: ./lib/src/services/problem.js
var problem = __nccwpck_require__(9644);
;// CONCATENATED MODULE: ./lib/src/services/http.js








const REQUEST_TIMEOUT = 15_000;
const PATIENT_TIMEOUT = 2 * 60_000;
const STANDSTILL = 1000;
const ADDRESS_TIMEOUT = 2500;
const MOST_REDIRECTS = 3;
const CONNECTIONS = {
    keepAlive: true,
    maxSockets: 100,
    lookup: services_connections/* sharedLookup */.S7,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT,
};
class Http {
    #agents = [];
    #now;
    #secureContext;
    constructor(now) {
        this.#now = now;
        spellOutNoProxy(process.env);
    }
    sender(userAgent, time, distance = new services_distance/* Distance */.K([], () => { }), connections = new services_connections/* Connections */.UQ()) {
        let agent;
        return async (request) => {
            const sentAt = this.#now();
            const headers = { ...request.headers, 'user-agent': userAgent };
            agent ??= this.#agentFor(new URL(request.url));
            const around = { agent: await agent, distance };
            connections.by(around.agent);
            const limit = new TimeLimit(REQUEST_TIMEOUT, this.#now, request.isReadPatiently);
            const answer = await answerInTime(limit, (given) => follow({ ...request, headers }, { ...around, given }));
            if (answer.status < 400)
                time.observe(answer.headers.date, sentAt, this.#now());
            return answer;
        };
    }
    async #agentFor(url) {
        const isSecure = url.protocol === 'https:';
        const isProxied = Boolean((0,proxy/* getProxyUrl */.s)(url)?.hostname);
        const agent = isProxied
            ? await proxyAgent(url)
            : isSecure
                ? new services_connections/* SpareAgent */.TX(CONNECTIONS)
                : new external_node_http_namespaceObject.Agent(CONNECTIONS);
        if (isSecure) {
            this.#secureContext ??= (0,external_node_tls_namespaceObject.createSecureContext)();
            Object.assign(agent.options, { secureContext: this.#secureContext });
        }
        if (!isProxied)
            this.#agents.push(agent);
        return agent;
    }
    close() {
        for (const agent of this.#agents)
            agent.destroy();
    }
}
async function proxyAgent(url) {
    const { HttpClient } = await __nccwpck_require__.e(/* import() */ 779).then(__nccwpck_require__.bind(__nccwpck_require__, 2779));
    const agent = new HttpClient(undefined, [], CONNECTIONS).getAgent(url.href);
    if (agent.proxyOptions?.host !== undefined)
        agent.proxyOptions.host = withoutBrackets(agent.proxyOptions.host);
    return agent;
}
function spellOutNoProxy(env) {
    for (const name of ['no_proxy', 'NO_PROXY']) {
        const value = env[name];
        if (value !== undefined)
            env[name] = value.replace(/(^|,)\s*\*\./g, '$1.');
    }
}
async function answerInTime(limit, work) {
    try {
        return await work(limit);
    }
    catch (error) {
        throw error instanceof decode/* NoAnswer */.W_ ? error : new decode/* NoAnswer */.W_(reasonOf(error), { cause: error });
    }
    finally {
        limit.end();
    }
}
class TimeLimit {
    #ms;
    #now;
    #isPatient;
    #began;
    #due;
    #timer;
    #stopping;
    #error;
    #request;
    #giveUp;
    constructor(ms, now, isPatient = false) {
        this.#ms = ms;
        this.#now = now;
        this.#isPatient = isPatient;
        this.#began = now();
        this.#due = this.#began + ms;
        this.#timer = setTimeout(() => this.#pass(), ms);
    }
    watch(request, giveUp) {
        this.#request = request;
        this.#giveUp = giveUp;
        if (this.#error !== undefined)
            this.#stop(this.#error);
    }
    arrived() {
        if (this.#isPatient && this.#error === undefined)
            this.#wait(this.#ms);
    }
    #wait(ms) {
        clearTimeout(this.#timer);
        const left = Math.max(0, Math.min(ms, this.#began + PATIENT_TIMEOUT - this.#now()));
        this.#due = this.#now() + left;
        this.#timer = setTimeout(() => this.#pass(), left);
    }
    #pass() {
        const isLate = this.#now() > this.#due + STANDSTILL;
        if (isLate) {
            this.#due = Number.POSITIVE_INFINITY;
            this.#timer = setTimeout(() => this.#pass(), STANDSTILL);
            return;
        }
        this.#stopping = setImmediate(() => this.#stop(new decode/* NoAnswer */.W_(`no answer within ${this.#ms / 1000} s`)));
    }
    #stop(error) {
        this.#error = error;
        this.#request?.destroy();
        this.#giveUp?.(error);
    }
    end() {
        clearTimeout(this.#timer);
        clearImmediate(this.#stopping);
    }
}
async function follow(request, around) {
    let current = request;
    for (let hop = 0;; hop++) {
        const answer = await exchange(current, around);
        const target = redirectTarget(current, answer);
        if (target === undefined || hop === MOST_REDIRECTS)
            return answer;
        current = { ...current, url: target };
    }
}
function exchange({ method, url, headers, body }, { agent, given, distance }) {
    const address = addressOf(url);
    const request = (address.protocol === 'https:' ? external_node_https_ : external_node_http_namespaceObject).request({
        ...address,
        agent,
        method,
        headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    return new Promise((resolve, reject) => {
        given.watch(request, reject);
        const waited = measure(request, distance);
        let isAnswered = false;
        request.on('response', (message) => {
            isAnswered = true;
            waited();
            given.arrived();
            message.on('data', () => given.arrived());
            const status = message.statusCode ?? 0;
            readBody(message, (text) => resolve({ status, headers: headersOf(message), body: text, url }), reject);
        });
        request.on('error', reject);
        request.on('upgrade', (_, socket) => {
            socket.destroy();
            reject(new decode/* NoAnswer */.W_('no answer (another protocol was offered)'));
        });
        request.on('close', () => {
            waited();
            if (!isAnswered)
                reject(new decode/* NoAnswer */.W_('no answer (the connection was closed)'));
        });
        request.end(body);
    });
}
function addressOf(url) {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    return { protocol, hostname: withoutBrackets(hostname), port, path: pathname + search };
}
const withoutBrackets = (host) => host.replace(/^\[|\]$/g, '');
function measure(request, distance) {
    let isThere = distance.begin('connection');
    const next = () => {
        isThere();
        isThere = distance.begin('answer');
    };
    request.on('socket', (socket) => {
        if (socket.connecting)
            socket.once('encrypted' in socket ? 'secureConnect' : 'connect', next);
        else
            next();
    });
    return () => isThere();
}
function headersOf({ headers }) {
    const texts = {};
    for (const [name, value = ''] of Object.entries(headers))
        texts[name] = Array.isArray(value) ? value.join(', ') : value;
    if (texts.age !== undefined)
        delete texts.date;
    return texts;
}
function readBody(message, done, failed) {
    const chunks = [];
    let size = 0;
    message.on('data', (chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > decode/* MAX_BODY */._D)
            message.destroy((0,decode/* tooLarge */.g$)());
    });
    message.on('end', () => {
        try {
            done((0,decode/* decode */.D4)(Buffer.concat(chunks), message.headers['content-encoding']));
        }
        catch (error) {
            failed(error);
        }
    });
    message.on('error', failed);
    message.on('close', () => {
        if (!message.complete)
            failed(new decode/* NoAnswer */.W_('no answer (it broke off)'));
    });
}
function redirectTarget(request, answer) {
    const keepsMethod = [307, 308].includes(answer.status) || ([301, 302].includes(answer.status) && request.method === 'GET');
    const location = answer.headers.location;
    if (!keepsMethod || !location || !URL.canParse(location, request.url))
        return undefined;
    const target = new URL(location, request.url);
    return target.origin === new URL(request.url).origin ? target.href : undefined;
}
function redirectInWords({ location = '' }, baseUrl, input) {
    const target = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : undefined;
    const where = target === undefined ? '' : ` to ${target.origin}${target.pathname}`;
    const isHere = target?.origin === new URL(baseUrl).origin;
    const why = isHere
        ? `because it would change the request, or followed ${MOST_REDIRECTS} others`
        : 'so that no credential goes to another host';
    return `a redirect${(0,problem/* oneLine */.TN)(where) && ` ${(0,problem/* oneLine */.TN)(where)}`} that is not followed, ${why}; check "${input}"`;
}
function reasonOf(error) {
    const { code, message } = error;
    const [, status, cause] = /^tunneling socket could not be established, (?:statusCode=(\d+)|cause=.*?\b(E[A-Z]+))/.exec(String(message)) ?? [];
    if (status !== undefined)
        return `no answer (the proxy answered ${status})`;
    if (cause !== undefined)
        return `no answer (the proxy: ${cause})`;
    if (typeof code !== 'string')
        return 'no answer';
    const [, why = ''] = CODES.find(([codes]) => codes.test(code)) ?? [];
    return `no answer (${code})${why}`;
}
const CODES = [
    [
        /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
        ', since the name of the host could not be resolved: check the URL and the DNS of the runner',
    ],
    [/^(EMFILE|ENFILE)$/, ', since too many files are open: raise the limit of the runner (ulimit -n)'],
    [
        /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)/,
        ', since the server requires a client certificate, which this action cannot give',
    ],
    [/ALTNAME_INVALID/, ', since its certificate is for another host: check the URL'],
    [/CERT_(HAS_EXPIRED|NOT_YET_VALID)/, ', since its certificate is not valid now: check the clock of the runner'],
    [/CERT|SIGNATURE/, ", since its certificate is not trusted: name the authority's in NODE_EXTRA_CA_CERTS"],
];


/***/ }),

/***/ 3230:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   ST: () => (/* binding */ isGone),
/* harmony export */   TN: () => (/* binding */ keyOf),
/* harmony export */   TX: () => (/* binding */ MANAGING),
/* harmony export */   Tk: () => (/* binding */ isUnauthorized),
/* harmony export */   bE: () => (/* binding */ incidentIoFailure),
/* harmony export */   hb: () => (/* binding */ incidentIo),
/* harmony export */   z_: () => (/* binding */ IncidentIoError)
/* harmony export */ });
/* harmony import */ var _decode_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(1949);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(9488);
/* harmony import */ var _mask_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(2735);
/* harmony import */ var _problem_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(9644);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(9021);





const MANAGING = 'api_keys_manage';
class IncidentIoError extends Error {
    name = 'IncidentIoError';
    status;
    requestId;
    failure;
    isIncidentIos;
    constructor(status, cause, failure, parsed = {}) {
        super(cause);
        this.status = status;
        this.requestId = requestIdFrom(parsed);
        this.failure = failure;
        this.isIncidentIos = isEnvelope(parsed);
    }
}
function isGone(error) {
    return error instanceof IncidentIoError && error.status === 404 && error.isIncidentIos;
}
function isUnauthorized(error) {
    return error instanceof IncidentIoError && error.status === 401;
}
const PAGE_SIZE = 250;
const MOST_PAGES = 200;
function incidentIoFailure(error) {
    if (error instanceof _decode_js__WEBPACK_IMPORTED_MODULE_0__/* .NoAnswer */ .W_)
        return { kind: 'no-answer' };
    return error instanceof IncidentIoError ? error.failure : undefined;
}
function stubbornFailure(error) {
    const isForeign = error instanceof IncidentIoError && !error.isIncidentIos && !(0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .isPassing */ .WG)(error.failure);
    return isForeign ? { kind: 'no-answer' } : incidentIoFailure(error);
}
function incidentIo(apiKey, baseUrl, send, time, waiting) {
    const call = (method, path, token, body, more = {}) => send({
        ...more,
        method,
        url: `${baseUrl}${path}`,
        headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            'accept-encoding': 'identity',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { lookPatience } = waiting;
    let bearer = apiKey;
    const read = (path, patience, take) => (0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .persist */ .Zr)(async () => take(readAnswer(await call('GET', path, bearer))), patience.stubborn ? stubbornFailure : incidentIoFailure, patience, waiting);
    const issue = async (path, body) => {
        let answer;
        try {
            answer = await call('POST', path, bearer, body, { isReadPatiently: true });
        }
        catch (error) {
            return { kind: 'unknown', cause: error instanceof _decode_js__WEBPACK_IMPORTED_MODULE_0__/* .NoAnswer */ .W_ ? error.message : 'no answer' };
        }
        return readIssue(answer);
    };
    return {
        time,
        actAs(token) {
            const before = bearer;
            bearer = token;
            return () => {
                bearer = before;
            };
        },
        async identity() {
            const identity = await read('/v1/identity', lookPatience, identityIn);
            return {
                name: text(identity.name) ?? '',
                roles: roleNames(identity.roles),
                teamRoles: roleNames(identity.team_roles),
            };
        },
        async show(id, patience = lookPatience) {
            return read(keyPath(id), patience, ({ api_key: key }) => keyFrom(key));
        },
        async list(given = lookPatience) {
            const start = waiting.clock.now();
            const patience = { ...given, until: () => given.until(start) };
            const keys = new Map();
            const seen = new Set();
            let after;
            do {
                if (seen.size === MOST_PAGES)
                    throw unreadable('a list of keys that does not end');
                const page = await read(`/v1/api_keys?page_size=${PAGE_SIZE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`, patience, pageFrom);
                for (const whole of page.keys) {
                    const key = record(whole);
                    const id = text(key.id) ?? '';
                    keys.set(id, { id, name: text(key.name) ?? '', whole });
                }
                after = page.after;
                if (after !== undefined && seen.has(after))
                    throw unreadable('the same page of keys again');
                seen.add(after ?? '');
            } while (after);
            return [...keys.values()];
        },
        rotate: (id, graceMinutes) => issue(`${keyPath(id)}/actions/rotate`, { grace_period_minutes: graceMinutes }),
        create: (fields) => issue('/v1/api_keys', bodyOf(fields)),
        async update(id, fields) {
            const put = async () => {
                const { api_key: key } = readAnswer(await call('PUT', keyPath(id), bearer, bodyOf(fields)));
                if (text(record(key).id) === undefined)
                    throw unreadable('an answer without the API key');
            };
            await (0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .persist */ .Zr)(put, incidentIoFailure, lookPatience, waiting);
        },
        async remove(id) {
            const remove = async () => {
                const answer = await call('DELETE', keyPath(id), bearer);
                if (answer.status === 204 || answer.status === 404)
                    return;
                readAnswer(answer);
                throw unreadable(`an unexpected answer (${answer.status})`);
            };
            await (0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .persist */ .Zr)(remove, incidentIoFailure, lookPatience, waiting);
        },
        async prove(token) {
            identityIn(readAnswer(await call('GET', '/v1/identity', token)));
        },
    };
}
function keyOf(listed) {
    return keyFrom(listed.whole);
}
function bodyOf({ name, comments, roles, teamIds, teamRoles }) {
    return {
        name,
        ...(comments === undefined ? {} : { comments }),
        role_names: roles,
        team_ids: teamIds,
        team_role_names: teamRoles,
    };
}
function readIssue(answer) {
    const parsed = parse(answer.body);
    const token = parsed?.token;
    if (typeof token === 'string')
        (0,_mask_js__WEBPACK_IMPORTED_MODULE_2__/* .hide */ .jD)(token);
    const { status } = answer;
    const requestId = requestIdFrom(parsed);
    if (status >= 200 && status < 300) {
        if (typeof token !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(token)) {
            const why = parsed === undefined ? `no JSON, ${answer.body.length} characters` : 'JSON without one';
            return { kind: 'unknown', cause: `an answer (${status}) without a readable token (${why})`, requestId };
        }
        const key = record(parsed?.api_key);
        return { kind: 'issued', token, issuedAt: dateFrom(key.token_last_issued_at), keyId: text(key.id) };
    }
    const type = text(parsed?.type);
    const isTimeout = [408, 499].includes(status) || TIMEOUTS.includes(type ?? '');
    if (status < 400 || status >= 500 || isTimeout)
        return { kind: 'unknown', cause: `status ${status}`, requestId };
    if (!isEnvelope(parsed))
        return { kind: 'unknown', cause: `status ${status}, not in incident.io's error format` };
    return {
        kind: 'refused',
        status,
        type: type !== undefined && /^[a-z_]{1,40}$/.test(type) ? type : undefined,
        requestId,
        failure: failureFrom(answer, parsed),
    };
}
function isEnvelope(parsed) {
    return typeof parsed?.type === 'string' && (Array.isArray(parsed.errors) || text(parsed.request_id) !== undefined);
}
const TIMEOUTS = ['client_timeout', 'request_timeout'];
function pageFrom({ api_keys: keys, pagination_meta: meta }) {
    if (!Array.isArray(keys))
        throw unreadable('a page without a list of keys');
    return { keys: keys, after: text(record(meta).after) };
}
function identityIn(answer) {
    const { identity } = answer;
    if (typeof identity !== 'object' || identity === null)
        throw unreadable('an answer without an identity');
    return identity;
}
function readAnswer(answer) {
    const parsed = parse(answer.body);
    if (answer.status < 200 || answer.status >= 300) {
        const messages = array(parsed?.errors).flatMap((error) => text(record(error).message) ?? []);
        const type = text(parsed?.type);
        const isRedirect = answer.status >= 300 && answer.status < 400;
        const redirect = isRedirect ? (0,_http_js__WEBPACK_IMPORTED_MODULE_1__/* .redirectInWords */ .Dy)(answer.headers, answer.url, 'incident-api-url') : undefined;
        const detail = [redirect ?? type, ...messages].filter((part) => part !== undefined).join(': ');
        throw new IncidentIoError(answer.status, `incident.io answered ${answer.status}${detail === '' ? '' : ` (${(0,_problem_js__WEBPACK_IMPORTED_MODULE_3__/* .oneLine */ .TN)(detail)})`}`, failureFrom(answer, parsed), parsed);
    }
    if (parsed === undefined)
        throw unreadable('an answer that is not JSON');
    return parsed;
}
function failureFrom(answer, parsed) {
    const retryAfter = text(record(parsed?.rate_limit).retry_after);
    return {
        kind: 'answer',
        status: answer.status,
        headers: answer.headers,
        ...(retryAfter === undefined ? {} : { retryAfter }),
    };
}
function unreadable(what) {
    return new IncidentIoError(0, `incident.io gave ${what}`, { kind: 'no-answer' });
}
function keyFrom(value) {
    const key = record(value);
    const id = text(key.id);
    const issuedAt = dateFrom(key.token_last_issued_at);
    if (id === undefined || issuedAt === undefined) {
        throw unreadable('an API key without an id or the time its token was issued');
    }
    return {
        id,
        name: text(key.name) ?? '',
        roles: roleNames(key.roles),
        teamRoles: roleNames(key.team_roles),
        teamIds: array(key.team_ids).flatMap((team) => text(team) ?? []),
        comments: text(key.comments),
        issuedAt,
        lastUsedAt: dateFrom(key.last_used_at),
        unread: unreadIn(key),
    };
}
function unreadIn(key) {
    const isListOf = (list, nameOf) => Array.isArray(list) && list.every((item) => nameOf(item) !== undefined);
    const isRead = {
        roles: isListOf(key.roles, roleName),
        team_ids: isLeftOut(key.team_ids) || isListOf(key.team_ids, text),
        team_roles: isLeftOut(key.team_roles) || isListOf(key.team_roles, roleName),
        comments: isLeftOut(key.comments) || text(key.comments) !== undefined,
        last_used_at: isLeftOut(key.last_used_at) || dateFrom(key.last_used_at) !== undefined,
    };
    return Object.keys(isRead).filter((property) => !isRead[property]);
}
function roleNames(roles) {
    return array(roles).flatMap((role) => roleName(role) ?? []);
}
const roleName = (role) => text(role) ?? text(record(role).name);
function dateFrom(value) {
    return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))
        ? value
        : undefined;
}
function requestIdFrom(parsed) {
    const id = text(parsed?.request_id);
    return id !== undefined && /^(?:req_)?[A-Za-z0-9.:-]{1,64}$/.test(id) ? id : undefined;
}
function keyPath(id) {
    return `/v1/api_keys/${encodeURIComponent(id)}`;
}
function parse(body) {
    try {
        const value = JSON.parse(body);
        return typeof value === 'object' && value !== null ? value : undefined;
    }
    catch {
        return undefined;
    }
}
const record = (value) => typeof value === 'object' && value !== null ? value : {};
const isLeftOut = (value) => value === undefined || value === null;
const array = (value) => (Array.isArray(value) ? value : []);
const text = (value) => typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;


/***/ }),

/***/ 8551:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  cc: () => (/* binding */ complain),
  xx: () => (/* binding */ complainOf),
  HB: () => (/* binding */ inGroup),
  cv: () => (/* binding */ say),
  Yo: () => (/* binding */ sayTogether),
  R8: () => (/* binding */ warn),
  VT: () => (/* binding */ whileSaying)
});

// UNUSED EXPORTS: logLine

;// CONCATENATED MODULE: external "node:async_hooks"
const external_node_async_hooks_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __nccwpck_require__(2333);
// EXTERNAL MODULE: ./lib/src/services/mask.js
var mask = __nccwpck_require__(2735);
;// CONCATENATED MODULE: ./lib/src/services/log.js



const LONGEST_ANNOTATION = 4000;
const EVERY = 5000;
const group = new external_node_async_hooks_namespaceObject.AsyncLocalStorage();
function say(line) {
    const lines = group.getStore();
    if (lines === undefined)
        core/* info */.pq(logLine(plain(line)));
    else
        lines.push(line);
}
function sayTogether(title, lines) {
    core/* startGroup */.Oh(plain(title).replace(/[\r\n]+/g, ' '));
    for (const line of lines)
        core/* info */.pq(logLine(plain(line)));
    core/* endGroup */.N4();
}
async function inGroup(title, work) {
    const lines = [];
    try {
        return await group.run(lines, work);
    }
    finally {
        if (lines.length > 0)
            sayTogether(title, lines);
    }
}
function complain(error) {
    core/* error */.z3(plain(error).slice(0, LONGEST_ANNOTATION));
}
function warn(warning) {
    core/* warning */.$e(plain(warning).slice(0, LONGEST_ANNOTATION));
}
const MOST_ANNOTATIONS = 10;
function complainOf(errors) {
    const shown = errors.length > MOST_ANNOTATIONS ? errors.slice(0, MOST_ANNOTATIONS - 1) : errors;
    const others = errors.slice(shown.length);
    for (const error of others)
        say(`Error: ${error}`);
    for (const error of shown)
        complain(error);
    if (others.length > 0)
        complain(`${others.length} more errors: they stand in the log and in the summary.`);
}
let isGroupOpen = false;
async function whileSaying(phase, line, work) {
    let isOurs = false;
    const timer = setInterval(() => {
        if (!isGroupOpen && group.getStore() === undefined) {
            isGroupOpen = true;
            isOurs = true;
            core/* startGroup */.Oh(phase);
        }
        say(line());
    }, EVERY);
    try {
        return await work;
    }
    finally {
        clearInterval(timer);
        if (isOurs) {
            isGroupOpen = false;
            core/* endGroup */.N4();
        }
    }
}
function plain(text) {
    return (0,mask/* scrub */._I)(text).replace(/(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
}
function logLine(text) {
    return text
        .replace(/[\r\n]+/g, ' ')
        .replace(/##\[/g, '# #[')
        .replace(/^\s*::/, '\u200b::');
}


/***/ }),

/***/ 3192:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ SEVERAL_LOOKS),
/* harmony export */   l: () => (/* binding */ lookRepeatedly)
/* harmony export */ });
const SEVERAL_LOOKS = [0, 1000, 2500, 5000];
async function lookRepeatedly(see, clock, looks = SEVERAL_LOOKS) {
    const start = clock.now();
    for (const at of looks) {
        await clock.sleep(Math.max(0, start + at - clock.now()));
        const seen = await see();
        if (seen !== undefined)
            return seen;
    }
    return undefined;
}


/***/ }),

/***/ 2735:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Tk: () => (/* binding */ scrubAll),
/* harmony export */   _I: () => (/* binding */ scrub),
/* harmony export */   es: () => (/* binding */ PRIVATE_KEY),
/* harmony export */   jD: () => (/* binding */ hide)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2333);

const SHORTEST_SCRUBBED = 6;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY-----|[\s\S]*)/g;
const LINE_BREAK = /(?:\\+[rn]|[\r\n]|(?<=-----|[A-Za-z0-9+/]{16}=*) )+/;
const hidden = new Set();
let scrubbed = [];
function hide(credential) {
    if (hidden.has(credential))
        return;
    for (const part of new Set([credential, ...credential.split(LINE_BREAK)].map((text) => text.trim()))) {
        if (part === '' || hidden.has(part))
            continue;
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .setSecret */ .Pq(part);
        hidden.add(part);
        if (part.length >= SHORTEST_SCRUBBED)
            scrubbed = [...new Set([...scrubbed, ...formsOf(part)])];
    }
    scrubbed = scrubbed.toSorted((a, b) => b.length - a.length);
}
function formsOf(value) {
    const bytes = Buffer.from(value);
    const hex = bytes.toString('hex');
    const base64 = [0, 1, 2].flatMap((offset) => {
        const moved = Buffer.concat([Buffer.alloc(offset), bytes]);
        const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((moved.length * 8) / 6)];
        return [moved.toString('base64').slice(start, end), moved.toString('base64url').slice(start, end)];
    });
    const escaped = [JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed())];
    return [value, ...escaped, hex, hex.toUpperCase(), ...base64];
}
function scrub(text) {
    let clean = text.replace(PRIVATE_KEY, '***');
    for (const value of scrubbed)
        clean = clean.replaceAll(value, '***');
    return clean;
}
function scrubAll(data) {
    return JSON.parse(JSON.stringify(data), (_, value) => (typeof value === 'string' ? scrub(value) : value));
}


/***/ }),

/***/ 7188:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   fg: () => (/* binding */ OutOfTime),
/* harmony export */   lI: () => (/* binding */ WRITES),
/* harmony export */   oG: () => (/* binding */ Pace)
/* harmony export */ });
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9021);

class OutOfTime extends Error {
    name = 'OutOfTime';
}
class Bucket {
    #size;
    #aMillisecond;
    #clock;
    #level;
    #measuredAt;
    #last = Promise.resolve();
    constructor({ size, aMinute }, clock) {
        this.#size = size;
        this.#aMillisecond = aMinute / 60_000;
        this.#clock = clock;
        this.#level = size;
        this.#measuredAt = clock.now();
    }
    take(drops, isOpen, until) {
        const turn = this.#last.then(async () => {
            await isOpen();
            const missing = drops - this.#refill();
            if (missing > 0)
                await (0,_retry_js__WEBPACK_IMPORTED_MODULE_0__/* .sleepWithin */ .jo)(missing / this.#aMillisecond, until, this.#clock);
            if (this.#clock.now() >= until())
                throw new OutOfTime('no time left');
            this.#refill();
            this.#level -= drops;
        });
        this.#last = turn.catch(() => { });
        return turn;
    }
    empty() {
        this.#level = Math.min(0, this.#refill());
    }
    #refill() {
        const now = this.#clock.now();
        this.#level = Math.min(this.#size, this.#level + Math.max(0, now - this.#measuredAt) * this.#aMillisecond);
        this.#measuredAt = now;
        return this.#level;
    }
}
const READ_POINTS = 1;
const WRITE_POINTS = 5;
const POINTS = { size: 560, aMinute: 320 };
const WRITES = { size: 30, aMinute: 45 };
class Pace {
    #clock;
    #points;
    #writes;
    #heldUntil = 0;
    constructor(clock) {
        this.#clock = clock;
        this.#points = new Bucket(POINTS, clock);
        this.#writes = new Bucket(WRITES, clock);
    }
    async turn(method, deadline, held) {
        const isOpen = () => this.#opened(deadline, held);
        if (method === 'PUT' || method === 'POST')
            await this.#writes.take(1, isOpen, deadline);
        await this.#points.take(method === 'GET' ? READ_POINTS : WRITE_POINTS, isOpen, deadline);
        await isOpen();
    }
    get heldUntil() {
        return this.#heldUntil;
    }
    hold(ms) {
        this.#writes.empty();
        this.#heldUntil = Math.max(this.#heldUntil, this.#clock.now() + ms);
    }
    async #opened(deadline, held) {
        if (this.#heldUntil <= this.#clock.now())
            return;
        const { until, thenGoOn } = held();
        for (;;) {
            const now = this.#clock.now();
            if (this.#heldUntil > until && !thenGoOn)
                throw new OutOfTime('no time left');
            const left = Math.min(this.#heldUntil, until) - now;
            if (left <= 0)
                return;
            if (now >= deadline())
                throw new OutOfTime('no time left');
            await (0,_retry_js__WEBPACK_IMPORTED_MODULE_0__/* .sleepWithin */ .jo)(left, deadline, this.#clock);
        }
    }
}


/***/ }),

/***/ 9644:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   AF: () => (/* binding */ Problem),
/* harmony export */   R4: () => (/* binding */ errorsIn),
/* harmony export */   Rn: () => (/* binding */ ManifestProblem),
/* harmony export */   S7: () => (/* binding */ InputProblem),
/* harmony export */   TN: () => (/* binding */ oneLine),
/* harmony export */   Xd: () => (/* binding */ allOrProblems),
/* harmony export */   hD: () => (/* binding */ quote),
/* harmony export */   rN: () => (/* binding */ TOO_MANY_FILES),
/* harmony export */   yU: () => (/* binding */ someOf)
/* harmony export */ });
/* harmony import */ var _mask_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2735);

class Problem extends Error {
    name = 'Problem';
    parts;
    constructor(parts, options) {
        const request = parts.requestId === undefined ? '' : ` (incident.io request_id ${parts.requestId})`;
        super(`Could not ${parts.goal} ${parts.subject}: ${parts.cause}${request}. ${parts.remedy}`, options);
        this.parts = parts;
    }
}
class InputProblem extends Error {
    name = 'InputProblem';
}
class ManifestProblem extends InputProblem {
    name = 'ManifestProblem';
    file;
    line;
    column;
    constructor(file, sentence, at, options) {
        const line = at === undefined ? '' : `, line ${at.line}`;
        const column = at?.column === undefined ? '' : `, column ${at.column}`;
        super(`Manifest ${oneLine(file) || '.'}${line}${column}: ${sentence}`, options);
        this.file = file;
        this.line = at?.line;
        this.column = at?.column;
    }
}
const TOO_MANY_FILES = ['EMFILE', 'ENFILE'];
function errorsIn(thrown) {
    return thrown instanceof AggregateError ? thrown.errors.flatMap(errorsIn) : [thrown];
}
async function allOrProblems(promises) {
    const settled = await Promise.allSettled(promises);
    const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (errors.length > 0)
        throw errors.length === 1 ? errors[0] : new AggregateError(errors);
    return settled.map((one) => one.value);
}
function quote(text) {
    const clean = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .scrub */ ._I)(text).replace(/[\u007f-\u009f\u2028\u2029]/g, ' ');
    return JSON.stringify(clean.length > 200 ? `${clean.slice(0, 200)}\u2026` : clean);
}
function someOf(names, most = 20) {
    const more = names.length - most;
    return (names.slice(0, most).join(', ') || 'none') + (more > 0 ? ` and ${more} more` : '');
}
function oneLine(text) {
    const clean = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .scrub */ ._I)(text);
    const line = clean.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ').trim();
    return (line.length > 300 ? `${line.slice(0, 300)}\u2026` : line).replace(/\.$/, '');
}


/***/ }),

/***/ 9021:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $l: () => (/* binding */ BEFORE_ROTATION),
/* harmony export */   ET: () => (/* binding */ ONCE),
/* harmony export */   JN: () => (/* binding */ backoff),
/* harmony export */   S4: () => (/* binding */ isLimit),
/* harmony export */   Uy: () => (/* binding */ askedWait),
/* harmony export */   WG: () => (/* binding */ isPassing),
/* harmony export */   Zr: () => (/* binding */ persist),
/* harmony export */   fv: () => (/* binding */ UNTIL_THE_END),
/* harmony export */   jo: () => (/* binding */ sleepWithin),
/* harmony export */   m4: () => (/* binding */ LOOK_PATIENCE)
/* harmony export */ });
/* unused harmony export waitBefore */
const LOOK_PATIENCE = 30_000;
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 15_000;
const SECONDARY_LIMIT_WAIT = 60_000;
const BEFORE_ROTATION = { until: (since) => since + LOOK_PATIENCE, stubborn: false };
const UNTIL_THE_END = { until: () => Number.POSITIVE_INFINITY, stubborn: true };
const ONCE = { until: (since) => since, stubborn: false };
function isPassing(failure) {
    return (failure.kind === 'no-answer' || failure.status >= 500 || [408, 429].includes(failure.status) || isLimit(failure));
}
function isRefusal(failure) {
    if (failure.kind === 'no-answer' || isPassing(failure))
        return false;
    return failure.status >= 300 && failure.status < 500 && failure.status !== 422;
}
function isLimit(failure) {
    if (failure.kind === 'no-answer')
        return false;
    if (failure.status === 429)
        return true;
    if (failure.status !== 403)
        return false;
    return (failure.headers['retry-after'] !== undefined ||
        failure.headers['x-ratelimit-remaining'] === '0' ||
        /rate limit|abuse detection/i.test(failure.message ?? ''));
}
function waitBefore(failure, attempt, facts) {
    if (!isPassing(failure) || facts.timeLeft <= 0)
        return undefined;
    const wait = Math.max(askedWait(failure, facts.now) ?? 0, backoff(attempt, facts.random));
    if (wait <= facts.timeLeft)
        return wait;
    return facts.stubborn ? facts.timeLeft : undefined;
}
function backoff(attempt, random) {
    return Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
function askedWait(failure, now) {
    if (failure.kind === 'no-answer')
        return undefined;
    const { headers } = failure;
    const header = headers['retry-after'];
    if (header !== undefined && /^\s*\+?\d+(\.\d+)?\s*$/.test(header))
        return Math.ceil(Number(header) * 1000);
    const served = Date.parse(headers.date ?? '');
    const serviceNow = Number.isNaN(served) ? now : served;
    for (const date of [header, failure.retryAfter]) {
        const at = /^\s*([A-Za-z]|\d{4}-)/.test(date ?? '') ? Date.parse(date ?? '') : Number.NaN;
        if (!Number.isNaN(at))
            return Math.max(0, at - serviceNow);
    }
    if (!isLimit(failure))
        return undefined;
    const reset = Number(headers['x-ratelimit-reset']);
    if (headers['x-ratelimit-remaining'] === '0' && reset > 0)
        return Math.max(0, reset * 1000 - serviceNow);
    const isSecondary = failure.status === 403 || /secondary rate limit/i.test(failure.message ?? '');
    return isSecondary ? SECONDARY_LIMIT_WAIT : undefined;
}
async function persist(attempt, failureOf, patience, { clock, random, deadline }, turn = async () => { }) {
    let since;
    for (let count = 1;; count++) {
        await turn();
        since ??= clock.now();
        const began = since;
        const until = () => Math.min(patience.until(began), deadline());
        try {
            return await attempt();
        }
        catch (error) {
            const failure = failureOf(error);
            const now = clock.now();
            const isRepeated = failure !== undefined && isRefusal(failure) && patience.refusalsUntil !== undefined;
            const last = isRepeated ? Math.min(until(), patience.refusalsUntil?.(began) ?? 0) : until();
            const facts = { now, timeLeft: last - now, stubborn: patience.stubborn, random: random() };
            const wait = failure && waitBefore(isRepeated ? { kind: 'no-answer' } : failure, count, facts);
            if (wait === undefined)
                throw error;
            await sleepWithin(wait, until, clock);
        }
    }
}
async function sleepWithin(wait, until, clock) {
    const wake = clock.now() + wait;
    for (;;) {
        const left = Math.min(wake, until()) - clock.now();
        if (left <= 0)
            return;
        await clock.sleep(Math.min(left, 1000));
    }
}


/***/ }),

/***/ 3266:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ sealerFor),
/* harmony export */   O: () => (/* binding */ loadSodium)
/* harmony export */ });
let trialKey;
async function loadSodium() {
    const { default: sodium } = await __nccwpck_require__.e(/* import() */ 768).then(__nccwpck_require__.bind(__nccwpck_require__, 4768));
    await sodium.ready;
    if (trialKey === undefined) {
        const { publicKey, privateKey } = sodium.crypto_box_keypair();
        sodium.crypto_box_seal('a trial', publicKey);
        trialKey = privateKey;
    }
    return { sodium, trialKey };
}
async function sealerFor({ keyId, key }) {
    const { sodium, trialKey } = await loadSodium();
    const { ORIGINAL } = sodium.base64_variants;
    const publicKey = sodium.from_base64(key, ORIGINAL);
    sodium.crypto_box_beforenm(publicKey, trialKey);
    return (value) => ({
        keyId,
        encryptedValue: sodium.to_base64(sodium.crypto_box_seal(sodium.from_string(value), publicKey), ORIGINAL),
    });
}


/***/ }),

/***/ 8021:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ endOfWaiting),
/* harmony export */   p: () => (/* binding */ waitForRuns)
/* harmony export */ });
/* harmony import */ var _2_look_look_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(50);
/* harmony import */ var _3_decide_too_long_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6640);
/* harmony import */ var _5_tell_words_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8311);
/* harmony import */ var _services_log_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(8551);




const MINUTE = 60_000;
async function waitForRuns(tooLong, end, github, { clock, context, deadline, stopping }) {
    const { runs, now } = (0,_2_look_look_js__WEBPACK_IMPORTED_MODULE_0__/* .lookingAt */ .vK)(github, context);
    let left = tooLong;
    while (left.length > 0 && clock.now() < end && deadline() === Number.POSITIVE_INFINITY) {
        const minutes = Math.ceil((end - clock.now()) / MINUTE);
        (0,_services_log_js__WEBPACK_IMPORTED_MODULE_2__/* .say */ .cv)(`Waiting for ${(0,_5_tell_words_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(left.length, 'run')} that ${left.length === 1 ? 'needs' : 'need'} the old token for too long: ` +
            `${(0,_3_decide_too_long_js__WEBPACK_IMPORTED_MODULE_1__/* .namesOf */ .eZ)(left)}; ${(0,_5_tell_words_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(minutes, 'minute')} left.`);
        await clock.sleep(Math.min(MINUTE, end - clock.now()), stopping.asked);
        if (stopping.isAsked)
            return;
        const ended = await Promise.all([...Map.groupBy(left, ({ repository }) => repository)].map(async ([name, waitedFor]) => {
            const [owner = '', repository = ''] = name.split('/');
            return endedOf(waitedFor, { owner, repository }, runs, now);
        }));
        left = left.filter((run) => !ended.flat().includes(run));
    }
}
async function endedOf(waitedFor, repository, runs, now) {
    const seen = await runs.inFlight(repository, now).all.catch(() => undefined);
    if (seen === undefined)
        return [];
    const ids = new Set(seen.runs.map(({ id }) => id));
    const gone = waitedFor.filter(({ runId }) => !ids.has(runId));
    if (seen.isComplete)
        return gone;
    const areInProgress = await Promise.all(gone.map(({ runId }) => runs.isInProgress(repository, runId).catch(() => true)));
    return gone.filter((_, index) => areInProgress[index] !== true);
}
function endOfWaiting({ maxWaitMinutes, dryRun }, now) {
    return dryRun ? now : now + maxWaitMinutes * MINUTE;
}


/***/ }),

/***/ 2410:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Ng: () => (/* binding */ connect),
  by: () => (/* binding */ realWorld)
});

// UNUSED EXPORTS: userAgentFor

// EXTERNAL MODULE: ./lib/src/4-rotate-and-write/stopping.js
var _4_rotate_and_write_stopping = __nccwpck_require__(1621);
;// CONCATENATED MODULE: ./lib/src/run-context.js
function runContext(env, now) {
    const [owner, repository] = (env.GITHUB_REPOSITORY ?? '').split('/');
    const [, workflowFile] = /\/\.github\/workflows\/([^/@]+)@/.exec(env.GITHUB_WORKFLOW_REF ?? '') ?? [];
    return {
        runAttempt: Number(env.GITHUB_RUN_ATTEMPT) || 1,
        runId: Number(env.GITHUB_RUN_ID) || 0,
        repository: owner && repository ? { owner, repository } : undefined,
        workflowFile,
        now,
    };
}

// EXTERNAL MODULE: ./lib/src/services/clock.js
var services_clock = __nccwpck_require__(3257);
// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __nccwpck_require__(370);
// EXTERNAL MODULE: ./lib/src/services/connections.js + 1 modules
var services_connections = __nccwpck_require__(1839);
// EXTERNAL MODULE: ./lib/src/services/distance.js + 1 modules
var services_distance = __nccwpck_require__(2467);
// EXTERNAL MODULE: ./lib/src/services/github-app.js
var github_app = __nccwpck_require__(8766);
// EXTERNAL MODULE: ./lib/src/services/github-client.js + 10 modules
var github_client = __nccwpck_require__(4421);
// EXTERNAL MODULE: ./lib/src/services/github-ask.js
var github_ask = __nccwpck_require__(1712);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: ./lib/src/destination.js
var src_destination = __nccwpck_require__(7194);
// EXTERNAL MODULE: ./lib/src/services/retry.js
var retry = __nccwpck_require__(9021);
;// CONCATENATED MODULE: ./lib/src/services/github-secrets.js




function gitHubSecrets(askAs) {
    const secret = (destination) => `${(0,src_destination/* pathOf */.XM)(destination)}/secrets/${destination.secret}`;
    return {
        publicKey(destination, patience) {
            return askAs(destination.owner)(`GET ${(0,src_destination/* pathOf */.XM)(destination)}/secrets/public-key`, ({ data, url }) => {
                if (typeof data.key !== 'string' || !['string', 'number'].includes(typeof data.key_id)) {
                    throw (0,github_ask/* unreadable */.O$)('a public key');
                }
                const isRedirected = !url.toLowerCase().includes((0,src_destination/* pathOf */.XM)(destination).toLowerCase());
                return { keyId: String(data.key_id), key: data.key, isRedirected };
            }, patience && { patience });
        },
        stored(destination, patience) {
            return (0,github_ask/* unlessMissing */.F2)(askAs(destination.owner)(`GET ${secret(destination)}`, ({ data, headers }) => {
                const writtenAt = String(data.updated_at);
                if (Number.isNaN(Date.parse(writtenAt)))
                    throw (0,github_ask/* unreadable */.O$)('the date of the secret');
                const { visibility } = data;
                if ((0,src_destination/* isOfOrganization */.v)(destination) && typeof visibility !== 'string')
                    throw (0,github_ask/* unreadable */.O$)('a visibility');
                return {
                    writtenAt,
                    shownAt: Date.parse(String(headers.date)),
                    visibility: typeof visibility === 'string' ? visibility : undefined,
                };
            }, patience && { patience }));
        },
        list(destination, patience) {
            return askAs(destination.owner)(`GET ${(0,src_destination/* pathOf */.XM)(destination)}/secrets`, ({ data }) => ({
                total: Number(data.total_count),
                names: (0,github_ask/* listOf */.c3)(data.secrets).map(({ name }) => String(name)),
            }), { spare: true, parameters: { per_page: github_ask/* PAGE */.KL }, ...(patience && { patience }) });
        },
        async selectedRepositories(destination, patience) {
            const ask = askAs(destination.owner);
            const askPatiently = (route, read, options) => ask(route, read, { ...options, ...(patience && { patience }) });
            return (0,github_ask/* allPages */.S4)(askPatiently, `GET ${secret(destination)}/repositories`, ({ data }) => (0,github_ask/* listOf */.c3)(data.repositories).map(readerFrom));
        },
        async probeWrite(destination) {
            const name = `ROTATE_INCIDENT_KEY_PROBE_${(0,external_node_crypto_.randomBytes)(12).toString('hex').toUpperCase()}`;
            try {
                return await askAs(destination.owner)(`DELETE ${(0,src_destination/* pathOf */.XM)(destination)}/secrets/${name}`, () => undefined);
            }
            catch (error) {
                if (error instanceof github_ask/* GitHubError */.y_)
                    return error;
                throw error;
            }
        },
        async remove(destination) {
            const read = ({ status }) => {
                if (status !== 204)
                    throw (0,github_ask/* unexpected */.os)(status);
            };
            await (0,github_ask/* unlessMissing */.F2)(askAs(destination.owner)(`DELETE ${secret(destination)}`, read));
        },
        async write(destination, { keyId, encryptedValue }, visibility, patience) {
            let known = visibility;
            let isRepeated = false;
            const look = async () => {
                const level = (await this.stored(destination, retry/* ONCE */.ET))?.visibility;
                if (level !== 'selected')
                    return level === undefined ? known : { level };
                return { level, repositoryIds: (await this.selectedRepositories(destination, retry/* ONCE */.ET)).map(({ id }) => id) };
            };
            const put = (spell) => {
                const parameters = async () => {
                    if (known !== undefined && isRepeated)
                        known = await look().catch(() => known);
                    isRepeated = true;
                    return {
                        encrypted_value: encryptedValue,
                        key_id: keyId,
                        ...(known === undefined ? {} : { visibility: known.level }),
                        ...(known?.repositoryIds === undefined ? {} : { selected_repository_ids: known.repositoryIds.map(spell) }),
                    };
                };
                return askAs(destination.owner)(`PUT ${secret(destination)}`, ({ status, headers }) => {
                    if (status !== 201 && status !== 204)
                        throw (0,github_ask/* unexpected */.os)(status);
                    return { result: status === 201 ? 'created' : 'updated', at: Date.parse(String(headers.date)) };
                }, { patience, parameters });
            };
            try {
                return await put(Number);
            }
            catch (error) {
                const wantsText = error instanceof github_ask/* GitHubError */.y_ && error.status === 422 && /selected_repository_ids.*string/.test(error.said);
                if (!wantsText)
                    throw error;
                return put(String);
            }
        },
    };
}
function readerFrom(repository) {
    const [owner, name] = String(repository.full_name).split('/');
    const { id } = repository;
    if (!owner || !name || !Number.isSafeInteger(id))
        throw (0,github_ask/* unreadable */.O$)('the name and the id of a repository');
    return {
        id: Number(id),
        owner,
        repository: name,
        isArchived: repository.archived === true,
        isPublic: repository.visibility === 'public' || (repository.visibility === undefined && repository.private !== true),
    };
}

;// CONCATENATED MODULE: ./lib/src/services/github-places.js


function gitHubPlaces(askAs) {
    return {
        repository(repository) {
            const read = ({ data }) => ({
                id: Number.isSafeInteger(data.id) ? Number(data.id) : undefined,
                isArchived: data.archived === true,
            });
            return (0,github_ask/* unlessMissing */.F2)(askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}`, read));
        },
        environments(repository) {
            return (0,github_ask/* allPages */.S4)(askAs(repository.owner), `GET ${(0,github_ask/* pathOf */.XM)(repository)}/environments`, ({ data }) => (0,github_ask/* listOf */.c3)(data.environments).map(({ name }) => ({ id: String(name) }))).then((environments) => environments.map(({ id }) => id));
        },
        accountType(owner) {
            return (0,github_ask/* unlessMissing */.F2)(askAs(owner)(`GET /users/${encodeURIComponent(owner)}`, ({ data }) => String(data.type)));
        },
        async repositoriesOf(organization) {
            const repositories = await (0,github_ask/* allPages */.S4)(askAs(organization), `GET /orgs/${encodeURIComponent(organization)}/repos`, ({ body }) => (0,github_ask/* listOf */.c3)(body).map((one) => ({ ...readerFrom(one), pushedAt: Date.parse(String(one.pushed_at)) || 0 })), { type: 'all', sort: 'full_name', direction: 'asc' });
            return repositories.sort((a, b) => b.pushedAt - a.pushedAt);
        },
        async countOf(organization) {
            const read = ({ data }) => {
                const [open, hidden] = [data.public_repos, data.total_private_repos];
                return typeof open === 'number' && typeof hidden === 'number' ? open + hidden : undefined;
            };
            return askAs(organization)(`GET /orgs/${encodeURIComponent(organization)}`, read, { spare: true });
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/services/github-groups.js

function gitHubGroups(askAs) {
    return {
        groupPlaces(repository, runId) {
            return askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/runs/${runId}/concurrency_groups`, ({ data }) => {
                const groups = listIn(data.concurrency_groups);
                if (Number(data.total_count) > groups.length)
                    throw (0,github_ask/* givenUp */.bW)('more concurrency groups of a run than it lists');
                return groups.flatMap(({ group_name: group, group_members: members }) => listIn(members).map((member) => ({ ...memberFrom(member), group: String(group) })));
            }, { spare: true, parameters: { per_page: github_ask/* PAGE */.KL } });
        },
        groupMembers(repository, group) {
            return askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/concurrency_groups/${encodeURIComponent(group)}`, ({ data }) => {
                const members = listIn(data.group_members).map(memberFrom);
                return members.sort((a, b) => Number(a.isPending) - Number(b.isPending));
            }, { spare: true });
        },
    };
}
function listIn(value) {
    if (!Array.isArray(value))
        throw (0,github_ask/* givenUp */.bW)('a response without a list of concurrency groups');
    return (0,github_ask/* listOf */.c3)(value);
}
function memberFrom({ run_id: runId, job_id: jobId, status }) {
    return {
        runId: Number(runId),
        jobId: jobId === undefined || jobId === null ? undefined : Number(jobId),
        isPending: status !== 'in_progress',
    };
}

;// CONCATENATED MODULE: ./lib/src/services/github-runs.js



const UNFINISHED = ['in_progress', 'queued', 'pending', 'waiting', 'requested'];
const CONCLUSIONS = ['success', 'failure'];
const FEW_NEWEST = 50;
const FAILED = ['failure', 'timed_out', 'startup_failure'];
const NEWEST_RUNS = 20;
const MOST_LISTED = 1000;
const LONGEST_RUN = 35 * 24 * 60 * 60 * 1000;
function gitHubRuns(askAs) {
    const spareAs = (owner) => (route, read, options) => askAs(owner)(route, read, { ...options, spare: true });
    const page = (repository, parameters) => spareAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/runs`, ({ data }) => ({ total: Number(data.total_count), found: (0,github_ask/* listOf */.c3)(data.workflow_runs).map(runFrom) }), { parameters: { per_page: github_ask/* PAGE */.KL, ...parameters } });
    const listed = async (repository, status) => {
        const first = await page(repository, { status });
        const pages = first.total > MOST_LISTED ? 1 : Math.ceil(first.total / github_ask/* PAGE */.KL);
        const others = Array.from({ length: Math.max(0, pages - 1) }, (_, index) => page(repository, { status, page: index + 2 }));
        const all = [first, ...(await Promise.all(others))];
        const total = Math.max(...all.map((one) => one.total));
        return { total, found: [...byId(all.flatMap(({ found }) => found)).values()] };
    };
    const byStatus = (repository) => Promise.all(UNFINISHED.map((status) => listed(repository, status)));
    return {
        ...gitHubGroups(askAs),
        inFlight(repository, now, isBusy = false) {
            const asking = page(repository, isBusy ? { per_page: FEW_NEWEST } : {});
            const early = asking.then((newest) => unfinished([newest])).catch(() => []);
            const asked = isBusy ? byStatus(repository) : undefined;
            asked?.catch(() => { });
            const readAll = async () => {
                const newest = await asking;
                await early;
                const oldest = newest.found.at(-1);
                const reachesBack = oldest !== undefined && now() - oldest.createdAt > LONGEST_RUN;
                const isQuiet = newest.total <= newest.found.length || reachesBack;
                const pages = await (asked ?? (isQuiet ? [] : byStatus(repository)));
                return {
                    runs: unfinished([newest, ...pages]),
                    isComplete: pages.every(({ total, found }) => total <= found.length),
                    isBusy: pages.length > 0,
                };
            };
            return { newest: early, all: readAll() };
        },
        async history(repository, workflowId) {
            const lists = await Promise.all(CONCLUSIONS.map((status) => spareAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/workflows/${workflowId}/runs`, ({ data }) => (0,github_ask/* listOf */.c3)(data.workflow_runs).filter(({ conclusion }) => conclusion === status), { parameters: { status, per_page: github_ask/* PAGE */.KL, exclude_pull_requests: true } })));
            const newestFirst = lists.flat().sort((a, b) => timeOf(b.created_at) - timeOf(a.created_at));
            return newestFirst
                .slice(0, github_ask/* PAGE */.KL)
                .map((run) => (timeOf(run.updated_at) - timeOf(run.run_started_at)) / 60_000)
                .filter((minutes) => minutes >= 0);
        },
        workflowOf(repository, runId) {
            return askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/runs/${runId}`, ({ data }) => {
                if (!Number.isSafeInteger(data.workflow_id))
                    throw (0,github_ask/* unreadable */.O$)('the workflow of a run');
                return String(data.workflow_id);
            });
        },
        isInProgress({ owner, repository }, runId) {
            return (0,github_ask/* unlessMissing */.F2)(askAs(owner)(`GET ${(0,github_ask/* pathOf */.XM)({ owner, repository })}/actions/runs/${runId}`, ({ data }) => {
                if (typeof data.status !== 'string')
                    throw (0,github_ask/* unreadable */.O$)('the status of a run');
                return runFrom(data).isUnfinished;
            }));
        },
        pastRuns(repository, workflow, until) {
            return askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/workflows/${encodeURIComponent(workflow)}/runs`, ({ data }) => (0,github_ask/* listOf */.c3)(data.workflow_runs).map(pastRunFrom), {
                parameters: {
                    created: `<=${until.toISOString().replace(/\.\d+Z$/, 'Z')}`,
                    per_page: github_ask/* PAGE */.KL,
                    exclude_pull_requests: true,
                },
            });
        },
        newestRuns(repository, workflow) {
            return askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/workflows/${encodeURIComponent(workflow)}/runs`, ({ data }) => (0,github_ask/* listOf */.c3)(data.workflow_runs).map(pastRunFrom), { patience: retry/* ONCE */.ET, spare: true, parameters: { per_page: NEWEST_RUNS, exclude_pull_requests: true } });
        },
        jobs(repository, runId) {
            return (0,github_ask/* allPages */.S4)(spareAs(repository.owner), `GET ${(0,github_ask/* pathOf */.XM)(repository)}/actions/runs/${runId}/jobs`, ({ data }) => (0,github_ask/* listOf */.c3)(data.jobs).map((job, index) => ({
                id: Number(job.id ?? -1 - index),
                name: String(job.name),
                status: String(job.status),
                startedAt: timeOf(job.started_at),
                completedAt: timeOf(job.completed_at),
            })));
        },
        async mayPause(repository, environment) {
            const rules = spareAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/environments/${encodeURIComponent(environment)}`, ({ data }) => array(data.protection_rules).map(({ type }) => type));
            return ((await (0,github_ask/* unlessMissing */.F2)(rules)) ?? []).some((type) => type !== 'branch_policy');
        },
        async file(repository, path, ref) {
            const encoded = path.split('/').map(encodeURIComponent).join('/');
            const text = askAs(repository.owner)(`GET ${(0,github_ask/* pathOf */.XM)(repository)}/contents/${encoded}`, ({ data }) => data.encoding === 'base64' ? Buffer.from(String(data.content), 'base64').toString('utf8') : undefined, { spare: true, parameters: ref === undefined ? {} : { ref } });
            return (0,github_ask/* unlessMissing */.F2)(text);
        },
    };
}
function runFrom(run) {
    const createdAt = Date.parse(String(run.created_at));
    const startedAt = Date.parse(String(run.run_started_at));
    return {
        id: Number(run.id),
        workflowId: Number(run.workflow_id),
        workflow: String(run.name ?? run.path ?? ''),
        path: String(run.path ?? '').replace(/(\.ya?ml)@.*$/i, '$1'),
        status: String(run.status),
        event: String(run.event),
        headSha: String(run.head_sha),
        createdAt,
        startedAt: Number.isNaN(startedAt) ? createdAt : startedAt,
        url: String(run.html_url ?? ''),
        attempt: Number(run.run_attempt ?? 1),
        isDependabots: String(run.path ?? '').startsWith('dynamic/dependabot/') || loginOf(run.actor) === 'dependabot[bot]',
        fork: forkOf(run),
        baseRefs: array(run.pull_requests).flatMap(({ base }) => {
            const ref = base?.ref;
            return typeof ref === 'string' ? [ref] : [];
        }),
        isUnfinished: run.status !== 'completed' && !run.conclusion,
    };
}
function pastRunFrom(run) {
    const { id, attempt, createdAt, startedAt, isUnfinished, url } = runFrom(run);
    const endedAt = isUnfinished ? Number.POSITIVE_INFINITY : Date.parse(String(run.updated_at));
    return { id, attempt, createdAt, startedAt, endedAt, hasFailed: FAILED.includes(String(run.conclusion)), url };
}
const timeOf = (date) => Date.parse(String(date));
function unfinished(lists) {
    return [...byId(lists.flatMap(({ found }) => found).filter((run) => run.isUnfinished)).values()];
}
const byId = (all) => new Map(all.map((one) => [one.id, one]));
function forkOf({ repository, head_repository: head }) {
    const { full_name: name, private: isPrivate } = Object(repository);
    const from = head === null ? '' : head?.full_name;
    if (typeof name !== 'string' || typeof from !== 'string' || name === from)
        return undefined;
    return isPrivate === false ? 'of anybody' : 'of members';
}
const array = (value) => (Array.isArray(value) ? value.map((one) => Object(one)) : []);
const loginOf = (account) => account?.login;

;// CONCATENATED MODULE: ./lib/src/services/github.js








const MOST_AT_ONCE = 90;
const FEW_AT_ONCE = 5;
const AT_ONCE_AFTER = new Map([
    [5, 20],
    [12, MOST_AT_ONCE],
]);
const SPARE_CONNECTIONS = 16;
function gitHub(credential, { sender, ...connection }, time) {
    const connections = new services_connections/* Connections */.UQ();
    const slots = (0,p_limit/* default */.A)(FEW_AT_ONCE);
    const distance = new services_distance/* Distance */.K([...AT_ONCE_AFTER.keys()], (waited) => {
        slots.concurrency = AT_ONCE_AFTER.get(waited) ?? MOST_AT_ONCE;
        if (slots.concurrency === MOST_AT_ONCE)
            connections.openSpare(SPARE_CONNECTIONS);
    });
    const { signIn, signInAnew } = signerIn(credential, { ...connection, send: sender(distance, connections), slots });
    const askAs = (owner) => async (route, read, options) => (await signIn(owner, options?.patience)).client.ask(route, read, options);
    return {
        time,
        secrets: gitHubSecrets(askAs),
        runs: gitHubRuns(askAs),
        places: gitHubPlaces(askAs),
        access: async (owner) => (await signIn(owner)).access,
        signInAnew,
    };
}
function signerIn(credential, connection) {
    if (credential.by === 'token') {
        const { token } = credential;
        const client = new github_client/* GitHubClient */.jh({ auth: token }, connection);
        const by = token.startsWith('ghp_') ? 'classic token' : 'other token';
        const signedIn = { client, access: accessBy(client, by, () => ({ permissions: {}, seesAllRepositories: true })) };
        return { signIn: async () => signedIn, signInAnew() { } };
    }
    const installations = new github_app/* Installations */.q(credential, connection);
    const known = new Map();
    return {
        async signIn(owner, patience) {
            const { client, granted } = await installations.get(owner, patience);
            const signedIn = known.get(client) ?? {
                client,
                granted,
                access: accessBy(client, 'app', () => signedIn.granted),
            };
            known.set(client, signedIn);
            signedIn.granted = granted;
            return signedIn;
        },
        signInAnew: () => installations.forget(),
    };
}
function accessBy(client, by, granted) {
    return {
        by,
        get permissions() {
            return granted().permissions;
        },
        get seesAllRepositories() {
            return granted().seesAllRepositories;
        },
        get scopes() {
            return client.scopes;
        },
        get budget() {
            return client.budget;
        },
        get heldUntil() {
            return client.heldUntil;
        },
    };
}

// EXTERNAL MODULE: ./lib/src/services/http.js + 2 modules
var http = __nccwpck_require__(9488);
// EXTERNAL MODULE: ./lib/src/services/incident-io.js
var incident_io = __nccwpck_require__(3230);
;// CONCATENATED MODULE: ./lib/src/version.js
const VERSION = '0.1.0';

;// CONCATENATED MODULE: ./lib/src/world.js









function realWorld(env) {
    const clock = new services_clock/* MonotonicClock */.PO();
    const stopping = new _4_rotate_and_write_stopping/* Stopping */.vj(clock);
    return {
        env,
        clock,
        random: Math.random,
        lookPatience: retry/* BEFORE_ROTATION */.$l,
        deadline: () => stopping.deadline,
        stopping,
        context: runContext(env, () => clock.now()),
        http: new http/* Http */.lw(() => clock.now()),
        end: () => clock.end(),
    };
}
function connect(access, world, writes) {
    const userAgent = userAgentFor(world.env.GITHUB_REPOSITORY ?? '', world.context.runId, world.context.runAttempt);
    const kept = (0,github_client/* keptFor */.eG)(writes);
    const [incidentTime, gitHubTime] = services_clock/* ServiceTime */.x0.pair();
    const { incidentApiKey, incidentApiUrl, github: credential, githubApiUrl: baseUrl } = access;
    return {
        incident: (0,incident_io/* incidentIo */.hb)(incidentApiKey, incidentApiUrl, world.http.sender(userAgent, incidentTime), incidentTime, world),
        github: gitHub(credential, {
            ...world,
            baseUrl,
            sender: (distance, connections) => world.http.sender(userAgent, gitHubTime, distance, connections),
            kept,
        }, gitHubTime),
    };
}
function userAgentFor(repository, runId, runAttempt) {
    return `rotate-incident-key/${VERSION} (${repository}; run ${runId}/${runAttempt})`;
}


/***/ }),

/***/ 2333:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Yz: () => (/* binding */ debug),
  N4: () => (/* binding */ endGroup),
  z3: () => (/* binding */ error),
  V4: () => (/* binding */ getInput),
  Gu: () => (/* binding */ getState),
  pq: () => (/* binding */ info),
  _o: () => (/* binding */ isDebug),
  LZ: () => (/* binding */ saveState),
  uH: () => (/* binding */ setOutput),
  Pq: () => (/* binding */ setSecret),
  Oh: () => (/* binding */ startGroup),
  z: () => (/* reexport */ summary),
  $e: () => (/* binding */ warning)
});

// UNUSED EXPORTS: ExitCode, addPath, exportVariable, getBooleanInput, getIDToken, getMultilineInput, group, markdownSummary, notice, platform, setCommandEcho, setFailed, toPlatformPath, toPosixPath, toWin32Path

;// CONCATENATED MODULE: external "os"
const external_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function utils_toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_namespaceObject.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
;// CONCATENATED MODULE: external "fs"
const external_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_namespaceObject.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_namespaceObject.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_namespaceObject.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_namespaceObject.EOL}${convertedValue}${external_os_namespaceObject.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
// EXTERNAL MODULE: external "./left-out.js"
var external_left_out_js_ = __nccwpck_require__(3898);
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/summary.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const { access, appendFile, writeFile } = external_fs_namespaceObject.promises;
const SUMMARY_ENV_VAR = 'GITHUB_STEP_SUMMARY';
const SUMMARY_DOCS_URL = 'https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-job-summary';
class Summary {
    constructor() {
        this._buffer = '';
    }
    /**
     * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
     * Also checks r/w permissions.
     *
     * @returns step summary file path
     */
    filePath() {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._filePath) {
                return this._filePath;
            }
            const pathFromEnv = process.env[SUMMARY_ENV_VAR];
            if (!pathFromEnv) {
                throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
            }
            try {
                yield access(pathFromEnv, external_fs_namespaceObject.constants.R_OK | external_fs_namespaceObject.constants.W_OK);
            }
            catch (_a) {
                throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
            }
            this._filePath = pathFromEnv;
            return this._filePath;
        });
    }
    /**
     * Wraps content in an HTML tag, adding any HTML attributes
     *
     * @param {string} tag HTML tag to wrap
     * @param {string | null} content content within the tag
     * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
     *
     * @returns {string} content wrapped in HTML element
     */
    wrap(tag, content, attrs = {}) {
        const htmlAttrs = Object.entries(attrs)
            .map(([key, value]) => ` ${key}="${value}"`)
            .join('');
        if (!content) {
            return `<${tag}${htmlAttrs}>`;
        }
        return `<${tag}${htmlAttrs}>${content}</${tag}>`;
    }
    /**
     * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
     *
     * @param {SummaryWriteOptions} [options] (optional) options for write operation
     *
     * @returns {Promise<Summary>} summary instance
     */
    write(options) {
        return __awaiter(this, void 0, void 0, function* () {
            const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
            const filePath = yield this.filePath();
            const writeFunc = overwrite ? writeFile : appendFile;
            yield writeFunc(filePath, this._buffer, { encoding: 'utf8' });
            return this.emptyBuffer();
        });
    }
    /**
     * Clears the summary buffer and wipes the summary file
     *
     * @returns {Summary} summary instance
     */
    clear() {
        return __awaiter(this, void 0, void 0, function* () {
            return this.emptyBuffer().write({ overwrite: true });
        });
    }
    /**
     * Returns the current summary buffer as a string
     *
     * @returns {string} string of summary buffer
     */
    stringify() {
        return this._buffer;
    }
    /**
     * If the summary buffer is empty
     *
     * @returns {boolen} true if the buffer is empty
     */
    isEmptyBuffer() {
        return this._buffer.length === 0;
    }
    /**
     * Resets the summary buffer without writing to summary file
     *
     * @returns {Summary} summary instance
     */
    emptyBuffer() {
        this._buffer = '';
        return this;
    }
    /**
     * Adds raw text to the summary buffer
     *
     * @param {string} text content to add
     * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
     *
     * @returns {Summary} summary instance
     */
    addRaw(text, addEOL = false) {
        this._buffer += text;
        return addEOL ? this.addEOL() : this;
    }
    /**
     * Adds the operating system-specific end-of-line marker to the buffer
     *
     * @returns {Summary} summary instance
     */
    addEOL() {
        return this.addRaw(external_os_namespaceObject.EOL);
    }
    /**
     * Adds an HTML codeblock to the summary buffer
     *
     * @param {string} code content to render within fenced code block
     * @param {string} lang (optional) language to syntax highlight code
     *
     * @returns {Summary} summary instance
     */
    addCodeBlock(code, lang) {
        const attrs = Object.assign({}, (lang && { lang }));
        const element = this.wrap('pre', this.wrap('code', code), attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML list to the summary buffer
     *
     * @param {string[]} items list of items to render
     * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
     *
     * @returns {Summary} summary instance
     */
    addList(items, ordered = false) {
        const tag = ordered ? 'ol' : 'ul';
        const listItems = items.map(item => this.wrap('li', item)).join('');
        const element = this.wrap(tag, listItems);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML table to the summary buffer
     *
     * @param {SummaryTableCell[]} rows table rows
     *
     * @returns {Summary} summary instance
     */
    addTable(rows) {
        const tableBody = rows
            .map(row => {
            const cells = row
                .map(cell => {
                if (typeof cell === 'string') {
                    return this.wrap('td', cell);
                }
                const { header, data, colspan, rowspan } = cell;
                const tag = header ? 'th' : 'td';
                const attrs = Object.assign(Object.assign({}, (colspan && { colspan })), (rowspan && { rowspan }));
                return this.wrap(tag, data, attrs);
            })
                .join('');
            return this.wrap('tr', cells);
        })
            .join('');
        const element = this.wrap('table', tableBody);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds a collapsable HTML details element to the summary buffer
     *
     * @param {string} label text for the closed state
     * @param {string} content collapsable content
     *
     * @returns {Summary} summary instance
     */
    addDetails(label, content) {
        const element = this.wrap('details', this.wrap('summary', label) + content);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML image tag to the summary buffer
     *
     * @param {string} src path to the image you to embed
     * @param {string} alt text description of the image
     * @param {SummaryImageOptions} options (optional) addition image attributes
     *
     * @returns {Summary} summary instance
     */
    addImage(src, alt, options) {
        const { width, height } = options || {};
        const attrs = Object.assign(Object.assign({}, (width && { width })), (height && { height }));
        const element = this.wrap('img', null, Object.assign({ src, alt }, attrs));
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML section heading element
     *
     * @param {string} text heading text
     * @param {number | string} [level=1] (optional) the heading level, default: 1
     *
     * @returns {Summary} summary instance
     */
    addHeading(text, level) {
        const tag = `h${level}`;
        const allowedTag = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].includes(tag)
            ? tag
            : 'h1';
        const element = this.wrap(allowedTag, text);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML thematic break (<hr>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addSeparator() {
        const element = this.wrap('hr', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML line break (<br>) to the summary buffer
     *
     * @returns {Summary} summary instance
     */
    addBreak() {
        const element = this.wrap('br', null);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML blockquote to the summary buffer
     *
     * @param {string} text quote text
     * @param {string} cite (optional) citation url
     *
     * @returns {Summary} summary instance
     */
    addQuote(text, cite) {
        const attrs = Object.assign({}, (cite && { cite }));
        const element = this.wrap('blockquote', text, attrs);
        return this.addRaw(element).addEOL();
    }
    /**
     * Adds an HTML anchor tag to the summary buffer
     *
     * @param {string} text link text/content
     * @param {string} href hyperlink
     *
     * @returns {Summary} summary instance
     */
    addLink(text, href) {
        const element = this.wrap('a', text, { href });
        return this.addRaw(element).addEOL();
    }
}
const _summary = new Summary();
/**
 * @deprecated use `core.summary`
 */
const markdownSummary = (/* unused pure expression or super */ null && (_summary));
const summary = _summary;
//# sourceMappingURL=summary.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/path-utils.js

/**
 * toPosixPath converts the given path to the posix form. On Windows, \\ will be
 * replaced with /.
 *
 * @param pth. Path to transform.
 * @return string Posix path.
 */
function toPosixPath(pth) {
    return pth.replace(/[\\]/g, '/');
}
/**
 * toWin32Path converts the given path to the win32 form. On Linux, / will be
 * replaced with \\.
 *
 * @param pth. Path to transform.
 * @return string Win32 path.
 */
function toWin32Path(pth) {
    return pth.replace(/[/]/g, '\\');
}
/**
 * toPlatformPath converts the given path to a platform-specific path. It does
 * this by replacing instances of / and \ with the platform-specific path
 * separator.
 *
 * @param pth The path to platformize.
 * @return string The platform-specific path.
 */
function toPlatformPath(pth) {
    return pth.replace(/[/\\]/g, path.sep);
}
//# sourceMappingURL=path-utils.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/platform.js
var platform_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};


const getWindowsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout: version } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Version"', undefined, {
        silent: true
    });
    const { stdout: name } = yield exec.getExecOutput('powershell -command "(Get-CimInstance -ClassName Win32_OperatingSystem).Caption"', undefined, {
        silent: true
    });
    return {
        name: name.trim(),
        version: version.trim()
    };
});
const getMacOsInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    var _a, _b, _c, _d;
    const { stdout } = yield exec.getExecOutput('sw_vers', undefined, {
        silent: true
    });
    const version = (_b = (_a = stdout.match(/ProductVersion:\s*(.+)/)) === null || _a === void 0 ? void 0 : _a[1]) !== null && _b !== void 0 ? _b : '';
    const name = (_d = (_c = stdout.match(/ProductName:\s*(.+)/)) === null || _c === void 0 ? void 0 : _c[1]) !== null && _d !== void 0 ? _d : '';
    return {
        name,
        version
    };
});
const getLinuxInfo = () => platform_awaiter(void 0, void 0, void 0, function* () {
    const { stdout } = yield exec.getExecOutput('lsb_release', ['-i', '-r', '-s'], {
        silent: true
    });
    const [name, version] = stdout.trim().split('\n');
    return {
        name,
        version
    };
});
const platform = external_os_namespaceObject.platform();
const arch = external_os_namespaceObject.arch();
const isWindows = platform === 'win32';
const isMacOS = platform === 'darwin';
const isLinux = platform === 'linux';
function getDetails() {
    return platform_awaiter(this, void 0, void 0, function* () {
        return Object.assign(Object.assign({}, (yield (isWindows
            ? getWindowsInfo()
            : isMacOS
                ? getMacOsInfo()
                : getLinuxInfo()))), { platform,
            arch,
            isWindows,
            isMacOS,
            isLinux });
    });
}
//# sourceMappingURL=platform.js.map
;// CONCATENATED MODULE: ./node_modules/@actions/core/lib/core.js
var core_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_namespaceObject.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function warning(message, properties = {}) {
    command_issueCommand('warning', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + external_os_namespaceObject.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    command_issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    command_issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return core_awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return file_command_issueFileCommand('STATE', file_command_prepareKeyValueMessage(name, value));
    }
    command_issueCommand('save-state', { name }, utils_toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return core_awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map

/***/ }),

/***/ 9783:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
/* unused harmony export checkBypass */
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map

/***/ }),

/***/ 1015:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ RequestError)
/* harmony export */ });
class RequestError extends Error {
  name;
  /**
   * http status code
   */
  status;
  /**
   * Request options that lead to the error.
   */
  request;
  /**
   * Response object if a response was received
   */
  response;
  constructor(message, statusCode, options) {
    super(message, { cause: options.cause });
    this.name = "HttpError";
    this.status = Number.parseInt(statusCode);
    if (Number.isNaN(this.status)) {
      this.status = 0;
    }
    /* v8 ignore else -- @preserve -- Bug with vitest coverage where it sees an else branch that doesn't exist */
    if ("response" in options) {
      this.response = options.response;
    }
    const requestCopy = Object.assign({}, options.request);
    if (options.request.headers.authorization) {
      requestCopy.headers = Object.assign({}, options.request.headers, {
        authorization: options.request.headers.authorization.replace(
          /(?<! ) .*$/,
          " [REDACTED]"
        )
      });
    }
    requestCopy.url = requestCopy.url.replace(/\bclient_secret=\w+/g, "client_secret=[REDACTED]").replace(/\baccess_token=\w+/g, "access_token=[REDACTED]");
    this.request = requestCopy;
  }
}



/***/ }),

/***/ 5691:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  E: () => (/* binding */ request)
});

// EXTERNAL MODULE: ./node_modules/universal-user-agent/index.js
var universal_user_agent = __nccwpck_require__(6396);
;// CONCATENATED MODULE: ./node_modules/@octokit/endpoint/dist-bundle/index.js
// pkg/dist-src/defaults.js


// pkg/dist-src/version.js
var VERSION = "0.0.0-development";

// pkg/dist-src/defaults.js
var userAgent = `octokit-endpoint.js/${VERSION} ${(0,universal_user_agent/* getUserAgent */.$)()}`;
var DEFAULTS = {
  method: "GET",
  baseUrl: "https://api.github.com",
  headers: {
    accept: "application/vnd.github.v3+json",
    "user-agent": userAgent
  },
  mediaType: {
    format: ""
  }
};

// pkg/dist-src/util/lowercase-keys.js
function lowercaseKeys(object) {
  if (!object) {
    return {};
  }
  return Object.keys(object).reduce((newObj, key) => {
    newObj[key.toLowerCase()] = object[key];
    return newObj;
  }, {});
}

// pkg/dist-src/util/is-plain-object.js
function isPlainObject(value) {
  if (typeof value !== "object" || value === null) return false;
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  const proto = Object.getPrototypeOf(value);
  if (proto === null) return true;
  const Ctor = Object.prototype.hasOwnProperty.call(proto, "constructor") && proto.constructor;
  return typeof Ctor === "function" && Ctor instanceof Ctor && Function.prototype.call(Ctor) === Function.prototype.call(value);
}

// pkg/dist-src/util/merge-deep.js
function mergeDeep(defaults, options) {
  const result = Object.assign({}, defaults);
  Object.keys(options).forEach((key) => {
    if (isPlainObject(options[key])) {
      if (!(key in defaults)) Object.assign(result, { [key]: options[key] });
      else result[key] = mergeDeep(defaults[key], options[key]);
    } else {
      Object.assign(result, { [key]: options[key] });
    }
  });
  return result;
}

// pkg/dist-src/util/remove-undefined-properties.js
function removeUndefinedProperties(obj) {
  for (const key in obj) {
    if (obj[key] === void 0) {
      delete obj[key];
    }
  }
  return obj;
}

// pkg/dist-src/merge.js
function merge(defaults, route, options) {
  if (typeof route === "string") {
    let [method, url] = route.split(" ");
    options = Object.assign(url ? { method, url } : { url: method }, options);
  } else {
    options = Object.assign({}, route);
  }
  options.headers = lowercaseKeys(options.headers);
  removeUndefinedProperties(options);
  removeUndefinedProperties(options.headers);
  const mergedOptions = mergeDeep(defaults || {}, options);
  if (options.url === "/graphql") {
    if (defaults && defaults.mediaType.previews?.length) {
      mergedOptions.mediaType.previews = defaults.mediaType.previews.filter(
        (preview) => !mergedOptions.mediaType.previews.includes(preview)
      ).concat(mergedOptions.mediaType.previews);
    }
    mergedOptions.mediaType.previews = (mergedOptions.mediaType.previews || []).map((preview) => preview.replace(/-preview/, ""));
  }
  return mergedOptions;
}

// pkg/dist-src/util/add-query-parameters.js
function addQueryParameters(url, parameters) {
  const separator = /\?/.test(url) ? "&" : "?";
  const names = Object.keys(parameters);
  if (names.length === 0) {
    return url;
  }
  return url + separator + names.map((name) => {
    if (name === "q") {
      return "q=" + parameters.q.split("+").map(encodeURIComponent).join("+");
    }
    return `${name}=${encodeURIComponent(parameters[name])}`;
  }).join("&");
}

// pkg/dist-src/util/extract-url-variable-names.js
var urlVariableRegex = /\{[^{}}]+\}/g;
function removeNonChars(variableName) {
  return variableName.replace(/(?:^\W+)|(?:(?<!\W)\W+$)/g, "").split(/,/);
}
function extractUrlVariableNames(url) {
  const matches = url.match(urlVariableRegex);
  if (!matches) {
    return [];
  }
  return matches.map(removeNonChars).reduce((a, b) => a.concat(b), []);
}

// pkg/dist-src/util/omit.js
function omit(object, keysToOmit) {
  const result = { __proto__: null };
  for (const key of Object.keys(object)) {
    if (keysToOmit.indexOf(key) === -1) {
      result[key] = object[key];
    }
  }
  return result;
}

// pkg/dist-src/util/url-template.js
function encodeReserved(str) {
  return str.split(/(%[0-9A-Fa-f]{2})/g).map(function(part) {
    if (!/%[0-9A-Fa-f]/.test(part)) {
      part = encodeURI(part).replace(/%5B/g, "[").replace(/%5D/g, "]");
    }
    return part;
  }).join("");
}
function encodeUnreserved(str) {
  return encodeURIComponent(str).replace(/[!'()*]/g, function(c) {
    return "%" + c.charCodeAt(0).toString(16).toUpperCase();
  });
}
function encodeValue(operator, value, key) {
  value = operator === "+" || operator === "#" ? encodeReserved(value) : encodeUnreserved(value);
  if (key) {
    return encodeUnreserved(key) + "=" + value;
  } else {
    return value;
  }
}
function isDefined(value) {
  return value !== void 0 && value !== null;
}
function isKeyOperator(operator) {
  return operator === ";" || operator === "&" || operator === "?";
}
function getValues(context, operator, key, modifier) {
  var value = context[key], result = [];
  if (isDefined(value) && value !== "") {
    if (typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
      value = value.toString();
      if (modifier && modifier !== "*") {
        value = value.substring(0, parseInt(modifier, 10));
      }
      result.push(
        encodeValue(operator, value, isKeyOperator(operator) ? key : "")
      );
    } else {
      if (modifier === "*") {
        if (Array.isArray(value)) {
          value.filter(isDefined).forEach(function(value2) {
            result.push(
              encodeValue(operator, value2, isKeyOperator(operator) ? key : "")
            );
          });
        } else {
          Object.keys(value).forEach(function(k) {
            if (isDefined(value[k])) {
              result.push(encodeValue(operator, value[k], k));
            }
          });
        }
      } else {
        const tmp = [];
        if (Array.isArray(value)) {
          value.filter(isDefined).forEach(function(value2) {
            tmp.push(encodeValue(operator, value2));
          });
        } else {
          Object.keys(value).forEach(function(k) {
            if (isDefined(value[k])) {
              tmp.push(encodeUnreserved(k));
              tmp.push(encodeValue(operator, value[k].toString()));
            }
          });
        }
        if (isKeyOperator(operator)) {
          result.push(encodeUnreserved(key) + "=" + tmp.join(","));
        } else if (tmp.length !== 0) {
          result.push(tmp.join(","));
        }
      }
    }
  } else {
    if (operator === ";") {
      if (isDefined(value)) {
        result.push(encodeUnreserved(key));
      }
    } else if (value === "" && (operator === "&" || operator === "?")) {
      result.push(encodeUnreserved(key) + "=");
    } else if (value === "") {
      result.push("");
    }
  }
  return result;
}
function parseUrl(template) {
  return {
    expand: expand.bind(null, template)
  };
}
function expand(template, context) {
  var operators = ["+", "#", ".", "/", ";", "?", "&"];
  template = template.replace(
    /\{([^\{\}]+)\}|([^\{\}]+)/g,
    function(_, expression, literal) {
      if (expression) {
        let operator = "";
        const values = [];
        if (operators.indexOf(expression.charAt(0)) !== -1) {
          operator = expression.charAt(0);
          expression = expression.substr(1);
        }
        expression.split(/,/g).forEach(function(variable) {
          var tmp = /([^:\*]*)(?::(\d+)|(\*))?/.exec(variable);
          values.push(getValues(context, operator, tmp[1], tmp[2] || tmp[3]));
        });
        if (operator && operator !== "+") {
          var separator = ",";
          if (operator === "?") {
            separator = "&";
          } else if (operator !== "#") {
            separator = operator;
          }
          return (values.length !== 0 ? operator : "") + values.join(separator);
        } else {
          return values.join(",");
        }
      } else {
        return encodeReserved(literal);
      }
    }
  );
  if (template === "/") {
    return template;
  } else {
    return template.replace(/\/$/, "");
  }
}

// pkg/dist-src/parse.js
function parse(options) {
  let method = options.method.toUpperCase();
  let url = (options.url || "/").replace(/:([a-z]\w+)/g, "{$1}");
  let headers = Object.assign({}, options.headers);
  let body;
  let parameters = omit(options, [
    "method",
    "baseUrl",
    "url",
    "headers",
    "request",
    "mediaType"
  ]);
  const urlVariableNames = extractUrlVariableNames(url);
  url = parseUrl(url).expand(parameters);
  if (!/^http/.test(url)) {
    url = options.baseUrl + url;
  }
  const omittedParameters = Object.keys(options).filter((option) => urlVariableNames.includes(option)).concat("baseUrl");
  const remainingParameters = omit(parameters, omittedParameters);
  const isBinaryRequest = /application\/octet-stream/i.test(headers.accept);
  if (!isBinaryRequest) {
    if (options.mediaType.format) {
      headers.accept = headers.accept.split(/,/).map(
        (format) => format.replace(
          /application\/vnd(\.\w+)(\.v3)?(\.\w+)?(\+json)?$/,
          `application/vnd$1$2.${options.mediaType.format}`
        )
      ).join(",");
    }
    if (url.endsWith("/graphql")) {
      if (options.mediaType.previews?.length) {
        const previewsFromAcceptHeader = headers.accept.match(/(?<![\w-])[\w-]+(?=-preview)/g) || [];
        headers.accept = previewsFromAcceptHeader.concat(options.mediaType.previews).map((preview) => {
          const format = options.mediaType.format ? `.${options.mediaType.format}` : "+json";
          return `application/vnd.github.${preview}-preview${format}`;
        }).join(",");
      }
    }
  }
  if (["GET", "HEAD"].includes(method)) {
    url = addQueryParameters(url, remainingParameters);
  } else {
    if ("data" in remainingParameters) {
      body = remainingParameters.data;
    } else {
      if (Object.keys(remainingParameters).length) {
        body = remainingParameters;
      }
    }
  }
  if (!headers["content-type"] && typeof body !== "undefined") {
    headers["content-type"] = "application/json; charset=utf-8";
  }
  if (["PATCH", "PUT"].includes(method) && typeof body === "undefined") {
    body = "";
  }
  return Object.assign(
    { method, url, headers },
    typeof body !== "undefined" ? { body } : null,
    options.request ? { request: options.request } : null
  );
}

// pkg/dist-src/endpoint-with-defaults.js
function endpointWithDefaults(defaults, route, options) {
  return parse(merge(defaults, route, options));
}

// pkg/dist-src/with-defaults.js
function withDefaults(oldDefaults, newDefaults) {
  const DEFAULTS2 = merge(oldDefaults, newDefaults);
  const endpoint2 = endpointWithDefaults.bind(null, DEFAULTS2);
  return Object.assign(endpoint2, {
    DEFAULTS: DEFAULTS2,
    defaults: withDefaults.bind(null, DEFAULTS2),
    merge: merge.bind(null, DEFAULTS2),
    parse
  });
}

// pkg/dist-src/index.js
var endpoint = withDefaults(null, DEFAULTS);


;// CONCATENATED MODULE: ./node_modules/content-type/dist/index.js
/*!
 * content-type
 * Copyright(c) 2015 Douglas Christopher Wilson
 * MIT Licensed
 */
const SP = 32; // " "
const HTAB = 9; // "\t"
const SEMI = 59; // ";"
const EQ = 61; // "="
const DQUOTE = 34; // '"'
const BSLASH = 92; // "\\"
const COMMA = 44; // ","
const LOWER_CASE = 1;
const OWS = 2;
const SEMI_FLAG = 4;
const COMMA_FLAG = 8;
const TOKEN_FLAG = 16;
const NON_ASCII = 0xff00;
const CASE_FLAGS = LOWER_CASE | NON_ASCII;
/**
 * Character flags used to normalize HTTP field values while scanning.
 * Out-of-range reads intentionally coerce to zero in bitwise expressions.
 */
const CHAR_MAP = new Uint8Array(0x100);
CHAR_MAP[HTAB] |= OWS;
CHAR_MAP[SP] |= OWS;
CHAR_MAP[SEMI] |= SEMI_FLAG;
CHAR_MAP[COMMA] |= COMMA_FLAG;
for (let code = 0x80 /* non-ASCII */; code <= 0xff; code++) {
    CHAR_MAP[code] |= LOWER_CASE;
}
for (const char of "!#$%&'*+-.^_`|~") {
    CHAR_MAP[char.charCodeAt(0)] |= TOKEN_FLAG;
}
for (let code = 0x30 /* 0 */; code <= 0x39 /* 9 */; code++) {
    CHAR_MAP[code] |= TOKEN_FLAG;
}
for (let code = 0x41 /* A */; code <= 0x5a /* Z */; code++) {
    CHAR_MAP[code] |= LOWER_CASE | TOKEN_FLAG;
}
for (let code = 0x61 /* a */; code <= 0x7a /* z */; code++) {
    CHAR_MAP[code] |= TOKEN_FLAG;
}
/**
 * Null object perf optimization. Faster than `Object.create(null)` and `{ __proto__: null }`.
 */
const NullObject = /* @__PURE__ */ (() => {
    const C = function () { };
    C.prototype = Object.create(null);
    return C;
})();
/**
 * Validate a type string against RFC 9110.
 */
function isTypeValid(type, start = 0, end = type.length) {
    let hasSlash = false;
    for (let index = start; index < end; index++) {
        const code = type.charCodeAt(index);
        if (code === 47 /* / */) {
            if (hasSlash || index === start || index >= end - 1)
                return false;
            hasSlash = true;
        }
        else if (!isTokenCode(code)) {
            return false;
        }
    }
    return hasSlash;
}
/**
 * Validate a token against RFC 9110.
 */
function isTokenValid(token, start = 0, end = token.length) {
    if (start >= end)
        return false;
    for (let index = start; index < end; index++) {
        if (!isTokenCode(token.charCodeAt(index)))
            return false;
    }
    return true;
}
/**
 * Check whether a character code belongs to the token production in RFC 9110.
 */
function isTokenCode(code) {
    return (CHAR_MAP[code] & TOKEN_FLAG) !== 0;
}
/**
 * Serialize a parameter value.
 */
function parameterValue(str) {
    const len = str.length;
    if (len === 0)
        return '""';
    let index = 0;
    while (index < len && isTokenCode(str.charCodeAt(index)))
        index++;
    if (index === len)
        return str;
    let result = '"';
    let start = 0;
    while (index < len) {
        const code = str.charCodeAt(index);
        if (code !== HTAB && (code < SP || code === 127 || code > 255)) {
            throw new TypeError(`Invalid parameter value: ${str}`);
        }
        if (code === 34 /* " */ || code === 92 /* \\ */) {
            result += `${str.slice(start, index)}\\`;
            start = index;
        }
        index++;
    }
    return `${result}${str.slice(start)}"`;
}
/**
 * Format an object into a `Content-Type` header.
 */
function format(obj) {
    const { type, parameters } = obj;
    if (!type || !isTypeValid(type)) {
        throw new TypeError(`Invalid type: ${type}`);
    }
    let result = type;
    if (parameters) {
        for (const param of Object.keys(parameters)) {
            if (!isTokenValid(param)) {
                throw new TypeError(`Invalid parameter name: ${param}`);
            }
            result += `; ${param}=${parameterValue(parameters[param])}`;
        }
    }
    return result;
}
/**
 * Parse a `Content-Type` header.
 */
function dist_parse(header, options) {
    const stopFlags = SEMI_FLAG | (options?.comma === true ? COMMA_FLAG : 0);
    const len = header.length;
    let valueStart = options?.start ?? 0;
    while ((CHAR_MAP[header.charCodeAt(valueStart)] & OWS) !== 0) {
        valueStart++;
    }
    let index = valueStart;
    let typeFlags = 0;
    let whitespace = -1;
    let stop = options?.parameters === false ? COMMA_FLAG : 0;
    while (index < len) {
        const code = header.charCodeAt(index);
        const flags = CHAR_MAP[code];
        if ((flags & stopFlags) !== 0) {
            stop |= flags & COMMA_FLAG;
            break;
        }
        if ((flags & OWS) !== 0) {
            if (whitespace === -1)
                whitespace = index;
        }
        else {
            whitespace = -1;
        }
        typeFlags |= (code & NON_ASCII) | flags;
        index++;
    }
    const valueEnd = whitespace === -1 ? index : whitespace;
    const value = header.slice(valueStart, valueEnd);
    const type = (typeFlags & CASE_FLAGS) === 0 ? value : value.toLowerCase();
    if (index === len || stop !== 0) {
        return { type, index, parameters: new NullObject() };
    }
    return parseParameters(header, type, index, len, stopFlags);
}
/**
 * Parses the parameters of a `Content-Type` header starting at the given index.
 */
function parseParameters(header, type, index, len, stopFlags) {
    const parameters = new NullObject();
    parameter: while (index < len) {
        index++; // Skip over ;
        while ((CHAR_MAP[header.charCodeAt(index)] & OWS) !== 0) {
            index++;
        }
        const keyStart = index;
        let keyFlags = 0;
        let keyWhitespace = -1;
        while (index < len) {
            const code = header.charCodeAt(index);
            const flags = CHAR_MAP[code];
            if ((flags & stopFlags) !== 0) {
                if ((flags & COMMA_FLAG) !== 0)
                    break parameter;
                continue parameter;
            }
            if (code === EQ) {
                const keyEnd = keyWhitespace === -1 ? index : keyWhitespace;
                const value = header.slice(keyStart, keyEnd);
                const key = (keyFlags & CASE_FLAGS) === 0 ? value : value.toLowerCase();
                index++;
                while ((CHAR_MAP[header.charCodeAt(index)] & OWS) !== 0) {
                    index++;
                }
                if (index < len && header.charCodeAt(index) === DQUOTE) {
                    const quotedStart = ++index;
                    let escaped = false;
                    while (index < len) {
                        const code = header.charCodeAt(index);
                        if (code === DQUOTE) {
                            if (parameters[key] === undefined) {
                                parameters[key] = escaped
                                    ? unescapeQuotedPairs(header, quotedStart, index)
                                    : header.slice(quotedStart, index);
                            }
                            index++;
                            let stop = 0;
                            // Discard characters between quote and delimiter.
                            while (index < len) {
                                const code = header.charCodeAt(index);
                                const flags = CHAR_MAP[code];
                                if ((flags & stopFlags) !== 0) {
                                    stop = flags & COMMA_FLAG;
                                    break;
                                }
                                index++;
                            }
                            if (stop !== 0)
                                break parameter;
                            continue parameter;
                        }
                        if (code === BSLASH && index + 1 < len) {
                            escaped = true;
                            index += 2;
                            continue;
                        }
                        index++;
                    }
                    continue parameter;
                }
                const valueStart = index;
                let stop = 0;
                let valueWhitespace = -1;
                while (index < len) {
                    const code = header.charCodeAt(index);
                    const flags = CHAR_MAP[code];
                    if ((flags & stopFlags) !== 0) {
                        stop = flags & COMMA_FLAG;
                        break;
                    }
                    if ((flags & OWS) !== 0) {
                        if (valueWhitespace === -1)
                            valueWhitespace = index;
                    }
                    else {
                        valueWhitespace = -1;
                    }
                    index++;
                }
                if (parameters[key] === undefined) {
                    const valueEnd = valueWhitespace === -1 ? index : valueWhitespace;
                    parameters[key] = header.slice(valueStart, valueEnd);
                }
                if (stop !== 0)
                    break parameter;
                continue parameter;
            }
            if ((flags & OWS) !== 0) {
                if (keyWhitespace === -1)
                    keyWhitespace = index;
            }
            else {
                keyWhitespace = -1;
            }
            keyFlags |= (code & NON_ASCII) | flags;
            index++;
        }
    }
    return { type, index, parameters };
}
/**
 * Remove backslashes from quoted pairs in a known-terminated quoted string body.
 */
function unescapeQuotedPairs(str, start, end) {
    let result = "";
    for (let index = start; index < end; index++) {
        if (str.charCodeAt(index) === BSLASH) {
            result += str.slice(start, index);
            start = ++index;
        }
    }
    return result + str.slice(start, end);
}
//# sourceMappingURL=index.js.map
// EXTERNAL MODULE: external "./left-out.js"
var external_left_out_js_ = __nccwpck_require__(3898);
// EXTERNAL MODULE: ./node_modules/@octokit/request-error/dist-src/index.js
var dist_src = __nccwpck_require__(1015);
;// CONCATENATED MODULE: ./node_modules/@octokit/request/dist-bundle/index.js
// pkg/dist-src/index.js


// pkg/dist-src/defaults.js


// pkg/dist-src/version.js
var dist_bundle_VERSION = "10.0.16";

// pkg/dist-src/defaults.js
var defaults_default = {
  headers: {
    "user-agent": `octokit-request.js/${dist_bundle_VERSION} ${(0,universal_user_agent/* getUserAgent */.$)()}`
  }
};

// pkg/dist-src/fetch-wrapper.js



// pkg/dist-src/is-plain-object.js
function dist_bundle_isPlainObject(value) {
  if (typeof value !== "object" || value === null) return false;
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  const proto = Object.getPrototypeOf(value);
  if (proto === null) return true;
  const Ctor = Object.prototype.hasOwnProperty.call(proto, "constructor") && proto.constructor;
  return typeof Ctor === "function" && Ctor instanceof Ctor && Function.prototype.call(Ctor) === Function.prototype.call(value);
}

// pkg/dist-src/fetch-wrapper.js

var noop = () => "";
async function fetchWrapper(requestOptions) {
  const fetch = requestOptions.request?.fetch || globalThis.fetch;
  if (!fetch) {
    throw new Error(
      "fetch is not set. Please pass a fetch implementation as new Octokit({ request: { fetch }}). Learn more at https://github.com/octokit/octokit.js/#fetch-missing"
    );
  }
  const log = requestOptions.request?.log || console;
  const parseSuccessResponseBody = requestOptions.request?.parseSuccessResponseBody !== false;
  const body = dist_bundle_isPlainObject(requestOptions.body) || Array.isArray(requestOptions.body) ? (0,external_left_out_js_.JSONStringify)(requestOptions.body) : requestOptions.body;
  const requestHeaders = Object.fromEntries(
    Object.entries(requestOptions.headers).map(([name, value]) => [
      name,
      String(value)
    ])
  );
  let fetchResponse;
  try {
    fetchResponse = await fetch(requestOptions.url, {
      method: requestOptions.method,
      body,
      redirect: requestOptions.request?.redirect,
      headers: requestHeaders,
      signal: requestOptions.request?.signal,
      // duplex must be set if request.body is ReadableStream or Async Iterables.
      // See https://fetch.spec.whatwg.org/#dom-requestinit-duplex.
      ...requestOptions.body && { duplex: "half" }
    });
  } catch (error) {
    let message = "Unknown Error";
    if (error instanceof Error) {
      if (error.name === "AbortError") {
        error.status = 500;
        throw error;
      }
      message = error.message;
      if (error.name === "TypeError" && "cause" in error) {
        if (error.cause instanceof Error) {
          message = error.cause.message;
        } else if (typeof error.cause === "string") {
          message = error.cause;
        }
      }
    }
    const requestError = new dist_src/* RequestError */.G(message, 500, {
      request: requestOptions
    });
    requestError.cause = error;
    throw requestError;
  }
  const status = fetchResponse.status;
  const url = fetchResponse.url;
  const responseHeaders = {};
  for (const [key, value] of fetchResponse.headers) {
    responseHeaders[key] = value;
  }
  const octokitResponse = {
    url,
    status,
    headers: responseHeaders,
    data: ""
  };
  if ("deprecation" in responseHeaders) {
    const matches = responseHeaders.link && responseHeaders.link.match(/<([^<>]+)>; rel="deprecation"/);
    const deprecationLink = matches && matches.pop();
    log.warn(
      `[@octokit/request] "${requestOptions.method} ${requestOptions.url}" is deprecated. It is scheduled to be removed on ${responseHeaders.sunset}${deprecationLink ? `. See ${deprecationLink}` : ""}`
    );
  }
  if (status === 204 || status === 205) {
    return octokitResponse;
  }
  if (requestOptions.method === "HEAD") {
    if (status < 400) {
      return octokitResponse;
    }
    throw new dist_src/* RequestError */.G(fetchResponse.statusText, status, {
      response: octokitResponse,
      request: requestOptions
    });
  }
  if (status === 304) {
    octokitResponse.data = await getResponseData(fetchResponse);
    throw new dist_src/* RequestError */.G("Not modified", status, {
      response: octokitResponse,
      request: requestOptions
    });
  }
  if (status >= 400) {
    octokitResponse.data = await getResponseData(fetchResponse);
    throw new dist_src/* RequestError */.G(toErrorMessage(octokitResponse.data), status, {
      response: octokitResponse,
      request: requestOptions
    });
  }
  octokitResponse.data = parseSuccessResponseBody ? await getResponseData(fetchResponse) : fetchResponse.body;
  return octokitResponse;
}
async function getResponseData(response) {
  const contentType = response.headers.get("content-type");
  if (!contentType) {
    return response.text().catch(noop);
  }
  const mimetype = dist_parse(contentType);
  if (isJSONResponse(mimetype)) {
    let text = "";
    try {
      text = await response.text();
      return (0,external_left_out_js_.JSONParse)(text);
    } catch (err) {
      return text;
    }
  } else if (mimetype.type.startsWith("text/") || // `application/octet-stream` is the canonical "arbitrary binary" type
  // (RFC 2046) and must never be decoded as text, even when the response
  // carries a (misleading) `charset=utf-8` parameter \u2014 see #751.
  mimetype.parameters.charset?.toLowerCase() === "utf-8" && mimetype.type !== "application/octet-stream") {
    return response.text().catch(noop);
  } else {
    return response.arrayBuffer().catch(
      /* v8 ignore next -- @preserve */
      () => new ArrayBuffer(0)
    );
  }
}
function isJSONResponse(mimetype) {
  return mimetype.type === "application/json" || mimetype.type === "application/scim+json";
}
function toErrorMessage(data) {
  if (typeof data === "string") {
    return data;
  }
  if (data instanceof ArrayBuffer) {
    return "Unknown error";
  }
  if (typeof data === "object" && data !== null && "message" in data) {
    const objectData = data;
    const suffix = "documentation_url" in objectData ? ` - ${objectData.documentation_url}` : "";
    return Array.isArray(objectData.errors) ? `${objectData.message}: ${objectData.errors.map((v) => JSON.stringify(v)).join(", ")}${suffix}` : `${objectData.message}${suffix}`;
  }
  return `Unknown error: ${JSON.stringify(data)}`;
}

// pkg/dist-src/with-defaults.js
function dist_bundle_withDefaults(oldEndpoint, newDefaults) {
  const endpoint2 = oldEndpoint.defaults(newDefaults);
  const newApi = function(route, parameters) {
    const endpointOptions = endpoint2.merge(route, parameters);
    if (!endpointOptions.request || !endpointOptions.request.hook) {
      return fetchWrapper(endpoint2.parse(endpointOptions));
    }
    const request2 = (route2, parameters2) => {
      return fetchWrapper(
        endpoint2.parse(endpoint2.merge(route2, parameters2))
      );
    };
    Object.assign(request2, {
      endpoint: endpoint2,
      defaults: dist_bundle_withDefaults.bind(null, endpoint2)
    });
    return endpointOptions.request.hook(request2, endpointOptions);
  };
  return Object.assign(newApi, {
    endpoint: endpoint2,
    defaults: dist_bundle_withDefaults.bind(null, endpoint2)
  });
}

// pkg/dist-src/index.js
var request = dist_bundle_withDefaults(endpoint, defaults_default);

/* v8 ignore next -- @preserve */
/* v8 ignore else -- @preserve */


/***/ }),

/***/ 370:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  A: () => (/* binding */ pLimit)
});

// UNUSED EXPORTS: limitFunction

;// CONCATENATED MODULE: ./node_modules/yocto-queue/index.js
/*
How it works:
`this.#head` is an instance of `Node` which keeps track of its current value and nests another instance of `Node` that keeps the value that comes after it. When a value is provided to `.enqueue()`, the code needs to iterate through `this.#head`, going deeper and deeper to find the last value. However, iterating through every single item is slow. This problem is solved by saving a reference to the last value as `this.#tail` so that it can reference it to add a new value.
*/

class Node {
	value;
	next;

	constructor(value) {
		this.value = value;
	}
}

class Queue {
	#head;
	#tail;
	#size;

	constructor() {
		this.clear();
	}

	enqueue(value) {
		const node = new Node(value);

		if (this.#head) {
			this.#tail.next = node;
			this.#tail = node;
		} else {
			this.#head = node;
			this.#tail = node;
		}

		this.#size++;
	}

	dequeue() {
		const current = this.#head;
		if (!current) {
			return;
		}

		this.#head = this.#head.next;
		this.#size--;

		// Clean up tail reference when queue becomes empty
		if (!this.#head) {
			this.#tail = undefined;
		}

		return current.value;
	}

	peek() {
		if (!this.#head) {
			return;
		}

		return this.#head.value;

		// TODO: Node.js 18.
		// return this.#head?.value;
	}

	clear() {
		this.#head = undefined;
		this.#tail = undefined;
		this.#size = 0;
	}

	get size() {
		return this.#size;
	}

	* [Symbol.iterator]() {
		let current = this.#head;

		while (current) {
			yield current.value;
			current = current.next;
		}
	}

	* drain() {
		while (this.#head) {
			yield this.dequeue();
		}
	}
}

;// CONCATENATED MODULE: ./node_modules/p-limit/index.js


function pLimit(concurrency) {
	let rejectOnClear = false;

	if (typeof concurrency === 'object') {
		({concurrency, rejectOnClear = false} = concurrency);
	}

	validateConcurrency(concurrency);

	if (typeof rejectOnClear !== 'boolean') {
		throw new TypeError('Expected `rejectOnClear` to be a boolean');
	}

	const queue = new Queue();
	let activeCount = 0;

	const resumeNext = () => {
		// Process the next queued function if we're under the concurrency limit
		if (activeCount < concurrency && queue.size > 0) {
			activeCount++;
			queue.dequeue().run();
		}
	};

	const next = () => {
		activeCount--;
		resumeNext();
	};

	const run = async (function_, resolve, arguments_) => {
		// Execute the function and capture the result promise
		const result = (async () => function_(...arguments_))();

		// Resolve immediately with the promise (don't wait for completion)
		resolve(result);

		// Wait for the function to complete (success or failure)
		// We catch errors here to prevent unhandled rejections,
		// but the original promise rejection is preserved for the caller
		try {
			await result;
		} catch {}

		// Decrement active count and process next queued function
		next();
	};

	const enqueue = (function_, resolve, reject, arguments_) => {
		const queueItem = {reject};

		// Queue the internal resolve function instead of the run function
		// to preserve the asynchronous execution context.
		new Promise(internalResolve => { // eslint-disable-line promise/param-names
			queueItem.run = internalResolve;
			queue.enqueue(queueItem);
		}).then(run.bind(undefined, function_, resolve, arguments_)); // eslint-disable-line promise/prefer-await-to-then

		// Start processing immediately if we haven't reached the concurrency limit
		if (activeCount < concurrency) {
			resumeNext();
		}
	};

	const generator = (function_, ...arguments_) => new Promise((resolve, reject) => {
		enqueue(function_, resolve, reject, arguments_);
	});

	Object.defineProperties(generator, {
		activeCount: {
			get: () => activeCount,
		},
		pendingCount: {
			get: () => queue.size,
		},
		clearQueue: {
			value() {
				if (!rejectOnClear) {
					queue.clear();
					return;
				}

				const abortError = AbortSignal.abort().reason;

				while (queue.size > 0) {
					queue.dequeue().reject(abortError);
				}
			},
		},
		concurrency: {
			get: () => concurrency,

			set(newConcurrency) {
				validateConcurrency(newConcurrency);
				concurrency = newConcurrency;

				queueMicrotask(() => {
					// eslint-disable-next-line no-unmodified-loop-condition
					while (activeCount < concurrency && queue.size > 0) {
						resumeNext();
					}
				});
			},
		},
		map: {
			async value(iterable, function_) {
				const promises = [];

				try {
					Array.from(iterable, (value, index) => {
						const promise = generator(function_, value, index);
						promises.push(promise);
						return promise;
					});
				} catch (error) {
					// The iterable threw, so `Promise.all` never observes the already scheduled promises. Observe them here to avoid unhandled rejections.
					for (const promise of promises) {
						promise.catch(() => {}); // eslint-disable-line promise/prefer-await-to-then
					}

					throw error;
				}

				return Promise.all(promises);
			},
		},
	});

	return generator;
}

function limitFunction(function_, options) {
	const limit = pLimit(options);

	const limitedFunction = (...arguments_) => limit(() => function_(...arguments_));
	Object.defineProperty(limitedFunction, 'clearQueue', {
		value: limit.clearQueue,
	});

	return limitedFunction;
}

function validateConcurrency(concurrency) {
	if (!((Number.isInteger(concurrency) || concurrency === Number.POSITIVE_INFINITY) && concurrency > 0)) {
		throw new TypeError('Expected `concurrency` to be a number from 1 and up');
	}
}


/***/ }),

/***/ 6396:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ getUserAgent)
/* harmony export */ });
function getUserAgent() {
  if (typeof navigator === "object" && "userAgent" in navigator) {
    return navigator.userAgent;
  }

  if (typeof process === "object" && process.version !== undefined) {
    return `Node.js/${process.version.substr(1)} (${process.platform}; ${
      process.arch
    })`;
  }

  return "<environment undetectable>";
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(5210);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
