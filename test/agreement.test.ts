/*
 * What is said in two places is said of one thing: checks and routes read the same configuration, and nobody changes it by reading.
 */
import * as fc from 'fast-check';
import { predict } from '../conformance/compare';
import { modelOf } from '../conformance/differences';
import { makeGatewayExperiment } from '../conformance/generate/mesh';
import { makeSidecarExperiment } from '../conformance/generate/sidecars';
import type { MeshCase } from '../conformance/manifest';
import { ALL_CHECKS } from '../src/checks/all-checks';
import type { Finding } from '../src/checks/finding';
import { runChecks } from '../src/checks/run-checks';
import type { RouteDecision } from '../src/envoy/decision';
import type { RouteDestination } from '../src/envoy/destination';
import { RouteOutcome } from '../src/envoy/outcome';
import { TraceState, type TraceStep } from '../src/envoy/trace';
import { Mesh } from '../src/mesh';
import { selects } from '../src/model/workload';

const REQUESTS = 40;

/** Its fields are read by several checks. */
const MISTYPED = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'apis' },
  spec: {
    template: {
      spec: { hostNetwork: 'yes', containers: [{ name: 7, image: 3, imagePullPolicy: 3 }], securityContext: [] },
    },
  },
};

/** A generated mesh with requests to it, at a gateway or from a sidecar. */
const experiments = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    make: fc.constantFrom(makeGatewayExperiment, makeSidecarExperiment),
  })
  .map(({ seed, make }) => make(seed, REQUESTS));

