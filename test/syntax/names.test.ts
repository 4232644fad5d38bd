/*
 * What Kubernetes, Istio and HTTP accept as a name, and what is suggested where they do not.
 */
import {
  complaintAboutDnsLabel,
  complaintAboutDnsName,
  complaintAboutHeaderName,
  complaintAboutHost,
  complaintAboutHttpPortName,
  complaintAboutLabelValue,
  complaintAboutMetadataKey,
  complaintAboutPort,
  complaintAboutServiceName,
  toDnsLabel,
} from '../../src/syntax/names';

type Complain = (value: never) => string | undefined;

/** What each accepts, and what it refuses, with a part of the sentence where that matters. */
const TABLE: readonly [complain: Complain, good: unknown[], bad: (string | readonly [unknown, string])[]][] = [
  [
    complaintAboutDnsLabel,
    ['a', '0', 'a-b', '1-4-0', 'a--b', 'a'.repeat(63)],
    ['', '-', 'a-', '-a', 'A', 'a.b', 'a_b', 'a b', 'ä', 'a\n', ['a'.repeat(64), 'at most 63'], ['My_App', "'my-app'"]],
  ],
  [
    complaintAboutServiceName,
    ['a', 'a1', 'a-b', 'a'.repeat(63)],
    ['', 'a.b', 'A', ['1-4-0', "write 'v1-4-0'"], ['a'.repeat(64), 'at most 63']],
  ],
  [
    complaintAboutLabelValue,
    ['a', 'A', '1.4.0', 'v1.4_rc', '0', 'a'.repeat(63)],
    ['', '-a', 'a.', '_', 'ä', 'a\n', ['a b', "'a-b'"], ['1.4+b', "'1.4-b'"], ['a'.repeat(64), 'at most 63']],
  ],
  [
    complaintAboutMetadataKey,
    ['a', 'A.b_c', 'example.com/a', 'a.b/c', `${'a'.repeat(63)}`, `${'a.'.repeat(126)}a/b`],
    ['', '/', 'a/', '/a', 'a/b/c', 'a b', '_a', 'a_', 'A.com/a', 'a..b/c', 'a'.repeat(64), `${'a.'.repeat(127)}a/b`],
  ],
  [
    complaintAboutDnsName,
    ['local', 'cluster.local', 'a-b.c', `${'a.'.repeat(126)}a`],
    ['', '.', 'a.', '.a', 'a..b', 'A', 'a b', '*', '*.a', `${'a.'.repeat(127)}a`, `${'a'.repeat(64)}.b`],
  ],
  [
    complaintAboutHost,
    ['*', 'a.b', '*.b', '*.a.b', 'xn--caf-dma.example.com', '192.0.2.7', '0.0.0.0', '1.a', `${'a.'.repeat(126)}a`],
    [
      '',
      '**',
      '*.',
      '.',
      'a.',
      '.a.b',
      'a..b',
      'a.*',
      '*a.b',
      'a b.c',
      'a_b.c',
      'a.b\n',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '::1',
      `${'a.'.repeat(127)}a`,
      ['a', 'a.example.com'],
      ['A.b', "'a.b'"],
      ['http://a.b', 'URL'],
      ['a.b/c', 'path'],
      ['a.b:80', 'port'],
    ],
  ],
  [
    complaintAboutHeaderName,
    ['a', 'User-Agent', 'x_y', "!#$%&'*+-.^_`|~", '0', ':authority', ':method', ':path', ':scheme'],
    ['', ' ', 'a b', 'a:', 'a\n', 'ä', '(a)', 'a/b', '"a"', [':status', ':authority'], [':', ':path']],
  ],
  [
    complaintAboutHttpPortName,
    ['http', 'http2', 'grpc', 'grpc-web', 'http-web', 'grpc-web-a', 'http-1'],
    ['', 'web', 'https', 'tcp', 'tcp-http', 'http-', 'http-A', 'HTTP', 'httpweb', ['http-abcdefghijk', 'at most 15']],
  ],
];

describe.each(TABLE.map(([complain, good, bad]) => ({ name: complain.name, complain, good, bad })))('$name', (row) => {
  test.each(row.good)('has none of %j', (value) => {
    expect(row.complain(value as never)).toBeUndefined();
  });

  test.each(row.bad.map((bad) => (typeof bad === 'string' ? ([bad, ''] as const) : bad)))(
    'has one of %j',
    (value, says) => {
      const complaint = row.complain(value as never);
      expect(complaint).toBeDefined();
      expect(complaint).toContain(says);
    },
  );
});

test.each([1, 80, 65_535])('%d is a port', (port) => {
  expect(complaintAboutPort(port)).toBeUndefined();
});

test.each([0, -1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '80', null, undefined])(
  '%p is no port',
  (port) => {
    expect(complaintAboutPort(port as never)).toContain('1 to 65535');
  },
);

test.each([complaintAboutDnsLabel, complaintAboutServiceName, complaintAboutLabelValue, complaintAboutDnsName])(
  'what is not a string is answered with a sentence by %p',
  (complain) => {
    for (const value of [undefined, null, 5, true, {}, [], Symbol('a')]) {
      expect(complain(value as never)).toContain('not a string');
    }
  },
);

test.each([
  ['v1.4_RC', 'v1-4-rc'],
  ['1.4.0', '1-4-0'],
  ['--a--', 'a'],
  ['é', ''],
  ['', ''],
])('%j as a DNS label is %j', (text, label) => {
  expect(toDnsLabel(text)).toBe(label);
});
