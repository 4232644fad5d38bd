/*
 * Rules for a ServiceEntry (`ValidateServiceEntry`).
 */
import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { parseProtocol } from '../../model/port-protocol';
import { scalarText } from '../../syntax/scalar-text';
import { addressOrRange } from './address-rules';
import { complaintAboutName, host } from './host-rules';
import { olderSelectorOfPods } from './label-rules';
import { portName, protocol } from './port-rules';
import { applyToEach, has, NOTHING, port, type Refusal, refuse, routePort, textOf, warn, where } from './refusal';
import { endpoint, endpointByName } from './workload-rules';

export function serviceEntry(object: MeshObject): readonly Refusal[] {
  const spec = object.node.get('spec');
  return [
    ...where('workloadSelector', selector)(spec),
    ...spec
      .get('hosts')
      .items()
      .flatMap((node) => serviceHost(node, resolutionOf(spec))),
    ...addresses(spec),
    ...ports(object, spec),
    ...byResolution(object, spec),
    ...severalHosts(spec),
  ];
}

function resolutionOf(spec: Node): string {
  return textOf(spec.get('resolution')) ?? 'NONE';
}

function selector(spec: Node): readonly Refusal[] {
  return [
    ...olderSelectorOfPods(spec.get('workloadSelector')),
    ...(spec.get('endpoints').items().length > 0
      ? refuse(spec, 'A ServiceEntry cannot have both workloadSelector and endpoints', 'Keep one of the two.')
      : NOTHING),
    ...(resolutionOf(spec) === 'NONE'
      ? warn(
          spec.get('workloadSelector'),
          'With resolution NONE no workload is selected',
          "Write 'resolution: STATIC'.",
        )
      : NOTHING),
  ];
}

function serviceHost(node: Node, resolution: string): readonly Refusal[] {
  const { value: name } = node;
  if (name === '*') {
    return refuse(node, "A ServiceEntry cannot be for the host '*'", "Write a DNS name, or '*.example.com'.");
  }
  const isPart = typeof name === 'string' && name.includes('*') && !name.startsWith('*.');
  return [
    ...host(node),
    ...(isPart && resolution !== 'DYNAMIC_DNS'
      ? warn(node, `The host '${name}' has a wildcard for a part of a label`, "Write '*.example.com'.")
      : NOTHING),
  ];
}

function addresses(spec: Node): readonly Refusal[] {
  const resolution = resolutionOf(spec);
  const list = spec.get('addresses');
  const range = list.items().find(({ value }) => scalarText(value).includes('/'));
  return [
    ...list.items().flatMap(addressOrRange),
    ...(range !== undefined && resolution !== 'NONE' && resolution !== 'STATIC'
      ? refuse(
          range,
          `A range of addresses cannot go with resolution ${resolution}`,
          'Write single addresses, or resolution STATIC.',
        )
      : NOTHING),
  ];
}

function ports(object: MeshObject, spec: Node): readonly Refusal[] {
  const seen = new Set<unknown>();
  const withoutAddress = spec.get('addresses').items().length === 0 && !hasAddressFromIstio(object, spec);
  return applyToEach(spec.get('ports'), [
    (each) => {
      const number = each.get('number');
      const again = number.present && seen.has(number.value);
      seen.add(number.value);
      return again
        ? refuse(number, `Two ports of the ServiceEntry have the number ${scalarText(number.value)}`, 'Take one out.')
        : port(number);
    },
    (each) => routePort(each.get('targetPort')),
    (each) => portName(each.get('name')),
    (each) => protocol(each.get('protocol')),
    (each) =>
      withoutAddress && ['', 'TCP'].includes(scalarText(each.get('protocol').value ?? ''))
        ? warn(
            each,
            'A port of TCP is told from others by its address, and this ServiceEntry has none',
            'Add addresses.',
          )
        : NOTHING,
  ]);
}

/** Whether Istio gives it addresses by itself (`ShouldV2AutoAllocateIPFromConfig`). */
function hasAddressFromIstio({ labels }: MeshObject, spec: Node): boolean {
  const wanted = labels.get('networking.istio.io/enable-autoallocate-ip')?.toLowerCase() !== 'false';
  return wanted && resolutionOf(spec) !== 'NONE';
}

