/*
 * Faults for meshes: each changes one thing in the way in which people get it wrong. A fault that does not fit a mesh leaves it
 * as it is.
 */
import { GATEWAY_LABELS } from '../generate/gateways';
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { REFUSED_ANYWHERE, REFUSED_AT_GATEWAY } from './faults-refused';
import { specOf, type WrittenMatch, type WrittenRule } from './marks';
import { withSpec } from './trial';
import { wider } from './wider';

export type Fault = (random: Random, manifests: readonly Manifest[]) => readonly Manifest[];

/** `change` for one object of a kind. */
function inOne(kind: string, change: (random: Random, manifest: Manifest) => Manifest): Fault {
  return (random, manifests) => {
    const candidates = manifests.filter((each) => each.kind === kind && fits(each));
    const chosen = candidates.length === 0 ? undefined : random.pick(candidates);
    return manifests.map((each) => (each === chosen ? change(random, each) : each));
  };
}

/** Delegates are left alone, but for faults of their own. */
function fits({ kind, spec }: Manifest): boolean {
  const { hosts, http } = (spec ?? {}) as { hosts?: unknown; http?: unknown };
  return kind !== 'VirtualService' || (hosts !== undefined && http !== undefined);
}

function inSpec(
  kind: string,
  change: (random: Random, spec: ReturnType<typeof specOf>, manifest: Manifest) => object,
): Fault {
  return inOne(kind, (random, manifest) => withSpec(manifest, { ...change(random, specOf(manifest), manifest) }));
}

/** `change` for one rule of a VirtualService. */
function inRule(change: (random: Random, rule: WrittenRule) => readonly WrittenRule[]): Fault {
  return inSpec('VirtualService', (random, { http = [] }) => {
    const chosen = random.integer(0, http.length - 1);
    return { http: http.flatMap((rule, index) => (index === chosen ? change(random, rule) : [rule])) };
  });
}

/** `change` for one match of a rule; for a rule that has none, of one that takes everything. */
function inMatch(change: (random: Random, match: WrittenMatch) => WrittenMatch): Fault {
  return inRule((random, rule) => {
    const [first = {}, ...others] = rule.match ?? [];
    return [{ ...rule, match: [change(random, first), ...others] }];
  });
}

/** `change` for the destinations of a rule that has any. */
function inDestination(change: (random: Random, destination: object) => object): Fault {
  return inRule((random, rule) => [
    rule.route === undefined
      ? rule
      : ({
          ...rule,
          route: rule.route.map((each) => ({ ...each, destination: change(random, each.destination) })),
        } as WrittenRule),
  ]);
}

interface Server {
  readonly port: { readonly number: number; readonly protocol: string };
}

function inServer(change: (random: Random, server: Server) => object): Fault {
  return inSpec('Gateway', (random, spec) => {
    const servers = spec.servers as readonly Server[];
    const chosen = random.integer(0, servers.length - 1);
    return { servers: servers.map((server, index) => (index === chosen ? change(random, server) : server)) };
  });
}

/** In front of a rule, one that takes the same and more, and does something else. */
const shadowed: Fault = inRule((random, rule) => [
  { match: wider(random, rule.match), directResponse: { status: random.pick([200, 418]) } },
  rule,
]);

const shadowedByTwo: Fault = inRule((random, rule) => {
  const header = random.pick(['x-version', 'accept']);
  return [
    { match: [{ headers: { [header]: {} } }], directResponse: { status: 418 } },
    { match: [{ withoutHeaders: { [header]: {} } }], directResponse: { status: 200 } },
    rule,
  ];
});

const IMPOSSIBLE: readonly WrittenMatch[] = [
  { uri: { prefix: 'api' } },
  { uri: { exact: '/api?v=1' } },
  { headers: { 'x-version': { exact: 'v1' } }, withoutHeaders: { 'x-version': {} } },
  { headers: { 'x-version': { exact: 'v1' }, 'X-Version': { exact: 'v2' } } },
  { headers: { ':status': { exact: '200' } } },
  { port: 4321 },
  { authority: { exact: 'nobody.example.net' } },
  { scheme: { exact: 'HTTP' } },
  { withoutHeaders: { 'x-version': { regex: '.*' } } },
];

