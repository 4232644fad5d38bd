import { Severity } from '../../src/checks/finding';
import { invalidRegex } from '../../src/checks/rules/invalid-regex';
import { regexLooksLikeSubstring } from '../../src/checks/rules/regex-looks-like-substring';
import { regexMatchesTooMuch } from '../../src/checks/rules/regex-matches-too-much';
import { describeCheck } from './cases';
import { type Manifest, routeTo, virtualService } from './manifests';

function matching(...matches: object[]): Manifest[] {
  const http = matches.map((match, index) => ({ match: [match], ...routeTo('apis', { subset: `v${index}` }) }));
  return [virtualService('apis', { hosts: ['apis'], http })];
}

const header = (name: string, regex: string) => matching({ headers: { [name]: { regex } } });
const rewriting = (match: string, rewrite: string) => [
  virtualService('apis', {
    hosts: ['apis'],
    http: [{ ...routeTo('apis'), rewrite: { uriRegexRewrite: { match, rewrite } } }],
  }),
];
const agent = (regex: string) => ({ headers: { 'user-agent': { regex } } });

describeCheck(invalidRegex, {
  silent: {
    'what RE2 has': header('x-a', '(?i)^[a-z]+\\d{2,3}(?P<rest>.*)$'),
    'as long as is allowed': header('x-a', 'a'.repeat(1024)),
    'presence, in the old way': matching({ withoutHeaders: { 'x-a': { regex: '*' } } }),
    'a rewrite of what it matches': rewriting('/(a|b)/(.*)', '/\\2/\\1\\0\\\\'),
    'exact values are no patterns': matching({ headers: { 'x-a': { exact: '(' } } }),
  },
  found: {
    'a lookahead': [
      header('user-agent', '^(?!.*Chrome).*$'),
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].match[0].headers.user-agent.regex',
        istioCodes: ['IST0106'],
        words: ['lookahead', 'withoutHeaders'],
      },
    ],
    'a shell pattern': [
      matching({ uri: { regex: '*.css' } }),
      { path: 'spec.http[0].match[0].uri.regex', words: ["'.*.css'"] },
    ],
    'a rewrite to a group that is not there': [
      rewriting('/rw/.*', '/\\1'),
      {
        severity: Severity.ERROR,
        path: 'spec.http[0].rewrite.uriRegexRewrite.rewrite',
        istioCodes: [],
        words: ['names group 1', "'/rw/.*' does not have", 'rewrites nothing', 'in parentheses'],
      },
    ],
    'a rewrite with a backslash before a letter': [rewriting('/(.*)', '/a\\d'), { words: ['drops everything after'] }],
    'an asterisk in headers': [header('x-a', '*'), { words: ['{} to ask'] }],
    'too long': [header('x-a', 'a'.repeat(1025)), { words: ['1025 bytes', 'several rules'] }],
    empty: [header('x-a', ''), { words: ['empty'] }],
    'an asterisk in a query parameter, which Istio refuses': [
      matching({ queryParams: { a: { regex: '*' } } }),
      { path: 'spec.http[0].match[0].queryParams.a.regex', words: ['{} to ask'] },
    ],
    'a bracket in a query parameter': [
      matching({ queryParams: { a: { regex: 'a(' } } }),
      { path: 'spec.http[0].match[0].queryParams.a.regex' },
    ],
    'in a rewrite': [
      [
        virtualService('apis', {
          hosts: ['apis'],
          http: [{ ...routeTo('apis'), rewrite: { uriRegexRewrite: { match: '(', rewrite: '/' } } }],
        }),
      ],
      { path: 'spec.http[0].rewrite.uriRegexRewrite.match' },
    ],
    'in a CORS policy': [
      [
        virtualService('apis', {
          hosts: ['apis'],
          http: [{ ...routeTo('apis'), corsPolicy: { allowOrigins: [{ exact: 'a' }, { regex: '(' }] } }],
        }),
      ],
      { path: 'spec.http[0].corsPolicy.allowOrigins[1].regex' },
    ],
  },
});

