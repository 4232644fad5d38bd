/*
 * What the checks on destinations, subsets and Services predict.
 */
import { namespaceOf } from '../cluster';
import type { Manifest, MeshCase } from '../manifest';
import type { Observation } from '../observation';
import { markAt, marksOf, objectNamed, type Place, ruleAt, specOf, type WrittenRoute } from './marks';
import {
  alone,
  asksFor,
  type Case,
  isAnswer,
  type Judgement,
  named,
  type Prediction,
  placeIn,
  proxyNamespace,
  type Trial,
} from './trial';

interface DestinationRuleSpec {
  readonly host: string;
  readonly subsets?: readonly { readonly name: string; readonly labels?: { readonly [key: string]: string } }[];
}

/** Whether everything that the rule takes goes to this destination. */
function isOnly({ object, rule }: Place, index: number): boolean {
  const routes = ruleAt({ object, rule }).route ?? [];
  return routes.length === 1 || routes.every(({ weight = 0 }, other) => weight > 0 === (other === index));
}

/** What the rule takes is answered with 503 and this flag of Envoy's. */
function fails(flag: string, mark: string, only: boolean): Trial['judge'] {
  return ({ seen, isolated }) => {
    const answers = [seen, isolated].filter((each) => each !== undefined && marksOf(each).has(mark)) as Observation[];
    if (only && answers.some((each) => isForwarded(each) && !isAnswer(each, 503, flag))) {
      return { refutes: `it was not 503 ${flag}` };
    }
    return answers.some((each) => isAnswer(each, 503, flag)) ? 'confirms' : 'says nothing';
  };
}

/** Whether the rule's destination had its turn. A fault may come before. */
function isForwarded(seen: Observation): boolean {
  return (
    seen.kind === 'http' && (seen.received !== undefined || isAnswer(seen, 503, 'NC') || isAnswer(seen, 503, 'UH'))
  );
}

/** The number of the destination of a rule that a finding is about. */
function destinationIn({ finding }: Case): number | undefined {
  const [, index] = /^spec\.http\[\d+\]\.route\[(\d+)\]/.exec(finding.path) ?? [];
  return index === undefined ? undefined : Number(index);
}

function noCluster(one: Case, applies?: (port: number) => boolean): Trial | undefined {
  return failing('NC', one, applies);
}

function failing(flag: string, one: Case, applies: (port: number) => boolean = () => true): Trial | undefined {
  const place = placeIn(one);
  const index = destinationIn(one);
  if (place === undefined || index === undefined) {
    return undefined;
  }
  const judge = fails(flag, markAt(place), isOnly(place, index));
  return {
    asks: asksFor(one, place),
    isolated: alone(one.mesh, place),
    judge: (exchange) => (applies(exchange.ask.port) ? judge(exchange) : 'says nothing'),
  };
}

/** Whether the finding is about clients in other namespaces than the proxy's, as in `shop, apps or istio-system`. */
function isOfOthers({ mesh }: Case, namespaces: string | undefined): boolean {
  return namespaces !== undefined && !namespaces.split(/, | or | and /).includes(proxyNamespace(mesh));
}

/** Whether the finding leaves open which of several definitions counts, so that nothing refutes it. */
function dependsOnAge(message: string): boolean {
  return message.includes('the manifests do not say which one is older');
}

const destinationNotFound: Prediction = {
  says: 'What the rule takes is answered with 503 NC',
  predict(one) {
    const clients = /not visible (?:to a gateway )?in namespace (.+?)(?::|\. )/.exec(one.finding.message)?.[1];
    return isOfOthers(one, clients) ? undefined : noCluster(one);
  },
};

const destinationPort: Prediction = {
  says: 'What the rule takes is answered with 503 NC; where the destination names no port, on the ports that the Service lacks',
  predict(one) {
    const { message, path, severity } = one.finding;
    if (dependsOnAge(message)) {
      return undefined;
    }
    if (path.endsWith('.port.number')) {
      const clients = / But clients in namespace (\S+) use /.exec(message)?.[1];
      const isOfGateways = / But gateways use /.test(message) && one.mesh.proxy.gateway === undefined;
      return isOfOthers(one, clients) || isOfGateways ? undefined : noCluster(one);
    }
    if (message.includes('the only port of the ExternalName')) {
      return noCluster(one);
    }
    const [, only] = /, a sidecar uses it only for requests that come in on port (\d+)\./.exec(message) ?? [];
    if (only !== undefined) {
      return one.mesh.proxy.gateway === undefined ? noCluster(one, (port) => port !== Number(only)) : undefined;
    }
    const [, list = ''] = / ha(?:s|ve) the ports? (.*?), and the destination names none/.exec(message) ?? [];
    const ports = list.match(/\d+/g)?.map(Number) ?? [];
    return severity === 'info' ? undefined : noCluster(one, (port) => !ports.includes(port));
  },
};