function byResolution(object: MeshObject, spec: Node): readonly Refusal[] {
  const endpoints = spec.get('endpoints');
  const names = new Set(
    spec
      .get('ports')
      .items()
      .map((each) => each.get('name').value),
  );
  const resolution = resolutionOf(spec);
  switch (resolution) {
    case 'NONE':
      return noEndpoints(spec, resolution);
    case 'STATIC':
      return applyToEach(endpoints, [(each) => endpoint(each, names)]);
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      return [...byDns(spec, resolution), ...applyToEach(endpoints, [(each) => endpointByName(each, names)])];
    default:
      return dynamicDns(object, spec);
  }
}

function noEndpoints(spec: Node, resolution: string): readonly Refusal[] {
  return spec.get('endpoints').items().length > 0
    ? refuse(spec.get('endpoints'), `A ServiceEntry of resolution ${resolution} has no endpoints`, 'Take them out.')
    : NOTHING;
}

function byDns(spec: Node, resolution: string): readonly Refusal[] {
  const [hosts, endpoints] = [spec.get('hosts').items(), spec.get('endpoints').items()];
  const unknown = hosts.find(({ value }) => typeof value === 'string' && complaintAboutName(value) !== undefined);
  const isTcp = (each: Node) => ['TCP', 'TLS', 'HTTPS'].includes(protocolOf(each) ?? '');
  const tcp = spec.get('ports').items().find(isTcp);
  return [
    ...(endpoints.length === 0 && unknown !== undefined
      ? refuse(unknown, `DNS cannot look up '${scalarText(unknown.value)}'`, 'Write a whole name, or add endpoints.')
      : NOTHING),
    ...(resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1
      ? refuse(spec.get('endpoints'), 'With resolution DNS_ROUND_ROBIN there can be one endpoint', 'Keep one of them.')
      : NOTHING),
    ...(tcp !== undefined && hosts.length > 1 && spec.get('addresses').items().length > 0
      ? warn(
          tcp,
          'A port of TCP does not tell one host of the ServiceEntry from another',
          'Write a ServiceEntry for each.',
        )
      : NOTHING),
  ];
}

/** What Envoy's dynamic forward proxy can do. */
const DYNAMIC = ['http', 'http2', 'grpc', 'tls'];

function dynamicDns({ labels }: MeshObject, spec: Node): readonly Refusal[] {
  const waypoint = labels.get('istio.io/use-waypoint') ?? '';
  const hosts = spec.get('hosts').items();
  return [
    ...hosts
      .filter(({ value }) => typeof value === 'string' && !value.startsWith('*'))
      .flatMap((node) =>
        refuse(node, 'Resolution DYNAMIC_DNS is for wildcards', "Write '*.example.com', or 'resolution: DNS'."),
      ),
    ...['addresses', 'endpoints']
      .filter((field) => spec.get(field).items().length > 0)
      .flatMap((field) =>
        refuse(spec.get(field), `A ServiceEntry of resolution DYNAMIC_DNS has no ${field}`, 'Take them out.'),
      ),
    ...applyToEach(spec.get('ports'), [
      (each) =>
        DYNAMIC.includes(scalarText(each.get('protocol').value).toLowerCase())
          ? NOTHING
          : refuse(each, 'Resolution DYNAMIC_DNS knows HTTP, HTTP2, GRPC and TLS alone', "Write 'protocol: TLS'."),
    ]),
    ...(spec.get('location').value === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none'
      ? refuse(
          spec.get('location'),
          'A waypoint takes resolution DYNAMIC_DNS for MESH_EXTERNAL alone',
          "Write 'location: MESH_EXTERNAL'.",
        )
      : NOTHING),
  ];
}

function severalHosts(spec: Node): readonly Refusal[] {
  const known = ['HTTP', 'HTTPS', 'TLS'];
  const other = spec
    .get('ports')
    .items()
    .find((each) => each.present && !known.includes(protocolOf(each) ?? ''));
  return resolutionOf(spec) !== 'NONE' && spec.get('hosts').items().length > 1 && other !== undefined
    ? refuse(
        other,
        'Only HTTP and TLS tell several hosts of a ServiceEntry apart, and this port speaks neither',
        'Write a ServiceEntry for each host.',
      )
    : NOTHING;
}

function protocolOf(each: Node): string | undefined {
  return has(each, 'protocol') ? parseProtocol(scalarText(each.get('protocol').value)) : undefined;
}
