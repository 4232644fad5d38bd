/*
 * Rules for a ServiceEntry (`ValidateServiceEntry`).
 */

import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { parseProtocol } from '../../model/port-protocol';
import { scalarText } from '../../syntax/scalar-text';
import { addressOrRange } from './address-rules';
import { port } from './common-rules';
import { has, is, not, repeated, string, textOf } from './conditions';
import { complaintAboutName, host } from './host-rules';
import { olderSelectorOfPods } from './label-rules';
import { portName, protocol } from './port-rules';
import { all, at, NOTHING, notBoth, type Refusal, type Rule, refuse, refuseIf, warn, warnIf, when } from './refusal';
import { endpoint, endpointByName } from './workload-rules';

const resolutionOf = (spec: Node) => textOf(spec.get('resolution')) ?? 'NONE';
const isBy =
  (...resolutions: readonly string[]) =>
  (spec: Node) =>
    resolutions.includes(resolutionOf(spec));
const itemsOf = (spec: Node, field: string) => spec.get(field).items();
const protocolOf = (each: Node) =>
  has(each, 'protocol') ? parseProtocol(scalarText(each.get('protocol').value)) : undefined;

export function serviceEntry({ node, labels }: MeshObject): readonly Refusal[] {
  const spec = node.get('spec');
  return [
    ...COMMON(spec),
    ...BY_RESOLUTION(spec),
    ...at('ports[]', portRules(hasAddress(spec, labels)))(spec),
    ...(isBy('DYNAMIC_DNS')(spec) ? waypoint(spec, labels) : NOTHING),
  ];
}

/** Whether it has an address, or Istio gives it one (`ShouldV2AutoAllocateIPFromConfig`). */
function hasAddress(spec: Node, labels: MeshObject['labels']): boolean {
  const isOptedOut = labels.get('networking.istio.io/enable-autoallocate-ip')?.toLowerCase() === 'false';
  return itemsOf(spec, 'addresses').length > 0 || !(isOptedOut || isBy('NONE')(spec));
}

function portRules(isAddressed: boolean): Rule {
  // biome-ignore format: a table
  return all(
    at('number', port),
    // The webhook would take 0, the schema's own rule does not.
    at('targetPort', port),
    at('name', portName),
    at('protocol', protocol),
    warnIf((each) => !isAddressed && ['', 'TCP'].includes(scalarText(each.get('protocol').value ?? '')),
      'Istio tells TCP ports apart by their addresses, and this ServiceEntry has none', 'Add addresses.'),
  );
}

// biome-ignore format: a table
const HOST: Rule = refuseIf(is('*'),
  "A ServiceEntry cannot be for the host '*'", "Write a DNS name, or '*.example.com'.");

// biome-ignore format: a table
const hostInPart = warnIf(string((name) => name.includes('*') && !name.startsWith('*.') && name !== '*'),
  "The host '{}' has a wildcard for a part of a label", "Write '*.example.com'.");

// biome-ignore format: a table
const COMMON: Rule = all(
  at('workloadSelector', olderSelectorOfPods),
  notBoth('A ServiceEntry', 'workloadSelector', 'endpoints'),
  warnIf((spec) => has(spec, 'workloadSelector') && isBy('NONE')(spec),
    'With resolution NONE, the workloadSelector has no effect', "Write 'resolution: STATIC'.", 'workloadSelector'),
  at('hosts[]', HOST, when(not(is('*')), host)),
  when(not(isBy('DYNAMIC_DNS')), at('hosts[]', hostInPart)),
  at('addresses[]', addressOrRange),
  rangeByName,
  (spec) =>
    repeated(itemsOf(spec, 'ports').map((each) => each.get('number'))).flatMap((number) =>
      refuse(number, `Two ports of the ServiceEntry have the number ${scalarText(number.value)}`, 'Take one out.'),
    ),
  severalHosts,
);

function rangeByName(spec: Node): readonly Refusal[] {
  const range = itemsOf(spec, 'addresses').find(({ value }) => scalarText(value).includes('/'));
  return range === undefined || isBy('NONE', 'STATIC')(spec)
    ? NOTHING
    : refuse(
        range,
        `A range of addresses cannot be combined with resolution ${resolutionOf(spec)}`,
        'Write single addresses, or resolution STATIC.',
      );
}

