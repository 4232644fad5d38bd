/*
 * Objects of Istio's kinds as Istio's validation may see them: mostly right by their schema, and otherwise wild. Half of them are
 * made from the schema alone, half are objects of generated meshes in which a few things are changed.
 */
import { ISTIO_SPECS } from '../../imports/istio.schema';
import type { Manifest } from '../manifest';
import type { Random } from '../random';

/** The part of OpenAPI that the schemas use. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

const KINDS = ['VirtualService', 'Gateway', 'DestinationRule'] as const;

const WORDS: { readonly [field: string]: readonly string[] } = {
  host: ['web', 'web.apps.svc.cluster.local', '*.example.com', '*', '', 'a b', 'UPPER.example.com', '10.0.0.1', '*web'],
  hosts: [
    'a.example.com',
    '*.example.com',
    '*',
    'web',
    './a.example.com',
    'apps/*',
    '',
    '*/*',
    'a..b',
    '*a.example.com',
    'ns/web',
  ],
  gateways: ['mesh', 'edge', 'apps/edge', 'a/b/c', '', 'UPPER', 'apps/'],
  exportTo: ['.', '*', '~', 'apps', 'UPPER', ''],
  name: ['v1', 'http', 'web', '', 'UPPER', 'a.b', 'x_y'],
  subset: ['v1', 'v2', '', 'UPPER', 'a.b'],
  namespace: ['apps', '', 'UPPER', 'a.b'],
  protocol: ['HTTP', 'http', 'HTTPS', 'TCP', 'TLS', 'GRPC', 'HTTP2', 'MONGO', 'UDP', 'nothing', ''],
  exact: ['a', '/', '', 'v1', 'https://a.example.com'],
  prefix: ['a', '/', '', '/api'],
  regex: ['.*', '[', '', 'a|b', '(?i)a', '(?!a)', '*', '/.*'],
  uri: ['/', '/new', '', '%PREFIX()%/new'],
  authority: ['new.example.com', '', 'a:8080', 'a b'],
  scheme: ['http', 'https', '', 'ftp'],
  match: ['/api', '(', '', '^/(.*)$'],
  rewrite: ['/x', '\\1', ''],
  grpcStatus: ['UNAVAILABLE', 'unavailable', 'NOTHING', ''],
  retryOn: ['5xx', 'gateway-error,connect-failure', '503', 'nothing', '', '5xx,nothing'],
  bind: ['0.0.0.0', '10.0.0.1', 'a', '', 'unix:///a', '@a'],
  credentialName: ['cert', ''],
  sniHosts: ['a.example.com', '*.example.com', 'b.example.org', '', '*'],
  destinationSubnets: ['10.0.0.0/8', '10.0.0.1', 'a', ''],
  allowMethods: ['GET', 'get', 'NOTHING', ''],
  allowHeaders: ['x-a', ''],
  string: ['no', ''],
  bytes: ['bm8=', ''],
  sourceNamespace: ['apps', 'UPPER'],
};

const KEYS = [
  'x-version',
  'X-User',
  'app',
  'version',
  ':authority',
  'host',
  'a b',
  '',
  'istio',
  'uri',
  ':path',
  '@request.auth.claims.a',
];
const DURATIONS = ['5s', '0s', '1ms', '0.5ms', '1h', '-1s', '100', '1.5s', '1m30s', ''];
const INTEGERS = [0, 1, 2, 80, 100, 200, 301, 404, 443, 599, 600, 65535, 65536, -1, 4294967295];

/** An object whose spec follows its schema, more or less. */
export function makeObject(random: Random): Manifest {
  const kind = random.pick(KINDS);
  const spec = value(random, (ISTIO_SPECS as { [kind: string]: Schema })[`networking.istio.io/${kind}`], 'spec', 0);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: random.chance(0.97) ? 'one' : random.pick(['a.b', 'one-two']), namespace: 'apps' },
    spec,
  };
}

