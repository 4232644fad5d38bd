/*
 * Faults of which Istio makes what Envoy refuses.
 */
import { CREDENTIAL, GATEWAY_LABELS, type Server } from '../generate/gateways';
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { withSpec } from './trial';

type Fault = (random: Random, manifests: readonly Manifest[]) => readonly Manifest[];

const ENDS = { mode: 'SIMPLE', credentialName: CREDENTIAL };
const PASSES = { mode: 'PASSTHROUGH' };
const CREATED = '2026-01-01T00:00:00Z';

function server(name: string, protocol: string, number: number, hosts: readonly string[], tls?: Server['tls']): Server {
  return { port: { number, name, protocol }, hosts, ...(tls && { tls }) };
}

/** One more Gateway for the same pods, or the same servers in one that is there. */
function withServers(random: Random, manifests: readonly Manifest[], servers: readonly Server[], ...more: Manifest[]) {
  const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
  if (gateways.length > 0 && random.chance(0.5)) {
    const chosen = random.pick(gateways);
    const { servers: own } = chosen.spec as { servers: readonly Server[] };
    return [
      ...manifests.map((each) => (each === chosen ? withSpec(each, { servers: [...own, ...servers] }) : each)),
      ...more,
    ];
  }
  const added: Manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'refused', namespace: random.pick(['apps', 'elsewhere']), creationTimestamp: CREATED },
    spec: { selector: GATEWAY_LABELS, servers },
  };
  return [...manifests, added, ...more];
}

function serviceHost(random: Random, manifests: readonly Manifest[]): string {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const { name, namespace = 'default' } = (services.length === 0 ? manifests[0] : random.pick(services)).metadata;
  return `${name}.${namespace}.svc.cluster.local`;
}

/** TLS for one name ends in one server and passes through another. */
const endsAndPasses: Fault = (random, manifests) => {
  const host = random.pick(['a.example.com', 'both.example.com']);
  const number = random.pick([443, 8443]);
  const servers = [
    server('ends', 'HTTPS', number, [host], ENDS),
    server('passes', 'TLS', number, [random.pick(['*', '*.example.com'])], PASSES),
  ];
  const gateways = ['apps/refused', 'elsewhere/refused', ...namesOfGateways(manifests)];
  const route = [{ destination: { host: serviceHost(random, manifests), port: { number: 80 } } }];
  return withServers(random, manifests, servers, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'passes', namespace: 'apps', creationTimestamp: CREATED },
    spec: { hosts: [host], gateways, tls: [{ match: [{ sniHosts: [host, `x.${host}`] }], route }] },
  });
};

function namesOfGateways(manifests: readonly Manifest[]): readonly string[] {
  return manifests
    .filter(({ kind }) => kind === 'Gateway')
    .map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`);
}

/** One host twice, for VirtualServices of different namespaces, or in different capitals. */
const hostTwice: Fault = (random, manifests) => {
  const [one, other] = random.pick([
    ['apps/twice.example.com', 'elsewhere/twice.example.com'],
    ['twice.example.com', 'Twice.example.com'],
    ['*.twice.example.com', 'apps/*.twice.example.com'],
  ]);
  return withServers(random, manifests, [
    server('one', 'HTTPS', 443, [one], ENDS),
    server('other', 'HTTPS', 443, [other], ENDS),
  ]);
};

const plainAfterTls: Fault = (random, manifests) =>
  withServers(random, manifests, [
    server('first', 'HTTPS', 8443, ['*'], ENDS),
    server('then', 'HTTP', 8443, [random.pick(['*', 'a.example.com'])]),
  ]);

const bindsAll: Fault = (random, manifests) =>
  withServers(random, manifests, [
    server('unbound', 'HTTP', 8080, ['a.example.com']),
    { ...server('bound', 'HTTP', 8080, ['b.example.com']), bind: '0.0.0.0' } as Server,
  ]);

/** Connections from other clusters to a host with a wildcard, which is inside the mesh or not. */
const passesWildcard: Fault = (random, manifests) =>
  withServers(random, manifests, [server('cross', 'TLS', 15443, ['*.com'], { mode: 'AUTO_PASSTHROUGH' })], {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'wide', namespace: 'apps', creationTimestamp: CREATED },
    spec: {
      hosts: ['*.wide.com'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      resolution: 'NONE',
      location: random.pick(['MESH_INTERNAL', 'MESH_INTERNAL', 'MESH_EXTERNAL']),
      exportTo: random.pick([undefined, undefined, ['.']]),
    },
  });

/** A redirect with a code that Istio admits. */
const strangeRedirect: Fault = (random, manifests) => {
  const owners = manifests.filter(
    ({ kind, spec }) => kind === 'VirtualService' && (spec as { http?: unknown }).http !== undefined,
  );
  const chosen = owners.length === 0 ? undefined : random.pick(owners);
  const rule = {
    match: [{ uri: { prefix: random.pick(['/api', '/static']) } }],
    redirect: { uri: '/moved', redirectCode: random.pick([300, 304, 305]) },
  };
  return manifests.map((each) =>
    each === chosen ? withSpec(each, { http: [rule, ...(each.spec as { http: readonly object[] }).http] }) : each,
  );
};

/** A ServiceEntry whose hosts are one for TLS, or no names for TLS, or short for every name. */
const strangeEntry: Fault = (random, manifests) => {
  const tls = { number: 443, name: 'tls', protocol: 'TLS' };
  const [hosts, port, rest] = random.pick<readonly [readonly string[], object, object]>([
    [['Twice.example.net', 'twice.example.net'], tls, {}],
    [['Twice.example.net', 'twice.example.net'], tls, { addresses: ['10.9.0.0/16'] }],
    [['*part.example.net'], tls, {}],
    [['*.apps.svc.cluster.local'], { number: 80, name: 'http', protocol: 'HTTP' }, {}],
  ]);
  const metadata = { name: 'strange', namespace: 'apps', creationTimestamp: CREATED };
  const spec = { hosts, ports: [port], resolution: 'NONE', ...rest };
  return [...manifests, { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec }];
};

type Named = readonly [name: string, fault: Fault];

export const REFUSED_AT_GATEWAY: readonly Named[] = [
  ['TLS that ends and passes', endsAndPasses],
  ['a host twice', hostTwice],
  ['plain HTTP after TLS', plainAfterTls],
  ['an address in so many words', bindsAll],
  ['other clusters for a wildcard', passesWildcard],
];

export const REFUSED_ANYWHERE: readonly Named[] = [
  ['a redirect with a strange code', strangeRedirect],
  ['a strange ServiceEntry', strangeEntry],
];