function severalHosts(spec: Node): readonly Refusal[] {
  const other = itemsOf(spec, 'ports').find(
    (each) => each.present && !['HTTP', 'HTTPS', 'TLS'].includes(protocolOf(each) ?? ''),
  );
  return isBy('NONE')(spec) || itemsOf(spec, 'hosts').length < 2 || other === undefined
    ? NOTHING
    : refuse(
        other,
        'Istio can tell several hosts apart only on HTTP and TLS ports, and this port is neither',
        'Write a ServiceEntry for each host.',
      );
}

/** That the list is not allowed with a resolution. */
function without(field: string, resolution: string): Rule {
  // biome-ignore format: a table
  return refuseIf((spec) => itemsOf(spec, field).length > 0,
    `A ServiceEntry with resolution ${resolution} cannot have ${field}`, 'Take them out.', field);
}

const portNames = (spec: Node) => new Set(itemsOf(spec, 'ports').map((each) => each.get('name').value));

const BY_DNS: Rule = all(notByDns, tcpByDns, (spec) => at('endpoints[]', endpointByName(portNames(spec)))(spec));

function notByDns(spec: Node): readonly Refusal[] {
  const unknown = itemsOf(spec, 'hosts').find(
    ({ value }) => typeof value === 'string' && complaintAboutName(value) !== undefined,
  );
  return unknown === undefined || itemsOf(spec, 'endpoints').length > 0
    ? NOTHING
    : refuse(
        unknown,
        `DNS cannot look up '${scalarText(unknown.value)}'`,
        'Write a complete DNS name, or add endpoints.',
      );
}

function tcpByDns(spec: Node): readonly Refusal[] {
  const tcp = itemsOf(spec, 'ports').find((each) => ['TCP', 'TLS', 'HTTPS'].includes(protocolOf(each) ?? ''));
  const message = 'On a TCP port, Istio cannot tell the hosts of a ServiceEntry apart';
  return tcp !== undefined && itemsOf(spec, 'hosts').length > 1 && itemsOf(spec, 'addresses').length > 0
    ? warn(tcp, message, 'Write a ServiceEntry for each.')
    : NOTHING;
}

const DYNAMIC = ['http', 'http2', 'grpc', 'tls'];

// biome-ignore format: a table
const BY_RESOLUTION: Rule = all(
  when(isBy('NONE'), without('endpoints', 'NONE')),
  when(isBy('STATIC'), (spec) => at('endpoints[]', (each) => endpoint(each, portNames(spec)))(spec)),
  when(isBy('DNS', 'DNS_ROUND_ROBIN'), BY_DNS),
  refuseIf((spec) => isBy('DNS_ROUND_ROBIN')(spec) && itemsOf(spec, 'endpoints').length > 1,
    'With resolution DNS_ROUND_ROBIN there can be only one endpoint', 'Keep one of them.', 'endpoints'),
  when(isBy('DYNAMIC_DNS'), all(
    at('hosts[]', refuseIf(string((name) => !name.startsWith('*')),
      'Resolution DYNAMIC_DNS is for wildcards', "Write '*.example.com', or 'resolution: DNS'.")),
    without('addresses', 'DYNAMIC_DNS'),
    without('endpoints', 'DYNAMIC_DNS'),
    at('ports[]', refuseIf((each) => !DYNAMIC.includes(scalarText(each.get('protocol').value).toLowerCase()),
      'Resolution DYNAMIC_DNS works for HTTP, HTTP2, GRPC and TLS only', "Write 'protocol: TLS'.")),
  )),
);

function waypoint(spec: Node, labels: MeshObject['labels']): readonly Refusal[] {
  const name = labels.get('istio.io/use-waypoint') ?? '';
  return spec.get('location').value === 'MESH_INTERNAL' && name !== '' && name.toLowerCase() !== 'none'
    ? refuse(
        spec.get('location'),
        'A waypoint accepts resolution DYNAMIC_DNS only with location MESH_EXTERNAL',
        "Write 'location: MESH_EXTERNAL'.",
      )
    : NOTHING;
}
