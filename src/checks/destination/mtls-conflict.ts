/*
 * A DestinationRule by which clients speak otherwise than the sidecars of the pods listen: plain text, or TLS without Istio's
 * certificate, where a PeerAuthentication is STRICT; Istio's mutual TLS where it is off, or where there is no sidecar. Without
 * DestinationRule, Istio finds out by itself what each pod understands.
 *
 * The first is certain, and an error, where the pods get a sidecar for sure. Of the second the application itself might make
 * something, so it is a warning.
 */

import type { Node, StringMap } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { DestinationRule } from '../../model/destination-rule';
import { injectionOf, isAmbient } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { mtlsModeOf } from '../../model/peer-authentication';
import type { RegistryService } from '../../model/registry';
import type { ServicePort } from '../../model/service';
import { selects, type Workload } from '../../model/workload';
import { isSubsetOf, isWildcard } from '../../syntax/hosts';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

export const mtlsConflict: Check = {
  id: 'mtls-conflict',
  title: 'Clients use another TLS mode than the pods expect',
  severity: Severity.ERROR,
  istio: [],
  kiali: ['KIA0207', 'KIA0208'],
  run(mesh, report) {
    for (const rule of mesh.destinationRules) {
      for (const policy of policiesOf(rule)) {
        const found = firstOf(servicesUnder(mesh, rule), (service) => examine(mesh, rule, service, policy));
        if (found !== undefined) {
          report({ object: rule.object, path: policy.tls.get('mode').path, ...found });
        }
      }
    }
  },
};

/** The services that are the only ones of their host, for which the rule is in force. */
function servicesUnder(mesh: MeshModel, rule: DestinationRule): readonly RegistryService[] {
  const covered = isWildcard(rule.host)
    ? mesh.registry.filter(({ host }) => isSubsetOf(host, rule.host))
    : mesh.servicesOf(rule.host);
  return covered.filter((service) => mesh.servicesOf(service.host).length === 1 && isInForce(mesh, rule, service));
}

function firstOf<T, U>(items: readonly T[], look: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Of several rules that Istio merges, only the first policy counts. */
function isInForce(mesh: MeshModel, rule: DestinationRule, { host, namespace }: RegistryService): boolean {
  const merged = mesh.destinationRule(host, namespace, rule.object.namespace)?.rules ?? [];
  return merged.includes(rule) && merged.every((other) => other === rule || !other.hasTrafficPolicy);
}

/** What a DestinationRule says of TLS in one place. */
interface Policy {
  readonly tls: Node;
  readonly labels?: StringMap;
  readonly appliesTo: (port: number) => boolean;
}

/** A setting for a port replaces all others for it. */
function policiesOf({ object, subsets }: DestinationRule): readonly Policy[] {
  const spec = object.node.get('spec');
  const written = spec.get('subsets').maps();
  const places = [
    { node: spec, labels: undefined },
    ...written.map((node, index) => ({ node, labels: subsets[index]?.labels })),
  ];
  return places.flatMap(({ node, labels }) => {
    const policy = node.get('trafficPolicy');
    const perPort = policy.get('portLevelSettings').maps();
    const numbers = perPort.map((setting) => setting.get('port').get('number').number());
    return [
      { tls: policy.get('tls'), labels, appliesTo: (port: number) => !numbers.includes(port) },
      ...perPort.map((setting, index) => ({
        tls: setting.get('tls'),
        labels,
        appliesTo: (port: number) => numbers[index] === port,
      })),
    ].filter(({ tls }) => tls.get('mode').present);
  });
}

type Words = Pick<Observation, 'severity' | 'message' | 'help'>;

function examine(
  mesh: MeshModel,
  rule: DestinationRule,
  { service, host }: RegistryService,
  policy: Policy,
): Words | undefined {
  const mode = policy.tls.get('mode').text() ?? '';
  if (service?.selector === undefined) {
    return undefined;
  }
  const workloads = mesh.workloadIndex
    .select(service.object.namespace, service.selector)
    .filter(({ podLabels }) => policy.labels === undefined || selects(policy.labels, podLabels));
  for (const workload of workloads.filter((one) => !isAmbient(mesh, one) && !choosesPorts(one))) {
    for (const port of service.ports.filter((one) => one.protocol !== 'UDP' && policy.appliesTo(one.number))) {
      const found = compare(mesh, rule, { host, mode, workload, port });
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** Whether the pods keep some ports away from their sidecar. */
function choosesPorts({ podAnnotations }: Workload): boolean {
  return [...podAnnotations.keys()].some((key) =>
    /^traffic\.sidecar\.istio\.io\/(?:in|ex)cludeInboundPorts$/.test(key),
  );
}

/** The pods' port, which a Service may name. */
function numberOf({ containerPorts }: Workload, { number, targetPort }: ServicePort): number {
  return typeof targetPort === 'number'
    ? targetPort
    : (containerPorts.find(({ name }) => name === targetPort)?.number ?? number);
}

interface Connection {
  readonly host: string;
  /** Of the client. */
  readonly mode: string;
  readonly workload: Workload;
  readonly port: ServicePort;
}

function compare(
  mesh: MeshModel,
  rule: DestinationRule,
  { host, mode, workload, port }: Connection,
): Words | undefined {
  const injection = injectionOf(mesh, workload);
  const number = numberOf(workload, port);
  const server = injection === 'no' ? undefined : mtlsModeOf(mesh, workload, number);
  const pods = `the pods of ${nameOf(workload.object)}`;
  const clients = `${nameOf(rule.object)} lets clients of ${host} use TLS mode ${mode}`;
  if (server?.mode === 'STRICT' && (mode === 'DISABLE' || mode === 'SIMPLE')) {
    const sure = injection === 'yes';
    return {
      severity: sure ? Severity.ERROR : Severity.WARNING,
      message: `${clients}, and ${nameOf(server.by)} is STRICT: the sidecars of ${pods} take nothing but Istio's mutual TLS on port ${number}, so that the connections fail and requests are answered with 503${sure ? '' : ', if the pods get a sidecar, which the manifests do not show'}.`,
      help: `Take tls out of the DestinationRule, so that Istio chooses by itself, or write 'mode: ISTIO_MUTUAL'.`,
    };
  }
  if (mode === 'ISTIO_MUTUAL' && (injection === 'no' || (server?.mode === 'DISABLE' && injection === 'yes'))) {
    const why =
      server === undefined ? `${pods} have no sidecar` : `${nameOf(server.by)} is DISABLE for the sidecars of ${pods}`;
    return {
      severity: Severity.WARNING,
      message: `${clients}, and ${why}: the TLS arrives at the application. Unless it speaks Istio's mutual TLS itself, the connections fail and requests are answered with 503.`,
      help: `Take tls out of the DestinationRule, so that Istio chooses by itself, or write 'mode: DISABLE'.`,
    };
  }
  return undefined;
}
