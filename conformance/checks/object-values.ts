/*
 * What else generated objects have in their fields: keys and values of maps, numbers, durations and metadata.
 */

const HEADERS = [
  'x-version',
  'X-User',
  ':authority',
  'host',
  'Host',
  'a b',
  '',
  'uri',
  ':path',
  ':status',
  ':nothing',
  'ä',
]
  .concat([
    '@request.auth.claims.a',
    '@request.auth.claims',
    '@request.auth.claims[a]',
    '@Request.Auth.Claims.a',
    'a_b',
  ])
  .concat(['@request.auth.claims.', '@request.auth.claims[]', 'authority', 'method']);
const LABELS = [
  'app',
  'version',
  'a b',
  '',
  'istio',
  'app.kubernetes.io/name',
  'A.b/c',
  '/a',
  'a/',
  'a*',
  '-a',
  'a_b',
].concat(['a'.repeat(64), 'a.-b/c', 'a/b/c']);

/** The keys of maps, by the field that is a map. */
const KEYS: { readonly [field: string]: readonly string[] } = {
  sourceLabels: LABELS,
  labels: LABELS,
  matchLabels: LABELS,
  selector: LABELS,
  to: [
    'us-west/zone1/*',
    'us-west/zone1/a',
    'us-west/*',
    'us-west/zone2/*',
    'us-east',
    '*',
    '',
    'a//b',
    '*/a',
    'us-west',
  ],
  ports: ['http', 'tls', 'UPPER', '', 'a b', 'nothing'],
  portLevelMtls: ['80', '0', '65535', '65536', 'a', '-1', '080'],
  customTags: ['a', ''],
  tagOverrides: ['a', ''],
};

export function keysOf(field: string): readonly string[] {
  return KEYS[field] ?? HEADERS;
}

const HEADER_VALUES = [
  'a',
  '',
  'a b',
  '100%',
  '100%%',
  '%',
  '%A%',
  '%a b%',
  '%A',
  '%A()%',
  '%A(b)%',
  '%A(b)c%',
  '%A(b) %',
]
  .concat([
    '%A([b])%',
    '%A(["b"])%',
    '%A(["b", "c"])%',
    '%A(["b" c])%',
    '%A(["b"]c)%',
    '%A(b\\)%',
    '%A(b\\',
    '50% off 20%',
  ])
  .concat(['a\tb', 'a\nb', 'a\u0001b', '\u007f', 'ä', '%%%', '%A%%', '%(%', '% %']);
const LABEL_VALUES = ['web', '', 'a b', 'a*', '*', '-a', 'a_b.c', 'a'.repeat(63), 'a'.repeat(64), 'ä'];

/** The values of maps of texts. */
const VALUES_IN: { readonly [field: string]: readonly string[] } = {
  sourceLabels: LABEL_VALUES,
  labels: LABEL_VALUES,
  matchLabels: LABEL_VALUES,
  selector: LABEL_VALUES,
  set: HEADER_VALUES,
  add: HEADER_VALUES,
};

/** Of the field that is a map; undefined where its values are no such texts. */
export function valuesIn(field: string): readonly string[] | undefined {
  return VALUES_IN[field];
}

export const DURATIONS = [
  '5s',
  '0s',
  '1ms',
  '0.5ms',
  '1h',
  '-1s',
  '100',
  '1.5s',
  '1m30s',
  '',
  '1.5ms',
  '0.001s',
  '1us',
  '+5s',
  '2562047h',
  '2562048h',
];

const INTEGERS = [
  0, 1, 2, 80, 100, 101, 200, 301, 404, 443, 599, 600, 601, 65535, 65536, -1, 199, 299, 399, 400,
].concat([2147483647, 2147483648, 4294967295, 4294967296, 1.5]);
const NUMBERS: { readonly [field: string]: readonly number[] } = {
  tableSize: [0, 1, 2, 3, 4, 9, 65536, 65537, 4999999, 5000010, 5000011, 5000021, 25],
  minimumRingSize: [0, 1, 1024],
  to: [0, 1, 20, 80, 99, 100, 101],
};
export const FRACTIONS = [0, 0.5, 50, 100, 100.1, -1, 0.0001, 0.00009, -0.1, 99.9999];

export function integersOf(field: string): readonly number[] {
  return NUMBERS[field] ?? INTEGERS;
}

/** Annotations and labels that Istio's validation reads. */
export const METADATA: readonly { readonly [part: string]: { readonly [key: string]: string } }[] = [
  { annotations: { 'istio.io/dry-run': 'true' } },
  { annotations: { 'istio.io/dry-run': 'no' } },
  { annotations: { 'istio.io/dry-run': 'T' } },
  { annotations: { 'internal.istio.io/webhook-always-reject': '' } },
  { annotations: { 'internal.istio.io/parents': 'a' } },
  { annotations: { 'internal.istio.io/parent-namespace': 'a' } },
  { labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } },
  { labels: { 'networking.istio.io/enable-autoallocate-ip': 'true' } },
  { labels: { 'istio.io/use-waypoint': 'a' } },
  { labels: { 'istio.io/use-waypoint': 'None' } },
];
