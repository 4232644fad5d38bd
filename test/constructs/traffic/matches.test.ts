/*
 * What rules ask of a request, in the words of Istio; and what no request can ever answer.
 */
import {
  HeaderMatch,
  HeaderRoutedMesh,
  Mesh,
  MethodMatch,
  PathMatch,
  QueryMatch,
  RequestMatch,
  SourceMatch,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { newChart, only, synth } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

describe('in the words of Istio', () => {
  test.each<[string, RequestMatch, object]>([
    ['exact', HeaderMatch.exact('end-user', 'jason'), { headers: { 'end-user': { exact: 'jason' } } }],
    ['prefix', HeaderMatch.prefix('end-user', 'ja '), { headers: { 'end-user': { prefix: 'ja ' } } }],
    ['regex', HeaderMatch.regex('x-id', '[0-9]+'), { headers: { 'x-id': { regex: '[0-9]+' } } }],
    ['contains', HeaderMatch.contains('user-agent', 'Chrome'), { headers: { 'user-agent': { regex: '.*Chrome.*' } } }],
    ['contains, quoted', HeaderMatch.contains('a', ' a.b '), { headers: { a: { regex: '.* a\\.b .*' } } }],
    ['cookie', HeaderMatch.cookie('a', 'b'), { headers: { cookie: { regex: '(.*;\\s*)?a=b(\\s*;.*)?' } } }],
    ['present', HeaderMatch.present('x-beta'), { headers: { 'x-beta': {} } }],
    ['absent', HeaderMatch.absent('x-beta'), { withoutHeaders: { 'x-beta': {} } }],
    ['names in lower case', HeaderMatch.exact('X-Beta', 'Yes'), { headers: { 'x-beta': { exact: 'Yes' } } }],
    ['a pseudo-header', HeaderMatch.exact(':authority', 'a.b'), { headers: { ':authority': { exact: 'a.b' } } }],
    ['a name like that of a method', HeaderMatch.exact('toString', 'a'), { headers: { tostring: { exact: 'a' } } }],
    ['a path', PathMatch.exact('/a'), { uri: { exact: '/a' } }],
    ['a beginning', PathMatch.prefix('/a'), { uri: { prefix: '/a' } }],
    ['a beginning that goes on', PathMatch.prefix('/a/..'), { uri: { prefix: '/a/..' } }],
    ['a path of encoded bytes', PathMatch.exact('/caf%C3%A9'), { uri: { exact: '/caf%C3%A9' } }],
    ['a folder', PathMatch.under('/a.b/'), { uri: { regex: '/a\\.b(/.*)?' } }],
    ['a pattern of paths', PathMatch.regex('/v[12]/.*'), { uri: { regex: '/v[12]/.*' } }],
    ['a method', MethodMatch.exact('GET'), { method: { exact: 'GET' } }],
    ['methods', MethodMatch.exact('GET', 'HEAD'), { method: { regex: 'GET|HEAD' } }],
    [
      'baggage',
      HeaderMatch.baggage('lane', 'beta'),
      { headers: { baggage: { regex: '(.*,)?\\s*lane\\s*=\\s*beta\\s*([,;].*)?' } } },
    ],
    [
      'baggage that senders encode as they like',
      HeaderMatch.baggage('a', '/é'),
      { headers: { baggage: { regex: '(.*,)?\\s*a\\s*=\\s*(?:/|%2[Ff])%[Cc]3%[Aa]9\\s*([,;].*)?' } } },
    ],
    ['a parameter', QueryMatch.exact('v', 'a%20b'), { queryParams: { v: { exact: 'a%20b' } } }],
    ['an empty parameter', QueryMatch.exact('v', ''), { queryParams: { v: { exact: '' } } }],
    ['a pattern of a parameter', QueryMatch.regex('v[]', '[0-9]+'), { queryParams: { 'v[]': { regex: '[0-9]+' } } }],
    ['a parameter of any value', QueryMatch.present('v'), { queryParams: { v: {} } }],
    ['negated', RequestMatch.not(HeaderMatch.exact('X-A', 'b')), { withoutHeaders: { 'x-a': { exact: 'b' } } }],
    ['a method of WebDAV', MethodMatch.exact('VERSION-CONTROL'), { method: { exact: 'VERSION-CONTROL' } }],
  ])('%s', (_what, match, words) => {
    expect(wordsFor(match)).toEqual(words);
  });

  test('all of several, nested ones too', () => {
    const both = RequestMatch.allOf(HeaderMatch.present('a'), HeaderMatch.absent('b'));
    expect(wordsFor(RequestMatch.allOf(both, MethodMatch.exact('GET'), PathMatch.exact('/')))).toEqual({
      headers: { a: {} },
      withoutHeaders: { b: {} },
      uri: { exact: '/' },
      method: { exact: 'GET' },
    });
  });
});

describe('any of several', () => {
  const { allOf, anyOf, not } = RequestMatch;
  const [a, b, c] = ['a', 'b', 'c'].map((name) => HeaderMatch.present(name));
  const [a1, b1, c1] = ['a', 'b', 'c'].map((name) => HeaderMatch.exact(name, '1'));

  test('is a match list, and one rule', () => {
    expect(listFor(anyOf(a, allOf(b, c)))).toEqual([{ headers: { a: {} } }, { headers: { b: {}, c: {} } }]);
  });

  test('within all of several, each alternative has the rest', () => {
    expect(listFor(allOf(anyOf(a, b), PathMatch.exact('/x')))).toEqual([
      { headers: { a: {} }, uri: { exact: '/x' } },
      { headers: { b: {} }, uri: { exact: '/x' } },
    ]);
  });

  test('within all of several, alternatives of each are combined, and what excludes itself is left out', () => {
    const either = anyOf(a1, not(b1));
    expect(listFor(allOf(either, anyOf(b1, c)))).toEqual([
      { headers: { a: { exact: '1' }, b: { exact: '1' } } },
      { headers: { a: { exact: '1' }, c: {} } },
      { headers: { c: {} }, withoutHeaders: { b: { exact: '1' } } },
    ]);
  });

  test('negated, none holds; all of several negated, one does not hold', () => {
    expect(listFor(not(anyOf(a1, b1)))).toEqual([{ withoutHeaders: { a: { exact: '1' }, b: { exact: '1' } } }]);
    expect(listFor(not(allOf(a1, b1)))).toEqual([
      { withoutHeaders: { a: { exact: '1' } } },
      { withoutHeaders: { b: { exact: '1' } } },
    ]);
  });

  test('negated twice is what it was', () => {
    const match = anyOf(allOf(a1, b1), c1);
    expect(not(not(match))).toBe(match);
    expect(listFor(not(HeaderMatch.absent('a')))).toEqual([{ headers: { a: {} } }]);
  });

  test('the same twice is written once', () => {
    expect(listFor(anyOf(a, HeaderMatch.present('a')))).toEqual([{ headers: { a: {} } }]);
    expect(listFor(allOf(a, HeaderMatch.present('a')))).toEqual([{ headers: { a: {} } }]);
  });

  test('no check takes offence', () => {
    const { mesh, chart } = meshOf(
      allOf(anyOf(a, b, not(c1)), QueryMatch.present('v'), MethodMatch.exact('GET', 'PUT')),
    );
    expect(mesh.routeObjects).toHaveLength(1);
    expect(
      Mesh.fromChart(chart)
        .check()
        .map(({ message }) => message),
    ).toEqual([]);
  });

  const many = Array.from({ length: 8 }, (_, index) => HeaderMatch.present(`x-${index}`));
  testRefusals([
    ['none', () => anyOf(), 'RequestMatch.anyOf', 'nothing to match'],
    ['no match', () => anyOf(a, 'b' as never), "RequestMatch.anyOf: 'b' is not a match", 'anyOf(Header'],
    ['no match to negate', () => not(undefined as never), 'RequestMatch.not: undefined is not a match'],
    ['too many', () => allOf(anyOf(...many), not(allOf(...many))), 'RequestMatch.allOf: this makes 56', '50'],
    ['a path negated', () => not(PathMatch.exact('/a')), 'RequestMatch.not', 'the path', 'a rule for what it matches'],
    ['a method negated', () => not(allOf(a, MethodMatch.exact('GET'))), 'the method', 'before this one'],
    ['a query negated', () => not(QueryMatch.present('v')), 'the query', 'before this one'],
    ['a caller negated', () => not(SourceMatch.namespace('a')), 'the namespace of the caller'],
    ['a regex of the empty value negated', () => not(HeaderMatch.regex('a', 'b*')), "'b*'", "absent('a')", "'.+'"],
    ['one header negated twice', () => not(anyOf(a1, HeaderMatch.exact('A', '2'))), "'a' and 'A'", 'by case'],
    ['one header negated twice', () => not(anyOf(a1, HeaderMatch.prefix('a', '2'))), "the negated header 'a' twice"],
    ['a header and its negation', () => allOf(a1, not(a1)), 'no request can match'],
    [
      'one parameter twice',
      () => allOf(QueryMatch.present('v'), QueryMatch.exact('v', '1')),
      "query parameter 'v' twice",
    ],
    [
      'labels twice',
      () => allOf(SourceMatch.labels({ a: 'b' }), SourceMatch.labels({ c: 'd' })),
      'about the labels of the caller twice',
      'one condition',
    ],
  ]);

  test('a header may be matched and negated', () => {
    const match = allOf(HeaderMatch.prefix('a', '1'), not(HeaderMatch.exact('a', '12')));
    expect(listFor(match)).toEqual([{ headers: { a: { prefix: '1' } }, withoutHeaders: { a: { exact: '12' } } }]);
  });
});

describe('the caller', () => {
  test('its labels and its namespace, inside the mesh', () => {
    const match = RequestMatch.allOf(SourceMatch.labels({ app: 'web' }), SourceMatch.namespace('front'));
    expect(listFor(match, TrafficSource.MESH)).toEqual([{ sourceLabels: { app: 'web' }, sourceNamespace: 'front' }]);
  });

  test('the labels are copied', () => {
    const labels: { [key: string]: string } = { app: 'web' };
    const match = SourceMatch.labels(labels);
    labels.app = 'other';
    expect(listFor(match, TrafficSource.MESH)).toEqual([{ sourceLabels: { app: 'web' } }]);
  });

  const { labels, namespace } = SourceMatch;
  testRefusals([
    ['no labels', () => labels({}), 'SourceMatch.labels', 'at least one'],
    ['labels of text', () => labels('app' as never), "SourceMatch.labels: labels 'app' is not a map"],
    ['a Map of labels', () => labels(new Map([['a', 'b']]) as never), 'is not a map'],
    ['a value that is no text', () => labels({ a: 5 as never }), "labels['a'] 5", 'quotes'],
    ['a key that is none', () => labels({ 'a b': 'c' }), "label 'a b'", 'not a key'],
    ['a value that is none', () => labels({ a: 'b c' }), "value 'b c' of label 'a'"],
    ['a key that is lost', () => labels({ constructor: 'a' } as never), "'constructor'", 'cannot write'],
    ['a namespace that is none', () => namespace('A'), "SourceMatch.namespace: namespace 'A'", "write 'a'"],
    ['no namespace', () => namespace(undefined as never), 'undefined', 'not a string'],
  ]);
});

describe('parameters of the query', () => {
  const { exact, regex, present } = QueryMatch;
  testRefusals([
    ['no name', () => present(''), 'QueryMatch.present', 'is empty'],
    ['a name of several', () => present('a&b'), "query parameter 'a&b' can never arrive", 'percent-encoded'],
    ['a name with =', () => exact('a=b', 'c'), "'a=b' can never arrive"],
    ['a name that is no text', () => present(5 as never), 'query parameter 5 is not a string'],
    ['a name that is lost', () => present('__proto__'), "'__proto__'", 'cannot write'],
    ['a value with a space', () => exact('a', 'b c'), "the value 'b c' for query parameter 'a'", 'as in a%20b'],
    ['a value with &', () => exact('a', 'b&c'), "'b&c'", 'can never arrive'],
    ['a value beyond ASCII', () => exact('a', 'é'), "'é'", 'percent-encoded'],
    ['no value', () => exact('a', undefined as never), 'undefined', 'not a string'],
    ['a pattern that is none', () => regex('a', '(?!b)'), "QueryMatch.regex: the pattern '(?!b)'", 'lookahead'],
    ['an empty pattern', () => regex('a', ''), 'is empty', 'use present'],
    ['a RegExp', () => regex('a', /b/ as never), 'RegExp', 'not a string'],
  ]);
});

describe('baggage', () => {
  const { baggage } = HeaderMatch;
  testRefusals([
    ['no key', () => baggage('', 'a'), "HeaderMatch.baggage: ''", 'the key'],
    ['a key with =', () => baggage('a=b', 'c'), "'a=b'", 'the key'],
    ['a key that is no text', () => baggage(5 as never, 'a'), 'HeaderMatch.baggage: 5'],
    ['no value', () => baggage('a', undefined as never), 'undefined is not the value'],
    ['half a character', () => baggage('a', '\ud800'), 'is not the value'],
    ['too long', () => baggage('a', '/'.repeat(200)), '1024', 'HeaderMatch.baggage'],
  ]);
});

describe('names of headers', () => {
  const { exact, absent } = HeaderMatch;
  testRefusals([
    ['empty', () => exact('', 'a'), "HeaderMatch.exact: header ''", 'not a header name'],
    ['with a space', () => exact('user agent', 'a'), "'user agent'", 'without spaces'],
    ['with a colon', () => exact('x-user:', 'a'), "'x-user:'", "':'"],
    ['beyond ASCII', () => exact('größe', 'a'), "'größe'", 'letters, digits'],
    ['with a line break', () => exact('a\n', 'b'), 'HeaderMatch.exact: header', 'not a header name'],
    ['pseudo, but unknown', () => exact(':status', 'a'), "':status'", ':authority, :method, :path, :scheme'],
    ['host, which Envoy takes away', () => exact('Host', 'a.b'), "header 'Host'", "write ':authority'"],
    ['of all factories alike', () => absent('a b'), 'HeaderMatch.absent', "'a b'"],
    ['undefined', () => exact(undefined as never, 'a'), 'header undefined', 'not a string'],
    ['a number', () => exact(5 as never, 'a'), 'header 5', 'not a string'],
    ['__proto__, which is lost when it is written', () => exact('__proto__', 'a'), "'__proto__'", 'another'],
    ['constructor, which cannot be written', () => exact('Constructor', 'a'), "'Constructor'", 'another'],
  ]);
});

describe('values of headers', () => {
  const { exact, prefix, contains } = HeaderMatch;
  testRefusals([
    [
      'empty, exactly',
      () => exact('x-beta', ''),
      "HeaderMatch.exact: the value for header 'x-beta' is empty",
      'present',
    ],
    ['empty at the beginning', () => prefix('x-beta', ''), 'HeaderMatch.prefix', 'is empty', 'present'],
    ['empty inside', () => contains('x-beta', ''), 'HeaderMatch.contains', 'is empty', 'present'],
    ['undefined', () => exact('x-beta', undefined as never), "'x-beta' is empty", 'absent'],
    ['a number', () => exact('x-beta', 5 as never), "'x-beta'", 'present'],
    ['with a space at the end', () => exact('x-beta', 'a '), "'a '", "'x-beta'", 'spaces at the ends'],
    ['with a space before', () => prefix('x-beta', ' a'), "' a'", 'spaces at the ends'],
    ['of several lines', () => contains('x-beta', 'a\nb'), 'printable ASCII'],
    ['beyond ASCII', () => exact('x-user', 'José'), "'José'", 'printable ASCII'],
    ['too long for a regex', () => contains('x-user', 'a'.repeat(1021)), '1025 bytes', '1024', 'split'],
  ]);

  test('1024 bytes of regex are not too long', () => {
    expect(() => contains('x-user', 'a'.repeat(1020))).not.toThrow();
  });
});

describe('patterns', () => {
  const { regex } = HeaderMatch;
  testRefusals([
    ['lookahead', () => regex('user-agent', '.*(?=Chrome).*'), "'.*(?=Chrome).*'", "'user-agent'", 'lookahead'],
    ['negative lookahead', () => regex('user-agent', '(?!.*bot).*'), 'RE2', 'lookahead'],
    ['lookbehind', () => regex('x-id', '(?<=a)b.*'), 'RE2', 'lookbehind'],
    ['a backreference', () => regex('x-id', '(a)\\1'), "'(a)\\1'", 'backreference'],
    ['a group that is not closed', () => regex('x-id', '(a'), "'(a'", 'RE2'],
    ['a star alone', () => regex('x-id', '*'), "'*'", 'RE2'],
    ['empty', () => regex('x-id', ''), 'is empty', 'present'],
    ['1025 bytes', () => regex('x-id', `${'a'.repeat(1023)}.*`), '1025 bytes', '1024'],
    ['1025 bytes of fewer characters', () => regex('x-id', `${'é'.repeat(512)}.`), '1025 bytes', '1024'],
    ['undefined', () => regex('x-id', undefined as never), 'undefined', 'not a string'],
    ['a JavaScript RegExp', () => regex('x-id', /a.*/ as never), 'RegExp', 'not a string'],
    [
      'a word that was meant to be inside',
      () => regex('user-agent', 'Chrome'),
      "write HeaderMatch.contains('user-agent', 'Chrome')",
      'exact',
    ],
    [
      'words that were meant to be inside',
      () => regex('user-agent', 'Chrome|Edge'),
      "HeaderMatch.regex('user-agent', '.*(Chrome|Edge).*')",
    ],
    ['words in brackets', () => regex('user-agent', '(Chrome)'), "write HeaderMatch.contains('user-agent', 'Chrome')"],
    ['words in brackets', () => regex('user-agent', '(?:Chrome|Edg)'), "'.*(Chrome|Edg).*'"],
    ['anchored words', () => regex('user-agent', '^Chrome$'), "HeaderMatch.contains('user-agent', 'Chrome')"],
    ['words in any case', () => regex('user-agent', '(?i)chrome'), "HeaderMatch.regex('user-agent', '(?i).*chrome.*')"],
    ['a path that is none', () => PathMatch.regex('(?!x)'), 'PathMatch.regex', "'(?!x)'", 'lookahead'],
    ['a path that is empty', () => PathMatch.regex(''), 'PathMatch.regex', 'is empty'],
    ['a path of 1025 bytes', () => PathMatch.regex('/'.repeat(1025)), 'PathMatch.regex', '1025 bytes', '1024'],
    ['a folder of 1025 bytes', () => PathMatch.under(`/${'a'.repeat(1018)}`), 'PathMatch.under', '1025 bytes'],
  ]);

  test.each([
    ['user-agent', '.*Chrome.*'],
    ['user-agent', 'Mozilla/5\\.0 .*'],
    ['x-user', '(ann|bob)'],
    ['x-id', '[0-9]{1,5}'],
    ['x-id', `${'a'.repeat(1022)}.*`],
  ])('%s ~ %s is one', (header, pattern) => {
    expect(() => regex(header, pattern)).not.toThrow();
  });
});

describe('cookies, paths and methods', () => {
  const { cookie } = HeaderMatch;
  testRefusals([
    ['a cookie without a name', () => cookie('', 'a'), "HeaderMatch.cookie: ''", 'name of a cookie'],
    ['a cookie name with =', () => cookie('a=b', 'c'), "'a=b'", 'name of a cookie'],
    ['a cookie value with ;', () => cookie('a', 'b; c=d'), "'b; c=d'", 'value of a cookie', 'encode'],
    ['a quoted cookie value', () => cookie('a', '"b"'), 'value of a cookie', 'encode'],
    ['no cookie value', () => cookie('a', undefined as never), 'undefined', 'value of a cookie'],
    ['a number for a cookie', () => cookie(5 as never, 'a'), 'HeaderMatch.cookie: 5', 'name of a cookie'],
    ['a path with dots', () => PathMatch.exact('/a/../b'), "'/a/../b' never arrives in that form", "write '/b'"],
    ['a beginning with dots', () => PathMatch.prefix('/a/./b'), "write '/a/b'"],
    ['a folder of encoded letters', () => PathMatch.under('/%61bc'), "write '/abc'"],
    ['a path of characters that are encoded', () => PathMatch.exact('/a|b'), "write '/a%7Cb'"],
    ['a path that Envoy refuses', () => PathMatch.exact('/a%00'), 'leave out %00'],
    ['a path without /', () => PathMatch.exact('api'), "PathMatch.exact: 'api'", '/api'],
    ['an empty path', () => PathMatch.prefix(''), "PathMatch.prefix: ''", '/api'],
    ['a path with a query', () => PathMatch.exact('/api?a=b'), "'/api?a=b'", 'without a query'],
    ['a path with a fragment', () => PathMatch.under('/api#a'), "PathMatch.under: '/api#a'"],
    ['a path that was not encoded', () => PathMatch.exact('/café'), "'/café'", 'percent-encoded'],
    ['half a character', () => PathMatch.exact('/\ud800'), 'percent-encoded'],
    ['no path', () => PathMatch.under(undefined as never), 'undefined', '/api'],
    ['a method in small letters', () => MethodMatch.exact('get'), "MethodMatch.exact: 'get'", "write 'GET'"],
    ['an empty method', () => MethodMatch.exact(''), "MethodMatch.exact: ''", 'in capitals'],
    ['two methods', () => MethodMatch.exact('GET|POST'), "'GET|POST'", "write MethodMatch.exact('GET', 'POST')"],
    ['a list of methods', () => MethodMatch.exact(['GET'] as never), '(a list)', 'one by one'],
    ['no methods', () => MethodMatch.exact(), 'MethodMatch.exact: there is no method', "exact('GET')"],
    ['a method twice', () => MethodMatch.exact('GET', 'PUT', 'GET'), "method 'GET' is named twice", 'once'],
    ['no method', () => MethodMatch.exact(undefined as never), 'undefined', 'in capitals'],
  ]);
});

describe('several at once', () => {
  const { exact, present, absent } = HeaderMatch;
  const { allOf } = RequestMatch;
  testRefusals([
    ['none', () => allOf(), 'RequestMatch.allOf', 'nothing to match', 'the default'],
    ['one header twice', () => allOf(exact('a', 'b'), present('a')), "about the header 'a' twice", 'two rules'],
    ['one header with and without', () => allOf(present('a'), absent('a')), 'no request can match', 'header'],
    ['names that differ by case', () => allOf(exact('X-A', 'b'), exact('x-a', 'c')), "'X-A' and 'x-a'", 'by case'],
    ['two paths', () => allOf(PathMatch.exact('/a'), PathMatch.prefix('/b')), 'the path', 'two rules'],
    ['two methods', () => allOf(MethodMatch.exact('GET'), MethodMatch.exact('PUT')), 'the method', 'two rules'],
    ['two cookies, of one header', () => allOf(HeaderMatch.cookie('a', 'b'), HeaderMatch.cookie('c', 'd')), "'cookie'"],
    ['undefined', () => allOf(undefined as never), 'RequestMatch.allOf: undefined', 'one by one'],
    ['null among matches', () => allOf(present('a'), null as never), 'RequestMatch.allOf: null', 'one by one'],
    ['a list', () => allOf([present('a')] as never), 'RequestMatch.allOf', 'one by one'],
    ['an object of headers', () => allOf({ 'x-beta': 'yes' } as never), 'RequestMatch.allOf', 'one by one'],
  ]);
});

/** The match that a rule becomes. */
function wordsFor(match: RequestMatch): object {
  const list = listFor(match);
  expect(list).toHaveLength(1);
  return list[0];
}

/** The match list that a rule becomes; held against the schemas. */
function listFor(match: RequestMatch, traffic = TrafficSource.GATEWAY): object[] {
  const manifests = synth(meshOf(match, traffic).chart);
  expectValid(manifests);
  const [rule] = only(manifests, 'VirtualService').spec.http as { match: object[] }[];
  return rule.match;
}

function meshOf(match: RequestMatch, traffic = TrafficSource.GATEWAY) {
  const chart = newChart();
  const apis = versioned(chart);
  const hosts = traffic === TrafficSource.GATEWAY ? ['shop.example.com'] : [];
  const mesh = new HeaderRoutedMesh(chart, 'mesh', { traffic, hosts, ...apis });
  mesh.route(apis.service.version('v2'), match);
  return { mesh, chart };
}
