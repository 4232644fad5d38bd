import type { RouteRequest } from '../../src/envoy/request';
import { v2When } from './meshes';

type Asked = Omit<RouteRequest, 'url'> & { url?: string };

/** [what it shows, the match, the request, whether the rule takes it] */
type Case = readonly [string, string, Asked, boolean];

const header = (value: string, name = 'x-test'): Asked => ({ headers: { [name]: value } });
const path = (rest: string): Asked => ({ url: `http://a.example.com${rest}` });

const HEADERS: readonly Case[] = [
  ['exact is byte for byte', '{headers: {x-test: {exact: Jason}}}', header('Jason'), true],
  ['exact minds the case of values', '{headers: {x-test: {exact: Jason}}}', header('jason'), false],
  ['names have no case in the request', '{headers: {x-test: {exact: a}}}', header('a', 'X-Test'), true],
  ['names have no case in the rule', '{headers: {X-Test: {exact: a}}}', header('a'), true],
  ['exact "" wants a present, empty header', '{headers: {x-test: {exact: ""}}}', header(''), true],
  ['exact "" is not fulfilled by an absent header', '{headers: {x-test: {exact: ""}}}', {}, false],
  ['prefix is how the value begins', '{headers: {x-test: {prefix: be}}}', header('beta'), true],
  ['prefix is not what the value contains', '{headers: {x-test: {prefix: be}}}', header('abel'), false],
  ['a regex must match the whole value', '{headers: {x-test: {regex: Chrome}}}', header('a Chrome b'), false],
  ['a regex with .* on both sides is a search', '{headers: {x-test: {regex: .*Chrome.*}}}', header('a Chrome b'), true],
  ['an alternative is anchored as a whole', '{headers: {x-test: {regex: "a|b"}}}', header('ab'), false],
  ['(?i) is understood', '{headers: {x-test: {regex: "(?i)chrome"}}}', header('CHROME'), true],
  ['an escaped dot is a dot', "{headers: {x-test: {regex: 'a\\.b'}}}", header('axb'), false],
  ['an escaped dot before a star is not a wildcard', "{headers: {x-test: {regex: 'a\\.*'}}}", header('abc'), false],
  ['{} asks only for presence, even of nothing', '{headers: {x-test: {}}}', header(''), true],
  ['{} is not fulfilled by an absent header', '{headers: {x-test: {}}}', {}, false],
  ['two headers are both needed', '{headers: {x-test: {exact: a}, x-b: {exact: b}}}', header('a'), false],
  [
    'each value of a repeated header is matched by itself',
    '{headers: {x-test: {exact: b}}}',
    { headerLines: ['x-test: a', 'X-Test: b'] },
    true,
  ],
  [
    'and not all of them together',
    "{headers: {x-test: {exact: 'a,b'}}}",
    { headerLines: ['x-test: a', 'X-Test: b'] },
    false,
  ],
  [
    'withoutHeaders wants none of the values',
    '{withoutHeaders: {x-test: {exact: b}}}',
    { headerLines: ['x-test: a', 'X-Test: b'] },
    false,
  ],
  [
    'a repeated user-agent is one value, joined by a comma',
    "{headers: {user-agent: {exact: 'a,b'}}}",
    { headerLines: ['user-agent: a', 'user-agent: ', 'User-Agent: b'] },
    true,
  ],
  [
    'one cookie among several',
    "{headers: {cookie: {regex: '^(.*?;\\s*)?(group=testers)(;.*)?$'}}}",
    header('theme=dark; group=testers; a=b', 'cookie'),
    true,
  ],
  ['a pseudo-header is a header', "{headers: {':method': {exact: POST}}}", { method: 'POST' }, true],
  [':path has the query', "{headers: {':path': {exact: '/x?y=1'}}}", path('/x?y=1'), true],
  ['a header named uri is just that', '{headers: {uri: {exact: /x}}}', path('/x'), false],
];

const WITHOUT_HEADERS: readonly Case[] = [
  ['a value that differs', '{withoutHeaders: {x-test: {exact: jason}}}', header('anna'), true],
  ['the value itself', '{withoutHeaders: {x-test: {exact: jason}}}', header('jason'), false],
  ['a missing header counts as empty', '{withoutHeaders: {x-test: {exact: jason}}}', {}, true],
  ['a missing header counts as empty, also for .*', '{withoutHeaders: {x-test: {regex: .*}}}', {}, false],
  ['regex * is presence: absent', '{withoutHeaders: {x-test: {regex: "*"}}}', {}, true],
  ['regex * is presence: present', '{withoutHeaders: {x-test: {regex: "*"}}}', header('a'), false],
  ['{} is presence', '{withoutHeaders: {x-test: {}}}', header(''), false],
];

