import { Severity } from '../../src/checks/finding';
import { unreachableRule } from '../../src/checks/rules/unreachable-rule';
import { check, gateway, type Manifest, routeTo, server, virtualService } from './manifests';

type Match = { readonly [field: string]: unknown };

/** A VirtualService with a rule to v1, v2, … for each list of matches; undefined for a rule without match. */
function rules(...matches: (Match[] | undefined)[]): Manifest {
  const http = matches.map((match, index) => ({ match, ...routeTo('apis', { subset: `v${index + 1}` }) }));
  return virtualService('apis', { hosts: ['apis.example.com'], gateways: ['edge'], http });
}

const header = (value: unknown, name = 'x-version'): Match => ({ headers: { [name]: value } });
const without = (value: unknown, name = 'x-version'): Match => ({ withoutHeaders: { [name]: value } });
const uri = (value: unknown, rest: Match = {}): Match => ({ uri: value, ...rest });
const CHROME = header({ regex: '.*Chrome.*' }, 'user-agent');

test.each<[string, Manifest]>([
  ['a header rule before the default', rules([CHROME], undefined)],
  ['different headers', rules([header({ exact: 'v2' })], [header({ exact: 'v2' }, 'x-user')])],
  ['narrow regex before wide', rules([header({ regex: '.*Chrome.*' })], [header({ regex: '.*' })])],
  [
    'names are case-insensitive, values are not',
    rules([header({ exact: 'v2' })], [header({ exact: 'V2' }, 'X-Version')]),
  ],
  ['a longer prefix first', rules([uri({ prefix: '/api/v2' })], [uri({ prefix: '/api' })])],
  ['a prefix does not take its parent', rules([uri({ prefix: '/api/' })], [uri({ exact: '/api' })])],
  ['case counts without ignoreUriCase', rules([uri({ prefix: '/api' })], [uri({ prefix: '/API' })])],
  ['present does not take missing', rules([header({})], [without({})])],
  ['.+ does not take an empty value', rules([header({ regex: '.+' })], [header({})])],
  [
    'withoutHeaders exact takes a missing header, not every other',
    rules([without({ exact: 'a' })], [header({ prefix: 'a' })]),
  ],
  ['another port', rules([{ port: 80 }], [{ port: 443 }])],
  ['another gateway', rules([{ gateways: ['edge'] }], [{ gateways: ['inner'] }])],
  [
    'http and https leave nothing, but to a header only',
    rules([{ scheme: { exact: 'http' } }], [header({ exact: 'a' })], undefined),
  ],
  ['a method more', rules([{ method: { exact: 'GET' } }], [{ method: { regex: 'GET|POST' } }])],
  [
    'a pattern that cannot be decided',
    rules([header({ regex: '.*\\bChrome\\b.*' })], [header({ regex: '.*Chrome.*' })]),
  ],
  ['a pattern that RE2 refuses', rules([header({ regex: '(?!a).*' })], [header({ exact: 'b' })])],
  [
    'a claim is no header',
    rules([header({}, '@request.auth.claims.group')], [header({ exact: 'a' }, '@request.auth.claims.group')]),
  ],
  [
    'a header that is sent twice has the value, and one that is excluded',
    rules([{ ...header({ regex: 'v.' }), ...without({ exact: 'v2' }) }], [header({ exact: 'v1' })]),
  ],
  [
    'a header that is sent twice has both values, and none that has both letters',
    rules(
      [{ headers: { 'x-a': { regex: 'a.*b' } } }],
      [{ headers: { 'x-a': { prefix: 'a' }, 'X-A': { regex: '.*b' } } }],
    ),
  ],
  ['what matches nothing is not unreachable', rules([uri({ prefix: '/' })].slice(1), [uri({ exact: 'no-slash' })])],
])('silent: %s', (_, manifest) => {
  expect(check(unreachableRule, [manifest])).toEqual([]);
});

