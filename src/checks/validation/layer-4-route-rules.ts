/*
 * Rules for the tls and tcp routes of a VirtualService (`validateTLSRoute`, `validateTCPRoute`).
 */
import type { Node } from '../../manifests/node';
import { MESH_GATEWAY } from '../../model/naming';
import { isSubsetOf } from '../../syntax/hosts';
import { isIP } from '../../syntax/ip-address';
import { addressOrRange } from './address-rules';
import { routePort } from './common-rules';
import { emptyList, saysNone, textOf } from './conditions';
import { gatewayNames } from './gateway-name-rules';
import { complaintAboutHost, isSniOfRouters } from './host-rules';
import { labelsOfPods } from './label-rules';
import { all, at, errorsOnly, NOTHING, type Refusal, type Rule, refuse, refuseIf, warn } from './refusal';
import { destinations } from './route-destination-rules';

/** The port, the source and the addresses of a match. */
const CONNECTION: Rule = all(
  at('port', routePort),
  at('sourceLabels', labelsOfPods),
  at('destinationSubnets[]', addressOrRange),
);

const ROUTE: Rule = all(
  refuseIf(saysNone('route'), 'A tls or tcp route needs a destination', "Write 'route: [{destination: {host: …}}]'."),
  destinations,
);

export function layer4Routes(spec: Node): readonly Refusal[] {
  const hosts = spec
    .get('hosts')
    .items()
    .map((node) => textOf(node) ?? '');
  const isForMesh = spec
    .get('gateways')
    .items()
    .some(({ value }) => value === MESH_GATEWAY);
  const sni: Rule = (node) => sniHost(node, hosts, isForMesh);
  return all(at('tls[]', tlsMatches(sni), ROUTE), TCP)(spec);
}

function tlsMatches(sni: Rule): Rule {
  // biome-ignore format: a table
  return all(
    at('match', refuseIf(emptyList, 'A tls route needs a match', "Write 'match: [{sniHosts: [apis.example.com]}]'.")),
    at('match[]',
      at('sniHosts', refuseIf(emptyList,
        'The match of a tls route needs sniHosts', 'Add the names that clients ask for.')),
      at('sniHosts[]', sni),
      CONNECTION,
      at('gateways', gatewayNames),
    ),
  );
}

/** Of names of gateways in the old form, Istio says nothing here. */
const TCP: Rule = at('tcp[]', at('match[]', CONNECTION, at('gateways', errorsOnly(gatewayNames))), ROUTE);

/** `validateSniHost`. */
function sniHost(node: Node, hosts: readonly string[], isForMesh: boolean): readonly Refusal[] {
  const { value: name } = node;
  if (typeof name !== 'string') {
    return NOTHING;
  }
  if (isIP(name)) {
    return warn(node, `${name} is an IP address, which no client sends as SNI`, 'Write a DNS name.');
  }
  const complaint = !isForMesh && isSniOfRouters(name) ? undefined : complaintAboutHost(name);
  if (complaint !== undefined) {
    return refuse(node, `The name '${name}' ${complaint}`, 'Write a DNS name, or *.example.com.');
  }
  return hosts.some((other) => isSubsetOf(name, other))
    ? NOTHING
    : refuse(node, `${name} is not a host of the VirtualService`, 'Add it to spec.hosts, or match one of those.');
}
