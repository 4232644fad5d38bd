import { Severity } from '../../src/checks/finding';
import { duplicateHeaderCase } from '../../src/checks/rules/duplicate-header-case';
import { headerSetBeforeMatch } from '../../src/checks/rules/header-set-before-match';
import { withoutHeadersSurprise } from '../../src/checks/rules/without-headers-surprise';
import { describeCheck } from './cases';
import { type Manifest, routeTo, virtualService } from './manifests';

function matching(...match: object[]): Manifest[] {
  return [virtualService('apis', { hosts: ['apis'], http: [{ match, ...routeTo('apis') }] })];
}

describeCheck(duplicateHeaderCase, {
  silent: {
    'once in headers, once in withoutHeaders': matching({
      headers: { 'x-a': {} },
      withoutHeaders: { 'X-A': { exact: 'b' } },
    }),
    'two headers': matching({ headers: { 'x-a': {}, 'x-b': {} } }),
    'query parameters are case-sensitive': matching({ queryParams: { a: { exact: '1' }, A: { exact: '2' } } }),
    'what cannot both hold is said elsewhere': matching({
      headers: { 'x-a': { exact: '1' }, 'X-A': { exact: '2' } },
      withoutHeaders: { 'x-a': {} },
    }),
  },
  found: {
    'in headers': [
      matching({ headers: { 'x-a': { prefix: 'a' }, 'X-A': { regex: '.*b' } } }),
      { severity: Severity.WARNING, path: 'spec.http[0].match[0].headers.X-A', words: ['X-A', 'x-a', 'two matches'] },
    ],
    'two values, both of which only a repeated header has': [
      matching({ headers: { 'x-a': { exact: '1' }, 'X-A': { exact: '2' } } }),
      { path: 'spec.http[0].match[0].headers.X-A', words: ['sends the header more than once'] },
    ],
    'in withoutHeaders': [
      matching({ withoutHeaders: { 'x-a': { exact: 'a' }, 'X-A': { exact: 'b' } } }),
      { path: 'spec.http[0].match[0].withoutHeaders.X-A', words: ['exclude both'] },
    ],
  },
});

const not = (value: object | null, name = 'x-a') => matching({ withoutHeaders: { [name]: value } });

describeCheck(withoutHeadersSurprise, {
  silent: {
    absent: not({}),
    'absent, in the old way': not({ regex: '*' }),
    'not this value': not({ exact: 'beta' }),
    'not beginning with': not({ prefix: 'b' }),
    'not containing': not({ regex: '.*beta.*' }),
    'not anything': not({ regex: '.+' }),
    'a value that ends in an asterisk': not({ exact: 'a*' }),
    'every request has a method': not({ regex: '.*' }, ':method'),
    'a pattern that RE2 refuses': not({ regex: '(?!a).*' }),
    'no value': not(null),
    'in headers, .* only asks for presence': matching({ headers: { 'x-a': { regex: '.*' } } }),
    'in headers, what a * allows beside': matching(
      { headers: { 'x-a': { regex: '[a-z]*' } } },
      { uri: { prefix: '/' } },
    ),
    'in headers, the empty value is not allowed': matching({ headers: { 'x-a': { regex: 'a|b' } } }),
    'in headers, another item takes those without': matching(
      { headers: { 'x-a': { regex: '|a' } } },
      { withoutHeaders: { 'X-A': {} } },
    ),
    'in headers, another item asks nothing of it': matching(
      { headers: { 'x-a': { regex: '|a' } } },
      { uri: { prefix: '/a' } },
    ),
  },
  found: {
    'any value': [
      not({ regex: '.*' }),
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].match[0].withoutHeaders.x-a',
        words: ['No request', 'withoutHeaders: {x-a: {}}'],
      },
    ],
    'any value, spelt otherwise': [not({ regex: '(a|[^a])*' }), { severity: Severity.ERROR }],
    'a prefix of nothing': [not({ prefix: '' }), { severity: Severity.ERROR }],
    'the empty value': [
      not({ exact: '' }),
      { severity: Severity.WARNING, words: ['requests without the header do not match either', '.+'] },
    ],
    'a pattern that accepts the empty value': [not({ regex: '(beta)?' }), { severity: Severity.WARNING }],
    'an asterisk': [not({ exact: '*' }), { severity: Severity.WARNING, words: ['a single asterisk'] }],
    'in headers, the empty value beside another': [
      matching({ headers: { 'x-a': { regex: '|a' } } }, { headers: { 'x-a': { regex: 'b|^$' } } }),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].headers.x-a.regex',
        words: ['does not match', 'withoutHeaders: {x-a: {}}'],
      },
      { path: 'spec.http[0].match[1].headers.x-a.regex' },
    ],
    'in headers, a value that may be missing': [matching({ headers: { 'x-a': { regex: '(a.*)?' } } }), {}],
    'a query parameter': [
      matching({ queryParams: { q: { regex: '(?:a|)' } } }),
      { path: 'spec.http[0].match[0].queryParams.q.regex', words: ['query parameter q'] },
    ],
    'an asterisk with a backslash': [not({ regex: '\\*' }), { severity: Severity.WARNING }],
  },
});