const subsetNotFound: Prediction = {
  says: 'What the rule takes is answered with 503 NC',
  predict(one) {
    const { message, severity } = one.finding;
    if (dependsOnAge(message) || severity === 'info') {
      return undefined;
    }
    const clients = /(?:clients|gateways) in namespace (.+?) do not see/.exec(message)?.[1];
    return isOfOthers(one, clients) ? undefined : noCluster(one);
  },
};

interface Use {
  readonly place: Place;
  readonly route: WrittenRoute;
}

/** Rules of which every request goes to the host, one after another. */
function usesOf({ manifests }: MeshCase, isMeant: (route: WrittenRoute, from: Manifest) => boolean): readonly Use[] {
  return manifests
    .filter(({ kind }) => kind === 'VirtualService')
    .flatMap((object) =>
      (specOf(object).http ?? []).flatMap(({ route = [] }, rule) =>
        route.flatMap((each, index) =>
          isOnly({ object, rule }, index) && isMeant(each, object) ? [{ place: { object, rule }, route: each }] : [],
        ),
      ),
    );
}

function fullName(host: string, from: Manifest): string {
  return host.includes('.') ? host : `${host}.${namespaceOf(from)}.svc.cluster.local`;
}

function serviceHost(service: Manifest): string {
  return `${service.metadata.name}.${namespaceOf(service)}.svc.cluster.local`;
}

/** Judges requests of any of the rules. */
function atRules(one: Case, uses: readonly Use[], judge: (seen: Observation) => Judgement): Trial | undefined {
  const marks = uses.map(({ place }) => markAt(place));
  return uses.length === 0
    ? undefined
    : {
        asks: uses.flatMap(({ place }) => asksFor(one, place, 4)),
        judge: ({ seen }) => (marks.some((mark) => marksOf(seen).has(mark)) ? judge(seen) : 'says nothing'),
      };
}

function noEndpoints(seen: Observation): Judgement {
  if (isAnswer(seen, 503, 'UH')) {
    return 'confirms';
  }
  return seen.kind === 'http' && seen.received !== undefined
    ? { refutes: `${seen.received.workload} answered` }
    : 'says nothing';
}

const serviceSelectsNothing: Prediction = {
  says: 'What rules send to the Service is answered with 503 UH',
  predict(one) {
    const service = objectNamed(one.mesh.manifests, 'Service', one.finding.namespace, one.finding.name);
    return (
      service &&
      atRules(
        one,
        usesOf(one.mesh, ({ destination: { host } }, from) => fullName(host, from) === serviceHost(service)),
        noEndpoints,
      )
    );
  },
};

const serviceTargetPort: Prediction = {
  says: 'For a port by name: what rules send to the port never gets to the workloads that lack it',
  predict(one) {
    const service = objectNamed(one.mesh.manifests, 'Service', one.finding.namespace, one.finding.name);
    const [, index] = /^spec\.ports\[(\d+)\]/.exec(one.finding.path) ?? [];
    const ports = (service?.spec as { ports?: readonly { port: number; targetPort?: number | string }[] })?.ports ?? [];
    const port = ports[Number(index)];
    if (service === undefined || typeof port?.targetPort !== 'string') {
      return undefined;
    }
    const lacking = [...one.finding.message.matchAll(/Deployment ([^/\s]+\/[^\s,.]+)/g)].map(([, name]) => name);
    const uses = usesOf(one.mesh, ({ destination }, from) => {
      const isPort = destination.port === undefined ? ports.length === 1 : destination.port.number === port.port;
      return isPort && fullName(destination.host, from) === serviceHost(service);
    });
    return atRules(one, uses, (seen) => {
      if (seen.kind !== 'http' || seen.received === undefined) {
        return isAnswer(seen, 503, 'UH') ? 'confirms' : 'says nothing';
      }
      const { workload } = seen.received;
      return lacking.includes(workload) ? { refutes: `${workload} answered` } : 'confirms';
    });
  },
};

interface SubsetOf {
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
  readonly rule: Manifest;
  readonly host: string;
}

function subsetIn({ finding, mesh }: Case): SubsetOf | undefined {
  const rule = objectNamed(mesh.manifests, 'DestinationRule', finding.namespace, finding.name);
  const [, index] = /^spec\.subsets\[(\d+)\]/.exec(finding.path) ?? [];
  const spec = rule?.spec as DestinationRuleSpec | undefined;
  const subset = spec?.subsets?.[Number(index)];
  return rule === undefined || spec === undefined || subset === undefined
    ? undefined
    : { name: subset.name, labels: subset.labels ?? {}, rule, host: fullName(spec.host, rule) };
}