test.each<[string, Manifest]>([
  ['after a rule without match', rules(undefined, [CHROME])],
  ['after uri prefix /', rules([uri({ prefix: '/' })], [CHROME])],
  ['after an empty match', rules([{}], [CHROME])],
  ['after uri regex .*', rules([uri({ regex: '.*' })], [CHROME])],
  ['the same match again', rules([CHROME], [CHROME])],
  ['the same header in another case', rules([header({ exact: 'v2' })], [header({ exact: 'v2' }, 'X-Version')])],
  ['exact within present', rules([header({})], [header({ exact: 'v2' })])],
  ['exact within regex', rules([header({ regex: 'v[0-9]' })], [header({ exact: 'v2' })])],
  ['prefix within regex', rules([header({ regex: 'v.*' })], [header({ prefix: 'v2' })])],
  ['regex within regex', rules([header({ regex: '.*Chrome.*' })], [header({ regex: '.*Chrome/1[0-9]+.*' })])],
  ['header ignored: a wider rule without it', rules([uri({ prefix: '/api' })], [uri({ exact: '/api/users' }, CHROME)])],
  ['an exact uri under a prefix', rules([uri({ prefix: '/api' })], [uri({ exact: '/api/users' })])],
  ['prefix in any case', rules([uri({ prefix: '/api' }, { ignoreUriCase: true })], [uri({ prefix: '/API' })])],
  ['absent within not v2', rules([without({ exact: 'v2' })], [without({})])],
  ['not v.* within not v2', rules([without({ exact: 'v2' })], [without({ prefix: 'v' })])],
  ['both schemes together', rules([{ scheme: { exact: 'http' } }], [{ scheme: { exact: 'https' } }], undefined)],
  ['present and absent together', rules([header({})], [without({})], undefined)],
  [
    'two exact values together take a regex of two',
    rules([header({ exact: 'a' })], [header({ exact: 'b' })], [header({ regex: 'a|b' })]),
  ],
  [
    'a pattern that cannot be decided, again',
    rules([header({ regex: '.*\\bA\\b.*' })], [header({ regex: '.*\\bA\\b.*' }, 'X-Version')]),
  ],
  [
    'host is the authority',
    rules([{ authority: { prefix: 'apis' } }], [header({ exact: 'apis.example.com' }, 'host')]),
  ],
])('an error: %s', (_, manifest) => {
  const last = (manifest.spec as { http: unknown[] }).http.length - 1;
  const findings = check(unreachableRule, [manifest]);
  expect(findings).toMatchObject([
    {
      severity: Severity.ERROR,
      kind: 'VirtualService',
      name: 'apis',
      path: `spec.http[${last}]`,
      istioCodes: ['IST0130'],
    },
  ]);
  expect(findings[0].message).toContain('spec.http[0]');
  expect(findings[0].message).toContain(`sent to apis, subset v${last + 1}`);
  expect(findings[0].help).toContain(`move spec.http[${last}] in front of spec.http[0]`);
});

test('a rule that does the same as the one that takes its requests is only a warning', () => {
  const http = [routeTo('apis'), { match: [CHROME], ...routeTo('apis') }];
  const findings = check(unreachableRule, [virtualService('apis', { hosts: ['a'], http })]);
  expect(findings).toMatchObject([{ severity: Severity.WARNING, path: 'spec.http[1]' }]);
});

test('where only one match of a rule is dead, the match is named and the rule works', () => {
  const manifest = rules([uri({ prefix: '/api' })], [uri({ exact: '/api/users' }), uri({ exact: '/health' })]);
  expect(check(unreachableRule, [manifest])).toMatchObject([
    { severity: Severity.WARNING, path: 'spec.http[1].match[0]', istioCodes: ['IST0131'] },
  ]);
});

test('a dead match beside one that matches nothing makes the rule unreachable', () => {
  const manifest = rules([uri({ prefix: '/api' })], [uri({ exact: '/api/users' }), uri({ exact: 'health' })]);
  expect(check(unreachableRule, [manifest])).toMatchObject([{ severity: Severity.ERROR, path: 'spec.http[1]' }]);
});

test('inside the mesh, the source decides: rules for two apps leave the default for the rest', () => {
  const from = (app: string) => [{ sourceLabels: { app } }];
  expect(
    check(unreachableRule, [
      virtualService('apis', {
        hosts: ['apis'],
        http: [
          { match: from('a'), ...routeTo('apis', { subset: 'v1' }) },
          { match: [{ ...from('a')[0], ...CHROME }], ...routeTo('apis', { subset: 'v2' }) },
          routeTo('apis'),
        ],
      }),
    ]),
  ).toMatchObject([{ path: 'spec.http[1]' }]);
});

