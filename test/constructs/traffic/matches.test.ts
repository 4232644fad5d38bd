/*
 * What rules ask of a request, in the words of Istio; and what no request can ever answer.
 */
import { HeaderMatch, HeaderRoutedMesh, MethodMatch, PathMatch, RequestMatch } from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { manifestsOf, only } from '../../support/synth';
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
    ['a folder', PathMatch.under('/a.b/'), { uri: { regex: '/a\\.b(/.*)?' } }],
    ['a pattern of paths', PathMatch.regex('/v[12]/.*'), { uri: { regex: '/v[12]/.*' } }],
    ['a method', MethodMatch.exact('GET'), { method: { exact: 'GET' } }],
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
    ['a path without /', () => PathMatch.exact('api'), "PathMatch.exact: 'api'", '/api'],
    ['an empty path', () => PathMatch.prefix(''), "PathMatch.prefix: ''", '/api'],
    ['a path with a query', () => PathMatch.exact('/api?a=b'), "'/api?a=b'", 'without a query'],
    ['a path with a fragment', () => PathMatch.under('/api#a'), "PathMatch.under: '/api#a'"],
    ['a path that was not encoded', () => PathMatch.exact('/café'), "'/café'", 'percent-encoded'],
    ['half a character', () => PathMatch.exact('/\ud800'), 'percent-encoded'],
    ['no path', () => PathMatch.under(undefined as never), 'undefined', '/api'],
    ['a method in small letters', () => MethodMatch.exact('get'), "MethodMatch.exact: 'get'", "write 'GET'"],
    ['an empty method', () => MethodMatch.exact(''), "MethodMatch.exact: ''", 'in capitals'],
    ['two methods', () => MethodMatch.exact('GET|POST'), "'GET|POST'"],
    ['no method', () => MethodMatch.exact(undefined as never), 'undefined', 'in capitals'],
  ]);
});

describe('several at once', () => {
  const { exact, present, absent } = HeaderMatch;
  const { allOf } = RequestMatch;
  testRefusals([
    ['none', () => allOf(), 'RequestMatch.allOf', 'nothing to match', 'the default'],
    ['one header twice', () => allOf(exact('a', 'b'), present('a')), "header 'a' is asked about twice", 'two rules'],
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

/** The match that a rule becomes; held against the schemas. */
function wordsFor(match: RequestMatch): object {
  const manifests = manifestsOf((chart) => {
    const apis = versioned(chart);
    new HeaderRoutedMesh(chart, 'mesh', { hosts: ['*'], ...apis }).route(apis.service.version('v2'), match);
  });
  expectValid(manifests);
  const [rule] = only(manifests, 'VirtualService').spec.http as { match: object[] }[];
  expect(rule.match).toHaveLength(1);
  return rule.match[0];
}