function value(random: Random, schema: Schema, field: string, depth: number): unknown {
  switch (schema.type) {
    case 'object':
      return schema.properties === undefined ? map(random, schema, depth) : fields(random, schema.properties, depth);
    case 'array': {
      const count = random.weighted([
        [1, () => 0],
        [8, () => 1],
        [3, () => 2],
      ]);
      return Array.from({ length: count }, () => value(random, schema.items ?? {}, field, depth));
    }
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
    case 'number':
      return random.pick(schema.type === 'number' ? [0, 0.5, 50, 100, 100.1, -1] : INTEGERS);
    default:
      return text(random, schema, field);
  }
}

function text(random: Random, schema: Schema, field: string): string {
  if (schema.enum !== undefined) {
    return random.pick(schema.enum);
  }
  return schema.format === 'duration'
    ? random.pick(DURATIONS)
    : random.pick(WORDS[field] ?? ['a', 'v1', '', 'a.example.com', '/cert.pem']);
}

function map(random: Random, { additionalProperties }: Schema, depth: number): object {
  const of = typeof additionalProperties === 'object' ? additionalProperties : {};
  return Object.fromEntries(
    random
      .some(KEYS, random.integer(0, 2))
      .map((key) => [key, value(random, of, random.pick(['exact', 'name']), depth + 1)]),
  );
}

/** Fields without which nearly everything is refused for the same reason. */
const USUAL = new Set([
  'host',
  'hosts',
  'http',
  'servers',
  'port',
  'route',
  'destination',
  'number',
  'name',
  'protocol',
  'selector',
]);

function fields(random: Random, properties: { readonly [name: string]: Schema }, depth: number): object {
  const share = depth === 0 ? 0.25 : 0.8 / Math.sqrt(Object.keys(properties).length);
  const chosen = Object.entries(properties).filter(([name]) =>
    random.chance(USUAL.has(name) ? 0.9 : share / (1 + depth / 4)),
  );
  return Object.fromEntries(chosen.map(([name, schema]) => [name, value(random, schema, name, depth + 1)]));
}

/** The object with one to three things changed in its spec. */
export function mutated(random: Random, object: Manifest): Manifest {
  const schema = (ISTIO_SPECS as { [kind: string]: Schema })[`networking.istio.io/${object.kind}`];
  let { spec } = object;
  for (let left = random.integer(1, 3); left > 0; left--) {
    spec = changed(random, spec, schema, 'spec');
  }
  return { ...object, spec };
}

function changed(random: Random, old: unknown, schema: Schema | undefined, field: string): unknown {
  if (Array.isArray(old)) {
    const index = random.integer(0, old.length - 1);
    return random.weighted<unknown>([
      [6, () => old.map((each, other) => (other === index ? changed(random, each, schema?.items, field) : each))],
      [1, () => old.filter((_, other) => other !== index)],
      [1, () => [...old, schema?.items === undefined ? old[index] : value(random, schema.items, field, 2)]],
      [1, () => [...old, ...old.slice(0, 1)]],
    ]);
  }
  if (typeof old !== 'object' || old === null) {
    return schema === undefined ? random.pick(['', 'a', -1, true]) : value(random, schema, field, 2);
  }
  const known = old as { readonly [name: string]: unknown };
  const schemaOf = (name: string): Schema | undefined =>
    schema?.properties?.[name] ??
    (typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined);
  const present = Object.keys(known);
  const missing = Object.keys(schema?.properties ?? {}).filter((name) => !present.includes(name));
  const name = present.length === 0 ? undefined : random.pick(present);
  return random.weighted<unknown>([
    [
      name === undefined ? 0 : 6,
      () => ({ ...known, [name ?? '']: changed(random, known[name ?? ''], schemaOf(name ?? ''), name ?? '') }),
    ],
    [name === undefined ? 0 : 1, () => Object.fromEntries(Object.entries(known).filter(([key]) => key !== name))],
    [
      missing.length === 0 ? 0 : 3,
      () => addition(random, known, schema, random.pick(missing.length === 0 ? [''] : missing)),
    ],
    [0.2, () => ({ ...known, unknownField: 'a' })],
  ]);
}

function addition(random: Random, known: object, schema: Schema | undefined, name: string): object {
  const of = schema?.properties?.[name];
  return of === undefined ? known : { ...known, [name]: value(random, of, name, 2) };
}