const QUESTIONABLE: readonly WrittenMatch[] = [
  { withoutHeaders: { 'x-version': { regex: 'v?[0-9]?' } } },
  { withoutHeaders: { 'x-version': { exact: '' } } },
  { headers: { 'user-agent': { regex: 'Chrome' } } },
  { headers: { 'user-agent': { regex: '.*Safari.*' } } },
  { headers: { cookie: { regex: 'user=jason' } } },
  { headers: { 'X-Version': { prefix: 'v' }, 'x-version': { regex: '.*1' } } },
  { headers: { '@request.auth.claims.group': { exact: 'beta' } } },
  { sourceLabels: { istio: 'other' } },
  { sourceLabels: { app: 'client' } },
  { gateways: ['nowhere'] },
  { gateways: ['mesh'] },
];

/** Sets the header for which the next rule asks. */
const setTooLate: Fault = inRule((_random, rule) =>
  rule.route === undefined
    ? [rule]
    : [
        { ...rule, match: [{ uri: { prefix: '/api' } }], headers: { request: { set: { 'x-beta': 'yes' } } } },
        { match: [{ headers: { 'x-beta': { exact: 'yes' } } }], directResponse: { status: 200 } },
        rule,
      ],
);

const doubledDash: Fault = inRule((random, rule) => [
  { ...rule, match: [{ headers: { 'x-version': { exact: random.pick(['v1', 'v2']) } } }, { uri: { prefix: '/' } }] },
]);

/** A rule that hands its requests to a delegate that has hosts, delegates to nobody, is not exported or contradicts it. */
const badDelegate: Fault = (random, manifests) => {
  const roots = manifests.filter((each) => each.kind === 'VirtualService' && fits(each));
  if (roots.length === 0) {
    return manifests;
  }
  const root = random.pick(roots);
  const { namespace } = root.metadata;
  const rules = [{ directResponse: { status: 200 } }];
  const contradicting = [{ match: [{ uri: { prefix: '/static' } }], directResponse: { status: 200 } }];
  const [home, spec] = random.pick<readonly [string | undefined, object | undefined]>([
    [namespace, undefined],
    [namespace, { hosts: ['delegate.example.com'], http: rules }],
    ['elsewhere', { http: rules, exportTo: ['.'] }],
    [namespace, { http: contradicting }],
  ]);
  const delegating = { match: [{ uri: { prefix: '/api' } }], delegate: { name: 'bad-delegate', namespace: home } };
  const metadata = { name: 'bad-delegate', namespace: home, creationTimestamp: '2026-01-01T00:00:00Z' };
  return [
    ...manifests.map((each) =>
      each === root ? withSpec(each, { http: [delegating, ...(specOf(each).http ?? [])] }) : each,
    ),
    ...(spec === undefined ? [] : [{ apiVersion: root.apiVersion, kind: 'VirtualService', metadata, spec }]),
  ];
};

/** The gateway's own pods, so that it is known which labels they have. */
const GATEWAY_PODS: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
  spec: {
    replicas: 1,
    selector: { matchLabels: GATEWAY_LABELS },
    template: { metadata: { labels: GATEWAY_LABELS }, spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } },
  },
};

const wrongSelector: Fault = (random, manifests) => [
  ...(manifests.some(({ metadata: { name } }) => name === GATEWAY_PODS.metadata.name) ? [] : [GATEWAY_PODS]),
  ...inSpec('Gateway', () => ({
    selector: random.pick([{ istio: 'ingress' }, { app: 'istio-ingress', istio: 'ingressgateway' }]),
  }))(random, manifests),
];

/** A VirtualService for calls inside the mesh, by which a gateway does not go. */
const splitInside: Fault = (random, manifests) => {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  if (services.length === 0) {
    return manifests;
  }
  const { name, namespace = 'default' } = random.pick(services).metadata;
  const host = `${name}.${namespace}.svc.cluster.local`;
  return [
    ...manifests,
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'split-inside', namespace, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { hosts: [host], http: [{ route: [{ destination: { host, subset: 'v1' } }] }] },
    },
  ];
};

const ageless: Fault = (_random, manifests) =>
  manifests.map((each) => {
    const { creationTimestamp: _age, ...metadata } = each.metadata;
    return each.kind === 'VirtualService' ? { ...each, metadata } : each;
  });