describeCheck(regexLooksLikeSubstring, {
  silent: {
    'a part, with what is around it': header('user-agent', '.*Chrome.*'),
    'the beginning of every browser': header('user-agent', 'Mozilla/5.0.*'),
    'a client that is none of the browsers': header('user-agent', 'acme-probe/1\\.0'),
    'an exact tool': header('user-agent', 'curl/8.7.1'),
    'a cookie among others': header('cookie', '^(.*?;\\s*)?(user=jason)(;.*)?$'),
    'a cookie at the end': header('cookie', '.*user=jason'),
    'baggage among others': header('baggage', '.*user=jason.*'),
    'a whole referer': header('referer', 'https://example\\.com/.*'),
    'any referer': header('referer', '.+'),
    'a token': header('authorization', 'Bearer .*'),
    'a header of which nothing is known': header('x-version', 'v2'),
    'exactly a tool': matching({ headers: { 'user-agent': { exact: 'curl/8.7.1' } } }),
    'exactly an app of one’s own': matching({ headers: { 'user-agent': { exact: 'ShopApp/3.1' } } }),
    'what browsers begin with': matching({ headers: { 'user-agent': { prefix: 'Mozilla/5.0 (Windows' } } }),
    'what credentials begin with': matching({ headers: { authorization: { prefix: 'Bearer ' } } }),
    'what a referer begins with': matching({ headers: { referer: { prefix: 'https://example.com/' } } }),
    'exactly something of which nothing is known': matching({ headers: { 'x-version': { exact: 'v2' } } }),
    'that there is a cookie': matching({ headers: { cookie: {} } }, { headers: { cookie: { prefix: '' } } }),
    'a pattern that RE2 refuses': header('user-agent', '(?=Chrome)'),
    'the beginning of every browser, anchored': header('user-agent', '^Mozilla.*'),
    'no anchor': matching({ uri: { regex: '/api' } }, { authority: { regex: 'beta\\..*' } }),
    'both anchors': matching({ uri: { regex: '^/api/v[0-9]$' } }),
    'one anchor, and anything at the other end': matching(
      { uri: { regex: '^/api/.*' } },
      { uri: { regex: '^/api/[^/]*' } },
      { headers: { 'x-user': { regex: '.*@example\\.com$' } } },
      { queryParams: { v: { regex: '^(a|b).+' } } },
    ),
    'an anchor for each alternative': header('x-version', '^v1|v2$'),
    'a dollar that is a letter': header('x-price', '5\\$'),
  },
  found: {
    'a browser': [
      header('user-agent', 'Chrome'),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].headers.user-agent.regex',
        words: ['Chrome sends', "Write '.*Chrome.*'"],
      },
    ],
    'two browsers': [header('User-Agent', '^(Chrome|Firefox)$'), { words: ["'.*(Chrome|Firefox).*'"] }],
    'a version': [header('user-agent', 'Chrome/1[0-9]+'), {}],
    'a missing tail': [header('user-agent', '.*Chrome'), {}],
    'the beginning of a path': [
      matching({ uri: { regex: '^/api/v[0-9]+' } }),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].uri.regex',
        words: ["'^' and no '$'", "'/api/v0~'", "Write '/api/v[0-9]+.*' for what begins like that, or '/api/v[0-9]+'."],
      },
    ],
    'the beginning of a header, in alternatives': [header('x-user', '^(beta|test)'), { words: ["'(beta|test).*'"] }],
    'the end of a header': [header('x-user', '@example\\.com$'), { words: ["'$' and no '^'", "'.*@example\\.com'"] }],
    'one end of a browser': [header('user-agent', 'Chrome$'), { words: ["Write '.*Chrome.*'"] }],
    'a missing tail, not said twice': [header('user-agent', '.*Chrome'), { words: ["Write '.*Chrome.*'"] }],
    'to be excluded': [
      matching({ withoutHeaders: { 'user-agent': { regex: 'Firefox' } } }),
      { path: 'spec.http[0].match[0].withoutHeaders.user-agent.regex' },
    ],
    'one cookie': [header('cookie', 'user=jason'), { words: ['user=jason; a=b', '(.*; ?)?user=jason(;.*)?'] }],
    'exactly one cookie': [
      matching({ headers: { Cookie: { exact: 'lane=blue.1' } } }),
      {
        path: 'spec.http[0].match[0].headers.Cookie.exact',
        words: ['The value lane=blue.1', 'lane=blue.1; a=b', "Write 'regex: (.*; ?)?lane=blue\\.1(;.*)?'"],
      },
    ],
    'a cookie at the beginning': [
      matching({ headers: { cookie: { prefix: 'lane=blue' } } }),
      { path: 'spec.http[0].match[0].headers.cookie.prefix', words: ['the beginning of cookie', 'a=b; lane=blue'] },
    ],
    'exactly a browser, and one at the beginning': [
      matching(
        { headers: { 'user-agent': { exact: 'Chrome' } } },
        { headers: { 'user-agent': { prefix: 'Firefox' } } },
      ),
      { path: 'spec.http[0].match[0].headers.user-agent.exact', words: ["Write 'regex: .*Chrome.*'"] },
      { path: 'spec.http[1].match[0].headers.user-agent.prefix', words: ["Write 'regex: .*Firefox.*'"] },
    ],
    'exactly the scheme of credentials': [matching({ headers: { authorization: { exact: 'Basic' } } }), {}],
    'one entry of baggage': [header('baggage', '^user=(jason|kim)$'), { words: [',a=b'] }],
    'the host of a referer': [header('referer', 'example\\.com'), { words: ['whole URL'] }],
    'the scheme of credentials': [header('authorization', '(?i)bearer'), { words: ['Bearer …'] }],
  },
});

describeCheck(regexMatchesTooMuch, {
  silent: {
    'Chrome, and all built like it': matching(agent('.*Chrome/.*')),
    Firefox: matching(agent('.*Firefox/.*')),
    'Safari by its version': matching(agent('.*Version/.* Safari/.*')),
    'Safari behind a rule for Chrome': matching(agent('.*Chrome/.*'), agent('.*Safari.*')),
    'Safari without Chrome': matching({
      ...agent('.*Safari.*'),
      withoutHeaders: { 'user-agent': { regex: '.*Chrome.*' } },
    }),
    'several browsers by name': matching(agent('.*(Chrome|Safari).*')),
    'no browser by name': matching(agent('.*Mobile.*')),
    'another header': header('x-client', '.*Safari.*'),
  },
  found: {
    Safari: [
      matching(agent('.*Safari.*')),
      {
        severity: Severity.WARNING,
        path: 'spec.http[0].match[0].headers.user-agent.regex',
        words: ['Chrome', 'Edge', '.*Version/.*'],
      },
    ],
    'Safari behind a rule that takes only some of them': [
      matching({ ...agent('.*Chrome/.*'), uri: { prefix: '/api' } }, agent('.*Safari.*')),
      { path: 'spec.http[1].match[0].headers.user-agent.regex' },
    ],
  },
});
