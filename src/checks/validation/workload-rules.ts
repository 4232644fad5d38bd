/*
 * Rules for workloads outside of Kubernetes: WorkloadEntry, WorkloadGroup, and the endpoints of a ServiceEntry.
 */
import type { Node } from '../../manifests/node';
import { isIP } from '../../syntax/ip-address';
import { isUnix, unixPath } from './address-rules';
import { port } from './common-rules';
import { lacks, saysNone, text, textOf } from './conditions';
import { complaintAboutName } from './host-rules';
import { labelsOfPods } from './label-rules';
import { portName } from './port-rules';
import { all, at, entries, NOTHING, type Refusal, type Rule, refuse, refuseIf, refuseText, warn } from './refusal';

/** Names of the ports of the ServiceEntry that an endpoint belongs to. */
type PortNames = ReadonlySet<unknown>;

/** `ValidateWorkloadEntry`. */
export const WORKLOAD_ENTRY: Rule = (spec) => endpoint(spec, undefined);

/** `validateWorkloadEntry`, for an endpoint too, which has an IP address or a socket. */
export function endpoint(node: Node, names: PortNames | undefined): readonly Refusal[] {
  const help = "Write 'address: 10.0.0.1'.";
  if (saysNone('address', 'network')(node)) {
    return refuse(node, 'A workload needs an address', help);
  }
  const network = textOf(node.get('network'));
  return [
    ...(saysNone('address')(node)
      ? warn(node, `The workload has no address, only the network ${network}`, help)
      : NOTHING),
    ...(isUnix(node.get('address')) ? socket(node, names) : names === undefined ? IP_OR_NAME(node) : IP(node)),
    ...portsAndLabels(names)(node),
  ];
}

/** An endpoint that DNS may look up (`ValidateServiceEntry`). */
export function endpointByName(names: PortNames): Rule {
  return all(
    refuseIf(saysNone('address'), 'An endpoint needs an address', "Write 'address: db.example.com'."),
    IP_OR_NAME,
    portsAndLabels(names),
  );
}

function socket(node: Node, names: PortNames | undefined): readonly Refusal[] {
  return all(
    at('address', unixPath),
    at(
      'ports',
      refuseIf((ports) => ports.entries().length > 0, 'A workload at a Unix socket has no ports', 'Take them out.'),
    ),
    refuseIf(
      () => names !== undefined && names.size !== 1,
      'An endpoint at a Unix socket serves one port, and this ServiceEntry has more',
      'Keep one port.',
    ),
  )(node);
}

// biome-ignore format: a table
const IP: Rule = at('address', refuseIf(text((address) => !isIP(address)),
  "'{}' is not an IP address, as resolution STATIC needs", "Write one, or 'resolution: DNS'."));

// biome-ignore format: a table
const IP_OR_NAME: Rule = at('address', refuseText(
  (address) => (address === '' || isIP(address) ? undefined : complaintAboutName(address)),
  "The address '{}'",
  'Write an IP address or a DNS name without wildcard.',
));

function portsAndLabels(names: PortNames | undefined): Rule {
  // biome-ignore format: a table
  return all(
    at('ports', entries((name, number) => [
      ...(names === undefined || names.has(name)
        ? NOTHING
        : refuse(number, `The ServiceEntry has no port '${name}'`, 'Write the name of one of spec.ports.')),
      ...portName(number, name),
      ...port(number),
    ])),
    at('labels', labelsOfPods),
  );
}

/** `validateReadinessProbe`. */
// biome-ignore format: a table
const PROBE: Rule = all(
  refuseIf(lacks('httpGet', 'tcpSocket', 'exec'),
    'A probe of a WorkloadGroup needs httpGet, tcpSocket or exec', "Write 'tcpSocket: {port: 80}'."),
  at('httpGet.port', port),
  at('tcpSocket.port', port),
  at('httpGet.scheme', refuseIf(text((scheme) => !['HTTP', 'HTTPS'].includes(scheme)),
    "'{}' is not a scheme to probe with", 'Write HTTP or HTTPS.')),
  at('httpGet.httpHeaders[]', headerOfProbe),
  at('exec', refuseIf(saysNone('command'), 'exec needs a command', "Write 'command: [cat, /ready]'.")),
);

function headerOfProbe(header: Node): readonly Refusal[] {
  const name = header.get('name').value ?? '';
  return typeof name !== 'string' || /^[-A-Za-z0-9]+$/.test(name)
    ? NOTHING
    : refuse(header, `A header of a probe cannot be called '${name}'`, 'Write letters, digits and dashes.');
}

/** `ValidateWorkloadGroup`. */
export const WORKLOAD_GROUP: Rule = all(at('metadata.labels', labelsOfPods), at('probe', PROBE));
