/*
 * Rules for workloads outside of Kubernetes: WorkloadEntry, WorkloadGroup, and the endpoints of a ServiceEntry.
 */
import { isIP } from 'node:net';
import type { Node } from '../../manifests/node';
import { isUnix, unixPath } from './address-rules';
import { complaintAboutName } from './host-rules';
import { labelsOfPods } from './label-rules';
import { portName } from './port-rules';
import { has, NOTHING, port, type Refusal, type Rule, refuse, textOf, warn } from './refusal';

/** Names of the ports of the ServiceEntry that an endpoint belongs to. */
type PortNames = ReadonlySet<unknown>;

/** `ValidateWorkloadEntry`. */
export function workloadEntry(spec: Node): readonly Refusal[] {
  return endpoint(spec, undefined);
}

/** `validateWorkloadEntry`, for an endpoint too, which has an IP address or a socket. */
export function endpoint(node: Node, names: PortNames | undefined): readonly Refusal[] {
  const address = node.get('address');
  const network = textOf(node.get('network'));
  if (textOf(address) === undefined && network === undefined) {
    return refuse(node, 'A workload needs an address', "Write 'address: 10.0.0.1'.");
  }
  return [
    ...(textOf(address) === undefined
      ? warn(node, `The workload has no address, only the network ${network}`, "Write 'address: 10.0.0.1'.")
      : NOTHING),
    ...(isUnix(address) ? socket(node, names) : ipOrName(address, names === undefined)),
    ...portsOfEndpoint(node, names),
    ...labelsOfPods(node.get('labels')),
  ];
}

/** An endpoint that DNS may look up (`ValidateServiceEntry`). */
export function endpointByName(node: Node, names: PortNames): readonly Refusal[] {
  const address = node.get('address');
  return [
    ...(textOf(address) === undefined
      ? refuse(node, 'An endpoint needs an address', "Write 'address: db.example.com'.")
      : ipOrName(address, true)),
    ...portsOfEndpoint(node, names),
    ...labelsOfPods(node.get('labels')),
  ];
}

function socket(node: Node, names: PortNames | undefined): readonly Refusal[] {
  return [
    ...unixPath(node.get('address')),
    ...(node.get('ports').entries().length > 0
      ? refuse(node.get('ports'), 'A workload at a Unix socket has no ports', 'Take them out.')
      : NOTHING),
    ...(names !== undefined && names.size !== 1
      ? refuse(
          node,
          'An endpoint at a Unix socket stands for one port, and this ServiceEntry has others',
          'Keep one port.',
        )
      : NOTHING),
  ];
}

function ipOrName(address: Node, takesNames: boolean): readonly Refusal[] {
  const text = textOf(address);
  if (text === undefined || isIP(text) !== 0) {
    return NOTHING;
  }
  if (!takesNames) {
    return refuse(
      address,
      `'${text}' is not an IP address, as resolution STATIC needs`,
      "Write one, or 'resolution: DNS'.",
    );
  }
  const complaint = complaintAboutName(text);
  return complaint === undefined
    ? NOTHING
    : refuse(address, `The address '${text}' ${complaint}`, 'Write an IP address or a DNS name without wildcard.');
}

function portsOfEndpoint(node: Node, names: PortNames | undefined): readonly Refusal[] {
  if (!has(node, 'ports')) {
    return NOTHING;
  }
  return node
    .get('ports')
    .entries()
    .flatMap(([name, number]) => [
      ...(names === undefined || names.has(name)
        ? NOTHING
        : refuse(number, `The ServiceEntry has no port '${name}'`, 'Write the name of one of spec.ports.')),
      ...portName(number, name),
      ...port(number),
    ]);
}

/** `ValidateWorkloadGroup`. */
export const WORKLOAD_GROUP_RULES: readonly Rule[] = [
  (spec) => labelsOfPods(spec.get('metadata').get('labels')),
  (spec) => (has(spec, 'probe') ? probe(spec.get('probe')) : NOTHING),
];

/** `validateReadinessProbe`. */
function probe(node: Node): readonly Refusal[] {
  const [http, tcp, exec] = [node.get('httpGet'), node.get('tcpSocket'), node.get('exec')];
  const scheme = textOf(http.get('scheme'));
  if (!http.present && !tcp.present && !exec.present) {
    return refuse(
      node,
      'A probe of a WorkloadGroup needs httpGet, tcpSocket or exec',
      "Write 'tcpSocket: {port: 80}'.",
    );
  }
  return [
    ...port(http.get('port')),
    ...port(tcp.get('port')),
    ...(scheme === undefined || ['HTTP', 'HTTPS'].includes(scheme)
      ? NOTHING
      : refuse(http.get('scheme'), `'${scheme}' is not a scheme to probe with`, 'Write HTTP or HTTPS.')),
    ...http.get('httpHeaders').items().flatMap(headerOfProbe),
    ...(exec.present && exec.get('command').items().length === 0
      ? refuse(exec, 'exec needs a command', "Write 'command: [cat, /ready]'.")
      : NOTHING),
  ];
}

function headerOfProbe(header: Node): readonly Refusal[] {
  const name = header.get('name').value ?? '';
  return typeof name !== 'string' || /^[-A-Za-z0-9]+$/.test(name)
    ? NOTHING
    : refuse(header, `A header of a probe cannot be called '${name}'`, 'Write letters, digits and dashes.');
}