const V2 = { match: [{ headers: { 'x-version': { exact: 'v2' } } }], ...routeTo('apis', { subset: 'v2' }) };
const setting = (value: string, rest: object = {}, name = 'x-version') => ({
  headers: { request: { set: { [name]: value } } },
  ...routeTo('apis', { subset: 'v1' }),
  ...rest,
});
const cart = (match: object, destination: Manifest) => ({
  match: [{ uri: { prefix: '/cart' }, ...match }],
  ...routeTo('cart', destination),
});
const BETA = { headers: { 'x-lane': { exact: 'beta' } } };
const ENTRY = { headers: { cookie: { exact: 'lane=beta' } } };
const STAMP = { headers: { request: { set: { 'x-lane': 'beta' } } } };
const rules = (...http: object[]) => [virtualService('apis', { hosts: ['apis'], http })];

describeCheck(headerSetBeforeMatch, {
  silent: {
    'a value that nothing matches': rules(V2, setting('v1')),
    'a header that nothing matches': rules(V2, setting('v2', {}, 'x-other')),
    'the same version, for the hops behind': rules(V2, setting('v2', routeTo('apis', { subset: 'v2' }))),
    'a rule that matches on the header itself': rules(
      V2,
      setting('v2', { match: [{ headers: { 'x-version': { exact: 'v3' } } }] }),
    ),
    'a rule that only asks for presence': rules({ ...V2, match: [{ headers: { 'x-version': {} } }] }, setting('v2')),
    'the other rule asks for something else, too, that this one excludes': rules(
      { ...V2, match: [{ ...V2.match[0], uri: { prefix: '/new' } }] },
      setting('v2', { match: [{ uri: { exact: '/old' } }] }),
    ),
    'an earlier rule has taken the requests of both': rules(
      { match: [{ uri: { prefix: '/cart' } }], ...routeTo('cart') },
      { ...V2, match: [{ ...V2.match[0], uri: { prefix: '/cart' } }] },
      setting('v2'),
    ),
    'lanes of two services at one host': rules(
      cart(BETA, { subset: 'v2' }),
      { ...cart(ENTRY, { subset: 'v2' }), ...STAMP },
      cart({}, { subset: 'v1' }),
      { match: [BETA], ...routeTo('apis', { subset: 'v2' }) },
      { match: [ENTRY], ...STAMP, ...routeTo('apis', { subset: 'v2' }) },
      routeTo('apis', { subset: 'v1' }),
    ),
    'one rule is for the gateway, the other for sidecars': [
      virtualService('apis', {
        hosts: ['apis'],
        gateways: ['edge', 'mesh'],
        http: [
          { ...V2, match: [{ ...V2.match[0], gateways: ['mesh'] }] },
          setting('v2', { match: [{ gateways: ['edge'] }] }),
        ],
      }),
    ],
    'a response header': rules(V2, { headers: { response: { set: { 'x-version': 'v2' } } }, ...routeTo('apis') }),
  },
  found: {
    'a value for which another rule matches': [
      rules(V2, setting('v2')),
      {
        severity: Severity.WARNING,
        path: 'spec.http[1].headers.request.set.x-version',
        words: ['spec.http[0]', 'subset v1, not', 'subset v2'],
      },
    ],
    'some of its requests': [
      rules({ ...V2, match: [{ ...V2.match[0], uri: { prefix: '/new' } }] }, setting('v2')),
      { path: 'spec.http[1].headers.request.set.x-version' },
    ],
    'before that rule, in another case': [
      rules(setting('v2', {}, 'X-Version'), V2),
      { path: 'spec.http[0].headers.request.set.X-Version' },
    ],
    'a name that is no word': [
      rules(
        { match: [{ headers: { 'x.version': { exact: 'v2' } } }], ...routeTo('apis', { subset: 'v2' }) },
        setting('v2', {}, 'x.version'),
      ),
      { path: 'spec.http[1].headers.request.set["x.version"]' },
    ],
    'added, at the destination': [
      rules(V2, { route: [{ destination: { host: 'apis' }, headers: { request: { add: { 'x-version': 'v2' } } } }] }),
      { path: 'spec.http[1].route[0].headers.request.add.x-version' },
    ],
  },
});