describe('an item that an earlier item of the same match takes whole', () => {
  const product = uri({ prefix: '/product' });

  test.each<[string, Match[], string[]]>([
    [
      'asks for a method beside',
      [product, uri({ prefix: '/products' }, { method: { exact: 'GET' } })],
      ['method exact GET'],
    ],
    ['asks for another header', [header({}), { headers: { 'X-Version': { exact: 'a' }, 'x-b': {} } }], ['header x-b']],
  ])('%s, which has no effect', (_, items, words) => {
    const [finding, ...more] = check(unreachableRule, [rules(items, undefined)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: Severity.WARNING,
      path: 'spec.http[0].match[1]',
      istioCodes: ['IST0131'],
      help: expect.stringContaining('make spec.http[0].match[0] narrower'),
    });
    expect(words.filter((word) => !finding.message.includes(word))).toEqual([]);
  });

  test.each<[string, Match[]]>([
    ['asks for nothing else: a list of alternatives', [product, uri({ prefix: '/products' })]],
    ['has nothing in common, of which another check speaks', [product, { ...header({}), ...uri({ exact: '/b' }) }]],
    [
      'stands before it, as the narrower prefix of a rewrite does',
      [uri({ prefix: '/a/' }, CHROME), uri({ prefix: '/a' })],
    ],
    ['takes more requests', [uri({ prefix: '/a' }, CHROME), uri({ prefix: '/a/' }, { method: { exact: 'GET' } })]],
  ])('silent: it %s', (_, items) => {
    expect(check(unreachableRule, [rules(items, undefined)])).toEqual([]);
  });

  test('is told once where the whole rule is dead', () => {
    const manifest = rules([product], [product, uri({ prefix: '/products' }, { method: { exact: 'GET' } })], undefined);
    expect(check(unreachableRule, [manifest])).toMatchObject([{ severity: Severity.ERROR, path: 'spec.http[1]' }]);
  });
});

describe('a delegate', () => {
  const root = (name: string, match: Match[] | undefined, first: Manifest[] = []) =>
    virtualService(name, {
      hosts: [`${name}.example.com`],
      gateways: ['edge'],
      http: [...first, { match, delegate: { name: 'leaf' } }],
    });
  const leaf = virtualService('leaf', {
    http: [
      { match: [uri({ prefix: '/api' })], ...routeTo('apis') },
      { match: [uri({ prefix: '/api/v2' })], ...routeTo('beta') },
    ],
  });

  test('is judged in the place where it is used', () => {
    const findings = check(unreachableRule, [root('a', undefined), leaf]);
    expect(findings).toMatchObject([{ name: 'leaf', path: 'spec.http[1]', severity: Severity.ERROR }]);
  });

  test('is alive when one of its users leaves it something', () => {
    const blocking = [{ match: [uri({ prefix: '/' })], ...routeTo('other') }];
    const free = virtualService('leaf', { http: [{ match: [uri({ prefix: '/api' })], ...routeTo('apis') }] });
    expect(check(unreachableRule, [root('a', undefined, blocking), free])).toMatchObject([{ name: 'leaf' }]);
    expect(check(unreachableRule, [root('a', undefined, blocking), root('b', undefined), free])).toEqual([]);
  });
});

test('hundreds of rules are decided quickly, and none of them is accused', () => {
  const many = Array.from({ length: 400 }, (_, index) => [
    uri({ prefix: `/service-${index}/` }, header({ exact: `v${index}` })),
  ]);
  expect(check(unreachableRule, [rules(...many)])).toEqual([]);
});

test('after a rule for the only port that the gateway has, nothing is left', () => {
  const edge = (...ports: number[]) =>
    gateway(
      'edge',
      ports.map((port) => server('HTTP', port)),
    );
  const manifest = rules([{ port: 80 }], [header({ exact: 'v2' })]);
  expect(check(unreachableRule, [edge(80), manifest])).toMatchObject([{ path: 'spec.http[1]' }]);
  expect(check(unreachableRule, [edge(80, 8080), manifest])).toEqual([]);
  expect(check(unreachableRule, [manifest])).toEqual([]);
});

describe('regexes by the hundred', () => {
  const agents = (...patterns: string[]) => rules(...patterns.map((regex) => [header({ regex }, 'user-agent')]));
  const numbers = Array.from({ length: 200 }, (_, index) => index);

  test('that each ask for another part of the value are decided', () => {
    const parts = numbers.map((index) => `.*K${1000 + index}E.*`);
    const found = check(unreachableRule, [agents(...parts, '.*K1003E/[0-9]+')]);
    expect(found).toMatchObject([{ path: 'spec.http[200]', severity: Severity.ERROR }]);
  });

  test('with automata of very many states are decided by an example', () => {
    expect(check(unreachableRule, [agents(...numbers.map((index) => `.*A.{${index + 1}}B.*`))])).toEqual([]);
  });

  test('that are too dear to compare are left undecided, which is said once', () => {
    const dear = numbers.map((index) =>
      index % 2 === 0 ? `([^A]|A.{${index % 50}}[^B${index}])*` : `[^${'abcdefg'[index % 7]}]*A.{${index % 60}}B.*`,
    );
    const found = check(unreachableRule, [agents('v1', ...dear, 'v1')]);
    expect(found).toMatchObject([
      { path: 'spec.http[201]', severity: Severity.ERROR },
      { path: 'spec.http', severity: Severity.INFO, message: expect.stringContaining('Not all rules') },
    ]);
  });
});