describe('a rule that is called dead', () => {
  test('takes no request', () => {
    fc.assert(
      fc.property(experiments, ({ mesh, asks }) => {
        const model = modelOf(mesh);
        const dead = model.check().filter(({ check }) => check === 'unreachable-rule');
        if (dead.length === 0) {
          return;
        }
        const taken = asks.flatMap((ask) => predict(model, mesh, ask).trace.filter(isTaken));
        expect(taken.filter((step) => dead.some((finding) => isAbout(finding, step)))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('is none that sidecars have on port 80, where they take rules for hosts that are no service there', () => {
    const mesh = Mesh.fromYaml(`
apiVersion: v1
kind: Service
metadata: {name: apis, namespace: shop}
spec: {ports: [{name: http, port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: shop}
spec: {template: {metadata: {labels: {app: client}}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: apis, namespace: shop}
spec:
  hosts: [apis]
  http:
  - match: [{port: 8080}]
    route: [{destination: {host: apis}}]
  - directResponse: {status: 418}`);
    const url = 'http://apis.shop.svc.cluster.local/';
    expect(mesh.route({ url, from: 'mesh:shop/client' })).toMatchObject({ status: 418, ruleIndex: 1 });
    expect(mesh.check().filter(({ check }) => check === 'unreachable-rule')).toEqual([]);
  });
});

describe('a request that no rule takes, by what a finding says', () => {
  test('is taken by none', () => {
    const atGateways = fc.integer({ min: 1, max: 1_000_000 }).map((seed) => makeGatewayExperiment(seed, 0));
    fc.assert(
      fc.property(atGateways, ({ mesh }) => {
        const model = modelOf(mesh);
        const { labels = {}, namespace } = mesh.proxy.gateway ?? {};
        const examples = model
          .check()
          .filter((found) => isAt(model, labels, found))
          .map(({ message }) => exampleIn(message));
        for (const { status, ...request } of examples) {
          const decision = model.route({ ...request, gatewayLabels: labels, gatewayNamespace: namespace });
          expect(decision.ruleObject).toBeUndefined();
          // Something else may keep it from the rules: a port that is not for HTTP, or a server that sends all to HTTPS.
          if (decision.outcome === RouteOutcome.NO_ROUTE) {
            expect(decision.status).toBe(status);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a destination', () => {
  /** Checks of which each finding says that requests to a destination are answered with 503. */
  const OF_CLUSTERS = ['destination-not-found', 'destination-port', 'subset-not-found'];

  test('of which a finding says 503 for some clients gives them 503', () => {
    fc.assert(
      fc.property(experiments, ({ mesh, asks }) => {
        const model = modelOf(mesh);
        const said = model.check().filter(({ check, severity }) => OF_CLUSTERS.includes(check) && severity !== 'info');
        for (const decision of asks.map((ask) => predict(model, mesh, ask))) {
          const about = said.filter((finding) => isOfClient(finding, mesh));
          const fine = decision.destinations.filter(({ outcome }) => outcome !== RouteOutcome.NO_CLUSTER);
          expect(fine.filter((each) => about.some((finding) => isTo(model, finding, decision, each)))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('that gives 503 is spoken of', () => {
    fc.assert(
      fc.property(experiments, ({ mesh, asks }) => {
        const model = modelOf(mesh);
        const objects = new Set(
          model
            .check()
            .filter(({ check }) => SPEAKS_OF_503.has(check))
            .map(nameOf),
        );
        for (const decision of asks.map((ask) => predict(model, mesh, ask))) {
          const failing = decision.destinations.filter(({ outcome }) => outcome.startsWith('NO_'));
          const silent = failing.filter((each) => !isExcused(model, decision, each));
          expect(silent.filter((each) => !objectsOf(model, decision, each).some((name) => objects.has(name)))).toEqual(
            [],
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Checks that say why a destination, or what stands behind it, is not there. */
const SPEAKS_OF_503 = new Set([
  'destination-not-found',
  'destination-port',
  'destination-scaled-to-zero',
  'service-selects-nothing',
  'service-target-port',
  'subset-not-found',
  'subset-selects-nothing',
  'rejected-by-istio',
  'rejected-by-envoy',
]);

/** Whether a finding is about all clients, or about such as the proxy, and leaves no age open. */
function isOfClient({ message }: Finding, { proxy }: MeshCase): boolean {
  const namespace = proxy.sidecar?.namespace ?? proxy.gateway?.namespace ?? 'istio-system';
  const named = / in namespace ([^:]+?)(?: do not see|: there|\. Where| the host is)/.exec(message)?.[1];
  const isOfGateways = /(?:for|to a|But) gateways? (?:in|the host)/.test(message);
  return (
    !message.includes('which one is older') &&
    (named === undefined || named.split(/, | or | and /).includes(namespace)) &&
    (!isOfGateways || proxy.sidecar === undefined)
  );
}

/** Whether a finding is about one of the places to which the rule of a decision leads. */
function isTo({ _model }: Mesh, finding: Finding, decision: RouteDecision, to: RouteDestination): boolean {
  const { ruleObject, ruleIndex } = decision;
  const [, rule, index] = /^spec\.http\[(\d+)\]\.route\[(\d+)\]/.exec(finding.path) ?? [];
  // Without a port, a finding says on which ports requests have to come in.
  if (
    ruleObject?.name !== finding.name ||
    ruleObject.namespace !== finding.namespace ||
    Number(rule) !== ruleIndex ||
    (finding.check === 'destination-port' && !finding.path.endsWith('.number'))
  ) {
    return false;
  }
  const owner = _model.virtualServices.find(({ object }) => nameOf(object) === nameOf(ruleObject));
  const { host, subset, port = to.port } = owner?.http[Number(rule)].destinations[Number(index)].destination ?? {};
  return host === to.host && subset === to.subset && port === to.port;
}

/** The objects of which one has to be spoken of: the rules, and what defines the destination. */
function objectsOf(
  { _model }: Mesh,
  { ruleObject, virtualService }: RouteDecision,
  { host }: RouteDestination,
): readonly string[] {
  const rules = _model.destinationRules.filter((rule) => rule.host === host || rule.host.startsWith('*'));
  const defining = [..._model.servicesOf(host), ...rules].map(({ object }) => object);
  return [ruleObject, virtualService, ...defining].flatMap((object) => (object === undefined ? [] : nameOf(object)));
}

/**
 * What nobody has to be told, or nobody can be: pods that are scaled to zero where no rule leads to them; a host with capitals,
 * which Istio and DNS spell differently; and rules for a host that is no service here, or another
 * name for one, on whatever port it is called; and ports of destinations of tcp and tls rules, which no check looks at.
 */
function isExcused(
  { _model }: Mesh,
  decision: RouteDecision,
  { host, port, outcome, request }: RouteDestination,
): boolean {
  const owner = _model.effectiveVirtualServices.find(
    ({ object }) => decision.virtualService !== undefined && nameOf(object) === nameOf(decision.virtualService),
  );
  const services = _model.servicesOf(host);
  if (request.httpVersion === undefined && services.length > 0 && outcome === RouteOutcome.NO_CLUSTER) {
    return true;
  }
  if (owner !== undefined) {
    const isUnknown = owner.hosts.every(({ resolved }) =>
      _model.servicesOf(resolved).every(({ service }) => service?.externalName !== undefined),
    );
    return isUnknown && services.every(({ ports }) => ports.every(({ number }) => number !== port));
  }
  return outcome === RouteOutcome.NO_ENDPOINTS
    ? services.some((service) => _model.endpoints.of(service).groups.length > 0)
    : _model.registry.some((other) => other.host !== host && other.host.toLowerCase() === host.toLowerCase());
}

function nameOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${namespace}/${name}`;
}

/**
 * Whether it is about the rules of a VirtualService all of whose Gateways are in force on pods with the labels. Some examples are of
 * requests that come from other pods, for which the rules are others.
 */
function isAt(
  { _model }: Mesh,
  labels: { readonly [key: string]: string },
  { check, message, name, namespace }: Finding,
): boolean {
  const found = _model.effectiveVirtualServices.find(
    ({ object }) => object.name === name && object.namespace === namespace,
  );
  const pods = new Map(Object.entries(labels));
  const isHere = (ref: string) => selects(_model.gateway(ref)?.selector ?? new Map([['no', 'such']]), pods);
  return (
    check === 'no-default-route' && !/ from (?:namespace|a pod) /.test(message) && found?.boundTo.every(isHere) === true
  );
}

/** The request in `No rule takes a request like GET http://a.example.com/ with the header 'x: y': it gets 404`. */
function exampleIn(message: string) {
  const [, method, url] = / like (\S+) ([^\s:]+:[^\s]+?)(?:\s|: it gets)/.exec(message) ?? ['', '', ''];
  const named = [...message.matchAll(/ with the header '([^':]+): ([^']*)'/g)];
  const headers = Object.fromEntries(named.map(([, name, value]) => [name, value]));
  return { method, url, headers, status: Number(/it gets (\d+)/.exec(message)?.[1]) };
}

function isTaken({ rule }: TraceStep): boolean {
  return rule?.state === TraceState.MATCHED;
}

function isAbout({ kind, namespace, name, path }: Finding, { place }: TraceStep): boolean {
  return (
    place?.kind === kind &&
    place.namespace === namespace &&
    place.name === name &&
    `${place.path ?? ''}.`.replaceAll('[', '.[').startsWith(`${path}.`.replaceAll('[', '.['))
  );
}

describe('a check finds the same', () => {
  const examples = fc.oneof(
    experiments.map(({ mesh }) => mesh.manifests),
    fc.constant([MISTYPED]),
  );

  test('also of a field that is read by other checks only', () => {
    const found = (checks: typeof ALL_CHECKS) =>
      runChecks(Mesh.fromManifests([MISTYPED])._model, checks).filter(({ path }) => path.endsWith('imagePullPolicy'));
    const one = [expect.objectContaining({ check: 'mistyped-field' })];
    expect(found(ALL_CHECKS)).toEqual(one);
    expect(found([...ALL_CHECKS].reverse())).toEqual(one);
    expect(found(ALL_CHECKS.filter(({ id }) => id === 'mistyped-field'))).toEqual(one);
  });

  test('alone as with all others, in any order', () => {
    fc.assert(
      fc.property(
        examples,
        fc.shuffledSubarray([...ALL_CHECKS], { minLength: ALL_CHECKS.length }),
        (manifests, shuffled) => {
          const found = (checks: typeof ALL_CHECKS) => {
            const mesh = Mesh.fromManifests([...manifests]);
            return runChecks(mesh._model, checks)
              .map(({ check, path, message }) => `${check} ${path} ${message}`)
              .sort();
          };
          const together = found(ALL_CHECKS);
          expect(found(shuffled)).toEqual(together);
          const alone = shuffled.slice(0, 8);
          const ids = new Set(alone.map(({ id }) => id));
          const ofThese = together.filter((line) => ids.has(line.split(' ')[0]));
          expect(alone.flatMap((check) => found([check])).sort()).toEqual(ofThese);
        },
      ),
      { numRuns: 30 },
    );
  });
});