function usesOfSubset(mesh: MeshCase, { name, host }: SubsetOf): readonly Use[] {
  return usesOf(
    mesh,
    ({ destination }, from) => destination.subset === name && fullName(destination.host, from) === host,
  );
}

const subsetSelectsNothing: Prediction = {
  says: 'What rules send to the subset is answered with 503 UH, by gateways also for a Service without address',
  predict(one) {
    const subset = subsetIn(one);
    const inMesh = one.mesh.proxy.gateway === undefined;
    return /Only gateways choose/.test(one.finding.message) ||
      (inMesh && /sidecars send them on/.test(one.finding.message))
      ? undefined
      : subset && atRules(one, usesOfSubset(one.mesh, subset), noEndpoints);
  },
};

/** The labels of the pods of a workload, by `namespace/name`. */
function podLabels({ manifests }: MeshCase, workload: string): { readonly [key: string]: string } {
  const found = manifests.find(
    (each) => each.kind === 'Deployment' && `${namespaceOf(each)}/${each.metadata.name}` === workload,
  );
  const spec = found?.spec as { template: { metadata: { labels: { [key: string]: string } } } } | undefined;
  return spec?.template.metadata.labels ?? {};
}

function carries(pod: { readonly [key: string]: string }, labels: { readonly [key: string]: string }): boolean {
  return Object.entries(labels).every(([key, value]) => pod[key] === value);
}

const subsetWithoutLabels: Prediction = {
  says: 'What rules send to the subset gets to pods of another subset, too',
  predict(one) {
    const subset = subsetIn(one);
    const others = ((subset?.rule.spec as DestinationRuleSpec | undefined)?.subsets ?? []).filter(
      ({ labels = {} }) => Object.keys(labels).length > 0,
    );
    return (
      subset &&
      atRules(one, usesOfSubset(one.mesh, subset), (seen) => {
        const arrived = seen.kind === 'http' ? seen.received : undefined;
        const pod = podLabels(one.mesh, arrived?.workload ?? '');
        return arrived !== undefined && others.some(({ labels = {} }) => carries(pod, labels))
          ? 'confirms'
          : 'says nothing';
      })
    );
  },
};

const duplicateSubset: Prediction = {
  says: "What rules send to the subset gets to pods with the older rule's labels only",
  predict(one) {
    const later = subsetIn(one);
    const other = named(one.mesh, one.finding.message, 'DestinationRule');
    const labels = (other?.spec as DestinationRuleSpec | undefined)?.subsets?.find(
      ({ name }) => name === later?.name,
    )?.labels;
    if (later === undefined || other === undefined || labels === undefined || one.finding.severity === 'info') {
      return undefined;
    }
    const ageOf = ({ metadata }: Manifest) => `${metadata.creationTimestamp} ${metadata.name}`;
    const [wins, loses] = ageOf(other) < ageOf(later.rule) ? [labels, later.labels] : [later.labels, labels];
    return atRules(one, usesOfSubset(one.mesh, later), (seen) => {
      if (seen.kind !== 'http' || seen.received === undefined) {
        return 'says nothing';
      }
      const pod = podLabels(one.mesh, seen.received.workload);
      if (!carries(pod, wins)) {
        return { refutes: `${seen.received.workload} answered, which has not the labels of the older rule` };
      }
      return carries(pod, loses) ? 'says nothing' : 'confirms';
    });
  },
};

const destinationScaledToZero: Prediction = {
  says: 'What the rule takes is answered with 503 UH, or NC by a proxy that does not see the subset',
  predict(one) {
    const trial = failing('UH', one);
    return (
      trial && {
        ...trial,
        judge: (exchange) =>
          [exchange.seen, exchange.isolated].some((seen) => seen !== undefined && isAnswer(seen, 503, 'NC'))
            ? 'says nothing'
            : trial.judge(exchange),
      }
    );
  },
};

export const DESTINATION_PREDICTIONS: { readonly [check: string]: Prediction } = {
  'destination-not-found': destinationNotFound,
  'destination-port': destinationPort,
  'subset-not-found': subsetNotFound,
  'service-selects-nothing': serviceSelectsNothing,
  'service-target-port': serviceTargetPort,
  'subset-selects-nothing': subsetSelectsNothing,
  'subset-without-labels': subsetWithoutLabels,
  'duplicate-subset': duplicateSubset,
  'destination-scaled-to-zero': destinationScaledToZero,
};