/** The rules of one VirtualService twice, in an object of another name and with other answers. */
const secondForHost: Fault = (random, manifests) => {
  const all = manifests.filter((each) => each.kind === 'VirtualService' && fits(each));
  if (all.length === 0) {
    return manifests;
  }
  const original = random.pick(all);
  const http = (specOf(original).http ?? []).map(({ match }) => ({
    ...(match && { match }),
    directResponse: { status: 418 },
  }));
  const metadata = {
    ...original.metadata,
    name: 'second',
    creationTimestamp: random.pick(['2025-01-01T00:00:00Z', '2027-01-01T00:00:00Z']),
  };
  return [...manifests, { ...original, metadata, spec: { ...specOf(original), http } }];
};

const subsetsOnce: Fault = inSpec('DestinationRule', (random, { subsets }) => ({
  subsets: ((subsets ?? []) as readonly object[]).map((subset, index) =>
    index === 0 ? { ...subset, labels: random.pick([{ version: 'v9' }, undefined]) } : subset,
  ),
}));

/** What people do wrong at a gateway. */
export const GATEWAY_FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  [
    'a TCP server',
    inServer((_random, server) => ({
      ...server,
      port: { ...server.port, protocol: 'TCP', name: 'tcp' },
      tls: undefined,
    })),
  ],
  [
    'only TCP servers',
    inSpec('Gateway', (_random, { servers }) => ({
      servers: (servers as readonly Server[]).map((each) => ({
        ...each,
        tls: undefined,
        port: { ...each.port, protocol: 'TCP' },
      })),
    })),
  ],
  [
    'a redirect to nowhere',
    inServer((_random, server) => ({
      ...server,
      port: { ...server.port, protocol: 'HTTP' },
      tls: { httpsRedirect: true },
    })),
  ],
  ['a Gateway that is not there', inSpec('VirtualService', () => ({ gateways: ['missing'] }))],
  ['a host that is not served', inSpec('VirtualService', () => ({ hosts: ['unserved.example.net'] }))],
  ['a selector for other pods', wrongSelector],
  ['a split that the gateway does not follow', splitInside],
  ['rules without age', ageless],
  ...REFUSED_AT_GATEWAY,
];

/** What people do wrong anywhere. */
export const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['a shadowed rule', shadowed],
  ['a shadowed rule', shadowed],
  ['a shadowed rule', shadowed],
  ['a rule that two others shadow', shadowedByTwo],
  ['an impossible match', inMatch((random, match) => ({ ...match, ...random.pick(IMPOSSIBLE) }))],
  ['a questionable match', inMatch((random, match) => ({ ...match, ...random.pick(QUESTIONABLE) }))],
  ['a match for another gateway', inMatch((_random, match) => ({ ...match, gateways: ['nowhere'] }))],
  ['a header that is set too late', setTooLate],
  ['a dash too many', doubledDash],
  ['a bad delegate', badDelegate],
  ['a second VirtualService', secondForHost],
  [
    'a subset that is not defined',
    inDestination((random, each) => ({ ...each, subset: random.pick(['v9', 'V1', 'beta']) })),
  ],
  ['a host that does not exist', inDestination((_random, each) => ({ ...each, host: 'nobody', subset: undefined }))],
  [
    'a name cut short',
    inDestination((_random, each) => ({
      ...each,
      host: (each as { host: string }).host.replace(/\.svc\.cluster\.local$/, ''),
      subset: undefined,
    })),
  ],
  ['a port that does not exist', inDestination((_random, each) => ({ ...each, port: { number: 4321 } }))],
  ['a subset of nobody', subsetsOnce],
  [
    'a Service of nobody',
    inSpec('Service', (random, { selector }) => ({
      selector: { ...(selector as object), [random.pick(['version', 'tier'])]: 'none' },
    })),
  ],
  [
    'a targetPort that no pod has',
    inSpec('Service', (_random, { ports }) => ({
      ports: ((ports ?? []) as readonly object[]).map((port) => ({ ...port, targetPort: 'nothing' })),
    })),
  ],
  ['a DestinationRule for nobody', inSpec('DestinationRule', () => ({ host: 'nobody' }))],
  ...REFUSED_ANYWHERE,
];

/** A mesh with up to three faults in it. */
export function withFaults(random: Random, manifests: readonly Manifest[], atGateway: boolean): readonly Manifest[] {
  const faults = atGateway ? [...FAULTS, ...GATEWAY_FAULTS] : FAULTS;
  return random.some(faults, random.integer(1, 3)).reduce((changed, [, fault]) => fault(random, changed), manifests);
}