const URIS: readonly Case[] = [
  ['exact is the path without query', '{uri: {exact: /api}}', path('/api?x=1'), true],
  ['exact has no trailing slash to spare', '{uri: {exact: /api}}', path('/api/'), false],
  ['prefix is a string prefix, not a segment', '{uri: {prefix: /api}}', path('/apix'), true],
  ['regex is on the whole path', '{uri: {regex: /api}}', path('/api/v1'), false],
  ['case counts', '{uri: {prefix: /api}}', path('/API'), false],
  ['ignoreUriCase for prefix', '{uri: {prefix: /Api}, ignoreUriCase: true}', path('/aPI/x'), true],
  ['ignoreUriCase does nothing to a regex', '{uri: {regex: /api}, ignoreUriCase: true}', path('/API'), false],
  ['dot segments are resolved first', '{uri: {exact: /b}}', path('/a/../b'), true],
  ['escaped dots are dots', '{uri: {exact: /b}}', path('/a/%2e%2E/b'), true],
  ['beyond the root there is nothing', '{uri: {exact: /b}}', path('/../../b'), true],
  ['repeated slashes stay', '{uri: {exact: /a/b}}', path('/a//b'), false],
  ['an escaped slash stays', '{uri: {exact: /a/b}}', path('/a%2Fb'), false],
  ['a backslash is a slash', '{uri: {exact: /a/b}}', path('/a\\b'), true],
  ['a fragment is never sent', '{uri: {exact: /a}}', path('/a#b'), true],
  ['no path is /', '{uri: {exact: /}}', path(''), true],
];

const REST: readonly Case[] = [
  ['method', '{method: {exact: POST}}', { method: 'POST' }, true],
  ['another method', '{method: {exact: POST}}', {}, false],
  [
    'authority as sent, with its port',
    '{authority: {exact: "a.example.com:80"}}',
    header('a.example.com:80', 'host'),
    true,
  ],
  ['the usual port is not sent', '{authority: {exact: a.example.com}}', { url: 'http://a.example.com:80/' }, true],
  ['scheme', '{scheme: {exact: http}}', {}, true],
  ['another scheme', '{scheme: {exact: https}}', {}, false],
  [
    'a client cannot lie to a gateway about the scheme',
    '{scheme: {exact: https}}',
    header('https', 'x-forwarded-proto'),
    false,
  ],
  ['query parameter, exact', '{queryParams: {v: {exact: "2"}}}', path('/?a=1&v=2'), true],
  ['the first of repeated parameters counts', '{queryParams: {v: {exact: "2"}}}', path('/?v=1&v=2'), false],
  ['a parameter without value is there', '{queryParams: {v: {}}}', path('/?v'), true],
  ['a parameter that is not there', '{queryParams: {v: {}}}', path('/?w=v'), false],
  ['parameters are not decoded', '{queryParams: {v: {exact: "a b"}}}', path('/?v=a%20b'), false],
  ['the port of the server', '{port: 80}', {}, true],
  ['another port', '{port: 8080}', {}, false],
  ['the gateway by its short name', '{gateways: [ingress]}', {}, true],
  ['the gateway by its full name', '{gateways: [apps/ingress]}', {}, true],
  ['a gateway that is not this one', '{gateways: [mesh]}', {}, false],
  ['source labels are compared with the gateway', '{sourceLabels: {app: web}}', {}, false],
  ['where gateways are named, source labels do not count', '{gateways: [ingress], sourceLabels: {app: web}}', {}, true],
  ['source namespace is compared with the gateway', '{sourceNamespace: apps}', {}, false],
  [
    'a claim of a token, given as a header',
    "{headers: {'@request.auth.claims.group': {exact: dev}}}",
    header('dev', '@request.auth.claims.group'),
    true,
  ],
  [
    'all kinds together: one fails',
    '{uri: {prefix: /a}, method: {exact: GET}, queryParams: {v: {}}}',
    path('/a'),
    false,
  ],
  ['any of several matches is enough', '{uri: {exact: /x}}, {uri: {exact: /y}}', path('/y'), true],
];

describe.each([
  ['headers', HEADERS],
  ['withoutHeaders', WITHOUT_HEADERS],
  ['uri', URIS],
  ['everything else', REST],
])('a match on %s', (_, cases) => {
  test.each(cases)('%s', (_, match, asked, taken) => {
    const decision = v2When(match).route({ url: 'http://a.example.com/', ...asked });
    expect(decision.destinations.map(({ subset }) => subset)).toEqual([taken ? 'v2' : 'v1']);
  });
});
